//! Value delivered: alerts held against who left, from the log alone, on both engines.

use db::{Error, accounts, alerts, health, subjects, value};
use domain::accounts::Account;
use domain::alerts::Step;
use domain::alerts::list::{AlertQuery, Shelf};
use domain::refusal::Refusal;
use domain::time::DAY_MS;
use domain::value::Value;
use serde_json::json;

use crate::support::{self, TestDb};

async fn delivered(t: &TestDb) -> Value {
    value::delivered(&mut t.read(&t.viewer).await, 90).await.unwrap()
}

async fn paying(t: &TestDb, name: &str) -> Account {
    t.account_with(name, |account| account.arr_minor = Some(120_000)).await
}

async fn leaves(t: &TestDb, account: &Account) {
    let mut tx = t.write(&t.csm).await;
    let version = accounts::get(&mut tx, account.id).await.unwrap().version;
    accounts::edit(&mut tx, account.id, version, "stage", json!("churned")).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn who_left_is_held_against_what_was_told_of_them() {
    for t in support::databases().await {
        assert!(delivered(&t).await.is_empty(), "{t:?}: nothing happened yet");
        let (acme, blue, crag) = (paying(&t, "Acme").await, paying(&t, "Blue").await, paying(&t, "Crag").await);
        for account in [&acme, &blue] {
            t.create(&crate::alerts::escalated(account.id)).await;
        }
        health::catch_up(&t.db, t.workspace).await.unwrap();
        alerts::catch_up(&t.db, t.workspace).await.unwrap();
        let query = AlertQuery { shelf: Shelf::Open, limit: 50, ..AlertQuery::default() };
        let open = alerts::list(&mut t.read(&t.viewer).await, &query).await.unwrap().rows;
        let of_blue = open.iter().find(|row| row.alert.account_id == Some(blue.id)).unwrap().alert.id;
        t.clock.advance(DAY_MS / 2);
        let mut tx = t.write(&t.csm).await;
        alerts::step(&mut tx, of_blue, &Step::Acknowledge).await.unwrap();
        tx.commit().await.unwrap();
        t.clock.advance(40 * DAY_MS);
        for account in [&acme, &crag] {
            leaves(&t, account).await;
        }
        let found = delivered(&t).await;
        let warning = &found.warning.0;
        assert_eq!((warning.left, warning.warned, warning.early), (2, 1, 1), "{t:?}: {found:?}");
        assert_eq!((warning.annual[0].minor, warning.early_annual[0].minor), (240_000, 120_000), "{t:?}");
        let left: Vec<(&str, Option<i64>)> =
            found.departures.iter().map(|left| (left.name.as_str(), left.days)).collect();
        assert!(left.contains(&("Acme", warning.middle_days)) && left.contains(&("Crag", None)), "{t:?}: {left:?}");
        assert_eq!((found.pace.0.seen, found.pace.0.within_day), (1, 1), "{t:?}");
        assert_eq!(found.pace.0.told as usize, open.len(), "{t:?}");
        // A customer whose record is deleted later still left, without a name.
        let mut tx = t.write(&t.csm).await;
        let gone = accounts::get(&mut tx, crag.id).await.unwrap();
        subjects::remove(&mut tx, &gone).await.unwrap();
        tx.commit().await.unwrap();
        let found = delivered(&t).await;
        assert_eq!(found.warning.0.left, 2, "{t:?}");
        assert!(found.departures.iter().any(|left| left.account == crag.id && left.name.is_empty()), "{t:?}");
    }
}

#[tokio::test]
async fn nobody_sees_what_another_workspace_lost_and_stretches_are_those_offered() {
    for t in support::databases().await {
        let acme = paying(&t, "Acme").await;
        t.clock.advance(DAY_MS);
        leaves(&t, &acme).await;
        assert_eq!(delivered(&t).await.warning.0.left, 1, "{t:?}");
        let other = t.other_workspace().await;
        let theirs = value::delivered(&mut t.read(&other).await, 90).await.unwrap();
        assert!(theirs.is_empty() && theirs.departures.is_empty(), "{t:?}: {theirs:?}");
        let refused = value::delivered(&mut t.read(&t.viewer).await, 91).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {refused:?}");
    }
}
