//! Rows of JSON become the same rows in CSV, so that one reader serves both.
//!
//! A file is one array of objects, or objects one after the other. Keys are the headings, in the order in which they
//! first come; a list of words is one cell, and what is deeper than that stays JSON in its cell.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::COLUMNS_MAX;
use super::decode::FileProblem;
use super::write::{Cell, write_row};

/// Returns whether a text begins as rows of JSON do.
pub(super) fn is_json(text: &str) -> bool {
    let mut marks = text.chars().filter(|c| !c.is_whitespace());
    matches!((marks.next(), marks.next()), (Some('['), Some('{')) | (Some('{'), Some('"')))
}

/// Returns rows of JSON as CSV.
///
/// # Errors
/// Returns a [`FileProblem`] that names the line from which the text is no JSON, or no rows.
pub(super) fn to_csv(text: &str) -> Result<String, FileProblem> {
    let (mut headings, mut places) = (Vec::new(), HashMap::new());
    each(text, &mut |Row(values)| {
        for (key, _) in values {
            // One more than is allowed is enough for the table to refuse the file.
            if headings.len() <= COLUMNS_MAX && !places.contains_key(&key) {
                places.insert(key.clone(), headings.len());
                headings.push(key);
            }
        }
    })?;
    let mut out = String::with_capacity(text.len());
    write_row(&mut out, headings.iter().map(|heading| Cell::Text(heading)));
    let mut cells = vec![String::new(); headings.len()];
    each(text, &mut |Row(values)| {
        cells.iter_mut().for_each(String::clear);
        for (key, value) in values {
            if let Some(place) = places.get(&key) {
                cells[*place] = cell(&value);
            }
        }
        write_row(&mut out, cells.iter().map(|cell| if cell.is_empty() { Cell::Blank } else { Cell::Text(cell) }));
    })?;
    Ok(out)
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            items.iter().map(cell).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

/// Calls `tell` with each row; only one is held at a time.
fn each(text: &str, tell: &mut dyn FnMut(Row)) -> Result<(), FileProblem> {
    let problem = |error: serde_json::Error| FileProblem::Json(error.line().max(1) as u64);
    let mut reader = serde_json::Deserializer::from_str(text);
    if text.trim_start().starts_with('[') {
        Rows(tell).deserialize(&mut reader).map_err(problem)?;
        return reader.end().map_err(problem);
    }
    for row in reader.into_iter() {
        tell(row.map_err(problem)?);
    }
    Ok(())
}

/// The keys and values of one object, in the order of the file.
struct Row(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Row;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
                let mut values = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    values.push(entry);
                }
                Ok(Row(values))
            }
        }
        reader.deserialize_map(Keys)
    }
}

/// Reads an array one object at a time.
struct Rows<'a>(&'a mut dyn FnMut(Row));

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while let Some(row) = rows.next_element()? {
            (self.0)(row);
        }
        Ok(())
    }
}
