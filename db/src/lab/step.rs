//! What the database knows of some accounts, in the order of their ids, as one text for each account and kind.
//!
//! A driver that hands over rows one by one costs more than the database that finds them. JSON texts and numbers hold
//! no control characters, so one of these stands between them.

use std::collections::HashMap;

use domain::health::{BACK_DAYS, ManualScore, Needs, Override};
use domain::lab::chronicle::Held;
use domain::signals::market::{Look, News};
use domain::time::Timestamp;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::signals::{LookRow, NewsRow};
use crate::subjects::Table;
use crate::tx::{Tx, on};

/// Accounts that are read at once.
const STEP: i64 = 250;
/// What stands between the parts of a text.
pub(super) const BETWEEN: char = '\u{1e}';

const ACCOUNTS: &str =
    "SELECT id, CAST(doc AS TEXT) FROM accounts WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3";

macro_rules! documents {
    ($table:literal) => {
        concat!(
            "SELECT account_id, string_agg(CAST(doc AS TEXT), $4) FROM ",
            $table,
            " WHERE workspace_id = $1 AND account_id > $2 AND account_id <= $3 GROUP BY account_id"
        )
    };
}

/// The documents that hang on accounts.
const DOCUMENTS: [(Table, &str); 5] = [
    (Table::Contacts, documents!("contacts")),
    (Table::Tickets, documents!("tickets")),
    (Table::Surveys, documents!("surveys")),
    (Table::Invoices, documents!("invoices")),
    (Table::Activities, documents!("activities")),
];

/// The change log: of the accounts themselves all of it, of what hangs on them what happened since a moment. How
/// something came into being is not needed, as it was not there before.
const LOG: (&str, &str) = (
    "SELECT account_id, group_concat(seq || ' ' || at || ' ' || change || ' ' || subject || ' ' || hex(subject_id) \
     || ' ' || CASE change WHEN 'created' THEN '' ELSE data END, $4) FROM changes INDEXED BY changes_account \
     WHERE workspace_id = $1 AND account_id > $2 AND account_id <= $3 AND change <> 'scored' \
     AND (subject = 'accounts' OR (at > $5 AND instr($6, subject) > 0)) GROUP BY account_id",
    "SELECT account_id, string_agg(seq || ' ' || at || ' ' || change || ' ' || subject || ' ' || subject_id::text \
     || ' ' || CASE change WHEN 'created' THEN '' ELSE data END, $4) FROM changes \
     WHERE workspace_id = $1 AND account_id > $2 AND account_id <= $3 AND change <> 'scored' \
     AND (subject = 'accounts' OR (at > $5 AND position(subject IN $6) > 0)) GROUP BY account_id",
);

/// Usage: the numbers are written so that they are read back to the last bit. Most are counts, and whole numbers take
/// SQLite a fraction of the time to write.
const USAGE: (&str, &str) = (
    "SELECT account_id, metric, group_concat(day || ' ' || CASE WHEN value = CAST(value AS INTEGER) \
     THEN CAST(value AS INTEGER) ELSE printf('%!.17g', value) END, $4) FROM usage_days \
     WHERE workspace_id = $1 AND account_id > $2 AND account_id <= $3 AND day >= $5 GROUP BY account_id, metric",
    "SELECT account_id, metric, string_agg(day || ' ' || value, $4) FROM usage_days \
     WHERE workspace_id = $1 AND account_id > $2 AND account_id <= $3 AND day >= $5 GROUP BY account_id, metric",
);

const OVERRIDES: &str = "SELECT o.account_id, o.doc, u.name FROM overrides AS o \
    LEFT JOIN users AS u ON u.workspace_id = o.workspace_id AND u.id = o.created_by \
    WHERE o.workspace_id = $1 AND o.account_id > $2 AND o.account_id <= $3 ORDER BY o.created_at";

const NEWS: &str = "SELECT account_id, published_at, seen_at, event, tone FROM signals \
    WHERE workspace_id = $1 AND account_id > $2 AND account_id <= $3 AND published_at >= $4 ORDER BY published_at";

const LOOKS: &str = "SELECT account_id, at, rank, took_ms, tls_expires_at FROM website_checks \
    WHERE workspace_id = $1 AND account_id > $2 AND account_id <= $3 AND at >= $4 ORDER BY at";

/// Some accounts with all that is needed of them.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// Their documents, in the order of their ids.
    pub(super) accounts: Vec<(Uuid, String)>,
    /// Their lines of the change log.
    pub(super) log: HashMap<Uuid, String>,
    /// What hangs on them now.
    pub(super) documents: HashMap<(&'static str, Uuid), String>,
    /// Their usage by metric.
    pub(super) usage: HashMap<Uuid, Vec<(String, String)>>,
    /// Headlines about them.
    pub(super) news: HashMap<Uuid, Vec<News>>,
    /// Looks at their websites.
    pub(super) looks: HashMap<Uuid, Vec<Look>>,
    /// The scores that people set by hand, the newest last.
    pub(super) overrides: HashMap<Uuid, Vec<Held<Override>>>,
}

impl Step {
    /// Reads the accounts behind one, none where it was the last. What hangs on them is read as far as scorecards need
    /// it, and its changes since the begin of a replay.
    pub(super) async fn read(tx: &mut Tx, behind: Uuid, needs: Needs, begin: Timestamp) -> Result<Self> {
        let workspace = tx.workspace();
        let accounts: Vec<(Uuid, String)> = on!(tx, c => sqlx::query_as(ACCOUNTS)
            .bind(workspace).bind(behind).bind(STEP).fetch_all(c).await)?;
        let mut step = Self { accounts, ..Self::default() };
        let Some((end, _)) = step.accounts.last() else { return Ok(step) };
        let range = (behind, *end);
        let needed = [needs.contacts, needs.tickets, needs.surveys, needs.invoices, needs.touches];
        let kinds: Vec<(&'static str, &'static str)> = DOCUMENTS
            .into_iter()
            .zip(needed)
            .filter(|(_, needed)| *needed)
            .map(|((table, sql), _)| (table.subject().key(), sql))
            .collect();
        for (kind, sql) in &kinds {
            let rows: Vec<(Uuid, String)> = on!(tx, c => sqlx::query_as(*sql)
                .bind(workspace).bind(range.0).bind(range.1).bind(BETWEEN.to_string()).fetch_all(c).await)?;
            step.documents.extend(rows.into_iter().map(|(account, text)| ((*kind, account), text)));
        }
        step.read_log(tx, range, &kinds.iter().map(|(kind, _)| *kind).collect::<Vec<_>>().join(" "), begin).await?;
        let since = begin.plus_days(-i64::from(BACK_DAYS));
        if needs.usage_days.is_some() || needs.last_use {
            step.read_usage(tx, range, since).await?;
        }
        if needs.news {
            step.read_news(tx, range, since).await?;
        }
        if needs.looks {
            step.read_looks(tx, range, since).await?;
        }
        step.read_overrides(tx, range).await?;
        Ok(step)
    }

    async fn read_log(&mut self, tx: &mut Tx, range: (Uuid, Uuid), kinds: &str, begin: Timestamp) -> Result<()> {
        let (workspace, sql) = (tx.workspace(), if tx.is_sqlite() { LOG.0 } else { LOG.1 });
        let rows: Vec<(Uuid, String)> = on!(tx, c => sqlx::query_as(sql)
            .bind(workspace).bind(range.0).bind(range.1).bind(BETWEEN.to_string()).bind(begin.0).bind(kinds)
            .fetch_all(c).await)?;
        self.log = rows.into_iter().collect();
        Ok(())
    }

    async fn read_usage(&mut self, tx: &mut Tx, range: (Uuid, Uuid), since: Timestamp) -> Result<()> {
        let (workspace, sql) = (tx.workspace(), if tx.is_sqlite() { USAGE.0 } else { USAGE.1 });
        let rows: Vec<(Uuid, String, String)> = on!(tx, c => sqlx::query_as(sql)
            .bind(workspace).bind(range.0).bind(range.1).bind(BETWEEN.to_string()).bind(since.0).fetch_all(c).await)?;
        for (account, metric, days) in rows {
            self.usage.entry(account).or_default().push((metric, days));
        }
        Ok(())
    }

    async fn read_news(&mut self, tx: &mut Tx, range: (Uuid, Uuid), since: Timestamp) -> Result<()> {
        let workspace = tx.workspace();
        let rows: Vec<NewsRow> = on!(tx, c => sqlx::query_as(NEWS)
            .bind(workspace).bind(range.0).bind(range.1).bind(since.0).fetch_all(c).await)?;
        for row in rows {
            self.news.entry(row.account().0).or_default().extend(row.news());
        }
        Ok(())
    }

    async fn read_looks(&mut self, tx: &mut Tx, range: (Uuid, Uuid), since: Timestamp) -> Result<()> {
        let workspace = tx.workspace();
        let rows: Vec<LookRow> = on!(tx, c => sqlx::query_as(LOOKS)
            .bind(workspace).bind(range.0).bind(range.1).bind(since.0).fetch_all(c).await)?;
        for row in rows {
            self.looks.entry(row.account().0).or_default().push(row.look());
        }
        Ok(())
    }

    async fn read_overrides(&mut self, tx: &mut Tx, range: (Uuid, Uuid)) -> Result<()> {
        let workspace = tx.workspace();
        let rows: Vec<(Uuid, Json<ManualScore>, Option<String>)> = on!(tx, c => sqlx::query_as(OVERRIDES)
            .bind(workspace).bind(range.0).bind(range.1).fetch_all(c).await)?;
        for (account, Json(manual), author) in rows {
            let until = manual.ended_at.unwrap_or(manual.expires_at).min(manual.expires_at);
            let state = Override {
                score: manual.score.as_f64(),
                reason: manual.reason,
                author: author.unwrap_or_default(),
                until: manual.expires_at,
            };
            self.overrides.entry(account).or_default().push(Held { from: manual.created_at, until, state });
        }
        Ok(())
    }
}
