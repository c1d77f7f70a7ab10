//! Rows of an export as a table on paper: the same columns and cells as in any other file, as far as a page is wide.

use domain::export::What;
use domain::export::cells::Cell as Value;
use domain::export::columns::Column as Source;
use domain::fields::FieldType;
use domain::report::{Block, Cell, Chapter, Column, Report, Row, Table};

use super::pen::{Paper, noted};
use crate::exports::what_word;
use crate::format;
use crate::i18n::td_string;

/// Returns rows as a document; it says who they are of in the words of the export.
#[must_use]
pub fn list(what: What, columns: &[Source], rows: &[Vec<Value>], paper: &Paper) -> Report {
    paper.written(&[], || {
        let title = what_word(what, paper.locale);
        let count = td_string!(paper.locale, paper.list_count, count = format::integer(rows.len() as i64));
        let table = Table {
            columns: columns.iter().map(column).collect(),
            rows: rows
                .iter()
                .map(|row| Row::plain(row.iter().map(|value| Cell::text(text(value))).collect()))
                .collect(),
        };
        let blocks = vec![noted(title, count), Block::Table(table)];
        paper.bound(title, title.to_owned(), vec![Chapter { name: title.to_owned(), blocks }])
    })
}

fn column(source: &Source) -> Column {
    let label = source.heading.as_str();
    match (source.field.key.as_str(), &source.field.kind) {
        ("name", _) => Column::new(label, 28.0),
        ("currency", _) => Column::new(label, 9.0),
        (_, FieldType::Number | FieldType::Percent) => Column::numbers(label, 11.0),
        (_, FieldType::Money) => Column::numbers(label, 14.0),
        (_, FieldType::Date) => Column::new(label, 14.0),
        _ => Column::new(label, 18.0),
    }
}

/// Returns a value as a person reads it, where a file has it as a program does.
fn text(value: &Value) -> String {
    match value {
        Value::Number(number) => format::number(*number),
        Value::Whole(number) => format::integer(*number),
        Value::Amount(digits) => digits.parse().map_or_else(|_| digits.clone(), format::number),
        Value::Moment(at) if *at == at.day_start() => format::date(*at),
        Value::Moment(at) => format::date_time(*at),
        Value::Blank => "–".to_owned(),
        Value::Text(_) | Value::Bool(_) | Value::Words(_) => value.text(),
    }
}
