//! The order of a list and the part of it that is shown.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use super::error::{FilterError, count, quote};
use super::meaning::{self, Stored};
use super::sql::{Engine, Param, Sql, Writer};
use super::{names, print};
use crate::fields::{Catalogue, FieldType};

/// Most fields that one list is sorted by.
pub const SORTS_MAX: usize = 5;
/// Most rows of one page.
pub const PAGE_ROWS_MAX: u32 = 200;

/// One field to sort by. Rows without a value come last in either direction.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    /// The field's full key.
    pub key: String,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl Display for Sort {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.key)
    }
}

/// Reads `-score,name`: fields by their keys, a minus where the greatest comes first.
pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Vec<Sort>, FilterError> {
    let mut sorts: Vec<Sort> = Vec::new();
    let mut at = 0;
    for part in text.split(',') {
        let (start, len) = (at, part.chars().count());
        at += len + 1;
        let word = part.trim();
        if word.is_empty() {
            continue;
        }
        let fail = |message: String| FilterError::new(count(start), count(len), message);
        if sorts.len() >= SORTS_MAX {
            return Err(fail("Sort by at most five fields.".to_owned()));
        }
        let (word, descending) = word.strip_prefix('-').map_or((word, false), |word| (word.trim_start(), true));
        let Some(field) = names::find_any(catalogue, word) else {
            let near = names::nearest(catalogue, word).map(print::field_text);
            let advice = near.as_ref().map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
            let mut error = fail(format!("There is no field {} to sort by.{advice}", quote(word)));
            error.expected = near.into_iter().collect();
            return Err(error);
        };
        if field.kind == FieldType::Tags {
            return Err(fail(format!("{} cannot be sorted by. Choose another field.", field.label)));
        }
        // The first mention decides; a second could change nothing.
        if sorts.iter().all(|sort| sort.key != field.key) {
            sorts.push(Sort { key: field.key.clone(), descending });
        }
    }
    Ok(sorts)
}

/// Returns the text that [`parse`] reads.
#[must_use]
pub fn print(sorts: &[Sort]) -> String {
    sorts.iter().map(Sort::to_string).collect::<Vec<_>>().join(",")
}

/// Compiles the order to what stands behind `ORDER BY`; the id decides between equals, in the direction of the
/// first field, so that one index read forwards or backwards serves both.
///
/// Text is ordered without regard to the case of A to Z, choices as their field lists them.
#[must_use]
pub fn compile(sorts: &[Sort], catalogue: &Catalogue, engine: Engine, first_parameter: usize) -> Sql {
    let mut writer = Writer::new(engine, first_parameter);
    for sort in sorts.iter().take(SORTS_MAX) {
        let Some(field) = catalogue.get(&sort.key) else { continue };
        let Some(source) = meaning::source(field).filter(|source| source.stored != Stored::Tags) else { continue };
        match &field.kind {
            FieldType::Choice(words) if !words.is_empty() => {
                writer.push("CASE ");
                writer.folded(source);
                for (place, word) in words.iter().enumerate() {
                    writer.push(" WHEN ");
                    writer.bind(Param::Text(meaning::fold(word)));
                    writer.push(" THEN ");
                    writer.bind(Param::Integer(i64::try_from(place).unwrap_or(i64::MAX)));
                }
                writer.push(" END");
            }
            _ if source.stored == Stored::Text => writer.folded(source),
            _ => writer.value(source),
        }
        writer.push(if sort.descending { " DESC NULLS LAST, " } else { " ASC NULLS LAST, " });
    }
    writer.push(if sorts.first().is_some_and(|sort| sort.descending) { "a.id DESC" } else { "a.id" });
    writer.done()
}

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    limit: u32,
    offset: u32,
}

impl Page {
    /// Returns a page of 1 to [`PAGE_ROWS_MAX`] rows.
    #[must_use]
    pub fn new(limit: u32, offset: u32) -> Self {
        Self { limit: limit.clamp(1, PAGE_ROWS_MAX), offset }
    }

    /// Returns how many rows it has at most.
    #[must_use]
    pub fn limit(self) -> u32 {
        self.limit.clamp(1, PAGE_ROWS_MAX)
    }

    /// Returns how many rows stand before it.
    #[must_use]
    pub fn offset(self) -> u32 {
        self.offset
    }

    /// Compiles to `LIMIT … OFFSET …`.
    #[must_use]
    pub fn compile(self, engine: Engine, first_parameter: usize) -> Sql {
        let mut writer = Writer::new(engine, first_parameter);
        writer.push("LIMIT ");
        writer.bind(Param::Integer(i64::from(self.limit())));
        writer.push(" OFFSET ");
        writer.bind(Param::Integer(i64::from(self.offset())));
        writer.done()
    }
}

impl Default for Page {
    fn default() -> Self {
        Self::new(PAGE_ROWS_MAX, 0)
    }
}
