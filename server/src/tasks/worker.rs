//! The worker: takes tasks from the queue, one at a time, and does those it knows.

use std::time::Duration;

use db::Db;
use db::tasks::Task;
use domain::id::WorkspaceId;
use domain::identity::Actor;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::{Courier, Imports};
use crate::export::{self, Folder};

/// How often the queue is looked at.
const REST: Duration = Duration::from_secs(1);

/// What tasks are done with; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Means {
    pub(super) courier: Courier,
    pub(super) exports: Folder,
    pub(super) imports: Imports,
}

/// Works until `stop` turns true, on all kinds of tasks but those `without`. A task that fails comes again later and is dead after its last try; one whose
/// process ends meanwhile comes again when its lease is over.
pub(super) async fn work(db: Db, means: Means, without: &'static [&'static str], mut stop: watch::Receiver<bool>) {
    let mut rest = interval(REST);
    rest.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = rest.tick() => {}
            _ = stop.changed() => return,
        }
        if let Err(error) = look(&db, &means, without).await {
            tracing::error!(%error, "the worker could not look at the queue and will try again");
        }
    }
}

async fn look(db: &Db, means: &Means, without: &[&str]) -> db::Result<()> {
    for workspace in db::identity::workspaces(db).await? {
        while let Some(task) = next(db, workspace, without).await? {
            let done = apart(db, means, workspace, &task).await;
            let mut tx = db.write(&Actor::system(workspace)).await?;
            match done {
                Ok(()) => db::tasks::finish(&mut tx, task.id).await?,
                Err(error) => {
                    tracing::error!(task = %task.id, kind = task.kind, attempt = task.attempts, %error, "a task failed");
                    db::tasks::fail(&mut tx, &task, &error.to_string()).await?;
                }
            }
            tx.commit().await?;
        }
    }
    Ok(())
}

async fn next(db: &Db, workspace: WorkspaceId, without: &[&str]) -> db::Result<Option<Task>> {
    let actor = Actor::system(workspace);
    if !db::tasks::is_due(&mut db.read(&actor).await?, without).await? {
        return Ok(None);
    }
    let mut tx = db.write(&actor).await?;
    let task = db::tasks::lease(&mut tx, without).await?;
    tx.commit().await?;
    Ok(task)
}

/// Does a task apart, so that one that panics takes no worker with it.
async fn apart(db: &Db, means: &Means, workspace: WorkspaceId, task: &Task) -> db::Result<()> {
    let (db, means, task) = (db.clone(), means.clone(), task.clone());
    let done = tokio::spawn(async move { perform(&db, &means, workspace, &task).await }).await;
    done.unwrap_or_else(|error| Err(db::Error::Stored(format!("the task ended early: {error}"))))
}

async fn perform(db: &Db, means: &Means, workspace: WorkspaceId, task: &Task) -> db::Result<()> {
    match task.kind.as_str() {
        db::lab::TASK => db::lab::perform(db, workspace, task).await,
        db::churn::TASK | db::churn::MONTHLY => db::churn::perform(db, workspace, task).await,
        db::notices::TASK => means.courier.deliver(db, workspace, task).await,
        db::export::TASK => export::perform(db, &means.exports, workspace, task).await,
        db::schedules::TASK => db::schedules::perform(db, workspace, task).await,
        db::import_schedules::TASK => means.imports.perform(db, workspace, task).await,
        db::schedules::MAIL => means.courier.send_report(db, workspace, task).await,
        other => Err(db::Error::Stored(format!("nobody knows how to do tasks of the kind {other}"))),
    }
}
