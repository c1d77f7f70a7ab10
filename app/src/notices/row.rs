//! One notice: what happened, when, and what to do with it.

use domain::notices::Notice;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{mark_notices, snooze_notices};
use super::words::words;
use crate::boot;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

/// Hours for which a notice can be put away.
const SNOOZES: [u32; 3] = [3, 24, 168];

/// One notice.
#[component]
pub(super) fn Row(notice: Notice, changed: Callback<()>) -> impl IntoView {
    let language = use_language();
    let (id, read, href) = (notice.id, notice.read_at.is_some(), notice.href());
    let (at, critical, snoozed) = (notice.at, notice.what.is_critical(), notice.snoozed_until);
    let actor = notice.actor.and_then(|id| {
        boot::me().and_then(|me| me.people.into_iter().find(|person| person.id == id)).map(|person| person.name)
    });
    let notice = StoredValue::new(notice);
    let say = move || notice.with_value(|notice| words(notice, language.get()));
    let follow = move |_| {
        if !read {
            // Whether or not this is noted, the person gets where they want to go.
            spawn_local(async move { drop(mark_notices(vec![id], true).await) });
        }
    };
    view! {
        <li class="notice-item" data-read=read.then_some("") data-notice=id.to_string()>
            <span class="notice-dot" aria-hidden="true"></span>
            <div class="notice-text">
                <p class="notice-line">
                    <a id=format!("notice-{id}") class="notice-link" href=href on:click=follow>{move || say().title}</a>
                    {critical.then(|| view! { <span class="badge" data-tone="bad">{text!(notices.critical)}</span> })}
                    {(!read).then(|| view! { <span class="visually-hidden">{text!(notices.unread)}</span> })}
                </p>
                <p class="notice-more" hidden=move || say().text.is_empty()>{move || say().text}</p>
                <p class="notice-meta">
                    <time datetime=at.iso() title=format::date_time(at)>
                        {move || td_string!(language.get(), notices.ago, age = format::age(at, boot::now()))}
                    </time>
                    {actor.map(|name| view! { <span>{name}</span> })}
                    {snoozed.map(|until| view! {
                        <span>{move || td_string!(language.get(), notices.until, date = format::date_time(until))}</span>
                    })}
                </p>
            </div>
            <Actions notice changed/>
        </li>
    }
}

#[component]
fn Actions(notice: StoredValue<Notice>, changed: Callback<()>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let (id, read, snoozed) = notice.with_value(|n| (n.id, n.read_at.is_some(), n.snoozed_until.is_some()));
    let about =
        move |label: &str| format!("{label}: {}", notice.with_value(|notice| words(notice, language.get()).title));
    let mark = move |_| {
        spawn_local(async move {
            match mark_notices(vec![id], !read).await {
                Ok(()) => changed.run(()),
                Err(error) => toasts.error(&error),
            }
        });
    };
    let snooze = move |hours: u32| {
        spawn_local(async move {
            match snooze_notices(vec![id], hours).await {
                Ok(()) => changed.run(()),
                Err(error) => toasts.error(&error),
            }
        });
    };
    let mark_label = move || {
        let locale = language.get();
        about(if read { td_string!(locale, notices.mark_unread) } else { td_string!(locale, notices.mark_read) })
    };
    let later_label = move || about(td_string!(language.get(), notices.later));
    view! {
        <div class="notice-actions">
            <button class="icon-button" type="button" data-act="mark" aria-label=mark_label title=mark_label on:click=mark>
                <Pic icon=if read { Icon::Undo } else { Icon::Check }/>
            </button>
            {if snoozed {
                let back = move || about(td_string!(language.get(), notices.bring_back));
                view! {
                    <button class="icon-button" type="button" aria-label=back title=back on:click=move |_| snooze(0)>
                        <Pic icon=Icon::Bell/>
                    </button>
                }
                .into_any()
            } else {
                view! {
                    <details class="menu">
                        <summary class="icon-button" aria-label=later_label title=later_label><Pic icon=Icon::Clock/></summary>
                        <div class="menu-list">
                            {SNOOZES.into_iter().map(|hours| view! {
                                <button class="menu-item" type="button" on:click=move |_| snooze(hours)>
                                    {move || match hours {
                                        3 => td_string!(language.get(), notices.later_hours),
                                        24 => td_string!(language.get(), notices.later_day),
                                        _ => td_string!(language.get(), notices.later_week),
                                    }}
                                </button>
                            }).collect_view()}
                        </div>
                    </details>
                }
                .into_any()
            }}
        </div>
    }
}
