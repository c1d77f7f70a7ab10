//! The one chart model: data and a size become positioned marks, drawn alike to SVG on screen and to vectors in a PDF.
//!
//! Every chart also carries its title, a description and a table with the same facts. All words and all number and
//! date formats come from the caller, so that charts know nothing of languages. The arithmetic keeps to operations
//! that give the same bits natively and in WebAssembly, so that a server's drawing equals the browser's.

mod bar;
mod beside;
mod circle;
mod distribution;
mod donut;
pub mod file;
mod frame;
mod funnel;
mod gauge;
mod heat_map;
mod histogram;
pub mod ink;
mod line;
mod path;
mod scale;
mod scatter;
mod sparkline;
mod stacked;
mod stops;
mod time_axis;
mod tone;
mod waterfall;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

pub use bar::{Bar, BarChart, bar};
pub use beside::beside;
pub use distribution::{Distribution, Share, distribution};
pub use donut::{Donut, donut};
pub use funnel::{Funnel, funnel};
pub use gauge::{Gauge, gauge};
pub use heat_map::{HeatCell, HeatMap, heat_map};
pub use histogram::{Histogram, histogram};
pub use line::{BandRange, LineChart, Reading, Series, line};
pub use path::{closed_path_d, path_d};
pub use scale::Scale;
pub use scatter::{Scatter, Spot, scatter};
pub use sparkline::{Sparkline, sparkline};
pub use stacked::{StackedBar, StackedChart, stacked};
pub use stops::{Stop, nearest};
pub use time_axis::TimeStep;
pub use tone::Tone;
pub use waterfall::{Change, Span, Waterfall, waterfall};

/// The size of a drawing in pixels (or points on paper).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// From side to side.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// Which end of a text its position names; always read left to right, whatever the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The text begins at the position.
    Start,
    /// The text is centred on the position.
    Middle,
    /// The text ends at the position.
    End,
}

impl Anchor {
    /// Returns the value of SVG's `text-anchor`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// What a straight rule is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The base line values are measured from.
    Axis,
    /// A faint line that helps to read values.
    Grid,
    /// From one bar of a waterfall to the next.
    Link,
}

impl Role {
    /// Returns the role's stable name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Axis => "axis",
            Self::Grid => "grid",
            Self::Link => "link",
        }
    }
}

/// One positioned primitive; later marks are drawn over earlier ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "mark", rename_all = "snake_case")]
pub enum Mark {
    /// An open line through points.
    Line {
        /// The corners, in drawing order.
        points: Vec<(f64, f64)>,
        /// What the colour means.
        tone: Tone,
    },
    /// A faintly filled shape.
    Area {
        /// The corners, in drawing order; the last joins the first.
        points: Vec<(f64, f64)>,
        /// What the colour means.
        tone: Tone,
    },
    /// A filled rectangle.
    Rect {
        /// The left edge.
        x: f64,
        /// The top edge.
        y: f64,
        /// Never negative.
        width: f64,
        /// Never negative.
        height: f64,
        /// What the colour means.
        tone: Tone,
        /// What the rectangle stands for; empty for a background, which is to be drawn faintly.
        title: String,
    },
    /// A filled shape.
    Shape {
        /// The corners, in drawing order; the last joins the first.
        points: Vec<(f64, f64)>,
        /// What the colour means.
        tone: Tone,
        /// What the shape stands for.
        title: String,
    },
    /// A rectangle that is filled the more strongly the more it holds.
    Shade {
        /// The left edge.
        x: f64,
        /// The top edge.
        y: f64,
        /// Never negative.
        width: f64,
        /// Never negative.
        height: f64,
        /// What the colour means.
        tone: Tone,
        /// How strong the colour is, from 0 to 1.
        strength: f64,
        /// What the rectangle stands for.
        title: String,
    },
    /// A number that is read first, twice as large as labels.
    Figure {
        /// Where the anchor is.
        x: f64,
        /// The base line of the letters.
        y: f64,
        /// Which end of the text `x` names.
        anchor: Anchor,
        /// The words, as the caller gave them.
        text: String,
    },
    /// A line of text.
    Text {
        /// Where the anchor is.
        x: f64,
        /// The base line of the letters.
        y: f64,
        /// Which end of the text `x` names.
        anchor: Anchor,
        /// The words, as the caller gave them.
        text: String,
        /// Whether the text matters more than the labels around it.
        strong: bool,
    },
    /// A straight rule.
    Rule {
        /// Where it begins, from the left.
        x1: f64,
        /// Where it begins, from the top.
        y1: f64,
        /// Where it ends, from the left.
        x2: f64,
        /// Where it ends, from the top.
        y2: f64,
        /// What the rule is there for.
        role: Role,
    },
    /// A point worth seeing.
    Dot {
        /// The centre, from the left.
        x: f64,
        /// The centre, from the top.
        y: f64,
        /// What the colour means.
        tone: Tone,
        /// What the point stands for.
        title: String,
    },
}

impl Mark {
    /// Returns whether the mark is a background, to be drawn faintly behind the data.
    #[must_use]
    pub fn is_background(&self) -> bool {
        matches!(self, Self::Rect { title, .. } if title.is_empty())
    }
}

/// What a cell of a table stands for, for those who go on reckoning with it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// What the cell says, and no more.
    Said,
    /// A number that is not there.
    Missing,
    /// A number.
    Number(f64),
    /// A moment.
    Moment(Timestamp),
}

impl Datum {
    /// Returns what a value is; one that is not finite is not there.
    fn value(value: f64) -> Self {
        if value.is_finite() { Self::Number(value) } else { Self::Missing }
    }
}

/// The facts of a chart as rows, for those who cannot or would rather not read the picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// One heading per column.
    pub headings: Vec<String>,
    /// The cells, each row as long as the headings.
    pub rows: Vec<Vec<String>>,
    /// What the cells stand for, row by row; a cell without a word here stands for what it says.
    pub data: Vec<Vec<Datum>>,
}

/// A chart that is ready to be drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// From side to side.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
    /// What to draw, back to front; empty when there is nothing to show.
    pub marks: Vec<Mark>,
    /// The chart's name.
    pub title: String,
    /// What the chart shows, in a sentence; the caller's words for "nothing yet" when there is nothing.
    pub description: String,
    /// The same facts as a table.
    pub table: Table,
    /// What the colours stand for, where the drawing itself does not say it.
    pub legend: Vec<(String, Tone)>,
    /// What lines say, moment by moment; empty for charts whose marks say it.
    pub moments: Vec<Stop>,
}

impl Layout {
    /// Returns whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }
}

/// One value with the label it goes by.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The category or the formatted date.
    pub label: String,
    /// The value as it was given.
    pub value: f64,
}

/// What a description can say of one series; values that are not finite do not count.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The series' name; empty for charts with a single one.
    pub name: String,
    /// The first value.
    pub first: Fact,
    /// The last value.
    pub last: Fact,
    /// The smallest value, the earliest of equals.
    pub lowest: Fact,
    /// The largest value, the earliest of equals.
    pub highest: Fact,
}

/// Everything a chart says, in the reader's language.
#[derive(Clone)]
pub struct Words<'a> {
    /// The chart's name.
    pub title: &'a str,
    /// The description when there is nothing to show.
    pub empty: &'a str,
    /// What stands in the table for a value that is not there.
    pub missing: &'a str,
    /// The headings of the table; each chart says how many it needs, missing ones stay blank.
    pub headings: Vec<String>,
    /// Formats a value.
    pub value: &'a dyn Fn(f64) -> String,
    /// Writes the description from what there is to say, one summary for each series that has values.
    pub describe: &'a dyn Fn(&[Summary]) -> String,
}

impl Words<'_> {
    /// Formats a value, or says that it is missing.
    fn cell(&self, value: f64) -> String {
        if value.is_finite() { (self.value)(value) } else { self.missing.to_owned() }
    }

    /// Puts a finished chart together; without a summary there is nothing to show.
    fn layout(&self, size: Size, summaries: &[Summary], marks: Vec<Mark>, mut table: Table) -> Layout {
        let columns = table.rows.first().map_or(table.headings.len(), Vec::len);
        table.headings.resize(columns, String::new());
        let empty = summaries.is_empty();
        Layout {
            width: size.width,
            height: size.height,
            marks: if empty { Vec::new() } else { marks },
            title: self.title.to_owned(),
            description: if empty { self.empty.to_owned() } else { (self.describe)(summaries) },
            table,
            legend: Vec::new(),
            moments: Vec::new(),
        }
    }
}

/// Sums up labelled values, or returns `None` when none of them is finite.
fn summarize<'a>(name: &str, facts: impl Iterator<Item = (&'a str, f64)>) -> Option<Summary> {
    let mut finite = facts.filter(|(_, value)| value.is_finite());
    let first = finite.next()?;
    let (mut last, mut lowest, mut highest) = (first, first, first);
    for fact in finite {
        last = fact;
        if fact.1 < lowest.1 {
            lowest = fact;
        }
        if fact.1 > highest.1 {
            highest = fact;
        }
    }
    let fact = |(label, value): (&str, f64)| Fact { label: label.to_owned(), value };
    Some(Summary {
        name: name.to_owned(),
        first: fact(first),
        last: fact(last),
        lowest: fact(lowest),
        highest: fact(highest),
    })
}
