//! Checks a scorecard before it is published, and says what to change and where.

use std::collections::BTreeSet;

use super::scale::{Scale, TenureScale};
use super::scorecard::{Action, Condition, Exception, Group, Measure, Mode, NullPolicy, Operator, Scorecard, Source};
use crate::fields::Catalogue;
use crate::filter;
use crate::refusal::{FieldError, Refusal};

/// Most groups on a card.
const GROUPS_MAX: usize = 50;
/// Most measures on a card, so that one score stays quick and readable.
const MEASURES_MAX: usize = 200;
/// Most exceptions on a card.
const EXCEPTIONS_MAX: usize = 200;
/// Most points of a curve, and most words of a scale.
const POINTS_MAX: usize = 200;
/// Most scales of one measure for accounts of a certain age.
const TENURES_MAX: usize = 20;
/// Longest look-back of a measure: records are read about a year back.
const LOOK_BACK_DAYS_MAX: u32 = 365;
/// Longest validity and half-life, ten years.
const AGE_DAYS_MAX: u32 = 3_650;
/// Longest name of a card, group, measure or exception, in characters.
const LABEL_CHARS_MAX: usize = 200;
/// Longest key, in characters.
const KEY_CHARS_MAX: usize = 200;

impl Scorecard {
    /// Refuses a card that could not be scored, naming everything that needs a change.
    ///
    /// # Errors
    /// Returns [`Refusal::Invalid`] with what [`check`] finds, without looking at filter and fields.
    pub fn check(&self) -> Result<(), Refusal> {
        let problems = check(self, None);
        if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems)) }
    }
}

/// Returns everything about a card that needs a change before it can be published; empty where nothing does.
///
/// The field is the path of the piece: `name`, `applies_to`, `bands`, `groups`, `groups.0.weight`,
/// `groups.0.measures.1.scale`, `groups.0.measures.1.tenure.0`, `exceptions`, `exceptions.2.when`; numbers are
/// places from 0. Filter and custom fields are looked at where the catalogue of account fields is given.
#[must_use]
pub fn check(card: &Scorecard, catalogue: Option<&Catalogue>) -> Vec<FieldError> {
    let mut found = Problems::default();
    if let Some(problem) = label_problem(&card.name, "Give the scorecard a name.") {
        found.add("name", problem);
    }
    check_groups(card, &mut found);
    check_exceptions(card, &mut found);
    let bands = &card.bands;
    let limits = [100.0, bands.healthy_from, bands.watch_from, bands.at_risk_from, 0.0];
    if !limits.windows(2).all(|pair| pair[0] >= pair[1]) {
        found.add("bands", "Let each band begin below the one before it, between 0 and 100.");
    }
    if !(0.0..=20.0).contains(&bands.hysteresis) {
        found.add("bands", "Choose a hysteresis between 0 and 20 points.");
    }
    if let Some(catalogue) = catalogue {
        check_fields(card, catalogue, &mut found);
    }
    found.0
}

/// Finds what names a field that the workspace does not have.
fn check_fields(card: &Scorecard, catalogue: &Catalogue, found: &mut Problems) {
    const GONE: &str = "This field does not exist any more. Choose another one.";
    if let Err(error) = filter::parse(&card.applies_to, catalogue) {
        found.add("applies_to", error.message);
    }
    let is_gone = |fact: &str| fact.starts_with("custom.") && catalogue.get(fact).is_none();
    for (group, measures) in card.groups.iter().map(|group| &group.measures).enumerate() {
        for (place, measure) in measures.iter().enumerate() {
            let Source::Fact(fact) = &measure.source;
            if is_gone(fact) {
                found.add(format!("groups.{group}.measures.{place}.source"), GONE);
            }
        }
    }
    for (place, exception) in card.exceptions.iter().enumerate() {
        if is_gone(&exception.when.fact) {
            found.add(format!("exceptions.{place}.when"), GONE);
        }
    }
}

#[derive(Default)]
struct Problems(Vec<FieldError>);

impl Problems {
    fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError { field: path.into(), message: message.into() });
    }
}

fn check_groups(card: &Scorecard, found: &mut Problems) {
    let (mut keys, mut measures) = (BTreeSet::new(), BTreeSet::new());
    for (place, group) in card.groups.iter().enumerate() {
        let path = format!("groups.{place}");
        if !is_new_key(&group.key, &mut keys) {
            found.add(format!("{path}.key"), "Give each group a key of its own.");
        }
        if let Some(problem) = label_problem(&group.label, "Give the group a name.") {
            found.add(format!("{path}.label"), problem);
        }
        if !is_weight(group.weight) {
            found.add(format!("{path}.weight"), "Choose a weight of 0 or more.");
        }
        for (place, measure) in group.measures.iter().enumerate() {
            check_measure(measure, &format!("{path}.measures.{place}"), &mut measures, found);
        }
    }
    let counts = |group: &Group| group.weight > 0.0 && group.measures.iter().any(|measure| measure.weight > 0.0);
    if !card.groups.iter().any(counts) {
        found.add("groups", "Add at least one measure with a weight, in a group with a weight.");
    }
    if card.groups.len() > GROUPS_MAX {
        found.add("groups", "Keep the scorecard to 50 groups.");
    }
    if card.groups.iter().map(|group| group.measures.len()).sum::<usize>() > MEASURES_MAX {
        found.add("groups", "Keep the scorecard to 200 measures.");
    }
}

fn check_measure<'a>(measure: &'a Measure, path: &str, keys: &mut BTreeSet<&'a str>, found: &mut Problems) {
    if !is_new_key(&measure.key, keys) {
        found.add(format!("{path}.key"), "Give each measure a key of its own.");
    }
    if let Some(problem) = label_problem(&measure.label, "Give the measure a name.") {
        found.add(format!("{path}.label"), problem);
    }
    if !is_weight(measure.weight) {
        found.add(format!("{path}.weight"), "Choose a weight of 0 or more.");
    }
    let Source::Fact(fact) = &measure.source;
    if !is_key(fact) {
        found.add(format!("{path}.source"), "Choose what the measure looks at.");
    }
    if let Mode::Growth { days } | Mode::Trend { days } | Mode::OwnBaseline { days } = measure.mode
        && !(1..=LOOK_BACK_DAYS_MAX).contains(&days)
    {
        found.add(format!("{path}.mode"), "Look back between 1 and 365 days.");
    }
    if measure.validity_days.is_some_and(|days| !(1..=AGE_DAYS_MAX).contains(&days)) {
        found.add(format!("{path}.validity_days"), "Choose a validity between 1 and 3,650 days, or none.");
    }
    if let NullPolicy::CarryForward { half_life_days } = measure.null_policy
        && !(1..=AGE_DAYS_MAX).contains(&half_life_days)
    {
        found.add(format!("{path}.null_policy"), "Choose a half-life between 1 and 3,650 days.");
    }
    if let Some(problem) = scale_problem(&measure.scale) {
        found.add(format!("{path}.scale"), problem);
    }
    check_tenure(&measure.tenure, path, found);
}

fn check_tenure(tenure: &[TenureScale], path: &str, found: &mut Problems) {
    for (place, special) in tenure.iter().enumerate() {
        let path = format!("{path}.tenure.{place}");
        if special.from_days < 0 || special.to_days.is_some_and(|end| end <= special.from_days) {
            found.add(&path, "Let the tenure end after it begins, counted in days from 0.");
        }
        let covered = |earlier: &TenureScale| {
            let begins = earlier.from_days <= special.from_days;
            begins && earlier.to_days.is_none_or(|end| special.to_days.is_some_and(|own| own <= end))
        };
        if tenure[..place].iter().any(covered) {
            found.add(&path, "Choose a tenure that no scale above covers already: the first that fits is used.");
        }
        if let Some(problem) = scale_problem(&special.scale) {
            found.add(&path, problem);
        }
    }
    if tenure.len() > TENURES_MAX {
        found.add(format!("{path}.tenure"), "Keep the measure to 20 scales.");
    }
}

fn check_exceptions(card: &Scorecard, found: &mut Problems) {
    let mut keys = BTreeSet::new();
    for (place, exception) in card.exceptions.iter().enumerate() {
        check_exception(exception, &format!("exceptions.{place}"), &mut keys, found);
    }
    if card.exceptions.len() > EXCEPTIONS_MAX {
        found.add("exceptions", "Keep the scorecard to 200 exceptions.");
    }
}

fn check_exception<'a>(exception: &'a Exception, path: &str, keys: &mut BTreeSet<&'a str>, found: &mut Problems) {
    if !is_new_key(&exception.key, keys) {
        found.add(format!("{path}.key"), "Give each exception a key of its own.");
    }
    if let Some(problem) = label_problem(&exception.label, "Say in a few words when the exception applies.") {
        found.add(format!("{path}.label"), problem);
    }
    if let Some(problem) = condition_problem(&exception.when) {
        found.add(format!("{path}.when"), problem);
    }
    let (Action::Cap(points) | Action::Floor(points) | Action::Set(points) | Action::Minus(points)) = exception.action;
    if !is_points(points) {
        found.add(format!("{path}.action"), "Choose points between 0 and 100.");
    }
}

fn condition_problem(when: &Condition) -> Option<&'static str> {
    if !is_key(&when.fact) {
        return Some("Choose what the exception looks at.");
    }
    if !when.value.is_present() {
        return Some("Enter the value that the exception compares with.");
    }
    // Words have no order, so such a condition could never hold.
    (when.op != Operator::Equal && when.value.number().is_none())
        .then_some("Compare a word with “=”, or enter a number.")
}

fn scale_problem(scale: &Scale) -> Option<&'static str> {
    match scale {
        Scale::Curve(corners) if corners.is_empty() => Some("Add at least one point to the curve."),
        Scale::Curve(corners) if corners.len() > POINTS_MAX => Some("Keep the curve to 200 points."),
        Scale::Curve(corners) if !corners.iter().all(|corner| corner.0.is_finite() && is_points(corner.1)) => {
            Some("Keep the points of the curve between 0 and 100.")
        }
        Scale::Curve(corners) if !corners.windows(2).all(|pair| pair[0].0 < pair[1].0) => {
            Some("Let the values of the curve rise from one point to the next.")
        }
        Scale::Curve(_) => None,
        Scale::Choices { choices, .. } if choices.len() > POINTS_MAX => Some("Keep the scale to 200 words."),
        Scale::Choices { choices, otherwise } => {
            let all = choices.iter().map(|choice| choice.1).chain(*otherwise);
            if choices.is_empty() || !all.into_iter().all(is_points) {
                return Some("Give each word points between 0 and 100.");
            }
            let mut words = BTreeSet::new();
            let own = choices.iter().map(|choice| choice.0.trim().to_lowercase());
            (!own.into_iter().all(|word| !word.is_empty() && words.insert(word))).then_some("Name each word once.")
        }
    }
}

fn label_problem(label: &str, empty: &'static str) -> Option<&'static str> {
    match label.trim().chars().count() {
        0 => Some(empty),
        n if n > LABEL_CHARS_MAX => Some("Use at most 200 characters."),
        _ => None,
    }
}

fn is_key(key: &str) -> bool {
    !key.trim().is_empty() && key.chars().count() <= KEY_CHARS_MAX
}

fn is_new_key<'a>(key: &'a str, keys: &mut BTreeSet<&'a str>) -> bool {
    is_key(key) && keys.insert(key)
}

fn is_weight(weight: f64) -> bool {
    (0.0..=1_000_000.0).contains(&weight)
}

fn is_points(points: f64) -> bool {
    (0.0..=100.0).contains(&points)
}
