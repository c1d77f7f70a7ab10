//! What the scorecards ask the server.

use domain::fields::Catalogue;
use domain::health::{
    AvailableFact, CardHead, PortfolioColumns, Preview, Reach, Scorecard, ScorecardVersion, ShadowReport, VersionHead,
};
use domain::id::ScorecardId;
#[cfg(feature = "ssr")]
use domain::identity::Role;
#[cfg(feature = "ssr")]
use domain::refusal::Refusal;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Accounts that a browser scores by itself; of more it asks the server, and draws from these.
#[cfg(feature = "ssr")]
const IN_BROWSER_MAX: usize = 10_000;

/// Where a scorecard stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Its line in the list.
    pub head: CardHead,
    /// What is in force.
    pub live: Option<ScorecardVersion>,
    /// What is being worked on.
    pub draft: Option<ScorecardVersion>,
}

/// What the editor of a scorecard begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// Where the card stands.
    pub standing: Standing,
    /// What a measure can look at.
    pub facts: Vec<AvailableFact>,
    /// What a filter can name.
    pub catalogue: Catalogue,
}

/// The versions of a scorecard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The versions, newest first.
    pub versions: Vec<VersionHead>,
    /// What the draft that is tested in the shadow has come to; nothing while none is.
    pub shadow: Option<ShadowReport>,
}

/// Returns all scorecards.
#[server]
pub async fn load_cards() -> Result<Vec<CardHead>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::health::cards(&mut tx).await?)
}

/// Returns a scorecard with what its editor needs.
#[server]
pub async fn open_card(id: ScorecardId) -> Result<Opened> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let standing = standing(&mut tx, id).await?;
    let facts = db::health::facts(&mut tx).await?;
    let catalogue = db::accounts::catalogue(&mut tx).await?;
    Ok(Opened { standing, facts, catalogue })
}

/// Returns where a scorecard stands.
#[server]
pub async fn card_standing(id: ScorecardId) -> Result<Standing> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    standing(&mut tx, id).await
}

#[cfg(feature = "ssr")]
async fn standing(tx: &mut db::Tx, id: ScorecardId) -> Result<Standing> {
    let cards = db::health::cards(tx).await?;
    let head = cards.into_iter().find(|card| card.scorecard == id).ok_or(Refusal::NotFound)?;
    let live = match head.live {
        Some(version) => db::health::version(tx, id, version).await?,
        None => None,
    };
    // What is tested in the shadow is for managers; others see what is in force.
    let is_hidden = head.shadow.is_some() && tx.require(Role::Manager).is_err();
    let draft = match head.draft.filter(|_| !is_hidden) {
        Some(version) => db::health::version(tx, id, version).await?,
        None => None,
    };
    Ok(Standing { head, live, draft })
}

/// Returns the versions of a scorecard, newest first, and for managers what a draft in the shadow has come to.
#[server]
pub async fn load_versions(id: ScorecardId) -> Result<History> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let versions = db::health::versions(&mut tx, id).await?;
    let may = who.actor.require(Role::Manager).is_ok();
    let shadow = if may { db::health::shadow_report(&mut tx, id).await? } else { None };
    Ok(History { versions, shadow })
}

/// Returns two versions of a scorecard, to be compared.
#[server]
pub async fn load_pair(id: ScorecardId, before: u32, after: u32) -> Result<(ScorecardVersion, ScorecardVersion)> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let first = db::health::version(&mut tx, id, before).await?;
    let second = db::health::version(&mut tx, id, after).await?;
    Ok(first.zip(second).ok_or(Refusal::NotFound)?)
}

/// Keeps a draft. Managers only.
#[server(input = Json)]
pub async fn save_card_draft(
    id: Option<ScorecardId>,
    based_on: Option<u32>,
    card: Scorecard,
) -> Result<ScorecardVersion> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let saved = db::health::save_draft(&mut tx, id, based_on, card).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Makes a new scorecard that says the same as another one. Managers only.
#[server]
pub async fn duplicate_card(id: ScorecardId, name: String) -> Result<ScorecardVersion> {
    let (db, who) = signed_in().await?;
    who.actor.require(Role::Manager)?;
    let mut tx = db.write(&who.actor).await?;
    let Standing { live, draft, .. } = standing(&mut tx, id).await?;
    let version = draft.or(live).ok_or(Refusal::NotFound)?;
    let saved = db::health::save_draft(&mut tx, None, None, Scorecard { name, ..version.card }).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Throws a draft away. Managers only.
#[server]
pub async fn discard_card_draft(id: ScorecardId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::health::discard_draft(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts a version in force. Managers only.
#[server]
pub async fn publish_card(id: ScorecardId, version: u32, note: String) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::health::publish(&mut tx, id, version, note).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts what an earlier version said in force again. Managers only.
#[server]
pub async fn roll_back_card(id: ScorecardId, to: u32) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::health::roll_back(&mut tx, id, to).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a scorecard out of force. Managers only.
#[server]
pub async fn retire_card(id: ScorecardId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::health::retire(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Computes a draft beside the live version from now on, or no longer. Managers only.
#[server]
pub async fn shadow_card(id: ScorecardId, version: u32, on: bool) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::health::shadow(&mut tx, id, version, on).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns how many accounts a filter reaches beside the other cards.
#[server(input = Json)]
pub async fn card_reach(id: ScorecardId, applies_to: String, priority: i32) -> Result<Reach> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::health::reach(&mut tx, Some(id), &applies_to, priority).await?)
}

/// Returns what a browser needs to know of the accounts that a draft applies to.
#[server(input = Json)]
pub async fn card_columns(id: ScorecardId, card: Scorecard) -> Result<PortfolioColumns> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::health::columns(&mut tx, Some(id), &card, IN_BROWSER_MAX).await?)
}

/// Returns what a draft would change, where there are too many accounts for a browser.
#[server(input = Json)]
pub async fn preview_card(id: ScorecardId, card: Scorecard) -> Result<Preview> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::health::preview_on_server(&mut tx, Some(id), &card).await?)
}
