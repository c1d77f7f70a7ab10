//! What each kind of field can be asked, and how that is proposed and explained.

use super::complete::{Suggestion, insert};
use super::{Comparison, print};
use crate::fields::{Field, FieldType};

/// What a field is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Compare(Comparison),
    In,
    Contains,
    Starts,
    Ends,
    Has,
    Within,
    Older,
    Is,
}

/// Returns an example of a condition on the field.
pub(super) fn example(field: &Field) -> String {
    let key = print::field_text(&field.key);
    match &field.kind {
        FieldType::Text => format!("{key} contains \"text\""),
        FieldType::Number | FieldType::Percent => format!("{key} < 50"),
        FieldType::Money => format!("{key} > 10k"),
        FieldType::Date => format!("{key} within 90 days or {key} before 2027-01-31"),
        FieldType::Bool => format!("{key} = yes"),
        FieldType::Choice(words) => {
            format!("{key} = {}", words.first().map_or_else(|| "\"text\"".to_owned(), |word| print::value_text(word)))
        }
        FieldType::Tags => format!("{key} has \"vip\""),
        FieldType::User => format!("{key} is me"),
        FieldType::Account => format!("{key} = \"Acme\""),
    }
}

/// Returns the operators that can follow the field.
pub(super) fn operator_suggestions(field: &Field) -> Vec<Suggestion> {
    let own: &[(&str, &str)] = match &field.kind {
        FieldType::Text => &[
            ("=", "is"),
            ("!=", "is not"),
            ("contains", "contains"),
            ("starts", "starts with"),
            ("ends", "ends with"),
            ("in", "is one of"),
            ("not in", "is none of"),
        ],
        FieldType::Choice(_) | FieldType::Account => {
            &[("=", "is"), ("!=", "is not"), ("in", "is one of"), ("not in", "is none of")]
        }
        FieldType::User => &[("is", "is"), ("is not", "is not"), ("in", "is one of"), ("not in", "is none of")],
        FieldType::Number | FieldType::Percent | FieldType::Money => &[
            ("<", "is less than"),
            ("<=", "is at most"),
            (">", "is more than"),
            (">=", "is at least"),
            ("=", "is"),
            ("!=", "is not"),
            ("in", "is one of"),
        ],
        FieldType::Date => &[
            ("within", "is within the next days"),
            ("within last", "is within the last days"),
            ("older than", "is further back than"),
            ("before", "is before"),
            ("after", "is after"),
            ("=", "is on"),
            ("!=", "is not on"),
        ],
        FieldType::Bool => &[("=", "is"), ("!=", "is not")],
        FieldType::Tags => &[("has", "has the tag"), ("not has", "lacks the tag"), ("in", "has one of")],
    };
    let shared = [("is empty", "has no value"), ("is not empty", "has a value")];
    own.iter().chain(&shared).map(|(text, label)| insert(text, label)).collect()
}

/// Returns whether fields of this kind can be asked so.
pub(super) fn has_operator(kind: &FieldType, operator: Operator) -> bool {
    use Comparison::{Equal, NotEqual};
    let is_equality = matches!(operator, Operator::Compare(Equal | NotEqual));
    let is_list = operator == Operator::In;
    operator == Operator::Is
        || match kind {
            FieldType::Text => {
                is_equality || is_list || matches!(operator, Operator::Contains | Operator::Starts | Operator::Ends)
            }
            FieldType::Choice(_) | FieldType::User | FieldType::Account => is_equality || is_list,
            FieldType::Number | FieldType::Percent | FieldType::Money => {
                is_list || matches!(operator, Operator::Compare(_))
            }
            FieldType::Date => matches!(operator, Operator::Compare(_) | Operator::Within | Operator::Older),
            FieldType::Bool => is_equality,
            FieldType::Tags => is_list || operator == Operator::Has,
        }
}

/// Returns the values of the field that are known beforehand.
pub(super) fn value_suggestions(field: &Field) -> Vec<Suggestion> {
    match &field.kind {
        FieldType::Choice(words) => words.iter().map(|word| insert(&print::value_text(word), word)).collect(),
        FieldType::Bool => vec![insert("yes", "yes"), insert("no", "no")],
        FieldType::Date => vec![insert("today", "the present day")],
        FieldType::User => vec![insert("me", "whoever is asking")],
        _ => Vec::new(),
    }
}

/// Returns what values the kind takes, for a sentence.
pub(super) fn kind_words(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Text => "a text",
        FieldType::Number => "a number",
        FieldType::Money => "an amount",
        FieldType::Percent => "a number from 0 to 100",
        FieldType::Date => "a date",
        FieldType::Bool => "yes or no",
        FieldType::Choice(_) => "one of a list of words",
        FieldType::Tags => "a list of tags",
        FieldType::User => "a person",
        FieldType::Account => "an account",
    }
}
