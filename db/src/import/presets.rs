//! Options of an import that people keep for the next file of the same kind.

use domain::id::PresetId;
use domain::identity::{self, Role};
use domain::import::kind::Kind;
use domain::import::plan::Options;
use domain::import::report::Preset;
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{Tx, on};

/// Most presets of a kind of rows.
const PRESETS_MAX: i64 = 100;

/// What stands in the column `options`.
#[derive(Serialize, Deserialize)]
struct Stored {
    headings: Vec<String>,
    options: Options,
}

/// Keeps options under a name; a preset of that name is replaced.
pub async fn save_preset(tx: &mut Tx, name: &str, headings: &[String], options: &Options) -> Result<PresetId> {
    tx.require(Role::Csm)?;
    let name = identity::check_name("name", name).map_err(|error| Refusal::Invalid(vec![error]))?;
    if headings.len() != options.mapping.columns.len() {
        return Err(
            Refusal::field("headings", "The mapping belongs to another file. Map the columns of this one.").into()
        );
    }
    let kept = list_presets(tx, options.kind()).await?;
    if kept.len() as i64 >= PRESETS_MAX && kept.iter().all(|preset| preset.name != name) {
        return Err(Refusal::Conflict("There are 100 presets already. Delete one that nobody uses.".to_owned()).into());
    }
    let (workspace, now, user) = (tx.workspace(), tx.now().0, tx.actor().user.map(|user| user.0));
    let stored = Json(Stored { headings: headings.to_vec(), options: options.clone() });
    let (id,): (Uuid,) = on!(tx, c => sqlx::query_as(
        "INSERT INTO presets (workspace_id, id, subject, name, options, created_at, created_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace_id, subject, name) DO UPDATE SET \
         options = excluded.options, created_at = excluded.created_at, created_by = excluded.created_by RETURNING id")
        .bind(workspace).bind(Uuid::now_v7()).bind(options.kind().key()).bind(&name).bind(&stored).bind(now)
        .bind(user).fetch_one(c).await)?;
    Ok(PresetId(id))
}

/// Returns the presets of a kind of rows by name. One that this version cannot read any more is left out.
pub async fn list_presets(tx: &mut Tx, kind: impl Into<Kind>) -> Result<Vec<Preset>> {
    let kind = kind.into();
    let workspace = tx.workspace();
    let rows: Vec<(Uuid, String, Json<serde_json::Value>)> = on!(tx, c => sqlx::query_as(
        "SELECT id, name, options FROM presets WHERE workspace_id = $1 AND subject = $2 ORDER BY name, id LIMIT $3")
        .bind(workspace).bind(kind.key()).bind(PRESETS_MAX).fetch_all(c).await)?;
    let preset = |(id, name, Json(stored)): (Uuid, String, Json<serde_json::Value>)| {
        let Stored { headings, options } = serde_json::from_value(stored).ok()?;
        Some(Preset { id: PresetId(id), kind, name, headings, options })
    };
    Ok(rows.into_iter().filter_map(preset).collect())
}

/// Deletes a preset, or refuses where there is none.
pub async fn delete_preset(tx: &mut Tx, id: PresetId) -> Result<()> {
    tx.require(Role::Csm)?;
    let workspace = tx.workspace();
    let deleted = on!(tx, c => sqlx::query("DELETE FROM presets WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).execute(c).await.map(|done| done.rows_affected()))?;
    if deleted == 0 { Err(Refusal::NotFound.into()) } else { Ok(()) }
}
