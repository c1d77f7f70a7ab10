//! Rules: what is worth telling, as data over one condition language.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::alert::{Kind, Unit};
use super::facts;
use crate::fields::Catalogue;
use crate::filter::{self, Filter, FilterError};
use crate::id::{RuleId, UserId};
use crate::identity::check_name;
use crate::refusal::{FieldError, Refusal};
use crate::time::Timestamp;

/// Most parameters of one rule.
pub const PARAMETERS_MAX: usize = 8;
/// Longest time that a condition can be asked to hold, and pause after an alert, in days.
pub const DAYS_MAX: u32 = 365;

/// A number in a rule's condition that people may set, written `$key` or `$(key)` there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its key, lower case letters and `_`.
    pub key: String,
    /// What people call it, in English; built-in ones are translated by key.
    pub label: String,
    /// Its value.
    pub value: f64,
    /// The least it can be.
    pub min: f64,
    /// The most it can be.
    pub max: f64,
    /// The only values it can have; any between least and most where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<f64>,
    /// Its unit.
    pub unit: Unit,
}

/// What is worth telling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Identifies the rule.
    pub id: RuleId,
    /// Counts its changes; 0 for a built-in rule that nobody has changed.
    pub version: i64,
    /// The word of a built-in rule, by which its name and its sentence are translated; none for one that people made.
    pub key: Option<String>,
    /// What people call it.
    pub name: String,
    /// What its alerts are about.
    pub kind: Kind,
    /// When it holds, in the language of [`crate::filter`], with its parameters.
    pub condition: String,
    /// When an alert is over; where it is absent, once the condition does not hold. The gap between the two keeps an
    /// alert from coming and going.
    pub clear: Option<String>,
    /// The numbers that people may set.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Which accounts it looks at; empty for all.
    #[serde(default)]
    pub scope: String,
    /// How long the condition must hold before an alert is raised, in minutes.
    pub for_minutes: u32,
    /// How long an alert must be over before it is resolved, in minutes.
    pub clear_minutes: u32,
    /// How long after the end of an alert none is raised for the same account, in days.
    pub cooldown_days: u32,
    /// How much it presses in itself, 1 to 3.
    pub urgency: f64,
    /// How much work an answer is, in hours.
    pub effort: f64,
    /// The reason in English, with `{fact}` for a quoted fact and `$key` for a parameter.
    #[serde(default)]
    pub says: String,
    /// When it was switched off, if it is.
    pub off_at: Option<Timestamp>,
    /// Who switched it off.
    pub off_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Which text of a rule an error is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RulePart {
    /// When it holds.
    Condition,
    /// When it is over.
    Clear,
    /// Which accounts it looks at.
    Scope,
}

/// What is wrong with one text of a rule, at its character.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleError {
    /// The text.
    pub part: RulePart,
    /// The error; its places count in the text with the parameters filled in.
    pub error: FilterError,
}

impl Rule {
    /// Returns whether it is in force.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.off_at.is_none()
    }

    /// Returns whether it came with Keepwell.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        self.key.is_some()
    }

    /// Returns the word that its reasons are translated by.
    #[must_use]
    pub fn reason_key(&self) -> &str {
        self.key.as_deref().unwrap_or("custom")
    }

    /// Returns the parameters' values by their keys.
    #[must_use]
    pub fn numbers(&self) -> BTreeMap<String, f64> {
        self.parameters.iter().map(|parameter| (parameter.key.clone(), parameter.value)).collect()
    }

    /// Returns a text of the rule with its parameters filled in; an unknown one stays as it is written.
    #[must_use]
    pub fn filled(&self, text: &str) -> String {
        fill(text, &self.numbers())
    }

    /// Reads the condition with its parameters filled in.
    pub fn fires(&self, catalogue: &Catalogue) -> Result<Filter, RuleError> {
        self.read(RulePart::Condition, &self.condition, catalogue)
    }

    /// Reads when an alert is over, where the rule says so.
    pub fn clears(&self, catalogue: &Catalogue) -> Result<Option<Filter>, RuleError> {
        self.clear.as_deref().map(|text| self.read(RulePart::Clear, text, catalogue)).transpose()
    }

    /// Reads which accounts it looks at.
    pub fn looks_at(&self, catalogue: &Catalogue) -> Result<Filter, RuleError> {
        self.read(RulePart::Scope, &self.scope, catalogue)
    }

    fn read(&self, part: RulePart, text: &str, catalogue: &Catalogue) -> Result<Filter, RuleError> {
        filter::parse(&self.filled(text), catalogue).map_err(|error| RuleError { part, error })
    }

    /// Returns the rule as it is stored, or everything that is wrong with it. `catalogue` holds the fields of an
    /// account; the facts are added to it.
    pub fn check(mut self, catalogue: &Catalogue) -> Result<Self, Refusal> {
        let mut wrong: Vec<FieldError> = Vec::new();
        let mut refuse = |field: &str, message: &str| {
            wrong.push(FieldError { field: field.to_owned(), message: message.to_owned() });
        };
        let name = check_name("name", &self.name);
        if let Err(error) = &name {
            refuse("name", &error.message);
        }
        let known = match self.kind {
            Kind::Portfolio => facts::portfolio_catalogue(),
            _ => facts::catalogue(catalogue),
        };
        let texts = [self.fires(&known).map(Some), self.clears(&known)];
        for (field, read) in ["condition", "clear"].into_iter().zip(texts) {
            match read {
                Ok(Some(filter)) if filter.is_everything() => {
                    refuse(field, "Write a condition, such as score < 50.");
                }
                Ok(_) => {}
                Err(error) => refuse(field, &error.error.message),
            }
        }
        if let Err(error) = self.looks_at(catalogue) {
            refuse("scope", &error.error.message);
        }
        let minutes_max = DAYS_MAX * 24 * 60;
        if self.for_minutes > minutes_max || self.clear_minutes > minutes_max || self.cooldown_days > DAYS_MAX {
            refuse("for_minutes", "Use at most a year.");
        }
        if !(1.0..=3.0).contains(&self.urgency) {
            refuse("urgency", "Use a number from 1 to 3.");
        }
        if !(0.25..=40.0).contains(&self.effort) {
            refuse("effort", "Use 0.25 to 40 hours.");
        }
        let keys: BTreeSet<&str> = self.parameters.iter().map(|parameter| parameter.key.as_str()).collect();
        if self.parameters.len() > PARAMETERS_MAX || keys.len() != self.parameters.len() {
            refuse("parameters", "Use at most 8 parameters with different names.");
        }
        for parameter in &self.parameters {
            if !parameter.takes(parameter.value) {
                refuse(&format!("parameters.{}", parameter.key), &parameter.expected());
            }
        }
        match name {
            Ok(name) if wrong.is_empty() => {
                self.name = name;
                Ok(self)
            }
            _ => Err(Refusal::Invalid(wrong)),
        }
    }
}

impl Parameter {
    /// Returns whether it can have this value.
    #[must_use]
    pub fn takes(&self, value: f64) -> bool {
        let is_choice = self.choices.is_empty() || self.choices.contains(&value);
        value.is_finite() && value >= self.min && value <= self.max && is_choice
    }

    fn expected(&self) -> String {
        if self.choices.is_empty() {
            format!("Use a number from {} to {}.", self.min, self.max)
        } else {
            let choices: Vec<String> = self.choices.iter().map(f64::to_string).collect();
            format!("Use one of {}.", choices.join(", "))
        }
    }
}

/// Returns a text with the numbers in the places of `$key` and `$(key)`.
pub(super) fn fill(text: &str, numbers: &BTreeMap<String, f64>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('$') {
        filled.push_str(&rest[..place]);
        let after = &rest[place + 1..];
        let bracketed = after.strip_prefix('(').and_then(|inner| inner.split_once(')'));
        let end = after.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(after.len());
        let (key, behind) = bracketed.unwrap_or((&after[..end], &after[end..]));
        match numbers.get(key) {
            Some(number) => filled.push_str(&number.to_string()),
            None => {
                filled.push('$');
                rest = after;
                continue;
            }
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}
