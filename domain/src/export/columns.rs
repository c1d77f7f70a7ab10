//! Which fields go out, and what stands above them.

use crate::fields::{Catalogue, Field, FieldType, Subject};
use crate::import::COLUMNS_MAX;
use crate::refusal::Refusal;

/// Stands behind the heading of what Keepwell computes; the import skips such columns.
pub const COMPUTED: &str = " (computed)";
/// Stands behind the heading of a share, so that 0.5 is read as half a per cent and not as a half.
pub const SCALE: &str = " (0-100)";
/// So many headings of ours, letter by letter, are no accident.
const HEADINGS_OF_OURS: usize = 10;

/// One column of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The field that stands in it.
    pub field: Field,
    /// What stands above it; no two columns have the same.
    pub heading: String,
}

/// Returns the columns of a file: the fields with these keys, or without keys all that can be imported again.
///
/// Amounts bring the currency with them, since without it they say nothing.
///
/// # Errors
/// Returns a [`Refusal`] that names the key that no field has.
pub fn columns(catalogue: &Catalogue, keys: &[String]) -> Result<Vec<Column>, Refusal> {
    let mut fields: Vec<&Field> = Vec::new();
    if keys.is_empty() {
        fields.extend(catalogue.fields.iter().filter(|field| field.editable));
    }
    for key in keys {
        let Some(field) = catalogue.get(key) else { return Err(unknown(key, catalogue)) };
        if fields.iter().all(|other| other.key != field.key) {
            fields.push(field);
        }
    }
    let has_money = fields.iter().any(|field| field.kind == FieldType::Money);
    let currency = catalogue.get("currency").filter(|_| has_money);
    fields.extend(currency.filter(|currency| !fields.iter().any(|field| field.key == currency.key)));
    if fields.len() > COLUMNS_MAX {
        return Err(Refusal::field("columns", format!("Choose at most {COLUMNS_MAX} columns.")));
    }
    let mut columns: Vec<Column> = Vec::with_capacity(fields.len());
    for field in fields {
        let heading = free_heading(field, &columns);
        columns.push(Column { field: field.clone(), heading });
    }
    Ok(columns)
}

/// Returns what stands above a field's column, unless another column took it.
#[must_use]
pub fn heading(field: &Field) -> String {
    let scale = if field.kind == FieldType::Percent && !field.label.ends_with(SCALE) { SCALE } else { "" };
    if field.editable { format!("{}{scale}", field.label) } else { format!("{}{COMPUTED}", field.label) }
}

/// Returns whether files of a subject have headings by which they are known to be exported from here.
#[must_use]
pub fn may_be_ours(subject: Subject) -> bool {
    matches!(subject, Subject::Account | Subject::Contact)
}

/// Returns whether headings are those of a file that was exported from here.
#[must_use]
pub fn are_ours(headings: &[String], catalogue: &Catalogue) -> bool {
    let built_in = catalogue.fields.iter().filter(|field| field.editable && field.custom_key().is_none());
    built_in.map(heading).filter(|ours| headings.contains(ours)).count() >= HEADINGS_OF_OURS
}

/// Labels are what people wrote and may be alike; keys are not.
fn free_heading(field: &Field, taken: &[Column]) -> String {
    let is_free = |heading: &str| taken.iter().all(|column| column.heading != heading);
    let label = heading(field);
    if is_free(&label) {
        return label;
    }
    let own = field.custom_key().unwrap_or(&field.key);
    if is_free(own) { own.to_owned() } else { field.key.clone() }
}

fn unknown(key: &str, catalogue: &Catalogue) -> Refusal {
    let known = catalogue.fields.iter().map(|field| field.key.as_str()).collect::<Vec<_>>().join(", ");
    let key: String = key.chars().take(100).collect();
    Refusal::field("columns", format!("There is no field “{key}”. Choose from: {known}."))
}
