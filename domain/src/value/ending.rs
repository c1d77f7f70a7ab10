//! What an alert came to.

use serde::{Deserialize, Serialize};

/// What a closed alert came to, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Somebody acted, and it was settled, won, or no longer held.
    Helped,
    /// It no longer held, without anybody's doing.
    Cleared,
    /// Somebody said that it was none.
    Dismissed,
    /// Somebody acted, and it did not help.
    NoEffect,
    /// The account or the chance was lost.
    Lost,
}

impl Ending {
    /// All of them, the best first.
    pub const ALL: [Self; 5] = [Self::Helped, Self::Cleared, Self::Dismissed, Self::NoEffect, Self::Lost];
}
