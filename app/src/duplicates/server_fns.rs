//! What the page of duplicates asks the server.

use domain::changes::UndoReport;
use domain::duplicates::contacts::Person;
use domain::duplicates::{Decision, Found, Proposal};
use domain::id::{AccountId, BatchId, ContactId};
use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Returns the accounts that may be one customer.
#[server]
pub async fn load_duplicates() -> Result<Found> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::duplicates::find(&mut tx).await?)
}

/// Returns what merging two accounts would do.
#[server]
pub async fn propose_merge(keep: AccountId, gone: AccountId) -> Result<Proposal> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::duplicates::propose(&mut tx, keep, gone).await?)
}

/// Makes one account of two; the answer is what takes it back.
#[server(input = Json)]
pub async fn merge_accounts(decision: Decision) -> Result<BatchId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::duplicates::merge(&mut tx, &decision).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Notes that accounts are different customers; the answer is what takes it back.
#[server(input = Json)]
pub async fn tell_apart(accounts: Vec<AccountId>) -> Result<BatchId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::duplicates::tell_apart(&mut tx, &accounts).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Returns the contacts that may be one person.
#[server]
pub async fn load_duplicate_contacts() -> Result<Found<Person>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::duplicates::contacts::find(&mut tx).await?)
}

/// Returns what merging two contacts would do.
#[server]
pub async fn propose_contact_merge(keep: ContactId, gone: ContactId) -> Result<Proposal<Person>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::duplicates::contacts::propose(&mut tx, keep, gone).await?)
}

/// Makes one contact of two; the answer is what takes it back.
#[server(input = Json)]
pub async fn merge_contacts(decision: Decision<ContactId>) -> Result<BatchId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::duplicates::contacts::merge(&mut tx, &decision).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Notes that contacts are different people; the answer is what takes it back.
#[server(input = Json)]
pub async fn tell_contacts_apart(contacts: Vec<ContactId>) -> Result<BatchId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::duplicates::contacts::tell_apart(&mut tx, &contacts).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Takes a merge back, or that records were told apart.
#[server]
pub async fn undo_merge(batch: BatchId) -> Result<UndoReport> {
    let (db, who) = signed_in().await?;
    Ok(db::undo::undo(&db, &who.actor, batch).await?)
}

/// Returns the account that a merged one became, with its name.
#[server]
pub async fn merged_into(id: AccountId) -> Result<Option<(AccountId, String)>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::duplicates::became(&mut tx, id).await?)
}
