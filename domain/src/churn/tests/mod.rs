//! Tests of the churn model, on stories made up here.

use super::*;
use crate::health::{Band, Facts, Group, Measure, Scale, Scorecard, ScorecardVersion};
use crate::id::{AccountId, ScorecardId};
use crate::lab::backtest::Terms;
use crate::lab::folds::Dice;
use crate::lab::logistic::probability;
use crate::lab::replay::{Happened, Outcome, Said, Story};
use crate::money::Currency;
use crate::time::{DAY_MS, Timestamp};
use uuid::Uuid;

const TERMS: Terms = Terms { horizon_days: 90, downgrades: false, now: Timestamp(900 * DAY_MS) };

fn measure(key: &str) -> Measure {
    Measure::new(key, key, 1.0, key, Scale::curve(&[(0.0, 0.0), (100.0, 100.0)]))
}

fn asked() -> Vec<Asked> {
    ["signal", "noise"].map(|key| Asked { measure: measure(key), falls: true }).to_vec()
}

/// Accounts over 29 months of which every fifth leaves; the first input falls 70 days before, the second is noise and
/// is not known of every seventh account.
fn past(accounts: u32, shuffled: bool) -> Vec<Story> {
    let mut dice = Dice::new(8);
    let leaves = |index: u32, dice: &mut Dice| (index.is_multiple_of(5)).then(|| 120 + (dice.share() * 760.0) as i64);
    let leaving: Vec<Option<i64>> = (0..accounts).map(|index| leaves(index, &mut dice)).collect();
    let mut gone = leaving.clone();
    if shuffled {
        dice.shuffle(&mut gone);
    }
    let mut stories = Vec::new();
    for (index, (leaving, gone)) in leaving.into_iter().zip(gone).enumerate() {
        let said = (0..29).map(|month| {
            let falls = leaving.is_some_and(|day| month * 30 > day - 70);
            let signal = (if falls { 35.0 } else { 70.0 }) + 40.0 * (dice.share() - 0.5);
            let noise = (index % 7 > 0).then(|| Points::from_f64(100.0 * dice.share()));
            Said {
                at: Timestamp(0).plus_days(month * 30),
                score: Some(Points::NEUTRAL),
                band: Some(Band::Watch),
                owner: None,
                card: ScorecardId(Uuid::nil()),
                points: vec![Some(Points::from_f64(signal)), noise],
            }
        });
        let churned = |day| Outcome { happened: Happened::Churned, at: Timestamp(0).plus_days(day), minor: 1_000 };
        // Random ids, as the folds are drawn from them.
        let id = u128::from(Dice::new(index as u64).roll()) << 64 | u128::from(Dice::new(index as u64 + 7).roll());
        stories.push(Story {
            account: AccountId(Uuid::from_u128(id)),
            currency: Currency::USD,
            said: said.collect(),
            outcomes: gone.map(churned).into_iter().collect(),
        });
    }
    stories
}

/// The model of the worked example in `docs/guide/churn.md`.
fn example() -> Fit {
    let input = |key: &str, mean, deviation, weight, blank| Input {
        measure: measure(key),
        mean,
        deviation,
        weight,
        blank,
        effect: 0.0,
        trained: Spread::default(),
    };
    Fit {
        horizon_days: 90,
        months: 24,
        intercept: -3.0,
        calibration: (0.1, 0.9),
        penalty: 10.0,
        inputs: vec![input("Logins", 70.0, 20.0, -0.8, 0.5), input("Adoption", 60.0, 25.0, -0.5, 0.0)],
    }
}

#[test]
fn the_example_of_the_guide_is_computed_as_it_says() {
    let said = example().predict(&[Some(Points::from_f64(30.0)), Some(Points::from_f64(85.0))]);
    assert_eq!(said.base, Points(-2_600_000));
    assert_eq!(
        said.drivers.iter().map(|driver| driver.part).collect::<Vec<_>>(),
        [Points(1_440_000), Points(-450_000)]
    );
    assert_eq!((said.log_odds, said.pct.to_string().as_str()), (Points(-1_610_000), "16.7"));
    let silent = example().predict(&[None, Some(Points::from_f64(85.0))]);
    assert_eq!(silent.drivers[0].part, Points(450_000), "what is not known has a part of its own");
    assert_eq!(silent.pct.to_string(), "6.9");
}

#[test]
fn contributions_add_up_exactly_for_ten_thousand_accounts() {
    let learnt = learn(&asked(), &past(600, false), &TERMS, MONTHS).unwrap();
    let mut dice = Dice::new(3);
    for _ in 0..10_000 {
        let mut value = || (!dice.roll().is_multiple_of(9)).then(|| Points::from_f64(100.0 * dice.share()));
        let said = learnt.fit.predict(&[value(), value()]);
        let sum: i64 = said.drivers.iter().map(|driver| driver.part.0).sum();
        assert_eq!(said.base.0 + sum, said.log_odds.0);
        assert_eq!(said.pct, Points::from_f64(100.0 * probability(said.log_odds.as_f64())));
        let drivers = said.drivers.iter().map(|driver| driver.points).collect::<Vec<_>>();
        assert_eq!(learnt.fit.predict(&drivers), said, "the same inputs say the same again");
    }
}

#[test]
fn what_falls_before_losses_is_learnt_and_calibrated() {
    let learnt = learn(&asked(), &past(600, false), &TERMS, MONTHS).unwrap();
    let Evidence { losses, folds, later, suspects, .. } = learnt.evidence;
    let (folds, later) = (folds.unwrap(), later.unwrap());
    assert!(losses > 80 && suspects.is_empty(), "{losses} losses, suspects {suspects:?}");
    assert!(folds.auc.low > 0.75, "{folds:#?}");
    assert!(later.judged.auc.low > 0.7, "{later:#?}");
    assert!(folds.brier < folds.brier_of_nothing, "{folds:#?}");
    let predicted: f64 = folds.bins.iter().map(|bin| bin.predicted * f64::from(bin.rows)).sum();
    let mean = predicted / f64::from(folds.moments);
    assert!((mean - folds.rate).abs() < 0.003, "on the whole as many are lost as predicted: {mean} and {}", folds.rate);
    for bin in folds.bins.iter().filter(|bin| bin.predicted > 0.02) {
        assert!((bin.predicted - bin.observed).abs() < 0.05 + 0.3 * bin.observed, "{bin:?}");
    }
    let signal = learnt.fit.inputs.iter().find(|input| input.measure.key == "signal").unwrap();
    assert!(signal.weight < 0.0, "more points never raise the probability");
    let others = learnt.fit.inputs.iter().filter(|input| input.measure.key != "signal");
    assert!(others.map(|input| input.effect).fold(0.0, f64::max) < signal.effect / 4.0, "{:#?}", learnt.fit);
}

#[test]
fn outcomes_by_chance_teach_nothing() {
    match learn(&asked(), &past(600, true), &TERMS, MONTHS) {
        Ok(learnt) => {
            let auc = learnt.evidence.folds.unwrap().auc;
            assert!(auc.low < 0.56 && auc.value < 0.6, "{auc:?}");
        }
        Err(unable) => assert_eq!(unable, Unable::NoSignal),
    }
}

#[test]
fn too_few_losses_are_said_with_their_number() {
    // Every fifth of 100 accounts leaves; some of them before a moment could foresee it.
    match learn(&asked(), &past(100, false), &TERMS, MONTHS) {
        Err(Unable::NotEnough { losses }) => assert!((10..30).contains(&losses), "{losses}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(learn(&asked(), &[], &TERMS, MONTHS), Err(Unable::NotEnough { losses: 0 }));
}

#[test]
fn an_open_horizon_counts_for_neither_side() {
    let until =
        |days: i64| learn(&asked(), &past(600, false), &Terms { now: Timestamp(days * DAY_MS), ..TERMS }, MONTHS);
    let evidence = until(600).unwrap().evidence;
    assert!(evidence.span.unwrap().1 <= Timestamp(510 * DAY_MS), "{:?}", evidence.span);
}

#[test]
fn the_inputs_of_a_model_are_the_measures_in_force_each_once() {
    let group = |key: &str, measures: &[&str]| Group {
        key: key.into(),
        label: key.into(),
        weight: 1.0,
        measures: measures.iter().map(|key| measure(key)).collect(),
    };
    let version = |groups| ScorecardVersion {
        scorecard: ScorecardId(Uuid::nil()),
        version: 1,
        card: Scorecard { groups, ..Scorecard::default() },
        published_at: None,
        revision: 1,
    };
    let cards = [version(vec![group("a", &["nps", "csat"])]), version(vec![group("b", &["csat", "seats"])])];
    let asked = inputs(&cards);
    let keys: Vec<&str> = asked.iter().map(|asked| asked.measure.key.as_str()).collect();
    assert_eq!(keys, ["nps", "csat", "seats", "days_to_renewal"]);
    assert!(!asked[3].falls, "the end of a contract may work either way");
    let mut facts = Facts::default();
    facts.observe("csat", Timestamp(5), 40.0);
    let read = points(&card(asked.iter().map(|asked| &asked.measure)), &facts, Timestamp(10));
    assert_eq!(read, [None, Some(Points::from_f64(40.0)), None, None]);
}

#[test]
fn stability_is_the_formula_of_the_guide() {
    let then = Spread { edges: vec![50.0], counts: vec![59, 39], blank: 0 };
    // With half a row in each of three parts: 59.5, 39.5 and 0.5 of 99.5.
    let now = then.count([30.0, 80.0, 90.0, 70.0].map(Some).into_iter().chain([None]));
    assert_eq!((now.counts.as_slice(), now.blank), ([1, 3].as_slice(), 1));
    let share = |count: f64, whole: f64| (count + 0.5) / (whole + 1.5);
    let part = |then: f64, now: f64| (share(now, 5.0) - share(then, 98.0)) * (share(now, 5.0) / share(then, 98.0)).ln();
    let expected = part(59.0, 1.0) + part(39.0, 3.0) + part(0.0, 1.0);
    assert!((stability(&then, &now).unwrap() - expected).abs() < 1e-12);
    assert!(stability(&then, &then).unwrap().abs() < 1e-12, "nothing moved");
    assert_eq!(stability(&then, &then.count(std::iter::empty())), None);
    for (index, word) in [(0.0999, Shift::Stable), (0.1, Shift::Shifting), (0.25, Shift::Changed)] {
        assert_eq!(shift(index), word, "{index}");
    }
}

#[test]
fn a_spread_has_an_edge_for_each_tenth_and_none_where_nothing_lies_beyond() {
    let even: Vec<Option<f64>> = (0..100).map(|value| Some(f64::from(value))).chain([None]).collect();
    let spread = Spread::learn(&even);
    assert_eq!((spread.edges.len(), spread.blank, spread.total()), (9, 1, 101));
    let mostly: Vec<Option<f64>> = (0..10).map(|place| Some(if place < 2 { 40.0 } else { 100.0 })).collect();
    let spread = Spread::learn(&mostly);
    assert_eq!((spread.edges.as_slice(), spread.counts.as_slice()), ([40.0].as_slice(), [2, 8].as_slice()));
    assert_eq!(Spread::learn(&[]).counts, [0]);
}

#[test]
fn a_right_model_expects_as_many_losses_as_happen() {
    // 10 % in 90 days: over a whole horizon −ln 0.9 losses for each account that is always under risk.
    assert!((hazard(0.1, 90.0, 90) - 0.105_360_5).abs() < 1e-6);
    assert!((hazard(0.1, 45.0, 90) * 2.0 - hazard(0.1, 90.0, 90)).abs() < 1e-12, "half the time, half the losses");
    assert_eq!(hazard(0.0, 90.0, 90), 0.0);
    assert!(hazard(1.0, 1.0, 90).is_finite());
    let verdict = |expected, observed| Held { since: Timestamp(0), accounts: 9, expected, observed }.verdict();
    assert_eq!(verdict(20.0, 26), Verdict::AsExpected);
    assert_eq!(verdict(20.0, 30), Verdict::More);
    assert_eq!(verdict(20.0, 9), Verdict::Fewer);
    assert_eq!(verdict(0.01, 1), Verdict::AsExpected, "one loss is no verdict");
}

#[test]
fn only_a_move_of_a_tenth_or_another_model_is_written() {
    let said = |pct: f64, model: u128| ChurnSummary {
        pct: Points::from_f64(pct),
        horizon_days: 90,
        model: crate::id::ChurnModelId(Uuid::from_u128(model)),
        version: 1,
        at: Timestamp(0),
    };
    let moved = |before: Option<ChurnSummary>, after: Option<ChurnSummary>| {
        ChurnSummary::moved(before.as_ref(), after.as_ref())
    };
    assert!(!moved(Some(said(12.0, 1)), Some(said(12.09, 1))));
    assert!(moved(Some(said(12.0, 1)), Some(said(12.1, 1))));
    assert!(moved(Some(said(12.0, 1)), Some(said(12.0, 2))));
    assert!(moved(None, Some(said(12.0, 1))) && moved(Some(said(12.0, 1)), None) && !moved(None, None));
}
