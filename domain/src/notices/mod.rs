//! Notifications: what a person is told, through which channels, and when.
//!
//! A notice is told once for one fact, never to the person who did it. [`Preferences`] say through which channels an
//! event is told; [`plan`] says when, with quiet hours and limits in mind.

#[cfg(not(target_arch = "wasm32"))]
pub mod hours;
pub mod limits;
mod news;
mod parcels;
mod preferences;
mod storms;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::alerts::Priority;
use crate::health::{Band, Points};
use crate::id::{AccountId, AlertId, NoticeId, TodoId, UserId};
use crate::money::Money;
use crate::time::Timestamp;

pub use limits::{Placed, Plan, plan};
pub use news::{Audience, News, news_of, renewal_news, todo_news};
pub use parcels::{Delivery, Device, Parcel, Subscription, Ways};
pub use preferences::{Channel, DIGEST_HOURS, Preferences, Quiet};
pub use storms::{Group, Heading, STORM_MIN, STORM_MS, enough, grouped};

/// Longest search in the notification centre, in characters.
pub const SEARCH_CHARS_MAX: usize = 100;
/// Most notices of one page.
pub const PAGE_MAX: u32 = 100;
/// Days before a renewal on which its owner is told, furthest first.
pub const RENEWAL_DAYS: [i64; 3] = [90, 30, 7];
/// A fact that is older than this when it is noticed is kept in the centre and sent nowhere.
pub const FRESH_MS: i64 = 6 * 3_600_000;
/// Longest excerpt of what a person wrote, in characters.
pub const EXCERPT_CHARS_MAX: usize = 140;

/// What kind of thing a person is told of; each has a row in the table of preferences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A critical or high alert was raised on an account of mine.
    AlertRaised,
    /// An alert became mine to deal with.
    AlertAssigned,
    /// An alert was brought to me, since nobody before me took it.
    AlertEscalated,
    /// An account of mine fell to *at risk* or *critical*.
    HealthFell,
    /// Accounts became mine.
    Assigned,
    /// A task became mine.
    TodoAssigned,
    /// A task of mine is due, or its reminder has come.
    TodoDue,
    /// An account of mine renews in 90, 30 or 7 days.
    RenewalNear,
    /// An urgent ticket was opened or escalated on an account of mine.
    TicketUrgent,
    /// Somebody else logged something on an account of mine.
    ActivityLogged,
    /// Somebody imported a file.
    ImportFinished,
    /// A scorecard was published.
    ScorecardPublished,
}

impl Event {
    /// All events, in the order of the table of preferences.
    pub const ALL: [Self; 12] = [
        Self::AlertRaised,
        Self::AlertAssigned,
        Self::AlertEscalated,
        Self::HealthFell,
        Self::TicketUrgent,
        Self::RenewalNear,
        Self::Assigned,
        Self::TodoAssigned,
        Self::TodoDue,
        Self::ActivityLogged,
        Self::ImportFinished,
        Self::ScorecardPublished,
    ];

    /// Returns the word stored in the database and used in addresses.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::AlertRaised => "alert_raised",
            Self::AlertAssigned => "alert_assigned",
            Self::AlertEscalated => "alert_escalated",
            Self::HealthFell => "health_fell",
            Self::Assigned => "assigned",
            Self::TodoAssigned => "todo_assigned",
            Self::TodoDue => "todo_due",
            Self::RenewalNear => "renewal_near",
            Self::TicketUrgent => "ticket_urgent",
            Self::ActivityLogged => "activity_logged",
            Self::ImportFinished => "import_finished",
            Self::ScorecardPublished => "scorecard_published",
        }
    }

    /// Returns the event with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.key() == key)
    }
}

/// What happened, with what the words for it need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An alert was raised.
    AlertRaised {
        /// Which.
        alert: AlertId,
        /// The name of the rule that noticed it.
        rule: String,
        /// How soon it wants somebody.
        priority: Priority,
    },
    /// An alert became the reader's.
    AlertAssigned {
        /// Which.
        alert: AlertId,
        /// The name of the rule that noticed it; empty until it has been looked up.
        rule: String,
    },
    /// An alert was brought to the reader, since nobody before took it.
    AlertEscalated {
        /// Which.
        alert: AlertId,
        /// The name of the rule that noticed it; empty until it has been looked up.
        rule: String,
    },
    /// The score fell into a worse band.
    HealthFell {
        /// The band before, if there was one.
        from: Option<Band>,
        /// The band now.
        to: Band,
        /// The score now.
        score: Option<Points>,
    },
    /// Accounts became the reader's.
    Assigned {
        /// How many.
        accounts: u32,
    },
    /// Tasks became the reader's.
    TodoAssigned {
        /// The first of them.
        todo: TodoId,
        /// What there is to do; empty until it has been looked up.
        title: String,
        /// How many.
        todos: u32,
    },
    /// Tasks of the reader's are due, or want to be remembered.
    TodoDue {
        /// The first of them.
        todo: TodoId,
        /// What there is to do.
        title: String,
        /// How many.
        todos: u32,
        /// Whether it is the reminder that has come.
        reminder: bool,
    },
    /// The contract renews soon.
    RenewalNear {
        /// When.
        at: Timestamp,
        /// Which of [`RENEWAL_DAYS`] was reached.
        days: i64,
        /// What it brings in a year.
        annual: Option<Money>,
    },
    /// An urgent ticket.
    TicketUrgent {
        /// What it is about.
        subject: String,
        /// Whether it was escalated.
        escalated: bool,
    },
    /// Something was logged on the timeline.
    ActivityLogged {
        /// One of the kinds of activities.
        kind: String,
        /// How it begins.
        excerpt: String,
    },
    /// A file was imported.
    ImportFinished {
        /// Its name.
        file: String,
    },
    /// A scorecard was published.
    ScorecardPublished {
        /// Its version.
        version: u32,
    },
}

impl What {
    /// Returns which row of the preferences it belongs to.
    #[must_use]
    pub fn event(&self) -> Event {
        match self {
            Self::AlertRaised { .. } => Event::AlertRaised,
            Self::AlertAssigned { .. } => Event::AlertAssigned,
            Self::AlertEscalated { .. } => Event::AlertEscalated,
            Self::HealthFell { .. } => Event::HealthFell,
            Self::Assigned { .. } => Event::Assigned,
            Self::TodoAssigned { .. } => Event::TodoAssigned,
            Self::TodoDue { .. } => Event::TodoDue,
            Self::RenewalNear { .. } => Event::RenewalNear,
            Self::TicketUrgent { .. } => Event::TicketUrgent,
            Self::ActivityLogged { .. } => Event::ActivityLogged,
            Self::ImportFinished { .. } => Event::ImportFinished,
            Self::ScorecardPublished { .. } => Event::ScorecardPublished,
        }
    }

    /// Returns whether it cannot wait: it is shown as a toast, and its push wakes the device.
    #[must_use]
    pub fn is_critical(&self) -> bool {
        match self {
            Self::AlertRaised { priority, .. } => *priority == Priority::Critical,
            Self::AlertEscalated { .. } => true,
            Self::HealthFell { to, .. } => *to == Band::Critical,
            Self::TicketUrgent { escalated, .. } => *escalated,
            _ => false,
        }
    }

    /// Returns the words of people in it, for the search.
    #[must_use]
    pub fn written(&self) -> &str {
        match self {
            Self::TicketUrgent { subject, .. } => subject,
            Self::ActivityLogged { excerpt, .. } => excerpt,
            Self::ImportFinished { file } => file,
            Self::TodoAssigned { title, .. } | Self::TodoDue { title, .. } => title,
            Self::AlertRaised { rule, .. } | Self::AlertAssigned { rule, .. } | Self::AlertEscalated { rule, .. } => {
                rule
            }
            _ => "",
        }
    }
}

/// One thing that a person is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Identifies the notice.
    pub id: NoticeId,
    /// What happened.
    pub what: What,
    /// When it happened.
    pub at: Timestamp,
    /// The account it is about, if it is about one.
    pub account: Option<AccountId>,
    /// What the account is called.
    pub account_name: Option<String>,
    /// Who did it; `None` for Keepwell itself.
    pub actor: Option<UserId>,
    /// When the person read it, if they have.
    pub read_at: Option<Timestamp>,
    /// Until when it is out of sight, if it is.
    pub snoozed_until: Option<Timestamp>,
}

impl Notice {
    /// Returns the address of what it is about.
    #[must_use]
    pub fn href(&self) -> String {
        match (&self.what, self.account) {
            (
                What::AlertRaised { alert, .. }
                | What::AlertAssigned { alert, .. }
                | What::AlertEscalated { alert, .. },
                _,
            ) => format!("/alerts/{alert}"),
            (What::TodoAssigned { todo, todos: 1, .. } | What::TodoDue { todo, todos: 1, .. }, _) => {
                format!("/tasks?task={todo}")
            }
            (What::TodoAssigned { .. } | What::TodoDue { .. }, _) => "/tasks?mine=1".to_owned(),
            (What::HealthFell { .. }, Some(account)) => format!("/accounts/{account}/health"),
            (What::TicketUrgent { .. }, Some(account)) => format!("/accounts/{account}/support"),
            (What::ActivityLogged { .. }, Some(account)) => format!("/accounts/{account}/timeline"),
            (_, Some(account)) => format!("/accounts/{account}"),
            (What::Assigned { .. }, None) => "/accounts?view=mine".to_owned(),
            (What::ImportFinished { .. }, None) => "/import".to_owned(),
            (What::ScorecardPublished { .. }, None) => "/scorecards".to_owned(),
            (_, None) => "/notifications".to_owned(),
        }
    }
}

/// Which notices are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tray {
    /// Those that are neither read nor snoozed.
    #[default]
    Unread,
    /// Those that are out of sight for now.
    Snoozed,
    /// All that there ever were.
    All,
}

impl Tray {
    /// The trays, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Unread, Self::Snoozed, Self::All];

    /// Returns the word used in addresses.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Snoozed => "snoozed",
            Self::All => "all",
        }
    }

    /// Returns the tray with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wanted| wanted.key() == key)
    }
}

/// What the notification centre asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NoticeQuery {
    /// Which notices.
    pub tray: Tray,
    /// Of one event only.
    pub event: Option<Event>,
    /// About one account only.
    pub account: Option<AccountId>,
    /// Words that must be in it, in any case.
    pub search: String,
    /// Only what came before this notice, for the next page.
    pub before: Option<NoticeId>,
    /// How many at most, many of one kind counting as one; 0 for [`PAGE_MAX`].
    pub limit: u32,
}

/// What the notification centre shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NoticePage {
    /// The notices, newest first.
    pub notices: Vec<Notice>,
    /// Whether there are older ones.
    pub more: bool,
    /// How many are neither read nor snoozed, whatever was asked for.
    pub unread: u32,
}

/// What the badge shows, and the newest critical notice for the toast.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bell {
    /// How many notices are neither read nor snoozed.
    pub unread: u32,
    /// The newest of them that cannot wait.
    pub critical: Option<Notice>,
    /// Whether the person wants to hear a sound with it.
    pub sound: bool,
}
