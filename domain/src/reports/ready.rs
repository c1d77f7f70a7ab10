//! The reports that every workspace has without saving them.

use super::parts::{About, Dimension, Measure, Shape, State};
use super::period::Period;
use super::spec::{Order, Spec};

/// Their words in addresses, in the order in which they are offered; the first is shown first.
pub const READY: [&str; 16] = [
    "by_band",
    "risk_by_segment",
    "risk_by_owner",
    "arr_by_segment",
    "renewals_by_month",
    "revenue_by_month",
    "revenue_by_movement",
    "churn_by_segment",
    "churn_reasons",
    "usage_by_month",
    "usage_by_band",
    "risks_by_rule",
    "risks_by_week",
    "accounts_by_owner",
    "tasks_by_owner",
    "overdue_by_owner",
];

/// What accounts at risk are, in the filter language.
pub const AT_RISK: &str = "band in (at_risk, critical)";
/// What accounts that have left are.
const LEFT: &str = "stage = churned";

/// Returns the ready report with this word, if there is one.
#[must_use]
pub fn ready(key: &str) -> Option<Spec> {
    use Dimension::{Band, ChurnReason, Month, Owner, Renewal, Rule, Tier, Week};
    use Measure::{Accounts, Arr, ArrMedian, Count, Mrr, PerAccount, Score, ScoreMedian, Total};
    let of = |about, by: Dimension, measures: &[Measure]| Spec {
        by,
        measures: measures.to_vec(),
        order: if by.is_time() { Order::BY_GROUP } else { Order::most(measures.first().copied().unwrap_or(Count)) },
        shape: if by.is_time() { Shape::Line } else { Shape::Bars },
        ..Spec::of(about)
    };
    let at_risk = |by| Spec { filter: AT_RISK.to_owned(), ..of(About::Accounts, by, &[Arr, Count]) };
    let left = |by| Spec { filter: LEFT.to_owned(), ..of(About::Accounts, by, &[Count, Arr]) };
    let moved = |by, measures| Spec { within: Period::Days(365), ..of(About::Revenue, by, measures) };
    let in_order = |spec: Spec| Spec { order: Order::BY_GROUP, ..spec };
    Some(match key {
        "by_band" => in_order(of(About::Accounts, Band, &[Count, Arr, Score])),
        "risk_by_segment" => at_risk(Tier),
        "risk_by_owner" => at_risk(Owner),
        "arr_by_segment" => of(About::Accounts, Tier, &[Arr, ArrMedian, Count, Score]),
        "renewals_by_month" => Spec {
            filter: "renewal_at within 365 days".to_owned(),
            shape: Shape::Bars,
            ..of(About::Accounts, Renewal, &[Arr, Count, Score])
        },
        "revenue_by_month" => Spec { shape: Shape::Bars, ..moved(Month, &[Mrr, Accounts, Count]) },
        "revenue_by_movement" => in_order(moved(Dimension::Movement, &[Mrr, Accounts, Count])),
        "churn_by_segment" => left(Tier),
        "churn_reasons" => left(ChurnReason),
        "usage_by_month" => {
            Spec { within: Period::Days(365), ..of(About::Usage, Month, &[Accounts, Total, PerAccount]) }
        }
        "usage_by_band" => in_order(of(About::Usage, Band, &[PerAccount, Accounts, Total])),
        "risks_by_rule" => of(About::Alerts, Rule, &[Count, Accounts, Arr]),
        "risks_by_week" => Spec { within: Period::Days(90), ..of(About::Alerts, Week, &[Count, Accounts]) },
        "accounts_by_owner" => of(About::Accounts, Owner, &[Count, Arr, Score, ScoreMedian]),
        "tasks_by_owner" => of(About::Tasks, Owner, &[Count, Accounts]),
        "overdue_by_owner" => Spec { state: State::Overdue, ..of(About::Tasks, Owner, &[Count, Accounts]) },
        _ => return None,
    })
}
