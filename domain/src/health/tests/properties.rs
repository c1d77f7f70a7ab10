use proptest::prelude::*;

use crate::health::*;
use crate::time::Timestamp;

const MEASURES: usize = 6;
const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn key(place: usize) -> String {
    format!("m{place}")
}

fn policies() -> impl Strategy<Value = NullPolicy> {
    prop_oneof![
        Just(NullPolicy::Exclude),
        Just(NullPolicy::Neutral),
        Just(NullPolicy::Zero),
        (0u32..90).prop_map(|half_life_days| NullPolicy::CarryForward { half_life_days }),
    ]
}

fn weights() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(0.0), 9 => 0.001f64..100.0]
}

fn actions() -> impl Strategy<Value = Action> {
    (0u8..4, 0.0f64..100.0).prop_map(|(kind, points)| match kind {
        0 => Action::Cap(points),
        1 => Action::Floor(points),
        2 => Action::Set(points),
        _ => Action::Minus(points / 4.0),
    })
}

fn measures(place: usize) -> impl Strategy<Value = Measure> {
    (weights(), policies(), prop::option::of(1u32..60)).prop_map(move |(weight, null_policy, validity_days)| {
        let scale = Scale::curve(&[(0.0, 0.0), (33.0, 21.7), (100.0, 100.0)]);
        Measure { null_policy, validity_days, ..Measure::new(&key(place), "M", weight, &key(place), scale) }
    })
}

prop_compose! {
    fn cards()(
        all in (0..MEASURES).map(measures).collect::<Vec<_>>(),
        group_weights in prop::array::uniform3(weights()),
        rules in prop::collection::vec((0..MEASURES, 0.0f64..100.0, actions()), 0..4),
    ) -> Scorecard {
        let group = |(place, weight): (usize, f64)| Group {
            key: format!("g{place}"),
            label: "G".into(),
            weight,
            measures: all.iter().skip(place).step_by(3).cloned().collect(),
        };
        let exceptions = rules.into_iter().enumerate().map(|(place, (fact, least, action))| Exception {
            key: format!("e{place}"),
            label: "E".into(),
            when: Condition { fact: key(fact), op: Operator::AtLeast, value: least.into() },
            action,
        });
        Scorecard {
            name: "Any".into(),
            groups: group_weights.into_iter().enumerate().map(group).collect(),
            exceptions: exceptions.collect(),
            ..Scorecard::default()
        }
    }
}

prop_compose! {
    fn any_facts()(values in prop::collection::vec(prop::option::of((0.0f64..100.0, 0i64..120, any::<bool>())), MEASURES)) -> Facts {
        let mut facts = Facts::default();
        for (place, value) in values.into_iter().enumerate() {
            let Some((value, age_days, cleared)) = value else { continue };
            facts.observe(&key(place), NOW.plus_days(-age_days), value);
            if cleared && age_days % 5 == 0 {
                facts.observe(&key(place), NOW.plus_days(-age_days / 2), FactValue::Absent);
            }
        }
        facts
    }
}

fn overrides() -> impl Strategy<Value = Option<Override>> {
    prop::option::weighted(0.3, (0.0f64..100.0, -5i64..5)).prop_map(|manual| {
        manual.map(|(score, days)| Override {
            score,
            reason: "R".into(),
            author: "Maya".into(),
            until: NOW.plus_days(days),
        })
    })
}

fn score(card: &Scorecard, facts: &Facts, manual: Option<&Override>) -> Evaluation {
    evaluate(card, facts, &Context { override_: manual, ..Context::at(NOW) })
}

fn sum(steps: &[Step]) -> Points {
    steps.iter().map(|step| step.delta).sum()
}

proptest! {
    #[test]
    fn contributions_add_up_to_the_score(card in cards(), facts in any_facts(), manual in overrides()) {
        let evaluation = score(&card, &facts, manual.as_ref());
        let contributions: Points = evaluation.measures().map(|measure| measure.contribution).sum();
        prop_assert_eq!(contributions, evaluation.base.unwrap_or_default());
        let steps = waterfall(&evaluation);
        prop_assert_eq!(sum(&steps), evaluation.score.unwrap_or_default());
        prop_assert_eq!(steps.last().map_or(Points::ZERO, |step| step.total), evaluation.score.unwrap_or_default());
        for points in [evaluation.base, evaluation.computed, evaluation.score].into_iter().flatten() {
            prop_assert!((Points::ZERO..=Points::FULL).contains(&points));
        }
        prop_assert!((Points::ZERO..=Points::FULL).contains(&evaluation.coverage));
        prop_assert_eq!(evaluation.score.is_some(), evaluation.band.is_some());
    }

    #[test]
    fn weights_are_spread_over_what_counts(card in cards(), facts in any_facts()) {
        let evaluation = score(&card, &facts, None);
        let effective: Points = evaluation.measures().map(|measure| measure.effective).sum();
        prop_assert_eq!(effective, if evaluation.base.is_some() { Points::FULL } else { Points::ZERO });
        for group in &evaluation.groups {
            let parts: Points = group.measures.iter().map(|measure| measure.effective).sum();
            prop_assert_eq!(parts, group.effective);
            for measure in &group.measures {
                prop_assert!(measure.points.is_some() || !measure.counts());
                prop_assert_eq!(measure.points.is_none(), measure.state == MeasureState::Missing);
            }
        }
    }

    #[test]
    fn a_better_measure_never_lowers_the_score(
        mut card in cards(), facts in any_facts(), place in 0..MEASURES, low in 0.0f64..100.0, gain in 0.0f64..50.0,
    ) {
        card.exceptions.clear();
        let with = |value: f64| {
            let mut facts = facts.clone();
            facts.observe(&key(place), NOW, value);
            score(&card, &facts, None).score
        };
        prop_assert!(with(low + gain) >= with(low));
    }

    #[test]
    fn exceptions_form_a_chain_in_the_order_of_the_card(card in cards(), facts in any_facts()) {
        let evaluation = score(&card, &facts, None);
        let mut at = evaluation.base.unwrap_or_default();
        let mut order = card.exceptions.iter();
        for applied in &evaluation.exceptions {
            prop_assert!(order.any(|exception| exception.key == applied.key));
            prop_assert_eq!(applied.before, at);
            at = applied.after;
        }
        prop_assert_eq!(at, evaluation.computed.unwrap_or_default());
    }

    #[test]
    fn a_change_is_explained_to_the_last_micro_point(
        card in cards(), other in cards(), same_card in any::<bool>(),
        was in any_facts(), is in any_facts(), manual_then in overrides(), manual_now in overrides(),
    ) {
        let before = score(&card, &was, manual_then.as_ref());
        let after = score(if same_card { &card } else { &other }, &is, manual_now.as_ref());
        let difference = after.score.unwrap_or_default() - before.score.unwrap_or_default();
        let steps = explain_change(&before, &after);
        prop_assert_eq!(sum(&steps), difference);
        prop_assert!(steps.windows(2).all(|pair| pair[0].delta.abs() >= pair[1].delta.abs()));
        if let Some(last) = steps.last() {
            prop_assert_eq!(last.total, after.score.unwrap_or_default());
        }
        let summary = summarise_change(&before, &after);
        let named: Points = summary.causes.iter().map(|cause| cause.delta).sum();
        prop_assert_eq!(named + summary.rest, difference);
        prop_assert_eq!(explain_change(&after, &after), []);
    }

    #[test]
    fn noise_within_the_hysteresis_moves_an_account_at_most_once(start in 2.0f64..98.0, noise in prop::collection::vec(-0.99f64..0.99, 1..40)) {
        let bands = Bands::default();
        let mut band = bands.band(Points::from_f64(start), None);
        let mut moves = 0;
        for wobble in noise {
            let next = bands.band(Points::from_f64(start + wobble), Some(band));
            moves += u32::from(next != band);
            band = next;
        }
        prop_assert_eq!(moves, 0);
    }

    #[test]
    fn a_band_is_stable_once_taken(score in 0.0f64..100.0, previous in 0usize..4) {
        let (bands, score) = (Bands::default(), Points::from_f64(score));
        let band = bands.band(score, Some(Band::ALL[previous]));
        prop_assert_eq!(bands.band(score, Some(band)), band);
    }

    #[test]
    fn an_evaluation_is_the_same_after_storage(card in cards(), facts in any_facts(), manual in overrides()) {
        let evaluation = score(&card, &facts, manual.as_ref());
        let again: Evaluation = serde_json::from_str(&serde_json::to_string(&evaluation).unwrap()).unwrap();
        prop_assert_eq!(again.score, evaluation.score);
        prop_assert_eq!(waterfall(&again), waterfall(&evaluation));
    }

    #[test]
    fn parts_add_up_to_any_total(total in 0i64..1_000_000_000, weights in prop::collection::vec(0i64..i64::MAX, 0..20)) {
        let parts = apportion(Points(total), &weights);
        let sum: Points = parts.iter().copied().sum();
        let any_weight = weights.iter().any(|&weight| weight > 0);
        prop_assert_eq!(sum, if any_weight { Points(total) } else { Points::ZERO });
        prop_assert!(parts.iter().zip(&weights).all(|(part, &weight)| weight > 0 || *part == Points::ZERO));
    }
}
