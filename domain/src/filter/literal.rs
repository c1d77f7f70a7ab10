//! Reads a value as its field's kind takes it.

use chrono::NaiveDate;
use uuid::Uuid;

use super::error::{FilterError, quote};
use super::token::Token;
use super::{Literal, kinds, names, print};
use crate::fields::{Field, FieldType};
use crate::time::Timestamp;

/// Amounts beyond this are slips of the keyboard, and would not fit when scaled.
const NUMBER_MAX: f64 = 1e15;

/// Reads a token as a value of the field.
pub(super) fn read_literal(field: &Field, token: &Token) -> Result<Literal, FilterError> {
    let text = token.text.as_str();
    let (found, advice) = match &field.kind {
        FieldType::Text | FieldType::Tags => return Ok(Literal::Text(text.to_owned())),
        FieldType::Choice(words) => return choice(words, field, token),
        FieldType::User if token.is("me") => return Ok(Literal::Me),
        FieldType::User | FieldType::Account => {
            return Ok(Uuid::parse_str(text).map_or_else(|_| Literal::Text(text.to_owned()), Literal::Id));
        }
        kind @ (FieldType::Number | FieldType::Percent | FieldType::Money) => {
            (number(text, kind), "Write a number, such as 50, 2.5 or 10k.")
        }
        FieldType::Bool => (flag(text), "Write yes or no."),
        FieldType::Date => (day(text), "Write a date as 2027-01-31, or today."),
    };
    found.ok_or_else(|| {
        let kind = kinds::kind_words(&field.kind);
        let message = format!("{} is {kind}, and {} is not. {advice}", field.label, quote(text));
        let mut error = FilterError::new(token.at, token.len, message);
        error.expected = kinds::value_suggestions(field).into_iter().map(|suggestion| suggestion.text).collect();
        error
    })
}

fn choice(words: &[String], field: &Field, token: &Token) -> Result<Literal, FilterError> {
    if let Some(word) = words.iter().find(|word| word.to_lowercase() == token.text.to_lowercase()) {
        return Ok(Literal::Text(word.clone()));
    }
    let near = names::nearest_of(words.iter().map(|word| (word.as_str(), word.as_str())), &token.text);
    let advice = match near {
        Some(near) => format!("Did you mean {near}?"),
        None => format!("Choose one of: {}.", quote(&words.join(", "))),
    };
    let message = format!("{} has no value {}. {advice}", field.label, quote(&token.text));
    let mut error = FilterError::new(token.at, token.len, message);
    error.expected = words.iter().map(|word| print::value_text(word)).collect();
    Err(error)
}

/// Reads `50`, `-2.5`, `10k`, `2m`, and `50%` of a percentage.
fn number(text: &str, kind: &FieldType) -> Option<Literal> {
    let text = if *kind == FieldType::Percent { text.strip_suffix('%').unwrap_or(text) } else { text };
    let (digits, factor) = match text.chars().last()? {
        'k' | 'K' => (&text[..text.len() - 1], 1e3),
        'm' | 'M' => (&text[..text.len() - 1], 1e6),
        _ => (text, 1.0),
    };
    // The standard parser also takes `inf`, `nan` and `1e9`, which nobody means.
    if !digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-')) {
        return None;
    }
    let number = digits.parse::<f64>().ok()? * factor;
    (number.abs() <= NUMBER_MAX).then_some(Literal::Number(number))
}

fn flag(text: &str) -> Option<Literal> {
    let is = |words: [&str; 2]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["yes", "true"]) {
        return Some(Literal::Bool(true));
    }
    is(["no", "false"]).then_some(Literal::Bool(false))
}

fn day(text: &str) -> Option<Literal> {
    if text.eq_ignore_ascii_case("today") {
        return Some(Literal::Today);
    }
    // Ten characters, so that nobody's 1/2/27 is guessed at.
    let is_iso = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date: NaiveDate = text.parse().ok().filter(|_| is_iso)?;
    Some(Literal::Date(Timestamp::from_date(date)))
}
