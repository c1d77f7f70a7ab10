//! A run of the laboratory: what a person asks of the past, and what is found.

use serde::{Deserialize, Serialize};

use super::backtest::BackTest;
use super::suggest::{Suggestion, Unable};
use crate::id::{LabRunId, ScorecardId, UserId};
use crate::refusal::{FieldError, Refusal};
use crate::time::Timestamp;

/// Most months that are replayed.
pub const MONTHS_MAX: u32 = 36;
/// Most versions that are held beside the cards in force and the draft.
pub const OTHERS_MAX: usize = 3;
/// The shortest and the longest horizon in days.
pub const HORIZON: (u32, u32) = (14, 365);

/// What a person asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The scorecard whose draft is held beside the cards in force, and whose weights are looked at.
    pub card: ScorecardId,
    /// How many months are replayed, 1 to 36.
    pub months: u32,
    /// Within how many days a loss must follow, 14 to 365.
    pub horizon_days: u32,
    /// Whether paying less is a loss, too.
    pub downgrades: bool,
    /// Whether weights are to be suggested.
    pub suggest: bool,
}

impl Asked {
    /// Refuses what cannot be replayed.
    ///
    /// # Errors
    /// Returns [`Refusal::Invalid`] with one entry per field.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut errors = Vec::new();
        let mut refuse = |field: &str, message: &str| {
            errors.push(FieldError { field: field.to_owned(), message: message.to_owned() });
        };
        if !(1..=MONTHS_MAX).contains(&self.months) {
            refuse("months", "Choose 1 to 36 months.");
        }
        if !(HORIZON.0..=HORIZON.1).contains(&self.horizon_days) {
            refuse("horizon_days", "Choose a horizon of 14 to 365 days.");
        }
        if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(errors)) }
    }
}

/// A run, from when it was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Identifies it.
    pub id: LabRunId,
    /// What was asked.
    pub asked: Asked,
    /// When.
    pub started_at: Timestamp,
    /// By whom.
    pub started_by: Option<UserId>,
    /// Accounts that are replayed so far.
    pub done: u32,
    /// Accounts that there are; 0 until it has begun.
    pub total: u32,
    /// When somebody stopped it.
    pub stopped_at: Option<Timestamp>,
    /// When it ended, whichever way.
    pub ended_at: Option<Timestamp>,
    /// Why it found nothing.
    pub refused: Option<String>,
    /// What it found.
    pub found: Option<Findings>,
}

/// What a run found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// What people call the scorecard.
    pub name: String,
    /// The scorecards in force.
    pub live: BackTest,
    /// The same with the draft in the place of its scorecard, where there is one.
    pub draft: Option<BackTest>,
    /// Counts the times that the draft had been saved, where there was one.
    pub draft_revision: Option<u32>,
    /// The same with other versions in the place of theirs: the one before, and drafts of other scorecards.
    #[serde(default)]
    pub others: Vec<Other>,
    /// The weights that are suggested for the draft, or else for the version in force.
    pub suggestion: Option<Suggested>,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// A version that is held beside the cards in force, in the place of its scorecard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Other {
    /// What people call the scorecard.
    pub name: String,
    /// The version.
    pub version: u32,
    /// Whether it is a draft, and not one that was in force once.
    pub is_draft: bool,
    /// What was found.
    pub test: BackTest,
}

/// What came of asking for weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Suggested {
    /// These, with their evidence.
    Weights(Box<Suggestion>),
    /// None, and why.
    Unable(Unable),
}
