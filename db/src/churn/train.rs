//! Learning a model: the laboratory's replay of the past, and a regression on a thread of its own.

use domain::churn::{self, Came, ChurnModel, HORIZON_DAYS, Learnt, MONTHS, Unable};
use domain::health::ScorecardVersion;
use domain::id::{ChurnModelId, ChurnTrainingId, ScorecardId, TaskId, UserId, WorkspaceId};
use domain::identity::{Actor, Role};
use domain::lab::backtest::Terms;
use serde_json::Value;
use uuid::Uuid;

use super::trainings::{MONTHLY, begin, end, note, schedule, training};
use crate::error::{Error, Result};
use crate::pool::Db;
use crate::{health, lab, subjects, tasks};

/// The kind of the task that learns a model.
pub const TASK: &str = "churn_train";

/// Does what a task asks for: the attempt that it names, or the one of this month.
pub async fn perform(db: &Db, workspace: WorkspaceId, task: &tasks::Task) -> Result<()> {
    let actor = Actor::system(workspace);
    let id = if task.kind == MONTHLY {
        let mut tx = db.write(&actor).await?;
        match begin(&mut tx).await {
            Ok(id) => {
                tx.commit().await?;
                Some(id)
            }
            // A person is faster; the next month is not.
            Err(Error::Refused(_)) => None,
            Err(error) => return Err(error),
        }
    } else {
        serde_json::from_value(task.payload.get("training").cloned().unwrap_or(Value::Null))?
    };
    if let Some(id) = id {
        let last = task.attempts >= task.attempts_max || task.kind == MONTHLY;
        attempt(db, &actor, id, Some((task.id, last))).await?;
    }
    let mut tx = db.write(&actor).await?;
    schedule(&mut tx, Some(task.id)).await?;
    tx.commit().await?;
    Ok(())
}

/// Learns a model of a demo portfolio at once and has a person put it into force, as somebody would have done.
/// Where too little happened there is none, and the page says so.
pub async fn tell_demo(db: &Db, workspace: WorkspaceId, person: Option<UserId>) -> Result<()> {
    let actor = Actor { workspace, user: person, role: Role::Manager };
    let mut tx = db.write(&actor).await?;
    let id = begin(&mut tx).await?;
    tx.commit().await?;
    attempt(db, &Actor::system(workspace), id, None).await?;
    let mut tx = db.write(&actor).await?;
    if let Some(Came::Model(model)) = training(&mut tx, id).await?.came {
        super::activate(&mut tx, model).await?;
    }
    schedule(&mut tx, None).await?;
    tx.commit().await?;
    super::catch_up(db, &Actor::system(workspace)).await
}

/// Learns for one attempt and notes what came of it. `task` is the one that does it, with whether it is its last try.
async fn attempt(db: &Db, actor: &Actor, id: ChurnTrainingId, task: Option<(TaskId, bool)>) -> Result<()> {
    let asked = training(&mut db.read(actor).await?, id).await?;
    if asked.ended_at.is_some() {
        return Ok(());
    }
    let learnt = learn(db, actor, id, task.map(|(task, _)| task)).await;
    let mut tx = db.write(actor).await?;
    // It may have been stopped while the regression ran.
    if training(&mut tx, id).await?.ended_at.is_some() {
        return Ok(());
    }
    let came = match learnt {
        Ok(Ok(learnt)) => Came::Model(keep(&mut tx, learnt, asked.started_by).await?),
        Ok(Err(unable)) => Came::Unable(unable),
        Err(Error::Refused(_)) => Came::Stopped,
        Err(error) if task.is_none_or(|(_, last)| last) => {
            tracing::error!(training = %id, %error, "learning a churn model failed for good");
            Came::Failed
        }
        Err(error) => return Err(error),
    };
    end(&mut tx, id, &came).await?;
    tx.commit().await?;
    Ok(())
}

async fn keep(tx: &mut crate::Tx, learnt: Learnt, trained_by: Option<UserId>) -> Result<ChurnModelId> {
    let model = ChurnModel {
        id: ChurnModelId(super::fresh()),
        version: 1,
        number: super::next_number(tx).await?,
        trained_at: tx.now(),
        trained_by,
        fit: learnt.fit,
        evidence: learnt.evidence,
        activated_at: None,
        activated_by: None,
        retired_at: None,
        retired_by: None,
        updated_at: tx.now(),
    };
    subjects::create(tx, &model).await?;
    Ok(model.id)
}

/// Replays the past by a card of what the scorecards in force look at, and learns from it.
async fn learn(
    db: &Db,
    actor: &Actor,
    id: ChurnTrainingId,
    task: Option<TaskId>,
) -> Result<std::result::Result<Learnt, Unable>> {
    let asked = churn::inputs(&health::published(&mut db.read(actor).await?).await?);
    let card = churn::card(asked.iter().map(|asked| &asked.measure));
    let scorecard = ScorecardId(Uuid::nil());
    let line_up = vec![ScorecardVersion { scorecard, version: 1, card, published_at: None, revision: 1 }];
    let go_on = |done, total| note(db, actor, (id, task), (done, total));
    let stories = lab::replay(db, actor, &[line_up], MONTHS, go_on).await?.pop().unwrap_or_default();
    let terms = Terms { horizon_days: HORIZON_DAYS, downgrades: false, now: db.clock().now() };
    // Arithmetic of seconds belongs on a thread of its own, not among the requests.
    let learn = move || churn::learn(&asked, &stories, &terms, MONTHS);
    tokio::task::spawn_blocking(learn).await.map_err(|error| Error::Stored(format!("learning a churn model: {error}")))
}
