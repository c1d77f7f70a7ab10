//! The reports that every workspace has without saving them.

use super::parts::{About, Dimension, Measure, Shape};
use super::spec::{Order, Spec};

/// Their words in addresses, in the order in which they are offered; the first is shown first.
pub const READY: [&str; 5] = ["by_band", "risk_by_owner", "arr_by_segment", "risks_by_rule", "tasks_by_owner"];

/// Returns the ready report with this word, if there is one.
#[must_use]
pub fn ready(key: &str) -> Option<Spec> {
    use Measure::{Accounts, Arr, Count, Score};
    let of = |about, by, measures: &[Measure]| Spec {
        by,
        measures: measures.to_vec(),
        order: Order::most(measures.first().copied().unwrap_or(Count)),
        shape: Shape::Bars,
        ..Spec::of(about)
    };
    Some(match key {
        "by_band" => Spec { order: Order::BY_GROUP, ..of(About::Accounts, Dimension::Band, &[Count, Arr, Score]) },
        "risk_by_owner" => Spec {
            filter: "band in (at_risk, critical)".to_owned(),
            order: Order::most(Arr),
            ..of(About::Accounts, Dimension::Owner, &[Arr, Count])
        },
        "arr_by_segment" => of(About::Accounts, Dimension::Tier, &[Arr, Count, Score]),
        "risks_by_rule" => of(About::Alerts, Dimension::Rule, &[Count, Accounts, Arr]),
        "tasks_by_owner" => of(About::Tasks, Dimension::Owner, &[Count, Accounts]),
        _ => return None,
    })
}
