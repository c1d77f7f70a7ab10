//! The rules, as data: what each is about, when an account breaks it, and the filter that says the same.

use serde::{Deserialize, Serialize};

use super::{Around, Facts};
use crate::accounts::STAGES;
use crate::filter::{LIST_MAX, TEXT_CHARS_MAX};
use crate::health::Points;

/// After so many days without a touch or a login, what is recorded of an account is stale.
pub const STALE_DAYS: i64 = 90;
/// A score that rests on less than this share of its measures says little.
pub const COVERAGE_MIN_PCT: i64 = 50;
/// The stage of those who left.
pub(super) const CHURNED: &str = STAGES[4];
/// Characters of a filter that are left to what a person has chosen besides.
const FILTER_ROOM: usize = 500;

/// What kind of trouble a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something that is asked of every customer is not there.
    Missing,
    /// Something is there that is hardly so any more.
    Doubtful,
    /// Two things that cannot both be so.
    Contradictory,
}

impl Kind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Missing, Self::Doubtful, Self::Contradictory];

    /// Returns the kind's stable name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Doubtful => "doubtful",
            Self::Contradictory => "contradictory",
        }
    }
}

/// What is expected of what is recorded about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Somebody owns it.
    NoOwner,
    /// There is somebody to talk to.
    NoContact,
    /// It is known what it pays.
    NoArr,
    /// It is known when it renews.
    NoRenewal,
    /// It is known where it stands in its life.
    NoStage,
    /// It has a score.
    NoScore,
    /// Its owner is still active.
    OwnerGone,
    /// Its renewal lies ahead.
    RenewalPast,
    /// Something happened lately.
    Stale,
    /// Its score rests on enough.
    ThinScore,
    /// Who pays has a contract.
    NoContract,
    /// A contract begins before it renews.
    ContractLate,
    /// Who left renews nothing.
    ChurnedOpen,
    /// Who left pays nothing.
    ChurnedPaying,
    /// The account above it is there.
    Orphan,
    /// No other has its name.
    SameName,
    /// No other that stands beside it has its domain.
    SameDomain,
}

impl Rule {
    /// All rules, in the order in which they are shown.
    pub const ALL: [Self; 17] = [
        Self::NoOwner,
        Self::NoContact,
        Self::NoArr,
        Self::NoRenewal,
        Self::NoStage,
        Self::NoScore,
        Self::OwnerGone,
        Self::RenewalPast,
        Self::Stale,
        Self::ThinScore,
        Self::NoContract,
        Self::ContractLate,
        Self::ChurnedOpen,
        Self::ChurnedPaying,
        Self::Orphan,
        Self::SameName,
        Self::SameDomain,
    ];

    /// Returns the word for the rule in an address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::NoOwner => "no_owner",
            Self::NoContact => "no_contact",
            Self::NoArr => "no_arr",
            Self::NoRenewal => "no_renewal",
            Self::NoStage => "no_stage",
            Self::NoScore => "no_score",
            Self::OwnerGone => "owner_gone",
            Self::RenewalPast => "renewal_past",
            Self::Stale => "stale",
            Self::ThinScore => "thin_score",
            Self::NoContract => "no_contract",
            Self::ContractLate => "contract_late",
            Self::ChurnedOpen => "churned_open",
            Self::ChurnedPaying => "churned_paying",
            Self::Orphan => "orphan",
            Self::SameName => "same_name",
            Self::SameDomain => "same_domain",
        }
    }

    /// Returns the rule with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.key() == key)
    }

    /// Returns what kind of trouble it is about.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::NoOwner | Self::NoContact | Self::NoArr | Self::NoRenewal | Self::NoStage | Self::NoScore => {
                Kind::Missing
            }
            Self::OwnerGone | Self::RenewalPast | Self::Stale | Self::ThinScore | Self::NoContract => Kind::Doubtful,
            Self::ContractLate
            | Self::ChurnedOpen
            | Self::ChurnedPaying
            | Self::Orphan
            | Self::SameName
            | Self::SameDomain => Kind::Contradictory,
        }
    }

    /// Returns whether an account breaks the rule.
    #[must_use]
    pub fn is_broken(self, facts: &Facts, around: &Around) -> bool {
        if facts.is_churned() {
            return self.is_broken_by_who_left(facts, around);
        }
        let today = around.now.day_start();
        let silent = |at: Option<crate::time::Timestamp>| at.is_none_or(|at| at < today.plus_days(-STALE_DAYS));
        let minor = facts.annual().map(|annual| annual.minor);
        match self {
            Self::NoOwner => facts.owner_id.is_none(),
            Self::NoContact => !facts.has_contact,
            Self::NoArr => minor.is_none(),
            Self::NoRenewal => facts.renewal_at.is_none(),
            Self::NoStage => facts.stage.as_deref().is_none_or(str::is_empty),
            Self::NoScore => facts.coverage.is_none(),
            Self::OwnerGone => facts.owner_id.is_some_and(|owner| around.gone.contains_key(&owner)),
            Self::RenewalPast => facts.renewal_at.is_some_and(|at| at < today),
            Self::Stale => {
                silent(facts.last_activity_at) && silent(facts.last_login_at) && silent(Some(facts.created_at))
            }
            Self::ThinScore => facts.coverage.is_some_and(|share| share < Points(COVERAGE_MIN_PCT * Points::MICRO)),
            Self::NoContract => facts.contract_start.is_none() && minor.is_some_and(|minor| minor > 0),
            Self::ContractLate => {
                matches!((facts.contract_start, facts.renewal_at), (Some(from), Some(to)) if to < from)
            }
            Self::ChurnedOpen | Self::ChurnedPaying => false,
            Self::Orphan | Self::SameName | Self::SameDomain => self.is_broken_by_anybody(facts, around),
        }
    }

    fn is_broken_by_who_left(self, facts: &Facts, around: &Around) -> bool {
        let tomorrow = around.now.day_start().plus_days(1);
        match self {
            Self::ChurnedOpen => facts.renewal_at.is_some_and(|at| at >= tomorrow),
            Self::ChurnedPaying => facts.annual().is_some_and(|annual| annual.minor > 0),
            _ => self.is_broken_by_anybody(facts, around),
        }
    }

    fn is_broken_by_anybody(self, facts: &Facts, around: &Around) -> bool {
        match self {
            Self::Orphan => !facts.has_parent,
            Self::SameName => same_name(&facts.name).is_some_and(|key| around.names.contains(&key)),
            Self::SameDomain => same_domain(facts).is_some_and(|key| around.domains.contains(&key)),
            _ => false,
        }
    }

    /// Returns the filter that finds the accounts that break the rule, where the language can say it.
    #[must_use]
    pub fn filter(self, around: &Around) -> Option<String> {
        let said = match self {
            Self::NoOwner => "owner_id is empty",
            Self::NoArr => "arr_minor is empty",
            Self::NoRenewal => "renewal_at is empty",
            Self::NoStage => return Some("stage is empty".to_owned()),
            Self::NoScore => "score is empty",
            Self::RenewalPast => "renewal_at before today",
            Self::Stale => {
                "(last_activity_at older than 90 days or last_activity_at is empty) \
                 and (last_login_at older than 90 days or last_login_at is empty) and created_at older than 90 days"
            }
            Self::ThinScore => "coverage < 50",
            Self::NoContract => "arr_minor > 0 and contract_start is empty",
            Self::ChurnedOpen => return Some("stage = churned and renewal_at after today".to_owned()),
            Self::ChurnedPaying => return Some("stage = churned and arr_minor > 0".to_owned()),
            Self::OwnerGone => return owned_by(around),
            Self::NoContact | Self::ContractLate | Self::Orphan | Self::SameName | Self::SameDomain => return None,
        };
        Some(format!("{said} and stage != churned"))
    }

    /// Returns what stands together in the list of the rule.
    pub(super) fn together(self, facts: &Facts) -> Option<String> {
        match self {
            Self::SameName => same_name(&facts.name),
            Self::SameDomain => same_domain(facts),
            _ => None,
        }
    }
}

/// Returns the filter for the accounts of those who are gone, unless they are too many to be named.
fn owned_by(around: &Around) -> Option<String> {
    let words: Vec<String> = around.gone.values().map(|word| format!("\"{word}\"")).collect();
    let is_sayable = !words.is_empty() && !around.gone.values().any(|word| word.contains(['"', '\\']));
    let filter = format!("owner_id in ({}) and stage != churned", words.join(", "));
    let fits = words.len() <= LIST_MAX && filter.chars().count() + FILTER_ROOM <= TEXT_CHARS_MAX;
    (is_sayable && fits).then_some(filter)
}

/// Returns a name as names are compared: its letters and digits, whatever the case.
pub(super) fn same_name(name: &str) -> Option<String> {
    let key: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    (!key.is_empty()).then_some(key)
}

/// Returns a domain as domains are compared; none below another account, which may share that one's.
pub(super) fn same_domain(facts: &Facts) -> Option<String> {
    let domain = facts.domain.as_deref().filter(|_| facts.parent_id.is_none())?;
    let domain = domain.trim().to_lowercase();
    let domain = domain.split_once("://").map_or(domain.as_str(), |(_, rest)| rest);
    let domain = domain.strip_prefix("www.").unwrap_or(domain);
    let domain = domain.split(['/', ':', '?']).next().unwrap_or_default().trim_end_matches('.');
    (!domain.is_empty()).then(|| domain.to_owned())
}
