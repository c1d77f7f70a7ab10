use crate::accounts;
use crate::health::*;
use crate::refusal::{FieldError, Refusal};

fn measure(key: &str) -> Measure {
    Measure::new(key, "Measure", 50.0, key, Scale::curve(&[(0.0, 0.0), (100.0, 100.0)]))
}

fn card() -> Scorecard {
    let group = |key: &str, measures| Group { key: key.into(), label: "Group".into(), weight: 50.0, measures };
    let when = Condition { fact: "urgent_tickets".into(), op: Operator::AtLeast, value: 1.0.into() };
    let exception = Exception { key: "urgent".into(), label: "Urgent".into(), when, action: Action::Cap(60.0) };
    Scorecard {
        name: "Test".into(),
        groups: vec![group("a", vec![measure("m"), measure("n")]), group("b", vec![measure("o")])],
        exceptions: vec![exception],
        ..Scorecard::default()
    }
}

/// Returns the paths of what is wrong after a change.
fn paths(change: impl FnOnce(&mut Scorecard)) -> Vec<String> {
    let mut card = card();
    change(&mut card);
    let problems = check(&card, Some(&accounts::catalogue()));
    problems.into_iter().map(|FieldError { field, .. }| field).collect()
}

fn tenure(from_days: i64, to_days: Option<i64>) -> TenureScale {
    TenureScale { from_days, to_days, scale: Scale::curve(&[(0.0, 50.0)]) }
}

#[test]
fn a_sound_card_is_accepted() {
    assert_eq!(card().check(), Ok(()));
    assert_eq!(paths(|card| card.applies_to = "tier = Enterprise".into()), [""; 0]);
    assert_eq!(default_scorecard(&[]).check().is_ok(), !default_scorecard(&[]).groups.is_empty());
}

#[test]
fn the_card_itself_is_checked() {
    assert_eq!(paths(|card| card.name = "  ".into()), ["name"]);
    assert_eq!(paths(|card| card.name = "x".repeat(201)), ["name"]);
    assert_eq!(paths(|card| card.applies_to = "teir = pro".into()), ["applies_to"]);
    assert_eq!(paths(|card| card.applies_to = "tier = (".into()), ["applies_to"]);
    assert_eq!(paths(|card| card.bands.watch_from = 90.0), ["bands"]);
    assert_eq!(paths(|card| card.bands.at_risk_from = f64::NAN), ["bands"]);
    assert_eq!(paths(|card| card.bands.hysteresis = 21.0), ["bands"]);
    assert_eq!(paths(|card| card.groups.clear()), ["groups"]);
}

#[test]
fn weights_count_somewhere_and_keys_are_told_apart() {
    assert_eq!(paths(|card| card.groups.iter_mut().for_each(|group| group.weight = 0.0)), ["groups"]);
    let silent = |card: &mut Scorecard| {
        card.groups.iter_mut().flat_map(|group| &mut group.measures).for_each(|measure| measure.weight = 0.0);
    };
    assert_eq!(paths(silent), ["groups"]);
    assert_eq!(paths(|card| card.groups[1].weight = -1.0), ["groups.1.weight"]);
    assert_eq!(paths(|card| card.groups[0].measures[1].weight = f64::NAN), ["groups.0.measures.1.weight"]);
    assert_eq!(paths(|card| card.groups[1].key = "a".into()), ["groups.1.key"]);
    assert_eq!(paths(|card| card.groups[1].label.clear()), ["groups.1.label"]);
    assert_eq!(paths(|card| card.groups[1].measures[0].key = "m".into()), ["groups.1.measures.0.key"]);
    let crowd = |card: &mut Scorecard| {
        card.groups[0].measures = (0..201).map(|place| measure(&format!("m{place}"))).collect();
    };
    assert_eq!(paths(crowd), ["groups"]);
}

#[test]
fn every_part_of_a_measure_is_checked() {
    type Change = fn(&mut Measure);
    let cases: [(Change, &str); 15] = [
        (|m| m.label.clear(), "label"),
        (|m| m.source = Source::Fact(String::new()), "source"),
        (|m| m.source = Source::Fact("custom.gone".into()), "source"),
        (|m| m.mode = Mode::Growth { days: 0 }, "mode"),
        (|m| m.mode = Mode::OwnBaseline { days: 366 }, "mode"),
        (|m| m.validity_days = Some(0), "validity_days"),
        (|m| m.null_policy = NullPolicy::CarryForward { half_life_days: 0 }, "null_policy"),
        (|m| m.scale = Scale::curve(&[]), "scale"),
        (|m| m.scale = Scale::curve(&[(5.0, 0.0), (5.0, 100.0)]), "scale"),
        (|m| m.scale = Scale::curve(&[(5.0, 0.0), (6.0, 101.0)]), "scale"),
        (|m| m.scale = Scale::choices(&[], Some(3.0)), "scale"),
        (|m| m.scale = Scale::choices(&[("a", 3.0), ("A ", 4.0)], None), "scale"),
        (|m| m.tenure = vec![tenure(90, Some(90))], "tenure.0"),
        (|m| m.tenure = vec![tenure(0, None), tenure(90, Some(100))], "tenure.1"),
        (
            |m| m.tenure = vec![tenure(0, Some(50)), TenureScale { scale: Scale::curve(&[]), ..tenure(50, None) }],
            "tenure.1",
        ),
    ];
    for (place, (change, part)) in cases.into_iter().enumerate() {
        let found = paths(|card| change(&mut card.groups[0].measures[1]));
        assert_eq!(found, [format!("groups.0.measures.1.{part}")], "case {place}");
    }
}

#[test]
fn every_part_of_an_exception_is_checked() {
    type Change = fn(&mut Exception);
    let cases: [(Change, &str); 6] = [
        (|e| e.label = " ".into(), "label"),
        (|e| e.when.fact.clear(), "when"),
        (|e| e.when.value = FactValue::Absent, "when"),
        (|e| e.when.value = "urgent".into(), "when"),
        (|e| e.when.fact = "custom.gone".into(), "when"),
        (|e| e.action = Action::Cap(160.0), "action"),
    ];
    for (place, (change, part)) in cases.into_iter().enumerate() {
        assert_eq!(paths(|card| change(&mut card.exceptions[0])), [format!("exceptions.0.{part}")], "case {place}");
    }
    let twice = |card: &mut Scorecard| card.exceptions.push(card.exceptions[0].clone());
    assert_eq!(paths(twice), ["exceptions.1.key"]);
}

#[test]
fn a_refusal_names_every_problem_at_once() {
    let mut card = card();
    card.groups[0].measures[0].scale = Scale::curve(&[]);
    card.bands.watch_from = 90.0;
    let Err(Refusal::Invalid(errors)) = card.check() else { panic!("accepted") };
    assert_eq!(errors.len(), 2);
}
