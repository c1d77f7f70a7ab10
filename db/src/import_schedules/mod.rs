//! Files that are imported again and again: set up, changed, paused, run.
//!
//! The next moment is a task in the queue, as that of a scheduled report is: it says which moment it is for, and does
//! nothing once the document says another.

mod perform;
mod run;
mod runs;

use domain::id::{ImportScheduleId, PresetId};
use domain::import::kind::Kind;
use domain::import_schedules::{ImportSchedule, ImportScheduleDraft, ImportScheduleRow, MAKER};
use domain::refusal::Refusal;
use domain::schedules::next;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::import::list_presets;
use crate::subjects::{self, from_document};
use crate::tx::{Tx, on};

pub use perform::import;
pub(crate) use run::Noted;
pub use run::{Job, TASK, begin};
pub use runs::{runs, settle};

/// Most scheduled imports of a workspace.
const SCHEDULES_MAX: i64 = 100;

/// Returns the scheduled imports of the workspace, the newest first. Managers only: an address may hold a key.
pub async fn list(tx: &mut Tx) -> Result<Vec<ImportScheduleRow>> {
    tx.require(MAKER)?;
    let workspace = tx.workspace();
    let docs: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM import_schedules WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2")
        .bind(workspace).bind(SCHEDULES_MAX).fetch_all(c).await)?;
    let mut newest = runs::newest(tx).await?;
    let row = |(Json(doc),): (Json<Map<String, Value>>,)| -> Result<ImportScheduleRow> {
        let schedule: ImportSchedule = from_document(doc)?;
        Ok(ImportScheduleRow {
            next: schedule.next_at.map(|at| next::wall(at, &schedule.timing.zone)),
            last: newest.remove(&schedule.id.0),
            schedule,
        })
    };
    docs.into_iter().map(row).collect()
}

/// Sets up a scheduled import, or with an id replaces what that one is. Whoever saves it answers for it from then on.
pub async fn save(tx: &mut Tx, id: Option<ImportScheduleId>, draft: ImportScheduleDraft) -> Result<ImportSchedule> {
    tx.require(MAKER)?;
    let owner_id = tx.actor().user.ok_or(Refusal::SignedOut)?;
    let before = match id {
        Some(id) => Some(get(tx, id).await?),
        None => None,
    };
    let draft = draft.checked()?;
    check_preset(tx, draft.kind, draft.preset_id).await?;
    let (now, is_paused) = (tx.now(), before.as_ref().is_some_and(|before| before.paused_at.is_some()));
    let next_at = Some(next::next(&draft.timing, now)?).filter(|_| !is_paused);
    let ImportScheduleDraft { name, source, kind, mode, preset_id, timing } = draft;
    let (id, version, paused_at, created_at) = match &before {
        Some(before) => (before.id, before.version, before.paused_at, before.created_at),
        None => (ImportScheduleId(Uuid::now_v7()), 1, None, now),
    };
    let schedule = ImportSchedule {
        id,
        version,
        name,
        owner_id,
        source,
        kind,
        mode,
        preset_id,
        timing,
        paused_at,
        next_at,
        created_at,
        updated_at: before.as_ref().map_or(now, |before| before.updated_at),
    };
    match before {
        Some(before) => drop(subjects::update(tx, &before, &schedule).await?),
        None => {
            if count(tx).await? >= SCHEDULES_MAX {
                let words = "The workspace has 100 scheduled imports. Delete some that are not needed.";
                return Err(Refusal::Conflict(words.to_owned()).into());
            }
            subjects::create(tx, &schedule).await?;
        }
    }
    run::enqueue(tx, &schedule).await?;
    subjects::get(tx, id.0).await
}

async fn count(tx: &mut Tx) -> Result<i64> {
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_scalar("SELECT COUNT(*) FROM import_schedules WHERE workspace_id = $1")
        .bind(workspace).fetch_one(c).await)?)
}

async fn check_preset(tx: &mut Tx, kind: Kind, preset: Option<PresetId>) -> Result<()> {
    let Some(id) = preset else { return Ok(()) };
    if list_presets(tx, kind).await?.iter().any(|preset| preset.id == id) {
        return Ok(());
    }
    Err(Refusal::field("preset_id", "This mapping was deleted, or is for rows of another kind. Choose another.").into())
}

/// Lets a scheduled import rest, or makes it go on: from its next moment, with nothing made up for.
pub async fn pause(tx: &mut Tx, id: ImportScheduleId, paused: bool) -> Result<ImportSchedule> {
    let before = get(tx, id).await?;
    if before.paused_at.is_some() == paused {
        return Ok(before);
    }
    let now = tx.now();
    let next_at = if paused { None } else { Some(next::next(&before.timing, now)?) };
    let after = ImportSchedule { paused_at: paused.then_some(now), next_at, ..before.clone() };
    subjects::update(tx, &before, &after).await?;
    run::enqueue(tx, &after).await?;
    subjects::get(tx, id.0).await
}

/// Deletes a scheduled import. What it imported stays.
pub async fn remove(tx: &mut Tx, id: ImportScheduleId) -> Result<()> {
    let schedule = get(tx, id).await?;
    subjects::remove(tx, &schedule).await
}

/// Has a file imported now, as if its moment had come; the next one stays where it is.
pub async fn run_now(tx: &mut Tx, id: ImportScheduleId) -> Result<()> {
    let schedule = get(tx, id).await?;
    run::enqueue_by_hand(tx, &schedule).await
}

async fn get(tx: &mut Tx, id: ImportScheduleId) -> Result<ImportSchedule> {
    tx.require(MAKER)?;
    subjects::get(tx, id.0).await
}
