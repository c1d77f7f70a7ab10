//! What the account grid asks the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::accounts::{AccountPage, AccountQuery, AccountRow};
use domain::changes::UndoReport;
use domain::fields::Catalogue;
use domain::id::{AccountId, BatchId, UserId, ViewId};
use domain::views::View;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;
use crate::written::{Written, WrittenJson};

/// Rows of one page of the grid.
pub const PAGE_ROWS: u32 = 100;
/// Most accounts that are changed together.
pub const BULK_MAX: usize = 1_000;

/// What the page begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The fields that exist.
    pub catalogue: Catalogue,
    /// The saved views that the person sees.
    pub views: Vec<View>,
    /// What the first page answers.
    pub query: AccountQuery,
    /// The first page, or why there is none; a mistyped filter must not take the page away.
    pub page: Result<AccountPage>,
}

/// What a person says of a view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// What it is called.
    pub name: String,
    /// Which accounts it shows.
    pub filter: String,
    /// Their order.
    pub sort: String,
    /// The fields it shows.
    pub columns: Vec<String>,
    /// Whether everybody sees it.
    pub shared: bool,
}

/// An edit that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edited {
    /// The account as it is now.
    pub row: AccountRow,
    /// What takes the edit back; nothing where nothing changed.
    pub batch: Option<BatchId>,
}

/// What a field holds now, and who put it there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Latest {
    /// The account as it is now.
    pub row: AccountRow,
    /// Who last changed the field, where that is known.
    pub by: Option<UserId>,
}

/// A change of many accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum BulkChange {
    /// Another owner, or none.
    Owner(Option<UserId>),
    /// Another lifecycle stage.
    Stage(String),
    /// One more tag.
    Tag(String),
}

/// A change of many accounts that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BulkDone {
    /// What takes all of it back.
    pub batch: BatchId,
    /// How many accounts it was made on.
    pub accounts: u32,
}

/// Returns everything the page begins with; `view` is the key of a ready view or the id of a saved one, which
/// `filter` and `sort` overrule.
#[server(input = server_fn::codec::Json)]
pub async fn start_accounts(view: String, filter: Option<String>, sort: Option<String>) -> Result<Start> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let catalogue = db::accounts::catalogue(&mut tx).await?;
    let views = db::views::list(&mut tx).await?;
    let base = super::address::Base::of(&view, &views);
    let query = AccountQuery {
        filter: filter.unwrap_or(base.filter),
        sort: sort.unwrap_or(base.sort),
        offset: 0,
        limit: PAGE_ROWS,
    };
    let page = db::accounts::page(&mut tx, &query).await.map_err(Into::into);
    Ok(Start { catalogue, views, query, page })
}

/// Returns one page of accounts, with how many there are in all.
#[server(input = server_fn::codec::Json, output = server_fn::codec::Post<WrittenJson>)]
pub async fn list_accounts(query: AccountQuery) -> Result<Written<AccountPage>> {
    let (db, who) = signed_in().await?;
    Ok(Written::Text(db::accounts::page_text(&db, &who.actor, &query).await?.into()))
}

/// Returns the ids of the first accounts, as many as can be changed together.
#[server(input = server_fn::codec::Json)]
pub async fn first_accounts(filter: String, sort: String) -> Result<Vec<AccountId>> {
    const STEP: u32 = 200;
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let mut query = AccountQuery { filter, sort, offset: 0, limit: STEP };
    let mut ids = Vec::new();
    while ids.len() < BULK_MAX {
        let page = db::accounts::page(&mut tx, &query).await?;
        ids.extend(page.rows.iter().map(|row| row.account.id));
        query.offset += STEP;
        if query.offset >= page.total {
            break;
        }
    }
    Ok(ids)
}

/// Returns the fields an account has in this workspace.
#[server]
pub async fn account_fields() -> Result<Catalogue> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::accounts::catalogue(&mut tx).await?)
}

/// Sets one field; `value` is JSON, and `version` the one the person saw.
#[server]
pub async fn edit_account(id: AccountId, version: i64, key: String, value: String) -> Result<Edited> {
    let value = json(&key, &value)?;
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let row = db::accounts::edit(&mut tx, id, version, &key, value).await?;
    let batch = tx.batch();
    let grown = tx.commit().await?;
    Ok(Edited { row, batch: batch.filter(|_| grown.is_some()) })
}

#[cfg(feature = "ssr")]
fn json(key: &str, text: &str) -> Result<serde_json::Value> {
    let refused = |_| domain::refusal::Refusal::field(key, "This value does not fit the field.").into();
    serde_json::from_str(text).map_err(refused)
}

/// Returns what an account is now and who last changed one of its fields, after somebody was faster.
#[server]
pub async fn latest_account(id: AccountId, key: String) -> Result<Latest> {
    const LOOKED_AT: i64 = 100;
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let row = db::accounts::row(&mut tx, id).await?;
    let entries = db::log::of_account(&mut tx, id, i64::MAX, LOOKED_AT).await?;
    let last = entries.iter().find(|entry| entry.subject_id == id.0 && entry.after.contains_key(&key));
    Ok(Latest { row, by: last.and_then(|entry| entry.actor) })
}

/// Changes many accounts at once, as one batch.
#[server(input = server_fn::codec::Json)]
pub async fn bulk_edit(ids: Vec<AccountId>, change: BulkChange) -> Result<BulkDone> {
    use domain::refusal::Refusal;
    if ids.is_empty() || ids.len() > BULK_MAX {
        return Err(Refusal::Conflict("Select between 1 and 1,000 accounts.".to_owned()).into());
    }
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    tx.require(domain::identity::Role::Csm)?;
    let batch = db::batches::open(&mut tx, "edit", &format!("{} accounts", ids.len())).await?;
    let mut accounts = 0;
    for id in ids {
        let account = db::accounts::get(&mut tx, id).await?;
        let (key, value) = bulk_value(&change, account.tags);
        db::accounts::edit(&mut tx, id, account.version, key, value).await?;
        accounts += 1;
    }
    tx.commit().await?;
    Ok(BulkDone { batch, accounts })
}

#[cfg(feature = "ssr")]
fn bulk_value(change: &BulkChange, mut tags: Vec<String>) -> (&'static str, serde_json::Value) {
    match change {
        BulkChange::Owner(owner) => ("owner_id", owner.map_or(serde_json::Value::Null, |id| id.to_string().into())),
        BulkChange::Stage(stage) => ("stage", stage.as_str().into()),
        BulkChange::Tag(tag) => {
            tags.push(tag.clone());
            ("tags", tags.into())
        }
    }
}

/// Creates an account with nothing but a name.
#[server]
pub async fn create_account(name: String) -> Result<AccountId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let account = db::accounts::create(&mut tx, &name).await?;
    tx.commit().await?;
    Ok(account.id)
}

/// Takes an edit of the grid back.
#[server]
pub async fn undo_batch(batch: BatchId) -> Result<UndoReport> {
    let (db, who) = signed_in().await?;
    Ok(db::undo::undo(&db, &who.actor, batch).await?)
}

/// Returns the saved views that the person sees.
#[server]
pub async fn list_views() -> Result<Vec<View>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::views::list(&mut tx).await?)
}

/// Saves a new view, or with an id replaces what that one shows.
#[server(input = server_fn::codec::Json)]
pub async fn save_view(id: Option<ViewId>, draft: Draft) -> Result<View> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let Draft { name, filter, sort, columns, shared } = draft;
    let draft = db::views::ViewDraft { name, filter, sort, columns, shared };
    let view = match id {
        Some(id) => db::views::update(&mut tx, id, draft).await?,
        None => db::views::create(&mut tx, draft).await?,
    };
    tx.commit().await?;
    Ok(view)
}

/// Deletes a view.
#[server]
pub async fn remove_view(id: ViewId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::views::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}
