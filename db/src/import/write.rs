//! Looking a chunk of rows up, deciding what happens to each, and writing what does.

use std::collections::{BTreeMap, HashMap};

use domain::fields::Subject;
use domain::id::AccountId;
use domain::import::plan::{Mode, Options, Outcome, Row, RowError, classify};
use domain::import::table::Cells;
use domain::time::Timestamp;
use domain::usage::UsageDay;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::build::{self, NewDoc};
use super::reader::{Item, Read};
use crate::error::{Error, Result};
use crate::subjects::{self, Table};
use crate::tx::Tx;
use crate::{bulk, usage};

/// A row and what happens to it.
pub(super) struct Judged {
    pub(super) line: u64,
    pub(super) cells: Option<Cells>,
    pub(super) verdict: Verdict,
}

/// What happens to a row.
pub(super) enum Verdict {
    /// It is created.
    New(Option<NewDoc>),
    /// It changes a document.
    Update { existing: Map<String, Value>, before: Map<String, Value>, after: Map<String, Value> },
    /// It sets the usage of a day that is new (or changes one).
    Day { day: UsageDay, outcome: Outcome },
    /// Nothing is written.
    Other(Outcome),
    /// Its cells are wrong.
    Wrong(Vec<RowError>),
}

/// Looks up the rows of a chunk that may exist, and decides.
pub(super) async fn judge(tx: &mut Tx, options: &Options, chunk: Vec<Read>) -> Result<Vec<Judged>> {
    let mut existing = found(tx, options.subject, &chunk).await?;
    let days = known_days(tx, &chunk).await?;
    let mut judged = Vec::with_capacity(chunk.len());
    for Read { line, cells, item } in chunk {
        let verdict = match item {
            Item::New(doc) => Verdict::New(doc),
            Item::Settled(outcome) => Verdict::Other(outcome),
            Item::Wrong(errors) => Verdict::Wrong(errors),
            Item::Usage(row) => judge_day(&row, options.mode, &days)?,
            Item::Found(row, id) => {
                let doc = existing.remove(&id).ok_or_else(|| Error::Stored(format!("{id} vanished")))?;
                match classify(Some(&doc), &row, options.mode) {
                    Outcome::Update { before, after } => Verdict::Update { existing: doc, before, after },
                    outcome => Verdict::Other(outcome),
                }
            }
        };
        judged.push(Judged { line, cells, verdict });
    }
    Ok(judged)
}

type Documents = HashMap<Uuid, Map<String, Value>>;

async fn found(tx: &mut Tx, subject: Subject, chunk: &[Read]) -> Result<Documents> {
    let id = |read: &Read| match &read.item {
        Item::Found(_, id) => Some(*id),
        _ => None,
    };
    let ids: Vec<Uuid> = chunk.iter().filter_map(id).collect();
    let Some(table) = Table::of(subject).filter(|_| !ids.is_empty()) else { return Ok(HashMap::new()) };
    let docs = bulk::select(tx, table, &ids).await?;
    let key = |doc: &Map<String, Value>| doc.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    Ok(docs.into_iter().filter_map(|doc| Some((key(&doc)?, doc))).collect())
}

type Days = HashMap<(Uuid, String, i64), f64>;

async fn known_days(tx: &mut Tx, chunk: &[Read]) -> Result<Days> {
    let day = |read: &Read| match &read.item {
        Item::Usage(row) => usage_day(row),
        _ => None,
    };
    let days: Vec<UsageDay> = chunk.iter().filter_map(day).collect();
    if days.is_empty() { Ok(Days::new()) } else { usage::values(tx, &days).await }
}

fn judge_day(row: &Row, mode: Mode, days: &Days) -> Result<Verdict> {
    let day = usage_day(row).ok_or_else(|| Error::Stored("a usage row without its fields".to_owned()))?;
    let existing = days.get(&(day.account_id.0, day.metric.clone(), day.day.0)).map(|value| {
        let mut existing = row.fields.clone();
        existing.insert("value".to_owned(), Value::from(*value));
        existing
    });
    Ok(match classify(existing.as_ref(), row, mode) {
        outcome @ (Outcome::New | Outcome::Update { .. }) => Verdict::Day { day, outcome },
        outcome => Verdict::Other(outcome),
    })
}

fn usage_day(row: &Row) -> Option<UsageDay> {
    let text = |key: &str| row.fields.get(key).and_then(Value::as_str);
    Some(UsageDay {
        account_id: AccountId(text("account_id")?.parse().ok()?),
        metric: text("metric")?.to_owned(),
        day: Timestamp(row.fields.get("day")?.as_i64()?),
        value: row.fields.get("value")?.as_f64()?,
    })
}

/// What a chunk writes.
#[derive(Default)]
pub(super) struct Work {
    new: Vec<NewDoc>,
    changed: Vec<(Map<String, Value>, Map<String, Value>)>,
    days: Vec<UsageDay>,
}

impl Work {
    pub(super) fn create(&mut self, doc: NewDoc) {
        self.new.push(doc);
    }

    pub(super) fn change(&mut self, existing: Map<String, Value>, after: Map<String, Value>) {
        self.changed.push((existing, after));
    }

    pub(super) fn set_day(&mut self, day: UsageDay) {
        self.days.push(day);
    }

    /// Writes everything; days are counted by account, for the change log.
    pub(super) async fn write(
        self,
        tx: &mut Tx,
        subject: Subject,
        days: &mut BTreeMap<AccountId, usize>,
    ) -> Result<()> {
        if let Some(table) = Table::of(subject) {
            insert(tx, table, self.new).await?;
            update(tx, table, self.changed).await?;
        }
        for day in &self.days {
            *days.entry(day.account_id).or_default() += 1;
        }
        usage::write(tx, &self.days).await
    }
}

async fn insert(tx: &mut Tx, table: Table, docs: Vec<NewDoc>) -> Result<()> {
    let (mut texts, mut lines) = (Vec::with_capacity(docs.len()), Vec::with_capacity(docs.len()));
    for doc in docs {
        texts.push((doc.id, doc.text));
        lines.push(doc.line);
    }
    tx.insert_recorded(table, texts, lines).await
}

async fn update(tx: &mut Tx, table: Table, changed: Vec<(Map<String, Value>, Map<String, Value>)>) -> Result<()> {
    let (subject, now) = (table.subject(), tx.now().0);
    let (mut docs, mut entries) = (Vec::with_capacity(changed.len()), Vec::with_capacity(changed.len()));
    for (existing, after) in changed {
        let mut doc = build::changed_doc(subject, &existing, after)?;
        let account = build::account_of(subject, &doc);
        if let Some(entry) = subjects::updated(table, &existing, &mut doc, now, account) {
            docs.push(doc);
            entries.push(entry);
        }
    }
    if docs.is_empty() {
        return Ok(());
    }
    bulk::expect_rows(bulk::update(tx, table, &docs).await?, docs.len())?;
    entries.into_iter().for_each(|entry| tx.record(entry));
    tx.flush_log().await
}
