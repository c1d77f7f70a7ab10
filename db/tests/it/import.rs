//! The import: what it shows, what it writes, and that it writes all or nothing.

mod desk;
mod facts;
mod pairs;
mod presets;
mod real_files;

use db::import::{Progress, Report, Upload, inspect, preview, run};
use db::{Error, subjects};
use domain::accounts::{Account, AccountQuery};
use domain::fields::Subject;
use domain::identity::Actor;
use domain::import::kind::Kind;
use domain::import::mapping::{Column, Target};
use domain::import::plan::{EmptyCells, Mode, Options};
use domain::import::preview::{Preview, RowOutcome};
use domain::refusal::Refusal;
use serde_json::json;

use crate::support::{self, TestDb};

/// Returns the usual options for a text: everything guessed.
pub async fn usual(t: &TestDb, kind: impl Into<Kind>, text: &str) -> Options {
    inspect(&t.db, &t.csm, &Upload::paste(text).unwrap(), kind).await.unwrap().options
}

/// Imports a text as Sam.
pub async fn import(t: &TestDb, text: &str, options: &Options) -> Report {
    run(&t.db, &t.csm, &Upload::paste(text).unwrap(), options, &Progress::new()).await.unwrap().report
}

/// Imports a text with the usual options.
pub async fn import_usual(t: &TestDb, kind: impl Into<Kind>, text: &str) -> Report {
    let options = usual(t, kind, text).await;
    import(t, text, &options).await
}

pub async fn show(t: &TestDb, text: &str, options: &Options) -> Preview {
    preview(&t.db, &t.csm, &Upload::paste(text).unwrap(), options).await.unwrap()
}

/// Returns the rows, created, updated, unchanged, conflict and invalid of a report.
pub fn counts(report: &Report) -> [u64; 6] {
    [report.rows, report.created, report.updated, report.unchanged, report.conflict, report.invalid]
}

pub async fn accounts(t: &TestDb) -> Vec<Account> {
    let mut tx = t.read(&t.viewer).await;
    let query = AccountQuery { sort: "name".to_owned(), limit: 200, ..AccountQuery::default() };
    let page = db::accounts::page(&mut tx, &query).await.unwrap();
    page.rows.into_iter().map(|row| row.account).collect()
}

const FIRST: &str = "external_id,name,tier,arr,seats,NPS segment\n\
    a-1,Acme Robotics,enterprise,120000,40,promoter\n\
    a-2,Blue Heron,starter,4800.50,,\n";

#[tokio::test]
async fn what_was_previewed_is_what_happens() {
    for t in support::databases().await {
        let options = usual(&t, Subject::Account, FIRST).await;
        let before = t.snapshot().await;
        let shown = show(&t, FIRST, &options).await;
        assert_eq!((shown.counts.rows, shown.counts.new), (2, 2), "{t:?}");
        assert_eq!(shown.rows[0].outcome, RowOutcome::New, "{t:?}");
        assert_eq!(shown.rows[0].cells[1], "Acme Robotics", "{t:?}");
        assert_eq!(t.snapshot().await, before, "{t:?}: a preview writes nothing");

        let report = import(&t, FIRST, &options).await;
        assert_eq!(counts(&report), [2, 2, 0, 0, 0, 0], "{t:?}");
        let [acme, heron] = accounts(&t).await.try_into().unwrap();
        assert_eq!((acme.arr_minor, acme.seats), (Some(12_000_000), Some(40.0)), "{t:?}");
        assert_eq!(acme.custom["nps_segment"], "promoter", "{t:?}: an unknown column is a custom field");
        assert_eq!((heron.arr_minor, heron.seats), (Some(480_050), None), "{t:?}");
        assert!(heron.custom.is_empty(), "{t:?}");
        let mut tx = t.read(&t.viewer).await;
        let fields = db::accounts::custom_fields(&mut tx).await.unwrap();
        assert_eq!(fields.len(), 1, "{t:?}");
        assert_eq!((fields[0].key.as_str(), fields[0].label.as_str()), ("custom.nps_segment", "NPS segment"), "{t:?}");
        assert_eq!(db::log::verify(&mut tx).await.unwrap(), Ok(db::log::last_seq(&mut tx).await.unwrap()), "{t:?}");
        let batch = db::batches::get(&mut tx, report.batch).await.unwrap();
        assert_eq!((batch.kind.as_str(), batch.counts["created"].as_u64()), ("import", Some(2)), "{t:?}");
    }
}

#[tokio::test]
async fn an_imported_document_is_the_one_the_struct_makes() {
    for t in support::databases().await {
        let text = "external_id,name,owner,tags,currency,mrr,renewal date,sentiment,open tickets,notice days,Ratio\n\
            x,Äcme,Sam,b;a;b,EUR,\"99.95\",2027-01-31,50.0,3,30,0.5\n\
            y,Only a name,,,,,,,,,\n";
        import_usual(&t, Subject::Account, text).await;
        for stored in t.texts("SELECT CAST(doc AS TEXT) FROM accounts").await {
            let stored: serde_json::Map<_, _> = serde_json::from_str(&stored).unwrap();
            let account: Account = subjects::from_document(stored.clone()).unwrap();
            assert_eq!(subjects::document(&account).unwrap(), stored, "{t:?}");
        }
        let accounts = accounts(&t).await;
        assert_eq!(accounts[1].owner_id, t.csm.user, "{t:?}: people are found by name");
        assert_eq!((accounts[1].tags.as_slice(), accounts[1].currency.code()), (&["a".into(), "b".into()][..], "EUR"));
    }
}

#[tokio::test]
async fn a_second_import_changes_only_what_differs() {
    for t in support::databases().await {
        import_usual(&t, Subject::Account, FIRST).await;
        let again = import_usual(&t, Subject::Account, FIRST).await;
        assert_eq!(counts(&again), [2, 0, 0, 2, 0, 0], "{t:?}");
        let text =
            "external_id,name,tier,NPS segment\na-1,Acme Robotics,mid,\na-3,New one,mid,x\na-2,Blue Heron,starter,\n";
        let options = usual(&t, Subject::Account, text).await;
        let shown = show(&t, text, &options).await;
        assert_eq!(shown.rows[0].changes, ["tier"], "{t:?}");
        let report = import(&t, text, &options).await;
        assert_eq!(counts(&report), [3, 1, 1, 1, 0, 0], "{t:?}");
        let acme = &accounts(&t).await[0];
        assert_eq!((acme.tier.as_deref(), acme.version), (Some("mid"), 2), "{t:?}");
        assert_eq!(acme.custom["nps_segment"], "promoter", "{t:?}: a blank cell keeps what was there");
        let mut tx = t.read(&t.viewer).await;
        let entries = db::log::of_account(&mut tx, acme.id, i64::MAX, 10).await.unwrap();
        assert_eq!(
            (&entries[0].before["tier"], &entries[0].after["tier"]),
            (&json!("enterprise"), &json!("mid")),
            "{t:?}"
        );
        drop(tx);
        let mut clearing = options;
        clearing.empty_cells = EmptyCells::Clear;
        import(&t, text, &clearing).await;
        assert!(accounts(&t).await[0].custom.is_empty(), "{t:?}: unless blank cells clear");
    }
}

#[tokio::test]
async fn each_mode_leaves_out_what_it_does_not_allow() {
    for t in support::databases().await {
        import_usual(&t, Subject::Account, FIRST).await;
        let text = "external_id,name,tier\na-1,Acme Robotics,mid\na-9,Nobody yet,mid\n";
        let mut options = usual(&t, Subject::Account, text).await;
        options.mode = Mode::Create;
        let created = show(&t, text, &options).await;
        assert_eq!((created.counts.new, created.counts.conflict), (1, 1), "{t:?}");
        options.mode = Mode::Update;
        let finished = run(&t.db, &t.csm, &Upload::paste(text).unwrap(), &options, &Progress::new()).await.unwrap();
        assert_eq!(counts(&finished.report), [2, 0, 1, 0, 1, 0], "{t:?}");
        let error_rows = finished.error_rows.unwrap();
        assert!(error_rows.contains("a-9") && !error_rows.contains("a-1"), "{t:?}: {error_rows}");
        assert_eq!(finished.report.errors[0].line, 3, "{t:?}");
        options.mode = Mode::Create;
        assert_eq!(counts(&import(&t, text, &options).await), [2, 1, 0, 0, 1, 0], "{t:?}");
    }
}

#[tokio::test]
async fn rows_are_matched_by_name_in_any_case_and_never_by_an_ambiguous_one() {
    for t in support::databases().await {
        import_usual(&t, Subject::Account, "name,tier\nAcme,a\nTwin,a\n").await;
        t.account("Twin").await;
        let report = import_usual(&t, Subject::Account, "name,tier\nACME,b\ntwin,b\n").await;
        assert_eq!(counts(&report), [2, 0, 1, 0, 1, 0], "{t:?}: {:?}", report.errors);
        // A key that another account holds must not break the import of the other rows.
        t.account_with("Holder", |account| account.external_id = Some("k".to_owned())).await;
        let text = "name,external_id\nSomebody,k\nElse,l\nMore,l\n";
        let mut options = usual(&t, Subject::Account, text).await;
        options.match_keys = vec!["name".to_owned()];
        assert_eq!(counts(&import(&t, text, &options).await), [3, 1, 0, 0, 2, 0], "{t:?}");
    }
}

#[tokio::test]
async fn repeated_rows_count_once_and_contradicting_ones_are_named() {
    for t in support::databases().await {
        let text = "external_id,name\n1,One\n1,One\n1,Uno\n2,Two\n";
        let report = import_usual(&t, Subject::Account, text).await;
        assert_eq!(counts(&report), [4, 2, 0, 1, 0, 1], "{t:?}");
        assert_eq!(report.errors[0].line, 4, "{t:?}");
        assert!(report.errors[0].message.contains("line 2"), "{t:?}: {}", report.errors[0]);
    }
}

#[tokio::test]
async fn an_error_names_its_line_its_column_and_what_to_do() {
    for t in support::databases().await {
        let text = "external_id,name,ARR,owner,renewal date\n\
            1,One,100,maya@northwind.example,2027-01-31\n\
            2,Two,a lot,Maya,2027-01-31\n\
            3,Three,100,Nobody Inc,2027-01-31\n\
            4,Four\n\
            5,Five,100,,2027-13-45\n";
        let sound: String = text.split_inclusive('\n').take(2).collect();
        let options = usual(&t, Subject::Account, &sound).await;
        let sound_columns = options.mapping.columns.clone();
        let finished = run(&t.db, &t.csm, &Upload::paste(text).unwrap(), &options, &Progress::new()).await.unwrap();
        assert_eq!(counts(&finished.report), [5, 1, 0, 0, 0, 4], "{t:?}");
        let places: Vec<_> = finished.report.errors.iter().map(|error| (error.line, error.column.as_deref())).collect();
        assert_eq!(places, [(3, Some("ARR")), (4, Some("owner")), (5, None), (6, Some("renewal date"))], "{t:?}");
        // The rows that failed come back as a file whose corrected rows can be imported.
        let corrected = finished.error_rows.unwrap().replace("a lot", "5");
        let mut options = usual(&t, Subject::Account, &corrected).await;
        assert_eq!(options.mapping.columns[0].target, Target::Skip, "{t:?}: the column that says what was wrong");
        options
            .mapping
            .columns
            .iter_mut()
            .zip(std::iter::once(&Column::new(Target::Skip)).chain(&sound_columns))
            .for_each(|(column, sound)| *column = sound.clone());
        assert_eq!(import(&t, &corrected, &options).await.created, 1, "{t:?}");
    }
}

#[tokio::test]
async fn parents_are_found_above_their_children_and_never_in_a_circle() {
    for t in support::databases().await {
        let text = "external_id,name,parent id\nh,Holding,\nc,Child,h\ng,Grandchild,Child\nx,Lost,nowhere\n";
        let report = import_usual(&t, Subject::Account, text).await;
        assert_eq!(counts(&report), [4, 3, 0, 0, 0, 1], "{t:?}: {:?}", report.errors);
        let [child, grandchild, holding] = accounts(&t).await.try_into().unwrap();
        assert_eq!((child.parent_id, grandchild.parent_id), (Some(holding.id), Some(child.id)), "{t:?}");
        let report = import_usual(&t, Subject::Account, "external_id,parent id\nh,g\nc,c\n").await;
        assert_eq!(counts(&report), [2, 0, 0, 0, 2, 0], "{t:?}: {:?}", report.errors);
    }
}

#[tokio::test]
async fn a_cancelled_or_refused_import_leaves_nothing() {
    for t in support::databases().await {
        let options = usual(&t, Subject::Account, FIRST).await;
        let before = t.snapshot().await;
        let progress = Progress::new();
        progress.cancel();
        let stopped = run(&t.db, &t.csm, &Upload::paste(FIRST).unwrap(), &options, &progress).await;
        assert!(matches!(stopped, Err(Error::Refused(Refusal::Conflict(_)))), "{t:?}: {stopped:?}");
        // The quote in the last row never closes, which shows only at the end of the file.
        let broken = format!("{FIRST}a-3,\"Broken,starter,1,,\n");
        let refused = run(&t.db, &t.csm, &Upload::paste(&broken).unwrap(), &options, &Progress::new()).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}: {refused:?}");
        assert_eq!(t.snapshot().await, before, "{t:?}");
    }
}

#[tokio::test]
async fn a_viewer_imports_nothing_and_nobody_imports_into_another_workspace() {
    for t in support::databases().await {
        let options = usual(&t, Subject::Account, FIRST).await;
        let upload = Upload::paste(FIRST).unwrap();
        let refused = run(&t.db, &t.viewer, &upload, &options, &Progress::new()).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Forbidden))), "{t:?}");
        let refused = preview(&t.db, &t.viewer, &upload, &options).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Forbidden))), "{t:?}");
        import(&t, FIRST, &options).await;
        let other: Actor = t.other_workspace().await;
        let shown = preview(&t.db, &other, &upload, &options).await.unwrap();
        assert_eq!(shown.counts.new, 2, "{t:?}: the same keys elsewhere are other accounts");
    }
}

#[tokio::test]
async fn a_field_can_be_made_once_and_only_with_a_sound_key() {
    for t in support::databases().await {
        let mut options = usual(&t, Subject::Account, FIRST).await;
        import(&t, FIRST, &options).await;
        // The options still say that the column makes a new field.
        let report = import(&t, &FIRST.replace("promoter", "detractor"), &options).await;
        assert_eq!(counts(&report), [2, 0, 1, 1, 0, 0], "{t:?}");
        let bad = Target::NewCustom { key: "a'b".into(), label: "x".into(), kind: domain::fields::FieldType::Text };
        options.mapping.columns[5] = Column::new(bad);
        let refused = preview(&t.db, &t.csm, &Upload::paste(FIRST).unwrap(), &options).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid(_)))), "{t:?}");
    }
}
