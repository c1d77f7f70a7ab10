//! Which rows leave, and in which order: by their ids, so that no row is held before it is its turn.

use std::collections::{HashMap, HashSet};

use domain::export::{Only, Request, What};
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::Tx;
use crate::{accounts, dynamic, reports};

/// Most accounts that are looked at above one another, against circles.
const LEVELS_MAX: usize = 32;

/// The accounts that an export may be about.
const ACCOUNTS: &str = "SELECT a.id, a.parent_id, a.name, a.external_id FROM accounts AS a \
    WHERE a.workspace_id = $1 AND a.archived_at IS NULL";
const CONTACTS: &str = "SELECT t.id, t.account_id, a.name, a.external_id, t.doc ->> 'name' AS own_name, t.email \
    FROM contacts AS t JOIN accounts AS a ON a.workspace_id = t.workspace_id AND a.id = t.account_id \
    WHERE t.workspace_id = $1 AND a.archived_at IS NULL";
const ALERTS: &str = "SELECT t.id, t.account_id, COALESCE(t.assignee, a.owner_id) AS person, t.priority, t.rule_id, \
    a.name, t.rule_name, t.created_at AS place FROM alerts AS t \
    LEFT JOIN accounts AS a ON a.workspace_id = t.workspace_id AND a.id = t.account_id WHERE t.workspace_id = $1";
const TASKS: &str = "SELECT t.id, t.account_id, COALESCE(t.assignee, a.owner_id) AS person, t.priority, \
    NULL AS rule_id, a.name, NULL AS rule_name, t.due_at AS place FROM todos AS t \
    LEFT JOIN accounts AS a ON a.workspace_id = t.workspace_id AND a.id = t.account_id WHERE t.workspace_id = $1";
const TASKS_POSTGRES: &str = "SELECT t.id, t.account_id, COALESCE(t.assignee, a.owner_id) AS person, t.priority, \
    CAST(NULL AS UUID) AS rule_id, a.name, CAST(NULL AS TEXT) AS rule_name, t.due_at AS place FROM todos AS t \
    LEFT JOIN accounts AS a ON a.workspace_id = t.workspace_id AND a.id = t.account_id WHERE t.workspace_id = $1";
const USAGE: &str = "SELECT u.account_id, COUNT(*) AS n FROM usage_days AS u \
    JOIN accounts AS a ON a.workspace_id = u.workspace_id AND a.id = u.account_id \
    WHERE u.workspace_id = $1 AND a.archived_at IS NULL";
/// A filter of accounts lets nothing through that belongs to none.
const OF_AN_ACCOUNT: &str = " AND a.id IS NOT NULL";
const CREATED: &str = "t.created_at";
/// The day on somebody's wall.
const DUE: &str = "CAST(t.doc -> 'due' ->> 'day' AS BIGINT)";
const DAY: &str = "u.day";

/// What leaves, before any of it is read.
pub(super) struct Keys {
    /// The rows in the order of the file; of usage the accounts.
    pub(super) ids: Vec<Uuid>,
    /// How many rows the file has.
    pub(super) rows: u64,
}

/// Returns what a request asks for.
pub(super) async fn keys(tx: &mut Tx, request: &Request) -> Result<Keys> {
    let wanted: HashSet<Uuid> = request.accounts.iter().map(|id| id.0).collect();
    let ids = match request.what {
        What::Accounts => accounts(tx, request, &wanted).await?,
        What::Contacts => contacts(tx, request, &wanted).await?,
        What::Alerts | What::Tasks => others(tx, request, &wanted).await?,
        What::Usage => return usage(tx, request, &wanted).await,
    };
    Ok(Keys { rows: ids.len() as u64, ids })
}

fn is_wanted(wanted: &HashSet<Uuid>, account: Option<Uuid>) -> bool {
    wanted.is_empty() || account.is_some_and(|account| wanted.contains(&account))
}

type Account = (Uuid, Option<Uuid>, String, Option<String>);

async fn accounts(tx: &mut Tx, request: &Request, wanted: &HashSet<Uuid>) -> Result<Vec<Uuid>> {
    let selection = accounts::selection(tx, &request.filter).await?;
    let mut statement = dynamic::select(ACCOUNTS);
    statement.and(&selection);
    let (sql, workspace) = (statement.compile(dynamic::engine(tx.db())), tx.workspace());
    let mut rows: Vec<Account> = dynamic::run!(tx, c, sql, query_as, workspace => fetch_all(c))?;
    rows.retain(|(id, ..)| is_wanted(wanted, Some(*id)));
    Ok(in_order(rows))
}

/// Puts parents before their children, since a file is read from top to bottom; the rest is by name, in an order that
/// no engine and no language of the system changes.
fn in_order(rows: Vec<Account>) -> Vec<Uuid> {
    let parents: HashMap<Uuid, Option<Uuid>> = rows.iter().map(|(id, parent, ..)| (*id, *parent)).collect();
    let level = |mut parent: Option<Uuid>| {
        let mut level = 0;
        while let Some(above) = parent.and_then(|id| parents.get(&id)).filter(|_| level < LEVELS_MAX) {
            (level, parent) = (level + 1, *above);
        }
        level
    };
    let mut ordered: Vec<_> = rows.into_iter().map(|(id, parent, name, key)| (level(parent), name, key, id)).collect();
    ordered.sort_unstable();
    ordered.into_iter().map(|(.., id)| id).collect()
}

type Contact = (Uuid, Uuid, String, Option<String>, Option<String>, Option<String>);

/// People by their accounts, then by name; ids come last, as another workspace has others.
async fn contacts(tx: &mut Tx, request: &Request, wanted: &HashSet<Uuid>) -> Result<Vec<Uuid>> {
    let selection = accounts::selection(tx, &request.filter).await?;
    let mut statement = dynamic::select(CONTACTS);
    statement.and(&selection);
    let (sql, workspace) = (statement.compile(dynamic::engine(tx.db())), tx.workspace());
    let mut rows: Vec<Contact> = dynamic::run!(tx, c, sql, query_as, workspace => fetch_all(c))?;
    rows.retain(|(_, account, ..)| is_wanted(wanted, Some(*account)));
    let mut ordered: Vec<_> =
        rows.into_iter().map(|(id, _, account, key, name, email)| (account, key, name, email, id)).collect();
    ordered.sort_unstable();
    Ok(ordered.into_iter().map(|(.., id)| id).collect())
}

#[derive(FromRow)]
struct Other {
    id: Uuid,
    account_id: Option<Uuid>,
    person: Option<Uuid>,
    priority: String,
    rule_id: Option<Uuid>,
    name: Option<String>,
    rule_name: Option<String>,
    place: Option<i64>,
}

impl Other {
    fn is_asked_for(&self, only: &Only, search: &str) -> bool {
        let has = |text: &Option<String>| text.as_ref().is_some_and(|text| text.to_lowercase().contains(search));
        only.person.is_none_or(|person| self.person == Some(person.0))
            && only.priority.is_none_or(|priority| self.priority == priority.key())
            && only.rule.is_none_or(|rule| self.rule_id == Some(rule.0))
            && (search.is_empty() || has(&self.name) || has(&self.rule_name))
    }
}

/// Alerts as they were raised, tasks as they are due, those without a day last.
async fn others(tx: &mut Tx, request: &Request, wanted: &HashSet<Uuid>) -> Result<Vec<Uuid>> {
    let selection = accounts::selection(tx, &request.filter).await?;
    let (from, to) = request.span();
    let (head, column) = match request.what {
        What::Alerts => (ALERTS, CREATED),
        _ if tx.is_sqlite() => (TASKS, DUE),
        _ => (TASKS_POSTGRES, DUE),
    };
    let mut statement = dynamic::select(head).then(reports::only(request.state));
    if !selection.filter.is_everything() {
        statement = statement.then(OF_AN_ACCOUNT);
    }
    statement.and(&selection);
    statement.within(column, from, to);
    let (sql, workspace) = (statement.compile(dynamic::engine(tx.db())), tx.workspace());
    let rows: Vec<Other> = dynamic::run!(tx, c, sql, query_as, workspace => fetch_all(c))?;
    let search = request.only.search.trim().to_lowercase();
    let rows = rows.into_iter().filter(|row| is_wanted(wanted, row.account_id));
    let rows = rows.filter(|row| row.is_asked_for(&request.only, &search));
    let mut ordered: Vec<_> = rows.map(|row| (row.place.is_none(), row.place, row.id)).collect();
    ordered.sort_unstable();
    Ok(ordered.into_iter().map(|(.., id)| id).collect())
}

async fn usage(tx: &mut Tx, request: &Request, wanted: &HashSet<Uuid>) -> Result<Keys> {
    let selection = accounts::selection(tx, &request.filter).await?;
    let (from, to) = request.span();
    let mut statement = dynamic::select(USAGE);
    statement.and(&selection);
    statement.within(DAY, from, to);
    statement.close(" GROUP BY u.account_id");
    let (sql, workspace) = (statement.compile(dynamic::engine(tx.db())), tx.workspace());
    let counts: Vec<(Uuid, i64)> = dynamic::run!(tx, c, sql, query_as, workspace => fetch_all(c))?;
    let counts: HashMap<Uuid, i64> = counts.into_iter().collect();
    let order = accounts(tx, request, wanted).await?;
    let ids: Vec<Uuid> = order.into_iter().filter(|id| counts.contains_key(id)).collect();
    let rows = ids.iter().filter_map(|id| counts.get(id)).map(|count| count.unsigned_abs()).sum();
    Ok(Keys { ids, rows })
}
