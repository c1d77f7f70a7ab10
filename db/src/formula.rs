//! Computed fields: custom fields that follow from others by a formula.
//!
//! What keeps their values up to date is a reader of the change log. It looks at the accounts whose fields a formula
//! depends on, and at all of them when a formula came, changed or went, or when a day has passed that one counts.

use std::collections::BTreeSet;

use domain::changes::{Change, Entry};
use domain::fields::{self, CUSTOM_FIELDS_MAX, Catalogue, Field, Subject, key_from_heading};
use domain::formula::{Computed, Formula, FormulaError, Sample, in_order, parse};
use domain::id::AccountId;
use domain::identity::{Actor, Role, check_name};
use domain::refusal::Refusal;
use domain::time::DAY_MS;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::accounts::{self, CustomField};
use crate::error::{Error, Result};
use crate::pool::Db;
use crate::subjects::{self, Table};
use crate::tx::{Tx, on};
use crate::{bulk, log};

/// Accounts that are computed in one transaction, so that people's writes come in between.
const STEP: usize = 500;
/// Accounts that a formula is shown on before it is saved.
const SAMPLE: i64 = 5;
/// The name under which the reader's place in the log is kept.
const READER: &str = "formula";
/// The name under which the day is kept on which values that depend on time were computed.
const DAY: &str = "formula.day";

/// Makes a computed field; its values follow as soon as the change log is read.
pub async fn create(tx: &mut Tx, label: &str, text: &str) -> Result<Field> {
    tx.require(Role::Admin)?;
    let label = check_name("label", label).map_err(|error| Refusal::Invalid(vec![error]))?;
    let catalogue = accounts::catalogue(tx).await?;
    if catalogue.fields.iter().filter(|field| field.custom_key().is_some()).count() >= CUSTOM_FIELDS_MAX {
        return Err(Refusal::Conflict("A workspace has at most 500 custom fields. Remove one first.".to_owned()).into());
    }
    let key = key_from_heading(&label);
    let is_taken = |field: &Field| field.custom_key() == Some(&key) || field.key == key;
    if catalogue.fields.iter().any(is_taken) {
        return Err(Refusal::field("label", "There is a field of this name already. Choose another name.").into());
    }
    let formula = understood(text, &catalogue)?;
    let field = CustomField {
        id: Uuid::now_v7(),
        version: 1,
        subject: Subject::Account.key().to_owned(),
        key,
        label,
        kind: formula.kind().field_type(),
        formula: Some(text.trim().to_owned()),
    };
    subjects::create(tx, &field).await?;
    accounts::catalogue(tx).await?.get(&format!("custom.{}", field.key)).cloned().ok_or(Refusal::NotFound.into())
}

/// Gives a computed field, named by its full key, another formula.
pub async fn change(tx: &mut Tx, key: &str, text: &str) -> Result<()> {
    tx.require(Role::Admin)?;
    let before = computed_field(tx, key).await?;
    let mut catalogue = accounts::catalogue(tx).await?;
    let formula = understood(text, &catalogue)?;
    let kind = formula.kind().field_type();
    let after = CustomField { kind: kind.clone(), formula: Some(text.trim().to_owned()), ..before.clone() };
    for field in catalogue.fields.iter_mut().filter(|field| field.key == key) {
        (field.kind, field.formula) = (kind.clone(), after.formula.clone());
    }
    in_order(&catalogue)?;
    // Another kind of value may be one that the formulas over this field cannot use.
    if let Some(broken) = first_broken(&catalogue) {
        return Err(
            Refusal::field("formula", format!("“{broken}” could not be computed any more. Change it first.")).into()
        );
    }
    subjects::update(tx, &before, &after).await?;
    Ok(())
}

/// Removes a computed field, named by its full key, and its values.
pub async fn remove(tx: &mut Tx, key: &str) -> Result<()> {
    tx.require(Role::Admin)?;
    let field = computed_field(tx, key).await?;
    let catalogue = accounts::catalogue(tx).await?;
    let uses = |other: &&Field| {
        let formula = other.formula.as_ref().and_then(|text| parse(text, &catalogue).ok());
        formula.is_some_and(|formula| formula.dependencies().contains(key))
    };
    if let Some(user) = catalogue.fields.iter().filter(|other| other.key != key).find(uses) {
        return Err(Refusal::Conflict(format!("“{}” is computed from this field. Change it first.", user.label)).into());
    }
    subjects::remove(tx, &field).await
}

/// Returns what a formula would come to for the five accounts with the most yearly revenue.
pub async fn preview(tx: &mut Tx, text: &str) -> Result<Sample> {
    tx.require(Role::Admin)?;
    let catalogue = accounts::catalogue(tx).await?;
    let formula = understood(text, &catalogue)?;
    let (workspace, now) = (tx.workspace(), tx.now());
    let docs: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL \
         ORDER BY annual_minor DESC NULLS LAST, id LIMIT $2")
        .bind(workspace).bind(SAMPLE).fetch_all(c).await)?;
    let computed = Computed::new(&catalogue);
    let values = docs.into_iter().map(|(Json(mut doc),)| {
        let name = doc.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        computed.apply(&mut doc, now);
        (name, formula.evaluate(&doc, now))
    });
    Ok(Sample { kind: formula.kind(), values: values.collect() })
}

fn understood(text: &str, catalogue: &Catalogue) -> Result<Formula> {
    let place =
        |error: FormulaError| Refusal::field("formula", format!("{} (character {})", error.message, error.at + 1));
    Ok(parse(text, catalogue).map_err(place)?)
}

fn first_broken(catalogue: &Catalogue) -> Option<&str> {
    let is_broken = |field: &&Field| field.formula.as_ref().is_some_and(|text| parse(text, catalogue).is_err());
    catalogue.fields.iter().find(is_broken).map(|field| field.label.as_str())
}

async fn computed_field(tx: &mut Tx, key: &str) -> Result<CustomField> {
    let (workspace, own) = (tx.workspace(), key.strip_prefix("custom.").unwrap_or_default());
    let row: Option<(Json<CustomField>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM fields WHERE workspace_id = $1 AND subject = 'accounts' AND key = $2")
        .bind(workspace).bind(own).fetch_optional(c).await)?;
    let field = row.map(|(Json(field),)| field).filter(|field| field.formula.is_some());
    field.ok_or(Error::Refused(Refusal::NotFound))
}

/// What the log says has to be computed.
#[derive(Default)]
struct Seen {
    everything: bool,
    touched: BTreeSet<AccountId>,
    /// Full keys of computed fields that were removed.
    gone: BTreeSet<String>,
}

/// Brings computed fields up to date with the change log.
pub(crate) async fn catch_up(db: &Db, actor: &Actor) -> Result<()> {
    let mut tx = db.read(actor).await?;
    let computed = Computed::new(&accounts::catalogue(&mut tx).await?);
    let start = bookmark(&mut tx, READER).await?;
    // Most workspaces compute nothing, and then the log is not read.
    if computed.is_empty() && start.is_none() {
        return Ok(());
    }
    let end = log::last_seq(&mut tx).await?;
    let mut seen = Seen { everything: start.is_none(), ..Seen::default() };
    seen.read(&mut tx, start.unwrap_or(end), end, &computed).await?;
    let today = tx.now().0.div_euclid(DAY_MS);
    seen.everything |= computed.depends_on_time() && bookmark(&mut tx, DAY).await? != Some(today);
    drop(tx);
    seen.gone.retain(|key| !computed.has(key));
    if seen.everything {
        let mut last = Uuid::nil();
        loop {
            let ids = next_ids(&mut db.read(actor).await?, last).await?;
            let Some(end) = ids.last() else { break };
            last = end.0;
            step(db, actor, &ids, &computed, &seen.gone).await?;
        }
    } else {
        let touched: Vec<AccountId> = seen.touched.into_iter().collect();
        for ids in touched.chunks(STEP) {
            step(db, actor, ids, &computed, &seen.gone).await?;
        }
    }
    if start != Some(end) || seen.everything {
        let mut tx = db.write(actor).await?;
        set_bookmark(&mut tx, READER, end).await?;
        set_bookmark(&mut tx, DAY, today).await?;
        tx.commit().await?;
    }
    Ok(())
}

impl Seen {
    async fn read(&mut self, tx: &mut Tx, mut seq: i64, end: i64, computed: &Computed) -> Result<()> {
        while seq < end {
            let entries = log::after(tx, seq, log::PAGE_MAX).await?;
            let Some(last) = entries.last() else { break };
            seq = last.seq;
            entries.iter().for_each(|entry| self.note(entry, computed));
        }
        Ok(())
    }

    fn note(&mut self, entry: &Entry, computed: &Computed) {
        let mut keys = entry.before.keys().chain(entry.after.keys());
        match (entry.subject, entry.change) {
            (Subject::Field, change) if keys.any(|key| key == "formula") => {
                self.everything = true;
                let key = entry.before.get("key").and_then(Value::as_str).filter(|_| change == Change::Deleted);
                self.gone.extend(key.map(|key| format!("custom.{key}")));
            }
            (Subject::Account, Change::Created) => self.touched.extend(entry.account),
            (Subject::Account, Change::Updated) => {
                // Its own lines set computed fields and nothing else. Others may restore or import an old value.
                let is_own = entry.actor.is_none();
                if keys.any(|key| computed.looks_at(key) && !computed.has(key) || !is_own && computed.has(key)) {
                    self.touched.extend(entry.account);
                }
            }
            _ => {}
        }
    }
}

/// Computes these accounts and writes those whose values changed.
async fn step(db: &Db, actor: &Actor, ids: &[AccountId], computed: &Computed, gone: &BTreeSet<String>) -> Result<()> {
    let mut tx = db.write(actor).await?;
    let now = tx.now();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut changed = Vec::new();
    for old in bulk::select(&mut tx, Table::Accounts, &ids).await? {
        let mut new = old.clone();
        gone.iter().for_each(|key| fields::set(&mut new, key, Value::Null));
        computed.apply(&mut new, now);
        subjects::tidy(&mut new);
        let account = old.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()).map(AccountId);
        if let Some(entry) = subjects::updated(Table::Accounts, &old, &mut new, now.0, account) {
            tx.record(entry);
            changed.push(new);
        }
    }
    if !changed.is_empty() {
        bulk::expect_rows(bulk::update(&mut tx, Table::Accounts, &changed).await?, changed.len())?;
    }
    tx.commit().await?;
    Ok(())
}

async fn next_ids(tx: &mut Tx, after: Uuid) -> Result<Vec<AccountId>> {
    let workspace = tx.workspace();
    let rows: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT id FROM accounts WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(workspace).bind(after).bind(i64::try_from(STEP).unwrap_or(i64::MAX)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

async fn bookmark(tx: &mut Tx, name: &'static str) -> Result<Option<i64>> {
    let workspace = tx.workspace();
    let seq: Option<(i64,)> = on!(tx, c => sqlx::query_as("SELECT seq FROM cursors WHERE workspace_id = $1 AND reader = $2")
        .bind(workspace).bind(name).fetch_optional(c).await)?;
    Ok(seq.map(|(seq,)| seq))
}

async fn set_bookmark(tx: &mut Tx, name: &'static str, seq: i64) -> Result<()> {
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query(
        "INSERT INTO cursors (workspace_id, reader, seq) VALUES ($1, $2, $3) \
         ON CONFLICT (workspace_id, reader) DO UPDATE SET seq = excluded.seq")
        .bind(workspace).bind(name).bind(seq).execute(c).await.map(|_| ()))?;
    Ok(())
}
