//! When and how to reach somebody: learned from when and how they were reached before.

// Time zones are not built for the browser, which only shows what came of them.
#[cfg(not(target_arch = "wasm32"))]
mod learn;

use serde::{Deserialize, Serialize};

use crate::activities::RECEIVED;
use crate::id::ContactId;
use crate::time::Timestamp;

#[cfg(not(target_arch = "wasm32"))]
pub use learn::{of_account, timing};

/// Hours of one block.
pub const BLOCK_HOURS: u32 = 3;

/// A way to reach somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A mail.
    Email,
    /// A call.
    Call,
    /// A meeting.
    Meeting,
}

impl Channel {
    /// All channels, with the share that each is assumed to have before anything is known.
    pub const ALL: [(Self, f64); 3] = [(Self::Email, 0.4), (Self::Call, 0.35), (Self::Meeting, 0.25)];

    /// Returns the channel of a kind of activity; none for notes.
    #[must_use]
    pub fn of(kind: &str) -> Option<Self> {
        match kind {
            "email" | RECEIVED => Some(Self::Email),
            "call" => Some(Self::Call),
            "meeting" => Some(Self::Meeting),
            _ => None,
        }
    }
}

/// A moment at which somebody was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// How, where that is known.
    pub channel: Option<Channel>,
    /// Who, where that is known.
    pub contact: Option<ContactId>,
}

/// What is known of when and how an account and its segment were reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moments {
    /// Those of the account.
    pub account: Vec<Moment>,
    /// Those of other accounts of its segment.
    pub segment: Vec<Moment>,
}

/// How many moments a number rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Of the contact.
    pub contact: u32,
    /// Of others at the account.
    pub account: u32,
    /// Of other accounts of the segment.
    pub segment: u32,
}

impl Seen {
    /// Returns how many there are.
    #[must_use]
    pub fn total(self) -> u32 {
        self.contact + self.account + self.segment
    }
}

/// A block of hours of a weekday, where the contact is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeSlot {
    /// 0 for Monday.
    pub weekday: u8,
    /// The hour at which it begins; it lasts [`BLOCK_HOURS`].
    pub from_hour: u8,
    /// The share of their moments that is expected to fall into it, 0 to 1.
    pub share: f64,
}

/// When and how to reach somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// The time zone that hours are in; none where the contact's is not known, which means UTC.
    pub zone: Option<String>,
    /// The best times, best first.
    pub times: Vec<TimeSlot>,
    /// When the best of them begins next.
    pub next_at: Option<Timestamp>,
    /// What the times rest on.
    pub seen: Seen,
    /// The channels with the share of contacts that is expected to be by each, best first.
    pub channels: Vec<(Channel, f64)>,
    /// What the channels rest on.
    pub channels_seen: Seen,
}
