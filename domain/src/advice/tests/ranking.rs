use crate::alerts::{Kind, Priority};
use crate::filter;

use super::*;

#[test]
fn every_action_has_a_condition_that_reads_and_answers_rules_that_exist() {
    let catalogue = facts::catalogue(&accounts::catalogue());
    let rules = built_in();
    for action in ACTIONS {
        let read = filter::parse(action.when, &catalogue);
        assert!(read.is_ok(), "{}: {read:?}", action.key);
        for rule in action.rules {
            assert!(rules.iter().any(|known| known.key.as_deref() == Some(rule)), "{}: {rule}", action.key);
        }
        for quoted in action.quotes {
            let is_known = catalogue.get(quoted).is_some() || *quoted == "notice_at";
            assert!(is_known, "{}: {quoted}", action.key);
        }
        assert!((1.0..=3.0).contains(&action.urgency) && action.effort > 0.0, "{}", action.key);
        assert!(action.effect > 0.0 && action.effect < 1.0, "{}", action.key);
    }
}

#[test]
fn every_rule_about_accounts_has_an_answer() {
    for rule in built_in().iter().filter(|rule| rule.kind != Kind::Portfolio) {
        let key = rule.key.as_deref().unwrap();
        assert!(ACTIONS.iter().any(|action| action.rules.contains(&key)), "{key}");
    }
}

#[test]
fn nothing_known_recommends_nothing() {
    assert_eq!(Story::new(70.0, Band::Watch).keys(), Vec::<String>::new());
}

#[test]
fn the_value_is_the_product_that_is_shown() {
    let mut story = Story::new(40.0, Band::AtRisk).with(Fact::DaysToDeadline, 20.0);
    story.alerts.push(alert("renewal_risk"));
    let (options, _) = story.look();
    assert_eq!(options.len(), 2);
    for one in options {
        assert_eq!(one.urgency.value, one.urgency.base * one.urgency.pressure, "{}", one.action);
        assert_eq!((one.urgency.base, one.urgency.pressure, one.urgency.days_left), (2.0, 2.0, Some(20)));
        let product = one.urgency.value * one.effect.share * one.usefulness.factor / one.effort;
        assert!((one.value - product).abs() < 1e-12, "{}", one.action);
        assert_eq!(one.answers.len(), 1, "{}", one.action);
    }
}

#[test]
fn an_alert_gets_what_answers_it_and_a_rule_of_peoples_own_what_its_facts_ask_for() {
    let mut story = Story::new(50.0, Band::Watch).with(Fact::PaymentsFailed, 1.0).with(Fact::OpenEscalations, 1.0);
    assert_eq!(story.keys(), ["payment_follow_up", "ticket_call"]);
    story.about = Some(alert("ticket_escalated"));
    assert_eq!(story.keys(), ["ticket_call"]);
    let mut own = alert("ticket_escalated");
    own.reason.key = "custom".to_owned();
    story.about = Some(own);
    assert_eq!(story.keys(), ["payment_follow_up", "ticket_call"]);
}

#[test]
fn the_effect_is_the_prior_until_something_was_measured() {
    let mut story = Story::new(50.0, Band::Watch).with(Fact::PaymentsFailed, 1.0);
    let before = story.option("payment_follow_up").effect;
    assert_eq!((before.share, before.is_measured()), (0.6, false));
    story.measured.insert("payment_failed".into(), Measured { acted: 1, well: 0, left: 0 });
    let one = story.option("payment_follow_up").effect;
    assert!(one.share < before.share && one.share > 0.0 && !one.is_measured());
    assert!((one.share - 4.0 * 0.6 / 5.0).abs() < 1e-12, "reproducible by hand: {}", one.share);
    story.measured.insert("payment_failed".into(), Measured { acted: 40, well: 36, left: 0 });
    let many = story.option("payment_follow_up").effect;
    assert!(many.is_measured() && many.low < many.share && many.share < many.high);
    assert!(many.high - many.low < before.high - before.low, "more cases, a narrower interval");
}

#[test]
fn who_left_is_not_called_and_a_role_goes_before_a_recent_touch() {
    let mut story = Story::new(50.0, Band::Watch).with(Fact::DaysSinceCustomer, 60.0);
    assert_eq!(story.option("win_back").contact, None);
    let (mut champion, mut recent) = (contact(1, "Ada Berg", "champion"), contact(2, "Bo Lind", "user"));
    recent.last_touch_at = Some(NOW);
    story.contacts = vec![recent.clone(), champion.clone()];
    let reached = story.option("win_back").contact.unwrap();
    assert_eq!((reached.name.as_str(), reached.first_name()), ("Ada Berg", "Ada"));
    champion.left_at = Some(NOW);
    story.contacts = vec![recent, champion];
    assert_eq!(story.option("win_back").contact.unwrap().name, "Bo Lind");
}

#[test]
fn what_presses_more_comes_first() {
    let story =
        |days: f64| Story::new(50.0, Band::Watch).with(Fact::DaysSinceTouch, 60.0).with(Fact::DaysToDeadline, days);
    let value = |days: f64| story(days).option("check_in").value;
    assert!(value(5.0) > value(25.0) && value(25.0) > value(80.0) && value(80.0) > value(200.0));
    let mut pressed = story(200.0);
    let calm = pressed.option("check_in").value;
    let mut champion = alert("champion_silent");
    champion.priority = Priority::Low;
    pressed.alerts.push(champion);
    assert!(pressed.option("check_in").value > calm, "an alert of a rule that presses more");
}
