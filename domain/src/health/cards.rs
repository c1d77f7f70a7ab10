//! Scorecards as people manage them: their versions, and what state each is in.

use serde::{Deserialize, Serialize};

use crate::id::{ScorecardId, UserId};
use crate::time::Timestamp;

/// Where a version of a scorecard stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// Being worked on; it scores nothing.
    Draft,
    /// A draft that is computed beside the live version, for comparison only.
    Shadow,
    /// In force.
    Published,
    /// Was in force once.
    Retired,
}

impl CardState {
    /// Returns the word that the log and the screens use.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Shadow => "shadow",
            Self::Published => "published",
            Self::Retired => "retired",
        }
    }

    /// Returns the state that the moments of a version amount to.
    #[must_use]
    pub fn of(published: Option<Timestamp>, retired: Option<Timestamp>, shadow: Option<Timestamp>) -> Self {
        match (published, retired, shadow) {
            (_, Some(_), _) => Self::Retired,
            (Some(_), None, _) => Self::Published,
            (None, None, Some(_)) => Self::Shadow,
            (None, None, None) => Self::Draft,
        }
    }
}

/// A version of a scorecard without its contents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionHead {
    /// Counts the versions of a scorecard from 1; the number of a discarded draft is not used again.
    pub version: u32,
    /// Where it stands.
    pub state: CardState,
    /// What the person who published it said about it.
    pub note: String,
    /// When it was begun.
    pub created_at: Timestamp,
    /// Who began it; `None` for the system.
    pub created_by: Option<UserId>,
    /// When it came into force, if it ever did.
    pub published_at: Option<Timestamp>,
    /// When it went out of force.
    pub retired_at: Option<Timestamp>,
}

/// A scorecard in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CardHead {
    /// The scorecard across its versions.
    pub scorecard: ScorecardId,
    /// What people call it: the name in the live version, else in the newest one.
    pub name: String,
    /// Where several apply, the highest wins.
    pub priority: i32,
    /// The filter of the accounts it applies to; empty for all.
    pub applies_to: String,
    /// The version in force.
    pub live: Option<u32>,
    /// The version being worked on.
    pub draft: Option<u32>,
    /// The version computed beside the live one; the same as `draft`.
    pub shadow: Option<u32>,
    /// How many versions there are.
    pub versions: u32,
    /// How many accounts were last scored with it.
    pub accounts: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_in_the_state_that_its_moments_say() {
        let t = Some(Timestamp(1));
        for (published, retired, shadow, state) in [
            (None, None, None, CardState::Draft),
            (None, None, t, CardState::Shadow),
            (t, None, None, CardState::Published),
            (t, None, t, CardState::Published),
            (t, t, None, CardState::Retired),
        ] {
            assert_eq!(CardState::of(published, retired, shadow), state);
            assert_eq!(serde_json::to_value(state).unwrap(), state.key());
        }
    }
}
