//! Checks a scorecard before it is saved, and says what to change.

use std::collections::BTreeSet;

use super::scale::Scale;
use super::scorecard::{Action, Scorecard};
use crate::refusal::{FieldError, Refusal};

/// Most measures on a card, so that one score stays quick and readable.
const MEASURES_MAX: usize = 200;
/// Most exceptions on a card.
const EXCEPTIONS_MAX: usize = 200;

impl Scorecard {
    /// Refuses a card that could not be scored, naming everything that needs a change.
    ///
    /// # Errors
    /// Returns [`Refusal::Invalid`] with one entry per problem; the field is the key concerned.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut errors = Vec::new();
        let mut refuse = |field: &str, message: &str| {
            errors.push(FieldError { field: field.to_owned(), message: message.to_owned() });
        };
        if self.name.trim().is_empty() {
            refuse("name", "Give the scorecard a name.");
        }
        check_groups(self, &mut refuse);
        check_measures(self, &mut refuse);
        check_exceptions(self, &mut refuse);
        let bands = &self.bands;
        let limits = [100.0, bands.healthy_from, bands.watch_from, bands.at_risk_from, 0.0];
        if !limits.windows(2).all(|pair| pair[0] >= pair[1]) {
            refuse("bands", "Let each band begin below the one before it, between 0 and 100.");
        }
        if !(0.0..=20.0).contains(&bands.hysteresis) {
            refuse("bands", "Choose a hysteresis between 0 and 20 points.");
        }
        if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(errors)) }
    }
}

fn check_groups(card: &Scorecard, refuse: &mut impl FnMut(&str, &str)) {
    let mut keys = BTreeSet::new();
    for group in &card.groups {
        if group.key.is_empty() || !keys.insert(&group.key) {
            refuse(&group.key, "Give each group a key of its own.");
        }
        if !is_weight(group.weight) {
            refuse(&group.key, "Choose a weight of 0 or more.");
        }
    }
    let counts = |group: &super::Group| group.weight > 0.0 && group.measures.iter().any(|measure| measure.weight > 0.0);
    if !card.groups.iter().any(counts) {
        refuse("groups", "Add at least one measure with a weight, in a group with a weight.");
    }
}

fn check_measures(card: &Scorecard, refuse: &mut impl FnMut(&str, &str)) {
    let mut keys = BTreeSet::new();
    for measure in card.groups.iter().flat_map(|group| &group.measures) {
        if measure.key.is_empty() || !keys.insert(&measure.key) {
            refuse(&measure.key, "Give each measure a key of its own.");
        }
        if !is_weight(measure.weight) {
            refuse(&measure.key, "Choose a weight of 0 or more.");
        }
        let scales = std::iter::once(&measure.scale).chain(measure.tenure.iter().map(|special| &special.scale));
        for problem in scales.filter_map(problem_of) {
            refuse(&measure.key, problem);
        }
    }
    if keys.len() > MEASURES_MAX {
        refuse("groups", "Keep the scorecard to 200 measures.");
    }
}

fn check_exceptions(card: &Scorecard, refuse: &mut impl FnMut(&str, &str)) {
    let mut keys = BTreeSet::new();
    for exception in &card.exceptions {
        if exception.key.is_empty() || !keys.insert(&exception.key) {
            refuse(&exception.key, "Give each exception a key of its own.");
        }
        let (Action::Cap(points) | Action::Floor(points) | Action::Set(points) | Action::Minus(points)) =
            exception.action;
        if !is_points(points) {
            refuse(&exception.key, "Choose points between 0 and 100.");
        }
    }
    if keys.len() > EXCEPTIONS_MAX {
        refuse("exceptions", "Keep the scorecard to 200 exceptions.");
    }
}

fn problem_of(scale: &Scale) -> Option<&'static str> {
    match scale {
        Scale::Curve(corners) if corners.is_empty() => Some("Add at least one point to the curve."),
        Scale::Curve(corners) if !corners.iter().all(|corner| corner.0.is_finite() && is_points(corner.1)) => {
            Some("Keep the points of the curve between 0 and 100.")
        }
        Scale::Curve(corners) if !corners.windows(2).all(|pair| pair[0].0 < pair[1].0) => {
            Some("Let the values of the curve rise from one point to the next.")
        }
        Scale::Choices { choices, otherwise } => {
            let all = choices.iter().map(|choice| choice.1).chain(*otherwise);
            (choices.is_empty() || !all.into_iter().all(is_points))
                .then_some("Give each word points between 0 and 100.")
        }
        Scale::Curve(_) => None,
    }
}

fn is_weight(weight: f64) -> bool {
    (0.0..=1_000_000.0).contains(&weight)
}

fn is_points(points: f64) -> bool {
    (0.0..=100.0).contains(&points)
}
