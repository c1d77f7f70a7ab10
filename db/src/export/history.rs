//! The history: files that are made in the background, kept for some days, and taken by whoever asked for them.

use domain::export::{Export, KEPT_BYTES_MAX, Line, REMEMBERED_DAYS, Request, Stage, WAITING_MAX, columns};
use domain::id::{ExportId, TaskId};
use domain::identity::{Actor, Role};
use domain::refusal::Refusal;
use serde_json::{Map, Value, json};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::{manifest, note_taken};
use crate::error::{Error, Result};
use crate::subjects::{self, from_document};
use crate::tx::{Tx, on};
use crate::{accounts, identity, tasks};

/// The kind of the task that makes a file.
pub const TASK: &str = "export";
/// Exports that the history shows, newest first.
const HISTORY_MAX: i64 = 200;
/// Exports that one look over what is old takes.
const SWEEP_MAX: i64 = 1_000;

#[derive(FromRow)]
struct Row {
    doc: Json<Map<String, Value>>,
    done: i64,
    total: i64,
}

fn line(row: Row) -> Result<Line> {
    let count = |number: i64| u32::try_from(number).unwrap_or_default();
    Ok(Line { export: from_document(row.doc.0)?, done: count(row.done), total: count(row.total) })
}

/// Orders a file that is made in the background.
pub async fn order(tx: &mut Tx, request: &Request) -> Result<ExportId> {
    let manifest = manifest(tx, request).await?;
    let by = tx.actor().user;
    let (workspace, user) = (tx.workspace(), by.map(|user| user.0));
    let waiting: i64 = on!(tx, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM exports WHERE workspace_id = $1 AND owner_id = $2 AND ended_at IS NULL")
        .bind(workspace).bind(user).fetch_one(c).await)?;
    if waiting >= i64::try_from(WAITING_MAX).unwrap_or(i64::MAX) {
        let message = format!("{WAITING_MAX} of your files are being made. Wait until one is done, or cancel one.");
        return Err(Refusal::Conflict(message).into());
    }
    let (id, now) = (ExportId(Uuid::now_v7()), tx.now());
    let rows = u32::try_from(manifest.rows).unwrap_or(u32::MAX);
    subjects::create(tx, &Export::new(id, request.clone(), by, rows, now)).await?;
    tasks::enqueue(tx, TASK, &json!({ "export": id }), None, now).await?;
    Ok(id)
}

/// Orders the same once more, with the rows as they are now.
pub async fn again(tx: &mut Tx, id: ExportId) -> Result<ExportId> {
    let line = get(tx, id).await?;
    order(tx, &line.export.request).await
}

/// Returns the newest exports, newest first: the asking person's, and for administrators everybody's.
pub async fn history(tx: &mut Tx) -> Result<Vec<Line>> {
    tx.require(Role::Csm)?;
    let (workspace, user) = (tx.workspace(), tx.actor().user.map(|user| user.0));
    let all = i64::from(tx.actor().role == Role::Admin);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT doc, done, total FROM exports WHERE workspace_id = $1 AND ($3 = 1 OR owner_id = $2) \
         ORDER BY id DESC LIMIT $4")
        .bind(workspace).bind(user).bind(all).bind(HISTORY_MAX).fetch_all(c).await)?;
    rows.into_iter().map(line).collect()
}

/// Returns an export: whoever asked for it may see it, and administrators.
pub async fn get(tx: &mut Tx, id: ExportId) -> Result<Line> {
    tx.require(Role::Csm)?;
    let workspace = tx.workspace();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(
        "SELECT doc, done, total FROM exports WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    let line = line(row.ok_or(Refusal::NotFound)?)?;
    let is_own = tx.actor().user.is_some() && line.export.by == tx.actor().user;
    // Somebody else's export does not exist for anybody else.
    if is_own || tx.actor().role >= Role::Admin { Ok(line) } else { Err(Refusal::NotFound.into()) }
}

/// Takes the file of an export: notes in the log who does, or refuses where there is none.
pub async fn take(tx: &mut Tx, id: ExportId) -> Result<Export> {
    let Line { export, .. } = get(tx, id).await?;
    if export.stage() != Stage::Ready {
        return Err(Refusal::Conflict("There is no file of this export. Have it made again.".to_owned()).into());
    }
    let catalogue = match export.request.what.catalogue() {
        Some(catalogue) => catalogue,
        None => accounts::catalogue(tx).await?,
    };
    // A field that is gone since has no heading any more; the file has it.
    let columns = columns::columns(&catalogue, &export.request.columns).unwrap_or_default();
    note_taken(tx, &export.request, &columns, u64::from(export.rows));
    Ok(export)
}

/// Cancels a file that is being made.
pub async fn cancel(tx: &mut Tx, id: ExportId) -> Result<()> {
    let Line { export, .. } = get(tx, id).await?;
    if export.stage() != Stage::Going {
        return Err(Refusal::Conflict("This export is over already.".to_owned()).into());
    }
    let after = export.clone().cancelled(tx.actor().user, tx.now());
    subjects::update(tx, &export, &after).await?;
    Ok(())
}

/// Deletes an export that is over, with its file.
pub async fn remove(tx: &mut Tx, id: ExportId) -> Result<()> {
    let Line { export, .. } = get(tx, id).await?;
    if export.stage() == Stage::Going {
        return Err(Refusal::Conflict("This export is being made. Cancel it first.".to_owned()).into());
    }
    subjects::remove(tx, &export).await
}

/// A file whose turn it is.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Which export.
    pub id: ExportId,
    /// Who asked for it, with the role they have now.
    pub actor: Actor,
    /// What they asked for.
    pub request: Request,
}

/// Returns the file whose turn it is; nothing where it is over. Refuses where whoever asked may not any more.
pub async fn turn(tx: &mut Tx, id: ExportId) -> Result<Option<Turn>> {
    tx.require(Role::Admin)?;
    let Line { export, .. } = match get(tx, id).await {
        Err(Error::Refused(Refusal::NotFound)) => return Ok(None),
        found => found?,
    };
    if export.stage() != Stage::Going {
        return Ok(None);
    }
    let workspace = tx.actor().workspace;
    let actor = match export.by {
        None => Actor::system(workspace),
        Some(by) => {
            let person = identity::users(tx).await?.into_iter().find(|user| user.id == by);
            let person = person.filter(|user| user.deactivated_at.is_none()).ok_or(Refusal::Forbidden)?;
            Actor { workspace, user: Some(by), role: person.role }
        }
    };
    actor.require(Role::Csm)?;
    Ok(Some(Turn { id, actor, request: export.request }))
}

/// Notes how far a file is and keeps its task; returns whether it is still wanted.
pub async fn note(tx: &mut Tx, id: ExportId, task: TaskId, done: u64, total: u64) -> Result<bool> {
    tx.require(Role::Admin)?;
    let workspace = tx.workspace();
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let noted = on!(tx, c => sqlx::query(
        "UPDATE exports SET done = $3, total = $4 WHERE workspace_id = $1 AND id = $2 AND ended_at IS NULL")
        .bind(workspace).bind(id.0).bind(count(done)).bind(count(total)).execute(c).await
        .map(|done| done.rows_affected()))?;
    tasks::keep(tx, task).await?;
    Ok(noted == 1)
}

/// What became of a file.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// How many rows it has.
    pub rows: u64,
    /// How long it is.
    pub bytes: u64,
}

/// Notes that a file is whole; returns whether it is still wanted.
pub async fn finish(tx: &mut Tx, id: ExportId, done: Done) -> Result<bool> {
    tx.require(Role::Admin)?;
    let (rows, now) = (u32::try_from(done.rows).unwrap_or(u32::MAX), tx.now());
    end(tx, id, |export| export.ready(rows, done.bytes, now)).await
}

/// Notes why there is no file; returns whether it was still wanted.
pub async fn fail(tx: &mut Tx, id: ExportId, why: &str) -> Result<bool> {
    tx.require(Role::Admin)?;
    let now = tx.now();
    end(tx, id, |export| export.failed(why.to_owned(), now)).await
}

async fn end(tx: &mut Tx, id: ExportId, how: impl FnOnce(Export) -> Export) -> Result<bool> {
    let found: Option<Export> = subjects::find(tx, id.0).await?;
    let Some(export) = found.filter(|export| export.stage() == Stage::Going) else { return Ok(false) };
    let after = how(export.clone());
    subjects::update(tx, &export, &after).await
}

/// Returns whether [`expire`] has anything to do, so that a look that finds nothing writes nothing.
pub async fn is_expired(tx: &mut Tx) -> Result<bool> {
    tx.require(Role::Admin)?;
    let old = forgotten(tx).await?;
    Ok(!old.is_empty() || !too_many(tx).await?.is_empty())
}

/// Notes which files are removed, because their days are over or because all together are too long, and forgets what
/// is older than the history; returns how many exports that were.
pub async fn expire(tx: &mut Tx) -> Result<usize> {
    tx.require(Role::Admin)?;
    let (removed, old, now) = (too_many(tx).await?, forgotten(tx).await?, tx.now());
    for export in &removed {
        subjects::update(tx, export, &export.clone().removed(now)).await?;
    }
    for export in &old {
        subjects::remove(tx, export).await?;
    }
    Ok(removed.len() + old.len())
}

/// Returns the exports whose files have to go: the oldest first, where all together are too long.
async fn too_many(tx: &mut Tx) -> Result<Vec<Export>> {
    let (now, mut bytes) = (tx.now(), 0_u64);
    let mut files = with_files(tx).await?;
    files.retain(|export| {
        bytes = bytes.saturating_add(export.bytes.unwrap_or_default());
        bytes > KEPT_BYTES_MAX || export.kept_until.is_some_and(|until| until <= now)
    });
    Ok(files)
}

/// Returns the exports whose files are there or being made.
pub async fn kept(tx: &mut Tx) -> Result<Vec<ExportId>> {
    tx.require(Role::Admin)?;
    let workspace = tx.workspace();
    let ids: Vec<Uuid> = on!(tx, c => sqlx::query_scalar(
        "SELECT id FROM exports WHERE workspace_id = $1 AND (ended_at IS NULL OR kept_until IS NOT NULL)")
        .bind(workspace).fetch_all(c).await)?;
    Ok(ids.into_iter().map(ExportId).collect())
}

/// Returns the exports that have a file, newest first.
async fn with_files(tx: &mut Tx) -> Result<Vec<Export>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM exports WHERE workspace_id = $1 AND kept_until IS NOT NULL ORDER BY ended_at DESC, id DESC")
        .bind(workspace).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}

/// Returns exports without a file that are older than the history.
async fn forgotten(tx: &mut Tx) -> Result<Vec<Export>> {
    let (workspace, before) = (tx.workspace(), tx.now().plus_days(-REMEMBERED_DAYS));
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM exports WHERE workspace_id = $1 AND ended_at < $2 AND kept_until IS NULL ORDER BY id LIMIT $3")
        .bind(workspace).bind(before.0).bind(SWEEP_MAX).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}
