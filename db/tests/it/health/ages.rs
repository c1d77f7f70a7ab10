//! How old values are, and what time alone does to scores.

use db::health;
use domain::health::{Context, HealthSummary, MeasureState, Points, evaluate};
use domain::id::{AccountId, BatchId};
use domain::time::DAY_MS;
use serde_json::json;

use super::{catch_up, edit, scored, summary};
use crate::support::{self, NOW, TestDb};

async fn state(t: &TestDb, id: AccountId, key: &str) -> MeasureState {
    let mut tx = t.read(&t.viewer).await;
    let stored = health::evaluation_at(&mut tx, id, t.clock.now()).await.unwrap().unwrap();
    stored.evaluation.measures().find(|measure| measure.key == key).unwrap().state
}

async fn edit_in_a_batch(t: &TestDb, id: AccountId, key: &str, value: serde_json::Value) -> BatchId {
    let mut tx = t.write(&t.csm).await;
    let batch = db::batches::open(&mut tx, "edit", "A").await.unwrap();
    let version = db::accounts::get(&mut tx, id).await.unwrap().version;
    db::accounts::edit(&mut tx, id, version, key, value).await.unwrap();
    tx.commit().await.unwrap();
    batch
}

#[tokio::test]
async fn a_value_is_as_old_as_its_own_last_change() {
    for t in support::databases().await {
        let id = scored(&t, "A", 90.0).await;
        catch_up(&t).await;
        let engagement = async || state(&t, id, "engagement_score").await;
        assert_eq!(engagement().await, MeasureState::Fresh, "{t:?}");
        t.clock.advance(40 * DAY_MS);
        edit(&t, id, "country", json!("Norway")).await;
        catch_up(&t).await;
        assert_eq!(engagement().await, MeasureState::Fresh, "{t:?}: valid for sixty days");
        t.clock.advance(30 * DAY_MS);
        // An import writes the account anew and leaves this field alone, which makes it no fresher.
        crate::import::import_usual(&t, domain::fields::Subject::Account, "name,domain\nA,a.example\n").await;
        edit(&t, id, "country", json!("Sweden")).await;
        catch_up(&t).await;
        assert_eq!(engagement().await, MeasureState::Stale, "{t:?}: seventy days old, whatever else changed");
        t.clock.advance(1_000);
        let batch = edit_in_a_batch(&t, id, "engagement_score", json!(91.0)).await;
        catch_up(&t).await;
        assert_eq!(engagement().await, MeasureState::Fresh, "{t:?}");
        t.clock.advance(1_000);
        assert_eq!(state(&t, id, "adoption_pct").await, MeasureState::Fresh, "{t:?}: valid for ninety days");
        db::undo::undo(&t.db, &t.csm, batch).await.unwrap();
        t.clock.advance(61 * DAY_MS);
        catch_up(&t).await;
        assert_eq!(engagement().await, MeasureState::Stale, "{t:?}: undo brings back an old value");
    }
}

#[tokio::test]
async fn once_a_day_time_alone_moves_scores_and_what_is_stored_is_never_far_off() {
    for t in support::databases().await {
        let id = scored(&t, "A", 90.0).await;
        scored(&t, "B", 40.0).await;
        catch_up(&t).await;
        let mut moved = 0;
        for day in 1..=45 {
            t.clock.advance(DAY_MS);
            let seen = catch_up(&t).await;
            assert_eq!(seen.evaluated, 2, "{t:?}: day {day}");
            moved += seen.moved;
            assert_eq!(catch_up(&t).await.evaluated, 0, "{t:?}: once a day");
            let stored: HealthSummary = summary(&t, id).await;
            let mut tx = t.read(&t.viewer).await;
            let gathered = health::gather(&mut tx, &[id]).await.unwrap().remove(0);
            let card = health::published(&mut tx).await.unwrap().remove(0).card;
            let context = Context { previous_band: Some(stored.band), ..Context::at(t.clock.now()) };
            let now = evaluate(&card, &gathered.record.facts(t.clock.now()), &context);
            assert_eq!(now.band, Some(stored.band), "{t:?}: day {day}");
            let off = (now.score.unwrap() - stored.score).abs();
            assert!(off < Points(Points::MICRO / 2), "{t:?}: day {day}: {off}");
        }
        assert!(moved > 4, "{t:?}: nobody signed in for weeks");
        assert!(moved < 90, "{t:?}: {moved} evaluations for two accounts in 45 days");
        assert!(summary(&t, id).await.trend_30d.is_some_and(|trend| trend < Points::ZERO), "{t:?}");
        assert!(t.clock.now() > NOW);
    }
}
