//! Product usage: numbers that a product reports for an account, kept per day.

use serde::{Deserialize, Serialize};

use crate::fields::{Catalogue, Field, FieldType};
use crate::id::AccountId;
use crate::time::Timestamp;

/// One metric of one account on one day, rolled up as it arrives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsageDay {
    /// The account it belongs to.
    pub account_id: AccountId,
    /// What was counted, such as `active_users` or `logins`.
    pub metric: String,
    /// Midnight UTC of the day.
    pub day: Timestamp,
    /// The day's value in the metric's own unit.
    pub value: f64,
}

/// Returns the fields of a usage fact.
#[must_use]
pub fn catalogue() -> Catalogue {
    use FieldType::{Date, Number, Text};
    Catalogue {
        fields: vec![
            Field::new(
                "account_id",
                "Account",
                FieldType::Account,
                &["account", "account name", "account external id", "company", "company id", "customer id", "customer"],
            )
            .required(),
            Field::new("metric", "Metric", Text, &["event", "event name", "feature", "measure"]).required(),
            Field::new("day", "Day", Date, &["date", "timestamp", "time", "ts"]).required(),
            Field::new("value", "Value", Number, &["count", "quantity", "amount"]).required(),
        ],
    }
}
