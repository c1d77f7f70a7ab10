use proptest::prelude::*;

use super::*;
use crate::advice::feedback::REASON_CHARS_MAX;

fn counts() -> impl Strategy<Value = Counts> {
    (0u32..30, 0u32..30, 0u32..30).prop_map(|(useful, not_useful, wrong)| Counts { useful, not_useful, wrong })
}

fn and(mut counts: Counts, verdict: Verdict) -> Counts {
    counts.add(verdict, 1);
    counts
}

proptest! {
    #[test]
    fn every_word_moves_the_factor_its_own_way(a in counts(), b in counts(), c in counts()) {
        let before = Usefulness::new(a, b, c);
        prop_assert!(before.factor > 0.0 && before.factor < 2.0);
        let at = |verdict, level: u8| match level {
            0 => Usefulness::new(and(a, verdict), b, c).factor,
            1 => Usefulness::new(a, and(b, verdict), c).factor,
            _ => Usefulness::new(a, b, and(c, verdict)).factor,
        };
        for level in 0..3 {
            prop_assert!(at(Verdict::Useful, level) > before.factor);
            prop_assert!(at(Verdict::NotUseful, level) < before.factor);
            prop_assert!(at(Verdict::Wrong, level) < at(Verdict::NotUseful, level));
        }
    }

    #[test]
    fn where_opinions_differ_those_that_are_nearer_weigh_more(n in 1u32..50) {
        let (yes, no) = (Counts { useful: n, ..Counts::default() }, Counts { not_useful: n, ..Counts::default() });
        let none = Counts::default();
        for (elsewhere, segment, account) in [(no, yes, none), (no, none, yes), (none, no, yes)] {
            prop_assert!(Usefulness::new(elsewhere, segment, account).factor > 1.0);
        }
        for (elsewhere, segment, account) in [(yes, no, none), (yes, none, no), (none, yes, no)] {
            prop_assert!(Usefulness::new(elsewhere, segment, account).factor < 1.0);
        }
    }
}

#[test]
fn nobody_said_anything() {
    let none = Usefulness::new(Counts::default(), Counts::default(), Counts::default());
    assert_eq!((none.factor, none.share, none.total()), (1.0, 0.5, 0));
}

#[test]
fn one_word_can_be_worked_out_by_hand() {
    let one = Usefulness::new(Counts::default(), Counts::default(), and(Counts::default(), Verdict::Useful));
    assert!((one.share - 3.0 / 5.0).abs() < 1e-12);
    let wrong = Usefulness::new(Counts::default(), Counts::default(), and(Counts::default(), Verdict::Wrong));
    assert!((wrong.share - 2.0 / 6.0).abs() < 1e-12);
}

#[test]
fn feedback_changes_the_order() {
    let mut story = Story::new(50.0, Band::Watch).with(Fact::PaymentsFailed, 1.0).with(Fact::OpenEscalations, 1.0);
    assert_eq!(story.keys(), ["payment_follow_up", "ticket_call"]);
    let account = Counts { wrong: 3, ..Counts::default() };
    story.said.insert("payment_follow_up".into(), Said { account, mine: Some(Verdict::Wrong), ..Said::default() });
    assert_eq!(story.keys(), ["ticket_call", "payment_follow_up"]);
    assert_eq!(story.option("payment_follow_up").mine, Some(Verdict::Wrong));
}

#[test]
fn what_is_wrong_needs_a_reason_and_an_action_that_exists() {
    let opinion = |action: &str, verdict, reason: &str| Opinion {
        account: AccountId(Uuid::from_u128(7)),
        alert: None,
        action: action.into(),
        verdict,
        reason: reason.into(),
    };
    assert_eq!(opinion("check_in", Verdict::Useful, "").check().unwrap(), "");
    assert_eq!(opinion("check_in", Verdict::Wrong, " They paid. ").check().unwrap(), "They paid.");
    assert!(opinion("check_in", Verdict::Wrong, "  ").check().is_err());
    assert!(opinion("sing", Verdict::Useful, "").check().is_err());
    assert!(opinion("check_in", Verdict::Useful, &"a".repeat(REASON_CHARS_MAX + 1)).check().is_err());
}

#[test]
fn what_was_rated_stays_where_it_is_shown() {
    let mut story = Story::new(50.0, Band::Watch).with(Fact::PaymentsFailed, 1.0).with(Fact::OpenEscalations, 1.0);
    let shown = story.look().0;
    let account = Counts { wrong: 3, ..Counts::default() };
    story.said.insert("payment_follow_up".into(), Said { account, mine: Some(Verdict::Wrong), ..Said::default() });
    let rated = ["payment_follow_up".to_owned()];
    let keys = |options: &[Recommendation]| options.iter().map(|one| one.action.clone()).collect::<Vec<_>>();
    let kept = in_place(&shown, story.look().0, &rated);
    assert_eq!(keys(&kept), ["payment_follow_up", "ticket_call"]);
    assert_eq!(kept[0].mine, Some(Verdict::Wrong), "what is new of it is shown");
    let gone = in_place(&shown, Vec::new(), &rated);
    assert_eq!(keys(&gone), ["payment_follow_up"], "it does not vanish from under its reader; the other does");
    assert_eq!(keys(&in_place(&shown[..1], story.look().0, &rated)), ["payment_follow_up", "ticket_call"]);
}
