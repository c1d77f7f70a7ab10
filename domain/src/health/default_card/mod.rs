//! The first scorecard of a workspace, made from the columns its customers really have.

mod curves;
mod custom;
mod dictionary;
mod meanings;
mod standard;

use serde::{Deserialize, Serialize};

use super::bands::Bands;
use super::points::{Points, apportion};
use super::scorecard::{Group, Measure, Scorecard};

pub(super) use dictionary::is_service_key;

/// A fact that a workspace has, with what is needed to place it on a scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AvailableFact {
    /// Its key, as in [`super::Facts`].
    pub key: String,
    /// What values it takes; dates are left out.
    pub kind: FactKind,
    /// What people call it.
    pub label: String,
    /// The 10th, 25th, 50th, 75th and 90th percentile over all accounts that have it.
    pub quantiles: Option<[f64; 5]>,
    /// The most frequent words with their share of the accounts, 0 to 1.
    pub choices: Vec<(String, f64)>,
    /// The share of accounts that have it, 0 to 1.
    pub share_present: f64,
}

/// What values an available fact takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Numbers.
    Number,
    /// Words.
    Text,
    /// Yes or no.
    Bool,
}

/// Most measures in a group of the first scorecard, so that a person can still read it.
const GROUP_MEASURES_MAX: usize = 8;

/// The groups of the first scorecard: key, label and weight.
const GROUPS: [(&str, &str, f64); 7] = [
    ("usage", "Usage and engagement", 30.0),
    ("adoption", "Adoption", 20.0),
    ("support", "Support", 15.0),
    ("satisfaction", "Satisfaction", 15.0),
    ("billing", "Billing", 10.0),
    ("relationship", "Relationship", 10.0),
    ("market", "Market", 5.0),
];

/// Returns a scorecard for a workspace that has these facts.
///
/// Standard measures whose fact no account has are left out, custom columns join by their names
/// and values, and weights are spread over what is left: groups and the measures of each group
/// add up to 100. Outcomes (such as churn) and traits of persons (such as gender) are never used.
#[must_use]
pub fn default_scorecard(available: &[AvailableFact]) -> Scorecard {
    let present: Vec<&AvailableFact> = available.iter().filter(|fact| fact.share_present > 0.0).collect();
    let placed = [standard::measures(&present), custom::measures(&present)].concat();
    let mut groups: Vec<Group> = GROUPS
        .iter()
        .map(|&(key, label, weight)| {
            let measures = placed.iter().filter(|(group, _)| *group == key).map(|(_, measure)| measure.clone());
            let measures = spread(measures.take(GROUP_MEASURES_MAX).collect());
            Group { key: key.to_owned(), label: label.to_owned(), weight, measures }
        })
        .filter(|group| !group.measures.is_empty())
        .collect();
    let weights = to_hundred(groups.iter().map(|group| group.weight));
    for (group, weight) in groups.iter_mut().zip(weights) {
        group.weight = weight;
    }
    Scorecard {
        name: "Standard health".to_owned(),
        groups,
        exceptions: standard::exceptions(&present),
        bands: Bands::default(),
        applies_to: String::new(),
        priority: 0,
    }
}

/// A measure and the key of its group.
type Placed = (&'static str, Measure);

fn spread(mut measures: Vec<Measure>) -> Vec<Measure> {
    let weights = to_hundred(measures.iter().map(|measure| measure.weight));
    for (measure, weight) in measures.iter_mut().zip(weights) {
        measure.weight = weight;
    }
    measures
}

/// Returns whole weights in the same proportion that add up to 100.
fn to_hundred(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let weights: Vec<i64> = weights.map(|weight| Points::from_f64(weight).0).collect();
    apportion(Points(100), &weights).into_iter().map(|part| part.0 as f64).collect()
}

#[cfg(test)]
mod tests;
