//! The score over time, and what has moved it between two days.

use domain::chart::{BandRange, Reading, Scale, Series, Tone};
use domain::health::{Bands, Expected, Points};
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::desk::{known, now, query, use_desk};
use super::health::SUBJECTS;
use super::overview::tab_href_with;
use super::panels::{ChangePanel, ScoreHistory};
use super::parts::{Panel, Steps, TimeLine, chart_size, steps_chart, time_line};
use super::{server_fns, words};
use crate::i18n::{Locale, td_string};
use crate::ui::chart::Chart;
use crate::ui::download::Download;
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
    let (days, from, to) = (query("days"), query("from"), query("to"));
    let span =
        Memo::new(move |_| days.with(|days| days.parse().ok().filter(|days| SPANS.contains(days)).unwrap_or(SPAN)));
    let version = desk.watch(SUBJECTS);
    let scores = Resource::new(
        move || (desk.id.get(), span.get(), desk.as_of.get(), version.get()),
        |(id, days, at, _)| async move { server_fns::account_scores(known(id)?, days, at).await },
    );
    let href = move |days: u32| {
        tab_href_with(desk, "health", &parts(&[("days", days.to_string()), ("from", from.get()), ("to", to.get())]))
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
    let readings: Vec<Reading> = stairs(&history.scores, now());
    let ranges = ranges(history.bands);
    let scores = history.scores.clone();
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
                size: chart_size(desk.narrow.get()),
            },
            locale,
        );
        view! {
            <div class="score-forecast"><Chart layout/></div>
            <ReadOut scores=scores.clone() locale/>
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
pub(super) fn stairs(scores: &[(Timestamp, Points)], now: Timestamp) -> Vec<Reading> {
    let mut readings: Vec<Reading> =
        scores.iter().map(|(at, score)| Reading { at: *at, value: score.as_f64() }).collect();
    if let Some((_, score)) = scores.last().filter(|(at, _)| *at < now) {
        readings.push(Reading { at: now, value: score.as_f64() });
    }
    readings
}

/// The bands as what is shaded behind the score.
pub(super) fn ranges(bands: Bands) -> Vec<BandRange> {
    let Bands { healthy_from, watch_from, at_risk_from, .. } = bands;
    vec![
        BandRange { low: healthy_from, high: 100.0, tone: Tone::BandHealthy },
        BandRange { low: watch_from, high: healthy_from, tone: Tone::BandWatch },
        BandRange { low: at_risk_from, high: watch_from, tone: Tone::BandAtRisk },
        BandRange { low: 0.0, high: at_risk_from, tone: Tone::BandCritical },
    ]
}

/// Returns what stands behind the question mark, without what is empty.
fn parts(parts: &[(&str, String)]) -> String {
    let given = parts.iter().filter(|(_, value)| !value.is_empty());
    given.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Goes from score to score by keyboard, by touch or with a screen reader, and leads to what has changed since.
#[component]
fn ReadOut(scores: Vec<(Timestamp, Points)>, locale: Locale) -> impl IntoView {
    let (desk, days) = (use_desk(), query("days"));
    let last = scores.len().saturating_sub(1);
    let (place, scores) = (RwSignal::new(last), StoredValue::new(scores));
    let stood = move || scores.with_value(|scores| scores.get(place.get().min(last)).copied());
    let said = move || {
        stood().map(|(at, score)| {
            td_string!(locale, account.score_on, date = format::date(at), score = format::points(score))
        })
    };
    let href = move || {
        let day = stood().map(|(at, _)| at.iso_date()).unwrap_or_default();
        tab_href_with(desk, "health", &parts(&[("days", days.get()), ("from", day)]))
    };
    view! {
        <div class="score-read-out">
            <input class="time-range" type="range" min="0" max=last.to_string() step="1"
                aria-label=td_string!(locale, account.read_scores) aria-valuetext=said
                prop:value=move || place.get().to_string() value=last.to_string()
                on:input=move |event| place.set(event_target_value(&event).parse().unwrap_or_default())/>
            <p><span>{said}</span>" "<a href=href data-noscroll="">{td_string!(locale, account.changed_from_there)}</a></p>
        </div>
    }
}

/// What has moved the score between two days, or since one.
#[component]
pub(super) fn Since() -> impl IntoView {
    let desk = use_desk();
    let (days, from, to) = (query("days"), query("from"), query("to"));
    let today = Memo::new(move |_| desk.as_of.get().unwrap_or_else(boot::now).day_start());
    let start = Memo::new(move |_| from.with(|from| words::day(from)).unwrap_or_else(|| today.get().plus_days(-SINCE)));
    // The day that is shown ends the comparison by itself, and today is now.
    let end = Memo::new(move |_| to.with(|to| words::day(to)).filter(|day| *day < today.get()));
    let version = desk.watch(SUBJECTS);
    let change = Resource::new(
        move || {
            let until = end.get().map(|day| Timestamp(day.plus_days(1).0 - 1)).or(desk.as_of.get());
            (desk.id.get(), start.get(), until, version.get())
        },
        |(id, since, at, _)| async move { server_fns::account_change(known(id)?, since, at).await },
    );
    let navigate = use_navigate();
    let go = Callback::new(move |(from, to): (String, String)| {
        let query = parts(&[("days", days.get_untracked()), ("from", from), ("to", to)]);
        let href = untrack(|| tab_href_with(desk, "health", &query));
        navigate(&href, NavigateOptions { scroll: false, replace: true, ..NavigateOptions::default() });
    });
    let set_start = move |event: leptos::ev::Event| {
        let day = event_target_value(&event);
        if words::day(&day).is_some() {
            go.run((day, to.get_untracked()));
        }
    };
    let set_end = move |event: leptos::ev::Event| {
        go.run((start.get_untracked().iso_date(), event_target_value(&event)));
    };
    let most = move || today.get().iso_date();
    view! {
        <section class="card" id="changed" aria-labelledby="changed-title">
            <header class="card-head">
                <h2 class="card-title" id="changed-title">{move || td_string!(desk.language.get(), account.changed_between)}</h2>
                <div class="row" data-gap="small">
                    <input class="input" type="date" id="changed-from" max=most
                        aria-label=move || td_string!(desk.language.get(), account.changed_since)
                        value=start.get_untracked().iso_date() prop:value=move || start.get().iso_date() on:change=set_start/>
                    <span aria-hidden="true">"–"</span>
                    <input class="input" type="date" id="changed-to" max=most
                        aria-label=move || td_string!(desk.language.get(), account.changed_until)
                        prop:value=move || end.get().map(Timestamp::iso_date).unwrap_or_default() on:change=set_end/>
                </div>
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
    let ChangePanel { day, until, steps, summary, cards } = change;
    let cards = cards.map(|[(then, first), (now, last)]| {
        let then = td_string!(locale, account.card_version, name = then, version = first);
        let now = td_string!(locale, account.card_version, name = now, version = last);
        td_string!(locale, account.cards_changed, then = then, now = now)
    });
    let (from, to) = (summary.from.unwrap_or_default(), summary.to.unwrap_or_default());
    let (first, last) = (format::date(day), until.map(format::date));
    let span = match &last {
        Some(last) => td_string!(locale, account.compare_span, from = first.clone(), to = last.clone()),
        None => td_string!(locale, account.since_day, date = first.clone()),
    };
    let sentence = words::why(&summary, &span, locale);
    let sentence = sentence.unwrap_or_else(|| td_string!(locale, account.nothing_changed, date = first.clone()));
    let label = td_string!(locale, account.changed_between);
    let end = last.unwrap_or_else(|| td_string!(locale, account.now).to_owned());
    let layout = steps_chart((label, &sentence), Some((first.clone(), from)), &steps, &end, locale);
    view! {
        <div class="stack">
            <p class="why">{sentence}</p>
            {cards.map(|cards| view! { <p class="muted">{cards}</p> })}
            {(!steps.is_empty()).then(|| view! {
                <Steps start=Some((first, from)) steps end=(end, to) locale label=label.to_owned()/>
                <div class="chart-foot"><Download layout/></div>
            })}
        </div>
    }
}
