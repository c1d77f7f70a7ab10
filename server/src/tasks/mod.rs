//! Background work. Each task is listed here with what wakes it.

mod worker;

use std::collections::HashSet;
use std::time::Duration;

use db::Db;
use domain::id::WorkspaceId;
use tokio::sync::{broadcast, watch};
use tokio::time::{MissedTickBehavior, interval};

/// How long the scorer waits for more of the same before it starts.
const GATHER: Duration = Duration::from_millis(40);
/// How often everything is looked at without being woken: overrides expire, trends move on.
const SWEEP: Duration = Duration::from_secs(60);

/// Starts all background work; it ends when `stop` turns true.
///
/// - the scorer: woken by the change log, and once a minute for what time alone changes
/// - the worker: looks once a second whether a task of the queue is due
/// - the wake-up of other nodes (PostgreSQL): woken by `NOTIFY`
pub fn start(db: &Db, stop: &watch::Receiver<bool>) {
    tokio::spawn(score(db.clone(), stop.clone()));
    tokio::spawn(worker::work(db.clone(), stop.clone()));
    tokio::spawn(db::wake::forward(db.clone()));
}

async fn score(db: Db, mut stop: watch::Receiver<bool>) {
    let mut bell = db.listen();
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
        }
        for workspace in woken {
            match db::health::catch_up(&db, workspace).await {
                Ok(scored) if scored.evaluated > 0 => tracing::debug!(?scored, "scored"),
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "the scorer failed and will try again"),
            }
        }
    }
}
