//! Opening a database: SQLite (embedded, one process) or PostgreSQL (several).

use std::fs::File;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::id::WorkspaceId;
use domain::identity::Actor;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Executor, PgPool, SqlitePool};
use tokio::sync::broadcast;

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::tx::Tx;

/// Readers beside the one writer of an SQLite database.
const SQLITE_READERS: u32 = 4;
/// Connections to a PostgreSQL server.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Prepared statements kept per connection.
const STATEMENTS_CACHED: usize = 256;
/// How long a writer waits for its turn before the request fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// Oldest SQLite without the write-ahead log reset bug.
const SQLITE_MIN: (u32, u32, u32) = (3, 51, 3);
/// Wake-ups a slow listener may fall behind before it is told that it lagged.
const WAKE_CAPACITY: usize = 1_024;

/// The two engines; every statement of this crate runs on either.
#[derive(Clone, Debug)]
pub(crate) enum Pools {
    Sqlite { writer: SqlitePool, readers: SqlitePool, _lock: Arc<File> },
    Postgres(PgPool),
}

/// A database: the pools, the clock, and the bell that rings after each commit.
#[derive(Clone, Debug)]
pub struct Db {
    pub(crate) pools: Pools,
    clock: Clock,
    wake: broadcast::Sender<WorkspaceId>,
    id: usize,
    rings: Arc<AtomicUsize>,
}

/// Numbers the databases that this process has opened.
static OPENED: AtomicUsize = AtomicUsize::new(0);

impl Db {
    /// Opens `sqlite://path`, `sqlite::memory:`-free by design, or `postgres://…`, and migrates it.
    pub async fn open(url: &str, clock: Clock) -> Result<Self> {
        let pools = if let Some(path) = url.strip_prefix("sqlite:") {
            open_sqlite(Path::new(path.trim_start_matches("//"))).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url).await?
        } else {
            return Err(Error::Open(format!(
                "The database URL “{}” is neither sqlite://path nor postgres://…. Set KEEPWELL_DATABASE_URL.",
                url.split('@').next_back().unwrap_or_default()
            )));
        };
        let db = Self {
            pools,
            clock,
            wake: broadcast::channel(WAKE_CAPACITY).0,
            id: OPENED.fetch_add(1, Ordering::Relaxed),
            rings: Arc::default(),
        };
        crate::migrate::run(&db).await?;
        Ok(db)
    }

    /// Returns the clock everything in this database is dated by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Returns whether this is PostgreSQL, where other processes may write too.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self.pools, Pools::Postgres(_))
    }

    /// Tells databases of one process apart; clones of one database are the same.
    pub(crate) fn identity(&self) -> usize {
        self.id
    }

    /// Starts a transaction that only reads.
    pub async fn read(&self, actor: &Actor) -> Result<Tx> {
        Tx::begin(self, actor.clone(), false).await
    }

    /// Starts what reads with one statement. Verbs with several need [`Db::read`]: on SQLite each would see
    /// what was committed by its own time.
    pub(crate) async fn glance(&self, actor: &Actor) -> Result<Tx> {
        Tx::glance(self, actor.clone()).await
    }

    /// Starts a transaction that writes. Nothing is kept unless it is committed.
    pub async fn write(&self, actor: &Actor) -> Result<Tx> {
        Tx::begin(self, actor.clone(), true).await
    }

    /// Returns a listener that hears of every workspace whose change log grew.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<WorkspaceId> {
        self.wake.subscribe()
    }

    /// Rings the bell for a workspace. Nobody listening is fine.
    pub fn ring(&self, workspace: WorkspaceId) {
        self.rings.fetch_add(1, Ordering::Release);
        let _ = self.wake.send(workspace);
    }

    /// Counts the rings, so that what was read can be kept until something was written.
    pub(crate) fn rings(&self) -> usize {
        self.rings.load(Ordering::Acquire)
    }

    /// Copies a large commit from the write-ahead log into the database while nobody waits for it.
    /// The transaction held the checkpoint back with [`Tx::hold_checkpoint`].
    pub(crate) fn checkpoint_soon(&self) {
        let Pools::Sqlite { writer, readers, .. } = &self.pools else { return };
        let (writer, readers) = (writer.clone(), readers.clone());
        tokio::spawn(async move {
            let restored = sqlx::query("PRAGMA wal_autocheckpoint = 1000").execute(&writer).await;
            let copied = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&readers).await;
            // The next commit makes up for what was not copied.
            match restored.and(copied) {
                // A program that ends copies everything as it closes the last connection.
                Ok(_) | Err(sqlx::Error::PoolClosed) => {}
                Err(error) => tracing::warn!(%error, "the checkpoint after a large commit did not run"),
            }
        });
    }

    /// Closes every connection, so that the file can be moved or reopened.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(path: &Path) -> Result<Pools> {
    let file = |error: std::io::Error| Error::Open(format!("Cannot open {}: {error}.", path.display()));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(file)?;
    }
    let lock = File::create(path.with_extension("lock")).map_err(file)?;
    if lock.try_lock().is_err() {
        return Err(Error::Open(format!(
            "{} is in use by another keepwell process. Stop it and try again, or do the same in the browser while it \
             serves. With PostgreSQL several processes work side by side.",
            path.display()
        )));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .statement_cache_capacity(STATEMENTS_CACHED)
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "memory")
        .pragma("journal_size_limit", "67108864");
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(BUSY_TIMEOUT)
        .connect_with(options.clone())
        .await
        .map_err(|error| Error::Open(format!("Cannot open {}: {error}.", path.display())))?;
    check_sqlite_version(&writer).await?;
    let readers =
        SqlitePoolOptions::new().max_connections(SQLITE_READERS).connect_lazy_with(options.pragma("query_only", "1"));
    Ok(Pools::Sqlite { writer, readers, _lock: Arc::new(lock) })
}

async fn check_sqlite_version(pool: &SqlitePool) -> Result<()> {
    let text: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let mut parts = text.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < SQLITE_MIN {
        return Err(Error::Open(format!("SQLite {text} is too old: versions before 3.51.3 can lose data.")));
    }
    Ok(())
}

async fn open_postgres(url: &str) -> Result<Pools> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| {
            Error::Open("The PostgreSQL URL cannot be read. It looks like postgres://user@host/database.".into())
        })?
        .options([("idle_in_transaction_session_timeout", "30000"), ("lock_timeout", "30000")])
        .statement_cache_capacity(STATEMENTS_CACHED);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        // A cancelled BEGIN can leave a connection inside a transaction; the next borrower must not inherit it.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.execute(sqlx::raw_sql("ROLLBACK; RESET keepwell.workspace")).await.map(|_| true)
            })
        })
        .connect_with(options)
        .await
        .map_err(|error| Error::Open(format!("Cannot reach PostgreSQL: {error}.")))?;
    Ok(Pools::Postgres(pool))
}
