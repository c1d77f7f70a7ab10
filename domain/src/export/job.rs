//! One export in the history: who asked for what, how it went, and how long its file is kept.

use serde::{Deserialize, Serialize};

use super::Request;
use crate::id::{ExportId, UserId};
use crate::time::Timestamp;

/// Most rows of a file that is made while somebody waits; longer ones are made in the background.
pub const AT_ONCE_ROWS_MAX: u32 = 2_000;
/// Days that a file is kept.
pub const KEPT_DAYS: i64 = 7;
/// Days that the history remembers an export.
pub const REMEMBERED_DAYS: i64 = 90;
/// Files that one person may have waiting or being made.
pub const WAITING_MAX: usize = 5;
/// Bytes of one file that is kept.
pub const FILE_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Bytes of all files that a workspace keeps; beyond them the oldest go first.
pub const KEPT_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// An export. What became of it is a moment, and where it matters a who.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Identifies the export.
    pub id: ExportId,
    /// Counts its changes.
    pub version: i64,
    /// What was asked for.
    pub request: Request,
    /// Who asked; none for the command line.
    pub by: Option<UserId>,
    /// How many rows the file has; before it is made, how many it would have.
    pub rows: u32,
    /// How long the file is, once it is made in the background.
    pub bytes: Option<u64>,
    /// When it was made and sent while somebody waited.
    pub sent_at: Option<Timestamp>,
    /// When it was over, however it ended.
    pub ended_at: Option<Timestamp>,
    /// Until when the file is kept, while there is one.
    pub kept_until: Option<Timestamp>,
    /// When the file was removed.
    pub removed_at: Option<Timestamp>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// Who did.
    pub cancelled_by: Option<UserId>,
    /// Why there is no file, in a sentence.
    pub why: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Where an export stands; follows from its moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// It waits for its turn, or is being made.
    Going,
    /// There is a file.
    Ready,
    /// The file was sent as soon as it was made, and not kept.
    Sent,
    /// There was a file.
    Removed,
    /// Somebody did not want it any more.
    Cancelled,
    /// There is no file, and a reason.
    Failed,
}

impl Export {
    /// Returns an export that is asked for.
    #[must_use]
    pub fn new(id: ExportId, request: Request, by: Option<UserId>, rows: u32, now: Timestamp) -> Self {
        Self {
            id,
            version: 1,
            request,
            by,
            rows,
            bytes: None,
            sent_at: None,
            ended_at: None,
            kept_until: None,
            removed_at: None,
            cancelled_at: None,
            cancelled_by: None,
            why: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Returns where it stands.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            _ if self.ended_at.is_none() => Stage::Going,
            _ if self.why.is_some() => Stage::Failed,
            _ if self.cancelled_at.is_some() => Stage::Cancelled,
            _ if self.sent_at.is_some() => Stage::Sent,
            _ if self.kept_until.is_some() => Stage::Ready,
            _ => Stage::Removed,
        }
    }

    /// Returns it as made and sent at once.
    #[must_use]
    pub fn sent(mut self, now: Timestamp) -> Self {
        (self.sent_at, self.ended_at) = (Some(now), Some(now));
        self
    }

    /// Returns it with a file of so many rows and bytes.
    #[must_use]
    pub fn ready(mut self, rows: u32, bytes: u64, now: Timestamp) -> Self {
        (self.rows, self.bytes) = (rows, Some(bytes));
        (self.ended_at, self.kept_until) = (Some(now), Some(now.plus_days(KEPT_DAYS)));
        self
    }

    /// Returns it as cancelled.
    #[must_use]
    pub fn cancelled(mut self, by: Option<UserId>, now: Timestamp) -> Self {
        (self.cancelled_at, self.cancelled_by, self.ended_at) = (Some(now), by, Some(now));
        self
    }

    /// Returns it as failed, with the reason in a sentence.
    #[must_use]
    pub fn failed(mut self, why: String, now: Timestamp) -> Self {
        (self.why, self.ended_at) = (Some(why), Some(now));
        self
    }

    /// Returns it without its file.
    #[must_use]
    pub fn removed(mut self, now: Timestamp) -> Self {
        (self.kept_until, self.removed_at) = (None, Some(now));
        self
    }
}

/// An export as the history shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The export.
    pub export: Export,
    /// How many rows are written.
    pub done: u32,
    /// How many there are to write; 0 before it is its turn.
    pub total: u32,
}
