//! Customers who wrote last and wait for an answer.

use domain::activities::RECEIVED;
use domain::queue::{REPLY_DAYS, Reply, beginning};
use domain::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::accounts;
use crate::error::Result;
use crate::tx::{Tx, on};

/// Most that are returned, the latest.
const ROWS_MAX: i64 = 20;
/// How many of what customers wrote are looked at, the latest mails and the latest answers to surveys.
const LOOKED_AT_MAX: i64 = 1_000;

#[derive(FromRow)]
struct Row {
    account_id: Uuid,
    at: i64,
    said: String,
    who: Option<String>,
    in_survey: i64,
}

// A note is for ourselves, so that it answers nobody. The later of two mails speaks for both. A mail and an answer to a
// survey at the very same moment are two rows, of which the queue shows one.
const WAITING: &str = "\
    SELECT w.account_id, w.at, w.said, c.doc ->> 'name' AS who, w.in_survey FROM (\
      SELECT account_id, happened_at AS at, doc ->> 'body' AS said, NULL AS email, CAST(0 AS BIGINT) AS in_survey FROM (\
        SELECT account_id, happened_at, doc FROM activities WHERE workspace_id = $1 AND kind = 'received' \
        AND happened_at > $3 AND happened_at <= $4 ORDER BY happened_at DESC LIMIT $6) AS mails \
      UNION ALL \
      SELECT account_id, answered_at AS at, doc ->> 'comment' AS said, doc ->> 'email' AS email, \
        CAST(1 AS BIGINT) AS in_survey FROM (\
        SELECT account_id, answered_at, doc FROM surveys WHERE workspace_id = $1 AND doc ->> 'comment' IS NOT NULL \
        AND answered_at > $3 AND answered_at <= $4 ORDER BY answered_at DESC LIMIT $6) AS comments) AS w \
    JOIN accounts AS a ON a.workspace_id = $1 AND a.id = w.account_id AND a.archived_at IS NULL \
      AND ($2 IS NULL OR a.owner_id = $2) \
    LEFT JOIN contacts AS c ON c.workspace_id = $1 AND c.account_id = w.account_id AND c.email = lower(w.email) \
    WHERE NOT EXISTS (SELECT 1 FROM activities AS later WHERE later.workspace_id = $1 \
      AND later.account_id = w.account_id AND later.happened_at > w.at AND later.happened_at <= $4 \
      AND later.kind <> 'note') \
    ORDER BY w.at DESC, w.account_id LIMIT $5";

/// Returns what customers wrote in the last days and nobody answered, the latest first: to everybody, or to whoever asks
/// alone. A call, a mail of ours or a meeting answers it. Everybody may look.
pub async fn waiting(tx: &mut Tx, mine: bool) -> Result<Vec<Reply>> {
    debug_assert!(WAITING.contains(RECEIVED), "the kind stands in the index, too");
    let (workspace, now) = (tx.workspace(), tx.now());
    let owner = if mine { tx.actor().user.map(|user| user.0) } else { None };
    let since = now.plus_days(-REPLY_DAYS).0;
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(WAITING)
        .bind(workspace).bind(owner).bind(since).bind(now.0).bind(ROWS_MAX).bind(LOOKED_AT_MAX).fetch_all(c).await)?;
    let mut replies: Vec<Reply> = Vec::with_capacity(rows.len());
    for row in rows {
        let account = accounts::row(tx, domain::id::AccountId(row.account_id)).await?;
        replies.push(Reply {
            row: account,
            who: row.who,
            at: Timestamp(row.at),
            said: beginning(&row.said),
            in_survey: row.in_survey != 0,
        });
    }
    Ok(replies)
}
