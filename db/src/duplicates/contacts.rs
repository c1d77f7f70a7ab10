//! Duplicates of contacts: who may be one person of an account, and the merge of two, which one undo takes back.
//!
//! Answers to surveys name their writer by address, and contacts remember whom they were told apart from: both follow.

use std::collections::{BTreeSet, HashMap};

use domain::accounts::Account;
use domain::contacts::Contact;
use domain::duplicates::contacts::{Known, Person, candidates, choices, merged};
use domain::duplicates::{Decision, Found, Moves, Proposal};
use domain::fields::Subject;
use domain::id::{AccountId, BatchId, ContactId};
use domain::identity::Role;
use domain::refusal::Refusal;
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::merge::rewrite;
use super::moves::{Doc, ROWS_MAX, unpacked};
use super::{APART, BATCH, chosen, counted, facts, put_together, refuse_stale, remember, shown};
use crate::error::Result;
use crate::subjects::{self, Table, document, from_document};
use crate::tx::{Tx, on};
use crate::{accounts, batches, bulk};

/// What finding needs of the contacts behind `$2`, as one text.
const ON_SQLITE: &str = "SELECT string_agg(s.facts, ',') FROM (SELECT json_array(json_extract(k.doc, '$.id'), \
    json_extract(k.doc, '$.account_id'), json_extract(k.doc, '$.name'), json_extract(k.doc, '$.email'), \
    json(COALESCE(json_extract(k.doc, '$.distinct_from'), '[]'))) AS facts \
    FROM contacts AS k WHERE k.workspace_id = $1 AND k.id > $2 AND EXISTS (SELECT 1 FROM accounts AS a \
    WHERE a.workspace_id = $1 AND a.id = k.account_id AND a.archived_at IS NULL) ORDER BY k.id LIMIT $3) AS s";
const ON_POSTGRES: &str = "SELECT string_agg(s.facts, ',') FROM (SELECT CAST(jsonb_build_array(k.doc -> 'id', \
    k.doc -> 'account_id', k.doc -> 'name', k.doc -> 'email', \
    COALESCE(k.doc -> 'distinct_from', CAST('[]' AS JSONB))) AS TEXT) AS facts \
    FROM contacts AS k WHERE k.workspace_id = $1 AND k.id > $2 AND EXISTS (SELECT 1 FROM accounts AS a \
    WHERE a.workspace_id = $1 AND a.id = k.account_id AND a.archived_at IS NULL) ORDER BY k.id LIMIT $3) AS s";

/// The answers to surveys at an account that name an address.
const ANSWERS: &str = "SELECT t.doc FROM surveys AS t WHERE t.workspace_id = $1 AND t.account_id = $2 \
    AND lower(t.doc ->> 'email') = $3 ORDER BY t.id LIMIT $4";
/// The contacts of an account that remember to be another than one.
const REMEMBERING: &str = "SELECT t.doc FROM contacts AS t WHERE t.workspace_id = $1 AND t.account_id = $2 \
    AND t.doc ->> 'distinct_from' LIKE '%' || $3 || '%' ORDER BY t.id LIMIT $4";

/// Returns the groups of contacts that may be one person, the surest first.
pub async fn find(tx: &mut Tx) -> Result<Found<Person>> {
    type Facts = (ContactId, AccountId, String, Option<String>, Vec<ContactId>);
    let all = facts::<Facts>(tx, ON_SQLITE, ON_POSTGRES, |(id, ..)| id.0).await?;
    let known = |(id, account, name, email, others)| Known { id, account, name, email, others };
    let groups = candidates(&all.into_iter().map(known).collect::<Vec<_>>());
    let ids: Vec<Uuid> = shown(&groups).map(|id| id.0).collect();
    let mut contacts: Vec<Contact> = Vec::with_capacity(ids.len());
    for doc in bulk::select(tx, Table::Contacts, &ids).await? {
        contacts.push(from_document(doc)?);
    }
    let accounts: BTreeSet<Uuid> = contacts.iter().map(|contact| contact.account_id.0).collect();
    let mut names: HashMap<AccountId, String> = HashMap::with_capacity(accounts.len());
    for doc in bulk::select(tx, Table::Accounts, &accounts.into_iter().collect::<Vec<_>>()).await? {
        let account: Account = from_document(doc)?;
        names.insert(account.id, account.name);
    }
    let person = |contact: Contact| {
        let account = names.get(&contact.account_id).cloned().unwrap_or_default();
        (contact.id, Person::of(contact, account))
    };
    let people: HashMap<ContactId, Person> = contacts.into_iter().map(person).collect();
    Ok(put_together(groups, &people, |person| (person.created_at, person.id)))
}

/// Returns what merging two contacts would do, for the person to decide.
pub async fn propose(tx: &mut Tx, keep: ContactId, gone: ContactId) -> Result<Proposal<Person>> {
    let Pair { account, keep, gone } = pair(tx, keep, gone).await?;
    let stays = keep.email.clone().or_else(|| gone.email.clone());
    let answers = answers(tx, &keep, &gone, stays.as_deref()).await?;
    Ok(Proposal {
        choices: choices(&document(&keep)?, &document(&gone)?),
        keep_version: keep.version,
        gone_version: gone.version,
        keep: Person::of(keep, account.clone()),
        gone: Person::of(gone, account),
        moves: Moves { records: vec![counted(Subject::Survey, answers.len())], ..Moves::default() },
    })
}

/// Makes one contact of two: the one who stays has what was chosen, and the other one is removed.
pub async fn merge(tx: &mut Tx, decision: &Decision<ContactId>) -> Result<BatchId> {
    tx.require(Role::Csm)?;
    let Pair { account, keep, gone } = pair(tx, decision.keep, decision.gone).await?;
    refuse_stale(decision, keep.version, gone.version)?;
    let mut after: Contact = from_document(merged(&document(&keep)?, &document(&gone)?, &decision.take)?)?;
    remember(&mut after.distinct_from, &gone.distinct_from);
    after.distinct_from.retain(|other| ![keep.id, gone.id].contains(other));
    let answers = answers(tx, &keep, &gone, after.email.as_deref()).await?;
    let remembering = remembering(tx, &keep, &gone).await?;
    let batch = batches::open(tx, BATCH, &format!("{} → {} ({account})", gone.name, keep.name)).await?;
    // First, as no two of an account have one address.
    subjects::remove(tx, &gone).await?;
    subjects::update(tx, &keep, &after).await?;
    let moved = answers.len();
    let email = Value::from(after.email.clone());
    rewrite(tx, Table::Surveys, answers, |_| Some(keep.account_id), ("email", email)).await?;
    for other in &remembering {
        let mut corrected = other.clone();
        corrected.distinct_from.retain(|known| *known != gone.id);
        remember(&mut corrected.distinct_from, &[keep.id]);
        subjects::update(tx, other, &corrected).await?;
    }
    batches::set_counts(tx, batch, &json!({"moved": moved, "updated": 2})).await?;
    Ok(batch)
}

/// Notes that these contacts of one account are different people, so that they are not shown together again.
pub async fn tell_apart(tx: &mut Tx, ids: &[ContactId]) -> Result<BatchId> {
    tx.require(Role::Csm)?;
    let ids = chosen(ids)?;
    let mut found: Vec<Contact> = Vec::with_capacity(ids.len());
    for id in &ids {
        found.push(subjects::get(tx, id.0).await?);
    }
    if found.iter().any(|contact| contact.account_id != found[0].account_id) {
        return Err(elsewhere().into());
    }
    let names: Vec<&str> = found.iter().map(|contact| contact.name.as_str()).collect();
    let batch = batches::open(tx, APART, &names.join(", ")).await?;
    for (place, contact) in found.iter().enumerate() {
        let mut after = contact.clone();
        remember(&mut after.distinct_from, &ids[place + 1..]);
        subjects::update(tx, contact, &after).await?;
    }
    Ok(batch)
}

/// Two contacts that can be merged, and what their account is called.
struct Pair {
    account: String,
    keep: Contact,
    gone: Contact,
}

/// Returns two contacts that can be merged, or says why not.
async fn pair(tx: &mut Tx, keep: ContactId, gone: ContactId) -> Result<Pair> {
    if keep == gone {
        return Err(Refusal::Conflict("Choose two different contacts.".to_owned()).into());
    }
    let (keep, gone): (Contact, Contact) = (subjects::get(tx, keep.0).await?, subjects::get(tx, gone.0).await?);
    if keep.account_id != gone.account_id {
        return Err(elsewhere().into());
    }
    let account = accounts::get(tx, keep.account_id).await?;
    if account.archived_at.is_some() {
        let message = format!("“{}” was archived or merged meanwhile. Look at the list again.", account.name);
        return Err(Refusal::Conflict(message).into());
    }
    Ok(Pair { account: account.name, keep, gone })
}

fn elsewhere() -> Refusal {
    Refusal::Conflict("They belong to different accounts. Choose contacts of one account.".to_owned())
}

/// Returns the answers to surveys whose writer will have another address: the one that stays.
async fn answers(tx: &mut Tx, keep: &Contact, gone: &Contact, stays: Option<&str>) -> Result<Vec<Doc>> {
    let Some(stays) = stays.map(str::to_lowercase) else { return Ok(Vec::new()) };
    let mut either = [&keep.email, &gone.email].into_iter().flatten().map(|email| email.to_lowercase());
    match either.find(|email| *email != stays) {
        Some(leaves) => docs(tx, ANSWERS, keep.account_id, &leaves).await,
        None => Ok(Vec::new()),
    }
}

/// Returns who else remembers to be another than the one who goes.
async fn remembering(tx: &mut Tx, keep: &Contact, gone: &Contact) -> Result<Vec<Contact>> {
    let docs = docs(tx, REMEMBERING, keep.account_id, &gone.id.to_string()).await?;
    let mut found: Vec<Contact> = docs.into_iter().map(from_document).collect::<Result<_>>()?;
    found.retain(|other| ![keep.id, gone.id].contains(&other.id));
    Ok(found)
}

async fn docs(tx: &mut Tx, sql: &'static str, account: AccountId, word: &str) -> Result<Vec<Doc>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Doc>,)> = on!(tx, c => sqlx::query_as(sql)
        .bind(workspace).bind(account.0).bind(word).bind(ROWS_MAX).fetch_all(c).await)?;
    unpacked(rows)
}
