//! What the import asks the server.

use domain::changes::{Batch, UndoReport};
use domain::fields::Catalogue;
#[cfg(feature = "ssr")]
use domain::fields::Subject;
use domain::id::{BatchId, PresetId};
use domain::import::kind::Kind;
use domain::import::plan::Options;
use domain::import::preview::Preview;
use domain::import::report::{FileId, ImportId, Inspection, Preset, Status};
use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Imports that the history shows.
#[cfg(feature = "ssr")]
const HISTORY_MAX: i64 = 50;

/// Returns the fields that columns of a file can go to.
#[server(input = Json)]
pub async fn import_fields(kind: Kind) -> Result<Catalogue> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(match kind {
        Kind::AccountWithContact => domain::import::pair::catalogue(db::accounts::catalogue(&mut tx).await?),
        Kind::One(Subject::Account) => db::accounts::catalogue(&mut tx).await?,
        Kind::One(Subject::Contact) => domain::contacts::catalogue(),
        Kind::One(Subject::Usage) => domain::usage::catalogue(),
        Kind::One(Subject::Ticket) => domain::support::catalogue(),
        Kind::One(Subject::Invoice) => domain::revenue::catalogue(),
        Kind::One(Subject::Survey) => domain::surveys::catalogue(),
        Kind::One(_) => Catalogue::default(),
    })
}

/// Returns what an uploaded file holds, with its columns guessed.
#[server(input = Json)]
pub async fn inspect_file(file: FileId, kind: Kind) -> Result<Inspection> {
    let (db, who) = signed_in().await?;
    let upload = desk()?.read(&who.actor, file).await?;
    Ok(db::import::inspect(&db, &who.actor, &upload, kind).await?)
}

/// Returns what an import would do with every row, compared with what is here already.
#[server(input = Json)]
pub async fn preview_import(file: FileId, options: Options) -> Result<Preview> {
    let (db, who) = signed_in().await?;
    let upload = desk()?.read(&who.actor, file).await?;
    Ok(db::import::preview(&db, &who.actor, &upload, &options).await?)
}

/// Starts an import, which goes on when the page is left.
#[server(input = Json)]
pub async fn start_import(file: FileId, options: Options) -> Result<ImportId> {
    let (db, who) = signed_in().await?;
    Ok(desk()?.start(&db, &who.actor, file, options).await?)
}

/// Returns how far an import is.
#[server(input = Json)]
pub async fn import_status(import: ImportId) -> Result<Status> {
    let (_, who) = signed_in().await?;
    Ok(desk()?.status(&who.actor, import)?)
}

/// Stops an import, which then changes nothing.
#[server(input = Json)]
pub async fn cancel_import(import: ImportId) -> Result<()> {
    let (_, who) = signed_in().await?;
    Ok(desk()?.cancel(&who.actor, import)?)
}

/// Returns the newest imports.
#[server(input = Json)]
pub async fn list_imports() -> Result<Vec<Batch>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::batches::list(&mut tx, "import", HISTORY_MAX).await?)
}

/// Takes back everything an import did.
#[server(input = Json)]
pub async fn undo_import(batch: BatchId) -> Result<UndoReport> {
    let (db, who) = signed_in().await?;
    Ok(db::undo::undo(&db, &who.actor, batch).await?)
}

/// Returns the choices that were kept for files of a kind.
#[server(input = Json)]
pub async fn list_presets(kind: Kind) -> Result<Vec<Preset>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::import::list_presets(&mut tx, kind).await?)
}

/// Keeps choices under a name, in place of those that had it before.
#[server(input = Json)]
pub async fn save_preset(name: String, headings: Vec<String>, options: Options) -> Result<PresetId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let id = db::import::save_preset(&mut tx, &name, &headings, &options).await?;
    tx.commit().await?;
    Ok(id)
}

/// Deletes kept choices.
#[server(input = Json)]
pub async fn delete_preset(id: PresetId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::import::delete_preset(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns the desk that the server provides to every request.
#[cfg(feature = "ssr")]
fn desk() -> Result<db::import::Desk> {
    use_context::<db::import::Desk>().ok_or_else(|| crate::error::Error::failed(&"no import desk in context"))
}
