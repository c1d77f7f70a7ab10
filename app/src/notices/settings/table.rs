//! The table of preferences: events in rows, channels in columns.

use domain::notices::{Channel, Event, Ways};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Wishes;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::notices::server_fns::send_test_notice;
use crate::notices::words::event_word;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

/// Returns what a channel is called.
pub(super) fn channel_word(channel: Channel, locale: Locale) -> &'static str {
    match channel {
        Channel::InApp => td_string!(locale, notices.channel_in_app),
        Channel::Push => td_string!(locale, notices.channel_push),
        Channel::Email => td_string!(locale, notices.channel_email),
        Channel::DigestDaily => td_string!(locale, notices.channel_daily),
        Channel::DigestWeekly => td_string!(locale, notices.channel_weekly),
    }
}

/// What is told through which channel.
#[component]
pub(super) fn Table(wishes: Wishes, ways: Ways) -> impl IntoView {
    let language = use_language();
    let no_mail = ways.mail_from.is_none();
    let tone = if no_mail { "info" } else { "good" };
    let no_push = ways.push_key.is_none();
    let from = ways.mail_from.unwrap_or_default();
    let mail = move || match no_mail {
        true => td_string!(language.get(), notices.no_mail).to_owned(),
        false => td_string!(language.get(), notices.mail_from, from = from.clone()),
    };
    view! {
        <section class="card" aria-labelledby="notice-table">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="notice-table">{text!(notices.what_where)}</h2>
                    <p class="card-sub">{text!(notices.what_where_text)}</p>
                </div>
            </header>
            <div class="card-body stack">
                <div class="notice" data-tone=tone>
                    <Pic icon=Icon::Mail/><div><p>{mail}</p></div>
                </div>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="notice-table">
                    <table class="table notice-table">
                        <thead><tr>
                            <th scope="col">{text!(notices.event)}</th>
                            {Channel::ALL.into_iter().map(|channel| view! {
                                <th scope="col">{move || channel_word(channel, language.get())}</th>
                            }).collect_view()}
                        </tr></thead>
                        <tbody>
                            {Event::ALL.into_iter().map(|event| view! { <Line event wishes/> }).collect_view()}
                        </tbody>
                    </table>
                </div>
                <Tests no_mail no_push/>
            </div>
        </section>
    }
}

#[component]
fn Line(event: Event, wishes: Wishes) -> impl IntoView {
    let language = use_language();
    view! {
        <tr>
            <th scope="row">{move || event_word(event, language.get())}</th>
            {Channel::ALL.into_iter().map(|channel| {
                let label = move || {
                    format!("{}: {}", event_word(event, language.get()), channel_word(channel, language.get()))
                };
                view! {
                    <td>
                        <label class="notice-cell">
                            <input class="checkbox" type="checkbox" aria-label=label
                                checked=wishes.now.with_untracked(|wishes| wishes.wants(event, channel))
                                prop:checked=move || wishes.now.with(|wishes| wishes.wants(event, channel))
                                on:change=move |change| {
                                    let wanted = event_target_checked(&change);
                                    wishes.change(|wishes| wishes.set(event, channel, wanted));
                                }/>
                        </label>
                    </td>
                }
            }).collect_view()}
        </tr>
    }
}

/// Sends the person a message, to see that it arrives.
#[component]
fn Tests(no_mail: bool, no_push: bool) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let send = move |channel: Channel| {
        spawn_local(async move {
            let locale = language.get_untracked();
            match send_test_notice(channel).await {
                Ok(0) => toasts.say(td_string!(locale, notices.test_nowhere)),
                Ok(_) => toasts.say(td_string!(locale, notices.test_sent)),
                Err(error) => toasts.error(&error),
            }
        });
    };
    view! {
        <div class="row">
            <button class="button" type="button" disabled=no_mail on:click=move |_| send(Channel::Email)>
                {text!(notices.test_mail)}
            </button>
            <button class="button" type="button" disabled=no_push on:click=move |_| send(Channel::Push)>
                {text!(notices.test_push)}
            </button>
        </div>
    }
}
