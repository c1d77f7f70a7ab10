//! Dots between two axes of numbers.

use super::frame::Frame;
use super::path::tenth;
use super::scale::{Scale, Steps};
use super::{Anchor, Datum, Layout, Mark, Role, Size, Summary, Table, Tone, Words, summarize};

/// About how much room a label of the horizontal axis needs.
const TICK_WIDTH: f64 = 80.0;
/// The space that keeps dots off the axes.
const INSET: f64 = 6.0;

/// One dot.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// What it stands for.
    pub label: String,
    /// Its value on the horizontal axis; one that is not finite is not drawn.
    pub x: f64,
    /// Its value on the vertical axis; one that is not finite is not drawn.
    pub y: f64,
    /// What the colour means.
    pub tone: Tone,
}

/// What a scatter chart is made from; its table has three headings, for the label and both values.
#[derive(Clone)]
pub struct Scatter<'a> {
    /// How large it will be.
    pub size: Size,
    /// The dots, the first drawn first.
    pub spots: Vec<Spot>,
    /// What the axes show: the horizontal one and the vertical one.
    pub axes: (String, String),
    /// Which values each axis spans, in the same order.
    pub scales: (Scale, Scale),
    /// Formats a value of the horizontal axis.
    pub across: &'a dyn Fn(f64) -> String,
    /// What the colours stand for.
    pub legend: Vec<(String, Tone)>,
    /// What the chart says; its values are those of the vertical axis.
    pub words: Words<'a>,
}

/// Lays out a scatter chart.
#[must_use]
pub fn scatter(chart: &Scatter<'_>) -> Layout {
    let drawn = || chart.spots.iter().filter(|spot| spot.x.is_finite() && spot.y.is_finite());
    let frame = Frame::new(chart.size, chart.scales.1, drawn().map(|spot| spot.y), chart.words.value);
    let inset = INSET.min(frame.plot_width() / 4.0);
    let (left, right) = (frame.left + inset, frame.right - inset);
    let steps = Steps::of(chart.scales.0, drawn().map(|spot| spot.x), ((right - left) / TICK_WIDTH).floor().max(1.0));
    let x = |value: f64| tenth(left + steps.share(value) * (right - left));
    let mut marks = frame.grid();
    for tick in &steps.ticks {
        let (x, y1, y2) = (x(*tick), tenth(frame.top), tenth(frame.bottom));
        marks.push(Mark::Rule { x1: x, y1, x2: x, y2, role: Role::Grid });
    }
    marks.extend(frame.labels_below(steps.ticks.iter().map(|tick| (x(*tick), (chart.across)(*tick))).collect()));
    let title =
        |spot: &Spot| format!("{}: {} \u{b7} {}", spot.label, (chart.across)(spot.x), (chart.words.value)(spot.y));
    marks.extend(drawn().map(|spot| Mark::Dot {
        x: x(spot.x),
        y: frame.y(spot.y),
        tone: spot.tone,
        title: title(spot),
    }));
    let name = |x: f64, y: f64, anchor: Anchor, text: &str| Mark::Text {
        x: tenth(x),
        y: tenth(y),
        anchor,
        text: text.to_owned(),
        strong: false,
    };
    if frame.size.height > 4.0 * frame.top {
        marks.push(name(frame.left, frame.top - 6.0, Anchor::Start, &chart.axes.1));
        marks.push(name(frame.right, frame.bottom - 6.0, Anchor::End, &chart.axes.0));
    }
    let summaries: Vec<Summary> =
        summarize("", drawn().map(|spot| (spot.label.as_str(), spot.y))).into_iter().collect();
    let across = |value: f64| if value.is_finite() { (chart.across)(value) } else { chart.words.missing.to_owned() };
    let row = |spot: &Spot| vec![spot.label.clone(), across(spot.x), chart.words.cell(spot.y)];
    let data = |spot: &Spot| vec![Datum::Said, Datum::value(spot.x), Datum::value(spot.y)];
    let table = Table {
        headings: chart.words.headings.clone(),
        rows: chart.spots.iter().map(row).collect(),
        data: chart.spots.iter().map(data).collect(),
    };
    Layout { legend: chart.legend.clone(), ..chart.words.layout(frame.size, &summaries, marks, table) }
}
