//! Roll-ups: the health of the accounts below one, kept beside its own so that it can be filtered and sorted.

use std::collections::{BTreeMap, BTreeSet};

use domain::changes::Change;
use domain::fields::Subject;
use domain::health::{Points, Rollup, rollup};
use domain::id::AccountId;
use domain::identity::{Actor, Role};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::records::{Texts, by_id, fetch};
use crate::bulk;
use crate::error::{Error, Result};
use crate::pool::Db;
use crate::tx::{NewEntry, Tx, on};

/// Parents that are looked at in one step.
const STEP: usize = 500;

const PARENTS: Texts = by_id!("parent_id", "accounts", "id", "AND parent_id IS NOT NULL AND $3 <> 0");
const CHILDREN: Texts = by_id!(
    "parent_id, score, annual_minor",
    "accounts",
    "parent_id",
    "AND archived_at IS NULL AND score IS NOT NULL AND $3 <> 0"
);
const PRESENT: Texts = by_id!("id, rollup", "accounts", "id", "AND $3 <> 0");

#[cfg(test)]
pub(super) const ALL: [Texts; 3] = [PARENTS, CHILDREN, PRESENT];

/// Returns how the health of children becomes the health of their parent in this workspace.
pub async fn rollup_rule(tx: &mut Tx) -> Result<Rollup> {
    let workspace = tx.workspace();
    let key: String = on!(tx, c => sqlx::query_scalar("SELECT rollup FROM workspaces WHERE id = $1")
        .bind(workspace).fetch_one(c).await)?;
    Rollup::from_key(&key).ok_or_else(|| Error::Stored(format!("roll-up {key}")))
}

/// Chooses how the health of children becomes the health of their parent. Administrators only.
pub async fn set_rollup_rule(tx: &mut Tx, rule: Rollup) -> Result<()> {
    tx.require(Role::Admin)?;
    let before = rollup_rule(tx).await?;
    if before == rule {
        return Ok(());
    }
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query("UPDATE workspaces SET rollup = $2 WHERE id = $1")
        .bind(workspace).bind(rule.key()).execute(c).await.map(|_| ()))?;
    let field = |rule: Rollup| Map::from_iter([("rollup".to_owned(), Value::from(rule.key()))]);
    tx.record(NewEntry {
        change: Change::Updated,
        subject: Subject::Workspace,
        subject_id: workspace,
        account: None,
        before: field(before),
        after: field(rule),
    });
    Ok(())
}

/// Returns the accounts above these.
pub(super) async fn parents_of(tx: &mut Tx, ids: &[AccountId]) -> Result<BTreeSet<Uuid>> {
    let list = serde_json::to_string(ids)?;
    Ok(fetch!(tx, PARENTS, &list, 1i64, (Uuid,)).into_iter().map(|(id,)| id).collect())
}

/// Returns every account that has others below it.
pub(super) async fn all_parents(tx: &mut Tx) -> Result<BTreeSet<Uuid>> {
    let workspace = tx.workspace();
    let rows: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT DISTINCT parent_id FROM accounts WHERE workspace_id = $1 AND parent_id IS NOT NULL")
        .bind(workspace).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Computes the roll-ups of these accounts and writes those that moved, each with a line in the log.
pub(super) async fn refresh(db: &Db, actor: &Actor, parents: BTreeSet<Uuid>) -> Result<()> {
    let parents: Vec<Uuid> = parents.into_iter().collect();
    for step in parents.chunks(STEP) {
        // Looking needs no lock, and mostly nothing moved.
        let moved = moved(&mut db.read(actor).await?, step).await?;
        if moved.is_empty() {
            continue;
        }
        let ids: Vec<Uuid> = moved.into_keys().collect();
        let mut tx = db.write(actor).await?;
        let moved = self::moved(&mut tx, &ids).await?;
        let rows: Vec<Value> = moved.iter().map(|(id, (_, new))| json!({"id": id, "rollup": new})).collect();
        bulk::set_rollups(&mut tx, &rows).await?;
        moved.into_iter().for_each(|(id, (old, new))| tx.record(entry(id, old, new)));
        tx.commit().await?;
    }
    Ok(())
}

/// Returns the roll-ups that are not what they should be: as they are, and as they should be.
async fn moved(tx: &mut Tx, parents: &[Uuid]) -> Result<BTreeMap<Uuid, (Option<Points>, Option<Points>)>> {
    let rule = rollup_rule(tx).await?;
    let list = serde_json::to_string(parents)?;
    let mut children: BTreeMap<Uuid, Vec<(Points, i64)>> = BTreeMap::new();
    for (parent, score, annual) in fetch!(tx, CHILDREN, &list, 1i64, (Uuid, i64, Option<i64>)) {
        children.entry(parent).or_default().push((Points(score), annual.unwrap_or_default()));
    }
    let mut moved = BTreeMap::new();
    for (id, old) in fetch!(tx, PRESENT, &list, 1i64, (Uuid, Option<i64>)) {
        let old = old.map(Points);
        let new = children.get(&id).and_then(|children| rollup(children, rule));
        if old != new {
            moved.insert(id, (old, new));
        }
    }
    Ok(moved)
}

fn entry(id: Uuid, before: Option<Points>, after: Option<Points>) -> NewEntry {
    let state = |rollup: Option<Points>| Map::from_iter([("rollup".to_owned(), json!(rollup))]);
    NewEntry {
        change: Change::Scored,
        subject: Subject::Account,
        subject_id: id,
        account: Some(AccountId(id)),
        before: state(before),
        after: state(after),
    }
}
