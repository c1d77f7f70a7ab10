//! Messages on their way: placed in the transaction of the fact, sent by a task, kept in a log.

use domain::id::{DeliveryId, DeviceId, UserId};
use domain::identity::Role;
use domain::notices::{Channel, Delivery, Parcel, Placed, Plan, Preferences, hours, plan};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::{devices, me, tell};
use crate::error::{Error, Result};
use crate::tasks;
use crate::tx::{Tx, on};

/// The kind of the task that sends a message.
pub const TASK: &str = "deliver";
/// How often a message is tried: for some five hours, so that a mail server may be away for a while.
const TRIES: i64 = 16;
/// Most lines of the log of deliveries.
const LOG_MAX: i64 = 200;
/// Most messages that a person sends themselves in an hour.
const TESTS_MAX: i64 = 10;
/// The hour within which messages are counted.
const HOUR_MS: i64 = 3_600_000;

/// Which ways out of the house are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Whether a mail server is set up.
    pub mail: bool,
    /// Whether push messages are sent.
    pub push: bool,
}

impl Reach {
    /// Returns the channels in which each notice is a message.
    pub(super) fn channels(self) -> impl Iterator<Item = Channel> {
        [(self.push, Channel::Push), (self.mail, Channel::Email)]
            .into_iter()
            .filter(|(open, _)| *open)
            .map(|(_, channel)| channel)
    }
}

#[derive(FromRow)]
pub(super) struct Row {
    id: Uuid,
    user_id: Uuid,
    channel: String,
    kind: String,
    device_id: Option<Uuid>,
    created_at: i64,
    due_at: i64,
    attempts: i64,
    sent_at: Option<i64>,
    skipped_at: Option<i64>,
    dead_at: Option<i64>,
    last_error: Option<String>,
}

impl Row {
    pub(super) fn delivery(self) -> Result<Delivery> {
        let unknown = |what: &str| Error::Stored(format!("unknown {what} of delivery {}", self.id));
        Ok(Delivery {
            id: DeliveryId(self.id),
            user: UserId(self.user_id),
            channel: Channel::from_key(&self.channel).ok_or_else(|| unknown("channel"))?,
            parcel: Parcel::from_key(&self.kind).ok_or_else(|| unknown("kind"))?,
            device: self.device_id.map(DeviceId),
            created_at: Timestamp(self.created_at),
            due_at: Timestamp(self.due_at),
            attempts: u32::try_from(self.attempts).unwrap_or_default(),
            sent_at: self.sent_at.map(Timestamp),
            skipped_at: self.skipped_at.map(Timestamp),
            dead_at: self.dead_at.map(Timestamp),
            last_error: self.last_error,
        })
    }
}

/// A message that is to be written down.
pub(super) struct Draft<'a> {
    pub(super) user: Uuid,
    pub(super) channel: Channel,
    pub(super) parcel: Parcel,
    pub(super) device: Option<Uuid>,
    /// What has the same name is sent once.
    pub(super) fingerprint: &'a str,
    pub(super) due: Timestamp,
}

/// Writes a message down and enqueues its task; nothing happens where it was written down before.
pub(super) async fn write(tx: &mut Tx, draft: Draft<'_>) -> Result<Option<Uuid>> {
    let (workspace, id, now) = (tx.workspace(), Uuid::now_v7(), tx.now().0);
    let Draft { user, channel, parcel, device, fingerprint, due } = draft;
    let new = on!(tx, c => sqlx::query(
        "INSERT INTO deliveries (workspace_id, id, user_id, channel, kind, device_id, fingerprint, created_at, due_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING")
        .bind(workspace).bind(id).bind(user).bind(channel.key()).bind(parcel.key()).bind(device).bind(fingerprint)
        .bind(now).bind(due.0).execute(c).await.map(|done| done.rows_affected()))?;
    if new == 0 {
        return Ok(None);
    }
    enqueue(tx, id, due).await?;
    Ok(Some(id))
}

async fn enqueue(tx: &mut Tx, id: Uuid, due: Timestamp) -> Result<()> {
    tasks::enqueue_for(tx, TASK, &json!({ "delivery": id }), Some(&id.to_string()), due, TRIES).await
}

async fn link(tx: &mut Tx, delivery: Uuid, notice: Uuid) -> Result<()> {
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query(
        "INSERT INTO delivery_notices (workspace_id, delivery_id, notice_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(workspace).bind(delivery).bind(notice).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Places a notice in a channel: as a message of its own, or in the summary that goes out next.
pub(super) async fn place(tx: &mut Tx, user: Uuid, wishes: &Preferences, notice: Uuid, channel: Channel) -> Result<()> {
    let devices: Vec<Option<Uuid>> = match channel {
        Channel::Push => devices::of(tx, user).await?.into_iter().map(Some).collect(),
        _ => vec![None],
    };
    for device in devices {
        let others = recent(tx, user, channel, device).await?;
        let placed: Vec<Placed> = others.iter().map(|(_, placed)| *placed).collect();
        let now = tx.now();
        let (parcel, due) = match plan(channel, now, hours::allowed_from(now, wishes), &placed) {
            Plan::Send(due) => (Parcel::Notice, due),
            Plan::Gather(due) => (Parcel::Summary, due),
        };
        let open = others.iter().find(|(_, other)| parcel == Parcel::Summary && other.summary && other.due > now);
        let id = match open {
            Some((id, _)) => Some(*id),
            None => {
                let fingerprint = format!("{}/{}", notice, device.unwrap_or_default());
                write(tx, Draft { user, channel, parcel, device, fingerprint: &fingerprint, due }).await?
            }
        };
        if let Some(id) = id {
            link(tx, id, notice).await?;
        }
    }
    Ok(())
}

/// Returns what goes or went to a person through a channel, from an hour ago on.
async fn recent(tx: &mut Tx, user: Uuid, channel: Channel, device: Option<Uuid>) -> Result<Vec<(Uuid, Placed)>> {
    let (workspace, since) = (tx.workspace(), tx.now().0 - HOUR_MS);
    let rows: Vec<(Uuid, i64, String)> = on!(tx, c => sqlx::query_as(
        "SELECT id, due_at, kind FROM deliveries WHERE workspace_id = $1 AND user_id = $2 AND channel = $3 AND due_at > $4 \
         AND kind IN ('notice', 'summary') AND skipped_at IS NULL AND (device_id = $5 OR (device_id IS NULL AND $5 IS NULL))")
        .bind(workspace).bind(user).bind(channel.key()).bind(since).bind(device).fetch_all(c).await)?;
    let placed = |(id, due, kind): (Uuid, i64, String)| {
        (id, Placed { due: Timestamp(due), summary: kind == Parcel::Summary.key() })
    };
    Ok(rows.into_iter().map(placed).collect())
}

/// Sends the asking person a message to see that it arrives; returns to how many places it goes.
pub async fn send_test(tx: &mut Tx, channel: Channel) -> Result<u32> {
    let (workspace, user, now) = (tx.workspace(), me(tx)?, tx.now());
    let tests: i64 = on!(tx, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM deliveries WHERE workspace_id = $1 AND user_id = $2 AND kind = 'test' AND created_at > $3")
        .bind(workspace).bind(user).bind(now.0 - HOUR_MS).fetch_one(c).await)?;
    if tests >= TESTS_MAX {
        return Err(Refusal::TooMany(u32::try_from(HOUR_MS / 1_000).unwrap_or_default()).into());
    }
    let devices: Vec<Option<Uuid>> = match channel {
        Channel::Push => devices::of(tx, user).await?.into_iter().map(Some).collect(),
        Channel::Email => vec![None],
        Channel::InApp | Channel::DigestDaily | Channel::DigestWeekly => Vec::new(),
    };
    let mut count = 0;
    for device in devices {
        let fingerprint = format!("test/{}", Uuid::now_v7());
        let draft = Draft { user, channel, parcel: Parcel::Test, device, fingerprint: &fingerprint, due: now };
        count += u32::from(write(tx, draft).await?.is_some());
    }
    tell(tx, user, 0);
    Ok(count)
}

/// Sends a message again that was given up: one's own, or as an administrator anybody's.
pub async fn retry(tx: &mut Tx, id: DeliveryId) -> Result<()> {
    let (workspace, user, now) = (tx.workspace(), me(tx)?, tx.now());
    let all = i64::from(tx.actor().role >= Role::Admin);
    let owner: Option<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "UPDATE deliveries SET dead_at = NULL, due_at = $4 WHERE workspace_id = $1 AND id = $2 AND dead_at IS NOT NULL \
         AND sent_at IS NULL AND (user_id = $3 OR $5 = 1) RETURNING user_id")
        .bind(workspace).bind(id.0).bind(user).bind(now.0).bind(all).fetch_optional(c).await)?;
    let (owner,) = owner.ok_or(Refusal::NotFound)?;
    enqueue(tx, id.0, now).await?;
    tell(tx, owner, 0);
    Ok(())
}

/// Returns the newest messages: the asking person's own, and for administrators everybody's.
pub async fn deliveries(tx: &mut Tx) -> Result<Vec<Delivery>> {
    let (workspace, user) = (tx.workspace(), me(tx)?);
    let all = i64::from(tx.actor().role >= Role::Admin);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, user_id, channel, kind, device_id, created_at, due_at, attempts, sent_at, skipped_at, dead_at, last_error \
         FROM deliveries WHERE workspace_id = $1 AND (user_id = $2 OR $3 = 1) ORDER BY id DESC LIMIT $4")
        .bind(workspace).bind(user).bind(all).bind(LOG_MAX).fetch_all(c).await)?;
    rows.into_iter().map(Row::delivery).collect()
}
