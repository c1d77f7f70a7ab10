//! The laboratory finds the signal that is planted before losses, and finds none where chance has dealt the losses.

use std::collections::HashMap;

use domain::accounts::catalogue;
use domain::health::{
    FieldTimes, Group, Measure, Record, Scale, Scorecard, ScorecardVersion, available_facts, default_scorecard, keys,
};
use domain::id::ScorecardId;
use domain::lab::backtest::{Terms, back_test};
use domain::lab::chronicle::{Chronicle, Held, State};
use domain::lab::folds::Dice;
use domain::lab::replay::{Outcome, Replay, Standing, Story as Told, outcomes};
use domain::lab::suggest::suggest;
use domain::usage::UsageDay;

use super::super::accounts::Outline;
use super::*;
use crate::seeds::history::{States, of_contact, of_invoice, of_ticket};
use crate::subjects::document;

const ID: ScorecardId = ScorecardId(Uuid::from_u128(1));
const MONTHS: u32 = 24;
const TERMS: Terms = Terms { horizon_days: 150, downgrades: false, now: NOW };

/// All accounts of a portfolio that were lost, and every eighth of the others.
fn sampled() -> Vec<Story> {
    let options = options(2_000, Volume::Full);
    let numbers = (0..options.accounts)
        .filter(|number| Outline::of(&options, *number).plot == Plot::Churned || number.is_multiple_of(8));
    numbers.map(|number| tell(&options, number)).collect()
}

fn held<T: Clone>(states: &States<T>) -> Vec<Held<T>> {
    let ends = states.iter().skip(1).map(|(at, _)| *at).chain([Timestamp(i64::MAX)]);
    states.iter().zip(ends).map(|((from, state), until)| Held { from: *from, until, state: state.clone() }).collect()
}

fn always<T>(at: Timestamp, state: T) -> Held<T> {
    Held { from: at, ..Held::always(state) }
}

fn series(usage: &[UsageDay]) -> BTreeMap<String, Vec<(Timestamp, f64)>> {
    let mut metrics: BTreeMap<String, Vec<(Timestamp, f64)>> = BTreeMap::new();
    for day in usage {
        metrics.entry(day.metric.clone()).or_default().push((day.day, day.value));
    }
    metrics
}

fn chronicle(story: &Story, replay: &Replay) -> Chronicle {
    let happened: Vec<Timestamp> = story.activities.iter().map(|activity| activity.happened_at).collect();
    let state = |Held { from, until, state }: Held<domain::accounts::Account>| {
        let document = document(&state).unwrap();
        let times = FieldTimes::from([(String::new(), from)]);
        Held { from, until, state: State::of(&document, &times, replay.wanted()).unwrap() }
    };
    let standings: Vec<(Timestamp, Standing)> =
        story.states.iter().map(|(at, account)| (*at, Standing::of(account))).collect();
    let contacts = story.contacts.iter().enumerate();
    Chronicle {
        states: held(&story.states).into_iter().map(state).collect(),
        outcomes: outcomes(&standings),
        contacts: contacts.flat_map(|(place, one)| held(&of_contact(one, place == 0, &happened))).collect(),
        tickets: story.tickets.iter().flat_map(|ticket| held(&of_ticket(ticket))).collect(),
        surveys: story.responses.iter().map(|response| always(response.created_at, response.clone())).collect(),
        invoices: story.invoices.iter().flat_map(|invoice| held(&of_invoice(invoice))).collect(),
        touches: story.activities.iter().map(|one| always(one.created_at, one.happened_at)).collect(),
        usage: series(&story.usage),
        ..Chronicle::default()
    }
}

/// The scorecard that the demo begins with.
fn first_card(stories: &[Story]) -> Scorecard {
    let facts: Vec<_> = stories
        .iter()
        .map(|story| {
            let mut record = Record::new(story.account.clone());
            (record.usage, record.tickets) = (story.usage.clone(), story.tickets.clone());
            (record.surveys, record.invoices) = (story.responses.clone(), story.invoices.clone());
            record.contacts = story.contacts.clone();
            record.facts(NOW)
        })
        .collect();
    default_scorecard(&available_facts(&facts, &catalogue(), NOW))
}

fn replayed(stories: &[Story], card: &Scorecard) -> Vec<Told> {
    let version = ScorecardVersion { scorecard: ID, version: 1, card: card.clone(), published_at: None, revision: 1 };
    let replay = Replay::new(vec![vec![version]], HashMap::new(), MONTHS, NOW);
    stories.iter().filter_map(|story| replay.tell(&chronicle(story, &replay), |_, _, _| true).remove(0)).collect()
}

#[test]
fn the_laboratory_finds_what_is_planted_and_when() {
    let stories = sampled();
    let card = first_card(&stories);
    let told = replayed(&stories, &card);
    let found = suggest(ID, &card, &told, &TERMS).unwrap();
    let gains = found.weights.iter().max_by_key(|weight| weight.after - weight.before).unwrap();
    assert_eq!(gains.key, keys::ADOPTION_PCT, "{:#?}", found.weights);
    assert!(found.is_better, "{found:#?}");

    let adoption =
        Measure::new("adoption", "Adoption", 1.0, keys::ADOPTION_PCT, Scale::curve(&[(0.0, 0.0), (100.0, 100.0)]));
    let groups = vec![Group { key: "g".into(), label: "G".into(), weight: 1.0, measures: vec![adoption] }];
    let planted = back_test(&replayed(&stories, &Scorecard { groups, ..Scorecard::default() }), &TERMS);
    let before = back_test(&told, &TERMS);
    // Both are of the same accounts, so that their intervals overlap more than their difference is in doubt.
    assert!(planted.auc.unwrap().value > before.auc.unwrap().value, "{planted:#?} {before:#?}");
    // It falls within 45 days, sources report every 30 days, and moments are 30 days apart.
    let lead = planted.lead.unwrap();
    assert!((LOSS_SIGNAL_DAYS - 60..=LOSS_SIGNAL_DAYS).contains(&lead.median), "{lead:?}");
    assert!(before.lead.is_none_or(|late| late.median < lead.median), "{before:#?}");
}

#[test]
fn losses_that_chance_has_dealt_are_a_coin() {
    let stories = sampled();
    let told = replayed(&stories, &first_card(&stories));
    let mut chance = 0;
    for seed in 0..10 {
        let mut dealt: Vec<Vec<Outcome>> = told.iter().map(|story| story.outcomes.clone()).collect();
        Dice::new(seed).shuffle(&mut dealt);
        let shuffled: Vec<Told> =
            told.iter().zip(dealt).map(|(story, outcomes)| Told { outcomes, ..story.clone() }).collect();
        let area = back_test(&shuffled, &TERMS).auc.unwrap();
        chance += usize::from(area.low <= 0.5 && area.high >= 0.5);
    }
    // Of twenty intervals nineteen are right.
    assert!(chance >= 8, "{chance} of 10 intervals hold 0.5");
}
