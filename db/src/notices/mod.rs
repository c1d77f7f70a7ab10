//! Notifications: what people are told, what they want to be told, and the messages on their way.

mod deliveries;
mod devices;
mod digests;
mod outgoing;
mod preferences;
mod reader;
mod secrets;
mod told;
mod unsubscribe;

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::{AccountId, NoticeId, UserId};
use domain::notices::{Bell, Notice, NoticePage, NoticeQuery, PAGE_MAX, SEARCH_CHARS_MAX, Tray, enough};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::{Map, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{NewEntry, Tx, on};

pub use deliveries::{Reach, TASK, deliveries, retry, send_test};
pub use devices::{add_device, device_gone, devices, remove_device};
pub use outgoing::{Outcome, Outgoing, outgoing, settle};
pub(crate) use preferences::{place_of, zone_of};
pub use preferences::{preferences, set_preferences};
pub use reader::{catch_up, look_back};
pub use secrets::{push_key, set_push_key};
pub use unsubscribe::{Unsubscribed, unsubscribe, unsubscribe_token};

/// Longest time for which a notice can be snoozed, in days.
const SNOOZE_DAYS_MAX: i64 = 365;
/// Rows that are read at once for a page.
const ROWS_STEP: u32 = 200;
/// Most rows of a page, however many are of one kind.
const ROWS_MAX: usize = 1_000;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    what: String,
    at: i64,
    account_id: Option<Uuid>,
    account_name: Option<String>,
    actor_id: Option<Uuid>,
    read_at: Option<i64>,
    snoozed_until: Option<i64>,
}

impl Row {
    fn notice(self) -> Result<Notice> {
        Ok(Notice {
            id: NoticeId(self.id),
            what: serde_json::from_str(&self.what)?,
            at: Timestamp(self.at),
            account: self.account_id.map(AccountId),
            account_name: self.account_name,
            actor: self.actor_id.map(UserId),
            read_at: self.read_at.map(Timestamp),
            snoozed_until: self.snoozed_until.map(Timestamp),
        })
    }
}

/// The statement that reads notices of one person that something holds of.
macro_rules! notices_where {
    ($($condition:tt)+) => {
        concat!(
            "SELECT n.id, n.what, n.at, n.account_id, a.name AS account_name, n.actor_id, n.read_at, n.snoozed_until \
             FROM notices AS n LEFT JOIN accounts AS a ON a.workspace_id = n.workspace_id AND a.id = n.account_id \
             WHERE n.workspace_id = $1 AND n.user_id = $2 AND ",
            $($condition)+
        )
    };
}
pub(crate) use notices_where;

/// The statement of a page from one tray; `$3` is the moment.
macro_rules! page_of {
    ($tray:literal) => {
        notices_where!(concat!(
            "n.hidden_at IS NULL AND ",
            $tray,
            " AND ($4 IS NULL OR n.event = $4) AND ($5 IS NULL OR n.account_id = $5) \
             AND ($6 IS NULL OR n.id < $6) AND ($7 IS NULL OR n.words LIKE $7 ESCAPE '\\') ORDER BY n.id DESC LIMIT $8"
        ))
    };
}

/// Returns who is asking; notices are people's own.
fn me(tx: &Tx) -> Result<Uuid> {
    Ok(tx.actor().user.ok_or(Refusal::SignedOut)?.0)
}

/// Returns a page of the asking person's notices, newest first; many of one kind within a short time count as one, and
/// are not cut unless they are very many.
pub async fn page(tx: &mut Tx, query: &NoticeQuery) -> Result<NoticePage> {
    let user = me(tx)?;
    let limit = if query.limit == 0 { PAGE_MAX } else { query.limit.min(PAGE_MAX) } as usize;
    let (mut notices, mut before): (Vec<Notice>, _) = (Vec::new(), query.before);
    let (shown, is_end) = loop {
        let rows = rows(tx, user, query, before).await?;
        let is_end = rows.len() < ROWS_STEP as usize;
        notices.extend(rows.into_iter().map(Row::notice).collect::<Result<Vec<_>>>()?);
        before = notices.last().map(|last| last.id);
        if let Some(shown) = enough(&notices, limit, is_end || notices.len() >= ROWS_MAX) {
            break (shown, is_end);
        }
    };
    let more = shown < notices.len() || !is_end;
    notices.truncate(shown);
    Ok(NoticePage { notices, more, unread: unread(tx, user).await? })
}

/// Returns some rows that a query asks for and that came before a notice.
async fn rows(tx: &mut Tx, user: Uuid, query: &NoticeQuery, before: Option<NoticeId>) -> Result<Vec<Row>> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let sql = match query.tray {
        Tray::Unread => page_of!("n.read_at IS NULL AND (n.snoozed_until IS NULL OR n.snoozed_until <= $3)"),
        Tray::Snoozed => page_of!("n.snoozed_until > $3"),
        Tray::All => page_of!("$3 > 0"),
    };
    Ok(on!(tx, c => sqlx::query_as(sql)
        .bind(workspace).bind(user).bind(now)
        .bind(query.event.map(domain::notices::Event::key)).bind(query.account.map(|id| id.0))
        .bind(before.map(|id| id.0)).bind(pattern(&query.search)).bind(i64::from(ROWS_STEP))
        .fetch_all(c).await)?)
}

/// Returns the pattern that finds all words of a search in their order, or nothing for an empty search.
fn pattern(search: &str) -> Option<String> {
    let search: String = search.to_lowercase().chars().take(SEARCH_CHARS_MAX).collect();
    let escaped = |word: &str| word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let words: Vec<String> = search.split_whitespace().map(escaped).collect();
    (!words.is_empty()).then(|| format!("%{}%", words.join("%")))
}

async fn unread(tx: &mut Tx, user: Uuid) -> Result<u32> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let count: i64 = on!(tx, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM notices WHERE workspace_id = $1 AND user_id = $2 AND read_at IS NULL AND hidden_at IS NULL \
         AND (snoozed_until IS NULL OR snoozed_until <= $3)")
        .bind(workspace).bind(user).bind(now).fetch_one(c).await)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Returns what the badge shows to the asking person.
pub async fn bell(tx: &mut Tx) -> Result<Bell> {
    let (workspace, user, now) = (tx.workspace(), me(tx)?, tx.now().0);
    let critical: Option<Row> = on!(tx, c => sqlx::query_as(
        notices_where!("n.critical = 1 AND n.read_at IS NULL AND n.hidden_at IS NULL \
            AND (n.snoozed_until IS NULL OR n.snoozed_until <= $3) ORDER BY n.id DESC LIMIT 1"))
        .bind(workspace).bind(user).bind(now).fetch_optional(c).await)?;
    let critical = critical.map(Row::notice).transpose()?;
    Ok(Bell { unread: unread(tx, user).await?, critical, sound: preferences(tx).await?.sound })
}

/// Marks some of the asking person's notices as read, or as unread again.
pub async fn mark(tx: &mut Tx, ids: &[NoticeId], read: bool) -> Result<()> {
    let (workspace, user, now) = (tx.workspace(), me(tx)?, tx.now().0);
    let mut changed = 0;
    for id in ids.iter().take(PAGE_MAX as usize) {
        // Marking what is marked keeps the moment at which it was.
        let sql = if read {
            "UPDATE notices SET read_at = $4, snoozed_until = NULL \
             WHERE workspace_id = $1 AND user_id = $2 AND id = $3 AND read_at IS NULL"
        } else {
            "UPDATE notices SET read_at = NULL \
             WHERE workspace_id = $1 AND user_id = $2 AND id = $3 AND read_at IS NOT NULL AND read_at <= $4"
        };
        changed += on!(tx, c => sqlx::query(sql)
            .bind(workspace).bind(user).bind(id.0).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    }
    if changed > 0 {
        tell(tx, user, changed);
    }
    Ok(())
}

/// Marks all of the asking person's notices as read that are not snoozed; returns the moment, by which
/// [`unmark_all`] takes it back.
pub async fn mark_all(tx: &mut Tx) -> Result<Timestamp> {
    let (workspace, user, now) = (tx.workspace(), me(tx)?, tx.now());
    let changed = on!(tx, c => sqlx::query(
        "UPDATE notices SET read_at = $3 WHERE workspace_id = $1 AND user_id = $2 AND read_at IS NULL \
         AND hidden_at IS NULL AND (snoozed_until IS NULL OR snoozed_until <= $3)")
        .bind(workspace).bind(user).bind(now.0).execute(c).await.map(|done| done.rows_affected()))?;
    if changed > 0 {
        tell(tx, user, changed);
    }
    Ok(now)
}

/// Marks as unread again what was read at exactly this moment.
pub async fn unmark_all(tx: &mut Tx, at: Timestamp) -> Result<()> {
    let (workspace, user) = (tx.workspace(), me(tx)?);
    let changed = on!(tx, c => sqlx::query(
        "UPDATE notices SET read_at = NULL WHERE workspace_id = $1 AND user_id = $2 AND read_at = $3")
        .bind(workspace).bind(user).bind(at.0).execute(c).await.map(|done| done.rows_affected()))?;
    if changed > 0 {
        tell(tx, user, changed);
    }
    Ok(())
}

/// Puts some of the asking person's notices out of sight until a moment; a moment that has passed brings them back.
pub async fn snooze(tx: &mut Tx, ids: &[NoticeId], until: Timestamp) -> Result<()> {
    let (workspace, user, now) = (tx.workspace(), me(tx)?, tx.now());
    if until > now.plus_days(SNOOZE_DAYS_MAX) {
        return Err(Refusal::field("until", "Choose a day within the next year.").into());
    }
    let until = (until > now).then_some(until.0);
    let mut changed = 0;
    for id in ids.iter().take(PAGE_MAX as usize) {
        changed += on!(tx, c => sqlx::query(
            "UPDATE notices SET snoozed_until = $4, read_at = NULL WHERE workspace_id = $1 AND user_id = $2 AND id = $3")
            .bind(workspace).bind(user).bind(id.0).bind(until).execute(c).await.map(|done| done.rows_affected()))?;
    }
    if changed > 0 {
        tell(tx, user, changed);
    }
    Ok(())
}

/// Leaves a line in the log by which the person's screens know that their notices are others now. It says to whom
/// and how many, never what.
fn tell(tx: &mut Tx, user: Uuid, notices: u64) {
    tx.record(NewEntry {
        change: Change::Updated,
        subject: Subject::Notice,
        subject_id: user,
        account: None,
        before: Map::new(),
        after: Map::from_iter([("notices".to_owned(), json!(notices))]),
    });
}
