//! Overrides as changes: they can be undone, and their end says so.

use db::health;
use domain::changes::{Change, Entry};
use domain::fields::Subject;
use domain::health::Points;
use domain::id::AccountId;
use domain::time::DAY_MS;

use super::{catch_up, scored, summary};
use crate::support::{self, TestDb};

async fn set(t: &TestDb, id: AccountId, score: f64) {
    t.clock.advance(1_000);
    let mut tx = t.write(&t.csm).await;
    let until = t.clock.now().plus_days(3);
    health::set_override(&mut tx, id, score, "They told us.", until).await.unwrap();
    tx.commit().await.unwrap();
}

/// Returns the newest line about an override.
async fn last_line(t: &TestDb, id: AccountId) -> Entry {
    let mut tx = t.read(&t.viewer).await;
    let lines = db::log::of_account(&mut tx, id, i64::MAX, 50).await.unwrap();
    lines.into_iter().find(|line| line.subject == Subject::Override).unwrap()
}

async fn undo_last(t: &TestDb, id: AccountId) {
    let batch = last_line(t, id).await.batch.expect("an override is part of a batch");
    t.clock.advance(1_000);
    let report = db::undo::undo(&t.db, &t.csm, batch).await.unwrap();
    assert_eq!(report.conflicts, 0, "{t:?}: {report:?}");
}

#[tokio::test]
async fn setting_and_ending_are_undone_and_the_earlier_one_counts_again() {
    for t in support::databases().await {
        let id = scored(&t, "A", 90.0).await;
        catch_up(&t).await;
        let computed = summary(&t, id).await.score;
        let score = async || {
            catch_up(&t).await;
            let now = summary(&t, id).await;
            (now.score, now.overridden)
        };
        set(&t, id, 10.0).await;
        set(&t, id, 20.0).await;
        assert_eq!(score().await, (Points::from_f64(20.0), true), "{t:?}");
        undo_last(&t, id).await;
        assert_eq!(score().await, (Points::from_f64(10.0), true), "{t:?}: the earlier one is in force again");
        t.clock.advance(1_000);
        let mut tx = t.write(&t.csm).await;
        health::end_override(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(score().await, (computed, false), "{t:?}");
        undo_last(&t, id).await;
        assert_eq!(score().await, (Points::from_f64(10.0), true), "{t:?}: ending is undone, too");
        let listed = health::overrides(&mut t.read(&t.viewer).await, id).await.unwrap();
        assert_eq!(listed.len(), 1, "{t:?}: {listed:?}");
        assert!(db::log::verify(&mut t.read(&t.viewer).await).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn an_override_that_expires_says_so_by_itself() {
    for t in support::databases().await {
        let id = scored(&t, "A", 90.0).await;
        catch_up(&t).await;
        set(&t, id, 10.0).await;
        let until = t.clock.now().plus_days(3);
        catch_up(&t).await;
        t.clock.advance(3 * DAY_MS + 5_000);
        catch_up(&t).await;
        let line = last_line(&t, id).await;
        assert_eq!((line.change, line.actor), (Change::Updated, None), "{t:?}: {line:?}");
        assert_eq!(line.after.get("ended_at"), Some(&serde_json::json!(until)), "{t:?}: when it expired");
        let listed = health::overrides(&mut t.read(&t.viewer).await, id).await.unwrap();
        assert_eq!((listed[0].ended_at, listed[0].ended_by), (Some(until), None), "{t:?}: nobody ended it");
        assert!(!summary(&t, id).await.overridden, "{t:?}");
        // The line itself makes the scorer look once more, and nothing moves.
        assert_eq!(catch_up(&t).await.moved, 0, "{t:?}");
        assert_eq!(catch_up(&t).await.evaluated, 0, "{t:?}: once");
    }
}
