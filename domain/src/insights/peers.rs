//! Peers: where an account stands among those like it.

use serde::{Deserialize, Serialize};

use super::Dimension;

/// Fewer peers with a score than this say nothing about where an account stands.
pub const PEERS_MIN: u32 = 5;

/// The accounts that an account is compared with: all of its group that have a score, itself included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peers {
    /// What they have in common.
    pub by: Dimension,
    /// The value they share.
    pub name: String,
    /// How many there are, the account itself included.
    pub accounts: u32,
    /// How many of them have a lower score than the account.
    pub below: u32,
}

impl Peers {
    /// Returns the share of the others that have a lower score, in per cent: below ÷ (accounts − 1), rounded down, so
    /// that only who is above everybody reads 100. Nothing below [`PEERS_MIN`].
    #[must_use]
    pub fn better_than_pct(&self) -> Option<u32> {
        (self.accounts >= PEERS_MIN).then(|| self.below.min(self.accounts - 1) * 100 / (self.accounts - 1))
    }
}
