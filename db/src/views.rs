//! Saved views of the account grid.

use domain::id::ViewId;
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::views::View;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::accounts;
use crate::error::Result;
use crate::subjects::{self, from_document};
use crate::tx::{Tx, on};

/// Most views of one workspace.
const VIEWS_MAX: i64 = 1_000;

/// Returns the asking person's views and the shared ones, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<View>> {
    let workspace = tx.workspace();
    let user = tx.actor().user;
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM views WHERE workspace_id = $1 ORDER BY name, id LIMIT $2")
        .bind(workspace).bind(VIEWS_MAX).fetch_all(c).await)?;
    let mut views = Vec::with_capacity(rows.len());
    for (Json(doc),) in rows {
        let view: View = from_document(doc)?;
        if view.shared || Some(view.owner_id) == user {
            views.push(view);
        }
    }
    Ok(views)
}

/// What a person says of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewDraft {
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

/// Saves a new view; sharing it takes a manager.
pub async fn create(tx: &mut Tx, draft: ViewDraft) -> Result<View> {
    let owner = tx.actor().user.ok_or(Refusal::SignedOut)?;
    if draft.shared {
        tx.require(Role::Manager)?;
    }
    let now = tx.now();
    let view = View {
        id: ViewId(Uuid::now_v7()),
        version: 1,
        name: draft.name,
        owner_id: owner,
        shared: draft.shared,
        filter: draft.filter,
        sort: draft.sort,
        columns: draft.columns,
        created_at: now,
        updated_at: now,
    };
    let view = view.check(&accounts::catalogue(tx).await?)?;
    subjects::create(tx, &view).await?;
    Ok(view)
}

/// Replaces what a view shows: its owner may, and managers for shared ones.
pub async fn update(tx: &mut Tx, id: ViewId, draft: ViewDraft) -> Result<View> {
    let before = mine(tx, id).await?;
    if draft.shared && !before.shared {
        tx.require(Role::Manager)?;
    }
    let mut after = before.clone();
    (after.name, after.filter, after.sort) = (draft.name, draft.filter, draft.sort);
    (after.columns, after.shared) = (draft.columns, draft.shared);
    let after = after.check(&accounts::catalogue(tx).await?)?;
    subjects::update(tx, &before, &after).await?;
    subjects::get(tx, id.0).await
}

/// Deletes a view: its owner may, and managers for shared ones.
pub async fn remove(tx: &mut Tx, id: ViewId) -> Result<()> {
    let view = mine(tx, id).await?;
    subjects::remove(tx, &view).await
}

async fn mine(tx: &mut Tx, id: ViewId) -> Result<View> {
    let view: View = subjects::get(tx, id.0).await?;
    let owner = Some(view.owner_id) == tx.actor().user;
    match (owner, view.shared) {
        (true, _) => Ok(view),
        (false, true) => {
            tx.require(Role::Manager)?;
            Ok(view)
        }
        // Somebody else's private view does not exist for anybody else.
        (false, false) => Err(Refusal::NotFound.into()),
    }
}
