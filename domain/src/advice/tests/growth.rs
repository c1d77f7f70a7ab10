use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::advice::growth::products;
use crate::alerts::Priority;

fn ready(score: f64, band: Band) -> Story {
    Story::new(score, band)
        .with(Fact::SeatsUsedPct, 95.0)
        .with(Fact::FeatureChange28, 90.0)
        .with(Fact::Nps, 10.0)
        .with(Fact::DaysSinceNps, 3.0)
}

#[test]
fn a_healthy_account_is_offered_more() {
    let story = ready(90.0, Band::Healthy);
    assert_eq!(story.look().1.held, None);
    let keys = story.keys();
    for key in ["expansion_talk", "feature_demo", "ask_reference"] {
        assert!(keys.iter().any(|known| known == key), "{key}: {keys:?}");
    }
}

proptest! {
    #[test]
    fn nothing_is_sold_to_an_account_that_is_not_healthy(score in 0.0f64..100.0, band in 0usize..3, rule in 0usize..3) {
        let band = [Band::Watch, Band::AtRisk, Band::Critical][band];
        let mut story = ready(score, band);
        let key = ["expansion_ready", "feature_interest", "advocate"][rule];
        story.alerts.push(alert(key));
        let (options, growth) = story.look();
        prop_assert!(options.iter().all(|option| option.aim == Aim::Keep));
        prop_assert_eq!(growth.held, Some(Held::Band(band)));
        prop_assert!(!growth.actions.is_empty(), "what is held back is named");
        story.about = Some(alert(key));
        prop_assert!(story.look().0.is_empty(), "nor on the alert's own page");
    }
}

#[test]
fn a_pressing_risk_a_failed_payment_or_no_score_hold_growth_back() {
    let mut story = ready(90.0, Band::Healthy);
    let mut risk = alert("champion_gone");
    risk.priority = Priority::Low;
    story.alerts.push(risk);
    assert_eq!(story.look().1.held, None, "a small risk does not");
    story.alerts[0].priority = Priority::High;
    assert_eq!(story.look().1.held, Some(Held::RiskOpen));
    assert_eq!(ready(90.0, Band::Healthy).with(Fact::PaymentsFailed, 1.0).look().1.held, Some(Held::Unpaid));
    let mut unknown = ready(90.0, Band::Healthy);
    unknown.health = None;
    assert_eq!(unknown.look().1.held, Some(Held::NoScore));
}

fn uses(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn products_are_what_goes_together_with_what_is_used() {
    let mut peers = vec![uses(&["reports", "exports"]); 8];
    peers.extend(vec![uses(&["reports"]); 2]);
    peers.extend(vec![uses(&["calls"]); 10]);
    let found = products(None, &uses(&["reports"]), &peers);
    let [Product::Feature { metric, uses: with, users, both, lift }] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((metric.as_str(), with.as_str(), *users, *both), ("exports", "reports", 10, 8));
    assert!((lift - 0.8 / 0.4).abs() < 1e-12);
    assert_eq!(products(None, &uses(&["reports", "exports"]), &peers), Vec::new(), "it has all of that");
    assert_eq!(products(None, &uses(&["reports"]), &peers[..4]), Vec::new(), "four say nothing");
}

#[test]
fn seats_are_offered_where_most_are_used() {
    assert_eq!(products(Some(92.0), &BTreeSet::new(), &[]), vec![Product::Seats { used_pct: 92.0 }]);
    assert_eq!(products(Some(60.0), &BTreeSet::new(), &[]), Vec::new());
}
