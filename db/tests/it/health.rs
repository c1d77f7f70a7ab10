//! Health: what the scorer looks at, what it stores, and that every stored score explains itself.

use db::health::{self, Scored};
use db::{Error, accounts};
use domain::fields::{FieldType, Subject};
use domain::health::{Evaluation, HealthSummary, Points, waterfall};
use domain::id::AccountId;
use domain::refusal::Refusal;
use domain::time::DAY_MS;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{self, NOW, TestDb};

mod ages;
mod overrides;
mod rollups;
mod seasons;

async fn scored(t: &TestDb, name: &str, adoption: f64) -> AccountId {
    let account = t.account_with(name, |account| {
        account.adoption_pct = Some(adoption);
        account.engagement_score = Some(adoption);
        account.last_login_at = Some(NOW);
    });
    account.await.id
}

async fn catch_up(t: &TestDb) -> Scored {
    health::catch_up(&t.db, t.workspace).await.unwrap()
}

async fn summary(t: &TestDb, id: AccountId) -> HealthSummary {
    accounts::row(&mut t.read(&t.viewer).await, id).await.unwrap().health.unwrap()
}

async fn edit(t: &TestDb, id: AccountId, key: &str, value: Value) {
    let mut tx = t.write(&t.csm).await;
    let version = accounts::get(&mut tx, id).await.unwrap().version;
    accounts::edit(&mut tx, id, version, key, value).await.unwrap();
    tx.commit().await.unwrap();
}

async fn set_adoption(t: &TestDb, id: AccountId, adoption: f64) {
    edit(t, id, "adoption_pct", json!(adoption)).await;
    edit(t, id, "engagement_score", json!(adoption)).await;
}

#[tokio::test]
async fn the_scorer_looks_at_what_was_touched_and_at_nothing_else() {
    for t in support::databases().await {
        assert_eq!(catch_up(&t).await, Scored::default(), "{t:?}: no accounts");
        let (a, b) = (scored(&t, "A", 90.0).await, scored(&t, "B", 20.0).await);
        assert_eq!(catch_up(&t).await, Scored { evaluated: 2, moved: 2 }, "{t:?}");
        assert_eq!(catch_up(&t).await, Scored::default(), "{t:?}: its own lines do not wake it");
        let (was_a, was_b) = (summary(&t, a).await, summary(&t, b).await);
        assert!(was_a.score > was_b.score, "{t:?}: {was_a:?} {was_b:?}");
        t.clock.advance(60_000);
        set_adoption(&t, b, 70.0).await;
        assert_eq!(catch_up(&t).await, Scored { evaluated: 1, moved: 1 }, "{t:?}");
        assert!(summary(&t, b).await.score > was_b.score, "{t:?}");
        assert_eq!(summary(&t, a).await, was_a, "{t:?}");
        t.create(&crate::facts::ticket(a, "Down", NOW)).await;
        assert_eq!(catch_up(&t).await.evaluated, 1, "{t:?}: a fact touches its account");
        edit(&t, b, "country", json!("Norway")).await;
        let seen = catch_up(&t).await;
        assert_eq!(seen, Scored { evaluated: 1, moved: 0 }, "{t:?}: looked at, and nothing moved");
        let mut tx = t.read(&t.viewer).await;
        let moves = db::log::of_account(&mut tx, b, i64::MAX, 50).await.unwrap();
        let moves = moves.iter().filter(|entry| entry.change == domain::changes::Change::Scored).count();
        assert_eq!(moves, 2, "{t:?}: one line per move");
    }
}

#[tokio::test]
async fn an_override_counts_until_it_expires_or_is_ended() {
    for t in support::databases().await {
        let id = scored(&t, "A", 90.0).await;
        catch_up(&t).await;
        let computed = summary(&t, id).await;
        let set = async |score: f64, reason: &str, days: i64| {
            let mut tx = t.write(&t.csm).await;
            let until = t.clock.now().plus_days(days);
            health::set_override(&mut tx, id, score, reason, until).await?;
            tx.commit().await?;
            Ok::<_, Error>(())
        };
        for (score, reason, days) in
            [(101.0, "x", 3), (-1.0, "x", 3), (f64::NAN, "x", 3), (5.0, " ", 3), (5.0, "x", 0), (5.0, "x", 400)]
        {
            let error = set(score, reason, days).await.unwrap_err();
            assert!(matches!(error, Error::Refused(Refusal::Invalid(_))), "{t:?}: {error:?}");
        }
        t.clock.advance(1_000);
        set(10.0, "Their champion told us.", 3).await.unwrap();
        catch_up(&t).await;
        let now = summary(&t, id).await;
        assert_eq!((now.score, now.overridden), (Points::from_f64(10.0), true), "{t:?}");
        t.clock.advance(1_000);
        set(20.0, "Not that bad.", 3).await.unwrap();
        catch_up(&t).await;
        assert_eq!(summary(&t, id).await.score, Points::from_f64(20.0), "{t:?}: the newer one");
        let stored = health::evaluation_at(&mut t.read(&t.viewer).await, id, t.clock.now()).await.unwrap().unwrap();
        let manual = stored.evaluation.override_.unwrap();
        assert_eq!((manual.reason.as_str(), manual.author.as_str()), ("Not that bad.", "Sam"), "{t:?}");
        t.clock.advance(3 * DAY_MS - 1);
        catch_up(&t).await;
        assert!(summary(&t, id).await.overridden, "{t:?}: to the last moment");
        t.clock.advance(1);
        assert_eq!(catch_up(&t).await.evaluated, 1, "{t:?}: expiry wakes the scorer by itself");
        let back = summary(&t, id).await;
        assert_eq!((back.overridden, back.version), (false, computed.version), "{t:?}");
        set(30.0, "Again.", 3).await.unwrap();
        catch_up(&t).await;
        t.clock.advance(1_000);
        let mut tx = t.write(&t.csm).await;
        health::end_override(&mut tx, id).await.unwrap();
        assert!(health::end_override(&mut tx, id).await.is_err(), "{t:?}: there is none any more");
        tx.commit().await.unwrap();
        catch_up(&t).await;
        assert!(!summary(&t, id).await.overridden, "{t:?}");
    }
}

#[tokio::test]
async fn every_stored_evaluation_adds_up_to_its_score() {
    for t in support::databases().await {
        let mut ids = Vec::new();
        for at in 0..12 {
            let name = format!("Account {at}");
            let account = t.account_with(&name, |account| {
                account.adoption_pct = (at % 2 == 0).then_some(f64::from(at) * 8.3);
                account.engagement_score = (at % 3 == 0).then_some(f64::from(at) * 7.7);
                account.churn_risk_pct = (at % 4 == 1).then_some(33.3);
                account.ticket_count = (at % 5 == 2).then_some(f64::from(at));
                account.renewal_at = (at % 3 == 2).then(|| NOW.plus_days(20));
            });
            ids.push(account.await.id);
        }
        catch_up(&t).await;
        let mut tx = t.write(&t.csm).await;
        health::set_override(&mut tx, ids[0], 77.7, "I know them.", NOW.plus_days(9)).await.unwrap();
        tx.commit().await.unwrap();
        t.clock.advance(DAY_MS);
        set_adoption(&t, ids[2], 3.3).await;
        catch_up(&t).await;
        let stored = t.texts("SELECT evaluation FROM scores").await;
        assert!(stored.len() >= 8, "{t:?}: {}", stored.len());
        for text in stored {
            let evaluation: Evaluation = serde_json::from_str(&text).unwrap();
            let sum: Points = waterfall(&evaluation).iter().map(|step| step.delta).sum();
            assert_eq!(Some(sum), evaluation.score, "{t:?}: {text}");
        }
    }
}

#[tokio::test]
async fn history_and_trends_follow_the_clock() {
    for t in support::databases().await {
        let id = scored(&t, "A", 90.0).await;
        catch_up(&t).await;
        let first = summary(&t, id).await;
        assert_eq!((first.trend_7d, first.trend_30d), (None, None), "{t:?}: no past yet");
        t.clock.advance(10 * DAY_MS);
        edit(&t, id, "last_login_at", json!(t.clock.now())).await;
        set_adoption(&t, id, 40.0).await;
        catch_up(&t).await;
        let second = summary(&t, id).await;
        assert!(second.score < first.score, "{t:?}");
        assert_eq!(second.trend_7d, Some(second.score - first.score), "{t:?}");
        assert_eq!(second.trend_30d, None, "{t:?}: there was none thirty days ago");
        let mut tx = t.read(&t.viewer).await;
        let history = health::history(&mut tx, id, NOW).await.unwrap();
        assert_eq!(history, [(NOW, first.score), (NOW.plus_days(10), second.score)], "{t:?}");
        assert_eq!(health::history(&mut tx, id, NOW.plus_days(1)).await.unwrap().len(), 1, "{t:?}");
        for (at, score) in [(NOW, first.score), (NOW.plus_days(9), first.score), (NOW.plus_days(10), second.score)] {
            let held = health::evaluation_at(&mut tx, id, at).await.unwrap().unwrap();
            assert_eq!(held.evaluation.score, Some(score), "{t:?}: what held then");
        }
        assert_eq!(health::evaluation_at(&mut tx, id, NOW.plus_days(-1)).await.unwrap(), None, "{t:?}");
    }
}

#[tokio::test]
async fn the_default_scorecard_is_fitted_to_the_columns_that_are_there_until_a_person_edits_it() {
    for t in support::databases().await {
        for at in 0..30 {
            scored(&t, &format!("Account {at}"), f64::from(at) * 3.0).await;
        }
        let refit = async || {
            let mut tx = t.write(&t.admin).await;
            let refitted = health::refit_default(&mut tx).await.unwrap();
            // As the scorer does it: nobody in person.
            drop(tx);
            refitted
        };
        let before = health::published(&mut t.read(&t.viewer).await).await.unwrap();
        assert_eq!((before.len(), before[0].version), (1, 1), "{t:?}");
        assert!(refit().await, "{t:?}: there are columns now");
        let mut tx = t.write(&t.admin).await;
        let field = accounts::CustomField {
            id: Uuid::now_v7(),
            version: 1,
            subject: Subject::Account.key().to_owned(),
            key: "tenure".into(),
            label: "Tenure".into(),
            kind: FieldType::Number,
            formula: None,
        };
        db::subjects::create(&mut tx, &field).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(catch_up(&t).await.evaluated, 30, "{t:?}: a new card means everybody");
        let after = health::published(&mut t.read(&t.viewer).await).await.unwrap();
        assert_eq!((after.len(), after[0].version, after[0].scorecard), (1, 2, before[0].scorecard), "{t:?}");
        assert!(!refit().await, "{t:?}: it fits");
        let old = health::version(&mut t.read(&t.viewer).await, before[0].scorecard, 1).await.unwrap().unwrap();
        assert_eq!(old.card, before[0].card, "{t:?}: old versions stay, for old scores");
        t.execute("UPDATE scorecards SET created_by = id WHERE version = 2").await;
        t.execute("DELETE FROM accounts").await;
        assert!(!refit().await, "{t:?}: a person's card is left alone");
    }
}
