use proptest::prelude::*;

use super::*;
use crate::activities::Activity;
use crate::advice::timing::{Channel, Moment, Seen, of_account, timing};
use crate::id::ActivityId;

/// Monday at midnight, UTC.
const MONDAY: Timestamp = Timestamp(20_780 * DAY_MS);

fn at(weekday: i64, hour: i64) -> Timestamp {
    Timestamp(MONDAY.plus_days(weekday - 70).0 + hour * 3_600_000 + 60_000)
}

fn moment(at: Timestamp, contact: Option<ContactId>) -> Moment {
    Moment { at, channel: Some(Channel::Call), contact }
}

fn activity(kind: &str, body: &str, happened_at: Timestamp) -> Activity {
    Activity {
        id: ActivityId(Uuid::from_u128(3)),
        version: 1,
        account_id: AccountId(Uuid::from_u128(7)),
        kind: kind.into(),
        body: body.into(),
        happened_at,
        author_id: None,
        created_at: happened_at,
        updated_at: happened_at,
    }
}

#[test]
fn nothing_known_is_working_hours_and_says_so() {
    let none = timing(&Moments::default(), None, NOW);
    assert_eq!((none.seen, none.channels_seen, none.zone), (Seen::default(), Seen::default(), None));
    assert!(none.times[0].weekday < 5 && (9..18).contains(&none.times[0].from_hour));
    assert_eq!(none.channels[0].0, Channel::Email);
}

#[test]
fn one_observation_moves_the_answer_but_does_not_rule_it() {
    let ada = contact(1, "Ada Berg", "champion");
    let before = timing(&Moments::default(), Some(&ada), NOW);
    let moments = Moments { account: vec![moment(at(3, 15), Some(ada.id))], segment: Vec::new() };
    let after = timing(&moments, Some(&ada), NOW);
    assert_eq!(after.seen, Seen { contact: 1, account: 0, segment: 0 });
    let best = after.times[0];
    assert_eq!((best.weekday, best.from_hour), (3, 15));
    assert!(best.share > before.times[0].share && best.share < 0.5, "{best:?}");
    let by_hand = (6.0 * before.times[0].share + 1.0) / 7.0;
    assert!((best.share - by_hand).abs() < 1e-12);
    assert_eq!(after.channels[0].0, Channel::Call);
    assert!((after.channels[0].1 - (4.0 * 0.35 + 1.0) / 5.0).abs() < 1e-12);
}

proptest! {
    #[test]
    fn more_of_the_same_is_believed_more_and_never_wholly(n in 1usize..200, weekday in 0i64..7, block in 0i64..8) {
        let ada = contact(1, "Ada Berg", "champion");
        let hour = block * 3;
        let share = |n: usize| {
            let moments = Moments { account: vec![moment(at(weekday, hour), Some(ada.id)); n], segment: Vec::new() };
            let found = timing(&moments, Some(&ada), NOW);
            let here = |slot: &&crate::advice::timing::TimeSlot| (i64::from(slot.weekday), i64::from(slot.from_hour)) == (weekday, hour);
            (found.times.iter().find(here).map_or(0.0, |slot| slot.share), found.seen.contact)
        };
        let (less, (more, seen)) = (share(n).0, share(n + 1));
        prop_assert!(more > less && more < 1.0);
        prop_assert_eq!(seen as usize, n + 1);
    }
}

#[test]
fn the_contact_goes_before_the_account_and_the_account_before_the_segment() {
    let ada = contact(1, "Ada Berg", "champion");
    let segment = vec![moment(at(0, 9), None); 50];
    let best = |moments: &Moments, contact: Option<&Contact>| timing(moments, contact, NOW).times[0].weekday;
    let mut moments = Moments { account: Vec::new(), segment };
    assert_eq!(best(&moments, Some(&ada)), 0);
    moments.account.extend(vec![moment(at(2, 12), None); 12]);
    assert_eq!(best(&moments, Some(&ada)), 2);
    moments.account.extend(vec![moment(at(4, 15), Some(ada.id)); 12]);
    assert_eq!(best(&moments, Some(&ada)), 4);
    let found = timing(&moments, Some(&ada), NOW);
    assert_eq!(found.seen, Seen { contact: 12, account: 12, segment: 50 });
}

#[test]
fn hours_are_those_of_the_contact() {
    let mut ada = contact(1, "Ada Berg", "champion");
    ada.time_zone = Some("Asia/Tokyo".into());
    let moments = Moments { account: vec![moment(at(1, 1), Some(ada.id)); 9], segment: Vec::new() };
    let found = timing(&moments, Some(&ada), NOW);
    assert_eq!((found.times[0].weekday, found.times[0].from_hour), (1, 9), "one at night here is ten there");
    assert_eq!(found.zone.as_deref(), Some("Asia/Tokyo"));
    // It is Tuesday noon here: their Tuesday morning comes again in a week, at midnight here.
    assert_eq!(found.next_at, Some(MONDAY.plus_days(8)));
    ada.time_zone = Some("Nowhere/Land".into());
    assert_eq!(timing(&moments, Some(&ada), NOW).zone, None);
}

#[test]
fn mails_count_once_they_are_answered_and_notes_never() {
    let signs = [NOW];
    let list = [
        activity("email", "Asked.", NOW.plus_days(-40)),
        activity("email", "Asked again.", NOW.plus_days(-3)),
        activity("note", "Thought about them.", NOW.plus_days(-2)),
        activity("call", "Spoke with Ada Berg.", NOW.plus_days(-20)),
    ];
    let ada = contact(1, "Ada Berg", "champion");
    let found = of_account(&list, &signs, std::slice::from_ref(&ada));
    let channels: Vec<_> = found.iter().map(|one| (one.channel, one.contact.is_some())).collect();
    assert_eq!(channels, [(Some(Channel::Email), false), (Some(Channel::Call), true), (None, false)]);
}

#[test]
fn a_date_without_a_time_says_nothing_of_the_hour() {
    let moments = Moments { account: vec![moment(MONDAY, None)], segment: Vec::new() };
    let found = timing(&moments, None, NOW);
    assert_eq!((found.seen.total(), found.channels_seen.total()), (0, 1));
}

#[test]
fn the_last_touch_of_a_contact_is_a_moment_of_theirs() {
    let mut ada = contact(1, "Ada Berg", "champion");
    ada.last_touch_at = Some(NOW.plus_days(-20));
    let call = [activity("call", "A good talk.", NOW.plus_days(-20))];
    let found = of_account(&call, &[], std::slice::from_ref(&ada));
    assert_eq!(found.len(), 1, "the call and the touch are one");
    assert_eq!(found[0].contact, Some(ada.id));
    assert_eq!(of_account(&[], &[], &[ada]).len(), 1);
}
