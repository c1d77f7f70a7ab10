//! What the page of computed fields asks the server.

use domain::accounts::Account;
use domain::changes::UndoReport;
use domain::fields::Catalogue;
use domain::formula::ComputedField;
use domain::id::{AccountId, BatchId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Computed {
    /// The fields that a formula can look at.
    pub catalogue: Catalogue,
    /// The computed ones.
    pub fields: Vec<ComputedField>,
}

/// Returns the computed fields, and what a formula can look at.
#[server]
pub async fn load_computed() -> Result<Computed> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let catalogue = db::accounts::catalogue(&mut tx).await?;
    Ok(Computed { catalogue, fields: db::formula::list(&mut tx).await? })
}

/// Returns five accounts to show a formula on, the chosen ones first.
#[server(input = Json)]
pub async fn formula_examples(chosen: Vec<AccountId>) -> Result<Vec<Account>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::formula::examples(&mut tx, &chosen).await?)
}

/// Makes a computed field, or changes the one with a full key as the person saw it at `version`; the answer is what
/// takes it back, and nothing where nothing changed. Administrators only.
#[server(input = Json)]
pub async fn save_computed_field(
    key: Option<String>,
    version: i64,
    label: String,
    formula: String,
) -> Result<Option<BatchId>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::batches::open(&mut tx, db::formula::BATCH, &label).await?;
    match key {
        Some(key) => db::formula::change(&mut tx, &key, version, &label, &formula).await?,
        None => drop(db::formula::create(&mut tx, &label, &formula).await?),
    }
    Ok(tx.commit().await?.map(|_| batch))
}

/// Removes a computed field with its values; the answer is what takes it back. Administrators only.
#[server]
pub async fn remove_computed_field(key: String, version: i64) -> Result<BatchId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::batches::open(&mut tx, db::formula::BATCH, &key).await?;
    db::formula::remove(&mut tx, &key, version).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Takes back what was done with a computed field. Administrators only.
#[server]
pub async fn undo_field_change(batch: BatchId) -> Result<UndoReport> {
    let (db, who) = signed_in().await?;
    Ok(db::undo::undo(&db, &who.actor, batch).await?)
}
