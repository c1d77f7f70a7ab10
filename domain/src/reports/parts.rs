//! What reports are made of, and what of it fits together.

use serde::{Deserialize, Serialize};

/// A closed list whose entries have a word in addresses and documents.
pub trait Keyed: Copy + 'static {
    /// All of them, in the order in which they are offered.
    const ALL: &'static [Self];

    /// Returns the word.
    fn key(self) -> &'static str;

    /// Returns the entry with this word, if there is one.
    #[must_use]
    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

/// What a report is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Accounts that are not archived.
    #[default]
    Accounts,
    /// Alerts, with the accounts they are on.
    Alerts,
    /// Tasks of people, with the accounts they are about.
    Tasks,
}

/// Which of the alerts or tasks count; each is a list that there is a page for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// All that there are: accounts have no states.
    #[default]
    All,
    /// Open alerts that name a risk.
    Risks,
    /// Open alerts that name an opportunity.
    Opportunities,
    /// Alerts that were put aside.
    Snoozed,
    /// Alerts that are over.
    Closed,
    /// Tasks that are to be done.
    Open,
    /// Tasks that are done.
    Done,
}

/// What the rows are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Health band of the account.
    #[default]
    Band,
    /// Segment of the account.
    Tier,
    /// Line of business of the account.
    Category,
    /// Lifecycle stage of the account.
    Stage,
    /// Where the account is.
    Country,
    /// Who owns the account; of alerts and tasks, who deals with them.
    Owner,
    /// The rule that raised an alert.
    Rule,
    /// How much an alert or a task matters.
    Priority,
}

/// What is counted, added up or averaged in each group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// How many rows there are.
    Count,
    /// How many different accounts they belong to.
    Accounts,
    /// What those accounts pay in a year, each counted once.
    Arr,
    /// The mean score of those accounts, each counted once.
    Score,
}

/// How a report is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// As a table.
    #[default]
    Table,
    /// As bars of the first measure, above the table.
    Bars,
}

impl Keyed for About {
    const ALL: &'static [Self] = &[Self::Accounts, Self::Alerts, Self::Tasks];

    fn key(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Alerts => "alerts",
            Self::Tasks => "tasks",
        }
    }
}

impl About {
    /// Returns which states there are to choose from; the first is the one at first.
    #[must_use]
    pub fn states(self) -> &'static [State] {
        match self {
            Self::Accounts => &[State::All],
            Self::Alerts => &[State::Risks, State::Opportunities, State::Snoozed, State::Closed],
            Self::Tasks => &[State::Open, State::Done],
        }
    }

    /// Returns what it can be grouped by; the first is the one at first.
    #[must_use]
    pub fn dimensions(self) -> &'static [Dimension] {
        use Dimension::{Band, Category, Country, Owner, Priority, Rule, Stage, Tier};
        match self {
            Self::Accounts => &[Band, Tier, Category, Stage, Country, Owner],
            Self::Alerts => &[Rule, Priority, Owner, Band, Tier, Category, Stage, Country],
            Self::Tasks => &[Owner, Priority, Band, Tier, Category, Stage, Country],
        }
    }

    /// Returns what can be measured; the first is the one at first.
    #[must_use]
    pub fn measures(self) -> &'static [Measure] {
        match self {
            Self::Accounts => &[Measure::Count, Measure::Arr, Measure::Score],
            Self::Alerts | Self::Tasks => Measure::ALL,
        }
    }
}

impl Keyed for State {
    const ALL: &'static [Self] =
        &[Self::All, Self::Risks, Self::Opportunities, Self::Snoozed, Self::Closed, Self::Open, Self::Done];

    fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Risks => "risks",
            Self::Opportunities => "opportunities",
            Self::Snoozed => "snoozed",
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Done => "done",
        }
    }
}

impl Keyed for Dimension {
    const ALL: &'static [Self] =
        &[Self::Band, Self::Tier, Self::Category, Self::Stage, Self::Country, Self::Owner, Self::Rule, Self::Priority];

    fn key(self) -> &'static str {
        match self {
            Self::Band => "band",
            Self::Tier => "tier",
            Self::Category => "category",
            Self::Stage => "stage",
            Self::Country => "country",
            Self::Owner => "owner",
            Self::Rule => "rule",
            Self::Priority => "priority",
        }
    }
}

impl Dimension {
    /// Returns the account's field by which accounts are filtered to one group.
    #[must_use]
    pub fn field(self) -> Option<&'static str> {
        match self {
            Self::Owner => Some("owner_id"),
            Self::Rule | Self::Priority => None,
            other => Some(other.key()),
        }
    }
}

impl Keyed for Measure {
    const ALL: &'static [Self] = &[Self::Count, Self::Accounts, Self::Arr, Self::Score];

    fn key(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Accounts => "accounts",
            Self::Arr => "arr",
            Self::Score => "score",
        }
    }
}

impl Keyed for Shape {
    const ALL: &'static [Self] = &[Self::Table, Self::Bars];

    fn key(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Bars => "bars",
        }
    }
}
