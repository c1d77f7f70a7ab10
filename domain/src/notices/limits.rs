//! When a message is sent: after quiet hours, and not more than so many in an hour.

use serde::{Deserialize, Serialize};

use super::Channel;
use crate::time::Timestamp;

/// The time within which messages of a channel are counted.
const WINDOW_MS: i64 = 3_600_000;

/// What is done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plan {
    /// It is sent by itself at this moment.
    Send(Timestamp),
    /// It is one of several in a summary that is sent at this moment.
    Gather(Timestamp),
}

/// A message that is planned or was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// When.
    pub due: Timestamp,
    /// Whether it is a summary.
    pub summary: bool,
}

/// Returns what is done with one more message of a channel.
///
/// `allowed` is the first moment at which the person may be reached; `others` are the messages of the channel that
/// are planned or were sent in the last hour. Whatever waits for the end of quiet hours comes as one summary, and so
/// does what is beyond the limit of the hour; nothing is dropped.
#[must_use]
pub fn plan(channel: Channel, now: Timestamp, allowed: Timestamp, others: &[Placed]) -> Plan {
    // One summary that has not gone yet takes everything in.
    if let Some(open) = others.iter().find(|other| other.summary && other.due > now) {
        return Plan::Gather(open.due.max(allowed));
    }
    if allowed > now {
        return Plan::Gather(allowed);
    }
    let Some(most) = channel.hourly_max() else { return Plan::Send(now) };
    let mut recent: Vec<Timestamp> =
        others.iter().map(|other| other.due).filter(|due| now.0 - due.0 < WINDOW_MS && *due <= now).collect();
    recent.sort_unstable();
    if recent.len() < most {
        return Plan::Send(now);
    }
    // The place of the oldest becomes free when it is an hour old.
    let free = recent.first().map_or(now, |oldest| Timestamp(oldest.0 + WINDOW_MS));
    Plan::Gather(free)
}
