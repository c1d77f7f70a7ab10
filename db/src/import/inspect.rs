//! What a file holds: its columns, a guess at what they are, and its first rows.

use domain::identity::{Actor, Role};
use domain::import::kind::Kind;
use domain::import::mapping::guess;
use domain::import::plan::Options;
use domain::import::profile::Profile;
use domain::import::report::Inspection;
use domain::import::table::{Cells, RowSource, Table};
use domain::import::value::cut;
use domain::money::Currency;
use domain::refusal::Refusal;

use super::files::Upload;
use super::prepare::catalogue;
use super::run::reader_failed;
use crate::error::Result;
use crate::identity;
use crate::pool::Db;

/// Rows that are shown.
const ROWS_SHOWN: usize = 10;
/// Characters of a cell that are shown.
const CELL_CHARS_SHOWN: usize = 200;

/// Looks at every row of a file and guesses which field each column is.
pub async fn inspect(db: &Db, actor: &Actor, upload: &Upload, kind: impl Into<Kind>) -> Result<Inspection> {
    actor.require(Role::Csm)?;
    let kind = kind.into();
    let mut tx = db.read(actor).await?;
    let catalogue = catalogue(&mut tx, kind).await?;
    let currency = identity::workspace(&mut tx).await?.1.parse().unwrap_or(Currency::USD);
    drop(tx);
    let upload = upload.clone();
    tokio::task::spawn_blocking(move || {
        let table = Table::open(&*upload.text).map_err(Refusal::from)?;
        let profile = Profile::of(&mut table.rows()).map_err(Refusal::from)?;
        let mapping = guess(table.headings(), &profile, &catalogue, kind);
        Ok(Inspection {
            name: upload.name,
            headings: table.headings().to_vec(),
            delimiter: table.delimiter(),
            encoding: upload.encoding,
            options: Options::new(kind, mapping, currency),
            catalogue,
            sample: sample(&table),
            rows: profile.rows,
        })
    })
    .await
    .map_err(reader_failed)?
}

fn sample(table: &Table<'_>) -> Vec<Vec<String>> {
    let (mut rows, mut cells, mut sample) = (table.rows(), Cells::new(), Vec::new());
    while sample.len() < ROWS_SHOWN && matches!(rows.read(&mut cells), Ok(Some(_))) {
        sample.push(cells.iter().map(|cell| cut(cell, CELL_CHARS_SHOWN)).collect());
    }
    sample
}
