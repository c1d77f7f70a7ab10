//! What every page of the grid needs besides its rows, kept until the workspace's change log moves.
//!
//! A statement that reads rows also returns the end of the log. Where that is the end at which something was
//! kept, nothing was written in between, by this process or another, and what was kept still holds.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use domain::fields::Catalogue;
use domain::filter::sql::Sql;
use domain::id::WorkspaceId;
use domain::identity::{Actor, User};
use uuid::Uuid;

use crate::error::Result;
use crate::pool::Db;
use crate::tx::Tx;
use crate::{identity, log};

/// Most totals, and most names, that are kept of one workspace; beyond that all of them are counted anew.
const TOTALS_MAX: usize = 1_000;
/// Most workspaces of which something is kept; beyond that all are forgotten.
const WORKSPACES_MAX: usize = 1_000;

/// What holds at one end of the log.
#[derive(Clone)]
pub(super) struct Kept {
    /// The end of the log.
    pub(super) seq: i64,
    pub(super) catalogue: Arc<Catalogue>,
    /// Everybody, where a filter has asked for names.
    users: Option<Arc<[User]>>,
    /// Whether it is for everybody: what a transaction that writes reads may never be committed.
    shared: bool,
}

#[derive(Default)]
struct Place {
    kept: Option<Kept>,
    /// By statement with its values, so that `me` and `today` are part of it.
    totals: HashMap<String, u32>,
    /// The accounts that a name in a filter stands for.
    accounts: HashMap<String, Vec<Uuid>>,
}

/// By database of this process, and workspace.
type Places = HashMap<(usize, WorkspaceId), Place>;
static PLACES: LazyLock<Mutex<Places>> = LazyLock::new(Mutex::default);

fn with<T>(db: &Db, actor: &Actor, run: impl FnOnce(&mut Place) -> T) -> T {
    let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (db.identity(), actor.workspace);
    if places.len() >= WORKSPACES_MAX && !places.contains_key(&key) {
        places.clear();
    }
    run(places.entry(key).or_default())
}

/// Returns what was kept last, which may not hold any more.
pub(super) fn last(db: &Db, actor: &Actor) -> Option<Kept> {
    with(db, actor, |place| place.kept.clone())
}

/// Returns what holds in this transaction: what was kept, or else what is read now.
pub(super) async fn present(tx: &mut Tx) -> Result<Kept> {
    // Before the rest is read: on PostgreSQL another process may write in between, and what is then newer than
    // its number is read once more.
    let seq = log::last_seq(tx).await?;
    let shared = !tx.writes();
    if let Some(kept) = last(tx.db(), tx.actor()).filter(|kept| shared && kept.seq == seq) {
        return Ok(kept);
    }
    let kept = Kept { seq, catalogue: Arc::new(super::catalogue(tx).await?), users: None, shared };
    if !shared {
        return Ok(kept);
    }
    with(tx.db(), tx.actor(), |place| {
        if place.kept.as_ref().is_none_or(|known| known.seq < seq) {
            *place = Place { kept: Some(kept.clone()), ..Place::default() };
        }
    });
    Ok(kept)
}

impl Kept {
    /// Returns everybody, if that was asked for since the log moved.
    pub(super) fn known_users(&self) -> Option<Arc<[User]>> {
        self.users.clone()
    }

    /// Returns everybody.
    pub(super) async fn users(&self, tx: &mut Tx) -> Result<Arc<[User]>> {
        if let Some(users) = self.known_users() {
            return Ok(users);
        }
        let users: Arc<[User]> = identity::users(tx).await?.into();
        self.keep(tx, |place| {
            if let Some(kept) = &mut place.kept {
                kept.users = Some(users.clone());
            }
        });
        Ok(users)
    }

    /// Returns the accounts that a name stands for, if that was asked for since the log moved.
    pub(super) fn known_accounts(&self, db: &Db, actor: &Actor, name: &str) -> Option<Vec<Uuid>> {
        with(db, actor, |place| self.still_holds(place).then(|| place.accounts.get(name).cloned()).flatten())
    }

    /// Keeps the accounts that a name stands for.
    pub(super) fn keep_accounts(&self, tx: &Tx, name: &str, ids: &[Uuid]) {
        self.keep(tx, |place| {
            if place.accounts.len() >= TOTALS_MAX {
                place.accounts.clear();
            }
            place.accounts.insert(name.to_owned(), ids.to_vec());
        });
    }

    /// Returns how many rows a counting statement has come to.
    pub(super) fn total(&self, db: &Db, actor: &Actor, statement: &Sql) -> Option<u32> {
        with(db, actor, |place| self.still_holds(place).then(|| place.totals.get(&key(statement)).copied()).flatten())
    }

    /// Keeps how many rows a counting statement has come to.
    pub(super) fn keep_total(&self, tx: &Tx, statement: &Sql, total: u32) {
        // Trends move with time alone, without a line in the log.
        if statement.text.contains("trend_") {
            return;
        }
        self.keep(tx, |place| {
            if place.totals.len() >= TOTALS_MAX {
                place.totals.clear();
            }
            place.totals.insert(key(statement), total);
        });
    }

    fn keep(&self, tx: &Tx, run: impl FnOnce(&mut Place)) {
        with(tx.db(), tx.actor(), |place| {
            if self.still_holds(place) {
                run(place);
            }
        });
    }

    fn still_holds(&self, place: &Place) -> bool {
        self.shared && place.kept.as_ref().is_some_and(|kept| kept.seq == self.seq)
    }
}

fn key(statement: &Sql) -> String {
    if statement.params.is_empty() { statement.text.clone() } else { format!("{statement:?}") }
}
