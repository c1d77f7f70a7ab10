//! The change log: numbered without gaps, chained so that tampering shows, and faithful about before and after.

use std::collections::BTreeSet;

use db::{Error, log, subjects, undo};
use domain::accounts::Account;
use domain::changes::Change;
use domain::fields::Subject;
use domain::id::AccountId;
use domain::refusal::Refusal;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{self, NOW, TestDb};

async fn verify(t: &TestDb) -> Result<i64, i64> {
    log::verify(&mut t.read(&t.viewer).await).await.unwrap()
}

async fn entries(t: &TestDb) -> Vec<domain::changes::Entry> {
    log::after(&mut t.read(&t.viewer).await, 0, log::PAGE_MAX).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_at_once_leave_no_gap_in_the_numbers() {
    for t in support::databases().await {
        let start = entries(&t).await.len() as i64;
        let writers = (0..20).map(|at| {
            let (db, actor) = (t.db.clone(), t.csm.clone());
            tokio::spawn(async move {
                let mut tx = db.write(&actor).await.unwrap();
                for part in 0..3 {
                    let account = Account::new(AccountId(Uuid::now_v7()), format!("{at}-{part}"), NOW);
                    subjects::create(&mut tx, &account).await.unwrap();
                }
                // Every fifth changes its mind: its numbers must not be missing afterwards.
                if at % 5 == 0 { None } else { tx.commit().await.unwrap() }
            })
        });
        let mut ends = BTreeSet::new();
        for writer in writers.collect::<Vec<_>>() {
            ends.extend(writer.await.unwrap());
        }
        assert_eq!(ends, (1..=16).map(|n| start + n * 3).collect(), "{t:?}");
        let seqs: Vec<i64> = entries(&t).await.iter().map(|entry| entry.seq).collect();
        assert_eq!(seqs, (1..=start + 48).collect::<Vec<_>>(), "{t:?}");
        assert_eq!(verify(&t).await, Ok(start + 48), "{t:?}");
        assert_eq!(log::last_seq(&mut t.read(&t.viewer).await).await.unwrap(), start + 48, "{t:?}");
    }
}

#[tokio::test]
async fn tampering_with_a_line_is_found_at_that_line() {
    for t in support::databases().await {
        for at in 0..6 {
            t.account(&format!("Account {at}")).await;
        }
        let end = verify(&t).await.unwrap();
        let line = end - 3;
        let column = |name: &str| format!("UPDATE changes SET {name} WHERE seq = {line}");
        let tamperings = [
            column("data = replace(data, 'Account', 'Acount')"),
            column("at = at + 1"),
            column("change = 'deleted'"),
            column("subject = 'contacts'"),
            column("actor_id = NULL"),
            column("account_id = NULL"),
            column("batch_id = subject_id"),
            column("subject_id = workspace_id"),
            format!(
                "UPDATE changes SET hash = (SELECT o.hash FROM changes AS o WHERE o.seq = {line} + 1) WHERE seq = {line}"
            ),
            format!("DELETE FROM changes WHERE seq = {line}"),
            format!(
                "UPDATE changes SET seq = 0 WHERE seq = {line}; UPDATE changes SET seq = {line} WHERE seq = {line} + 1; \
                 UPDATE changes SET seq = {line} + 1 WHERE seq = 0"
            ),
        ];
        t.execute("CREATE TABLE kept AS SELECT * FROM changes").await;
        for sql in tamperings {
            t.execute(&sql).await;
            assert_eq!(verify(&t).await, Err(line), "{t:?}: {sql}");
            t.execute("DELETE FROM changes; INSERT INTO changes SELECT * FROM kept").await;
            assert_eq!(verify(&t).await, Ok(end), "{t:?}: put back after {sql}");
        }
        t.execute(&format!("DELETE FROM changes WHERE seq = {end}")).await;
        assert_eq!(verify(&t).await, Err(end), "{t:?}: the last line, cut off");
        t.execute("DELETE FROM changes").await;
        assert_eq!(verify(&t).await, Err(1), "{t:?}: all of it");
    }
}

#[tokio::test]
async fn a_line_says_who_did_what_when_and_what_was_there_before() {
    for t in support::databases().await {
        let mut tx = t.write(&t.csm).await;
        let account = db::accounts::create(&mut tx, "  Acme  ").await.unwrap();
        tx.commit().await.unwrap();
        t.clock.advance(5_000);
        let mut tx = t.write(&t.manager).await;
        db::accounts::edit(&mut tx, account.id, 1, "name", json!("Acme Group")).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = t.write(&t.admin).await;
        let now = db::accounts::get(&mut tx, account.id).await.unwrap();
        subjects::remove(&mut tx, &now).await.unwrap();
        tx.commit().await.unwrap();
        let all = entries(&t).await;
        let [created, updated, deleted] = &all[all.len() - 3..] else { panic!("{t:?}") };
        assert_eq!((created.change, created.actor, created.at), (Change::Created, t.csm.user, NOW), "{t:?}");
        assert_eq!((created.subject, created.account), (Subject::Account, Some(account.id)), "{t:?}");
        assert_eq!((created.before.len(), created.after.get("name")), (0, Some(&json!("Acme"))), "{t:?}");
        assert!(created.after.values().all(|value| !value.is_null()), "{t:?}: no empty fields");
        assert_eq!((updated.change, updated.actor, updated.at.0), (Change::Updated, t.manager.user, NOW.0 + 5_000));
        let was = json!({"name": "Acme", "version": 1, "updated_at": NOW});
        assert_eq!(Value::Object(updated.before.clone()), was, "{t:?}");
        let became = json!({"name": "Acme Group", "version": 2, "updated_at": NOW.0 + 5_000});
        assert_eq!(Value::Object(updated.after.clone()), became, "{t:?}");
        assert_eq!((deleted.change, deleted.after.len()), (Change::Deleted, 0), "{t:?}");
        assert_eq!(deleted.before.get("name"), Some(&json!("Acme Group")), "{t:?}");
        let mut tx = t.read(&t.viewer).await;
        let history = log::of_account(&mut tx, account.id, i64::MAX, 10).await.unwrap();
        assert_eq!(history.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [deleted.seq, updated.seq, created.seq]);
        let older = log::of_account(&mut tx, account.id, updated.seq, 10).await.unwrap();
        assert_eq!(older, std::slice::from_ref(created), "{t:?}: paged by number");
    }
}

#[tokio::test]
async fn what_is_not_committed_leaves_neither_row_nor_line() {
    for t in support::databases().await {
        let before = t.snapshot().await;
        let mut tx = t.write(&t.csm).await;
        db::accounts::create(&mut tx, "Never").await.unwrap();
        drop(tx);
        assert_eq!(t.snapshot().await, before, "{t:?}");
    }
}

#[tokio::test]
async fn the_bell_rings_after_a_commit_that_was_recorded() {
    for t in support::databases().await {
        let mut bell = t.db.listen();
        t.account("Acme").await;
        assert_eq!(bell.try_recv().unwrap(), t.workspace, "{t:?}");
        t.write(&t.csm).await.commit().await.unwrap();
        assert!(bell.try_recv().is_err(), "{t:?}: nothing was recorded");
    }
}

#[tokio::test]
async fn an_edit_is_undone_only_where_nobody_changed_the_same_field_since() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        let edit = async |version: i64, key: &str, value: Value| {
            let mut tx = t.write(&t.csm).await;
            db::accounts::edit(&mut tx, account.id, version, key, value).await.unwrap();
            tx.commit().await.unwrap();
            entries(&t).await.last().unwrap().batch.unwrap()
        };
        let tier = edit(1, "tier", json!("pro")).await;
        let country = edit(2, "country", json!("Norway")).await;
        let report = undo::undo(&t.db, &t.csm, tier).await.unwrap();
        assert_eq!((report.undone, report.conflicts), (1, 0), "{t:?}: another field was changed since, which is fine");
        let now = db::accounts::get(&mut t.read(&t.viewer).await, account.id).await.unwrap();
        assert_eq!((now.tier, now.country.as_deref(), now.version), (None, Some("Norway"), 4), "{t:?}");
        edit(4, "country", json!("Chile")).await;
        let report = undo::undo(&t.db, &t.csm, country).await.unwrap();
        assert_eq!((report.undone, report.conflicts), (0, 1), "{t:?}");
        assert_eq!(report.examples[0].name, "Acme", "{t:?}");
        let now = db::accounts::get(&mut t.read(&t.viewer).await, account.id).await.unwrap();
        assert_eq!(now.country.as_deref(), Some("Chile"), "{t:?}");
        assert!(verify(&t).await.is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn a_csm_undoes_their_own_batches_and_a_manager_everybodys() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        let mut tx = t.write(&t.manager).await;
        db::accounts::edit(&mut tx, account.id, 1, "tier", json!("pro")).await.unwrap();
        let batch = tx.batch().unwrap();
        tx.commit().await.unwrap();
        for actor in [&t.viewer, &t.csm] {
            let error = undo::undo(&t.db, actor, batch).await.unwrap_err();
            assert!(matches!(error, Error::Refused(Refusal::Forbidden)), "{t:?}: {error:?}");
        }
        assert_eq!(undo::undo(&t.db, &t.admin, batch).await.unwrap().undone, 1, "{t:?}");
    }
}

#[tokio::test]
async fn an_undo_can_be_undone() {
    for t in support::databases().await {
        let account = t.account("Acme").await;
        let mut tx = t.write(&t.csm).await;
        let edited = db::accounts::edit(&mut tx, account.id, 1, "tier", json!("pro")).await.unwrap().account;
        let batch = tx.batch().unwrap();
        tx.commit().await.unwrap();
        let undone = undo::undo(&t.db, &t.csm, batch).await.unwrap();
        let redone = undo::undo(&t.db, &t.csm, undone.batch).await.unwrap();
        assert_eq!((redone.undone, redone.conflicts), (1, 0), "{t:?}");
        let now = db::accounts::get(&mut t.read(&t.viewer).await, account.id).await.unwrap();
        assert_eq!(now, edited, "{t:?}");
    }
}
