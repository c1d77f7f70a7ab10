//! What a person may put into a field of an account.

use serde_json::Value;

use crate::fields::{Field, FieldType, TEXT_CHARS_MAX};
use crate::money::Currency;

/// Returns a value of the field's type as it is stored, or one sentence that says what to change.
pub fn check_value(field: &Field, value: Value) -> Result<Value, String> {
    const WHOLE_MAX: f64 = 9e15;
    match (&field.kind, value) {
        (_, Value::Null) if field.required => Err("This cannot be empty.".to_owned()),
        (_, Value::Null) => Ok(Value::Null),
        (FieldType::Text, Value::String(text)) => check_text(field, text.trim()),
        (FieldType::Choice(words), Value::String(text)) => {
            if words.contains(&text) {
                Ok(text.into())
            } else {
                Err(format!("Choose one of: {}.", words.join(", ")))
            }
        }
        (FieldType::Percent, Value::Number(number)) => match number.as_f64() {
            Some(share) if (0.0..=100.0).contains(&share) => Ok(Value::Number(number)),
            _ => Err("Enter a number between 0 and 100.".to_owned()),
        },
        (FieldType::Number, Value::Number(number)) => match number.as_f64() {
            Some(float) if field.key == "notice_days" && !(0.0..=3_650.0).contains(&float) => {
                Err("Enter a number of days between 0 and 3,650.".to_owned())
            }
            Some(float) if field.key == "notice_days" => Ok(Value::from(float.round() as i64)),
            Some(float) if float.abs() <= WHOLE_MAX => Ok(Value::Number(number)),
            _ => Err("Enter a smaller number.".to_owned()),
        },
        (FieldType::Money | FieldType::Date, Value::Number(number)) => match number.as_i64() {
            Some(whole) if (whole as f64).abs() <= WHOLE_MAX => Ok(whole.into()),
            _ => Err("Enter a smaller amount or a nearer date.".to_owned()),
        },
        (FieldType::Bool, Value::Bool(yes)) => Ok(yes.into()),
        (FieldType::User | FieldType::Account, Value::String(id)) if uuid::Uuid::parse_str(&id).is_ok() => {
            Ok(id.into())
        }
        (FieldType::Tags, Value::Array(tags)) => check_tags(tags),
        _ => Err("This value does not fit the field.".to_owned()),
    }
}

fn check_text(field: &Field, text: &str) -> Result<Value, String> {
    if text.is_empty() {
        return if field.required { Err("This cannot be empty.".to_owned()) } else { Ok(Value::Null) };
    }
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err("Use at most 4,000 characters.".to_owned());
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err("Remove the control characters.".to_owned());
    }
    if field.key == "currency" {
        return text.parse::<Currency>().map(|currency| currency.code().into());
    }
    Ok(text.into())
}

fn check_tags(tags: Vec<Value>) -> Result<Value, String> {
    const TAGS_MAX: usize = 50;
    let mut words: Vec<String> = Vec::with_capacity(tags.len());
    for tag in tags {
        let Value::String(tag) = tag else { return Err("Tags are words.".to_owned()) };
        let tag = tag.trim().to_owned();
        if tag.chars().count() > 60 || tag.chars().any(char::is_control) {
            return Err("A tag has at most 60 characters.".to_owned());
        }
        if !tag.is_empty() {
            words.push(tag);
        }
    }
    words.sort();
    words.dedup();
    if words.len() > TAGS_MAX {
        return Err("An account has at most 50 tags.".to_owned());
    }
    Ok(words.into())
}
