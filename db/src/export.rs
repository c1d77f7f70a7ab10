//! Taking accounts out: which ones in which order, and their rows a few at a time. Who takes what is in the log.

use std::collections::{HashMap, HashSet};

use domain::accounts::AccountRow;
use domain::changes::Change;
use domain::export::cells::{self, Names};
use domain::export::columns::{self, Column};
use domain::export::{ACCOUNTS_MAX, PREVIEW_ROWS, Preview, Request};
use domain::fields::{Catalogue, Subject};
use domain::filter;
use domain::id::AccountId;
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::report::REPORTS_MAX;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{NewEntry, Tx, on};
use crate::{accounts, bulk, dynamic, identity};

/// Rows that are read together.
pub const STEP: usize = 500;
/// Most accounts that are looked at above one another, against circles.
const LEVELS_MAX: usize = 32;

/// The accounts that an export may be about.
const KEYS: &str = "SELECT a.id, a.parent_id, a.name, a.external_id FROM accounts AS a \
    WHERE a.workspace_id = $1 AND a.archived_at IS NULL";
const PARENTS: &str = "SELECT p.id, p.external_id, p.name FROM accounts AS p WHERE p.workspace_id = $1 \
    AND p.id IN (SELECT c.parent_id FROM accounts AS c WHERE c.workspace_id = $1 AND c.parent_id IS NOT NULL)";
const NAMESAKES: &str =
    "SELECT LOWER(name) FROM accounts WHERE workspace_id = $1 GROUP BY LOWER(name) HAVING COUNT(*) > 1";

/// What leaves, before its rows are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// The accounts in the order of the file: parents before their children, then by name and external id.
    pub accounts: Vec<AccountId>,
    /// The columns, from left to right.
    pub columns: Vec<Column>,
    /// What the file calls people and parents.
    pub names: Names,
}

/// Begins an export: notes in the log who takes what, and returns it.
pub async fn begin(tx: &mut Tx, request: &Request) -> Result<Manifest> {
    let manifest = manifest(tx, request).await?;
    let keys: Vec<&str> = manifest.columns.iter().map(|column| column.field.key.as_str()).collect();
    note(
        tx,
        json!({
            "what": Subject::Account.key(), "format": request.format.key(), "rows": manifest.accounts.len(),
            "filter": request.filter, "chosen": request.accounts.len(), "columns": keys,
        }),
    );
    Ok(manifest)
}

/// Begins reports of the accounts that a filter lets through: notes in the log who takes them, and returns the
/// accounts in the order of the file.
pub async fn begin_reports(tx: &mut Tx, filter: &str) -> Result<Vec<AccountId>> {
    tx.require(Role::Csm)?;
    check_filter(filter, &accounts::catalogue(tx).await?)?;
    let accounts = chosen(tx, &Request { filter: filter.to_owned(), ..Request::default() }).await?;
    if accounts.len() > REPORTS_MAX {
        let count = accounts.len();
        let message = format!("A PDF holds at most {REPORTS_MAX} reports, and these are {count}. Narrow the filter.");
        return Err(Refusal::field("filter", message).into());
    }
    note(tx, reports(accounts.len(), filter, 0));
    Ok(accounts)
}

/// Begins the report of one account: notes in the log who takes it, or refuses.
pub async fn begin_report(tx: &mut Tx, id: AccountId) -> Result<()> {
    tx.require(Role::Csm)?;
    accounts::get(tx, id).await?;
    note(tx, reports(1, "", 1));
    Ok(())
}

fn reports(rows: usize, filter: &str, chosen: usize) -> Value {
    json!({
        "what": Subject::Account.key(), "format": "pdf", "rows": rows, "filter": filter, "chosen": chosen,
        "columns": [],
    })
}

fn note(tx: &mut Tx, after: Value) {
    let entry = NewEntry {
        change: Change::Exported,
        subject: Subject::Workspace,
        subject_id: tx.workspace(),
        account: None,
        before: Map::new(),
        after: match after {
            Value::Object(after) => after,
            _ => Map::new(),
        },
    };
    tx.record(entry);
}

/// Returns the first rows of a file and how many there would be; what the screen shows anyway is not noted.
pub async fn preview(tx: &mut Tx, request: &Request) -> Result<Preview> {
    let manifest = manifest(tx, request).await?;
    let first = manifest.accounts.iter().take(PREVIEW_ROWS).copied().collect::<Vec<_>>();
    let rows = rows(tx, &first).await?;
    let texts = |row: &AccountRow| {
        let cells = cells::row(row, &manifest.columns, &manifest.names);
        cells.iter().map(cells::Cell::text).collect()
    };
    Ok(Preview {
        rows: rows.iter().map(texts).collect(),
        headings: manifest.columns.iter().map(|column| column.heading.clone()).collect(),
        total: u32::try_from(manifest.accounts.len()).unwrap_or(u32::MAX),
    })
}

/// Returns the rows of these accounts in this order; what was removed meanwhile is left out.
pub async fn rows(tx: &mut Tx, ids: &[AccountId]) -> Result<Vec<AccountRow>> {
    tx.require(Role::Csm)?;
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = bulk::account_rows(tx, &ids).await?.into_iter().map(accounts::shown);
    let mut rows: HashMap<Uuid, AccountRow> = rows.map(|row| (row.account.id.0, row)).collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

async fn manifest(tx: &mut Tx, request: &Request) -> Result<Manifest> {
    tx.require(Role::Csm)?;
    if request.accounts.len() > ACCOUNTS_MAX {
        let message = format!("Choose at most {ACCOUNTS_MAX} accounts, or use a filter.");
        return Err(Refusal::field("accounts", message).into());
    }
    let catalogue = accounts::catalogue(tx).await?;
    let columns = columns::columns(&catalogue, &request.columns)?;
    check_filter(&request.filter, &catalogue)?;
    let accounts = chosen(tx, request).await?;
    Ok(Manifest { accounts, columns, names: names(tx).await? })
}

/// Refuses a mistake with its place, as there is no line below which it could be underlined.
fn check_filter(text: &str, catalogue: &Catalogue) -> Result<(), Refusal> {
    let place = |error: filter::FilterError| {
        Refusal::field("filter", format!("At character {} of the filter: {}", error.at + 1, error.message))
    };
    filter::parse(text, catalogue).map(drop).map_err(place)
}

type Key = (Uuid, Option<Uuid>, String, Option<String>);

async fn chosen(tx: &mut Tx, request: &Request) -> Result<Vec<AccountId>> {
    let selection = accounts::selection(tx, &request.filter).await?;
    let mut statement = dynamic::select(KEYS);
    statement.and(&selection);
    let (sql, workspace) = (statement.compile(dynamic::engine(tx.db())), tx.workspace());
    let mut keys: Vec<Key> = dynamic::run!(tx, c, sql, query_as, workspace => fetch_all(c))?;
    if !request.accounts.is_empty() {
        let wanted: HashSet<Uuid> = request.accounts.iter().map(|id| id.0).collect();
        keys.retain(|(id, ..)| wanted.contains(id));
    }
    Ok(in_order(keys))
}

/// Puts parents before their children, since a file is read from top to bottom; the rest is by name, in an order that
/// no engine and no language of the system changes.
fn in_order(keys: Vec<Key>) -> Vec<AccountId> {
    let parents: HashMap<Uuid, Option<Uuid>> = keys.iter().map(|(id, parent, ..)| (*id, *parent)).collect();
    let level = |mut parent: Option<Uuid>| {
        let mut level = 0;
        while let Some(above) = parent.and_then(|id| parents.get(&id)).filter(|_| level < LEVELS_MAX) {
            (level, parent) = (level + 1, *above);
        }
        level
    };
    let mut ordered: Vec<_> = keys.into_iter().map(|(id, parent, name, key)| (level(parent), name, key, id)).collect();
    ordered.sort_unstable();
    ordered.into_iter().map(|(.., id)| AccountId(id)).collect()
}

/// Returns how a file refers to people and parents, so that the import finds the very same ones.
async fn names(tx: &mut Tx) -> Result<Names> {
    let users = identity::users(tx).await?.into_iter().map(|user| (user.id.to_string(), user.email));
    let mut names: Names = users.collect();
    let workspace = tx.workspace();
    let parents: Vec<(Uuid, Option<String>, String)> =
        on!(tx, c => sqlx::query_as(PARENTS).bind(workspace).fetch_all(c).await)?;
    let namesakes: HashSet<String> = if parents.iter().all(|(_, key, _)| key.is_some()) {
        HashSet::new()
    } else {
        let rows: Vec<String> = on!(tx, c => sqlx::query_scalar(NAMESAKES).bind(workspace).fetch_all(c).await)?;
        rows.iter().map(|name| name.to_lowercase()).collect()
    };
    for (id, key, name) in parents {
        // A name that several share leads to none of them; the id leads home at least.
        let name = Some(name).filter(|name| !namesakes.contains(&name.to_lowercase()));
        names.insert(id.to_string(), key.or(name).unwrap_or_else(|| id.to_string()));
    }
    Ok(names)
}
