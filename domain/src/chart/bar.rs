//! Vertical bars by category or by time.

use super::frame::Frame;
use super::path::tenth;
use super::scale::Scale;
use super::{Datum, Layout, Mark, Size, Summary, Table, Tone, Words, summarize};

/// How much of its place a bar fills.
const FILL: f64 = 0.7;

/// The widest a bar becomes when there are few.
const WIDEST: f64 = 56.0;

/// The least height of a bar that is not zero.
const LOWEST: f64 = 1.0;

/// One bar with its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The category, or the formatted date.
    pub label: String,
    /// The value; one that is not finite leaves the place empty.
    pub value: f64,
    /// What the colour means.
    pub tone: Tone,
}

/// What a bar chart is made from; its table has two headings, for the label and the value.
#[derive(Clone)]
pub struct BarChart<'a> {
    /// How large it will be.
    pub size: Size,
    /// The bars from left to right.
    pub bars: Vec<Bar>,
    /// Which values the axis spans; zero is always among them.
    pub scale: Scale,
    /// What the chart says.
    pub words: Words<'a>,
}

/// Lays out a bar chart; bars stand on zero, negative ones hang from it.
#[must_use]
pub fn bar(chart: &BarChart<'_>) -> Layout {
    let values = chart.bars.iter().map(|bar| bar.value).chain(std::iter::once(0.0));
    let frame = Frame::new(chart.size, chart.scale, values, chart.words.value);
    let slots = Slots::new(&frame, chart.bars.len());
    let mut marks = frame.grid();
    for (position, bar) in chart.bars.iter().enumerate().filter(|(_, bar)| bar.value.is_finite()) {
        let title = format!("{}: {}", bar.label, (chart.words.value)(bar.value));
        marks.push(upright(&frame, slots.bar(position), (frame.base(), bar.value), (bar.tone, title)));
    }
    let labels = chart.bars.iter().enumerate();
    marks.extend(frame.labels_below(labels.map(|(place, bar)| (slots.middle(place), bar.label.clone())).collect()));
    let summaries: Vec<Summary> =
        summarize("", chart.bars.iter().map(|bar| (bar.label.as_str(), bar.value))).into_iter().collect();
    let rows = chart.bars.iter().map(|bar| vec![bar.label.clone(), chart.words.cell(bar.value)]).collect();
    let data = chart.bars.iter().map(|bar| vec![Datum::Said, Datum::value(bar.value)]).collect();
    let table = Table { headings: chart.words.headings.clone(), rows, data };
    chart.words.layout(frame.size, &summaries, marks, table)
}

/// Equal places side by side, each with a bar in its middle.
pub(super) struct Slots {
    left: f64,
    pub(super) width: f64,
    bar_width: f64,
}

impl Slots {
    /// Divides the plot.
    pub(super) fn new(frame: &Frame, count: usize) -> Self {
        let width = frame.plot_width() / count.max(1) as f64;
        Self { left: frame.left, width, bar_width: (width * FILL).min(WIDEST) }
    }

    /// Returns the middle of a place.
    pub(super) fn middle(&self, position: usize) -> f64 {
        self.left + self.width * (position as f64 + 0.5)
    }

    /// Returns the left edge and the width of a bar.
    pub(super) fn bar(&self, position: usize) -> (f64, f64) {
        (tenth(self.middle(position) - self.bar_width / 2.0), tenth(self.bar_width))
    }
}

/// Draws a bar between two values.
pub(super) fn upright(
    frame: &Frame,
    (x, width): (f64, f64),
    (from, to): (f64, f64),
    (tone, title): (Tone, String),
) -> Mark {
    let (start, end) = (frame.y(from), frame.y(to));
    let mut y = start.min(end);
    let mut height = tenth((start - end).abs());
    if height < LOWEST && from != to {
        height = LOWEST;
        // A small rise grows upwards from where it starts, a small fall downwards, both inside the plot.
        y = if to > from { start - LOWEST } else { start };
        y = y.min(frame.bottom - LOWEST).max(0.0);
    }
    Mark::Rect { x, y: tenth(y), width, height, tone, title }
}
