//! Other accounts of the segment: when and how they were reached, and what they use.

use std::collections::{BTreeMap, BTreeSet};

use domain::advice::timing::{Channel, Moment};
use domain::id::AccountId;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::Result;
use crate::health::records::{Texts, by_id, fetch};
use crate::tx::{Tx, on};

/// Accounts that one is compared with.
const PEERS_MAX: i64 = 60;
/// Accounts among which they are looked for, the newest: a rare segment must not cost a walk over all.
const LOOKED_AT_MAX: i64 = 5_000;

const MOMENTS: Texts = by_id!(
    "account_id, kind, happened_at",
    "activities",
    "account_id",
    "AND happened_at >= $3 AND kind <> 'note' ORDER BY happened_at"
);
const USED: Texts = by_id!(
    "account_id, metric, COUNT(*)",
    "usage_days",
    "account_id",
    "AND day >= $3 AND value > 0 GROUP BY account_id, metric"
);

/// Returns other accounts of a segment; none where the account has no segment.
pub(super) async fn of(tx: &mut Tx, account: AccountId, segment: Option<&str>) -> Result<Vec<AccountId>> {
    let Some(segment) = segment else { return Ok(Vec::new()) };
    let workspace = tx.workspace();
    let rows: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT id FROM (SELECT id, doc ->> 'tier' AS tier FROM accounts \
           WHERE workspace_id = $1 AND archived_at IS NULL ORDER BY id DESC LIMIT $5) AS newest \
         WHERE tier = $2 AND id <> $3 LIMIT $4")
        .bind(workspace).bind(segment).bind(account.0).bind(PEERS_MAX).bind(LOOKED_AT_MAX).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// Returns when and how these accounts were in touch since a moment.
pub(super) async fn moments(tx: &mut Tx, peers: &[AccountId], since: Timestamp) -> Result<Vec<Moment>> {
    if peers.is_empty() {
        return Ok(Vec::new());
    }
    let list = serde_json::to_string(peers)?;
    let rows = fetch!(tx, MOMENTS, &list, since.0, (Uuid, String, i64));
    let now = tx.now().0;
    let known = rows.into_iter().filter(|(_, _, at)| *at <= now);
    Ok(known.map(|(_, kind, at)| Moment { at: Timestamp(at), channel: Channel::of(&kind), contact: None }).collect())
}

/// Returns what each of these accounts has used since a day; those that used nothing are among them.
pub(super) async fn used(tx: &mut Tx, peers: &[AccountId], since: Timestamp) -> Result<Vec<BTreeSet<String>>> {
    if peers.is_empty() {
        return Ok(Vec::new());
    }
    let list = serde_json::to_string(peers)?;
    let mut used: BTreeMap<AccountId, BTreeSet<String>> = peers.iter().map(|id| (*id, BTreeSet::new())).collect();
    for (id, metric, _) in fetch!(tx, USED, &list, since.0, (Uuid, String, i64)) {
        used.entry(AccountId(id)).or_default().insert(metric);
    }
    Ok(used.into_values().collect())
}
