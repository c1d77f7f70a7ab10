//! Values over time, as one or more lines.

use std::collections::BTreeMap;

use super::frame::Frame;
use super::path::tenth;
use super::scale::Scale;
use super::time_axis::{TimeAxis, TimeStep};
use super::{Datum, Layout, Mark, Size, Stop, Summary, Table, Tone, Words, summarize};
use crate::time::Timestamp;

/// One value at one moment; a value that is not finite is a gap in the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// When it was.
    pub at: Timestamp,
    /// How much it was.
    pub value: f64,
}

/// One line with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What the line shows, and the heading of its column in the table.
    pub name: String,
    /// What the colour means.
    pub tone: Tone,
    /// The values in any order; the chart sorts them by time.
    pub readings: Vec<Reading>,
}

/// A range of values that is shaded behind the lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandRange {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What the colour means.
    pub tone: Tone,
}

/// What a line chart is made from; its table has one heading for the date, the series' names follow.
#[derive(Clone)]
pub struct LineChart<'a> {
    /// How large it will be.
    pub size: Size,
    /// The lines, the first drawn first.
    pub series: Vec<Series>,
    /// The shaded ranges behind them.
    pub bands: Vec<BandRange>,
    /// Which values the axis spans.
    pub scale: Scale,
    /// Whether the area below a single line is filled; several lines never are.
    pub filled: bool,
    /// What the chart says.
    pub words: Words<'a>,
    /// Formats a date, which begins at midnight UTC when it is a tick.
    pub when: &'a dyn Fn(Timestamp, TimeStep) -> String,
}

/// Lays out a line chart.
#[must_use]
pub fn line(chart: &LineChart<'_>) -> Layout {
    let series: Vec<Series> = chart.series.iter().map(sorted).collect();
    let readings = || series.iter().flat_map(|series| &series.readings).filter(|reading| reading.value.is_finite());
    let frame = Frame::new(chart.size, chart.scale, readings().map(|reading| reading.value), chart.words.value);
    let axis = TimeAxis::new(readings().map(|reading| reading.at), frame.left, frame.right);
    let summaries: Vec<Summary> = series.iter().filter_map(|series| summary(series, chart.when)).collect();
    let mut marks: Vec<Mark> = chart.bands.iter().filter_map(|band| background(&frame, band)).collect();
    if !summaries.is_empty() {
        marks.extend(frame.grid());
        marks.extend(frame.labels_below(axis.ticks(chart.when)));
    }
    for series in &series {
        let filled = chart.filled && chart.series.len() == 1;
        let runs = runs(&series.readings, |reading| (axis.x(reading.at), frame.y(reading.value)));
        marks.extend(draw(&runs, series.tone, filled.then(|| frame.y(frame.base()))));
        marks.extend(dots(chart, series, &axis, &frame));
    }
    let moments = if summaries.is_empty() { Vec::new() } else { moments(chart, &series, &axis, &frame) };
    let layout = chart.words.layout(frame.size, &summaries, marks, table(chart, &series));
    Layout { legend: legend(&series), moments, ..layout }
}

/// Returns what all lines say at each moment at which one of them has a value; it stands at the first of these.
fn moments(chart: &LineChart<'_>, series: &[Series], axis: &TimeAxis, frame: &Frame) -> Vec<Stop> {
    let mut said: BTreeMap<Timestamp, (f64, Vec<String>)> = BTreeMap::new();
    for one in series {
        for reading in one.readings.iter().filter(|reading| reading.value.is_finite()) {
            let value = (chart.words.value)(reading.value);
            let words = if series.len() > 1 { format!("{} {value}", one.name) } else { value };
            said.entry(reading.at).or_insert_with(|| (frame.y(reading.value), Vec::new())).1.push(words);
        }
    }
    let stop = |(at, (y, values)): (Timestamp, (f64, Vec<String>))| Stop {
        x: axis.x(at),
        y,
        text: format!("{}: {}", (chart.when)(at, TimeStep::Day), values.join(" \u{b7} ")),
        outline: Vec::new(),
        is_moment: true,
    };
    said.into_iter().map(stop).collect()
}

/// Names the lines; those of one colour share a place, and a line that is alone needs no name.
fn legend(series: &[Series]) -> Vec<(String, Tone)> {
    let mut legend: Vec<(String, Tone)> = Vec::new();
    for one in series.iter().filter(|_| series.len() > 1) {
        match legend.iter_mut().find(|(_, tone)| *tone == one.tone) {
            Some((names, _)) => {
                names.push_str(", ");
                names.push_str(&one.name);
            }
            None => legend.push((one.name.clone(), one.tone)),
        }
    }
    legend
}

/// Sums up a series whose readings are sorted.
pub(super) fn summary(series: &Series, when: &dyn Fn(Timestamp, TimeStep) -> String) -> Option<Summary> {
    let labels: Vec<String> = series.readings.iter().map(|reading| when(reading.at, TimeStep::Day)).collect();
    let values = series.readings.iter().map(|reading| reading.value);
    summarize(&series.name, labels.iter().map(String::as_str).zip(values))
}

/// Returns the series with its readings in order of time.
pub(super) fn sorted(series: &Series) -> Series {
    let mut series = series.clone();
    series.readings.sort_by_key(|reading| reading.at);
    series
}

/// Splits readings at the gaps and places them.
pub(super) fn runs(readings: &[Reading], place: impl Fn(&Reading) -> (f64, f64)) -> Vec<Vec<(f64, f64)>> {
    let parts = readings.split(|reading| !reading.value.is_finite()).filter(|run| !run.is_empty());
    parts.map(|run| run.iter().map(&place).collect()).collect()
}

/// Draws the lines of the runs with two points or more, over an area that stands on `base` when there is one.
pub(super) fn draw(runs: &[Vec<(f64, f64)>], tone: Tone, base: Option<f64>) -> Vec<Mark> {
    let mut marks = Vec::new();
    for run in runs {
        let [first, .., last] = run.as_slice() else { continue };
        if let Some(base) = base {
            let mut points = run.clone();
            points.extend([(last.0, base), (first.0, base)]);
            marks.push(Mark::Area { points, tone });
        }
        marks.push(Mark::Line { points: run.clone(), tone });
    }
    marks
}

/// Marks the last reading, and those between two gaps, which no line shows.
fn dots(chart: &LineChart<'_>, series: &Series, axis: &TimeAxis, frame: &Frame) -> Vec<Mark> {
    let runs = || series.readings.split(|reading| !reading.value.is_finite()).filter(|run| !run.is_empty());
    let last = runs().next_back().filter(|run| run.len() > 1).and_then(<[Reading]>::last);
    let single = runs().filter(|run| run.len() == 1).flatten();
    let dot = |reading: &Reading| {
        let when = (chart.when)(reading.at, TimeStep::Day);
        let title = format!("{} \u{b7} {when}: {}", series.name, (chart.words.value)(reading.value));
        Mark::Dot { x: axis.x(reading.at), y: frame.y(reading.value), tone: series.tone, title }
    };
    single.chain(last).map(dot).collect()
}

fn background(frame: &Frame, band: &BandRange) -> Option<Mark> {
    // A band may be open to one side; only what is no number at all cannot be drawn.
    if band.low.is_nan() || band.high.is_nan() {
        return None;
    }
    let (y, below) = (frame.y(band.high), frame.y(band.low));
    let (x, width) = (tenth(frame.left), tenth(frame.plot_width()));
    let height = tenth(below - y);
    (height > 0.0).then(|| Mark::Rect { x, y, width, height, tone: band.tone, title: String::new() })
}

fn table(chart: &LineChart<'_>, series: &[Series]) -> Table {
    let mut moments: BTreeMap<Timestamp, Vec<(String, f64)>> = BTreeMap::new();
    for (position, one) in series.iter().enumerate() {
        for reading in &one.readings {
            let nothing = || vec![(chart.words.missing.to_owned(), f64::NAN); series.len()];
            if let Some(cell) = moments.entry(reading.at).or_insert_with(nothing).get_mut(position) {
                *cell = (chart.words.cell(reading.value), reading.value);
            }
        }
    }
    let mut table =
        Table { headings: vec![chart.words.headings.first().cloned().unwrap_or_default()], ..Table::default() };
    table.headings.extend(series.iter().map(|series| series.name.clone()));
    for (at, cells) in moments {
        let (texts, values): (Vec<String>, Vec<f64>) = cells.into_iter().unzip();
        table.rows.push(std::iter::once((chart.when)(at, TimeStep::Day)).chain(texts).collect());
        table.data.push(std::iter::once(Datum::Moment(at)).chain(values.into_iter().map(Datum::value)).collect());
    }
    table
}
