use proptest::prelude::*;

use super::*;
use crate::health::{Action, Condition, Group, Measure, Operator, Scorecard};

fn measure(key: &str) -> Measure {
    Measure::new(key, &key.to_uppercase(), 10.0, key, Scale::curve(&[(0.0, 0.0), (50.0, 40.0), (100.0, 100.0)]))
}

fn exception(key: &str) -> Exception {
    let when = Condition { fact: "urgent_tickets".into(), op: Operator::AtLeast, value: 1.0.into() };
    Exception { key: key.into(), label: key.to_uppercase(), when, action: Action::Cap(40.0) }
}

fn card() -> Scorecard {
    let group = |key: &str, measures: &[&str]| Group {
        key: key.into(),
        label: key.to_uppercase(),
        weight: 50.0,
        measures: measures.iter().map(|key| measure(key)).collect(),
    };
    Scorecard {
        name: "Everyone".into(),
        groups: vec![group("use", &["a", "b", "c"]), group("care", &["d", "e"])],
        exceptions: vec![exception("x"), exception("y"), exception("z")],
        ..Scorecard::default()
    }
}

fn changed(change: impl FnOnce(&mut Scorecard)) -> Vec<CardChange> {
    let mut after = card();
    change(&mut after);
    diff(&card(), &after)
}

fn named(key: &str) -> Named {
    Named { key: key.into(), label: key.to_uppercase() }
}

#[test]
fn a_weight_is_told_with_both_values() {
    let changes = changed(|card| card.groups[1].measures[0].weight = 30.0);
    let change = MeasureChange::Weight { before: 10.0, after: 30.0 };
    assert_eq!(changes, [CardChange::Measure { measure: named("d"), change }]);
    let changes = changed(|card| card.groups[0].weight = 70.0);
    assert_eq!(changes, [CardChange::GroupWeight { group: named("use"), before: 50.0, after: 70.0 }]);
}

#[test]
fn only_the_points_that_differ_are_told() {
    let changes = changed(|card| {
        card.groups[0].measures[0].scale = Scale::curve(&[(0.0, 0.0), (50.0, 60.0), (90.0, 100.0)]);
    });
    let [CardChange::Measure { change: MeasureChange::Scale { points, .. }, .. }] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    let told: Vec<_> = points.iter().map(|point| (point.at.clone(), point.before, point.after)).collect();
    let expected = [
        (PointAt::Value(50.0), Some(40.0), Some(60.0)),
        (PointAt::Value(100.0), Some(100.0), None),
        (PointAt::Value(90.0), None, Some(100.0)),
    ];
    assert_eq!(told, expected);
}

#[test]
fn adding_one_moves_none_of_the_others() {
    let changes = changed(|card| card.groups[0].measures.insert(0, measure("new")));
    let to = Place { group: "USE".into(), place: 1 };
    assert_eq!(changes, [CardChange::MeasureAdded { measure: named("new"), to, weight: 10.0 }]);
    let changes = changed(|card| drop(card.groups[0].measures.remove(0)));
    let from = Place { group: "USE".into(), place: 1 };
    assert_eq!(changes, [CardChange::MeasureRemoved { measure: named("a"), from }]);
}

#[test]
fn the_one_that_moved_is_told_and_not_those_it_passed() {
    let changes = changed(|card| card.exceptions.rotate_left(1));
    assert_eq!(changes, [CardChange::ExceptionMoved { exception: named("x"), from: 1, to: 3 }]);
    let changes = changed(|card| {
        let measure = card.groups[0].measures.remove(2);
        card.groups[1].measures.insert(0, measure);
    });
    let (from, to) = (Place { group: "USE".into(), place: 3 }, Place { group: "CARE".into(), place: 1 });
    assert_eq!(
        changes,
        [CardChange::Measure { measure: named("c"), change: MeasureChange::Moved { from, to } }],
        "a measure that changed its group"
    );
    let changes = changed(|card| card.groups.swap(0, 1));
    assert!(matches!(changes.as_slice(), [CardChange::GroupMoved { .. }]), "{changes:?}");
}

/// Every way in which an editor changes one thing, by number.
fn mutate(card: &mut Scorecard, way: usize, at: usize, points: f64) {
    let place = at % card.groups.len();
    let group = &mut card.groups[place];
    let which = at % group.measures.len();
    let measure = &mut group.measures[which];
    let rule = at % card.exceptions.len();
    match way {
        0 => card.name.push('!'),
        1 => card.applies_to = "tier = pro".into(),
        2 => card.priority += 1,
        3 => card.bands.watch_from += 0.5,
        4 => card.bands.hysteresis += points,
        5 => group.weight += points,
        6 => group.label.push('!'),
        7 => group.key.push('2'),
        8 => measure.weight += points,
        9 => measure.label.push('!'),
        10 => measure.key.push('2'),
        11 => measure.source = Source::Fact("nps".into()),
        12 => measure.mode = Mode::Growth { days: 30 },
        13 => measure.null_policy = NullPolicy::CarryForward { half_life_days: 30 },
        14 => measure.validity_days = Some(30),
        15 => measure.season = true,
        16 => measure.scale = Scale::curve(&[(0.0, points), (50.0, 40.0), (100.0, 100.0)]),
        17 => measure.scale = Scale::choices(&[], None),
        18 => measure.tenure = vec![TenureScale { from_days: 0, to_days: None, scale: Scale::curve(&[(0.0, 1.0)]) }],
        19 => drop(group.measures.remove(which)),
        20 => group.measures.rotate_left(1),
        21 => group.measures.push(Measure::new("new", "New", 1.0, "nps", Scale::curve(&[(0.0, 1.0)]))),
        22 => drop(card.groups.remove(place)),
        23 => card.groups.rotate_left(1),
        24 => card.exceptions[rule].action = Action::Floor(points),
        25 => card.exceptions[rule].when.value = points.into(),
        26 => card.exceptions[rule].when.op = Operator::Less,
        27 => card.exceptions[rule].label.push('!'),
        28 => drop(card.exceptions.remove(rule)),
        29 => card.exceptions.rotate_left(1),
        30 => card.exceptions.push(exception("new")),
        _ => card.exceptions.swap(0, 2),
    }
}

proptest! {
    #[test]
    fn nothing_changed_is_no_change_and_every_change_is_told(way in 0usize..32, at in 0usize..12, points in 0.001f64..40.0) {
        let before = card();
        prop_assert_eq!(diff(&before, &before), []);
        let mut after = card();
        mutate(&mut after, way, at, points);
        prop_assert_ne!(&after, &before);
        prop_assert!(!diff(&before, &after).is_empty(), "way {}", way);
        prop_assert!(!diff(&after, &before).is_empty(), "way {} back", way);
    }
}
