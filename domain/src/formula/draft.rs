//! A formula that is being written: what it would mean as the one of a field, and what it would come to.

use serde_json::{Map, Value};

use super::computed::around_itself;
use super::parse::find;
use super::token::{self, scan};
use super::{Computed, Formula, FormulaError, Sample, count, parse};
use crate::accounts::Account;
use crate::fields::Catalogue;
use crate::time::Timestamp;

/// Understands a formula as the one of a field, named by its full key and what it is to be called; `None` for a field
/// that is new.
///
/// # Errors
/// Returns what is wrong with it and where: a formula that cannot be read, one that would depend on itself, or one
/// after which another computed field could not be computed any more.
pub fn understand(text: &str, own: Option<(&str, &str)>, catalogue: &Catalogue) -> Result<Formula, FormulaError> {
    let formula = parse(text, catalogue)?;
    let Some((key, label)) = own else { return Ok(formula) };
    let mut after = catalogue.clone();
    for field in after.fields.iter_mut().filter(|field| field.key == key) {
        (field.kind, field.formula) = (formula.kind().field_type(), Some(text.to_owned()));
        label.clone_into(&mut field.label);
    }
    if let Some(around) = around_itself(&after) {
        let label = |key: &String| after.get(key).map_or(key.clone(), |field| field.label.clone());
        let names: Vec<String> = around.iter().map(label).collect();
        let message = format!("This would depend on itself: {}. Leave one of them out.", names.join(" → "));
        return Err(at_field(text, &around, &after, message));
    }
    // Formulas over this field may have no use for another kind of value, or look for it by its old name.
    let is_broken = |text: &String| parse(text, &after).is_err();
    let was_sound = |text: &String| parse(text, catalogue).is_ok();
    let broken = after.fields.iter().filter(|field| field.key != key);
    let broken = broken.filter(|field| field.formula.as_ref().is_some_and(|text| is_broken(text) && was_sound(text)));
    match broken.map(|field| &field.label).next() {
        Some(label) => {
            let message = format!("“{label}” could not be computed any more. Change it first.");
            Err(FormulaError { at: 0, len: count(text.chars().count()), message })
        }
        None => Ok(formula),
    }
}

/// Returns an error at the first of these fields that a text names.
fn at_field(text: &str, keys: &[String], catalogue: &Catalogue, message: String) -> FormulaError {
    let names_one = |token: &token::Token| match &token.kind {
        token::Kind::Word(name) | token::Kind::Bracketed(name) => {
            find(catalogue, name.trim()).is_some_and(|field| keys.contains(&field.key))
        }
        _ => false,
    };
    let place = scan(text).unwrap_or_default().into_iter().find(names_one).map(|token| (token.at, token.end));
    let (at, end) = place.unwrap_or((0, count(text.chars().count())));
    FormulaError { at, len: end - at, message }
}

/// Returns what a formula comes to for these accounts. What it looks at is computed anew, should it be computed, too.
#[must_use]
pub fn sample(formula: &Formula, catalogue: &Catalogue, accounts: &[Account], now: Timestamp) -> Sample {
    let computed = Computed::new(catalogue);
    let value = |account: &Account| {
        let mut doc = document(account);
        computed.apply(&mut doc, now);
        formula.evaluate(&doc, now)
    };
    Sample { kind: formula.kind(), values: accounts.iter().map(value).collect() }
}

fn document(account: &Account) -> Map<String, Value> {
    match serde_json::to_value(account) {
        Ok(Value::Object(doc)) => doc,
        _ => Map::new(),
    }
}
