//! Which notices are shown: tray, event and words, all of them in the address.

use domain::notices::{Event, NoticeQuery, Tray};
use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use leptos_router::params::ParamsMap;

use super::PAGE;
use super::words::event_word;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::address::encoded;

/// How long to wait for the next letter.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// Returns what an address asks for.
pub(super) fn query_of(address: &ParamsMap) -> NoticeQuery {
    NoticeQuery {
        tray: address.get("tray").and_then(|tray| Tray::from_key(&tray)).unwrap_or_default(),
        event: address.get("event").and_then(|event| Event::from_key(&event)),
        account: address.get("account").and_then(|id| id.parse().ok()),
        search: address.get("q").unwrap_or_default(),
        before: address.get("before").and_then(|id| id.parse().ok()),
        limit: PAGE,
    }
}

/// Returns the address that asks for it.
pub(super) fn address_of(query: &NoticeQuery) -> String {
    let mut parts = vec![format!("tray={}", query.tray.key())];
    parts.extend(query.event.map(|event| format!("event={}", event.key())));
    parts.extend(query.account.map(|id| format!("account={id}")));
    if !query.search.is_empty() {
        parts.push(format!("q={}", encoded(&query.search)));
    }
    parts.extend(query.before.map(|id| format!("before={id}")));
    format!("/notifications?{}", parts.join("&"))
}

fn tray_word(tray: Tray, locale: Locale) -> &'static str {
    match tray {
        Tray::Unread => td_string!(locale, notices.tray_unread),
        Tray::Snoozed => td_string!(locale, notices.tray_snoozed),
        Tray::All => td_string!(locale, notices.tray_all),
    }
}

/// The trays, the events and the search.
#[component]
pub(super) fn Filters(query: Memo<NoticeQuery>) -> impl IntoView {
    let (language, navigate) = (use_language(), use_navigate());
    let go = Callback::new(move |query: NoticeQuery| {
        let query = NoticeQuery { before: None, ..query };
        navigate(&address_of(&query), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let typed = StoredValue::new(0u32);
    let search = move |event: ev::Event| {
        let text = event_target_value(&event);
        let turn = typed.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        set_timeout(
            move || {
                // The page may have been left, and only the last letter counts.
                if typed.try_get_value() == turn
                    && let Some(now) = query.try_get_untracked()
                {
                    go.run(NoticeQuery { search: text.trim().to_owned(), ..now });
                }
            },
            PAUSE,
        );
    };
    let choose = move |event: ev::Event| {
        let event = Event::from_key(&event_target_value(&event));
        go.run(NoticeQuery { event, ..query.get_untracked() });
    };
    view! {
        <div class="notice-filters">
            <nav class="button-group" aria-label=text!(notices.trays)>
                {Tray::ALL.into_iter().map(|tray| {
                    let href = move || query.with(|query| {
                        address_of(&NoticeQuery { tray, before: None, ..query.clone() })
                    });
                    view! {
                        <a class="button" href=href
                            aria-current=move || query.with(|query| query.tray == tray).then_some("true")>
                            {move || tray_word(tray, language.get())}
                        </a>
                    }
                }).collect_view()}
            </nav>
            <label class="field">
                <span class="visually-hidden">{text!(notices.which)}</span>
                <select class="select" id="notice-event" on:change=choose
                    prop:value=move || query.with(|query| query.event.map_or("", Event::key))>
                    <option value="">{text!(notices.every_event)}</option>
                    {Event::ALL.into_iter().map(|event| view! {
                        <option value=event.key() selected=query.with_untracked(|query| query.event == Some(event))>
                            {move || event_word(event, language.get())}
                        </option>
                    }).collect_view()}
                </select>
            </label>
            <label class="field notice-search">
                <span class="visually-hidden">{text!(notices.search)}</span>
                <input class="input" type="search" id="notice-search" placeholder=text!(notices.search)
                    value=query.with_untracked(|query| query.search.clone()) on:input=search/>
            </label>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_survives_the_address() {
        let query = NoticeQuery {
            tray: Tray::All,
            event: Some(Event::Assigned),
            search: "a & b=ü".to_owned(),
            ..NoticeQuery::default()
        };
        assert_eq!(address_of(&query), "/notifications?tray=all&event=assigned&q=a%20%26%20b%3D%C3%BC");
        assert_eq!(address_of(&NoticeQuery::default()), "/notifications?tray=unread");
    }
}
