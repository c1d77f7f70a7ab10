//! Waking the readers of the change log in other processes, through PostgreSQL's `NOTIFY`.

use domain::id::WorkspaceId;
use sqlx::postgres::PgListener;
use std::time::Duration;

use crate::pool::{Db, Pools};

/// How long to wait before listening again after the connection was lost.
const AGAIN: Duration = Duration::from_secs(2);

/// Rings this process's bell whenever another process commits. With SQLite there is no other process.
pub async fn forward(db: Db) {
    let Pools::Postgres(pool) = &db.pools else { return };
    loop {
        if let Ok(mut listener) = PgListener::connect_with(pool).await
            && listener.listen("keepwell").await.is_ok()
        {
            while let Ok(notification) = listener.recv().await {
                if let Ok(workspace) = notification.payload().parse::<WorkspaceId>() {
                    db.ring(workspace);
                }
            }
        }
        tokio::time::sleep(AGAIN).await;
    }
}
