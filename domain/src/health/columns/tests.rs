use proptest::prelude::*;
use uuid::Uuid;

use super::preview::evaluation;
use super::*;
use crate::health::{
    Action, Bands, Condition, Context, Evaluation, Exception, Group, NullPolicy, Operator, TenureScale, evaluate,
};

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const FACTS: usize = 5;

fn fact(place: usize) -> String {
    format!("f{place}")
}

fn modes() -> impl Strategy<Value = Mode> {
    prop_oneof![
        3 => Just(Mode::Absolute),
        1 => (1u32..60).prop_map(|days| Mode::Growth { days }),
        1 => (1u32..60).prop_map(|days| Mode::Trend { days }),
        1 => (1u32..60).prop_map(|days| Mode::OwnBaseline { days }),
    ]
}

fn policies() -> impl Strategy<Value = NullPolicy> {
    prop_oneof![
        Just(NullPolicy::Exclude),
        Just(NullPolicy::Neutral),
        Just(NullPolicy::Zero),
        (1u32..90).prop_map(|half_life_days| NullPolicy::CarryForward { half_life_days }),
    ]
}

fn scales() -> impl Strategy<Value = Scale> {
    prop_oneof![
        3 => (0.0f64..100.0).prop_map(|middle| Scale::curve(&[(0.0, 3.3), (33.0, middle), (100.0, 100.0)])),
        1 => prop::option::of(0.0f64..100.0).prop_map(|otherwise| Scale::choices(&[("Gold", 90.1), ("7", 20.0)], otherwise)),
    ]
}

prop_compose! {
    fn measures(place: usize)(
        weight in prop_oneof![1 => Just(0.0), 9 => 0.001f64..100.0], fact_at in 0..FACTS, scale in scales(), mode in modes(),
        null_policy in policies(), validity_days in prop::option::of(1u32..60), young in prop::option::of(scales()), season in any::<bool>(),
    ) -> Measure {
        let tenure = young.map(|scale| TenureScale { from_days: 0, to_days: Some(90), scale });
        Measure {
            mode, null_policy, validity_days, season, tenure: tenure.into_iter().collect(),
            ..Measure::new(&format!("m{place}"), "M", weight, &fact(fact_at), scale)
        }
    }
}

fn values() -> impl Strategy<Value = FactValue> {
    prop_oneof![
        4 => (-10.0f64..120.0).prop_map(FactValue::from),
        1 => prop::sample::select(vec!["gold", "silver", "7", "yes", " "]).prop_map(FactValue::from),
        1 => Just(FactValue::Absent),
    ]
}

prop_compose! {
    fn rules()(fact_at in 0..FACTS, op in prop::sample::select(vec![Operator::Less, Operator::AtLeast, Operator::Equal]),
        value in values(), points in 0.0f64..100.0, way in 0u8..4) -> (Condition, Action) {
        let action = match way { 0 => Action::Cap(points), 1 => Action::Floor(points), 2 => Action::Set(points), _ => Action::Minus(points) };
        (Condition { fact: fact(fact_at), op, value }, action)
    }
}

prop_compose! {
    fn cards()(measures in (0..6).map(measures).collect::<Vec<_>>(), weights in prop::array::uniform3(0.0f64..50.0),
        rules in prop::collection::vec(rules(), 0..4), watch_from in 36.0f64..74.0) -> Scorecard {
        let group = |(place, weight): (usize, f64)| Group {
            key: format!("g{place}"), label: "G".into(), weight, measures: measures.iter().skip(place).step_by(3).cloned().collect(),
        };
        let exceptions = rules.into_iter().enumerate();
        Scorecard {
            name: "Any".into(),
            groups: weights.into_iter().enumerate().map(group).collect(),
            exceptions: exceptions.map(|(place, (when, action))| Exception { key: format!("e{place}"), label: "E".into(), when, action }).collect(),
            bands: Bands { watch_from, ..Bands::default() },
            ..Scorecard::default()
        }
    }
}

/// What a test knows about an account.
#[derive(Clone, Debug)]
struct One {
    facts: Facts,
    manual: Option<Override>,
    before: Option<(Points, Band)>,
}

prop_compose! {
    fn accounts()(observed in prop::collection::vec((0..FACTS, 0i64..80, values()), 0..30), tenure_days in prop::option::of(0i64..200),
        manual in prop::option::weighted(0.2, (0.0f64..100.0, -3i64..3)), before in prop::option::of((0i64..100_000_000, 0usize..4))) -> One {
        let mut facts = Facts { tenure_days, ..Facts::default() };
        for (place, days, value) in observed {
            facts.observe(&fact(place), NOW.plus_days(-days), value);
        }
        let manual = manual.map(|(score, days)| Override { score, reason: "R".into(), author: "Maya".into(), until: NOW.plus_days(days) });
        One { facts, manual, before: before.map(|(score, band)| (Points(score), Band::ALL[band])) }
    }
}

fn season() -> SeasonProfile {
    let mut season = SeasonProfile::flat("venue");
    for (week, index) in season.weekly.iter_mut().enumerate() {
        *index = 0.5 + week as f64 / 40.0;
    }
    season
}

fn fill(card: &Scorecard, all: &[One], season: &SeasonProfile) -> PortfolioColumns {
    let mut columns = PortfolioColumns::new(card, NOW);
    for (place, one) in all.iter().enumerate() {
        let (score, band) = one.before.unzip();
        let id = AccountId(Uuid::from_u128(place as u128));
        let (facts, override_) = (&one.facts, one.manual.as_ref());
        columns.push(&AccountFacts {
            id,
            name: "A",
            arr_minor: 100,
            band,
            score,
            override_,
            season: Some(season),
            facts,
        });
    }
    columns
}

fn on_full_facts(card: &Scorecard, one: &One, season: &SeasonProfile) -> Evaluation {
    let previous_band = one.before.map(|(_, band)| band);
    let context = Context { now: NOW, override_: one.manual.as_ref(), previous_band, season: Some(season) };
    evaluate(card, &one.facts, &context)
}

proptest! {
    #[test]
    fn columns_give_the_same_evaluation_as_the_facts(card in cards(), all in prop::collection::vec(accounts(), 1..6)) {
        let season = season();
        let columns = fill(&card, &all, &season);
        let columns: PortfolioColumns = serde_json::from_str(&serde_json::to_string(&columns).unwrap()).unwrap();
        prop_assert!(columns.suffice(&card));
        let mut compiled = compiled::Compiled::new(&columns, &card, NOW).unwrap();
        for (place, one) in all.iter().enumerate() {
            let expected = on_full_facts(&card, one, &season);
            prop_assert_eq!(&evaluation(&columns, &card, place, NOW), &expected);
            prop_assert_eq!(compiled.score(place, None).0, expected.computed);
        }
    }

    #[test]
    fn a_preview_counts_what_evaluations_say(card in cards(), all in prop::collection::vec(accounts(), 1..30)) {
        let season = season();
        let preview = preview(&fill(&card, &all, &season), &card, NOW);
        let evaluations: Vec<Evaluation> = all.iter().map(|one| on_full_facts(&card, one, &season)).collect();
        let scores: Vec<Points> = evaluations.iter().filter_map(|evaluation| evaluation.score).collect();
        prop_assert_eq!(preview.accounts as usize, all.len());
        prop_assert_eq!((preview.scored_after as usize, preview.sum_after), (scores.len(), scores.iter().copied().sum()));
        for band in Band::ALL {
            let expected = evaluations.iter().filter(|evaluation| evaluation.band == Some(band)).count();
            prop_assert_eq!(preview.by_band_after[usize::from(band.order())] as usize, expected);
        }
        let moved: u32 = preview.moves.iter().flatten().map(|moved| moved.accounts).sum();
        let both = all.iter().zip(&evaluations).filter(|(one, evaluation)| one.before.is_some() && evaluation.band.is_some());
        prop_assert_eq!(moved as usize, both.count());
        let mut deltas: Vec<Points> = all.iter().zip(&evaluations)
            .filter_map(|(one, evaluation)| Some((evaluation.score? - one.before?.0).abs()))
            .filter(|delta| *delta > Points::ZERO).collect();
        deltas.sort_by(|a, b| b.cmp(a));
        deltas.truncate(MOVERS);
        let told: Vec<Points> = preview.movers.iter().map(|mover| (mover.after - mover.before).abs()).collect();
        prop_assert_eq!(told, deltas);
    }

    #[test]
    fn a_portfolio_in_steps_is_the_same_as_in_one(card in cards(), all in prop::collection::vec(accounts(), 2..40), cut in 1usize..20) {
        let season = season();
        let whole = fill(&card, &all, &season);
        let mut rest = PortfolioColumns::new(&card, NOW);
        for (place, one) in all.iter().enumerate().skip(cut) {
            let (score, band) = one.before.unzip();
            let id = AccountId(Uuid::from_u128(place as u128));
            rest.push(&AccountFacts {
                id, name: "A", arr_minor: 100, band, score, override_: one.manual.as_ref(), season: Some(&season), facts: &one.facts,
            });
        }
        let mut sum = preview(&fill(&card, &all[..cut.min(all.len())], &season), &card, NOW);
        sum.add(preview(&rest, &card, NOW));
        prop_assert_eq!(sum, preview(&whole, &card, NOW));
    }
}

#[test]
fn a_new_fact_or_mode_needs_new_columns_and_nothing_else_does() {
    let measure = Measure::new("m", "M", 1.0, "nps", Scale::curve(&[(0.0, 0.0)]));
    let group = Group { key: "g".into(), label: "G".into(), weight: 1.0, measures: vec![measure] };
    let card = Scorecard { groups: vec![group], ..Scorecard::default() };
    let columns = PortfolioColumns::new(&card, NOW);
    let with = |change: fn(&mut Scorecard)| {
        let mut card = card.clone();
        change(&mut card);
        columns.suffice(&card)
    };
    assert!(with(|card| card.groups[0].measures[0].weight = 9.0));
    assert!(with(|card| card.groups[0].measures[0].validity_days = Some(9)));
    assert!(with(|card| card.bands.watch_from = 60.0));
    assert!(!with(|card| card.groups[0].measures[0].source = Source::Fact("csat".into())));
    assert!(!with(|card| card.groups[0].measures[0].mode = Mode::Growth { days: 30 }));
    assert!(!with(|card| card.groups[0].measures[0].season = true));
    assert!(!with(|card| card.applies_to = "tier = pro".into()));
    assert!(!with(|card| card.priority = 1));
}

#[test]
fn words_and_numbers_of_a_fact_are_told_for_the_distribution() {
    let measure = Measure::new("m", "M", 1.0, "plan", Scale::curve(&[(0.0, 0.0)]));
    let group = Group { key: "g".into(), label: "G".into(), weight: 1.0, measures: vec![measure.clone()] };
    let card = Scorecard { groups: vec![group], ..Scorecard::default() };
    let values = [Some("gold".into()), None, Some(FactValue::from(4.5)), Some("silver".into()), Some("gold".into())];
    let all = values.map(|value| {
        let mut facts = Facts::default();
        value.into_iter().for_each(|value: FactValue| facts.observe("plan", NOW, value));
        One { facts, manual: None, before: None }
    });
    let columns = fill(&card, &all, &season());
    assert_eq!(columns.numbers(&measure), Some(vec![4.5]));
    assert_eq!(columns.words(&measure), Some(vec![("gold".into(), 2), ("silver".into(), 1)]));
    assert_eq!(columns.numbers(&Measure { season: true, ..measure }), None);
}

#[test]
fn ten_thousand_accounts_are_few_enough_to_send() {
    let measure = |place: usize| Measure {
        validity_days: Some(30),
        ..Measure::new(
            &format!("m{place}"),
            "M",
            5.0,
            &format!("f{place}"),
            Scale::curve(&[(0.0, 0.0), (40.0, 55.5), (100.0, 100.0)]),
        )
    };
    let group = |place: usize| Group {
        key: format!("g{place}"),
        label: "G".into(),
        weight: 10.0,
        measures: (place * 4..place * 4 + 4).map(measure).collect(),
    };
    let card = Scorecard { groups: (0..3).map(group).collect(), ..Scorecard::default() };
    let all: Vec<One> = (0..10_000u32)
        .map(|account| {
            let mut facts = Facts::default();
            for place in (0..12u32).filter(|place| (account + place) % 7 != 0) {
                facts.observe(
                    &format!("f{place}"),
                    NOW.plus_days(-i64::from(account % 50)),
                    f64::from((account * 31 + place * 17) % 1000) / 9.7,
                );
            }
            One { facts, manual: None, before: Some((Points::from_f64(50.0), Band::AtRisk)) }
        })
        .collect();
    let columns = fill(&card, &all, &season());
    let bytes = serde_json::to_string(&columns).unwrap().len();
    let preview = preview(&columns, &card, NOW);
    assert_eq!((preview.accounts, preview.movers.len()), (10_000, MOVERS));
    assert!(bytes < 4_000_000, "{bytes}");
}
