//! Insights: how a portfolio stands at a moment, how it moved since another, and who stands where among peers.
//!
//! Everything is worked out from two lists of [`Standing`]s, one per account and moment, so that the same rules hold
//! for today and for any day of the past.

mod averages;
mod drivers;
mod movement;
mod peers;
mod spread;
#[cfg(test)]
mod tests;
mod which;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::health::{Band, Cause, Points};
use crate::id::{AccountId, UserId};
use crate::money::{self, Money};
use crate::portfolio::BandTotal;
use crate::time::Timestamp;

pub use averages::Average;
pub use drivers::{DRIVERS_MAX, Drivers, drivers};
pub use movement::{Cell, Moved, Movement, Place};
pub use peers::{PEERS_MIN, Peers};
pub use spread::{BIN_WIDTH, Bin, Group, MARKERS, Spread};
pub use which::Which;

/// Most accounts that each list of a report holds; the rest is counted.
pub const LIST_MAX: usize = 10;
/// Most accounts that are listed behind a number.
pub const ROWS_MAX: usize = 200;
/// Longest span between the two moments in days.
pub const SPAN_DAYS_MAX: i64 = 1_095;

/// What accounts are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Touch model or size class: the segment.
    #[default]
    Tier,
    /// Line of business.
    Category,
    /// Lifecycle stage.
    Stage,
    /// Where they are.
    Country,
}

impl Dimension {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Tier, Self::Category, Self::Stage, Self::Country];

    /// Returns the key of the account field.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Tier => "tier",
            Self::Category => "category",
            Self::Stage => "stage",
            Self::Country => "country",
        }
    }

    /// Returns the dimension with this key, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.key() == key)
    }
}

/// One account as it stood at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Which account.
    pub account: AccountId,
    /// What it was called.
    pub name: String,
    /// Who owned it.
    pub owner: Option<UserId>,
    /// The team its owner works in now.
    pub team: Option<String>,
    /// Its value of the dimension that is asked for.
    pub group: Option<String>,
    /// What it paid in a year.
    pub annual: Option<Money>,
    /// Its score; none where nothing was known.
    pub score: Option<Points>,
    /// The band of the score.
    pub band: Option<Band>,
    /// Whether its stage says that it has churned.
    pub churned: bool,
}

/// What is asked about a portfolio.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InsightQuery {
    /// The first moment, which everything is compared with.
    pub from: Timestamp,
    /// The moment that is shown; none for now.
    pub at: Option<Timestamp>,
    /// Which accounts, in the filter language; empty for all.
    pub filter: String,
    /// What they are grouped by.
    pub by: Dimension,
}

/// A portfolio at a moment, and how it came there since another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The first moment.
    pub from: Timestamp,
    /// The second moment, whose portfolio this is.
    pub to: Timestamp,
    /// The accounts by band at the second moment, best first; those without a score last.
    pub bands: Vec<BandTotal>,
    /// Who went where.
    pub movement: Movement,
    /// How the scores are spread at the second moment.
    pub spread: Spread,
    /// Everybody together.
    pub everybody: Average,
    /// Each owner, those with most accounts first; nobody's accounts under no owner.
    pub owners: Vec<(Option<UserId>, Average)>,
    /// Each team, those with most accounts first; accounts of people without a team, and nobody's, under none.
    pub teams: Vec<(Option<String>, Average)>,
    /// Why those in the lists moved: the largest cause each, by account.
    pub drivers: Vec<(AccountId, Cause)>,
    /// The end of the change log when this was read.
    pub seq: i64,
}

/// The accounts behind one number of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Behind {
    /// The first moment.
    pub from: Timestamp,
    /// The second moment.
    pub to: Timestamp,
    /// The accounts, those that moved most first, up to [`ROWS_MAX`].
    pub rows: Vec<Moved>,
    /// How many there are.
    pub total: u32,
    /// The largest cause of the movement of each, by account.
    pub drivers: Vec<(AccountId, Cause)>,
}

/// Works out a report from where the accounts stood at two moments. Drivers and the end of the log are the caller's
/// to fill in.
#[must_use]
pub fn report(from: Timestamp, to: Timestamp, before: &[Standing], after: &[Standing]) -> Report {
    let earlier = by_account(before);
    Report {
        from,
        to,
        bands: movement::bands(after),
        movement: movement::movement(before, after, &earlier),
        spread: spread::spread(after),
        everybody: averages::everybody(after, &earlier),
        owners: averages::by(after, &earlier, |standing| standing.owner),
        teams: averages::by(after, &earlier, |standing| standing.team.clone()),
        drivers: Vec::new(),
        seq: 0,
    }
}

/// Returns the accounts behind one number of a report, those that moved most first, up to [`ROWS_MAX`] of them, and
/// how many there are.
#[must_use]
pub fn rows(before: &[Standing], after: &[Standing], which: &Which) -> (Vec<Moved>, u32) {
    let earlier = by_account(before);
    let mut moved: Vec<Moved> = movement::pairs(before, after, &earlier)
        .filter(|(then, now)| which.holds(*then, *now))
        .map(|(then, now)| Moved::of(then, now))
        .collect();
    let count = u32::try_from(moved.len()).unwrap_or(u32::MAX);
    moved.sort_by(|a, b| b.distance().cmp(&a.distance()).then_with(|| a.name.cmp(&b.name)));
    moved.truncate(ROWS_MAX);
    (moved, count)
}

fn by_account(standings: &[Standing]) -> HashMap<AccountId, &Standing> {
    standings.iter().map(|standing| (standing.account, standing)).collect()
}

/// Adds what is paid to a list that has one entry for each currency.
fn add(amounts: &mut Vec<Money>, money: Option<Money>) {
    if let Some(money) = money.filter(|money| money.minor != 0) {
        money::add(amounts, money);
    }
}
