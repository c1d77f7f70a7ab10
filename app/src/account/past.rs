//! What an account was on a day in the past, on the server; without a day, what it is now.

use std::collections::BTreeMap;

use db::accounts::Head;
use db::{Result, Tx};
use domain::accounts::{Account, AccountRow};
use domain::activities::Activity;
use domain::changes::diff;
use domain::contacts::Contact;
use domain::health::{HealthSummary, explain_change, summarise_change};
use domain::id::AccountId;
use domain::refusal::Refusal;
use domain::revenue::Invoice;
use domain::support::Ticket;
use domain::surveys::Response;
use domain::time::Timestamp;
use serde_json::{Map, Value};

use super::panels::{Comparison, FieldChange, Life, What};
use super::{gather, names};

/// How far back the turns of the score are shown.
const TURN_DAYS: u32 = 730;
/// How far back trends look.
const TREND_DAYS: i64 = 100;

/// Returns the account, or refuses where it did not exist.
pub(super) async fn account(tx: &mut Tx, id: AccountId, at: Option<Timestamp>) -> Result<Account> {
    match at {
        None => db::accounts::get(tx, id).await,
        Some(at) => Ok(db::past::account_as_of(tx, id, at).await?.ok_or(Refusal::NotFound)?),
    }
}

/// Returns what stood above the tabs at a moment, or refuses where the account did not exist.
pub(super) async fn head(tx: &mut Tx, id: AccountId, at: Timestamp) -> Result<Head> {
    let account = account(tx, id, Some(at)).await?;
    let parent = match account.parent_id {
        Some(above) => db::past::account_as_of(tx, above, at).await?.map(|account| (above, account.name)),
        None => None,
    };
    // The roll-up is of now: none is kept of the past.
    let row = AccountRow { account, health: health(tx, id, at).await?, rollup: None, churn: None };
    let custom = db::accounts::custom_fields(tx).await?;
    let present = db::health::evaluation_at(tx, id, at).await?.map(|stored| stored.evaluation);
    let past = db::health::evaluation_at(tx, id, at.plus_days(-30)).await?.map(|stored| stored.evaluation);
    Ok(Head { row, parent, custom, present, past })
}

async fn health(tx: &mut Tx, id: AccountId, at: Timestamp) -> Result<Option<HealthSummary>> {
    let Some(stored) = db::health::evaluation_at(tx, id, at).await? else { return Ok(None) };
    let history = db::health::history(tx, id, at.plus_days(-TREND_DAYS)).await?;
    Ok(HealthSummary::of(&stored.evaluation, stored.scorecard, stored.version, &history))
}

/// Returns those of the accounts below this one today that were below it then.
pub(super) async fn children(tx: &mut Tx, id: AccountId, at: Option<Timestamp>) -> Result<Vec<AccountRow>> {
    let present = db::accounts::children(tx, id).await?;
    let Some(at) = at else { return Ok(present) };
    let mut children = Vec::new();
    for child in present {
        let id_of_child = child.account.id;
        let Some(account) = db::past::account_as_of(tx, id_of_child, at).await? else { continue };
        if account.parent_id == Some(id) {
            children.push(AccountRow {
                account,
                health: health(tx, id_of_child, at).await?,
                rollup: None,
                churn: None,
            });
        }
    }
    Ok(children)
}

/// Returns the contacts, by name, those who had left last.
pub(super) async fn contacts(tx: &mut Tx, id: AccountId, at: Option<Timestamp>) -> Result<Vec<Contact>> {
    let Some(at) = at else { return db::timeline::contacts(tx, id).await };
    let mut contacts: Vec<Contact> = db::past::subjects_as_of(tx, id, at).await?;
    contacts.sort_by(|a, b| (a.left_at.is_some(), &a.name).cmp(&(b.left_at.is_some(), &b.name)));
    Ok(contacts)
}

/// Returns the tickets, newest first.
pub(super) async fn tickets(tx: &mut Tx, id: AccountId, at: Option<Timestamp>) -> Result<Vec<Ticket>> {
    let Some(at) = at else { return db::timeline::tickets(tx, id).await };
    let mut tickets: Vec<Ticket> = db::past::subjects_as_of(tx, id, at).await?;
    tickets.sort_by_key(|ticket| std::cmp::Reverse(ticket.opened_at));
    Ok(tickets)
}

/// Returns the invoices, newest first.
pub(super) async fn invoices(tx: &mut Tx, id: AccountId, at: Option<Timestamp>) -> Result<Vec<Invoice>> {
    let Some(at) = at else { return db::timeline::invoices(tx, id).await };
    let mut invoices: Vec<Invoice> = db::past::subjects_as_of(tx, id, at).await?;
    invoices.sort_by_key(|invoice| std::cmp::Reverse(invoice.issued_at));
    Ok(invoices)
}

/// Returns the survey answers, newest first.
pub(super) async fn surveys(tx: &mut Tx, id: AccountId, at: Option<Timestamp>) -> Result<Vec<Response>> {
    let Some(at) = at else { return db::timeline::surveys(tx, id).await };
    let mut surveys: Vec<Response> = db::past::subjects_as_of(tx, id, at).await?;
    surveys.sort_by_key(|survey| std::cmp::Reverse(survey.answered_at));
    Ok(surveys)
}

/// Returns the activities, newest first.
pub(super) async fn activities(tx: &mut Tx, id: AccountId, at: Option<Timestamp>) -> Result<Vec<Activity>> {
    let Some(at) = at else { return db::timeline::activities(tx, id).await };
    let mut activities: Vec<Activity> = db::past::subjects_as_of(tx, id, at).await?;
    activities.sort_by_key(|activity| std::cmp::Reverse(activity.happened_at));
    Ok(activities)
}

/// Returns when the account began, and when its score came into another band.
pub(super) async fn life(tx: &mut Tx, id: AccountId) -> Result<Life> {
    let begins = db::accounts::get(tx, id).await?.created_at;
    let history = gather::scores(tx, id, TURN_DAYS, None).await?;
    let turn = |moment: super::panels::Moment| match moment.what {
        What::Band { to, .. } => Some((moment.at, to)),
        _ => None,
    };
    let mut turns: Vec<_> = gather::band_moments(&history).into_iter().filter_map(turn).collect();
    turns.sort_by_key(|(at, _)| *at);
    Ok(Life { begins, turns })
}

/// Returns what differs between two moments; nothing where the account did not exist at both.
pub(super) async fn comparison(
    tx: &mut Tx,
    id: AccountId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Option<Comparison>> {
    let before = db::past::account_as_of(tx, id, from).await?;
    let after = db::past::account_as_of(tx, id, to).await?;
    let (Some(before), Some(after)) = (before, after) else { return Ok(None) };
    let mut fields = differences(&before, &after)?;
    names::name_others(tx, &mut fields, &mut BTreeMap::new()).await?;
    let old = db::health::evaluation_at(tx, id, from).await?;
    let new = db::health::evaluation_at(tx, id, to).await?;
    let score = match (old, new) {
        (Some(old), Some(new)) => {
            let (old, new) = (old.evaluation, new.evaluation);
            Some((explain_change(&old, &new), summarise_change(&old, &new)))
        }
        _ => None,
    };
    let custom = db::accounts::custom_fields(tx).await?;
    Ok(Some(Comparison { from, to, fields, score, custom, currency: after.currency }))
}

/// Returns the fields of an account that differ.
fn differences(before: &Account, after: &Account) -> Result<Vec<FieldChange>> {
    let document = |account: &Account| -> Result<Map<String, Value>> { db::subjects::document(account) };
    let (mut was, became) = diff(&document(before)?, &document(after)?);
    let change =
        |(key, after): (String, Value)| FieldChange { before: was.remove(&key).unwrap_or(Value::Null), key, after };
    Ok(became.into_iter().map(change).collect())
}
