//! Users, sessions and the first administrator.

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::{UserId, WorkspaceId};
use domain::identity::{self, Actor, Role, User};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::{Map, Value, json};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::pool::Db;
use crate::secret;
use crate::tx::{NewEntry, Tx, on};

#[derive(FromRow)]
pub(crate) struct UserRow {
    pub(crate) workspace_id: Uuid,
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) role: String,
    team: Option<String>,
    pub(crate) password_hash: String,
    created_at: i64,
    pub(crate) deactivated_at: Option<i64>,
    signed_in_at: Option<i64>,
}

pub(crate) const USER_COLUMNS_BY_EMAIL: &str = "SELECT workspace_id, id, email, name, role, team, password_hash, created_at, \
    deactivated_at, signed_in_at FROM users WHERE email = $1";
const USERS_OF_WORKSPACE: &str = "SELECT workspace_id, id, email, name, role, team, password_hash, created_at, \
    deactivated_at, signed_in_at FROM users WHERE workspace_id = $1 ORDER BY name, id LIMIT 1000";
pub(crate) const USER_BY_ID: &str = "SELECT workspace_id, id, email, name, role, team, password_hash, created_at, \
    deactivated_at, signed_in_at FROM users WHERE workspace_id = $1 AND id = $2";

impl UserRow {
    pub(crate) fn user(&self) -> Result<User> {
        Ok(User {
            id: UserId(self.id),
            email: self.email.clone(),
            name: self.name.clone(),
            role: Role::from_key(&self.role).ok_or_else(|| Error::Stored(format!("unknown role {}", self.role)))?,
            team: self.team.clone(),
            created_at: Timestamp(self.created_at),
            deactivated_at: self.deactivated_at.map(Timestamp),
            signed_in_at: self.signed_in_at.map(Timestamp),
        })
    }
}

/// What is needed to make a user.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address they sign in with.
    pub email: String,
    /// How others see them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their first password.
    pub password: String,
}

/// Returns the only workspace, or the first; `None` before the first start.
pub async fn first_workspace(db: &Db) -> Result<Option<WorkspaceId>> {
    let mut tx = db.read(&nobody()).await?;
    let id: Option<(Uuid,)> = on!(tx, c => sqlx::query_as("SELECT id FROM workspaces ORDER BY created_at, id LIMIT 1").fetch_optional(c).await)?;
    Ok(id.map(|(id,)| WorkspaceId(id)))
}

/// Returns every workspace, for the readers of the change log that serve them all.
pub async fn workspaces(db: &Db) -> Result<Vec<WorkspaceId>> {
    let mut tx = db.read(&nobody()).await?;
    let ids: Vec<(Uuid,)> =
        on!(tx, c => sqlx::query_as("SELECT id FROM workspaces ORDER BY created_at, id").fetch_all(c).await)?;
    Ok(ids.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}

/// Makes a workspace with the default scorecard.
pub async fn create_workspace(db: &Db, name: &str) -> Result<WorkspaceId> {
    let id = WorkspaceId(Uuid::now_v7());
    let mut tx = db.write(&Actor::system(id)).await?;
    let now = tx.now().0;
    on!(tx, c => sqlx::query("INSERT INTO workspaces (id, name, created_at, log_hash) VALUES ($1, $2, $3, $4)")
        .bind(id.0).bind(name).bind(now).bind(Vec::<u8>::new()).execute(c).await.map(|_| ()))?;
    tx.record(NewEntry {
        change: Change::Created,
        subject: Subject::Workspace,
        subject_id: id.0,
        account: None,
        before: Map::new(),
        after: fields(json!({ "name": name })),
    });
    crate::health::publish_default(&mut tx).await?;
    tx.commit().await?;
    Ok(id)
}

/// Returns whether anybody can sign in yet.
pub async fn has_users(db: &Db) -> Result<bool> {
    let mut tx = db.read(&nobody()).await?;
    let found: Option<(i64,)> =
        on!(tx, c => sqlx::query_as("SELECT CAST(1 AS BIGINT) FROM users LIMIT 1").fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Makes a new one-time token for the first administrator; older ones stop working.
pub async fn new_setup_token(db: &Db) -> Result<String> {
    let token = secret::token()?;
    let mut tx = db.write(&nobody()).await?;
    let (now, hash) = (tx.now().0, secret::hash_token(&token));
    on!(tx, c => sqlx::query("DELETE FROM setup_tokens WHERE used_at IS NULL").execute(c).await.map(|_| ()))?;
    on!(tx, c => sqlx::query("INSERT INTO setup_tokens (token_hash, created_at) VALUES ($1, $2)")
        .bind(&hash).bind(now).execute(c).await.map(|_| ()))?;
    tx.commit().await?;
    Ok(token)
}

/// Uses up a setup token and makes the first administrator.
pub async fn set_up(db: &Db, token: &str, user: NewUser) -> Result<UserId> {
    let workspace = match first_workspace(db).await? {
        Some(workspace) => workspace,
        None => create_workspace(db, "Keepwell").await?,
    };
    let password_hash = check_and_hash(&user).await?;
    let mut tx = db.write(&Actor::system(workspace)).await?;
    let (now, hash) = (tx.now().0, secret::hash_token(token.trim()));
    let used = on!(tx, c => sqlx::query("UPDATE setup_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL")
        .bind(&hash).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    if used != 1 {
        return Err(Refusal::field(
            "token",
            "This setup token is wrong or was used. Restart the server for a new one.",
        )
        .into());
    }
    let id = insert_user(&mut tx, &user, &password_hash).await?;
    tx.commit().await?;
    Ok(id)
}

/// Makes a user. Administrators only.
pub async fn create_user(db: &Db, actor: &Actor, user: NewUser) -> Result<UserId> {
    actor.require(Role::Admin)?;
    let password_hash = check_and_hash(&user).await?;
    let mut tx = db.write(actor).await?;
    let id = insert_user(&mut tx, &user, &password_hash).await?;
    tx.commit().await?;
    Ok(id)
}

async fn check_and_hash(user: &NewUser) -> Result<String> {
    identity::check_password(&user.password, &[&user.email, &user.name])?;
    secret::hash_password(&user.password).await
}

async fn insert_user(tx: &mut Tx, user: &NewUser, password_hash: &str) -> Result<UserId> {
    let email = identity::check_email(&user.email)?;
    let name = identity::check_name("name", &user.name).map_err(|error| Refusal::Invalid(vec![error]))?;
    let (id, workspace, now) = (Uuid::now_v7(), tx.workspace(), tx.now().0);
    // What happened before they came is not news to them.
    let seen = crate::log::last_seq(tx).await?;
    let inserted = on!(tx, c => sqlx::query(
        "INSERT INTO users (workspace_id, id, email, name, role, password_hash, settings, created_at, seen_seq) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(workspace).bind(id).bind(&email).bind(&name).bind(user.role.key()).bind(password_hash)
        .bind(Json(json!({}))).bind(now).bind(seen).execute(c).await.map(|_| ()));
    if let Err(sqlx::Error::Database(cause)) = &inserted
        && cause.is_unique_violation()
    {
        return Err(Refusal::field("email", "Somebody with this address exists already.").into());
    }
    inserted?;
    let after = fields(json!({"email": email, "name": name, "role": user.role.key()}));
    record_user(tx, id, Change::Created, Map::new(), after);
    Ok(UserId(id))
}

/// Returns everybody in the workspace.
pub async fn users(tx: &mut Tx) -> Result<Vec<User>> {
    let workspace = tx.workspace();
    let rows: Vec<UserRow> = on!(tx, c => sqlx::query_as(USERS_OF_WORKSPACE).bind(workspace).fetch_all(c).await)?;
    rows.iter().map(UserRow::user).collect()
}

/// Changes a person's role, or shuts them out and ends their sessions. Administrators only, never oneself.
pub async fn set_access(tx: &mut Tx, id: UserId, role: Role, active: bool) -> Result<()> {
    tx.require(Role::Admin)?;
    if tx.actor().user == Some(id) {
        return Err(Refusal::Conflict("Ask another administrator to change your own access.".to_owned()).into());
    }
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let row: UserRow = on!(tx, c => sqlx::query_as(USER_BY_ID).bind(workspace).bind(id.0).fetch_one(c).await)?;
    let deactivated = if active { None } else { row.deactivated_at.or(Some(now)) };
    on!(tx, c => sqlx::query("UPDATE users SET role = $3, deactivated_at = $4 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).bind(role.key()).bind(deactivated).execute(c).await.map(|_| ()))?;
    // A new role takes effect with the next request; a person shut out loses every session now.
    if !active {
        on!(tx, c => sqlx::query("UPDATE sessions SET revoked_at = $3 WHERE workspace_id = $1 AND user_id = $2 AND revoked_at IS NULL")
            .bind(workspace).bind(id.0).bind(now).execute(c).await.map(|_| ()))?;
    }
    let state = |role: &str, active: bool| fields(json!({ "role": role, "active": active }));
    record_user(tx, id.0, Change::Updated, state(&row.role, row.deactivated_at.is_none()), state(role.key(), active));
    Ok(())
}

/// Says which team a person works in; an empty name for none. Administrators only.
pub async fn set_team(tx: &mut Tx, id: UserId, team: &str) -> Result<()> {
    tx.require(Role::Admin)?;
    let (team, workspace) = (identity::check_team(team)?, tx.workspace());
    let row: UserRow = on!(tx, c => sqlx::query_as(USER_BY_ID).bind(workspace).bind(id.0).fetch_one(c).await)?;
    if row.team == team {
        return Ok(());
    }
    on!(tx, c => sqlx::query("UPDATE users SET team = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).bind(&team).execute(c).await.map(|_| ()))?;
    record_user(tx, id.0, Change::Updated, fields(json!({"team": row.team})), fields(json!({"team": team})));
    Ok(())
}

/// Changes the asking person's own name.
pub async fn rename_me(tx: &mut Tx, name: &str) -> Result<()> {
    let user = tx.actor().user.ok_or(Refusal::SignedOut)?;
    let name = identity::check_name("name", name).map_err(|error| Refusal::Invalid(vec![error]))?;
    let workspace = tx.workspace();
    let row: UserRow = on!(tx, c => sqlx::query_as(USER_BY_ID).bind(workspace).bind(user.0).fetch_one(c).await)?;
    on!(tx, c => sqlx::query("UPDATE users SET name = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(user.0).bind(&name).execute(c).await.map(|_| ()))?;
    record_user(tx, user.0, Change::Updated, fields(json!({"name": row.name})), fields(json!({"name": name})));
    Ok(())
}

/// Changes the asking person's password, ends all their other sessions and returns nothing to reuse.
pub async fn change_password(db: &Db, who: &crate::sessions::Whoami, old: &str, new: &str) -> Result<()> {
    let row: UserRow = {
        let mut tx = db.read(&who.actor).await?;
        let workspace = tx.workspace();
        on!(tx, c => sqlx::query_as(USER_BY_ID).bind(workspace).bind(who.user.id.0).fetch_one(c).await)?
    };
    if !secret::verify_password(old, Some(&row.password_hash)).await? {
        return Err(Refusal::field("old_password", "That is not your present password.").into());
    }
    identity::check_password(new, &[&row.email, &row.name])?;
    let hash = secret::hash_password(new).await?;
    let mut tx = db.write(&who.actor).await?;
    let (workspace, now) = (tx.workspace(), tx.now().0);
    on!(tx, c => sqlx::query("UPDATE users SET password_hash = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(row.id).bind(&hash).execute(c).await.map(|_| ()))?;
    on!(tx, c => sqlx::query(
        "UPDATE sessions SET revoked_at = $4 WHERE workspace_id = $1 AND user_id = $2 AND id <> $3 AND revoked_at IS NULL")
        .bind(workspace).bind(row.id).bind(who.session.0).bind(now).execute(c).await.map(|_| ()))?;
    record_user(&mut tx, row.id, Change::Updated, Map::new(), fields(json!({"password": "changed"})));
    tx.commit().await?;
    Ok(())
}

/// Returns the workspace's name and currency.
pub async fn workspace(tx: &mut Tx) -> Result<(String, String)> {
    let id = tx.workspace();
    Ok(on!(tx, c => sqlx::query_as("SELECT name, currency FROM workspaces WHERE id = $1").bind(id).fetch_one(c).await)?)
}

/// Renames the workspace. Administrators only.
pub async fn rename_workspace(tx: &mut Tx, name: &str, currency: domain::money::Currency) -> Result<()> {
    tx.require(Role::Admin)?;
    let name = identity::check_name("name", name).map_err(|error| Refusal::Invalid(vec![error]))?;
    let (old_name, old_currency) = workspace(tx).await?;
    let id = tx.workspace();
    on!(tx, c => sqlx::query("UPDATE workspaces SET name = $2, currency = $3 WHERE id = $1")
        .bind(id).bind(&name).bind(currency.code()).execute(c).await.map(|_| ()))?;
    tx.record(NewEntry {
        change: Change::Updated,
        subject: Subject::Workspace,
        subject_id: id,
        account: None,
        before: fields(json!({"name": old_name, "currency": old_currency})),
        after: fields(json!({"name": name, "currency": currency.code()})),
    });
    Ok(())
}

/// Returns how far into the change log the asking person had seen when they last looked at Today.
pub async fn seen_seq(tx: &mut Tx) -> Result<i64> {
    let user = tx.actor().user.ok_or(Refusal::SignedOut)?;
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_scalar("SELECT seen_seq FROM users WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(user.0).fetch_one(c).await)?)
}

/// Notes how far the asking person has seen; never goes back.
pub async fn set_seen_seq(tx: &mut Tx, seq: i64) -> Result<()> {
    let user = tx.actor().user.ok_or(Refusal::SignedOut)?;
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query("UPDATE users SET seen_seq = $3 WHERE workspace_id = $1 AND id = $2 AND seen_seq < $3")
        .bind(workspace).bind(user.0).bind(seq).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) fn record_user(
    tx: &mut Tx,
    id: Uuid,
    change: Change,
    before: Map<String, Value>,
    after: Map<String, Value>,
) {
    tx.record(NewEntry { change, subject: Subject::User, subject_id: id, account: None, before, after });
}

/// Returns the actor for look-ups before a workspace is known: it matches no workspace's rows.
pub(crate) fn nobody() -> Actor {
    Actor { workspace: WorkspaceId(Uuid::nil()), user: None, role: Role::Viewer }
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
