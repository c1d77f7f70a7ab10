//! Drafting, publishing and taking back scorecards. The scorer reads of it in the log.

use std::collections::BTreeMap;

use domain::changes::Change;
use domain::fields::Subject;
use domain::health::{CardHead, CardState, Scorecard, ScorecardVersion, VersionHead, check};
use domain::id::{ScorecardId, UserId};
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::{Map, Value, json};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::{scorecards, shadow as shadows};
use crate::accounts;
use crate::error::{Error, Result};
use crate::tx::{NewEntry, Tx, on};

/// Most scorecards of a workspace.
const CARDS_MAX: usize = 100;
/// Most bytes of a scorecard as JSON.
const CARD_BYTES_MAX: usize = 512 * 1024;
/// Most measures and most exceptions of a draft, as of a card.
const PARTS_MAX: usize = 200;
/// Longest note of a version in characters.
const NOTE_CHARS_MAX: usize = 1_000;
/// The states of a version after which every account is scored anew.
const SCORED_STATES: [CardState; 2] = [CardState::Published, CardState::Retired];

#[derive(FromRow)]
pub(super) struct Row {
    id: Uuid,
    pub(super) version: i64,
    note: String,
    created_at: i64,
    created_by: Option<Uuid>,
    published_at: Option<i64>,
    retired_at: Option<i64>,
    shadow_at: Option<i64>,
    pub(super) revision: i64,
}

impl Row {
    pub(super) fn state(&self) -> CardState {
        let moment = |at: Option<i64>| at.map(Timestamp);
        CardState::of(moment(self.published_at), moment(self.retired_at), moment(self.shadow_at))
    }

    pub(super) fn is_draft(&self) -> bool {
        matches!(self.state(), CardState::Draft | CardState::Shadow)
    }

    /// A draft that was thrown away keeps its number and is not shown.
    fn is_discarded(&self) -> bool {
        self.published_at.is_none() && self.retired_at.is_some()
    }
}

/// Returns the versions of one scorecard, or of all where the id is nil, oldest first.
async fn rows(tx: &mut Tx, id: Uuid) -> Result<Vec<Row>> {
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_as(
        "SELECT id, version, note, created_at, created_by, published_at, retired_at, shadow_at, revision FROM scorecards \
         WHERE workspace_id = $1 AND (id = $2 OR $3) ORDER BY id, version")
        .bind(workspace).bind(id).bind(id.is_nil()).fetch_all(c).await)?)
}

/// Returns the versions of a scorecard that the workspace has, or refuses.
pub(super) async fn rows_of(tx: &mut Tx, id: ScorecardId) -> Result<Vec<Row>> {
    let found = if id.0.is_nil() { Vec::new() } else { rows(tx, id.0).await? };
    if found.is_empty() { Err(Refusal::NotFound.into()) } else { Ok(found) }
}

/// Returns the scorecards, those in force first, then by priority and name.
pub async fn cards(tx: &mut Tx) -> Result<Vec<CardHead>> {
    let workspace = tx.workspace();
    let counts: Vec<(Option<String>, i64)> = if tx.is_sqlite() {
        on!(tx, c => sqlx::query_as(
            "SELECT json_extract(health, '$.scorecard'), COUNT(*) FROM accounts \
             WHERE workspace_id = $1 AND archived_at IS NULL GROUP BY 1").bind(workspace).fetch_all(c).await)?
    } else {
        on!(tx, c => sqlx::query_as(
            "SELECT health ->> 'scorecard', COUNT(*) FROM accounts \
             WHERE workspace_id = $1 AND archived_at IS NULL GROUP BY 1").bind(workspace).fetch_all(c).await)?
    };
    let counts: BTreeMap<Uuid, i64> =
        counts.into_iter().filter_map(|(id, count)| Some((id?.parse().ok()?, count))).collect();
    let all = rows(tx, Uuid::nil()).await?;
    let mut heads = Vec::new();
    for of_one in all.chunk_by(|a, b| a.id == b.id) {
        let shown: Vec<&Row> = of_one.iter().filter(|row| !row.is_discarded()).collect();
        let Some(newest) = shown.last() else { continue };
        let number = |row: &&&Row| u32::try_from(row.version).unwrap_or_default();
        let live = shown.iter().find(|row| row.state() == CardState::Published).as_ref().map(number);
        let named = live.unwrap_or(number(&newest));
        let id = ScorecardId(newest.id);
        let card = existing(tx, id, named).await?.card;
        heads.push(CardHead {
            scorecard: id,
            name: card.name,
            priority: card.priority,
            applies_to: card.applies_to,
            live,
            draft: shown.iter().find(|row| row.is_draft()).as_ref().map(number),
            shadow: shown.iter().find(|row| row.state() == CardState::Shadow).as_ref().map(number),
            versions: u32::try_from(shown.len()).unwrap_or(u32::MAX),
            accounts: counts.get(&id.0).map_or(0, |&count| u32::try_from(count).unwrap_or(u32::MAX)),
        });
    }
    heads.sort_by(|a, b| {
        let key = |head: &CardHead| (head.live.is_none(), -i64::from(head.priority));
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
    });
    Ok(heads)
}

/// Returns the versions of a scorecard, newest first, without drafts that were discarded.
pub async fn versions(tx: &mut Tx, id: ScorecardId) -> Result<Vec<VersionHead>> {
    let rows = rows_of(tx, id).await?;
    let head = |row: &Row| VersionHead {
        version: u32::try_from(row.version).unwrap_or_default(),
        state: row.state(),
        note: row.note.clone(),
        created_at: Timestamp(row.created_at),
        created_by: row.created_by.map(UserId),
        published_at: row.published_at.map(Timestamp),
        retired_at: row.retired_at.map(Timestamp),
    };
    Ok(rows.iter().rev().filter(|row| !row.is_discarded()).map(head).collect())
}

/// Saves the draft of a scorecard, which may be unfinished; without an id a new scorecard is begun.
///
/// `based_on` is the `revision` of the draft that the person has before them, and `None` where they saw none: who
/// saves what somebody else has saved meanwhile is refused. What is returned has the next revision.
pub async fn save_draft(
    tx: &mut Tx,
    id: Option<ScorecardId>,
    based_on: Option<u32>,
    card: Scorecard,
) -> Result<ScorecardVersion> {
    tx.require(Role::Manager)?;
    check_storable(&card)?;
    let known = match id {
        Some(id) => rows_of(tx, id).await?,
        None => Vec::new(),
    };
    let draft = known.iter().find(|row| row.is_draft());
    let refuse = |text: &str| Err(Refusal::Conflict(text.to_owned()).into());
    match (draft, based_on) {
        (Some(draft), _) if draft.state() == CardState::Shadow => {
            return refuse("This draft is being tested in the shadow. Stop the test before you change it.");
        }
        (Some(draft), based_on) if based_on.map(i64::from) != Some(draft.revision) => {
            return refuse("Somebody else has changed this draft. Load it again and repeat your change.");
        }
        (None, Some(_)) => {
            return refuse("This draft was published or discarded meanwhile. Load the scorecard again.");
        }
        _ => {}
    }
    let revision = known.iter().map(|row| row.revision).max().unwrap_or(0) + 1;
    let is_new = draft.is_none();
    let id = match id {
        Some(id) => id,
        None => new_card(tx).await?,
    };
    let version = draft.map_or_else(|| known.last().map_or(0, |row| row.version) + 1, |draft| draft.version);
    if is_new {
        insert(tx, Insert { id, version, revision, card: &card, note: "", is_live: false }).await?;
    } else {
        let workspace = tx.workspace();
        on!(tx, c => sqlx::query(
            "UPDATE scorecards SET card = $4, revision = $5 WHERE workspace_id = $1 AND id = $2 AND version = $3")
            .bind(workspace).bind(id.0).bind(version).bind(Json(&card)).bind(revision).execute(c).await.map(|_| ()))?;
    }
    let change = if is_new && version == 1 { Change::Created } else { Change::Updated };
    record(tx, change, (id, version), CardState::Draft, json!({"name": card.name, "revision": revision}));
    existing(tx, id, u32::try_from(version).unwrap_or_default()).await
}

pub(super) async fn new_card(tx: &mut Tx) -> Result<ScorecardId> {
    if cards(tx).await?.len() >= CARDS_MAX {
        return Err(Refusal::Conflict("A workspace has at most 100 scorecards. Change one of them.".to_owned()).into());
    }
    Ok(ScorecardId(Uuid::now_v7()))
}

/// Refuses what could not be read again: numbers that are none, and more than a card can be.
pub(super) fn check_storable(card: &Scorecard) -> Result<()> {
    let text = serde_json::to_string(card)?;
    let measures: usize = card.groups.iter().map(|group| group.measures.len()).sum();
    if text.len() > CARD_BYTES_MAX || measures > PARTS_MAX || card.exceptions.len() > PARTS_MAX {
        return Err(Refusal::field("name", "This scorecard is too large. Remove some of its measures.").into());
    }
    match serde_json::from_str::<Scorecard>(&text) {
        Ok(_) => Ok(()),
        Err(_) => Err(Refusal::field("groups", "Enter a number wherever one is missing.").into()),
    }
}

/// Throws the draft of a scorecard away.
pub async fn discard_draft(tx: &mut Tx, id: ScorecardId) -> Result<()> {
    tx.require(Role::Manager)?;
    let rows = rows_of(tx, id).await?;
    let Some(draft) = rows.iter().find(|row| row.is_draft()) else {
        return Err(Refusal::Conflict("There is no draft to discard.".to_owned()).into());
    };
    end(tx, id, draft.version).await?;
    shadows::forget(tx, id).await?;
    // Nothing was scored with it, so nothing needs to be scored anew.
    record(tx, Change::Deleted, (id, draft.version), CardState::Draft, json!({}));
    Ok(())
}

/// Begins or ends the computing of a draft beside the live version.
pub async fn shadow(tx: &mut Tx, id: ScorecardId, version: u32, on: bool) -> Result<()> {
    tx.require(Role::Manager)?;
    let row = draft_of(tx, id, version).await?;
    if (row.state() == CardState::Shadow) == on {
        return Ok(());
    }
    if on {
        let card = existing(tx, id, version).await?.card;
        check_whole(tx, &card).await?;
    }
    let (workspace, at) = (tx.workspace(), on.then_some(tx.now().0));
    on!(tx, c => sqlx::query("UPDATE scorecards SET shadow_at = $4 WHERE workspace_id = $1 AND id = $2 AND version = $3")
        .bind(workspace).bind(id.0).bind(row.version).bind(at).execute(c).await.map(|_| ()))?;
    shadows::forget(tx, id).await?;
    let state = if on { CardState::Shadow } else { CardState::Draft };
    record(tx, Change::Updated, (id, row.version), state, json!({}));
    Ok(())
}

/// Puts the draft of a scorecard into force in place of the version before; every account is scored anew.
pub async fn publish(tx: &mut Tx, id: ScorecardId, version: u32, note: String) -> Result<()> {
    tx.require(Role::Manager)?;
    let note = check_note(&note)?;
    let draft = draft_of(tx, id, version).await?.version;
    let card = existing(tx, id, version).await?.card;
    check_whole(tx, &card).await?;
    retire_live(tx, id).await?;
    let (workspace, now, user) = (tx.workspace(), tx.now().0, tx.actor().user.map(|user| user.0));
    // Whoever publishes a card stands for it, also where a draft was begun by the system.
    on!(tx, c => sqlx::query(
        "UPDATE scorecards SET published_at = $4, published_by = $5, created_by = COALESCE(created_by, $5), note = $6, shadow_at = NULL \
         WHERE workspace_id = $1 AND id = $2 AND version = $3")
        .bind(workspace).bind(id.0).bind(draft).bind(now).bind(user).bind(&note).execute(c).await.map(|_| ()))?;
    shadows::forget(tx, id).await?;
    let what = json!({"name": card.name, "note": note});
    record(tx, Change::Updated, (id, draft), CardState::Published, what);
    Ok(())
}

/// Puts a copy of an older version into force as a new version, whose note says so.
pub async fn roll_back(tx: &mut Tx, id: ScorecardId, to: u32) -> Result<()> {
    tx.require(Role::Manager)?;
    let rows = rows_of(tx, id).await?;
    let Some(old) = rows.iter().find(|row| row.version == i64::from(to) && row.published_at.is_some()) else {
        return Err(Refusal::NotFound.into());
    };
    if old.state() == CardState::Published {
        return Err(Refusal::Conflict("This version is in force already.".to_owned()).into());
    }
    let card = existing(tx, id, to).await?.card;
    check_whole(tx, &card).await?;
    let version = rows.last().map_or(0, |row| row.version) + 1;
    let revision = rows.iter().map(|row| row.revision).max().unwrap_or(0) + 1;
    retire_live(tx, id).await?;
    let note = format!("Back to version {to}.");
    insert(tx, Insert { id, version, revision, card: &card, note: &note, is_live: true }).await?;
    let what = json!({"name": card.name, "note": note});
    record(tx, Change::Updated, (id, version), CardState::Published, what);
    Ok(())
}

/// Takes a scorecard out of force; its accounts are scored with those that remain. The last one stays.
pub async fn retire(tx: &mut Tx, id: ScorecardId) -> Result<()> {
    tx.require(Role::Manager)?;
    let rows = rows_of(tx, id).await?;
    let Some(live) = rows.iter().find(|row| row.state() == CardState::Published) else {
        return Err(Refusal::Conflict("This scorecard is not in force.".to_owned()).into());
    };
    if scorecards::published(tx).await?.len() < 2 {
        return Err(Refusal::Conflict(
            "This is the only scorecard in force. Publish another one before you retire it.".to_owned(),
        )
        .into());
    }
    for row in rows.iter().filter(|row| row.retired_at.is_none()) {
        end(tx, id, row.version).await?;
    }
    shadows::forget(tx, id).await?;
    record(tx, Change::Updated, (id, live.version), CardState::Retired, json!({}));
    Ok(())
}

/// Returns whether a line of the log says that accounts are scored differently from now on.
///
/// `after` is what the line of a scorecard says it became.
pub(super) fn asks_for_scores(after: &Map<String, Value>) -> bool {
    let state = after.get("state").and_then(Value::as_str);
    SCORED_STATES.iter().any(|scored| state == Some(scored.key()))
}

async fn draft_of(tx: &mut Tx, id: ScorecardId, version: u32) -> Result<Row> {
    let draft = rows_of(tx, id).await?.into_iter().find(|row| row.version == i64::from(version));
    match draft {
        Some(row) if row.is_draft() => Ok(row),
        Some(_) => {
            Err(Refusal::Conflict("This version is no draft any more. Load the scorecard again.".to_owned()).into())
        }
        None => Err(Refusal::NotFound.into()),
    }
}

pub(super) async fn existing(tx: &mut Tx, id: ScorecardId, version: u32) -> Result<ScorecardVersion> {
    scorecards::version(tx, id, version).await?.ok_or(Error::Refused(Refusal::NotFound))
}

/// Refuses a card that is not finished.
pub(super) async fn check_whole(tx: &mut Tx, card: &Scorecard) -> Result<()> {
    let problems = check(card, Some(&accounts::catalogue(tx).await?));
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems).into()) }
}

fn check_note(note: &str) -> Result<String> {
    let note = note.trim();
    if note.chars().count() > NOTE_CHARS_MAX {
        return Err(Refusal::field("note", "Use at most 1,000 characters.").into());
    }
    Ok(note.to_owned())
}

pub(super) async fn retire_live(tx: &mut Tx, id: ScorecardId) -> Result<()> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    on!(tx, c => sqlx::query(
        "UPDATE scorecards SET retired_at = $3 \
         WHERE workspace_id = $1 AND id = $2 AND published_at IS NOT NULL AND retired_at IS NULL")
        .bind(workspace).bind(id.0).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(super) async fn end(tx: &mut Tx, id: ScorecardId, version: i64) -> Result<()> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    on!(tx, c => sqlx::query(
        "UPDATE scorecards SET retired_at = $4, shadow_at = NULL WHERE workspace_id = $1 AND id = $2 AND version = $3")
        .bind(workspace).bind(id.0).bind(version).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(super) struct Insert<'a> {
    pub(super) id: ScorecardId,
    pub(super) version: i64,
    pub(super) revision: i64,
    pub(super) card: &'a Scorecard,
    pub(super) note: &'a str,
    pub(super) is_live: bool,
}

pub(super) async fn insert(tx: &mut Tx, new: Insert<'_>) -> Result<()> {
    let (workspace, now, user) = (tx.workspace(), tx.now().0, tx.actor().user.map(|user| user.0));
    let (published_at, published_by) = if new.is_live { (Some(now), user) } else { (None, None) };
    on!(tx, c => sqlx::query(
        "INSERT INTO scorecards (workspace_id, id, version, card, created_at, created_by, published_at, published_by, note, revision) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(workspace).bind(new.id.0).bind(new.version).bind(Json(new.card)).bind(now).bind(user)
        .bind(published_at).bind(published_by).bind(new.note).bind(new.revision).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Notes what became of a version. `what` is an object.
fn record(tx: &mut Tx, change: Change, (id, version): (ScorecardId, i64), state: CardState, what: Value) {
    let mut after = match what {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    after.insert("version".to_owned(), json!(version));
    after.insert("state".to_owned(), json!(state.key()));
    let before = Map::new();
    tx.record(NewEntry { change, subject: Subject::Scorecard, subject_id: id.0, account: None, before, after });
}
