//! Small pieces that the tabs share.

use domain::chart::{self, Layout, Size, Words};
use domain::health::{Points, Step};
use leptos::prelude::*;

use super::desk::use_desk;
use super::words;
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;

/// Shows what a resource loaded, in the person's language.
///
/// An account that does not exist is said once, in the place of the head, and leaves the panels empty.
#[component]
pub(super) fn Panel<T, V>(
    /// What is loaded.
    resource: Resource<Result<T>>,
    /// How it is shown in a language.
    children: impl Fn(T, Locale) -> V + Clone + Send + Sync + 'static,
    /// How many lines the skeleton has.
    #[prop(default = 4)]
    lines: usize,
) -> impl IntoView
where
    T: Clone + Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    let language = use_desk().language;
    let children = move |value| children(value, language.get_untracked());
    view! { <Loaded resource lines missing_is_empty=true children/> }
}

/// Says that there is nothing yet and what to do about it.
#[component]
pub(super) fn Nothing(
    /// A picture of what is missing.
    icon: Icon,
    /// What is missing.
    title: &'static str,
    /// The next step in words.
    text: &'static str,
    /// Where the next step is done; nothing where words are enough.
    #[prop(optional)]
    action: Option<(&'static str, &'static str)>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Pic icon/>
            <p class="empty-title">{title}</p>
            <p class="empty-text">{text}</p>
            {action.map(|(href, label)| view! { <a class="button" href=href>{label}</a> })}
        </div>
    }
}

/// The steps from one score to another, a line each; what is printed adds up.
#[component]
pub(crate) fn Steps(
    /// Where it starts; nothing to start from zero without a line.
    start: Option<(String, Points)>,
    /// The steps.
    steps: Vec<Step>,
    /// What the end is called, and the end.
    end: (String, Points),
    /// The language.
    locale: Locale,
    /// The name of the list.
    label: String,
) -> impl IntoView {
    let begin = start.as_ref().map(|(_, score)| *score).unwrap_or_default();
    let amounts = words::printed(begin, steps.iter().map(|step| step.delta));
    let mut from = begin;
    let lines: Vec<_> = steps
        .iter()
        .zip(amounts)
        .map(|(step, amount)| {
            let before = from;
            from = step.total;
            let tone = if step.delta < Points::ZERO { "neg" } else { "pos" };
            line(
                &words::step_label(step, locale),
                tone,
                (before, from),
                (format::signed_points(amount), words::exact(step.delta)),
            )
        })
        .collect();
    let total = |name: &str, score: Points| {
        line(name, "total", (Points::ZERO, score), (format::points(score), words::exact(score)))
    };
    view! {
        <ol class="waterfall" aria-label=label>
            {start.map(|(name, score)| total(&name, score))}
            {lines}
            {total(&end.0, end.1)}
        </ol>
    }
}

fn line(
    name: &str,
    tone: &'static str,
    (from, to): (Points, Points),
    (amount, exact): (String, String),
) -> impl IntoView + use<> {
    let (left, right) = (from.min(to).as_f64(), from.max(to).as_f64());
    let width = (right - left).max(0.4);
    view! {
        <li class="waterfall-row" data-tone=tone>
            <span class="waterfall-label">{name.to_owned()}</span>
            <svg class="waterfall-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="chart-bar" data-tone=tone x=left y="0" width=width height="10"/>
            </svg>
            <span class="waterfall-value" title=exact>{amount}</span>
        </li>
    }
}

/// How wide a step is drawn where a chart of steps is taken along, so that its label can be read.
const STEP_WIDTH: f64 = 92.0;

/// Lays out what [`Steps`] shows as a chart of its own, for those who take it along.
pub(super) fn steps_chart(
    (title, text): (&str, &str),
    start: Option<(String, Points)>,
    steps: &[Step],
    end: &str,
    locale: Locale,
) -> Layout {
    let change = |step: &Step| chart::Change { label: words::step_label(step, locale), delta: step.delta.as_f64() };
    let headings =
        [td_string!(locale, report.step), td_string!(locale, report.adds), td_string!(locale, account.score)];
    chart::waterfall(&chart::Waterfall {
        size: Size { width: (STEP_WIDTH * (steps.len() + 2) as f64).max(720.0), height: 280.0 },
        start: start.map(|(label, score)| (label, score.as_f64())),
        changes: steps.iter().map(change).collect(),
        total_label: end.to_owned(),
        words: Words {
            title,
            empty: td_string!(locale, account.chart_empty),
            missing: "–",
            headings: headings.map(str::to_owned).to_vec(),
            value: &|value| format::points(Points::from_f64(value)),
            describe: &|_| text.to_owned(),
        },
        change: &|delta| format::signed_points(Points::from_f64(delta)),
    })
}

/// Returns the size of a chart in the main column.
pub(super) fn chart_size(narrow: bool) -> Size {
    if narrow { Size { width: 320.0, height: 200.0 } } else { Size { width: 1_080.0, height: 250.0 } }
}

/// Returns a sentence about the first of a chart's series: where it stands, and between which values it was.
pub(super) fn described(summaries: &[chart::Summary], value: &dyn Fn(f64) -> String, locale: Locale) -> String {
    let Some(summary) = summaries.first() else { return String::new() };
    td_string!(
        locale,
        account.chart_text,
        last = value(summary.last.value),
        when = summary.last.label.clone(),
        low = value(summary.lowest.value),
        high = value(summary.highest.value)
    )
}

/// One line over time, with what it says of itself.
pub(super) struct TimeLine<'a> {
    /// What it shows.
    pub title: &'a str,
    /// The values.
    pub readings: Vec<chart::Reading>,
    /// Further lines, drawn after it.
    pub more: Vec<chart::Series>,
    /// What is shaded behind it.
    pub bands: Vec<chart::BandRange>,
    /// Which values the axis spans.
    pub scale: chart::Scale,
    /// How large it will be.
    pub size: Size,
}

/// Lays out one line over time.
pub(super) fn time_line(line: TimeLine<'_>, locale: Locale) -> Layout {
    let value = |value: f64| format::number((value * 10.0).round() / 10.0);
    let describe = |summaries: &[chart::Summary]| described(summaries, &value, locale);
    chart::line(&chart::LineChart {
        size: line.size,
        filled: line.bands.is_empty(),
        series: std::iter::once(chart::Series {
            name: line.title.to_owned(),
            tone: chart::Tone::Series1,
            readings: line.readings,
        })
        .chain(line.more)
        .collect(),
        bands: line.bands,
        scale: line.scale,
        words: Words {
            title: line.title,
            empty: td_string!(locale, account.chart_empty),
            missing: "–",
            headings: vec![td_string!(locale, account.date).to_owned()],
            value: &value,
            describe: &describe,
        },
        when: &format::tick,
    })
}
