//! How the alerts of each rule ended.

use std::collections::BTreeMap;

use domain::advice::Measured;
use domain::alerts::built_in;
use domain::id::RuleId;
use domain::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{Tx, on};

/// Closed alerts that are looked at, the newest: their documents have to be opened.
const CLOSED_MAX: i64 = 1_000;

#[derive(FromRow)]
struct Row {
    rule_id: Uuid,
    outcome: Option<String>,
    acted: i64,
    alerts: i64,
}

/// Returns how alerts that were closed since a moment ended, by the word of the built-in rule that raised them. What
/// was dismissed was no alert, and what ended with its rule says nothing.
pub(super) async fn measured(tx: &mut Tx, since: Timestamp) -> Result<BTreeMap<String, Measured>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT rule_id, outcome, CAST(acted AS BIGINT) AS acted, COUNT(*) AS alerts FROM (\
           SELECT rule_id, doc ->> 'outcome' AS outcome, CASE WHEN COALESCE(doc ->> 'acknowledged_by', \
             doc ->> 'started_by', doc ->> 'resolved_by') IS NULL THEN 0 ELSE 1 END AS acted \
           FROM alerts WHERE workspace_id = $1 AND closed_at IS NOT NULL AND closed_at >= $2 \
           ORDER BY closed_at DESC LIMIT $3) AS closed \
         WHERE outcome IS NOT NULL GROUP BY rule_id, outcome, acted")
        .bind(workspace).bind(since.0).bind(CLOSED_MAX).fetch_all(c).await)?;
    let keys: BTreeMap<RuleId, String> = built_in().into_iter().filter_map(|rule| Some((rule.id, rule.key?))).collect();
    let mut measured: BTreeMap<String, Measured> = BTreeMap::new();
    for row in rows {
        let Some(key) = keys.get(&RuleId(row.rule_id)) else { continue };
        let all = measured.entry(key.clone()).or_default();
        let count = u32::try_from(row.alerts).unwrap_or(u32::MAX);
        match (row.outcome.as_deref(), row.acted != 0) {
            (Some("handled" | "won" | "cleared"), true) => {
                all.acted += count;
                all.well += count;
            }
            (Some("no_effect" | "lost"), true) => all.acted += count,
            (Some("cleared"), false) => all.left += count,
            _ => {}
        }
    }
    Ok(measured)
}
