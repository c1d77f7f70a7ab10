//! Tests of the import, one file for each step.

mod files;
mod mapping;
mod pairs;
mod plans;
mod values;
mod writing;

use super::decode::decode;
use super::mapping::{Mapping, guess};
use super::plan::Options;
use super::profile::Profile;
use super::table::{Cells, RowSource, Table};
use crate::fields::{Catalogue, Subject};
use crate::money::Currency;

fn rows(table: &Table<'_>) -> Vec<Vec<String>> {
    let (mut rows, mut source, mut cells) = (Vec::new(), table.rows(), Cells::new());
    while source.read(&mut cells).unwrap().is_some() {
        rows.push(cells.iter().map(str::to_owned).collect());
    }
    rows
}

fn guessed(table: &Table<'_>, catalogue: &Catalogue, subject: Subject) -> Mapping {
    guess(table.headings(), &Profile::of(&mut table.rows()).unwrap(), catalogue, subject)
}

fn usual(table: &Table<'_>, catalogue: &Catalogue, subject: Subject) -> Options {
    Options::new(subject, guessed(table, catalogue, subject), Currency::USD)
}

fn open(text: &str) -> Table<'_> {
    Table::open(decode(text.as_bytes()).unwrap().text).unwrap()
}
