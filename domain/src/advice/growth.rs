//! What may be sold to an account, and when nothing should be.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::alerts::facts::Fact;
use crate::alerts::facts::Known;
use crate::alerts::{Alert, Kind, Priority};
use crate::health::Band;

/// Most products that are named.
const PRODUCTS_MAX: usize = 3;
/// Accounts that use something before anything follows from it.
const USERS_MIN: u32 = 5;
/// The least share of those who use one thing that must use the other.
const CONFIDENCE_MIN: f64 = 0.5;
/// How much likelier than for everybody that must be.
const LIFT_MIN: f64 = 1.1;
/// Share of the seats in use from which more are proposed.
const SEATS_PCT: f64 = 85.0;

/// Why an account is not to be sold anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// It has no score: not enough is known.
    NoScore,
    /// It is not healthy.
    Band(Band),
    /// A risk that is critical or high is open.
    RiskOpen,
    /// A payment failed and is not paid.
    Unpaid,
}

/// Something that an account may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// More seats.
    Seats {
        /// The share of its seats in use, in per cent.
        used_pct: f64,
    },
    /// Something that those like it use, and it does not.
    Feature {
        /// What: the name of its usage metric.
        metric: String,
        /// What it uses itself.
        uses: String,
        /// How many of those like it use that.
        users: u32,
        /// How many of these use both.
        both: u32,
        /// How much likelier they use it than everybody like it.
        lift: f64,
    },
}

/// What may be sold to an account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// Why nothing should be; none where something may.
    pub held: Option<Held>,
    /// The actions that would have been recommended.
    pub actions: Vec<String>,
    /// What it may want, likeliest first; empty while it is held back, or where the data does not say.
    pub products: Vec<Product>,
    /// How many accounts of its segment it was compared with.
    pub peers: u32,
}

/// Returns why an account is not to be sold anything: it has no score or another band than healthy, a critical or
/// high risk is open, or a payment failed.
#[must_use]
pub fn gate(known: &Known<'_>, alerts: &[Alert]) -> Option<Held> {
    let Some(health) = known.health else { return Some(Held::NoScore) };
    let presses = |alert: &&Alert| alert.kind != Kind::Opportunity && alert.priority <= Priority::High;
    if health.band != Band::Healthy {
        Some(Held::Band(health.band))
    } else if alerts.iter().any(|alert| presses(&alert)) {
        Some(Held::RiskOpen)
    } else if known.facts.get(Fact::PaymentsFailed).is_some_and(|failed| failed > 0.0) {
        Some(Held::Unpaid)
    } else {
        None
    }
}

/// Returns what an account may want: more seats where most are used, and what goes together with what it uses.
///
/// Association rules of two (Agrawal, Imieliński and Swami, *Mining association rules*, SIGMOD 1993): among the peers,
/// `confidence = users of both ÷ users of the one it uses`, `lift = confidence ÷ share of all peers that use the other`
/// (Brin et al., SIGMOD 1997). Of five users or fewer nothing follows.
#[must_use]
pub fn products(seats_used_pct: Option<f64>, own: &BTreeSet<String>, peers: &[BTreeSet<String>]) -> Vec<Product> {
    let mut found: Vec<Product> = Vec::new();
    if let Some(used_pct) = seats_used_pct.filter(|pct| *pct >= SEATS_PCT) {
        found.push(Product::Seats { used_pct });
    }
    let count = |holds: &dyn Fn(&BTreeSet<String>) -> bool| {
        u32::try_from(peers.iter().filter(|peer| holds(peer)).count()).unwrap_or(u32::MAX)
    };
    let mut features: BTreeMap<&String, (f64, Product)> = BTreeMap::new();
    for metric in peers.iter().flatten().filter(|metric| !own.contains(*metric)) {
        if features.contains_key(metric) {
            continue;
        }
        let share = f64::from(count(&|peer| peer.contains(metric))) / peers.len().max(1) as f64;
        for uses in own {
            let users = count(&|peer| peer.contains(uses));
            let both = count(&|peer| peer.contains(uses) && peer.contains(metric));
            let confidence = f64::from(both) / f64::from(users.max(1));
            let lift = confidence / share;
            let is_better = features.get(metric).is_none_or(|(best, _)| confidence > *best);
            if users > USERS_MIN && confidence >= CONFIDENCE_MIN && lift >= LIFT_MIN && is_better {
                let product = Product::Feature { metric: metric.clone(), uses: uses.clone(), users, both, lift };
                features.insert(metric, (confidence, product));
            }
        }
    }
    let mut features: Vec<(f64, Product)> = features.into_values().collect();
    features.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.extend(features.into_iter().map(|(_, product)| product));
    found.truncate(PRODUCTS_MAX);
    found
}
