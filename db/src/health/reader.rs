//! What the change log says the scorer has to look at.

use std::collections::BTreeSet;

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::AccountId;
use domain::identity::Actor;
use domain::time::Timestamp;
use serde_json::{Map, Value};
use sqlx::FromRow;
use uuid::Uuid;

use super::cards;
use super::field_times::Changed;
use crate::error::Result;
use crate::log;
use crate::pool::Db;
use crate::tx::{Tx, on};

/// A line of the log; what it holds is read for the few kinds of lines that the scorer looks into.
#[derive(FromRow)]
struct Line {
    seq: i64,
    at: i64,
    change: String,
    subject: String,
    account_id: Option<Uuid>,
    batch_id: Option<Uuid>,
    data: Option<String>,
}

// An import of a hundred thousand accounts is as many documents, of which nothing is needed here.
const LINES: &str = "SELECT seq, at, change, subject, account_id, batch_id, \
    CASE WHEN (subject = 'accounts' AND change IN ('updated', 'deleted')) OR subject IN ('workspaces', 'scorecards') THEN data END AS data \
    FROM changes WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";

/// What happened since the scorer last looked.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Accounts that something happened to.
    pub touched: BTreeSet<AccountId>,
    /// Accounts that lost one below them.
    pub parents: BTreeSet<Uuid>,
    /// The fields that were changed.
    pub fields: Changed,
    /// Whether accounts may have a kind of fact that none had before.
    pub refit: bool,
    /// Whether scorecards were written.
    pub cards: bool,
    /// Whether a person changed what accounts are scored with.
    pub rescore: bool,
    /// Whether the seasons may be others.
    pub seasons: bool,
    /// Whether another rule for roll-ups was chosen.
    pub rollup: bool,
    /// The end of the log, where something was in it.
    pub end: Option<i64>,
}

/// Reads the log from where the scorer stopped.
pub(super) async fn read(db: &Db, actor: &Actor) -> Result<Seen> {
    let mut tx = db.read(actor).await?;
    let mut seq = mark(&mut tx, SCORER).await?.unwrap_or(0);
    let mut seen = Seen::default();
    loop {
        let workspace = tx.workspace();
        let lines: Vec<Line> = on!(tx, c => sqlx::query_as(LINES)
            .bind(workspace).bind(seq).bind(log::PAGE_MAX).fetch_all(c).await)?;
        let Some(last) = lines.last() else { return Ok(seen) };
        seq = last.seq;
        seen.end = Some(seq);
        for line in lines {
            seen.note(line)?;
        }
    }
}

impl Seen {
    fn note(&mut self, line: Line) -> Result<()> {
        let is = |change: Change| line.change == change.key();
        let about = |subject: Subject| line.subject == subject.key();
        // The scorer's own lines must not wake it again, and what follows from scores does not change them.
        if is(Change::Scored) || about(Subject::Alert) || about(Subject::Todo) || about(Subject::Feedback) {
            return Ok(());
        }
        // An import may bring a kind of fact that no account had before.
        let imported = is(Change::Created) || about(Subject::Usage);
        self.refit |= (line.batch_id.is_some() && imported) || about(Subject::Field);
        self.seasons |= line.batch_id.is_some() && (about(Subject::Usage) || (imported && about(Subject::Account)));
        self.cards |= about(Subject::Scorecard);
        self.touched.extend(line.account_id.map(AccountId));
        let Some(data) = line.data else { return Ok(()) };
        let mut data: Map<String, Value> = serde_json::from_str(&data)?;
        let mut part = |key: &str| match data.remove(key) {
            Some(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let (before, after) = (part("before"), part("after"));
        if line.subject == Subject::Scorecard.key() {
            self.rescore |= cards::asks_for_scores(&after);
            return Ok(());
        }
        if line.subject == Subject::Workspace.key() {
            self.rollup |= after.contains_key("rollup");
            return Ok(());
        }
        let parent = before.get("parent_id").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
        self.parents.extend(parent);
        self.seasons |= after.contains_key("category");
        if let Some(account) = line.account_id.filter(|_| line.change == Change::Updated.key()) {
            self.fields.note(AccountId(account), Timestamp(line.at), &before, &after);
        }
        Ok(())
    }
}

/// How far the scorer has come in the log.
pub(super) const SCORER: &str = "scorer";
/// The last day on which every account was looked at, counted from the epoch.
pub(super) const DAY: &str = "scorer.day";
/// The scorecards that every account was scored with.
pub(super) const CARDS: &str = "scorer.cards";

/// Returns one of the scorer's bookmarks.
pub(crate) async fn mark(tx: &mut Tx, name: &'static str) -> Result<Option<i64>> {
    let workspace = tx.workspace();
    let seq: Option<(i64,)> = on!(tx, c => sqlx::query_as("SELECT seq FROM cursors WHERE workspace_id = $1 AND reader = $2")
        .bind(workspace).bind(name).fetch_optional(c).await)?;
    Ok(seq.map(|(seq,)| seq))
}

/// Sets bookmarks.
pub(crate) async fn set_marks(db: &Db, actor: &Actor, marks: &[(&'static str, i64)]) -> Result<()> {
    if marks.is_empty() {
        return Ok(());
    }
    let mut tx = db.write(actor).await?;
    let workspace = tx.workspace();
    for (name, seq) in marks {
        on!(tx, c => sqlx::query(
            "INSERT INTO cursors (workspace_id, reader, seq) VALUES ($1, $2, $3) \
             ON CONFLICT (workspace_id, reader) DO UPDATE SET seq = excluded.seq")
            .bind(workspace).bind(*name).bind(*seq).execute(c).await.map(|_| ()))?;
    }
    tx.commit().await?;
    Ok(())
}
