//! Links by which somebody without a sign-in sees one report: what they show, until when, and who looked.
//!
//! A link keeps what was asked for when it was made: whoever changes a saved report later changes no link. Its numbers
//! are those of that day, or those of the moment at which somebody looks, as its maker would see them.

mod access;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ShareId, UserId};
use crate::identity::{PASSWORD_CHARS_MAX, Role, check_name};
use crate::refusal::{FieldError, Refusal};
use crate::reports::Spec;
use crate::time::Timestamp;

pub use access::{Access, Outcome, network};

/// Days for which a link works unless its maker says otherwise.
pub const DAYS: u16 = 30;
/// Most days for which a link works.
pub const DAYS_MAX: u16 = 365;
/// The numbers of days that are offered.
pub const DAYS_OFFERED: [u16; 4] = [7, DAYS, 90, DAYS_MAX];
/// Fewest characters of a link's password: the link itself cannot be guessed, so it is the second of two.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// The least role that may let strangers see what it sees.
pub const MAKER: Role = Role::Csm;

/// What a link shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// A report that somebody put together.
    Report {
        /// What it asks for.
        spec: Spec,
    },
    /// The health report of an account.
    Account {
        /// Which.
        account_id: AccountId,
    },
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Identifies the link; never its token.
    pub id: ShareId,
    /// Counts its changes.
    pub version: i64,
    /// What stands above what it shows.
    pub name: String,
    /// What it shows.
    pub shown: Shown,
    /// Whether the numbers are those of the moment somebody looks, or those of the day it was made.
    pub live: bool,
    /// Whether whoever looks may take the numbers along as a file.
    pub download: bool,
    /// Whether it asks for a password.
    pub locked: bool,
    /// Who made it.
    pub owner_id: UserId,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When somebody ended it, if they did.
    pub revoked_at: Option<Timestamp>,
    /// Who ended it.
    pub revoked_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a person says of a new link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareDraft {
    /// What stands above it; an account's own name counts instead.
    pub name: String,
    /// What it shows.
    pub shown: Shown,
    /// Whether the numbers follow what happens.
    pub live: bool,
    /// Whether the numbers may be taken along.
    pub download: bool,
    /// What it asks for before it shows anything; empty for nothing.
    pub password: String,
    /// For how many days it works.
    pub days: u16,
}

/// Whether a link works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It does.
    Active,
    /// Its time is over.
    Expired,
    /// Somebody ended it.
    Revoked,
}

/// A link with what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareRow {
    /// The link.
    pub share: Share,
    /// How often it was seen.
    pub views: u32,
    /// How often somebody was not let in.
    pub refused: u32,
    /// When it was last seen, if it was.
    pub seen_at: Option<Timestamp>,
}

impl Share {
    /// Returns whether it works at a moment.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        match self.revoked_at {
            Some(_) => State::Revoked,
            None if now >= self.expires_at => State::Expired,
            None => State::Active,
        }
    }
}

impl ShareDraft {
    /// Refuses what is wrong, everything at once.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut wrong: Vec<FieldError> = check_name("name", &self.name).err().into_iter().collect();
        let mut add = |field: &str, message: &str| {
            wrong.push(FieldError { field: field.to_owned(), message: message.to_owned() });
        };
        if !(1..=DAYS_MAX).contains(&self.days) {
            add("days", "A link works for at least one day and at most a year.");
        }
        let chars = self.password.chars().count();
        if chars > 0 && chars < PASSWORD_CHARS_MIN {
            add("password", "Use at least 8 characters, or leave it empty for no password.");
        }
        if chars > PASSWORD_CHARS_MAX {
            add("password", "Use at most 256 characters.");
        }
        if wrong.is_empty() { Ok(()) } else { Err(Refusal::Invalid(wrong)) }
    }
}
