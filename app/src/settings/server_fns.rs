//! What the settings ask the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::fields::Field;
use domain::health::{Rollup, ScorecardVersion};
use domain::id::{SessionId, UserId};
use domain::identity::{Role, Session, User};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// What checking the change log found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Every one of this many lines fits the one before it.
    Whole(i64),
    /// This is the first line that does not.
    BrokenAt(i64),
}

/// Returns where the asking person is signed in.
#[server]
pub async fn load_sessions() -> Result<Vec<Session>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::sessions::sessions(&mut tx, who.session).await?)
}

/// Ends one of the asking person's sessions.
#[server]
pub async fn end_session(id: SessionId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::sessions::revoke_session(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes the asking person's name.
#[server]
pub async fn rename_me(name: String) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::identity::rename_me(&mut tx, &name).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes the asking person's password and ends their other sessions.
#[server]
pub async fn change_password(old_password: String, password: String) -> Result<()> {
    let (db, who) = signed_in().await?;
    // The present password must not be guessable here when it is not at the sign-in.
    let guard = crate::identity::Guard::take(&who.user.email)?;
    db::identity::change_password(&db, &who, &old_password, &password).await?;
    guard.give_back();
    Ok(())
}

/// Returns everybody, also those who were shut out. Administrators only.
#[server]
pub async fn load_users() -> Result<Vec<User>> {
    let (db, who) = signed_in().await?;
    who.actor.require(Role::Admin)?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::identity::users(&mut tx).await?)
}

/// Makes a user with a first password. Administrators only.
#[server]
pub async fn add_user(name: String, email: String, role: Role, password: String) -> Result<()> {
    let (db, who) = signed_in().await?;
    db::identity::create_user(&db, &who.actor, db::identity::NewUser { email, name, role, password }).await?;
    Ok(())
}

/// Changes what a person may do, or shuts them out. Administrators only.
#[server]
pub async fn change_access(id: UserId, role: Role, active: bool) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::identity::set_access(&mut tx, id, role, active).await?;
    tx.commit().await?;
    Ok(())
}

/// Says which team a person works in; an empty name for none. Administrators only.
#[server]
pub async fn set_team(id: UserId, team: String) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::identity::set_team(&mut tx, id, &team).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns the workspace's name and currency, and how the health of children becomes their parent's.
#[server]
pub async fn load_workspace() -> Result<(String, String, Rollup)> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let (name, currency) = db::identity::workspace(&mut tx).await?;
    Ok((name, currency, db::health::rollup_rule(&mut tx).await?))
}

/// Changes the workspace's name, currency and rule for the health of parents. Administrators only.
#[server]
pub async fn save_workspace(name: String, currency: String, rollup: String) -> Result<()> {
    use domain::refusal::Refusal;
    let (db, who) = signed_in().await?;
    let currency = currency.parse().map_err(|message: String| Refusal::field("currency", format!("{message}.")))?;
    let rule = Rollup::from_key(&rollup).ok_or_else(|| Refusal::field("rollup", "Choose one of the three."))?;
    let mut tx = db.write(&who.actor).await?;
    db::identity::rename_workspace(&mut tx, &name, currency).await?;
    db::health::set_rollup_rule(&mut tx, rule).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns the workspace's custom fields.
#[server]
pub async fn load_fields() -> Result<Vec<Field>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::accounts::custom_fields(&mut tx).await?)
}

/// Returns the scorecards in force.
#[server]
pub async fn load_scorecards() -> Result<Vec<ScorecardVersion>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::health::published(&mut tx).await?)
}

/// Recomputes the chain of the change log. Administrators only.
#[server]
pub async fn verify_log() -> Result<Verdict> {
    let (db, who) = signed_in().await?;
    who.actor.require(Role::Admin)?;
    let mut tx = db.read(&who.actor).await?;
    Ok(match db::log::verify(&mut tx).await? {
        Ok(lines) => Verdict::Whole(lines),
        Err(line) => Verdict::BrokenAt(line),
    })
}
