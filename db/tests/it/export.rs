//! Exports: what leaves, in which order, who is told of it, and that it comes back unchanged.

use std::collections::BTreeMap;

use db::export::{Manifest, Place, Step};
use db::import::{Progress, Upload, inspect, run};
use db::{Error, accounts, export, health};
use domain::accounts::{Account, AccountQuery, AccountRow};
use domain::changes::Change;
use domain::export::cells::{self, Called};
use domain::export::text::TextWriter;
use domain::export::{Format, Record, Request};
use domain::fields::Subject;
use domain::id::AccountId;
use domain::identity::Actor;
use domain::import::report::Report;
use domain::refusal::Refusal;
use domain::report::REPORTS_MAX;
use serde_json::json;
use uuid::Uuid;

use crate::support::{self, TestDb};

fn request(filter: &str, columns: &[&str]) -> Request {
    let columns = columns.iter().map(|key| (*key).to_owned()).collect();
    Request { filter: filter.to_owned(), columns, ..Request::default() }
}

/// Begins an export and returns all its steps.
async fn steps(t: &TestDb, actor: &Actor, request: &Request) -> (Manifest, Vec<Step>) {
    let mut tx = t.db.write(actor).await.unwrap();
    let manifest = export::begin(&mut tx, request).await.unwrap();
    tx.commit().await.unwrap();
    let (mut tx, mut place, mut all) = (t.db.read(actor).await.unwrap(), Place::default(), Vec::new());
    while let Some(step) = export::step(&mut tx, &manifest, &mut place).await.unwrap() {
        all.push(step);
    }
    (manifest, all)
}

/// Returns the accounts that leave.
async fn rows(t: &TestDb, request: &Request) -> Vec<AccountRow> {
    let rows = steps(t, &t.csm, request).await.1.into_iter().flat_map(|step| step.rows);
    let account = |record| if let Record::Account(row) = record { *row } else { panic!("{record:?}") };
    rows.map(account).collect()
}

/// Returns the whole file.
pub async fn file(t: &TestDb, actor: &Actor, request: &Request) -> String {
    let (manifest, steps) = steps(t, actor, request).await;
    let (mut writer, mut out) = (TextWriter::new(request.format, &manifest.columns), String::new());
    writer.begin(false, &mut out);
    for step in &steps {
        let called = Called { people: &manifest.people, accounts: &step.accounts, reason: &|_| String::new() };
        for record in &step.rows {
            writer.row(&cells::row(record, &manifest.columns, &called), &mut out);
        }
    }
    writer.end(&mut out);
    out
}

/// Imports a file of accounts with everything guessed.
async fn import(t: &TestDb, actor: &Actor, text: &str) -> Report {
    import_as(t, actor, Subject::Account, text).await
}

/// Imports a file with everything guessed.
pub async fn import_as(t: &TestDb, actor: &Actor, subject: Subject, text: &str) -> Report {
    let upload = Upload::paste(text).unwrap();
    let options = inspect(&t.db, actor, &upload, subject).await.unwrap().options;
    run(&t.db, actor, &upload, &options, &Progress::new()).await.unwrap().report
}

fn names(rows: &[AccountRow]) -> Vec<&str> {
    rows.iter().map(|row| row.account.name.as_str()).collect()
}

/// A small group of companies: children whose names come before those of their parents.
async fn portfolio(t: &TestDb) {
    let top = t.account_with("Zenith", |account| account.external_id = Some("Z".into())).await;
    let middle = t.account_with("Middle", |account| account.parent_id = Some(top.id)).await;
    t.account_with("Alpha, \"the\" first", |account| {
        account.parent_id = Some(middle.id);
        account.owner_id = t.csm.user;
        account.arr_minor = Some(125_050);
        account.renewal_at = Some(support::NOW);
        account.tags = vec!["=1+1".into(), "b".into()];
    })
    .await;
    t.account_with("beta", |account| {
        account.external_id = Some("=cmd|' /C calc'!A0".into());
        account.currency = "JPY".parse().unwrap();
        account.mrr_minor = Some(-7);
        account.sentiment = Some(0.5);
        account.custom = BTreeMap::from([("plan".to_owned(), json!("007"))]);
    })
    .await;
}

#[tokio::test]
async fn what_leaves_is_the_list_with_parents_first() {
    for t in support::databases().await {
        portfolio(&t).await;
        let all = rows(&t, &Request::default()).await;
        assert_eq!(names(&all), ["Zenith", "beta", "Middle", "Alpha, \"the\" first"], "{t:?}");
        let query = AccountQuery { limit: 50, ..AccountQuery::default() };
        let mut listed = accounts::page(&mut t.read(&t.viewer).await, &query).await.unwrap().rows;
        let mut left = all.clone();
        listed.sort_by_key(|row| row.account.id);
        left.sort_by_key(|row| row.account.id);
        assert_eq!(left, listed, "{t:?}");
    }
}

#[tokio::test]
async fn a_filter_and_chosen_accounts_narrow_it() {
    for t in support::databases().await {
        portfolio(&t).await;
        assert_eq!(names(&rows(&t, &request("arr > 1000", &[])).await), ["Alpha, \"the\" first"], "{t:?}");
        assert_eq!(names(&rows(&t, &request("owner is me", &[])).await), ["Alpha, \"the\" first"], "{t:?}");
        let zenith = rows(&t, &request("name = Zenith", &[])).await[0].account.id;
        let chosen = Request { accounts: vec![zenith], ..Request::default() };
        assert_eq!(names(&rows(&t, &chosen).await), ["Zenith"], "{t:?}");
        let mut tx = t.write(&t.csm).await;
        let mut archived = accounts::get(&mut tx, zenith).await.unwrap();
        let before = archived.clone();
        archived.archived_at = Some(tx.now());
        db::subjects::update(&mut tx, &before, &archived).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(rows(&t, &chosen).await, [], "{t:?}");
    }
}

#[tokio::test]
async fn mistakes_are_refused_with_their_place() {
    for t in support::databases().await {
        let mut tx = t.read(&t.csm).await;
        for (asked, field, words) in [
            (request("arr >", &[]), "filter", "At character"),
            (request("", &["name", "nonsense"]), "columns", "“nonsense”"),
        ] {
            let Err(Error::Refused(Refusal::Invalid(errors))) = export::preview(&mut tx, &asked).await else {
                panic!("{t:?}: {asked:?} was not refused")
            };
            assert_eq!(errors[0].field, field);
            assert!(errors[0].message.contains(words), "{errors:?}");
        }
    }
}

#[tokio::test]
async fn the_log_says_who_took_what() {
    for t in support::databases().await {
        portfolio(&t).await;
        let last = db::log::last_seq(&mut t.read(&t.csm).await).await.unwrap();
        let asked = Request { format: Format::Json, ..request("arr > 1000", &["name"]) };
        export::preview(&mut t.read(&t.csm).await, &asked).await.unwrap();
        rows(&t, &asked).await;
        let entries = db::log::after(&mut t.read(&t.csm).await, last, 10).await.unwrap();
        let [listed, entry] = entries.as_slice() else { panic!("{t:?}: {entries:?}") };
        assert_eq!((listed.change, listed.subject), (Change::Created, Subject::Export));
        assert_eq!((entry.change, entry.actor), (Change::Exported, t.csm.user));
        let after = json!({
            "what": "accounts", "format": "json", "rows": 1, "filter": "arr > 1000", "chosen": 0, "columns": ["name"]
        });
        assert_eq!(serde_json::Value::Object(entry.after.clone()), after);
        health::catch_up(&t.db, t.workspace).await.unwrap();
        assert!(db::log::verify(&mut t.read(&t.csm).await).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn an_export_changes_nothing_when_it_is_imported() {
    for t in support::databases().await {
        portfolio(&t).await;
        // The field of one's own has to be known, as a value without a field is not exported.
        import(&t, &t.csm, "External ID,Name,plan code\nQ,Quill,007\n").await;
        for format in [Format::Csv, Format::Json] {
            let text = file(&t, &t.csm, &Request { format, ..Request::default() }).await;
            let report = import(&t, &t.csm, &text).await;
            let counts = (report.rows, report.unchanged, report.created, report.updated, report.invalid);
            assert_eq!(counts, (5, 5, 0, 0, 0), "{t:?} {format:?}: {report:?}\n{text}");
        }
    }
}

#[tokio::test]
async fn an_empty_workspace_gives_the_same_bytes_back() {
    for t in support::databases().await {
        portfolio(&t).await;
        import(&t, &t.csm, "External ID,Name,plan code,Seats used,Since\nQ,Quill,007,1.50,2024-02-29\n").await;
        for format in [Format::Csv, Format::Json] {
            // Nobody of this workspace works in the other one.
            let catalogue = accounts::catalogue(&mut t.read(&t.csm).await).await.unwrap();
            let keys = catalogue.fields.iter().filter(|field| field.editable && field.key != "owner_id");
            let columns = keys.map(|field| field.key.clone()).collect();
            let first = file(&t, &t.csm, &Request { format, columns, ..Request::default() }).await;
            let stranger = Actor::system(t.other_workspace().await.workspace);
            let report = import(&t, &stranger, &first).await;
            assert_eq!((report.created, report.rows), (5, 5), "{t:?} {format:?}: {report:?}\n{first}");
            let catalogue = accounts::catalogue(&mut t.db.read(&stranger).await.unwrap()).await.unwrap();
            let keys = catalogue.fields.iter().filter(|field| field.editable && field.key != "owner_id");
            let columns = keys.map(|field| field.key.clone()).collect();
            let second = file(&t, &stranger, &Request { format, columns, ..Request::default() }).await;
            assert_eq!(second, first, "{t:?} {format:?}");
        }
    }
}

#[tokio::test]
async fn a_preview_shows_the_first_rows_and_counts_all() {
    for t in support::databases().await {
        for place in 0..7 {
            t.account(&format!("Account {place}")).await;
        }
        let asked = request("", &["name", "arr_minor"]);
        let (manifest, step) = export::preview(&mut t.read(&t.csm).await, &asked).await.unwrap();
        let headings: Vec<&str> = manifest.columns.iter().map(|column| column.heading.as_str()).collect();
        assert_eq!(headings, ["Name", "ARR", "Currency"], "{t:?}");
        assert_eq!((step.rows.len(), manifest.rows), (5, 7), "{t:?}");
        let Record::Account(first) = &step.rows[0] else { panic!("{t:?}: {step:?}") };
        assert_eq!(first.account.name, "Account 0", "{t:?}");
    }
}

#[tokio::test]
async fn reports_are_noted_too_and_many_are_refused_before_any_is_made() {
    for t in support::databases().await {
        portfolio(&t).await;
        let last = db::log::last_seq(&mut t.read(&t.csm).await).await.unwrap();
        let mut tx = t.write(&t.csm).await;
        let accounts = export::begin_reports(&mut tx, "").await.unwrap();
        let first = accounts::get(&mut tx, accounts[0]).await.unwrap();
        assert_eq!((accounts.len(), first.name.as_str()), (4, "Zenith"), "{t:?}");
        export::begin_document(&mut tx, first.id, "health").await.unwrap();
        tx.commit().await.unwrap();
        let entries = db::log::after(&mut t.read(&t.csm).await, last, 10).await.unwrap();
        let noted: Vec<_> =
            entries.iter().map(|entry| (entry.change, &entry.after["format"], &entry.after["rows"])).collect();
        let noted_rows = [(Change::Exported, &json!("pdf"), &json!(4)), (Change::Exported, &json!("pdf"), &json!(1))];
        assert_eq!(noted, noted_rows, "{t:?}");

        let mut tx = t.write(&t.csm).await;
        for number in 0..REPORTS_MAX {
            let mut account = Account::new(AccountId(Uuid::now_v7()), format!("Branch {number}"), support::NOW);
            account.external_id = Some(number.to_string());
            db::subjects::create(&mut tx, &account).await.unwrap();
        }
        let Err(Error::Refused(Refusal::Invalid(errors))) = export::begin_reports(&mut tx, "").await else {
            panic!("{t:?}: {REPORTS_MAX} and more reports were not refused")
        };
        assert!(errors[0].message.contains("these are 504"), "{errors:?}");
        assert_eq!(export::begin_reports(&mut tx, "name = Zenith").await.unwrap(), [first.id], "{t:?}");
    }
}
