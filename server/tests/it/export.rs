//! Files that leave, over HTTP and from the command line.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use domain::identity::Role;
use http::{Method, StatusCode, header};
use serde_json::Value;

use crate::app::{Answer, Person, TestApp, request};
use crate::command_line::Keepwell;

const PATH: &str = "/api/v1/export/accounts";

async fn portfolio(app: &TestApp) {
    app.account("Northwind", |account| {
        account.arr_minor = Some(125_050);
        account.renewal_at = Some(crate::app::NOW.day_start());
    })
    .await;
    app.account("=1+1", |account| account.arr_minor = Some(-300)).await;
}

async fn post(app: &TestApp, form: &str, person: &Person) -> Answer {
    let request = request(Method::POST, PATH, Some(person))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    app.send(request.body(form.to_owned().into()).unwrap()).await
}

#[tokio::test]
async fn a_file_is_saved_and_never_shown_or_kept() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    portfolio(&app).await;
    for (format, kind) in [
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ] {
        let answer = app.get(&format!("{PATH}?format={format}"), Some(&sam)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.header("content-type"), kind);
        let name = format!("attachment; filename=\"accounts-2026-11-21.{format}\"");
        assert_eq!(answer.header("content-disposition"), name);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    }
}

#[tokio::test]
async fn columns_and_filter_are_what_was_asked_for() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    portfolio(&app).await;
    let all = app.get(&format!("{PATH}?columns=name,arr_minor"), Some(&sam)).await.text();
    assert_eq!(all, "\"Name\",\"ARR\",\"Currency\"\r\n\"'=1+1\",-3,\"USD\"\r\n\"Northwind\",1250.5,\"USD\"\r\n");
    let some = app.get(&format!("{PATH}?format=json&columns=name&filter=arr%20%3E%201k"), Some(&sam)).await.text();
    assert_eq!(some, "[\n{\"Name\":\"Northwind\"}\n]\n");
    let posted = post(&app, "format=csv&excel=true&columns=name&filter=&accounts=", &sam).await.text();
    assert_eq!(posted, "\u{feff}\"Name\"\r\n\"'=1+1\"\r\n\"Northwind\"\r\n");
}

#[tokio::test]
async fn a_workbook_holds_numbers_days_and_texts_that_do_not_run() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    portfolio(&app).await;
    let answer = app.get(&format!("{PATH}?format=xlsx&columns=name,arr_minor,renewal_at"), Some(&sam)).await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.body.to_vec())).unwrap();
    let rows = book.worksheet_range("Accounts").unwrap();
    let rows: Vec<&[Data]> = rows.rows().collect();
    assert_eq!(rows[0][..3], ["Name", "ARR", "Renewal"].map(|text| Data::String(text.to_owned())));
    assert_eq!(rows[1][..2], [Data::String("=1+1".to_owned()), Data::Float(-3.0)]);
    assert_eq!(rows[2][1], Data::Float(1250.5));
    let Data::DateTime(day) = &rows[2][2] else { panic!("{:?}", rows[2]) };
    assert_eq!(day.as_datetime().unwrap().to_string(), "2026-11-21 00:00:00");
    let formulas = book.worksheet_formula("Accounts").unwrap();
    assert!(formulas.cells().all(|(.., formula)| formula.is_empty()));
}

#[tokio::test]
async fn strangers_lookers_on_other_pages_and_mistakes_are_refused() {
    let app = TestApp::start().await;
    let (vera, sam) = (app.signed_in_as("Vera", Role::Viewer).await, app.signed_in_as("Sam", Role::Csm).await);
    assert_eq!(app.get(PATH, None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.get(PATH, Some(&vera)).await.status, StatusCode::FORBIDDEN);
    let elsewhere = request(Method::GET, PATH, Some(&sam)).header("sec-fetch-site", "cross-site");
    let elsewhere = app.send(elsewhere.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    for (query, words) in [
        ("format=doc", "Choose csv, json, xlsx or pdf."),
        ("columns=nonsense", "There is no field “nonsense”."),
        ("filter=arr%20%3E", "At character"),
    ] {
        let answer = app.get(&format!("{PATH}?{query}"), Some(&sam)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(answer.text().contains(words), "{query}: {}", answer.text());
        assert_eq!(answer.header("content-disposition"), "");
    }
    assert_eq!(app.get(&format!("{PATH}?colums=name"), Some(&sam)).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.get(&format!("{PATH}?accounts=1"), Some(&sam)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_report_is_a_pdf_of_one_account_and_the_same_for_the_same_moment() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let id = app
        .account("Ägypten Öl & شركة النور", |account| {
            account.sentiment = Some(90.0);
            account.owner_id = sam.actor.user;
        })
        .await;
    db::health::catch_up(&app.db, app.workspace).await.unwrap();
    let path = format!("/api/v1/accounts/{id}/report.pdf");
    let answer = app.get(&path, Some(&sam)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/pdf");
    let name = "attachment; filename=\"health-report-aegypten-oel-2026-11-21.pdf\"";
    assert_eq!(answer.header("content-disposition"), name);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.body.starts_with(b"%PDF-1.7"));
    let file = lopdf::Document::load_mem(&answer.body).unwrap();
    let info = file.trailer.get(b"Info").and_then(|info| info.as_reference()).unwrap();
    let title = file.get_dictionary(info).unwrap().get(b"Title").unwrap();
    let title = lopdf::decode_text_string(title).unwrap();
    assert_eq!(title, "Customer health report: Ägypten Öl & شركة النور");
    assert_eq!(file.catalog().unwrap().get(b"Lang").unwrap().as_str().unwrap(), b"en");
    assert_eq!(app.get(&path, Some(&sam)).await.body, answer.body);

    let mut tx = app.db.read(&app.system()).await.unwrap();
    let end = db::log::last_seq(&mut tx).await.unwrap();
    let last = db::log::after(&mut tx, end - 1, 1).await.unwrap().remove(0);
    assert_eq!((last.after["format"].as_str(), last.after["rows"].as_i64()), (Some("pdf"), Some(1)));
    assert_eq!(last.actor, sam.actor.user);
}

#[tokio::test]
async fn a_report_is_for_those_who_may_export() {
    let app = TestApp::start().await;
    let (vera, sam) = (app.signed_in_as("Vera", Role::Viewer).await, app.signed_in_as("Sam", Role::Csm).await);
    let id = app.account("Northwind", |_| {}).await;
    let path = format!("/api/v1/accounts/{id}/report.pdf");
    assert_eq!(app.get(&path, None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.get(&path, Some(&vera)).await.status, StatusCode::FORBIDDEN);
    let elsewhere = request(Method::GET, &path, Some(&sam)).header("sec-fetch-site", "cross-site");
    let elsewhere = app.send(elsewhere.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    for unknown in ["nobody", "00000000-0000-7000-8000-000000000000"] {
        let answer = app.get(&format!("/api/v1/accounts/{unknown}/report.pdf"), Some(&sam)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[test]
fn the_command_line_binds_the_reports_of_many_accounts() {
    let keepwell = Keepwell::new();
    let customers = keepwell.file("customers.csv", CUSTOMERS);
    assert!(keepwell.run(&["import", "accounts", &customers], "").ok);
    let out = keepwell.folder.0.join("reports.pdf").to_string_lossy().into_owned();
    let said = keepwell.run(&["export", "accounts", "--format", "pdf", "--out", &out, "--json"], "");
    assert!(said.ok, "{} {}", said.out, said.err);
    let file = lopdf::Document::load(&out).unwrap();
    assert_eq!(said.json()["rows"], 2);
    assert_eq!(said.json()["bytes"], std::fs::metadata(&out).unwrap().len());
    let marks = file.get_toc().unwrap().toc;
    let names: Vec<&str> = marks.iter().map(|mark| mark.title.as_str()).collect();
    assert_eq!(names, ["Zürich Holding", "Acme, \"Inc\""]);
    let one = ["export", "accounts", "--format", "pdf", "--out", &out, "--filter", "arr > 1k", "--json"];
    assert_eq!(keepwell.run(&one, "").json()["rows"], 1);
}

const CUSTOMERS: &str = "Customer ID,Name,Plan,ARR,Currency,Parent account,Tags,NPS segment,Region code\r\n\
    z,Zürich Holding,Gold,1200.50,CHF,,\"a, b\",promoter,007\r\n\
    a,\"Acme, \"\"Inc\"\"\",12 months,-5,JPY,z,=1+1,,\r\n\
    ,Nobody,,,EUR,z,,detractor,01\r\n";

#[test]
fn what_a_fresh_workspace_imports_it_exports_byte_for_byte() {
    for format in ["csv", "json"] {
        let (first, second) = (Keepwell::new(), Keepwell::new());
        let customers = first.file("customers.csv", CUSTOMERS);
        let imported = first.run(&["import", "accounts", &customers, "--json"], "");
        assert!(imported.ok, "{} {}", imported.out, imported.err);
        let out = first.folder.0.join(format!("out.{format}")).to_string_lossy().into_owned();
        let export = ["export", "accounts", "--format", format, "--out", &out, "--json"];
        let said = first.run(&export, "");
        assert!(said.ok, "{} {}", said.out, said.err);
        assert_eq!(said.keys(), ["bytes", "rows", "seconds"].map(str::to_owned).into());
        let bytes = std::fs::read(&out).unwrap();
        assert_eq!(said.json()["bytes"], bytes.len());
        assert_eq!(said.json()["rows"], imported.json()["created"]);

        let again = first.run(&["import", "accounts", &out, "--json"], "").json();
        assert_eq!(again["unchanged"], again["rows"], "{again}");
        let elsewhere = second.run(&["import", "accounts", &out, "--json"], "").json();
        assert_eq!(elsewhere["created"], again["rows"], "{elsewhere}");
        let copy = second.folder.0.join("copy").to_string_lossy().into_owned();
        assert!(second.run(&["export", "accounts", "--format", format, "--out", &copy], "").ok);
        assert_eq!(String::from_utf8(std::fs::read(&copy).unwrap()), String::from_utf8(bytes), "{format}");
        let left = std::fs::read_dir(&first.folder.0).unwrap().flatten();
        assert!(!left.map(|entry| entry.file_name()).any(|name| name.to_string_lossy().ends_with(".part")));
    }
}

#[test]
fn a_workbook_comes_back_unchanged() {
    let keepwell = Keepwell::new();
    let customers = keepwell.file("customers.csv", CUSTOMERS);
    assert!(keepwell.run(&["import", "accounts", &customers], "").ok);
    let out = keepwell.folder.0.join("out.xlsx").to_string_lossy().into_owned();
    let said = keepwell.run(&["export", "accounts", "--format", "xlsx", "--out", &out, "--json"], "");
    assert!(said.ok, "{} {}", said.out, said.err);
    let again = keepwell.run(&["import", "accounts", &out, "--json"], "").json();
    assert_eq!(again["unchanged"], again["rows"], "{again}");
}

#[test]
fn what_cannot_be_exported_is_said_and_leaves_what_was_there() {
    let keepwell = Keepwell::new();
    let out = keepwell.file("out.csv", "what was there");
    let export = |more: &[&str]| keepwell.run(&[&["export", "accounts", "--out", &out][..], more].concat(), "");
    keepwell.run(&["export", "planets", "--out", &out], "").refused_with("“planets” cannot be exported.");
    export(&["--format", "docx"]).refused_with("“docx” is not a format.");
    export(&["--zip", "--columns", "name"]).refused_with("A report has no columns.");
    export(&["--format", "pdf"]).refused_with("No account is left to report on.");
    export(&["--columns", "name,nonsense"]).refused_with("There is no field “nonsense”.");
    export(&["--filter", "arr >"]).refused_with("At character");
    let json = export(&["--filter", "arr >", "--json"]).json();
    assert!(matches!(&json["error"], Value::String(words) if words.contains("At character")), "{json}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "what was there");
    assert!(export(&[]).ok);
    assert!(std::fs::read_to_string(&out).unwrap().starts_with("\"Name\",\"External ID\""));
    assert!(export(&["--format", "pdf", "--columns", "name"]).ok, "a table on paper");
    assert!(std::fs::read(&out).unwrap().starts_with(b"%PDF-"));
}
