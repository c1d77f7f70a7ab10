//! One attempt to learn a model, from when it was asked for.

use serde::{Deserialize, Serialize};

use super::learn::Unable;
use crate::id::{ChurnModelId, ChurnTrainingId, UserId};
use crate::time::Timestamp;

/// One attempt to learn a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// Identifies it.
    pub id: ChurnTrainingId,
    /// When it was asked for.
    pub started_at: Timestamp,
    /// By whom; nobody where the calendar did.
    pub started_by: Option<UserId>,
    /// Accounts whose past is read so far.
    pub done: u32,
    /// Accounts that there are; 0 until it has begun.
    pub total: u32,
    /// When it ended, whichever way.
    pub ended_at: Option<Timestamp>,
    /// What came of it, once it has ended.
    pub came: Option<Came>,
}

/// What came of an attempt to learn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Came {
    /// A candidate.
    Model(ChurnModelId),
    /// Nothing could be learnt, and why.
    Unable(Unable),
    /// Somebody stopped it.
    Stopped,
    /// It failed on our side; the log of the server says why.
    Failed,
}
