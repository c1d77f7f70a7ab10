//! What an alert is, and where it stands.

mod parts;

use serde::{Deserialize, Serialize};

use uuid::Uuid;

use crate::id::{AccountId, AlertId, RuleId, UserId};
use crate::money::Currency;
use crate::time::Timestamp;

pub use parts::{Dismissal, Note, Outcome, Quoted, Reason, Rung, Unit, Worth};

/// Longest text that a person writes on an alert, in characters.
pub const REASON_CHARS_MAX: usize = 2_000;

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something may be lost.
    Risk,
    /// Something may be won.
    Opportunity,
    /// Many accounts at once.
    Portfolio,
}

impl Kind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Risk, Self::Opportunity, Self::Portfolio];

    /// Returns the word stored in the database and used in addresses.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Opportunity => "opportunity",
            Self::Portfolio => "portfolio",
        }
    }

    /// Returns the kind with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// How soon an alert wants somebody, most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Now.
    Critical,
    /// Today.
    High,
    /// This week.
    Medium,
    /// When there is time.
    Low,
}

impl Priority {
    /// All priorities, most first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// Returns the word stored in the database and used in addresses.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// Returns the priority with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.key() == key)
    }

    /// Returns the place among the priorities, 0 for critical.
    #[must_use]
    pub fn order(self) -> u8 {
        self as u8
    }
}

/// Where an alert stands; follows from its moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has looked at it.
    New,
    /// Somebody has seen it.
    Acknowledged,
    /// Somebody works on it.
    InProgress,
    /// It is over.
    Resolved,
    /// Somebody said that it is none.
    Dismissed,
}

impl State {
    /// All states, in the order of a life.
    pub const ALL: [Self; 5] = [Self::New, Self::Acknowledged, Self::InProgress, Self::Resolved, Self::Dismissed];

    /// Returns the word stored in the database and used in addresses.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Acknowledged => "acknowledged",
            Self::InProgress => "in_progress",
            Self::Resolved => "resolved",
            Self::Dismissed => "dismissed",
        }
    }

    /// Returns the state with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// Something that a rule noticed. A state is a moment with a who; nobody is the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Identifies the alert.
    pub id: AlertId,
    /// Counts its changes.
    pub version: i64,
    /// The account it is about; none for what concerns the portfolio.
    pub account_id: Option<AccountId>,
    /// The rule that noticed it.
    pub rule_id: RuleId,
    /// The rule's name when it was raised, in English for a built-in one, whose name is translated by the reason's key.
    pub rule_name: String,
    /// What it is about.
    pub kind: Kind,
    /// What is the same for the same thing noticed twice: the second time brings the open alert up to date.
    pub fingerprint: String,
    /// How soon it wants somebody.
    pub priority: Priority,
    /// What that was worked out from.
    pub worth: Worth,
    /// Why it was raised.
    pub reason: Reason,
    /// The facts when it was raised.
    #[serde(rename = "then")]
    pub facts_then: Vec<Quoted>,
    /// The facts when it was last brought up to date; the sentence of the reason quotes these.
    #[serde(rename = "now")]
    pub facts_now: Vec<Quoted>,
    /// When the condition was first seen to hold.
    pub first_seen: Timestamp,
    /// When it was last brought up to date.
    pub last_seen: Timestamp,
    /// How often it was noticed anew or got worse.
    pub times: u32,
    /// The alerts of one cause that it gathers, for a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<AlertId>,
    /// The group that gathers it.
    #[serde(default)]
    pub group: Option<AlertId>,
    /// Who deals with it, where that is not the owner of the account.
    pub assignee: Option<UserId>,
    /// When somebody saw it.
    pub acknowledged_at: Option<Timestamp>,
    /// Who.
    pub acknowledged_by: Option<UserId>,
    /// When somebody began to work on it.
    pub started_at: Option<Timestamp>,
    /// Who.
    pub started_by: Option<UserId>,
    /// Until when it is put aside.
    pub snoozed_until: Option<Timestamp>,
    /// What ends the pause when it becomes true of the account, such as `open_tickets = 0`.
    pub snoozed_while: Option<String>,
    /// When it was put aside, while it is.
    pub snoozed_at: Option<Timestamp>,
    /// Who.
    pub snoozed_by: Option<UserId>,
    /// When it was over.
    pub resolved_at: Option<Timestamp>,
    /// Who said so; none where it ended by itself.
    pub resolved_by: Option<UserId>,
    /// What it led to.
    pub outcome: Option<Outcome>,
    /// When it was dismissed.
    pub dismissed_at: Option<Timestamp>,
    /// Who.
    pub dismissed_by: Option<UserId>,
    /// Why.
    pub dismissal: Option<Dismissal>,
    /// Who it has been brought to.
    #[serde(default)]
    pub rung: Rung,
    /// When it was last brought to somebody else.
    pub escalated_at: Option<Timestamp>,
    /// What people noted, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// When it was raised.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Alert {
    /// Returns where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        if self.dismissed_at.is_some() {
            State::Dismissed
        } else if self.resolved_at.is_some() {
            State::Resolved
        } else if self.started_at.is_some() {
            State::InProgress
        } else if self.acknowledged_at.is_some() {
            State::Acknowledged
        } else {
            State::New
        }
    }

    /// Returns whether it wants nobody any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed_at().is_some()
    }

    /// Returns when it was resolved or dismissed.
    #[must_use]
    pub fn closed_at(&self) -> Option<Timestamp> {
        self.dismissed_at.or(self.resolved_at)
    }

    /// Returns whether it is put aside at a moment.
    #[must_use]
    pub fn is_snoozed(&self, now: Timestamp) -> bool {
        self.snoozed_at.is_some() && self.snoozed_until.is_none_or(|until| until > now)
    }

    /// Returns whether a person did something with it other than dismissing it.
    #[must_use]
    pub fn was_acted_on(&self) -> bool {
        self.acknowledged_by.is_some() || self.started_by.is_some() || self.resolved_by.is_some()
    }

    /// Returns a fact as it was when the alert was last brought up to date.
    #[must_use]
    pub fn quoted(&self, key: &str) -> Option<&Quoted> {
        self.facts_now.iter().find(|quoted| quoted.key == key)
    }
}

impl Alert {
    /// Returns an alert about nothing, for the fields that a new one has in common with all others.
    pub(crate) fn blank() -> Self {
        let worth = Worth {
            annual_minor: None,
            currency: Currency::USD,
            typical_minor: 0,
            probability: 0.0,
            urgency: 1.0,
            days_left: None,
            effort: 1.0,
            value: 0.0,
        };
        let nobody = Uuid::nil();
        Self {
            id: AlertId(nobody),
            version: 1,
            account_id: None,
            rule_id: RuleId(nobody),
            rule_name: String::new(),
            kind: Kind::Risk,
            fingerprint: String::new(),
            priority: Priority::Low,
            worth,
            reason: Reason::default(),
            facts_then: Vec::new(),
            facts_now: Vec::new(),
            first_seen: Timestamp(0),
            last_seen: Timestamp(0),
            times: 1,
            members: Vec::new(),
            group: None,
            assignee: None,
            acknowledged_at: None,
            acknowledged_by: None,
            started_at: None,
            started_by: None,
            snoozed_until: None,
            snoozed_while: None,
            snoozed_at: None,
            snoozed_by: None,
            resolved_at: None,
            resolved_by: None,
            outcome: None,
            dismissed_at: None,
            dismissed_by: None,
            dismissal: None,
            rung: Rung::Owner,
            escalated_at: None,
            notes: Vec::new(),
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        }
    }
}
