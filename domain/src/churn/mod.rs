//! Churn probability: how likely an account is lost within a horizon, by a model learnt from what happened.
//!
//! [`learn`] fits a model to past moments, [`fit`] is what it comes to and how it speaks of one account, [`drift`]
//! says whether the present still looks like what was learnt from, and [`training`] is one attempt to learn.
//! A model is a candidate until a person puts it into force; at most one of a workspace is in force.

mod drift;
mod fit;
mod learn;
#[cfg(test)]
mod tests;
mod training;

use serde::{Deserialize, Serialize};

use crate::health::Points;
use crate::id::{ChurnModelId, UserId};
use crate::time::Timestamp;

pub use drift::{Drift, Held, InputDrift, SHIFTED, SHIFTING, Shift, Spread, Verdict, hazard, shift, stability};
pub use fit::{Driver, Fit, Input, Prediction, card, points};
pub use learn::{Asked, Evidence, Judgement, Later, Learnt, Unable, inputs, learn};
pub use training::{Came, Training};

/// Within how many days a loss counts.
pub const HORIZON_DAYS: u32 = 90;
/// How many months of the past are learnt from.
pub const MONTHS: u32 = 24;
/// After how many days a model is learnt anew by itself; it stays a candidate.
pub const RETRAIN_DAYS: i64 = 30;
/// Least move of a probability that is written, in points of per cent.
pub const MOVED_MIN: Points = Points(Points::MICRO / 10);

/// One version of the model of a workspace, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChurnModel {
    /// Identifies it.
    pub id: ChurnModelId,
    /// Counts the changes of this document.
    pub version: i64,
    /// Counts the models of the workspace from 1: what people call its version.
    pub number: u32,
    /// When it was learnt.
    pub trained_at: Timestamp,
    /// Who asked for it; nobody where the calendar did.
    pub trained_by: Option<UserId>,
    /// What was learnt.
    pub fit: Fit,
    /// How well it did on what it had not seen.
    pub evidence: Evidence,
    /// When it was last put into force.
    pub activated_at: Option<Timestamp>,
    /// By whom.
    pub activated_by: Option<UserId>,
    /// When it was taken out of force, or set aside as a candidate.
    pub retired_at: Option<Timestamp>,
    /// By whom.
    pub retired_by: Option<UserId>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Where a model stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelState {
    /// Learnt, and waiting for a person's decision.
    Candidate,
    /// It says how likely accounts are lost.
    Active,
    /// Out of force.
    Retired,
}

impl ChurnModel {
    /// Returns where it stands by its own dates.
    #[must_use]
    pub fn state(&self) -> ModelState {
        match (self.activated_at, self.retired_at) {
            (_, Some(_)) => ModelState::Retired,
            (Some(_), None) => ModelState::Active,
            (None, None) => ModelState::Candidate,
        }
    }

    /// Returns what a list says of it.
    #[must_use]
    pub fn head(&self) -> ModelHead {
        ModelHead {
            id: self.id,
            number: self.number,
            state: self.state(),
            trained_at: self.trained_at,
            trained_by: self.trained_by,
            losses: self.evidence.losses,
            judged: self.evidence.folds.as_ref().map(|judged| (judged.auc.value, judged.brier)),
            activated_at: self.activated_at,
            activated_by: self.activated_by,
            retired_at: self.retired_at,
        }
    }
}

/// A version in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelHead {
    /// Identifies it.
    pub id: ChurnModelId,
    /// What people call its version.
    pub number: u32,
    /// Where it stands.
    pub state: ModelState,
    /// When it was learnt.
    pub trained_at: Timestamp,
    /// Who asked for it.
    pub trained_by: Option<UserId>,
    /// Lost accounts that it was learnt from.
    pub losses: u32,
    /// The area under its ROC curve and its Brier score, on accounts that it had not seen.
    pub judged: Option<(f64, f64)>,
    /// When it was last put into force.
    pub activated_at: Option<Timestamp>,
    /// By whom.
    pub activated_by: Option<UserId>,
    /// When it went out of force.
    pub retired_at: Option<Timestamp>,
}

/// What is known of an account's future, as it is kept on the account's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChurnSummary {
    /// How likely it is lost, in per cent.
    pub pct: Points,
    /// Within how many days.
    pub horizon_days: u32,
    /// The model that says so.
    pub model: ChurnModelId,
    /// What people call its version.
    pub version: u32,
    /// When it was said.
    pub at: Timestamp,
}

/// What the model in force said of an account, and how it came to that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// When it was said; it holds since.
    pub at: Timestamp,
    /// The model that said it.
    pub model: ModelHead,
    /// Within how many days.
    pub horizon_days: u32,
    /// What it said, worked out anew from the inputs that were kept.
    pub prediction: Prediction,
}

impl ChurnSummary {
    /// Returns whether a new value is different enough to be written: another model, or a move of 0.1 points.
    #[must_use]
    pub fn moved(before: Option<&Self>, after: Option<&Self>) -> bool {
        match (before, after) {
            (Some(before), Some(after)) => before.model != after.model || (before.pct - after.pct).abs() >= MOVED_MIN,
            (None, None) => false,
            _ => true,
        }
    }
}
