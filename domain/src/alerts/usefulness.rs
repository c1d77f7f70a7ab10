//! What rules are good for: what people did with their alerts, and what became of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::alert::{Alert, Dismissal, Outcome, Priority, State};
use super::rule::Rule;
use crate::id::{RuleId, UserId};
use crate::time::Timestamp;

/// Closed alerts of a rule before anything is proposed.
const CLOSED_MIN: u32 = 8;
/// Share of dismissals from which a change is proposed.
const DISMISSED_SHARE: f64 = 0.5;
/// Share that was acted on below which giving up the rule is proposed.
const ACTED_SHARE: f64 = 0.1;

/// What is proposed for a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposal {
    /// Nobody acts on it: switch it off.
    Retire,
    /// Many of its alerts are dismissed: make it stricter.
    Tighten {
        /// The parameter, where it has one that counts.
        parameter: Option<String>,
        /// Its present value.
        from: f64,
        /// The value to try.
        to: f64,
    },
}

/// What a rule has been good for in a stretch of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Usefulness {
    /// The rule.
    pub rule: RuleId,
    /// Alerts raised.
    pub raised: u32,
    /// Of them still open.
    pub open: u32,
    /// Of them acted on: seen, begun or resolved by a person, and not dismissed.
    pub acted: u32,
    /// Of them dismissed.
    pub dismissed: u32,
    /// Of them over by themselves without anybody's doing.
    pub cleared: u32,
    /// What those that were resolved led to.
    pub outcomes: BTreeMap<Outcome, u32>,
    /// Why those that were dismissed were.
    pub dismissals: BTreeMap<Dismissal, u32>,
    /// The middle time until somebody saw one, in milliseconds.
    pub acknowledge_ms: Option<i64>,
    /// The middle time until one was closed, in milliseconds.
    pub close_ms: Option<i64>,
    /// What is proposed.
    pub proposal: Option<Proposal>,
}

/// How fast somebody is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnerTimes {
    /// Who; none for alerts that nobody has to deal with.
    pub owner: Option<UserId>,
    /// Alerts raised for them.
    pub raised: u32,
    /// Of them closed.
    pub closed: u32,
    /// The middle time until one was seen, in milliseconds.
    pub acknowledge_ms: Option<i64>,
    /// The middle time until one was closed, in milliseconds.
    pub close_ms: Option<i64>,
}

/// What happened on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// Midnight UTC of the day.
    pub day: Timestamp,
    /// Alerts raised on it.
    pub created: u32,
    /// Alerts closed on it.
    pub closed: u32,
    /// Alerts open at its end.
    pub open: u32,
}

/// What happened to alerts in a stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analytics {
    /// Day by day, oldest first.
    pub days: Vec<DayCount>,
    /// By rule, in the order of the rules.
    pub rules: Vec<Usefulness>,
    /// By who deals with them, most first.
    pub owners: Vec<OwnerTimes>,
    /// What those that were closed led to.
    pub outcomes: BTreeMap<Outcome, u32>,
    /// How many of each priority are open.
    pub open: BTreeMap<Priority, u32>,
}

/// Returns what happened to alerts in the days up to a moment. `alerts` are those that were open in that time, each
/// with whoever deals with it.
#[must_use]
pub fn analyse(alerts: &[(Alert, Option<UserId>)], rules: &[Rule], now: Timestamp, days: u32) -> Analytics {
    let since = now.day_start().plus_days(1 - i64::from(days));
    let all = || alerts.iter().map(|(alert, _)| alert);
    let mut analytics = Analytics { days: by_day(alerts, since, days), ..Analytics::default() };
    for rule in rules {
        let of_rule: Vec<&Alert> =
            all().filter(|alert| alert.rule_id == rule.id && alert.created_at >= since).collect();
        analytics.rules.push(usefulness(rule, &of_rule));
    }
    let mut owners: BTreeMap<Option<UserId>, Vec<&Alert>> = BTreeMap::new();
    for (alert, owner) in alerts.iter().filter(|(alert, _)| alert.created_at >= since) {
        owners.entry(*owner).or_default().push(alert);
    }
    analytics.owners = owners.into_iter().map(|(owner, alerts)| times_of(owner, &alerts)).collect();
    analytics.owners.sort_by_key(|times| std::cmp::Reverse(times.raised));
    for alert in all() {
        match alert.closed_at() {
            None => *analytics.open.entry(alert.priority).or_default() += 1,
            Some(at) if at >= since => {
                if let Some(outcome) = alert.outcome {
                    *analytics.outcomes.entry(outcome).or_default() += 1;
                }
            }
            Some(_) => {}
        }
    }
    analytics
}

fn by_day(alerts: &[(Alert, Option<UserId>)], since: Timestamp, days: u32) -> Vec<DayCount> {
    let count = |holds: &dyn Fn(&Alert) -> bool| {
        u32::try_from(alerts.iter().filter(|(alert, _)| holds(alert)).count()).unwrap_or(u32::MAX)
    };
    (0..i64::from(days))
        .map(|place| {
            let (day, next) = (since.plus_days(place), since.plus_days(place + 1));
            let within = |at: Timestamp| at >= day && at < next;
            DayCount {
                day,
                created: count(&|alert| within(alert.created_at)),
                closed: count(&|alert| alert.closed_at().is_some_and(within)),
                open: count(&|alert| alert.created_at < next && alert.closed_at().is_none_or(|at| at >= next)),
            }
        })
        .collect()
}

/// Returns what a rule was good for, by its alerts.
#[must_use]
pub fn usefulness(rule: &Rule, alerts: &[&Alert]) -> Usefulness {
    let count = |holds: &dyn Fn(&Alert) -> bool| {
        u32::try_from(alerts.iter().filter(|alert| holds(alert)).count()).unwrap_or(u32::MAX)
    };
    let mut found = Usefulness {
        rule: rule.id,
        raised: count(&|_| true),
        open: count(&|alert| !alert.is_closed()),
        acted: count(&|alert| alert.was_acted_on() && alert.state() != State::Dismissed),
        dismissed: count(&|alert| alert.state() == State::Dismissed),
        cleared: count(&|alert| alert.outcome == Some(Outcome::Cleared) && !alert.was_acted_on()),
        outcomes: BTreeMap::new(),
        dismissals: BTreeMap::new(),
        acknowledge_ms: middle(alerts.iter().filter_map(|alert| Some(alert.acknowledged_at?.0 - alert.created_at.0))),
        close_ms: middle(alerts.iter().filter_map(|alert| Some(alert.closed_at()?.0 - alert.created_at.0))),
        proposal: None,
    };
    for alert in alerts {
        if let Some(outcome) = alert.outcome {
            *found.outcomes.entry(outcome).or_default() += 1;
        }
        if let Some(dismissal) = alert.dismissal {
            *found.dismissals.entry(dismissal).or_default() += 1;
        }
    }
    found.proposal = proposal(rule, &found);
    found
}

/// Proposes to give a rule up that fewer than one in ten acts on, and to make one stricter by a quarter of which half
/// or more are dismissed; of fewer than eight closed alerts nothing follows.
fn proposal(rule: &Rule, found: &Usefulness) -> Option<Proposal> {
    let closed = found.raised - found.open;
    if closed < CLOSED_MIN {
        return None;
    }
    let share = |part: u32| f64::from(part) / f64::from(closed);
    if share(found.acted) < ACTED_SHARE {
        return Some(Proposal::Retire);
    }
    if share(found.dismissed) < DISMISSED_SHARE {
        return None;
    }
    let first = rule.parameters.first().filter(|parameter| parameter.choices.is_empty());
    let from = first.map_or(0.0, |parameter| parameter.value);
    let to = first.map_or(0.0, |parameter| (from * 1.25).ceil().min(parameter.max));
    Some(Proposal::Tighten { parameter: first.map(|parameter| parameter.key.clone()), from, to })
}

fn times_of(owner: Option<UserId>, alerts: &[&Alert]) -> OwnerTimes {
    let size = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    OwnerTimes {
        owner,
        raised: size(alerts.len()),
        closed: size(alerts.iter().filter(|alert| alert.is_closed()).count()),
        acknowledge_ms: middle(alerts.iter().filter_map(|alert| Some(alert.acknowledged_at?.0 - alert.created_at.0))),
        close_ms: middle(alerts.iter().filter_map(|alert| Some(alert.closed_at()?.0 - alert.created_at.0))),
    }
}

/// Returns the middle value, the lower one of two.
pub(crate) fn middle(times: impl Iterator<Item = i64>) -> Option<i64> {
    let mut times: Vec<i64> = times.collect();
    times.sort_unstable();
    times.get(times.len().checked_sub(1)? / 2).copied()
}
