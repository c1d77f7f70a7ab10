//! What is known of an account or of the portfolio, as the rows that conditions are held against.

use std::borrow::Cow;
use std::cell::OnceCell;

use serde_json::{Map, Value};

use super::{Fact, Facts};
use crate::accounts::{Account, annual_minor};
use crate::alerts::alert::{Quoted, Unit};
use crate::fields::{self, Catalogue, FieldType};
use crate::filter::Row;
use crate::health::HealthSummary;

/// What is known of an account.
#[derive(Debug)]
pub struct Known<'a> {
    /// The account.
    pub account: &'a Account,
    /// Its health.
    pub health: Option<&'a HealthSummary>,
    /// Its facts.
    pub facts: &'a Facts,
    document: OnceCell<Map<String, Value>>,
}

impl<'a> Known<'a> {
    /// Returns what is known, put together.
    #[must_use]
    pub fn new(account: &'a Account, health: Option<&'a HealthSummary>, facts: &'a Facts) -> Self {
        Self { account, health, facts, document: OnceCell::new() }
    }

    fn document(&self) -> &Map<String, Value> {
        self.document.get_or_init(|| match serde_json::to_value(self.account) {
            Ok(Value::Object(document)) => document,
            _ => Map::new(),
        })
    }

    /// Returns a field or a fact with its unit, to be shown beside an alert.
    #[must_use]
    pub fn quote(&self, key: &str, catalogue: &Catalogue) -> Quoted {
        let unit = match Fact::from_key(key) {
            Some(fact) => fact.unit(),
            None => unit_of(key, catalogue),
        };
        let value = match (unit, self.value(key).as_ref()) {
            // Scores are stored in millionths of a point.
            (Unit::Points, Value::Number(micro)) if Fact::from_key(key).is_none() => {
                Value::from(micro.as_f64().unwrap_or_default() / 1_000_000.0)
            }
            (_, value) => value.clone(),
        };
        Quoted { key: key.to_owned(), value, unit }
    }
}

fn unit_of(key: &str, catalogue: &Catalogue) -> Unit {
    match key {
        "score" | "coverage" | "rollup" | "trend_7d" | "trend_30d" | "trend_90d" => return Unit::Points,
        "notice_days" => return Unit::Days,
        _ => {}
    }
    match catalogue.get(key).map(|field| &field.kind) {
        Some(FieldType::Number) => Unit::Count,
        Some(FieldType::Percent) => Unit::Percent,
        Some(FieldType::Money) => Unit::Money,
        Some(FieldType::Date) => Unit::Date,
        Some(FieldType::Bool) => Unit::YesNo,
        _ => Unit::Text,
    }
}

impl Row for Known<'_> {
    fn value(&self, key: &str) -> Cow<'_, Value> {
        if let Some(fact) = Fact::from_key(key) {
            return Cow::Owned(match (self.facts.get(fact), fact.unit()) {
                (None, _) => Value::Null,
                (Some(value), Unit::YesNo) => Value::from(value > 0.0),
                (Some(value), _) => Value::from(value),
            });
        }
        let health = |read: &dyn Fn(&HealthSummary) -> Value| Cow::Owned(self.health.map_or(Value::Null, read));
        let points = |points: Option<crate::health::Points>| points.map_or(Value::Null, |points| Value::from(points.0));
        match key {
            "score" => health(&|health| Value::from(health.score.0)),
            "band" => health(&|health| Value::from(health.band.key())),
            "coverage" => health(&|health| Value::from(health.coverage.0)),
            "trend_7d" => health(&|health| points(health.trend_7d)),
            "trend_30d" => health(&|health| points(health.trend_30d)),
            "trend_90d" => health(&|health| points(health.trend_90d)),
            "notice_at" => Cow::Owned(self.account.notice_at().map_or(Value::Null, |at| Value::from(at.0))),
            // These two are read at nearly every look; putting the whole account together takes longer than all rules.
            "stage" => Cow::Owned(self.account.stage.as_deref().map_or(Value::Null, Value::from)),
            "arr_minor" => Cow::Owned(annual_minor(self.account.arr_minor, self.account.mrr_minor).into()),
            key => Cow::Borrowed(fields::get(self.document(), key)),
        }
    }
}

/// What is known of the whole portfolio.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Portfolio {
    /// How many accounts have a score.
    pub accounts: f64,
    /// The mean of their probabilities to leave, 0 to 100.
    pub average_churn_probability: Option<f64>,
    /// The mean of their scores, 0 to 100.
    pub average_score: Option<f64>,
    /// The share of them at risk or critical, 0 to 100.
    pub at_risk_pct: Option<f64>,
    /// The share of the revenue at risk or critical, 0 to 100.
    pub arr_at_risk_pct: Option<f64>,
}

impl Portfolio {
    /// Returns a fact with its unit, to be shown beside an alert.
    #[must_use]
    pub fn quote(&self, key: &str) -> Quoted {
        let unit = super::PORTFOLIO.iter().find(|(known, ..)| *known == key).map_or(Unit::Count, |(.., unit)| *unit);
        Quoted { key: key.to_owned(), value: self.value(key).into_owned(), unit }
    }
}

impl Row for Portfolio {
    fn value(&self, key: &str) -> Cow<'_, Value> {
        let number = match key {
            "accounts" => Some(self.accounts),
            "average_churn_probability" => self.average_churn_probability,
            "average_score" => self.average_score,
            "at_risk_pct" => self.at_risk_pct,
            "arr_at_risk_pct" => self.arr_at_risk_pct,
            _ => None,
        };
        Cow::Owned(number.map_or(Value::Null, Value::from))
    }
}
