//! When each field of an account got its present value: a small table that follows the change log, so that the age
//! of a value does not depend on what else was changed on the account.

use std::collections::{BTreeMap, HashMap};

use domain::health::{FieldTimes, note_update};
use domain::id::AccountId;
use domain::time::Timestamp;
use serde_json::{Map, Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::records::{Texts, by_account, fetch};
use crate::bulk;
use crate::error::Result;
use crate::tx::{Tx, on};

pub(super) const TIMES: Texts = by_account!("account_id, times", "field_times", "AND $3 <> 0");

/// What a stretch of the log says about the fields of accounts.
#[derive(Debug, Default)]
pub(super) struct Changed(BTreeMap<AccountId, FieldTimes>);

impl Changed {
    /// Takes in one line: an account's fields before and after.
    pub(super) fn note(
        &mut self,
        account: AccountId,
        at: Timestamp,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) {
        note_update(self.0.entry(account).or_default(), at, before, after);
    }

    /// Writes what was noted over what was known; the age of all other fields stays the first that was known.
    pub(super) async fn write(self, tx: &mut Tx) -> Result<()> {
        let ids: Vec<AccountId> = self.0.keys().copied().collect();
        let mut known = HashMap::new();
        for chunk in ids.chunks(bulk::ROWS_MAX) {
            known.extend(of(tx, &serde_json::to_string(chunk)?).await?);
        }
        let rows = self.0.into_iter().map(|(account, mut times)| {
            let mut all = known.remove(&account).unwrap_or_default();
            if let Some(others) = all.get("") {
                times.insert(String::new(), *others);
            }
            all.extend(times);
            json!({"id": account, "times": all})
        });
        let rows: Vec<Value> = rows.collect();
        bulk::set_field_times(tx, &rows).await
    }

    /// Returns whether nothing was noted.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns what is known of these accounts, given as a JSON array of ids.
pub(super) async fn of(tx: &mut Tx, ids: &str) -> Result<HashMap<AccountId, FieldTimes>> {
    let rows = fetch!(tx, TIMES, ids, 1i64, (Uuid, Json<FieldTimes>));
    Ok(rows.into_iter().map(|(id, Json(times))| (AccountId(id), times)).collect())
}
