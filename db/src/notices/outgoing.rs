//! What the task that sends a message needs to know, and what it says came of it.

use domain::id::DeliveryId;
use domain::identity::{Role, User};
use domain::notices::{Channel, Delivery, Notice, Parcel, Preferences, Subscription};
use domain::refusal::Refusal;
use uuid::Uuid;

use super::{Row, deliveries, devices, digests, notices_where, preferences, tell};
use crate::error::Result;
use crate::identity;
use crate::tx::{Tx, on};

/// Most notices that one message tells of.
const NOTICES_MAX: i64 = 50;
/// Longest error that is kept, in characters.
const ERROR_CHARS_MAX: usize = 300;

/// A message with all that is needed to send it.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The message.
    pub delivery: Delivery,
    /// To whom it goes.
    pub user: User,
    /// What they want.
    pub preferences: Preferences,
    /// What it tells of, newest first.
    pub notices: Vec<Notice>,
    /// The device it goes to, for push messages.
    pub subscription: Option<Subscription>,
    /// How many notices the person has not read, for the badge.
    pub unread: u32,
}

/// What came of sending a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived at the mail server or push service.
    Sent,
    /// There was nothing left to tell.
    Skipped,
    /// It did not arrive and is tried again.
    Failed(String),
    /// It did not arrive and is given up.
    Dead(String),
}

/// Returns a message that is to be sent now; nothing where it has been, or where there is nothing left to tell:
/// the notices were read meanwhile, the person left or wants it no more. Only the server sends.
pub async fn outgoing(tx: &mut Tx, id: DeliveryId) -> Result<Option<Outgoing>> {
    tx.require(Role::Admin)?;
    let workspace = tx.workspace();
    let row: Option<deliveries::Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, user_id, channel, kind, device_id, created_at, due_at, attempts, sent_at, skipped_at, dead_at, last_error \
         FROM deliveries WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    let delivery = row.ok_or(Refusal::NotFound)?.delivery()?;
    if delivery.sent_at.or(delivery.skipped_at).or(delivery.dead_at).is_some() {
        return Ok(None);
    }
    let user = identity::users(tx).await?.into_iter().find(|user| user.id == delivery.user);
    let Some(user) = user.filter(|user| user.deactivated_at.is_none()) else { return Ok(None) };
    let (wishes, _) = preferences::of(tx, user.id.0).await?;
    let subscription = match delivery.device {
        Some(device) => devices::subscription(tx, device.0, user.id.0).await?,
        None => None,
    };
    if delivery.channel == Channel::Push && subscription.is_none() {
        return Ok(None);
    }
    let notices = notices(tx, &delivery, &wishes).await?;
    let empty = match delivery.parcel {
        Parcel::Notice | Parcel::Summary => notices.is_empty(),
        Parcel::Digest => !wishes.uses(delivery.channel),
        Parcel::Test => false,
    };
    if empty {
        return Ok(None);
    }
    let unread = super::unread(tx, user.id.0).await?;
    Ok(Some(Outgoing { delivery, user, preferences: wishes, notices, subscription, unread }))
}

/// Returns what a message tells of and the person has not seen yet.
async fn notices(tx: &mut Tx, delivery: &Delivery, wishes: &Preferences) -> Result<Vec<Notice>> {
    let (workspace, user, now) = (tx.workspace(), delivery.user.0, tx.now().0);
    let rows: Vec<Row> = if digests::every(delivery.channel).is_some() {
        let since = digests::tells_since(tx, user, delivery.channel, delivery.created_at).await?;
        on!(tx, c => sqlx::query_as(notices_where!(
            "n.read_at IS NULL AND (n.snoozed_until IS NULL OR n.snoozed_until <= $3) AND n.at > $4 \
             ORDER BY n.id DESC LIMIT $5"))
            .bind(workspace).bind(user).bind(now).bind(since.0).bind(NOTICES_MAX).fetch_all(c).await)?
    } else {
        on!(tx, c => sqlx::query_as(notices_where!(
            "n.read_at IS NULL AND (n.snoozed_until IS NULL OR n.snoozed_until <= $3) AND n.id IN \
             (SELECT notice_id FROM delivery_notices WHERE workspace_id = $1 AND delivery_id = $4) \
             ORDER BY n.id DESC LIMIT $5"))
            .bind(workspace).bind(user).bind(now).bind(delivery.id.0).bind(NOTICES_MAX).fetch_all(c).await)?
    };
    let notices = rows.into_iter().map(Row::notice).collect::<Result<Vec<_>>>()?;
    Ok(notices.into_iter().filter(|notice| wishes.wants(notice.what.event(), delivery.channel)).collect())
}

/// Writes down what came of sending a message. Only the server sends.
pub async fn settle(tx: &mut Tx, id: DeliveryId, outcome: &Outcome) -> Result<()> {
    tx.require(Role::Admin)?;
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let at = |wanted: bool| wanted.then_some(now);
    let (error, tries): (_, i64) = match outcome {
        Outcome::Sent => (None, 1),
        Outcome::Skipped => (None, 0),
        Outcome::Failed(error) | Outcome::Dead(error) => {
            (Some(error.chars().take(ERROR_CHARS_MAX).collect::<String>()), 1)
        }
    };
    let settled: Option<(Uuid, Option<Uuid>)> = on!(tx, c => sqlx::query_as(
        "UPDATE deliveries SET attempts = attempts + $3, sent_at = $4, skipped_at = $5, dead_at = $6, last_error = $7 \
         WHERE workspace_id = $1 AND id = $2 AND sent_at IS NULL AND skipped_at IS NULL AND dead_at IS NULL \
         RETURNING user_id, device_id")
        .bind(workspace).bind(id.0).bind(tries).bind(at(*outcome == Outcome::Sent)).bind(at(*outcome == Outcome::Skipped))
        .bind(at(matches!(outcome, Outcome::Dead(_)))).bind(error).fetch_optional(c).await)?;
    if let Some((user, device)) = settled {
        if let (Outcome::Sent, Some(device)) = (outcome, device) {
            devices::reached(tx, device).await?;
        }
        tell(tx, user, 0);
    }
    Ok(())
}
