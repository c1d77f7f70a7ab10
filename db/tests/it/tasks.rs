//! The task queue.

use db::tasks;
use serde_json::json;

use crate::support::{self, NOW, TestDb};

async fn enqueue(t: &TestDb, kind: &str, unique_key: Option<&str>, delay_ms: i64) {
    let mut tx = t.write(&t.csm).await;
    let run_at = domain::time::Timestamp(NOW.0 + delay_ms);
    tasks::enqueue(&mut tx, kind, &json!({"kind": kind}), unique_key, run_at).await.unwrap();
    tx.commit().await.unwrap();
}

async fn lease(t: &TestDb) -> Option<tasks::Task> {
    let mut tx = t.write(&t.csm).await;
    let task = tasks::lease(&mut tx, &[]).await.unwrap();
    tx.commit().await.unwrap();
    task
}

async fn fail(t: &TestDb, task: &tasks::Task) {
    let mut tx = t.write(&t.csm).await;
    tasks::fail(&mut tx, task, "the other side is down").await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_leased_task_is_nobody_elses_until_the_lease_ends() {
    for t in support::databases().await {
        enqueue(&t, "mail", None, 0).await;
        enqueue(&t, "later", None, 3_600_000).await;
        let first = lease(&t).await.unwrap();
        assert_eq!((first.kind.as_str(), first.attempts), ("mail", 1), "{t:?}");
        assert_eq!(first.payload, json!({"kind": "mail"}), "{t:?}");
        assert_eq!(lease(&t).await, None, "{t:?}: leased, and the other is not due");
        t.clock.advance(59_000);
        assert_eq!(lease(&t).await, None, "{t:?}");
        t.clock.advance(2_000);
        let again = lease(&t).await.unwrap();
        assert_eq!((again.id, again.attempts), (first.id, 2), "{t:?}: the worker died");
        let mut tx = t.write(&t.csm).await;
        tasks::finish(&mut tx, again.id).await.unwrap();
        tx.commit().await.unwrap();
        t.clock.advance(600_000);
        assert_eq!(lease(&t).await, None, "{t:?}: done is done");
        t.clock.advance(3_600_000);
        assert_eq!(lease(&t).await.unwrap().kind, "later", "{t:?}");
    }
}

#[tokio::test]
async fn a_worker_for_what_is_short_leaves_the_rest() {
    for t in support::databases().await {
        enqueue(&t, "export", None, 0).await;
        enqueue(&t, "mail", None, 10).await;
        t.clock.advance(1_000);
        let mut tx = t.write(&t.csm).await;
        let task = tasks::lease(&mut tx, &["export", "lab"]).await.unwrap().unwrap();
        assert_eq!(task.kind, "mail", "{t:?}: though the other waits for longer");
        assert!(!tasks::is_due(&mut tx, &["export", "lab"]).await.unwrap(), "{t:?}");
        assert_eq!(tasks::lease(&mut tx, &["export"]).await.unwrap(), None, "{t:?}");
        assert!(tasks::is_due(&mut tx, &[]).await.unwrap(), "{t:?}");
        assert_eq!(tasks::lease(&mut tx, &[]).await.unwrap().unwrap().kind, "export", "{t:?}");
    }
}

#[tokio::test]
async fn of_many_workers_each_task_has_one() {
    for t in support::databases().await {
        for at in 0..12 {
            enqueue(&t, &format!("task {at}"), None, 0).await;
        }
        let workers = (0..16).map(|_| {
            let (db, actor) = (t.db.clone(), t.csm.clone());
            tokio::spawn(async move {
                let mut tx = db.write(&actor).await.unwrap();
                let task = tasks::lease(&mut tx, &[]).await.unwrap();
                tx.commit().await.unwrap();
                task.map(|task| task.kind)
            })
        });
        let mut kinds = Vec::new();
        for worker in workers.collect::<Vec<_>>() {
            kinds.extend(worker.await.unwrap());
        }
        while let Some(task) = lease(&t).await {
            kinds.push(task.kind);
        }
        kinds.sort();
        let before = kinds.len();
        kinds.dedup();
        assert_eq!((before, kinds.len()), (12, 12), "{t:?}");
    }
}

#[tokio::test]
async fn a_failed_task_waits_longer_each_time_and_dies_after_the_last() {
    for t in support::databases().await {
        enqueue(&t, "webhook", None, 0).await;
        let mut waits = Vec::new();
        for attempt in 1..=8 {
            let task = lease(&t).await.unwrap();
            assert_eq!((task.attempts, task.attempts_max), (attempt, 8), "{t:?}");
            fail(&t, &task).await;
            let run_at: i64 = t.texts("SELECT CAST(run_at AS TEXT) FROM tasks").await[0].parse().unwrap();
            waits.push(run_at - t.clock.now().0);
            assert_eq!(lease(&t).await, None, "{t:?}: not before it is due");
            t.clock.advance(run_at - t.clock.now().0);
        }
        assert!(waits[0] >= 2_000, "{t:?}: {waits:?}");
        assert!(
            waits.windows(2).all(|pair| pair[1] >= pair[0] * 2 - 1 && pair[1] <= pair[0] * 2 + 1),
            "{t:?}: {waits:?}"
        );
        t.clock.advance(10 * 3_600_000);
        assert_eq!(lease(&t).await, None, "{t:?}: dead");
        let left = t.texts("SELECT last_error FROM tasks WHERE dead_at IS NOT NULL").await;
        assert_eq!(left, ["the other side is down"], "{t:?}");
    }
}

#[tokio::test]
async fn a_task_with_a_key_waits_once() {
    for t in support::databases().await {
        enqueue(&t, "digest", Some("digest"), 0).await;
        enqueue(&t, "digest", Some("digest"), 0).await;
        enqueue(&t, "free", None, 1).await;
        enqueue(&t, "free", None, 1).await;
        t.clock.advance(10);
        let task = lease(&t).await.unwrap();
        assert_eq!(task.kind, "digest", "{t:?}");
        let mut tx = t.write(&t.csm).await;
        tasks::finish(&mut tx, task.id).await.unwrap();
        tx.commit().await.unwrap();
        enqueue(&t, "digest", Some("digest"), 0).await;
        let mut kinds = Vec::new();
        while let Some(task) = lease(&t).await {
            kinds.push(task.kind);
        }
        kinds.sort();
        assert_eq!(kinds, ["digest", "free", "free"], "{t:?}: a finished task does not hold its key");
    }
}

#[tokio::test]
async fn a_task_of_a_transaction_that_was_dropped_never_was() {
    for t in support::databases().await {
        let mut tx = t.write(&t.csm).await;
        tasks::enqueue(&mut tx, "mail", &json!({}), None, NOW).await.unwrap();
        drop(tx);
        assert_eq!(lease(&t).await, None, "{t:?}");
    }
}
