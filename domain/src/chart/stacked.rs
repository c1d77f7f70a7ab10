//! Vertical bars, each divided by the same parts.

use super::bar::Slots;
use super::frame::{Frame, shortened};
use super::path::tenth;
use super::scale::{Scale, tame};
use super::{Datum, Layout, Mark, Size, Summary, Table, Tone, Words, summarize};

/// One bar with the value of each part, from the bottom to the top.
#[derive(Clone, Debug, PartialEq)]
pub struct StackedBar {
    /// The category.
    pub label: String,
    /// As many values as there are parts; zero, less, or no number at all is not drawn.
    pub values: Vec<f64>,
}

/// What stacked bars are made from; their table has one heading for the label, the names of the parts follow.
#[derive(Clone)]
pub struct StackedChart<'a> {
    /// How large it will be.
    pub size: Size,
    /// The parts with their colours, from the bottom to the top.
    pub parts: Vec<(String, Tone)>,
    /// The bars from left to right.
    pub bars: Vec<StackedBar>,
    /// Whether the bars follow each other, so that a label that has no room is left out rather than shortened.
    pub in_order: bool,
    /// What the chart says.
    pub words: Words<'a>,
}

/// Lays out stacked bars.
#[must_use]
pub fn stacked(chart: &StackedChart<'_>) -> Layout {
    let total = |bar: &StackedBar| bar.values.iter().map(|value| amount(*value)).sum::<f64>();
    let frame = Frame::new(
        chart.size,
        Scale::Automatic,
        chart.bars.iter().map(total).chain(std::iter::once(0.0)),
        chart.words.value,
    );
    let slots = Slots::new(&frame, chart.bars.len());
    let mut marks = frame.grid();
    for (place, bar) in chart.bars.iter().enumerate() {
        let (x, width) = slots.bar(place);
        let mut below = 0.0;
        for (value, (name, tone)) in bar.values.iter().zip(&chart.parts) {
            let above = below + amount(*value);
            let (y, bottom) = (frame.y(above), frame.y(below));
            if bottom > y {
                let title = format!("{}, {name}: {}", bar.label, (chart.words.value)(*value));
                marks.push(Mark::Rect { x, y, width, height: tenth(bottom - y), tone: *tone, title });
            }
            below = above;
        }
    }
    let room = if chart.in_order { f64::INFINITY } else { slots.width - 6.0 };
    let labels = chart.bars.iter().enumerate();
    let labels = labels.map(|(place, bar)| (slots.middle(place), shortened(&bar.label, room)));
    marks.extend(frame.labels_below(labels.collect()));
    let summaries: Vec<Summary> =
        summarize("", chart.bars.iter().map(|bar| (bar.label.as_str(), total(bar)))).into_iter().collect();
    let row = |bar: &StackedBar| {
        let cells = bar.values.iter().take(chart.parts.len()).map(|value| chart.words.cell(*value));
        let mut row: Vec<String> = std::iter::once(bar.label.clone()).chain(cells).collect();
        row.resize(chart.parts.len() + 1, chart.words.missing.to_owned());
        row
    };
    let data = |bar: &StackedBar| {
        let values = bar.values.iter().take(chart.parts.len()).map(|value| Datum::value(*value));
        std::iter::once(Datum::Said).chain(values).collect()
    };
    let first = chart.words.headings.first().cloned().unwrap_or_default();
    let table = Table {
        headings: std::iter::once(first).chain(chart.parts.iter().map(|(name, _)| name.clone())).collect(),
        rows: chart.bars.iter().map(row).collect(),
        data: chart.bars.iter().map(data).collect(),
    };
    Layout { legend: chart.parts.clone(), ..chart.words.layout(frame.size, &summaries, marks, table) }
}

fn amount(value: f64) -> f64 {
    if value.is_finite() { tame(value).max(0.0) } else { 0.0 }
}
