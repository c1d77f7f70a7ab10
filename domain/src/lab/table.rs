//! A file becomes a frame: what each column holds, and which columns cannot be learnt from.

use std::collections::HashMap;

use super::frame::{Column, Frame, Values};
use crate::import::date::{self, DateOrder};
use crate::import::decode::FileProblem;
use crate::import::number::{self, NumberStyle};
use crate::import::profile::{ColumnProfile, Profile};
use crate::import::table::{Cells, RowSource, Table};
use crate::import::write::unguard;
use crate::refusal::Refusal;
use crate::time::DAY_MS;

/// A column of numbers may have this share of cells that are none, such as "n/a"; they count as blank.
const STRANGERS_MAX: f64 = 0.05;
/// Words that differ in more than this share of the rows are names or ids.
const NAMES_SHARE: f64 = 0.9;
/// Below so many rows, words that all differ may still be chance.
const NAMES_ROWS_MIN: usize = 20;

/// What is asked of a table.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The heading of the column with the outcome.
    pub outcome: &'a str,
    /// What stands in it where it happened.
    pub value: &'a str,
    /// Headings of columns that are not to be learnt from, ids among them.
    pub without: &'a [String],
}

/// Cells of one column, each different text once.
#[derive(Default)]
struct Texts {
    places: HashMap<String, u32>,
    texts: Vec<String>,
    codes: Vec<u32>,
}

impl Texts {
    fn push(&mut self, cell: &str) {
        let text = unguard(cell.trim());
        let code = match self.places.get(text) {
            Some(code) => *code,
            None => {
                let code = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
                self.places.insert(text.to_owned(), code);
                self.texts.push(text.to_owned());
                code
            }
        };
        self.codes.push(code);
    }

    fn filled(&self) -> usize {
        self.codes.iter().filter(|code| !self.texts[**code as usize].is_empty()).count()
    }
}

/// Returns the frame that a table holds.
///
/// Rows of another length than the headings, and rows without an outcome, are left out.
///
/// # Errors
/// Refuses a column that is not there, an outcome that never or always happened, and a file that
/// cannot be read.
pub fn frame(table: &Table<'_>, question: &Question<'_>) -> Result<Frame, Refusal> {
    let headings = table.headings();
    let find = |name: &str| headings.iter().position(|heading| heading.trim().eq_ignore_ascii_case(name.trim()));
    let known = || format!("The columns are: {}.", headings.join(", "));
    let missing = |name: &str| Refusal::field("outcome", format!("There is no column “{name}”. {}", known()));
    let target = find(question.outcome).ok_or_else(|| missing(question.outcome))?;
    let mut without = Vec::new();
    for name in question.without {
        without.push(find(name).ok_or_else(|| missing(name))?);
    }
    let profile = Profile::of(&mut table.rows())?;
    let (texts, places) = read(table, target)?;
    let mut frame = Frame { places, ..Frame::default() };
    frame.outcome = outcomes(&texts[target], question)?;
    for (index, texts) in texts.iter().enumerate().filter(|(index, _)| *index != target) {
        let name = headings[index].clone();
        let reason = if without.contains(&index) { Some("asked for") } else { useless(texts) };
        match (reason, values(texts, &profile.columns[index])) {
            (None, values) if !is_counter(&values) => frame.columns.push(Column { name, values }),
            (reason, _) => frame.left_out.push((name, reason.unwrap_or("counts the rows").to_owned())),
        }
    }
    Ok(frame)
}

/// Returns the cells by column, and the place of each row in the file.
fn read(table: &Table<'_>, target: usize) -> Result<(Vec<Texts>, Vec<usize>), FileProblem> {
    let mut texts: Vec<Texts> = Vec::new();
    texts.resize_with(table.headings().len(), Texts::default);
    let (mut places, mut rows, mut cells, mut place) = (Vec::new(), table.rows(), Cells::new(), 0);
    while rows.read(&mut cells)?.is_some() {
        if cells.len() == texts.len() && !cells[target].trim().is_empty() {
            for (texts, cell) in texts.iter_mut().zip(&cells) {
                texts.push(cell);
            }
            places.push(place);
        }
        place += 1;
    }
    Ok((texts, places))
}

fn outcomes(texts: &Texts, question: &Question<'_>) -> Result<Vec<bool>, Refusal> {
    let wanted = question.value.trim().to_lowercase();
    let outcome: Vec<bool> =
        texts.codes.iter().map(|code| texts.texts[*code as usize].to_lowercase() == wanted).collect();
    if outcome.iter().any(|happened| *happened) && outcome.iter().any(|happened| !happened) {
        return Ok(outcome);
    }
    let some: Vec<&str> = texts.texts.iter().map(String::as_str).take(10).collect();
    Err(Refusal::field(
        "outcome",
        format!(
            "“{}” must be “{}” in some rows and something else in others. It holds: {}.",
            question.outcome,
            question.value,
            some.join(", ")
        ),
    ))
}

/// Returns why a column cannot be learnt from, if so.
fn useless(texts: &Texts) -> Option<&'static str> {
    let filled = texts.filled();
    if texts.texts.len() < 2 {
        return Some("the same in every row");
    }
    let words = texts.texts.iter().filter(|text| number::read(text, NumberStyle::Point).is_none());
    let words = words.filter(|text| date::evidence(text).is_none() && !text.is_empty()).count();
    let names = words as f64 > NAMES_SHARE * filled as f64 && filled >= NAMES_ROWS_MIN;
    names.then_some("different in nearly every row, as names and ids are")
}

/// Returns whether numbers do nothing but go up by one from row to row.
fn is_counter(values: &Values) -> bool {
    match values {
        Values::Numbers(values) => {
            values.len() >= NAMES_ROWS_MIN && values.windows(2).all(|pair| pair[1] - pair[0] == 1.0)
        }
        Values::Words { .. } => false,
    }
}

/// Reads each different text once: as numbers, as days, or as words.
fn values(texts: &Texts, profile: &ColumnProfile) -> Values {
    let filled = profile.filled as f64;
    let mostly = |count: u64| filled > 0.0 && count as f64 >= (1.0 - STRANGERS_MAX) * filled;
    let read: Option<Vec<f64>> = if mostly(profile.numbers()) && profile.codes * 2 < profile.filled.max(1) {
        let style = profile.number_style().unwrap_or_default();
        let value = |text: &String| number::read(text, style).and_then(|number| number.value()).unwrap_or(f64::NAN);
        Some(texts.texts.iter().map(value).collect())
    } else if mostly(profile.dates) {
        let order = profile.date_order().unwrap_or(DateOrder::DayFirst);
        let day = |text: &String| date::read(text, order).map_or(f64::NAN, |at| at.0 as f64 / DAY_MS as f64);
        Some(texts.texts.iter().map(day).collect())
    } else {
        None
    };
    if let Some(read) = read {
        return Values::Numbers(texts.codes.iter().map(|code| read[*code as usize]).collect());
    }
    let mut words = Vec::new();
    let mut places = Vec::with_capacity(texts.texts.len());
    let count = texts.texts.iter().filter(|text| !text.is_empty()).count();
    for text in &texts.texts {
        places.push(if text.is_empty() { count } else { words.len() });
        if !text.is_empty() {
            words.push(text.clone());
        }
    }
    let code = |code: &u32| u32::try_from(places[*code as usize]).unwrap_or(u32::MAX);
    Values::Words { codes: texts.codes.iter().map(code).collect(), words }
}
