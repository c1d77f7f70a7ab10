//! What a person wants to be told, through which channels, and when not.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Event;
use crate::refusal::Refusal;
use crate::report::LANGUAGES;

/// A way to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The notification centre.
    InApp,
    /// A message on the person's devices.
    Push,
    /// An e-mail for each notice.
    Email,
    /// The e-mail of the day.
    DigestDaily,
    /// The e-mail of the week.
    DigestWeekly,
}

impl Channel {
    /// All channels, in the order of the table of preferences.
    pub const ALL: [Self; 5] = [Self::InApp, Self::Push, Self::Email, Self::DigestDaily, Self::DigestWeekly];

    /// Returns the word stored in the database and used in addresses.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::InApp => "in_app",
            Self::Push => "push",
            Self::Email => "email",
            Self::DigestDaily => "digest_daily",
            Self::DigestWeekly => "digest_weekly",
        }
    }

    /// Returns the channel with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.key() == key)
    }

    /// Returns how many messages an hour go through it before the rest becomes one summary.
    /// Digests have no such limit: there is one in a day or a week.
    #[must_use]
    pub fn hourly_max(self) -> Option<usize> {
        match self {
            Self::Push => Some(10),
            Self::Email => Some(6),
            Self::InApp | Self::DigestDaily | Self::DigestWeekly => None,
        }
    }
}

/// The hours in which nothing is sent; what falls into them waits until they are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// Minutes after midnight at which they begin.
    pub from: u16,
    /// Minutes after midnight at which they end; before `from`, that is on the next day.
    pub to: u16,
}

/// Hours of the day at which a digest may be sent.
pub const DIGEST_HOURS: std::ops::RangeInclusive<u8> = 0..=23;
/// Minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;
/// Longest name of a time zone.
const ZONE_CHARS_MAX: usize = 64;

/// What one person wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Through which channels each event is told.
    pub channels: BTreeMap<Event, BTreeSet<Channel>>,
    /// When nothing is sent.
    pub quiet: Option<Quiet>,
    /// The person's time zone by its IANA name.
    pub zone: String,
    /// The language of the reports that the person gets by mail, by its tag.
    #[serde(default = "first_language")]
    pub language: String,
    /// The hour of the person's day at which digests are sent.
    pub digest_hour: u8,
    /// The day of the week of the weekly digest, 0 for Monday.
    pub digest_weekday: u8,
    /// Whether a critical notice makes a sound while Keepwell is open.
    pub sound: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            channels: Event::ALL.into_iter().map(|event| (event, usual(event))).collect(),
            quiet: Some(Quiet { from: 20 * 60, to: 7 * 60 }),
            zone: "UTC".to_owned(),
            language: first_language(),
            digest_hour: 7,
            digest_weekday: 0,
            sound: false,
        }
    }
}

fn first_language() -> String {
    LANGUAGES[0].to_owned()
}

/// Returns the channels of an event until the person says otherwise: everything is in the centre, what loses customers
/// reaches the device, and the morning's mail sums up.
fn usual(event: Event) -> BTreeSet<Channel> {
    use Channel::{DigestDaily, Email, InApp, Push};
    let channels: &[Channel] = match event {
        Event::AlertRaised | Event::TicketUrgent => &[InApp, Push, DigestDaily],
        Event::TodoAssigned | Event::TodoDue => &[InApp, Push],
        Event::AlertAssigned | Event::AlertEscalated => &[InApp, Push, Email],
        Event::Assigned => &[InApp, Email, DigestDaily],
        Event::HealthFell | Event::RenewalNear => &[InApp, DigestDaily],
        Event::ActivityLogged | Event::ImportFinished | Event::ScorecardPublished => &[InApp],
    };
    channels.iter().copied().collect()
}

impl Preferences {
    /// Returns whether an event is told through a channel.
    #[must_use]
    pub fn wants(&self, event: Event, channel: Channel) -> bool {
        self.channels.get(&event).map_or_else(|| usual(event).contains(&channel), |set| set.contains(&channel))
    }

    /// Returns whether anything at all is told through a channel.
    #[must_use]
    pub fn uses(&self, channel: Channel) -> bool {
        Event::ALL.into_iter().any(|event| self.wants(event, channel))
    }

    /// Says whether an event is told through a channel.
    pub fn set(&mut self, event: Event, channel: Channel, wanted: bool) {
        let set = self.channels.entry(event).or_insert_with(|| usual(event));
        if wanted {
            set.insert(channel);
        } else {
            set.remove(&channel);
        }
    }

    /// Takes everything out of a channel.
    pub fn leave(&mut self, channel: Channel) {
        Event::ALL.into_iter().for_each(|event| self.set(event, channel, false));
    }

    /// Refuses what makes no sense, and fills in what an older version did not know.
    ///
    /// Whether the time zone exists is for [`super::hours`] to say, which only the server has.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        for event in Event::ALL {
            self.channels.entry(event).or_insert_with(|| usual(event));
        }
        if self.zone.is_empty() || self.zone.chars().count() > ZONE_CHARS_MAX {
            return Err(Refusal::field("zone", "Choose a time zone such as Europe/Berlin."));
        }
        if !LANGUAGES.contains(&self.language.as_str()) {
            return Err(Refusal::field("language", "Choose one of the languages that reports are written in."));
        }
        if let Some(quiet) = self.quiet {
            if quiet.from >= DAY_MINUTES || quiet.to >= DAY_MINUTES {
                return Err(Refusal::field(
                    "quiet",
                    "Quiet hours begin and end within a day, such as 20:00 and 07:00.",
                ));
            }
            if quiet.from == quiet.to {
                return Err(Refusal::field("quiet", "Quiet hours need a beginning and an end that differ."));
            }
        }
        if !DIGEST_HOURS.contains(&self.digest_hour) || self.digest_weekday > 6 {
            return Err(Refusal::field("digest_hour", "Choose an hour of the day and a day of the week."));
        }
        Ok(self)
    }
}
