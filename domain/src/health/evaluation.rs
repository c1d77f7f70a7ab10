//! Evaluations: a score with everything it was made of, as it is stored.

use serde::{Deserialize, Serialize};

use super::bands::Band;
use super::facts::FactValue;
use super::points::Points;
use crate::id::{AccountId, OverrideId, UserId};
use crate::time::Timestamp;

/// A score with everything it was made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// When it was made.
    pub at: Timestamp,
    /// The weighted score before exceptions; `None` where nothing is known.
    pub base: Option<Points>,
    /// The score after exceptions, which an override replaces.
    pub computed: Option<Points>,
    /// The score that counts.
    pub score: Option<Points>,
    /// The band of the score.
    pub band: Option<Band>,
    /// The share of the card's weight that is present and fresh.
    pub coverage: Points,
    /// The groups with their measures, in the order of the card.
    pub groups: Vec<GroupResult>,
    /// The exceptions that held, in the order they were applied; some may have changed nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<AppliedException>,
    /// The override in force.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub override_: Option<AppliedOverride>,
}

impl Evaluation {
    /// Returns all measures in the order of the card.
    pub fn measures(&self) -> impl Iterator<Item = &MeasureResult> {
        self.groups.iter().flat_map(|group| &group.measures)
    }
}

/// What a group came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupResult {
    /// Its key in the card.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// Its own score; `None` where none of its measures counts.
    pub score: Option<Points>,
    /// Its weight in the card, in per cent of all groups.
    pub nominal: Points,
    /// Its weight in this score, in per cent, after the weights of what is missing went to the rest.
    pub effective: Points,
    /// Its measures.
    pub measures: Vec<MeasureResult>,
}

impl GroupResult {
    /// Returns the points it adds to the score.
    #[must_use]
    pub fn contribution(&self) -> Points {
        self.measures.iter().map(|measure| measure.contribution).sum()
    }
}

/// What a measure came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureResult {
    /// Its key in the card.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// The raw value; `None` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<FactValue>,
    /// When the latest observation behind it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<Timestamp>,
    /// The raw value as points between 0 and 100; `None` where it does not count.
    pub points: Option<Points>,
    /// How the points came about.
    pub state: MeasureState,
    /// Its weight in the card, in per cent of the whole.
    pub nominal: Points,
    /// Its weight in this score, in per cent.
    pub effective: Points,
    /// The points it adds to the score.
    pub contribution: Points,
}

impl MeasureResult {
    /// Returns whether it takes part in the score.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.effective > Points::ZERO
    }
}

/// How the points of a measure came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureState {
    /// From a value within its validity.
    Fresh,
    /// From a value older than its validity; it counts in full but not towards coverage.
    Stale,
    /// There is no value, and the measure is left out.
    Missing,
    /// From an old value that fades towards 50.
    Carried,
    /// There is no value, and it counts as 50.
    Neutral,
    /// There is no value, and it counts as 0.
    Zero,
}

/// An exception that held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppliedException {
    /// Its key in the card.
    pub key: String,
    /// What people see.
    pub label: String,
    /// The score before it.
    pub before: Points,
    /// The score after it.
    pub after: Points,
}

/// A score that a person set by hand, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManualScore {
    /// Identifies it.
    pub id: OverrideId,
    /// Counts its changes.
    pub version: i64,
    /// The account it is about.
    pub account_id: AccountId,
    /// The score, 0 to 100.
    pub score: Points,
    /// Why.
    pub reason: String,
    /// When it was set.
    pub created_at: Timestamp,
    /// Who set it.
    pub created_by: Option<UserId>,
    /// The moment from which the computed score counts again.
    pub expires_at: Timestamp,
    /// When it stopped to count, if it did.
    pub ended_at: Option<Timestamp>,
    /// Who ended it; nobody where it expired.
    pub ended_by: Option<UserId>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A person's own score for an account, for a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Override {
    /// The score, 0 to 100.
    pub score: f64,
    /// Why.
    pub reason: String,
    /// The name of the person.
    pub author: String,
    /// The moment from which the computed score counts again.
    pub until: Timestamp,
}

/// An override in force; the computed score stays in the evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppliedOverride {
    /// The score it set.
    pub score: Points,
    /// Why.
    pub reason: String,
    /// The name of the person.
    pub author: String,
    /// The moment from which the computed score counts again.
    pub until: Timestamp,
}
