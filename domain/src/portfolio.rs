//! What Today shows of a portfolio.

use serde::{Deserialize, Serialize};

use crate::accounts::AccountRow;
use crate::health::Band;
use crate::money::Money;
use crate::time::Timestamp;

/// The portfolio in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Portfolio {
    /// How many accounts there are.
    pub accounts: u32,
    /// The accounts by band, those without a score first.
    pub bands: Vec<BandTotal>,
    /// How many fell by at least a point in 7 days.
    pub fell_count: u32,
    /// How many rose by at least a point in 7 days.
    pub rose_count: u32,
    /// Those that fell most.
    pub fell: Vec<AccountRow>,
    /// Those that rose most.
    pub rose: Vec<AccountRow>,
    /// The accounts at risk that pay most.
    pub at_risk: Vec<AccountRow>,
    /// The next renewals within 90 days.
    pub renewals: Vec<AccountRow>,
    /// How many renew within 90 days.
    pub renewal_count: u32,
    /// What renews within 90 days, by currency.
    pub renewal_value: Vec<Money>,
    /// The end of the change log when this was read.
    pub seq: i64,
}

/// The accounts of one band.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BandTotal {
    /// The band; `None` for accounts that have no score.
    pub band: Option<Band>,
    /// How many accounts.
    pub accounts: u32,
    /// What they pay in a year, by currency.
    pub value: Vec<Money>,
}

impl BandTotal {
    /// Returns a band without accounts.
    #[must_use]
    pub fn empty(band: Option<Band>) -> Self {
        Self { band, accounts: 0, value: Vec::new() }
    }
}

/// What happened since a person last looked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinceYouLeft {
    /// The first change's time; `None` when nothing happened.
    pub at: Option<Timestamp>,
    /// Scores that fell by five points or more.
    pub health_drops: u32,
    /// Scores that rose by five points or more.
    pub health_rises: u32,
    /// Accounts that others added.
    pub new_accounts: u32,
    /// Tickets that were opened.
    pub new_tickets: u32,
    /// Notes, calls and meetings that others logged.
    pub new_activities: u32,
    /// Alerts that were raised.
    pub new_alerts: u32,
    /// Changes that others made to accounts.
    pub edits: u32,
    /// Where the person had stopped in the change log.
    pub from_seq: i64,
    /// Where this ends.
    pub to_seq: i64,
}
