//! Where the rows behind a number are listed.

use super::answer::Group;
use super::parts::{About, Dimension, Keyed, State};
use super::spec::Spec;
use crate::alerts::Priority;
use crate::filter::{Comparison, Filter, Literal, Test};
use crate::id::{RuleId, UserId};

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

impl Spec {
    /// Returns the list of the rows of a group, or of all rows; none where no list can be narrowed to them.
    #[must_use]
    pub fn behind(&self, group: Option<&Group>) -> Option<Behind> {
        let state = self.state;
        match (self.about, group) {
            (About::Accounts, None) => Some(Behind::Accounts { filter: self.filter.clone() }),
            (About::Accounts, Some(group)) => {
                let condition = condition(self.by.field()?, group).to_string();
                let is_whole = self.filter.is_empty();
                let filter = if is_whole { condition } else { format!("({}) and {condition}", self.filter) };
                Some(Behind::Accounts { filter })
            }
            // Their lists know no filter of accounts.
            _ if !self.filter.is_empty() => None,
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

fn condition(field: &str, group: &Group) -> Filter {
    let Some(key) = group.key.as_deref() else { return Filter::field(field, Test::Empty) };
    let literal = match key.parse() {
        Ok(id) if field == Dimension::Owner.field().unwrap_or_default() => Literal::Id(id),
        _ if [Dimension::Band.key(), Dimension::Stage.key()].contains(&field) => Literal::Text(key.to_owned()),
        _ => Literal::Text(group.name.clone()),
    };
    Filter::field(field, Test::Compare(Comparison::Equal, literal))
}
