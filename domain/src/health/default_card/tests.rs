use super::dictionary::is_service_key;
use super::*;
use crate::health::{Scale, Source, keys};

fn number(key: &str, quantiles: [f64; 5]) -> AvailableFact {
    let (label, quantiles) = (key.replace("custom.", "").replace('_', " "), Some(quantiles));
    AvailableFact { key: key.into(), kind: FactKind::Number, label, quantiles, choices: vec![], share_present: 1.0 }
}

fn text(key: &str, choices: &[&str]) -> AvailableFact {
    let share = 1.0 / choices.len().max(1) as f64;
    let choices = choices.iter().map(|word| ((*word).to_owned(), share)).collect();
    AvailableFact { kind: FactKind::Text, quantiles: None, choices, ..number(key, [0.0; 5]) }
}

/// The columns of the public telecommunications churn data set, as custom fields.
fn telco() -> Vec<AvailableFact> {
    let no_internet = ["No", "No internet service", "Yes"];
    let mut facts = vec![
        text("custom.customer_id", &["7590-VHVEG", "5575-GNVDE"]),
        text("custom.gender", &["Female", "Male"]),
        number("custom.senior_citizen", [0.0, 0.0, 0.0, 0.0, 1.0]),
        text("custom.partner", &["Yes", "No"]),
        text("custom.dependents", &["Yes", "No"]),
        number("custom.tenure", [2.0, 9.0, 29.0, 55.0, 69.0]),
        text("custom.phone_service", &["Yes", "No"]),
        text("custom.multiple_lines", &["No phone service", "No", "Yes"]),
        text("custom.internet_service", &["DSL", "Fiber optic", "No"]),
        text("custom.contract", &["Month-to-month", "One year", "Two year"]),
        text("custom.paperless_billing", &["Yes", "No"]),
        text(
            "custom.payment_method",
            &["Electronic check", "Mailed check", "Bank transfer (automatic)", "Credit card (automatic)"],
        ),
        number("custom.monthly_charges", [20.05, 35.5, 70.35, 89.85, 102.6]),
        number("custom.total_charges", [84.6, 401.4, 1397.5, 3794.7, 5976.6]),
        text("custom.churn", &["Yes", "No"]),
    ];
    for service in
        ["online_security", "online_backup", "device_protection", "tech_support", "streaming_tv", "streaming_movies"]
    {
        facts.push(text(&format!("custom.{service}"), &no_internet));
    }
    facts
}

fn sources(card: &Scorecard) -> Vec<&str> {
    let measures = card.groups.iter().flat_map(|group| &group.measures);
    measures
        .map(|measure| match &measure.source {
            Source::Fact(key) => key.as_str(),
        })
        .collect()
}

fn measure<'a>(card: &'a Scorecard, source: &str) -> (&'a str, &'a Measure) {
    let find = |group: &'a Group| {
        let found = group.measures.iter().find(|measure| measure.source == Source::Fact(source.to_owned()))?;
        Some((group.key.as_str(), found))
    };
    card.groups.iter().find_map(find).unwrap()
}

#[test]
fn telecommunications_columns_make_a_card_of_their_own() {
    let card = default_scorecard(&telco());
    let mut used = sources(&card);
    used.sort_unstable();
    assert_eq!(
        used,
        [
            "custom.contract",
            "custom.monthly_charges",
            "custom.payment_method",
            "custom.tenure",
            "custom.total_charges",
            keys::SERVICES_USED_PCT,
        ]
    );
    assert_eq!(measure(&card, "custom.tenure").0, "relationship");
    assert_eq!(measure(&card, "custom.contract").0, "billing");
    assert_eq!(measure(&card, keys::SERVICES_USED_PCT).0, "adoption");
    assert!(card.exceptions.is_empty());
    card.check().unwrap();
}

#[test]
fn longer_contracts_and_automatic_payments_are_safer() {
    let card = default_scorecard(&telco());
    let points = |source: &str, word: &str| measure(&card, source).1.scale.points(&word.into()).unwrap();
    assert!(points("custom.contract", "Month-to-month") < points("custom.contract", "One year"));
    assert!(points("custom.contract", "One year") < points("custom.contract", "Two year"));
    assert!(points("custom.payment_method", "Electronic check") < points("custom.payment_method", "Mailed check"));
    let automatic = points("custom.payment_method", "Bank transfer (automatic)");
    assert!(points("custom.payment_method", "Mailed check") < automatic);
    let charges = |value: f64| measure(&card, "custom.monthly_charges").1.scale.points(&value.into()).unwrap();
    assert!(charges(20.0) > charges(70.0) && charges(70.0) > charges(110.0));
    let tenure = |value: f64| measure(&card, "custom.tenure").1.scale.points(&value.into()).unwrap();
    assert!(tenure(1.0) < tenure(30.0) && tenure(30.0) < tenure(72.0));
}

#[test]
fn the_same_columns_imported_as_standard_fields_are_recognised() {
    let mut facts = telco();
    for fact in &mut facts {
        match fact.key.as_str() {
            "custom.contract" => fact.key = keys::TIER.into(),
            "custom.monthly_charges" => fact.key = keys::MRR_MINOR.into(),
            _ => {}
        }
    }
    let card = default_scorecard(&facts);
    assert_eq!(measure(&card, keys::TIER).0, "billing");
    assert_eq!(measure(&card, keys::MRR_MINOR).0, "billing");
    let business = [text(keys::TIER, &["Enterprise", "Growth"]), number(keys::MRR_MINOR, [1.0, 2.0, 3.0, 4.0, 5.0])];
    assert_eq!(sources(&default_scorecard(&business)), [] as [&str; 0], "large customers are no risk");
}

#[test]
fn weights_sit_on_what_is_there() {
    let facts = [
        number(keys::ENGAGEMENT_SCORE, [10.0, 30.0, 50.0, 70.0, 90.0]),
        number(keys::DAYS_SINCE_LOGIN, [0.0, 1.0, 3.0, 9.0, 40.0]),
        number(keys::URGENT_TICKETS, [0.0, 0.0, 0.0, 0.0, 1.0]),
        number(keys::TICKET_COUNT, [0.0, 1.0, 2.0, 4.0, 9.0]),
        AvailableFact { share_present: 0.4, ..number(keys::OPEN_TICKETS, [0.0, 1.0, 2.0, 4.0, 9.0]) },
        AvailableFact { share_present: 0.0, ..number(keys::NPS, [0.0; 5]) },
    ];
    let card = default_scorecard(&facts);
    let keys: Vec<&str> = card.groups.iter().map(|group| group.key.as_str()).collect();
    assert_eq!(keys, ["usage", "support"]);
    assert_eq!(card.groups.iter().map(|group| group.weight).sum::<f64>(), 100.0);
    for group in &card.groups {
        assert_eq!(group.measures.iter().map(|measure| measure.weight).sum::<f64>(), 100.0, "{}", group.key);
    }
    assert!(!sources(&card).contains(&keys::OPEN_TICKETS), "the same tickets are not counted twice");
    let rules: Vec<&str> = card.exceptions.iter().map(|rule| rule.when.fact.as_str()).collect();
    assert_eq!(rules, [keys::URGENT_TICKETS, keys::URGENT_TICKETS, keys::DAYS_SINCE_LOGIN]);
    card.check().unwrap();
}

#[test]
fn every_standard_measure_together_is_a_valid_card() {
    let facts: Vec<_> = crate::health::STANDARD_FACTS.iter().map(|fact| number(fact.key, [0.0; 5])).collect();
    let card = default_scorecard(&facts);
    assert_eq!(card.groups.len(), 7);
    assert_eq!(card.exceptions.len(), 8);
    card.check().unwrap();
}

#[test]
fn news_and_websites_are_the_market_and_who_has_none_is_scored_without() {
    use crate::health::{Context, Facts, evaluate};
    use crate::time::Timestamp;
    let card = default_scorecard(&[
        number(keys::NPS, [0.0, 6.0, 7.0, 8.0, 10.0]),
        number(keys::MARKET_SENTIMENT_30D, [25.0, 50.0, 50.0, 50.0, 75.0]),
        AvailableFact { kind: FactKind::Bool, ..number(keys::WEBSITE_OK, [1.0; 5]) },
    ]);
    let weights: Vec<(&str, f64)> = card.groups.iter().map(|group| (group.key.as_str(), group.weight)).collect();
    assert_eq!(weights, [("satisfaction", 75.0), ("market", 25.0)]);
    card.check().unwrap();
    let now = Timestamp(0);
    let score = |news: Option<f64>, answers: Option<bool>| {
        let mut facts = Facts::default();
        facts.observe(keys::NPS, now, 7.0);
        news.into_iter().for_each(|news| facts.observe(keys::MARKET_SENTIMENT_30D, now, news));
        answers.into_iter().for_each(|answers| facts.observe(keys::WEBSITE_OK, now, answers));
        evaluate(&card, &facts, &Context::at(now)).score.unwrap()
    };
    assert_eq!(score(None, None), Points::from_f64(60.0), "what is not known has no weight");
    assert!(score(Some(25.0), None) < score(None, None) && score(Some(75.0), None) > score(None, None));
    assert!(score(Some(50.0), None) > score(None, None), "neither good nor bad is no reason to worry");
    assert!(score(None, Some(false)) < score(None, None) && score(None, Some(true)) > score(None, None));
}

#[test]
fn the_usual_columns_of_other_files_find_their_place() {
    let values = [1.0, 3.0, 8.0, 20.0, 60.0];
    for (key, group) in [
        ("custom.health_score", "usage"),
        ("custom.days_since_last_order", "usage"),
        ("custom.order_count", "usage"),
        ("custom.num_of_products", "adoption"),
        ("custom.customer_service_calls", "support"),
        ("custom.complaints", "support"),
        ("custom.average_rating", "satisfaction"),
        ("custom.customer_lifetime_value", "billing"),
        ("custom.late_payments", "billing"),
        ("custom.account_age_months", "relationship"),
    ] {
        let card = default_scorecard(&[number(key, values)]);
        assert_eq!(card.groups.len(), 1, "{key}");
        assert_eq!(card.groups[0].key, group, "{key}");
    }
    for key in [
        "churn",
        "churned",
        "churn_score",
        "cancelled_orders",
        "left",
        "exited",
        "age",
        "senior_citizen",
        "order_id",
        "last_login_date",
        "shoe_size",
    ] {
        assert!(default_scorecard(&[number(&format!("custom.{key}"), values)]).groups.is_empty(), "{key}");
    }
    let complained = AvailableFact { kind: FactKind::Bool, ..text("custom.complained", &[]) };
    let card = default_scorecard(&[complained]);
    assert!(matches!(&card.groups[0].measures[0].scale, Scale::Curve(corners) if corners[1] == (1.0, 20.0)));
}

#[test]
fn services_are_told_from_other_yes_and_no() {
    for key in
        ["custom.phone_service", "custom.tech_support", "custom.streaming_tv", "custom.multiple_lines", "has_cr_card"]
    {
        assert!(is_service_key(key), "{key}");
    }
    for key in [
        "custom.partner",
        "custom.churn",
        "custom.paperless_billing",
        "custom.plan",
        "custom.has_churned",
        "custom.gender",
    ] {
        assert!(!is_service_key(key), "{key}");
    }
}

#[test]
fn a_critical_risk_level_reaches_the_critical_band_whatever_the_account_was() {
    use crate::health::{Band, Context, Facts, Override, evaluate};
    use crate::time::Timestamp;
    let card = default_scorecard(&[
        number(keys::ENGAGEMENT_SCORE, [1.0, 30.0, 50.0, 70.0, 90.0]),
        text(keys::RISK_LEVEL, &["low", "medium", "high", "critical"]),
    ]);
    let now = Timestamp(0);
    for engagement in 0..=100 {
        for previous in [None, Some(Band::Healthy), Some(Band::Watch), Some(Band::AtRisk), Some(Band::Critical)] {
            let mut facts = Facts::default();
            facts.observe(keys::ENGAGEMENT_SCORE, now, f64::from(engagement));
            facts.observe(keys::RISK_LEVEL, now, "critical");
            let context = Context { previous_band: previous, ..Context::at(now) };
            let evaluation = evaluate(&card, &facts, &context);
            assert_eq!(evaluation.band, Some(Band::Critical), "{engagement} from {previous:?}");
            let manual = Override { score: 80.0, reason: "x".into(), author: "Sam".into(), until: now.plus_days(1) };
            let context = Context { override_: Some(&manual), ..context };
            assert_eq!(evaluate(&card, &facts, &context).band, Some(Band::Healthy), "a person overrules the rule");
        }
    }
}
