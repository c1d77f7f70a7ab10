//! What Today asks the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::portfolio::{Portfolio, SinceYouLeft};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::reason::Reason;
use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// The portfolio, and why the accounts at risk are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// The portfolio in numbers.
    pub portfolio: Portfolio,
    /// A reason for each account at risk that has been scored.
    pub reasons: Vec<Reason>,
}

/// Returns the portfolio of everybody, or of the asking person alone.
#[server]
pub async fn load_overview(mine: bool) -> Result<Overview> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let portfolio = db::portfolio::summary(&mut tx, mine).await?;
    let mut reasons = Vec::with_capacity(portfolio.at_risk.len());
    for row in &portfolio.at_risk {
        let now = tx.now();
        if let Some(stored) = db::health::evaluation_at(&mut tx, row.account.id, now).await? {
            reasons.push(Reason::of(row.account.id, &stored.evaluation));
        }
    }
    Ok(Overview { portfolio, reasons })
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
