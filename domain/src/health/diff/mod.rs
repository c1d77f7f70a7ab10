//! The difference between two scorecards, piece by piece, for the screen to put into words.

mod compare;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::bands::Bands;
use super::scale::{Scale, TenureScale};
use super::scorecard::{Exception, Mode, NullPolicy, Source};

pub use compare::diff;

/// A group, measure or exception, by its key and by what people call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its key in the card.
    pub key: String,
    /// What people call it; where that changed, the later name.
    pub label: String,
}

/// Where something stands: in which group, and at which place, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What people call the group.
    pub group: String,
    /// The place among its measures.
    pub place: u32,
}

/// A point of a scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointAt {
    /// A raw value of a curve.
    Value(f64),
    /// A word.
    Word(String),
    /// Every other word.
    Otherwise,
}

/// A point of a scale that differs; `None` where it does not exist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointChange {
    /// Which point.
    pub at: PointAt,
    /// Its points before, 0 to 100.
    pub before: Option<f64>,
    /// Its points after, 0 to 100.
    pub after: Option<f64>,
}

/// What changed about one measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureChange {
    /// Its name.
    Label {
        /// Before.
        before: String,
        /// After.
        after: String,
    },
    /// Its weight within the group.
    Weight {
        /// Before.
        before: f64,
        /// After.
        after: f64,
    },
    /// Where its value comes from.
    Source {
        /// Before.
        before: Source,
        /// After.
        after: Source,
    },
    /// What of the source is looked at.
    Mode {
        /// Before.
        before: Mode,
        /// After.
        after: Mode,
    },
    /// What happens where there is no value.
    NullPolicy {
        /// Before.
        before: NullPolicy,
        /// After.
        after: NullPolicy,
    },
    /// For how many days a value is fresh; `None` for ever.
    Validity {
        /// Before.
        before: Option<u32>,
        /// After.
        after: Option<u32>,
    },
    /// Whether the season is taken into account.
    Season {
        /// After.
        after: bool,
    },
    /// How a raw value becomes points.
    Scale {
        /// Before.
        before: Scale,
        /// After.
        after: Scale,
        /// The points that differ; empty where only the order of words does.
        points: Vec<PointChange>,
    },
    /// The scales for accounts of a certain age.
    Tenure {
        /// Before.
        before: Vec<TenureScale>,
        /// After.
        after: Vec<TenureScale>,
    },
    /// Its place.
    Moved {
        /// Before.
        from: Place,
        /// After.
        to: Place,
    },
}

/// One difference between two scorecards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardChange {
    /// What people call the card.
    Name {
        /// Before.
        before: String,
        /// After.
        after: String,
    },
    /// Which accounts it applies to.
    AppliesTo {
        /// The filter before; empty for all.
        before: String,
        /// The filter after; empty for all.
        after: String,
    },
    /// What decides where several cards apply.
    Priority {
        /// Before.
        before: i32,
        /// After.
        after: i32,
    },
    /// Where the bands begin.
    Bands {
        /// Before.
        before: Bands,
        /// After.
        after: Bands,
    },
    /// A group was added.
    GroupAdded {
        /// The group.
        group: Named,
        /// Its weight.
        weight: f64,
    },
    /// A group was taken away.
    GroupRemoved {
        /// The group.
        group: Named,
    },
    /// A group has another name.
    GroupLabel {
        /// The group.
        group: Named,
        /// Its name before.
        before: String,
    },
    /// A group has another weight.
    GroupWeight {
        /// The group.
        group: Named,
        /// Before.
        before: f64,
        /// After.
        after: f64,
    },
    /// A group stands elsewhere among the groups; places count from 1.
    GroupMoved {
        /// The group.
        group: Named,
        /// Before.
        from: u32,
        /// After.
        to: u32,
    },
    /// A measure was added.
    MeasureAdded {
        /// The measure.
        measure: Named,
        /// Where it stands.
        to: Place,
        /// Its weight within the group.
        weight: f64,
    },
    /// A measure was taken away.
    MeasureRemoved {
        /// The measure.
        measure: Named,
        /// Where it stood.
        from: Place,
    },
    /// Something about a measure changed.
    Measure {
        /// The measure.
        measure: Named,
        /// What changed.
        change: MeasureChange,
    },
    /// An exception was added.
    ExceptionAdded {
        /// The exception.
        exception: Exception,
        /// Its place in the order, from 1.
        to: u32,
    },
    /// An exception was taken away.
    ExceptionRemoved {
        /// The exception.
        exception: Exception,
    },
    /// An exception says something else.
    ExceptionChanged {
        /// Before.
        before: Exception,
        /// After.
        after: Exception,
    },
    /// An exception is applied at another place in the order; places count from 1.
    ExceptionMoved {
        /// The exception.
        exception: Named,
        /// Before.
        from: u32,
        /// After.
        to: u32,
    },
}
