//! The filter language of grid, views, segments, alerts and reports: one text, one meaning everywhere.
//!
//! ```text
//! score < 50 and tier = "enterprise" and renewal_at within 90 days
//! band in (at_risk, critical) or not (owner is me)      arr > 10k      tags has "vip"
//! last_login_at older than 30 days      renewal before 2027-01-31      custom.plan = pro      acme
//! ```
//!
//! [`parse`] reads it, `Display` prints the canonical text, [`sql::compile`] and [`matches`] run it.
//! What a condition means is decided once, in `meaning`, so that database and browser agree:
//!
//! - Logic is two-valued. A comparison with an empty value is false, so `x != v` holds for empty ones.
//! - Text is compared without regard to the case of A to Z only: SQLite's `lower()` folds no other letters.
//!   Tags are compared exactly.
//! - Amounts are typed in whole units and compared as minor units of two digits, whatever the currency.
//! - A date is the whole UTC day: `after` begins on the next day, `within 90 days` begins today.

mod complete;
mod condition;
mod error;
mod kinds;
mod literal;
mod meaning;
mod names;
mod parse;
mod predicate;
mod print;
pub mod sort;
pub mod sql;
mod token;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fields::{Catalogue, FieldType};
use crate::id::UserId;
use crate::time::Timestamp;

pub use complete::{Suggestion, complete};
pub(crate) use complete::{fit, has_synonym};
pub use error::FilterError;
pub(crate) use meaning::SEARCHED;
pub use parse::parse;
pub use predicate::{Matcher, Row, matches};

/// Longest filter text in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// How deep parentheses and `not` may nest.
pub const DEPTH_MAX: u32 = 32;
/// Most conditions in one filter.
pub const CONDITIONS_MAX: u32 = 100;
/// Most values in one `in (…)`.
pub const LIST_MAX: usize = 200;
/// Longest period in days.
pub const DAYS_MAX: u32 = 36_500;

/// What a filter is run against besides the rows.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The fields that exist; a condition on any other field is false.
    pub catalogue: &'a Catalogue,
    /// Who `me` is; `None` for the system, for whom `owner is me` is false.
    pub me: Option<UserId>,
    /// What today is.
    pub now: Timestamp,
}

/// A filter as a tree. Build it with [`Filter::all`], [`Filter::any`] and [`Filter::negated`], which keep
/// the shape that the parser produces, so that its text reads back as the same tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Filter {
    /// Every one of them holds; empty, it lets everything through.
    All(Vec<Filter>),
    /// At least one of them holds.
    Any(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// Name, external id or domain contains the text.
    Search(String),
    /// One field meets a test.
    Field(Condition),
}

/// A test of one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The field's full key, such as `arr_minor` or `custom.plan`.
    pub field: String,
    /// What must hold for its value.
    pub test: Test,
}

/// What must hold for a field's value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Test {
    /// It compares so with a value.
    Compare(Comparison, Literal),
    /// It is one of the values; of tags, at least one is.
    In(Vec<Literal>),
    /// The text contains this.
    Contains(String),
    /// The text starts with this.
    Starts(String),
    /// The text ends with this.
    Ends(String),
    /// This tag is among the tags.
    Has(String),
    /// The day is today or one of this many days ahead.
    WithinNext(u32),
    /// The day is today or one of this many days back.
    WithinLast(u32),
    /// The day is more than this many days back.
    OlderThan(u32),
    /// There is no value, or the text or list is empty.
    Empty,
    /// There is a value.
    Filled,
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`, which also holds for an empty value.
    NotEqual,
    /// `<`, for dates `before`.
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`, for dates `after`.
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A value in a filter, as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Literal {
    /// Words; for a user or an account its name, until [`Filter::resolved`] looks it up.
    Text(String),
    /// A number; for money in whole units, for a health score in points.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// A day, as its midnight UTC.
    Date(Timestamp),
    /// The present day.
    Today,
    /// Whoever is asking.
    Me,
    /// A user or an account.
    Id(Uuid),
}

impl Filter {
    /// Returns the filter that lets everything through; its text is empty.
    #[must_use]
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// Returns whether it lets everything through.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::All(items) if items.is_empty())
    }

    /// Returns the filter with one condition on a field.
    #[must_use]
    pub fn field(key: &str, test: Test) -> Self {
        Self::Field(Condition { field: key.to_owned(), test })
    }

    /// Returns the filter that holds when every item does.
    #[must_use]
    pub fn all(items: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for item in items {
            match item {
                Self::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Self::All(flat) }
    }

    /// Returns the filter that holds when at least one item does; of no items, everything.
    #[must_use]
    pub fn any(items: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for item in items {
            match item {
                all if all.is_everything() => return all,
                Self::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Self::everything(),
            1 => flat.remove(0),
            _ => Self::Any(flat),
        }
    }

    /// Returns the filter that holds when this one does not.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Returns the filter that holds when both do, as when a chip is added.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    /// Returns the parts that must all hold, one per chip.
    #[must_use]
    pub fn conditions(&self) -> &[Self] {
        match self {
            Self::All(items) => items,
            single => std::slice::from_ref(single),
        }
    }

    /// Returns the filter without one of its [`Filter::conditions`]; unchanged when there is none there.
    #[must_use]
    pub fn without(&self, index: usize) -> Self {
        let kept = self.conditions().iter().enumerate().filter(|(place, _)| *place != index);
        Self::all(kept.map(|(_, part)| part.clone()))
    }

    /// Returns the filter with another part in place of one of its [`Filter::conditions`].
    #[must_use]
    pub fn replaced(&self, index: usize, part: &Self) -> Self {
        let parts = self.conditions().iter().enumerate();
        Self::all(parts.map(|(place, old)| if place == index { part.clone() } else { old.clone() }))
    }

    /// Returns whether a condition looks at this field.
    #[must_use]
    pub fn looks_at(&self, key: &str) -> bool {
        match self {
            Self::All(items) | Self::Any(items) => items.iter().any(|item| item.looks_at(key)),
            Self::Not(item) => item.looks_at(key),
            Self::Search(_) => false,
            Self::Field(condition) => condition.field == key,
        }
    }

    /// Returns the filter with the names of users and accounts turned into ids by `look_up`, which is given
    /// the field's kind and the name. A name that nobody has matches nothing, one that several have matches all of them.
    #[must_use]
    pub fn resolved(&self, catalogue: &Catalogue, look_up: &dyn Fn(&FieldType, &str) -> Vec<Uuid>) -> Self {
        let inner = |items: &[Self]| items.iter().map(|item| item.resolved(catalogue, look_up)).collect();
        match self {
            Self::All(items) => Self::All(inner(items)),
            Self::Any(items) => Self::Any(inner(items)),
            Self::Not(item) => item.resolved(catalogue, look_up).negated(),
            Self::Search(text) => Self::Search(text.clone()),
            Self::Field(condition) => condition.resolved(catalogue, look_up),
        }
    }

    /// Returns the names that [`Filter::resolved`] would look up, each with its field's kind.
    #[must_use]
    pub fn names(&self, catalogue: &Catalogue) -> Vec<(FieldType, String)> {
        let names = std::cell::RefCell::new(Vec::new());
        let note = |kind: &FieldType, name: &str| {
            names.borrow_mut().push((kind.clone(), name.to_owned()));
            Vec::new()
        };
        drop(self.resolved(catalogue, &note));
        names.into_inner()
    }
}

impl Condition {
    fn resolved(&self, catalogue: &Catalogue, look_up: &dyn Fn(&FieldType, &str) -> Vec<Uuid>) -> Filter {
        let unchanged = || Filter::Field(self.clone());
        let kind = catalogue.get(&self.field).map(|field| &field.kind);
        let Some(kind @ (FieldType::User | FieldType::Account)) = kind else { return unchanged() };
        let ids = |literal: &Literal| match literal {
            Literal::Text(name) => {
                let found = look_up(kind, name);
                if found.is_empty() { vec![literal.clone()] } else { found.into_iter().map(Literal::Id).collect() }
            }
            other => vec![other.clone()],
        };
        match &self.test {
            Test::Compare(comparison, literal) => {
                let mut found = ids(literal);
                match (found.len(), comparison) {
                    (1, _) => Filter::field(&self.field, Test::Compare(*comparison, found.remove(0))),
                    (_, Comparison::NotEqual) => Filter::field(&self.field, Test::In(found)).negated(),
                    _ => Filter::field(&self.field, Test::In(found)),
                }
            }
            Test::In(list) => Filter::field(&self.field, Test::In(list.iter().flat_map(ids).take(LIST_MAX).collect())),
            _ => unchanged(),
        }
    }
}
