//! The rows of a file a few at a time, and what the file calls the accounts that they refer to.

use std::collections::{HashMap, HashSet};

use domain::contacts::Contact;
use domain::export::cells::Names;
use domain::export::{Record, What};
use domain::id::{AccountId, AlertId, UserId};
use domain::identity::Role;
use domain::todos::Todo;
use sqlx::FromRow;
use uuid::Uuid;

use super::Manifest;
use crate::error::Result;
use crate::subjects::{Table, from_document};
use crate::tx::{Tx, on};
use crate::{accounts, alerts, bulk, usage};

/// Rows that are read together.
pub const STEP: usize = 500;
/// Days of usage that are read together.
const DAYS: usize = 5_000;

const NAMESAKES: &str =
    "SELECT LOWER(name) FROM accounts WHERE workspace_id = $1 GROUP BY LOWER(name) HAVING COUNT(*) > 1";

/// How far a file has been read.
#[derive(Debug, Default)]
pub struct Place {
    /// How many of the manifest's ids are behind.
    next: usize,
    /// The last day of usage that was read of the account whose turn it is.
    after: Option<(String, i64)>,
    /// The names that several accounts share, once that matters.
    namesakes: Option<HashSet<String>>,
}

/// A few rows.
#[derive(Debug, Default)]
pub struct Step {
    /// The rows in the order of the file.
    pub rows: Vec<Record>,
    /// What the file calls the accounts that they refer to.
    pub accounts: Names,
}

/// Returns the next rows, nothing when all have been read; what was removed meanwhile is left out.
pub async fn step(tx: &mut Tx, manifest: &Manifest, place: &mut Place) -> Result<Option<Step>> {
    tx.require(Role::Csm)?;
    if place.next >= manifest.ids.len() {
        return Ok(None);
    }
    let rows = if manifest.request.what == What::Usage {
        days(tx, manifest, place).await?
    } else {
        let ids = &manifest.ids[place.next..manifest.ids.len().min(place.next + STEP)];
        place.next += ids.len();
        records(tx, manifest.request.what, ids).await?
    };
    let accounts = called(tx, &rows, place).await?;
    Ok(Some(Step { rows, accounts }))
}

async fn records(tx: &mut Tx, what: What, ids: &[Uuid]) -> Result<Vec<Record>> {
    let mut found: HashMap<Uuid, Record> = match what {
        What::Accounts => {
            let rows = bulk::account_rows(tx, ids).await?.into_iter().map(accounts::shown);
            rows.map(|row| (row.account.id.0, Record::Account(Box::new(row)))).collect()
        }
        What::Contacts => {
            let docs = bulk::select(tx, Table::Contacts, ids).await?.into_iter().map(from_document::<Contact>);
            docs.map(|contact| contact.map(|contact| (contact.id.0, Record::Contact(Box::new(contact)))))
                .collect::<Result<_>>()?
        }
        What::Alerts => {
            let ids: Vec<AlertId> = ids.iter().copied().map(AlertId).collect();
            let rows = alerts::rows(tx, &ids).await?;
            rows.into_iter().map(|row| (row.alert.id.0, Record::Alert(Box::new(row)))).collect()
        }
        What::Tasks => tasks(tx, ids).await?,
        What::Usage => HashMap::new(),
    };
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// A task that nobody was given is its account's owner's.
async fn tasks(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Record>> {
    let docs = bulk::select(tx, Table::Todos, ids).await?;
    let todos: Vec<Todo> = docs.into_iter().map(from_document).collect::<Result<_>>()?;
    let free = todos.iter().filter(|todo| todo.assignee.is_none()).filter_map(|todo| todo.account_id);
    let owners: HashMap<AccountId, UserId> =
        documents(tx, free).await?.into_iter().filter_map(|account| Some((account.id, account.owner_id?))).collect();
    let record = |todo: Todo| {
        let owner = todo.account_id.and_then(|account| owners.get(&account).copied());
        (todo.id.0, Record::Task(Box::new(todo), owner))
    };
    Ok(todos.into_iter().map(record).collect())
}

async fn documents(tx: &mut Tx, ids: impl Iterator<Item = AccountId>) -> Result<Vec<domain::accounts::Account>> {
    let ids: HashSet<Uuid> = ids.map(|id| id.0).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    bulk::select(tx, Table::Accounts, &ids).await?.into_iter().map(from_document).collect()
}

#[derive(FromRow)]
struct Day {
    metric: String,
    day: i64,
    value: f64,
}

/// Goes through the days of one account, then of the next, so that an account with millions takes no more memory.
async fn days(tx: &mut Tx, manifest: &Manifest, place: &mut Place) -> Result<Vec<Record>> {
    let (from, to) = manifest.request.span();
    let (from, to) = (from.map_or(i64::MIN, |day| day.0), to.map_or(i64::MAX, |day| day.0));
    let workspace = tx.workspace();
    let mut rows = Vec::new();
    while rows.len() < DAYS && place.next < manifest.ids.len() {
        let account = manifest.ids[place.next];
        let (metric, day) = place.after.clone().unwrap_or_else(|| (String::new(), i64::MIN));
        let wanted = DAYS - rows.len();
        let limit = i64::try_from(wanted).unwrap_or(i64::MAX);
        let found: Vec<Day> = on!(tx, c => sqlx::query_as(
            "SELECT metric, day, value FROM usage_days WHERE workspace_id = $1 AND account_id = $2 \
             AND day >= $3 AND day < $4 AND (metric, day) > ($5, $6) ORDER BY metric, day LIMIT $7")
            .bind(workspace).bind(account).bind(from).bind(to).bind(&metric).bind(day).bind(limit).fetch_all(c).await)?;
        if found.len() < wanted {
            (place.next, place.after) = (place.next + 1, None);
        } else {
            place.after = found.last().map(|last| (last.metric.clone(), last.day));
        }
        rows.extend(
            found.into_iter().map(|found| Record::Usage(usage::day(account, found.metric, found.day, found.value))),
        );
    }
    Ok(rows)
}

/// Returns what a file calls accounts, so that the import finds the very same ones.
async fn called(tx: &mut Tx, rows: &[Record], place: &mut Place) -> Result<Names> {
    let mut names = Names::new();
    for account in documents(tx, rows.iter().filter_map(Record::refers_to)).await? {
        let name = match account.external_id {
            Some(key) => key,
            None => {
                // A name that several share leads to none of them; the id leads home at least.
                let is_shared = namesakes(tx, place).await?.contains(&account.name.to_lowercase());
                if is_shared { account.id.to_string() } else { account.name }
            }
        };
        names.insert(account.id.to_string(), name);
    }
    Ok(names)
}

async fn namesakes<'a>(tx: &mut Tx, place: &'a mut Place) -> Result<&'a HashSet<String>> {
    if place.namesakes.is_none() {
        let workspace = tx.workspace();
        let rows: Vec<String> = on!(tx, c => sqlx::query_scalar(NAMESAKES).bind(workspace).fetch_all(c).await)?;
        place.namesakes = Some(rows.iter().map(|name| name.to_lowercase()).collect());
    }
    Ok(place.namesakes.get_or_insert_default())
}

/// Returns the first rows of a file.
pub(super) async fn first(tx: &mut Tx, manifest: &Manifest, count: usize) -> Result<Step> {
    let mut place = Place::default();
    let mut step = step(tx, manifest, &mut place).await?.unwrap_or_default();
    step.rows.truncate(count);
    Ok(step)
}
