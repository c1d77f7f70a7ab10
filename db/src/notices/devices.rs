//! Browsers that take push messages.

use domain::id::DeviceId;
use domain::notices::{Device, Subscription};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::{me, tell};
use crate::error::Result;
use crate::tx::{Tx, on};

/// Most devices of one person.
const DEVICES_MAX: i64 = 20;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    endpoint: String,
    user_agent: String,
    created_at: i64,
    reached_at: Option<i64>,
}

/// Returns the asking person's devices, oldest first.
pub async fn devices(tx: &mut Tx) -> Result<Vec<Device>> {
    let (workspace, user) = (tx.workspace(), me(tx)?);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, endpoint, user_agent, created_at, reached_at FROM devices \
         WHERE workspace_id = $1 AND user_id = $2 AND gone_at IS NULL ORDER BY id LIMIT $3")
        .bind(workspace).bind(user).bind(DEVICES_MAX).fetch_all(c).await)?;
    let device = |row: Row| Device {
        id: DeviceId(row.id),
        user_agent: row.user_agent,
        service: host(&row.endpoint).to_owned(),
        created_at: Timestamp(row.created_at),
        reached_at: row.reached_at.map(Timestamp),
    };
    Ok(rows.into_iter().map(device).collect())
}

fn host(endpoint: &str) -> &str {
    endpoint.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default()
}

/// Adds the asking person's browser; one that is known already is theirs from now on.
pub async fn add_device(tx: &mut Tx, subscription: &Subscription, user_agent: &str) -> Result<DeviceId> {
    subscription.check()?;
    let (workspace, user, now) = (tx.workspace(), me(tx)?, tx.now().0);
    let count: i64 = on!(tx, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM devices WHERE workspace_id = $1 AND user_id = $2 AND gone_at IS NULL AND endpoint <> $3")
        .bind(workspace).bind(user).bind(&subscription.endpoint).fetch_one(c).await)?;
    if count >= DEVICES_MAX {
        return Err(
            Refusal::Conflict("You have 20 devices. Remove one that you no longer use first.".to_owned()).into()
        );
    }
    let agent: String = user_agent.chars().take(300).collect();
    let (id,): (Uuid,) = on!(tx, c => sqlx::query_as(
        "INSERT INTO devices (workspace_id, id, user_id, endpoint, p256dh, auth, user_agent, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace_id, endpoint) DO UPDATE SET \
         user_id = excluded.user_id, p256dh = excluded.p256dh, auth = excluded.auth, user_agent = excluded.user_agent, \
         gone_at = NULL RETURNING id")
        .bind(workspace).bind(Uuid::now_v7()).bind(user).bind(&subscription.endpoint).bind(&subscription.p256dh)
        .bind(&subscription.auth).bind(&agent).bind(now).fetch_one(c).await)?;
    tell(tx, user, 0);
    Ok(DeviceId(id))
}

/// Removes one of the asking person's devices.
pub async fn remove_device(tx: &mut Tx, id: DeviceId) -> Result<()> {
    let (workspace, user, now) = (tx.workspace(), me(tx)?, tx.now().0);
    let removed = on!(tx, c => sqlx::query(
        "UPDATE devices SET gone_at = $4 WHERE workspace_id = $1 AND user_id = $2 AND id = $3 AND gone_at IS NULL")
        .bind(workspace).bind(user).bind(id.0).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    if removed == 0 {
        return Err(Refusal::NotFound.into());
    }
    tell(tx, user, 0);
    Ok(())
}

/// Removes a device whose push service no longer knows it.
pub async fn device_gone(tx: &mut Tx, id: DeviceId) -> Result<()> {
    tx.require(domain::identity::Role::Admin)?;
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let owner: Option<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "UPDATE devices SET gone_at = $3 WHERE workspace_id = $1 AND id = $2 AND gone_at IS NULL RETURNING user_id")
        .bind(workspace).bind(id.0).bind(now).fetch_optional(c).await)?;
    if let Some((user,)) = owner {
        tell(tx, user, 0);
    }
    Ok(())
}

/// Returns the ids of a person's devices.
pub(super) async fn of(tx: &mut Tx, user: Uuid) -> Result<Vec<Uuid>> {
    let workspace = tx.workspace();
    let ids: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT id FROM devices WHERE workspace_id = $1 AND user_id = $2 AND gone_at IS NULL ORDER BY id LIMIT $3")
        .bind(workspace).bind(user).bind(DEVICES_MAX).fetch_all(c).await)?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Returns how to reach a person's device, while it is there and theirs: whoever signs in on a browser may take it over.
pub(super) async fn subscription(tx: &mut Tx, id: Uuid, user: Uuid) -> Result<Option<Subscription>> {
    let workspace = tx.workspace();
    let row: Option<(String, String, String)> = on!(tx, c => sqlx::query_as(
        "SELECT endpoint, p256dh, auth FROM devices WHERE workspace_id = $1 AND id = $2 AND user_id = $3 AND gone_at IS NULL")
        .bind(workspace).bind(id).bind(user).fetch_optional(c).await)?;
    Ok(row.map(|(endpoint, p256dh, auth)| Subscription { endpoint, p256dh, auth }))
}

/// Notes that a message has reached a device's push service.
pub(super) async fn reached(tx: &mut Tx, id: Uuid) -> Result<()> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    on!(tx, c => sqlx::query("UPDATE devices SET reached_at = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}
