//! What a condition reads, and what a line of the change log can change: a rule is looked at again only where the two
//! have something in common.

use std::collections::BTreeSet;

use super::facts;
use crate::fields::Subject;
use crate::filter::{Filter, SEARCHED};

/// Something that facts follow from, besides an account's own fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    /// The score and what hangs on it.
    Health,
    /// Product usage.
    Usage,
    /// Support tickets.
    Tickets,
    /// Survey answers.
    Surveys,
    /// Invoices.
    Invoices,
    /// Contacts.
    Contacts,
    /// Activities.
    Touches,
    /// News and the customer's website.
    Signals,
    /// The probability to leave, where a model says it.
    Churn,
}

/// A set of inputs and of an account's own fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// The inputs.
    pub of: BTreeSet<Input>,
    /// The keys of the fields.
    pub fields: BTreeSet<String>,
}

impl Inputs {
    /// Returns what a filter reads.
    #[must_use]
    pub fn of(filter: &Filter) -> Self {
        let mut inputs = Self::default();
        inputs.add(filter);
        inputs
    }

    fn add(&mut self, filter: &Filter) {
        match filter {
            Filter::All(items) | Filter::Any(items) => items.iter().for_each(|item| self.add(item)),
            Filter::Not(item) => self.add(item),
            Filter::Search(_) => self.fields.extend(SEARCHED.map(str::to_owned)),
            Filter::Field(condition) => self.add_field(&condition.field),
        }
    }

    /// Adds what a field or a fact follows from.
    pub fn add_field(&mut self, key: &str) {
        if let Some(fact) = facts::Fact::from_key(key) {
            self.of.extend(fact.reads());
            self.fields.extend(fact.reads_fields().iter().map(|key| (*key).to_owned()));
            return;
        }
        match key {
            "score" | "band" | "coverage" | "trend_7d" | "trend_30d" | "trend_90d" | "rollup" => {
                self.of.insert(Input::Health);
            }
            "notice_at" => self.fields.extend(["renewal_at", "notice_days"].map(str::to_owned)),
            key => {
                self.fields.insert(key.to_owned());
            }
        }
    }

    /// Adds what the record of a subject holds.
    pub fn add_subject(&mut self, subject: Subject) {
        self.of.extend(match subject {
            Subject::Usage => Some(Input::Usage),
            Subject::Ticket => Some(Input::Tickets),
            Subject::Survey => Some(Input::Surveys),
            Subject::Invoice => Some(Input::Invoices),
            Subject::Contact => Some(Input::Contacts),
            Subject::Activity => Some(Input::Touches),
            Subject::Override => Some(Input::Health),
            Subject::Signal | Subject::Website => Some(Input::Signals),
            _ => None,
        });
    }

    /// Returns whether the two have something in common.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        !self.of.is_disjoint(&other.of) || !self.fields.is_disjoint(&other.fields)
    }

    /// Adds all of another set.
    pub fn extend(&mut self, other: Self) {
        self.of.extend(other.of);
        self.fields.extend(other.fields);
    }

    /// Returns whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of.is_empty() && self.fields.is_empty()
    }
}
