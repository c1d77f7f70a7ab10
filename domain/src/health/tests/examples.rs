use serde_json::json;
use uuid::Uuid;

use crate::accounts::Account;
use crate::health::*;
use crate::id::{AccountId, ScorecardId};
use crate::time::Timestamp;

fn now() -> Timestamp {
    Timestamp::from_date("2026-11-21".parse().unwrap())
}

fn identity() -> Scale {
    Scale::curve(&[(0.0, 0.0), (100.0, 100.0)])
}

fn group(key: &str, weight: f64, measures: Vec<Measure>) -> Group {
    Group { key: key.into(), label: key.to_uppercase(), weight, measures }
}

fn measure(key: &str, weight: f64) -> Measure {
    Measure::new(key, key, weight, key, identity())
}

/// Usage (60 %) of engagement alone; care (40 %) of satisfaction (3) and sentiment (1).
fn card() -> Scorecard {
    let care = vec![measure("satisfaction", 3.0), measure("sentiment", 1.0)];
    let groups = vec![group("usage", 60.0, vec![measure("engagement", 1.0)]), group("care", 40.0, care)];
    Scorecard { name: "Test".into(), groups, ..Scorecard::default() }
}

fn facts(values: &[(&str, f64)]) -> Facts {
    let mut facts = Facts::default();
    for (key, value) in values {
        facts.observe(key, now(), *value);
    }
    facts
}

fn points(value: f64) -> Points {
    Points::from_f64(value)
}

fn result<'a>(evaluation: &'a Evaluation, key: &str) -> &'a MeasureResult {
    evaluation.measures().find(|measure| measure.key == key).unwrap()
}

#[test]
fn a_score_is_the_weighted_mean_of_what_is_known() {
    let evaluation = evaluate(
        &card(),
        &facts(&[("engagement", 80.0), ("satisfaction", 60.0), ("sentiment", 20.0)]),
        &Context::at(now()),
    );
    // 0.6 * 80 + 0.4 * (0.75 * 60 + 0.25 * 20)
    assert_eq!(evaluation.score, Some(points(68.0)));
    assert_eq!(evaluation.band, Some(Band::Watch));
    assert_eq!(evaluation.coverage, Points::FULL);
    assert_eq!(evaluation.groups[1].score, Some(points(50.0)));
    assert_eq!(evaluation.groups[1].contribution(), points(20.0));
    let missing = evaluate(&card(), &facts(&[("engagement", 80.0), ("satisfaction", 60.0)]), &Context::at(now()));
    assert_eq!(missing.score, Some(points(72.0)));
    assert_eq!(missing.coverage, points(90.0));
    assert_eq!(result(&missing, "sentiment").state, MeasureState::Missing);
    assert_eq!(result(&missing, "satisfaction").effective, points(40.0));
}

#[test]
fn nothing_known_is_no_score() {
    let evaluation = evaluate(&card(), &Facts::default(), &Context::at(now()));
    assert_eq!((evaluation.score, evaluation.band, evaluation.coverage), (None, None, Points::ZERO));
    assert!(waterfall(&evaluation).is_empty());
    assert_eq!(HealthSummary::of(&evaluation, ScorecardId(Uuid::nil()), 1, &[]), None);
}

#[test]
fn old_values_are_marked_and_fade_only_where_asked() {
    let mut card = card();
    card.groups[1].measures[0].validity_days = Some(30);
    card.groups[1].measures[1].validity_days = Some(30);
    card.groups[1].measures[1].null_policy = NullPolicy::CarryForward { half_life_days: 30 };
    let mut facts = facts(&[("engagement", 80.0)]);
    facts.observe("satisfaction", now().plus_days(-60), 90.0);
    facts.observe("sentiment", now().plus_days(-60), 90.0);
    let evaluation = evaluate(&card, &facts, &Context::at(now()));
    let (stale, carried) = (result(&evaluation, "satisfaction"), result(&evaluation, "sentiment"));
    assert_eq!((stale.state, stale.points), (MeasureState::Stale, Some(points(90.0))));
    assert_eq!((carried.state, carried.points), (MeasureState::Carried, Some(points(70.0))));
    assert_eq!(evaluation.coverage, points(60.0));
    let then = evaluate(&card, &facts, &Context::at(now().plus_days(-31)));
    assert_eq!(result(&then, "satisfaction").state, MeasureState::Fresh);
    assert_eq!(result(&then, "engagement").state, MeasureState::Missing, "the future is not known yet");
}

#[test]
fn a_value_that_was_taken_away_follows_the_null_policy() {
    let mut facts = facts(&[("engagement", 80.0)]);
    facts.observe("sentiment", now().plus_days(-90), 90.0);
    facts.observe("sentiment", now().plus_days(-30), FactValue::Absent);
    let with = |policy| {
        let mut card = card();
        card.groups[1].measures[1].null_policy = policy;
        let evaluation = evaluate(&card, &facts, &Context::at(now()));
        let sentiment = result(&evaluation, "sentiment");
        (sentiment.state, sentiment.points)
    };
    assert_eq!(with(NullPolicy::Exclude), (MeasureState::Missing, None));
    assert_eq!(with(NullPolicy::Neutral), (MeasureState::Neutral, Some(points(50.0))));
    assert_eq!(with(NullPolicy::Zero), (MeasureState::Zero, Some(Points::ZERO)));
    let carried = with(NullPolicy::CarryForward { half_life_days: 30 });
    assert_eq!(carried, (MeasureState::Carried, Some(points(70.0))));
}

#[test]
fn new_customers_are_scored_on_their_own_scale() {
    let mut card = card();
    let easy = TenureScale { from_days: 0, to_days: Some(90), scale: Scale::curve(&[(0.0, 50.0), (50.0, 100.0)]) };
    card.groups[0].measures[0].tenure = vec![easy];
    let mut facts = facts(&[("engagement", 25.0)]);
    let score = |facts: &Facts| evaluate(&card, facts, &Context::at(now())).score;
    assert_eq!(score(&facts), Some(points(25.0)));
    facts.tenure_days = Some(10);
    assert_eq!(score(&facts), Some(points(75.0)));
    facts.tenure_days = Some(90);
    assert_eq!(score(&facts), Some(points(25.0)));
}

fn rule(key: &str, fact: &str, action: Action) -> Exception {
    let when = Condition { fact: fact.into(), op: Operator::AtLeast, value: 1.0.into() };
    Exception { key: key.into(), label: key.into(), when, action }
}

#[test]
fn exceptions_apply_in_order_and_name_themselves() {
    let mut card = card();
    card.exceptions = vec![
        rule("cap", "urgent", Action::Cap(60.0)),
        rule("unmet", "absent", Action::Set(0.0)),
        rule("minus", "overdue", Action::Minus(10.0)),
        rule("floor", "strategic", Action::Floor(55.0)),
    ];
    let facts = facts(&[("engagement", 90.0), ("urgent", 1.0), ("overdue", 2.0), ("strategic", 1.0)]);
    let evaluation = evaluate(&card, &facts, &Context::at(now()));
    let applied: Vec<_> = evaluation
        .exceptions
        .iter()
        .map(|rule| (rule.key.as_str(), rule.before.as_f64(), rule.after.as_f64()))
        .collect();
    assert_eq!(applied, [("cap", 90.0, 60.0), ("minus", 60.0, 50.0), ("floor", 50.0, 55.0)]);
    assert_eq!((evaluation.base, evaluation.score), (Some(points(90.0)), Some(points(55.0))));
    let steps: Vec<_> = waterfall(&evaluation).into_iter().map(|step| (step.key, step.total.as_f64())).collect();
    let expected = [("engagement", 90.0), ("cap", 60.0), ("minus", 50.0), ("floor", 55.0)];
    assert_eq!(steps, expected.map(|(key, total)| (key.to_owned(), total)));
}

#[test]
fn an_override_counts_until_it_expires_and_keeps_the_computed_score() {
    let until = now().plus_days(1);
    let manual = Override { score: 30.0, reason: "Sponsor left".into(), author: "Maya".into(), until };
    let facts = facts(&[("engagement", 90.0)]);
    let context = Context { override_: Some(&manual), previous_band: Some(Band::Watch), ..Context::at(now()) };
    let evaluation = evaluate(&card(), &facts, &context);
    assert_eq!((evaluation.computed, evaluation.score), (Some(points(90.0)), Some(points(30.0))));
    assert_eq!(evaluation.band, Some(Band::Critical));
    assert_eq!(waterfall(&evaluation).last().unwrap().label, "Sponsor left");
    let later = evaluate(&card(), &facts, &Context { now: until, ..context });
    assert_eq!((later.score, later.override_.as_ref()), (Some(points(90.0)), None));
    let steps = explain_change(&evaluation, &later);
    assert_eq!((steps.len(), steps[0].kind, steps[0].delta), (1, StepKind::Override, points(60.0)));
    let unknown = evaluate(&card(), &Facts::default(), &context);
    assert_eq!((unknown.computed, unknown.score), (None, Some(points(30.0))));
}

#[test]
fn a_measure_that_appears_is_charged_with_what_it_moved() {
    let before = evaluate(&card(), &facts(&[("engagement", 50.0)]), &Context::at(now()));
    let after = evaluate(&card(), &facts(&[("engagement", 50.0), ("satisfaction", 100.0)]), &Context::at(now()));
    let steps = explain_change(&before, &after);
    assert_eq!(steps.len(), 1, "{steps:?}");
    assert_eq!((steps[0].kind, steps[0].delta, steps[0].total), (StepKind::Appeared, points(20.0), points(70.0)));
    let back = explain_change(&after, &before);
    assert_eq!((back.len(), back[0].kind, back[0].delta), (1, StepKind::Disappeared, points(-20.0)));
    let summary = summarise_change(&before, &after);
    assert_eq!((summary.from, summary.to, summary.rest), (Some(points(50.0)), Some(points(70.0)), Points::ZERO));
    assert_eq!(summary.causes[0].label, "satisfaction");
}

#[test]
fn an_evaluation_survives_storage_and_stays_small() {
    let evaluation = evaluate(&card(), &facts(&[("engagement", 80.0)]), &Context::at(now()));
    let text = serde_json::to_string(&evaluation).unwrap();
    assert!(text.len() < 1_200, "{} bytes: {text}", text.len());
    assert_eq!(serde_json::from_str::<Evaluation>(&text).unwrap(), evaluation);
}

#[test]
fn a_summary_compares_with_the_scores_that_stood() {
    let evaluation = evaluate(&card(), &facts(&[("engagement", 80.0)]), &Context::at(now()));
    let history = [(now().plus_days(-40), points(60.0)), (now().plus_days(-10), points(90.0))];
    let mut summary = HealthSummary::of(&evaluation, ScorecardId(Uuid::nil()), 3, &history).unwrap();
    assert_eq!(
        (summary.trend_7d, summary.trend_30d, summary.trend_90d),
        (Some(points(-10.0)), Some(points(20.0)), None)
    );
    assert_eq!((summary.version, summary.overridden), (3, false));
    summary.refresh_trends(&history, now());
    assert_eq!(summary.trend_7d, Some(Points::ZERO));
}

#[test]
fn an_accounts_own_fields_become_facts() {
    let mut account = Account::new(AccountId(Uuid::nil()), "Acme".into(), now());
    account.engagement_score = Some(70.0);
    account.risk_level = Some("low".into());
    account.last_login_at = Some(now().plus_days(-5));
    account.contract_start = Some(now().plus_days(-365));
    account.renewal_at = Some(now().plus_days(-2));
    for (key, value) in [
        ("phone_service", json!(true)),
        ("tech_support", json!("No internet service")),
        ("internet_service", json!("Fiber optic")),
        ("partner", json!("No")),
        ("seats_used", json!(4)),
        ("nothing", json!(null)),
    ] {
        account.custom.insert(key.into(), value);
    }
    let facts = account_facts(&account, Dates::of(&account), |_| now().plus_days(-1), now());
    let number = |key: &str| facts.value_at(key, now()).and_then(FactValue::number);
    assert_eq!(number(keys::ENGAGEMENT_SCORE), Some(70.0));
    assert_eq!(number(keys::DAYS_SINCE_LOGIN), Some(5.0));
    assert_eq!(number(keys::DAYS_TO_RENEWAL), Some(-2.0));
    assert_eq!(number("custom.seats_used"), Some(4.0));
    assert_eq!(number("custom.phone_service"), Some(1.0));
    assert!((number(keys::SERVICES_USED_PCT).unwrap() - 200.0 / 3.0).abs() < 1e-9);
    assert_eq!(facts.value_at(keys::RISK_LEVEL, now()), Some(&"low".into()));
    assert_eq!((facts.tenure_days, facts.get("custom.nothing")), (Some(365), None));
}
