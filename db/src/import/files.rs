//! Uploaded files: text in a private folder per person, kept for a day.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::id::{UserId, WorkspaceId};
use domain::identity::{Actor, Role};
use domain::import::decode::{Decoded, Encoding, decode};
use domain::import::report::FileId;
use domain::refusal::Refusal;
use domain::time::DAY_MS;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Clock;
use crate::error::{Error, Result};

/// Files of one person that wait at the same time; the oldest makes room.
const FILES_MAX: usize = 10;
/// Longest name of a file in characters.
const NAME_CHARS_MAX: usize = 200;

/// A file as text.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The file's name, for the list of imports.
    pub name: String,
    /// Its text.
    pub text: Arc<str>,
    /// How its characters were stored.
    pub encoding: Encoding,
}

impl Upload {
    /// Decodes the bytes of a file.
    pub fn decode(name: &str, bytes: &[u8]) -> Result<Self> {
        let Decoded { text, encoding } = decode(bytes).map_err(Refusal::from)?;
        Ok(Self { name: clean(name), text: text.into(), encoding })
    }

    /// Returns the text that somebody pasted.
    pub fn paste(text: &str) -> Result<Self> {
        Self::decode("Pasted rows", text.as_bytes())
    }
}

/// What is kept beside the text of a file.
#[derive(Serialize, Deserialize)]
struct Label {
    name: String,
    encoding: Encoding,
}

/// The folder of one person.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    root: PathBuf,
    path: PathBuf,
}

impl Folder {
    /// Returns the folder of the person who asks, who must be allowed to import.
    pub(super) fn of(root: &Path, actor: &Actor) -> Result<Self> {
        actor.require(Role::Csm)?;
        let (WorkspaceId(workspace), UserId(user)) = (actor.workspace, actor.user.unwrap_or(UserId(Uuid::nil())));
        let path = root.join(workspace.to_string()).join(user.to_string());
        Ok(Self { root: root.to_owned(), path })
    }

    /// Keeps a file for a day.
    pub(super) fn keep(&self, upload: &Upload) -> Result<FileId> {
        let id = FileId(Uuid::now_v7());
        self.write(&format!("{id}.csv"), upload.text.as_bytes())?;
        let label = Label { name: upload.name.clone(), encoding: upload.encoding };
        self.write(&format!("{id}.json"), serde_json::to_string(&label)?.as_bytes())?;
        self.make_room();
        sweep(&self.root);
        Ok(id)
    }

    /// Returns a file, or refuses where it was deleted after a day.
    pub(super) fn find(&self, id: FileId) -> Result<Upload> {
        if is_old(id.0) {
            return Err(gone());
        }
        let label: Label = serde_json::from_str(&self.text(&format!("{id}.json"))?.ok_or_else(gone)?)?;
        let text = self.text(&format!("{id}.csv"))?.ok_or_else(gone)?;
        Ok(Upload { name: label.name, text: text.into(), encoding: label.encoding })
    }

    /// Writes a private file.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut folder = DirBuilder::new();
        folder.recursive(true);
        let mut file = OpenOptions::new();
        file.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
            folder.mode(0o700);
            file.mode(0o600);
        }
        let path = self.path.join(name);
        let written = folder.create(&self.path).and_then(|()| file.open(&path)?.write_all(bytes));
        written.map_err(|error| Error::Open(format!("Cannot write {}: {error}.", path.display())))
    }

    /// Returns the text of a file, if it is there.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>> {
        let path = self.path.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::Open(format!("Cannot read {}: {error}.", path.display()))),
        }
    }

    fn make_room(&self) {
        let mut ids = ids_in(&self.path);
        ids.sort();
        ids.dedup();
        for id in ids.iter().rev().skip(FILES_MAX) {
            forget(&self.path, *id);
        }
    }
}

/// Deletes the files of everybody that are older than a day.
pub(super) fn sweep(root: &Path) {
    let folders = |path: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
    };
    for person in folders(root).iter().flat_map(|workspace| folders(workspace)) {
        ids_in(&person).into_iter().filter(|id| is_old(*id)).for_each(|id| forget(&person, id));
    }
}

fn ids_in(folder: &Path) -> Vec<Uuid> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let id = |entry: std::fs::DirEntry| entry.file_name().to_str()?.split('.').next()?.parse().ok();
    entries.filter_map(id).collect()
}

fn forget(folder: &Path, id: Uuid) {
    for ending in ["csv", "json", "errors.csv"] {
        // A file that is gone already is what was wanted.
        drop(std::fs::remove_file(folder.join(format!("{id}.{ending}"))));
    }
}

/// Ids begin with the time they were made at.
fn is_old(id: Uuid) -> bool {
    let made = id.get_timestamp().map_or(0, |made| made.to_unix().0);
    Clock::System.now().0 - i64::try_from(made).unwrap_or(0).saturating_mul(1_000) > DAY_MS
}

fn gone() -> Error {
    Refusal::field("file", "The file is not here any more; files wait for a day. Upload it again.").into()
}

/// Returns the last part of a file's name, without characters that no list can show.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    if clean.trim().is_empty() { "Unnamed file".to_owned() } else { clean.trim().to_owned() }
}
