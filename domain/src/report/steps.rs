//! The steps from one score to another, as the chart model places them and as a table that adds up.

use super::table::{Bar, Cell, Column, Row, RowLook, Table};
use crate::chart::{Change, Size, Span, Tone, Waterfall, Words};
use crate::health::{Points, Step};

/// What the steps of a score are called, and how points are written.
#[derive(Clone, Copy)]
pub struct StepWords<'a> {
    /// Where it starts; nothing to start from zero without a line.
    pub start: Option<(&'a str, Points)>,
    /// What the end is called.
    pub end: &'a str,
    /// Returns the label of a step.
    pub label: &'a dyn Fn(&Step) -> String,
    /// Writes points.
    pub points: &'a dyn Fn(Points) -> String,
    /// Writes a change of points, with its sign.
    pub change: &'a dyn Fn(Points) -> String,
}

/// Returns the bars of the steps, as the chart of a waterfall places them.
#[must_use]
pub fn steps(words: &StepWords<'_>, steps: &[Step]) -> Vec<Span> {
    let value = |value: f64| (words.points)(Points::from_f64(value));
    let change = |value: f64| (words.change)(Points::from_f64(value));
    let changes = steps.iter().map(|step| Change { label: (words.label)(step), delta: step.delta.as_f64() });
    let chart = Waterfall {
        size: Size { width: 0.0, height: 0.0 },
        start: words.start.map(|(label, score)| (label.to_owned(), score.as_f64())),
        changes: changes.collect(),
        total_label: words.end.to_owned(),
        words: Words {
            title: "",
            empty: "",
            missing: "",
            headings: Vec::new(),
            value: &value,
            describe: &|_| String::new(),
        },
        change: &change,
    };
    chart.spans()
}

/// Returns the steps as a table with a bar each. What is printed adds up: each total is rounded, not each step.
#[must_use]
pub fn steps_table(words: &StepWords<'_>, list: &[Step], headings: [&str; 4]) -> Table {
    let mut running = words.start.map_or(Points::ZERO, |(_, score)| score);
    let mut deltas = list.iter().map(|step| step.delta);
    let rows = steps(words, list).into_iter().map(|span| {
        let total = span.delta.is_none();
        let amount = if total {
            (words.points)(running)
        } else {
            let before = running.tenths();
            running += deltas.next().unwrap_or_default();
            (words.change)(Points((running.tenths() - before) * (Points::MICRO / 10)))
        };
        row(&span, amount, (!total).then(|| (words.points)(running)))
    });
    let [label, bar, amount, after] = headings;
    Table {
        columns: vec![
            Column::new(label, 34.0),
            Column::new(bar, 42.0),
            Column::numbers(amount, 12.0),
            Column::numbers(after, 12.0),
        ],
        rows: rows.collect(),
    }
}

fn row(span: &Span, amount: String, after: Option<String>) -> Row {
    let bar = Cell::bar(Bar { from: span.from, to: span.to, tone: span.tone });
    let label = Cell::text(span.label.clone());
    match after {
        Some(after) => {
            let tone = Some(span.tone).filter(|tone| *tone != Tone::Neutral);
            Row::plain(vec![label, bar, Cell::text(amount).toned(tone), Cell::text(after)])
        }
        None => Row { cells: vec![label, bar, Cell::default(), Cell::text(amount)], look: RowLook::Total },
    }
}
