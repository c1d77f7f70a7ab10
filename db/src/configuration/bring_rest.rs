//! Bringing in scorecards, rules, views and reports.

use domain::alerts::{Rule, built_in};
use domain::configuration::{BuiltInPart, CardPart, ReportPart, RulePart, Section, State, ViewPart, numbered};
use domain::health::CardHead;
use domain::id::{ReportId, RuleId, UserId, ViewId};
use domain::refusal::Refusal;
use domain::reports::Report;
use domain::views::View;
use uuid::Uuid;

use super::bring::{Desk, Place, take};
use super::present::{self, Named};
use crate::error::Result;
use crate::health::exchange;
use crate::subjects::{self, document};
use crate::tx::Tx;
use crate::{accounts, alerts};

/// Brings scorecards in; returns those that are to go.
pub(super) async fn scorecards(desk: &mut Desk<'_>, parts: Vec<CardPart>) -> Result<Vec<Named<CardHead>>> {
    let mut left = present::cards(desk.tx).await?;
    let names = numbered(parts.iter().map(|part| part.name.trim()));
    for (number, (part, name)) in parts.iter().zip(&names).enumerate() {
        let place = Place { section: Section::Scorecards, name, number };
        let known = take(&mut left, name);
        // What the file does not say of a scorecard stays.
        let mut after = known.as_ref().map(|known| known.doc.clone()).unwrap_or_default();
        after.extend(document(part)?);
        if desk.compare(place, known.as_ref().map(|known| &known.doc), &after) == State::Same {
            continue;
        }
        let whole = part.published.as_ref().or(part.draft.as_ref());
        if known.is_none() && whole.is_none_or(|card| card.name.trim() != part.name.trim()) {
            let message = "Write what is published or drafted of a new scorecard, under the same name.";
            desk.wrong(place, "published.name", message.to_owned());
            continue;
        }
        let is = |key: &str| known.as_ref().is_some_and(|known| known.doc.get(key) == after.get(key));
        let published = part.published.as_ref().filter(|_| !is("published"));
        let draft = part.draft.as_ref().filter(|_| !is("draft"));
        let id = known.map(|known| known.it.scorecard);
        let done = exchange::put(desk.tx, id, published, draft, &desk.note).await;
        desk.attempt(place, done).await?;
    }
    Ok(desk.leave(Section::Scorecards, left))
}

pub(super) async fn remove_scorecards(desk: &mut Desk<'_>, going: Vec<Named<CardHead>>) -> Result<()> {
    for card in going {
        let done = exchange::remove(desk.tx, card.it.scorecard, &card.it.name).await;
        desk.stays(&card.name, done).await?;
    }
    Ok(())
}

/// Brings in what is set of the rules that come with Keepwell.
pub(super) async fn built_in_rules(desk: &mut Desk<'_>, parts: Vec<BuiltInPart>) -> Result<()> {
    let mut left = present::built_in_rules(desk.tx).await?;
    let all = alerts::rules(desk.tx).await?;
    for (number, part) in parts.into_iter().enumerate() {
        let name = part.rule.clone();
        let place = Place { section: Section::BuiltInRules, name: &name, number };
        let Some(rule) = all.iter().find(|rule| rule.key.as_ref() == Some(&name)).cloned() else {
            desk.wrong(place, "rule", "This version of Keepwell has no such rule. Take it out.".to_owned());
            continue;
        };
        let known = take(&mut left, &name);
        let present = BuiltInPart::of(&rule);
        let wanted = part.over(present.clone());
        // A rule that nobody changed yet is not in a file, and so it comes anew.
        let before = document(&present)?;
        let after = document(&wanted)?;
        let is_new = known.is_none() && before != after;
        if desk.compare(place, (!is_new).then_some(&before), &after) == State::Same {
            continue;
        }
        let done = set(desk.tx, rule, &wanted).await;
        desk.attempt(place, done).await?;
    }
    for rule in desk.leave(Section::BuiltInRules, left) {
        let done = alerts::remove_rule(desk.tx, rule.it.id).await;
        desk.stays(&rule.name, done).await?;
    }
    Ok(())
}

/// Sets what people may set of a rule that comes with Keepwell.
async fn set(tx: &mut Tx, mut rule: Rule, wanted: &BuiltInPart) -> Result<()> {
    for (key, value) in &wanted.parameters {
        let known = rule.parameters.iter_mut().find(|parameter| parameter.key == *key);
        let Some(parameter) = known.filter(|parameter| parameter.takes(*value)) else {
            let message = "The rule has no such number, or it cannot have this value.";
            return Err(Refusal::field(&format!("parameters.{key}"), message).into());
        };
        parameter.value = *value;
    }
    if let Some(scope) = &wanted.scope {
        rule.scope.clone_from(scope);
    }
    rule.for_minutes = wanted.for_minutes.unwrap_or(rule.for_minutes);
    rule.clear_minutes = wanted.clear_minutes.unwrap_or(rule.clear_minutes);
    rule.cooldown_days = wanted.cooldown_days.unwrap_or(rule.cooldown_days);
    rule.urgency = wanted.urgency.unwrap_or(rule.urgency);
    rule.effort = wanted.effort.unwrap_or(rule.effort);
    let on = wanted.on.unwrap_or_else(|| rule.is_on());
    rule.off_at = if on { None } else { rule.off_at.or(Some(tx.now())) };
    // The last setting taken back makes it the rule that it was when it came.
    let is_first = built_in().iter().any(|own| own.id == rule.id && BuiltInPart::of(own) == *wanted);
    if is_first { alerts::remove_rule(tx, rule.id).await } else { alerts::change_rule(tx, rule).await.map(|_| ()) }
}

/// Brings in rules that people made.
pub(super) async fn rules(desk: &mut Desk<'_>, parts: Vec<RulePart>) -> Result<()> {
    let mut left = present::rules(desk.tx).await?;
    let names = numbered(parts.iter().map(|part| part.name.trim()));
    for (number, (part, name)) in parts.iter().zip(&names).enumerate() {
        let place = Place { section: Section::Rules, name, number };
        let known = take(&mut left, name);
        let after = document(part)?;
        if desk.compare(place, known.as_ref().map(|known| &known.doc), &after) == State::Same {
            continue;
        }
        if known.as_ref().is_some_and(|known| known.it.kind != part.kind) {
            desk.wrong(place, "kind", "What a rule is about stays. Give it another name to make a new one.".to_owned());
            continue;
        }
        let done = put_rule(desk.tx, known.map(|known| known.it), part).await;
        desk.attempt(place, done).await?;
    }
    for rule in desk.leave(Section::Rules, left) {
        let done = alerts::remove_rule(desk.tx, rule.it.id).await;
        desk.stays(&rule.name, done).await?;
    }
    Ok(())
}

async fn put_rule(tx: &mut Tx, known: Option<Rule>, part: &RulePart) -> Result<()> {
    let (now, part, is_on) = (tx.now(), part.clone(), part.on);
    let draft = Rule {
        id: known.as_ref().map_or_else(|| RuleId(Uuid::now_v7()), |known| known.id),
        version: known.as_ref().map_or(1, |known| known.version),
        key: None,
        name: part.name,
        kind: part.kind,
        condition: part.condition,
        clear: part.clear,
        parameters: part.parameters,
        scope: part.scope,
        for_minutes: part.for_minutes,
        clear_minutes: part.clear_minutes,
        cooldown_days: part.cooldown_days,
        urgency: part.urgency,
        effort: part.effort,
        says: part.says,
        off_at: (!is_on).then_some(now),
        off_by: None,
        created_at: known.as_ref().map_or(now, |known| known.created_at),
        updated_at: now,
    };
    match known {
        Some(_) => alerts::change_rule(tx, draft).await.map(|_| ()),
        None => {
            let made = alerts::create_rule(tx, draft).await?;
            if is_on { Ok(()) } else { alerts::switch_rule(tx, made.id, false).await.map(|_| ()) }
        }
    }
}

/// Brings in views that everybody sees.
pub(super) async fn views(desk: &mut Desk<'_>, parts: Vec<ViewPart>) -> Result<()> {
    let mut left = present::shared_views(desk.tx).await?;
    let catalogue = accounts::catalogue(desk.tx).await?;
    let names = numbered(parts.iter().map(|part| part.name.trim()));
    for (number, (part, name)) in parts.into_iter().zip(&names).enumerate() {
        let place = Place { section: Section::Views, name, number };
        let known = take(&mut left, name);
        let now = desk.tx.now();
        let ViewPart { name: called, filter, sort, columns } = part;
        let view = match known.as_ref().map(|known| known.it.clone()) {
            Some(view) => Ok(View { name: called, filter, sort, columns, ..view }),
            None => owner(desk).map(|owner_id| View {
                id: ViewId(Uuid::now_v7()),
                version: 1,
                name: called,
                owner_id,
                shared: true,
                filter,
                sort,
                columns,
                created_at: now,
                updated_at: now,
            }),
        };
        let view = view.and_then(|view| Ok(view.check(&catalogue)?));
        let Some(view) = desk.attempt(place, view).await? else { continue };
        let after = document(&ViewPart::of(&view))?;
        if desk.compare(place, known.as_ref().map(|known| &known.doc), &after) != State::Same {
            match known {
                Some(known) => drop(subjects::update(desk.tx, &known.it, &view).await?),
                None => subjects::create(desk.tx, &view).await?,
            }
        }
    }
    for view in desk.leave(Section::Views, left) {
        subjects::remove(desk.tx, &view.it).await?;
    }
    Ok(())
}

/// Brings in reports that everybody sees.
pub(super) async fn reports(desk: &mut Desk<'_>, parts: Vec<ReportPart>) -> Result<()> {
    let mut left = present::shared_reports(desk.tx).await?;
    let catalogue = accounts::catalogue(desk.tx).await?;
    let names = numbered(parts.iter().map(|part| part.name.trim()));
    for (number, (part, name)) in parts.into_iter().zip(&names).enumerate() {
        let place = Place { section: Section::Reports, name, number };
        let known = take(&mut left, name);
        let now = desk.tx.now();
        let ReportPart { name: called, spec } = part;
        let report = match known.as_ref().map(|known| known.it.clone()) {
            Some(report) => Ok(Report { name: called, spec, ..report }),
            None => owner(desk).map(|owner_id| Report {
                id: ReportId(Uuid::now_v7()),
                version: 1,
                name: called,
                owner_id,
                shared: true,
                spec,
                created_at: now,
                updated_at: now,
            }),
        };
        let report = report
            .and_then(|report| report.check(&catalogue).map_err(|refusal| exchange::within("spec", refusal.into())));
        let Some(report) = desk.attempt(place, report).await? else { continue };
        let after = document(&ReportPart::of(&report))?;
        if desk.compare(place, known.as_ref().map(|known| &known.doc), &after) != State::Same {
            match known {
                Some(known) => drop(subjects::update(desk.tx, &known.it, &report).await?),
                None => subjects::create(desk.tx, &report).await?,
            }
        }
    }
    for report in desk.leave(Section::Reports, left) {
        subjects::remove(desk.tx, &report.it).await?;
    }
    Ok(())
}

/// Returns whose the new views, reports and dashboards are.
pub(super) fn owner(desk: &Desk<'_>) -> Result<UserId> {
    let message = "Views, reports and dashboards belong to somebody. Make an administrator first.";
    Ok(desk.owner.ok_or_else(|| Refusal::Conflict(message.to_owned()))?)
}
