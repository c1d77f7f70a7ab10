//! Contacts, alerts, tasks and usage: what stands in their cells, and that no text of theirs runs.

use uuid::Uuid;

use super::super::columns::{Column, columns};
use super::super::{Format, Only, Record, Request, What};
use super::{cells_of, file_of};
use crate::alerts::list::AlertRow;
use crate::alerts::{Alert, Dismissal, Note, Outcome};
use crate::contacts::Contact;
use crate::health::{Band, Points};
use crate::id::{AccountId, ContactId, TodoId, UserId};
use crate::import::decode::decode;
use crate::import::table::{Cells, RowSource, Table};
use crate::import::write::unguard;
use crate::money::Money;
use crate::refusal::Refusal;
use crate::reports::{Keyed, State};
use crate::time::Timestamp;
use crate::todos::{Todo, TodoDraft, When};
use crate::usage::UsageDay;

const DAY: Timestamp = Timestamp(1_772_323_200_000);
const NORTHWIND: AccountId = AccountId(Uuid::from_u128(2));
const SAM: UserId = UserId(Uuid::from_u128(3));

fn all(what: What) -> Vec<Column> {
    columns(&what.catalogue().unwrap(), &[]).unwrap()
}

/// Returns a cell by its heading.
fn cell(what: What, record: &Record, heading: &str) -> String {
    let columns = all(what);
    let place = columns.iter().position(|column| column.heading == heading).unwrap();
    cells_of(record, &columns)[place].text()
}

fn contact(name: &str) -> Contact {
    Contact {
        id: ContactId(Uuid::from_u128(9)),
        version: 1,
        account_id: NORTHWIND,
        name: name.to_owned(),
        email: Some("ada@northwind.example".to_owned()),
        phone: Some("+49 30 1234".to_owned()),
        title: None,
        role: Some("champion".to_owned()),
        sentiment: Some(0.5),
        time_zone: Some("Europe/Berlin".to_owned()),
        last_touch_at: Some(DAY),
        left_at: None,
        created_at: DAY,
        updated_at: DAY,
        distinct_from: Vec::new(),
    }
}

fn alert() -> AlertRow {
    let mut alert = Alert::blank();
    alert.account_id = Some(NORTHWIND);
    alert.rule_name = "Usage drop".to_owned();
    alert.created_at = Timestamp(DAY.0 + 1);
    AlertRow {
        alert,
        account: "Northwind".to_owned(),
        owner: Some(SAM),
        score: Some(Points(41_260_000)),
        band: Some(Band::AtRisk),
        annual: Some(Money { minor: 125_050, currency: "EUR".parse().unwrap() }),
    }
}

fn task(title: &str) -> Todo {
    let draft = TodoDraft { title: title.to_owned(), account_id: Some(NORTHWIND), ..TodoDraft::default() };
    draft.written(TodoId(Uuid::from_u128(8)), Some(SAM), DAY)
}

#[test]
fn a_contact_is_written_as_the_import_reads_it() {
    let text = file_of(Format::Csv, &all(What::Contacts), &[Record::Contact(Box::new(contact("Ada")))]);
    assert_eq!(
        text,
        "\"Account\",\"Name\",\"E-mail\",\"Phone\",\"Title\",\"Role\",\"Sentiment (0-100)\",\"Time zone\",\"Last touch\",\"Left\"\r\n\
         \"A-2\",\"Ada\",\"ada@northwind.example\",\"'+49 30 1234\",,\"champion\",0.5,\"Europe/Berlin\",2026-03-01,\r\n"
    );
}

#[test]
fn an_alert_says_why_who_deals_with_it_and_how_it_stands() {
    let mut row = alert();
    let of = |row: &AlertRow, heading| cell(What::Alerts, &Record::Alert(Box::new(row.clone())), heading);
    for (heading, text) in [
        ("Account", "A-2"),
        ("Rule", "Usage drop"),
        ("Reason", "=The bell rang."),
        ("Kind", "risk"),
        ("State", "new"),
        ("Dealt with by", "sam@northwind.example"),
        ("ARR", "1250.5"),
        ("Currency", "EUR"),
        ("Health score (0-100)", "41.3"),
        ("Health band", "at_risk"),
        ("Raised", "2026-03-01T00:00:00.001Z"),
        ("Resolved", ""),
        ("Notes", ""),
    ] {
        assert_eq!(of(&row, heading), text, "{heading}");
    }
    row.alert.assignee = Some(UserId(Uuid::from_u128(7)));
    row.alert.resolved_at = Some(DAY);
    row.alert.outcome = Some(Outcome::NoEffect);
    row.alert.notes = vec![Note { at: DAY, by: Some(SAM), text: "Called.".to_owned() }];
    assert_eq!(of(&row, "State"), "resolved");
    assert_eq!((of(&row, "Outcome"), of(&row, "Resolved")), ("no_effect".to_owned(), "2026-03-01".to_owned()));
    assert_eq!(of(&row, "Notes"), "2026-03-01: Called.");
    // Whoever left the workspace keeps their id.
    assert!(of(&row, "Dealt with by").ends_with("000000000007"));
    row.alert.dismissed_at = Some(DAY);
    row.alert.dismissal = Some(Dismissal::NotTrue);
    assert_eq!((of(&row, "State"), of(&row, "Dismissed because")), ("dismissed".to_owned(), "not_true".to_owned()));
}

#[test]
fn a_task_keeps_the_day_and_the_time_on_the_wall() {
    let mut todo = task("Call Ada");
    let of = |todo: &Todo, heading| cell(What::Tasks, &Record::Task(Box::new(todo.clone()), Some(SAM)), heading);
    assert_eq!(
        (of(&todo, "State"), of(&todo, "Due"), of(&todo, "Repeats")),
        ("open".into(), "".into(), "false".into())
    );
    todo.due = Some(When::on(DAY));
    assert_eq!(of(&todo, "Due"), "2026-03-01");
    todo.due = Some(When { day: DAY, minute: Some(545) });
    todo.done_at = Some(DAY);
    assert_eq!((of(&todo, "Due"), of(&todo, "State")), ("2026-03-01 09:05".into(), "done".into()));
    assert_eq!(of(&todo, "Dealt with by"), "sam@northwind.example");
}

#[test]
fn a_number_of_a_day_is_written_with_no_more_digits_than_it_needs() {
    let day = |value| Record::Usage(UsageDay { account_id: NORTHWIND, metric: "logins".to_owned(), day: DAY, value });
    let text = file_of(Format::Csv, &all(What::Usage), &[day(5.0), day(0.25)]);
    let rows: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(rows, ["\"A-2\",\"logins\",2026-03-01,5", "\"A-2\",\"logins\",2026-03-01,0.25"]);
}

#[test]
fn two_hundred_formulas_run_in_no_subject_and_leave_as_they_were() {
    let payloads = super::payloads::payloads();
    assert_eq!(payloads.len(), 200);
    let mut hostile = alert();
    for what in [What::Contacts, What::Alerts, What::Tasks, What::Usage] {
        let (heading, records): (&str, Vec<Record>) = match what {
            What::Contacts => ("Name", payloads.iter().map(|text| Record::Contact(Box::new(contact(text)))).collect()),
            What::Alerts => {
                let mut row = |text: &String| {
                    hostile.alert.rule_name.clone_from(text);
                    Record::Alert(Box::new(hostile.clone()))
                };
                ("Rule", payloads.iter().map(&mut row).collect())
            }
            What::Tasks => ("Title", payloads.iter().map(|text| Record::Task(Box::new(task(text)), None)).collect()),
            _ => {
                let row =
                    |metric: &String| UsageDay { account_id: NORTHWIND, metric: metric.clone(), day: DAY, value: 1.0 };
                ("Metric", payloads.iter().map(row).map(Record::Usage).collect())
            }
        };
        let text = file_of(Format::Csv, &all(what), &records);
        let table = Table::open(decode(text.as_bytes()).unwrap().text).unwrap();
        let place = table.headings().iter().position(|found| found == heading).unwrap();
        let (mut source, mut cells, mut left) = (table.rows(), Cells::new(), Vec::new());
        while source.read(&mut cells).unwrap().is_some() {
            for cell in 0..table.headings().len() {
                let is_number = cells[cell].parse::<f64>().is_ok();
                let risky = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
                assert!(is_number || !cells[cell].starts_with(risky), "{what:?}: {}", &cells[cell]);
            }
            left.push(unguard(&cells[place]).to_string());
        }
        assert_eq!(left, payloads, "{what:?}");
    }
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let asked = |what| Request { what, ..Request::default() };
    for (request, field) in [
        (Request { state: State::Open, ..asked(What::Alerts) }, Some("state")),
        (Request { state: State::Open, ..asked(What::Tasks) }, None),
        (Request { from: Some(DAY), ..asked(What::Contacts) }, Some("from")),
        (Request { from: Some(DAY), to: Some(DAY), ..asked(What::Usage) }, None),
        (Request { from: Some(DAY), to: Some(DAY.plus_days(-1)), ..asked(What::Usage) }, Some("to")),
        (Request { only: Only { search: "x".repeat(101), ..Only::default() }, ..asked(What::Alerts) }, Some("search")),
        (Request { accounts: vec![NORTHWIND; 1_001], ..asked(What::Tasks) }, Some("accounts")),
    ] {
        match (request.check(), field) {
            (Ok(()), None) => {}
            (Err(Refusal::Invalid(errors)), Some(field)) => assert_eq!(errors[0].field, field),
            (answer, field) => panic!("{request:?}: {answer:?}, not {field:?}"),
        }
    }
}

#[test]
fn every_subject_has_a_word_a_state_and_the_field_of_its_date() {
    for what in What::ALL {
        assert_eq!(What::from_key(what.key()), Some(*what));
        assert!(!what.states().is_empty());
        if let (Some(key), Some(catalogue)) = (what.dated_by(), what.catalogue()) {
            assert!(catalogue.get(key).is_some(), "{what:?}");
        }
    }
}

#[test]
fn a_request_of_before_there_was_a_choice_is_one_of_accounts() {
    let old: Request =
        serde_json::from_str(r#"{"format":"csv","filter":"","accounts":[],"columns":["name"]}"#).unwrap();
    assert_eq!(old, Request { columns: vec!["name".to_owned()], ..Request::default() });
}
