//! Where a computed field is used, so that nobody takes it away unawares.

use serde::{Deserialize, Serialize};

use super::parse;
use crate::fields::{Catalogue, Field};
use crate::filter;
use crate::health::{Scorecard, Source};
use crate::id::ScorecardId;
use crate::refusal::Refusal;
use crate::views::View;

/// A computed field as its page lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComputedField {
    /// The field with its formula.
    pub field: Field,
    /// Counts its changes; an edit names the version it was made on.
    pub version: i64,
    /// How many accounts have a value.
    pub values: u32,
    /// Where it is used.
    pub uses: Vec<Use>,
}

/// A place that looks at a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// The formula of another field, by its full key and what people call it.
    Formula(String, String),
    /// A scorecard in force or being worked on, by its name.
    Scorecard(ScorecardId, String),
    /// A saved view, by its name.
    View(String),
}

impl Use {
    /// Returns whether it would not work any more without the field: a view merely shows less.
    #[must_use]
    pub fn needs_it(&self) -> bool {
        !matches!(self, Self::View(_))
    }
}

/// Returns where a field is used: in formulas, scorecards and views, in this order.
#[must_use]
pub fn uses(key: &str, catalogue: &Catalogue, cards: &[(ScorecardId, Scorecard)], views: &[View]) -> Vec<Use> {
    let in_formula = |field: &&Field| {
        let formula = field.formula.as_ref().and_then(|text| parse(text, catalogue).ok());
        field.key != key && formula.is_some_and(|formula| formula.dependencies().contains(key))
    };
    let formulas = catalogue.fields.iter().filter(in_formula);
    let mut found: Vec<Use> = formulas.map(|field| Use::Formula(field.key.clone(), field.label.clone())).collect();
    for (id, card) in cards.iter().filter(|(_, card)| card_looks_at(card, key, catalogue)) {
        let one = Use::Scorecard(*id, card.name.clone());
        // What is in force and its draft are one card.
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found.extend(
        views.iter().filter(|view| view_looks_at(view, key, catalogue)).map(|view| Use::View(view.name.clone())),
    );
    found
}

/// Checks that a field may be removed.
///
/// # Errors
/// Refuses while a formula or a scorecard needs it, and names them.
pub fn check_removable(uses: &[Use]) -> Result<(), Refusal> {
    let name = |one: &Use| match one {
        Use::Formula(_, label) => Some(format!("the computed field “{label}”")),
        Use::Scorecard(_, name) => Some(format!("the scorecard “{name}”")),
        Use::View(_) => None,
    };
    let names: Vec<String> = uses.iter().filter_map(name).collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(Refusal::Conflict(format!("It is used by {}. Change that first.", names.join(", "))))
}

fn card_looks_at(card: &Scorecard, key: &str, catalogue: &Catalogue) -> bool {
    let mut measures = card.groups.iter().flat_map(|group| &group.measures);
    measures.any(|measure| matches!(&measure.source, Source::Fact(fact) if fact == key))
        || card.exceptions.iter().any(|exception| exception.when.fact == key)
        || filter_looks_at(&card.applies_to, key, catalogue)
}

fn view_looks_at(view: &View, key: &str, catalogue: &Catalogue) -> bool {
    view.columns.iter().any(|column| column == key)
        || filter_looks_at(&view.filter, key, catalogue)
        || filter::sort::parse(&view.sort, catalogue).is_ok_and(|sorts| sorts.iter().any(|sort| sort.key == key))
}

fn filter_looks_at(text: &str, key: &str, catalogue: &Catalogue) -> bool {
    filter::parse(text, catalogue).is_ok_and(|filter| filter.looks_at(key))
}
