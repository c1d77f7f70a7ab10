mod feedback;
mod growth;
mod message;
mod ranking;
mod timing;

use std::collections::BTreeMap;

use uuid::Uuid;

use super::*;
use crate::accounts::{self, Account};
use crate::alerts::facts::{self, Fact, Facts, Known};
use crate::alerts::{Alert, built_in};
use crate::fields::Catalogue;
use crate::health::{Band, HealthSummary, Points};
use crate::id::ScorecardId;
use crate::time::{DAY_MS, Timestamp};

/// A Tuesday at noon, UTC.
const NOW: Timestamp = Timestamp(20_781 * DAY_MS + 12 * 3_600_000);

/// An account with all that recommendations are made from.
struct Story {
    account: Account,
    health: Option<HealthSummary>,
    facts: Facts,
    alerts: Vec<Alert>,
    about: Option<Alert>,
    contacts: Vec<Contact>,
    measured: BTreeMap<String, Measured>,
    said: BTreeMap<String, Said>,
    moments: Moments,
    catalogue: Catalogue,
}

impl Story {
    fn new(score: f64, band: Band) -> Self {
        let health = HealthSummary {
            score: Points::from_f64(score),
            band,
            coverage: Points::FULL,
            trend_7d: None,
            trend_30d: None,
            trend_90d: None,
            evaluated_at: NOW,
            scorecard: ScorecardId(Uuid::nil()),
            version: 1,
            overridden: false,
        };
        Self {
            account: Account::new(AccountId(Uuid::from_u128(7)), "Acme".into(), NOW.plus_days(-400)),
            health: Some(health),
            facts: Facts::default(),
            alerts: Vec::new(),
            about: None,
            contacts: Vec::new(),
            measured: BTreeMap::new(),
            said: BTreeMap::new(),
            moments: Moments::default(),
            catalogue: facts::catalogue(&accounts::catalogue()),
        }
    }

    fn with(mut self, fact: Fact, value: f64) -> Self {
        self.facts.set(fact, value);
        self
    }

    fn look(&self) -> (Vec<Recommendation>, Growth) {
        let known = Known::new(&self.account, self.health.as_ref(), &self.facts);
        recommend(&Situation {
            known: &known,
            catalogue: &self.catalogue,
            alerts: &self.alerts,
            about: self.about.as_ref(),
            contacts: &self.contacts,
            measured: &self.measured,
            said: &self.said,
            moments: &self.moments,
            now: NOW,
        })
    }

    fn keys(&self) -> Vec<String> {
        self.look().0.into_iter().map(|option| option.action).collect()
    }

    fn option(&self, key: &str) -> Recommendation {
        self.look().0.into_iter().find(|option| option.action == key).unwrap()
    }
}

/// An open alert of a built-in rule.
fn alert(key: &str) -> Alert {
    let rule = built_in().into_iter().find(|rule| rule.key.as_deref() == Some(key)).unwrap();
    let mut alert = Alert::blank();
    (alert.id, alert.rule_id, alert.kind) = (AlertId(Uuid::from_u128(1)), rule.id, rule.kind);
    (alert.reason.key, alert.rule_name) = (key.to_owned(), rule.name);
    alert.worth.urgency = rule.urgency;
    alert
}

fn contact(number: u128, name: &str, role: &str) -> Contact {
    Contact {
        id: ContactId(Uuid::from_u128(number)),
        version: 1,
        account_id: AccountId(Uuid::from_u128(7)),
        name: name.to_owned(),
        email: None,
        phone: None,
        title: None,
        role: Some(role.to_owned()),
        sentiment: None,
        time_zone: None,
        last_touch_at: None,
        left_at: None,
        created_at: NOW,
        updated_at: NOW,
        distinct_from: Vec::new(),
    }
}
