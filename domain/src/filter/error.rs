//! Why a filter could not be read, and where.

use serde::{Deserialize, Serialize};

/// What is wrong with a filter's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// Where it begins, counted in characters from 0.
    pub at: u32,
    /// How many characters it spans; 0 where something is missing.
    pub len: u32,
    /// What to do about it.
    pub message: String,
    /// What could stand there instead, ready to insert.
    pub expected: Vec<String>,
}

impl FilterError {
    /// Returns an error at a place, without proposals.
    pub(super) fn new(at: u32, len: u32, message: impl Into<String>) -> Self {
        Self { at, len, message: message.into(), expected: Vec::new() }
    }
}

/// Returns a count of characters as it crosses the wire.
pub(super) fn count(chars: usize) -> u32 {
    u32::try_from(chars).unwrap_or(u32::MAX)
}

/// Returns a piece of the user's text, short enough to stand in a sentence.
pub(super) fn quote(text: &str) -> String {
    const SHOWN_CHARS: usize = 40;
    let cut = if text.chars().nth(SHOWN_CHARS).is_some() { "…" } else { "" };
    let shown: String = text.chars().take(SHOWN_CHARS).collect();
    format!("“{shown}{cut}”")
}
