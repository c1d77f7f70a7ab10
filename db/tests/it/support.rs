//! A fresh database per test and engine, with one person of each role.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::path::PathBuf;
use std::str::FromStr;

use db::identity::NewUser;
use db::{Clock, Db, Tx};
use domain::accounts::Account;
use domain::id::{AccountId, UserId, WorkspaceId};
use domain::identity::{Actor, Role};
use domain::time::{DAY_MS, Timestamp};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row, SqliteConnection};
use tokio::sync::{Mutex, MutexGuard, OnceCell};
use uuid::Uuid;

/// 2026-11-21, nine o'clock.
pub const NOW: Timestamp = Timestamp(20_778 * DAY_MS + 9 * 3_600_000);
/// The password of everybody in the test workspace.
pub const PASSWORD: &str = "nine green lanterns";

/// The server that PostgreSQL tests run on unless `KEEPWELL_TEST_POSTGRES` names another one.
const SERVER: &str = "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable";
/// Everything happens as this role, because row-level security does not bind a superuser.
const SERVER_ROLE: &str = "keepwell_test";
/// Databases of earlier runs are dropped after this long.
const LEFTOVER_MS: i64 = 3_600_000;

/// One database with a workspace and a person of each role.
pub struct TestDb {
    /// The database itself.
    pub db: Db,
    /// Stands still until a test moves it.
    pub clock: Clock,
    /// The workspace that everybody below belongs to.
    pub workspace: WorkspaceId,
    /// Ada, who manages users.
    pub admin: Actor,
    /// Maya, who manages the team.
    pub manager: Actor,
    /// Sam, who works with accounts.
    pub csm: Actor,
    /// Vera, who looks on.
    pub viewer: Actor,
    place: Place,
    /// A connection behind the product's back: PostgreSQL takes long to make one.
    back: Mutex<Option<PgConnection>>,
}

/// Where a database lives; it is removed when the test is over.
enum Place {
    Folder(PathBuf),
    Server { server: String, name: String, role: bool },
}

/// A workspace with its people, which every fresh database is a copy of.
struct Template {
    workspace: WorkspaceId,
    people: [Actor; 4],
    place: Place,
}

/// Returns a fresh SQLite database and, where a server can be reached, a fresh PostgreSQL one.
pub async fn databases() -> Vec<TestDb> {
    static TEMPLATES: OnceCell<Vec<Template>> = OnceCell::const_new();
    let mut databases = Vec::new();
    for template in TEMPLATES.get_or_init(templates).await {
        let (clock, place) = (Clock::fixed(NOW), template.place.copy().await);
        let db = Db::open(&place.url(), clock.clone()).await.unwrap();
        let [admin, manager, csm, viewer] = template.people.clone();
        databases.push(TestDb {
            db,
            clock,
            workspace: template.workspace,
            admin,
            manager,
            csm,
            viewer,
            place,
            back: Mutex::const_new(None),
        });
    }
    databases
}

impl TestDb {
    /// Returns `sqlite` or `postgres`, for messages.
    pub fn engine(&self) -> &'static str {
        if self.db.is_postgres() { "postgres" } else { "sqlite" }
    }

    /// Returns the URL, to open the same database a second time.
    pub fn url(&self) -> String {
        self.place.url()
    }

    /// Returns the four people, least role first.
    pub fn people(&self) -> [&Actor; 4] {
        [&self.viewer, &self.csm, &self.manager, &self.admin]
    }

    /// Starts reading as somebody.
    pub async fn read(&self, actor: &Actor) -> Tx {
        self.db.read(actor).await.unwrap()
    }

    /// Starts writing as somebody.
    pub async fn write(&self, actor: &Actor) -> Tx {
        self.db.write(actor).await.unwrap()
    }

    /// Creates an account as Sam.
    pub async fn account(&self, name: &str) -> Account {
        self.account_with(name, |_| {}).await
    }

    /// Creates an account as Sam, with more than a name.
    pub async fn account_with(&self, name: &str, fill: impl FnOnce(&mut Account)) -> Account {
        let mut account = Account::new(AccountId(Uuid::now_v7()), name.to_owned(), self.clock.now());
        fill(&mut account);
        self.create(&account).await;
        account
    }

    /// Creates any documented subject as Sam.
    pub async fn create<T: db::subjects::Doc>(&self, subject: &T) {
        let mut tx = self.write(&self.csm).await;
        db::subjects::create(&mut tx, subject).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Makes a second workspace and returns its administrator.
    pub async fn other_workspace(&self) -> Actor {
        let workspace = db::identity::create_workspace(&self.db, "Elsewhere").await.unwrap();
        Actor { workspace, user: Some(UserId(Uuid::now_v7())), role: Role::Admin }
    }

    async fn behind(&self) -> Raw<'_> {
        let Place::Server { server, name, .. } = &self.place else { return Raw::Sqlite(self.place.file().await) };
        let mut back = self.back.lock().await;
        if back.is_none() {
            *back = Some(PgConnection::connect(&database_url(server, name)).await.unwrap());
        }
        Raw::Postgres(back)
    }

    /// Runs SQL behind the product's back, past row-level security too.
    pub async fn execute(&self, sql: &str) {
        match self.behind().await {
            Raw::Sqlite(mut c) => drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut c).await.unwrap()),
            Raw::Postgres(mut c) => drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(open(&mut c)).await.unwrap()),
        }
    }

    /// Returns the only column of a query, which must be text, behind the product's back.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        match self.behind().await {
            Raw::Sqlite(mut c) => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut c).await.unwrap(),
            Raw::Postgres(mut c) => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(open(&mut c)).await.unwrap(),
        }
    }

    /// Returns how the engine would run a statement, one step per line.
    pub async fn plan(&self, sql: &str) -> Vec<String> {
        match self.behind().await {
            Raw::Sqlite(mut c) => {
                let sql = format!("EXPLAIN QUERY PLAN {sql}");
                let steps: Vec<(i64, i64, i64, String)> =
                    sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut c).await.unwrap();
                steps.into_iter().map(|step| step.3).collect()
            }
            Raw::Postgres(mut c) => {
                let sql = format!("EXPLAIN {sql}");
                sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(open(&mut c)).await.unwrap()
            }
        }
    }

    /// Returns how often an SQLite statement's program reads a column of the table itself and not of an index.
    pub async fn table_reads(&self, sql: &str) -> usize {
        let Raw::Sqlite(mut c) = self.behind().await else { panic!("not SQLite") };
        let program = sqlx::query(AssertSqlSafe(format!("EXPLAIN {sql}"))).fetch_all(&mut c).await.unwrap();
        let steps: Vec<(String, i64)> = program.iter().map(|row| (row.get("opcode"), row.get("p1"))).collect();
        // The first cursor that is opened is the table's.
        let table = steps.iter().find(|step| step.0 == "OpenRead").unwrap().1;
        steps.iter().filter(|step| step.0 == "Column" && step.1 == table).count()
    }

    /// Returns every row of every table, byte for byte, by table; two snapshots tell whether anything changed.
    pub async fn snapshot(&self) -> BTreeMap<String, Vec<String>> {
        let tables = if self.db.is_postgres() {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_sqlx%'"
        } else {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'"
        };
        let mut snapshot = BTreeMap::new();
        for table in self.texts(tables).await {
            let sql = if self.db.is_postgres() {
                format!("SELECT t::text FROM {table} AS t ORDER BY 1")
            } else {
                let columns =
                    self.texts(&format!("SELECT 'quote(' || name || ')' FROM pragma_table_xinfo('{table}')")).await;
                format!("SELECT {} FROM {table} ORDER BY 1", columns.join(" || ' ' || "))
            };
            snapshot.insert(table, self.texts(&sql).await);
        }
        snapshot
    }
}

impl fmt::Debug for TestDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.engine())
    }
}

/// Returns the address of one of the four.
pub fn email(name: &str) -> String {
    format!("{}@northwind.example", name.to_lowercase())
}

/// Hashing passwords is slow on purpose, so the people are made once per engine and then copied.
async fn templates() -> Vec<Template> {
    let folder = temporary_folder();
    for entry in std::fs::read_dir(folder.parent().unwrap()).unwrap().flatten() {
        if entry.file_name().to_str().is_some_and(is_leftover) {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
    std::fs::create_dir_all(&folder).unwrap();
    let mut templates = vec![template(Place::Folder(folder)).await];
    if let Some(server) = reachable_server().await {
        templates.push(template(create_database(server, None).await).await);
    }
    templates
}

async fn template(place: Place) -> Template {
    let db = Db::open(&place.url(), Clock::fixed(NOW)).await.unwrap();
    let workspace = db::identity::create_workspace(&db, "Northwind").await.unwrap();
    let mut people = Vec::new();
    for (name, role) in [("Ada", Role::Admin), ("Maya", Role::Manager), ("Sam", Role::Csm), ("Vera", Role::Viewer)] {
        let user = NewUser { email: email(name), name: name.to_owned(), role, password: PASSWORD.to_owned() };
        let id = db::identity::create_user(&db, &Actor::system(workspace), user).await.unwrap();
        people.push(Actor { workspace, user: Some(id), role });
    }
    db.close().await;
    Template { workspace, people: people.try_into().unwrap(), place }
}

enum Raw<'a> {
    Sqlite(SqliteConnection),
    Postgres(MutexGuard<'a, Option<PgConnection>>),
}

fn open<'a>(back: &'a mut MutexGuard<'_, Option<PgConnection>>) -> &'a mut PgConnection {
    back.as_mut().expect("behind() has opened it")
}

impl Place {
    fn url(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite://{}", folder.join("keepwell.db").display()),
            Self::Server { server, name, role } => {
                // What a test writes need not survive a power cut.
                let role = if *role { format!("%20-c%20role%3D{SERVER_ROLE}") } else { String::new() };
                format!("{}&options=-c%20synchronous_commit%3Doff{role}", database_url(server, name))
            }
        }
    }

    async fn file(&self) -> SqliteConnection {
        let Self::Folder(folder) = self else { panic!("not SQLite") };
        let options = SqliteConnectOptions::new()
            .filename(folder.join("keepwell.db"))
            .busy_timeout(std::time::Duration::from_secs(10));
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    async fn copy(&self) -> Self {
        match self {
            Self::Folder(original) => {
                let folder = temporary_folder();
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::copy(original.join("keepwell.db"), folder.join("keepwell.db")).unwrap();
                Self::Folder(folder)
            }
            Self::Server { server, name, .. } => create_database(server.clone(), Some(name)).await,
        }
    }
}

static DROPPING: std::sync::Mutex<Option<std::thread::JoinHandle<()>>> = std::sync::Mutex::new(None);

impl Drop for Place {
    fn drop(&mut self) {
        match self {
            Self::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Self::Server { server, name, .. } => {
                let (server, name) = (server.clone(), name.clone());
                // Dropping is not async, so it is done on a thread with a little runtime of its own.
                let dropping = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(drop_database(&server, &name));
                });
                // It goes on while the next test runs, which then waits for it.
                let previous = DROPPING.lock().unwrap().replace(dropping);
                drop(previous.map(std::thread::JoinHandle::join));
            }
        }
    }
}

/// Returns the path of a new folder, in memory where the system has such a place: tests write often and little.
fn temporary_folder() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let parent = if memory.is_dir() { memory } else { std::env::temp_dir() };
    parent.join(fresh_name())
}

/// Returns a name that tells when it was made, so that what a crashed run left can be swept.
fn fresh_name() -> String {
    format!("keepwell_test_{}", Uuid::now_v7().simple())
}

fn database_url(server: &str, name: &str) -> String {
    let mut url = PgConnectOptions::from_str(server).unwrap().to_url_lossy();
    let mode =
        url.query_pairs().find(|(key, _)| key == "sslmode").map_or("prefer".into(), |(_, mode)| mode.into_owned());
    url.set_path(&format!("/{name}"));
    url.set_query(Some(&format!("sslmode={mode}")));
    url.to_string()
}

/// Returns the server to test on; where CI has none, the tests fail instead of passing by half.
async fn reachable_server() -> Option<String> {
    let asked = std::env::var("KEEPWELL_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    let say = |text: &str| drop(writeln!(std::io::stderr(), "{text}"));
    if asked.as_deref() == Some("off") {
        say("PostgreSQL half skipped: KEEPWELL_TEST_POSTGRES=off.");
        return None;
    }
    let required = asked.is_some() || std::env::var("CI").is_ok_and(|ci| ci == "true");
    let server = asked.unwrap_or_else(|| SERVER.to_owned());
    match PgConnection::connect(&server).await {
        Ok(mut connection) => {
            sweep(&mut connection, &server).await;
            Some(server)
        }
        Err(error) if required => panic!("PostgreSQL cannot be reached: {error}"),
        Err(error) => {
            say(&format!("PostgreSQL half SKIPPED, only SQLite is tested: no server at {SERVER} ({error})."));
            None
        }
    }
}

async fn sweep(connection: &mut PgConnection, server: &str) {
    let names: Vec<String> =
        sqlx::query_scalar("SELECT datname::text FROM pg_database WHERE datname LIKE 'keepwell\\_test\\_%'")
            .fetch_all(connection)
            .await
            .unwrap();
    for name in names.iter().filter(|name| is_leftover(name)) {
        drop_database(server, name).await;
    }
}

/// Returns whether an earlier run made this, by the time in its name.
fn is_leftover(name: &str) -> bool {
    let id = name.strip_prefix("keepwell_test_").and_then(|id| id.get(..12));
    let made = id.and_then(|digits| i64::from_str_radix(digits, 16).ok());
    made.is_some_and(|made| Clock::System.now().0 - made > LEFTOVER_MS)
}

/// Creates a database, owned by a role that row-level security binds where the server lets us have one.
async fn create_database(server: String, original: Option<&str>) -> Place {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());
    let _turn = ONE_AT_A_TIME.lock().await;
    let mut connection = PgConnection::connect(&server).await.unwrap();
    // Another process may be making the same role at this moment.
    let _made = sqlx::query(AssertSqlSafe(format!("CREATE ROLE {SERVER_ROLE} NOLOGIN"))).execute(&mut connection).await;
    let role: bool = sqlx::query_scalar(
        "SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AND EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)")
        .bind(SERVER_ROLE)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let name = fresh_name();
    let mut sql = format!("CREATE DATABASE {name}");
    if role {
        sql.push_str(&format!(" OWNER {SERVER_ROLE}"));
    }
    if let Some(original) = original {
        sql.push_str(&format!(" TEMPLATE {original}"));
    }
    sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    Place::Server { server, name, role }
}

async fn drop_database(server: &str, name: &str) {
    let Ok(mut connection) = PgConnection::connect(server).await else { return };
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    drop(sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await);
}
