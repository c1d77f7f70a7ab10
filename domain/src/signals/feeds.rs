//! Feeds: where headlines come from, and when to look there again.

use serde::{Deserialize, Serialize};

use super::address;
use super::trouble::Trouble;
use crate::id::{AccountId, FeedId, UserId};
use crate::refusal::Refusal;
use crate::time::{DAY_MS, Timestamp};

/// Most feeds of a workspace.
pub const FEEDS_MAX: u32 = 500;
/// How often a feed may be looked at, in minutes: at least and at most.
pub const EVERY_MINUTES: (u32, u32) = (15, 7 * 24 * 60);
/// How often a feed is looked at where nobody said otherwise, in minutes.
pub const EVERY_MINUTES_DEFAULT: u32 = 60;
/// Longest name of a feed or competitor, in characters.
pub const NAME_CHARS_MAX: usize = 120;
/// Longest wait after failures.
const WAIT_MAX_MS: i64 = DAY_MS;

/// Whose headlines a feed brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// Those of one account.
    Account,
    /// Anybody's: each headline is matched to the accounts.
    Market,
    /// Those of one competitor.
    Competitor,
}

impl FeedKind {
    /// All of them, in the order forms show them.
    pub const ALL: [Self; 3] = [Self::Market, Self::Account, Self::Competitor];

    /// Returns the word that is stored and sent.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Market => "market",
            Self::Competitor => "competitor",
        }
    }

    /// Returns the kind with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// A feed that is watched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    /// Identifies the feed.
    pub id: FeedId,
    /// Whose headlines it brings.
    pub kind: FeedKind,
    /// What people call it; a competitor's name where it is one's.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// The account, where it is one's.
    pub account_id: Option<AccountId>,
    /// How often it is looked at.
    pub every_minutes: u32,
    /// When it was added.
    pub created_at: Timestamp,
    /// Who added it; `None` for the system.
    pub created_by: Option<UserId>,
    /// When it was paused, if it is.
    pub paused_at: Option<Timestamp>,
    /// Who paused it.
    pub paused_by: Option<UserId>,
    /// When it is looked at next.
    pub next_at: Timestamp,
    /// Whether a person waits for the next look.
    #[serde(default)]
    pub asked: bool,
    /// How often in a row that went wrong.
    pub failures: u32,
    /// What came of the last look.
    pub last: Option<Run>,
}

/// A feed with the name of its account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WatchedFeed {
    /// The feed.
    pub feed: Feed,
    /// What people call its account, where it is one's.
    pub account: Option<String>,
}

/// One look at a feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub took_ms: u32,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was read.
    Read {
        /// Entries that stood there.
        entries: u32,
        /// Those that were not known.
        new: u32,
    },
    /// Nothing had changed since.
    Unchanged,
    /// It could not be read.
    Failed(Trouble),
}

/// A feed as a person asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFeed {
    /// Whose headlines it brings.
    pub kind: FeedKind,
    /// What people will call it.
    pub name: String,
    /// Where it is, as typed.
    pub url: String,
    /// The account, where it is one's.
    pub account_id: Option<AccountId>,
    /// How often to look.
    pub every_minutes: u32,
}

impl NewFeed {
    /// Returns the feed in its plain form, or what to change.
    pub fn tidy(mut self) -> Result<Self, Refusal> {
        self.name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        self.url = address::tidy("url", &self.url)?;
        if self.name.is_empty() {
            return Err(Refusal::field("name", "Give it a name."));
        }
        if self.name.chars().count() > NAME_CHARS_MAX {
            return Err(Refusal::field("name", "Use at most 120 characters."));
        }
        if !(EVERY_MINUTES.0..=EVERY_MINUTES.1).contains(&self.every_minutes) {
            return Err(Refusal::field("every_minutes", "Choose between 15 minutes and 7 days."));
        }
        if (self.kind == FeedKind::Account) != self.account_id.is_some() {
            return Err(Refusal::field("account_id", "Choose the account the feed is about."));
        }
        Ok(self)
    }
}

/// Returns when to look again: the interval, doubled with each failure in a row up to a day, spread by up to a tenth
/// so that not everything is asked for at once, and never before a server wants it.
///
/// `seed` is any number that differs from one to the next; `server_wait_ms` is what `Retry-After` said.
#[must_use]
pub fn next_look(now: Timestamp, every_minutes: u32, failures: u32, seed: u64, server_wait_ms: i64) -> Timestamp {
    let every = i64::from(every_minutes) * 60_000;
    let doubled = every.saturating_mul(1 << failures.min(16));
    let wait = if failures == 0 { every } else { doubled.min(WAIT_MAX_MS.max(every)) };
    let thousandths = i64::try_from(seed % 100).unwrap_or(0);
    let wait = wait + wait / 1_000 * thousandths;
    Timestamp(now.0 + wait.max(server_wait_ms.clamp(0, WAIT_MAX_MS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_make_the_wait_longer_up_to_a_day() {
        let now = Timestamp(0);
        let minutes = |failures| next_look(now, 60, failures, 0, 0).0 / 60_000;
        assert_eq!([0, 1, 2, 4, 5, 30].map(minutes), [60, 120, 240, 960, 1_440, 1_440]);
        assert_eq!(next_look(now, 7 * 24 * 60, 3, 0, 0).0, 7 * DAY_MS, "never sooner than without failures");
    }

    #[test]
    fn a_server_may_ask_for_more_patience_but_not_for_ever() {
        assert_eq!(next_look(Timestamp(0), 15, 0, 0, 3_600_000).0, 3_600_000);
        assert_eq!(next_look(Timestamp(0), 15, 0, 0, i64::MAX).0, DAY_MS);
    }

    #[test]
    fn looks_are_spread_by_up_to_a_tenth() {
        let minutes: Vec<i64> = (0..100).map(|seed| next_look(Timestamp(0), 60, 0, seed, 0).0 / 60_000).collect();
        assert_eq!((minutes.iter().min(), minutes.iter().max()), (Some(&60), Some(&65)));
    }

    #[test]
    fn a_feed_is_checked_before_it_is_kept() {
        let feed = |change: fn(&mut NewFeed)| {
            let mut feed = NewFeed {
                kind: FeedKind::Market,
                name: "  Trade  news ".into(),
                url: "trade.example/rss".into(),
                account_id: None,
                every_minutes: 60,
            };
            change(&mut feed);
            feed.tidy()
        };
        let good = feed(|_| {}).unwrap();
        assert_eq!((good.name.as_str(), good.url.as_str()), ("Trade news", "https://trade.example/rss"));
        assert!(feed(|feed| feed.name = " ".into()).is_err());
        assert!(feed(|feed| feed.name = "a".repeat(121)).is_err());
        assert!(feed(|feed| feed.every_minutes = 14).is_err());
        assert!(feed(|feed| feed.kind = FeedKind::Account).is_err());
        assert!(feed(|feed| feed.url = "file:///etc/passwd".into()).is_err());
    }
}
