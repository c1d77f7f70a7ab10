//! What the panels of an account's page are told.

use std::collections::BTreeMap;

use domain::accounts::AccountRow;
use domain::activities::RECEIVED;
use domain::changes::Change;
use domain::fields::{Field, Subject};
use domain::health::{Band, Bands, Cause, ChangeSummary, Evaluation, Expected, Points, Step};
use domain::id::{AccountId, BatchId, UserId};
use domain::money::{Currency, Money};
use domain::signals::Tone;
use domain::support::Ticket;
use domain::surveys::Response;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What stands above the tabs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The account and its present health.
    pub row: AccountRow,
    /// The account above it.
    pub parent: Option<(AccountId, String)>,
    /// The workspace's custom fields.
    pub custom: Vec<Field>,
    /// Why the score is no longer what it was 30 days ago; nothing where there was none then.
    pub why: Option<ChangeSummary>,
    /// What costs the score most, against a full one.
    pub drags: Vec<Cause>,
}

/// The present score with all it was made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HealthPanel {
    /// The evaluation that holds now.
    pub evaluation: Evaluation,
    /// The scorecard's name.
    pub card: String,
    /// The scorecard's version.
    pub version: u32,
    /// The filter of the accounts that the scorecard applies to; empty for all.
    pub applies_to: String,
    /// The scorecard's priority: of those whose filter matches, the highest decides.
    pub priority: i32,
    /// How many other scorecards are in force.
    pub others: u32,
    /// For how many days the value of a measure is fresh, by the measure's key; those that never grow old are left out.
    pub fresh_days: BTreeMap<String, u32>,
    /// When this version was published.
    pub published_at: Option<Timestamp>,
    /// Where the bands begin.
    pub bands: Bands,
}

/// The difference between two days, or between then and now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangePanel {
    /// The day at whose end the comparison begins.
    pub day: Timestamp,
    /// The moment at which it ends; none for now.
    pub until: Option<Timestamp>,
    /// What moved the score, largest first.
    pub steps: Vec<Step>,
    /// The same in short.
    pub summary: ChangeSummary,
    /// The names and versions of the scorecards of then and now, where they are not the same.
    pub cards: Option<[(String, u32); 2]>,
}

/// How long an account has been there, and where its health turned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Life {
    /// When it was created.
    pub begins: Timestamp,
    /// When the score came into another band, oldest first.
    pub turns: Vec<(Timestamp, Band)>,
}

/// What differs between two moments of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The earlier moment.
    pub from: Timestamp,
    /// The later moment.
    pub to: Timestamp,
    /// The fields that differ.
    pub fields: Vec<FieldChange>,
    /// What moved the score, largest first, and the same in short; nothing where a score is missing.
    pub score: Option<(Vec<Step>, ChangeSummary)>,
    /// The workspace's custom fields, which the fields name.
    pub custom: Vec<Field>,
    /// The currency of the account's amounts.
    pub currency: Currency,
}

/// The score over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreHistory {
    /// The scores, oldest first; each holds until the next.
    pub scores: Vec<(Timestamp, Points)>,
    /// Where the score is heading; nothing where it reaches back too little.
    pub expected: Vec<Expected>,
    /// Where the bands begin.
    pub bands: Bands,
}

/// What happened at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Identifies it among the account's moments.
    pub id: String,
    /// When it was.
    pub at: Timestamp,
    /// What it was.
    pub what: What,
}

/// What can stand on a timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Somebody logged a note, call, mail or meeting.
    Activity {
        /// One of [`domain::activities::KINDS`].
        kind: String,
        /// What was said.
        body: String,
        /// Who logged it.
        author: Option<UserId>,
    },
    /// The score went from one band to another.
    Band {
        /// The band before; nothing for the first score.
        from: Option<Band>,
        /// The band after.
        to: Band,
        /// The score after.
        score: Points,
    },
    /// A ticket was opened.
    TicketOpened {
        /// What it is about.
        subject: String,
        /// How bad it is.
        severity: Option<String>,
    },
    /// A ticket was solved.
    TicketResolved {
        /// What it was about.
        subject: String,
        /// How the customer rated the answer, 0 to 100.
        satisfaction: Option<f64>,
    },
    /// An invoice was paid.
    InvoicePaid {
        /// Its number.
        number: String,
        /// Its amount.
        amount: Money,
    },
    /// A payment failed.
    InvoiceFailed {
        /// The invoice's number.
        number: String,
        /// The invoice's amount.
        amount: Money,
    },
    /// A survey was answered.
    Survey {
        /// The kind of survey.
        kind: String,
        /// The answer on the kind's own scale.
        score: f64,
        /// What they wrote.
        comment: Option<String>,
        /// Who answered.
        email: Option<String>,
    },
    /// A person set the score by hand.
    OverrideSet {
        /// The score.
        score: Points,
        /// Why.
        reason: String,
        /// Who set it.
        author: Option<UserId>,
        /// When it expires unless somebody ends it before.
        until: Timestamp,
    },
    /// The computed score counts again.
    OverrideEnded {
        /// The score that a person had set.
        score: Points,
        /// Who ended it; nobody where it expired.
        by: Option<UserId>,
    },
    /// Something happened to an alert.
    Alert {
        /// The word by which its rule is translated.
        rule: String,
        /// What people called the rule.
        name: String,
        /// What happened: `raised`, `resolved`, or the word of a step.
        step: String,
        /// Who did it; nobody where it came by itself.
        by: Option<UserId>,
        /// What they noted.
        text: Option<String>,
    },
    /// Somebody wrote down a task, or did it.
    Todo {
        /// What there was to do.
        title: String,
        /// Whether it was done.
        is_done: bool,
        /// Who; nobody where it came by itself.
        by: Option<UserId>,
    },
    /// A contact left the company.
    ContactLeft {
        /// Their name.
        name: String,
        /// The role they played.
        role: Option<String>,
    },
}

/// The kinds by which a timeline is filtered.
pub const MOMENT_KINDS: [&str; 12] =
    ["note", "call", "email", RECEIVED, "meeting", "task", "score", "alert", "ticket", "invoice", "survey", "people"];

impl What {
    /// Returns the kind by which the timeline is filtered.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Activity { kind, .. } => kind,
            Self::Band { .. } | Self::OverrideSet { .. } | Self::OverrideEnded { .. } => "score",
            Self::Alert { .. } => "alert",
            Self::Todo { .. } => "task",
            Self::TicketOpened { .. } | Self::TicketResolved { .. } => "ticket",
            Self::InvoicePaid { .. } | Self::InvoiceFailed { .. } => "invoice",
            Self::Survey { .. } => "survey",
            Self::ContactLeft { .. } => "people",
        }
    }
}

/// The newest moments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// Newest first.
    pub list: Vec<Moment>,
    /// Whether there are older ones.
    pub more: bool,
}

/// One usage metric over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// What was counted.
    pub name: String,
    /// The values, oldest first: per day, or summed per week over a year.
    pub readings: Vec<(Timestamp, f64)>,
    /// The sum of the last 28 days.
    pub recent: f64,
    /// The sum of the 28 days before.
    pub before: f64,
}

/// Tickets and survey answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupportPanel {
    /// The tickets, newest first.
    pub tickets: Vec<Ticket>,
    /// The answers, newest first.
    pub surveys: Vec<Response>,
    /// How the comment of each answer sounds, in the same order.
    pub sounds: Vec<Option<Tone>>,
}

/// One field before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field's key.
    pub key: String,
    /// Its value before.
    pub before: Value,
    /// Its value after.
    pub after: Value,
}

/// One line of the change history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Its place in the log.
    pub seq: i64,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; nothing for the system.
    pub actor: Option<UserId>,
    /// What happened.
    pub change: Change,
    /// To what kind of thing.
    pub subject: Subject,
    /// What people call the thing; empty for the account itself.
    pub name: String,
    /// The fields that changed.
    pub fields: Vec<FieldChange>,
    /// The edit it can be undone with.
    pub undo: Option<BatchId>,
    /// Whether it was undone.
    pub undone: bool,
}

/// The newest lines of the change history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Newest first.
    pub lines: Vec<HistoryLine>,
    /// Whether there are older ones.
    pub more: bool,
    /// The workspace's custom fields, which the lines name.
    pub custom: Vec<Field>,
    /// The currency of the account's amounts.
    pub currency: Currency,
}

/// An edit that was saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edited {
    /// The account as it is now.
    pub row: AccountRow,
    /// What the edit can be undone with.
    pub batch: BatchId,
}

/// A contact as a form holds it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContactDraft {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their telephone number.
    pub phone: String,
    /// Their job title.
    pub title: String,
    /// The role they play; empty for none.
    pub role: String,
    /// How they feel about us, 0 to 100.
    pub sentiment: Option<f64>,
    /// Their time zone.
    pub time_zone: String,
    /// When they left the company.
    pub left_at: Option<Timestamp>,
}
