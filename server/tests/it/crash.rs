//! Killed without warning, during an import and during edits: nothing acknowledged is lost, nothing half is there.

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use db::identity::NewUser;
use db::sessions::Device;
use db::{Clock, Db};
use domain::id::{AccountId, WorkspaceId};
use domain::identity::{Actor, Role};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::app::{PASSWORD, form, path_of};
use crate::command_line::{Keepwell, Running, count};

/// How often the process is killed.
const KILLS: u64 = 10;
/// Rows of the import that is killed.
const ROWS: u32 = 20_000;
/// People who edit at the same time.
const WRITERS: usize = 4;
/// How soon a server is ready after it was killed.
const READY: Duration = Duration::from_secs(2);

/// Random moments; `KEEPWELL_TEST_SEED` repeats them.
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        let given = std::env::var("KEEPWELL_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| Clock::System.now().0.unsigned_abs());
        eprintln!("KEEPWELL_TEST_SEED={seed}");
        Self(seed | 1)
    }

    fn within(&mut self, most: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        most.mul_f64((self.0 >> 11) as f64 / (1u64 << 53) as f64)
    }
}

async fn verify(db: &Db, actor: &Actor) -> i64 {
    let mut tx = db.read(actor).await.unwrap();
    db::log::verify(&mut tx).await.unwrap().unwrap_or_else(|row| panic!("the change log is broken at {row}"))
}

/// Sends a request; nothing where the server went away before the answer was whole.
async fn send(address: SocketAddr, head: &str, body: &str) -> Option<(u16, String)> {
    #[expect(clippy::disallowed_methods, reason = "the test is the browser")]
    let mut stream = TcpStream::connect(address).await.ok()?;
    let length = body.len();
    let request = format!("{head}\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok());
    length.is_none_or(|length| length == body.len()).then(|| (status, body.to_owned()))
}

/// Starts the server and returns it once it is ready, with how long that took.
async fn start(keepwell: &Keepwell) -> (Running, SocketAddr, Duration) {
    let begin = Instant::now();
    let (mut running, address) = keepwell.serve();
    loop {
        if send(address, "GET /readyz HTTP/1.1", "").await.is_some_and(|(status, _)| status == 200) {
            return (running, address, begin.elapsed());
        }
        assert!(
            begin.elapsed() < Duration::from_secs(30) && running.0.try_wait().unwrap().is_none(),
            "the server did not start"
        );
        sleep(Duration::from_millis(10)).await;
    }
}

/// Tells whether a busy machine, and not the server, was slow: the quickest of the starts counts.
#[derive(Default)]
struct Starts(Vec<Duration>);

impl Starts {
    fn check(&self) {
        let mut sorted = self.0.clone();
        sorted.sort();
        let median = sorted[sorted.len() / 2];
        eprintln!("ready after {median:?} (median), {:?} at most", sorted[sorted.len() - 1]);
        assert!(median <= READY, "ready after {median:?}, {sorted:?}");
    }
}

fn customers() -> String {
    let mut text = "name,external_id,arr,tier,seats\n".to_owned();
    for number in 0..ROWS {
        writeln!(text, "Customer {number},c{number},{},gold,{}", number * 12, number % 90 + 1).unwrap();
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_killed_is_whole_or_was_never_there() {
    let (mut chance, mut starts) = (Chance::new(), Starts::default());
    let whole = Keepwell::new();
    let text = customers();
    let begin = Instant::now();
    let said = whole.run(&["import", "accounts", &whole.file("a.csv", &text), "--json"], "");
    let full = begin.elapsed();
    assert_eq!(said.json()["created"], ROWS, "{}", said.out);
    let keepwell = Keepwell::new();
    let file = keepwell.file("a.csv", &text);
    assert!(keepwell.run(&["migrate"], "").ok && keepwell.run(&["user", "list"], "").ok);
    let mut done = 0;
    for round in 1..=KILLS {
        // The last moments, where rows become durable, are tried as often as all others.
        let moment =
            if round % 2 == 0 { full.mul_f64(0.7) + chance.within(full.mul_f64(0.4)) } else { chance.within(full) };
        let mut running = Running(keepwell.command(&["import", "accounts", &file, "--json"]).spawn().unwrap());
        sleep(moment).await;
        let ended = running.0.try_wait().unwrap().is_some();
        drop(running);
        let (mut server, _, ready) = start(&keepwell).await;
        starts.0.push(ready);
        server.0.kill().unwrap();
        server.0.wait().unwrap();
        let (db, actor) = keepwell.open().await;
        let (accounts, end) = count(&db, &actor).await;
        assert_eq!(verify(&db, &actor).await, end);
        let mut tx = db.read(&actor).await.unwrap();
        let batches = db::batches::list(&mut tx, "import", 50).await.unwrap();
        let open: Vec<_> = batches.iter().filter(|batch| batch.undone_at.is_none()).collect();
        drop(tx);
        assert!(accounts == 0 || accounts == ROWS, "round {round}: {accounts} of {ROWS} accounts after {moment:?}");
        assert_eq!(open.len(), usize::from(accounts > 0), "round {round}: a batch for what is there, and no other");
        assert!(!ended || accounts == ROWS, "round {round}: it said that it was done");
        if let [batch] = open[..] {
            done += 1;
            db::undo::undo(&db, &actor, batch.id).await.unwrap();
            assert_eq!(count(&db, &actor).await.0, 0);
        }
        db.close().await;
    }
    eprintln!("{done} of {KILLS} imports were whole when killed; one takes {full:?}");
    starts.check();
}

/// One person who renames one account, again and again.
struct Writer {
    account: AccountId,
    token: String,
    version: i64,
    /// The last name that the server has said yes to, and all of them in this round.
    said_yes: Vec<u32>,
    next: u32,
}

async fn prepare(keepwell: &Keepwell) -> Vec<Writer> {
    let db = Db::open(&keepwell.url(), Clock::System).await.unwrap();
    let workspace: WorkspaceId = db::identity::create_workspace(&db, "Northwind").await.unwrap();
    let system = Actor::system(workspace);
    let mut writers = Vec::new();
    for number in 0..WRITERS {
        let email = format!("writer{number}@northwind.example");
        let user = NewUser { email, name: format!("Writer {number}"), role: Role::Csm, password: PASSWORD.to_owned() };
        let id = db::identity::create_user(&db, &system, user).await.unwrap();
        let actor = Actor { workspace, user: Some(id), role: Role::Csm };
        let token = db::sessions::open_session(&db, &actor, &Device::default()).await.unwrap();
        let mut tx = db.write(&actor).await.unwrap();
        let account = db::accounts::create(&mut tx, "Name 0").await.unwrap();
        tx.commit().await.unwrap();
        writers.push(Writer { account: account.id, token, version: account.version, said_yes: Vec::new(), next: 1 });
    }
    db.close().await;
    writers
}

/// Edits until the server goes away.
async fn write(mut writer: Writer, address: SocketAddr, stop: Arc<AtomicBool>) -> Writer {
    let head = format!(
        "POST {} HTTP/1.1\r\nCookie: keepwell={}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded",
        path_of("edit_account"),
        writer.token
    );
    while !stop.load(Ordering::Relaxed) {
        let value = format!("\"Name {}\"", writer.next);
        let body =
            form(&serde_json::json!({"id": writer.account, "version": writer.version, "key": "name", "value": value}));
        let Some((status, text)) = send(address, &head, &body).await else { break };
        assert_eq!(status, 200, "{text}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        writer.version = answer["row"]["account"]["version"].as_i64().unwrap();
        writer.said_yes.push(writer.next);
        writer.next += 1;
    }
    writer
}

/// Returns every name the log gives an account.
async fn names(db: &Db, actor: &Actor, account: AccountId) -> Vec<u32> {
    let (mut tx, mut seq, mut found) = (db.read(actor).await.unwrap(), 0, Vec::new());
    loop {
        let entries = db::log::after(&mut tx, seq, 1_000).await.unwrap();
        let Some(last) = entries.last() else { return found };
        seq = last.seq;
        let ours = entries.iter().filter(|entry| entry.account == Some(account));
        found.extend(
            ours.filter_map(|entry| entry.after.get("name")?.as_str()?.strip_prefix("Name ")?.parse::<u32>().ok()),
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_was_acknowledged_survives() {
    let (mut chance, mut starts) = (Chance::new(), Starts::default());
    let keepwell = Keepwell::new();
    let (mut writers, mut edits) = (prepare(&keepwell).await, 0);
    for round in 1..=KILLS {
        let (mut running, address, ready) = start(&keepwell).await;
        starts.0.push(ready);
        let stop = Arc::new(AtomicBool::new(false));
        let tasks: Vec<_> =
            writers.drain(..).map(|writer| tokio::spawn(write(writer, address, stop.clone()))).collect();
        sleep(Duration::from_millis(200) + chance.within(Duration::from_millis(1_000))).await;
        running.0.kill().unwrap();
        running.0.wait().unwrap();
        stop.store(true, Ordering::Relaxed);
        for task in tasks {
            writers.push(timeout(Duration::from_secs(10), task).await.unwrap().unwrap());
        }
        let (db, actor) = keepwell.open().await;
        assert_eq!(verify(&db, &actor).await, count(&db, &actor).await.1);
        for writer in &mut writers {
            let logged = names(&db, &actor, writer.account).await;
            let lost: Vec<_> = writer.said_yes.iter().filter(|name| !logged.contains(name)).collect();
            assert!(lost.is_empty(), "round {round}: {lost:?} were acknowledged and are gone");
            let mut tx = db.read(&actor).await.unwrap();
            let account = db::accounts::get(&mut tx, writer.account).await.unwrap();
            let now = *logged.last().unwrap();
            assert_eq!(account.name, format!("Name {now}"), "the account is what the log says");
            assert!(
                now + 1 == writer.next || now == writer.next,
                "round {round}: at most the edit on its way is there besides"
            );
            (writer.version, writer.next) = (account.version, now + 1);
        }
        edits = writers.iter().map(|writer| writer.said_yes.len()).sum();
        db.close().await;
    }
    eprintln!("{edits} edits were acknowledged and are there");
    assert!(edits > 50, "only {edits} edits");
    starts.check();
}
