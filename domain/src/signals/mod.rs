//! Signals: what the outside says about customers, in headlines and by their websites.
//!
//! A [`feeds::Feed`] is fetched and parsed into entries, an entry that is [not known yet](same) becomes a [`Signal`]:
//! [matched](names) to an account, [read](headline) for what happened and how good that is. A person can correct
//! each of these, and the correction wins. A [`website::Website`] is looked at and judged. Both are facts of the
//! account, see [`market`].

pub mod address;
pub mod feeds;
pub mod headline;
pub mod market;
pub mod names;
// Neither is asked for in the browser, and their words and parsers would be as large as a page there.
#[cfg(not(target_arch = "wasm32"))]
pub mod parse;
pub mod same;
pub mod trouble;
#[cfg(not(target_arch = "wasm32"))]
pub mod vader;
pub mod website;

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, FeedId, SignalId, UserId};
use crate::time::Timestamp;
use headline::Reading;

/// How good news is, or how a text sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Bad news.
    Negative,
    /// Neither, or both alike.
    Neutral,
    /// Good news.
    Positive,
}

impl Tone {
    /// All of them, worst first.
    pub const ALL: [Self; 3] = [Self::Negative, Self::Neutral, Self::Positive];

    /// Returns the word that is stored and sent.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }

    /// Returns the tone with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tone| tone.key() == key)
    }

    /// Returns −1, 0 or 1.
    #[must_use]
    pub fn sign(self) -> f64 {
        match self {
            Self::Negative => -1.0,
            Self::Neutral => 0.0,
            Self::Positive => 1.0,
        }
    }
}

/// What kind of thing a headline is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Money was raised.
    Funding,
    /// People are being hired, or places opened.
    Hiring,
    /// Somebody at the top came or went.
    Leadership,
    /// People are being let go.
    Layoffs,
    /// Courts, fines and investigations.
    Lawsuit,
    /// Data was lost or stolen.
    Breach,
    /// A company was bought, sold or merged.
    Acquisition,
    /// Something new is offered.
    Product,
    /// Figures of a period, or a forecast of them.
    Results,
    /// A service did not work.
    Outage,
    /// A contract or an alliance.
    Partnership,
    /// Anything else.
    Other,
}

impl Event {
    /// All of them, in the order lists show them.
    pub const ALL: [Self; 12] = [
        Self::Funding,
        Self::Hiring,
        Self::Leadership,
        Self::Layoffs,
        Self::Lawsuit,
        Self::Breach,
        Self::Acquisition,
        Self::Product,
        Self::Results,
        Self::Outage,
        Self::Partnership,
        Self::Other,
    ];

    /// Returns the word that is stored and sent.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Funding => "funding",
            Self::Hiring => "hiring",
            Self::Leadership => "leadership",
            Self::Layoffs => "layoffs",
            Self::Lawsuit => "lawsuit",
            Self::Breach => "breach",
            Self::Acquisition => "acquisition",
            Self::Product => "product",
            Self::Results => "results",
            Self::Outage => "outage",
            Self::Partnership => "partnership",
            Self::Other => "other",
        }
    }

    /// Returns the event with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.key() == key)
    }
}

/// What a person says instead of the program, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected<T> {
    /// What holds from then on.
    pub value: T,
    /// Who said so.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// How an entry was matched to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matched {
    /// The feed is the account's own.
    Feed,
    /// The account's web domain is named.
    Domain,
    /// The account's name is in the text.
    Name,
}

/// A headline about somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Identifies the signal.
    pub id: SignalId,
    /// The feed it came with.
    pub feed_id: FeedId,
    /// What the feed calls itself.
    pub source: String,
    /// The headline.
    pub title: String,
    /// What stands below it, shortened.
    pub summary: String,
    /// Where the whole text is.
    pub url: Option<String>,
    /// When it was published, as the feed says, and never later than it was seen.
    pub published_at: Timestamp,
    /// When Keepwell first saw it.
    pub seen_at: Timestamp,
    /// The account the program found it to be about.
    pub account_id: Option<AccountId>,
    /// How it found that.
    pub matched: Option<Matched>,
    /// The accounts it could not decide between.
    #[serde(default)]
    pub candidates: Vec<AccountId>,
    /// The competitor it is about.
    pub competitor: Option<String>,
    /// What the program read in it.
    pub reading: Reading,
    /// The account a person says it is about; `value: None` for nobody's.
    #[serde(default)]
    pub account_set: Option<Corrected<Option<AccountId>>>,
    /// What a person says it is about.
    #[serde(default)]
    pub event_set: Option<Corrected<Event>>,
    /// How good a person says it is.
    #[serde(default)]
    pub tone_set: Option<Corrected<Tone>>,
}

impl Signal {
    /// Returns the account it is about; what a person says wins.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        self.account_set.as_ref().map_or(self.account_id, |set| set.value)
    }

    /// Returns what it is about; what a person says wins.
    #[must_use]
    pub fn event(&self) -> Event {
        self.event_set.as_ref().map_or(self.reading.event, |set| set.value)
    }

    /// Returns how good it is; what a person says wins.
    #[must_use]
    pub fn tone(&self) -> Tone {
        self.tone_set.as_ref().map_or(self.reading.tone, |set| set.value)
    }

    /// Returns whether a person has yet to say which account it is about.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.account_set.is_none() && self.account_id.is_none() && !self.candidates.is_empty()
    }
}

/// What a person says instead of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// It is about this account, or about nobody's.
    Account(Option<AccountId>),
    /// This is what happened.
    Event(Event),
    /// This is how good it is.
    Tone(Tone),
}

/// A headline that waits for a person, with the accounts it may be about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// The headline.
    pub signal: Signal,
    /// The accounts that are still there, with their names.
    pub accounts: Vec<(AccountId, String)>,
}
