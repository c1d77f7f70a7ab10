//! What readers of the change log keep in memory: read from nothing once, then brought up to the end of the log.
//!
//! Whoever asks has a connection and then waits for what is kept, never the other way round: holding the guard, nobody
//! may ask for another connection, since those who wait for the guard may have all that there are.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::WorkspaceId;
use tokio::sync::{OwnedRwLockReadGuard, RwLock};

use crate::error::Result;
use crate::log;
use crate::tx::Tx;

/// More lines behind than this, and reading from nothing is quicker than reading them.
const BEHIND_MAX: i64 = 20_000;

/// Something that is made from a workspace's data and follows its change log.
pub(crate) trait Follows: Default + Send + Sync + 'static {
    /// What is asked of it.
    type Asked: Sync;
    /// What tells several of a workspace apart.
    type Name: Eq + Hash + Send;

    /// Most workspaces of which something is kept; beyond that all are forgotten.
    const WORKSPACES_MAX: usize;
    /// Most that are kept of a workspace; beyond that all of its own are forgotten.
    const EACH_MAX: usize;

    /// Returns the name under which it is kept.
    fn name(asked: &Self::Asked) -> Self::Name;

    /// Returns whether what is asked is in it.
    fn has(&self, asked: &Self::Asked) -> bool;

    /// Reads it from nothing, where the log is at this end.
    fn read(tx: &mut Tx, asked: &Self::Asked, end: i64) -> impl Future<Output = Result<Self>> + Send;

    /// Follows the log from a place in it towards its end, and returns how far it got. Who asks may go away meanwhile:
    /// then the next one begins at the same place again.
    fn follow(
        &mut self,
        tx: &mut Tx,
        asked: &Self::Asked,
        since: i64,
        end: i64,
    ) -> impl Future<Output = Result<i64>> + Send;
}

/// What is kept under one name, and where in the log it is; nowhere until it was read.
pub(crate) struct Held<T> {
    seq: Option<i64>,
    value: T,
}

impl<T: Follows> Held<T> {
    fn is_at(&self, asked: &T::Asked, end: i64) -> bool {
        self.seq.is_some_and(|seq| seq >= end) && self.value.has(asked)
    }

    async fn catch_up(&mut self, tx: &mut Tx, asked: &T::Asked, end: i64) -> Result<()> {
        let seq = self.seq.filter(|seq| end - seq <= BEHIND_MAX && self.value.has(asked));
        let Some(mut seq) = seq else {
            *self = Self { value: T::read(tx, asked, end).await?, seq: Some(end) };
            return Ok(());
        };
        while seq < end {
            seq = self.value.follow(tx, asked, seq, end).await?;
            self.seq = Some(seq);
        }
        Ok(())
    }
}

type Shared<T> = Arc<RwLock<Held<T>>>;
/// By database of this process and workspace, and by name.
type All<T> = HashMap<(usize, WorkspaceId), HashMap<<T as Follows>::Name, Shared<T>>>;

/// What is kept, for as long as somebody looks at it.
pub(crate) type Present<T> = OwnedRwLockReadGuard<Held<T>, T>;

/// Everything of one kind that this process keeps.
pub(crate) struct Kept<T: Follows> {
    /// Every runtime of the process shares it, so that nothing is waited for while it is locked.
    all: Mutex<All<T>>,
}

impl<T: Follows> Default for Kept<T> {
    fn default() -> Self {
        Self { all: Mutex::default() }
    }
}

impl<T: Follows> Kept<T> {
    /// Returns what is asked as it is at the end of the log, and where the transaction sees that end: what is kept may
    /// be newer.
    pub(crate) async fn present(&self, tx: &mut Tx, asked: &T::Asked) -> Result<(Present<T>, i64)> {
        let end = log::last_seq(tx).await?;
        let shared = self.shared(tx, asked);
        let reading = shared.clone().read_owned().await;
        if reading.is_at(asked, end) {
            return Ok((OwnedRwLockReadGuard::map(reading, |held| &held.value), end));
        }
        drop(reading);
        let mut writing = shared.write_owned().await;
        // Another may have brought it here meanwhile.
        if !writing.is_at(asked, end) {
            writing.catch_up(tx, asked, end).await?;
        }
        Ok((OwnedRwLockReadGuard::map(writing.downgrade(), |held| &held.value), end))
    }

    fn shared(&self, tx: &Tx, asked: &T::Asked) -> Shared<T> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (tx.db().identity(), tx.actor().workspace);
        if all.len() >= T::WORKSPACES_MAX && !all.contains_key(&key) {
            all.clear();
        }
        let own = all.entry(key).or_default();
        let name = T::name(asked);
        if own.len() >= T::EACH_MAX && !own.contains_key(&name) {
            own.clear();
        }
        own.entry(name).or_insert_with(|| Arc::new(RwLock::new(Held { seq: None, value: T::default() }))).clone()
    }
}
