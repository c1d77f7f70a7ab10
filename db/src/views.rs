//! Saved views of the account grid.

use domain::id::ViewId;
use domain::views::View;
use uuid::Uuid;

use crate::error::Result;
use crate::saved;
use crate::tx::Tx;

/// Returns the asking person's views and the shared ones, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<View>> {
    saved::list(tx).await
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
    let (owner_id, now) = (saved::maker(tx)?, tx.now());
    let ViewDraft { name, filter, sort, columns, shared } = draft;
    let id = ViewId(Uuid::now_v7());
    let view = View { id, version: 1, name, owner_id, shared, filter, sort, columns, created_at: now, updated_at: now };
    saved::create(tx, view).await
}

/// Replaces what a view shows: its owner may, and managers for shared ones.
pub async fn update(tx: &mut Tx, id: ViewId, draft: ViewDraft) -> Result<View> {
    let ViewDraft { name, filter, sort, columns, shared } = draft;
    saved::update(tx, id.0, None, |view: View| View { name, filter, sort, columns, shared, ..view }).await
}

/// Deletes a view: its owner may, and managers for shared ones.
pub async fn remove(tx: &mut Tx, id: ViewId) -> Result<()> {
    saved::remove::<View>(tx, id.0).await.map(|_| ())
}
