//! The laboratory: runs over the past, asked for by a person, done by a task, kept with what they found.

mod chronicle;
mod replay;
mod step;

use domain::health::ScorecardVersion;
use domain::id::{LabRunId, ScorecardId, UserId, WorkspaceId};
use domain::identity::{Actor, Role};
use domain::lab::backtest::{Terms, back_test};
use domain::lab::replay::{LineUp, Story};
use domain::lab::run::{Asked, Findings, OTHERS_MAX, Other, Run, Suggested};
use domain::lab::suggest::suggest;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::health;
use crate::pool::Db;
use crate::tasks;
use crate::tx::{Tx, on};
pub use replay::replay;

/// The kind of the task that does a run.
pub const TASK: &str = "lab_run";
/// Runs that the list shows.
const RUNS_MAX: i64 = 20;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    asked: String,
    started_at: i64,
    started_by: Option<Uuid>,
    done: i64,
    total: i64,
    stopped_at: Option<i64>,
    ended_at: Option<i64>,
    refused: Option<String>,
    found: Option<String>,
}

fn run_of(row: Row) -> Result<Run> {
    Ok(Run {
        id: LabRunId(row.id),
        asked: serde_json::from_str(&row.asked)?,
        started_at: Timestamp(row.started_at),
        started_by: row.started_by.map(UserId),
        done: u32::try_from(row.done).unwrap_or_default(),
        total: u32::try_from(row.total).unwrap_or_default(),
        stopped_at: row.stopped_at.map(Timestamp),
        ended_at: row.ended_at.map(Timestamp),
        refused: row.refused,
        found: row.found.as_deref().map(serde_json::from_str).transpose()?,
    })
}

/// Asks for a run, which a task does; managers and administrators. One run of a workspace goes on at a time.
pub async fn start(tx: &mut Tx, asked: Asked) -> Result<LabRunId> {
    tx.require(Role::Manager)?;
    asked.check()?;
    health::versions(tx, asked.card).await?;
    let (id, workspace, now) = (LabRunId(Uuid::now_v7()), tx.workspace(), tx.now());
    let running: Option<(i64,)> = on!(tx, c => sqlx::query_as(
        "SELECT started_at FROM lab_runs WHERE workspace_id = $1 AND ended_at IS NULL LIMIT 1")
        .bind(workspace).fetch_optional(c).await)?;
    if running.is_some() {
        return Err(Refusal::Conflict("Another run goes on. Wait until it is done, or stop it.".to_owned()).into());
    }
    let (asked, user) = (serde_json::to_string(&asked)?, tx.actor().user.map(|user| user.0));
    on!(tx, c => sqlx::query(
        "INSERT INTO lab_runs (workspace_id, id, asked, started_at, started_by) VALUES ($1, $2, $3, $4, $5)")
        .bind(workspace).bind(id.0).bind(&asked).bind(now.0).bind(user).execute(c).await.map(|_| ()))?;
    tasks::enqueue(tx, TASK, &json!({ "run": id }), None, now).await?;
    Ok(id)
}

/// Returns the newest runs without what they found, newest first; everybody may look.
pub async fn runs(tx: &mut Tx) -> Result<Vec<Run>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, asked, started_at, started_by, done, total, stopped_at, ended_at, refused, \
         CAST(NULL AS TEXT) AS found FROM lab_runs \
         WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2")
        .bind(workspace).bind(RUNS_MAX).fetch_all(c).await)?;
    rows.into_iter().map(run_of).collect()
}

/// Returns a run; everybody may look.
pub async fn run(tx: &mut Tx, id: LabRunId) -> Result<Run> {
    let workspace = tx.workspace();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, asked, started_at, started_by, done, total, stopped_at, ended_at, refused, found FROM lab_runs \
         WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    run_of(row.ok_or(Refusal::NotFound)?)
}

/// Stops a run before its next step; managers and administrators.
pub async fn stop(tx: &mut Tx, id: LabRunId) -> Result<()> {
    tx.require(Role::Manager)?;
    run(tx, id).await?;
    let (workspace, now) = (tx.workspace(), tx.now().0);
    on!(tx, c => sqlx::query(
        "UPDATE lab_runs SET stopped_at = $3, ended_at = $3 WHERE workspace_id = $1 AND id = $2 AND ended_at IS NULL")
        .bind(workspace).bind(id.0).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Opens the weights that a run suggests as the draft of its scorecard; managers and administrators.
/// The draft is refused where somebody has changed it since the run.
pub async fn open_suggestion(tx: &mut Tx, id: LabRunId) -> Result<ScorecardId> {
    tx.require(Role::Manager)?;
    let run = run(tx, id).await?;
    let Some(Findings { suggestion: Some(Suggested::Weights(found)), draft_revision, .. }) = run.found else {
        return Err(Refusal::Conflict("This run suggests no weights.".to_owned()).into());
    };
    let draft = health::save_draft(tx, Some(run.asked.card), draft_revision, found.card).await?;
    Ok(draft.scorecard)
}

/// Does the run that a task names, and keeps what it found or why it found nothing.
pub async fn perform(db: &Db, workspace: WorkspaceId, task: &tasks::Task) -> Result<()> {
    let actor = Actor::system(workspace);
    let id: LabRunId = serde_json::from_value(task.payload.get("run").cloned().unwrap_or(Value::Null))?;
    let asked = {
        let run = run(&mut db.read(&actor).await?, id).await?;
        if run.ended_at.is_some() {
            return Ok(());
        }
        run.asked
    };
    let begin = db.clock().now();
    let found = match find(db, &actor, id, asked, task).await {
        Ok(mut found) => {
            found.seconds = (db.clock().now().0 - begin.0) as f64 / 1_000.0;
            Ok(serde_json::to_string(&found)?)
        }
        Err(Error::Refused(refusal)) => Err(refusal.to_string()),
        Err(error) if task.attempts >= task.attempts_max => {
            tracing::error!(run = %id, %error, "a run of the laboratory failed for good");
            Err("This run failed on our side. The log of the server says why.".to_owned())
        }
        Err(error) => return Err(error),
    };
    let mut tx = db.write(&actor).await?;
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let (found, refused) = (found.as_ref().ok(), found.as_ref().err());
    on!(tx, c => sqlx::query(
        "UPDATE lab_runs SET ended_at = $3, found = $4, refused = $5 WHERE workspace_id = $1 AND id = $2 \
         AND ended_at IS NULL")
        .bind(workspace).bind(id.0).bind(now).bind(found).bind(refused).execute(c).await.map(|_| ()))?;
    tx.commit().await?;
    Ok(())
}

/// The cards in force, and what the run looks at.
struct Cards {
    live: LineUp,
    draft: Option<ScorecardVersion>,
    /// The draft, or else the version in force.
    newest: ScorecardVersion,
    /// What else is held beside them.
    others: Vec<ScorecardVersion>,
}

impl Cards {
    /// Returns the sets of scorecards that are replayed: those in force, then with the draft in its place, then with
    /// each of the others.
    fn line_ups(&self) -> Vec<LineUp> {
        let beside = self.draft.iter().chain(&self.others).map(|version| {
            let kept = self.live.iter().filter(|live| live.scorecard != version.scorecard);
            kept.chain([version]).cloned().collect()
        });
        [self.live.clone()].into_iter().chain(beside).collect()
    }
}

async fn cards(tx: &mut Tx, id: ScorecardId) -> Result<Cards> {
    let live = health::published(tx).await?;
    let heads = health::cards(tx).await?;
    let head = heads.iter().find(|head| head.scorecard == id).ok_or(Refusal::NotFound)?;
    let draft = match head.draft {
        Some(version) => health::version(tx, id, version).await?,
        None => None,
    };
    let in_force = live.iter().find(|version| version.scorecard == id).cloned();
    let newest = draft.clone().or(in_force).ok_or_else(|| {
        Refusal::Conflict("This scorecard is not in force and has no draft. Choose another.".to_owned())
    })?;
    let before = health::versions(tx, id).await?.into_iter().find(|version| version.retired_at.is_some());
    let before = before.map(|version| (id, version.version));
    let drafts = heads.iter().filter(|other| other.scorecard != id);
    let drafts = drafts.filter_map(|other| Some((other.scorecard, other.draft?)));
    let mut others = Vec::new();
    for (card, version) in before.into_iter().chain(drafts).take(OTHERS_MAX) {
        others.extend(health::version(tx, card, version).await?);
    }
    Ok(Cards { live, draft, newest, others })
}

async fn find(db: &Db, actor: &Actor, id: LabRunId, asked: Asked, task: &tasks::Task) -> Result<Findings> {
    let cards = cards(&mut db.read(actor).await?, asked.card).await?;
    let go_on = |done, total| note(db, actor, (id, task), (done, total));
    let stories = replay(db, actor, &cards.line_ups(), asked.months, go_on).await?;
    let terms = Terms { horizon_days: asked.horizon_days, downgrades: asked.downgrades, now: db.clock().now() };
    // Arithmetic of seconds belongs on a thread of its own, not among the requests.
    let judge = move || judge(cards, &stories, asked, &terms);
    tokio::task::spawn_blocking(judge).await.map_err(|error| Error::Stored(format!("a run of the laboratory: {error}")))
}

fn judge(cards: Cards, stories: &[Vec<Story>], asked: Asked, terms: &Terms) -> Findings {
    let Cards { draft, newest, others, .. } = cards;
    // Weights are looked for in what the draft said, or else the version in force.
    let suggestion = stories.get(usize::from(draft.is_some())).filter(|_| asked.suggest).map(|stories| {
        match suggest(asked.card, &newest.card, stories, terms) {
            Ok(found) => Suggested::Weights(Box::new(found)),
            Err(unable) => Suggested::Unable(unable),
        }
    });
    let mut tests = stories.iter().map(|stories| back_test(stories, terms));
    let live = tests.next().unwrap_or_else(|| back_test(&[], terms));
    let draft_test = draft.is_some().then(|| tests.next()).flatten();
    let others = others.into_iter().zip(tests).map(|(version, test)| Other {
        name: version.card.name,
        version: version.version,
        is_draft: version.published_at.is_none(),
        test,
    });
    Findings {
        name: newest.card.name,
        live,
        draft: draft_test,
        draft_revision: draft.map(|draft| draft.revision),
        others: others.collect(),
        suggestion,
        seconds: 0.0,
    }
}

/// Notes how far a run is and keeps the task; refuses where somebody has stopped the run.
async fn note(db: &Db, actor: &Actor, (id, task): (LabRunId, &tasks::Task), (done, total): (u32, u32)) -> Result<()> {
    let mut tx = db.write(actor).await?;
    if run(&mut tx, id).await?.ended_at.is_some() {
        return Err(Refusal::Conflict("This run was stopped.".to_owned()).into());
    }
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query("UPDATE lab_runs SET done = $3, total = $4 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).bind(i64::from(done)).bind(i64::from(total)).execute(c).await.map(|_| ()))?;
    tasks::keep(&mut tx, task.id).await?;
    tx.commit().await?;
    Ok(())
}
