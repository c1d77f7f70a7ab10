//! Pages of the grid: the database writes their JSON, and nobody reads it before the browser does.

use std::sync::Arc;

use domain::accounts::{AccountPage, AccountQuery};
use domain::fields::Catalogue;
use domain::filter::sql::{Engine, Sql};
use domain::filter::{self, Scope, sort};
use domain::id::UserId;
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::time::Timestamp;

use super::kept::{self, Kept};
use super::names::Names;
use crate::dynamic;
use crate::error::Result;
use crate::pool::Db;
use crate::tx::Tx;

/// The end of the log and the rows. Documents, health, roll-ups and predictions are JSON already and are only put side by side.
const ROWS: &str = "SELECT (SELECT log_seq FROM workspaces WHERE id = $1), (SELECT string_agg('{\"account\":' \
    || CAST(p.doc AS TEXT) || ',\"health\":' || COALESCE(CAST(p.health AS TEXT), 'null') \
    || ',\"rollup\":' || COALESCE(CAST(p.rollup AS TEXT), 'null') \
    || ',\"churn\":' || COALESCE(CAST(p.churn AS TEXT), 'null') || '}', ',') FROM \
    (SELECT a.doc, a.health, a.rollup, a.churn FROM accounts AS a WHERE a.workspace_id = $1 AND a.archived_at IS NULL";
/// Ends [`ROWS`].
const ROWS_END: &str = ") AS p)";
const COUNT: &str = "SELECT COUNT(*) FROM accounts AS a WHERE a.workspace_id = $1 AND a.archived_at IS NULL";

/// Returns one page of the grid, with how many rows there are in all.
pub async fn page(tx: &mut Tx, query: &AccountQuery) -> Result<AccountPage> {
    Ok(serde_json::from_str(&read(tx, query).await?)?)
}

/// Returns one page of the grid as the JSON text of an [`AccountPage`].
///
/// Where nothing was written since the total was counted, this is one statement.
pub async fn page_text(db: &Db, actor: &Actor, query: &AccountQuery) -> Result<String> {
    match glance(db, actor, query).await? {
        Some(text) => Ok(text),
        None => read(&mut db.read(actor).await?, query).await,
    }
}

/// Returns the page if what was kept still holds.
async fn glance(db: &Db, actor: &Actor, query: &AccountQuery) -> Result<Option<String>> {
    let Some(kept) = kept::last(db, actor) else { return Ok(None) };
    // A mistake may be none any more: a field may have been added.
    let Ok(filter) = filter::parse(&query.filter, &kept.catalogue) else { return Ok(None) };
    let names = if has_filter(query) { Names::known(db, actor, &kept, &filter) } else { Some(Names::default()) };
    let Some(names) = names else { return Ok(None) };
    let asked = Asked { me: actor.user, now: db.clock().now(), engine: dynamic::engine(db) };
    let Ok(plan) = Plan::new(query, &kept, &names, asked) else { return Ok(None) };
    let Some(total) = kept.total(db, actor, &plan.count) else { return Ok(None) };
    let (offset, (seq, rows)) = (plan.offset, fetch(&mut db.glance(actor).await?, plan.rows).await?);
    Ok((seq == kept.seq).then(|| text(&rows, total, offset, seq)))
}

/// Returns the page of this transaction.
async fn read(tx: &mut Tx, query: &AccountQuery) -> Result<String> {
    let kept = kept::present(tx).await?;
    let asked = Asked { me: tx.actor().user, now: tx.now(), engine: dynamic::engine(tx.db()) };
    let names = match filter::parse(&query.filter, &kept.catalogue) {
        Ok(filter) if has_filter(query) => Names::look_up(tx, &kept, &filter).await?,
        _ => Names::default(),
    };
    let plan = Plan::new(query, &kept, &names, asked)?;
    let total = match kept.total(tx.db(), tx.actor(), &plan.count) {
        Some(total) => total,
        None => {
            let total = count(tx, plan.count.clone()).await?;
            kept.keep_total(tx, &plan.count, total);
            total
        }
    };
    let (_, rows) = fetch(tx, plan.rows).await?;
    // Should the rows be newer than the total, the live feed tells of them once more.
    Ok(text(&rows, total, plan.offset, kept.seq))
}

fn has_filter(query: &AccountQuery) -> bool {
    !query.filter.trim().is_empty()
}

async fn fetch(tx: &mut Tx, sql: Sql) -> Result<(i64, String)> {
    let workspace = tx.workspace();
    let (seq, rows): (i64, Option<String>) = dynamic::run!(tx, c, sql, query_as, workspace => fetch_one(c))?;
    Ok((seq, rows.unwrap_or_default()))
}

async fn count(tx: &mut Tx, sql: Sql) -> Result<u32> {
    let workspace = tx.workspace();
    let total: i64 = dynamic::run!(tx, c, sql, query_scalar, workspace => fetch_one(c))?;
    Ok(u32::try_from(total).unwrap_or(u32::MAX))
}

/// Writes an [`AccountPage`].
fn text(rows: &str, total: u32, offset: u32, seq: i64) -> String {
    format!(r#"{{"rows":[{rows}],"total":{total},"offset":{offset},"seq":{seq}}}"#)
}

/// Who asks, when, and which engine.
#[derive(Clone, Copy)]
struct Asked {
    me: Option<UserId>,
    now: Timestamp,
    engine: Engine,
}

/// The statements of one page.
struct Plan {
    count: Sql,
    rows: Sql,
    offset: u32,
}

impl Plan {
    /// Reads what is asked for; a mistake is refused with its place.
    fn new(query: &AccountQuery, kept: &Kept, names: &Names, asked: Asked) -> Result<Self> {
        let catalogue = &kept.catalogue;
        let selection = Selection::parse(&query.filter, catalogue.clone(), names, asked)?;
        let sorts = sort::parse(&query.sort, catalogue).map_err(|error| Refusal::field("sort", error.message))?;
        let page = sort::Page::new(query.limit, query.offset);
        let (mut count, mut rows) = (dynamic::select(COUNT), dynamic::select(ROWS));
        count.and(&selection);
        rows.and(&selection);
        rows.order_and_page(&sorts, catalogue, page);
        rows.close(ROWS_END);
        let engine = asked.engine;
        Ok(Self { count: count.compile(engine), rows: rows.compile(engine), offset: page.offset() })
    }
}

/// Returns what a filter text selects for whoever asks.
pub(crate) async fn selection(tx: &mut Tx, text: &str) -> Result<Selection> {
    let kept = kept::present(tx).await?;
    let names = match filter::parse(text, &kept.catalogue) {
        Ok(filter) => Names::look_up(tx, &kept, &filter).await?,
        Err(_) => Names::default(),
    };
    let asked = Asked { me: tx.actor().user, now: tx.now(), engine: dynamic::engine(tx.db()) };
    Selection::parse(text, kept.catalogue.clone(), &names, asked)
}

/// What a filter text selects: the filter with names turned into ids, and what it is run against.
pub(crate) struct Selection {
    pub(crate) filter: filter::Filter,
    catalogue: Arc<Catalogue>,
    me: Option<UserId>,
    now: Timestamp,
}

impl Selection {
    fn parse(text: &str, catalogue: Arc<Catalogue>, names: &Names, asked: Asked) -> Result<Self> {
        let parsed = filter::parse(text, &catalogue).map_err(|error| Refusal::field("filter", error.message))?;
        let filter = names.resolve(&parsed, &catalogue);
        Ok(Self::new(filter, catalogue, asked.me, asked.now))
    }

    pub(super) fn new(filter: filter::Filter, catalogue: Arc<Catalogue>, me: Option<UserId>, now: Timestamp) -> Self {
        Self { filter, catalogue, me, now }
    }

    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope { catalogue: &self.catalogue, me: self.me, now: self.now }
    }
}
