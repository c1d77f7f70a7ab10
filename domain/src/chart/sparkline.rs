//! A line the size of a word.

use super::line::{draw, runs, sorted, summary};
use super::path::tenth;
use super::scale::{Scale, Steps, tame_size};
use super::time_axis::{TimeAxis, TimeStep};
use super::{Datum, Layout, Mark, Series, Size, Table, Words};
use crate::time::Timestamp;

/// The room for the dot at the end and the line's own width.
const INSET: f64 = 3.0;

/// What a sparkline is made from; its table has two headings, for the date and the value.
#[derive(Clone)]
pub struct Sparkline<'a> {
    /// How large it will be.
    pub size: Size,
    /// The one line.
    pub series: Series,
    /// Which values it spans; automatic is from the smallest to the largest, without rounding.
    pub scale: Scale,
    /// What the chart says.
    pub words: Words<'a>,
    /// Formats a date for the table and the description.
    pub when: &'a dyn Fn(Timestamp, TimeStep) -> String,
}

/// Lays out a sparkline: the line and a dot at its end.
#[must_use]
pub fn sparkline(chart: &Sparkline<'_>) -> Layout {
    let size = tame_size(chart.size);
    let series = sorted(&chart.series);
    let finite = || series.readings.iter().filter(|reading| reading.value.is_finite());
    let (inset_x, inset_y) = (INSET.min(size.width / 2.0), INSET.min(size.height / 2.0));
    let span = Span::new(chart.scale, finite().map(|reading| reading.value));
    let axis = TimeAxis::new(finite().map(|reading| reading.at), inset_x, size.width - inset_x);
    let y = |value: f64| tenth(size.height - inset_y - span.share(value) * (size.height - 2.0 * inset_y));
    let runs = runs(&series.readings, |reading| (axis.x(reading.at), y(reading.value)));
    let mut marks = draw(&runs, series.tone, None);
    let day = |at: Timestamp| (chart.when)(at, TimeStep::Day);
    if let Some(last) = finite().next_back() {
        let title = format!("{}: {}", day(last.at), (chart.words.value)(last.value));
        marks.push(Mark::Dot { x: axis.x(last.at), y: y(last.value), tone: series.tone, title });
    }
    let rows = series.readings.iter().map(|reading| vec![day(reading.at), chart.words.cell(reading.value)]).collect();
    let data = series.readings.iter().map(|reading| vec![Datum::Moment(reading.at), Datum::value(reading.value)]);
    let table = Table { headings: chart.words.headings.clone(), rows, data: data.collect() };
    let summaries: Vec<_> = summary(&series, chart.when).into_iter().collect();
    chart.words.layout(size, &summaries, marks, table)
}

/// The values a sparkline spans; equal values lie in the middle.
enum Span {
    Equal,
    Steps(Steps),
}

impl Span {
    fn new(scale: Scale, values: impl Iterator<Item = f64> + Clone) -> Self {
        let mut steps = Steps::of(scale, values.clone(), 1.0);
        if scale == Scale::Automatic {
            let (low, high) =
                values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
            // Where a thousandth of the rounded span is not filled, a line would only show noise.
            if steps.share(high) - steps.share(low) < 1e-3 {
                return Self::Equal;
            }
            (steps.low, steps.high) = (super::scale::tame(low), super::scale::tame(high));
        }
        Self::Steps(steps)
    }

    fn share(&self, value: f64) -> f64 {
        match self {
            Self::Equal => 0.5,
            Self::Steps(steps) => steps.share(value),
        }
    }
}
