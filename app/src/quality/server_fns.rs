//! What the page of data quality asks the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::quality::{Broken, Rule, Survey};
use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Returns how good the records of the accounts are that a filter lets through.
#[server(input = Json)]
pub async fn load_quality(filter: String) -> Result<Survey> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::quality::survey(&mut tx, &filter).await?)
}

/// Returns the accounts that break one rule.
#[server(input = Json)]
pub async fn load_broken_rule(filter: String, rule: Rule) -> Result<Broken> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::quality::broken(&mut tx, &filter, rule).await?)
}
