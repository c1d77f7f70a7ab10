//! Scheduled imports from end to end: a server on this machine, the folder, and what is said where no table comes.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use db::import_schedules;
use domain::fields::Subject;
use domain::id::ImportScheduleId;
use domain::identity::{Actor, Role};
use domain::import::FILE_BYTES_MAX;
use domain::import::plan::Mode;
use domain::import_schedules::{ImportScheduleDraft, Imported, Outcome, Run, Source, Trouble};
use domain::schedules::{Rhythm, Timing};
use domain::signals::trouble::Trouble as Outside;
use serde_json::json;
use server::egress::{Allow, Egress, Settings};
use server::tasks::Imports;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::app::{Person, TestApp};

const TABLE: &str = "External ID,Name\nc-1,Acme\nc-2,Birch\n";

/// A server that has a table, a page, bytes that are no text, an endless answer, and errors of both kinds.
async fn host() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 4_096];
            let length = stream.read(&mut bytes).await.unwrap_or(0);
            counted.fetch_add(1, Ordering::SeqCst);
            let line = String::from_utf8_lossy(&bytes[..length]).lines().next().unwrap_or_default().to_owned();
            let body: &[u8] = match line.split([' ', '?']).nth(1).unwrap_or_default() {
                "/accounts.csv" => TABLE.as_bytes(),
                "/page" => b"<!doctype html><title>Sign in</title>",
                "/bytes" => b"Name\nM\xfcller \x81\n",
                _ => b"",
            };
            let status = match line.as_str() {
                line if line.starts_with("GET /gone") => "404 Not Found",
                line if line.starts_with("GET /busy") => "503 No",
                _ => "200 OK",
            };
            // Said to be larger than allowed; nobody sends that much.
            let length = if line.starts_with("GET /large") { FILE_BYTES_MAX + 1 } else { body.len() };
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).await;
            if line.starts_with("GET /large") {
                let part = vec![b'a'; 1 << 20];
                while stream.write_all(&part).await.is_ok() {}
            }
            let _ = stream.write_all(body).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, asked)
}

fn imports(app: &TestApp, allow: &str) -> Imports {
    let settings = Settings { allow: Allow::parse(allow).unwrap(), pause: Duration::ZERO, ..Settings::default() };
    Imports { egress: Some(Egress::new(settings).unwrap()), folder: app.state.config.imports.clone() }
}

async fn schedule(app: &TestApp, maya: &Person, source: Source) -> ImportScheduleId {
    let mut tx = app.db.write(&maya.actor).await.unwrap();
    let draft = ImportScheduleDraft {
        name: "Nightly".into(),
        source,
        kind: Subject::Account.into(),
        mode: Mode::Upsert,
        preset_id: None,
        timing: Timing { rhythm: Rhythm::Day, minute: 600, zone: "UTC".into() },
    };
    let id = import_schedules::save(&mut tx, None, draft).await.unwrap().id;
    tx.commit().await.unwrap();
    id
}

/// Does what is due, as the worker does, and returns how many tries that were.
async fn work(app: &TestApp, imports: &Imports) -> usize {
    let system = Actor::system(app.workspace);
    let mut done = 0;
    loop {
        let mut tx = app.db.write(&system).await.unwrap();
        let Some(task) = db::tasks::lease(&mut tx, &[]).await.unwrap() else { return done };
        tx.commit().await.unwrap();
        let result = imports.perform(&app.db, app.workspace, &task).await;
        let mut tx = app.db.write(&system).await.unwrap();
        match result {
            Ok(()) => db::tasks::finish(&mut tx, task.id).await.unwrap(),
            Err(error) => db::tasks::fail(&mut tx, &task, &error.to_string()).await.unwrap(),
        }
        tx.commit().await.unwrap();
        done += 1;
    }
}

/// Runs it now and returns what came of it.
async fn run(app: &TestApp, maya: &Person, imports: &Imports, id: ImportScheduleId) -> Run {
    app.clock.advance(1_000);
    let answer = app.call("run_import_schedule", json!({ "id": id }), Some(maya)).await;
    assert!(answer.status.is_success(), "{}", answer.text());
    work(app, imports).await;
    runs(app, maya, id).await.remove(0)
}

async fn runs(app: &TestApp, maya: &Person, id: ImportScheduleId) -> Vec<Run> {
    let answer = app.call("load_import_runs", json!({ "id": id }), Some(maya)).await;
    serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.text()))
}

#[tokio::test]
async fn a_table_of_the_web_is_imported_once() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Manager).await;
    let (address, asked) = host().await;
    let imports = imports(&app, &address);
    let id = schedule(&app, &maya, Source::Web(format!("http://{address}/accounts.csv?key=secret"))).await;
    let first = run(&app, &maya, &imports, id).await;
    assert!(matches!(first.outcome, Some(Outcome::Imported(Imported { created: 2, .. }))), "{first:?}");
    assert_eq!(first.file.as_deref(), Some("accounts.csv"), "the key is not in its name");
    assert_eq!(run(&app, &maya, &imports, id).await.outcome, Some(Outcome::Unchanged));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn what_is_no_table_is_said_and_not_asked_for_again() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Manager).await;
    let (address, _) = host().await;
    let imports = imports(&app, &address);
    let refused = |words: &'static str| {
        move |trouble: &Trouble| match trouble {
            Trouble::Refused(said) => said.contains(words),
            _ => false,
        }
    };
    let says = async |path: &str| {
        let id = schedule(&app, &maya, Source::Web(format!("http://{address}{path}"))).await;
        let run = run(&app, &maya, &imports, id).await;
        assert!(run.ended_at.is_some() && run.attempts == 1, "{path}: {run:?}");
        match run.outcome {
            Some(Outcome::Failed(trouble)) => trouble,
            other => panic!("{path}: {other:?}"),
        }
    };
    assert_eq!(says("/page").await, Trouble::Page);
    assert_eq!(says("/gone").await, Trouble::Fetch(Outside::Status(404)));
    let bytes = says("/bytes").await;
    assert!(refused("character encoding is not known")(&bytes), "{bytes:?}");
    let empty = says("/empty").await;
    assert!(refused("The file is empty")(&empty), "{empty:?}");
    let large = says("/large").await;
    assert!(refused("larger than 50 MiB")(&large), "{large:?}");
}

#[tokio::test]
async fn what_may_pass_is_tried_four_times_and_then_told() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Manager).await;
    let (address, asked) = host().await;
    for (allow, path, trouble, reached) in [
        (address.as_str(), "/busy", Outside::Status(503), 4),
        // Nobody allowed the own network: the host is not even asked.
        ("", "/accounts.csv", Outside::Unreachable, 0),
    ] {
        let imports = imports(&app, allow);
        asked.store(0, Ordering::SeqCst);
        let id = schedule(&app, &maya, Source::Web(format!("http://{address}{path}"))).await;
        let first = run(&app, &maya, &imports, id).await;
        assert_eq!((first.attempts, first.ended_at), (1, None), "{path}: it is tried again");
        for _ in 0..6 {
            app.clock.advance(20_000);
            work(&app, &imports).await;
        }
        let run = runs(&app, &maya, id).await.remove(0);
        assert_eq!((run.attempts, run.ended_at.is_some()), (4, true), "{path}: {run:?}");
        assert_eq!(run.outcome, Some(Outcome::Failed(Trouble::Fetch(trouble))), "{path}");
        assert_eq!(asked.load(Ordering::SeqCst), reached, "{path}");
    }
}

/// Writes a file into the folder, some seconds older than now.
fn put(folder: &std::path::Path, name: &str, text: &str, age: u64) {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    let written = std::fs::metadata(&path).unwrap().modified().unwrap();
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(written - Duration::from_secs(age)).unwrap();
}

#[tokio::test]
async fn the_newest_file_of_the_folder_is_read_and_nothing_outside_of_it() {
    let app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Manager).await;
    let imports = imports(&app, "");
    let id = schedule(&app, &maya, Source::File("accounts-*.csv".into())).await;
    let missing = run(&app, &maya, &imports, id).await;
    assert_eq!(missing.outcome, Some(Outcome::Failed(Trouble::NoFile)), "there is no folder yet");
    let folder: PathBuf = imports.folder.clone();
    std::fs::create_dir_all(folder.join("accounts-folder.csv")).unwrap();
    put(&folder, "accounts-1.csv", TABLE, 60);
    put(&folder, "accounts-2.csv", "External ID,Name\nc-3,Cedar\n", 30);
    put(&folder, "accounts-3.csv.part", "External ID,Name\nc-4,Half", 0);
    let secret = app.folder().join("secret.csv");
    std::fs::write(&secret, "Name\nSecret\n").unwrap();
    std::os::unix::fs::symlink(&secret, folder.join("accounts-4.csv")).unwrap();
    let read = run(&app, &maya, &imports, id).await;
    assert_eq!(read.file.as_deref(), Some("accounts-2.csv"), "{read:?}");
    assert!(matches!(read.outcome, Some(Outcome::Imported(Imported { created: 1, .. }))), "{read:?}");
    for name in ["../secret.csv", "/etc/passwd", "..", "a/b.csv", "a\\b.csv"] {
        let draft = json!({
            "name": "Trick", "source": {"file": name}, "subject": Subject::Account, "mode": "upsert", "preset_id": null,
            "timing": {"rhythm": "day", "minute": 600, "zone": "UTC"},
        });
        let answer = app.call("save_import_schedule", json!({ "id": null, "draft": draft }), Some(&maya)).await;
        assert!(answer.refusal().is_some(), "{name}: {}", answer.text());
    }
    // As soon as there is a second workspace, each has a folder of its own.
    db::identity::create_workspace(&app.db, "Elsewhere").await.unwrap();
    let alone = run(&app, &maya, &imports, id).await;
    assert_eq!(alone.outcome, Some(Outcome::Failed(Trouble::NoFile)), "{alone:?}");
    std::fs::create_dir_all(folder.join(app.workspace.to_string())).unwrap();
    put(&folder.join(app.workspace.to_string()), "accounts-5.csv", TABLE, 0);
    assert_eq!(run(&app, &maya, &imports, id).await.file.as_deref(), Some("accounts-5.csv"));
}

#[tokio::test]
async fn the_list_is_for_managers_since_an_address_may_hold_a_key() {
    let app = TestApp::start().await;
    let (maya, sam) = (app.signed_in_as("Maya", Role::Manager).await, app.signed_in_as("Sam", Role::Csm).await);
    schedule(&app, &maya, Source::Web("https://example.com/accounts.csv?key=secret".into())).await;
    let answer = app.call("list_import_schedules", json!({}), Some(&sam)).await;
    assert_eq!(answer.refusal(), Some(domain::refusal::Refusal::Forbidden));
    let page = app.get("/import", Some(&maya)).await.text();
    assert!(page.contains("Scheduled imports") && page.contains("Nightly"), "the page has it before it wakes");
    assert!(!app.get("/import", Some(&sam)).await.text().contains("Scheduled imports"));
}
