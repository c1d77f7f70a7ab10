//! Files that a task makes, and that are kept until somebody takes them.

use anyhow::bail;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use db::Db;
use db::export::{Done, Turn};
use db::tasks::Task;
use domain::export::file_name;
use domain::id::{ExportId, WorkspaceId};
use domain::identity::Actor;
use domain::refusal::Refusal;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::answer::is_elsewhere;
use super::folder::Folder;
use super::span::resumed;
use super::{Job, Made, Watch, write};
use crate::state::AppState;
use crate::uploads::{actor, refuse};

/// What a person reads where it is our fault.
const FAILED: &str = "This file could not be made. The log of the server says why. Have it made again.";

/// Makes the file that a task names, from its beginning: what another attempt left is thrown away.
pub async fn perform(db: &Db, folder: &Folder, workspace: WorkspaceId, task: &Task) -> db::Result<()> {
    let system = Actor::system(workspace);
    let id: ExportId = serde_json::from_value(task.payload.get("export").cloned().unwrap_or(Value::Null))?;
    let turn = db::export::turn(&mut db.read(&system).await?, id).await;
    let made = match turn {
        Ok(Some(turn)) => make(db, folder, &turn, task).await,
        Ok(None) => return Ok(()),
        Err(error) => Err(error.into()),
    };
    let Err(error) = made else { return Ok(()) };
    let why = match error.downcast_ref() {
        Some(Cancelled) => return Ok(()),
        None => match error.downcast_ref() {
            Some(db::Error::Refused(Refusal::Invalid(fields))) => {
                fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" ")
            }
            Some(db::Error::Refused(refusal)) => refusal.to_string(),
            _ if task.attempts < task.attempts_max => return Err(db::Error::Stored(format!("{error:#}"))),
            _ => {
                tracing::error!(export = %id, error = format!("{error:#}"), "a file could not be made and is given up");
                FAILED.to_owned()
            }
        },
    };
    let mut tx = db.write(&system).await?;
    db::export::fail(&mut tx, id, &why).await?;
    tx.commit().await?;
    Ok(())
}

/// The file is not wanted any more.
#[derive(Debug, thiserror::Error)]
#[error("the export was cancelled")]
struct Cancelled;

impl Watch<'_> {
    /// Notes how far the file is; fails where it is not wanted any more.
    pub(super) async fn note(&self, db: &Db, done: u64, total: u64) -> anyhow::Result<()> {
        let mut tx = db.write(&Actor::system(self.turn.actor.workspace)).await?;
        let wanted = db::export::note(&mut tx, self.turn.id, self.task.id, done, total).await?;
        tx.commit().await?;
        if !wanted {
            bail!(Cancelled);
        }
        Ok(())
    }
}

async fn make(db: &Db, folder: &Folder, turn: &Turn, task: &Task) -> anyhow::Result<()> {
    let (manifest, now) = {
        let mut tx = db.read(&turn.actor).await?;
        (db::export::manifest(&mut tx, &turn.request).await?, tx.now())
    };
    let job = Job::new(manifest, true, now)?;
    let watch = Watch { turn, task };
    watch.note(db, 0, job.manifest.rows).await?;
    let (part, file) = folder.begin(turn.id, task)?;
    let Made { file, rows, bytes } = write(db, &turn.actor, job, file, Some(watch)).await?;
    folder.keep(turn.id, &part, &file)?;
    let mut tx = db.write(&Actor::system(turn.actor.workspace)).await?;
    let wanted = db::export::finish(&mut tx, turn.id, Done { rows, bytes }).await?;
    tx.commit().await?;
    if !wanted {
        folder.remove(turn.id);
    }
    Ok(())
}

/// Answers with the file of an export to whoever asked for it, or to an administrator.
pub async fn download(State(state): State<AppState>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if is_elsewhere(&headers) {
        return refuse(&Refusal::Forbidden);
    }
    let actor = match actor(&state, &headers).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    let Ok(id) = id.parse() else { return refuse(&Refusal::NotFound) };
    match taken(&state, &actor, id).await {
        Ok((made, request, at)) => {
            let name = file_name(request.what, request.format, at);
            resumed(made, &format!("\"{id}\""), &headers, request.format, &name)
        }
        Err(db::Error::Refused(refusal)) => refuse(&refusal),
        Err(error) => {
            tracing::error!(export = %id, %error, "a file could not be handed out");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

type Taken = (Made, domain::export::Request, domain::time::Timestamp);

async fn taken(state: &AppState, actor: &Actor, id: ExportId) -> db::Result<Taken> {
    let mut tx = state.db.write(actor).await?;
    let export = db::export::take(&mut tx, id).await?;
    // Opened before it is noted: what nobody gets nobody took.
    let gone = || Refusal::Conflict("The file is gone from this server. Have it made again.".to_owned());
    let file = Folder::new(state.config.exports.clone()).open(id).map_err(|_| gone())?;
    let bytes = file.metadata().map_err(|_| gone())?.len();
    tx.commit().await?;
    let at = export.ended_at.unwrap_or(export.created_at);
    Ok((Made { file, rows: u64::from(export.rows), bytes }, export.request, at))
}
