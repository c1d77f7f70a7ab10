//! Usage of every account by week or month, in memory, so that a report reads no row twice.
//!
//! It is a reader of the change log: loaded when it is first asked for, then the accounts whose usage was touched are
//! read again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::fields::Subject;
use domain::reports::{Dimension, floor};
use domain::time::{DAY_MS, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::Result;
use crate::kept::{Follows, Kept, Present};
use crate::log;
use crate::tx::{Tx, on};

/// Most accounts that are read again at once.
const AGAIN_MAX: usize = 500;
/// How far ahead is looked, as usage may be reported of days to come.
const AHEAD_DAYS: i64 = 400;

/// As the rows lie there: put in order by the database, millions of them would be written down once more.
const ALL: (&str, &str) = (
    "SELECT u.account_id, u.start, u.total, u.days FROM usage_spans AS u WHERE u.workspace_id = $1 AND u.span = $2 \
     AND u.metric IN (SELECT value FROM json_each($3)) AND u.start >= $4 AND u.start < $5",
    "SELECT u.account_id, u.start, u.total, u.days FROM usage_spans AS u WHERE u.workspace_id = $1 AND u.span = $2 \
     AND u.metric IN (SELECT jsonb_array_elements_text($3::text::jsonb)) AND u.start >= $4 AND u.start < $5",
);
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
        let mut used = Self { from: asked.from, until, cells: BTreeMap::new() };
        let (sql, workspace) = (if tx.is_sqlite() { ALL.0 } else { ALL.1 }, tx.workspace());
        let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(asked.span()).bind(&asked.metrics)
            .bind(used.from).bind(used.until).fetch_all(c).await)?;
        used.put(rows);
        Ok(used)
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
            let day = i32::try_from(row.start.div_euclid(DAY_MS)).unwrap_or(i32::MAX);
            let days = u32::try_from(row.days).unwrap_or_default();
            let cells = self.cells.entry(row.account_id).or_default();
            match cells.binary_search_by_key(&day, |cell| cell.day) {
                Ok(place) => {
                    cells[place].days += days;
                    cells[place].total += row.total;
                }
                Err(place) => cells.insert(place, Cell { day, days, total: row.total }),
            }
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
