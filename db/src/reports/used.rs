//! Usage of every account by week or month, in memory, so that a report reads no row twice.
//!
//! It is a reader of the change log: loaded when it is first asked for, then the accounts whose usage was touched are
//! read again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use domain::fields::Subject;
use domain::reports::{Dimension, floor};
use domain::time::{DAY_MS, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::kept::{Follows, Kept, Present};
use crate::log;
use crate::tx::{Tx, on};

/// Most accounts that are read again at once.
const AGAIN_MAX: usize = 500;
/// How far ahead is looked, as usage may be reported of days to come.
const AHEAD_DAYS: i64 = 400;

/// Accounts of a span that are read together. A row costs more on its way out of the database than in it, so that many
/// become one text: account, total and days of each. A total with a fraction has all the digits that tell it apart.
const STEP: i64 = 20_000;
const SPAN: (&str, &str) = (
    "SELECT string_agg(s.fact, ',') FROM (SELECT hex(u.account_id) || ' ' \
     || CASE WHEN u.total = CAST(u.total AS INTEGER) THEN CAST(u.total AS INTEGER) ELSE printf('%!.20g', u.total) END \
     || ' ' || u.days AS fact FROM usage_spans AS u WHERE u.workspace_id = $1 AND u.span = $2 AND u.metric = $3 \
     AND u.start = $4 AND u.account_id > $5 ORDER BY u.account_id LIMIT $6) AS s",
    "SELECT string_agg(s.fact, ',') FROM (SELECT CAST(u.account_id AS TEXT) || ' ' || CAST(u.total AS TEXT) \
     || ' ' || CAST(u.days AS TEXT) AS fact FROM usage_spans AS u WHERE u.workspace_id = $1 AND u.span = $2 \
     AND u.metric = $3 AND u.start = $4 AND u.account_id > $5 ORDER BY u.account_id LIMIT $6) AS s",
);
/// The next span of which there is usage.
const NEXT: &str = "SELECT MIN(u.start) FROM usage_spans AS u WHERE u.workspace_id = $1 AND u.span = $2 \
    AND u.metric = $3 AND u.start >= $4 AND u.start < $5";
/// Every part of the key is named, so that each row is one look into the index.
const SOME: (&str, &str) = (
    "SELECT u.account_id, u.start, SUM(u.total) AS total, CAST(SUM(u.days) AS BIGINT) AS days \
     FROM json_each($3) AS m CROSS JOIN json_each($4) AS s CROSS JOIN json_each($5) AS a CROSS JOIN usage_spans AS u \
     WHERE u.workspace_id = $1 AND u.span = $2 AND u.metric = m.value AND u.start = s.value \
     AND u.account_id = unhex(a.value, '-') GROUP BY u.account_id, u.start ORDER BY u.account_id, u.start",
    "SELECT u.account_id, u.start, SUM(u.total) AS total, CAST(SUM(u.days) AS BIGINT) AS days \
     FROM jsonb_array_elements_text($3::text::jsonb) AS m CROSS JOIN jsonb_array_elements_text($4::text::jsonb) AS s \
     CROSS JOIN jsonb_array_elements_text($5::text::jsonb) AS a JOIN usage_spans AS u \
     ON u.workspace_id = $1 AND u.span = $2 AND u.metric = m AND u.start = s::bigint AND u.account_id = a::uuid \
     GROUP BY u.account_id, u.start ORDER BY u.account_id, u.start",
);

/// What is asked of usage.
pub(super) struct Asked {
    /// [`Dimension::Week`] or [`Dimension::Month`].
    pub(super) step: Dimension,
    /// The metric, or none for all.
    pub(super) metric: Option<String>,
    /// The metrics by name, as JSON.
    pub(super) metrics: String,
    /// When the first span begins, and before what the last one begins.
    pub(super) from: i64,
    pub(super) until: i64,
}

impl Asked {
    /// Returns the word of the spans in the database.
    pub(super) fn span(&self) -> &'static str {
        if self.step == Dimension::Month { "m" } else { "w" }
    }
}

/// A week or a month of an account: in how many days there was more than nothing, and how much in all.
#[derive(Clone, Copy, Debug)]
struct Cell {
    /// When it begins, in days since the epoch.
    day: i32,
    days: u32,
    total: f64,
}

impl Cell {
    fn new(start: i64, total: f64, days: i64) -> Self {
        let day = i32::try_from(start.div_euclid(DAY_MS)).unwrap_or(i32::MAX);
        Self { day, days: u32::try_from(days).unwrap_or_default(), total }
    }
}

/// Adds what is of one metric to what is of others in the same span.
fn add(cells: &mut Vec<Cell>, cell: Cell) {
    match cells.binary_search_by_key(&cell.day, |cell| cell.day) {
        Ok(place) => {
            cells[place].days += cell.days;
            cells[place].total += cell.total;
        }
        Err(place) => cells.insert(place, cell),
    }
}

/// What was found while everything is read, in the order in which accounts came up.
#[derive(Default)]
struct Found {
    accounts: Vec<(Uuid, Vec<Cell>)>,
    places: HashMap<Uuid, usize>,
    /// Where the next account is likely to be: in each span they come in the same order.
    next: usize,
}

impl Found {
    /// Reads one span of a metric.
    async fn read(&mut self, tx: &mut Tx, asked: &Asked, metric: &str, start: i64) -> Result<()> {
        let sql = if tx.is_sqlite() { SPAN.0 } else { SPAN.1 };
        let (workspace, mut after) = (tx.workspace(), Uuid::nil());
        loop {
            let facts: Option<String> = on!(tx, c => sqlx::query_scalar(sql).bind(workspace).bind(asked.span())
                .bind(metric).bind(start).bind(after).bind(STEP).fetch_one(c).await)?;
            let Some(facts) = facts else { return Ok(()) };
            let mut count = 0;
            for fact in facts.split(',') {
                let unknown = || Error::Stored(format!("usage cannot be read: {fact}"));
                let (account, total, days) = parse(fact).ok_or_else(unknown)?;
                add(self.of(account), Cell::new(start, total, days));
                (after, count) = (after.max(account), count + 1);
            }
            if count < STEP {
                return Ok(());
            }
        }
    }

    fn of(&mut self, account: Uuid) -> &mut Vec<Cell> {
        let is_next = self.accounts.get(self.next).is_some_and(|known| known.0 == account);
        let place = if is_next {
            self.next
        } else {
            *self.places.entry(account).or_insert_with(|| {
                self.accounts.push((account, Vec::new()));
                self.accounts.len() - 1
            })
        };
        self.next = place + 1;
        &mut self.accounts[place].1
    }
}

fn parse(fact: &str) -> Option<(Uuid, f64, i64)> {
    let mut parts = fact.split(' ');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The usage of a workspace in one step, of one metric or of all together.
#[derive(Debug, Default)]
pub(super) struct Used {
    from: i64,
    until: i64,
    /// In order, so that numbers are always added up the same way.
    cells: BTreeMap<Uuid, Vec<Cell>>,
}

static KEPT: LazyLock<Kept<Used>> = LazyLock::new(Kept::default);

#[derive(FromRow)]
struct Row {
    account_id: Uuid,
    start: i64,
    total: f64,
    days: i64,
}

/// Returns the usage as it is at the end of the log: what is kept may be newer than what the transaction sees.
pub(super) async fn present(tx: &mut Tx, asked: &Asked) -> Result<Present<Used>> {
    Ok(KEPT.present(tx, asked).await?.0)
}

impl Follows for Used {
    type Asked = Asked;
    type Name = (&'static str, Option<String>);
    const WORKSPACES_MAX: usize = 50;
    const EACH_MAX: usize = 4;

    fn name(asked: &Asked) -> Self::Name {
        (asked.span(), asked.metric.clone())
    }

    fn has(&self, asked: &Asked) -> bool {
        self.from <= asked.from && asked.until <= self.until
    }

    async fn read(tx: &mut Tx, asked: &Asked, _: i64) -> Result<Self> {
        let until = Timestamp(asked.until).plus_days(AHEAD_DAYS).0;
        let (workspace, span, mut found) = (tx.workspace(), asked.span(), Found::default());
        for metric in serde_json::from_str::<Vec<String>>(&asked.metrics)? {
            let mut from = asked.from;
            loop {
                let start: Option<i64> = on!(tx, c => sqlx::query_scalar(NEXT).bind(workspace).bind(span)
                    .bind(&metric).bind(from).bind(until).fetch_one(c).await)?;
                let Some(start) = start else { break };
                found.read(tx, asked, &metric, start).await?;
                from = start + 1;
            }
        }
        Ok(Self { from: asked.from, until, cells: found.accounts.into_iter().collect() })
    }

    async fn follow(&mut self, tx: &mut Tx, asked: &Asked, since: i64, end: i64) -> Result<i64> {
        // With an account, its usage may go or come, too.
        let is_ours = |subject: &str| subject == Subject::Usage.key() || subject == Subject::Account.key();
        let touched = log::touched(tx, since).await?.into_iter().filter(|(subject, _)| is_ours(subject));
        let touched: BTreeSet<Uuid> = touched.map(|(_, account)| account).collect();
        let touched: Vec<Uuid> = touched.into_iter().collect();
        let (sql, workspace) = (if tx.is_sqlite() { SOME.0 } else { SOME.1 }, tx.workspace());
        let starts = serde_json::to_string(&self.starts(asked.step))?;
        for some in touched.chunks(AGAIN_MAX) {
            let ids = serde_json::to_string(some)?;
            let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(asked.span())
                .bind(&asked.metrics).bind(&starts).bind(&ids).fetch_all(c).await)?;
            for id in some {
                self.cells.remove(id);
            }
            self.put(rows);
        }
        Ok(end)
    }
}

impl Used {
    /// Adds rows up by account and span, whatever their order.
    fn put(&mut self, rows: Vec<Row>) {
        for row in rows {
            add(self.cells.entry(row.account_id).or_default(), Cell::new(row.start, row.total, row.days));
        }
    }

    /// Returns when every span that is kept begins.
    fn starts(&self, step: Dimension) -> Vec<i64> {
        // The longest step is a month of 31 days, and a week later it is the next week.
        let days = if step == Dimension::Month { 32 } else { 7 };
        let next = |start: &i64| Some(floor(step, Timestamp(*start).plus_days(days)).0);
        std::iter::successors(Some(self.from), next).take_while(|start| *start < self.until).collect()
    }

    /// Returns each account with its spans of the days that are asked about: when they begin, in how many days there
    /// was more than nothing, and how much in all.
    pub(super) fn accounts(
        &self,
        asked: &Asked,
    ) -> impl Iterator<Item = (Uuid, impl Iterator<Item = (i64, u32, f64)>)> {
        let (from, until) = (asked.from, asked.until);
        self.cells.iter().map(move |(id, cells)| {
            let cells = cells.iter().map(|cell| (i64::from(cell.day) * DAY_MS, cell.days, cell.total));
            (*id, cells.filter(move |(start, ..)| *start >= from && *start < until))
        })
    }
}
