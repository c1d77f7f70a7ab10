//! How a priority came about: the formula with its numbers.

use domain::alerts::{Alert, Kind, LEVELS, Priority};
use domain::money::Money;
use leptos::prelude::*;

use super::row::PriorityMark;
use super::words;
use crate::format;
use crate::i18n::{Locale, td_string};

/// The priority of an alert and what it was worked out from.
#[component]
pub(super) fn WorthCard(
    /// The alert.
    alert: Alert,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let worth = &alert.worth;
    let money = |minor| format::money(Money { minor, currency: worth.currency });
    let typical = money(worth.typical_minor);
    let revenue = match worth.annual_minor {
        Some(minor) => {
            let share = format::number(minor as f64 / worth.typical_minor.max(1) as f64);
            td_string!(locale, alerts.worth_revenue_of, amount = money(minor), share = share, typical = typical)
        }
        None => td_string!(locale, alerts.worth_revenue_none, typical = typical),
    };
    let likely = match alert.kind {
        Kind::Opportunity => td_string!(locale, alerts.worth_probability_gain),
        _ => td_string!(locale, alerts.worth_probability_risk),
    };
    let pressing = match worth.days_left {
        Some(days) => td_string!(locale, alerts.worth_urgency_days, days = days),
        None => td_string!(locale, alerts.worth_urgency_none).to_owned(),
    };
    let effort = td_string!(locale, alerts.worth_effort_hours, hours = format::number(worth.effort));
    let level = |wanted: Priority| {
        format::number(LEVELS.into_iter().find(|(priority, _)| *priority == wanted).map_or(0.0, |(_, from)| from))
    };
    let levels = td_string!(
        locale,
        alerts.worth_levels,
        critical = level(Priority::Critical),
        high = level(Priority::High),
        medium = level(Priority::Medium)
    );
    view! {
        <section class="card" aria-labelledby="alert-worth">
            <header class="card-head">
                <h2 class="card-title" id="alert-worth">{td_string!(locale, alerts.worth_title)}</h2>
                <PriorityMark priority=alert.priority locale/>
            </header>
            <div class="card-body stack" data-gap="small">
                <p><code>{td_string!(locale, alerts.worth_formula)}</code></p>
                <dl class="facts">
                    <div><dt>{td_string!(locale, alerts.worth_revenue)}</dt><dd>{revenue}</dd></div>
                    <div><dt>{td_string!(locale, alerts.worth_probability)}</dt>
                        <dd>{format::percent(worth.probability * 100.0)}" "<span class="muted">{likely}</span></dd></div>
                    <div><dt>{td_string!(locale, alerts.worth_urgency)}</dt>
                        <dd>{format::number(worth.urgency)}" "<span class="muted">{pressing}</span></dd></div>
                    <div><dt>{td_string!(locale, alerts.worth_effort)}</dt><dd>{effort}</dd></div>
                    <div><dt>{td_string!(locale, alerts.worth_value)}</dt><dd class="strong">{format::number(worth.value)}</dd></div>
                </dl>
                <p class="muted">{levels}</p>
            </div>
        </section>
    }
}

/// The facts when the alert was raised, and now.
#[component]
pub(super) fn FactsCard(
    /// The alert.
    alert: Alert,
    /// The facts of this moment.
    facts: Vec<domain::alerts::Quoted>,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let currency = alert.worth.currency;
    let none = alert.facts_then.is_empty();
    let now = crate::boot::now();
    let since = td_string!(
        locale,
        alerts.since,
        date = format::date_time(alert.first_seen),
        age = format::age(alert.last_seen, now)
    );
    let rows = alert.facts_then.iter().map(|then| {
        let now = facts.iter().find(|fact| fact.key == then.key).or_else(|| alert.quoted(&then.key));
        let now = now.map_or_else(|| "–".to_owned(), |now| words::quoted(now, currency, locale));
        let then_words = words::quoted(then, currency, locale);
        let moved = now != then_words;
        view! {
            <tr>
                <th scope="row">{words::fact(&then.key, locale)}</th>
                <td class="number">{then_words}</td>
                <td class="number" class:strong=moved>{now}</td>
            </tr>
        }
    });
    view! {
        <section class="card" aria-labelledby="alert-why">
            <header class="card-head"><h2 class="card-title" id="alert-why">{td_string!(locale, alerts.why_title)}</h2></header>
            <div class="card-body stack" data-gap="small">
                <p>{words::reason(&alert, locale)}</p>
                <p class="muted">{since}</p>
                {none.then(|| view! { <p class="muted">{td_string!(locale, alerts.no_facts)}</p> })}
            </div>
            {(!none).then(|| view! {
                <div class="card-body" data-flush="">
                    <div class="table-scroll" tabindex="0" role="region" aria-labelledby="alert-why">
                        <table class="table">
                            <thead><tr>
                                <th scope="col">{td_string!(locale, alerts.why_fact)}</th>
                                <th scope="col" class="number">{td_string!(locale, alerts.why_then)}</th>
                                <th scope="col" class="number">{td_string!(locale, alerts.why_now)}</th>
                            </tr></thead>
                            <tbody>{rows.collect_view()}</tbody>
                        </table>
                    </div>
                </div>
            })}
        </section>
    }
}
