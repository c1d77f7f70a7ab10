//! The live feed: what a server tells open screens about the change log.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::changes::{Change, Entry};
use crate::fields::Subject;
use crate::id::{AccountId, UserId};
use crate::time::Timestamp;

/// More changes than this at once, and a screen had better load anew.
pub const NOTES_MAX: usize = 200;

/// One change, without its values: a screen that shows the subject asks for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its place in the change log.
    pub seq: i64,
    /// What happened.
    pub change: Change,
    /// To what kind of thing.
    pub subject: Subject,
    /// To which one.
    pub id: Uuid,
    /// The account it belongs to.
    pub account: Option<AccountId>,
    /// The keys of the fields that changed.
    pub fields: Vec<String>,
    /// Who did it; `None` for the system.
    pub actor: Option<UserId>,
}

impl From<&Entry> for Note {
    fn from(entry: &Entry) -> Self {
        let bookkeeping = |key: &&String| !matches!(key.as_str(), "version" | "updated_at");
        Self {
            seq: entry.seq,
            change: entry.change,
            subject: entry.subject,
            id: entry.subject_id,
            account: entry.account,
            fields: if entry.change == Change::Created {
                Vec::new()
            } else {
                entry.after.keys().filter(bookkeeping).cloned().collect()
            },
            actor: entry.actor,
        }
    }
}

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frame {
    /// The connection stands; the log ends here.
    Hello {
        /// The last sequence number.
        seq: i64,
        /// The server's time.
        at: Timestamp,
    },
    /// Changes since the last frame, in order and without gaps.
    Changes {
        /// The last sequence number, also of changes that this person may not see.
        seq: i64,
        /// When they were sent.
        at: Timestamp,
        /// The changes.
        notes: Vec<Note>,
    },
    /// Too much happened to list: load everything on the screen again.
    Resync {
        /// The last sequence number.
        seq: i64,
        /// When this was sent.
        at: Timestamp,
    },
}

impl Frame {
    /// Returns the sequence number after this frame.
    #[must_use]
    pub fn seq(&self) -> i64 {
        match self {
            Self::Hello { seq, .. } | Self::Changes { seq, .. } | Self::Resync { seq, .. } => *seq,
        }
    }

    /// Returns when the frame was sent.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Hello { at, .. } | Self::Changes { at, .. } | Self::Resync { at, .. } => *at,
        }
    }
}

/// What a client sends first: how far it has come, so that nothing is missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    /// The last sequence number it has seen; `None` to start at the end.
    pub last: Option<i64>,
}

/// Returns the milliseconds to wait before a try to reconnect: full jitter over 0.5 to 30 seconds.
///
/// `chance` is a random number between 0 and 1.
#[must_use]
pub fn backoff_ms(attempt: u32, chance: f64) -> u32 {
    let ceiling = 500u32.saturating_mul(2u32.saturating_pow(attempt.min(10))).min(30_000);
    // Never quite zero, or a broken server would be hammered.
    (f64::from(ceiling) * chance.clamp(0.0, 1.0)).max(250.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_is_bounded() {
        assert_eq!(backoff_ms(0, 1.0), 500);
        assert_eq!(backoff_ms(3, 1.0), 4_000);
        assert_eq!(backoff_ms(99, 1.0), 30_000);
        assert_eq!(backoff_ms(99, 0.0), 250);
    }
}
