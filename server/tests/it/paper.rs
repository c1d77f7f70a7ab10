//! Documents on paper, over HTTP and from the command line: summaries, reviews, built reports and archives, in each
//! language.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use app::account::report::review;
use app::i18n::Locale;
use app::paper::pen::Paper;
use app::paper::summary;
use domain::identity::Role;
use domain::report::{Block, Report};
use http::{Method, StatusCode, header};
use serde_json::Value;

use crate::app::{Answer, NOW, Person, TestApp, request};
use crate::command_line::Keepwell;
use crate::source::{names, read};

const SUMMARY: &str = "/api/v1/reports/summary.pdf";
const BUILT: &str = "/api/v1/reports/report.pdf";
const ARCHIVE: &str = "/api/v1/export/reports.zip";
const CUSTOMERS: &str = "Customer,ARR,Renewal date\r\nAcme,125000,2027-03-01\r\nZenith,500,\r\n";

async fn portfolio(app: &TestApp, sam: &Person) -> Vec<domain::id::AccountId> {
    let mut ids = Vec::new();
    for (name, sentiment, risk) in
        [("Northwind", 90.0, "low"), ("شركة النور", 20.0, "critical"), ("Acme", 60.0, "medium")]
    {
        let id = app.account(name, |account| {
            account.sentiment = Some(sentiment);
            account.risk_level = serde_json::from_value(risk.into()).unwrap();
            account.arr_minor = Some(12_500_000);
            account.stage = Some("value".to_owned());
            account.tier = Some("Enterprise".to_owned());
            account.owner_id = sam.actor.user;
            account.renewal_at = Some(NOW.plus_days(30).day_start());
        });
        ids.push(id.await);
    }
    db::health::catch_up(&app.db, app.workspace).await.unwrap();
    ids
}

fn title(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert_eq!(answer.header("cache-control"), "no-store");
    let file = lopdf::Document::load_mem(&answer.body).unwrap();
    let info = file.trailer.get(b"Info").and_then(|info| info.as_reference()).unwrap();
    lopdf::decode_text_string(file.get_dictionary(info).unwrap().get(b"Title").unwrap()).unwrap()
}

#[tokio::test]
async fn documents_are_in_the_language_that_is_asked_for_and_the_same_for_the_same_moment() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let id = portfolio(&app, &sam).await[0];
    for (language, summed, reviewed) in [
        ("en", "Executive summary: ", "Business review: Northwind"),
        ("de", "Zusammenfassung für die Leitung: ", "Geschäftsrückblick: Northwind"),
        ("ar", "الملخص التنفيذي: ", "مراجعة الأعمال: Northwind"),
    ] {
        let path = format!("{SUMMARY}?language={language}&filter=score%20%3E%200");
        let answer = app.get(&path, Some(&sam)).await;
        assert!(title(&answer).starts_with(summed), "{language}");
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"executive-summary-2026-11-21.pdf\"");
        assert_eq!(app.get(&path, Some(&sam)).await.body, answer.body, "{language}");
        let path = format!("/api/v1/accounts/{id}/review.pdf?language={language}&from=2026-09-01&to=2026-11-21");
        let answer = app.get(&path, Some(&sam)).await;
        assert_eq!(title(&answer), reviewed);
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"review-northwind-2026-11-21.pdf\"");
        let path = format!("{BUILT}?language={language}&report=arr_by_segment&show=bars");
        let answer = app.get(&path, Some(&sam)).await;
        let file = lopdf::Document::load_mem(&answer.body).unwrap();
        assert_eq!(file.catalog().unwrap().get(b"Lang").unwrap().as_str().unwrap(), language.as_bytes());
    }
    let mut tx = app.db.read(&app.system()).await.unwrap();
    let end = db::log::last_seq(&mut tx).await.unwrap();
    let lines = db::log::after(&mut tx, end - 6, 6).await.unwrap();
    let documents: Vec<_> = lines.iter().filter_map(|line| line.after.get("document")?.as_str()).collect();
    assert_eq!(documents, ["review", "summary", "summary", "review"]);
    assert!(lines.iter().all(|line| line.after["format"] == "pdf" && line.actor == sam.actor.user));
}

#[tokio::test]
async fn documents_are_for_those_who_may_export_and_mistakes_are_named() {
    let app = TestApp::start().await;
    let (vera, sam) = (app.signed_in_as("Vera", Role::Viewer).await, app.signed_in_as("Sam", Role::Csm).await);
    let id = portfolio(&app, &sam).await[0];
    let review = format!("/api/v1/accounts/{id}/review.pdf");
    for path in [SUMMARY, BUILT, ARCHIVE, &review] {
        assert_eq!(app.get(path, None).await.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(app.get(path, Some(&vera)).await.status, StatusCode::FORBIDDEN, "{path}");
        let elsewhere = request(Method::GET, path, Some(&sam)).header("sec-fetch-site", "cross-site");
        let elsewhere = app.send(elsewhere.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(elsewhere.status, StatusCode::FORBIDDEN, "{path}");
        let answer = app.get(&format!("{path}?language=tlh"), Some(&sam)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(answer.text().contains("Choose en, de or ar."), "{path}");
    }
    for (query, sentence) in [
        ("from=2026-11-20&to=2026-11-01", "Choose a first day before the last one."),
        ("from=yesterday", "Write a day such as 2026-11-21."),
        ("filter=score%20%3E%20%3E", "At character"),
    ] {
        let answer = app.get(&format!("{SUMMARY}?{query}"), Some(&sam)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(answer.text().contains(sentence), "{query}: {}", answer.text());
    }
    let unknown = "/api/v1/accounts/00000000-0000-7000-8000-000000000000/review.pdf";
    assert_eq!(app.get(unknown, Some(&sam)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_archive_holds_one_document_for_each_account() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let ids = portfolio(&app, &sam).await;
    // A name that another account has, too.
    app.account("ACME", |account| account.sentiment = Some(50.0)).await;
    let answer = app.get(&format!("{ARCHIVE}?document=review"), Some(&sam)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"reports-2026-11-21.zip\"");
    let mut archive = zip::ZipArchive::new(Cursor::new(answer.body.to_vec())).unwrap();
    let mut found: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    found.sort();
    let dated = |name: &str| format!("review-{name}2026-11-21{}.pdf", "");
    let twin = "review-acme-2026-11-21-2.pdf".to_owned();
    let mut wanted = vec![dated(""), dated("acme-"), twin, dated("northwind-")];
    wanted.sort();
    assert_eq!(found, wanted);
    for place in 0..archive.len() {
        let mut bytes = Vec::new();
        archive.by_index(place).unwrap().read_to_end(&mut bytes).unwrap();
        assert!(lopdf::Document::load_mem(&bytes).unwrap().get_pages().len() > 1);
    }
    let form = format!("document=health&language=de&accounts={},{}", ids[0], ids[2]);
    let chosen = request(Method::POST, ARCHIVE, Some(&sam))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let chosen = app.send(chosen.body(form.into()).unwrap()).await;
    let archive = zip::ZipArchive::new(Cursor::new(chosen.body.to_vec())).unwrap();
    assert_eq!(archive.len(), 2);
    let nobody = app.get(&format!("{ARCHIVE}?filter=name%20%3D%20Nobody"), Some(&sam)).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.text().contains("No account is left to report on."));
}

/// Everything that a document says.
fn said(report: &Report) -> BTreeSet<String> {
    let mut said: BTreeSet<String> = [&report.title, &report.head, &report.foot].into_iter().cloned().collect();
    for chapter in &report.chapters {
        said.insert(chapter.name.clone());
        for block in &chapter.blocks {
            match block {
                Block::Opening(opening) => {
                    said.insert(opening.kicker.clone());
                    said.extend(opening.badges.iter().map(|badge| badge.text.clone()));
                    said.extend(opening.score.iter().flat_map(|score| [score.label.clone(), score.band.text.clone()]));
                }
                Block::Heading { text, note } => said.extend([text.clone(), note.clone()]),
                Block::Text { text, .. } => said.extend([text.clone()]),
                Block::Facts(facts) => {
                    said.extend(facts.iter().flat_map(|fact| [fact.label.clone(), fact.value.clone()]))
                }
                Block::Table(table) => {
                    said.extend(table.columns.iter().map(|column| column.heading.clone()));
                    let cells = table.rows.iter().flat_map(|row| &row.cells);
                    said.extend(cells.flat_map(|cell| [cell.text.clone(), cell.note.clone()]));
                }
                Block::Chart(layout) => {
                    said.extend([layout.title.clone(), layout.description.clone()]);
                    said.extend(layout.legend.iter().map(|(name, _)| name.clone()));
                }
            }
        }
    }
    said
}

/// English texts that no document in another language may hold: those without an equal one in German.
fn english() -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    let mut german = BTreeSet::new();
    let gather = |folder: &str, name: &str, into: &mut BTreeSet<String>| {
        let text = read(&format!("{folder}/{name}")).unwrap_or_else(|| "{}".to_owned());
        let mut open = vec![serde_json::from_str::<Value>(&text).unwrap()];
        while let Some(value) = open.pop() {
            match value {
                Value::Object(map) => open.extend(map.into_iter().map(|(_, value)| value)),
                Value::String(text) => {
                    into.insert(text);
                }
                _ => {}
            }
        }
    };
    for name in names("app/locales/en") {
        gather("app/locales/en", &name, &mut texts);
        gather("app/paper/de", &name, &mut german);
    }
    &texts - &german
}

#[tokio::test]
async fn nothing_english_is_left_in_other_languages() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let id = portfolio(&app, &sam).await[1];
    let english = english();
    for locale in [Locale::de, Locale::ar] {
        let paper = Paper { at: NOW, public: "https://keepwell.example".to_owned(), locale };
        let asked = summary::Asked { filter: String::new(), from: NOW.plus_days(-30), to: None };
        let summary = summary::summary(&app.db, &sam.actor, &asked, &paper).await.unwrap();
        let asked = review::Asked { account: id, from: NOW.plus_days(-90), to: None };
        let review = review::review(&app.db, &sam.actor, &asked, &paper).await.unwrap();
        let wanted = app::account::report::Wanted { accounts: vec![id], at: NOW, public: paper.public.clone(), locale };
        let health = app::account::report::report(&app.db, &sam.actor, &wanted).await.unwrap();
        for report in [summary, review, health] {
            let said = said(&report);
            assert!(said.len() > 10, "{}", report.title);
            let left: Vec<&String> = said.intersection(&english).filter(|text| text.chars().count() > 2).collect();
            assert!(left.is_empty(), "{locale:?} {}: {left:?}", report.title);
        }
    }
}

#[test]
fn the_command_line_writes_summaries_and_archives() {
    let keepwell = Keepwell::new();
    let customers = keepwell.file("customers.csv", CUSTOMERS);
    assert!(keepwell.run(&["import", "accounts", &customers], "").ok);
    let path = |name: &str| keepwell.folder.0.join(name).to_string_lossy().into_owned();
    let out = path("summary.pdf");
    let said = keepwell.run(&["export", "summary", "--out", &out, "--language", "ar", "--json"], "");
    assert!(said.ok, "{} {}", said.out, said.err);
    assert!(std::fs::read(&out).unwrap().starts_with(b"%PDF-1.7"));
    let out = path("reviews.zip");
    let said = keepwell.run(&["export", "accounts", "--zip", "--document", "review", "--out", &out, "--json"], "");
    assert_eq!(said.json()["rows"], 2, "{} {}", said.out, said.err);
    let archive = zip::ZipArchive::new(std::fs::File::open(&out).unwrap()).unwrap();
    assert_eq!(archive.len(), 2);
    for (arguments, sentence) in [
        (&["accounts", "--format", "pdf", "--document", "review"][..], "Add --zip."),
        (&["summary", "--columns", "name"], "A report has no columns."),
        (&["contacts", "--zip"], "cannot be exported"),
        (&["summary", "--language", "tlh"], "Choose en, de or ar."),
    ] {
        let mut all = vec!["export"];
        all.extend(arguments);
        all.extend(["--out", &out]);
        keepwell.run(&all, "").refused_with(sentence);
    }
}
