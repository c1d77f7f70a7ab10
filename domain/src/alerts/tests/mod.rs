mod engine;
mod groups;
mod ladder;
mod rules;
mod steps;
mod stories;

use uuid::Uuid;

use super::alert::Alert;
use super::engine::{Engine, Found, Standing, Watch};
use super::facts::{Extra, Facts, Known, gather};
use super::ladder::Calendar;
use super::rule::Rule;
use super::{Inputs, Kind, built_in};
use crate::accounts::{self, Account};
use crate::health::{Band, HealthSummary, Points, Record};
use crate::id::{AccountId, AlertId, RuleId, ScorecardId};
use crate::time::Timestamp;

/// A day in the middle of the tests' time.
const DAY: Timestamp = Timestamp(20_000 * crate::time::DAY_MS);

fn account() -> Account {
    let mut account = Account::new(AccountId(Uuid::from_u128(7)), "Acme".into(), DAY.plus_days(-400));
    account.arr_minor = Some(1_000_000);
    account.contract_start = Some(DAY.plus_days(-400));
    account
}

fn health(score: f64, band: Band) -> HealthSummary {
    HealthSummary {
        score: Points::from_f64(score),
        band,
        coverage: Points::FULL,
        trend_7d: None,
        trend_30d: None,
        trend_90d: None,
        evaluated_at: DAY,
        scorecard: ScorecardId(Uuid::nil()),
        version: 1,
        overridden: false,
    }
}

/// A rule of people's own.
fn rule(condition: &str) -> Rule {
    let mut rule = built_in().remove(0);
    rule.id = RuleId(Uuid::from_u128(99));
    (rule.key, rule.condition, rule.clear) = (None, condition.to_owned(), None);
    (rule.parameters, rule.says) = (Vec::new(), String::new());
    (rule.for_minutes, rule.clear_minutes, rule.cooldown_days) = (0, 0, 0);
    (rule.kind, rule.urgency, rule.effort) = (Kind::Risk, 1.0, 1.0);
    rule
}

/// An account under the eyes of an engine, over time.
struct Watched {
    engine: Engine,
    account: Account,
    alerts: Vec<Alert>,
    watch: Watch,
    next: u128,
    /// Whether alerts that nobody takes go up.
    has_ladder: bool,
}

impl Watched {
    fn new(rules: &[Rule]) -> Self {
        let engine = Engine::new(rules, &accounts::catalogue(), 1_000_000);
        Self { engine, account: account(), alerts: Vec::new(), watch: Watch::default(), next: 0, has_ladder: false }
    }

    /// Looks at the account with these facts, takes over what became of its alerts, and returns what was found.
    fn look(&mut self, facts: &Facts, health: Option<&HealthSummary>, now: Timestamp) -> Found {
        self.look_where(None, facts, health, now)
    }

    /// Does the same where only this much can be another.
    fn look_where(
        &mut self,
        changed: Option<&Inputs>,
        facts: &Facts,
        health: Option<&HealthSummary>,
        now: Timestamp,
    ) -> Found {
        let known = Known::new(&self.account, health, facts);
        let standing = Standing { alerts: &self.alerts, watch: &self.watch };
        let next = &mut self.next;
        let mut new_id = || {
            *next += 1;
            AlertId(Uuid::from_u128(*next))
        };
        let calendar = |_: &Alert| Calendar::default();
        let pass = self.engine.pass(now);
        let pass = if self.has_ladder { pass.with_ladder(&calendar) } else { pass };
        let found = pass.look(&known, standing, changed, &mut new_id);
        for one in &found.moves {
            self.alerts.retain(|alert| alert.id != one.alert.id);
            self.alerts.push(one.alert.clone());
        }
        self.watch = found.watch.clone();
        found
    }

    /// Looks at the account as it is recorded.
    fn look_at(&mut self, record: &Record, extra: &Extra<'_>, now: Timestamp) -> Found {
        self.account = record.account.clone();
        let facts = gather(record, &Extra { typical_minor: 1_000_000, ..*extra }, now);
        self.look(&facts, extra.health, now)
    }

    fn open(&self) -> Vec<&str> {
        let open = self.alerts.iter().filter(|alert| !alert.is_closed());
        open.map(|alert| alert.reason.key.as_str()).collect()
    }
}
