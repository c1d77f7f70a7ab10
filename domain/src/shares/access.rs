//! Who looked at a link, told so that nobody is recognised by it.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// What became of a look at a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The page was shown.
    Shown,
    /// A file was taken along.
    Taken,
    /// The password was wrong, or was tried too often.
    WrongPassword,
    /// The link had ended.
    Ended,
    /// Its maker may no longer show this.
    Denied,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Shown, Self::Taken, Self::WrongPassword, Self::Ended, Self::Denied];

    /// Returns the word stored in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Taken => "taken",
            Self::WrongPassword => "wrong_password",
            Self::Ended => "ended",
            Self::Denied => "denied",
        }
    }

    /// Returns the outcome with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }

    /// Returns whether somebody saw something.
    #[must_use]
    pub fn is_success(self) -> bool {
        matches!(self, Self::Shown | Self::Taken)
    }
}

/// One look at a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// When.
    pub at: Timestamp,
    /// From which part of the network; see [`network`].
    pub network: String,
    /// With which kind of program.
    pub program: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// Returns the part of the network that an address belongs to: enough to tell one place from another, too little to
/// tell one person from their neighbours.
#[must_use]
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(four) => {
            let [a, b, c, _] = four.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(six) => {
            let [a, b, c, ..] = six.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}
