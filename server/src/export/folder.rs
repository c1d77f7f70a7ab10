//! Where files that were made in the background are kept, and how they go.

use std::collections::HashSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use db::Db;
use domain::id::{ExportId, TaskId};
use domain::identity::Actor;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

/// How often it is looked for files that nobody may take any more.
const SWEEP: Duration = Duration::from_secs(60);
/// What stands behind the name of a file that is whole.
const WHOLE: &str = "export";
/// What stands behind the name of a file that is being written.
const PART: &str = "part";

/// The folder with the files of exports, each under the id of its export.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Returns the folder with this path, which is made when the first file is.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    fn whole(&self, id: ExportId) -> PathBuf {
        self.0.join(format!("{id}.{WHOLE}"))
    }

    fn part(&self, id: ExportId, task: TaskId, attempt: i64) -> PathBuf {
        self.0.join(format!("{id}.{task}-{attempt}.{PART}"))
    }

    /// Opens a file to write; it has the name of an export only once it is whole.
    pub(super) fn begin(&self, id: ExportId, task: &db::tasks::Task) -> io::Result<(Part, File)> {
        private_folder(&self.0)?;
        // What an attempt left that was killed.
        let left =
            self.files().into_iter().filter(|(of, path)| *of == id && path.extension().is_some_and(|end| end == PART));
        left.for_each(|(_, path)| drop(std::fs::remove_file(path)));
        let path = self.part(id, task.id, task.attempts);
        let file = private_file(&path)?;
        Ok((Part(path), file))
    }

    /// Gives a file its name, after all of it is on the disk.
    pub(super) fn keep(&self, id: ExportId, part: &Part, file: &File) -> io::Result<()> {
        file.sync_all()?;
        std::fs::rename(&part.0, self.whole(id))
    }

    /// Opens the file of an export.
    pub(super) fn open(&self, id: ExportId) -> io::Result<File> {
        File::open(self.whole(id))
    }

    /// Removes the file of an export, where there is one.
    pub(super) fn remove(&self, id: ExportId) {
        drop(std::fs::remove_file(self.whole(id)));
    }

    /// Returns the files with the exports that they are of.
    fn files(&self) -> Vec<(ExportId, PathBuf)> {
        let Ok(folder) = std::fs::read_dir(&self.0) else { return Vec::new() };
        let paths = folder.flatten().map(|entry| entry.path());
        paths
            .filter_map(|path| {
                let name = path.file_name()?.to_str()?;
                let id = name.split('.').next()?.parse().ok()?;
                [WHOLE, PART].iter().any(|end| name.ends_with(end)).then_some((id, path))
            })
            .collect()
    }
}

/// A file that is being written; it goes unless it got its name.
pub(super) struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // After it got its name there is nothing left to remove.
        drop(std::fs::remove_file(&self.0));
    }
}

/// Nobody but the server reads what customers' data is in.
fn private_folder(path: &std::path::Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn private_file(path: &std::path::Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Removes what nobody may take any more, until `stop` turns true.
pub async fn sweep(db: Db, folder: Folder, mut stop: watch::Receiver<bool>) {
    let mut turns = interval(SWEEP);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = turns.tick() => {}
            _ = stop.changed() => return,
        }
        if let Err(error) = look(&db, &folder).await {
            tracing::error!(%error, "old files of exports could not be removed and will be later");
        }
    }
}

/// Removes the files of exports that are over, and those of none.
async fn look(db: &Db, folder: &Folder) -> db::Result<()> {
    // Looked at first: a file that is begun after this is not among them.
    let files = folder.files();
    let mut kept: HashSet<ExportId> = HashSet::new();
    for workspace in db::identity::workspaces(db).await? {
        let actor = Actor::system(workspace);
        if db::export::is_expired(&mut db.read(&actor).await?).await? {
            let mut tx = db.write(&actor).await?;
            db::export::expire(&mut tx).await?;
            tx.commit().await?;
        }
        kept.extend(db::export::kept(&mut db.read(&actor).await?).await?);
    }
    for (id, path) in files {
        if !kept.contains(&id) {
            drop(std::fs::remove_file(path));
        }
    }
    Ok(())
}
