//! Runs a filter on a row in memory, with the result that the SQL would give.

use std::borrow::Cow;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::meaning::{self, Amount, Check, Part, Source, fold};
use super::{Comparison, Filter, Scope};
use crate::fields;

/// A row that a filter can be run on.
pub trait Row {
    /// Returns the value under a field's key as the database stores it: amounts in minor units, moments in
    /// milliseconds, `score`, `coverage`, `rollup`, `churn_pct` and `trend_…` in millionths of a point; `Null` where there is none.
    fn value(&self, key: &str) -> Cow<'_, Value>;
}

impl Row for Map<String, Value> {
    fn value(&self, key: &str) -> Cow<'_, Value> {
        Cow::Borrowed(fields::get(self, key))
    }
}

impl<F: Fn(&str) -> Value> Row for F {
    fn value(&self, key: &str) -> Cow<'_, Value> {
        Cow::Owned(self(key))
    }
}

/// Returns whether a filter lets a row through.
#[must_use]
pub fn matches(filter: &Filter, scope: &Scope<'_>, row: &impl Row) -> bool {
    holds(&meaning::of(filter, scope), row)
}

/// A filter made ready for many rows, so that its meaning is worked out once.
#[derive(Clone, Debug)]
pub struct Matcher<'a>(Check<'a>);

impl<'a> Matcher<'a> {
    /// Returns the filter made ready.
    #[must_use]
    pub fn new(filter: &'a Filter, scope: &Scope<'a>) -> Self {
        Self(meaning::of(filter, scope))
    }

    /// Returns whether the filter lets a row through.
    #[must_use]
    pub fn matches(&self, row: &impl Row) -> bool {
        holds(&self.0, row)
    }
}

fn holds(check: &Check<'_>, row: &impl Row) -> bool {
    let value = |source: &Source<'_>| row.value(source.key);
    match check {
        Check::All(items) => items.iter().all(|item| holds(item, row)),
        Check::Any(items) => items.iter().any(|item| holds(item, row)),
        Check::Not(item) => !holds(item, row),
        Check::Never => false,
        Check::Texts(source, texts) => value(source).as_str().is_some_and(|text| texts.contains(&fold(text))),
        Check::Part(source, part, wanted) => value(source).as_str().is_some_and(|text| has(&fold(text), *part, wanted)),
        Check::Number(source, comparison, amount) => compares(&value(source), *comparison, *amount),
        Check::Numbers(source, amounts) => {
            amounts.iter().any(|amount| compares(&value(source), Comparison::Equal, *amount))
        }
        Check::Ids(source, ids) => {
            let id = value(source).as_str().and_then(|text| Uuid::parse_str(text).ok());
            id.is_some_and(|id| ids.contains(&id))
        }
        Check::Flag(source, flag) => value(source).as_bool() == Some(*flag),
        Check::Tags(source, tags) => {
            let is_wanted = |tag: &Value| tag.as_str().is_some_and(|tag| tags.iter().any(|wanted| wanted == tag));
            value(source).as_array().is_some_and(|list| list.iter().any(is_wanted))
        }
        Check::Empty(source) => is_empty(*source, &value(source)),
    }
}

fn has(text: &str, part: Part, wanted: &str) -> bool {
    match part {
        Part::Start => text.starts_with(wanted),
        Part::Anywhere => text.contains(wanted),
        Part::End => text.ends_with(wanted),
    }
}

fn compares(value: &Value, comparison: Comparison, amount: Amount) -> bool {
    let ordering = match amount {
        Amount::Integer(wanted) => value.as_i64().map(|number| number.cmp(&wanted)),
        Amount::Real(wanted) => value.as_f64().and_then(|number| number.partial_cmp(&wanted)),
    };
    ordering.is_some_and(|ordering| match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    })
}

/// Returns whether there is no value of the type that the field stores.
fn is_empty(source: Source<'_>, value: &Value) -> bool {
    use meaning::Stored::{Bool, Id, Integer, Real, Tags, Text};
    match source.stored {
        Text => value.as_str().is_none_or(str::is_empty),
        Id => value.as_str().is_none(),
        Integer | Real => !value.is_number(),
        Bool => !value.is_boolean(),
        Tags => value.as_array().is_none_or(Vec::is_empty),
    }
}
