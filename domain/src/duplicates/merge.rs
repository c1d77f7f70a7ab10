//! Making one record of two.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Choice;
use crate::fields::{self, Catalogue, Field, FieldType};
use crate::refusal::Refusal;

/// Fields that are not chosen: the key stays with its record, and the place in the hierarchy with its account.
const FIXED: [&str; 2] = ["external_id", "parent_id"];

/// Returns the fields in which two records differ and that people may choose, with what is suggested.
#[must_use]
pub fn choices(keep: &Map<String, Value>, gone: &Map<String, Value>, catalogue: &Catalogue) -> Vec<Choice> {
    let differs = |field: &&Field| fields::get(keep, &field.key) != fields::get(gone, &field.key);
    let is_chosen = |field: &&Field| field.editable && !FIXED.contains(&field.key.as_str());
    // A record that has nothing to say does not take anything away.
    let says = |field: &&Field| !is_nothing(fields::get(gone, &field.key));
    let same_money = fields::get(keep, "currency") == fields::get(gone, "currency");
    let choice = |field: &Field| {
        let (kept, gone) = (fields::get(keep, &field.key).clone(), fields::get(gone, &field.key).clone());
        let takes = is_nothing(&kept) && (same_money || field.kind != FieldType::Money);
        Choice { key: field.key.clone(), label: field.label.clone(), kind: field.kind.clone(), kept, gone, takes }
    };
    catalogue.fields.iter().filter(is_chosen).filter(differs).filter(says).map(choice).collect()
}

/// Returns the record that stays with these fields as the other one has them, or why that cannot be.
pub fn merged(
    keep: &Map<String, Value>,
    gone: &Map<String, Value>,
    take: &[String],
    catalogue: &Catalogue,
) -> Result<Map<String, Value>, Refusal> {
    let offered = choices(keep, gone, catalogue);
    let taken: BTreeSet<&str> = take.iter().map(String::as_str).collect();
    if let Some(key) = taken.iter().find(|key| !offered.iter().any(|choice| choice.key == **key)) {
        return Err(Refusal::field(key, "This field cannot be chosen any more. Look at the two again."));
    }
    if fields::get(keep, "currency") != fields::get(gone, "currency") {
        let mut amounts = catalogue.fields.iter().filter(|field| field.kind == FieldType::Money);
        let is_mixed = amounts.any(|field| {
            let (stays, comes) = (fields::get(keep, &field.key), fields::get(gone, &field.key));
            let after = if taken.contains(field.key.as_str()) { comes } else { stays };
            let is_theirs = taken.contains(field.key.as_str());
            !is_nothing(after) && is_theirs != taken.contains("currency")
        });
        if is_mixed {
            let message = "The two count in different currencies. Take all amounts and the currency from one of them.";
            return Err(Refusal::field("currency", message));
        }
    }
    let mut doc = keep.clone();
    for key in taken {
        fields::set(&mut doc, key, fields::get(gone, key).clone());
    }
    Ok(doc)
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty) || value.as_str().is_some_and(str::is_empty)
}
