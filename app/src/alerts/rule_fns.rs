//! What the rules' tab asks the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::alerts::Rule;
use domain::alerts::list::RulePreview;
use domain::alerts::usefulness::{Analytics, Usefulness};
use domain::fields::Catalogue;
use domain::id::RuleId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Days by which the usefulness of rules is judged, and that a preview plays.
pub const DAYS: u32 = 90;

/// The rules and what they are good for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleBook {
    /// The rules in their order.
    pub rules: Vec<Rule>,
    /// What each was good for.
    pub usefulness: Vec<Usefulness>,
    /// The fields of an account.
    pub catalogue: Catalogue,
}

/// Returns the rules with what each was good for.
#[server]
pub async fn load_alert_rules() -> Result<RuleBook> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let rules = db::alerts::rules(&mut tx).await?;
    let usefulness = db::alerts::analytics(&mut tx, DAYS).await?.rules;
    Ok(RuleBook { rules, usefulness, catalogue: db::accounts::catalogue(&mut tx).await? })
}

/// Saves a rule: a new one where its version is nothing that was stored and it did not come with Keepwell.
#[server(input = Json)]
pub async fn save_alert_rule(rule: Rule, is_new: bool) -> Result<Rule> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let saved = match is_new {
        true => db::alerts::create_rule(&mut tx, rule).await?,
        false => db::alerts::change_rule(&mut tx, rule).await?,
    };
    tx.commit().await?;
    Ok(saved)
}

/// Switches a rule on or off.
#[server]
pub async fn switch_alert_rule(id: RuleId, on: bool) -> Result<Rule> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    tx.require(domain::identity::Role::Manager)?;
    let rule = db::alerts::switch_rule(&mut tx, id, on).await?;
    tx.commit().await?;
    Ok(rule)
}

/// Removes a rule that people made, or gives a built-in one its first settings back.
#[server]
pub async fn remove_alert_rule(id: RuleId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::alerts::remove_rule(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns what a rule would have done in the last days, before anybody saves it.
#[server(input = Json)]
pub async fn preview_alert_rule(rule: Rule) -> Result<RulePreview> {
    let (db, who) = signed_in().await?;
    Ok(db::alerts::preview(&db, &who.actor, rule, DAYS).await?)
}

/// Returns what became of alerts in the last days.
#[server]
pub async fn load_alert_analytics(days: u32) -> Result<Analytics> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::alerts::analytics(&mut tx, days).await?)
}
