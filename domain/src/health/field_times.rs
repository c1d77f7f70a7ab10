//! When each field of an account got its present value, as the change log tells.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::time::Timestamp;

/// When fields got their values, by key; those under the empty key are all others.
pub type FieldTimes = BTreeMap<String, Timestamp>;

/// Takes in an update that the log has of an account: its fields before and after. Updates come oldest first.
pub fn note_update(times: &mut FieldTimes, at: Timestamp, before: &Map<String, Value>, after: &Map<String, Value>) {
    let number = |fields: &Map<String, Value>, key: &str| fields.get(key).and_then(Value::as_i64);
    if let Some(others) = number(before, "updated_at") {
        times.entry(String::new()).or_insert(Timestamp(others));
    }
    // An undo that brings the whole account back brings back the age of the values, too.
    let restored = number(after, "version") < number(before, "version");
    let at = number(after, "updated_at").filter(|_| restored).map_or(at, Timestamp);
    for key in after.keys().filter(|key| !matches!(key.as_str(), "version" | "updated_at")) {
        times.insert(key.clone(), at);
    }
}
