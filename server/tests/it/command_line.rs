//! The command line, with the real binary: what scripts rely on.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use db::{Clock, Db};
use domain::accounts::AccountQuery;
use domain::identity::Actor;
use serde_json::Value;

use crate::app::{Folder, PASSWORD};

/// The binary in a folder of its own.
pub struct Keepwell {
    pub folder: Folder,
}

/// What a command said.
pub struct Said {
    /// Whether its exit code was 0.
    pub ok: bool,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// A process that is killed with the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Keepwell {
    /// Returns the binary with an empty folder.
    pub fn new() -> Self {
        let folder = Folder::new();
        folder.site();
        Self { folder }
    }

    /// Returns where its database is.
    pub fn url(&self) -> String {
        format!("sqlite://{}", self.folder.0.join("keepwell.db").display())
    }

    /// Returns the command with these arguments.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keepwell"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KEEPWELL_")) {
            command.env_remove(name);
        }
        command.env("KEEPWELL_DATABASE_URL", self.url()).env("KEEPWELL_SITE", self.folder.0.join("site"));
        command.args(arguments).current_dir(&self.folder.0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str], input: &str) -> Said {
        let mut child = self.command(arguments).spawn().unwrap();
        // A command that ends before it has read everything is no mistake of the test.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { ok: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Serves on a free port.
    pub fn serve(&self) -> (Running, SocketAddr) {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = self.command(&["serve", "--listen", &address.to_string()]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap();
        (Running(child), address)
    }

    /// Writes a file and returns its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path: PathBuf = self.folder.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    }

    /// Opens its database from the test; the binary must not be running.
    pub async fn open(&self) -> (Db, Actor) {
        let db = Db::open(&self.url(), Clock::System).await.unwrap();
        let workspace = db::identity::first_workspace(&db).await.unwrap().unwrap();
        (db, Actor::system(workspace))
    }
}

impl Said {
    /// Returns the one JSON object of standard output.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }

    pub fn keys(&self) -> BTreeSet<String> {
        self.json().as_object().unwrap().keys().cloned().collect()
    }

    #[track_caller]
    pub fn refused_with(&self, words: &str) {
        assert!(!self.ok, "{}", self.out);
        assert!(self.err.contains(words) && self.err.trim_end().lines().count() == 1, "{}", self.err);
    }
}

/// Returns how many accounts there are, and how long the change log is.
pub async fn count(db: &Db, actor: &Actor) -> (u32, i64) {
    let mut tx = db.read(actor).await.unwrap();
    let total = db::accounts::page(&mut tx, &AccountQuery { limit: 1, ..AccountQuery::default() }).await.unwrap().total;
    (total, db::log::last_seq(&mut tx).await.unwrap())
}

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn people_are_made_with_a_role_and_a_good_password() {
    let keepwell = Keepwell::new();
    let create = |email: &str, role: &str, password: &str| {
        keepwell.run(&["user", "create", "--email", email, "--role", role, "--password-stdin"], password)
    };
    create("maya@northwind.example", "boss", PASSWORD).refused_with("Choose viewer, csm, manager or admin.");
    create("maya@northwind.example", "csm", "short\n").refused_with("at least 15 characters");
    create("maya@northwind.example", "csm", "").refused_with("at least 15 characters");
    create("maya", "csm", PASSWORD).refused_with("Enter an e-mail address");
    let done = create("Maya.Berg@northwind.example", "csm", &format!("{PASSWORD}\n"));
    assert!(done.ok, "{}", done.err);
    create("maya.berg@northwind.example", "admin", PASSWORD).refused_with("exists already");
    let list = keepwell.run(&["user", "list"], "");
    assert_eq!(list.out, "maya.berg@northwind.example\tcsm\tMaya Berg\tactive\n");
    assert!(!list.out.contains("argon2"));
    let missing = keepwell.run(&["user", "create", "--email", "a@b.example", "--role", "csm"], "");
    assert!(!missing.ok && missing.err.contains("--password-stdin"), "{}", missing.err);
}

#[tokio::test]
async fn an_import_reports_in_one_object_and_is_taken_back() {
    let keepwell = Keepwell::new();
    let file = keepwell.file(
        "kunden.csv",
        "Name;Customer ID;ARR;Plan\nAcme;a1;1200;Gold\nBeta;b2;800;Basic\n;;500;Gold\nAcme;a1;1200;Gold\n",
    );
    let rehearsal = keepwell.run(&["import", "accounts", &file, "--json", "--dry-run"], "");
    assert!(rehearsal.ok, "{}", rehearsal.out);
    let (db, actor) = keepwell.open().await;
    let (accounts, start) = count(&db, &actor).await;
    assert_eq!(accounts, 0, "a rehearsal writes nothing");
    db.close().await;
    drop(db);

    let said = keepwell.run(&["import", "accounts", &file, "--json"], "");
    assert!(said.ok, "{} {}", said.out, said.err);
    assert_eq!(said.keys(), set(&["batch", "rows", "created", "updated", "unchanged", "invalid", "seconds", "scored"]));
    let report = said.json();
    let expected = |key: &str| rehearsal.json()[key].clone();
    for key in ["rows", "created", "updated", "unchanged", "invalid"] {
        assert_eq!(report[key], expected(key), "the rehearsal said the same: {key}");
    }
    assert_eq!((&report["rows"], &report["created"], &report["invalid"]), (&4.into(), &2.into(), &1.into()));
    let again = keepwell.run(&["import", "accounts", &file, "--json"], "").json();
    assert_eq!((&again["created"], &again["updated"], &again["unchanged"]), (&0.into(), &0.into(), &3.into()));

    let batch = report["batch"].as_str().unwrap();
    let undone = keepwell.run(&["undo", batch, "--json"], "");
    assert!(undone.ok, "{}", undone.out);
    assert_eq!(undone.keys(), set(&["batch", "undone", "conflicts", "scored"]));
    let twice = keepwell.run(&["undo", batch, "--json"], "");
    assert!(!twice.ok && twice.json()["error"].as_str().unwrap().contains("undone already"), "{}", twice.out);
    let (db, actor) = keepwell.open().await;
    let (accounts, end) = count(&db, &actor).await;
    assert!(accounts == 0 && end > start);
    let mut tx = db.read(&actor).await.unwrap();
    assert_eq!(db::log::verify(&mut tx).await.unwrap(), Ok(end));
}

#[test]
fn a_file_of_accounts_and_their_contacts_reports_both() {
    let keepwell = Keepwell::new();
    let file = keepwell.file(
        "both.csv",
        "Company,ARR,Contact name,Contact e-mail\nAcme,100,Maya,maya@acme.example\nAcme,,Ben,ben@acme.example\n\
         Beta,5,,\nGamma,5,Otto,otto at gamma\n",
    );
    let arguments = ["import", "accounts-with-contacts", &file, "--json"];
    let rehearsal = keepwell.run(&[&arguments[..], &["--dry-run"]].concat(), "");
    assert!(rehearsal.ok, "{} {}", rehearsal.out, rehearsal.err);
    let said = keepwell.run(&arguments, "");
    assert!(said.ok, "{} {}", said.out, said.err);
    let keys =
        ["batch", "rows", "created", "updated", "unchanged", "invalid", "seconds", "scored", "accounts", "contacts"];
    assert_eq!(said.keys(), set(&keys));
    let (report, expected) = (said.json(), rehearsal.json());
    for key in ["rows", "created", "updated", "unchanged", "invalid", "accounts", "contacts"] {
        assert_eq!(report[key], expected[key], "the rehearsal said the same: {key}");
    }
    assert_eq!((&report["rows"], &report["created"], &report["invalid"]), (&4.into(), &4.into(), &1.into()));
    assert_eq!(report["accounts"], serde_json::json!({"created": 2, "updated": 0, "unchanged": 0}));
    assert_eq!(report["contacts"], serde_json::json!({"created": 2, "updated": 0, "unchanged": 0}));
    let again = keepwell.run(&arguments, "").json();
    assert_eq!((&again["created"], &again["contacts"]["unchanged"]), (&0.into(), &2.into()));
    let undone = keepwell.run(&["undo", report["batch"].as_str().unwrap(), "--json"], "");
    assert_eq!(undone.json()["undone"], 4, "{}", undone.out);
    let words = keepwell.run(&["import", "accounts-with-contacts", &file], "");
    assert!(words.out.contains("Accounts: 2 created") && words.out.contains("Contacts: 2 created"), "{}", words.out);
}

#[test]
fn what_cannot_be_imported_is_said_in_a_sentence() {
    let keepwell = Keepwell::new();
    let file = keepwell.file("a.csv", "name\nAcme\n");
    let empty = keepwell.file("empty.csv", "");
    keepwell.run(&["import", "accounts", "nowhere.csv"], "").refused_with("reading nowhere.csv");
    keepwell.run(&["import", "planets", &file], "").refused_with("“planets” cannot be imported. Choose accounts");
    keepwell.run(&["import", "accounts", &file, "--mode", "merge"], "").refused_with("“merge” is not a mode.");
    keepwell.run(&["import", "accounts", &empty], "").refused_with("The file is empty.");
    keepwell.run(&["undo", "nonsense"], "").refused_with("“nonsense” is not a batch id");
    keepwell.run(&["undo", "0190a000-0000-7000-8000-000000000000"], "").refused_with("does not exist");
    let json = keepwell.run(&["import", "accounts", "nowhere.csv", "--json"], "");
    assert!(!json.ok && json.json()["error"].as_str().unwrap().contains("nowhere.csv"), "{}", json.out);
    let elsewhere = keepwell.command(&["migrate"]).env("KEEPWELL_DATABASE_URL", "mysql://a").output().unwrap();
    assert!(String::from_utf8_lossy(&elsewhere.stderr).contains("neither sqlite://path nor postgres://"));
}

#[test]
fn the_doctor_says_what_is_and_whether_it_works() {
    let keepwell = Keepwell::new();
    let said = keepwell.run(&["doctor"], "");
    assert!(said.ok, "{} {}", said.out, said.err);
    for words in ["SQLite", "(found)", "the chain is whole", "no TLS"] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    std::fs::remove_dir_all(keepwell.folder.0.join("site")).unwrap();
    let said = keepwell.run(&["doctor"], "");
    assert!(!said.ok && said.out.contains("run `make build`"), "{}", said.out);
    keepwell.run(&["serve"], "").refused_with("holds no pages");
}

#[test]
fn two_processes_do_not_share_a_file() {
    let keepwell = Keepwell::new();
    let (mut running, _) = keepwell.serve();
    let begin = Instant::now();
    while !keepwell.folder.0.join("keepwell.db-wal").exists() {
        assert!(
            begin.elapsed() < Duration::from_secs(20) && running.0.try_wait().unwrap().is_none(),
            "serve did not start"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let file = keepwell.file("a.csv", "name\nAcme\n");
    keepwell
        .run(&["import", "accounts", &file], "")
        .refused_with("Stop it and try again, or do the same in the browser");
    keepwell.run(&["migrate"], "").refused_with("is in use by another keepwell process");
}
