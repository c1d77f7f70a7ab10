//! The past: what an account and all that hangs on it were at any moment, read back from the change log.
//!
//! The present documents are taken back entry by entry. What did not exist yet is absent, what was removed since is
//! there. Usage is not in the log: a day counts from its own date. Health is what had been computed by then.

use std::collections::{BTreeMap, HashMap};

use domain::accounts::Account;
use domain::activities::Activity;
use domain::changes::{self, Entry};
use domain::contacts::Contact;
use domain::health::{ManualScore, Override};
use domain::id::AccountId;
use domain::revenue::Invoice;
use domain::support::Ticket;
use domain::surveys::Response;
use domain::time::Timestamp;
use domain::usage::UsageDay;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::health::{self, Stored};
use crate::subjects::{self, Doc, Table, document, from_document};
use crate::tx::{Tx, on};
use crate::{log, usage};

/// Most rows of one kind that are read of an account.
const ROWS_MAX: i64 = 5_000;
/// How far back usage is read: as far as a chart or a measure looks from a moment.
const USAGE_DAYS: i64 = 400;

/// An account and all that hung on it at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The moment.
    pub at: Timestamp,
    /// The account.
    pub account: Account,
    /// Its contacts, by name, those who had left last.
    pub contacts: Vec<Contact>,
    /// Its tickets, newest first.
    pub tickets: Vec<Ticket>,
    /// Its invoices, newest first.
    pub invoices: Vec<Invoice>,
    /// Its survey answers, newest first.
    pub surveys: Vec<Response>,
    /// Its activities, newest first.
    pub activities: Vec<Activity>,
    /// Its usage of the 400 days before, oldest first within each metric.
    pub usage: Vec<UsageDay>,
    /// The evaluation that held, with the version of the scorecard that made it.
    pub health: Option<Stored>,
    /// The override in force.
    pub override_: Option<Override>,
}

/// Returns the account as it was at a moment; nothing where it did not exist then.
pub async fn account_as_of(tx: &mut Tx, id: AccountId, at: Timestamp) -> Result<Option<Account>> {
    let trail = Trail::of(tx, &[id], at).await?;
    let present: Option<Account> = subjects::find(tx, id.0).await?;
    Ok(trail.subjects(id, present.as_slice(), at)?.pop())
}

/// Returns the subjects of one kind that hung on an account at a moment, in the order of their ids.
pub async fn subjects_as_of<T: Doc>(tx: &mut Tx, account: AccountId, at: Timestamp) -> Result<Vec<T>> {
    let trail = Trail::of(tx, &[account], at).await?;
    let present = present::<T>(tx, account).await?;
    trail.subjects(account, &present, at)
}

/// Returns an account and all that hung on it at a moment; nothing where it did not exist then.
pub async fn as_of(tx: &mut Tx, id: AccountId, at: Timestamp) -> Result<Option<Snapshot>> {
    let trail = Trail::of(tx, &[id], at).await?;
    let account: Option<Account> = subjects::find(tx, id.0).await?;
    let Some(account) = trail.subjects(id, account.as_slice(), at)?.pop() else { return Ok(None) };
    let mut contacts: Vec<Contact> = trail.subjects(id, &present(tx, id).await?, at)?;
    contacts.sort_by(|a, b| (a.left_at.is_some(), &a.name).cmp(&(b.left_at.is_some(), &b.name)));
    let mut tickets: Vec<Ticket> = trail.subjects(id, &present(tx, id).await?, at)?;
    tickets.sort_by_key(|ticket| std::cmp::Reverse((ticket.opened_at, ticket.id)));
    let mut invoices: Vec<Invoice> = trail.subjects(id, &present(tx, id).await?, at)?;
    invoices.sort_by_key(|invoice| std::cmp::Reverse((invoice.issued_at, invoice.id)));
    let mut surveys: Vec<Response> = trail.subjects(id, &present(tx, id).await?, at)?;
    surveys.sort_by_key(|survey| std::cmp::Reverse((survey.answered_at, survey.id)));
    let mut activities: Vec<Activity> = trail.subjects(id, &present(tx, id).await?, at)?;
    activities.sort_by_key(|activity| std::cmp::Reverse((activity.happened_at, activity.id)));
    Ok(Some(Snapshot {
        at,
        account,
        contacts,
        tickets,
        invoices,
        surveys,
        activities,
        usage: usage_as_of(tx, id, at, USAGE_DAYS).await?,
        health: health::evaluation_at(tx, id, at).await?,
        override_: override_as_of(tx, id, at).await?,
    }))
}

/// Returns an account's usage of some days up to a moment, oldest first within each metric.
pub async fn usage_as_of(tx: &mut Tx, account: AccountId, at: Timestamp, days: i64) -> Result<Vec<UsageDay>> {
    let mut found = usage::of_account(tx, account, at.day_start().plus_days(-days)).await?;
    found.retain(|usage| usage.day <= at);
    Ok(found)
}

/// Returns the override that was in force at a moment.
pub async fn override_as_of(tx: &mut Tx, account: AccountId, at: Timestamp) -> Result<Option<Override>> {
    let workspace = tx.workspace();
    let row: Option<(Json<ManualScore>, Option<String>)> = on!(tx, c => sqlx::query_as(
        "SELECT o.doc, u.name FROM overrides AS o \
         LEFT JOIN users AS u ON u.workspace_id = o.workspace_id AND u.id = o.created_by \
         WHERE o.workspace_id = $1 AND o.account_id = $2 AND o.created_at <= $3 AND o.expires_at > $3 \
         AND (o.ended_at IS NULL OR o.ended_at > $3) ORDER BY o.created_at DESC LIMIT 1")
        .bind(workspace).bind(account.0).bind(at.0).fetch_optional(c).await)?;
    Ok(row.map(|(Json(manual), author)| Override {
        score: manual.score.as_f64(),
        reason: manual.reason,
        author: author.unwrap_or_default(),
        until: manual.expires_at,
    }))
}

/// What happened to some accounts since a moment, by which their present state is taken back.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// By account, newest first, without the scores.
    entries: HashMap<AccountId, Vec<Entry>>,
}

impl Trail {
    /// Reads what happened to these accounts after a moment; the log is looked up account by account.
    pub async fn of(tx: &mut Tx, ids: &[AccountId], since: Timestamp) -> Result<Self> {
        let mut entries: HashMap<AccountId, Vec<Entry>> = HashMap::new();
        for entry in log::of_accounts_since(tx, ids, since).await? {
            if let Some(account) = entry.account {
                entries.entry(account).or_default().push(entry);
            }
        }
        Ok(Self { entries })
    }

    /// Returns the account as it was at a moment, which must not lie before the trail's begin.
    pub fn account(&self, present: &Account, at: Timestamp) -> Result<Option<Account>> {
        Ok(self.subjects(present.id, std::slice::from_ref(present), at)?.pop())
    }

    /// Returns the subjects of one kind that hung on an account at a moment, in the order of their ids, from those
    /// that hang on it now. The moment must not lie before the trail's begin.
    pub fn subjects<T: Doc>(&self, account: AccountId, present: &[T], at: Timestamp) -> Result<Vec<T>> {
        let mut documents: BTreeMap<Uuid, Option<Map<String, Value>>> = BTreeMap::new();
        for subject in present {
            documents.insert(subject.id(), Some(document(subject)?));
        }
        let entries = self.entries.get(&account).map_or(&[][..], Vec::as_slice);
        for entry in entries.iter().filter(|entry| entry.at > at && Table::of(entry.subject) == Some(T::TABLE)) {
            let document = documents.entry(entry.subject_id).or_default();
            *document = changes::rewind(document.take(), entry);
        }
        documents.into_values().flatten().map(from_document).collect()
    }

    /// Returns the moments at which something of an account changed, oldest first.
    #[must_use]
    pub fn moments(&self, account: AccountId) -> Vec<Timestamp> {
        let entries = self.entries.get(&account).map_or(&[][..], Vec::as_slice);
        entries.iter().rev().map(|entry| entry.at).collect()
    }
}

/// Returns the subjects of one kind that hang on an account now.
async fn present<T: Doc>(tx: &mut Tx, account: AccountId) -> Result<Vec<T>> {
    let sql = match T::TABLE {
        Table::Accounts => "SELECT doc FROM accounts WHERE workspace_id = $1 AND id = $2 LIMIT $3",
        Table::Contacts => "SELECT doc FROM contacts WHERE workspace_id = $1 AND account_id = $2 LIMIT $3",
        Table::Tickets => "SELECT doc FROM tickets WHERE workspace_id = $1 AND account_id = $2 LIMIT $3",
        Table::Invoices => "SELECT doc FROM invoices WHERE workspace_id = $1 AND account_id = $2 LIMIT $3",
        Table::Surveys => "SELECT doc FROM surveys WHERE workspace_id = $1 AND account_id = $2 LIMIT $3",
        Table::Activities => "SELECT doc FROM activities WHERE workspace_id = $1 AND account_id = $2 LIMIT $3",
        Table::Overrides => "SELECT doc FROM overrides WHERE workspace_id = $1 AND account_id = $2 LIMIT $3",
        Table::Alerts => "SELECT doc FROM alerts WHERE workspace_id = $1 AND account_id = $2 LIMIT $3",
        Table::Todos => "SELECT doc FROM todos WHERE workspace_id = $1 AND account_id = $2 LIMIT $3",
        Table::Feedback => "SELECT doc FROM feedback WHERE workspace_id = $1 AND account_id = $2 LIMIT $3",
        // These hang on no account.
        Table::Fields
        | Table::Views
        | Table::Reports
        | Table::Dashboards
        | Table::Exports
        | Table::Shares
        | Table::Schedules
        | Table::ImportSchedules
        | Table::Rules
        | Table::ChurnModels => return Ok(Vec::new()),
    };
    let workspace = tx.workspace();
    let rows: Vec<(Json<Map<String, Value>>,)> =
        on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(account.0).bind(ROWS_MAX).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}
