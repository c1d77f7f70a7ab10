//! What the page of an account asks the server: one function per panel, so that panels load side by side.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::accounts::{AccountRow, Found};
use domain::contacts::Contact;
use domain::id::AccountId;
use domain::revenue::Invoice;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::panels::{
    ChangePanel, Comparison, Head, HealthPanel, History, Life, Metric, Moments, ScoreHistory, SupportPanel,
};
#[cfg(feature = "ssr")]
use super::{gather, past, scored};
use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Returns what stands above the tabs, now or at a moment in the past.
#[server]
pub async fn account_head(id: AccountId, at: Option<Timestamp>) -> Result<Head> {
    let (db, who) = signed_in().await?;
    let head = match at {
        None => db::accounts::head(&db, &who.actor, id).await?,
        Some(at) => past::head(&mut db.read(&who.actor).await?, id, at).await?,
    };
    let db::accounts::Head { row, parent, custom, present, past } = head;
    let drags = present.as_ref().map(gather::drags).unwrap_or_default();
    let why = match (past, present) {
        (Some(past), Some(present)) => Some(domain::health::summarise_change(&past, &present)),
        _ => None,
    };
    Ok(Head { row, parent, custom, why, drags })
}

/// Returns the accounts below one.
#[server]
pub async fn account_children(id: AccountId, at: Option<Timestamp>) -> Result<Vec<AccountRow>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(past::children(&mut tx, id, at).await?)
}

/// Returns the present score with all it was made of; nothing for an account that was not scored yet.
#[server]
pub async fn account_health(id: AccountId, at: Option<Timestamp>) -> Result<Option<HealthPanel>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    past::account(&mut tx, id, at).await?;
    let now = at.unwrap_or(tx.now());
    Ok(scored::panel(&mut tx, id, now).await?)
}

/// Returns the scores of the last days, beginning with the one that stood then.
#[server]
pub async fn account_scores(id: AccountId, days: u32, at: Option<Timestamp>) -> Result<ScoreHistory> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(gather::scores(&mut tx, id, days, at).await?)
}

/// Returns why the score at a moment, or now, is not what it was at the end of a day; nothing where there was no
/// score then.
#[server]
pub async fn account_change(id: AccountId, day: Timestamp, at: Option<Timestamp>) -> Result<Option<ChangePanel>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let now = at.unwrap_or(tx.now());
    if now < day {
        let sentence = "Choose a last day that is not before the first one.";
        return Err(domain::refusal::Refusal::field("to", sentence).into());
    }
    Ok(scored::change(&mut tx, id, (day, at)).await?)
}

/// Returns the newest moments of some kinds (joined by commas, empty for all).
#[server]
pub async fn account_moments(id: AccountId, kinds: String, limit: u32, at: Option<Timestamp>) -> Result<Moments> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let mut list = gather::moments(&mut tx, id, at).await?;
    list.retain(|moment| kinds.is_empty() || kinds.split(',').any(|kind| kind == moment.what.kind()));
    list.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    let limit = limit.clamp(1, 1_000) as usize;
    let more = list.len() > limit;
    list.truncate(limit);
    Ok(Moments { list, more })
}

/// Returns the contacts of an account.
#[server]
pub async fn account_people(id: AccountId, at: Option<Timestamp>) -> Result<Vec<Contact>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    past::account(&mut tx, id, at).await?;
    Ok(past::contacts(&mut tx, id, at).await?)
}

/// Returns the four most telling usage metrics of the last days.
#[server]
pub async fn account_usage(id: AccountId, days: u32, at: Option<Timestamp>) -> Result<Vec<Metric>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    past::account(&mut tx, id, at).await?;
    let days = i64::from(days.clamp(7, 366));
    let now = at.unwrap_or(tx.now());
    let today = now.day_start();
    let all = db::past::usage_as_of(&mut tx, id, now, days.max(56)).await?;
    Ok(gather::metrics(all, today, days))
}

/// Returns the invoices of an account, newest first.
#[server]
pub async fn account_invoices(id: AccountId, at: Option<Timestamp>) -> Result<Vec<Invoice>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    past::account(&mut tx, id, at).await?;
    Ok(past::invoices(&mut tx, id, at).await?)
}

/// Returns tickets and survey answers of an account, newest first.
#[server]
pub async fn account_support(id: AccountId, at: Option<Timestamp>) -> Result<SupportPanel> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    past::account(&mut tx, id, at).await?;
    let tickets = past::tickets(&mut tx, id, at).await?;
    let surveys = past::surveys(&mut tx, id, at).await?;
    // Only the server has the words for it.
    let sounds = surveys.iter().map(|answer| answer.comment.as_deref().map(domain::signals::vader::tone)).collect();
    Ok(SupportPanel { tickets, surveys, sounds })
}

/// Returns the newest lines of the account's change history.
#[server]
pub async fn account_history(id: AccountId, limit: u32, at: Option<Timestamp>) -> Result<History> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(gather::history(&mut tx, id, limit.clamp(1, 2_000) as usize, at).await?)
}

/// Returns when the account began, and when its score came into another band.
#[server]
pub async fn account_life(id: AccountId) -> Result<Life> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(past::life(&mut tx, id).await?)
}

/// Returns what differs between two moments; nothing where the account did not exist at both.
#[server]
pub async fn account_comparison(id: AccountId, from: Timestamp, to: Timestamp) -> Result<Option<Comparison>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(past::comparison(&mut tx, id, from.min(to), from.max(to)).await?)
}

/// Returns accounts that could stand above another.
#[server]
pub async fn find_parents(text: String) -> Result<Vec<Found>> {
    let (db, who) = signed_in().await?;
    Ok(db::accounts::search(&db, &who.actor, &text, 8).await?)
}
