//! Undo: the inverse of a batch, applied where nobody has changed the same thing since.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::changes::{self, Change, Entry, UndoConflict, UndoReport};
use domain::fields::{self, Subject};
use domain::formula::{Computed, Use};
use domain::id::{AccountId, BatchId};
use domain::identity::{Actor, Role};
use domain::refusal::Refusal;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::Result;
use crate::log::{Line, Row};
use crate::pool::Db;
use crate::subjects::Table;
use crate::tx::{NewEntry, Tx};
use crate::{accounts, batches, bulk, configuration, formula, log, usage};

/// Lines of the log that are taken back in one step.
const STEP: i64 = 2_000;
/// Conflicts that are named one by one.
const EXAMPLES_MAX: usize = 100;

/// Takes a batch back in one transaction: its author may, and managers may for others.
pub async fn undo(db: &Db, actor: &Actor, batch: BatchId) -> Result<UndoReport> {
    let mut tx = db.write(actor).await?;
    tx.require(Role::Csm)?;
    let undone = batches::get(&mut tx, batch).await?;
    if undone.created_by != actor.user && actor.role < Role::Manager {
        return Err(Refusal::Forbidden.into());
    }
    // What takes an administrator to do takes one to take back, also the other way round.
    let kind = [formula::BATCH, configuration::BATCH].into_iter().find(|kind| undone.kind == *kind);
    if kind.is_some() {
        tx.require(Role::Admin)?;
    }
    batches::close(&mut tx, batch).await?;
    let inverse = batches::open(&mut tx, kind.unwrap_or("undo"), &undone.label).await?;
    let mut report = UndoReport { batch: inverse, undone: 0, conflicts: 0, examples: Vec::new() };
    if undone.kind == configuration::BATCH {
        configuration::take_back(&mut tx, batch, &mut report).await?;
    }
    let mut before = i64::MAX;
    loop {
        let rows = log::of_batch(&mut tx, batch, before, STEP).await?;
        let Some(last) = rows.last() else { break };
        before = last.seq;
        step(&mut tx, rows, &mut report).await?;
    }
    report.undone += undo_usage(&mut tx, batch).await?;
    tx.record(NewEntry {
        change: Change::Undone,
        subject: Subject::Workspace,
        subject_id: batch.0,
        account: None,
        before: Map::new(),
        after: Map::from_iter([("label".to_owned(), Value::from(undone.label))]),
    });
    let counts = serde_json::json!({"undone": report.undone, "conflicts": report.conflicts});
    batches::set_counts(&mut tx, inverse, &counts).await?;
    tx.commit().await?;
    Ok(report)
}

/// Takes a batch's usage back, or puts it back where the batch was an undo itself.
async fn undo_usage(tx: &mut Tx, batch: BatchId) -> Result<u32> {
    let (mut origin, mut forward) = (batch, false);
    // An undo names the batch that it took back, so the first in the line is the one that brought the usage.
    while let Some(undone) = log::undone_by(tx, origin).await? {
        (origin, forward) = (undone, !forward);
    }
    if forward { usage::redo(tx, origin).await } else { usage::undo(tx, origin).await }
}

/// What one step writes, collected per table so that each table is written once.
#[derive(Default)]
struct Work {
    insert: BTreeMap<Uuid, Map<String, Value>>,
    update: BTreeMap<Uuid, Map<String, Value>>,
    delete: BTreeSet<Uuid>,
}

async fn step(tx: &mut Tx, rows: Vec<Row>, report: &mut UndoReport) -> Result<()> {
    let mut tables: Vec<(Table, Vec<Row>)> = Vec::new();
    for row in rows {
        let Some(table) = Table::of(row.subject()?) else { continue };
        match tables.iter_mut().find(|(known, _)| *known == table) {
            Some((_, list)) => list.push(row),
            None => tables.push((table, vec![row])),
        }
    }
    // Facts go before the accounts they hang on, and accounts before the custom fields they have values of.
    tables.sort_by_key(|(table, _)| match table {
        Table::Accounts => 1,
        Table::Fields => 2,
        _ => 0,
    });
    for (table, rows) in tables {
        step_table(tx, table, rows, report).await?;
    }
    Ok(())
}

async fn step_table(tx: &mut Tx, table: Table, rows: Vec<Row>, report: &mut UndoReport) -> Result<()> {
    let ids: BTreeSet<Uuid> = rows.iter().map(|row| row.subject_id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let texts: HashMap<Uuid, String> = bulk::select_texts(tx, table, &ids).await?.into_iter().collect();
    let created: Vec<Uuid> =
        rows.iter().filter(|row| row.change == Change::Created.key()).map(|row| row.subject_id).collect();
    let in_use = match table {
        _ if created.is_empty() => BTreeSet::new(),
        Table::Accounts => accounts_in_use(tx, &created).await?,
        Table::Fields => fields_in_use(tx, &parsed(&texts, &BTreeSet::new())?).await?,
        _ => BTreeSet::new(),
    };
    let untouched = untouched(&rows, &texts, &in_use);
    let mut current = parsed(&texts, &untouched)?;
    let computed = match table {
        Table::Accounts => Computed::new(&accounts::catalogue(tx).await?),
        _ => Computed::default(),
    };
    let (mut work, mut lines, now) = (Work::default(), Vec::with_capacity(rows.len()), tx.now().0);
    for row in rows {
        let id = row.subject_id;
        if let Some(doc) = texts.get(&id).filter(|_| untouched.contains(&id)) {
            lines.push(Line::deleted(table.subject(), id, row.account_id.map(AccountId), doc));
            work.delete.insert(id);
            report.undone += 1;
            continue;
        }
        let entry = log::entry(row)?;
        match invert(&entry, current.get(&id), &in_use, &computed, now) {
            Ok(inverse) => {
                current.remove(&id);
                if let Some(doc) = &inverse.doc {
                    current.insert(id, doc.clone());
                }
                work.take(id, &inverse);
                lines.push(inverse.entry.try_into()?);
                report.undone += 1;
            }
            Err(reason) => {
                let name = current.get(&id).map_or(String::new(), doc_name);
                report.conflict(UndoConflict {
                    subject: entry.subject,
                    subject_id: id,
                    name,
                    reason: reason.to_owned(),
                });
            }
        }
    }
    work.write(tx, table).await?;
    tx.record_lines(lines).await
}

/// Returns what only came into being in these rows and is still exactly that, so that it can go unread.
fn untouched(rows: &[Row], texts: &HashMap<Uuid, String>, in_use: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
    let mut times: HashMap<Uuid, u32> = HashMap::with_capacity(rows.len());
    for row in rows {
        *times.entry(row.subject_id).or_default() += 1;
    }
    let is_untouched = |row: &&Row| {
        let id = &row.subject_id;
        times.get(id) == Some(&1) && !in_use.contains(id) && texts.get(id).is_some_and(|doc| row.is_created_with(doc))
    };
    rows.iter().filter(is_untouched).map(|row| row.subject_id).collect()
}

/// Takes the documents apart, except those that nobody need look into.
fn parsed(texts: &HashMap<Uuid, String>, except: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, Map<String, Value>>> {
    let wanted = texts.iter().filter(|(id, _)| !except.contains(id));
    wanted.map(|(id, text)| Ok((*id, serde_json::from_str(text)?))).collect()
}

/// The state that undo brings back (`None`: it did not exist), and the line that says so.
struct Inverse {
    doc: Option<Map<String, Value>>,
    entry: NewEntry,
    was_gone: bool,
}

fn invert(
    entry: &Entry,
    current: Option<&Map<String, Value>>,
    in_use: &BTreeSet<Uuid>,
    computed: &Computed,
    now: i64,
) -> Result<Inverse, &'static str> {
    let line = |change, before, after| NewEntry {
        change,
        subject: entry.subject,
        subject_id: entry.subject_id,
        account: entry.account,
        before,
        after,
    };
    match (entry.change, current) {
        (Change::Created, None) => Err("It was deleted since."),
        (Change::Created, Some(doc)) if !is_as_created(doc, &entry.after, computed) => Err("It was changed since."),
        (Change::Created, Some(_)) if in_use.contains(&entry.subject_id) => {
            Err("Other records were added to it since.")
        }
        (Change::Created, Some(doc)) => {
            Ok(Inverse { doc: None, entry: line(Change::Deleted, doc.clone(), Map::new()), was_gone: false })
        }
        (Change::Deleted, None) => {
            let doc = entry.before.clone();
            Ok(Inverse { doc: Some(doc.clone()), entry: line(Change::Created, Map::new(), doc), was_gone: true })
        }
        (Change::Deleted, Some(_)) => Err("It exists again."),
        (Change::Updated, None) => Err("It was deleted since."),
        (Change::Updated, Some(doc)) => {
            let restored = restore(entry, doc, now)?;
            let (mut before, mut after) = (entry.after.clone(), entry.before.clone());
            // Where something else was changed since, the numbering goes on instead of back.
            for key in ["version", "updated_at"] {
                before.insert(key.to_owned(), fields::get(doc, key).clone());
                after.insert(key.to_owned(), fields::get(&restored, key).clone());
            }
            Ok(Inverse { doc: Some(restored), entry: line(Change::Updated, before, after), was_gone: false })
        }
        _ => Err("It cannot be taken back."),
    }
}

/// Returns whether nobody changed a document since it was created: what was computed since does not count.
fn is_as_created(doc: &Map<String, Value>, created: &Map<String, Value>, computed: &Computed) -> bool {
    doc == created
        || (!computed.is_empty() && {
            let (was, became) = changes::diff(created, doc);
            was.keys().chain(became.keys()).all(|key| computed.has(key))
        })
}

/// Returns the document with the fields as they were; refuses where one of them was changed again.
fn restore(entry: &Entry, doc: &Map<String, Value>, now: i64) -> Result<Map<String, Value>, &'static str> {
    let bookkeeping = |key: &str| matches!(key, "version" | "updated_at");
    let untouched = fields::get(doc, "version") == fields::get(&entry.after, "version");
    let mut restored = doc.clone();
    for (key, became) in &entry.after {
        if bookkeeping(key) {
            continue;
        }
        if fields::get(doc, key) != became {
            return Err("The same field was changed since.");
        }
        let was = entry.before.get(key).cloned().unwrap_or(Value::Null);
        if was.is_null() && !key.starts_with("custom.") {
            restored.remove(key);
        } else {
            fields::set(&mut restored, key, was);
        }
    }
    // Nothing happened since: the very bytes come back, bookkeeping included.
    if untouched {
        for key in ["version", "updated_at"] {
            restored.insert(key.to_owned(), entry.before.get(key).cloned().unwrap_or(Value::Null));
        }
    } else {
        let version = doc.get("version").and_then(Value::as_i64).unwrap_or(1);
        restored.insert("version".to_owned(), Value::from(version + 1));
        restored.insert("updated_at".to_owned(), Value::from(now));
    }
    Ok(restored)
}

impl Work {
    fn take(&mut self, id: Uuid, inverse: &Inverse) {
        match &inverse.doc {
            None => {
                self.update.remove(&id);
                // What this very step brought back was never written.
                if self.insert.remove(&id).is_none() {
                    self.delete.insert(id);
                }
            }
            Some(doc) if inverse.was_gone || self.insert.contains_key(&id) => {
                self.insert.insert(id, doc.clone());
            }
            Some(doc) => {
                self.update.insert(id, doc.clone());
            }
        }
    }

    async fn write(self, tx: &mut Tx, table: Table) -> Result<()> {
        let delete: Vec<Uuid> = self.delete.into_iter().collect();
        let update: Vec<Map<String, Value>> = self.update.into_values().collect();
        if !delete.is_empty() {
            bulk::expect_rows(bulk::delete(tx, table, &delete).await?, delete.len())?;
            if table == Table::Accounts {
                bulk::delete_derived(tx, &delete).await?;
            }
        }
        if !update.is_empty() {
            bulk::expect_rows(bulk::update(tx, table, &update).await?, update.len())?;
        }
        let insert: Vec<Map<String, Value>> = self.insert.into_values().collect();
        if !insert.is_empty() {
            bulk::expect_rows(bulk::insert(tx, table, &insert).await?, insert.len())?;
        }
        Ok(())
    }
}

trait Conflicts {
    fn conflict(&mut self, conflict: UndoConflict);
}

impl Conflicts for UndoReport {
    fn conflict(&mut self, conflict: UndoConflict) {
        self.conflicts += 1;
        if self.examples.len() < EXAMPLES_MAX {
            self.examples.push(conflict);
        }
    }
}

/// Returns the accounts among `ids` that something else hangs on.
async fn accounts_in_use(tx: &mut Tx, ids: &[Uuid]) -> Result<BTreeSet<Uuid>> {
    let leaving: BTreeSet<Uuid> = ids.iter().copied().collect();
    let children = bulk::children(tx, ids).await?;
    let kept = children.into_iter().filter(|(child, _)| !leaving.contains(child)).map(|(_, parent)| parent);
    let mut used: BTreeSet<Uuid> = kept.collect();
    used.extend(bulk::accounts_with_facts(tx, ids).await?);
    Ok(used)
}

/// Returns the custom fields among these that accounts still have values of. Values of a computed field go with it;
/// what counts there is whether something needs the field.
async fn fields_in_use(tx: &mut Tx, fields: &HashMap<Uuid, Map<String, Value>>) -> Result<BTreeSet<Uuid>> {
    let keys: BTreeSet<String> = bulk::custom_keys(tx).await?.into_iter().collect();
    let mut used = BTreeSet::new();
    let leaving: BTreeSet<String> =
        fields.values().filter_map(|doc| Some(format!("custom.{}", doc.get("key")?.as_str()?))).collect();
    let stays = |one: &Use| one.needs_it() && !matches!(one, Use::Formula(key, _) if leaving.contains(key));
    for (id, doc) in fields {
        let Some(key) = doc.get("key").and_then(Value::as_str) else { continue };
        let is_used = if doc.contains_key("formula") {
            formula::used_in(tx, &format!("custom.{key}")).await?.iter().any(stays)
        } else {
            keys.contains(key)
        };
        if is_used {
            used.insert(*id);
        }
    }
    Ok(used)
}

fn doc_name(doc: &Map<String, Value>) -> String {
    let keys = ["name", "label", "subject", "title", "external_id"];
    keys.iter().find_map(|key| doc.get(*key).and_then(Value::as_str)).unwrap_or_default().to_owned()
}
