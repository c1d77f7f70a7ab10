//! The dashboards that people begin from: one for each kind of day.

use super::{DashboardDraft, Shows};
use crate::reports::{AT_RISK, About, Dimension, Measure, Order, Period, Shape, Spec, State, ready};

/// The words of the templates, in the order in which they are offered.
pub const TEMPLATES: [&str; 3] = ["csm", "manager", "executive"];

/// Returns a dashboard with this name that shows what a template shows; none without such a template.
#[must_use]
pub fn template(key: &str, name: String) -> Option<DashboardDraft> {
    let mut draft = DashboardDraft { name, shared: false, widgets: Vec::new() };
    let widgets = match key {
        "csm" => csm(),
        "manager" => manager(),
        "executive" => executive(),
        _ => return None,
    };
    for (spec, width, height) in widgets {
        draft.add(Shows::Spec(spec), String::new(), width, height);
    }
    Some(draft)
}

type Placed = (Spec, u8, u8);

/// The accounts of whoever looks; no filter of a template has an `or` that would have to be held together.
fn mine(spec: Spec) -> Spec {
    let filter =
        if spec.filter.is_empty() { "owner_id = me".to_owned() } else { format!("{} and owner_id = me", spec.filter) };
    Spec { filter, ..spec }
}

fn number(about: About, state: State, measure: Measure) -> Spec {
    Spec {
        state,
        measures: vec![measure],
        order: Order::BY_GROUP,
        shape: Shape::Number,
        by: about.dimensions()[0],
        ..Spec::of(about)
    }
}

fn at_risk(measure: Measure) -> Spec {
    Spec { filter: AT_RISK.to_owned(), ..number(About::Accounts, State::All, measure) }
}

fn known(keys: &[(&str, u8, u8)]) -> Vec<Placed> {
    keys.iter().filter_map(|(key, width, height)| Some((ready(key)?, *width, *height))).collect()
}

fn csm() -> Vec<Placed> {
    let mut widgets = vec![
        (mine(number(About::Accounts, State::All, Measure::Count)), 1, 1),
        (mine(at_risk(Measure::Arr)), 1, 1),
        (mine(number(About::Alerts, State::Risks, Measure::Count)), 1, 1),
        (mine(number(About::Tasks, State::Overdue, Measure::Count)), 1, 1),
    ];
    widgets.extend(
        known(&[("by_band", 2, 2), ("renewals_by_month", 2, 2), ("risks_by_rule", 2, 2), ("usage_by_month", 2, 2)])
            .into_iter()
            .map(|(spec, width, height)| (mine(spec), width, height)),
    );
    widgets
}

fn manager() -> Vec<Placed> {
    let mut widgets = vec![
        (at_risk(Measure::Arr), 1, 1),
        (number(About::Alerts, State::Risks, Measure::Count), 1, 1),
        (number(About::Tasks, State::Overdue, Measure::Count), 1, 1),
        (number(About::Accounts, State::All, Measure::Score), 1, 1),
    ];
    let table = |key: &str| ready(key).map(|spec| Spec { shape: Shape::Table, ..spec });
    widgets.extend(table("accounts_by_owner").map(|spec| (spec, 2, 2)));
    let alerts = Spec {
        by: Dimension::Owner,
        measures: vec![Measure::Count, Measure::Accounts, Measure::Arr],
        ..Spec::of(About::Alerts)
    };
    widgets.push((alerts, 2, 2));
    widgets.extend(known(&[
        ("tasks_by_owner", 2, 2),
        ("overdue_by_owner", 2, 2),
        ("risk_by_owner", 2, 2),
        ("risks_by_week", 2, 2),
        ("by_band", 2, 2),
        ("risks_by_rule", 2, 2),
    ]));
    widgets
}

fn executive() -> Vec<Placed> {
    let net = Spec { within: Period::Days(90), ..number(About::Revenue, State::All, Measure::Mrr) };
    let mut widgets = vec![
        (number(About::Accounts, State::All, Measure::Arr), 1, 1),
        (at_risk(Measure::Arr), 1, 1),
        (net, 1, 1),
        (number(About::Accounts, State::All, Measure::Score), 1, 1),
    ];
    widgets.extend(known(&[
        ("revenue_by_month", 2, 2),
        ("revenue_by_movement", 2, 2),
        ("by_band", 2, 2),
        ("risk_by_segment", 2, 2),
        ("renewals_by_month", 2, 2),
        ("usage_by_month", 2, 2),
    ]));
    widgets
}
