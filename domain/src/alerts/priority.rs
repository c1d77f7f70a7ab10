//! How soon an alert wants somebody: worked out, and shown with its numbers.

use super::alert::{Kind, Priority, Worth};
use super::facts::{Fact, Known};
use super::rule::Rule;
use crate::money::Currency;

/// From which value on each priority begins, as a share of the middle account's revenue per hour of work.
pub const LEVELS: [(Priority, f64); 4] =
    [(Priority::Critical, 2.0), (Priority::High, 0.5), (Priority::Medium, 0.1), (Priority::Low, 0.0)];

/// Returns what an alert of a rule on an account is worth, and its priority.
///
/// `value = revenue × probability × urgency ÷ effort`, held against the revenue of the middle account, so that the
/// same limits serve a workspace of small accounts and one of large ones:
///
/// - *revenue*: the recurring revenue of a year; the middle account's where none is known.
/// - *probability*: of the loss, from the churn model, the source system or the band; of the gain, how healthy the
///   account is, halved: at most one in two.
/// - *urgency*: that of the rule, 1 to 3, times 3 within a week of the notice or renewal date, 2 within 30 days, 1.5
///   within 90 days, else 1.
/// - *effort*: the hours that an answer takes, as the rule says.
///
/// Critical from 2, high from 0.5, medium from 0.1.
#[must_use]
pub fn worth(rule: &Rule, known: &Known<'_>, typical_minor: i64) -> (Priority, Worth) {
    let annual = known.account.annual();
    let leave = known.facts.get(Fact::ChurnProbability).unwrap_or(15.0) / 100.0;
    let probability = match rule.kind {
        Kind::Opportunity => known.health.map_or(0.25, |health| health.score.as_f64() / 200.0),
        _ => leave,
    };
    let days_left = known.facts.get(Fact::DaysToDeadline).map(|days| days as i64).filter(|days| *days >= 0);
    let worth = Worth {
        annual_minor: annual.map(|money| money.minor),
        currency: known.account.currency,
        typical_minor,
        probability: probability.clamp(0.0, 1.0),
        urgency: rule.urgency * pressure(days_left),
        days_left,
        effort: rule.effort,
        value: 0.0,
    };
    valued(worth)
}

/// Returns what an alert on the whole portfolio is worth: its revenue at risk counts with certainty.
#[must_use]
pub fn worth_of_all(rule: &Rule, at_risk_minor: i64, currency: Currency, typical_minor: i64) -> (Priority, Worth) {
    let worth = Worth {
        annual_minor: Some(at_risk_minor),
        currency,
        typical_minor,
        probability: 1.0,
        urgency: rule.urgency,
        days_left: None,
        effort: rule.effort,
        value: 0.0,
    };
    valued(worth)
}

/// Returns how much the days to a date press.
pub(crate) fn pressure(days_left: Option<i64>) -> f64 {
    match days_left {
        Some(..=7) => 3.0,
        Some(..=30) => 2.0,
        Some(..=90) => 1.5,
        _ => 1.0,
    }
}

fn valued(mut worth: Worth) -> (Priority, Worth) {
    let typical = worth.typical_minor.max(1) as f64;
    let revenue = worth.annual_minor.map_or(1.0, |minor| minor.max(0) as f64 / typical);
    worth.value = revenue * worth.probability * worth.urgency / worth.effort.max(0.25);
    let level = LEVELS.into_iter().find(|(_, from)| worth.value >= *from);
    (level.map_or(Priority::Low, |(priority, _)| priority), worth)
}
