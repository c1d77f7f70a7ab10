//! The standard measures, on the facts that are known for every account.

use super::{AvailableFact, Placed};
use crate::health::scale::{Scale, TenureScale};
use crate::health::scorecard::{Action, Condition, Exception, Measure, Mode, NullPolicy, Operator};
use crate::health::standard_facts::keys;

/// Months in which a new customer cannot have adopted everything yet, in days.
const RAMP_UP_DAYS: i64 = 90;

/// Returns the standard measures whose fact some account has.
pub(super) fn measures(present: &[&AvailableFact]) -> Vec<Placed> {
    let share = |key: &str| present.iter().find(|fact| fact.key == key).map_or(0.0, |fact| fact.share_present);
    let all = [usage(), adoption(), support(), satisfaction(), billing(), relationship(), market()].concat();
    // Tickets that were imported and tickets that the source counted are the same tickets.
    let spare_tickets =
        if share(keys::OPEN_TICKETS) >= share(keys::TICKET_COUNT) { keys::TICKET_COUNT } else { keys::OPEN_TICKETS };
    let services = super::custom::has_services(present);
    all.into_iter()
        .filter(|(_, measure)| match measure.key.as_str() {
            key if key == spare_tickets => false,
            keys::SERVICES_USED_PCT => services || share(keys::SERVICES_USED_PCT) > 0.0,
            key => share(key) > 0.0,
        })
        .collect()
}

/// Returns the standard exceptions whose fact some account has.
pub(super) fn exceptions(present: &[&AvailableFact]) -> Vec<Exception> {
    let rule = |key: &str, label: &str, fact: &str, value: crate::health::FactValue, action| Exception {
        key: format!("{key}_exception"),
        label: label.to_owned(),
        when: Condition {
            fact: fact.to_owned(),
            op: if matches!(value, crate::health::FactValue::Text(_)) { Operator::Equal } else { Operator::AtLeast },
            value,
        },
        action,
    };
    let (overdue, failed, urgent) = (keys::OVERDUE_INVOICES, keys::FAILED_PAYMENTS_90D, keys::URGENT_TICKETS);
    let all = [
        rule(overdue, "Two or more invoices overdue", overdue, 2.0.into(), Action::Minus(10.0)),
        rule(failed, "Payments keep failing", failed, 3.0.into(), Action::Minus(5.0)),
        rule("silence", "No contact for 90 days", keys::DAYS_SINCE_TOUCH, 90.0.into(), Action::Minus(8.0)),
        rule(urgent, "Urgent ticket open", urgent, 1.0.into(), Action::Cap(60.0)),
        rule("urgent_pile", "Two or more urgent tickets open", urgent, 2.0.into(), Action::Cap(50.0)),
        rule(keys::DAYS_SINCE_LOGIN, "No login for 60 days", keys::DAYS_SINCE_LOGIN, 60.0.into(), Action::Cap(54.0)),
        rule("high_risk", "Risk level set to high", keys::RISK_LEVEL, "high".into(), Action::Cap(54.0)),
        rule(keys::RISK_LEVEL, "Risk level set to critical", keys::RISK_LEVEL, "critical".into(), Action::Cap(34.0)),
    ];
    all.into_iter().filter(|rule| present.iter().any(|fact| fact.key == rule.when.fact)).collect()
}

fn curve(group: &'static str, key: &str, label: &str, weight: f64, corners: &[(f64, f64)]) -> Placed {
    (group, Measure::new(key, label, weight, key, Scale::curve(corners)))
}

fn valid(days: u32, (group, mut measure): Placed) -> Placed {
    measure.validity_days = Some(days);
    (group, measure)
}

fn usage() -> Vec<Placed> {
    let days = &[(0.0, 100.0), (3.0, 95.0), (14.0, 70.0), (30.0, 40.0), (60.0, 10.0), (90.0, 0.0)];
    let against_own = &[(0.0, 0.0), (50.0, 10.0), (80.0, 50.0), (100.0, 80.0), (120.0, 100.0)];
    let (group, mut own) = curve("usage", keys::USAGE_28D, "Usage against own baseline", 25.0, against_own);
    own.mode = Mode::OwnBaseline { days: 90 };
    own.season = true;
    own.validity_days = Some(14);
    vec![
        valid(60, curve("usage", keys::ENGAGEMENT_SCORE, "Engagement", 30.0, &[(0.0, 0.0), (100.0, 100.0)])),
        curve("usage", keys::DAYS_SINCE_LOGIN, "Days since last login", 25.0, days),
        (group, own),
    ]
}

fn adoption() -> Vec<Placed> {
    let corners = &[(0.0, 0.0), (20.0, 30.0), (50.0, 65.0), (80.0, 95.0), (100.0, 100.0)];
    let (group, mut features) = valid(90, curve("adoption", keys::ADOPTION_PCT, "Feature adoption", 60.0, corners));
    features.tenure = vec![TenureScale {
        from_days: 0,
        to_days: Some(RAMP_UP_DAYS),
        scale: Scale::curve(&[(0.0, 40.0), (20.0, 70.0), (50.0, 100.0)]),
    }];
    let services = &[(0.0, 10.0), (30.0, 45.0), (60.0, 80.0), (100.0, 100.0)];
    vec![(group, features), curve("adoption", keys::SERVICES_USED_PCT, "Services used", 40.0, services)]
}

fn support() -> Vec<Placed> {
    let open = &[(0.0, 100.0), (2.0, 85.0), (5.0, 55.0), (10.0, 25.0), (20.0, 0.0)];
    let recent = &[(0.0, 95.0), (3.0, 100.0), (10.0, 60.0), (25.0, 20.0), (50.0, 0.0)];
    vec![
        curve("support", keys::OPEN_TICKETS, "Open tickets", 45.0, open),
        valid(60, curve("support", keys::TICKET_COUNT, "Tickets", 45.0, open)),
        curve("support", keys::URGENT_TICKETS, "Urgent tickets", 35.0, &[(0.0, 100.0), (1.0, 40.0), (3.0, 0.0)]),
        curve("support", keys::TICKETS_90D, "Tickets in 90 days", 20.0, recent),
    ]
}

fn satisfaction() -> Vec<Placed> {
    let percent = &[(0.0, 0.0), (50.0, 40.0), (80.0, 85.0), (100.0, 100.0)];
    let promoter = &[(0.0, 0.0), (6.0, 35.0), (7.0, 60.0), (8.0, 75.0), (9.0, 95.0), (10.0, 100.0)];
    // An old answer still says something, but less every month.
    let (group, mut nps) = valid(180, curve("satisfaction", keys::NPS, "NPS", 30.0, promoter));
    nps.null_policy = NullPolicy::CarryForward { half_life_days: 90 };
    vec![
        valid(180, curve("satisfaction", keys::SATISFACTION_SCORE, "Satisfaction", 40.0, percent)),
        (group, nps),
        valid(180, curve("satisfaction", keys::CSAT, "CSAT", 30.0, percent)),
    ]
}

fn billing() -> Vec<Placed> {
    let overdue = &[(0.0, 100.0), (1.0, 55.0), (2.0, 25.0), (4.0, 0.0)];
    vec![
        curve("billing", keys::OVERDUE_INVOICES, "Overdue invoices", 55.0, overdue),
        curve("billing", keys::FAILED_PAYMENTS_90D, "Failed payments", 45.0, &[(0.0, 100.0), (1.0, 50.0), (3.0, 0.0)]),
    ]
}

fn relationship() -> Vec<Placed> {
    let group = "relationship";
    let touch = &[(0.0, 100.0), (7.0, 100.0), (30.0, 70.0), (60.0, 35.0), (90.0, 10.0), (120.0, 0.0)];
    let months = &[(0.0, 40.0), (6.0, 50.0), (12.0, 65.0), (24.0, 80.0), (48.0, 95.0), (72.0, 100.0)];
    let contacts = &[(0.0, 20.0), (1.0, 50.0), (3.0, 90.0), (5.0, 100.0)];
    let levels = Scale::choices(&[("low", 100.0), ("medium", 65.0), ("high", 30.0), ("critical", 0.0)], None);
    vec![
        curve(group, keys::CHAMPIONS, "Champion present", 20.0, &[(0.0, 20.0), (1.0, 80.0), (2.0, 100.0)]),
        curve(group, keys::DAYS_SINCE_TOUCH, "Days since last touch", 20.0, touch),
        valid(90, curve(group, keys::SENTIMENT, "Sentiment", 15.0, &[(0.0, 0.0), (100.0, 100.0)])),
        (group, Measure::new(keys::RISK_LEVEL, "Risk level", 15.0, keys::RISK_LEVEL, levels)),
        valid(60, curve(group, keys::CHURN_RISK_PCT, "Churn risk", 15.0, &[(0.0, 100.0), (100.0, 0.0)])),
        curve(group, keys::TENURE_MONTHS, "Months as a customer", 10.0, months),
        curve(group, keys::CONTACTS_TOUCHED_90D, "Contacts touched", 10.0, contacts),
    ]
}

fn market() -> Vec<Placed> {
    // News that is neither good nor bad is no reason to worry.
    let sentiment = &[(0.0, 0.0), (25.0, 30.0), (50.0, 70.0), (75.0, 95.0), (100.0, 100.0)];
    let answers = &[(0.0, 0.0), (1.0, 100.0)];
    vec![
        curve("market", keys::MARKET_SENTIMENT_30D, "Market sentiment", 60.0, sentiment),
        valid(7, curve("market", keys::WEBSITE_OK, "Website answers", 40.0, answers)),
    ]
}
