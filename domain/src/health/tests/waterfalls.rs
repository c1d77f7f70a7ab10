//! Ten thousand scores of made-up accounts at two days each: every waterfall adds up to the last millionth, and
//! everything that can be in one is among them.

use std::collections::BTreeMap;

use crate::health::*;
use crate::lab::folds::Dice;
use crate::time::Timestamp;

const CASES: usize = 10_000;
/// Cases that share a scorecard.
const PER_CARD: usize = 20;
/// Days over which something is known of an account.
const DAYS: u64 = 400;
const FACTS: [&str; 7] = ["m0", "m1", "m2", "m3", "m4", "m5", "m6"];

fn day(dice: &mut Dice) -> Timestamp {
    Timestamp(1_800_000_000_000).plus_days(i64::try_from(dice.roll() % DAYS).unwrap())
}

fn one_of<T: Copy>(dice: &mut Dice, all: &[T]) -> T {
    all[usize::try_from(dice.roll() % all.len() as u64).unwrap()]
}

fn card(dice: &mut Dice) -> Scorecard {
    // Where all that is missing is left out, there may be nothing left.
    let is_strict = dice.roll().is_multiple_of(10);
    let measures: Vec<Measure> = FACTS
        .iter()
        .map(|fact| {
            let scale = Scale::curve(&[(0.0, 0.0), (40.0, 55.5), (100.0, 100.0)]);
            let mut measure = Measure::new(fact, fact, 100.0 * dice.share(), fact, scale);
            let fading = NullPolicy::CarryForward { half_life_days: 45 };
            let policies = [NullPolicy::Exclude, NullPolicy::Neutral, NullPolicy::Zero, fading];
            measure.null_policy = one_of(dice, &policies[..if is_strict { 1 } else { 4 }]);
            measure.validity_days = one_of(dice, &[None, Some(20), Some(90)]);
            measure.mode = one_of(dice, &[Mode::Absolute, Mode::Absolute, Mode::Growth { days: 60 }]);
            measure
        })
        .collect();
    let groups = measures.chunks(3).enumerate().map(|(place, measures)| Group {
        key: format!("g{place}"),
        label: "G".into(),
        weight: 1.0 + 99.0 * dice.share(),
        measures: measures.to_vec(),
    });
    let groups: Vec<Group> = groups.collect();
    let actions = [Action::Cap(40.0), Action::Floor(60.0), Action::Set(50.0), Action::Minus(12.5)];
    let exceptions = (0..3).map(|place| Exception {
        key: format!("e{place}"),
        label: "E".into(),
        when: Condition {
            fact: one_of(dice, &FACTS).into(),
            op: one_of(dice, &[Operator::AtLeast, Operator::Less]),
            value: (100.0 * dice.share()).into(),
        },
        action: one_of(dice, &actions),
    });
    Scorecard { name: "Any".into(), exceptions: exceptions.collect(), groups, ..Scorecard::default() }
}

fn facts(dice: &mut Dice) -> Facts {
    let mut facts = Facts::default();
    if dice.roll().is_multiple_of(10) {
        return facts;
    }
    for fact in FACTS {
        for _ in 0..dice.roll() % 5 {
            let value = if dice.roll().is_multiple_of(6) { FactValue::Absent } else { (100.0 * dice.share()).into() };
            facts.observe(fact, day(dice), value);
        }
    }
    facts
}

fn sum(steps: &[Step]) -> Points {
    steps.iter().map(|step| step.delta).sum()
}

/// Notes what there is in an evaluation.
fn note(seen: &mut BTreeMap<String, u32>, evaluation: &Evaluation, steps: &[Step]) {
    let mut count = |what: String| *seen.entry(what).or_default() += 1;
    evaluation.measures().for_each(|measure| count(format!("{:?}", measure.state)));
    steps.iter().for_each(|step| count(format!("step {:?}", step.kind)));
    count(format!("score {}", evaluation.score.is_some()));
}

#[test]
fn ten_thousand_waterfalls_and_differences_add_up() {
    let mut dice = Dice::new(20_261_121);
    let (mut card, mut seen) = (card(&mut dice), BTreeMap::new());
    for case in 0..CASES {
        if case % PER_CARD == 0 {
            card = self::card(&mut dice);
        }
        let facts = facts(&mut dice);
        let (score, until) = (100.0 * dice.share(), day(&mut dice));
        let manual = Override { score, reason: "R".into(), author: "Maya".into(), until };
        let manual = dice.roll().is_multiple_of(3).then_some(&manual);
        let mut at = |now: Timestamp| {
            let evaluation = evaluate(&card, &facts, &Context { override_: manual, ..Context::at(now) });
            let steps = waterfall(&evaluation);
            assert_eq!(sum(&steps), evaluation.score.unwrap_or_default(), "case {case}");
            note(&mut seen, &evaluation, &steps);
            evaluation
        };
        let (one, other) = (at(day(&mut dice)), at(day(&mut dice)));
        for (before, after) in [(&one, &other), (&other, &one)] {
            let steps = explain_change(before, after);
            let difference = after.score.unwrap_or_default() - before.score.unwrap_or_default();
            assert_eq!(sum(&steps), difference, "case {case}");
            steps.iter().for_each(|step| *seen.entry(format!("change {:?}", step.kind)).or_default() += 1);
        }
    }
    let states = ["Fresh", "Stale", "Missing", "Carried", "Neutral", "Zero", "score true", "score false"];
    let steps = ["Measure", "Exception", "Override"].map(|kind| format!("step {kind}"));
    let changes = ["Measure", "Appeared", "Disappeared", "Weights", "Exception", "Override"];
    let changes = changes.map(|kind| format!("change {kind}"));
    for what in states.map(str::to_owned).into_iter().chain(steps).chain(changes) {
        let times = seen.get(&what).copied().unwrap_or_default();
        // Accounts of which nothing is known are rare.
        let least = if what == "score false" { 20 } else { 500 };
        assert!(times >= least, "{what}: {times} times in {seen:#?}");
    }
}
