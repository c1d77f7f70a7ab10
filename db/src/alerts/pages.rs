//! An alert's page: its facts then and now, and what happened to it, read from the change log.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::alerts::facts::{Facts, Known};
use domain::alerts::list::{AlertEvent, AlertPageData};
use domain::alerts::{Alert, Quoted};
use domain::changes::{Change, Entry};
use domain::fields::Catalogue;
use domain::filter::{self, Scope};
use domain::id::{AccountId, AlertId, UserId};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::{Map, Value};

use super::desk::Desk;
use super::{board, rules};
use crate::error::Result;
use crate::health::{Gathered, gather};
use crate::log;
use crate::subjects::from_document;
use crate::tx::Tx;

/// Most lines of the log that an alert's page reads.
const EVENTS_MAX: i64 = 300;

/// Returns an alert's page, or refuses; everybody may look.
pub async fn page(tx: &mut Tx, id: AlertId) -> Result<AlertPageData> {
    let row = board::find(tx, id).await?.ok_or(Refusal::NotFound)?;
    let events = events(tx, id).await?;
    let facts = match row.alert.account_id {
        Some(account) => facts_now(tx, account, &row.alert).await?,
        None => row.alert.facts_now.clone(),
    };
    let members = if row.alert.members.is_empty() { Vec::new() } else { board::members(tx, id).await? };
    Ok(AlertPageData { row, facts, events, members })
}

/// Returns what an alert quotes, as it is at this moment.
async fn facts_now(tx: &mut Tx, account: AccountId, alert: &Alert) -> Result<Vec<Quoted>> {
    let Some(sight) = sight(tx, account).await? else { return Ok(alert.facts_now.clone()) };
    let known = sight.known();
    Ok(alert.facts_then.iter().map(|quoted| known.quote(&quoted.key, &sight.catalogue)).collect())
}

/// What rules see of one account.
pub(crate) struct Sight {
    /// What is recorded on it.
    pub(crate) gathered: Gathered,
    /// Its facts at this moment.
    pub(crate) facts: Facts,
    /// The fields and facts that there are.
    pub(crate) catalogue: Arc<Catalogue>,
}

impl Sight {
    /// Returns what is known of the account, as conditions are held against it.
    pub(crate) fn known(&self) -> Known<'_> {
        Known::new(&self.gathered.record.account, self.gathered.health.as_ref(), &self.facts)
    }
}

/// Returns what rules see of an account at this moment; nothing where the workspace does not have it.
pub(crate) async fn sight(tx: &mut Tx, account: AccountId) -> Result<Option<Sight>> {
    Ok(sights(tx, &[account]).await?.pop())
}

/// Returns what rules see of some accounts at this moment, of those that the workspace has.
pub(crate) async fn sights(tx: &mut Tx, accounts: &[AccountId]) -> Result<Vec<Sight>> {
    let rules = rules::rules(tx).await?;
    let desk = Desk::of(tx, rules).await?;
    let gathered = gather(tx, accounts).await?;
    let (now, catalogue) = (tx.now(), Arc::new(desk.engine.catalogue().clone()));
    let sight =
        |gathered: Gathered| Sight { facts: desk.facts(&gathered, now), gathered, catalogue: catalogue.clone() };
    Ok(gathered.into_iter().map(sight).collect())
}

/// Returns of which of these accounts a condition is true at this moment.
pub(super) async fn true_of(tx: &mut Tx, condition: &str, accounts: &[AccountId]) -> Result<BTreeSet<AccountId>> {
    let (sights, now) = (sights(tx, accounts).await?, tx.now());
    let is_true = |sight: &&Sight| {
        let scope = Scope { catalogue: &sight.catalogue, me: None, now };
        filter::parse(condition, &sight.catalogue).is_ok_and(|filter| filter::matches(&filter, &scope, &sight.known()))
    };
    Ok(sights.iter().filter(is_true).map(|sight| sight.gathered.record.account.id).collect())
}

/// Returns what happened to an alert, oldest first.
async fn events(tx: &mut Tx, id: AlertId) -> Result<Vec<AlertEvent>> {
    let mut events = Vec::new();
    for entry in log::of_alert(tx, id, EVENTS_MAX).await? {
        match entry.change {
            Change::Created => events.extend(begun(entry.after)?),
            Change::Updated => events.extend(told(&entry)),
            _ => {}
        }
    }
    // A stable sort: what the first line tells of the past stands before what followed.
    events.sort_by_key(|event| event.at);
    Ok(events)
}

/// Returns what had happened to an alert when it was first written.
fn begun(document: Map<String, Value>) -> Result<Vec<AlertEvent>> {
    let alert: Alert = from_document(document)?;
    let mut events = vec![event(alert.created_at, None, "raised", String::new())];
    let mut add = |at: Option<Timestamp>, by: Option<UserId>, what: &str, detail: String| {
        events.extend(at.map(|at| event(at, by, what, detail)));
    };
    add(alert.acknowledged_at, alert.acknowledged_by, "acknowledge", String::new());
    add(alert.started_at, alert.started_by, "start", String::new());
    let until = alert.snoozed_until.map_or_else(String::new, Timestamp::iso_date);
    add(alert.snoozed_at, alert.snoozed_by, "snooze", alert.snoozed_while.unwrap_or(until));
    for note in alert.notes {
        add(Some(note.at), note.by, "note", note.text);
    }
    let resolved = if alert.resolved_by.is_some() { "resolve" } else { "resolved" };
    add(alert.resolved_at, alert.resolved_by, resolved, word(&alert.outcome)?);
    add(alert.dismissed_at, alert.dismissed_by, "dismiss", word(&alert.dismissal)?);
    Ok(events)
}

fn word(value: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_value(value)?.as_str().unwrap_or_default().to_owned())
}

fn event(at: Timestamp, by: Option<UserId>, what: &str, detail: String) -> AlertEvent {
    AlertEvent { at, by, what: what.to_owned(), detail }
}

/// Returns what a line of the log says of an alert: a step, a note with it, or that it was brought up to date.
fn told(entry: &Entry) -> Vec<AlertEvent> {
    let came = |key: &str| entry.after.get(key).is_some_and(|value| !value.is_null());
    let went = |key: &str| entry.after.get(key).is_some_and(Value::is_null);
    let text = |key: &str| entry.after.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let by_person = entry.actor.is_some();
    let (what, detail) = if came("dismissed_at") {
        ("dismiss", text("dismissal"))
    } else if came("resolved_at") {
        (if by_person { "resolve" } else { "resolved" }, text("outcome"))
    } else if went("resolved_at") || went("dismissed_at") {
        ("reopen", String::new())
    } else if came("snoozed_at") {
        let until = entry.after.get("snoozed_until").and_then(Value::as_i64);
        let until = until.map_or_else(String::new, |at| Timestamp(at).iso_date());
        ("snooze", if came("snoozed_while") { text("snoozed_while") } else { until })
    } else if went("snoozed_at") {
        (if by_person { "wake" } else { "woken" }, String::new())
    } else if came("started_at") {
        ("start", String::new())
    } else if came("acknowledged_at") {
        ("acknowledge", String::new())
    } else if entry.after.contains_key("rung") {
        ("escalate", text("rung"))
    } else if entry.after.contains_key("assignee") {
        ("assign", text("assignee"))
    } else if came("group") {
        ("joined", text("group"))
    } else if !by_person {
        ("updated", text("priority"))
    } else {
        ("", String::new())
    };
    let mut events = Vec::new();
    if !what.is_empty() {
        events.push(event(entry.at, entry.actor, what, detail));
    }
    let notes =
        |fields: &Map<String, Value>| fields.get("notes").and_then(Value::as_array).cloned().unwrap_or_default();
    let (before, after) = (notes(&entry.before), notes(&entry.after));
    for note in after.iter().skip(before.len()) {
        let text = note.get("text").and_then(Value::as_str).unwrap_or_default();
        events.push(event(entry.at, entry.actor, "note", text.to_owned()));
    }
    events
}
