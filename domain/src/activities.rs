//! Timeline activities: calls, mails, meetings and notes.
//!
//! A mail that came from the customer is a kind of its own, so that one knows who wrote last.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ActivityId, UserId};
use crate::time::Timestamp;

/// Kinds of activity.
pub const KINDS: [&str; 5] = ["note", "call", "email", RECEIVED, "meeting"];
/// The kind of what a customer wrote to us; a call, a mail of ours or a meeting after it answers it, a note does not.
pub const RECEIVED: &str = "received";
/// Longest text of an activity, in characters.
pub const BODY_CHARS_MAX: usize = 20_000;

/// A call, mail, meeting or note on an account's timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Identifies the activity.
    pub id: ActivityId,
    /// Counts its changes.
    pub version: i64,
    /// The account it is about.
    pub account_id: AccountId,
    /// What it was, one of [`KINDS`].
    pub kind: String,
    /// What was said.
    pub body: String,
    /// When it happened.
    pub happened_at: Timestamp,
    /// Who logged it; `None` for imported and demo history.
    pub author_id: Option<UserId>,
    /// When it was created here.
    pub created_at: Timestamp,
    /// When it last changed here.
    pub updated_at: Timestamp,
}
