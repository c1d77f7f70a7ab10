//! What a scorecard would have said of an account at past moments, and what then happened.

use serde::{Deserialize, Serialize};

use crate::accounts::Account;
use crate::health::{Band, Evaluation, Points};
use crate::id::{AccountId, ScorecardId, UserId};
use crate::money::Currency;
use crate::time::Timestamp;

/// A change of revenue below this share is a correction and no outcome.
const CHANGE_SHARE_MIN: f64 = 0.01;
/// A renewal date that moves on by more than this many days was renewed, not corrected.
const RENEWED_DAYS_MIN: i64 = 30;

/// What was said of an account at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The moment; only what was recorded by then was looked at.
    pub at: Timestamp,
    /// The score.
    pub score: Option<Points>,
    /// The band, with its hysteresis.
    pub band: Option<Band>,
    /// Who owned the account then.
    pub owner: Option<UserId>,
    /// The scorecard that said it.
    pub card: ScorecardId,
    /// The points of each measure of that card, in its order.
    pub points: Vec<Option<Points>>,
}

impl Said {
    /// Returns what an evaluation said.
    #[must_use]
    pub fn of(evaluation: &Evaluation, account: &Account, card: ScorecardId) -> Self {
        Self {
            at: evaluation.at,
            score: evaluation.score,
            band: evaluation.band,
            owner: account.owner_id,
            card,
            points: evaluation.measures().map(|measure| measure.points).collect(),
        }
    }
}

/// What can happen to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// It left.
    Churned,
    /// It stayed and pays less.
    Downgraded,
    /// Its contract was renewed.
    Renewed,
    /// It pays more.
    Expanded,
}

/// Something that happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What.
    pub happened: Happened,
    /// When.
    pub at: Timestamp,
    /// The yearly revenue that was lost, gained or renewed, in minor units.
    pub minor: i64,
}

/// An account over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The account.
    pub account: AccountId,
    /// The currency of its amounts.
    pub currency: Currency,
    /// What was said, oldest first.
    pub said: Vec<Said>,
    /// What happened, oldest first.
    pub outcomes: Vec<Outcome>,
}

/// Reads what happened from the states that an account went through, oldest first.
///
/// Leaving is the stage *churned*; revenue that changes by less than 1 % did not; a renewal date that moves on
/// by more than 30 days was renewed. After it has left nothing more happens until it is back.
#[must_use]
pub fn outcomes(states: &[(Timestamp, Account)]) -> Vec<Outcome> {
    let mut found = Vec::new();
    for pair in states.windows(2) {
        let ((_, before), (at, after)) = (&pair[0], &pair[1]);
        let annual = |account: &Account| account.annual().map(|money| money.minor);
        let (was, is) = (annual(before).unwrap_or(0), annual(after).unwrap_or(0));
        if has_left(before) {
            continue;
        }
        if has_left(after) {
            found.push(Outcome { happened: Happened::Churned, at: *at, minor: was });
            continue;
        }
        if annual(before).is_some()
            && annual(after).is_some()
            && is.abs_diff(was) as f64 > CHANGE_SHARE_MIN * was as f64
        {
            let happened = if is < was { Happened::Downgraded } else { Happened::Expanded };
            found.push(Outcome { happened, at: *at, minor: (is - was).abs() });
        }
        if let (Some(old), Some(new)) = (before.renewal_at, after.renewal_at)
            && new.days_since(old) > RENEWED_DAYS_MIN
        {
            found.push(Outcome { happened: Happened::Renewed, at: *at, minor: is });
        }
    }
    found
}

/// Returns whether an account has left.
#[must_use]
pub fn has_left(account: &Account) -> bool {
    account.stage.as_deref() == Some("churned")
}
