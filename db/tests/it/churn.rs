//! The churn model: learnt from the log, put into force, taken back, and kept up to date account by account.

use db::{Tx, accounts, batches, churn, health, subjects, tasks, undo};
use domain::accounts::{AccountQuery, AccountRow};
use domain::changes::Change;
use domain::churn::{
    Came, ChurnModel, ChurnSummary, Evidence, Fit, Input, ModelState, RETRAIN_DAYS, Spread, Unable, Verdict,
};
use domain::health::{Measure, Points, Scale};
use domain::id::{AccountId, BatchId, ChurnModelId};
use domain::time::DAY_MS;
use uuid::Uuid;

use crate::lab::{edit, sixteen_months};
use crate::support::{self, NOW, TestDb};

/// A model that says: the less is adopted, the likelier it is lost.
fn model(number: u32, weight: f64) -> ChurnModel {
    let scale = Scale::curve(&[(0.0, 0.0), (100.0, 100.0)]);
    let input = Input {
        measure: Measure::new("adoption", "Adoption", 1.0, "adoption_pct", scale),
        mean: 60.0,
        deviation: 20.0,
        weight,
        blank: 0.5,
        effect: 1.0,
        trained: Spread { edges: vec![40.0], counts: vec![20, 80], blank: 0 },
    };
    let evidence = Evidence {
        accounts: 100,
        moments: 100,
        losses: 30,
        span: None,
        folds: None,
        later: None,
        suspects: Vec::new(),
    };
    ChurnModel {
        id: ChurnModelId(Uuid::now_v7()),
        version: 1,
        number,
        trained_at: NOW,
        trained_by: None,
        fit: Fit {
            horizon_days: 90,
            months: 24,
            intercept: -2.0,
            calibration: (0.0, 1.0),
            penalty: 1.0,
            inputs: vec![input],
        },
        evidence,
        activated_at: None,
        activated_by: None,
        retired_at: None,
        retired_by: None,
        updated_at: NOW,
    }
}

/// Makes a candidate, a model in force, and one that was in force before, in this order.
pub async fn models(tx: &mut Tx) -> [ChurnModelId; 3] {
    let made = [model(3, -0.5), model(2, -0.8), model(1, -1.0)];
    for model in made.iter().rev() {
        subjects::create(tx, model).await.unwrap();
    }
    churn::activate(tx, made[2].id).await.unwrap();
    churn::activate(tx, made[1].id).await.unwrap();
    made.map(|model| model.id)
}

async fn with_models(t: &TestDb) -> [ChurnModelId; 3] {
    let mut tx = t.write(&t.manager).await;
    let ids = models(&mut tx).await;
    tx.commit().await.unwrap();
    ids
}

async fn act<F: AsyncFnOnce(&mut Tx) -> db::Result<BatchId>>(t: &TestDb, verb: F) -> BatchId {
    let mut tx = t.write(&t.manager).await;
    let batch = verb(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    health::catch_up(&t.db, t.workspace).await.unwrap();
    batch
}

async fn row(t: &TestDb, id: AccountId) -> AccountRow {
    accounts::row(&mut t.read(&t.viewer).await, id).await.unwrap()
}

async fn said(t: &TestDb, id: AccountId) -> Option<ChurnSummary> {
    row(t, id).await.churn
}

async fn state(t: &TestDb, id: ChurnModelId) -> ModelState {
    churn::model(&mut t.read(&t.viewer).await, id).await.unwrap().state()
}

/// Does the next task of the queue; returns its kind.
async fn perform(t: &TestDb) -> Option<String> {
    let mut tx = t.write(&t.admin).await;
    let task = tasks::lease(&mut tx, &[]).await.unwrap();
    tx.commit().await.unwrap();
    let task = task?;
    churn::perform(&t.db, t.workspace, &task).await.unwrap();
    let mut tx = t.write(&t.admin).await;
    tasks::finish(&mut tx, task.id).await.unwrap();
    tx.commit().await.unwrap();
    Some(task.kind)
}

async fn train(t: &TestDb) -> Came {
    let mut tx = t.write(&t.manager).await;
    churn::start(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(perform(t).await.as_deref(), Some(churn::TASK), "{t:?}");
    let newest = churn::trainings(&mut t.read(&t.viewer).await).await.unwrap().remove(0);
    assert!(newest.ended_at.is_some(), "{t:?}");
    newest.came.unwrap()
}

async fn listed(t: &TestDb, filter: &str, sort: &str) -> Vec<String> {
    let query = AccountQuery { filter: filter.into(), sort: sort.into(), limit: 100, ..AccountQuery::default() };
    let page = accounts::page(&mut t.read(&t.viewer).await, &query).await.unwrap();
    page.rows.into_iter().map(|row| row.account.name).collect()
}

#[tokio::test]
async fn a_model_is_learnt_from_the_log_and_waits_for_a_person() {
    for t in support::databases().await {
        sixteen_months(&t).await;
        let came = train(&t).await;
        let Came::Model(id) = came else { panic!("{t:?}: {came:?}") };
        health::catch_up(&t.db, t.workspace).await.unwrap();
        assert_eq!(state(&t, id).await, ModelState::Candidate, "{t:?}");
        assert_eq!(listed(&t, "churn_pct is not empty", "name").await, [""; 0], "{t:?}: nobody decided yet");
        let learnt = churn::model(&mut t.read(&t.viewer).await, id).await.unwrap();
        assert_eq!((learnt.number, learnt.trained_by, learnt.evidence.losses), (1, t.manager.user, 40), "{t:?}");
        let judged = learnt.evidence.folds.unwrap();
        assert!(judged.auc.low > 0.5 && judged.brier < judged.brier_of_nothing, "{t:?}: {judged:?}");
        act(&t, async |tx| churn::activate(tx, id).await).await;
        // Of 60 accounts 40 have left.
        assert_eq!(listed(&t, "churn_pct is not empty", "name").await.len(), 20, "{t:?}");
        assert_eq!(listed(&t, "stage = churned and churn_pct is not empty", "name").await, [""; 0], "{t:?}");
    }
}

#[tokio::test]
async fn what_is_said_of_an_account_follows_its_facts_and_can_be_told_again() {
    for t in support::databases().await {
        let calm = t.account_with("Calm", |account| account.adoption_pct = Some(90.0)).await.id;
        let acme = t.account_with("Acme", |account| account.adoption_pct = Some(80.0)).await.id;
        let [_, active, _] = with_models(&t).await;
        health::catch_up(&t.db, t.workspace).await.unwrap();
        let (first, before) = (said(&t, calm).await.unwrap(), said(&t, acme).await.unwrap());
        assert_eq!((before.model, before.version, before.horizon_days), (active, 2, 90), "{t:?}");
        t.clock.advance(1_000);
        edit(&t, acme, |account| account.adoption_pct = Some(5.0)).await;
        health::catch_up(&t.db, t.workspace).await.unwrap();
        let after = said(&t, acme).await.unwrap();
        assert!(after.pct > before.pct, "{t:?}: {} after {}", after.pct, before.pct);
        assert_eq!(said(&t, calm).await, Some(first), "{t:?}: nothing happened to it");
        assert_eq!(listed(&t, "churn_pct > 30", "-churn_pct").await, ["Acme"], "{t:?}");
        assert_eq!(listed(&t, "", "-churn_pct").await, ["Acme", "Calm"], "{t:?}");
        let told = churn::prediction(&mut t.read(&t.viewer).await, acme).await.unwrap().unwrap();
        assert_eq!((told.prediction.pct, told.at, told.model.id), (after.pct, after.at, active), "{t:?}");
        let sum: Points = told.prediction.drivers.iter().map(|driver| driver.part).sum();
        assert_eq!(told.prediction.base + sum, told.prediction.log_odds, "{t:?}");
        let entries = db::log::of_account(&mut t.read(&t.viewer).await, acme, i64::MAX, 9).await.unwrap();
        let line = entries.iter().find(|entry| entry.after.contains_key("churn_pct")).unwrap();
        assert_eq!((line.change, line.after["churn_pct"].as_i64()), (Change::Scored, Some(after.pct.0)), "{t:?}");
        t.clock.advance(1_000);
        edit(&t, acme, |account| account.name = "Acme Ltd".into()).await;
        health::catch_up(&t.db, t.workspace).await.unwrap();
        assert_eq!(said(&t, acme).await, Some(after), "{t:?}: a name is no input, so nothing is written");
        t.create(&crate::alerts::escalated(acme)).await;
        db::alerts::catch_up(&t.db, t.workspace).await.unwrap();
        let alert = db::alerts::of_account(&mut t.read(&t.viewer).await, acme).await.unwrap().remove(0).alert;
        assert_eq!(alert.worth.probability, after.pct.as_f64() / 100.0, "{t:?}: an alert is worth what the model says");
    }
}

#[tokio::test]
async fn a_version_is_put_into_force_rolled_back_retired_and_all_of_it_undone() {
    for t in support::databases().await {
        let acme = t.account_with("Acme", |account| account.adoption_pct = Some(20.0)).await.id;
        let [candidate, active, old] = with_models(&t).await;
        health::catch_up(&t.db, t.workspace).await.unwrap();
        let by_two = said(&t, acme).await.unwrap();
        assert_eq!(by_two.model, active, "{t:?}");
        let batch = act(&t, async |tx| churn::activate(tx, candidate).await).await;
        let by_three = said(&t, acme).await.unwrap();
        assert_eq!((by_three.model, by_three.version), (candidate, 3), "{t:?}");
        assert_eq!(state(&t, active).await, ModelState::Retired, "{t:?}");
        assert_ne!(by_three.pct, by_two.pct, "{t:?}");
        undo::undo(&t.db, &t.manager, batch).await.unwrap();
        health::catch_up(&t.db, t.workspace).await.unwrap();
        assert_eq!(state(&t, candidate).await, ModelState::Candidate, "{t:?}");
        let again = said(&t, acme).await.unwrap();
        assert_eq!((again.model, again.pct), (active, by_two.pct), "{t:?}");
        act(&t, async |tx| churn::roll_back(tx, old).await).await;
        assert_eq!((said(&t, acme).await.unwrap().model, state(&t, active).await), (old, ModelState::Retired), "{t:?}");
        let retired = act(&t, async |tx| churn::retire(tx, old).await).await;
        assert_eq!(said(&t, acme).await, None, "{t:?}: no model, no probability");
        assert_eq!(churn::prediction(&mut t.read(&t.viewer).await, acme).await.unwrap(), None, "{t:?}");
        undo::undo(&t.db, &t.manager, retired).await.unwrap();
        health::catch_up(&t.db, t.workspace).await.unwrap();
        assert_eq!(said(&t, acme).await.unwrap().model, old, "{t:?}");
        let listed = batches::list(&mut t.read(&t.viewer).await, "churn", 9).await.unwrap();
        assert_eq!(listed[0].label, "Churn model 1 retired", "{t:?}");
        assert!(db::log::verify(&mut t.read(&t.viewer).await).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn who_may_not_be_put_into_force_is_refused() {
    for t in support::databases().await {
        let [candidate, active, _] = with_models(&t).await;
        let mut tx = t.write(&t.manager).await;
        assert!(churn::activate(&mut tx, active).await.is_err(), "{t:?}: it is in force");
        assert!(churn::roll_back(&mut tx, candidate).await.is_err(), "{t:?}: it never was in force");
        churn::retire(&mut tx, candidate).await.unwrap();
        assert!(churn::activate(&mut tx, candidate).await.is_err(), "{t:?}: it was set aside");
        assert!(churn::retire(&mut tx, candidate).await.is_err(), "{t:?}");
    }
}

#[tokio::test]
async fn too_little_is_said_and_a_month_later_it_is_tried_again() {
    for t in support::databases().await {
        t.account("Acme").await;
        assert_eq!(churn::next_training(&mut t.read(&t.viewer).await).await.unwrap(), None, "{t:?}");
        assert_eq!(train(&t).await, Came::Unable(Unable::NotEnough { losses: 0 }), "{t:?}");
        let next = NOW.plus_days(RETRAIN_DAYS);
        assert_eq!(churn::next_training(&mut t.read(&t.viewer).await).await.unwrap(), Some(next), "{t:?}");
        assert_eq!(perform(&t).await, None, "{t:?}: not yet");
        t.clock.advance(RETRAIN_DAYS * DAY_MS);
        assert_eq!(perform(&t).await.as_deref(), Some(churn::MONTHLY), "{t:?}");
        let trainings = churn::trainings(&mut t.read(&t.viewer).await).await.unwrap();
        assert_eq!((trainings.len(), trainings[0].started_by), (2, None), "{t:?}: the calendar asked");
        let after = churn::next_training(&mut t.read(&t.viewer).await).await.unwrap();
        assert_eq!(after, Some(next.plus_days(RETRAIN_DAYS)), "{t:?}");
    }
}

#[tokio::test]
async fn a_monthly_model_stays_a_candidate_beside_the_one_in_force() {
    for t in support::databases().await {
        sixteen_months(&t).await;
        let Came::Model(first) = train(&t).await else { panic!("{t:?}") };
        act(&t, async |tx| churn::activate(tx, first).await).await;
        t.clock.advance(RETRAIN_DAYS * DAY_MS);
        assert_eq!(perform(&t).await.as_deref(), Some(churn::MONTHLY), "{t:?}");
        let heads = churn::models(&mut t.read(&t.viewer).await).await.unwrap();
        let states: Vec<(u32, ModelState)> = heads.iter().map(|head| (head.number, head.state)).collect();
        assert_eq!(states, [(2, ModelState::Candidate), (1, ModelState::Active)], "{t:?}");
        let candidate = churn::candidate(&mut t.read(&t.viewer).await).await.unwrap().unwrap();
        assert_eq!((candidate.id, candidate.trained_by), (heads[0].id, None), "{t:?}");
    }
}

#[tokio::test]
async fn one_training_at_a_time_which_can_be_stopped() {
    for t in support::databases().await {
        let mut tx = t.write(&t.manager).await;
        let id = churn::start(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert!(churn::start(&mut t.write(&t.manager).await).await.is_err(), "{t:?}");
        let mut tx = t.write(&t.manager).await;
        churn::stop(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        perform(&t).await;
        let trainings = churn::trainings(&mut t.read(&t.viewer).await).await.unwrap();
        assert_eq!((trainings.len(), trainings[0].came.clone()), (1, Some(Came::Stopped)), "{t:?}");
        churn::start(&mut t.write(&t.manager).await).await.unwrap();
    }
}

#[tokio::test]
async fn drift_compares_the_accounts_of_today_and_counts_losses() {
    for t in support::databases().await {
        assert_eq!(churn::drift(&mut t.read(&t.viewer).await).await.unwrap(), None, "{t:?}");
        let mut ids = Vec::new();
        for index in 0..10 {
            let fill = |account: &mut domain::accounts::Account| account.adoption_pct = Some(10.0);
            ids.push(t.account_with(&format!("Account {index}"), fill).await.id);
        }
        with_models(&t).await;
        health::catch_up(&t.db, t.workspace).await.unwrap();
        let drift = churn::drift(&mut t.read(&t.viewer).await).await.unwrap().unwrap();
        assert_eq!((drift.accounts, drift.inputs.len(), drift.held.observed), (10, 1, 0), "{t:?}");
        let adoption = &drift.inputs[0];
        assert!(adoption.index.unwrap() > 0.25 && adoption.mean_now == Some(10.0), "{t:?}: {adoption:?}");
        assert!(drift.held.expected.abs() < 1e-9, "{t:?}: no time has passed");
        t.clock.advance(45 * DAY_MS);
        for id in &ids[..9] {
            edit(&t, *id, |account| account.stage = Some("churned".into())).await;
        }
        health::catch_up(&t.db, t.workspace).await.unwrap();
        let held = churn::drift(&mut t.read(&t.viewer).await).await.unwrap().unwrap().held;
        let chance = said(&t, ids[9]).await.unwrap().pct.as_f64() / 100.0;
        let expected = 10.0 * -(1.0 - chance).ln() / 2.0;
        assert!((held.expected - expected).abs() < 1e-6, "{t:?}: {held:?}, not {expected}");
        assert_eq!((held.accounts, held.observed), (10, 9), "{t:?}");
        assert_eq!(held.verdict(), Verdict::More, "{t:?}: {held:?}");
    }
}
