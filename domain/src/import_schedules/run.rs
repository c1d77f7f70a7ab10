//! What came of a scheduled import.

use serde::{Deserialize, Serialize};

use crate::id::{BatchId, ImportRunId};
use crate::import::pair::Both;
use crate::signals::trouble::Trouble as Outside;
use crate::time::Timestamp;

/// Why a file was not imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Whoever saved it last was deactivated, or may no longer have files imported.
    OwnerLeft,
    /// The kept mapping of the columns was deleted.
    PresetGone,
    /// The file has other columns than the kept mapping.
    PresetUnfit,
    /// The address gave no answer that can be used.
    Fetch(Outside),
    /// The answer was a page of the web and no table.
    Page,
    /// There is no such file in the folder.
    NoFile,
    /// The file is there and cannot be read.
    Unreadable,
    /// The import said no, in its words.
    Refused(String),
    /// It went wrong in the house.
    House,
}

impl Trouble {
    /// Returns whether the same may go well in a moment.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Fetch(Outside::Status(status)) => matches!(status, 408 | 429 | 500..),
            Self::Fetch(outside) => {
                matches!(outside, Outside::NoName | Outside::Unreachable | Outside::TimedOut | Outside::Garbled)
            }
            _ => false,
        }
    }
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The batch that takes it back.
    pub batch: BatchId,
    /// Rows that were created.
    pub created: u64,
    /// Rows that changed one that existed.
    pub updated: u64,
    /// Rows that changed nothing.
    pub unchanged: u64,
    /// What became of both, where each row is an account and a contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub both: Option<Both>,
    /// Rows that were wrong, or that the mode did not allow.
    pub left_out: u64,
    /// What is wrong with the first of them.
    pub errors: Vec<String>,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The file was imported.
    Imported(Imported),
    /// The file is the one that was imported before.
    Unchanged,
    /// Nothing was written, and why.
    Failed(Trouble),
}

/// One time at which a file was to be imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Identifies the run.
    pub id: ImportRunId,
    /// The moment it was meant for.
    pub due_at: Timestamp,
    /// When it began.
    pub at: Timestamp,
    /// Whether a person asked for it.
    pub by_hand: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// The name of the file that was read, where one was chosen.
    pub file: Option<String>,
    /// What came of it, or of the last try while it goes on.
    pub outcome: Option<Outcome>,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// When the import was taken back, if it was.
    pub undone_at: Option<Timestamp>,
}
