//! What can leave: the subjects, their fields, and which of them a list shows.

use serde::{Deserialize, Serialize};

use crate::alerts::{Kind, Priority, State as AlertState};
use crate::fields::{Catalogue, Field, FieldType};
use crate::id::{RuleId, UserId};
use crate::reports::{Keyed, State};
use crate::{contacts, usage};

/// Longest part of a name that alerts are narrowed by, in characters.
pub const SEARCH_CHARS_MAX: usize = 100;

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Accounts that are not archived.
    #[default]
    Accounts,
    /// People at these accounts.
    Contacts,
    /// Alerts, with the accounts they are on.
    Alerts,
    /// Tasks of people, with the accounts they are about.
    Tasks,
    /// Numbers that the product reported, one for each account, metric and day.
    Usage,
}

impl Keyed for What {
    const ALL: &'static [Self] = &[Self::Accounts, Self::Contacts, Self::Alerts, Self::Tasks, Self::Usage];

    fn key(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Contacts => "contacts",
            Self::Alerts => "alerts",
            Self::Tasks => "tasks",
            Self::Usage => "usage",
        }
    }
}

impl What {
    /// Returns which states there are to choose from; the first is the one at first.
    #[must_use]
    pub fn states(self) -> &'static [State] {
        match self {
            Self::Alerts => &[State::All, State::Risks, State::Opportunities, State::Snoozed, State::Closed],
            Self::Tasks => &[State::All, State::Open, State::Done],
            Self::Accounts | Self::Contacts | Self::Usage => &[State::All],
        }
    }

    /// Returns the field by whose day rows can be narrowed, if they have one.
    #[must_use]
    pub fn dated_by(self) -> Option<&'static str> {
        match self {
            Self::Alerts => Some("created_at"),
            Self::Tasks => Some("due"),
            Self::Usage => Some("day"),
            Self::Accounts | Self::Contacts => None,
        }
    }

    /// Returns whether the import takes what leaves as such a file.
    #[must_use]
    pub fn comes_back(self) -> bool {
        matches!(self, Self::Accounts | Self::Contacts | Self::Usage)
    }

    /// Returns the fields, but for accounts, whose fields each workspace has its own of.
    #[must_use]
    pub fn catalogue(self) -> Option<Catalogue> {
        match self {
            Self::Accounts => None,
            Self::Contacts => Some(contacts::catalogue()),
            Self::Alerts => Some(alerts()),
            Self::Tasks => Some(tasks()),
            Self::Usage => Some(usage::catalogue()),
        }
    }
}

/// Which alerts or tasks a list is narrowed to; what is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Only {
    /// What this person deals with.
    pub person: Option<UserId>,
    /// Alerts of this priority.
    pub priority: Option<Priority>,
    /// Alerts of this rule.
    pub rule: Option<RuleId>,
    /// Alerts with this in the name of their account or rule, at most [`SEARCH_CHARS_MAX`] characters.
    pub search: String,
}

fn alerts() -> Catalogue {
    use FieldType::{Account, Choice, Date, Money, Number, Percent, Text, User};
    let kinds = Choice(Kind::ALL.map(|kind| kind.key().to_owned()).into());
    let states = Choice(AlertState::ALL.map(|state| state.key().to_owned()).into());
    let field = |key: &str, label: &str, kind: FieldType| Field::new(key, label, kind, &[]);
    Catalogue {
        fields: vec![
            field("account_id", "Account", Account),
            field("rule", "Rule", Text),
            field("reason", "Reason", Text),
            field("kind", "Kind", kinds),
            field("priority", "Priority", priorities()),
            field("state", "State", states),
            field("person", "Dealt with by", User),
            field("annual_minor", "ARR", Money),
            field("currency", "Currency", Text),
            field("score", "Health score", Percent),
            field("band", "Health band", Text),
            field("created_at", "Raised", Date),
            field("first_seen", "First seen", Date),
            field("last_seen", "Last seen", Date),
            field("times", "Times noticed", Number),
            field("acknowledged_at", "Acknowledged", Date),
            field("acknowledged_by", "Acknowledged by", User),
            field("started_at", "Started", Date),
            field("started_by", "Started by", User),
            field("snoozed_until", "Snoozed until", Date),
            field("resolved_at", "Resolved", Date),
            field("resolved_by", "Resolved by", User),
            field("outcome", "Outcome", Text),
            field("dismissed_at", "Dismissed", Date),
            field("dismissed_by", "Dismissed by", User),
            field("dismissal", "Dismissed because", Text),
            field("notes", "Notes", Text),
        ],
    }
}

fn tasks() -> Catalogue {
    use FieldType::{Account, Bool, Choice, Date, Text, User};
    let states = Choice(vec!["open".to_owned(), "done".to_owned()]);
    let field = |key: &str, label: &str, kind: FieldType| Field::new(key, label, kind, &[]);
    Catalogue {
        fields: vec![
            field("title", "Title", Text),
            field("account_id", "Account", Account),
            field("person", "Dealt with by", User),
            field("priority", "Priority", priorities()),
            field("state", "State", states),
            field("due", "Due", Date),
            field("remind", "Reminder", Date),
            field("zone", "Time zone", Text),
            field("repeats", "Repeats", Bool),
            field("note", "Note", Text),
            field("created_at", "Created", Date),
            field("created_by", "Created by", User),
            field("done_at", "Done", Date),
            field("done_by", "Done by", User),
        ],
    }
}

fn priorities() -> FieldType {
    FieldType::Choice(Priority::ALL.map(|priority| priority.key().to_owned()).into())
}
