//! The account: the paying organisation, and the unit of health.

mod catalogue;
mod check;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::churn::ChurnSummary;
use crate::fields;
use crate::health::{Band, HealthSummary, Points};
use crate::id::{AccountId, UserId};
use crate::money::{Currency, Money};
use crate::time::Timestamp;

pub use catalogue::catalogue;
pub use check::check_value;

/// Lifecycle stages in the order an account passes through them.
pub const STAGES: [&str; 5] = ["onboarding", "adoption", "value", "renewal", "churned"];
/// Risk levels a person can set, least first.
pub const RISK_LEVELS: [&str; 4] = ["low", "medium", "high", "critical"];

/// Why an account left, as a person says.
pub const CHURN_REASONS: [&str; 11] = [
    "price",
    "budget",
    "low_adoption",
    "missing_feature",
    "product_fit",
    "support",
    "competitor",
    "champion_left",
    "acquired",
    "closed",
    "other",
];

/// A paying organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Identifies the account.
    pub id: AccountId,
    /// Counts its changes; an edit names the version it was made on.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// Its key in the system it was imported from; unique in the workspace.
    pub external_id: Option<String>,
    /// Its web domain, such as `acme.com`.
    pub domain: Option<String>,
    /// The account above it in the hierarchy.
    pub parent_id: Option<AccountId>,
    /// Its touch model or size class, such as `enterprise`.
    pub tier: Option<String>,
    /// Its lifecycle stage, one of [`STAGES`].
    pub stage: Option<String>,
    /// Why it left, one of [`CHURN_REASONS`].
    #[serde(default)]
    pub churn_reason: Option<String>,
    /// Its line of business, which may have its own season profile.
    pub category: Option<String>,
    /// Where it is, as the source wrote it.
    pub country: Option<String>,
    /// The customer success manager who owns it.
    pub owner_id: Option<UserId>,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Annual recurring revenue in minor units.
    pub arr_minor: Option<i64>,
    /// Monthly recurring revenue in minor units.
    pub mrr_minor: Option<i64>,
    /// When the present contract began.
    pub contract_start: Option<Timestamp>,
    /// When it renews.
    pub renewal_at: Option<Timestamp>,
    /// How many days before the renewal notice must be given.
    pub notice_days: Option<i64>,
    /// Seats or licences bought.
    pub seats: Option<f64>,
    /// The risk a person sees, one of [`RISK_LEVELS`].
    pub risk_level: Option<String>,
    /// The owner's own judgement, from 0 (lost) to 100 (delighted).
    pub sentiment: Option<f64>,
    /// Engagement as the source system scores it, 0 to 100.
    pub engagement_score: Option<f64>,
    /// Satisfaction as the source system scores it, 0 to 100.
    pub satisfaction_score: Option<f64>,
    /// Share of the product's features in use, 0 to 100.
    pub adoption_pct: Option<f64>,
    /// Likelihood to leave as the source system states it, 0 to 100.
    pub churn_risk_pct: Option<f64>,
    /// Open support tickets as the source system counts them.
    pub ticket_count: Option<f64>,
    /// When somebody there last used the product.
    pub last_login_at: Option<Timestamp>,
    /// When either side last got in touch.
    pub last_activity_at: Option<Timestamp>,
    /// Words people put on it; sorted, without duplicates.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Values of the workspace's custom fields by their key without `custom.`.
    #[serde(default)]
    pub custom: BTreeMap<String, Value>,
    /// When it was created here.
    pub created_at: Timestamp,
    /// When it last changed here.
    pub updated_at: Timestamp,
    /// When it was archived, if it was.
    pub archived_at: Option<Timestamp>,
    /// The account that it became part of, if it was merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<AccountId>,
    /// Accounts that look like this one and are others, as people said; sorted. One of two remembers the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distinct_from: Vec<AccountId>,
}

impl Account {
    /// Returns an empty account with a name.
    #[must_use]
    pub fn new(id: AccountId, name: String, now: Timestamp) -> Self {
        Self {
            id,
            version: 1,
            name,
            external_id: None,
            domain: None,
            parent_id: None,
            tier: None,
            stage: None,
            churn_reason: None,
            category: None,
            country: None,
            owner_id: None,
            currency: Currency::USD,
            arr_minor: None,
            mrr_minor: None,
            contract_start: None,
            renewal_at: None,
            notice_days: None,
            seats: None,
            risk_level: None,
            sentiment: None,
            engagement_score: None,
            satisfaction_score: None,
            adoption_pct: None,
            churn_risk_pct: None,
            ticket_count: None,
            last_login_at: None,
            last_activity_at: None,
            tags: Vec::new(),
            custom: BTreeMap::new(),
            created_at: now,
            updated_at: now,
            archived_at: None,
            merged_into: None,
            distinct_from: Vec::new(),
        }
    }

    /// Returns the recurring revenue of a year: ARR, or twelve times MRR where only that is known.
    #[must_use]
    pub fn annual(&self) -> Option<Money> {
        let minor = annual_minor(self.arr_minor, self.mrr_minor)?;
        Some(Money { minor, currency: self.currency })
    }

    /// Returns the last day on which notice can be given.
    #[must_use]
    pub fn notice_at(&self) -> Option<Timestamp> {
        Some(self.renewal_at?.plus_days(-self.notice_days?))
    }
}

/// Returns the recurring revenue of a year in minor units: ARR, or twelve times MRR where only that is known.
///
/// The database derives its column `annual_minor` by the same rule.
#[must_use]
pub fn annual_minor(arr_minor: Option<i64>, mrr_minor: Option<i64>) -> Option<i64> {
    arr_minor.or_else(|| mrr_minor.map(|month| month.saturating_mul(12)))
}

/// Returns the value of a field of an account's document as grid, filter and formula take it: what is stored, and for
/// ARR and the notice date what follows from it.
#[must_use]
pub fn value<'a>(doc: &'a Map<String, Value>, key: &str) -> Cow<'a, Value> {
    let whole = |key: &str| fields::get(doc, key).as_i64();
    match key {
        "arr_minor" => Cow::Owned(annual_minor(whole(key), whole("mrr_minor")).into()),
        "notice_at" => {
            let notice = || Some(Timestamp(whole("renewal_at")?).plus_days(-whole("notice_days")?).0);
            Cow::Owned(notice().into())
        }
        key => Cow::Borrowed(fields::get(doc, key)),
    }
}

/// Returns whether the revenue of a year is not stored but follows from that of a month.
#[must_use]
pub fn is_arr_derived(doc: &Map<String, Value>) -> bool {
    fields::get(doc, "arr_minor").is_null() && fields::get(doc, "mrr_minor").is_i64()
}

/// A row of the account grid: the account and its present health.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountRow {
    /// The account itself.
    pub account: Account,
    /// Its present health; `None` until it was first scored.
    pub health: Option<HealthSummary>,
    /// The health of the accounts below it, by the rule of the workspace; `None` where there are none with a score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollup: Option<Points>,
    /// How likely it is lost; `None` where no model is in force, and for accounts that have left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub churn: Option<ChurnSummary>,
}

/// Which accounts a grid shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AccountQuery {
    /// In the language of [`crate::filter`]; empty for all.
    pub filter: String,
    /// The order, such as `-score,name`.
    pub sort: String,
    /// How many rows stand before the page.
    pub offset: u32,
    /// How many rows the page has at most.
    pub limit: u32,
}

/// One page of a grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountPage {
    /// The rows of the page.
    pub rows: Vec<AccountRow>,
    /// How many rows there are in all.
    pub total: u32,
    /// How many rows stand before the page.
    pub offset: u32,
    /// The end of the change log when the page was read.
    pub seq: i64,
}

/// A search result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Identifies the account.
    pub id: AccountId,
    /// What people call it.
    pub name: String,
    /// Its key in the source system.
    pub external_id: Option<String>,
    /// Its web domain.
    pub domain: Option<String>,
    /// The band of its health; `None` until it was first scored.
    pub band: Option<Band>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DAY_MS;
    use uuid::Uuid;

    fn acme() -> Account {
        Account::new(AccountId(Uuid::nil()), "Acme".into(), Timestamp(0))
    }

    #[test]
    fn every_editable_field_is_a_key_of_the_account() {
        let Value::Object(row) = serde_json::to_value(acme()).unwrap() else { unreachable!() };
        for field in catalogue().fields.iter().filter(|field| field.editable) {
            assert!(row.contains_key(&field.key), "{}", field.key);
        }
    }

    #[test]
    fn revenue_of_a_year_falls_back_to_twelve_months() {
        let mut account = acme();
        assert_eq!(account.annual(), None);
        account.mrr_minor = Some(1_000);
        assert_eq!(account.annual().unwrap().minor, 12_000);
        let doc = |account: &Account| serde_json::to_value(account).unwrap().as_object().unwrap().clone();
        assert_eq!(value(&doc(&account), "arr_minor").as_i64(), Some(12_000), "filter and grid take the same");
        assert!(is_arr_derived(&doc(&account)));
        account.arr_minor = Some(5);
        assert_eq!(account.annual().unwrap().minor, 5);
        assert_eq!(value(&doc(&account), "arr_minor").as_i64(), Some(5));
        assert!(!is_arr_derived(&doc(&account)) && !is_arr_derived(&doc(&acme())));
        assert!(value(&doc(&acme()), "arr_minor").is_null());
    }

    #[test]
    fn notice_falls_before_the_renewal() {
        let mut account = acme();
        account.renewal_at = Some(Timestamp(100 * DAY_MS));
        assert_eq!(account.notice_at(), None);
        account.notice_days = Some(30);
        assert_eq!(account.notice_at(), Some(Timestamp(70 * DAY_MS)));
    }
}
