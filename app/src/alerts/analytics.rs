//! Figures: what was raised and closed over time, and how fast, by rule, owner and outcome.

use domain::alerts::Rule;
use domain::alerts::usefulness::{Analytics, DayCount};
use domain::chart::{self, Reading, Scale, Series, Size, TimeStep, Tone, Words};
use domain::time::Timestamp;
use leptos::prelude::*;

use super::rule_fns::{load_alert_analytics, load_alert_rules};
use super::words;
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::chart::Chart;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;

/// Periods that can be chosen, in days.
const PERIODS: [u32; 3] = [30, 90, 365];

/// The tab.
#[component]
pub(super) fn Figures() -> impl IntoView {
    let language = use_language();
    let days = RwSignal::new(90);
    let figures = Resource::new(move || days.get(), figures_of);
    let word = move |days: u32| {
        let locale = language.get();
        match days {
            30 => td_string!(locale, alerts.days_30),
            90 => td_string!(locale, alerts.days_90),
            _ => td_string!(locale, alerts.days_365),
        }
    };
    view! {
        <div class="stack">
            <div class="button-group" role="group" aria-label=text!(alerts.period)>
                {PERIODS.into_iter().map(|period| view! {
                    <button class="button" type="button" aria-pressed=move || (days.get() == period).to_string()
                        on:click=move |_| days.set(period)>{move || word(period)}</button>
                }).collect_view()}
            </div>
            <Loaded resource=figures lines=10 children=move |(figures, names)| {
                let locale = language.get_untracked();
                let is_empty = figures.owners.is_empty();
                if is_empty {
                    view! { <NoData/> }.into_any()
                } else {
                    view! {
                        <div class="stack">
                            <Flow days=figures.days.clone() locale/>
                            <ByRule figures=figures.clone() names locale/>
                            <div class="grid-2"><ByOwner figures=figures.clone() locale/><ByOutcome figures locale/></div>
                        </div>
                    }.into_any()
                }
            }/>
        </div>
    }
}

/// Returns what became of alerts in the last days, and the rules for their names.
async fn figures_of(days: u32) -> Result<(Analytics, Vec<Rule>)> {
    let rules = load_alert_rules().await?.rules;
    Ok((load_alert_analytics(days).await?, rules))
}

#[component]
fn NoData() -> impl IntoView {
    view! { <section class="card"><div class="empty"><Pic icon=Icon::Bars/><p class="empty-title">{text!(alerts.no_data)}</p></div></section> }
}

/// Created and closed, and how many are open at the end of each day.
#[component]
fn Flow(days: Vec<DayCount>, locale: Locale) -> impl IntoView {
    let title = td_string!(locale, alerts.flow_day);
    let line = |name: &str, tone: Tone, read: fn(&DayCount) -> u32| Series {
        name: name.to_owned(),
        tone,
        readings: days.iter().map(|day| Reading { at: day.day, value: f64::from(read(day)) }).collect(),
    };
    let series = vec![
        line(td_string!(locale, alerts.created), Tone::Series1, |day| day.created),
        line(td_string!(locale, alerts.closed), Tone::Series3, |day| day.closed),
        line(td_string!(locale, alerts.open_end), Tone::Series2, |day| day.open),
    ];
    let legend: Vec<(&str, String)> = series.iter().map(|line| (line.tone.key(), line.name.clone())).collect();
    let legend = legend.into_iter();
    let tick = |at: Timestamp, _: TimeStep| format::date(at);
    let layout = chart::line(&chart::LineChart {
        size: Size { width: 760.0, height: 220.0 },
        series,
        bands: Vec::new(),
        filled: false,
        scale: Scale::Automatic,
        words: Words {
            title,
            empty: td_string!(locale, alerts.no_data),
            missing: "–",
            headings: vec![td_string!(locale, alerts.day_of).to_owned()],
            value: &format::number,
            describe: &|summaries| {
                summaries
                    .iter()
                    .map(|one| format!("{} {}", one.name, format::number(one.last.value)))
                    .collect::<Vec<_>>()
                    .join(", ")
            },
        },
        when: &tick,
    });
    view! {
        <section class="card" aria-labelledby="alert-flow">
            <header class="card-head"><h2 class="card-title" id="alert-flow">{title}</h2></header>
            <div class="card-body">
                <ul class="legend" data-inline="">
                    {legend.map(|(tone, name)| view! {
                        <li class="legend-item"><span class="legend-key" data-tone=tone></span><span>{name}</span></li>
                    }).collect_view()}
                </ul>
                <Chart layout/>
            </div>
        </section>
    }
}

#[component]
fn ByRule(figures: Analytics, names: Vec<Rule>, locale: Locale) -> impl IntoView {
    let rows = figures.rules.into_iter().filter(|useful| useful.raised > 0).map(|useful| {
        let name = names.iter().find(|rule| rule.id == useful.rule).map(|rule| words::rule_name(rule, locale));
        let cell = |n: u32| format::integer(i64::from(n));
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="number">{cell(useful.raised)}</td>
                <td class="number">{cell(useful.open)}</td>
                <td class="number">{cell(useful.acted)}</td>
                <td class="number">{cell(useful.dismissed)}</td>
                <td class="number">{words::span(useful.acknowledge_ms)}</td>
                <td class="number">{words::span(useful.close_ms)}</td>
            </tr>
        }
    });
    view! {
        <section class="card" aria-labelledby="alerts-by-rule">
            <header class="card-head"><h2 class="card-title" id="alerts-by-rule">{td_string!(locale, alerts.by_rule)}</h2></header>
            <div class="card-body" data-flush="">
                <div class="table-scroll" tabindex="0" role="region" aria-labelledby="alerts-by-rule">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{td_string!(locale, alerts.rule)}</th>
                            <th scope="col" class="number">{td_string!(locale, alerts.raised)}</th>
                            <th scope="col" class="number">{td_string!(locale, alerts.open_now)}</th>
                            <th scope="col" class="number">{td_string!(locale, alerts.acted)}</th>
                            <th scope="col" class="number">{td_string!(locale, alerts.dismissed_share)}</th>
                            <th scope="col" class="number">{td_string!(locale, alerts.median_seen)}</th>
                            <th scope="col" class="number">{td_string!(locale, alerts.to_close)}</th>
                        </tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

#[component]
fn ByOwner(figures: Analytics, locale: Locale) -> impl IntoView {
    let rows = figures.owners.into_iter().map(|times| {
        let name = words::person(times.owner).unwrap_or_else(|| td_string!(locale, alerts.nobody).to_owned());
        let cell = |n: u32| format::integer(i64::from(n));
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="number">{cell(times.raised)}</td>
                <td class="number">{cell(times.closed)}</td>
                <td class="number">{words::span(times.acknowledge_ms)}</td>
                <td class="number">{words::span(times.close_ms)}</td>
            </tr>
        }
    });
    view! {
        <section class="card" aria-labelledby="alerts-by-owner">
            <header class="card-head"><h2 class="card-title" id="alerts-by-owner">{td_string!(locale, alerts.by_owner)}</h2></header>
            <div class="card-body" data-flush="">
                <div class="table-scroll" tabindex="0" role="region" aria-labelledby="alerts-by-owner">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{td_string!(locale, alerts.owner)}</th>
                            <th scope="col" class="number">{td_string!(locale, alerts.raised)}</th>
                            <th scope="col" class="number">{td_string!(locale, alerts.closed)}</th>
                            <th scope="col" class="number">{td_string!(locale, alerts.median_seen)}</th>
                            <th scope="col" class="number">{td_string!(locale, alerts.to_close)}</th>
                        </tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

#[component]
fn ByOutcome(figures: Analytics, locale: Locale) -> impl IntoView {
    let dismissed: u32 = figures.rules.iter().map(|useful| useful.dismissed).sum();
    let outcomes = figures.outcomes.into_iter().map(|(outcome, count)| (words::led_to(outcome, locale), count));
    let rows: Vec<(&str, u32)> = outcomes
        .chain([(td_string!(locale, alerts.state_dismissed), dismissed)])
        .filter(|(_, count)| *count > 0)
        .collect();
    let none = rows.is_empty();
    view! {
        <section class="card" aria-labelledby="alerts-by-outcome">
            <header class="card-head"><h2 class="card-title" id="alerts-by-outcome">{td_string!(locale, alerts.by_outcome)}</h2></header>
            <div class="card-body" data-flush="">
                {none.then(|| view! { <p class="muted card-body">{td_string!(locale, alerts.none_closed)}</p> })}
                <table class="table">
                    <thead hidden=none><tr>
                        <th scope="col">{td_string!(locale, alerts.outcome)}</th>
                        <th scope="col" class="number">{td_string!(locale, alerts.count)}</th>
                    </tr></thead>
                    <tbody>{rows.into_iter().map(|(word, count)| view! {
                        <tr><th scope="row">{word}</th><td class="number">{format::integer(i64::from(count))}</td></tr>
                    }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
