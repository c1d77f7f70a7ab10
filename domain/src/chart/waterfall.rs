//! How one total became another: a start, rises and falls, and what they add up to.

use super::bar::{Slots, upright};
use super::frame::{Frame, shortened, text_width};
use super::path::tenth;
use super::scale::{Scale, tame};
use super::{Anchor, Datum, Layout, Mark, Role, Size, Summary, Table, Tone, Words, summarize};

/// How far a value is written above its bar.
const LIFT: f64 = 4.0;

/// One rise or fall.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What changed.
    pub label: String,
    /// By how much; one that is not finite changes nothing.
    pub delta: f64,
}

/// What a waterfall is made from; its table has three headings, for the label, the change and the total after it.
#[derive(Clone)]
pub struct Waterfall<'a> {
    /// How large it will be.
    pub size: Size,
    /// Label and value of the total before, or `None` to start from zero.
    pub start: Option<(String, f64)>,
    /// The rises and falls in order.
    pub changes: Vec<Change>,
    /// The label of the total at the end; its value is what start and changes add up to.
    pub total_label: String,
    /// What the chart says.
    pub words: Words<'a>,
    /// Formats a change, with its sign.
    pub change: &'a dyn Fn(f64) -> String,
}

/// One bar of a waterfall, between two values.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// What the bar stands for.
    pub label: String,
    /// Where it starts; zero for totals.
    pub from: f64,
    /// Where it ends, which is the total so far.
    pub to: f64,
    /// The change as it was given; `None` for totals.
    pub delta: Option<f64>,
    /// Positive, negative, neutral or total.
    pub tone: Tone,
}

impl Waterfall<'_> {
    /// Returns the bars with their running totals; empty when there is neither a start nor a change.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        let total =
            |label: &str, to: f64| Span { label: label.to_owned(), from: 0.0, to, delta: None, tone: Tone::Total };
        let mut spans = Vec::new();
        let mut running = 0.0;
        if let Some((label, value)) = &self.start {
            running = tame(*value);
            spans.push(total(label, running));
        }
        for change in &self.changes {
            let delta = if change.delta.is_finite() { tame(change.delta) } else { 0.0 };
            let (from, to) = (running, tame(running + delta));
            let tone = match delta {
                delta if delta > 0.0 => Tone::Positive,
                delta if delta < 0.0 => Tone::Negative,
                _ => Tone::Neutral,
            };
            spans.push(Span { label: change.label.clone(), from, to, delta: Some(change.delta), tone });
            running = to;
        }
        if !spans.is_empty() {
            spans.push(total(&self.total_label, running));
        }
        spans
    }

    /// Writes what a bar adds, or the total it stands for.
    fn amount(&self, span: &Span) -> String {
        match span.delta {
            Some(delta) if delta.is_finite() => (self.change)(delta),
            Some(_) => self.words.missing.to_owned(),
            None => (self.words.value)(span.to),
        }
    }
}

/// Lays out a waterfall; dashed links lead from each bar to the next.
#[must_use]
pub fn waterfall(chart: &Waterfall<'_>) -> Layout {
    let spans = chart.spans();
    let values = spans.iter().flat_map(|span| [span.from, span.to]).chain(std::iter::once(0.0));
    let frame = Frame::new(chart.size, Scale::Automatic, values, chart.words.value);
    let slots = Slots::new(&frame, spans.len());
    let mut marks = frame.grid();
    marks.extend(links(&frame, &slots, &spans));
    let mut labels = Vec::new();
    for (position, span) in spans.iter().enumerate() {
        let amount = chart.amount(span);
        let title = format!("{}: {amount}", span.label);
        marks.push(upright(&frame, slots.bar(position), (span.from, span.to), (span.tone, title)));
        if text_width(&amount) + LIFT <= slots.width {
            let y = tenth((frame.y(span.from.max(span.to)) - LIFT).max(0.0));
            let (x, strong) = (tenth(slots.middle(position)), span.delta.is_none());
            marks.push(Mark::Text { x, y, anchor: Anchor::Middle, text: amount, strong });
        }
        // A shortened name says more than a missing one; the full name is in the title and the table.
        labels.push((slots.middle(position), shortened(&span.label, slots.width - 8.0)));
    }
    marks.extend(frame.labels_below(labels));
    let summaries: Vec<Summary> =
        summarize("", spans.iter().map(|span| (span.label.as_str(), span.to))).into_iter().collect();
    chart.words.layout(frame.size, &summaries, marks, table(chart, &spans))
}

fn links(frame: &Frame, slots: &Slots, spans: &[Span]) -> Vec<Mark> {
    let places = (0..spans.len()).map(|position| slots.bar(position));
    spans
        .iter()
        .zip(places.clone().zip(places.skip(1)))
        .map(|(span, ((x, width), (next, _)))| {
            let y = frame.y(span.to);
            Mark::Rule { x1: tenth(x + width), y1: y, x2: next, y2: y, role: Role::Link }
        })
        .collect()
}

fn table(chart: &Waterfall<'_>, spans: &[Span]) -> Table {
    let row = |span: &Span| {
        let change = if span.delta.is_some() { chart.amount(span) } else { String::new() };
        vec![span.label.clone(), change, (chart.words.value)(span.to)]
    };
    let datum = |span: &Span| vec![Datum::Said, span.delta.map_or(Datum::Said, Datum::value), Datum::value(span.to)];
    Table {
        headings: chart.words.headings.clone(),
        rows: spans.iter().map(row).collect(),
        data: spans.iter().map(datum).collect(),
    }
}
