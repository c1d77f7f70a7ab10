//! Signals: feeds and their headlines, websites and what looks at them found.
//!
//! A feed or a website is its own task: `next_at` says when it is due, and whoever takes it moves that on, so that no
//! other does the same and one whose process ends meanwhile is due again.

mod facts;
mod feeds;
mod headlines;
mod ingest;
mod websites;

use domain::id::AccountId;
use domain::time::Timestamp;

use crate::error::Result;
use crate::tx::{Tx, on};

pub(crate) use facts::{LookRow, NewsRow};
pub use feeds::{
    Fetched, TakenFeed, add_feed, feed_runs, feeds, note_run, pause_feed, remove_feed, run_feed_now, take_due_feeds,
};
pub use headlines::{competitor_headlines, correct, headline, headlines, waiting};
pub(crate) use headlines::{rival_news, rival_users};
pub use ingest::ingest;
pub use websites::{
    check_website_now, note_check, pause_website, stop_watching, take_due_websites, watch_all, watch_website, website,
    websites,
};

/// How long whoever takes a feed or a website has for it.
const LEASE_MS: i64 = 5 * 60_000;

/// Returns when what is taken now is due again if nobody reports back.
fn lease(now: Timestamp) -> i64 {
    now.0 + LEASE_MS
}

/// Returns a number that differs from one id to the next, to spread looks.
fn seed(id: uuid::Uuid) -> u64 {
    u64::from(id.as_bytes()[15]) << 8 | u64::from(id.as_bytes()[14])
}

/// Returns whether a feed or a website is due, so that a worker with nothing to do writes nothing.
pub async fn is_due(tx: &mut Tx) -> Result<bool> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let row: Option<(i64,)> = on!(tx, c => sqlx::query_as(
        "SELECT next_at FROM feeds WHERE workspace_id = $1 AND paused_at IS NULL AND next_at <= $2 UNION ALL \
         SELECT next_at FROM websites WHERE workspace_id = $1 AND paused_at IS NULL AND next_at <= $2 LIMIT 1")
        .bind(workspace).bind(now).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Refuses unless the account is there.
async fn require_account(tx: &mut Tx, id: AccountId) -> Result<()> {
    crate::subjects::require_accounts(tx, &[id.0]).await
}
