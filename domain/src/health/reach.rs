//! Which accounts a scorecard would score, beside the other cards that are in force.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::id::ScorecardId;

/// How many accounts a scorecard applies to, and what other cards say about the same accounts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reach {
    /// How many accounts its filter matches.
    pub matching: u32,
    /// How many of them it would score: those that no stronger card matches.
    pub scored: u32,
    /// The other cards in force that match some of the same accounts.
    pub rivals: Vec<Rival>,
}

/// Another card for some of the same accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    /// What people call it.
    pub name: String,
    /// Its priority.
    pub priority: i32,
    /// How many accounts both match.
    pub shared: u32,
    /// Whether it is the stronger one, and scores these accounts.
    pub wins: bool,
}

/// What decides between two cards for the same account; see [`super::choose_scorecard`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The scorecard.
    pub scorecard: ScorecardId,
    /// Its priority.
    pub priority: i32,
    /// Its filter.
    pub applies_to: &'a str,
}

impl Claim<'_> {
    /// Returns whether this card scores an account that both match.
    #[must_use]
    pub fn beats(&self, other: &Self) -> bool {
        let rank = |claim: &Self| (Reverse(claim.priority), claim.applies_to.trim().is_empty(), claim.scorecard);
        rank(self) < rank(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::{Scorecard, ScorecardVersion, choose_scorecard};
    use uuid::Uuid;

    #[test]
    fn two_claims_are_decided_as_the_scorer_decides() {
        let claims = [(1, "", 0), (2, "x", 0), (3, "x", 7), (4, "", 7), (5, " ", 0)];
        let claim = |(id, applies_to, priority): (u128, &'static str, i32)| Claim {
            scorecard: ScorecardId(Uuid::from_u128(id)),
            priority,
            applies_to,
        };
        let version = |claim: Claim<'_>| ScorecardVersion {
            scorecard: claim.scorecard,
            version: 1,
            card: Scorecard {
                applies_to: claim.applies_to.to_owned(),
                priority: claim.priority,
                ..Scorecard::default()
            },
            published_at: None,
            revision: 1,
        };
        for a in claims.map(claim) {
            for b in claims.map(claim).into_iter().filter(|b| b.scorecard != a.scorecard) {
                let both = [version(a), version(b)];
                let chosen = choose_scorecard(&both, |_| true).map(|version| version.scorecard);
                assert_eq!(a.beats(&b), chosen == Some(a.scorecard), "{a:?} {b:?}");
            }
        }
    }
}
