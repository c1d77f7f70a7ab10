//! Formulas: how a computed field follows from other fields of an account.
//!
//! A [`parse`]d formula knows the kind of its value and the fields it depends on. Kinds are numbers, texts, dates and
//! yes or no; money counts in whole units of the account's currency. What is unknown makes a result unknown, except
//! where `coalesce`, `min`, `max`, `and`, `or` and `if` can do without it. Parsing and evaluating are bounded.

mod complete;
mod computed;
mod draft;
mod evaluate;
mod functions;
mod parse;
mod token;
mod uses;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fields::FieldType;
use crate::time::Timestamp;

pub use complete::complete;
pub use computed::Computed;
pub use draft::{sample, understand};
pub use parse::parse;
pub use uses::{ComputedField, Use, check_removable, uses};

/// Longest formula in characters.
pub const CHARS_MAX: usize = 2_000;
/// Most parts of a formula: numbers, texts, fields and operations.
const NODES_MAX: usize = 500;
/// Deepest nesting.
const DEPTH_MAX: usize = 32;

/// What is wrong with a formula, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct FormulaError {
    /// Where it begins, counted in characters from 0.
    pub at: u32,
    /// How many characters it spans; 0 where something is missing.
    pub len: u32,
    /// What to do about it.
    pub message: String,
}

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A number.
    Number,
    /// A text.
    Text,
    /// A moment; dates are midnight UTC.
    Date,
    /// Yes or no.
    Bool,
    /// A set of words, which `contains` alone can look into.
    Tags,
}

impl Kind {
    /// Returns the type of a field that holds such values.
    #[must_use]
    pub fn field_type(self) -> FieldType {
        match self {
            Self::Number => FieldType::Number,
            Self::Text => FieldType::Text,
            Self::Date => FieldType::Date,
            Self::Bool => FieldType::Bool,
            Self::Tags => FieldType::Tags,
        }
    }

    /// Returns the kind as it stands in a sentence.
    fn words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Date => "a date",
            Self::Bool => "yes or no",
            Self::Tags => "a set of words",
        }
    }
}

/// A value that is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A finite number.
    Number(f64),
    /// A text.
    Text(String),
    /// A moment.
    Date(Timestamp),
    /// Yes or no.
    Bool(bool),
    /// A set of words.
    Tags(Vec<String>),
}

/// What a formula comes to for a few accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The kind of its values.
    pub kind: Kind,
    /// Their values as they would be stored, in the order of the accounts; null where unknown.
    pub values: Vec<serde_json::Value>,
}

/// A formula that has been understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    kind: Kind,
    root: Node,
}

/// A part of a formula. Kinds were checked when it was parsed.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    Known(Value),
    Field { key: String, kind: Kind, is_money: bool },
    Negative(Box<Self>),
    Not(Box<Self>),
    Binary(Operator, Box<Self>, Box<Self>),
    Call(Function, Vec<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Equal,
    Different,
    Less,
    AtMost,
    Greater,
    AtLeast,
    And,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    If,
    Min,
    Max,
    Round,
    Coalesce,
    DaysSince,
    DaysUntil,
    Lower,
    Contains,
}

impl Formula {
    /// Returns the kind of its value.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the keys of the fields that it looks at.
    #[must_use]
    pub fn dependencies(&self) -> BTreeSet<&str> {
        let mut keys = BTreeSet::new();
        self.root.walk(&mut |node| {
            if let Node::Field { key, is_money, .. } = node {
                keys.insert(key.as_str());
                if *is_money {
                    keys.insert("currency");
                }
                // Where there is no ARR, it follows from MRR.
                if key == "arr_minor" {
                    keys.insert("mrr_minor");
                }
            }
        });
        keys
    }

    /// Returns whether its value changes as time passes.
    #[must_use]
    pub fn depends_on_time(&self) -> bool {
        let mut depends = false;
        self.root.walk(&mut |node| {
            depends |= matches!(node, Node::Call(Function::DaysSince | Function::DaysUntil, _));
        });
        depends
    }
}

impl Node {
    fn walk<'a>(&'a self, see: &mut impl FnMut(&'a Self)) {
        see(self);
        match self {
            Self::Known(_) | Self::Field { .. } => {}
            Self::Negative(inner) | Self::Not(inner) => inner.walk(see),
            Self::Binary(_, left, right) => {
                left.walk(see);
                right.walk(see);
            }
            Self::Call(_, arguments) => arguments.iter().for_each(|argument| argument.walk(see)),
        }
    }
}

/// Returns a count of characters as it crosses the wire.
fn count(chars: usize) -> u32 {
    u32::try_from(chars).unwrap_or(u32::MAX)
}
