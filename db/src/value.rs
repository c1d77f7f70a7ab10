//! Value delivered: what became of alerts, held against what accounts paid.

use domain::refusal::Refusal;
use domain::value::{self, Departure, PERIODS, Told, Value, WARNED_DAYS};
use sqlx::types::Json;
use uuid::Uuid;

use crate::bulk;
use crate::error::Result;
use crate::reports::paid;
use crate::tx::{Tx, on};

/// Most alerts that are looked at: the newest.
const ALERTS_MAX: i64 = 200_000;

/// Returns what watching was good for in the last days; everybody may look.
pub async fn delivered(tx: &mut Tx, days: u32) -> Result<Value> {
    if !PERIODS.contains(&days) {
        return Err(Refusal::field("days", "Choose 90, 180 or 365 days.").into());
    }
    let (workspace, now) = (tx.workspace(), tx.now());
    // The stretch before has a year of warnings before it, too.
    let since = now.day_start().plus_days(-2 * i64::from(days) - WARNED_DAYS);
    let told: Vec<(Json<Told>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM alerts WHERE workspace_id = $1 AND account_id IS NOT NULL
         AND (closed_at IS NULL OR closed_at >= $2) ORDER BY id DESC LIMIT $3")
        .bind(workspace).bind(since.0).bind(ALERTS_MAX).fetch_all(c).await)?;
    let told: Vec<Told> = told.into_iter().map(|(told,)| told.0).collect();
    let mut found = value::value(&told, &paid(tx).await?.ends, now, days);
    name(tx, &mut found.departures).await?;
    Ok(found)
}

async fn name(tx: &mut Tx, departures: &mut [Departure]) -> Result<()> {
    let ids: Vec<Uuid> = departures.iter().map(|departure| departure.account.0).collect();
    for (account, ..) in bulk::account_rows(tx, &ids).await? {
        let of_account = departures.iter_mut().filter(|departure| departure.account == account.0.id);
        of_account.for_each(|departure| departure.name.clone_from(&account.0.name));
    }
    Ok(())
}
