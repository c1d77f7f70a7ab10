//! What is known about a portfolio, from a sample of its accounts: the ground the first scorecard is built on.

use std::collections::BTreeMap;

use super::default_card::{AvailableFact, FactKind};
use super::facts::{FactValue, Facts};
use super::standard_facts::STANDARD_FACTS;
use crate::fields::Catalogue;
use crate::time::Timestamp;

/// Most different words of one fact that are told apart.
const CHOICES_MAX: usize = 20;

/// Returns which facts the sampled accounts have, with the distribution of their values.
#[must_use]
pub fn available_facts(sample: &[Facts], catalogue: &Catalogue, now: Timestamp) -> Vec<AvailableFact> {
    let mut values: BTreeMap<&str, Vec<&FactValue>> = BTreeMap::new();
    for facts in sample {
        for key in facts.facts.keys() {
            if let Some(value) = facts.value_at(key, now) {
                values.entry(key).or_default().push(value);
            }
        }
    }
    values.into_iter().map(|(key, values)| describe(key, &values, sample.len(), catalogue)).collect()
}

fn describe(key: &str, values: &[&FactValue], accounts: usize, catalogue: &Catalogue) -> AvailableFact {
    let standard = STANDARD_FACTS.iter().find(|fact| fact.key == key).map(|fact| fact.label.to_owned());
    let label = standard
        .or_else(|| catalogue.get(key).map(|field| field.label.clone()))
        .unwrap_or_else(|| key.rsplit('.').next().unwrap_or(key).replace('_', " "));
    let mut numbers: Vec<f64> = values.iter().filter_map(|value| value.number()).collect();
    let is_number = numbers.len() * 10 >= values.len() * 9;
    numbers.sort_by(f64::total_cmp);
    let quantile = |share: f64| {
        let place = (share * (numbers.len().saturating_sub(1)) as f64).round();
        // The place is at least 0 and at most the last index.
        numbers.get(place as usize).copied().unwrap_or_default()
    };
    let quantiles = (is_number && !numbers.is_empty()).then(|| [0.1, 0.25, 0.5, 0.75, 0.9].map(quantile));
    let is_bool = is_number && numbers.iter().all(|number| *number == 0.0 || *number == 1.0);
    let kind = match (is_bool, is_number) {
        (true, _) => FactKind::Bool,
        (false, true) => FactKind::Number,
        (false, false) => FactKind::Text,
    };
    let choices = if kind == FactKind::Text { choices(values) } else { Vec::new() };
    let share_present = values.len() as f64 / accounts.max(1) as f64;
    AvailableFact { key: key.to_owned(), kind, label, quantiles, choices, share_present }
}

fn choices(values: &[&FactValue]) -> Vec<(String, f64)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in values {
        if let FactValue::Text(text) = value {
            *counts.entry(text.as_str()).or_default() += 1;
        }
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
    counts.truncate(CHOICES_MAX);
    counts.into_iter().map(|(word, count)| (word.to_owned(), count as f64 / values.len().max(1) as f64)).collect()
}
