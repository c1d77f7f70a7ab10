//! Files that are made in the background: who gets them, and what a killed server leaves.

use std::path::Path;
use std::time::{Duration, Instant};

use db::export;
use domain::export::{Line, Request, Stage, What};
use domain::id::ExportId;
use domain::identity::{Actor, Role};
use http::{Method, StatusCode};
use serde_json::json;
use tokio::time::sleep;

use crate::app::{Person, TestApp, request};
use crate::command_line::Keepwell;

/// Accounts of the file that is killed half-way.
const ROWS: u32 = 20_000;
/// How long a file may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

async fn order(db: &db::Db, actor: &Actor, request: &Request) -> ExportId {
    let mut tx = db.write(actor).await.unwrap();
    let id = export::order(&mut tx, request).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn line(db: &db::Db, actor: &Actor, id: ExportId) -> Line {
    export::get(&mut db.read(actor).await.unwrap(), id).await.unwrap()
}

async fn over(app: &TestApp, id: ExportId) -> Line {
    let begin = Instant::now();
    loop {
        let line = line(&app.db, &app.system(), id).await;
        if line.export.stage() != Stage::Going {
            return line;
        }
        assert!(begin.elapsed() < PATIENCE, "{line:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Returns the names of the files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[tokio::test]
async fn every_subject_leaves_over_http_and_nothing_else_does() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    app.account("=1+1", |_| {}).await;
    for (what, head) in [
        ("accounts", "\"Name\",\"External ID\""),
        ("contacts", "\"Account\",\"Name\",\"E-mail\""),
        ("alerts", "\"Account\",\"Rule\",\"Reason\""),
        ("tasks", "\"Title\",\"Account\",\"Dealt with by\""),
        ("usage", "\"Account\",\"Metric\",\"Day\",\"Value\""),
    ] {
        let answer = app.get(&format!("/api/v1/export/{what}"), Some(&sam)).await;
        assert_eq!(answer.status, StatusCode::OK, "{what}: {}", answer.text());
        assert!(answer.text().starts_with(head), "{what}: {}", answer.text());
        assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"{what}-2026-11-21.csv\""));
    }
    assert_eq!(app.get("/api/v1/export/planets", Some(&sam)).await.status, StatusCode::NOT_FOUND);
    for (query, words) in [
        ("alerts?state=done", "“done” is not a state of alerts."),
        ("tasks?from=yesterday", "such as 2026-11-21"),
        ("contacts?from=2026-11-21", "There is no date to narrow contacts by."),
        ("usage?from=2026-11-21&to=2026-11-20", "The last day comes before the first."),
        ("alerts?priority=urgent", "Choose one of: critical"),
    ] {
        let answer = app.get(&format!("/api/v1/export/{query}"), Some(&sam)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(answer.text().contains(words), "{query}: {}", answer.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_made_in_the_background_and_is_its_owners() {
    let app = TestApp::start().await;
    let (sam, tom) = (app.signed_in_as("Sam", Role::Csm).await, app.signed_in_as("Tom", Role::Csm).await);
    let (ada, vera) = (app.signed_in_as("Ada", Role::Admin).await, app.signed_in_as("Vera", Role::Viewer).await);
    app.account("Northwind", |_| {}).await;
    app.work();
    let asked = json!({"request": {"what": "accounts", "format": "csv", "columns": ["name"]}});
    let answer = app.call("order_export", asked.clone(), Some(&sam)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let id: ExportId = serde_json::from_value(answer.json()).unwrap();
    let line = over(&app, id).await;
    assert_eq!((line.export.stage(), line.export.rows), (Stage::Ready, 1), "{line:?}");
    let path = format!("/api/v1/exports/{id}/file");
    let got = |person: Option<&Person>| {
        let (app, path) = (&app, path.clone());
        let person = person.map(|person| request(Method::GET, &path, Some(person)));
        let person = person.unwrap_or_else(|| request(Method::GET, &path, None));
        async move { app.send(person.body(axum::body::Body::empty()).unwrap()).await }
    };
    for person in [&sam, &ada] {
        let answer = got(Some(person)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.text(), "\u{feff}\"Name\"\r\n\"Northwind\"\r\n");
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"accounts-2026-11-21.csv\"");
        assert_eq!(answer.header("content-length"), line.export.bytes.unwrap().to_string());
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    // A download that broke off goes on where it was.
    let rest =
        request(Method::GET, &path, Some(&sam)).header("range", "bytes=11-").header("if-range", format!("\"{id}\""));
    let rest = app.send(rest.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!((rest.status, rest.text()), (StatusCode::PARTIAL_CONTENT, "\"Northwind\"\r\n".to_owned()));
    assert_eq!(rest.header("content-range"), "bytes 11-23/24");
    assert_eq!((rest.header("content-length"), rest.header("accept-ranges")), ("13", "bytes"));
    let beyond = request(Method::GET, &path, Some(&sam)).header("range", "bytes=24-");
    let beyond = app.send(beyond.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!((beyond.status, beyond.header("content-range")), (StatusCode::RANGE_NOT_SATISFIABLE, "bytes */24"));
    assert_eq!(got(Some(&tom)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(got(Some(&vera)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(got(None).await.status, StatusCode::UNAUTHORIZED);
    let elsewhere = request(Method::GET, &path, Some(&sam)).header("sec-fetch-site", "cross-site");
    assert_eq!(app.send(elsewhere.body(axum::body::Body::empty()).unwrap()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(app.call("order_export", asked, Some(&vera)).await.status, StatusCode::FORBIDDEN);
    let removed = app.call("remove_export", json!({"id": id}), Some(&sam)).await;
    assert_eq!(removed.status, StatusCode::OK, "{}", removed.text());
    assert_eq!(got(Some(&sam)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_before_its_turn_leaves_no_file() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let id = order(&app.db, &sam.actor, &Request::default()).await;
    let cancelled = app.call("cancel_export", json!({"id": id}), Some(&sam)).await;
    assert_eq!(cancelled.status, StatusCode::OK, "{}", cancelled.text());
    let after = order(&app.db, &sam.actor, &Request { what: What::Tasks, ..Request::default() }).await;
    app.work();
    assert_eq!(over(&app, after).await.export.stage(), Stage::Ready);
    assert_eq!(over(&app, id).await.export.stage(), Stage::Cancelled);
    let kept = files(&app.state.config.exports);
    assert_eq!(kept, [format!("{after}.export")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_leaves_no_half_file_and_makes_it_whole_after_the_next_start() {
    let keepwell = Keepwell::new();
    let mut text = "name,external_id,arr\n".to_owned();
    for number in 0..ROWS {
        text.push_str(&format!("Customer {number},c{number},{number}\n"));
    }
    assert!(keepwell.run(&["import", "accounts", &keepwell.file("a.csv", &text)], "").ok);
    let user = ["user", "create", "--email", "ada@example.com", "--role", "admin", "--password-stdin"];
    assert!(keepwell.run(&user, "a-quiet-well-under-tall-trees-42").ok);
    let (db, system) = keepwell.open().await;
    let people = db::identity::users(&mut db.read(&system).await.unwrap()).await.unwrap();
    let actor = Actor { workspace: system.workspace, user: people.first().map(|ada| ada.id), role: Role::Admin };
    let id = order(&db, &actor, &Request::default()).await;
    db.close().await;
    drop(db);
    let folder = keepwell.folder.0.join("keepwell.exports");
    let wait_for = async |end: &str| {
        let begin = Instant::now();
        while !files(&folder).iter().any(|name| name.ends_with(end)) {
            assert!(begin.elapsed() < PATIENCE, "no {end} in {:?}", files(&folder));
            sleep(Duration::from_millis(2)).await;
        }
    };
    let (mut running, _) = keepwell.serve();
    wait_for(".part").await;
    running.0.kill().unwrap();
    running.0.wait().unwrap();
    assert!(files(&folder).iter().all(|name| name.ends_with(".part")), "{:?}", files(&folder));
    let (db, actor) = keepwell.open().await;
    assert_eq!(line(&db, &actor, id).await.export.stage(), Stage::Going);
    db.close().await;
    drop(db);

    let (mut running, _) = keepwell.serve();
    wait_for(".export").await;
    // The file is there before the history says so.
    sleep(Duration::from_millis(500)).await;
    running.0.kill().unwrap();
    running.0.wait().unwrap();
    let (db, actor) = keepwell.open().await;
    let line = line(&db, &actor, id).await;
    assert_eq!((line.export.stage(), line.export.rows), (Stage::Ready, ROWS), "{line:?}");
    db.close().await;
    assert_eq!(files(&folder), [format!("{id}.export")]);
    let whole = std::fs::read_to_string(folder.join(format!("{id}.export"))).unwrap();
    assert_eq!(whole.lines().count(), ROWS as usize + 1);
    assert_eq!(whole.len() as u64, line.export.bytes.unwrap());
}

#[test]
fn the_command_line_writes_every_subject() {
    let keepwell = Keepwell::new();
    let customers = keepwell.file("customers.csv", "name,external_id\nZenith,z\n");
    assert!(keepwell.run(&["import", "accounts", &customers], "").ok);
    let people = keepwell.file("people.csv", "account,name,email\nz,Zoe,zoe@zenith.example\nz,Bo,bo@zenith.example\n");
    assert!(keepwell.run(&["import", "contacts", &people], "").ok);
    let out = keepwell.folder.0.join("out.json").to_string_lossy().into_owned();
    for (what, rows) in [("contacts", 2), ("alerts", 0), ("tasks", 0), ("usage", 0)] {
        let said = keepwell.run(&["export", what, "--format", "json", "--out", &out, "--json"], "");
        assert!(said.ok, "{what}: {} {}", said.out, said.err);
        assert_eq!(said.json()["rows"], rows, "{what}");
        assert_eq!(said.json()["bytes"], std::fs::metadata(&out).unwrap().len(), "{what}");
    }
    let refused = |more: &[&str]| keepwell.run(&[&["export"][..], more, &["--out", &out]].concat(), "");
    refused(&["tasks", "--state", "closed"]).refused_with("“closed” is not a state of tasks.");
    refused(&["contacts", "--format", "docx"]).refused_with("“docx” is not a format.");
    refused(&["usage", "--from", "soon"]).refused_with("such as 2026-11-21");
}
