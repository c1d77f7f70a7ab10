//! What keeps the values of computed fields up to date: a reader of the change log. It looks at the accounts whose
//! fields a formula depends on, and at all of them when a formula came, changed or went, or when a day has passed that
//! one counts.

use std::collections::BTreeSet;

use domain::changes::{Change, Entry};
use domain::fields::{self, Subject};
use domain::formula::Computed;
use domain::id::AccountId;
use domain::identity::Actor;
use domain::time::DAY_MS;
use serde_json::Value;
use uuid::Uuid;

use crate::error::Result;
use crate::pool::Db;
use crate::subjects::{self, Table};
use crate::tx::{Tx, on};
use crate::{accounts, bulk, log};

/// Accounts that are computed in one transaction, so that people's writes come in between.
const STEP: usize = 500;
/// The name under which the reader's place in the log is kept.
const READER: &str = "formula";
/// The name under which the day is kept on which values that depend on time were computed.
const DAY: &str = "formula.day";

/// What the log says has to be computed.
#[derive(Default)]
struct Seen {
    everything: bool,
    touched: BTreeSet<AccountId>,
    /// Full keys of computed fields that were removed.
    gone: BTreeSet<String>,
}

/// Brings computed fields up to date with the change log.
pub(crate) async fn catch_up(db: &Db, actor: &Actor) -> Result<()> {
    let mut tx = db.read(actor).await?;
    let computed = Computed::new(&accounts::catalogue(&mut tx).await?);
    let start = bookmark(&mut tx, READER).await?;
    // Most workspaces compute nothing, and then the log is not read.
    if computed.is_empty() && start.is_none() {
        return Ok(());
    }
    let end = log::last_seq(&mut tx).await?;
    let mut seen = Seen { everything: start.is_none(), ..Seen::default() };
    seen.read(&mut tx, start.unwrap_or(end), end, &computed).await?;
    let today = tx.now().0.div_euclid(DAY_MS);
    seen.everything |= computed.depends_on_time() && bookmark(&mut tx, DAY).await? != Some(today);
    drop(tx);
    seen.gone.retain(|key| !computed.has(key));
    if seen.everything {
        let mut last = Uuid::nil();
        loop {
            let ids = next_ids(&mut db.read(actor).await?, last).await?;
            let Some(end) = ids.last() else { break };
            last = end.0;
            step(db, actor, &ids, &computed, &seen.gone).await?;
        }
    } else {
        let touched: Vec<AccountId> = seen.touched.into_iter().collect();
        for ids in touched.chunks(STEP) {
            step(db, actor, ids, &computed, &seen.gone).await?;
        }
    }
    if start != Some(end) || seen.everything {
        let mut tx = db.write(actor).await?;
        set_bookmark(&mut tx, READER, end).await?;
        set_bookmark(&mut tx, DAY, today).await?;
        tx.commit().await?;
    }
    Ok(())
}

impl Seen {
    async fn read(&mut self, tx: &mut Tx, mut seq: i64, end: i64, computed: &Computed) -> Result<()> {
        while seq < end {
            let entries = log::after(tx, seq, log::PAGE_MAX).await?;
            let Some(last) = entries.last() else { break };
            seq = last.seq;
            entries.iter().for_each(|entry| self.note(entry, computed));
        }
        Ok(())
    }

    fn note(&mut self, entry: &Entry, computed: &Computed) {
        let mut keys = entry.before.keys().chain(entry.after.keys());
        match (entry.subject, entry.change) {
            (Subject::Field, change) if keys.any(|key| key == "formula") => {
                self.everything = true;
                let key = entry.before.get("key").and_then(Value::as_str).filter(|_| change == Change::Deleted);
                self.gone.extend(key.map(|key| format!("custom.{key}")));
            }
            (Subject::Account, Change::Created) => self.touched.extend(entry.account),
            (Subject::Account, Change::Updated) => {
                // Its own lines set computed fields and nothing else. Others may restore or import an old value.
                let is_own = entry.actor.is_none();
                if keys.any(|key| computed.looks_at(key) && !computed.has(key) || !is_own && computed.has(key)) {
                    self.touched.extend(entry.account);
                }
            }
            _ => {}
        }
    }
}

/// Computes these accounts and writes those whose values changed.
async fn step(db: &Db, actor: &Actor, ids: &[AccountId], computed: &Computed, gone: &BTreeSet<String>) -> Result<()> {
    let mut tx = db.write(actor).await?;
    let now = tx.now();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut changed = Vec::new();
    for old in bulk::select(&mut tx, Table::Accounts, &ids).await? {
        let mut new = old.clone();
        gone.iter().for_each(|key| fields::set(&mut new, key, Value::Null));
        computed.apply(&mut new, now);
        subjects::tidy(&mut new);
        let account = old.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()).map(AccountId);
        if let Some(entry) = subjects::updated(Table::Accounts, &old, &mut new, now.0, account) {
            tx.record(entry);
            changed.push(new);
        }
    }
    if !changed.is_empty() {
        bulk::expect_rows(bulk::update(&mut tx, Table::Accounts, &changed).await?, changed.len())?;
    }
    tx.commit().await?;
    Ok(())
}

async fn next_ids(tx: &mut Tx, after: Uuid) -> Result<Vec<AccountId>> {
    let workspace = tx.workspace();
    let rows: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT id FROM accounts WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(workspace).bind(after).bind(i64::try_from(STEP).unwrap_or(i64::MAX)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

async fn bookmark(tx: &mut Tx, name: &'static str) -> Result<Option<i64>> {
    let workspace = tx.workspace();
    let seq: Option<(i64,)> = on!(tx, c => sqlx::query_as("SELECT seq FROM cursors WHERE workspace_id = $1 AND reader = $2")
        .bind(workspace).bind(name).fetch_optional(c).await)?;
    Ok(seq.map(|(seq,)| seq))
}

async fn set_bookmark(tx: &mut Tx, name: &'static str, seq: i64) -> Result<()> {
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query(
        "INSERT INTO cursors (workspace_id, reader, seq) VALUES ($1, $2, $3) \
         ON CONFLICT (workspace_id, reader) DO UPDATE SET seq = excluded.seq")
        .bind(workspace).bind(name).bind(seq).execute(c).await.map(|_| ()))?;
    Ok(())
}
