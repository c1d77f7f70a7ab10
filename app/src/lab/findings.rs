//! What a run found: figures with intervals, the draft beside the cards in force, and what to be careful about.

use domain::chart::{self, Bar, BarChart, Layout, Scale, Size, Tone, Words};
use domain::lab::LOSSES_MIN;
use domain::lab::backtest::{AtBand, BackTest, Foreseen};
use domain::lab::metrics::{Auc, Bin};
use domain::lab::run::{Findings, Other, Run};
use leptos::prelude::*;

use super::figures::{FigureTable, Row};
use super::suggestion::Suggestion;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::chart::Chart;
use crate::ui::health::band_word;
use crate::ui::icon::{Icon, Pic};

/// How large the calibration plot is drawn.
const PLOT: Size = Size { width: 640.0, height: 240.0 };

/// What a run found.
#[component]
pub(super) fn Found(
    /// The run.
    run: Run,
    /// What it found.
    found: Findings,
) -> impl IntoView {
    let enough = found.live.auc.is_some();
    let Findings { name, live, draft, others, suggestion, seconds, .. } = found;
    let (id, losses, calibration) = (run.id, live.losses, live.calibration.clone());
    view! {
        {(!enough).then(|| view! { <TooFew losses/> })}
        <Figures run name=name.clone() seconds live=live.clone() beside=beside(name, draft, others)/>
        {(!calibration.is_empty()).then(|| view! { <Calibration bins=calibration/> })}
        {suggestion.map(|found| view! { <Suggestion run=id found/> })}
        <Careful live/>
    }
}

#[component]
fn TooFew(losses: u32) -> impl IntoView {
    let least = LOSSES_MIN as u32;
    view! {
        <div class="notice" role="status" data-tone="info">
            <Pic icon=Icon::Info/>
            <div>
                <p class="notice-title">{text!(lab.too_few)}</p>
                <p>{text!(lab.too_few_text, losses = losses, least = least)}</p>
            </div>
        </div>
    }
}

/// Returns what is held beside the cards in force, each with what it is called.
fn beside(name: String, draft: Option<BackTest>, others: Vec<Other>) -> Vec<(String, BackTest)> {
    let locale = use_language().get_untracked();
    let draft = draft.map(|test| (td_string!(locale, lab.draft_of, name = name), test));
    let others = others.into_iter().map(|other| {
        let words = if other.is_draft {
            td_string!(locale, lab.draft_of, name = other.name)
        } else {
            td_string!(locale, lab.version_of, n = other.version, name = other.name)
        };
        (words, other.test)
    });
    draft.into_iter().chain(others).collect()
}

/// One line of the comparison: what it is, what it means, and the words for a back-test.
struct Figure {
    label: String,
    hint: &'static str,
    words: Box<dyn Fn(&BackTest) -> String>,
}

#[component]
fn Figures(run: Run, name: String, seconds: f64, live: BackTest, beside: Vec<(String, BackTest)>) -> impl IntoView {
    let locale = use_language().get_untracked();
    let (months, days, accounts) =
        (run.asked.months, run.asked.horizon_days, format::integer(i64::from(live.accounts)));
    let (moments, seconds) = (format::integer(i64::from(live.moments)), format::number(seconds));
    let sub = td_string!(
        locale,
        lab.figures_sub,
        months = months,
        days = days,
        accounts = accounts,
        moments = moments,
        seconds = seconds
    );
    let started = format::date_time(run.started_at);
    let paper = td_string!(locale, lab.on_paper, name = name, when = started);
    let (figure, in_force) = (td_string!(locale, lab.figure), td_string!(locale, lab.in_force));
    let headings = [figure.to_owned(), in_force.to_owned()].into_iter();
    let headings = headings.chain(beside.iter().map(|(name, _)| name.clone())).collect();
    let rows = figures(locale).into_iter().map(|figure| Row {
        label: figure.label,
        hint: Some(figure.hint),
        cells: [&live].into_iter().chain(beside.iter().map(|(_, test)| test)).map(&figure.words).collect(),
    });
    let rows = rows.collect();
    view! {
        <section class="card" aria-labelledby="lab-figures">
            <header class="card-head">
                <div><h2 class="card-title" id="lab-figures">{text!(lab.figures)}</h2><p class="card-sub">{sub}</p>
                    <p class="card-sub only-paper">{paper}</p></div>
            </header>
            <FigureTable labelled_by="lab-figures" headings rows/>
        </section>
    }
}

fn figures(locale: Locale) -> Vec<Figure> {
    let figure = |label: &str, hint: &'static str, words: fn(&BackTest, Locale) -> String| Figure {
        label: label.to_owned(),
        hint,
        words: Box::new(move |test| words(test, locale)),
    };
    let mut lines = vec![
        figure(td_string!(locale, lab.auc), td_string!(locale, lab.auc_hint), |test, _| area(test.auc)),
        figure(td_string!(locale, lab.auc_halves), td_string!(locale, lab.auc_halves_hint), |test, _| {
            test.halves.map(area).join(" · ")
        }),
        figure(td_string!(locale, lab.losses), td_string!(locale, lab.losses_hint), |test, _| {
            format::integer(i64::from(test.losses))
        }),
        figure(td_string!(locale, lab.lead), td_string!(locale, lab.lead_hint), |test, locale| {
            test.lead.map_or_else(
                || "–".to_owned(),
                |lead| td_string!(locale, lab.lead_days, median = lead.median, lower = lead.lower, upper = lead.upper),
            )
        }),
    ];
    for place in 0..3 {
        let Some(band) = domain::health::Band::ALL.get(place + 1).copied() else { continue };
        lines.push(Figure {
            label: td_string!(locale, lab.at_band, band = band_word(Some(band), locale)),
            hint: td_string!(locale, lab.at_band_hint),
            words: Box::new(move |test| test.bands.get(place).map_or_else(|| "–".to_owned(), |at| caught(at, locale))),
        });
    }
    lines.extend([
        figure(td_string!(locale, lab.revenue), td_string!(locale, lab.revenue_hint), |test, locale| {
            let caught: Vec<_> = test.revenue.iter().map(|sum| sum.caught).collect();
            let missed: Vec<_> = test.revenue.iter().map(|sum| sum.missed).collect();
            let (caught, missed) = (format::money_list(&caught), format::money_list(&missed));
            td_string!(locale, lab.revenue_words, caught = caught, missed = missed)
        }),
        figure(td_string!(locale, lab.alerts), td_string!(locale, lab.alerts_hint), |test, _| {
            format::number(test.alerts)
        }),
        figure(td_string!(locale, lab.brier), td_string!(locale, lab.brier_hint), |test, _| {
            test.brier.map_or_else(|| "–".to_owned(), |brier| format!("{brier:.3}"))
        }),
    ]);
    lines.extend(happened(locale));
    lines
}

/// Returns a line for each kind of thing that can happen to an account.
fn happened(locale: Locale) -> impl Iterator<Item = Figure> {
    let labels = [
        td_string!(locale, lab.churned),
        td_string!(locale, lab.downgraded),
        td_string!(locale, lab.renewed),
        td_string!(locale, lab.expanded),
    ];
    labels.into_iter().enumerate().map(move |(place, label)| Figure {
        label: label.to_owned(),
        hint: td_string!(locale, lab.happened_hint),
        words: Box::new(move |test| {
            test.happened.get(place).map_or_else(|| "–".to_owned(), |found| stood(found, locale))
        }),
    })
}

fn stood(found: &Foreseen, locale: Locale) -> String {
    let (times, well) = (format::integer(i64::from(found.times)), format::percent(100.0 * found.well));
    td_string!(locale, lab.happened_words, times = times, well = well)
}

fn caught(at: &AtBand, locale: Locale) -> String {
    let (recall, precision) = (format::percent(100.0 * at.recall), format::percent(100.0 * at.precision));
    td_string!(locale, lab.at_band_words, recall = recall, precision = precision)
}

/// Returns an area under the ROC curve with its interval.
pub(super) fn area(auc: Option<Auc>) -> String {
    auc.map_or_else(|| "–".to_owned(), |auc| format!("{:.3} ({:.3}–{:.3})", auc.value, auc.low, auc.high))
}

#[component]
fn Calibration(bins: Vec<Bin>) -> impl IntoView {
    let language = use_language();
    let layout = plot(&bins, language.get_untracked());
    view! {
        <section class="card" aria-labelledby="lab-calibration">
            <header class="card-head">
                <div><h2 class="card-title" id="lab-calibration">{text!(lab.calibration)}</h2>
                    <p class="card-sub">{text!(lab.calibration_text)}</p></div>
            </header>
            <div class="card-body"><Chart layout/></div>
        </section>
    }
}

fn plot(bins: &[Bin], locale: Locale) -> Layout {
    let value = |share: f64| format!("{} %", format::number((1_000.0 * share).round() / 10.0));
    let bars = bins.iter().map(|bin| Bar { label: value(bin.predicted), value: bin.observed, tone: Tone::Series1 });
    let headings = vec![td_string!(locale, lab.predicted).to_owned(), td_string!(locale, lab.observed).to_owned()];
    let sentence = td_string!(locale, lab.calibration_text);
    chart::bar(&BarChart {
        size: PLOT,
        bars: bars.collect(),
        scale: Scale::Automatic,
        words: Words {
            title: td_string!(locale, lab.calibration),
            empty: sentence,
            missing: "–",
            headings,
            value: &value,
            describe: &|_| sentence.to_owned(),
        },
    })
}

/// What keeps the future out of the figures, and what was left out.
#[component]
fn Careful(live: BackTest) -> impl IntoView {
    let count = |number: u32| format::integer(i64::from(number));
    let (lost, open, unscored) = (count(live.left_out.lost), count(live.left_out.open), count(live.left_out.unscored));
    view! {
        <section class="card" aria-labelledby="lab-careful">
            <header class="card-head"><h2 class="card-title" id="lab-careful">{text!(lab.careful)}</h2></header>
            <div class="card-body">
                <ul class="list">
                    <li>{text!(lab.careful_known)}</li>
                    <li>{text!(lab.careful_season)}</li>
                    <li>{text!(lab.careful_open, n = open.clone())}</li>
                    <li>{text!(lab.careful_lost, n = lost.clone())}</li>
                    <li>{text!(lab.careful_unscored, n = unscored.clone())}</li>
                    <li>{text!(lab.careful_split)}</li>
                </ul>
            </div>
        </section>
    }
}
