//! What lists and pages of alerts ask for and get.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::alert::{Alert, Kind, Priority, Quoted};
use crate::health::{Band, Points};
use crate::id::{AccountId, AlertId, RuleId, UserId};
use crate::money::Money;
use crate::time::Timestamp;

/// Which part of the alerts a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    /// Those that want somebody now.
    #[default]
    Open,
    /// Those that were put aside.
    Snoozed,
    /// Those that are over.
    Closed,
}

/// Which alerts a list shows; what is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AlertQuery {
    /// Open, put aside or over.
    pub shelf: Shelf,
    /// What they are about; portfolio alerts are in the list of risks, too.
    pub kind: Option<Kind>,
    /// How soon they want somebody.
    pub priority: Option<Priority>,
    /// The rule.
    pub rule: Option<RuleId>,
    /// The account.
    pub account: Option<AccountId>,
    /// Only what the asking person deals with.
    pub mine: bool,
    /// A part of the account's or the rule's name.
    pub search: String,
    /// Also the members of groups, which otherwise stand behind their group.
    pub members: bool,
    /// How many rows stand before the page.
    pub offset: u32,
    /// How many rows the page has at most.
    pub limit: u32,
}

/// A row of a list: an alert and what people know its account by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertRow {
    /// The alert.
    pub alert: Alert,
    /// The account's name; empty for what concerns the portfolio.
    pub account: String,
    /// The account's owner.
    pub owner: Option<UserId>,
    /// The account's present score.
    pub score: Option<Points>,
    /// The account's present band.
    pub band: Option<Band>,
    /// The account's recurring revenue of a year.
    pub annual: Option<Money>,
}

impl AlertRow {
    /// Returns who deals with it: whoever it is assigned to, else the owner of the account.
    #[must_use]
    pub fn dealt_with_by(&self) -> Option<UserId> {
        self.alert.assignee.or(self.owner)
    }
}

/// How many alerts there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertCounts {
    /// Open risks and portfolio alerts, not put aside, not members of a group.
    pub risk: u32,
    /// Open opportunities, likewise.
    pub opportunity: u32,
    /// Put aside.
    pub snoozed: u32,
    /// Open ones that are critical or high, likewise.
    pub pressing: u32,
    /// Open ones by priority, likewise.
    pub by_priority: BTreeMap<Priority, u32>,
}

/// A page of alerts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertPage {
    /// The rows, those that are worth most first; of those that are over, the last closed first.
    pub rows: Vec<AlertRow>,
    /// How many rows there are in all.
    pub total: u32,
    /// How many rows stand before the page.
    pub offset: u32,
    /// How many there are of each kind, whatever the query.
    pub counts: AlertCounts,
    /// The end of the change log when the page was read.
    pub seq: i64,
}

/// One thing that happened to an alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertEvent {
    /// When.
    pub at: Timestamp,
    /// Who; none for the system.
    pub by: Option<UserId>,
    /// What: `raised`, `updated`, `joined`, `resolved`, `woken`, `undone`, or the word of a [`super::Step`].
    pub what: String,
    /// What it is about: a note, the outcome, the reason of a dismissal, the person it was assigned to, the rung, the
    /// day or the condition that ends a pause, the new priority.
    pub detail: String,
}

/// An alert's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertPageData {
    /// The alert and its account.
    pub row: AlertRow,
    /// Its facts at this moment, in the order of those when it was raised.
    pub facts: Vec<Quoted>,
    /// What happened, oldest first.
    pub events: Vec<AlertEvent>,
    /// The members, for a group.
    pub members: Vec<AlertRow>,
}

/// An account for which a rule would have raised alerts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewAccount {
    /// The account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// When alerts would have been raised, oldest first.
    pub at: Vec<Timestamp>,
    /// Whether one would be open now.
    pub open: bool,
}

/// What a rule would have done in the past days.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RulePreview {
    /// The days.
    pub days: u32,
    /// Accounts that were looked at.
    pub accounts: u32,
    /// Alerts that would have been raised.
    pub raised: u32,
    /// Of them still open.
    pub open: u32,
    /// The accounts, those with the most alerts first; at most a hundred.
    pub examples: Vec<PreviewAccount>,
}

/// What a bulk step did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    /// The batch that takes it back; none where nothing changed.
    pub batch: Option<crate::id::BatchId>,
    /// Alerts that changed.
    pub changed: u32,
    /// Alerts that did not allow the step, with the sentence that says why.
    pub refused: Vec<(AlertId, String)>,
}
