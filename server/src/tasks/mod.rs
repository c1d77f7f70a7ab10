//! Background work. Each task is listed here with what wakes it.

mod courier;
mod imports;
mod reports;
pub mod signals;
mod warm;
mod worker;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use db::Db;
use domain::id::WorkspaceId;
use domain::time::Timestamp;
use tokio::sync::{broadcast, watch};
use tokio::time::{MissedTickBehavior, interval};

pub use courier::Courier;
pub use imports::Imports;
use worker::Means;

use crate::export::{Folder, sweep};

/// How long the scorer waits for more of the same before it starts.
const GATHER: Duration = Duration::from_millis(40);
/// How often everything is looked at without being woken: overrides expire, trends move on.
const SWEEP: Duration = Duration::from_secs(60);
/// How long what is due and was left over waits.
const LEFT_OVER: Duration = Duration::from_secs(1);

/// Workers that do whatever comes. One more does what is short alone, so that mail never waits for minutes.
const WORKERS: usize = 2;
/// The kinds of tasks that take long.
const LONG: [&str; 5] =
    [db::lab::TASK, db::churn::TASK, db::churn::MONTHLY, db::export::TASK, db::import_schedules::TASK];

/// Starts all background work; it ends when `stop` turns true.
///
/// - the scorer, and behind it the alert engine: woken by the change log, at the moment at which time alone can raise or
///   end an alert, and once a minute for what else time changes
/// - notices: what the scorer and people wrote is told, right after the scorer
/// - the workers: look once a second whether a task of the queue is due; several, as one may be busy for minutes
/// - exports: looks once a minute whether files are too old to be kept
/// - signals: looks once a second whether a feed or a website is due
/// - what reports keep in memory: read once, soon after the start, so that nobody has to wait for it
/// - the wake-up of other nodes (PostgreSQL): woken by `NOTIFY`
pub fn start(db: &Db, courier: &Courier, exports: &Folder, imports: &Imports, stop: &watch::Receiver<bool>) {
    tokio::spawn(score(db.clone(), courier.clone(), stop.clone()));
    let means = Means { courier: courier.clone(), exports: exports.clone(), imports: imports.clone() };
    tokio::spawn(workers(db.clone(), means, stop.clone()));
    tokio::spawn(sweep(db.clone(), exports.clone(), stop.clone()));
    if let Some(egress) = courier.egress.clone() {
        tokio::spawn(signals::watch(db.clone(), egress, stop.clone()));
    }
    tokio::spawn(warm::reports(db.clone(), stop.clone()));
    tokio::spawn(db::wake::forward(db.clone()));
}

/// Starts the workers, once what the last process left is free again.
async fn workers(db: Db, means: Means, stop: watch::Receiver<bool>) {
    if let Err(error) = db::tasks::release(&db).await {
        tracing::error!(%error, "tasks that were left begin again when their lease is over");
    }
    for _ in 0..WORKERS {
        tokio::spawn(worker::work(db.clone(), means.clone(), &[], stop.clone()));
    }
    tokio::spawn(worker::work(db, means, &LONG, stop));
}

async fn score(db: Db, courier: Courier, mut stop: watch::Receiver<bool>) {
    let mut bell = db.listen();
    let mut due: HashMap<WorkspaceId, Timestamp> = HashMap::new();
    let mut sweep = interval(SWEEP);
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let mut woken: HashSet<WorkspaceId> = HashSet::new();
        let mut all = false;
        tokio::select! {
            rung = bell.recv() => match rung {
                Ok(workspace) => { woken.insert(workspace); }
                Err(broadcast::error::RecvError::Lagged(_)) => all = true,
                Err(broadcast::error::RecvError::Closed) => return,
            },
            _ = sweep.tick() => all = true,
            () = until(due.values().min().copied(), db.clock().now()) => {
                let now = db.clock().now();
                woken.extend(due.iter().filter(|(_, at)| **at <= now).map(|(workspace, _)| *workspace));
            }
            _ = stop.changed() => return,
        }
        tokio::time::sleep(GATHER).await;
        while let Ok(workspace) = bell.try_recv() {
            woken.insert(workspace);
        }
        if all {
            match db::identity::workspaces(&db).await {
                Ok(workspaces) => woken.extend(workspaces),
                Err(error) => tracing::error!(%error, "the scorer could not list workspaces"),
            }
            // A workspace may have been made since the last look.
            if let Err(error) = courier.draw_keys(&db).await {
                tracing::error!(%error, "push messages cannot be signed yet");
            }
        }
        for workspace in woken {
            look(&db, &courier, workspace).await;
            match db::alerts::due_at(&db, workspace).await {
                Ok(at) => {
                    due.remove(&workspace);
                    due.extend(at.map(|at| (workspace, at)));
                }
                Err(error) => tracing::error!(%error, "the alert engine could not say when it is due"),
            }
        }
    }
}

/// Waits for a moment; one that has passed is what the last look left over, and has a rest before the next.
async fn until(at: Option<Timestamp>, now: Timestamp) {
    let Some(at) = at else { return std::future::pending().await };
    let wait = u64::try_from(at.0 - now.0).ok().filter(|wait| *wait > 0).map(Duration::from_millis);
    tokio::time::sleep(wait.unwrap_or(LEFT_OVER)).await;
}

/// Scores what was touched, looks for alerts and tells people, in this order: each reads what the one before wrote.
async fn look(db: &Db, courier: &Courier, workspace: WorkspaceId) {
    match db::health::catch_up(db, workspace).await {
        Ok(scored) if scored.evaluated > 0 => tracing::debug!(?scored, "scored"),
        Ok(_) => {}
        Err(error) => tracing::error!(%error, "the scorer failed and will try again"),
    }
    match db::alerts::catch_up(db, workspace).await {
        Ok(looked) if looked.accounts > 0 => tracing::debug!(?looked, "looked for alerts"),
        Ok(_) => {}
        Err(error) => tracing::error!(%error, "the alert engine failed and will try again"),
    }
    if let Err(error) = db::notices::catch_up(db, workspace, courier.reach()).await {
        tracing::error!(%error, "people could not be told and will be at the next look");
    }
}
