//! Half a ring on which a value stands between two ends, with the ranges that it may lie in.

use super::circle::Ring;
use super::path::tenth;
use super::scale::{has_room, tame, tame_size};
use super::{Anchor, BandRange, Datum, Layout, Mark, Size, Summary, Table, Tone, Words, summarize};

/// How much of the outer radius the hole takes, and how much the thin ring of the ranges.
const HOLE: f64 = 0.7;
const RANGES: f64 = 0.94;
/// The room below the ring for the ends, and above it.
const BELOW: f64 = 20.0;
const ABOVE: f64 = 4.0;
/// The share of a turn that half a ring takes, and where it begins.
const HALF: f64 = 0.5;
const BEGIN: f64 = 0.75;

/// What a gauge is made from; its table has two headings, for what is measured and the value.
#[derive(Clone)]
pub struct Gauge<'a> {
    /// How large it will be.
    pub size: Size,
    /// The lowest and the highest value.
    pub ends: (f64, f64),
    /// The value; one that is not finite leaves the gauge empty.
    pub value: f64,
    /// What the colour of the value means.
    pub tone: Tone,
    /// What the value is, such as a band.
    pub label: String,
    /// The ranges that are marked along the ring.
    pub ranges: Vec<BandRange>,
    /// What the chart says.
    pub words: Words<'a>,
}

/// Lays out a gauge: a faint track, the value along it, and the ranges as a thin ring around both.
#[must_use]
pub fn gauge(chart: &Gauge<'_>) -> Layout {
    let size = tame_size(chart.size);
    let above = ABOVE.min(size.height / 8.0);
    let outer = (size.height - BELOW - above).min(size.width / 2.0).max(0.0);
    let middle = (size.width / 2.0, above + outer);
    let share = |value: f64| share(value, chart.ends);
    let turn = |value: f64| BEGIN + HALF * share(value);
    let (track, thin) = (
        Ring { middle, inner: outer * HOLE, outer: outer * (RANGES - 0.02) },
        Ring { middle, inner: outer * RANGES, outer },
    );
    let mut marks = vec![Mark::Area { points: track.part(BEGIN, BEGIN + HALF), tone: Tone::Neutral }];
    for range in chart.ranges.iter().filter(|range| share(range.high) > share(range.low)) {
        let ends = format!("{}\u{2013}{}", (chart.words.value)(range.low), (chart.words.value)(range.high));
        marks.push(Mark::Shape { points: thin.part(turn(range.low), turn(range.high)), tone: range.tone, title: ends });
    }
    if chart.value.is_finite() {
        let title = format!("{}: {}", chart.label, (chart.words.value)(chart.value));
        // A value at the low end is still seen.
        let end = turn(chart.value).max(BEGIN + 0.006);
        marks.push(Mark::Shape { points: track.part(BEGIN, end), tone: chart.tone, title });
    }
    if has_room(size) {
        marks.extend(words(chart, middle, outer));
    }
    let summaries: Vec<Summary> =
        summarize("", std::iter::once((chart.label.as_str(), chart.value))).into_iter().collect();
    let table = Table {
        headings: chart.words.headings.clone(),
        rows: vec![vec![chart.label.clone(), chart.words.cell(chart.value)]],
        data: vec![vec![Datum::Said, Datum::value(chart.value)]],
    };
    chart.words.layout(size, &summaries, marks, table)
}

fn share(value: f64, (low, high): (f64, f64)) -> f64 {
    let (low, high) = (tame(low), tame(high));
    if high > low { ((tame(value) - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 }
}

fn words(chart: &Gauge<'_>, middle: (f64, f64), outer: f64) -> Vec<Mark> {
    let text = |x: f64, y: f64, text: String, strong: bool| Mark::Text {
        x: tenth(x),
        y: tenth(y),
        anchor: Anchor::Middle,
        text,
        strong,
    };
    let (width, below) = (outer * (1.0 - HOLE) / 2.0, middle.1 + BELOW - 6.0);
    let mut marks = vec![
        text(middle.0 - outer + width, below, (chart.words.value)(chart.ends.0), false),
        text(middle.0 + outer - width, below, (chart.words.value)(chart.ends.1), false),
    ];
    if chart.value.is_finite() {
        let (x, y) = (tenth(middle.0), tenth(middle.1 - outer * 0.14));
        marks.push(Mark::Figure { x, y, anchor: Anchor::Middle, text: (chart.words.value)(chart.value) });
        marks.push(text(middle.0, middle.1 + 4.0, chart.label.clone(), true));
    }
    marks
}
