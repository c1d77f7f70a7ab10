//! A transaction: who asks, what time it is, and what will stand in the change log.

use std::ops::{Deref, DerefMut};

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::{AccountId, BatchId};
use domain::identity::{Actor, Role};
use domain::time::Timestamp;
use serde_json::{Map, Value};
use sqlx::pool::PoolConnection;
use sqlx::{Postgres, Sqlite, SqliteConnection, Transaction};
use uuid::Uuid;

use crate::bulk;
use crate::error::{Error, Result};
use crate::log::{self, Line};
use crate::pool::{Db, Pools};
use crate::subjects::Table;

/// Runs one expression on whichever engine a transaction belongs to.
macro_rules! on {
    ($tx:expr, $connection:ident => $run:expr) => {
        match &mut $tx.inner {
            $crate::tx::Inner::Sqlite(transaction) => {
                let $connection = &mut **transaction;
                $run
            }
            $crate::tx::Inner::Postgres(transaction) => {
                let $connection = &mut **transaction;
                $run
            }
        }
    };
}
pub(crate) use on;

pub(crate) enum Inner {
    Sqlite(Lite),
    Postgres(Transaction<'static, Postgres>),
}

/// A connection to SQLite: in a transaction, or for one statement, which is a transaction of its own.
pub(crate) enum Lite {
    Transaction(Transaction<'static, Sqlite>),
    Statement(PoolConnection<Sqlite>),
}

impl Deref for Lite {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        match self {
            Self::Transaction(transaction) => transaction,
            Self::Statement(connection) => connection,
        }
    }
}

impl DerefMut for Lite {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Transaction(transaction) => transaction,
            Self::Statement(connection) => connection,
        }
    }
}

/// One line for the change log, numbered and chained when the transaction commits.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// What happened.
    pub change: Change,
    /// To what kind of thing.
    pub subject: Subject,
    /// To which one.
    pub subject_id: Uuid,
    /// The account it belongs to.
    pub account: Option<AccountId>,
    /// The fields as they were.
    pub before: Map<String, Value>,
    /// The fields as they became.
    pub after: Map<String, Value>,
}

/// A transaction on behalf of an actor. Every verb of this crate takes one.
pub struct Tx {
    pub(crate) inner: Inner,
    actor: Actor,
    now: Timestamp,
    batch: Option<BatchId>,
    pending: Vec<NewEntry>,
    grown: Option<i64>,
    writes: bool,
    db: Db,
}

impl Tx {
    pub(crate) async fn begin(db: &Db, actor: Actor, write: bool) -> Result<Self> {
        let inner = match &db.pools {
            Pools::Sqlite { writer, .. } if write => {
                Inner::Sqlite(Lite::Transaction(writer.begin_with("BEGIN IMMEDIATE").await?))
            }
            Pools::Sqlite { readers, .. } => Inner::Sqlite(Lite::Transaction(readers.begin().await?)),
            Pools::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                sqlx::query("SELECT set_config('keepwell.workspace', $1, true)")
                    .bind(actor.workspace.to_string())
                    .execute(&mut *transaction)
                    .await?;
                if write {
                    // One writer per workspace, as on SQLite: what a verb has read stays true until it has written.
                    sqlx::query("SELECT 1 FROM workspaces WHERE id = $1 FOR NO KEY UPDATE")
                        .bind(actor.workspace.0)
                        .execute(&mut *transaction)
                        .await?;
                }
                Inner::Postgres(transaction)
            }
        };
        Ok(Self { writes: write, ..Self::of(db, actor, inner) })
    }

    /// Begins what is one statement that only reads; it saves SQLite a begin and an end.
    pub(crate) async fn glance(db: &Db, actor: Actor) -> Result<Self> {
        match &db.pools {
            Pools::Sqlite { readers, .. } => {
                let inner = Inner::Sqlite(Lite::Statement(readers.acquire().await?));
                Ok(Self::of(db, actor, inner))
            }
            Pools::Postgres(_) => Self::begin(db, actor, false).await,
        }
    }

    fn of(db: &Db, actor: Actor, inner: Inner) -> Self {
        Self {
            inner,
            actor,
            now: db.clock().now(),
            batch: None,
            pending: Vec::new(),
            grown: None,
            writes: false,
            db: db.clone(),
        }
    }

    /// Returns who is asking.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Returns whether what is read here may include what nobody else sees yet.
    pub(crate) fn writes(&self) -> bool {
        self.writes
    }

    /// Returns the database that the transaction is in.
    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// Returns the workspace's id, which every statement binds.
    #[must_use]
    pub fn workspace(&self) -> Uuid {
        self.actor.workspace.0
    }

    /// Returns the moment everything in this transaction happens at.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Refuses unless the actor's role is at least `role`.
    pub fn require(&self, role: Role) -> Result<()> {
        Ok(self.actor.require(role)?)
    }

    /// Returns whether the transaction is on SQLite, for the few statements that differ.
    #[must_use]
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.inner, Inner::Sqlite(_))
    }

    /// Puts everything recorded from here on into one batch that can be undone.
    pub fn set_batch(&mut self, batch: BatchId) {
        self.batch = Some(batch);
    }

    /// Returns the batch that changes are recorded under.
    #[must_use]
    pub fn batch(&self) -> Option<BatchId> {
        self.batch
    }

    /// Notes a line for the change log; it is written with the commit.
    pub fn record(&mut self, entry: NewEntry) {
        self.pending.push(entry);
    }

    /// Writes the lines noted so far, so that a large transaction need not keep them all in memory.
    pub(crate) async fn flush_log(&mut self) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        if !pending.is_empty() {
            let lines = pending.into_iter().map(Line::try_from).collect::<Result<Vec<_>>>()?;
            self.grown = Some(log::append(self, lines).await?);
        }
        Ok(())
    }

    /// Writes lines that are text already, behind those noted before.
    pub(crate) async fn record_lines(&mut self, lines: Vec<Line>) -> Result<()> {
        self.flush_log().await?;
        if !lines.is_empty() {
            self.grown = Some(log::append(self, lines).await?);
        }
        Ok(())
    }

    /// Inserts documents that are text already, with their lines in the log behind those noted before. The lines
    /// are chained while the database takes the documents in.
    pub(crate) async fn insert_recorded(
        &mut self,
        table: Table,
        docs: Vec<(Uuid, String)>,
        lines: Vec<Line>,
    ) -> Result<()> {
        self.flush_log().await?;
        if docs.is_empty() && lines.is_empty() {
            return Ok(());
        }
        let (mut end, expected) = (log::end(self).await?, docs.len());
        let chaining = tokio::task::spawn_blocking(move || {
            let rows = end.chain(lines);
            (rows, end)
        });
        bulk::expect_rows(bulk::insert_texts(self, table, docs).await?, expected)?;
        let (rows, end) = chaining.await.map_err(|error| Error::Stored(format!("chaining failed: {error}")))?;
        self.grown = Some(log::write(self, rows, end).await?);
        Ok(())
    }

    /// Keeps the commit of a large transaction from also copying it into the database;
    /// [`Db::checkpoint_soon`] does so afterwards.
    pub(crate) async fn hold_checkpoint(&mut self) -> Result<()> {
        if let Inner::Sqlite(transaction) = &mut self.inner {
            sqlx::query("PRAGMA wal_autocheckpoint = 0").execute(&mut **transaction).await?;
        }
        Ok(())
    }

    /// Writes the change log, makes everything durable and wakes the readers of the log.
    /// Returns the workspace's last sequence number when something was recorded.
    pub async fn commit(mut self) -> Result<Option<i64>> {
        self.flush_log().await?;
        let grown = self.grown;
        match self.inner {
            Inner::Sqlite(Lite::Transaction(transaction)) => transaction.commit().await?,
            Inner::Sqlite(Lite::Statement(_)) => {}
            Inner::Postgres(mut transaction) => {
                if grown.is_some() {
                    sqlx::query("SELECT pg_notify('keepwell', $1)")
                        .bind(self.actor.workspace.to_string())
                        .execute(&mut *transaction)
                        .await?;
                }
                transaction.commit().await?;
            }
        }
        if grown.is_some() {
            self.db.ring(self.actor.workspace);
        }
        Ok(grown)
    }
}
