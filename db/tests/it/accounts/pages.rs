//! Pages as text: the same as pages that are read, fresh after every write, and nobody else's.

use db::{accounts, health};
use domain::accounts::{AccountPage, AccountQuery};
use domain::identity::Actor;
use serde_json::json;

use crate::support::{self, NOW, TestDb};

fn query(filter: &str, sort: &str) -> AccountQuery {
    AccountQuery { filter: filter.to_owned(), sort: sort.to_owned(), offset: 0, limit: 50 }
}

/// Asks twice, since the second answer is made from what the first has left, and compares with the page that is
/// read in a transaction.
async fn text(t: &TestDb, actor: &Actor, query: &AccountQuery) -> AccountPage {
    let read = accounts::page(&mut t.read(actor).await, query).await.unwrap();
    for _ in 0..2 {
        let text = accounts::page_text(&t.db, actor, query).await.unwrap();
        assert_eq!(serde_json::from_str::<AccountPage>(&text).unwrap(), read, "{t:?} {query:?}");
    }
    read
}

/// Fits the scorecard to what the accounts have, and scores them.
async fn score(t: &TestDb) {
    let mut tx = t.write(&t.admin).await;
    health::refit_default(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    health::score_all(&t.db, t.workspace).await.unwrap();
}

fn names(page: &AccountPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.account.name.as_str()).collect()
}

#[tokio::test]
async fn a_page_as_text_is_the_page_that_is_read() {
    for t in support::databases().await {
        for (place, name) in ["Beta \"quoted\" \\ back", "alpha\tü😀", "Gamma"].into_iter().enumerate() {
            let fill = |account: &mut domain::accounts::Account| {
                account.arr_minor = Some(100 * place as i64);
                account.seats = Some(2.5);
                account.satisfaction_score = Some(80.0);
                account.tags = vec!["a".into()];
                account.custom.insert("region".into(), json!("EMEA"));
                account.owner_id = (place > 0).then_some(t.csm.user.unwrap());
            };
            t.account_with(name, fill).await;
        }
        score(&t).await;
        for filter in
            ["", "arr > 0", "owner is me", "owner = \"Sam\"", "renewal within 30 days", "Gamma", "score < 5000"]
        {
            for sort in ["", "name", "-arr", "-score,name", "seats"] {
                let page = query(filter, sort);
                if accounts::page(&mut t.read(&t.csm).await, &page).await.is_ok() {
                    text(&t, &t.csm, &page).await;
                    text(&t, &t.viewer, &page).await;
                } else {
                    assert!(accounts::page_text(&t.db, &t.csm, &page).await.is_err(), "{t:?} {page:?}");
                }
            }
        }
        assert_eq!(names(&text(&t, &t.csm, &query("owner is me", "name")).await).len(), 2, "{t:?}");
        assert_eq!(text(&t, &t.viewer, &query("owner is me", "name")).await.total, 0, "{t:?}: not Vera's");
    }
}

#[tokio::test]
async fn a_page_is_fresh_after_a_write_of_this_process_and_of_another() {
    for t in support::databases().await {
        let first = t.account_with("One", |account| account.arr_minor = Some(500)).await;
        let (all, rich) = (query("", "name"), query("arr > 1", "name"));
        assert_eq!((text(&t, &t.csm, &all).await.total, text(&t, &t.csm, &rich).await.total), (1, 1), "{t:?}");
        t.account("Two").await;
        assert_eq!((text(&t, &t.csm, &all).await.total, text(&t, &t.csm, &rich).await.total), (2, 1), "{t:?}");
        let mut tx = t.write(&t.csm).await;
        accounts::edit(&mut tx, first.id, first.version, "name", json!("Uno")).await.unwrap();
        // What a transaction has not committed is for nobody else, and is not kept for later.
        accounts::create(&mut tx, "Never").await.unwrap();
        assert_eq!(accounts::page(&mut tx, &all).await.unwrap().total, 3, "{t:?}");
        drop(tx);
        assert_eq!(names(&text(&t, &t.csm, &all).await), ["One", "Two"], "{t:?}");
        let mut tx = t.write(&t.csm).await;
        accounts::edit(&mut tx, first.id, first.version, "name", json!("Uno")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names(&text(&t, &t.csm, &all).await), ["Two", "Uno"], "{t:?}");
        if t.db.is_postgres() {
            let other = db::Db::open(&t.url(), t.clock.clone()).await.unwrap();
            let mut tx = other.write(&t.csm).await.unwrap();
            accounts::create(&mut tx, "Three").await.unwrap();
            tx.commit().await.unwrap();
            other.close().await;
            assert_eq!(text(&t, &t.csm, &all).await.total, 3, "{t:?}: another process wrote");
        }
    }
}

#[tokio::test]
async fn another_workspace_has_its_own_pages() {
    for t in support::databases().await {
        t.account("Ours").await;
        let (all, stranger) = (query("", "name"), t.other_workspace().await);
        assert_eq!(names(&text(&t, &t.csm, &all).await), ["Ours"], "{t:?}");
        assert_eq!(text(&t, &stranger, &all).await.total, 0, "{t:?}");
        assert_eq!(text(&t, &t.csm, &all).await.total, 1, "{t:?}");
    }
}

#[tokio::test]
async fn the_head_of_a_page_is_read_at_once() {
    for t in support::databases().await {
        let above = t.account("Above").await;
        let fill = |account: &mut domain::accounts::Account| {
            account.parent_id = Some(above.id);
            account.last_login_at = Some(NOW);
            account.satisfaction_score = Some(90.0);
        };
        let account = t.account_with("Below", fill).await;
        score(&t).await;
        let head = accounts::head(&t.db, &t.viewer, account.id).await.unwrap();
        let mut tx = t.read(&t.viewer).await;
        assert_eq!(head.row, accounts::row(&mut tx, account.id).await.unwrap(), "{t:?}");
        assert_eq!(head.parent, Some((above.id, "Above".to_owned())), "{t:?}");
        assert_eq!(head.custom, accounts::custom_fields(&mut tx).await.unwrap(), "{t:?}");
        let present = health::evaluation_at(&mut tx, account.id, NOW).await.unwrap().map(|stored| stored.evaluation);
        assert_eq!((head.present, head.past), (present, None), "{t:?}");
        assert!(head.row.health.is_some(), "{t:?}: scored");
        let stranger = t.other_workspace().await;
        assert!(accounts::head(&t.db, &stranger, account.id).await.is_err(), "{t:?}");
    }
}
