//! Reading what reports keep in memory, soon after the start.

use std::time::Duration;

use db::Db;
use tokio::sync::watch;

/// What has to be done at the start goes first.
const AFTER: Duration = Duration::from_secs(2);
/// The rest between two workspaces, in which others have the database to themselves.
const REST: Duration = Duration::from_millis(100);

/// Most workspaces that are read: of more, usage is not kept.
const WORKSPACES_MAX: usize = 50;

/// Reads the reports of one workspace after the other, or stops when `stop` turns true. What cannot be read now is
/// read when somebody asks.
pub(super) async fn reports(db: Db, mut stop: watch::Receiver<bool>) {
    tokio::select! {
        () = read(&db) => {}
        _ = stop.changed() => {}
    }
}

async fn read(db: &Db) {
    tokio::time::sleep(AFTER).await;
    let workspaces = match db::identity::workspaces(db).await {
        Ok(workspaces) => workspaces,
        Err(error) => return tracing::warn!(%error, "reports will be read when somebody asks"),
    };
    for workspace in workspaces.into_iter().take(WORKSPACES_MAX) {
        if let Err(error) = db::reports::warm(db, workspace).await {
            tracing::warn!(%error, "reports of a workspace will be read when somebody asks");
        }
        tokio::time::sleep(REST).await;
    }
}
