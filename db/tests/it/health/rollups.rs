//! The health of parents from the accounts below them.

use db::health;
use domain::accounts::AccountQuery;
use domain::health::{Points, Rollup, rollup};
use domain::id::AccountId;
use serde_json::json;

use super::{catch_up, edit, scored, set_adoption};
use crate::support::{self, TestDb};

async fn rolled(t: &TestDb, id: AccountId) -> Option<Points> {
    db::accounts::row(&mut t.read(&t.viewer).await, id).await.unwrap().rollup
}

/// Returns what the roll-up should be, from what the children's rows say.
async fn expected(t: &TestDb, id: AccountId, how: Rollup) -> Option<Points> {
    let children = db::accounts::children(&mut t.read(&t.viewer).await, id).await.unwrap();
    let scores = children
        .iter()
        .filter_map(|row| Some((row.health.as_ref()?.score, row.account.annual().map_or(0, |money| money.minor))));
    rollup(&scores.collect::<Vec<_>>(), how)
}

async fn choose(t: &TestDb, rule: Rollup) {
    let mut tx = t.write(&t.admin).await;
    health::set_rollup_rule(&mut tx, rule).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_parent_follows_the_accounts_below_it() {
    for t in support::databases().await {
        let parent = t.account("Halcyon").await.id;
        let (a, b) = (scored(&t, "A", 90.0).await, scored(&t, "B", 20.0).await);
        catch_up(&t).await;
        assert_eq!(rolled(&t, parent).await, None, "{t:?}: nobody below it");
        for (id, arr) in [(a, 300), (b, 100)] {
            edit(&t, id, "parent_id", json!(parent)).await;
            edit(&t, id, "arr_minor", json!(arr)).await;
        }
        catch_up(&t).await;
        let mean = rolled(&t, parent).await;
        assert!(mean.is_some(), "{t:?}");
        assert_eq!(mean, expected(&t, parent, Rollup::Mean).await, "{t:?}");
        set_adoption(&t, b, 60.0).await;
        catch_up(&t).await;
        assert!(rolled(&t, parent).await > mean, "{t:?}: a child rose");
        assert_eq!(rolled(&t, parent).await, expected(&t, parent, Rollup::Mean).await, "{t:?}");
        for rule in [Rollup::Worst, Rollup::ArrWeighted] {
            choose(&t, rule).await;
            catch_up(&t).await;
            assert_eq!(rolled(&t, parent).await, expected(&t, parent, rule).await, "{t:?}: {rule:?}");
        }
        edit(&t, b, "arr_minor", json!(900)).await;
        catch_up(&t).await;
        assert_eq!(rolled(&t, parent).await, expected(&t, parent, Rollup::ArrWeighted).await, "{t:?}: revenue moved");
        edit(&t, a, "parent_id", json!(null)).await;
        catch_up(&t).await;
        let worst = db::accounts::row(&mut t.read(&t.viewer).await, b).await.unwrap().health.unwrap().score;
        assert_eq!(rolled(&t, parent).await, Some(worst), "{t:?}: one is left");
        edit(&t, b, "parent_id", json!(null)).await;
        catch_up(&t).await;
        assert_eq!(rolled(&t, parent).await, None, "{t:?}: none is left");
        assert_eq!(catch_up(&t).await.evaluated, 0, "{t:?}: its own lines do not wake it");
    }
}

#[tokio::test]
async fn the_roll_up_is_a_field_to_filter_and_sort_by() {
    for t in support::databases().await {
        let (good, bad) = (t.account("Good group").await.id, t.account("Bad group").await.id);
        for (parent, adoption) in [(good, 95.0), (bad, 5.0)] {
            let child = scored(&t, &format!("Child {adoption}"), adoption).await;
            edit(&t, child, "parent_id", json!(parent)).await;
        }
        catch_up(&t).await;
        let names = async |filter: &str, sort: &str| {
            let query =
                AccountQuery { filter: filter.to_owned(), sort: sort.to_owned(), limit: 9, ..AccountQuery::default() };
            let page = db::accounts::page(&mut t.read(&t.viewer).await, &query).await.unwrap();
            page.rows.into_iter().map(|row| row.account.name).collect::<Vec<_>>()
        };
        assert_eq!(names("rollup < 60", "name").await, ["Bad group"], "{t:?}");
        assert_eq!(names("rollup >= 0", "-rollup").await, ["Good group", "Bad group"], "{t:?}");
    }
}
