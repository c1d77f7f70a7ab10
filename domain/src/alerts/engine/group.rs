//! Many accounts that fall for one cause: one alert that lists its members.

use std::collections::BTreeMap;

use super::pass::{ended, woken};
use super::{Move, Moved, NewId};
use crate::alerts::alert::{Alert, Kind, Outcome, Quoted, Reason, Unit};
use crate::alerts::priority::worth_of_all;
use crate::alerts::rule::Rule;
use crate::id::{AlertId, RuleId};
use crate::time::Timestamp;

/// What groups are gathered by.
#[derive(Clone, Copy, Debug)]
pub struct Gathering<'a> {
    /// The rule: from how many accounts within how many days.
    pub rule: &'a Rule,
    /// The middle account's revenue of a year in minor units.
    pub typical_minor: i64,
    /// The moment.
    pub now: Timestamp,
}

/// Returns what becomes of the groups, and of the alerts that join one.
///
/// Alerts of the same rule and the same cause that were raised within the rule's days make a group once they are
/// enough; later ones join it while it is open. A group ends when all its members have.
#[must_use]
pub fn gather(open: &[Alert], groups: &[Alert], by: &Gathering<'_>, new_id: NewId<'_>) -> Vec<Move> {
    if !by.rule.is_on() {
        let open = groups.iter().filter(|group| !group.is_closed());
        return open.map(|group| ended(group.clone(), Outcome::RuleOff, by.now)).collect();
    }
    let numbers = by.rule.numbers();
    let number = |key: &str| numbers.get(key).copied().unwrap_or(5.0);
    let since = by.now.plus_days(-(number("days") as i64));
    let mut causes: BTreeMap<(RuleId, &str), Vec<&Alert>> = BTreeMap::new();
    for alert in open.iter().filter(|alert| alert.group.is_none() && alert.created_at >= since) {
        if let Some(cause) = alert.reason.cause.as_deref() {
            causes.entry((alert.rule_id, cause)).or_default().push(alert);
        }
    }
    let mut moves = Vec::new();
    let mut grown: BTreeMap<AlertId, Alert> = BTreeMap::new();
    for ((rule, cause), alerts) in causes {
        let fingerprint = format!("{}/{rule}/{cause}", by.rule.id);
        let known = groups.iter().find(|group| group.fingerprint == fingerprint && !group.is_closed());
        if known.is_none() && (alerts.len() as f64) < number("accounts") {
            continue;
        }
        let mut group = known.cloned().unwrap_or_else(|| begun(&fingerprint, cause, alerts[0], by, new_id));
        group.members.extend(alerts.iter().map(|alert| alert.id));
        for alert in alerts {
            let joined = Alert { group: Some(group.id), ..alert.clone() };
            moves.push(Move { moved: Moved::Updated, alert: joined });
        }
        grown.insert(group.id, group);
    }
    for group in groups.iter().filter(|group| !group.is_closed()) {
        grown.entry(group.id).or_insert_with(|| group.clone());
    }
    moves.extend(grown.into_values().filter_map(|group| told(group, open, groups, by)));
    moves
}

fn begun(fingerprint: &str, cause: &str, first: &Alert, by: &Gathering<'_>, new_id: NewId<'_>) -> Alert {
    let numbers = by.rule.numbers();
    Alert {
        id: new_id(),
        version: 1,
        rule_id: by.rule.id,
        rule_name: by.rule.name.clone(),
        kind: Kind::Portfolio,
        fingerprint: fingerprint.to_owned(),
        reason: Reason { key: by.rule.reason_key().to_owned(), numbers, cause: Some(cause.to_owned()) },
        facts_then: vec![Quoted { key: "rule".to_owned(), value: first.reason.key.clone().into(), unit: Unit::Text }],
        first_seen: by.now,
        last_seen: by.now,
        created_at: by.now,
        updated_at: by.now,
        ..Alert::blank()
    }
}

/// Returns what became of a group whose members are known; none where nothing did.
fn told(mut group: Alert, open: &[Alert], groups: &[Alert], by: &Gathering<'_>) -> Option<Move> {
    let old = groups.iter().find(|old| old.id == group.id);
    let members: Vec<&Alert> = open.iter().filter(|alert| group.members.contains(&alert.id)).collect();
    if members.is_empty() {
        return Some(ended(group, Outcome::Cleared, by.now));
    }
    let currency = members[0].worth.currency;
    let at_risk: f64 = members
        .iter()
        .map(|alert| alert.worth.annual_minor.unwrap_or(alert.worth.typical_minor) as f64 * alert.worth.probability)
        .sum();
    (group.priority, group.worth) = worth_of_all(by.rule, at_risk as i64, currency, by.typical_minor);
    let accounts = Quoted { key: "accounts".to_owned(), value: members.len().into(), unit: Unit::Count };
    let rule = group.facts_then.iter().find(|fact| fact.key == "rule").cloned();
    if old.is_none() {
        group.facts_then.insert(0, accounts.clone());
    }
    group.facts_now = std::iter::once(accounts).chain(rule).collect();
    let Some(old) = old else { return Some(Move { moved: Moved::Raised, alert: group }) };
    if group.snoozed_at.is_some() && !group.is_snoozed(by.now) {
        return Some(woken(group, by.now));
    }
    if old.members == group.members
        && old.priority == group.priority
        && old.facts_now.first() == group.facts_now.first()
    {
        return None;
    }
    (group.last_seen, group.times) = (by.now, old.times + 1);
    Some(Move { moved: Moved::Updated, alert: group })
}
