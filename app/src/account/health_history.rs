//! The score over time, and what has moved it since a day.

use domain::chart::{BandRange, Reading, Scale, Series, Tone};
use domain::health::{Bands, Expected, Points};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::desk::{known, now, query, use_desk};
use super::health::SUBJECTS;
use super::overview::tab_href_with;
use super::panels::{ChangePanel, ScoreHistory};
use super::parts::{Panel, Steps, TimeLine, time_line};
use super::{server_fns, words};
use crate::i18n::{Locale, td_string};
use crate::ui::chart::Chart;
use crate::{boot, format};

/// The spans of the history, in days.
const SPANS: [u32; 4] = [7, 30, 90, 730];
/// The span that is shown at first.
const SPAN: u32 = 90;
/// How many days ago the comparison starts at first.
const SINCE: i64 = 30;

/// The score over time.
#[component]
pub(super) fn History() -> impl IntoView {
    let desk = use_desk();
    let (days, since) = (query("days"), query("since"));
    let span =
        Memo::new(move |_| days.with(|days| days.parse().ok().filter(|days| SPANS.contains(days)).unwrap_or(SPAN)));
    let version = desk.watch(SUBJECTS);
    let scores = Resource::new(
        move || (desk.id.get(), span.get(), desk.as_of.get(), version.get()),
        |(id, days, at, _)| async move { server_fns::account_scores(known(id)?, days, at).await },
    );
    let href = move |days: u32| {
        let since = since.get();
        let rest = if since.is_empty() { String::new() } else { format!("&since={since}") };
        tab_href_with(desk, "health", &format!("days={days}{rest}"))
    };
    let name = move |days: u32| match days {
        730 => td_string!(desk.language.get(), account.two_years).to_owned(),
        days => td_string!(desk.language.get(), account.days, count = days),
    };
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title">{move || td_string!(desk.language.get(), account.score_history)}</h2>
                <div class="button-group">
                    {SPANS.into_iter().map(|days| view! {
                        <a class="button" data-size="small" href=move || href(days) data-noscroll=""
                            aria-current=move || (span.get() == days).then_some("true")>{move || name(days)}</a>
                    }).collect_view()}
                </div>
            </header>
            <div class="card-body">
                <Panel resource=scores lines=6 let(history, locale)>
                    <ScoreChart history locale/>
                </Panel>
            </div>
        </section>
    }
}

#[component]
fn ScoreChart(history: ScoreHistory, locale: Locale) -> impl IntoView {
    let desk = use_desk();
    if history.scores.is_empty() {
        return view! { <p class="muted">{td_string!(locale, account.no_score_text)}</p> }.into_any();
    }
    let readings: Vec<Reading> = stairs(&history.scores);
    let ranges = ranges(history.bands);
    let more = expected(&readings, &history.expected, locale);
    let said = history.expected.last().map(|last| {
        let [score, low, high] = [last.score, last.low, last.high].map(|value| format::number(value.round()));
        td_string!(locale, account.forecast_text, date = format::date(last.at), score = score, low = low, high = high)
    });
    (move || {
        let layout = time_line(
            TimeLine {
                title: td_string!(locale, account.score_history),
                readings: readings.clone(),
                more: more.clone(),
                bands: ranges.clone(),
                scale: Scale::Hundred,
                narrow: desk.narrow.get(),
            },
            locale,
        );
        view! {
            <div class="score-forecast"><Chart layout/></div>
            {said.clone().map(|said| view! { <p class="muted">{said}</p> })}
        }
    })
    .into_any()
}

/// The expected score and the ends of its interval, as lines that begin where the score stands.
fn expected(readings: &[Reading], expected: &[Expected], locale: Locale) -> Vec<Series> {
    let Some(begin) = readings.last().filter(|_| !expected.is_empty()) else { return Vec::new() };
    let line = |name: &str, value: fn(&Expected) -> f64| {
        let ahead = expected.iter().map(|week| Reading { at: week.at, value: value(week) });
        let readings = std::iter::once(*begin).chain(ahead).collect();
        Series { name: name.to_owned(), tone: Tone::Series6, readings }
    };
    vec![
        line(td_string!(locale, account.forecast_expected), |week| week.score),
        line(td_string!(locale, account.forecast_low), |week| week.low),
        line(td_string!(locale, account.forecast_high), |week| week.high),
    ]
}

/// A score holds until the next one, and the last one until now.
fn stairs(scores: &[(domain::time::Timestamp, Points)]) -> Vec<Reading> {
    let mut readings: Vec<Reading> =
        scores.iter().map(|(at, score)| Reading { at: *at, value: score.as_f64() }).collect();
    let now = now();
    if let Some((_, score)) = scores.last().filter(|(at, _)| *at < now) {
        readings.push(Reading { at: now, value: score.as_f64() });
    }
    readings
}

fn ranges(bands: Bands) -> Vec<BandRange> {
    let Bands { healthy_from, watch_from, at_risk_from, .. } = bands;
    vec![
        BandRange { low: healthy_from, high: 100.0, tone: Tone::BandHealthy },
        BandRange { low: watch_from, high: healthy_from, tone: Tone::BandWatch },
        BandRange { low: at_risk_from, high: watch_from, tone: Tone::BandAtRisk },
        BandRange { low: 0.0, high: at_risk_from, tone: Tone::BandCritical },
    ]
}

/// What has moved the score since a day.
#[component]
pub(super) fn Since() -> impl IntoView {
    let desk = use_desk();
    let (days, since) = (query("days"), query("since"));
    let today = Memo::new(move |_| desk.as_of.get().unwrap_or_else(boot::now).day_start());
    let start =
        Memo::new(move |_| since.with(|since| words::day(since)).unwrap_or_else(|| today.get().plus_days(-SINCE)));
    let version = desk.watch(SUBJECTS);
    let change = Resource::new(
        move || (desk.id.get(), start.get(), desk.as_of.get(), version.get()),
        |(id, since, at, _)| async move { server_fns::account_change(known(id)?, since, at).await },
    );
    let navigate = use_navigate();
    let choose = move |event: leptos::ev::Event| {
        let day = event_target_value(&event);
        if words::day(&day).is_none() {
            return;
        }
        let days = days.get_untracked();
        let rest = if days.is_empty() { String::new() } else { format!("&days={days}") };
        let href = untrack(|| tab_href_with(desk, "health", &format!("since={day}{rest}")));
        navigate(&href, NavigateOptions { scroll: false, replace: true, ..NavigateOptions::default() });
    };
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title">{move || td_string!(desk.language.get(), account.changed_since)}</h2>
                <div class="row"><input class="input" type="date" id="since" max=move || today.get().iso_date()
                    aria-label=move || td_string!(desk.language.get(), account.changed_since)
                    value=start.get_untracked().iso_date() prop:value=move || start.get().iso_date() on:change=choose/></div>
            </header>
            <div class="card-body">
                <Panel resource=change let(change, locale)>
                    {match change {
                        Some(change) => view! { <Difference change locale/> }.into_any(),
                        None => view! { <p class="muted">{td_string!(locale, account.no_score_then)}</p> }.into_any(),
                    }}
                </Panel>
            </div>
        </section>
    }
}

#[component]
fn Difference(change: ChangePanel, locale: Locale) -> impl IntoView {
    let ChangePanel { day, steps, summary, cards } = change;
    let cards = cards.map(|[(then, first), (now, last)]| {
        let then = td_string!(locale, account.card_version, name = then, version = first);
        let now = td_string!(locale, account.card_version, name = now, version = last);
        td_string!(locale, account.cards_changed, then = then, now = now)
    });
    let (from, to) = (summary.from.unwrap_or_default(), summary.to.unwrap_or_default());
    let span = td_string!(locale, account.since_day, date = format::date(day));
    let sentence = words::why(&summary, &span, locale);
    let sentence = sentence.unwrap_or_else(|| td_string!(locale, account.nothing_changed, date = format::date(day)));
    let label = td_string!(locale, account.changed_since);
    view! {
        <div class="stack">
            <p class="why">{sentence}</p>
            {cards.map(|cards| view! { <p class="muted">{cards}</p> })}
            {(!steps.is_empty()).then(|| view! {
                <Steps start=Some((format::date(day), from)) steps end=(td_string!(locale, account.now).to_owned(), to)
                    locale label=label.to_owned()/>
            })}
        </div>
    }
}
