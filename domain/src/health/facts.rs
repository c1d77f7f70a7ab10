//! Facts: everything known about one account, as it was observed over time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// What was observed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FactValue {
    /// A number; yes and no are 1 and 0.
    Number(f64),
    /// A word.
    Text(String),
    /// The value was taken away; what was known before is what can be carried forward.
    Absent,
}

impl FactValue {
    /// Returns the value as a finite number; numerals, yes and no in text count.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        let value = match self {
            Self::Number(value) => *value,
            Self::Text(text) => number_in(text.trim())?,
            Self::Absent => return None,
        };
        value.is_finite().then_some(value)
    }

    /// Returns whether there is a usable value.
    #[must_use]
    pub fn is_present(&self) -> bool {
        match self {
            Self::Number(value) => value.is_finite(),
            Self::Text(text) => !text.trim().is_empty(),
            Self::Absent => false,
        }
    }
}

impl From<f64> for FactValue {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for FactValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for FactValue {
    fn from(yes: bool) -> Self {
        Self::Number(f64::from(u8::from(yes)))
    }
}

/// A value at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// When it was observed, or became so.
    pub at: Timestamp,
    /// What was observed.
    pub value: FactValue,
}

/// The observations of one fact, latest last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Ordered by time; a value holds until the next one.
    pub observations: Vec<Observation>,
}

impl Fact {
    /// Returns a fact with its observations put in order.
    #[must_use]
    pub fn new(mut observations: Vec<Observation>) -> Self {
        observations.sort_by_key(|observation| observation.at);
        Self { observations }
    }

    /// Returns what had been observed by a moment, so that a past score can be computed again.
    #[must_use]
    pub fn as_of(&self, now: Timestamp) -> &[Observation] {
        let end = match self.observations.last() {
            Some(last) if last.at > now => self.observations.partition_point(|observation| observation.at <= now),
            _ => self.observations.len(),
        };
        &self.observations[..end]
    }

    /// Returns the value that held at a moment, if there was one.
    #[must_use]
    pub fn value_at(&self, now: Timestamp) -> Option<&FactValue> {
        self.as_of(now).last().map(|observation| &observation.value).filter(|value| value.is_present())
    }
}

/// Everything known about one account that a scorecard can use; see [`super::STANDARD_FACTS`] for the keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The facts by key.
    pub facts: BTreeMap<String, Fact>,
    /// How long the account has been a customer; decides which [`super::TenureScale`] applies.
    pub tenure_days: Option<i64>,
    /// The account's line of business; decides which [`super::SeasonProfile`] applies.
    pub category: Option<String>,
}

impl Facts {
    /// Returns the fact with this key, if anything was ever observed.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Fact> {
        self.facts.get(key)
    }

    /// Returns the value that a fact has at a moment, if it has one.
    #[must_use]
    pub fn value_at(&self, key: &str, now: Timestamp) -> Option<&FactValue> {
        self.get(key)?.value_at(now)
    }

    /// Adds an observation and keeps the fact in order.
    pub fn observe(&mut self, key: &str, at: Timestamp, value: impl Into<FactValue>) {
        let observation = Observation { at, value: value.into() };
        if let Some(fact) = self.facts.get_mut(key) {
            let place = fact.observations.partition_point(|earlier| earlier.at <= at);
            fact.observations.insert(place, observation);
        } else {
            self.facts.insert(key.to_owned(), Fact { observations: vec![observation] });
        }
    }

    /// Sets a whole series, such as daily usage.
    pub fn observe_series(&mut self, key: &str, series: impl IntoIterator<Item = (Timestamp, f64)>) {
        let observations =
            series.into_iter().map(|(at, value)| Observation { at, value: FactValue::Number(value) }).collect();
        self.facts.insert(key.to_owned(), Fact::new(observations));
    }

    /// Adds the whole days since an event as a fact of this moment; nothing where it never happened.
    ///
    /// An event in the future counts as today. The fact is as old as `now`, hence never stale.
    pub fn observe_days_since(&mut self, key: &str, event: Option<Timestamp>, now: Timestamp) {
        if let Some(event) = event {
            self.observe(key, now, now.days_since(event).max(0) as f64);
        }
    }
}

/// Returns whether two words are the same but for case and surrounding space.
pub(super) fn same_word(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim(), b.trim());
    a.eq_ignore_ascii_case(b) || (!(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase())
}

fn number_in(text: &str) -> Option<f64> {
    if ["yes", "true"].iter().any(|word| text.eq_ignore_ascii_case(word)) {
        Some(1.0)
    } else if ["no", "false"].iter().any(|word| text.eq_ignore_ascii_case(word)) {
        Some(0.0)
    } else {
        text.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_holds_until_the_next_one() {
        let mut facts = Facts::default();
        facts.observe("seats", Timestamp(20), 8.0);
        facts.observe("seats", Timestamp(10), 5.0);
        facts.observe("seats", Timestamp(30), FactValue::Absent);
        assert_eq!(facts.value_at("seats", Timestamp(9)), None);
        assert_eq!(facts.value_at("seats", Timestamp(19)), Some(&FactValue::Number(5.0)));
        assert_eq!(facts.value_at("seats", Timestamp(20)), Some(&FactValue::Number(8.0)));
        assert_eq!(facts.value_at("seats", Timestamp(31)), None);
    }

    #[test]
    fn values_are_plain_json() {
        let values = vec![FactValue::from(2.5), FactValue::from("gold"), FactValue::Absent, FactValue::from(true)];
        let text = serde_json::to_string(&values).unwrap();
        assert_eq!(text, r#"[2.5,"gold",null,1.0]"#);
        assert_eq!(serde_json::from_str::<Vec<FactValue>>(&text).unwrap(), values);
    }

    #[test]
    fn the_future_is_not_days_ago() {
        let mut facts = Facts::default();
        let now = Timestamp(0).plus_days(100);
        facts.observe_days_since("a", Some(now.plus_days(-30)), now);
        facts.observe_days_since("b", Some(now.plus_days(3)), now);
        facts.observe_days_since("c", None, now);
        assert_eq!(facts.value_at("a", now).unwrap().number(), Some(30.0));
        assert_eq!(facts.value_at("b", now).unwrap().number(), Some(0.0));
        assert_eq!(facts.get("c"), None);
    }
}
