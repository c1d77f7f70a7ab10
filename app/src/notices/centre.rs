//! The list of the notification centre, put together by account.

use std::collections::BTreeSet;

use domain::id::NoticeId;
use domain::notices::{Event, Group, Heading, Notice, NoticePage, NoticeQuery, PAGE_MAX, Tray, grouped};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Element;

use super::filters::address_of;
use super::row::Row;
use super::server_fns::{mark_all_notices, mark_notices, unmark_all_notices};
use super::words::event_word;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

/// One page of notices.
#[component]
pub(super) fn Centre(
    page: NoticePage,
    query: NoticeQuery,
    /// The kinds whose many notices are shown one by one: the list is drawn anew with every change.
    opened: RwSignal<BTreeSet<Event>>,
    changed: Callback<()>,
) -> impl IntoView {
    let NoticePage { notices, more, .. } = page;
    if notices.is_empty() {
        return view! { <Nothing query/> }.into_any();
    }
    let older =
        notices.last().filter(|_| more).map(|last| address_of(&NoticeQuery { before: Some(last.id), ..query.clone() }));
    let newest = query.before.map(|_| address_of(&NoticeQuery { before: None, ..query.clone() }));
    let single = older.is_none() && newest.is_none();
    view! {
        <div class="stack notice-groups">
            {grouped(notices).into_iter().map(|Group { heading, notices }| match heading {
                Heading::Storm(event) => view! { <Storm event notices opened changed/> }.into_any(),
                heading => view! { <Account heading notices changed/> }.into_any(),
            }).collect_view()}
        </div>
        <nav class="row" aria-label=text!(notices.pages) hidden=single>
            {newest.map(|href| view! { <a class="button" href=href>{text!(notices.newest)}</a> })}
            {older.map(|href| view! { <a class="button" href=href>{text!(notices.older)}</a> })}
        </nav>
        <p class="muted only-wide">{text!(notices.keys)}</p>
    }
    .into_any()
}

/// The notices of one account, or those about none.
#[component]
fn Account(heading: Heading, notices: Vec<Notice>, changed: Callback<()>) -> impl IntoView {
    let heading = match heading {
        Heading::Account(id, name) => view! { <a href=format!("/accounts/{id}")>{name}</a> }.into_any(),
        Heading::Storm(_) | Heading::Nothing => text!(notices.no_account).into_any(),
    };
    view! {
        <section class="card">
            <header class="card-head"><h2 class="card-title">{heading}</h2></header>
            <div class="card-body" data-flush>
                <ul class="notice-list">
                    {notices.into_iter().map(|notice| view! { <Row notice changed/> }).collect_view()}
                </ul>
            </div>
        </section>
    }
}

/// Many notices of one kind within a short time: one entry that opens to its members.
#[component]
fn Storm(
    event: Event,
    notices: Vec<Notice>,
    opened: RwSignal<BTreeSet<Event>>,
    changed: Callback<()>,
) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let count = i64::try_from(notices.len()).unwrap_or(i64::MAX);
    let title = move || {
        let (locale, n) = (language.get(), format::integer(count));
        td_string!(locale, notices.storm, n = n, what = event_word(event, locale))
    };
    let critical = notices.iter().any(|notice| notice.what.is_critical());
    let unread: Vec<NoticeId> =
        notices.iter().filter(|notice| notice.read_at.is_none()).map(|notice| notice.id).collect();
    let all_read = unread.is_empty();
    let unread = StoredValue::new(unread);
    let mark = move |_| {
        spawn_local(async move {
            for some in unread.get_value().chunks(PAGE_MAX as usize) {
                if let Err(error) = mark_notices(some.to_vec(), true).await {
                    return toasts.error(&error);
                }
            }
            changed.run(());
        });
    };
    let toggle = move |toggled: ev::Event| {
        let is_open = event_target::<Element>(&toggled).has_attribute("open");
        opened.update_untracked(|opened| {
            opened.retain(|other| *other != event);
            opened.extend(is_open.then_some(event));
        });
    };
    view! {
        <section class="card notice-storm">
            <header class="card-head">
                <h2 class="card-title">{title}</h2>
                {critical.then(|| view! { <span class="badge" data-tone="bad">{text!(notices.critical)}</span> })}
                <button class="button" type="button" hidden=all_read on:click=mark>{text!(notices.storm_mark)}</button>
            </header>
            <details class="card-body" data-flush open=opened.with_untracked(|opened| opened.contains(&event)) on:toggle=toggle>
                <summary class="notice-storm-open">{text!(notices.storm_open)}</summary>
                <ul class="notice-list">
                    {notices.into_iter().map(|notice| view! { <Row notice changed/> }).collect_view()}
                </ul>
            </details>
        </section>
    }
}

#[component]
fn Nothing(query: NoticeQuery) -> impl IntoView {
    let filtered = query.event.is_some() || query.account.is_some() || !query.search.is_empty();
    let (title, text) = match (filtered, query.tray) {
        (true, _) => (text!(notices.nothing_fits).into_any(), text!(notices.nothing_fits_text).into_any()),
        (_, Tray::Unread) => (text!(notices.all_read).into_any(), text!(notices.all_read_text).into_any()),
        (_, Tray::Snoozed) => (text!(notices.none_snoozed).into_any(), text!(notices.none_snoozed_text).into_any()),
        (_, Tray::All) => (text!(notices.none_yet).into_any(), text!(notices.none_yet_text).into_any()),
    };
    view! {
        <section class="card">
            <div class="empty">
                <Pic icon=Icon::Bell/>
                <p class="empty-title">{title}</p>
                <p class="empty-text">{text}</p>
            </div>
        </section>
    }
}

/// Marks everything as read, with a way back.
#[component]
pub(super) fn MarkAll(changed: Callback<()>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let mark = move |_| {
        spawn_local(async move {
            let at = match mark_all_notices().await {
                Ok(at) => at,
                Err(error) => return toasts.error(&error),
            };
            changed.run(());
            let undo = move || {
                spawn_local(async move {
                    match unmark_all_notices(at).await {
                        Ok(()) => changed.run(()),
                        Err(error) => toasts.error(&error),
                    }
                });
            };
            let locale = language.get_untracked();
            toasts.offer(td_string!(locale, notices.all_marked), td_string!(locale, common.undo), undo);
        });
    };
    view! { <button class="button" type="button" on:click=mark>{text!(notices.mark_all)}</button> }
}
