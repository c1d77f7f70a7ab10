//! The configuration that a workspace has: its things with the parts of a file that say the same.

use std::collections::BTreeMap;

use domain::alerts::{Rule, built_in};
use domain::configuration::{
    BuiltInPart, CardPart, DashboardPart, FORMAT, FieldPart, ReportPart, RulePart, Section, ViewPart, WorkspacePart,
    numbered,
};
use domain::dashboards::Dashboard;
use domain::health::CardHead;
use domain::id::ReportId;
use domain::reports::Report;
use domain::views::View;
use serde::Serialize;
use serde_json::{Map, Value};

use super::write::write;
use crate::accounts::CustomField;
use crate::error::Result;
use crate::subjects::document;
use crate::tx::Tx;
use crate::{alerts, dashboards, formula, health, identity, reports, views};

/// What stands above everything else.
const HEAD: &str = "\
# The configuration of a Keepwell workspace: fields, scorecards, rules, and the views, reports and dashboards that
# everybody sees.
# Bring it into a workspace under Settings > Configuration, or with: keepwell import configuration FILE
# Things are called by their names. What is not named here stays as it is. There are no secrets in this file.

";

/// A thing of the workspace with what it is called in a file, and what the file says of it.
pub(super) struct Named<T> {
    pub(super) name: String,
    pub(super) doc: Map<String, Value>,
    pub(super) it: T,
}

/// Returns things by what they are called, those of one name told apart.
fn named<T>(things: Vec<(String, Map<String, Value>, T)>) -> Vec<Named<T>> {
    let mut things: Vec<(String, String, Map<String, Value>, T)> =
        things.into_iter().map(|(name, doc, it)| (name, Value::Object(doc.clone()).to_string(), doc, it)).collect();
    things.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let names = numbered(things.iter().map(|(name, ..)| name.as_str()));
    names.into_iter().zip(things).map(|(name, (_, _, doc, it))| Named { name, doc, it }).collect()
}

fn part<T, P: Serialize>(name: &str, part: &P, it: T) -> Result<(String, Map<String, Value>, T)> {
    Ok((name.to_owned(), document(part)?, it))
}

pub(super) async fn workspace(tx: &mut Tx) -> Result<WorkspacePart> {
    let (name, currency) = identity::workspace(tx).await?;
    let rollup = health::rollup_rule(tx).await?;
    Ok(WorkspacePart { name: Some(name), currency: Some(currency), rollup: Some(rollup) })
}

pub(super) async fn fields(tx: &mut Tx) -> Result<Vec<Named<CustomField>>> {
    let all = formula::custom_fields(tx).await?.into_iter().map(|field| {
        let kind = field.formula.is_none().then(|| field.kind.clone());
        let (key, label, formula) = (field.key.clone(), field.label.clone(), field.formula.clone());
        part(&field.key.clone(), &FieldPart { key, label, kind, formula }, field)
    });
    Ok(named(all.collect::<Result<_>>()?))
}

/// Returns the scorecards that are in force or being worked on.
pub(super) async fn cards(tx: &mut Tx) -> Result<Vec<Named<CardHead>>> {
    let mut all = Vec::new();
    for head in health::cards(tx).await? {
        let mut parts = [None, None];
        for (place, number) in [head.live, head.draft].into_iter().enumerate() {
            if let Some(number) = number {
                parts[place] = health::version(tx, head.scorecard, number).await?.map(|version| version.card);
            }
        }
        let [published, draft] = parts;
        if published.is_some() || draft.is_some() {
            let of = CardPart { name: head.name.clone(), published, draft };
            all.push(part(&of.name, &of, head)?);
        }
    }
    Ok(named(all))
}

/// Returns what people changed of the rules that come with Keepwell.
pub(super) async fn built_in_rules(tx: &mut Tx) -> Result<Vec<Named<Rule>>> {
    let first = built_in();
    let is_changed = |rule: &Rule| {
        let own = first.iter().find(|own| own.id == rule.id);
        rule.is_built_in() && own.is_some_and(|own| BuiltInPart::of(own) != BuiltInPart::of(rule))
    };
    let rules = alerts::rules(tx).await?.into_iter().filter(is_changed);
    let all = rules.map(|rule| {
        let of = BuiltInPart::of(&rule);
        part(&of.rule.clone(), &of, rule)
    });
    Ok(named(all.collect::<Result<_>>()?))
}

pub(super) async fn rules(tx: &mut Tx) -> Result<Vec<Named<Rule>>> {
    let rules = alerts::rules(tx).await?.into_iter().filter(|rule| !rule.is_built_in());
    let all = rules.map(|rule| part(&rule.name.clone(), &RulePart::of(&rule), rule));
    Ok(named(all.collect::<Result<_>>()?))
}

pub(super) async fn shared_views(tx: &mut Tx) -> Result<Vec<Named<View>>> {
    let views = views::list(tx).await?.into_iter().filter(|view| view.shared);
    let all = views.map(|view| part(&view.name.clone(), &ViewPart::of(&view), view));
    Ok(named(all.collect::<Result<_>>()?))
}

pub(super) async fn shared_reports(tx: &mut Tx) -> Result<Vec<Named<Report>>> {
    let reports = reports::list(tx).await?.into_iter().filter(|report| report.shared);
    let all = reports.map(|report| part(&report.name.clone(), &ReportPart::of(&report), report));
    Ok(named(all.collect::<Result<_>>()?))
}

/// Returns what the reports that everybody sees are called in a file.
pub(super) async fn report_names(tx: &mut Tx) -> Result<BTreeMap<ReportId, String>> {
    Ok(shared_reports(tx).await?.into_iter().map(|report| (report.it.id, report.name)).collect())
}

pub(super) async fn shared_dashboards(tx: &mut Tx) -> Result<Vec<Named<Dashboard>>> {
    let reports = report_names(tx).await?;
    let dashboards = dashboards::list(tx).await?.into_iter().filter(|dashboard| dashboard.shared);
    let all =
        dashboards.map(|dashboard| part(&dashboard.name.clone(), &DashboardPart::of(&dashboard, &reports), dashboard));
    Ok(named(all.collect::<Result<_>>()?))
}

/// Returns the whole configuration as a text, and of how many things it is.
pub(super) async fn text(tx: &mut Tx) -> Result<(String, usize)> {
    fn list<T>(things: Vec<Named<T>>) -> Vec<Value> {
        things.into_iter().map(|thing| Value::Object(thing.doc)).collect()
    }
    let lists = [
        (Section::Fields, list(fields(tx).await?)),
        (Section::Scorecards, list(cards(tx).await?)),
        (Section::BuiltInRules, list(built_in_rules(tx).await?)),
        (Section::Rules, list(rules(tx).await?)),
        (Section::Views, list(shared_views(tx).await?)),
        (Section::Reports, list(shared_reports(tx).await?)),
        (Section::Dashboards, list(shared_dashboards(tx).await?)),
    ];
    let things = 1 + lists.iter().map(|(_, list)| list.len()).sum::<usize>();
    let mut all = Map::from_iter([("keepwell".to_owned(), Value::from(FORMAT))]);
    all.insert(Section::Workspace.key().to_owned(), Value::Object(document(&workspace(tx).await?)?));
    for (section, list) in lists {
        all.insert(section.key().to_owned(), Value::Array(list));
    }
    Ok((format!("{HEAD}{}", write(&all)), things))
}
