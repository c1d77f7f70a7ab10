//! Who may be one person, and what becomes of two contacts.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::record;
use crate::duplicates::contacts::{Known, candidates, choices, merged};
use crate::duplicates::{Reason, SHARED_MAX, same_email};
use crate::id::{AccountId, ContactId};

fn id(number: usize) -> ContactId {
    ContactId(Uuid::from_u128(number as u128 + 1))
}

fn known(number: usize, name: &str, email: &str) -> Known {
    let email = Some(email.to_owned()).filter(|email| !email.is_empty());
    Known { id: id(number), account: AccountId(Uuid::nil()), name: name.into(), email, others: Vec::new() }
}

/// Returns the groups as numbers of contacts, each with its kinds of reasons.
fn found(contacts: &[Known]) -> Vec<(Vec<u128>, Vec<Reason>)> {
    let numbers = |ids: Vec<ContactId>| ids.into_iter().map(|id| id.0.as_u128() - 1).collect();
    let kinds = |reasons: Vec<(Reason, String)>| reasons.into_iter().map(|(reason, _)| reason).collect();
    candidates(contacts).into_iter().map(|group| (numbers(group.ids), kinds(group.reasons))).collect()
}

#[test]
fn the_same_address_or_the_same_name_makes_candidates() {
    use Reason::{Email, Name};
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [Reason]);
    let cases: [Case<'_>; 12] = [
        (&[("Ann Lee", "ann@acme.com"), ("A. Lee", "ANN@Acme.com ")], &[Email]),
        (&[("Ann Lee", "ann@acme.com"), ("ann lee", "Ann@acme.com")], &[Email, Name]),
        (&[("Ann Lee", "ann@acme.com"), ("ANN  LEE", "")], &[Name]),
        (&[("Ann Lee", ""), ("Ann\u{a0}Lee ", "")], &[Name]),
        (&[("Zoë Müller", "zoe@acme.com"), ("Zoe Muller", "")], &[Name]),
        (&[("Zoe\u{308} Ł.", ""), ("Zoë L.", "")], &[Name]),
        (&[("İpek Şahin", ""), ("ipek sahin", "")], &[Name]),
        (&[("Ann Lee", "ann@acme.com"), ("Ann Lee", "lee@acme.com")], &[]),
        (&[("Ann Lee", "ann@acme.com"), ("Anna Lee", "")], &[]),
        (&[("Ann Lee", "ann@acme.com"), ("Bo Lee", "bo@acme.com")], &[]),
        (&[("A", ""), ("A", "")], &[]),
        (&[("李娜", ""), ("李娜", "")], &[Name]),
    ];
    for (people, reasons) in cases {
        let contacts: Vec<Known> =
            people.iter().enumerate().map(|(number, (name, email))| known(number, name, email)).collect();
        let expected: Vec<_> = (!reasons.is_empty()).then(|| (vec![0, 1], reasons.to_vec())).into_iter().collect();
        assert_eq!(found(&contacts), expected, "{people:?}");
    }
}

#[test]
fn people_of_two_accounts_are_two() {
    let mut contacts = [known(0, "Ann Lee", "ann@acme.com"), known(1, "Ann Lee", "ann@acme.com")];
    contacts[1].account = AccountId(Uuid::from_u128(7));
    assert!(found(&contacts).is_empty());
}

#[test]
fn nobody_guesses_which_of_two_namesakes_a_record_without_an_address_is() {
    let mut contacts = vec![known(0, "Ann", "ann@acme.com"), known(1, "Ann", "lee@acme.com"), known(2, "Ann", "")];
    assert!(found(&contacts).is_empty());
    contacts.push(known(3, "Ann", ""));
    assert_eq!(found(&contacts), [(vec![2, 3], vec![Reason::Name])]);
    contacts.push(known(4, "Ann", "Lee@acme.com"));
    assert_eq!(found(&contacts), [(vec![1, 4], vec![Reason::Email]), (vec![2, 3], vec![Reason::Name])]);
}

#[test]
fn those_whom_people_told_apart_and_what_very_many_share_make_none() {
    let mut contacts = [known(0, "Ann", ""), known(1, "Ann", ""), known(2, "Ann", "")];
    contacts[0].others = vec![id(1), id(2)];
    assert_eq!(found(&contacts), [(vec![1, 2], vec![Reason::Name])]);
    contacts[2].others = vec![id(1)];
    assert!(found(&contacts).is_empty());
    let many: Vec<Known> = (0..=SHARED_MAX).map(|number| known(number, "Reception", "")).collect();
    assert!(found(&many).is_empty());
    assert_eq!(found(&many[1..])[0].0.len(), SHARED_MAX);
}

#[test]
fn gaps_are_filled_and_the_later_touch_is_suggested() {
    let keep = record(json!({"name": "Ann Lee", "phone": "1", "email": "ann@acme.com", "last_touch_at": 5}));
    let gone =
        record(json!({"name": "ann lee", "title": "Boss", "email": "ANN@acme.com", "last_touch_at": 9, "left_at": 4}));
    let suggested = |keep, gone| {
        let found = choices(keep, gone).into_iter();
        found.map(|choice| (choice.key, choice.takes)).collect::<Vec<_>>()
    };
    let expected = [("name", false), ("title", true), ("last_touch_at", true), ("left_at", false)];
    assert_eq!(suggested(&keep, &gone), expected.map(|(key, takes)| (key.to_owned(), takes)));
    assert!(suggested(&gone, &keep).contains(&("last_touch_at".to_owned(), false)));
    let take = ["title".to_owned(), "last_touch_at".to_owned()];
    let both = merged(&keep, &gone, &take).unwrap();
    let expected =
        json!({"name": "Ann Lee", "phone": "1", "email": "ann@acme.com", "last_touch_at": 9, "title": "Boss"});
    assert_eq!(both, record(expected));
    assert!(merged(&keep, &gone, &["phone".to_owned()]).is_err(), "nothing is taken away");
    assert!(merged(&keep, &gone, &["account_id".to_owned()]).is_err());
}

#[test]
fn an_address_in_two_spellings_is_kept_in_small_letters() {
    let (small, large) = (record(json!({"email": "ann@acme.com"})), record(json!({"email": "Ann@acme.com"})));
    for (keep, gone) in [(&small, &large), (&large, &small)] {
        assert!(choices(keep, gone).is_empty());
        assert_eq!(merged(keep, gone, &[]).unwrap()["email"], "ann@acme.com");
    }
    let none = record(json!({}));
    assert_eq!(merged(&none, &small, &["email".to_owned()]).unwrap()["email"], "ann@acme.com");
    assert!(!merged(&none, &small, &[]).unwrap().contains_key("email"), "what was not wanted is not taken");
}

proptest! {
    #[test]
    fn no_group_holds_two_addresses_and_nobody_is_in_two(
        people in prop::collection::vec(("[ab]{2}", prop::option::of("[ab]@[ab]\\.de")), 0..30),
    ) {
        let contacts: Vec<Known> = people
            .iter()
            .enumerate()
            .map(|(number, (name, email))| known(number, name, email.as_deref().unwrap_or_default()))
            .collect();
        let by_id: BTreeMap<ContactId, &Known> = contacts.iter().map(|contact| (contact.id, contact)).collect();
        let groups = candidates(&contacts);
        let mut seen = BTreeSet::new();
        for group in &groups {
            prop_assert!(group.ids.len() > 1 && !group.reasons.is_empty());
            prop_assert!(group.ids.iter().all(|id| seen.insert(*id)));
            let addresses = group.ids.iter().filter_map(|id| same_email(by_id[id].email.as_deref()?));
            prop_assert!(addresses.collect::<BTreeSet<_>>().len() < 2);
        }
        let mut backwards = contacts.clone();
        backwards.reverse();
        prop_assert_eq!(groups, candidates(&backwards));
    }
}
