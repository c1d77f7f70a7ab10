//! Sessions: signing in, being recognised, signing out.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use domain::changes::Change;
use domain::id::{SessionId, WorkspaceId};
use domain::identity::{Actor, Session, User};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::Map;
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::Result;
use crate::identity::{USER_BY_ID, USER_COLUMNS_BY_EMAIL, UserRow, nobody, record_user};
use crate::pool::Db;
use crate::secret;
use crate::tx::{Tx, on};

/// A session ends after this long without use.
pub const IDLE_MS: i64 = 60 * 60 * 1_000;
/// A session ends after this long in any case.
pub const ABSOLUTE_MS: i64 = 12 * 60 * 60 * 1_000;
/// How exactly the last use of a session is kept.
const SEEN_STEP_MS: i64 = 60 * 1_000;

/// What is shown when the address or the password is wrong, whichever it is.
pub const SIGN_IN_REFUSED: &str = "That address and password do not go together. Check both and try again.";

/// A new session: the token for the cookie, and who it is for.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The 256-bit token, to be handed to the browser and forgotten.
    pub token: String,
    /// Who signed in.
    pub actor: Actor,
}

/// Whom a session token belongs to.
#[derive(Clone, Debug)]
pub struct Whoami {
    /// The actor for verbs.
    pub actor: Actor,
    /// The person.
    pub user: User,
    /// The session itself.
    pub session: SessionId,
}

/// Checks address and password; the answer is the same and takes as long whichever is wrong.
pub async fn sign_in(db: &Db, email: &str, password: &str, device: &Device) -> Result<SignedIn> {
    let refused = || Refusal::field("password", SIGN_IN_REFUSED);
    let email = email.trim().to_lowercase();
    let row: Option<UserRow> = {
        let mut tx = db.read(&nobody()).await?;
        on!(tx, c => sqlx::query_as(USER_COLUMNS_BY_EMAIL).bind(&email).fetch_optional(c).await)?
    };
    let stored = row.as_ref().map(|row| row.password_hash.as_str());
    let matches = secret::verify_password(password, stored).await?;
    let Some(row) = row.filter(|row| matches && row.deactivated_at.is_none()) else { return Err(refused().into()) };
    let user = row.user()?;
    let actor = Actor { workspace: WorkspaceId(row.workspace_id), user: Some(user.id), role: user.role };
    let token = open_session(db, &actor, device).await?;
    Ok(SignedIn { token, actor })
}

/// What a session remembers of the browser.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// What it calls itself, cut to 300 characters.
    pub user_agent: String,
    /// Where it came from.
    pub ip: String,
}

/// Opens a session for a person who has proved who they are.
pub async fn open_session(db: &Db, actor: &Actor, device: &Device) -> Result<String> {
    let Some(user) = actor.user else { return Err(Refusal::SignedOut.into()) };
    let token = secret::token()?;
    let mut tx = db.write(actor).await?;
    let (workspace, now, hash, id) = (tx.workspace(), tx.now().0, secret::hash_token(&token), Uuid::now_v7());
    let agent: String = device.user_agent.chars().take(300).collect();
    on!(tx, c => sqlx::query(
        "INSERT INTO sessions (token_hash, workspace_id, id, user_id, user_agent, ip, created_at, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)")
        .bind(&hash).bind(workspace).bind(id).bind(user.0).bind(&agent).bind(&device.ip).bind(now)
        .execute(c).await.map(|_| ()))?;
    on!(tx, c => sqlx::query("UPDATE users SET signed_in_at = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(user.0).bind(now).execute(c).await.map(|_| ()))?;
    record_user(&mut tx, user.0, Change::SignedIn, Map::new(), Map::new());
    tx.commit().await?;
    Ok(token)
}

#[derive(FromRow)]
struct SessionRow {
    id: Uuid,
    user_id: Uuid,
    workspace_id: Uuid,
    user_agent: String,
    ip: String,
    created_at: i64,
    seen_at: i64,
    token_hash: Vec<u8>,
}

/// How long an answer of [`whoami`] may be kept while nothing is written.
const KEPT_MS: i64 = 2_000;
/// Most answers kept; beyond that all are forgotten.
const KEPT_MAX: usize = 10_000;

/// By database of this process and token hash: the answer, when it was given, and the writes until then.
type Kept = HashMap<(usize, Vec<u8>), (Whoami, i64, usize)>;
static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// Returns whom a token belongs to, or refuses.
///
/// The answer is kept until anything at all is written, and two seconds at most: pages ask it many times, and
/// a session that was ended must not work again.
pub async fn whoami(db: &Db, token: &str) -> Result<Whoami> {
    let (key, now, rings) = ((db.identity(), secret::hash_token(token)), db.clock().now().0, db.rings());
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    if let Some((who, at, then)) = kept
        && then == rings
        && (0..KEPT_MS).contains(&(now - at))
    {
        return Ok(who);
    }
    let who = look_up(db, token).await?;
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    kept.insert(key, (who.clone(), now, rings));
    Ok(who)
}

/// Reads session and person; use is noted once a minute.
async fn look_up(db: &Db, token: &str) -> Result<Whoami> {
    let hash = secret::hash_token(token);
    let mut tx = db.read(&nobody()).await?;
    let now = tx.now().0;
    let row: Option<SessionRow> = on!(tx, c => sqlx::query_as(
        "SELECT id, user_id, workspace_id, user_agent, ip, created_at, seen_at, token_hash FROM sessions \
         WHERE token_hash = $1 AND revoked_at IS NULL AND seen_at > $2 AND created_at > $3")
        .bind(&hash).bind(now - IDLE_MS).bind(now - ABSOLUTE_MS).fetch_optional(c).await)?;
    let Some(session) = row else { return Err(Refusal::SignedOut.into()) };
    let user: UserRow =
        on!(tx, c => sqlx::query_as(USER_BY_ID).bind(session.workspace_id).bind(session.user_id).fetch_one(c).await)?;
    drop(tx);
    if user.deactivated_at.is_some() {
        return Err(Refusal::SignedOut.into());
    }
    let user = user.user()?;
    let actor = Actor { workspace: WorkspaceId(session.workspace_id), user: Some(user.id), role: user.role };
    if now - session.seen_at > SEEN_STEP_MS {
        let mut tx = db.write(&actor).await?;
        on!(tx, c => sqlx::query("UPDATE sessions SET seen_at = $2 WHERE token_hash = $1").bind(&hash).bind(now)
            .execute(c).await.map(|_| ()))?;
        tx.commit().await?;
    }
    Ok(Whoami { actor, user, session: SessionId(session.id) })
}

/// Returns the live sessions of the person who asks, newest first.
pub async fn sessions(tx: &mut Tx, current: SessionId) -> Result<Vec<Session>> {
    let user = tx.actor().user.ok_or(Refusal::SignedOut)?;
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let rows: Vec<SessionRow> = on!(tx, c => sqlx::query_as(
        "SELECT id, user_id, workspace_id, user_agent, ip, created_at, seen_at, token_hash FROM sessions \
         WHERE workspace_id = $1 AND user_id = $2 AND revoked_at IS NULL AND seen_at > $3 AND created_at > $4 \
         ORDER BY seen_at DESC LIMIT 100")
        .bind(workspace).bind(user.0).bind(now - IDLE_MS).bind(now - ABSOLUTE_MS).fetch_all(c).await)?;
    debug_assert!(rows.iter().all(|row| row.user_id == user.0 && row.token_hash.len() == 32));
    let session = |row: SessionRow| Session {
        id: SessionId(row.id),
        created_at: Timestamp(row.created_at),
        seen_at: Timestamp(row.seen_at),
        user_agent: row.user_agent,
        ip: row.ip,
        current: row.id == current.0,
    };
    Ok(rows.into_iter().map(session).collect())
}

/// Ends one of the asking person's sessions.
pub async fn revoke_session(tx: &mut Tx, session: SessionId) -> Result<()> {
    let user = tx.actor().user.ok_or(Refusal::SignedOut)?;
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let ended = on!(tx, c => sqlx::query(
        "UPDATE sessions SET revoked_at = $4 WHERE workspace_id = $1 AND user_id = $2 AND id = $3 AND revoked_at IS NULL")
        .bind(workspace).bind(user.0).bind(session.0).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    if ended == 0 {
        return Err(Refusal::NotFound.into());
    }
    record_user(tx, user.0, Change::SignedOut, Map::new(), Map::new());
    Ok(())
}

/// Ends the session of a token; an unknown token is signed out already.
pub async fn sign_out(db: &Db, who: &Whoami) -> Result<()> {
    let mut tx = db.write(&who.actor).await?;
    revoke_session(&mut tx, who.session).await?;
    tx.commit().await?;
    Ok(())
}
