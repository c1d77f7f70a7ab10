//! The directory: every account's names in memory, for search as you type.
//!
//! It is a reader of the change log: loaded once per workspace, then kept up to date from the log.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use domain::accounts::Found;
use domain::changes::{Change, Entry};
use domain::fields::Subject;
use domain::health::Band;
use domain::id::{AccountId, WorkspaceId};
use domain::identity::Actor;
use serde_json::Value;
use sqlx::FromRow;
use tokio::sync::RwLock;
use uuid::Uuid;

use crate::error::Result;
use crate::log;
use crate::pool::Db;
use crate::tx::{Tx, on};

/// More lines behind than this, and loading anew is quicker than reading them.
const BEHIND_MAX: i64 = 20_000;
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
}

#[derive(Debug)]
struct Listed {
    found: Found,
    /// Archived accounts are kept, because the log does not repeat their names when they come back.
    archived: bool,
    /// Name, external id and domain in lower case, separated by line ends.
    haystack: String,
}

/// By database of this process, and workspace.
type Directories = HashMap<(usize, WorkspaceId), Arc<RwLock<Directory>>>;
static DIRECTORIES: LazyLock<RwLock<Directories>> = LazyLock::new(RwLock::default);

/// Returns accounts that contain every word of the text: names that begin with it first, then shorter ones.
pub async fn search(db: &Db, actor: &Actor, text: &str, limit: usize) -> Result<Vec<Found>> {
    let words: Vec<String> = text.to_lowercase().split_whitespace().take(8).map(str::to_owned).collect();
    let directory = current(db, actor).await?;
    let directory = directory.read().await;
    let whole = words.join(" ");
    let mut hits: Vec<(u8, usize, &Listed)> = directory
        .entries
        .iter()
        .flatten()
        .filter(|listed| !listed.archived)
        .filter(|listed| words.iter().all(|word| listed.haystack.contains(word.as_str())))
        .map(|listed| (rank(&listed.haystack, &whole), listed.found.name.len(), listed))
        .collect();
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

fn rank(haystack: &str, text: &str) -> u8 {
    match haystack.find(text) {
        Some(0) => 0,
        Some(at) if haystack.as_bytes().get(at - 1).is_some_and(|byte| !byte.is_ascii_alphanumeric()) => 1,
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
    let mut tx = db.read(&Actor::system(actor.workspace)).await?;
    let end = log::last_seq(&mut tx).await?;
    if directory.read().await.seq == end {
        return Ok(directory);
    }
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
        let haystack = format!("{}\n{key}\n{domain}", found.name).to_lowercase();
        let id = found.id;
        let listed = Some(Listed { found, archived, haystack });
        match self.places.get(&id) {
            Some(&place) => self.entries[place] = listed,
            None => {
                self.places.insert(id, self.entries.len());
                self.entries.push(listed);
            }
        }
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
                if let Some(place) = self.places.remove(&id) {
                    self.entries[place] = None;
                }
            }
            Change::Updated | Change::Scored => {
                let Some(mut found) = self.places.get(&id).and_then(|&place| self.entries[place].take()) else {
                    return;
                };
                for (key, _) in &entry.after {
                    match key.as_str() {
                        "name" => found.found.name = text(key).unwrap_or_default(),
                        "external_id" => found.found.external_id = text(key),
                        "domain" => found.found.domain = text(key),
                        "archived_at" => found.archived = archived,
                        "band" => found.found.band = text(key).as_deref().and_then(Band::from_key),
                        _ => {}
                    }
                }
                self.put(found.found, found.archived);
            }
            _ => {}
        }
    }
}
