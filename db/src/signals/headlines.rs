//! Headlines: of an account, of competitors, those that wait for a person, and what a person corrects.

use domain::changes::{Change, diff};
use domain::fields::Subject;
use domain::id::{AccountId, SignalId};
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::signals::market::News;
use domain::signals::names::is_tagged;
use domain::signals::{Corrected, Correction, Signal, Waiting};
use serde_json::{Map, Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::feeds::name_of;
use super::require_account;
use crate::error::{Error, Result};
use crate::tx::{NewEntry, Tx, on};

/// Most headlines that are read at once.
const HEADLINES_MAX: i64 = 100;

type Row = (Json<Signal>,);
type Fields = Map<String, Value>;

fn signals(rows: Vec<Row>) -> Vec<Signal> {
    rows.into_iter().map(|(Json(signal),)| signal).collect()
}

/// Returns the newest headlines about an account; everybody may look.
pub async fn headlines(tx: &mut Tx, account: AccountId, most: u32) -> Result<Vec<Signal>> {
    require_account(tx, account).await?;
    let (workspace, most) = (tx.workspace(), i64::from(most).min(HEADLINES_MAX));
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM signals WHERE workspace_id = $1 AND account_id = $2 ORDER BY published_at DESC, id DESC LIMIT $3")
        .bind(workspace).bind(account.0).bind(most).fetch_all(c).await)?;
    Ok(signals(rows))
}

/// Returns the newest headlines about competitors; everybody may look.
pub async fn competitor_headlines(tx: &mut Tx, most: u32) -> Result<Vec<Signal>> {
    let (workspace, most) = (tx.workspace(), i64::from(most).min(HEADLINES_MAX));
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM signals WHERE workspace_id = $1 AND competitor IS NOT NULL ORDER BY published_at DESC LIMIT $2")
        .bind(workspace).bind(most).fetch_all(c).await)?;
    Ok(signals(rows))
}

/// Returns what counts of the headlines about competitors of the last month, each with whom it is about.
pub(crate) async fn rival_news(tx: &mut Tx) -> Result<Vec<(String, News)>> {
    const DAYS: i64 = 30;
    let (workspace, since) = (tx.workspace(), tx.now().plus_days(-DAYS).0);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM signals WHERE workspace_id = $1 AND competitor IS NOT NULL AND published_at >= $2 \
         ORDER BY published_at DESC LIMIT $3")
        .bind(workspace).bind(since).bind(HEADLINES_MAX).fetch_all(c).await)?;
    let news = |signal: Signal| {
        let (event, tone) = (signal.event(), signal.tone());
        let news = News { published_at: signal.published_at, seen_at: signal.seen_at, event, tone };
        Some((signal.competitor?, news))
    };
    Ok(signals(rows).into_iter().filter_map(news).collect())
}

// Few accounts have tags, and fewer a competitor among them: names are compared here, where legal forms are known.
const TAGGED: (&str, &str) = (
    "SELECT id, json_extract(doc, '$.tags') AS tags FROM accounts \
     WHERE workspace_id = $1 AND archived_at IS NULL AND json_array_length(doc, '$.tags') > 0",
    "SELECT id, doc -> 'tags' AS tags FROM accounts \
     WHERE workspace_id = $1 AND archived_at IS NULL AND jsonb_array_length(doc -> 'tags') > 0",
);

/// Returns the accounts that use a competitor of whom there was news in the last month.
pub(crate) async fn rival_users(tx: &mut Tx) -> Result<Vec<AccountId>> {
    let mut rivals: Vec<String> = rival_news(tx).await?.into_iter().map(|(name, _)| name).collect();
    rivals.sort_unstable();
    rivals.dedup();
    if rivals.is_empty() {
        return Ok(Vec::new());
    }
    let (workspace, sql) = (tx.workspace(), if tx.is_sqlite() { TAGGED.0 } else { TAGGED.1 });
    let rows: Vec<(Uuid, Json<Vec<String>>)> = on!(tx, c => sqlx::query_as(sql).bind(workspace).fetch_all(c).await)?;
    let uses = |tags: &[String]| rivals.iter().any(|name| is_tagged(tags, name));
    Ok(rows.into_iter().filter(|(_, Json(tags))| uses(tags)).map(|(id, _)| AccountId(id)).collect())
}

/// Returns the headlines that wait for a person to say whom they are about; everybody may look.
pub async fn waiting(tx: &mut Tx) -> Result<Vec<Waiting>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM signals WHERE workspace_id = $1 AND is_open = 1 ORDER BY published_at DESC LIMIT $2")
        .bind(workspace).bind(HEADLINES_MAX).fetch_all(c).await)?;
    let mut waiting = Vec::new();
    for signal in signals(rows) {
        let mut accounts = Vec::new();
        for id in &signal.candidates {
            accounts.extend(name_of(tx, *id).await?.map(|name| (*id, name)));
        }
        waiting.push(Waiting { signal, accounts });
    }
    Ok(waiting)
}

/// Returns a headline; everybody may look.
pub async fn headline(tx: &mut Tx, id: SignalId) -> Result<Signal> {
    let workspace = tx.workspace();
    let row: Option<Row> = on!(tx, c => sqlx::query_as("SELECT doc FROM signals WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    row.map(|(Json(signal),)| signal).ok_or(Error::Refused(Refusal::NotFound))
}

/// Corrects what the program found; people who work with accounts may. What a person says stays, whatever the
/// program would find later.
pub async fn correct(tx: &mut Tx, id: SignalId, correction: Correction) -> Result<Signal> {
    tx.require(Role::Csm)?;
    let Some(by) = tx.actor().user else { return Err(Refusal::Forbidden.into()) };
    let at = tx.now();
    let mut signal = headline(tx, id).await?;
    let (before, was) = (fields(&signal), signal.account());
    match correction {
        Correction::Account(account) => {
            if let Some(account) = account {
                require_account(tx, account).await?;
            }
            signal.account_set = Some(Corrected { value: account, by, at });
        }
        Correction::Event(value) => signal.event_set = Some(Corrected { value, by, at }),
        Correction::Tone(value) => signal.tone_set = Some(Corrected { value, by, at }),
    }
    store(tx, &signal).await?;
    let after = fields(&signal);
    let is = signal.account();
    // Both accounts have to do with it: the one that loses it and the one that gets it.
    for account in [is, was.filter(|_| was != is)].into_iter().flatten() {
        record(tx, &signal, Some(account), (&before, &after));
    }
    if is.is_none() && was.is_none() {
        record(tx, &signal, None, (&before, &after));
    }
    Ok(signal)
}

async fn store(tx: &mut Tx, signal: &Signal) -> Result<()> {
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query(
        "UPDATE signals SET account_id = $3, is_open = $4, event = $5, tone = $6, doc = $7 \
         WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(signal.id.0).bind(signal.account().map(|id| id.0)).bind(i64::from(signal.is_open()))
        .bind(signal.event().key()).bind(signal.tone().key()).bind(Json(signal)).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Returns what the log says of a headline.
pub(super) fn fields(signal: &Signal) -> Fields {
    let sets = [
        signal.account_set.as_ref().map(|set| set.at),
        signal.event_set.as_ref().map(|set| set.at),
        signal.tone_set.as_ref().map(|set| set.at),
    ];
    let corrected_at = sets.into_iter().flatten().max();
    let fields = json!({
        "title": signal.title,
        "event": signal.event().key(),
        "tone": signal.tone().key(),
        "account_id": signal.account(),
        "competitor": signal.competitor,
        "published_at": signal.published_at,
        "corrected_at": corrected_at,
    });
    let Value::Object(mut fields) = fields else { return Map::new() };
    fields.retain(|_, value| !value.is_null());
    fields
}

fn record(tx: &mut Tx, signal: &Signal, account: Option<AccountId>, (before, after): (&Fields, &Fields)) {
    let (before, after) = diff(before, after);
    let (change, subject) = (Change::Updated, Subject::Signal);
    tx.record(NewEntry { change, subject, subject_id: signal.id.0, account, before, after });
}
