//! Lists of tasks; everybody may look.

use domain::id::{AccountId, TodoId};
use domain::queue;
use domain::refusal::Refusal;
use domain::todos::{Here, Pile, Todo, TodoPage, TodoQuery, TodoRow, standing};
use serde_json::{Map, Value};
use sqlx::FromRow;
use sqlx::types::Json;

use super::here;
use crate::error::Result;
use crate::subjects::from_document;
use crate::tx::{Tx, on};

/// Most rows of a page.
const ROWS_MAX: u32 = 500;
/// Most open tasks of one account that are returned.
const ACCOUNT_MAX: u32 = 100;
/// Most tasks that the queue of Today is ranked from.
const PRESSING_MAX: i64 = 60;

/// A row as stored, with the name of its account.
#[derive(FromRow)]
struct Row {
    doc: Json<Map<String, Value>>,
    name: Option<String>,
}

fn shown(row: Row, here: Here) -> Result<TodoRow> {
    let todo: Todo = from_document(row.doc.0)?;
    let standing = standing(&todo, here);
    Ok(TodoRow { todo, account: row.name.unwrap_or_default(), standing })
}

/// Joins the tasks `t` with their accounts `a`, and ends with the workspace.
macro_rules! rows {
    ($tail:literal) => {
        concat!(
            "SELECT t.doc, a.name FROM todos AS t \
             LEFT JOIN accounts AS a ON a.workspace_id = t.workspace_id AND a.id = t.account_id \
             WHERE t.workspace_id = $1 AND ",
            $tail
        )
    };
}

/// What comes first of what is due at the same moment.
macro_rules! by_day {
    () => {
        " ORDER BY CASE WHEN t.due_at IS NULL THEN 1 ELSE 0 END, t.due_at, \
         CASE t.priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, t.id"
    };
}

macro_rules! page {
    ($pile:literal, $order:expr) => {
        (
            concat!(
                "SELECT t.doc, a.name FROM todos AS t \
                 LEFT JOIN accounts AS a ON a.workspace_id = t.workspace_id AND a.id = t.account_id \
                 WHERE t.workspace_id = $1 AND ($2 IS NULL OR COALESCE(t.assignee, a.owner_id) = $2) \
                 AND ($3 IS NULL OR t.account_id = $3) AND ",
                $pile,
                $order,
                " LIMIT $4 OFFSET $5"
            ),
            concat!(
                "SELECT COUNT(*) FROM todos AS t \
                 LEFT JOIN accounts AS a ON a.workspace_id = t.workspace_id AND a.id = t.account_id \
                 WHERE t.workspace_id = $1 AND ($2 IS NULL OR COALESCE(t.assignee, a.owner_id) = $2) \
                 AND ($3 IS NULL OR t.account_id = $3) AND ",
                $pile
            ),
        )
    };
}

/// Returns a page of tasks: open ones by their day, done ones with the last at the top.
pub async fn list(tx: &mut Tx, query: &TodoQuery) -> Result<TodoPage> {
    let (page, count) = match query.pile {
        Pile::Open => page!("t.done_at IS NULL", by_day!()),
        Pile::Done => page!("t.done_at IS NOT NULL", " ORDER BY t.done_at DESC, t.id DESC"),
    };
    let here = here(tx).await?;
    let workspace = tx.workspace();
    let person = if query.mine { tx.actor().user } else { query.person };
    let person = person.map(|user| user.0);
    let account = query.account.map(|account| account.0);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(page)
        .bind(workspace).bind(person).bind(account).bind(i64::from(query.limit.clamp(1, ROWS_MAX)))
        .bind(i64::from(query.offset)).fetch_all(c).await)?;
    let total: i64 = on!(tx, c => sqlx::query_scalar(count)
        .bind(workspace).bind(person).bind(account).fetch_one(c).await)?;
    Ok(TodoPage {
        rows: rows.into_iter().map(|row| shown(row, here)).collect::<Result<_>>()?,
        total: u32::try_from(total).unwrap_or(u32::MAX),
        offset: query.offset,
        here,
    })
}

/// Returns one task with the name of its account, or refuses.
pub async fn get(tx: &mut Tx, id: TodoId) -> Result<TodoRow> {
    let here = here(tx).await?;
    let workspace = tx.workspace();
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(rows!("t.id = $2")).bind(workspace).bind(id.0).fetch_optional(c).await)?;
    shown(row.ok_or(Refusal::NotFound)?, here)
}

/// Returns the open tasks of an account by their day.
pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<TodoRow>> {
    let query = TodoQuery { account: Some(account), limit: ACCOUNT_MAX, ..TodoQuery::default() };
    Ok(list(tx, &query).await?.rows)
}

/// Returns the open tasks that are late, due within days, or want to be remembered: the asking person's or everybody's.
pub async fn pressing(tx: &mut Tx, mine: bool) -> Result<Vec<TodoRow>> {
    let here = here(tx).await?;
    let (workspace, now) = (tx.workspace(), tx.now());
    let user = if mine { tx.actor().user.map(|user| user.0) } else { None };
    // A day is over later in the west; what is too far off is left out by the ranking.
    let until = now.plus_days(queue::TASK_DAYS + 2).0;
    let sql = concat!(
        rows!(
            "t.done_at IS NULL AND ($2 IS NULL OR COALESCE(t.assignee, a.owner_id) = $2) \
             AND (t.due_at <= $3 OR t.remind_at <= $4)"
        ),
        by_day!(),
        " LIMIT $5"
    );
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql)
        .bind(workspace).bind(user).bind(until).bind(now.0).bind(PRESSING_MAX).fetch_all(c).await)?;
    rows.into_iter().map(|row| shown(row, here)).collect()
}
