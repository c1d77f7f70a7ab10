//! Duplicates: accounts that may be one and the same customer, contacts of one account that may be one and the same
//! person, and one record made of two.

pub mod contacts;
mod find;
mod gather;
mod merge;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::fields::FieldType;
use crate::id::AccountId;
use crate::money::Money;
use crate::time::Timestamp;

pub use find::{Known, candidates, same_email};
pub use merge::{choices, merged};

/// Most groups that are shown at once.
pub const GROUPS_MAX: usize = 100;
/// Most records that sharing something makes candidates: what more of them share tells nothing.
pub const SHARED_MAX: usize = 12;

/// Why records may be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// They have the same web domain.
    Domain,
    /// A person with the same e-mail address works at both accounts; contacts have the same one.
    Email,
    /// Their names are the same: those of accounts but for case, signs and legal form, those of contacts but for case,
    /// spaces and accents.
    Name,
}

/// Records that may be one, and what they share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidates<I> {
    /// The records, in order.
    pub ids: Vec<I>,
    /// What they share.
    pub reasons: Vec<(Reason, String)>,
}

/// An account in a group, as the list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Its key elsewhere.
    pub external_id: Option<String>,
    /// Its web domain.
    pub domain: Option<String>,
    /// What it pays in a year.
    pub annual: Option<Money>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A group with its accounts, or its contacts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group<M = Member> {
    /// They, the oldest first.
    pub members: Vec<M>,
    /// What they share.
    pub reasons: Vec<(Reason, String)>,
}

/// The groups that are shown, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found<M = Member> {
    /// Up to [`GROUPS_MAX`].
    pub groups: Vec<Group<M>>,
    /// All of them.
    pub total: u32,
}

/// A field in which two records differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Its key.
    pub key: String,
    /// What people call it, in English.
    pub label: String,
    /// What values it takes.
    pub kind: FieldType,
    /// What the record has that stays.
    pub kept: serde_json::Value,
    /// What the record has that goes.
    pub gone: serde_json::Value,
    /// Whether the value of the one that goes is suggested, as the other has none.
    pub takes: bool,
}

/// How much would move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moves {
    /// Records by the word of their subject.
    pub records: Vec<(String, u32)>,
    /// Contacts whose address the other account has, too: they become one.
    pub contacts_joined: u32,
    /// Days of usage that the other account has no value of.
    pub usage_days: u32,
    /// Days of usage of which both have a value; that of the account that stays counts.
    pub usage_kept: u32,
    /// Accounts below the one that goes.
    pub children: u32,
}

/// What is asked before two records become one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal<M = Member> {
    /// The one that stays.
    pub keep: M,
    /// Its version as it is shown.
    pub keep_version: i64,
    /// The one that goes.
    pub gone: M,
    /// Its version as it is shown.
    pub gone_version: i64,
    /// The fields in which they differ.
    pub choices: Vec<Choice>,
    /// What would move.
    pub moves: Moves,
}

/// What a person decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision<I = AccountId> {
    /// The one that stays.
    pub keep: I,
    /// Its version as it was shown.
    pub keep_version: i64,
    /// The one that goes.
    pub gone: I,
    /// Its version as it was shown.
    pub gone_version: i64,
    /// The fields whose value is that of the one that goes.
    pub take: Vec<String>,
}
