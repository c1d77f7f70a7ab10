//! What reports are made of, and what of it fits together.

use serde::{Deserialize, Serialize};

use super::period::Period;

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
    /// What products reported for accounts.
    Usage,
    /// How the monthly revenue of accounts moved.
    Revenue,
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
    /// Tasks that should have been done by now.
    Overdue,
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
    /// Why the account left.
    ChurnReason,
    /// Where the account is.
    Country,
    /// Who owns the account; of alerts and tasks, who deals with them.
    Owner,
    /// The rule that raised an alert.
    Rule,
    /// How much an alert or a task matters.
    Priority,
    /// The month in which the contract of the account renews.
    Renewal,
    /// What was reported, such as logins.
    Metric,
    /// Which way revenue moved.
    Movement,
    /// The week, from Monday, in UTC.
    Week,
    /// The month, in UTC.
    Month,
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
    /// The middle of what those accounts pay in a year.
    ArrMedian,
    /// The mean score of those accounts, each counted once.
    Score,
    /// The middle one of their scores.
    ScoreMedian,
    /// What was reported, added up.
    Total,
    /// The same for each account of which anything was reported.
    PerAccount,
    /// By how much monthly revenue moved.
    Mrr,
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
    /// As a line of the first measure over time, above the table.
    Line,
    /// As a ring of the shares that the groups have of the first measure, above the table.
    Donut,
    /// As one number: the first measure of all groups together.
    Number,
}

impl Keyed for About {
    const ALL: &'static [Self] = &[Self::Accounts, Self::Alerts, Self::Tasks, Self::Usage, Self::Revenue];

    fn key(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Alerts => "alerts",
            Self::Tasks => "tasks",
            Self::Usage => "usage",
            Self::Revenue => "revenue",
        }
    }
}

impl About {
    /// Returns which states there are to choose from; the first is the one at first.
    #[must_use]
    pub fn states(self) -> &'static [State] {
        match self {
            Self::Accounts | Self::Usage | Self::Revenue => &[State::All],
            Self::Alerts => &[State::Risks, State::Opportunities, State::Snoozed, State::Closed],
            Self::Tasks => &[State::Open, State::Overdue, State::Done],
        }
    }

    /// Returns what it can be grouped by; the first is the one at first.
    #[must_use]
    pub fn dimensions(self) -> &'static [Dimension] {
        use Dimension::{
            Band, Category, ChurnReason, Country, Metric, Month, Movement, Owner, Priority, Renewal, Rule, Stage, Tier,
            Week,
        };
        match self {
            Self::Accounts => &[Band, Tier, Category, Stage, ChurnReason, Country, Owner, Renewal],
            Self::Alerts => &[Rule, Priority, Owner, Band, Tier, Category, Stage, Country, Week, Month],
            Self::Tasks => &[Owner, Priority, Band, Tier, Category, Stage, Country, Week, Month],
            Self::Usage => &[Month, Week, Metric, Band, Tier, Category, Stage, Country, Owner],
            Self::Revenue => &[Month, Movement, Week, Band, Tier, Category, Stage, ChurnReason, Country, Owner],
        }
    }

    /// Returns what can be measured; the first is the one at first.
    #[must_use]
    pub fn measures(self) -> &'static [Measure] {
        use Measure::{Accounts, Arr, ArrMedian, Count, Mrr, PerAccount, Score, ScoreMedian, Total};
        match self {
            Self::Accounts => &[Count, Arr, ArrMedian, Score, ScoreMedian],
            Self::Alerts | Self::Tasks => &[Count, Accounts, Arr, ArrMedian, Score, ScoreMedian],
            Self::Usage => &[Total, Accounts, PerAccount],
            Self::Revenue => &[Mrr, Accounts, Count],
        }
    }

    /// Returns which periods it can be narrowed to; the first is the one at first.
    #[must_use]
    pub fn periods(self) -> &'static [Period] {
        const SOME: &[Period] =
            &[Period::Always, Period::Days(7), Period::Days(30), Period::Days(90), Period::Days(365)];
        match self {
            Self::Accounts => &[Period::Always],
            Self::Alerts | Self::Tasks => SOME,
            Self::Usage => &[Period::Days(90), Period::Days(30), Period::Days(180), Period::Days(365)],
            Self::Revenue => &[Period::Days(365), Period::Days(30), Period::Days(90), Period::Days(730)],
        }
    }
}

impl Keyed for State {
    const ALL: &'static [Self] = &[
        Self::All,
        Self::Risks,
        Self::Opportunities,
        Self::Snoozed,
        Self::Closed,
        Self::Open,
        Self::Overdue,
        Self::Done,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Risks => "risks",
            Self::Opportunities => "opportunities",
            Self::Snoozed => "snoozed",
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Done => "done",
        }
    }
}

impl Keyed for Dimension {
    const ALL: &'static [Self] = &[
        Self::Band,
        Self::Tier,
        Self::Category,
        Self::Stage,
        Self::ChurnReason,
        Self::Country,
        Self::Owner,
        Self::Rule,
        Self::Priority,
        Self::Renewal,
        Self::Metric,
        Self::Movement,
        Self::Week,
        Self::Month,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Band => "band",
            Self::Tier => "tier",
            Self::Category => "category",
            Self::Stage => "stage",
            Self::ChurnReason => "churn_reason",
            Self::Country => "country",
            Self::Owner => "owner",
            Self::Rule => "rule",
            Self::Priority => "priority",
            Self::Renewal => "renewal",
            Self::Metric => "metric",
            Self::Movement => "movement",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

impl Dimension {
    /// Returns whether its groups follow each other in time.
    #[must_use]
    pub fn is_time(self) -> bool {
        matches!(self, Self::Week | Self::Month | Self::Renewal)
    }

    /// Returns whether it is something about the account, whatever the report is about.
    #[must_use]
    pub fn is_of_account(self) -> bool {
        use Dimension::{Band, Category, ChurnReason, Country, Owner, Renewal, Stage, Tier};
        matches!(self, Band | Tier | Category | Stage | ChurnReason | Country | Owner | Renewal)
    }

    /// Returns the account's field by which accounts are filtered to one group.
    #[must_use]
    pub fn field(self) -> Option<&'static str> {
        match self {
            Self::Owner => Some("owner_id"),
            Self::Renewal => Some("renewal_at"),
            Self::Rule | Self::Priority | Self::Metric | Self::Movement | Self::Week | Self::Month => None,
            other => Some(other.key()),
        }
    }
}

impl Keyed for Measure {
    const ALL: &'static [Self] = &[
        Self::Count,
        Self::Accounts,
        Self::Arr,
        Self::ArrMedian,
        Self::Score,
        Self::ScoreMedian,
        Self::Total,
        Self::PerAccount,
        Self::Mrr,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Accounts => "accounts",
            Self::Arr => "arr",
            Self::ArrMedian => "arr_median",
            Self::Score => "score",
            Self::ScoreMedian => "score_median",
            Self::Total => "total",
            Self::PerAccount => "per_account",
            Self::Mrr => "mrr",
        }
    }
}

impl Measure {
    /// Returns whether the groups are parts of a whole that is never less than nothing.
    #[must_use]
    pub fn adds_up(self) -> bool {
        matches!(self, Self::Count | Self::Arr | Self::Total)
    }

    /// Returns whether it is an amount of money.
    #[must_use]
    pub fn is_money(self) -> bool {
        matches!(self, Self::Arr | Self::ArrMedian | Self::Mrr)
    }
}

impl Keyed for Shape {
    const ALL: &'static [Self] = &[Self::Table, Self::Bars, Self::Line, Self::Donut, Self::Number];

    fn key(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Bars => "bars",
            Self::Line => "line",
            Self::Donut => "donut",
            Self::Number => "number",
        }
    }
}

impl Shape {
    /// Returns whether a picture stands above the table.
    #[must_use]
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Bars | Self::Line | Self::Donut)
    }
}
