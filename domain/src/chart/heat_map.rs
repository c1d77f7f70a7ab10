//! A table whose cells are the darker the more they hold.

use super::frame::{shortened, text_width};
use super::path::tenth;
use super::scale::{has_room, tame, tame_size};
use super::{Anchor, Datum, Layout, Mark, Size, Summary, Table, Tone, Words, summarize};

/// The height of the names of the columns.
const HEAD: f64 = 20.0;
/// How much of the width the names of the rows may take.
const NAMES_MAX: f64 = 0.3;
/// The space between a name and the cells, and between two cells.
const SPACE: f64 = 10.0;
const GAP: f64 = 2.0;
/// How strong the colour of the least and of the fullest cell is; words on it can still be read.
const FAINTEST: f64 = 0.08;
const STRONGEST: f64 = 0.5;

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeatCell {
    /// How much it holds; zero, less, or no number at all leaves it without a colour.
    pub value: f64,
    /// What the colour means.
    pub tone: Tone,
}

/// What a heat map is made from; its table has one heading for the rows, the names of the columns follow.
#[derive(Clone)]
pub struct HeatMap<'a> {
    /// How large it will be.
    pub size: Size,
    /// The names of the columns, from left to right.
    pub columns: Vec<String>,
    /// The rows from top to bottom: a name, and a cell for each column.
    pub rows: Vec<(String, Vec<HeatCell>)>,
    /// What the chart says.
    pub words: Words<'a>,
}

/// Lays out a heat map.
#[must_use]
pub fn heat_map(chart: &HeatMap<'_>) -> Layout {
    let size = tame_size(chart.size);
    let cells = || chart.rows.iter().flat_map(|(_, cells)| cells);
    let most = cells().map(|cell| amount(cell.value)).fold(0.0, f64::max);
    let widest = chart.rows.iter().map(|(name, _)| text_width(name)).fold(0.0, f64::max);
    let (has_words, head) = (has_room(size), HEAD.min(size.height / 4.0));
    let left = widest.min(size.width * NAMES_MAX) + SPACE.min(size.width / 8.0);
    let width = ((size.width - left) / chart.columns.len().max(1) as f64).max(0.0);
    let height = ((size.height - head) / chart.rows.len().max(1) as f64).max(0.0);
    let middle = |column: usize| tenth(left + width * (column as f64 + 0.5));
    let text = |x: f64, y: f64, anchor: Anchor, text: String, strong: bool| Mark::Text { x, y, anchor, text, strong };
    let mut marks: Vec<Mark> = chart
        .columns
        .iter()
        .enumerate()
        .filter(|_| has_words)
        .map(|(column, name)| text(middle(column), head - 8.0, Anchor::Middle, shortened(name, width - GAP), false))
        .collect();
    for (row, (name, cells)) in chart.rows.iter().enumerate() {
        let top = head + height * row as f64;
        let line = tenth(top + height / 2.0 + 4.0);
        if has_words {
            marks.push(text(0.0, line, Anchor::Start, shortened(name, left - SPACE), false));
        }
        for (column, (cell, heading)) in cells.iter().zip(&chart.columns).enumerate() {
            let share = if most > 0.0 { amount(cell.value) / most } else { 0.0 };
            let strength = if share > 0.0 { FAINTEST + (STRONGEST - FAINTEST) * share } else { 0.0 };
            marks.push(Mark::Shade {
                x: tenth(left + width * column as f64 + GAP / 2.0),
                y: tenth(top + GAP / 2.0),
                width: tenth((width - GAP).max(0.0)),
                height: tenth((height - GAP).max(0.0)),
                tone: cell.tone,
                strength,
                title: format!("{name}, {heading}: {}", chart.words.cell(cell.value)),
            });
            if share > 0.0 && has_words {
                marks.push(text(middle(column), line, Anchor::Middle, (chart.words.value)(cell.value), true));
            }
        }
    }
    let summaries: Vec<Summary> =
        summarize("", named(chart).iter().map(|(name, value)| (name.as_str(), *value))).into_iter().collect();
    chart.words.layout(size, if most > 0.0 { &summaries } else { &[] }, marks, table(chart))
}

fn amount(value: f64) -> f64 {
    if value.is_finite() { tame(value).max(0.0) } else { 0.0 }
}

/// Names each cell by its row and its column.
fn named(chart: &HeatMap<'_>) -> Vec<(String, f64)> {
    let row = |(name, cells): &(String, Vec<HeatCell>)| {
        let cells = cells.iter().zip(&chart.columns);
        cells.map(|(cell, column)| (format!("{name}, {column}"), cell.value)).collect::<Vec<_>>()
    };
    chart.rows.iter().flat_map(row).collect()
}

fn table(chart: &HeatMap<'_>) -> Table {
    let first = chart.words.headings.first().cloned().unwrap_or_default();
    let width = chart.columns.len();
    let row = |(name, cells): &(String, Vec<HeatCell>)| {
        let texts = cells.iter().take(width).map(|cell| chart.words.cell(cell.value));
        let mut row: Vec<String> = std::iter::once(name.clone()).chain(texts).collect();
        row.resize(width + 1, String::new());
        row
    };
    let data = |(_, cells): &(String, Vec<HeatCell>)| {
        let values = cells.iter().take(width).map(|cell| Datum::value(cell.value));
        std::iter::once(Datum::Said).chain(values).collect()
    };
    Table {
        headings: std::iter::once(first).chain(chart.columns.iter().cloned()).collect(),
        rows: chart.rows.iter().map(row).collect(),
        data: chart.rows.iter().map(data).collect(),
    }
}
