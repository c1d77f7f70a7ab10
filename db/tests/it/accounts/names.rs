//! Names of people and accounts in filters, in the grid and in scorecards.

use db::{accounts, health};
use domain::accounts::{AccountPage, AccountQuery};
use domain::identity::Actor;
use serde_json::json;

use crate::cards::{card, put_into_force};
use crate::support::{self, TestDb};

/// Asks in a transaction and twice from outside, where the second answer is made from what was kept.
async fn names(t: &TestDb, actor: &Actor, filter: &str) -> Vec<String> {
    let query = AccountQuery { filter: filter.to_owned(), sort: "name".into(), limit: 50, offset: 0 };
    let read = accounts::page(&mut t.read(actor).await, &query).await.unwrap();
    for _ in 0..2 {
        let text = accounts::page_text(&t.db, actor, &query).await.unwrap();
        assert_eq!(serde_json::from_str::<AccountPage>(&text).unwrap(), read, "{t:?}: {filter}");
    }
    read.rows.into_iter().map(|row| row.account.name).collect()
}

#[tokio::test]
async fn a_parent_is_found_by_its_name_or_external_id() {
    for t in support::databases().await {
        let acme = t.account_with("Acme", |account| account.external_id = Some("A-1".into())).await.id;
        let twins = [t.account("Twin").await.id, t.account("TWIN").await.id];
        t.account_with("A child", |account| account.parent_id = Some(acme)).await;
        for (place, twin) in twins.into_iter().enumerate() {
            t.account_with(&format!("Twin child {place}"), |account| account.parent_id = Some(twin)).await;
        }
        let all = |filter| names(&t, &t.viewer, filter);
        for filter in ["parent_id = \"Acme\"", "parent = acme", "parent is \"A-1\"", "parent in (nobody, ACME)"] {
            assert_eq!(all(filter).await, ["A child"], "{t:?}: {filter}");
        }
        assert_eq!(all("parent = twin").await, ["Twin child 0", "Twin child 1"], "{t:?}: all that are called so");
        assert_eq!(all("parent != twin and parent is not empty").await, ["A child"], "{t:?}");
        assert_eq!(all("not parent = acme and name contains child").await.len(), 2, "{t:?}");
        assert_eq!(all("parent = \"Acm\"").await, Vec::<String>::new(), "{t:?}: the whole name");
        let mut tx = t.write(&t.csm).await;
        let version = accounts::get(&mut tx, acme).await.unwrap().version;
        accounts::edit(&mut tx, acme, version, "name", json!("Apex")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(all("parent = acme").await, Vec::<String>::new(), "{t:?}: nobody is called so any more");
        assert_eq!(all("parent = apex").await, ["A child"], "{t:?}");
        let stranger = t.other_workspace().await;
        assert_eq!(names(&t, &stranger, "parent = apex").await, Vec::<String>::new(), "{t:?}");
    }
}

#[tokio::test]
async fn a_scorecard_for_somebodys_accounts_scores_them() {
    for t in support::databases().await {
        let of_maya = |account: &mut domain::accounts::Account| {
            account.adoption_pct = Some(50.0);
            account.owner_id = t.manager.user;
        };
        let hers = t.account_with("Hers", of_maya).await.id;
        let below =
            t.account_with("Below", |account| (account.adoption_pct, account.parent_id) = (Some(50.0), Some(hers)));
        let below = below.await.id;
        let mut tx = t.write(&t.manager).await;
        for (filter, points) in [("owner = Maya", 20.0), ("parent = hers", 30.0)] {
            let mut card = card(points);
            (card.applies_to, card.priority) = (filter.into(), 5);
            put_into_force(&mut tx, None, card).await;
        }
        tx.commit().await.unwrap();
        health::catch_up(&t.db, t.workspace).await.unwrap();
        let score = async |id| {
            let row = accounts::row(&mut t.read(&t.viewer).await, id).await.unwrap();
            row.health.unwrap().score.as_f64()
        };
        assert_eq!((score(hers).await, score(below).await), (20.0, 30.0), "{t:?}");
        let reach = health::reach(&mut t.read(&t.manager).await, None, "owner = maya", 9).await.unwrap();
        assert_eq!((reach.matching, reach.scored), (1, 1), "{t:?}: the editor counts the same");
        let columns = health::columns(&mut t.read(&t.manager).await, None, &by_maya(), 9).await.unwrap();
        assert_eq!(columns.ids, [hers], "{t:?}: and shows them");
    }
}

fn by_maya() -> domain::health::Scorecard {
    let mut card = card(40.0);
    (card.applies_to, card.priority) = ("owner = Maya".into(), 9);
    card
}
