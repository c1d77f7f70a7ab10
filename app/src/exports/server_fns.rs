//! What exports ask the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::export::{Line, Preview, Request};
use domain::id::ExportId;
use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Returns the first rows of a file and how many it would have.
#[server(input = Json)]
pub async fn preview_export(request: Request) -> Result<Preview> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let (manifest, step) = db::export::preview(&mut tx, &request).await?;
    let texts = |record| {
        let cells = super::cells(record, &manifest.columns, &manifest.people, &step.accounts);
        cells.iter().map(domain::export::cells::Cell::text).collect()
    };
    Ok(Preview {
        rows: step.rows.iter().map(texts).collect(),
        headings: manifest.columns.iter().map(|column| column.heading.clone()).collect(),
        total: u32::try_from(manifest.rows).unwrap_or(u32::MAX),
    })
}

/// Orders a file that is made in the background.
#[server(input = Json)]
pub async fn order_export(request: Request) -> Result<ExportId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let id = db::export::order(&mut tx, &request).await?;
    tx.commit().await?;
    Ok(id)
}

/// Returns how far an export is.
#[server]
pub async fn load_export(id: ExportId) -> Result<Line> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::export::get(&mut tx, id).await?)
}

/// Returns the exports that the person sees, newest first.
#[server]
pub async fn list_exports() -> Result<Vec<Line>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::export::history(&mut tx).await?)
}

/// Cancels a file that is being made.
#[server]
pub async fn cancel_export(id: ExportId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::export::cancel(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes an export that is over, with its file.
#[server]
pub async fn remove_export(id: ExportId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::export::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Orders the file of an export once more.
#[server]
pub async fn repeat_export(id: ExportId) -> Result<ExportId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let id = db::export::again(&mut tx, id).await?;
    tx.commit().await?;
    Ok(id)
}
