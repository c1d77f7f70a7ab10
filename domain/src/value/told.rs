//! The few things about an alert that its value depends on.

use serde::{Deserialize, Serialize};

use super::Ending;
use crate::alerts::{Kind, Outcome};
use crate::id::{AccountId, RuleId, UserId};
use crate::time::Timestamp;

/// An alert about an account, as far as it matters here; read from its document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The account it is about.
    pub account_id: AccountId,
    /// The rule that noticed it.
    pub rule_id: RuleId,
    /// What it is about.
    pub kind: Kind,
    /// When it was raised.
    pub created_at: Timestamp,
    /// When somebody saw it.
    #[serde(default)]
    pub acknowledged_at: Option<Timestamp>,
    /// When somebody began to work on it.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    /// When it was over.
    #[serde(default)]
    pub resolved_at: Option<Timestamp>,
    /// Who said so; none where it ended by itself.
    #[serde(default)]
    pub resolved_by: Option<UserId>,
    /// When it was dismissed.
    #[serde(default)]
    pub dismissed_at: Option<Timestamp>,
    /// What it led to.
    #[serde(default)]
    pub outcome: Option<Outcome>,
}

impl Told {
    /// Returns whether something may be lost.
    #[must_use]
    pub fn is_risk(&self) -> bool {
        self.kind == Kind::Risk
    }

    /// Returns when it was resolved or dismissed.
    #[must_use]
    pub fn closed_at(&self) -> Option<Timestamp> {
        self.dismissed_at.or(self.resolved_at)
    }

    /// Returns when a person first did something with it: looked at it, began, settled or dismissed it.
    #[must_use]
    pub fn seen(&self) -> Option<Timestamp> {
        [self.acknowledged_at, self.started_at, self.settled_at(), self.dismissed_at].into_iter().flatten().min()
    }

    /// Returns when a person first acted on it: began to work on it, or settled it.
    #[must_use]
    pub fn acted(&self) -> Option<Timestamp> {
        [self.started_at, self.settled_at()].into_iter().flatten().min()
    }

    /// Returns what it came to, once it is closed; nothing where its rule was switched off.
    #[must_use]
    pub fn ending(&self) -> Option<Ending> {
        if self.dismissed_at.is_some() {
            return Some(Ending::Dismissed);
        }
        self.resolved_at?;
        match self.outcome? {
            Outcome::Handled | Outcome::Won => Some(Ending::Helped),
            // Who worked on it may well be why the condition no longer holds.
            Outcome::Cleared if self.acted().is_some() => Some(Ending::Helped),
            Outcome::Cleared => Some(Ending::Cleared),
            Outcome::NoEffect => Some(Ending::NoEffect),
            Outcome::Lost => Some(Ending::Lost),
            Outcome::RuleOff => None,
        }
    }

    fn settled_at(&self) -> Option<Timestamp> {
        self.resolved_by.and(self.resolved_at)
    }
}
