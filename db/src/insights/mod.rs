//! Insights: how the portfolio stands at a moment and how it moved since another, from stored scores and the log.

mod matching;
mod peers;
mod standings;

use std::collections::HashMap;

use domain::health::{Cause, summarise_change};
use domain::id::{AccountId, UserId};
use domain::insights::{self, Behind, Drivers, InsightQuery, Report, SPAN_DAYS_MAX, Standing, Which};
use domain::refusal::Refusal;
use domain::time::Timestamp;

use crate::accounts::selection;
use crate::error::Result;
use crate::tx::Tx;
use crate::{health, identity, log};
use standings::Portfolio;

pub use peers::peers;

/// Returns how a portfolio stands, and how it moved since the first moment.
pub async fn report(tx: &mut Tx, asked: &InsightQuery) -> Result<Report> {
    let seq = log::last_seq(tx).await?;
    let Both { from, to, before, after } = both(tx, asked).await?;
    let mut report = insights::report(from, to, &before, &after);
    let movement = &report.movement;
    let shown: Vec<AccountId> = movement.fallers.iter().chain(&movement.risers).map(|moved| moved.account).collect();
    report.drivers = drivers(tx, &shown, from, to).await?;
    report.seq = seq;
    Ok(report)
}

/// Returns the accounts behind one number of a report.
pub async fn behind(tx: &mut Tx, asked: &InsightQuery, which: &Which) -> Result<Behind> {
    let Both { from, to, before, after } = both(tx, asked).await?;
    let (rows, total) = insights::rows(&before, &after, which);
    let moved = rows.iter().filter(|row| row.delta().is_some_and(|delta| delta.tenths() != 0));
    let moved: Vec<AccountId> = moved.map(|row| row.account).collect();
    let drivers = drivers(tx, &moved, from, to).await?;
    Ok(Behind { from, to, rows, total, drivers })
}

/// Returns what lifts and what lowers the score that an account had at a moment; nothing where it had none.
pub async fn score_drivers(tx: &mut Tx, account: AccountId, at: Option<Timestamp>) -> Result<Option<Drivers>> {
    let at = at.unwrap_or(tx.now());
    let Some(stored) = health::evaluation_at(tx, account, at).await? else { return Ok(None) };
    let version = health::version(tx, stored.scorecard, stored.version).await?;
    let card = version.map(|version| version.card.name).unwrap_or_default();
    Ok(Some(Drivers { card, version: stored.version, ..insights::drivers(&stored.evaluation) }))
}

/// Where the accounts that are asked about stood at both moments.
struct Both {
    from: Timestamp,
    to: Timestamp,
    before: Vec<Standing>,
    after: Vec<Standing>,
}

async fn both(tx: &mut Tx, asked: &InsightQuery) -> Result<Both> {
    let now = tx.now();
    let (from, to) = (asked.from, asked.at.map_or(now, |at| at.min(now)));
    if from >= to || to.days_since(from) > SPAN_DAYS_MAX {
        let sentence = "Choose a first day before the second one, at most three years apart.";
        return Err(Refusal::field("from", sentence).into());
    }
    let chosen = selection(tx, &asked.filter).await?;
    let portfolio = Portfolio::read(tx, asked.by, from).await?;
    let (mut before, mut after) = (portfolio.at(tx, from).await?, portfolio.at(tx, to).await?);
    let teams = teams(tx).await?;
    for standing in before.iter_mut().chain(&mut after) {
        standing.team = standing.owner.and_then(|owner| teams.get(&owner).cloned());
    }
    if !chosen.filter.is_everything() {
        let matching = matching::matching(tx, &chosen, &portfolio, (from, &before), (to, &after)).await?;
        before.retain(|standing| matching.contains(&standing.account));
        after.retain(|standing| matching.contains(&standing.account));
    }
    Ok(Both { from, to, before, after })
}

/// Returns the team of everybody who has one. Teams are those of now: who changes the team takes their accounts along.
async fn teams(tx: &mut Tx) -> Result<HashMap<UserId, String>> {
    let people = identity::users(tx).await?;
    Ok(people.into_iter().filter_map(|person| Some((person.id, person.team?))).collect())
}

/// Returns the largest cause of the movement of each of a few accounts.
async fn drivers(
    tx: &mut Tx,
    accounts: &[AccountId],
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(AccountId, Cause)>> {
    let mut drivers = Vec::with_capacity(accounts.len());
    for account in accounts {
        let before = health::evaluation_at(tx, *account, from).await?;
        let after = health::evaluation_at(tx, *account, to).await?;
        let (Some(before), Some(after)) = (before, after) else { continue };
        let change = summarise_change(&before.evaluation, &after.evaluation);
        drivers.extend(change.causes.into_iter().next().map(|cause| (*account, cause)));
    }
    Ok(drivers)
}
