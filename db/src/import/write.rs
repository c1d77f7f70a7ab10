//! Looking a chunk of rows up, deciding what happens to each, and writing what does.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::fields::Subject;
use domain::id::AccountId;
use domain::import::kind::Kind;
use domain::import::plan::{Mode, Options, Outcome, Row, RowError, classify};
use domain::import::table::Cells;
use domain::time::Timestamp;
use domain::usage::UsageDay;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::build::{self, NewDoc};
use super::pair::Neighbour;
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
    /// What happens to the contact beside the account, where there is one and the row is not left out.
    pub(super) contact: Option<Box<Verdict>>,
}

/// What happens to a row.
pub(super) enum Verdict {
    /// It is created.
    New(Option<NewDoc>),
    /// It changes a document.
    Update { existing: Map<String, Value>, before: Map<String, Value>, after: Map<String, Value> },
    /// It sets the usage of a day that is new (or changes one).
    Day { day: UsageDay, outcome: Outcome },
    /// An earlier row was about it.
    Repeated,
    /// Nothing is written.
    Other(Outcome),
    /// Its cells are wrong.
    Wrong(Vec<RowError>),
}

/// Decides what happens to the rows of a file, chunk by chunk.
pub(super) struct Judge {
    subject: Subject,
    mode: Mode,
    /// Whether contacts stand beside the accounts.
    is_pair: bool,
    /// The accounts whose row was left out; nothing is written beside them either.
    left_out: HashSet<Uuid>,
}

impl Judge {
    pub(super) fn new(options: &Options) -> Self {
        let is_pair = options.kind() == Kind::AccountWithContact;
        Self { subject: options.subject, mode: options.mode, is_pair, left_out: HashSet::new() }
    }

    /// Returns whether each row is an account and a contact.
    pub(super) fn is_pair(&self) -> bool {
        self.is_pair
    }

    /// Looks up the rows of a chunk that may exist, and decides.
    pub(super) async fn judge(&mut self, tx: &mut Tx, chunk: Vec<Read>) -> Result<Vec<Judged>> {
        let ids = chunk.iter().filter_map(|read| read.item.found()).collect();
        let beside = chunk.iter().filter_map(|read| read.contact.as_ref()?.item.found()).collect();
        let mut existing = found(tx, self.subject, ids).await?;
        let mut contacts = found(tx, Subject::Contact, beside).await?;
        let days = known_days(tx, &chunk).await?;
        let mut judged = Vec::with_capacity(chunk.len());
        for Read { line, cells, item, contact } in chunk {
            let account = item.found();
            let verdict = match item {
                Item::Usage(row) => judge_day(&row, self.mode, &days)?,
                item => self.verdict(item, &mut existing)?,
            };
            if let (true, Some(account), Verdict::Other(Outcome::Conflict(_))) = (self.is_pair, account, &verdict) {
                self.left_out.insert(account);
            }
            let (verdict, contact) = match contact {
                None => (verdict, None),
                Some(contact) => self.both(verdict, *contact, &mut contacts)?,
            };
            judged.push(Judged { line, cells, verdict, contact });
        }
        Ok(judged)
    }

    fn verdict(&self, item: Item, existing: &mut Documents) -> Result<Verdict> {
        Ok(match item {
            Item::New(doc) => Verdict::New(doc),
            Item::Settled(outcome) => Verdict::Other(outcome),
            Item::Wrong(errors) => Verdict::Wrong(errors),
            Item::Repeated => Verdict::Repeated,
            Item::Usage(_) => return Err(Error::Stored("a day of usage is looked up by itself".to_owned())),
            Item::Found(row, id) => {
                let doc = existing.remove(&id).ok_or_else(|| Error::Stored(format!("{id} vanished")))?;
                match classify(Some(&doc), &row, self.mode) {
                    Outcome::Update { before, after } => Verdict::Update { existing: doc, before, after },
                    outcome => Verdict::Other(outcome),
                }
            }
        })
    }

    /// Decides about a contact beside its account: a row is written whole or not at all.
    fn both(
        &self,
        account: Verdict,
        contact: Neighbour,
        contacts: &mut Documents,
    ) -> Result<(Verdict, Option<Box<Verdict>>)> {
        if account.is_left_out() {
            return Ok((account, None));
        }
        if self.left_out.contains(&contact.account) {
            let words =
                "The account of this row was left out further up, and its contacts with it. Correct that row first.";
            return Ok((Verdict::Other(Outcome::Conflict(words.to_owned())), None));
        }
        let contact = self.verdict(contact.item, contacts)?;
        Ok(if contact.is_left_out() { (contact, None) } else { (account, Some(Box::new(contact))) })
    }
}

impl Verdict {
    fn is_left_out(&self) -> bool {
        matches!(self, Self::Wrong(_) | Self::Other(Outcome::Conflict(_) | Outcome::Invalid(_)))
    }
}

type Documents = HashMap<Uuid, Map<String, Value>>;

async fn found(tx: &mut Tx, subject: Subject, ids: Vec<Uuid>) -> Result<Documents> {
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

/// Documents of one table that a chunk writes.
#[derive(Default)]
pub(super) struct Docs {
    new: Vec<NewDoc>,
    changed: Vec<(Map<String, Value>, Map<String, Value>)>,
}

impl Docs {
    pub(super) fn create(&mut self, doc: NewDoc) {
        self.new.push(doc);
    }

    pub(super) fn change(&mut self, existing: Map<String, Value>, after: Map<String, Value>) {
        self.changed.push((existing, after));
    }

    async fn write(self, tx: &mut Tx, table: Table) -> Result<()> {
        insert(tx, table, self.new).await?;
        update(tx, table, self.changed).await
    }
}

/// What a chunk writes.
#[derive(Default)]
pub(super) struct Work {
    pub(super) docs: Docs,
    /// The contacts beside accounts.
    pub(super) contacts: Docs,
    days: Vec<UsageDay>,
}

impl Work {
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
            self.docs.write(tx, table).await?;
        }
        if !self.contacts.new.is_empty() || !self.contacts.changed.is_empty() {
            self.contacts.write(tx, Table::Contacts).await?;
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
