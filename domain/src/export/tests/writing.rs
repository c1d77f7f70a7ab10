use serde_json::Value;

use super::super::columns::{Column, columns};
use super::super::text::TextWriter;
use super::super::{Format, Record, What, file_name};
use super::{account, all, cells_of, file, full, workspace};
use crate::health::Points;
use crate::refusal::Refusal;
use crate::time::Timestamp;

fn keys(columns: &[Column]) -> Vec<&str> {
    columns.iter().map(|column| column.field.key.as_str()).collect()
}

fn chosen(keys: &[&str]) -> Result<Vec<Column>, Refusal> {
    columns(&workspace(), &keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>())
}

#[test]
fn without_a_choice_all_that_can_be_imported_goes_out() {
    let columns = all(&workspace());
    assert!(columns.iter().all(|column| column.field.editable));
    assert_eq!(keys(&columns)[..2], ["name", "external_id"]);
    assert_eq!(keys(&columns).last(), Some(&"custom.nps"));
}

#[test]
fn amounts_bring_their_currency_and_no_column_comes_twice() {
    assert_eq!(keys(&chosen(&["name", "mrr_minor", "name"]).unwrap()), ["name", "mrr_minor", "currency"]);
    assert_eq!(keys(&chosen(&["currency", "arr_minor"]).unwrap()), ["currency", "arr_minor"]);
}

#[test]
fn headings_tell_fields_apart_and_what_is_computed() {
    let columns = chosen(&["tier", "custom.tier", "score", "sentiment", "custom.gap"]).unwrap();
    let headings: Vec<&str> = columns.iter().map(|column| column.heading.as_str()).collect();
    assert_eq!(headings, ["Tier", "tier", "Health score (computed)", "Sentiment (0-100)", "Gap (computed)"]);
}

#[test]
fn an_unknown_column_is_refused_by_its_name() {
    let Err(Refusal::Invalid(errors)) = chosen(&["name", "arr"]) else { panic!("not refused") };
    assert_eq!(errors[0].field, "columns");
    assert!(errors[0].message.starts_with("There is no field “arr”. Choose from: name, "), "{errors:?}");
}

#[test]
fn csv_is_written_by_the_book() {
    let columns =
        chosen(&["name", "external_id", "arr_minor", "renewal_at", "contract_start", "seats", "tags", "custom.nps"]);
    let text = file(Format::Csv, &columns.unwrap(), &[full()]);
    let (head, row) = text.split_once("\r\n").unwrap();
    assert_eq!(head, r#""Name","External ID","ARR","Renewal","Contract start","Seats","Tags","NPS","Currency""#);
    assert_eq!(
        row,
        "\"Northwind, \"\"the\"\" traders\",\"A-1\",-1200,2027-03-01,2020-09-13T12:26:40.123Z,2.5,\"'=b; a\",-7,\"JPY\"\r\n"
    );
}

#[test]
fn amounts_are_exact_and_say_no_more_than_they_must() {
    let columns = chosen(&["arr_minor"]).unwrap();
    for (minor, code, text) in [
        (125_050, "USD", "1250.5"),
        (-5, "USD", "-0.05"),
        (100, "EUR", "1"),
        (0, "EUR", "0"),
        (7, "JPY", "7"),
        (1, "BHD", "0.001"),
        (i64::MAX, "USD", "92233720368547758.07"),
    ] {
        let mut row = account(1, "Acme");
        (row.account.arr_minor, row.account.currency) = (Some(minor), code.parse().unwrap());
        assert_eq!(cells_of(&Record::Account(Box::new(row)), &columns)[0].text(), text);
    }
}

#[test]
fn json_keeps_the_order_of_the_columns_and_the_kinds_of_values() {
    let columns = chosen(&["name", "arr_minor", "tags", "sentiment", "domain", "score", "renewal_at"]).unwrap();
    let mut row = full();
    row.rollup = Some(Points::ZERO);
    row.account.domain = None;
    let text = file(Format::Json, &columns, &[row, account(2, "B")]);
    let line = r#"{"Name":"Northwind, \"the\" traders","ARR":-1200,"Tags":["=b","a"],"Sentiment (0-100)":0.5,"Domain":null,"Health score (computed)":null,"Renewal":"2027-03-01","Currency":"JPY"}"#;
    assert_eq!(text.lines().nth(1).unwrap(), format!("{line},"));
    assert_eq!(serde_json::from_str::<Vec<Value>>(&text).unwrap().len(), 2);
    assert_eq!(file(Format::Json, &columns, &[]), "[]\n");
}

#[test]
fn only_a_file_for_excel_bears_a_mark() {
    let writer = TextWriter::new(Format::Csv, &chosen(&["name"]).unwrap());
    let (mut marked, mut plain) = (String::new(), String::new());
    writer.begin(true, &mut marked);
    writer.begin(false, &mut plain);
    assert_eq!(marked, format!("\u{feff}{plain}"));
}

#[test]
fn a_derived_revenue_stays_blank_and_strange_years_are_no_sums() {
    let columns = chosen(&["arr_minor", "renewal_at"]).unwrap();
    let mut row = account(1, "Acme");
    row.account.mrr_minor = Some(100);
    row.account.renewal_at = Some(Timestamp(8_000_000_000_000_000));
    let text = file(Format::Csv, &columns, &[row]);
    assert!(text.contains("\r\n,\"'+"), "{text}");
}

#[test]
fn a_file_is_called_after_its_day() {
    assert_eq!(file_name(What::Accounts, Format::Xlsx, Timestamp(0)), "accounts-1970-01-01.xlsx");
    assert!(Format::ALL.iter().all(|format| Format::from_key(format.key()) == Some(*format)));
}
