//! What people save under a name and share: views of the grid, reports and dashboards.
//!
//! Each belongs to whoever made it. Everybody may keep their own; sharing one, and changing a shared one of somebody
//! else, takes a manager. What somebody keeps to themselves does not exist for anybody else.

use domain::changes::Change;
use domain::fields::Catalogue;
use domain::id::{BatchId, UserId};
use domain::identity::Role;
use domain::refusal::Refusal;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::accounts;
use crate::error::Result;
use crate::log;
use crate::subjects::{self, Doc, from_document};
use crate::tx::{Tx, on};

/// Most of a kind that one person sees.
const SAVED_MAX: i64 = 500;
/// Lines of a deletion that are looked at to take it back: it has one.
const LINES_MAX: i64 = 10;

/// What is saved under a name by somebody, for themselves or for everybody.
pub(crate) trait Saved: Doc {
    /// Lists those that `$2` sees, by name.
    const LIST: &'static str;
    /// Returns the number of its present version.
    fn version(&self) -> i64;
    /// Returns who made it.
    fn owner(&self) -> UserId;
    /// Returns whether everybody sees it.
    fn is_shared(&self) -> bool;
    /// Returns it as it is stored, or everything that is wrong with it.
    fn checked(self, catalogue: &Catalogue) -> std::result::Result<Self, Refusal>;
}

macro_rules! saved {
    ($type:ty, $table:literal) => {
        impl Saved for $type {
            const LIST: &'static str = concat!(
                "SELECT doc FROM ",
                $table,
                " WHERE workspace_id = $1 AND (shared = 1 OR owner_id = $2) ORDER BY lower(name), id LIMIT $3"
            );
            fn version(&self) -> i64 {
                self.version
            }
            fn owner(&self) -> UserId {
                self.owner_id
            }
            fn is_shared(&self) -> bool {
                self.shared
            }
            fn checked(self, catalogue: &Catalogue) -> std::result::Result<Self, Refusal> {
                self.check(catalogue)
            }
        }
    };
}

saved!(domain::views::View, "views");
saved!(domain::reports::Report, "reports");
saved!(domain::dashboards::Dashboard, "dashboards");

/// Returns the asking person's own and the shared ones, by name.
pub(crate) async fn list<T: Saved>(tx: &mut Tx) -> Result<Vec<T>> {
    let (workspace, user) = (tx.workspace(), tx.actor().user.map(|user| user.0));
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(T::LIST)
        .bind(workspace).bind(user).bind(SAVED_MAX).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}

/// Returns one that the asking person sees.
pub(crate) async fn get<T: Saved>(tx: &mut Tx, id: Uuid) -> Result<T> {
    let saved: T = subjects::get(tx, id).await?;
    let is_seen = saved.is_shared() || Some(saved.owner()) == tx.actor().user;
    if is_seen { Ok(saved) } else { Err(Refusal::NotFound.into()) }
}

/// Returns whose the next one will be.
pub(crate) fn maker(tx: &Tx) -> Result<UserId> {
    Ok(tx.actor().user.ok_or(Refusal::SignedOut)?)
}

/// Saves a new one; sharing it takes a manager.
pub(crate) async fn create<T: Saved>(tx: &mut Tx, saved: T) -> Result<T> {
    if saved.is_shared() {
        tx.require(Role::Manager)?;
    }
    if list::<T>(tx).await?.len() as i64 >= SAVED_MAX {
        return Err(Refusal::Conflict("There are 500 already. Delete some first.".to_owned()).into());
    }
    let saved = saved.checked(&accounts::catalogue(tx).await?)?;
    subjects::create(tx, &saved).await?;
    Ok(saved)
}

/// Changes one: its owner may, and managers shared ones. With a version, only if it is still that one.
pub(crate) async fn update<T: Saved + Clone>(
    tx: &mut Tx,
    id: Uuid,
    version: Option<i64>,
    change: impl FnOnce(T) -> T,
) -> Result<T> {
    let before: T = mine(tx, id).await?;
    if version.is_some_and(|version| version != before.version()) {
        let sentence = "Somebody changed this meanwhile. It is shown as it is now: make your change again.";
        return Err(Refusal::Conflict(sentence.to_owned()).into());
    }
    let after = change(before.clone()).checked(&accounts::catalogue(tx).await?)?;
    if after.is_shared() && !before.is_shared() {
        tx.require(Role::Manager)?;
    }
    subjects::update(tx, &before, &after).await?;
    subjects::get(tx, id).await
}

/// Deletes one: its owner may, and managers shared ones. Returns what takes the deletion back.
pub(crate) async fn remove<T: Saved>(tx: &mut Tx, id: Uuid) -> Result<BatchId> {
    let saved: T = mine(tx, id).await?;
    let batch = BatchId(Uuid::now_v7());
    tx.set_batch(batch);
    subjects::remove(tx, &saved).await?;
    Ok(batch)
}

/// Takes one's own deletion back: the same thing under the same id, as it was.
pub(crate) async fn restore<T: Saved>(tx: &mut Tx, batch: BatchId) -> Result<T> {
    let maker = maker(tx)?;
    let rows = log::of_batch(tx, batch, i64::MAX, LINES_MAX).await?;
    let mut found = None;
    for row in rows {
        let entry = log::entry(row)?;
        if entry.change == Change::Deleted && entry.subject == T::TABLE.subject() && entry.actor == Some(maker) {
            found = Some(from_document::<T>(entry.before)?);
        }
    }
    let saved = found.ok_or(Refusal::NotFound)?;
    if subjects::find::<T>(tx, saved.id()).await?.is_some() {
        return Err(Refusal::Conflict("This was brought back already.".to_owned()).into());
    }
    create(tx, saved).await
}

async fn mine<T: Saved>(tx: &mut Tx, id: Uuid) -> Result<T> {
    let saved: T = get(tx, id).await?;
    if Some(saved.owner()) != tx.actor().user {
        tx.require(Role::Manager)?;
    }
    Ok(saved)
}
