//! What links ask the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::id::ShareId;
use domain::shares::{Access, Share, ShareDraft, ShareRow};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::{Settings, signed_in};

/// A link that was just made; its address is told this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    /// The link.
    pub share: Share,
    /// Its address.
    pub url: String,
}

/// Returns the asking person's links, and for managers everybody's.
#[server]
pub async fn list_shares() -> Result<Vec<ShareRow>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::shares::list(&mut tx).await?)
}

/// Returns who looked at a link.
#[server]
pub async fn load_accesses(id: ShareId) -> Result<Vec<Access>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::shares::accesses(&mut tx, id).await?)
}

/// Makes a link.
#[server(input = Json)]
pub async fn create_share(draft: ShareDraft) -> Result<NewLink> {
    let (db, who) = signed_in().await?;
    who.actor.require(domain::shares::MAKER)?;
    draft.check()?;
    let public = use_context::<Settings>().map(|settings| settings.public_url).unwrap_or_default();
    // Both take their time, and so no place in a transaction that others wait for.
    let password = db::shares::lock(&draft.password).await?;
    let document = kept(&db, &who.actor, &draft, &public).await?;
    let mut tx = db.write(&who.actor).await?;
    let made = db::shares::create(&mut tx, draft, db::shares::Kept { password, document }).await?;
    tx.commit().await?;
    Ok(NewLink { share: made.share, url: format!("{public}/shared/{}", made.token) })
}

/// Returns the health report that a link keeps, as text.
#[cfg(feature = "ssr")]
async fn kept(
    db: &db::Db,
    actor: &domain::identity::Actor,
    draft: &ShareDraft,
    public: &str,
) -> Result<Option<String>> {
    let domain::shares::Shown::Account { account_id } = draft.shown else { return Ok(None) };
    if draft.live {
        return Ok(None);
    }
    let report = super::page::health_report(db, actor, account_id, public).await?;
    serde_json::to_string(&report).map(Some).map_err(|error| crate::error::Error::failed(&error))
}

/// Ends a link.
#[server]
pub async fn revoke_share(id: ShareId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::shares::revoke(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}
