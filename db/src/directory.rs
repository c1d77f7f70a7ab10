//! The directory: every account's names in memory, for search as you type.
//!
//! It is a reader of the change log: loaded once per workspace, then kept up to date from the log.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use domain::accounts::Found;
use domain::changes::{Change, Entry};
use domain::fields::Subject;
use domain::health::Band;
use domain::id::{AccountId, WorkspaceId};
use domain::identity::Actor;
use memchr::memmem::Finder;
use serde_json::Value;
use sqlx::FromRow;
use tokio::sync::RwLock;
use uuid::Uuid;

use crate::error::Result;
use crate::identity;
use crate::log;
use crate::pool::Db;
use crate::tx::{Tx, on};

/// More lines behind than this, and loading anew is quicker than reading them.
const BEHIND_MAX: i64 = 20_000;
/// Bytes of the haystack that may be nobody's before it is made anew.
const UNUSED_MAX: usize = 65_536;
/// Most results of one search.
const RESULTS_MAX: usize = 50;

#[derive(Debug, FromRow)]
struct Row {
    id: Uuid,
    name: String,
    external_id: Option<String>,
    domain: Option<String>,
    band: Option<String>,
    archived_at: Option<i64>,
}

#[derive(Debug, Default)]
struct Directory {
    seq: i64,
    places: HashMap<AccountId, usize>,
    entries: Vec<Option<Listed>>,
    haystack: Haystack,
}

#[derive(Debug)]
struct Listed {
    found: Found,
    /// Archived accounts are kept, because the log does not repeat their names when they come back.
    archived: bool,
    /// Which piece of the haystack is its own.
    piece: usize,
}

/// What a search looks in: name, external id and domain of every account in lower case, each account's one
/// piece, all in one run of memory, which is gone through many times as fast as a text for each account.
#[derive(Debug, Default)]
struct Haystack {
    bytes: Vec<u8>,
    /// Where each piece begins, in order, and the place of its account.
    pieces: Vec<(usize, usize)>,
    /// Bytes of pieces that are nobody's any more.
    unused: usize,
}

impl Haystack {
    fn push(&mut self, place: usize, text: &[u8]) -> usize {
        self.pieces.push((self.bytes.len(), place));
        self.bytes.extend_from_slice(text);
        self.pieces.len() - 1
    }

    fn range(&self, piece: usize) -> Range<usize> {
        let start = |piece: usize| self.pieces.get(piece).map_or(self.bytes.len(), |piece| piece.0);
        start(piece)..start(piece + 1)
    }

    fn text(&self, piece: usize) -> &[u8] {
        &self.bytes[self.range(piece)]
    }

    /// Makes a piece nobody's: zeros, which no word has.
    fn clear(&mut self, piece: usize) {
        let range = self.range(piece);
        self.unused += range.len();
        self.bytes[range].fill(0);
    }

    /// Calls `hit` with each piece that contains every word, and the place of its account.
    fn each_with(&self, words: &[String], mut hit: impl FnMut(usize, usize)) {
        let Some(longest) = words.iter().max_by_key(|word| word.len()) else {
            self.pieces.iter().enumerate().for_each(|(piece, (_, place))| hit(piece, *place));
            return;
        };
        let longest = Finder::new(longest);
        let finders: Vec<Finder<'_>> = words.iter().map(Finder::new).collect();
        let (mut at, mut piece) = (0, 0);
        while let Some(found) = longest.find(&self.bytes[at..]) {
            while self.pieces.get(piece + 1).is_some_and(|next| next.0 <= at + found) {
                piece += 1;
            }
            let range = self.range(piece);
            at = range.end;
            if finders.iter().all(|finder| finder.find(&self.bytes[range.clone()]).is_some()) {
                hit(piece, self.pieces[piece].1);
            }
        }
    }
}

/// By database of this process, and workspace.
type Directories = HashMap<(usize, WorkspaceId), Arc<RwLock<Directory>>>;
static DIRECTORIES: LazyLock<RwLock<Directories>> = LazyLock::new(RwLock::default);

/// Loads the directories of all workspaces, so that the first who searches need not wait for it.
pub async fn warm(db: &Db) -> Result<()> {
    for workspace in identity::workspaces(db).await? {
        current(db, &Actor::system(workspace)).await?;
    }
    Ok(())
}

/// Returns accounts that contain every word of the text: names that begin with it first, then shorter ones.
pub async fn search(db: &Db, actor: &Actor, text: &str, limit: usize) -> Result<Vec<Found>> {
    let words: Vec<String> = text.to_lowercase().split_whitespace().take(8).map(str::to_owned).collect();
    let directory = current(db, actor).await?;
    let directory = directory.read().await;
    let whole = words.join(" ");
    let whole = Finder::new(&whole);
    let mut hits: Vec<(u8, usize, &Listed)> = Vec::new();
    directory.haystack.each_with(&words, |piece, place| {
        let listed = directory.entries[place].as_ref().filter(|listed| listed.piece == piece && !listed.archived);
        if let Some(listed) = listed {
            hits.push((rank(directory.haystack.text(piece), &whole), listed.found.name.len(), listed));
        }
    });
    let limit = limit.clamp(1, RESULTS_MAX).min(hits.len());
    if limit == 0 {
        return Ok(Vec::new());
    }
    let order = |a: &(u8, usize, &Listed), b: &(u8, usize, &Listed)| {
        (a.0, a.1, &a.2.found.name).cmp(&(b.0, b.1, &b.2.found.name))
    };
    hits.select_nth_unstable_by(limit - 1, order);
    hits.truncate(limit);
    hits.sort_unstable_by(order);
    Ok(hits.into_iter().map(|(_, _, listed)| listed.found.clone()).collect())
}

fn rank(haystack: &[u8], text: &Finder<'_>) -> u8 {
    match text.find(haystack) {
        Some(0) => 0,
        Some(at) if haystack.get(at - 1).is_some_and(|byte| !byte.is_ascii_alphanumeric()) => 1,
        Some(_) => 2,
        None => 3,
    }
}

async fn current(db: &Db, actor: &Actor) -> Result<Arc<RwLock<Directory>>> {
    let key = (db.identity(), actor.workspace);
    let known = DIRECTORIES.read().await.get(&key).cloned();
    let directory = match known {
        Some(directory) => directory,
        None => DIRECTORIES.write().await.entry(key).or_default().clone(),
    };
    let system = Actor::system(actor.workspace);
    let end = log::last_seq(&mut db.glance(&system).await?).await?;
    if directory.read().await.seq >= end {
        return Ok(directory);
    }
    let mut tx = db.read(&system).await?;
    let end = log::last_seq(&mut tx).await?;
    let mut writing = directory.write().await;
    if writing.seq == 0 || end - writing.seq > BEHIND_MAX {
        *writing = load(&mut tx, end).await?;
    }
    while writing.seq < end {
        let entries = log::after(&mut tx, writing.seq, log::PAGE_MAX).await?;
        let Some(last) = entries.last() else { break };
        let seq = last.seq;
        for entry in &entries {
            writing.apply(entry);
        }
        writing.seq = seq;
    }
    drop(writing);
    Ok(directory)
}

async fn load(tx: &mut Tx, seq: i64) -> Result<Directory> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, name, external_id, domain, band, archived_at FROM accounts WHERE workspace_id = $1")
        .bind(workspace).fetch_all(c).await)?;
    let mut directory = Directory { seq, ..Directory::default() };
    for row in rows {
        let found = Found {
            id: AccountId(row.id),
            name: row.name,
            external_id: row.external_id,
            domain: row.domain,
            band: row.band.as_deref().and_then(Band::from_key),
        };
        directory.put(found, row.archived_at.is_some());
    }
    Ok(directory)
}

impl Directory {
    fn put(&mut self, found: Found, archived: bool) {
        let (key, domain) = (found.external_id.as_deref().unwrap_or(""), found.domain.as_deref().unwrap_or(""));
        let text = format!("{}\n{key}\n{domain}\n", found.name).to_lowercase().into_bytes();
        let place = *self.places.entry(found.id).or_insert_with(|| {
            self.entries.push(None);
            self.entries.len() - 1
        });
        let present = self.entries[place].take().map(|listed| listed.piece);
        let piece = match present {
            Some(piece) if self.haystack.text(piece) == text => piece,
            _ => {
                present.into_iter().for_each(|piece| self.haystack.clear(piece));
                self.haystack.push(place, &text)
            }
        };
        self.entries[place] = Some(Listed { found, archived, piece });
        if self.haystack.unused > UNUSED_MAX && self.haystack.unused > self.haystack.bytes.len() / 2 {
            self.tidy();
        }
    }

    /// Makes the haystack anew, without what is nobody's.
    fn tidy(&mut self) {
        let mut haystack = Haystack::default();
        for (place, listed) in self.entries.iter_mut().enumerate() {
            if let Some(listed) = listed {
                listed.piece = haystack.push(place, self.haystack.text(listed.piece));
            }
        }
        self.haystack = haystack;
    }

    fn apply(&mut self, entry: &Entry) {
        if entry.subject != Subject::Account {
            return;
        }
        let id = AccountId(entry.subject_id);
        let text = |key: &str| entry.after.get(key).and_then(Value::as_str).map(str::to_owned);
        let archived = entry.after.get("archived_at").is_some_and(|at| !at.is_null());
        match entry.change {
            Change::Created => {
                let (name, external_id, domain) = (text("name"), text("external_id"), text("domain"));
                let found = Found { id, name: name.unwrap_or_default(), external_id, domain, band: None };
                self.put(found, archived);
            }
            Change::Deleted => {
                if let Some(listed) = self.places.remove(&id).and_then(|place| self.entries[place].take()) {
                    self.haystack.clear(listed.piece);
                }
            }
            Change::Updated | Change::Scored => {
                let Some(place) = self.places.get(&id).copied() else { return };
                let Some(listed) = &self.entries[place] else { return };
                let (mut found, mut is_archived) = (listed.found.clone(), listed.archived);
                for (key, _) in &entry.after {
                    match key.as_str() {
                        "name" => found.name = text(key).unwrap_or_default(),
                        "external_id" => found.external_id = text(key),
                        "domain" => found.domain = text(key),
                        "archived_at" => is_archived = archived,
                        "band" => found.band = text(key).as_deref().and_then(Band::from_key),
                        _ => {}
                    }
                }
                self.put(found, is_archived);
            }
            _ => {}
        }
    }
}
