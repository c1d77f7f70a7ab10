//! The log of deliveries: what was sent, what waits, and what did not arrive and why.

use domain::identity::Role;
use domain::notices::{Delivery, Parcel};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::table::channel_word;
use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::notices::server_fns::retry_delivery;
use crate::ui::toast::use_toasts;

/// The newest messages.
#[component]
pub(super) fn DeliveryLog(deliveries: Vec<Delivery>, changed: Callback<()>) -> impl IntoView {
    let none = deliveries.is_empty();
    let sub =
        if boot::may(Role::Admin) { text!(notices.log_all).into_any() } else { text!(notices.log_mine).into_any() };
    view! {
        <section class="card" aria-labelledby="notice-log">
            <header class="card-head">
                <div><h2 class="card-title" id="notice-log">{text!(notices.log)}</h2><p class="card-sub">{sub}</p></div>
            </header>
            {if none {
                view! { <div class="card-body"><p class="muted">{text!(notices.log_empty)}</p></div> }.into_any()
            } else {
                view! {
                    <div class="card-body" data-flush>
                        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="notice-log">
                            <table class="table">
                                <thead><tr>
                                    <th scope="col">{text!(notices.written)}</th>
                                    <th scope="col">{text!(notices.to)}</th>
                                    <th scope="col">{text!(notices.channel)}</th>
                                    <th scope="col">{text!(notices.kind)}</th>
                                    <th scope="col">{text!(notices.state)}</th>
                                    <th scope="col"><span class="visually-hidden">{text!(notices.actions)}</span></th>
                                </tr></thead>
                                <tbody>
                                    {deliveries.into_iter().map(|one| view! { <Line one changed/> }).collect_view()}
                                </tbody>
                            </table>
                        </div>
                    </div>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Line(one: Delivery, changed: Callback<()>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let who = boot::me().and_then(|me| me.people.into_iter().find(|person| person.id == one.user)).map(|p| p.name);
    let (id, channel, parcel, dead) = (one.id, one.channel, one.parcel, one.dead_at.is_some());
    let written = format::date_time(one.created_at);
    let tone = match &one {
        one if one.dead_at.is_some() => "bad",
        one if one.sent_at.is_some() => "good",
        one if one.last_error.is_some() => "warn",
        _ => "info",
    };
    let error = one.last_error.clone();
    let state = move || state(&one, language.get());
    let again = move |_| {
        spawn_local(async move {
            match retry_delivery(id).await {
                Ok(()) => changed.run(()),
                Err(error) => toasts.error(&error),
            }
        });
    };
    view! {
        <tr>
            <th scope="row">{written}</th>
            <td>{who.unwrap_or_else(|| "–".to_owned())}</td>
            <td>{move || channel_word(channel, language.get())}</td>
            <td>{move || parcel_word(parcel, language.get())}</td>
            <td>
                <span class="badge" data-tone=tone>{state}</span>
                {error.map(|error| view! { <p class="muted">{error}</p> })}
            </td>
            <td class="number">
                {dead.then(|| view! {
                    <button class="button" data-size="small" type="button" on:click=again>{text!(notices.again)}</button>
                })}
            </td>
        </tr>
    }
}

fn parcel_word(parcel: Parcel, locale: Locale) -> &'static str {
    match parcel {
        Parcel::Notice => td_string!(locale, notices.parcel_notice),
        Parcel::Summary => td_string!(locale, notices.parcel_summary),
        Parcel::Digest => td_string!(locale, notices.parcel_digest),
        Parcel::Test => td_string!(locale, notices.parcel_test),
    }
}

fn state(one: &Delivery, locale: Locale) -> String {
    let tries = format::integer(i64::from(one.attempts));
    match (one.sent_at, one.skipped_at, one.dead_at) {
        (Some(at), ..) => td_string!(locale, notices.state_sent, at = format::date_time(at)),
        (_, Some(_), _) => td_string!(locale, notices.state_skipped).to_owned(),
        (_, _, Some(_)) => td_string!(locale, notices.state_dead, tries = tries),
        _ if one.attempts > 0 => td_string!(locale, notices.state_again, tries = tries),
        _ => td_string!(locale, notices.state_waits, at = format::date_time(one.due_at)),
    }
}
