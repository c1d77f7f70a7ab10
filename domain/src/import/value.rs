//! One cell becomes one value of a field, or a sentence that says what to write instead.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::date::{self, DateOrder};
use super::number::{self, Number, NumberStyle};
use super::write::unguard;
use super::{CELL_BYTES_MAX, mapping::squash};
use crate::fields::{FieldType, TEXT_CHARS_MAX};
use crate::money::Currency;

/// Longest tag in characters.
pub const TAG_CHARS_MAX: usize = 60;
/// Most tags in a cell.
pub const TAGS_MAX: usize = 100;

/// How the cells of one column are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Which character stands before the decimals.
    pub numbers: NumberStyle,
    /// Which number comes first in a date.
    pub dates: DateOrder,
    /// Whether percentages are written as shares of one: 0.45 for 45 %.
    pub shares_of_one: bool,
    /// The currency of amounts.
    pub currency: Currency,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            numbers: NumberStyle::default(),
            dates: DateOrder::default(),
            shares_of_one: false,
            currency: Currency::USD,
        }
    }
}

/// Returns the value of a cell; a blank cell is `Null`.
///
/// References to users and accounts stay the text they are typed as; whoever holds the rows finds the id.
///
/// # Errors
/// Returns one or two sentences that say what is wrong and what to write.
pub fn parse(cell: &str, kind: &FieldType, reading: &Reading) -> Result<Value, String> {
    let text = cell.trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if text.len() > CELL_BYTES_MAX {
        return Err(format!("The cell is longer than {} KiB. Shorten it.", CELL_BYTES_MAX / 1024));
    }
    let text = unguard(text);
    match kind {
        FieldType::Text | FieldType::User | FieldType::Account => plain_text(text).map(Value::from),
        FieldType::Number => number(text, reading.numbers).and_then(|number| float(&number)),
        FieldType::Percent => percent(text, reading),
        FieldType::Money => money(text, reading),
        FieldType::Date => moment(text, reading.dates),
        FieldType::Bool => yes_or_no(text)
            .map(Value::Bool)
            .ok_or_else(|| format!("{} is neither yes nor no. Write yes, no, true or false.", quoted(text))),
        FieldType::Choice(words) => choice(text, words),
        FieldType::Tags => tags(text),
    }
}

/// Returns the meaning of a word such as yes, false, on or nein.
#[must_use]
pub fn yes_or_no(text: &str) -> Option<bool> {
    const YES: [&str; 9] = ["yes", "true", "1", "y", "t", "on", "ja", "oui", "si"];
    const NO: [&str; 9] = ["no", "false", "0", "n", "f", "off", "nein", "non", "0.0"];
    if text.len() > 5 {
        return None;
    }
    let is = |words: [&str; 9]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(YES) || text == "1.0" { Some(true) } else { is(NO).then_some(false) }
}

/// Returns the word of a closed list that a text means, whatever its case and punctuation.
#[must_use]
pub fn choose<'w>(text: &str, words: &'w [String]) -> Option<&'w str> {
    /// What other systems call the words of our lists.
    const OTHERS: [(&str, &[&str]); 24] = [
        ("onboard", &["onboarding"]),
        ("implementation", &["onboarding"]),
        ("new", &["onboarding"]),
        ("adopting", &["adoption"]),
        ("live", &["adoption"]),
        ("valuerealisation", &["value"]),
        ("valuerealization", &["value"]),
        ("renewing", &["renewal"]),
        ("churn", &["churned"]),
        ("lost", &["churned"]),
        ("cancelled", &["churned"]),
        ("canceled", &["churned"]),
        ("none", &["low"]),
        ("moderate", &["medium", "normal"]),
        ("med", &["medium", "normal"]),
        ("medium", &["normal"]),
        ("normal", &["medium"]),
        ("severe", &["critical", "urgent"]),
        ("critical", &["urgent"]),
        ("urgent", &["critical"]),
        ("buyer", &["decision_maker"]),
        ("executivesponsor", &["sponsor"]),
        ("administrator", &["admin"]),
        ("enduser", &["user"]),
    ];
    if let Some(word) = words.iter().find(|word| word.eq_ignore_ascii_case(text)) {
        return Some(word);
    }
    let bare = squash(text);
    if let Some(word) = words.iter().find(|word| squash(word) == bare) {
        return Some(word);
    }
    let (_, meant) = OTHERS.iter().find(|(other, _)| *other == bare)?;
    words.iter().find(|word| meant.contains(&word.as_str())).map(String::as_str)
}

/// Puts a text in quotes, cut to a length that fits a sentence.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("“{}”", cut(text, 40))
}

/// Returns at most `max` characters of a text, with an ellipsis where some are missing.
#[must_use]
pub fn cut(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn plain_text(text: &str) -> Result<&str, String> {
    if text.bytes().any(|byte| byte < 0x20 || byte == 0x7F || byte == 0xC2) {
        // Only tabs and line ends mean something in a text.
        let strange = text.chars().find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
        if let Some(c) = strange {
            return Err(format!("The text holds a control character (code {}). Remove it.", u32::from(c)));
        }
    }
    if text.len() > TEXT_CHARS_MAX && text.chars().count() > TEXT_CHARS_MAX {
        return Err(format!("The text is longer than {TEXT_CHARS_MAX} characters. Shorten it."));
    }
    Ok(text)
}

fn number(text: &str, style: NumberStyle) -> Result<Number<'_>, String> {
    number::read(text, style).ok_or_else(|| {
        let (example, other) = match style {
            NumberStyle::Point => ("1234.5", NumberStyle::Comma),
            NumberStyle::Comma => ("1234,5", NumberStyle::Point),
        };
        let sentence = format!("{} is not a number. Write digits such as {example}.", quoted(text));
        if number::read(text, other).is_some() {
            format!("{sentence} If the whole column is written like this, change the column's number format.")
        } else {
            sentence
        }
    })
}

/// Whole numbers are kept whole, so that fields that count accept them.
fn float(number: &Number<'_>) -> Result<Value, String> {
    let value = number.value().ok_or_else(|| "The number is too large. Write a smaller one.".to_owned())?;
    Ok(whole_or_float(value))
}

fn whole_or_float(value: f64) -> Value {
    // Beyond 2^53 a float no longer holds single units.
    if value.fract() == 0.0 && value.abs() < 9e15 { Value::from(value as i64) } else { Value::from(value) }
}

fn percent(text: &str, reading: &Reading) -> Result<Value, String> {
    let number = number(text, reading.numbers)?;
    let mut value = number.value().unwrap_or(f64::MAX);
    if reading.shares_of_one && !number.percent {
        // Ten decimals are more than anyone measures and hide the error of the multiplication.
        value = (value * 100.0 * 1e10).round() / 1e10;
    }
    if !(0.0..=100.0).contains(&value) {
        return Err(format!("{} is not between 0 and 100. Write a share in percent.", quoted(text)));
    }
    Ok(whole_or_float(value))
}

fn money(text: &str, reading: &Reading) -> Result<Value, String> {
    let number = number(text, reading.numbers)?;
    if let Some(named) = number.currency.filter(|named| *named != reading.currency) {
        let other = reading.currency;
        return Err(format!(
            "{} is in {named}, but the row's currency is {other}. Map a currency column, or import with currency {named}.",
            quoted(text)
        ));
    }
    if number.percent {
        return Err(format!("{} is a share, not an amount. Write an amount.", quoted(text)));
    }
    let minor = number.minor(reading.currency.digits());
    minor.map(Value::from).ok_or_else(|| format!("{} is too large an amount. Write a smaller one.", quoted(text)))
}

fn moment(text: &str, order: DateOrder) -> Result<Value, String> {
    if let Some(moment) = date::read(text, order) {
        return Ok(Value::from(moment.0));
    }
    let (other, words) = match order {
        DateOrder::DayFirst => (DateOrder::MonthFirst, "day first"),
        DateOrder::MonthFirst => (DateOrder::DayFirst, "month first"),
    };
    Err(if date::read(text, other).is_some() {
        format!(
            "{} is not a date when read {words}. Write 2026-11-21, or change the column's date order.",
            quoted(text)
        )
    } else {
        format!("{} is not a date. Write it as 2026-11-21.", quoted(text))
    })
}

fn choice(text: &str, words: &[String]) -> Result<Value, String> {
    choose(text, words).map(Value::from).ok_or_else(|| {
        let list = words.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
        format!("{} is not one of the words of this field. Write one of: {list}.", quoted(text))
    })
}

fn tags(text: &str) -> Result<Value, String> {
    let mut tags = Vec::new();
    for tag in text.split([';', ',', '|']).map(str::trim).filter(|tag| !tag.is_empty()) {
        if tag.chars().count() > TAG_CHARS_MAX {
            return Err(format!("The tag {} is longer than {TAG_CHARS_MAX} characters. Shorten it.", quoted(tag)));
        }
        tags.push(plain_text(tag)?);
    }
    tags.sort_unstable();
    tags.dedup();
    if tags.len() > TAGS_MAX {
        return Err(format!("The cell has more than {TAGS_MAX} tags. Remove some."));
    }
    Ok(Value::from(tags))
}
