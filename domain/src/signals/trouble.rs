//! Why something outside could not be fetched, in the few words that a person may see.

use serde::{Deserialize, Serialize};

/// Why an address gave no answer that can be used.
///
/// What is refused for safety is [`Trouble::Unreachable`], like a host that is switched off: nobody can find out from
/// here what stands in the operator's own network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The name of the host is not known.
    NoName,
    /// Nobody answers there.
    Unreachable,
    /// It took too long.
    TimedOut,
    /// The certificate is not valid for the host.
    Certificate,
    /// The answer was larger than is allowed.
    TooLarge,
    /// It was sent on too often, in a circle, or to where it may not go.
    Redirects,
    /// The answer was no proper one.
    Garbled,
    /// The answer was a status that is no success.
    Status(u16),
    /// It was no feed.
    NotAFeed,
}
