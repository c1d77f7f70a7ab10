//! All computed fields of a workspace together: in which order, and what they make of an account.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Formula, parse};
use crate::fields::{self, Catalogue};
use crate::time::Timestamp;

/// The computed fields of a workspace, each after those that it depends on.
#[derive(Clone, Debug, Default)]
pub struct Computed {
    fields: Vec<(String, Option<Formula>)>,
}

impl Computed {
    /// Understands the formulas of a catalogue. One that cannot be understood any more, because a field is gone,
    /// gives no value.
    #[must_use]
    pub fn new(catalogue: &Catalogue) -> Self {
        let texts = catalogue.fields.iter().filter_map(|field| Some((&field.key, field.formula.as_ref()?)));
        let all: BTreeMap<String, Option<Formula>> =
            texts.map(|(key, text)| (key.clone(), parse(text, catalogue).ok())).collect();
        let order = order(&all).unwrap_or_else(|_| all.keys().cloned().collect());
        let formula = |key: String| (key.clone(), all.get(&key).cloned().flatten());
        Self { fields: order.into_iter().map(formula).collect() }
    }

    /// Returns whether nothing is computed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Returns whether a field is one of the computed ones.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|(own, _)| own == key)
    }

    /// Returns whether any computed field looks at this one.
    #[must_use]
    pub fn looks_at(&self, key: &str) -> bool {
        self.fields.iter().any(|(_, formula)| formula.as_ref().is_some_and(|f| f.dependencies().contains(key)))
    }

    /// Returns whether values change as time passes.
    #[must_use]
    pub fn depends_on_time(&self) -> bool {
        self.fields.iter().any(|(_, formula)| formula.as_ref().is_some_and(Formula::depends_on_time))
    }

    /// Sets the computed values of an account's document.
    pub fn apply(&self, doc: &mut Map<String, Value>, now: Timestamp) {
        for (key, formula) in &self.fields {
            let value = formula.as_ref().map_or(Value::Null, |formula| formula.evaluate(doc, now));
            fields::set(doc, key, value);
        }
    }
}

/// Returns computed fields that depend on each other, directly or through others, if there are any.
pub(super) fn around_itself(catalogue: &Catalogue) -> Option<Vec<String>> {
    let texts = catalogue.fields.iter().filter_map(|field| Some((&field.key, field.formula.as_ref()?)));
    let all = texts.map(|(key, text)| (key.clone(), parse(text, catalogue).ok())).collect();
    order(&all).err()
}

/// Returns the keys, each after those that it depends on, or those that depend on each other.
fn order(all: &BTreeMap<String, Option<Formula>>) -> Result<Vec<String>, Vec<String>> {
    let (mut done, mut sorted) = (BTreeSet::new(), Vec::new());
    while sorted.len() < all.len() {
        let waits = |key: &str| all.contains_key(key) && !done.contains(key);
        let is_ready = |(key, formula): &(&String, &Option<Formula>)| {
            let free = formula.as_ref().is_none_or(|formula| !formula.dependencies().into_iter().any(waits));
            free && !done.contains(key.as_str())
        };
        let ready: Vec<String> = all.iter().filter(is_ready).map(|(key, _)| key.clone()).collect();
        if ready.is_empty() {
            return Err(around(all, &done));
        }
        done.extend(ready.iter().cloned());
        sorted.extend(ready);
    }
    Ok(sorted)
}

/// Follows dependencies among what is left until a field comes again.
fn around(all: &BTreeMap<String, Option<Formula>>, done: &BTreeSet<String>) -> Vec<String> {
    let left = |key: &&str| all.contains_key(*key) && !done.contains(*key);
    let mut path: Vec<String> = all.keys().find(|key| left(&key.as_str())).cloned().into_iter().collect();
    while let Some(last) = path.last() {
        let next = all.get(last).and_then(|formula| formula.as_ref()?.dependencies().into_iter().find(left));
        let Some(next) = next else { break };
        if let Some(start) = path.iter().position(|key| key == next) {
            path.drain(..start);
            path.push(next.to_owned());
            break;
        }
        path.push(next.to_owned());
    }
    path
}
