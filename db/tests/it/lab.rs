//! Runs of the laboratory: what they find in the change log, who may start them, and that they can be stopped.

use db::{accounts, health, lab, subjects, tasks};
use domain::accounts::Account;
use domain::health::{Band, Group, Measure, Scale, Scorecard};
use domain::id::{AccountId, LabRunId, ScorecardId};
use domain::lab::run::{Asked, Run, Suggested};
use domain::lab::suggest::Unable;
use domain::time::DAY_MS;

use crate::support::{self, TestDb};

/// Two measures: adoption falls before a loss, sentiment does not.
fn card(name: &str) -> Scorecard {
    let measure =
        |key: &str, fact: &str| Measure::new(key, key, 1.0, fact, Scale::curve(&[(0.0, 0.0), (100.0, 100.0)]));
    let group =
        |key: &str, fact| Group { key: key.into(), label: key.into(), weight: 1.0, measures: vec![measure(key, fact)] };
    let groups = vec![group("adoption", "adoption_pct"), group("sentiment", "sentiment")];
    Scorecard { name: name.into(), groups, ..Scorecard::default() }
}

pub async fn edit(t: &TestDb, id: AccountId, change: impl FnOnce(&mut Account)) {
    let mut tx = t.write(&t.csm).await;
    let before = accounts::get(&mut tx, id).await.unwrap();
    let mut after = before.clone();
    change(&mut after);
    subjects::update(&mut tx, &before, &after).await.unwrap();
    tx.commit().await.unwrap();
}

/// Sixteen months of 60 accounts, of which 40 leave: their adoption falls in the month before.
pub async fn sixteen_months(t: &TestDb) -> ScorecardId {
    let mut tx = t.write(&t.manager).await;
    let id = health::published(&mut tx).await.unwrap()[0].scorecard;
    crate::cards::put_into_force(&mut tx, Some(id), card("Everyone")).await;
    tx.commit().await.unwrap();
    let mut ids = Vec::new();
    for index in 0..60 {
        let fill = |account: &mut Account| {
            (account.adoption_pct, account.sentiment) = (Some(90.0), Some(f64::from(index * 37 % 100)));
            (account.stage, account.arr_minor) = (Some("value".into()), Some(100_000));
        };
        ids.push(t.account_with(&format!("Account {index}"), fill).await.id);
    }
    for month in 1..16 {
        t.clock.advance(30 * DAY_MS);
        for (index, id) in ids.iter().enumerate().filter(|(index, _)| index % 3 > 0) {
            let leaves = 3 + index % 12;
            if month + 1 == leaves {
                edit(t, *id, |account| account.adoption_pct = Some(5.0)).await;
            } else if month == leaves {
                edit(t, *id, |account| account.stage = Some("churned".into())).await;
            }
        }
    }
    t.clock.advance(DAY_MS);
    id
}

fn asked(card: ScorecardId) -> Asked {
    Asked { card, months: 15, horizon_days: 45, downgrades: false, suggest: true }
}

async fn start(t: &TestDb, asked: Asked) -> LabRunId {
    let mut tx = t.write(&t.manager).await;
    let id = lab::start(&mut tx, asked).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn perform(t: &TestDb) {
    let mut tx = t.write(&t.admin).await;
    let task = tasks::lease(&mut tx, &[]).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(task.kind, lab::TASK);
    lab::perform(&t.db, t.workspace, &task).await.unwrap();
    let mut tx = t.write(&t.admin).await;
    tasks::finish(&mut tx, task.id).await.unwrap();
    tx.commit().await.unwrap();
}

async fn run(t: &TestDb, id: LabRunId) -> Run {
    lab::run(&mut t.read(&t.viewer).await, id).await.unwrap()
}

#[tokio::test]
async fn what_fell_before_losses_is_found_in_the_log() {
    for t in support::databases().await {
        let card = sixteen_months(&t).await;
        let id = start(&t, asked(card)).await;
        assert!(run(&t, id).await.ended_at.is_none(), "{t:?}");
        perform(&t).await;
        let run = run(&t, id).await;
        let found = run.found.unwrap_or_else(|| panic!("{t:?}: {:?}", run.refused));
        assert_eq!((run.done, run.total, found.live.accounts), (60, 60, 60), "{t:?}");
        assert_eq!(found.live.losses, 40, "{t:?}");
        assert!(found.live.auc.unwrap().low > 0.6, "{t:?}: {:#?}", found.live);
        assert_eq!(found.live.revenue[0].caught.minor + found.live.revenue[0].missed.minor, 4_000_000, "{t:?}");
        let at_risk = found.live.bands.iter().find(|at| at.band == Band::AtRisk).unwrap();
        assert!(at_risk.moments > 0, "{t:?}");
        assert_eq!(found.draft, None, "{t:?}");
        assert!(matches!(found.suggestion, Some(Suggested::Unable(Unable::NotEnough { .. }))), "{t:?}");
        let again = start(&t, Asked { months: 2, ..asked(card) }).await;
        perform(&t).await;
        let short = self::run(&t, again).await.found.unwrap();
        assert!(short.live.auc.is_none() && short.live.losses < 30, "{t:?}: too few losses are no evidence");
    }
}

#[tokio::test]
async fn a_draft_is_held_beside_the_cards_in_force() {
    for t in support::databases().await {
        let id = sixteen_months(&t).await;
        let mut tx = t.write(&t.manager).await;
        let mut draft = card("Adoption alone");
        draft.groups.truncate(1);
        health::save_draft(&mut tx, Some(id), None, draft).await.unwrap();
        tx.commit().await.unwrap();
        let run_id = start(&t, asked(id)).await;
        perform(&t).await;
        let found = run(&t, run_id).await.found.unwrap();
        let (live, draft) = (found.live.auc.unwrap(), found.draft.unwrap().auc.unwrap());
        assert!(draft.value > live.value, "{t:?}: {draft:?} against {live:?}");
        let refused = lab::open_suggestion(&mut t.write(&t.manager).await, run_id).await;
        assert!(refused.is_err(), "{t:?}: there is no suggestion");
    }
}

#[tokio::test]
async fn one_run_at_a_time_which_can_be_stopped() {
    for t in support::databases().await {
        let card = sixteen_months(&t).await;
        let id = start(&t, asked(card)).await;
        assert!(lab::start(&mut t.write(&t.manager).await, asked(card)).await.is_err(), "{t:?}");
        let mut tx = t.write(&t.manager).await;
        lab::stop(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        perform(&t).await;
        let stopped = run(&t, id).await;
        assert!(stopped.stopped_at.is_some() && stopped.found.is_none(), "{t:?}");
        let wrong = Asked { months: 0, horizon_days: 3, ..asked(card) };
        assert!(lab::start(&mut t.write(&t.manager).await, wrong).await.is_err(), "{t:?}");
        assert_eq!(lab::runs(&mut t.read(&t.viewer).await).await.unwrap().len(), 1, "{t:?}");
    }
}
