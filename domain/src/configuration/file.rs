//! The parts of a configuration as they stand in the file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::alerts::{Kind, Parameter, Rule};
use crate::dashboards::{Dashboard, Shows, Widget};
use crate::fields::FieldType;
use crate::health::{Rollup, Scorecard};
use crate::id::ReportId;
use crate::refusal::Refusal;
use crate::reports::{Report, Spec};
use crate::views::View;

/// The workspace's own settings; what is not said stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorkspacePart {
    /// What it is called.
    pub name: Option<String>,
    /// The currency it counts in.
    pub currency: Option<String>,
    /// How the health of children becomes their parent's.
    pub rollup: Option<Rollup>,
}

/// A custom field of accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldPart {
    /// Its own key, without `custom.`.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// What values it takes; that of a computed field follows from its formula.
    pub kind: Option<FieldType>,
    /// What its value follows from, for a computed field.
    pub formula: Option<String>,
}

/// A scorecard. A part that is not there stays as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CardPart {
    /// What it is called at present.
    pub name: String,
    /// What is in force.
    pub published: Option<Scorecard>,
    /// What is being worked on.
    pub draft: Option<Scorecard>,
}

/// What people changed of a rule that comes with Keepwell; what is not said stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BuiltInPart {
    /// The word of the rule.
    pub rule: String,
    /// Whether it is in force.
    pub on: Option<bool>,
    /// Its numbers by their keys.
    #[serde(default)]
    pub parameters: BTreeMap<String, f64>,
    /// Which accounts it looks at.
    pub scope: Option<String>,
    /// How long its condition must hold, in minutes.
    pub for_minutes: Option<u32>,
    /// How long an alert must be over, in minutes.
    pub clear_minutes: Option<u32>,
    /// How long none is raised after the last, in days.
    pub cooldown_days: Option<u32>,
    /// How much it presses, 1 to 3.
    pub urgency: Option<f64>,
    /// How much work an answer is, in hours.
    pub effort: Option<f64>,
}

/// A rule that people made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RulePart {
    /// What it is called.
    pub name: String,
    /// Whether it is in force.
    #[serde(default = "yes")]
    pub on: bool,
    /// What its alerts are about.
    pub kind: Kind,
    /// When it holds.
    pub condition: String,
    /// When an alert is over, where that is not its contrary.
    pub clear: Option<String>,
    /// The numbers in its texts.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Which accounts it looks at; empty for all.
    #[serde(default)]
    pub scope: String,
    /// How long its condition must hold, in minutes.
    pub for_minutes: u32,
    /// How long an alert must be over, in minutes.
    pub clear_minutes: u32,
    /// How long none is raised after the last, in days.
    pub cooldown_days: u32,
    /// How much it presses, 1 to 3.
    pub urgency: f64,
    /// How much work an answer is, in hours.
    pub effort: f64,
    /// The reason that people read.
    #[serde(default)]
    pub says: String,
}

/// A view that everybody sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewPart {
    /// What it is called.
    pub name: String,
    /// Which accounts it shows.
    #[serde(default)]
    pub filter: String,
    /// Their order.
    #[serde(default)]
    pub sort: String,
    /// The keys of the fields it shows.
    pub columns: Vec<String>,
}

/// A report that everybody sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPart {
    /// What it is called.
    pub name: String,
    /// What it asks for.
    pub spec: Spec,
}

/// A dashboard that everybody sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardPart {
    /// What it is called.
    pub name: String,
    /// What it shows, in order.
    #[serde(default)]
    pub widgets: Vec<WidgetPart>,
}

/// A widget: a shared report by its name, or one of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WidgetPart {
    /// What it is called; empty where its report says it.
    #[serde(default)]
    pub name: String,
    /// The name of the shared report that it shows.
    pub report: Option<String>,
    /// What it asks for, where it shows no saved report.
    pub spec: Option<Spec>,
    /// How many columns wide.
    pub width: u8,
    /// How many rows high.
    pub height: u8,
}

fn yes() -> bool {
    true
}

impl BuiltInPart {
    /// Returns what stands in the file of a rule that comes with Keepwell.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        Self {
            rule: rule.key.clone().unwrap_or_default(),
            on: Some(rule.is_on()),
            parameters: rule.numbers(),
            scope: Some(rule.scope.clone()),
            for_minutes: Some(rule.for_minutes),
            clear_minutes: Some(rule.clear_minutes),
            cooldown_days: Some(rule.cooldown_days),
            urgency: Some(rule.urgency),
            effort: Some(rule.effort),
        }
    }

    /// Returns the part with what it does not say taken from another one.
    #[must_use]
    pub fn over(self, under: Self) -> Self {
        let mut parameters = under.parameters;
        parameters.extend(self.parameters);
        Self {
            rule: self.rule,
            on: self.on.or(under.on),
            parameters,
            scope: self.scope.or(under.scope),
            for_minutes: self.for_minutes.or(under.for_minutes),
            clear_minutes: self.clear_minutes.or(under.clear_minutes),
            cooldown_days: self.cooldown_days.or(under.cooldown_days),
            urgency: self.urgency.or(under.urgency),
            effort: self.effort.or(under.effort),
        }
    }
}

impl RulePart {
    /// Returns what stands in the file of a rule that people made.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        let rule = rule.clone();
        Self {
            on: rule.is_on(),
            name: rule.name,
            kind: rule.kind,
            condition: rule.condition,
            clear: rule.clear,
            parameters: rule.parameters,
            scope: rule.scope,
            for_minutes: rule.for_minutes,
            clear_minutes: rule.clear_minutes,
            cooldown_days: rule.cooldown_days,
            urgency: rule.urgency,
            effort: rule.effort,
            says: rule.says,
        }
    }
}

impl ViewPart {
    /// Returns what stands in the file of a view.
    #[must_use]
    pub fn of(view: &View) -> Self {
        let View { name, filter, sort, columns, .. } = view.clone();
        Self { name, filter, sort, columns }
    }
}

impl ReportPart {
    /// Returns what stands in the file of a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        Self { name: report.name.clone(), spec: report.spec.clone() }
    }
}

impl DashboardPart {
    /// Returns what stands in the file of a dashboard. What it shows of a report that is somebody's own, which has no
    /// name among `reports`, does not leave.
    #[must_use]
    pub fn of(dashboard: &Dashboard, reports: &BTreeMap<ReportId, String>) -> Self {
        let part = |widget: &Widget| {
            let (report, spec) = match &widget.shows {
                Shows::Spec(spec) => (None, Some(spec.clone())),
                Shows::Report(id) => (Some(reports.get(id)?.clone()), None),
            };
            let (name, width, height) = (widget.name.clone(), widget.width, widget.height);
            Some(WidgetPart { name, report, spec, width, height })
        };
        Self { name: dashboard.name.clone(), widgets: dashboard.widgets.iter().filter_map(part).collect() }
    }

    /// Returns the widgets of the dashboard, or what is wrong with them.
    pub fn widgets(&self, reports: &BTreeMap<ReportId, String>) -> Result<Vec<Widget>, Refusal> {
        let mut widgets = Vec::with_capacity(self.widgets.len());
        for (place, part) in self.widgets.iter().enumerate() {
            let wrong = |field: &str, message: &str| Err(Refusal::field(&format!("widgets.{place}.{field}"), message));
            let shows = match (&part.report, &part.spec) {
                (Some(name), None) => match reports.iter().find(|(_, known)| *known == name) {
                    Some((id, _)) => Shows::Report(*id),
                    None => {
                        return wrong("report", "There is no shared report of this name. Write its name, or a spec.");
                    }
                },
                (None, Some(spec)) => Shows::Spec(spec.clone()),
                _ => return wrong("report", "Write either the name of a shared report or a spec."),
            };
            let (name, width, height) = (part.name.clone(), part.width, part.height);
            let id = u32::try_from(place + 1).unwrap_or(u32::MAX);
            widgets.push(Widget { id, name, shows, width, height });
        }
        Ok(widgets)
    }
}

/// Returns names that are told apart: the second of one name is called `Name (2)`.
#[must_use]
pub fn numbered<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut used = BTreeSet::new();
    names
        .into_iter()
        .map(|name| {
            let mut one = name.to_owned();
            let mut number = 1;
            while !used.insert(one.clone()) {
                number += 1;
                one = format!("{name} ({number})");
            }
            one
        })
        .collect()
}
