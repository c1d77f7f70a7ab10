//! Scorecards that come with a configuration: put in place whole, and taken back whole.
//!
//! A line of the log says which versions were in force and being worked on before and after; every version stays in
//! the database, so that is all there is to know to go back.

use domain::changes::Change;
use domain::fields::Subject;
use domain::health::{CardState, Scorecard};
use domain::id::ScorecardId;
use domain::identity::Role;
use domain::refusal::Refusal;
use serde_json::{Map, Value, json};

use super::cards::{Insert, Row, check_storable, check_whole, end, existing, insert, new_card, retire_live, rows_of};
use super::{scorecards, shadow as shadows};
use crate::error::{Error, Result};
use crate::tx::{NewEntry, Tx};

const LIVE: &str = "live";
const DRAFT: &str = "draft";
const REVISION: &str = "revision";

/// Which versions of a scorecard stand, and how often it was saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Standing {
    live: Option<i64>,
    draft: Option<i64>,
    revision: i64,
}

impl Standing {
    async fn of(tx: &mut Tx, id: ScorecardId) -> Result<Self> {
        let rows = match rows_of(tx, id).await {
            Err(Error::Refused(Refusal::NotFound)) => Vec::new(),
            rows => rows?,
        };
        let number = |is_it: fn(&Row) -> bool| rows.iter().find(|row| is_it(row)).map(|row| row.version);
        Ok(Self {
            live: number(|row| row.state() == CardState::Published),
            draft: number(Row::is_draft),
            revision: rows.iter().map(|row| row.revision).max().unwrap_or(0),
        })
    }

    fn read(fields: &Map<String, Value>) -> Self {
        let number = |key: &str| fields.get(key).and_then(Value::as_i64);
        Self { live: number(LIVE), draft: number(DRAFT), revision: number(REVISION).unwrap_or_default() }
    }

    fn fields(self) -> Map<String, Value> {
        let all = [(LIVE, self.live), (DRAFT, self.draft), (REVISION, Some(self.revision))];
        all.into_iter().filter_map(|(key, number)| Some((key.to_owned(), Value::from(number?)))).collect()
    }
}

/// Puts a scorecard into force, and another one beside it as its draft; what is not given stays. Without an id it is
/// a new one.
pub(crate) async fn put(
    tx: &mut Tx,
    id: Option<ScorecardId>,
    published: Option<&Scorecard>,
    draft: Option<&Scorecard>,
    note: &str,
) -> Result<()> {
    tx.require(Role::Manager)?;
    let (id, is_new) = match id {
        Some(id) => (id, false),
        None => (new_card(tx).await?, true),
    };
    let before = Standing::of(tx, id).await?;
    if let Some(card) = published {
        check_storable(card)?;
        check_whole(tx, card).await.map_err(|error| within("published", error))?;
        retire_live(tx, id).await?;
        add(tx, id, card, note, true).await?;
    }
    if let Some(card) = draft {
        check_storable(card)?;
        if let Some(version) = before.draft {
            refuse_shadow(tx, id, version).await?;
            end(tx, id, version).await?;
        }
        add(tx, id, card, note, false).await?;
    }
    let name = published.or(draft).map(|card| card.name.as_str()).unwrap_or_default();
    record(tx, id, if is_new { Change::Created } else { Change::Updated }, (before, note), name).await
}

/// Takes a scorecard out of force and throws its draft away. The last one in force stays.
pub(crate) async fn remove(tx: &mut Tx, id: ScorecardId, name: &str) -> Result<()> {
    tx.require(Role::Manager)?;
    let before = Standing::of(tx, id).await?;
    clear(tx, id, before).await?;
    record(tx, id, Change::Updated, (before, ""), name).await
}

/// Takes back what a line of the log says of a scorecard, or says why not.
pub(crate) async fn undo(
    tx: &mut Tx,
    id: ScorecardId,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Result<std::result::Result<(), &'static str>> {
    let (was, became, present) = (Standing::read(before), Standing::read(after), Standing::of(tx, id).await?);
    if present != became {
        return Ok(Err("Somebody changed this scorecard since."));
    }
    let note = |version: i64| format!("Back to version {version}.");
    if was.live != became.live {
        match was.live {
            Some(version) => {
                let card = card_of(tx, id, version).await?;
                retire_live(tx, id).await?;
                add(tx, id, &card, &note(version), true).await?;
            }
            None if is_last(tx, became.live).await? => return Ok(Err("It is the only scorecard in force.")),
            None => retire_live(tx, id).await?,
        }
    }
    if was.draft != became.draft {
        if let Some(version) = became.draft {
            end(tx, id, version).await?;
        }
        if let Some(version) = was.draft {
            let card = card_of(tx, id, version).await?;
            add(tx, id, &card, "", false).await?;
        }
    }
    let name = after.get("name").and_then(Value::as_str).unwrap_or_default();
    record(tx, id, Change::Updated, (present, ""), name).await?;
    Ok(Ok(()))
}

async fn clear(tx: &mut Tx, id: ScorecardId, present: Standing) -> Result<()> {
    if is_last(tx, present.live).await? {
        let message = "This is the only scorecard in force. Publish another one before this one goes.";
        return Err(Refusal::Conflict(message.to_owned()).into());
    }
    for version in [present.live, present.draft].into_iter().flatten() {
        end(tx, id, version).await?;
    }
    Ok(())
}

/// Returns whether no scorecard were in force without this one.
async fn is_last(tx: &mut Tx, live: Option<i64>) -> Result<bool> {
    Ok(live.is_some() && scorecards::published(tx).await?.len() < 2)
}

async fn card_of(tx: &mut Tx, id: ScorecardId, version: i64) -> Result<Scorecard> {
    Ok(existing(tx, id, u32::try_from(version).unwrap_or_default()).await?.card)
}

async fn add(tx: &mut Tx, id: ScorecardId, card: &Scorecard, note: &str, is_live: bool) -> Result<()> {
    let rows = match rows_of(tx, id).await {
        Err(Error::Refused(Refusal::NotFound)) => Vec::new(),
        rows => rows?,
    };
    let version = rows.last().map_or(0, |row| row.version) + 1;
    let revision = rows.iter().map(|row| row.revision).max().unwrap_or(0) + 1;
    insert(tx, Insert { id, version, revision, card, note, is_live }).await
}

async fn refuse_shadow(tx: &mut Tx, id: ScorecardId, version: i64) -> Result<()> {
    let is_tested = |row: &Row| row.version == version && row.state() == CardState::Shadow;
    if rows_of(tx, id).await?.iter().any(is_tested) {
        let message = "The draft of this scorecard is being tested in the shadow. Stop the test first.";
        return Err(Refusal::Conflict(message.to_owned()).into());
    }
    Ok(())
}

/// Notes what stands now; where that is another version in force, every account is scored anew.
async fn record(
    tx: &mut Tx,
    id: ScorecardId,
    change: Change,
    (before, note): (Standing, &str),
    name: &str,
) -> Result<()> {
    shadows::forget(tx, id).await?;
    let after = Standing::of(tx, id).await?;
    let state = match after.live {
        live if live == before.live => CardState::Draft,
        Some(_) => CardState::Published,
        None => CardState::Retired,
    };
    let mut fields = after.fields();
    let version = if after.live == before.live { after.draft.or(before.draft) } else { after.live.or(before.live) };
    for (key, value) in
        [("name", json!(name)), ("note", json!(note)), ("version", json!(version)), ("state", json!(state.key()))]
    {
        fields.insert(key.to_owned(), value);
    }
    tx.record(NewEntry {
        change,
        subject: Subject::Scorecard,
        subject_id: id.0,
        account: None,
        before: before.fields(),
        after: fields,
    });
    Ok(())
}

/// Puts a word before the fields that a refusal names.
pub(crate) fn within(place: &str, error: Error) -> Error {
    match error {
        Error::Refused(Refusal::Invalid(mut fields)) => {
            for field in &mut fields {
                field.field = format!("{place}.{}", field.field);
            }
            Refusal::Invalid(fields).into()
        }
        other => other,
    }
}
