//! Digests: one message a day or a week, at the person's own hour.

use domain::identity::User;
use domain::notices::hours::{Every, last_digest};
use domain::notices::{Channel, Parcel};
use domain::time::Timestamp;
use uuid::Uuid;

use super::deliveries::{self, Draft};
use super::preferences;
use crate::error::Result;
use crate::identity;
use crate::tx::{Tx, on};

/// A digest that is later than this is not sent: it would tell of a morning that is over.
const LATE_MS: i64 = 12 * 3_600_000;

/// A digest that should be on its way.
pub(super) struct Due {
    user: Uuid,
    channel: Channel,
    fingerprint: String,
}

/// Returns how often a channel sends a digest, if it is one that does.
pub(super) fn every(channel: Channel) -> Option<Every> {
    match channel {
        Channel::DigestDaily => Some(Every::Day),
        Channel::DigestWeekly => Some(Every::Week),
        Channel::InApp | Channel::Push | Channel::Email => None,
    }
}

/// Returns the digests that are due and have not been written down.
pub(super) async fn due(tx: &mut Tx) -> Result<Vec<Due>> {
    let people = identity::users(tx).await?;
    let mut found = Vec::new();
    for person in people.iter().filter(|person| person.deactivated_at.is_none()) {
        for channel in [Channel::DigestDaily, Channel::DigestWeekly] {
            found.extend(due_to(tx, person, channel).await?);
        }
    }
    Ok(found)
}

async fn due_to(tx: &mut Tx, person: &User, channel: Channel) -> Result<Option<Due>> {
    let (wishes, since) = preferences::of(tx, person.id.0).await?;
    let Some(every) = every(channel).filter(|_| wishes.uses(channel)) else { return Ok(None) };
    let now = tx.now();
    let Some((at, day)) = last_digest(now, &wishes, every) else { return Ok(None) };
    // Who came, or chose this hour, after it had struck waits for the next.
    if now.0 - at.0 > LATE_MS || at.0 < since || at < person.created_at {
        return Ok(None);
    }
    let (workspace, user, fingerprint) = (tx.workspace(), person.id.0, day.to_string());
    let sent: Option<(i64,)> = on!(tx, c => sqlx::query_as(
        "SELECT created_at FROM deliveries WHERE workspace_id = $1 AND user_id = $2 AND channel = $3 AND fingerprint = $4")
        .bind(workspace).bind(user).bind(channel.key()).bind(&fingerprint).fetch_optional(c).await)?;
    Ok(sent.is_none().then_some(Due { user, channel, fingerprint }))
}

/// Writes a digest down.
pub(super) async fn place(tx: &mut Tx, due: Due) -> Result<()> {
    let Due { user, channel, fingerprint } = due;
    let draft = Draft { user, channel, parcel: Parcel::Digest, device: None, fingerprint: &fingerprint, due: tx.now() };
    deliveries::write(tx, draft).await?;
    Ok(())
}

/// Returns since when a digest tells: since the one before, and at most a day or a week.
pub(super) async fn tells_since(tx: &mut Tx, user: Uuid, channel: Channel, written: Timestamp) -> Result<Timestamp> {
    let workspace = tx.workspace();
    let days = if channel == Channel::DigestWeekly { 7 } else { 1 };
    let last: Option<i64> = on!(tx, c => sqlx::query_scalar(
        "SELECT MAX(created_at) FROM deliveries WHERE workspace_id = $1 AND user_id = $2 AND channel = $3 AND created_at < $4")
        .bind(workspace).bind(user).bind(channel.key()).bind(written.0).fetch_one(c).await)?;
    let earliest = written.plus_days(-days);
    Ok(last.map_or(earliest, |last| Timestamp(last).max(earliest)))
}
