//! Taking things out: which rows in which order, a few at a time, and the history of who took what.

mod documents;
mod history;
mod keys;
mod steps;

use domain::changes::Change;
use domain::export::cells::Names;
use domain::export::columns::{self, Column};
use domain::export::{Export, Format, PAPER_COLUMNS_MAX, PREVIEW_ROWS, Request};
use domain::fields::{Catalogue, Subject};
use domain::filter;
use domain::id::ExportId;
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::reports::Keyed;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{NewEntry, Tx};
use crate::{accounts, identity, subjects};

pub use documents::{begin_batch, begin_document, begin_reports, begin_summary, matching};
pub use history::{
    Done, TASK, Turn, again, cancel, expire, fail, finish, get, history, is_expired, kept, note, order, remove, take,
    turn,
};
pub use steps::{Place, STEP, Step, step};

/// What leaves, before its rows are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// What was asked for.
    pub request: Request,
    /// The rows in the order of the file: accounts with parents before their children; of usage the accounts.
    pub ids: Vec<Uuid>,
    /// How many rows the file has.
    pub rows: u64,
    /// The columns, from left to right.
    pub columns: Vec<Column>,
    /// What the file calls people.
    pub people: Names,
}

/// Begins an export that is sent at once: notes in the log and in the history who takes what, and returns it.
pub async fn begin(tx: &mut Tx, request: &Request) -> Result<Manifest> {
    let manifest = manifest(tx, request).await?;
    let (by, now) = (tx.actor().user, tx.now());
    let rows = u32::try_from(manifest.rows).unwrap_or(u32::MAX);
    let export = Export::new(ExportId(Uuid::now_v7()), request.clone(), by, rows, now).sent(now);
    subjects::create(tx, &export).await?;
    note_taken(tx, &manifest.request, &manifest.columns, manifest.rows);
    Ok(manifest)
}

/// Notes in the log that somebody takes a file.
fn note_taken(tx: &mut Tx, request: &Request, columns: &[Column], rows: u64) {
    let keys: Vec<&str> = columns.iter().map(|column| column.field.key.as_str()).collect();
    record(
        tx,
        json!({
            "what": request.what.key(), "format": request.format.key(), "rows": rows,
            "filter": request.filter, "chosen": request.accounts.len(), "columns": keys,
        }),
    );
}

fn record(tx: &mut Tx, after: Value) {
    let entry = NewEntry {
        change: Change::Exported,
        subject: Subject::Workspace,
        subject_id: tx.workspace(),
        account: None,
        before: Map::new(),
        after: match after {
            Value::Object(after) => after,
            _ => Map::new(),
        },
    };
    tx.record(entry);
}

/// Returns the first rows of a file and what leaves in all; what the screen shows anyway is not noted.
pub async fn preview(tx: &mut Tx, request: &Request) -> Result<(Manifest, Step)> {
    let manifest = manifest(tx, request).await?;
    let step = steps::first(tx, &manifest, PREVIEW_ROWS).await?;
    Ok((manifest, step))
}

/// Returns what leaves, without a line in the log: for a file that is made now and taken later.
pub async fn manifest(tx: &mut Tx, request: &Request) -> Result<Manifest> {
    tx.require(Role::Csm)?;
    request.check()?;
    let catalogue = accounts::catalogue(tx).await?;
    check_filter(&request.filter, &catalogue)?;
    let mut columns = columns::columns(&request.what.catalogue().unwrap_or(catalogue), &request.columns)?;
    if request.format == Format::Pdf && request.columns.is_empty() {
        columns.truncate(PAPER_COLUMNS_MAX);
    }
    let keys = keys::keys(tx, request).await?;
    let people = identity::users(tx).await?.into_iter().map(|user| (user.id.to_string(), user.email)).collect();
    Ok(Manifest { request: request.clone(), ids: keys.ids, rows: keys.rows, columns, people })
}

/// Refuses a mistake with its place, as there is no line below which it could be underlined.
fn check_filter(text: &str, catalogue: &Catalogue) -> Result<(), Refusal> {
    let place = |error: filter::FilterError| {
        Refusal::field("filter", format!("At character {} of the filter: {}", error.at + 1, error.message))
    };
    filter::parse(text, catalogue).map(drop).map_err(place)
}
