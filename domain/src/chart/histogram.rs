//! Bars side by side over a range of values, with marks where ranks lie.

use super::bar::{Bar, upright};
use super::frame::Frame;
use super::path::tenth;
use super::scale::Scale;
use super::{Anchor, Datum, Layout, Mark, Role, Size, Summary, Table, Words, summarize};

/// The space between two bars.
const GAP: f64 = 1.0;
/// The least space between the labels of two marks.
const LABEL_ROOM: f64 = 34.0;

/// What a histogram is made from; its table has two headings, for the range and the value.
#[derive(Clone)]
pub struct Histogram<'a> {
    /// How large it will be.
    pub size: Size,
    /// One bar for each range of the same width, from the lowest on; labels begin where the range does.
    pub bars: Vec<Bar>,
    /// What is marked: its label, and where it lies from 0, the begin of the first bar, to 1, the end of the last.
    pub markers: Vec<(String, f64)>,
    /// What the chart says.
    pub words: Words<'a>,
}

/// Lays out a histogram.
#[must_use]
pub fn histogram(chart: &Histogram<'_>) -> Layout {
    let values = chart.bars.iter().map(|bar| bar.value).chain(std::iter::once(0.0));
    let frame = Frame::new(chart.size, Scale::Automatic, values, chart.words.value);
    let width = frame.plot_width() / chart.bars.len().max(1) as f64;
    let left = |place: usize| frame.left + width * place as f64;
    let mut marks = frame.grid();
    for (place, bar) in chart.bars.iter().enumerate().filter(|(_, bar)| bar.value.is_finite()) {
        let title = format!("{}: {}", bar.label, (chart.words.value)(bar.value));
        let across = (tenth(left(place) + GAP / 2.0), tenth((width - GAP).max(GAP)));
        marks.push(upright(&frame, across, (frame.base(), bar.value), (bar.tone, title)));
    }
    let begins = |bar: &Bar| bar.label.split(['\u{2013}', '-']).next().unwrap_or_default().to_owned();
    let labels = chart.bars.iter().enumerate().map(|(place, bar)| (left(place), begins(bar)));
    marks.extend(frame.labels_below(labels.collect()));
    let mut free_from = f64::NEG_INFINITY;
    for (label, share) in &chart.markers {
        let x = tenth(frame.left + frame.plot_width() * share.clamp(0.0, 1.0));
        marks.push(Mark::Rule { x1: x, y1: tenth(frame.top), x2: x, y2: tenth(frame.bottom), role: Role::Link });
        if x >= free_from {
            let (y, text) = (tenth(frame.top - 4.0), label.clone());
            marks.push(Mark::Text { x, y, anchor: Anchor::Middle, text, strong: false });
            free_from = x + LABEL_ROOM;
        }
    }
    let summaries: Vec<Summary> =
        summarize("", chart.bars.iter().map(|bar| (bar.label.as_str(), bar.value))).into_iter().collect();
    let rows = chart.bars.iter().map(|bar| vec![bar.label.clone(), chart.words.cell(bar.value)]).collect();
    let data = chart.bars.iter().map(|bar| vec![Datum::Said, Datum::value(bar.value)]).collect();
    let table = Table { headings: chart.words.headings.clone(), rows, data };
    chart.words.layout(frame.size, &summaries, marks, table)
}
