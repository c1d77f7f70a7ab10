//! The merge: one transaction, one batch, a line in the log for each thing that moved.

use std::collections::BTreeMap;

use domain::accounts::Account;
use domain::changes::Change;
use domain::duplicates::{Decision, merged};
use domain::id::{AccountId, BatchId};
use domain::identity::Role;
use domain::refusal::Refusal;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::moves::{self, Doc};
use super::{BATCH, pair, refuse_stale, remember};
use crate::error::Result;
use crate::subjects::{self, Table, document, from_document, tidy, updated};
use crate::tx::{NewEntry, Tx};
use crate::{accounts, batches, bulk, usage};

/// Steps upwards in the hierarchy that are looked at.
const STEPS_MAX: usize = 32;

/// Makes one account of two: what hangs on the one that goes moves, and it is archived with the name of the other.
pub async fn merge(tx: &mut Tx, decision: &Decision) -> Result<BatchId> {
    tx.require(Role::Csm)?;
    let (keep, gone) = pair(tx, decision.keep, decision.gone).await?;
    refuse_stale(decision, keep.version, gone.version)?;
    let catalogue = accounts::catalogue(tx).await?;
    let doc = merged(&document(&keep)?, &document(&gone)?, &decision.take, &catalogue)?;
    let mut after: Account = from_document(doc)?;
    if after.parent_id == Some(gone.id) {
        after.parent_id = gone.parent_id.filter(|parent| *parent != keep.id);
    } else {
        refuse_below(tx, &after, gone.id).await?;
    }
    let others: Vec<AccountId> = gone.distinct_from.iter().copied().filter(|other| *other != keep.id).collect();
    remember(&mut after.distinct_from, &others);
    let luggage = moves::gather(tx, keep.id, gone.id).await?;
    let batch = batches::open(tx, BATCH, &format!("{} → {}", gone.name, keep.name)).await?;
    let archived = Account { archived_at: Some(tx.now()), merged_into: Some(keep.id), ..gone.clone() };
    subjects::update(tx, &gone, &archived).await?;
    subjects::update(tx, &keep, &after).await?;
    let mut moved = luggage.usage.len();
    for (table, docs) in luggage.docs {
        moved += docs.len();
        relocate(tx, table, docs, "account_id", keep.id).await?;
    }
    let children = bulk::select(tx, Table::Accounts, &luggage.children).await?;
    relocate(tx, Table::Accounts, children, "parent_id", keep.id).await?;
    moved += luggage.twins.len();
    join(tx, luggage.twins, keep.id, gone.id).await?;
    if !luggage.usage.is_empty() {
        usage::write(tx, &luggage.usage).await?;
        usage::record_days(tx, &BTreeMap::from([(keep.id, luggage.usage.len())]));
    }
    batches::set_counts(tx, batch, &json!({"moved": moved, "updated": 2})).await?;
    Ok(batch)
}

/// Refuses to put an account below itself: what is below the one that goes will be below the one that stays.
async fn refuse_below(tx: &mut Tx, keep: &Account, gone: AccountId) -> Result<()> {
    let mut above = keep.parent_id;
    for _ in 0..STEPS_MAX {
        let Some(next) = above else { return Ok(()) };
        if next == gone {
            let message = "The account that stays is below the other one. Keep the upper one, or move it first.";
            return Err(Refusal::Conflict(message.to_owned()).into());
        }
        above = accounts::get(tx, next).await?.parent_id;
    }
    Ok(())
}

/// Gives documents another account, with a line in the log for each.
async fn relocate(tx: &mut Tx, table: Table, docs: Vec<Doc>, key: &str, to: AccountId) -> Result<()> {
    let value = Value::from(to.to_string());
    let account = |old: &Doc| if table == Table::Accounts { id_of(old).map(AccountId) } else { Some(to) };
    rewrite(tx, table, docs, account, (key, value)).await
}

/// Gives documents another value of a field, with a line in the log for each on the account that it belongs to.
pub(super) async fn rewrite(
    tx: &mut Tx,
    table: Table,
    docs: Vec<Doc>,
    account: impl Fn(&Doc) -> Option<AccountId>,
    (key, value): (&str, Value),
) -> Result<()> {
    let now = tx.now().0;
    let mut after = Vec::with_capacity(docs.len());
    for old in docs {
        let mut new = old.clone();
        new.insert(key.to_owned(), value.clone());
        if let Some(entry) = updated(table, &old, &mut new, now, account(&old)) {
            tx.record(entry);
            after.push(new);
        }
    }
    if !after.is_empty() {
        bulk::expect_rows(bulk::update(tx, table, &after).await?, after.len())?;
    }
    Ok(())
}

/// Makes one person of two: the one who stays gets what they lack.
async fn join(tx: &mut Tx, twins: Vec<(Doc, Doc)>, keep: AccountId, gone: AccountId) -> Result<()> {
    let now = tx.now().0;
    let (mut after, mut leaving) = (Vec::new(), Vec::new());
    for (stays, goes) in twins {
        let mut both = stays.clone();
        for (key, value) in &goes {
            both.entry(key.clone()).or_insert_with(|| value.clone());
        }
        tidy(&mut both);
        if let Some(entry) = updated(Table::Contacts, &stays, &mut both, now, Some(keep)) {
            tx.record(entry);
            after.push(both);
        }
        leaving.extend(id_of(&goes));
        tx.record(NewEntry {
            change: Change::Deleted,
            subject: Table::Contacts.subject(),
            subject_id: id_of(&goes).unwrap_or_default(),
            account: Some(gone),
            before: goes,
            after: Map::new(),
        });
    }
    if !leaving.is_empty() {
        bulk::expect_rows(bulk::delete(tx, Table::Contacts, &leaving).await?, leaving.len())?;
    }
    if !after.is_empty() {
        bulk::expect_rows(bulk::update(tx, Table::Contacts, &after).await?, after.len())?;
    }
    Ok(())
}

fn id_of(doc: &Doc) -> Option<Uuid> {
    doc.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok())
}
