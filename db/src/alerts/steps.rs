//! What people do with alerts; each call is one batch, so that it can be taken back.

use std::collections::BTreeSet;

use domain::alerts::list::StepReport;
use domain::alerts::{Alert, Step, facts, take};
use domain::filter;
use domain::id::{AccountId, AlertId, UserId};
use domain::identity::Role;
use domain::refusal::Refusal;

use super::{pages, watches};
use crate::error::{Error, Result};
use crate::subjects;
use crate::tx::Tx;
use crate::{accounts, batches, identity};

/// Most alerts of one bulk step.
const BULK_MAX: usize = 500;

/// Takes a step with one alert, or refuses; everybody but viewers.
pub async fn step(tx: &mut Tx, id: AlertId, step: &Step) -> Result<Alert> {
    let report = steps(tx, &[id], step).await?;
    if let Some((_, why)) = report.refused.into_iter().next() {
        return Err(Refusal::Conflict(why).into());
    }
    subjects::get(tx, id.0).await
}

/// Takes the same step with several alerts, in one batch; what their state does not allow is left and named. The step
/// itself must make sense.
pub async fn steps(tx: &mut Tx, ids: &[AlertId], step: &Step) -> Result<StepReport> {
    tx.require(Role::Csm)?;
    if ids.len() > BULK_MAX {
        return Err(Refusal::Conflict("Choose at most 500 alerts.".to_owned()).into());
    }
    check(tx, step).await?;
    let (now, who) = (tx.now(), tx.actor().user);
    let mut report = StepReport::default();
    let mut befores: Vec<(Alert, Alert)> = Vec::new();
    for id in ids {
        let Some(alert) = subjects::find::<Alert>(tx, id.0).await? else {
            if ids.len() == 1 {
                return Err(Refusal::NotFound.into());
            }
            report.refused.push((*id, Refusal::NotFound.to_string()));
            continue;
        };
        let mut taken = take(&alert, step, who, now);
        if let (Ok(Some(next)), Step::Reopen) = (&taken, step)
            && is_there(tx, next, &befores).await?
        {
            taken = Err(Refusal::Conflict("There is an open alert for the same thing already.".to_owned()));
        }
        match taken {
            Ok(Some(next)) => befores.push((alert, next)),
            Ok(None) => {}
            // A single alert gets its refusal beside the field it is about.
            Err(refusal) if ids.len() == 1 => return Err(Error::Refused(refusal)),
            Err(refusal) => report.refused.push((*id, refusal.to_string())),
        }
    }
    if let Step::Snooze { condition: Some(text), .. } = step {
        let why = leave_true(tx, text.trim(), &mut befores, &mut report).await?;
        // Where it is true of all of them, what to wait for has to be another.
        if let (true, Some(why)) = (befores.is_empty(), why) {
            return Err(Refusal::field("condition", why).into());
        }
    }
    if befores.is_empty() {
        return Ok(report);
    }
    if tx.batch().is_none() {
        report.batch = Some(batches::open(tx, "edit", step.key()).await?);
    }
    for (before, after) in &befores {
        report.changed += u32::from(subjects::update(tx, before, after).await?);
    }
    Ok(report)
}

/// Returns whether an alert for the same thing is open, or opened by the same call.
async fn is_there(tx: &mut Tx, next: &Alert, befores: &[(Alert, Alert)]) -> Result<bool> {
    let is_same = befores.iter().any(|(_, other)| other.id != next.id && other.fingerprint == next.fingerprint);
    Ok(is_same || watches::is_open(tx, &next.fingerprint).await?)
}

/// Leaves the alerts on accounts of which the condition of a pause is true already, as they would come back at once.
/// Returns why, where there is one.
async fn leave_true(
    tx: &mut Tx,
    condition: &str,
    befores: &mut Vec<(Alert, Alert)>,
    report: &mut StepReport,
) -> Result<Option<String>> {
    let ids: BTreeSet<AccountId> = befores.iter().filter_map(|(alert, _)| alert.account_id).collect();
    let ids: Vec<AccountId> = ids.into_iter().collect();
    if condition.is_empty() || ids.is_empty() {
        return Ok(None);
    }
    let is_true = pages::true_of(tx, condition, &ids).await?;
    let mut left = Vec::new();
    befores.retain(|(alert, _)| match alert.account_id.filter(|account| is_true.contains(account)) {
        Some(account) => {
            left.push((alert.id, account));
            false
        }
        None => true,
    });
    let mut last = None;
    for (alert, account) in left {
        let name = accounts::get(tx, account).await?.name;
        let why = format!("This is true of {name} already: the alert would come back at once.");
        report.refused.push((alert, why.clone()));
        last = Some(why);
    }
    Ok(last)
}

/// Refuses a step that makes no sense whatever the alert.
async fn check(tx: &mut Tx, step: &Step) -> Result<()> {
    match step {
        Step::Snooze { condition: Some(text), .. } if !text.trim().is_empty() => {
            let known = facts::catalogue(&accounts::catalogue(tx).await?);
            filter::parse(text, &known).map_err(|error| Refusal::field("condition", error.message))?;
            Ok(())
        }
        Step::Assign { to: Some(user) } => require_user(tx, *user).await,
        _ => Ok(()),
    }
}

async fn require_user(tx: &mut Tx, user: UserId) -> Result<()> {
    let users = identity::users(tx).await?;
    let is_there = users.iter().any(|known| known.id == user && known.deactivated_at.is_none());
    if is_there { Ok(()) } else { Err(Refusal::field("assignee", "Choose somebody who can sign in.").into()) }
}
