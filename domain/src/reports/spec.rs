//! What a report asks for, and whether it makes sense.

use serde::{Deserialize, Serialize};

use super::parts::{About, Dimension, Measure, Shape, State};
use super::period::Period;
use crate::fields::Catalogue;
use crate::filter;
use crate::refusal::{FieldError, Refusal};

/// Most groups that a report shows.
pub const TOP_MAX: u8 = 50;
/// Most characters of the name of a metric.
const METRIC_CHARS_MAX: usize = 200;
/// The numbers of groups that are offered.
pub const TOPS: [u8; 4] = [5, 10, 20, TOP_MAX];

/// The order of the groups; those without a value come last in either direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// By which measure; none for the groups' own order.
    pub by: Option<Measure>,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl Order {
    /// The groups' own order: bands from the best, names from A.
    pub const BY_GROUP: Self = Self { by: None, descending: false };

    /// Returns the order by a measure, the greatest first.
    #[must_use]
    pub const fn most(measure: Measure) -> Self {
        Self { by: Some(measure), descending: true }
    }
}

/// What a report asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// What it is about.
    pub about: About,
    /// Which of these count.
    pub state: State,
    /// When alerts were raised or closed, tasks made or done, usage reported, or revenue moved.
    #[serde(default)]
    pub within: Period,
    /// Of usage, the one metric that counts; all of them where there is none.
    #[serde(default)]
    pub metric: Option<String>,
    /// Which accounts, in the language of [`crate::filter`]; alerts and tasks count by theirs.
    pub filter: String,
    /// What they are grouped by.
    pub by: Dimension,
    /// The columns, from left to right; the bars are of the first.
    pub measures: Vec<Measure>,
    /// How it is shown.
    pub shape: Shape,
    /// The order of the groups.
    pub order: Order,
    /// Most groups that are shown; periods are shown all.
    pub top: u8,
}

impl Spec {
    /// Returns a report on everything there is of a kind.
    #[must_use]
    pub fn of(about: About) -> Self {
        Self {
            about,
            state: about.states()[0],
            within: about.periods()[0],
            metric: None,
            filter: String::new(),
            by: about.dimensions()[0],
            measures: vec![about.measures()[0]],
            shape: Shape::Table,
            order: if about.dimensions()[0].is_time() { Order::BY_GROUP } else { Order::most(about.measures()[0]) },
            top: 10,
        }
    }

    /// Returns the report with everything that does not fit together put right: for choices that were made elsewhere.
    #[must_use]
    pub fn fitted(mut self) -> Self {
        let about = self.about;
        if !about.states().contains(&self.state) {
            self.state = about.states()[0];
        }
        if !about.dimensions().contains(&self.by) {
            self.by = about.dimensions()[0];
        }
        if !self.within.fits(about) {
            self.within = about.periods()[0];
        }
        self.metric = self.metric.filter(|metric| about == About::Usage && !metric.is_empty());
        // In the order in which they are offered, so that one choice has one address.
        let chosen = about.measures().iter().copied().filter(|measure| self.measures.contains(measure)).collect();
        self.measures = chosen;
        if self.measures.is_empty() {
            self.measures.push(about.measures()[0]);
        }
        if self.shape.is_picture() && !self.shapes().contains(&self.shape) {
            self.shape = Shape::Bars;
        }
        if self.order.by.is_some_and(|by| !self.measures.contains(&by)) {
            self.order.by = self.measures.first().copied();
        }
        self.top = self.top.clamp(1, TOP_MAX);
        self
    }

    /// Returns how it can be shown: a line needs groups that follow each other in time, a ring parts of a whole.
    #[must_use]
    pub fn shapes(&self) -> &'static [Shape] {
        match self.by.is_time() {
            true => &[Shape::Table, Shape::Bars, Shape::Line, Shape::Number],
            false if self.measures.first().is_some_and(|measure| measure.adds_up()) => {
                &[Shape::Table, Shape::Bars, Shape::Donut, Shape::Number]
            }
            false => &[Shape::Table, Shape::Bars, Shape::Number],
        }
    }

    /// Returns the report as it is run and stored, or everything that is wrong with it.
    ///
    /// The filter becomes its canonical text: a short name that means one field today must not mean another once
    /// somebody adds a custom field.
    pub fn check(mut self, catalogue: &Catalogue) -> Result<Self, Refusal> {
        let mut wrong = Vec::new();
        match filter::parse(&self.filter, catalogue) {
            Ok(filter) => self.filter = filter.to_string(),
            Err(error) => wrong.push(FieldError { field: "filter".to_owned(), message: error.message }),
        }
        wrong.extend(
            self.misfits()
                .into_iter()
                .map(|(field, message)| FieldError { field: field.to_owned(), message: message.to_owned() }),
        );
        if wrong.is_empty() { Ok(self) } else { Err(Refusal::Invalid(wrong)) }
    }

    fn misfits(&self) -> Vec<(&'static str, &'static str)> {
        let about = self.about;
        let fits = |measure: &Measure| about.measures().contains(measure);
        let mut seen = Vec::new();
        let is_twice = self.measures.iter().any(|measure| {
            let is_known = seen.contains(measure);
            seen.push(*measure);
            is_known
        });
        let is_known_metric = self.metric.as_ref().is_none_or(|metric| {
            about == About::Usage && !metric.is_empty() && metric.chars().count() <= METRIC_CHARS_MAX
        });
        let rules = [
            (about.states().contains(&self.state), "state", "Choose one of the states that this has."),
            (about.dimensions().contains(&self.by), "by", "Group by something that this has."),
            (self.within.fits(about), "within", "Choose a period that this has, from an earlier to a later day."),
            (is_known_metric, "metric", "Choose a metric of usage by its name."),
            (
                self.shape != Shape::Line || self.by.is_time(),
                "show",
                "A line needs groups that follow each other in time.",
            ),
            (!self.measures.is_empty(), "measures", "Choose at least one measure."),
            (self.measures.iter().all(fits), "measures", "Choose measures that this has."),
            (!is_twice, "measures", "Choose each measure once."),
            (self.order.by.is_none_or(|by| self.measures.contains(&by)), "order", "Sort by a column that is shown."),
            ((1..=TOP_MAX).contains(&self.top), "top", "Show between 1 and 50 groups."),
        ];
        rules.into_iter().filter(|(is_right, ..)| !is_right).map(|(_, field, message)| (field, message)).collect()
    }
}

impl Default for Spec {
    fn default() -> Self {
        Self::of(About::default())
    }
}
