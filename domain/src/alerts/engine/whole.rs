//! Rules about the whole portfolio.

use super::pass::{ended, woken};
use super::{Found, Move, Moved, NewId, Pending, Standing, named, placed};
use crate::alerts::alert::{Alert, Kind, Outcome, Quoted, Reason};
use crate::alerts::facts::{Portfolio, portfolio_catalogue};
use crate::alerts::priority::worth_of_all;
use crate::alerts::rule::Rule;
use crate::filter::{Filter, Scope, matches};
use crate::money::Currency;
use crate::time::Timestamp;

/// Days until the portfolio is looked at again although nothing happens.
const QUIET_DAYS: i64 = 1;

/// What rules about the whole portfolio are held against.
#[derive(Clone, Copy, Debug)]
pub struct Whole<'a> {
    /// Its facts.
    pub portfolio: &'a Portfolio,
    /// Its yearly revenue at risk, in minor units.
    pub at_risk_minor: i64,
    /// The currency of that.
    pub currency: Currency,
    /// The middle account's revenue of a year in minor units.
    pub typical_minor: i64,
}

/// Returns what becomes of the alerts about the whole portfolio. The rule that gathers groups is none of these.
#[must_use]
pub fn look_at_all(
    rules: &[Rule],
    whole: &Whole<'_>,
    standing: Standing<'_>,
    now: Timestamp,
    new_id: NewId<'_>,
) -> Found {
    let catalogue = portfolio_catalogue();
    let scope = Scope { catalogue: &catalogue, me: None, now };
    let mut found = Found { watch: standing.watch.clone(), due: now.plus_days(QUIET_DAYS), ..Found::default() };
    let gathers = |rule: &Rule| rule.key.as_deref() == Some("many_falling");
    for rule in rules.iter().filter(|rule| rule.kind == Kind::Portfolio && rule.is_on() && !gathers(rule)) {
        let (Ok(fires), Ok(clears)) = (rule.fires(&catalogue), rule.clears(&catalogue)) else { continue };
        found.evaluated += 1;
        let holds = matches(&fires, &scope, whole.portfolio);
        let facts = quotes(rule, &fires, whole.portfolio);
        let (open, last) = standing.of(rule.id);
        let mut pending = found.watch.rules.remove(&rule.id).unwrap_or_default();
        if let Some(alert) = open {
            let is_over = !holds && clears.as_ref().is_none_or(|clears| matches(clears, &scope, whole.portfolio));
            if is_over {
                found.moves.push(ended(alert.clone(), Outcome::Cleared, now));
            } else if alert.is_snoozed(now) {
                found.due = alert.snoozed_until.map_or(found.due, |until| found.due.min(until));
            } else if alert.snoozed_at.is_some() {
                found.moves.push(woken(Alert { facts_now: facts, ..alert.clone() }, now));
            } else if alert.facts_now != facts && now.days_since(alert.last_seen) >= 1 {
                let alert = Alert { facts_now: facts, last_seen: now, times: alert.times + 1, ..alert.clone() };
                found.moves.push(Move { moved: Moved::Updated, alert });
            }
        } else if holds {
            let since = *pending.holds_since.get_or_insert(now);
            let from = Timestamp(since.0 + i64::from(rule.for_minutes) * 60_000);
            let again = last.and_then(Alert::closed_at).map(|at| at.plus_days(i64::from(rule.cooldown_days)));
            let from = from.max(again.unwrap_or(from));
            if from > now {
                found.due = found.due.min(from);
            } else {
                pending = Pending::default();
                let alert = raised(rule, whole, facts, (since, now), new_id);
                found.moves.push(Move { moved: Moved::Raised, alert });
            }
        } else {
            pending = Pending::default();
        }
        if pending != Pending::default() {
            found.watch.rules.insert(rule.id, pending);
        }
    }
    let is_on = |alert: &Alert| rules.iter().any(|rule| rule.is_on() && rule.id == alert.rule_id);
    for alert in standing.alerts.iter().filter(|alert| !alert.is_closed() && !is_on(alert)) {
        found.moves.push(ended(alert.clone(), Outcome::RuleOff, now));
    }
    found
}

fn raised(
    rule: &Rule,
    whole: &Whole<'_>,
    facts: Vec<Quoted>,
    (since, now): (Timestamp, Timestamp),
    new_id: NewId<'_>,
) -> Alert {
    let (priority, worth) = worth_of_all(rule, whole.at_risk_minor, whole.currency, whole.typical_minor);
    Alert {
        id: new_id(),
        rule_id: rule.id,
        rule_name: rule.name.clone(),
        kind: Kind::Portfolio,
        fingerprint: rule.id.to_string(),
        priority,
        worth,
        reason: Reason { key: rule.reason_key().to_owned(), numbers: rule.numbers(), cause: None },
        facts_then: facts.clone(),
        facts_now: facts,
        first_seen: since,
        last_seen: now,
        created_at: now,
        updated_at: now,
        ..Alert::blank()
    }
}

fn quotes(rule: &Rule, fires: &Filter, portfolio: &Portfolio) -> Vec<Quoted> {
    let mut keys = Vec::new();
    named(fires, &mut keys);
    keys.extend(placed(&rule.says));
    let mut seen = std::collections::BTreeSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    keys.iter().map(|key| portfolio.quote(key)).collect()
}
