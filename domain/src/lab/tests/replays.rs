//! Back-tests and suggestions, on stories made up here.

use super::super::backtest::{BackTest, Terms, back_test};
use super::super::folds::Dice;
use super::super::replay::{Happened, Outcome, Said, Standing, Story, outcomes};
use super::super::suggest::{Unable, suggest};
use crate::accounts::Account;
use crate::health::{Band, Bands, Group, Measure, Points, Scale, Scorecard};
use crate::id::{AccountId, ScorecardId};
use crate::money::Currency;
use crate::time::Timestamp;
use uuid::Uuid;

const TERMS: Terms = Terms { horizon_days: 90, downgrades: false, now: Timestamp(900 * crate::time::DAY_MS) };

const CARD: ScorecardId = ScorecardId(Uuid::from_u128(9));

fn account(index: u32) -> AccountId {
    AccountId(Uuid::from_u128(
        u128::from(Dice::new(u64::from(index)).roll()) << 64 | u128::from(Dice::new(u64::from(index) + 7).roll()),
    ))
}

fn said(day: i64, points: &[f64]) -> Said {
    let score = Points::from_f64(points.iter().sum::<f64>() / points.len() as f64);
    Said {
        at: Timestamp(0).plus_days(day),
        score: Some(score),
        band: Some(Bands::default().band(score, None)),
        owner: None,
        card: CARD,
        points: points.iter().map(|points| Some(Points::from_f64(*points))).collect(),
    }
}

fn story(index: u32, said: Vec<Said>, churned: Option<i64>) -> Story {
    let churn = |day| Outcome { happened: Happened::Churned, at: Timestamp(0).plus_days(day), minor: 1_000 };
    Story { account: account(index), currency: Currency::USD, said, outcomes: churned.map(churn).into_iter().collect() }
}

/// Accounts over 24 months of which one in five leaves; the first measure falls 70 days before, the second is
/// noise of this width.
fn past(shuffled: bool, noise: f64) -> Vec<Story> {
    let mut dice = Dice::new(8);
    let leaving: Vec<Option<i64>> =
        (0..600).map(|index| (index % 5 == 0).then(|| 120 + (dice.share() * 760.0) as i64)).collect();
    let mut outcomes = leaving.clone();
    if shuffled {
        dice.shuffle(&mut outcomes);
    }
    (0..600)
        .map(|index| {
            let months = (0..29).map(|month| {
                let day = month * 30;
                let falls = leaving[index as usize].is_some_and(|churned| day > churned - 70);
                let signal = (if falls { 35.0 } else { 70.0 }) + 30.0 * (dice.share() - 0.5);
                said(day, &[signal, 70.0 + noise * (dice.share() - 0.5)])
            });
            story(index, months.collect(), outcomes[index as usize])
        })
        .collect()
}

fn card() -> Scorecard {
    let scale = Scale::Curve(vec![(0.0, 0.0), (100.0, 100.0)]);
    let measure = |key: &str, scale: &Scale| Measure::new(key, key, 1.0, key, scale.clone());
    let group =
        |key: &str| Group { key: key.into(), label: key.into(), weight: 1.0, measures: vec![measure(key, &scale)] };
    Scorecard { name: "Card".into(), groups: vec![group("signal"), group("noise")], ..Scorecard::default() }
}

fn without_luck(found: &BackTest) -> (f64, f64, f64) {
    let area = found.auc.unwrap();
    (area.low, area.value, area.high)
}

#[test]
fn a_planted_signal_is_found_with_its_lead() {
    let found = back_test(&past(false, 20.0), &TERMS);
    let (low, value, _) = without_luck(&found);
    assert!(low > 0.65 && value < 0.95, "{found:#?}");
    let lead = found.lead.unwrap();
    assert!((20..=90).contains(&lead.median), "{lead:?}");
    let at_risk = found.bands.iter().find(|at| at.band == Band::AtRisk).unwrap();
    assert!(at_risk.recall > 0.6 && at_risk.precision > 0.5, "{at_risk:?}");
    assert_eq!(found.losses, 120);
    assert_eq!(found.revenue[0].caught.minor + found.revenue[0].missed.minor, 120_000);
    assert!(found.calibration.len() == 10 && found.brier.unwrap() < 0.1);
}

#[test]
fn shuffled_outcomes_are_a_coin() {
    let (low, _, high) = without_luck(&back_test(&past(true, 60.0), &TERMS));
    assert!(low < 0.5 && high > 0.5, "{low} to {high}");
}

#[test]
fn the_future_is_not_looked_at() {
    // Lost on day 200 with moments before, within and after the horizon; one that nobody knows the end of.
    let lost = story(1, [0, 100, 120, 199, 200, 230].map(|day| said(day, &[20.0])).to_vec(), Some(200));
    let open = story(2, [0, 805, 811, 830].map(|day| said(day, &[80.0])).to_vec(), None);
    let found = back_test(&[lost.clone(), open], &TERMS);
    assert_eq!((found.left_out.lost, found.left_out.open, found.moments), (2, 2, 6));
    // Days 120 and 199 are followed by the loss within 90 days; 0 and 100 are not.
    assert_eq!((found.bands[2].moments, found.bands[2].precision), (4, 0.5));
    assert_eq!(found.lead.map(|lead| (lead.lower, lead.median, lead.losses)), Some((200, 200, 1)));
    assert!(found.auc.is_none(), "one loss is no evidence");
    let again = back_test(&[lost], &Terms { now: Timestamp(0).plus_days(200), ..TERMS });
    assert_eq!(again.left_out.open, 0, "a loss that has happened is known");
}

#[test]
fn weights_go_to_the_measure_that_falls_before_losses() {
    let found = suggest(CARD, &card(), &past(false, 60.0), &TERMS).unwrap();
    assert_eq!(found.weights[0].before, Points::from_f64(50.0));
    assert!(found.weights[0].after > Points::from_f64(85.0), "{:#?}", found.weights);
    assert_eq!(found.weights.iter().map(|weight| weight.after).sum::<Points>(), Points::FULL);
    assert!(found.is_better && found.after.value > found.before.value + 0.05, "{found:#?}");
    assert!(found.card.check().is_ok());
    assert!(found.card.groups[0].weight > 85.0);
}

#[test]
fn what_chance_has_made_is_not_called_better() {
    if let Ok(found) = suggest(CARD, &card(), &past(true, 60.0), &TERMS) {
        assert!(!found.is_better, "{found:#?}");
    }
}

#[test]
fn few_losses_suggest_nothing() {
    let few: Vec<Story> = past(false, 60.0).into_iter().take(100).collect();
    assert!(matches!(suggest(CARD, &card(), &few, &TERMS), Err(Unable::NotEnough { earlier, .. }) if earlier < 30));
    let one = Scorecard { groups: card().groups[..1].to_vec(), ..card() };
    assert_eq!(suggest(CARD, &one, &past(false, 60.0), &TERMS), Err(Unable::TooFewMeasures));
}

#[test]
fn outcomes_are_read_from_the_states_of_an_account() {
    let at = |day| Timestamp(0).plus_days(day);
    let mut states: Vec<(Timestamp, Standing)> = Vec::new();
    let mut account = Account::new(account(1), "Acme".into(), at(0));
    let mut then = |day: i64, change: &dyn Fn(&mut Account)| {
        change(&mut account);
        states.push((at(day), Standing::of(&account)));
    };
    then(0, &|account| (account.arr_minor, account.renewal_at) = (Some(10_000), Some(at(365))));
    then(90, &|account| account.arr_minor = Some(10_050));
    then(120, &|account| account.arr_minor = Some(12_000));
    then(360, &|account| account.renewal_at = Some(at(730)));
    then(400, &|account| account.arr_minor = Some(9_000));
    then(500, &|account| account.stage = Some("churned".into()));
    then(510, &|account| account.arr_minor = Some(0));
    let found: Vec<(Happened, i64, i64)> = outcomes(&states)
        .iter()
        .map(|outcome| (outcome.happened, outcome.at.days_since(at(0)), outcome.minor))
        .collect();
    assert_eq!(
        found,
        [
            (Happened::Expanded, 120, 1_950),
            (Happened::Renewed, 360, 12_000),
            (Happened::Downgraded, 400, 3_000),
            (Happened::Churned, 500, 9_000),
        ]
    );
}
