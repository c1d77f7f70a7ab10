//! One alert in a list: how soon, what, on whom, why, and what can be done with it.

use domain::alerts::list::AlertRow;
use domain::alerts::{Alert, Priority, Rung, State, Step};
use domain::money::Money;
use leptos::prelude::*;

use super::hand::{Ask, Hand, Targets};
use super::words;
use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::health::band_word;
use crate::ui::icon::{Icon, Pic};

/// The address of an alert's page.
#[must_use]
pub fn href(alert: &Alert) -> String {
    format!("/alerts/{}", alert.id)
}

/// How soon an alert wants somebody: bars, colour and word.
#[component]
pub fn PriorityMark(
    /// How soon.
    priority: Priority,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    view! { <span class="priority" data-priority=priority.key()>{words::priority(priority, locale)}</span> }
}

/// Where an alert stands.
#[component]
pub fn StateMark(
    /// The alert.
    alert: Alert,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let state = alert.state();
    let (word, tone) = match state {
        _ if alert.is_snoozed(boot::now()) => (td_string!(locale, alerts.state_snoozed), None),
        State::New => (words::state(state, locale), Some("info")),
        State::InProgress => (words::state(state, locale), Some("good")),
        _ => (words::state(state, locale), None),
    };
    view! { <span class="badge" data-tone=tone>{word}</span> }
}

/// The lines of an alert: title, reason, and what else there is to know.
#[component]
pub fn Lines(
    /// The alert and its account.
    row: AlertRow,
    /// Whether the account is named.
    #[prop(default = true)]
    with_account: bool,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let alert = &row.alert;
    let about = words::about(&row, locale);
    let account = alert.account_id.map(|id| format!("/accounts/{id}"));
    view! {
        <div class="queue-title">
            <PriorityMark priority=alert.priority locale/>
            <a href=href(alert)>{words::alert_name(alert, locale)}</a>
            {with_account.then(|| match account {
                Some(href) => view! { <a href=href data-drivers=drivers(&row)>{about}</a> }.into_any(),
                None => view! { <span>{about}</span> }.into_any(),
            })}
            <StateMark alert=alert.clone() locale/>
        </div>
        <p class="queue-reason">{words::reason(alert, locale)}</p>
        <Meta row=row.clone() locale/>
    }
}

/// Returns whose score is told, so that what drives it can be shown beside it.
fn drivers(row: &AlertRow) -> Option<String> {
    row.score.and(row.alert.account_id).map(|id| id.to_string())
}

#[component]
fn Meta(row: AlertRow, locale: Locale) -> impl IntoView {
    let (alert, now) = (&row.alert, boot::now());
    let annual =
        row.annual.or_else(|| alert.worth.annual_minor.map(|minor| Money { minor, currency: alert.worth.currency }));
    let who = words::person(row.dealt_with_by()).unwrap_or_else(|| td_string!(locale, alerts.nobody).to_owned());
    let pause = alert.is_snoozed(now).then(|| pause(alert, locale)).flatten();
    let rung = match alert.rung {
        Rung::Owner => None,
        Rung::Manager => Some(td_string!(locale, alerts.escalated_manager)),
        Rung::Sponsor => Some(td_string!(locale, alerts.escalated_sponsor)),
    };
    let closed = alert.closed_at().map(|at| td_string!(locale, alerts.closed_on, date = format::date(at)));
    let times = (alert.times > 1).then(|| td_string!(locale, alerts.times, times = alert.times));
    let health = row.score.map(|score| {
        td_string!(locale, alerts.health_of, score = format::score(score), band = band_word(row.band, locale))
    });
    let members = (!alert.members.is_empty()).then(|| td_string!(locale, alerts.members, total = alert.members.len()));
    view! {
        <div class="queue-meta">
            {annual.map(|annual| view! { <span>{format::money(annual)}" "{td_string!(locale, alerts.per_year)}</span> })}
            {health.map(|health| view! { <span data-drivers=drivers(&row)>{health}</span> })}
            <span>{td_string!(locale, alerts.age, age = format::age(alert.created_at, now))}</span>
            <span>{who}</span>
            {members.map(|members| view! { <span>{members}</span> })}
            {times.map(|times| view! { <span>{times}</span> })}
            {rung.map(|rung| view! { <span class="strong">{rung}</span> })}
            {pause.map(|pause| view! { <span>{pause}</span> })}
            {closed.map(|closed| view! { <span>{closed}</span> })}
            {words::ending(alert, locale).map(|ending| view! { <span>{ending}</span> })}
        </div>
    }
}

/// Returns what ends a pause.
#[must_use]
pub fn pause(alert: &Alert, locale: Locale) -> Option<String> {
    let until = alert.snoozed_until.map(|at| td_string!(locale, alerts.snoozed_until, date = format::date(at)));
    let until_true = alert.snoozed_while.clone().map(|text| td_string!(locale, alerts.snoozed_while, condition = text));
    let parts: Vec<String> = until.into_iter().chain(until_true).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// What can be done with an alert: the likeliest step at once, the others in a menu.
#[component]
pub fn Actions(
    /// The alert and its account.
    row: AlertRow,
    /// The hand of the page.
    hand: Hand,
) -> impl IntoView {
    if !Hand::may() {
        return ().into_any();
    }
    let locale = hand.language.get_untracked();
    let (alert, targets) = (row.alert.clone(), StoredValue::new(Targets::one(&row, locale)));
    let label = td_string!(locale, alerts.more, name = words::about(&row, locale));
    let take = move |step: Step| move |_: leptos::ev::MouseEvent| hand.take(targets.get_value(), step.clone());
    let ask = move |ask: Ask| move |_: leptos::ev::MouseEvent| hand.ask(ask, targets.get_value());
    let item = |label: &'static str, press: Callback<leptos::ev::MouseEvent>| {
        view! { <button class="menu-item" type="button" on:click=move |event| press.run(event)>{label}</button> }
    };
    if alert.is_closed() {
        let text = td_string!(locale, alerts.reopen);
        return view! {
            <button class="button" data-size="small" type="button" on:click=take(Step::Reopen)>{text}</button>
        }
        .into_any();
    }
    let first = if alert.acknowledged_at.is_none() {
        let text = td_string!(locale, alerts.acknowledge);
        view! { <button class="icon-button" type="button" aria-label=text title=text on:click=take(Step::Acknowledge)><Pic icon=Icon::Check/></button> }.into_any()
    } else {
        let text = td_string!(locale, alerts.resolve);
        view! { <button class="icon-button" type="button" aria-label=text title=text on:click=ask(Ask::Resolve)><Pic icon=Icon::Check/></button> }.into_any()
    };
    let is_snoozed = alert.is_snoozed(boot::now());
    view! {
        {first}
        <details class="menu">
            <summary class="icon-button" aria-label=label><Pic icon=Icon::Dots/></summary>
            <div class="menu-list">
                {alert.started_at.is_none().then(|| item(td_string!(locale, alerts.start), Callback::new(take(Step::Start))))}
                {item(td_string!(locale, alerts.resolve), Callback::new(ask(Ask::Resolve)))}
                {if is_snoozed {
                    item(td_string!(locale, alerts.wake), Callback::new(take(Step::Wake)))
                } else {
                    item(td_string!(locale, alerts.snooze), Callback::new(ask(Ask::Snooze)))
                }}
                {item(td_string!(locale, alerts.assign), Callback::new(ask(Ask::Assign)))}
                {item(td_string!(locale, alerts.note), Callback::new(ask(Ask::Note)))}
                {(alert.rung != Rung::Sponsor).then(|| {
                    item(td_string!(locale, alerts.escalate), Callback::new(take(Step::Escalate { note: String::new() })))
                })}
                {item(td_string!(locale, alerts.dismiss), Callback::new(ask(Ask::Dismiss)))}
            </div>
        </details>
    }
    .into_any()
}
