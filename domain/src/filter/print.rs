//! Prints a filter as the canonical text, which reads back as the same tree.

use std::fmt::{Display, Formatter, Result, Write};

use super::{Comparison, Condition, Filter, Literal, Test};

/// Words that mean something in a filter and so are quoted where they are values.
const RESERVED: [&str; 25] = [
    "after", "and", "before", "contains", "empty", "ends", "false", "has", "in", "is", "last", "me", "next", "no",
    "not", "older", "or", "starts", "than", "the", "today", "true", "with", "within", "yes",
];

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::All(items) => join(f, items, " and ", |item| matches!(item, Self::Any(_) | Self::All(_))),
            Self::Any(items) => join(f, items, " or ", |item| matches!(item, Self::Any(_))),
            Self::Not(item) if matches!(**item, Self::All(_) | Self::Any(_)) => write!(f, "not ({item})"),
            Self::Not(item) => write!(f, "not {item}"),
            Self::Search(text) => write_quoted(f, text),
            Self::Field(condition) => condition.fmt(f),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write_field(f, &self.field)?;
        f.write_char(' ')?;
        self.test.fmt(f)
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Compare(comparison, literal) => write!(f, "{} {literal}", comparison_text(*comparison, literal)),
            Self::In(list) => {
                f.write_str("in (")?;
                for (place, literal) in list.iter().enumerate() {
                    write!(f, "{}{literal}", if place == 0 { "" } else { ", " })?;
                }
                f.write_char(')')
            }
            Self::Contains(text) => write_text(f, "contains ", text),
            Self::Starts(text) => write_text(f, "starts ", text),
            Self::Ends(text) => write_text(f, "ends ", text),
            Self::Has(tag) => write_text(f, "has ", tag),
            Self::WithinNext(days) => write!(f, "within {days} days"),
            Self::WithinLast(days) => write!(f, "within last {days} days"),
            Self::OlderThan(days) => write!(f, "older than {days} days"),
            Self::Empty => f.write_str("is empty"),
            Self::Filled => f.write_str("is not empty"),
        }
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Text(text) => write_text(f, "", text),
            Self::Number(number) => number.fmt(f),
            Self::Bool(true) => f.write_str("yes"),
            Self::Bool(false) => f.write_str("no"),
            Self::Date(day) => f.write_str(&day.iso_date()),
            Self::Today => f.write_str("today"),
            Self::Me => f.write_str("me"),
            Self::Id(id) => id.fmt(f),
        }
    }
}

/// Returns a field's key as it is typed: quoted where it is more than a plain word.
pub(super) fn field_text(key: &str) -> String {
    if is_plain_key(key) { key.to_owned() } else { quoted(key) }
}

/// Returns a value as it is typed: quoted where it is more than a plain word.
pub(super) fn value_text(text: &str) -> String {
    Literal::Text(text.to_owned()).to_string()
}

fn join(f: &mut Formatter<'_>, items: &[Filter], word: &str, is_grouped: fn(&Filter) -> bool) -> Result {
    for (place, item) in items.iter().enumerate() {
        f.write_str(if place == 0 { "" } else { word })?;
        if is_grouped(item) {
            write!(f, "({item})")?;
        } else {
            item.fmt(f)?;
        }
    }
    Ok(())
}

fn comparison_text(comparison: Comparison, literal: &Literal) -> &'static str {
    let is_day = matches!(literal, Literal::Date(_) | Literal::Today);
    match comparison {
        Comparison::Less if is_day => "before",
        Comparison::Greater if is_day => "after",
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn write_field(f: &mut Formatter<'_>, key: &str) -> Result {
    if is_plain_key(key) { f.write_str(key) } else { write_quoted(f, key) }
}

fn write_text(f: &mut Formatter<'_>, before: &str, text: &str) -> Result {
    f.write_str(before)?;
    let is_plain = is_plain_key(text) && !text.contains('.');
    if is_plain { f.write_str(text) } else { write_quoted(f, text) }
}

fn write_quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    f.write_str(&quoted(text))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn is_plain_key(key: &str) -> bool {
    let starts = key.starts_with(|c: char| c.is_ascii_lowercase());
    let is_word = starts && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    is_word && !RESERVED.iter().any(|word| word.eq_ignore_ascii_case(key))
}
