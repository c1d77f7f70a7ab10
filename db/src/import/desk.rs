//! The desk: where uploaded files wait and which imports run in this process.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::identity::Actor;
use domain::import::plan::Options;
use domain::import::report::{FileId, ImportId, Phase, Report, Status};
use domain::refusal::Refusal;
use uuid::Uuid;

use super::files::{Folder, Upload, sweep};
use super::progress::Progress;
use super::run::{Finished, reader_failed, run};
use crate::error::{Error, Result};
use crate::pool::Db;

/// Imports that are remembered after they ended.
const REMEMBERED_MAX: usize = 200;

/// Where uploaded files wait and which imports run; clones share the same desk.
#[derive(Clone, Debug)]
pub struct Desk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    imports: Mutex<HashMap<ImportId, Import>>,
}

/// One import of this process.
#[derive(Debug)]
struct Import {
    actor: Actor,
    progress: Progress,
    end: Option<End>,
}

#[derive(Clone, Debug)]
enum End {
    Done { report: Box<Report>, has_error_rows: bool },
    Refused(Refusal),
}

impl Desk {
    /// Returns a desk that keeps files in this folder; files older than a day are deleted.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        sweep(&folder);
        Self(Arc::new(Inner { folder, imports: Mutex::default() }))
    }

    /// Decodes a file and keeps it for a day, readable by nobody but this person.
    pub async fn store(&self, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<FileId> {
        let (folder, name) = (Folder::of(&self.0.folder, actor)?, name.to_owned());
        on_thread(move || folder.keep(&Upload::decode(&name, &bytes)?)).await
    }

    /// Returns a file that this person stored, or refuses.
    pub async fn read(&self, actor: &Actor, file: FileId) -> Result<Upload> {
        let folder = Folder::of(&self.0.folder, actor)?;
        on_thread(move || folder.find(file)).await
    }

    /// Starts importing a stored file and returns at once. One import of a person runs at a time.
    pub async fn start(&self, db: &Db, actor: &Actor, file: FileId, options: Options) -> Result<ImportId> {
        let upload = self.read(actor, file).await?;
        let (id, progress) = (ImportId(Uuid::now_v7()), Progress::new());
        {
            let mut imports = self.imports();
            if imports.values().any(|import| import.actor == *actor && import.end.is_none()) {
                return Err(Refusal::Conflict(
                    "Another of your imports is running. Wait until it is done, or stop it.".to_owned(),
                )
                .into());
            }
            imports.insert(id, Import { actor: actor.clone(), progress: progress.clone(), end: None });
            forget_oldest(&mut imports);
        }
        let (desk, db, actor) = (self.clone(), db.clone(), actor.clone());
        tokio::spawn(async move {
            let running = {
                let (db, actor, progress) = (db, actor.clone(), progress.clone());
                tokio::spawn(async move { run(&db, &actor, &upload, &options, &progress).await })
            };
            let finished = running.await.map_err(reader_failed).and_then(|finished| finished);
            desk.end(id, &actor, &progress, finished).await;
        });
        Ok(id)
    }

    /// Returns how far an import of this person is, or refuses.
    pub fn status(&self, actor: &Actor, id: ImportId) -> Result<Status> {
        let imports = self.imports();
        let import = imports.get(&id).filter(|import| import.is_of(actor)).ok_or(Refusal::NotFound)?;
        let mut status = Status {
            phase: import.progress.phase(),
            rows_done: import.progress.rows_done(),
            rows_total: import.progress.rows_total(),
            report: None,
            refused: None,
            has_error_rows: false,
        };
        match &import.end {
            // The counters may be ahead of the end for a moment.
            None if status.phase == Phase::Done => status.phase = Phase::Saving,
            None => {}
            Some(End::Done { report, has_error_rows }) => {
                status.phase = Phase::Done;
                status.report = Some(report.as_ref().clone());
                status.has_error_rows = *has_error_rows;
            }
            Some(End::Refused(refusal)) => {
                let is_cancelled = import.progress.is_cancelled();
                status.phase = if is_cancelled { Phase::Cancelled } else { Phase::Refused };
                status.refused = Some(refusal.clone());
            }
        }
        Ok(status)
    }

    /// Asks an import of this person to stop; it changes nothing unless it is saving already.
    pub fn cancel(&self, actor: &Actor, id: ImportId) -> Result<()> {
        let imports = self.imports();
        let import = imports.get(&id).filter(|import| import.is_of(actor)).ok_or(Refusal::NotFound)?;
        import.progress.cancel();
        Ok(())
    }

    /// Returns the rows that an import left out as a CSV file, or refuses where there are none.
    pub async fn error_rows(&self, actor: &Actor, id: ImportId) -> Result<String> {
        let folder = Folder::of(&self.0.folder, actor)?;
        let text = on_thread(move || folder.text(&format!("{id}.errors.csv"))).await?;
        text.ok_or(Error::Refused(Refusal::NotFound))
    }

    async fn end(&self, id: ImportId, actor: &Actor, progress: &Progress, finished: Result<Finished>) {
        let end = match finished {
            Ok(Finished { report, error_rows }) => {
                let has_error_rows = self.keep_error_rows(actor, id, error_rows).await;
                End::Done { report: Box::new(report), has_error_rows }
            }
            Err(Error::Refused(refusal)) => End::Refused(refusal),
            Err(error) => {
                tracing::error!(import = %id, %error, "an import failed");
                End::Refused(Refusal::Conflict(format!(
                    "The import failed on our side and changed nothing. Try again; the log names it {id}."
                )))
            }
        };
        let phase = if matches!(end, End::Done { .. }) { Phase::Done } else { Phase::Refused };
        progress.set_phase(phase);
        if let Some(import) = self.imports().get_mut(&id) {
            import.end = Some(end);
        }
    }

    async fn keep_error_rows(&self, actor: &Actor, id: ImportId, rows: Option<String>) -> bool {
        let (Some(rows), Ok(folder)) = (rows, Folder::of(&self.0.folder, actor)) else { return false };
        let kept = on_thread(move || folder.write(&format!("{id}.errors.csv"), rows.as_bytes())).await;
        if let Err(error) = &kept {
            // The import itself is done; only the download is missing.
            tracing::error!(import = %id, %error, "the rows with errors could not be kept");
        }
        kept.is_ok()
    }

    fn imports(&self) -> MutexGuard<'_, HashMap<ImportId, Import>> {
        self.0.imports.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Import {
    fn is_of(&self, actor: &Actor) -> bool {
        (self.actor.workspace, self.actor.user) == (actor.workspace, actor.user)
    }
}

fn forget_oldest(imports: &mut HashMap<ImportId, Import>) {
    while imports.len() > REMEMBERED_MAX {
        let ended = imports.iter().filter(|(_, import)| import.end.is_some()).map(|(id, _)| *id);
        let Some(oldest) = ended.min() else { return };
        imports.remove(&oldest);
    }
}

async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(reader_failed)?
}
