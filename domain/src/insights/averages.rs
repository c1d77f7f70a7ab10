//! Averages: how the accounts of each owner and of each team stand, and how they moved.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{Standing, add};
use crate::health::{Band, Points};
use crate::id::AccountId;
use crate::money::Money;

/// How some accounts stand together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Average {
    /// How many accounts.
    pub accounts: u32,
    /// How many of them have a score.
    pub scored: u32,
    /// What they pay in a year, by currency.
    pub value: Vec<Money>,
    /// The mean score.
    pub mean: Option<Points>,
    /// The mean score weighted by what they pay; amounts of several currencies count by their numbers.
    pub weighted: Option<Points>,
    /// How many are at risk or critical.
    pub at_risk: u32,
    /// What those pay in a year, by currency.
    pub at_risk_value: Vec<Money>,
    /// By how much the mean score of those that had a score at both moments changed, in points.
    pub change: Option<Points>,
}

impl Average {
    /// Returns the share of the accounts that are at risk or critical, in per cent of those with a score.
    #[must_use]
    pub fn at_risk_pct(&self) -> f64 {
        if self.scored == 0 { 0.0 } else { f64::from(self.at_risk) * 100.0 / f64::from(self.scored) }
    }
}

/// Sums on the way to an [`Average`].
#[derive(Default)]
struct Sums {
    average: Average,
    score: i128,
    weighted: i128,
    weight: i128,
    change: i128,
    both: i128,
}

impl Sums {
    fn add(&mut self, now: &Standing, then: Option<&&Standing>) {
        self.average.accounts += 1;
        add(&mut self.average.value, now.annual);
        let Some(score) = now.score else { return };
        self.average.scored += 1;
        self.score += i128::from(score.0);
        // Hundredths of a unit, so that currencies without minor units weigh as much as others.
        let weight = now.annual.map_or(0, |money| (money.major() * 100.0).round().max(0.0) as i128);
        self.weighted += i128::from(score.0) * weight;
        self.weight += weight;
        if matches!(now.band, Some(Band::AtRisk | Band::Critical)) {
            self.average.at_risk += 1;
            add(&mut self.average.at_risk_value, now.annual);
        }
        if let Some(stood) = then.and_then(|then| then.score) {
            self.change += i128::from((score - stood).0);
            self.both += 1;
        }
    }

    fn done(self) -> Average {
        let scored = i128::from(self.average.scored);
        Average {
            mean: mean(self.score, scored),
            weighted: mean(self.weighted, self.weight),
            change: mean(self.change, self.both),
            ..self.average
        }
    }
}

/// Returns a mean in whole millionths, rounded half away from zero; none of nothing.
pub(super) fn mean(sum: i128, count: i128) -> Option<Points> {
    (count > 0).then(|| Points(crate::health::divide_rounded(sum, count)))
}

/// Returns how all accounts stand together.
pub(super) fn everybody(after: &[Standing], earlier: &HashMap<AccountId, &Standing>) -> Average {
    let mut sums = Sums::default();
    for now in after {
        sums.add(now, earlier.get(&now.account));
    }
    sums.done()
}

/// Returns how the accounts of each part stand, those with most accounts first.
pub(super) fn by<K: Ord>(
    after: &[Standing],
    earlier: &HashMap<AccountId, &Standing>,
    part: impl Fn(&Standing) -> K,
) -> Vec<(K, Average)> {
    let mut parts: BTreeMap<K, Sums> = BTreeMap::new();
    for now in after {
        parts.entry(part(now)).or_default().add(now, earlier.get(&now.account));
    }
    let mut parts: Vec<(K, Average)> = parts.into_iter().map(|(part, sums)| (part, sums.done())).collect();
    parts.sort_by_key(|(_, average)| std::cmp::Reverse(average.accounts));
    parts
}
