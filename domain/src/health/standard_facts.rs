//! The facts that are known for every account: the one list of what a scorecard can use.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::default_card::is_service_key;
use super::facts::{FactValue, Facts};
use super::observe::Wanted;
use crate::accounts::Account;
use crate::fields::{self, FieldType};
use crate::time::Timestamp;

/// Keys of the facts that are known for every account.
///
/// Besides these, every editable field of an account that holds a number, a word, a choice or
/// yes/no is a fact under its own key, custom fields under `custom.<key>`; daily usage is
/// a fact per metric under `usage.<metric>`.
pub mod keys {
    /// What stands before the key of a custom field.
    pub const CUSTOM_PREFIX: &str = "custom.";
    /// What stands before the name of a usage metric: its daily series.
    pub const USAGE_PREFIX: &str = "usage.";
    /// Engagement as the source system scores it, 0 to 100.
    pub const ENGAGEMENT_SCORE: &str = "engagement_score";
    /// Satisfaction as the source system scores it, 0 to 100.
    pub const SATISFACTION_SCORE: &str = "satisfaction_score";
    /// Share of the product's features in use, 0 to 100.
    pub const ADOPTION_PCT: &str = "adoption_pct";
    /// Likelihood to leave as the source system states it, 0 to 100.
    pub const CHURN_RISK_PCT: &str = "churn_risk_pct";
    /// Open tickets as the source system counts them.
    pub const TICKET_COUNT: &str = "ticket_count";
    /// The owner's own judgement, 0 to 100.
    pub const SENTIMENT: &str = "sentiment";
    /// The risk a person sees: low, medium, high or critical.
    pub const RISK_LEVEL: &str = "risk_level";
    /// Seats or licences bought.
    pub const SEATS: &str = "seats";
    /// Touch model or size class.
    pub const TIER: &str = "tier";
    /// Monthly recurring revenue in minor units.
    pub const MRR_MINOR: &str = "mrr_minor";
    /// Days since anybody there last used the product.
    pub const DAYS_SINCE_LOGIN: &str = "days_since_login";
    /// Days since either side last got in touch.
    pub const DAYS_SINCE_TOUCH: &str = "days_since_touch";
    /// Days until the contract renews; negative once the date has passed.
    pub const DAYS_TO_RENEWAL: &str = "days_to_renewal";
    /// Months as a customer.
    pub const TENURE_MONTHS: &str = "tenure_months";
    /// Sum of the account's main usage metric over 28 days: one observation per day.
    pub const USAGE_28D: &str = "usage_28d";
    /// Tickets that are open.
    pub const OPEN_TICKETS: &str = "open_tickets";
    /// Open tickets that are urgent.
    pub const URGENT_TICKETS: &str = "urgent_tickets";
    /// Tickets opened in the last 90 days.
    pub const TICKETS_90D: &str = "tickets_90d";
    /// The latest answer to a net promoter survey, 0 to 10, at the time it was given.
    pub const NPS: &str = "nps";
    /// The latest satisfaction answer or ticket rating, 0 to 100, at the time it was given.
    pub const CSAT: &str = "csat";
    /// Invoices past their due date and unpaid.
    pub const OVERDUE_INVOICES: &str = "overdue_invoices";
    /// Payments that failed in the last 90 days.
    pub const FAILED_PAYMENTS_90D: &str = "failed_payments_90d";
    /// Champions who have not left.
    pub const CHAMPIONS: &str = "champions";
    /// Contacts somebody was in touch with in the last 90 days.
    pub const CONTACTS_TOUCHED_90D: &str = "contacts_touched_90d";
    /// How the headlines of 30 days speak, 0 bad to 100 good: 50 + 50 × (good − bad) ÷ (headlines + 1); see [`crate::signals::market`].
    pub const MARKET_SENTIMENT_30D: &str = "market_sentiment_30d";
    /// Good headlines of the last 30 days.
    pub const GOOD_NEWS_30D: &str = "good_news_30d";
    /// Bad headlines of the last 30 days.
    pub const BAD_NEWS_30D: &str = "bad_news_30d";
    /// Good headlines of the last 90 days about money raised, hiring, companies bought or contracts won.
    pub const GROWTH_NEWS_90D: &str = "growth_news_90d";
    /// Whether the website answers, 1 or 0.
    pub const WEBSITE_OK: &str = "website_ok";
    /// How long the website takes to answer, in milliseconds.
    pub const WEBSITE_MS: &str = "website_ms";
    /// Days until the certificate of the website ends; negative once it has.
    pub const TLS_DAYS_LEFT: &str = "tls_days_left";
    /// Share of the yes/no service fields that are yes, 0 to 100; see [`super::services_used_pct`].
    pub const SERVICES_USED_PCT: &str = "services_used_pct";
}

/// A fact that is known for every account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandardFact {
    /// Its key.
    pub key: &'static str,
    /// What people call it, in English; translated by key.
    pub label: &'static str,
    /// Whether its history is kept as a series, so that growth, trend and own baseline can be used.
    pub series: bool,
}

const fn fact(key: &'static str, label: &'static str, series: bool) -> StandardFact {
    StandardFact { key, label, series }
}

/// The facts that are known for every account, in the order pickers show them.
pub const STANDARD_FACTS: [StandardFact; 32] = [
    fact(keys::ENGAGEMENT_SCORE, "Engagement", true),
    fact(keys::DAYS_SINCE_LOGIN, "Days since last login", false),
    fact(keys::USAGE_28D, "Usage in 28 days", true),
    fact(keys::ADOPTION_PCT, "Feature adoption", true),
    fact(keys::SERVICES_USED_PCT, "Services used", false),
    fact(keys::SEATS, "Seats", true),
    fact(keys::OPEN_TICKETS, "Open tickets", false),
    fact(keys::URGENT_TICKETS, "Urgent tickets", false),
    fact(keys::TICKETS_90D, "Tickets in 90 days", false),
    fact(keys::TICKET_COUNT, "Tickets in the source system", true),
    fact(keys::SATISFACTION_SCORE, "Satisfaction", true),
    fact(keys::NPS, "Net promoter answer", true),
    fact(keys::CSAT, "Satisfaction answer", true),
    fact(keys::OVERDUE_INVOICES, "Overdue invoices", false),
    fact(keys::FAILED_PAYMENTS_90D, "Failed payments in 90 days", false),
    fact(keys::MRR_MINOR, "Monthly recurring revenue", true),
    fact(keys::TIER, "Tier", true),
    fact(keys::CHAMPIONS, "Champions", false),
    fact(keys::CONTACTS_TOUCHED_90D, "Contacts touched in 90 days", false),
    fact(keys::DAYS_SINCE_TOUCH, "Days since last touch", false),
    fact(keys::SENTIMENT, "Sentiment", true),
    fact(keys::RISK_LEVEL, "Risk level", true),
    fact(keys::CHURN_RISK_PCT, "Churn risk", true),
    fact(keys::MARKET_SENTIMENT_30D, "Market sentiment in 30 days", false),
    fact(keys::GOOD_NEWS_30D, "Good headlines in 30 days", false),
    fact(keys::BAD_NEWS_30D, "Bad headlines in 30 days", false),
    fact(keys::GROWTH_NEWS_90D, "Headlines about growth in 90 days", false),
    fact(keys::WEBSITE_OK, "Website answers", false),
    fact(keys::WEBSITE_MS, "Answer of the website in ms", false),
    fact(keys::TLS_DAYS_LEFT, "Days until the certificate ends", false),
    fact(keys::TENURE_MONTHS, "Months as a customer", false),
    fact(keys::DAYS_TO_RENEWAL, "Days to renewal", false),
];

/// Days of an average month.
const MONTH_DAYS: f64 = 30.4375;

/// The dates of an account that facts count days from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// When the product was last used.
    pub last_login_at: Option<Timestamp>,
    /// When either side was last in touch.
    pub last_activity_at: Option<Timestamp>,
    /// When the contract renews.
    pub renewal_at: Option<Timestamp>,
    /// When it began.
    pub contract_start: Option<Timestamp>,
}

impl Dates {
    /// Returns the dates that stand on an account.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        let &Account { last_login_at, last_activity_at, renewal_at, contract_start, .. } = account;
        Self { last_login_at, last_activity_at, renewal_at, contract_start }
    }
}

/// Returns the facts that an account's own fields hold; usage, tickets, surveys, invoices and contacts are added to it.
///
/// `observed_at` says when a field, by its key, got its present value.
#[must_use]
pub fn account_facts(
    account: &Account,
    dates: Dates,
    observed_at: impl Fn(&str) -> Timestamp,
    now: Timestamp,
) -> Facts {
    let Ok(Value::Object(row)) = serde_json::to_value(account) else { return Facts::default() };
    let mut facts = own_facts(&row, observed_at, &Wanted::everything());
    add_moment(&mut facts, dates, &Wanted::everything(), now);
    facts
}

/// Returns the facts that stand in an account's document and stay the same until it changes.
pub(crate) fn own_facts(row: &Map<String, Value>, observed_at: impl Fn(&str) -> Timestamp, wanted: &Wanted) -> Facts {
    let category = row.get("category").and_then(Value::as_str).map(str::to_owned);
    let mut facts = Facts { category, ..Facts::default() };
    for key in own_keys().iter().filter(|key| wanted.has(key)) {
        if let Some(value) = value_of(fields::get(row, key)) {
            facts.observe(key, observed_at(key), value);
        }
    }
    let services = wanted.has(keys::SERVICES_USED_PCT);
    for (key, value) in row.get("custom").and_then(Value::as_object).into_iter().flatten() {
        let key = format!("{}{key}", keys::CUSTOM_PREFIX);
        if (services || wanted.has(&key))
            && let Some(value) = value_of(value)
        {
            facts.observe(&key, observed_at(&key), value);
        }
    }
    facts
}

/// Adds the facts that follow from how long ago something was at a moment.
pub(crate) fn add_moment(facts: &mut Facts, dates: Dates, wanted: &Wanted, now: Timestamp) {
    if wanted.has(keys::DAYS_SINCE_LOGIN) {
        facts.observe_days_since(keys::DAYS_SINCE_LOGIN, dates.last_login_at, now);
    }
    if wanted.has(keys::DAYS_SINCE_TOUCH) {
        facts.observe_days_since(keys::DAYS_SINCE_TOUCH, dates.last_activity_at, now);
    }
    if let Some(renewal) = dates.renewal_at.filter(|_| wanted.has(keys::DAYS_TO_RENEWAL)) {
        facts.observe(keys::DAYS_TO_RENEWAL, now, renewal.days_since(now) as f64);
    }
    if let Some(start) = dates.contract_start.filter(|&start| start <= now) {
        let days = now.days_since(start);
        facts.tenure_days = Some(days);
        if wanted.has(keys::TENURE_MONTHS) {
            facts.observe(keys::TENURE_MONTHS, now, days as f64 / MONTH_DAYS);
        }
    }
    if let Some(used) = wanted.has(keys::SERVICES_USED_PCT).then(|| services_used_pct(facts, now)).flatten() {
        facts.observe(keys::SERVICES_USED_PCT, now, used);
    }
}

/// Returns the keys of the account's own fields that are facts.
fn own_keys() -> &'static [String] {
    // Read for every account that is scored, and the same every time.
    static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let fields = crate::accounts::catalogue().fields;
        fields.into_iter().filter(|field| field.editable && is_fact(&field.kind)).map(|field| field.key).collect()
    });
    &KEYS
}

/// Returns the share, 0 to 100, of an account's yes/no service fields that are yes; `None` where there are none.
#[must_use]
pub fn services_used_pct(facts: &Facts, now: Timestamp) -> Option<f64> {
    let custom =
        facts.facts.range(keys::CUSTOM_PREFIX.to_owned()..).take_while(|(key, _)| key.starts_with(keys::CUSTOM_PREFIX));
    let (mut used, mut known) = (0.0, 0.0);
    for (key, fact) in custom.filter(|(key, _)| is_service_key(key)) {
        if let Some(yes) = fact.value_at(now).and_then(|value| is_used(key, value)) {
            known += 1.0;
            used += f64::from(u8::from(yes));
        }
    }
    if known > 0.0 { Some(used / known * 100.0) } else { None }
}

// Sources write "No internet service" where one field follows from another, which is a no, and
// name the kind of service instead of yes.
fn is_used(key: &str, value: &FactValue) -> Option<bool> {
    match value.number() {
        Some(0.0) => Some(false),
        Some(1.0) => Some(true),
        Some(_) => None,
        None => match value {
            FactValue::Text(text) => {
                let text = text.trim().to_lowercase();
                if text.is_empty() {
                    None
                } else if text == "none" || text.starts_with("no ") {
                    Some(false)
                } else {
                    key.ends_with("_service").then_some(true)
                }
            }
            _ => None,
        },
    }
}

fn is_fact(kind: &FieldType) -> bool {
    use FieldType::{Bool, Choice, Money, Number, Percent, Text};
    matches!(kind, Text | Number | Money | Percent | Bool | Choice(_))
}

fn value_of(value: &Value) -> Option<FactValue> {
    match value {
        Value::Bool(yes) => Some((*yes).into()),
        Value::Number(number) => number.as_f64().map(FactValue::Number),
        Value::String(text) => Some(FactValue::Text(text.clone())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
