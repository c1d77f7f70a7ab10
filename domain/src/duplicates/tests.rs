//! Who may be one customer, and what becomes of two records.

mod contacts;

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Known, Reason, SHARED_MAX, candidates, choices, merged};
use crate::accounts::catalogue;
use crate::id::AccountId;

fn id(number: usize) -> AccountId {
    AccountId(Uuid::from_u128(number as u128 + 1))
}

fn known(number: usize, name: &str, domain: &str) -> Known {
    let domain = Some(domain.to_owned()).filter(|domain| !domain.is_empty());
    Known { id: id(number), name: name.into(), domain, parent: None, others: Vec::new() }
}

/// The accounts of a group by their numbers, and why they are one.
type Found = (Vec<u128>, Vec<(Reason, String)>);

/// Returns the groups as numbers of accounts with their reasons.
fn found(accounts: &[Known], emails: &[(String, AccountId)]) -> Vec<Found> {
    let numbers = |ids: Vec<AccountId>| ids.into_iter().map(|id| id.0.as_u128() - 1).collect();
    candidates(accounts, emails).into_iter().map(|group| (numbers(group.ids), group.reasons)).collect()
}

#[test]
fn accounts_that_share_a_name_a_domain_or_a_person_are_candidates() {
    let accounts = [
        known(0, "Acme GmbH & Co. KG", "https://www.acme.com/about"),
        known(1, "ACME, Inc.", ""),
        known(2, "Something else", "acme.com"),
        known(3, "Blue", "blue.org"),
        known(4, "Red", "red.org"),
        known(5, "Green", "gmail.com"),
        known(6, "Yellow", "gmail.com"),
    ];
    let emails = [("Ann@blue.org".to_owned(), id(3)), ("ann@Blue.org ".to_owned(), id(4))];
    let groups = found(&accounts, &emails);
    assert_eq!(
        groups,
        [
            (vec![0, 1, 2], vec![(Reason::Domain, "acme.com".to_owned()), (Reason::Name, "acme".to_owned())]),
            (vec![3, 4], vec![(Reason::Email, "ann@blue.org".to_owned())]),
        ]
    );
}

#[test]
fn families_and_those_that_people_told_apart_are_none() {
    let mut accounts = [known(0, "Acme", ""), known(1, "Acme", ""), known(2, "Acme", "")];
    accounts[1].parent = Some(id(0));
    assert_eq!(found(&accounts, &[])[0].0, [0, 1, 2], "the third may be either");
    accounts[2].others = vec![id(0), id(1)];
    assert!(found(&accounts, &[]).is_empty());
    accounts[2].others = vec![id(0)];
    assert_eq!(found(&accounts, &[])[0].0, [1, 2]);
    let sisters = [0, 1].map(|number| Known { parent: Some(id(7)), ..known(number, "Acme", "") });
    assert!(found(&sisters, &[]).is_empty());
}

#[test]
fn what_very_many_share_tells_nothing() {
    let many: Vec<Known> = (0..=SHARED_MAX).map(|number| known(number, "Shop", "")).collect();
    assert!(found(&many, &[]).is_empty());
    assert_eq!(found(&many[1..], &[])[0].0.len(), SHARED_MAX);
}

#[test]
fn a_hundred_thousand_accounts_are_compared_without_their_pairs() {
    let accounts: Vec<Known> =
        (0..100_000).map(|number| known(number, &format!("Name {}", number / 2), &format!("d{number}.org"))).collect();
    let began = std::time::Instant::now();
    let groups = candidates(&accounts, &[]);
    assert_eq!(groups.len(), 50_000);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

fn record(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn what_differs_is_chosen_and_gaps_are_filled() {
    let keep =
        record(json!({"name": "Acme", "external_id": "1", "currency": "EUR", "tier": "pro", "custom": {"a": 1}}));
    let gone =
        record(json!({"name": "ACME", "external_id": "2", "currency": "EUR", "country": "Norway", "custom": {}}));
    let offered = choices(&keep, &gone, &catalogue());
    let keys: Vec<(&str, bool)> = offered.iter().map(|choice| (choice.key.as_str(), choice.takes)).collect();
    assert_eq!(keys, [("name", false), ("country", true)]);
    let both = merged(&keep, &gone, &["country".to_owned()], &catalogue()).unwrap();
    assert_eq!(
        (&both["name"], &both["country"], &both["external_id"]),
        (&json!("Acme"), &json!("Norway"), &json!("1"))
    );
    assert!(merged(&keep, &gone, &["external_id".to_owned()], &catalogue()).is_err());
    assert!(merged(&keep, &gone, &["tier".to_owned()], &catalogue()).is_err(), "nothing is taken away");
}

#[test]
fn amounts_and_their_currency_stay_together() {
    let keep = record(json!({"name": "A", "currency": "EUR", "arr_minor": 100}));
    let gone = record(json!({"name": "A", "currency": "USD", "mrr_minor": 7, "arr_minor": 84}));
    let take = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        merged(&keep, &gone, &keys, &catalogue()).is_ok()
    };
    assert!(take(&[]) && take(&["currency", "arr_minor"]) && take(&["currency", "arr_minor", "mrr_minor"]));
    assert!(!take(&["currency"]) && !take(&["arr_minor"]) && !take(&["mrr_minor"]));
    assert!(choices(&keep, &gone, &catalogue()).iter().all(|choice| !choice.takes), "nothing mixed is suggested");
}

proptest! {
    #[test]
    fn no_account_is_in_two_groups_and_every_group_has_a_reason(
        names in prop::collection::vec("[a-c]{2}( (Ltd|GmbH|co))?", 0..40),
        domains in prop::collection::vec("[a-c]\\.(de|com)", 40),
    ) {
        let accounts: Vec<Known> =
            names.iter().zip(&domains).enumerate().map(|(number, (name, domain))| known(number, name, domain)).collect();
        let groups = candidates(&accounts, &[]);
        let mut seen = BTreeSet::new();
        for group in &groups {
            prop_assert!(group.ids.len() > 1 && !group.reasons.is_empty());
            prop_assert!(group.ids.iter().all(|account| seen.insert(*account)));
        }
        let mut backwards = accounts.clone();
        backwards.reverse();
        prop_assert_eq!(groups, candidates(&backwards, &[]));
    }
}
