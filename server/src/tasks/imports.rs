//! The files of scheduled imports: fetched through the egress client or read from the folder that is meant for it, and
//! handed to the import.

use std::fs::{self, DirEntry, File};
use std::future::Future;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use db::Db;
use db::import_schedules::{Job, begin, import, settle};
use db::tasks::Task;
use domain::id::{TaskId, WorkspaceId};
use domain::identity::Actor;
use domain::import::FILE_BYTES_MAX;
use domain::import::decode::FileProblem;
use domain::import_schedules::source::{fits, is_page};
use domain::import_schedules::{Outcome, Source, Trouble};
use domain::refusal::Refusal;
use domain::signals::trouble::Trouble as Outside;
use http::Request;
use http::header::ACCEPT;
use tokio::time::{Instant, interval_at};

use crate::egress::{Egress, Limits};
use crate::workbook;

/// How often a file may be sent on.
const REDIRECTS_MAX: usize = 5;
/// How long a server may think before its answer begins: some make the file when they are asked.
const FIRST_BYTE: Duration = Duration::from_secs(60);
/// How long a file may take in all.
const TOTAL: Duration = Duration::from_secs(180);
/// How often a task is kept while its file comes; it is leased for a minute.
const KEEP: Duration = Duration::from_secs(20);

/// What files are got with; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    /// The way to other servers.
    pub egress: Option<Egress>,
    /// The folder that files are read from.
    pub folder: PathBuf,
}

/// A file that came: what it is called, and what is in it.
type Arrived = (String, Vec<u8>);

impl Imports {
    /// Imports the file that a task names and writes down what came of it. What may pass makes the task fail, so that
    /// it comes again; what would not does not.
    pub async fn perform(&self, db: &Db, workspace: WorkspaceId, task: &Task) -> db::Result<()> {
        let Some(job) = begin(db, workspace, task).await? else { return Ok(()) };
        let last = task.attempts >= task.attempts_max;
        match self.get(db, task.id, &job).await {
            Ok((name, bytes)) => match import(db, &job, &name, bytes).await {
                Err(error) if last => {
                    tracing::error!(task = %task.id, %error, "a scheduled import failed for the last time");
                    end(db, &job, Trouble::House, true).await
                }
                done => done,
            },
            Err(trouble) => {
                let for_good = last || !trouble.is_passing();
                end(db, &job, trouble.clone(), for_good).await?;
                if for_good { Ok(()) } else { Err(db::Error::Open(format!("the file did not come: {trouble:?}"))) }
            }
        }
    }

    async fn get(&self, db: &Db, task: TaskId, job: &Job) -> Result<Arrived, Trouble> {
        let workspace = job.owner.workspace;
        let (name, bytes) = match &job.schedule.source {
            Source::Web(url) => kept(db, workspace, task, self.fetch(workspace, url)).await?,
            Source::File(pattern) => {
                let folder = self.folder_of(db, workspace).await?;
                let pattern = pattern.clone();
                on_thread(move || read(&folder, &pattern)).await?
            }
        };
        if is_page(&bytes) {
            return Err(Trouble::Page);
        }
        let text = on_thread(move || workbook::to_text(bytes).map_err(refused)).await?;
        Ok((name, text.into()))
    }

    async fn fetch(&self, workspace: WorkspaceId, url: &str) -> Result<(String, Bytes), Trouble> {
        let outside = |trouble| match trouble {
            Outside::TooLarge => refused(FileProblem::TooLarge.into()),
            other => Trouble::Fetch(other),
        };
        let request = Request::get(url).header(ACCEPT, "text/csv, application/json, */*;q=0.5").body(Bytes::new());
        let (Some(egress), Ok(request)) = (&self.egress, request) else {
            return Err(Trouble::Fetch(Outside::Unreachable));
        };
        let limits = Limits {
            body_bytes: FILE_BYTES_MAX,
            redirects: REDIRECTS_MAX,
            first_byte: FIRST_BYTE,
            total: TOTAL,
            ..Limits::default()
        };
        let answer = egress.send(workspace, request, &limits).await.map_err(|failure| outside(failure.trouble))?;
        if answer.status.is_success() {
            Ok((name_of(url), answer.body))
        } else {
            Err(Trouble::Fetch(Outside::Status(answer.status.as_u16())))
        }
    }

    /// Returns the folder of a workspace. Where there are several, each has one of its own: nobody reads the files of
    /// others.
    async fn folder_of(&self, db: &Db, workspace: WorkspaceId) -> Result<PathBuf, Trouble> {
        match db::identity::workspaces(db).await {
            Ok(all) if all.len() > 1 => Ok(self.folder.join(workspace.to_string())),
            Ok(_) => Ok(self.folder.clone()),
            Err(error) => {
                tracing::error!(%error, "the folder of a scheduled import could not be found");
                Err(Trouble::House)
            }
        }
    }
}

async fn end(db: &Db, job: &Job, trouble: Trouble, for_good: bool) -> db::Result<()> {
    let mut tx = db.write(&Actor::system(job.owner.workspace)).await?;
    settle(&mut tx, job.run, &Outcome::Failed(trouble), for_good).await?;
    tx.commit().await?;
    Ok(())
}

/// Waits for a file and keeps its task meanwhile, so that no other worker takes it.
async fn kept<T>(db: &Db, workspace: WorkspaceId, task: TaskId, work: impl Future<Output = T>) -> T {
    let mut turns = interval_at(Instant::now() + KEEP, KEEP);
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = turns.tick() => {
                if let Err(error) = keep(db, workspace, task).await {
                    tracing::warn!(%error, "a task could not be kept while its file comes");
                }
            }
        }
    }
}

async fn keep(db: &Db, workspace: WorkspaceId, task: TaskId) -> db::Result<()> {
    let mut tx = db.write(&Actor::system(workspace)).await?;
    db::tasks::keep(&mut tx, task).await?;
    tx.commit().await?;
    Ok(())
}

async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(Trouble::Unreadable))
}

fn refused(refusal: Refusal) -> Trouble {
    Trouble::Refused(match refusal {
        Refusal::Invalid(fields) => fields.into_iter().map(|field| field.message).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    })
}

/// Returns what a file of the web is called, without what may be a key behind it.
fn name_of(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let last = last.rsplit('/').next().unwrap_or_default();
    if last.is_empty() { Source::Web(url.to_owned()).label().to_owned() } else { last.to_owned() }
}

/// Reads the newest file of a folder whose name fits a pattern. Only what lies in the folder itself is a file of it:
/// no folder, and no link to elsewhere.
fn read(folder: &Path, pattern: &str) -> Result<(String, Bytes), Trouble> {
    let entries = fs::read_dir(folder).map_err(|_| Trouble::NoFile)?;
    let newest = entries.flatten().filter_map(|entry| dated(&entry, pattern)).max();
    let (_, name) = newest.ok_or(Trouble::NoFile)?;
    let path = folder.join(&name);
    let unreadable = |error: std::io::Error| {
        tracing::warn!(path = %path.display(), %error, "a file to be imported cannot be read");
        Trouble::Unreadable
    };
    let mut bytes = Vec::new();
    let file = File::open(&path).map_err(unreadable)?;
    file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(refused(FileProblem::TooLarge.into()));
    }
    Ok((name, bytes.into()))
}

fn dated(entry: &DirEntry, pattern: &str) -> Option<(SystemTime, String)> {
    let name = entry.file_name().into_string().ok().filter(|name| fits(pattern, name))?;
    // Neither follows a link.
    let is_file = entry.file_type().ok()?.is_file();
    Some((entry.metadata().ok()?.modified().ok()?, name)).filter(|_| is_file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_web_is_called_by_the_end_of_its_path() {
        for (url, name) in [
            ("https://example.com/out/accounts.csv?key=secret", "accounts.csv"),
            ("https://example.com/?key=secret", "example.com"),
            ("https://example.com/out/", "example.com"),
        ] {
            assert_eq!(name_of(url), name, "{url}");
        }
    }
}
