//! Where the rows behind a number are listed.

use serde::{Deserialize, Serialize};

use super::answer::Group;
use super::numbers::Numbers;
use super::parts::{About, Dimension, State};
use super::period::{Period, next_key, period_start};
use super::spec::Spec;
use crate::alerts::Priority;
use crate::filter::{Comparison, Filter, Literal, Test};
use crate::health::Band;
use crate::id::{AccountId, RuleId, UserId};

/// The list that holds the rows behind a number, and what it is narrowed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behind {
    /// The list of accounts.
    Accounts {
        /// Which, in the language of [`crate::filter`].
        filter: String,
    },
    /// A list of alerts.
    Alerts {
        /// Which list.
        state: State,
        /// Only those of one rule.
        rule: Option<RuleId>,
        /// Only those of one priority.
        priority: Option<Priority>,
    },
    /// A list of tasks.
    Tasks {
        /// Which list.
        state: State,
        /// Only those that one person deals with.
        person: Option<UserId>,
    },
}

/// What a number is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// All groups together.
    Whole,
    /// One group, by its key.
    Group(Option<String>),
}

/// The accounts behind a number, where no list can be narrowed to them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// Those with the most of the first measure.
    pub rows: Vec<RowsOf>,
    /// How many there are.
    pub of: u32,
}

/// What a number is made of that belongs to one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowsOf {
    /// The account; none for what belongs to none.
    pub account: Option<AccountId>,
    /// What it is called.
    pub name: String,
    /// Its health.
    pub band: Option<Band>,
    /// The numbers of it alone.
    pub numbers: Numbers,
}

impl Spec {
    /// Returns the list of the rows of a group, or of all rows; none where no list can be narrowed to them.
    #[must_use]
    pub fn behind(&self, group: Option<&Group>) -> Option<Behind> {
        let state = self.state;
        match (self.about, group) {
            // Those that something was reported of, or whose revenue moved, are no list of their own.
            (About::Usage | About::Revenue, _) => None,
            (About::Accounts, None) => Some(Behind::Accounts { filter: self.filter.clone() }),
            (About::Accounts, Some(group)) => {
                let condition = condition(self.by, group)?;
                let is_whole = self.filter.is_empty();
                let filter = if is_whole { condition } else { format!("({}) and {condition}", self.filter) };
                Some(Behind::Accounts { filter })
            }
            // Their lists know no filter of accounts.
            _ if !self.filter.is_empty() || self.within != Period::Always || state == State::Overdue => None,
            (About::Alerts, None) => Some(Behind::Alerts { state, rule: None, priority: None }),
            (About::Alerts, Some(group)) => {
                let key = group.key.as_deref()?;
                let (rule, priority) = match self.by {
                    Dimension::Rule => (Some(key.parse().ok()?), None),
                    Dimension::Priority => (None, Some(Priority::from_key(key)?)),
                    _ => return None,
                };
                Some(Behind::Alerts { state, rule, priority })
            }
            (About::Tasks, None) => Some(Behind::Tasks { state, person: None }),
            (About::Tasks, Some(group)) => {
                let key = group.key.as_deref().filter(|_| self.by == Dimension::Owner)?;
                Some(Behind::Tasks { state, person: Some(key.parse().ok()?) })
            }
        }
    }
}

fn condition(by: Dimension, group: &Group) -> Option<String> {
    let field = by.field()?;
    let Some(key) = group.key.as_deref() else { return Some(Filter::field(field, Test::Empty).to_string()) };
    if by.is_time() {
        let (first, next) = (period_start(key)?, period_start(&next_key(by, key)?)?);
        return Some(format!("{field} >= {} and {field} <= {}", first.iso_date(), next.plus_days(-1).iso_date()));
    }
    let literal = match (by, key.parse()) {
        (Dimension::Owner, Ok(id)) => Literal::Id(id),
        (Dimension::Band | Dimension::Stage, _) => Literal::Text(key.to_owned()),
        _ => Literal::Text(group.name.clone()),
    };
    Some(Filter::field(field, Test::Compare(Comparison::Equal, literal)).to_string())
}
