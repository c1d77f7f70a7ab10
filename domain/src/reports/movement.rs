//! How monthly revenue moved, by the definitions of ChartMogul, from what the change log says accounts paid.
//!
//! What an account pays in a month is a twelfth of its ARR, or its MRR where only that is known, in whole minor units;
//! nothing once it is archived, deleted or churned. The end of each day is held against the end of the day before it:
//! what was corrected or taken back on the same day did not move.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::parts::Keyed;
use crate::health::divide_rounded;
use crate::money::{Currency, Money};
use crate::time::Timestamp;

/// Which way monthly revenue moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// The first that an account ever paid.
    New,
    /// What an account pays that had stopped paying.
    Reactivation,
    /// What an account pays more than before.
    Expansion,
    /// What an account pays less than before.
    Contraction,
    /// What an account paid that pays nothing any more.
    Churn,
}

impl Keyed for Movement {
    const ALL: &'static [Self] = &[Self::New, Self::Reactivation, Self::Expansion, Self::Contraction, Self::Churn];

    fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Reactivation => "reactivation",
            Self::Expansion => "expansion",
            Self::Contraction => "contraction",
            Self::Churn => "churn",
        }
    }
}

/// What an account pays, as far as its lines in the log have told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    arr_minor: Option<i64>,
    mrr_minor: Option<i64>,
    currency: Option<Currency>,
    contract_start: Option<Timestamp>,
    has_left: bool,
    is_archived: bool,
}

/// A movement of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// On which day, as its midnight UTC.
    pub day: Timestamp,
    /// Which way.
    pub movement: Movement,
    /// By how much a month; less than nothing where it pays less.
    pub mrr: Money,
}

impl Terms {
    /// Takes in fields as they became; those that are not named stay.
    pub fn apply(&mut self, after: &Map<String, Value>) {
        let number = |key: &str, known: Option<i64>| match after.get(key) {
            Some(value) => value.as_i64(),
            None => known,
        };
        self.arr_minor = number("arr_minor", self.arr_minor);
        self.mrr_minor = number("mrr_minor", self.mrr_minor);
        self.contract_start = number("contract_start", self.contract_start.map(|at| at.0)).map(Timestamp);
        if let Some(code) = after.get("currency").and_then(Value::as_str) {
            self.currency = code.parse().ok();
        }
        if let Some(stage) = after.get("stage") {
            self.has_left = stage.as_str() == Some("churned");
        }
        if let Some(at) = after.get("archived_at") {
            self.is_archived = !at.is_null();
        }
    }

    /// Takes in that the account was deleted.
    pub fn delete(&mut self) {
        *self = Self::default();
    }

    /// Returns what is paid in a month.
    #[must_use]
    pub fn monthly(&self) -> Money {
        let annual = self.arr_minor.or(self.mrr_minor.map(|minor| minor.saturating_mul(12))).unwrap_or_default();
        let is_paying = !self.has_left && !self.is_archived;
        let minor = if is_paying { divide_rounded(i128::from(annual.max(0)), 12) } else { 0 };
        Money { minor, currency: self.currency.unwrap_or(Currency::USD) }
    }
}

/// Returns how the revenue of one account moved: `ends` are its terms at the end of each day on which it changed, oldest
/// first.
///
/// The first that it paid counts from the start of its contract, where that is known to have been earlier than the day
/// on which it was entered. With another currency nothing moved: the same is paid in other words.
pub fn movements(ends: &[(Timestamp, Terms)]) -> impl Iterator<Item = Moved> {
    let (mut before, mut has_paid) = (Terms::default().monthly(), false);
    ends.iter().filter_map(move |(day, terms)| {
        let after = terms.monthly();
        let previous = std::mem::replace(&mut before, after);
        let is_first = !has_paid;
        has_paid |= after.minor > 0;
        let movement = match (previous.minor, after.minor) {
            (0, 0) => return None,
            (0, _) if is_first => Movement::New,
            (0, _) => Movement::Reactivation,
            (_, 0) => Movement::Churn,
            _ if previous.currency != after.currency => return None,
            (then, now) if now > then => Movement::Expansion,
            (then, now) if now < then => Movement::Contraction,
            _ => return None,
        };
        let currency = if movement == Movement::Churn { previous.currency } else { after.currency };
        let start = terms.contract_start.filter(|start| movement == Movement::New && start < day);
        let mrr = Money { minor: after.minor.saturating_sub(previous.minor), currency };
        Some(Moved { day: start.unwrap_or(*day).day_start(), movement, mrr })
    })
}
