//! Duplicates of accounts: who may be one customer, what would move, and the merge, which one undo takes back.
//! `contacts` is the same for the people of one account.

pub mod contacts;
mod merge;
mod moves;

use std::collections::HashMap;
use std::hash::Hash;

use domain::accounts::Account;
use domain::duplicates::{
    Candidates, Decision, Found, GROUPS_MAX, Group, Known, Member, Proposal, candidates, choices, same_email,
};
use domain::fields::Subject;
use domain::id::AccountId;
use domain::identity::Role;
use domain::refusal::Refusal;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::subjects::{self, Table, document};
use crate::tx::{Tx, on};
use crate::{accounts, batches, bulk};

pub use merge::merge;

/// The kind of the batches in which records are merged.
pub const BATCH: &str = "merge";
/// The kind of the batches in which records are told apart.
pub const APART: &str = "apart";
/// Records that are read together.
const STEP: i64 = 10_000;

/// What finding needs of the accounts behind `$2`, as one text.
const ON_SQLITE: &str = "SELECT string_agg(s.facts, ',') FROM (SELECT json_array(json_extract(a.doc, '$.id'), \
    json_extract(a.doc, '$.name'), json_extract(a.doc, '$.domain'), json_extract(a.doc, '$.parent_id'), \
    json(COALESCE(json_extract(a.doc, '$.distinct_from'), '[]'))) AS facts \
    FROM accounts AS a WHERE a.workspace_id = $1 AND a.archived_at IS NULL AND a.id > $2 ORDER BY a.id LIMIT $3) AS s";
const ON_POSTGRES: &str = "SELECT string_agg(s.facts, ',') FROM (SELECT CAST(jsonb_build_array(a.doc -> 'id', \
    a.doc -> 'name', a.doc -> 'domain', a.doc -> 'parent_id', \
    COALESCE(a.doc -> 'distinct_from', CAST('[]' AS JSONB))) AS TEXT) AS facts \
    FROM accounts AS a WHERE a.workspace_id = $1 AND a.archived_at IS NULL AND a.id > $2 ORDER BY a.id LIMIT $3) AS s";

/// Returns the groups of accounts that may be one customer, the surest first.
pub async fn find(tx: &mut Tx) -> Result<Found> {
    let known = known(tx).await?;
    let shared = shared_emails(tx).await?;
    let groups = candidates(&known, &shared);
    drop(known);
    let ids: Vec<Uuid> = shown(&groups).map(|id| id.0).collect();
    let mut members: HashMap<AccountId, Member> = HashMap::with_capacity(ids.len());
    for doc in bulk::select(tx, Table::Accounts, &ids).await? {
        let account: Account = subjects::from_document(doc)?;
        members.insert(account.id, member(&account));
    }
    Ok(put_together(groups, &members, |member| (member.created_at, member.id)))
}

/// Returns who is in the groups that are shown.
fn shown<I: Copy>(groups: &[Candidates<I>]) -> impl Iterator<Item = I> {
    groups.iter().take(GROUPS_MAX).flat_map(|group| group.ids.iter().copied())
}

/// Returns the groups with their members, by what orders them.
fn put_together<I: Eq + Hash, M: Clone, K: Ord>(
    groups: Vec<Candidates<I>>,
    members: &HashMap<I, M>,
    order: impl Fn(&M) -> K,
) -> Found<M> {
    let total = u32::try_from(groups.len()).unwrap_or(u32::MAX);
    let group = |of: Candidates<I>| {
        let mut found: Vec<M> = of.ids.iter().filter_map(|id| members.get(id).cloned()).collect();
        found.sort_by_key(&order);
        Group { members: found, reasons: of.reasons }
    };
    Found { groups: groups.into_iter().take(GROUPS_MAX).map(group).collect(), total }
}

type Facts = (AccountId, String, Option<String>, Option<AccountId>, Vec<AccountId>);

async fn known(tx: &mut Tx) -> Result<Vec<Known>> {
    let all = facts::<Facts>(tx, ON_SQLITE, ON_POSTGRES, |(id, ..)| id.0).await?;
    let known = |(id, name, domain, parent, others)| Known { id, name, domain, parent, others };
    Ok(all.into_iter().map(known).collect())
}

/// Reads what finding needs of all records, thousands of them as one text.
async fn facts<T: DeserializeOwned>(
    tx: &mut Tx,
    on_sqlite: &'static str,
    on_postgres: &'static str,
    id: fn(&T) -> Uuid,
) -> Result<Vec<T>> {
    let sql = if tx.is_sqlite() { on_sqlite } else { on_postgres };
    let (workspace, mut after, mut all) = (tx.workspace(), Uuid::nil(), Vec::new());
    loop {
        let text: Option<String> =
            on!(tx, c => sqlx::query_scalar(sql).bind(workspace).bind(after).bind(STEP).fetch_one(c).await)?;
        let Some(text) = text else { return Ok(all) };
        let step: Vec<T> = serde_json::from_str(&format!("[{text}]"))?;
        after = step.iter().map(id).max().unwrap_or(after);
        let is_last = (step.len() as i64) < STEP;
        all.extend(step);
        if is_last {
            return Ok(all);
        }
    }
}

/// Returns the addresses that people at several accounts have, with the accounts.
async fn shared_emails(tx: &mut Tx) -> Result<Vec<(String, AccountId)>> {
    /// Most of them.
    const SHARED_MAX: i64 = 100_000;
    let workspace = tx.workspace();
    let rows: Vec<(String, Uuid)> = on!(tx, c => sqlx::query_as(
        "SELECT k.email, k.account_id FROM contacts AS k JOIN accounts AS a ON a.workspace_id = k.workspace_id \
         AND a.id = k.account_id AND a.archived_at IS NULL WHERE k.workspace_id = $1 AND k.email IN \
         (SELECT s.email FROM contacts AS s WHERE s.workspace_id = $1 AND s.email IS NOT NULL GROUP BY s.email \
         HAVING COUNT(*) > 1) ORDER BY k.email, k.account_id LIMIT $2")
        .bind(workspace).bind(SHARED_MAX).fetch_all(c).await)?;
    let rows = rows.into_iter().filter_map(|(email, id)| Some((same_email(&email)?, AccountId(id))));
    Ok(rows.collect())
}

/// Returns what merging two accounts would do, for the person to decide.
pub async fn propose(tx: &mut Tx, keep: AccountId, gone: AccountId) -> Result<Proposal> {
    let (keep, gone) = pair(tx, keep, gone).await?;
    let catalogue = accounts::catalogue(tx).await?;
    let moves = moves::count(tx, keep.id, gone.id).await?;
    Ok(Proposal {
        choices: choices(&document(&keep)?, &document(&gone)?, &catalogue),
        keep_version: keep.version,
        gone_version: gone.version,
        keep: member(&keep),
        gone: member(&gone),
        moves,
    })
}

/// Notes that these accounts are different customers, so that they are not shown together again.
pub async fn tell_apart(tx: &mut Tx, ids: &[AccountId]) -> Result<domain::id::BatchId> {
    tx.require(Role::Csm)?;
    let ids = chosen(ids)?;
    let mut found: Vec<Account> = Vec::with_capacity(ids.len());
    for id in &ids {
        found.push(accounts::get(tx, *id).await?);
    }
    let names: Vec<&str> = found.iter().map(|account| account.name.as_str()).collect();
    let batch = batches::open(tx, APART, &names.join(", ")).await?;
    for (place, account) in found.iter().enumerate() {
        let mut after = account.clone();
        // One of two remembers the other: nothing is said twice.
        remember(&mut after.distinct_from, &ids[place + 1..]);
        subjects::update(tx, account, &after).await?;
    }
    Ok(batch)
}

/// Returns what people say is different, each once and in order, or says that it is too few or too many.
fn chosen<I: Copy + Ord>(ids: &[I]) -> Result<Vec<I>> {
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    if !(2..=domain::duplicates::SHARED_MAX).contains(&ids.len()) {
        return Err(Refusal::Conflict("Choose two or more of one group.".to_owned()).into());
    }
    Ok(ids)
}

/// Adds others to those that a record is told apart from.
fn remember<I: Copy + Ord>(others: &mut Vec<I>, more: &[I]) {
    others.extend_from_slice(more);
    others.sort();
    others.dedup();
}

/// Refuses what was decided of records that somebody changed since they were shown.
fn refuse_stale<I>(decision: &Decision<I>, keep_version: i64, gone_version: i64) -> Result<()> {
    if (keep_version, gone_version) == (decision.keep_version, decision.gone_version) {
        return Ok(());
    }
    Err(Refusal::Conflict("Somebody changed one of the two meanwhile. Look at them again.".to_owned()).into())
}

/// Returns two accounts that can be merged, or says why not.
async fn pair(tx: &mut Tx, keep: AccountId, gone: AccountId) -> Result<(Account, Account)> {
    if keep == gone {
        return Err(Refusal::Conflict("Choose two different accounts.".to_owned()).into());
    }
    let (keep, gone) = (accounts::get(tx, keep).await?, accounts::get(tx, gone).await?);
    if let Some(archived) = [&keep, &gone].into_iter().find(|account| account.archived_at.is_some()) {
        let message = format!("“{}” was archived or merged meanwhile. Look at the list again.", archived.name);
        return Err(Refusal::Conflict(message).into());
    }
    Ok((keep, gone))
}

fn member(account: &Account) -> Member {
    Member {
        id: account.id,
        name: account.name.clone(),
        external_id: account.external_id.clone(),
        domain: account.domain.clone(),
        annual: account.annual(),
        created_at: account.created_at,
    }
}

/// Returns the account that an account became, following merges of merges.
pub async fn became(tx: &mut Tx, id: AccountId) -> Result<Option<(AccountId, String)>> {
    /// Merges that are followed.
    const STEPS_MAX: usize = 32;
    let mut account = accounts::get(tx, id).await?;
    for _ in 0..STEPS_MAX {
        let Some(next) = account.merged_into else { break };
        account = match accounts::get(tx, next).await {
            Err(Error::Refused(Refusal::NotFound)) => break,
            found => found?,
        };
    }
    Ok((account.id != id).then_some((account.id, account.name)))
}

/// Returns the word of a subject and its documents' number, for what would move.
fn counted(subject: Subject, number: usize) -> (String, u32) {
    (subject.key().to_owned(), u32::try_from(number).unwrap_or(u32::MAX))
}

/// Returns a text of a document.
fn text<'a>(doc: &'a serde_json::Map<String, Value>, key: &str) -> Option<&'a str> {
    doc.get(key).and_then(Value::as_str)
}
