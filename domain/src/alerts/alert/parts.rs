//! What an alert is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::UserId;
use crate::money::Currency;
use crate::time::Timestamp;

/// What a priority was worked out from; see [`super::worth`] for the formula.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worth {
    /// The recurring revenue of a year that it is about, in minor units; absent where none is known.
    pub annual_minor: Option<i64>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The middle account's revenue, which an unknown one counts as and every one is held against, in minor units.
    pub typical_minor: i64,
    /// How likely the loss or the gain is, 0 to 1.
    pub probability: f64,
    /// How much it presses: 1 for no hurry, up to 9.
    pub urgency: f64,
    /// Days to the date that presses, if one does.
    pub days_left: Option<i64>,
    /// How much work an answer is, in hours.
    pub effort: f64,
    /// Revenue × probability × urgency ÷ effort, as a share of the middle account's revenue.
    pub value: f64,
}

/// In what unit a quoted value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Plain number.
    Count,
    /// Number of days.
    Days,
    /// Points of a score, 0 to 100.
    Points,
    /// Share of a hundred.
    Percent,
    /// Minor units of the account's currency.
    Money,
    /// A moment, in milliseconds since 1970.
    Date,
    /// Words, or one of a list of words.
    Text,
    /// Yes or no.
    YesNo,
}

/// A fact as it was or is, beside an alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quoted {
    /// The key of the field or the fact.
    pub key: String,
    /// Its value, in its unit; null where nothing is known.
    #[serde(default)]
    pub value: Value,
    /// The unit.
    pub unit: Unit,
}

/// Why an alert was raised, as parts of a sentence: the texts of the screen have one under the key, with a place for
/// each parameter and each quoted fact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The built-in rule's key, or `custom`, or `group` for many accounts that fell for one cause.
    pub key: String,
    /// The rule's parameters when it was raised, by their keys.
    #[serde(default)]
    pub numbers: BTreeMap<String, f64>,
    /// What many accounts have in common: the measure that lost most; for groups and members of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// Who an alert has been brought to, since nobody before them took it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The owner of the account, or whoever it is assigned to.
    #[default]
    Owner,
    /// The managers.
    Manager,
    /// The sponsors: the administrators.
    Sponsor,
}

/// What an alert led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Somebody acted, and it is settled.
    Handled,
    /// An opportunity was won.
    Won,
    /// Somebody acted, and it did not help.
    NoEffect,
    /// The account or the chance is lost.
    Lost,
    /// The condition no longer holds; nobody said anything.
    Cleared,
    /// The rule was switched off, changed or removed.
    RuleOff,
}

impl Outcome {
    /// The outcomes a person can choose.
    pub const CHOICES: [Self; 4] = [Self::Handled, Self::Won, Self::NoEffect, Self::Lost];
}

/// Why an alert was dismissed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dismissal {
    /// The data is wrong.
    NotTrue,
    /// It is known and dealt with elsewhere.
    Known,
    /// It is true and does not matter.
    NotImportant,
    /// Something else, which the note says.
    Other,
}

impl Dismissal {
    /// All reasons, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::NotTrue, Self::Known, Self::NotImportant, Self::Other];
}

/// What a person noted on an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Option<UserId>,
    /// What they wrote.
    pub text: String,
}
