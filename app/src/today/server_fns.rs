//! What Today asks the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

#[cfg(feature = "ssr")]
use domain::alerts::list::{AlertQuery, AlertRow};
#[cfg(feature = "ssr")]
use domain::id::AccountId;
use domain::id::AlertId;
use domain::portfolio::{Portfolio, SinceYouLeft};
use domain::queue::Entry;
#[cfg(feature = "ssr")]
use domain::queue::{About, Candidates};
use domain::todos::Here;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::reason::Reason;
use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Alerts that the queue is ranked from.
#[cfg(feature = "ssr")]
const ALERTS: u32 = 12;

/// What to do next, and why the accounts at risk are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// The entries, what is worth most first.
    pub entries: Vec<Entry>,
    /// Whether there is an account at all.
    pub has_accounts: bool,
    /// What is recommended first for its alerts: the alert, and the key of the action.
    pub actions: Vec<(AlertId, String)>,
    /// A reason for each account at risk in it that has been scored.
    pub reasons: Vec<Reason>,
    /// The moment on the asking person's clock.
    pub here: Here,
}

/// Returns the portfolio of everybody, or of the asking person alone.
#[server]
pub async fn load_overview(mine: bool) -> Result<Portfolio> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::portfolio::summary(&mut tx, mine).await?)
}

/// What a digest tells of a portfolio: the figures of Today, and why accounts are at risk.
#[cfg(feature = "ssr")]
pub struct Overview {
    /// The figures.
    pub portfolio: Portfolio,
    /// A reason for each account at risk that has been scored.
    pub reasons: Vec<Reason>,
}

/// Returns what a digest tells whoever the transaction belongs to.
#[cfg(feature = "ssr")]
pub async fn overview(tx: &mut db::Tx, mine: bool) -> Result<Overview> {
    let portfolio = db::portfolio::summary(tx, mine).await?;
    let ids: Vec<AccountId> = portfolio.at_risk.iter().map(|row| row.account.id).collect();
    let reasons = reasons(tx, &ids).await?;
    Ok(Overview { portfolio, reasons })
}

/// Returns why accounts stand where they do, of those that have been scored.
#[cfg(feature = "ssr")]
async fn reasons(tx: &mut db::Tx, ids: &[AccountId]) -> Result<Vec<Reason>> {
    let now = tx.now();
    let mut reasons = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(stored) = db::health::evaluation_at(tx, *id, now).await? {
            reasons.push(Reason::of(*id, &stored.evaluation));
        }
    }
    Ok(reasons)
}

/// Returns what to do next: everybody's entries, or those of the asking person alone.
#[server]
pub async fn load_queue(mine: bool) -> Result<Queue> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let asked = AlertQuery { mine, limit: ALERTS, ..AlertQuery::default() };
    let alerts = db::alerts::list(&mut tx, &asked).await?.rows;
    let (at_risk, renewals) = db::portfolio::pressing(&mut tx, mine).await?;
    let todos = db::todos::pressing(&mut tx, mine).await?;
    let replies = db::replies::waiting(&mut tx, mine).await?;
    let now = tx.now();
    let entries = domain::queue::rank(Candidates { alerts, todos, replies, renewals, at_risk }, now);
    let alert = |entry: &Entry| match &entry.about {
        About::Alert(row) => Some(AlertRow::clone(row)),
        _ => None,
    };
    let alerts: Vec<AlertRow> = entries.iter().filter_map(alert).collect();
    let actions = db::advice::first_actions(&mut tx, &alerts).await?;
    let at_risk = |entry: &Entry| match &entry.about {
        About::AtRisk(row) => Some(row.account.id),
        _ => None,
    };
    let ids: Vec<AccountId> = entries.iter().filter_map(at_risk).collect();
    let reasons = reasons(&mut tx, &ids).await?;
    let has_accounts = !entries.is_empty() || db::portfolio::summary(&mut tx, mine).await?.accounts > 0;
    Ok(Queue { entries, has_accounts, actions, reasons, here: db::todos::here(&mut tx).await? })
}

/// Returns what happened since the asking person last said that they had seen it.
#[server]
pub async fn load_since() -> Result<SinceYouLeft> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::portfolio::since_you_left(&mut tx).await?)
}

/// Notes that the asking person has seen everything up to here.
#[server]
pub async fn mark_seen(seq: i64) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::identity::set_seen_seq(&mut tx, seq).await?;
    tx.commit().await?;
    Ok(())
}
