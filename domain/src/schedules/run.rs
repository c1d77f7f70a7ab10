//! What came of a schedule: its runs, and the mails of each.

use serde::{Deserialize, Serialize};

use crate::id::ScheduleRunId;
use crate::time::Timestamp;

/// Why something was not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Whoever set it up may no longer have reports sent.
    OwnerLeft,
    /// The report was deleted, or is no longer shared with whoever set this up.
    ReportGone,
    /// The person was deactivated.
    Deactivated,
    /// The workspace no longer allows addresses outside of it.
    OutsideOff,
    /// No mail server is set up.
    NoMail,
    /// The mail server said no, or was not reached; in its words.
    Returned(String),
}

/// One mail of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// To whom: a name, or an address where it is nobody of the workspace.
    pub to: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When the mail server took it, if it has.
    pub sent_at: Option<Timestamp>,
    /// When it was given up, if it was.
    pub dead_at: Option<Timestamp>,
    /// Why it was not sent, or not yet.
    pub trouble: Option<Trouble>,
}

/// One time at which a schedule was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Identifies the run.
    pub id: ScheduleRunId,
    /// The moment it was meant for.
    pub due_at: Timestamp,
    /// When it was made.
    pub at: Timestamp,
    /// Whether a person asked for it.
    pub by_hand: bool,
    /// Why nothing was sent to anybody.
    pub trouble: Option<Trouble>,
    /// Its mails.
    pub mails: Vec<Mail>,
}

impl Run {
    /// Returns how many mails arrived at the mail server.
    #[must_use]
    pub fn sent(&self) -> usize {
        self.mails.iter().filter(|mail| mail.sent_at.is_some()).count()
    }

    /// Returns how many mails were given up.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.mails.iter().filter(|mail| mail.dead_at.is_some()).count()
    }
}
