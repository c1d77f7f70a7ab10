//! What hangs on an account: contacts, tickets, invoices, survey responses and activities.

use domain::activities::{self, Activity};
use domain::contacts::Contact;
use domain::id::{AccountId, ActivityId};
use domain::refusal::Refusal;
use domain::revenue::Invoice;
use domain::support::Ticket;
use domain::surveys::Response;
use domain::time::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::accounts;
use crate::error::Result;
use crate::subjects::{self, from_document};
use crate::tx::{Tx, on};

/// Most rows of one kind that an account's page loads.
const ROWS_MAX: i64 = 500;

async fn list<T: DeserializeOwned>(tx: &mut Tx, sql: &'static str, account: AccountId) -> Result<Vec<T>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Map<String, Value>>,)> =
        on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(account.0).bind(ROWS_MAX).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}

/// Returns an account's contacts by name.
pub async fn contacts(tx: &mut Tx, account: AccountId) -> Result<Vec<Contact>> {
    let mut contacts: Vec<Contact> =
        list(tx, "SELECT doc FROM contacts WHERE workspace_id = $1 AND account_id = $2 LIMIT $3", account).await?;
    contacts.sort_by(|a, b| (a.left_at.is_some(), &a.name).cmp(&(b.left_at.is_some(), &b.name)));
    Ok(contacts)
}

/// Returns an account's tickets, newest first.
pub async fn tickets(tx: &mut Tx, account: AccountId) -> Result<Vec<Ticket>> {
    list(
        tx,
        "SELECT doc FROM tickets WHERE workspace_id = $1 AND account_id = $2 ORDER BY opened_at DESC LIMIT $3",
        account,
    )
    .await
}

/// Returns an account's invoices, newest first.
pub async fn invoices(tx: &mut Tx, account: AccountId) -> Result<Vec<Invoice>> {
    list(
        tx,
        "SELECT doc FROM invoices WHERE workspace_id = $1 AND account_id = $2 ORDER BY issued_at DESC LIMIT $3",
        account,
    )
    .await
}

/// Returns an account's survey responses, newest first.
pub async fn surveys(tx: &mut Tx, account: AccountId) -> Result<Vec<Response>> {
    list(
        tx,
        "SELECT doc FROM surveys WHERE workspace_id = $1 AND account_id = $2 ORDER BY answered_at DESC LIMIT $3",
        account,
    )
    .await
}

/// Returns an account's activities, newest first.
pub async fn activities(tx: &mut Tx, account: AccountId) -> Result<Vec<Activity>> {
    list(
        tx,
        "SELECT doc FROM activities WHERE workspace_id = $1 AND account_id = $2 ORDER BY happened_at DESC LIMIT $3",
        account,
    )
    .await
}

/// Logs a call, a mail of either side, a meeting or a note; the account's last touch moves with it.
pub async fn log_activity(tx: &mut Tx, account: AccountId, kind: &str, body: &str, at: Timestamp) -> Result<Activity> {
    let body = body.trim();
    if !activities::KINDS.contains(&kind) {
        return Err(Refusal::field("kind", "Choose note, call, e-mail, e-mail received or meeting.").into());
    }
    match body.chars().count() {
        0 => return Err(Refusal::field("body", "Write what happened.").into()),
        n if n > activities::BODY_CHARS_MAX => {
            return Err(Refusal::field("body", "Use at most 20,000 characters.").into());
        }
        _ => {}
    }
    if at > tx.now().plus_days(1) {
        return Err(Refusal::field("happened_at", "Choose a day that has begun.").into());
    }
    let before = accounts::get(tx, account).await?;
    let now = tx.now();
    let activity = Activity {
        id: ActivityId(Uuid::now_v7()),
        version: 1,
        account_id: account,
        kind: kind.to_owned(),
        body: body.to_owned(),
        happened_at: at,
        author_id: tx.actor().user,
        created_at: now,
        updated_at: now,
    };
    subjects::create(tx, &activity).await?;
    if before.last_activity_at.is_none_or(|last| last < at) {
        let mut after = before.clone();
        after.last_activity_at = Some(at);
        subjects::update(tx, &before, &after).await?;
    }
    Ok(activity)
}
