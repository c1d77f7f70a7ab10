//! Which accounts a filter lets through: by what they are at the moment that is shown, and those that had left by
//! then by what they were at the first one.

use std::collections::{HashMap, HashSet};

use domain::changes;
use domain::fields;
use domain::filter::{self, Filter, Matcher};
use domain::id::AccountId;
use domain::insights::Standing;
use domain::refusal::Refusal;
use domain::time::{DAY_MS, Timestamp};
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use super::standings::Portfolio;
use crate::accounts::Selection;
use crate::dynamic;
use crate::error::Result;
use crate::log;
use crate::tx::{Tx, on};

/// Documents that are read at a time.
const STEP: i64 = 2_000;
/// What is only known of the present.
const PRESENT_ONLY: [&str; 5] = ["trend_7d", "trend_30d", "trend_90d", "coverage", "rollup"];

type Document = Map<String, Value>;

/// Returns the accounts that a filter lets through.
pub(super) async fn matching(
    tx: &mut Tx,
    chosen: &Selection,
    portfolio: &Portfolio,
    (from, before): (Timestamp, &[Standing]),
    (to, after): (Timestamp, &[Standing]),
) -> Result<HashSet<AccountId>> {
    let past = Past {
        trails: portfolio.trails(),
        at: [to, from],
        standings: [after, before].map(|list| list.iter().map(|standing| (standing.account.0, standing)).collect()),
    };
    let deleted: Vec<Uuid> = portfolio.deleted().collect();
    let is_now = to >= tx.now();
    let mut matching = if is_now { now(tx, chosen).await? } else { HashSet::new() };
    let scope = filter::Scope { now: to, ..chosen.scope() };
    if !is_now && let Some(key) = first_of(&chosen.filter, &PRESENT_ONLY) {
        let sentence = format!("The past does not tell “{key}”. Leave it out of the filter, or look at the present.");
        return Err(Refusal::field("filter", &sentence).into());
    }
    let matcher = Matcher::new(&chosen.filter, &scope);
    for id in deleted {
        if past.holds(id, None, &matcher)? {
            matching.insert(AccountId(id));
        }
    }
    if !is_now {
        past.all(tx, &matcher, &mut matching).await?;
    }
    Ok(matching)
}

/// Returns the accounts that a filter lets through as they are now, the archived ones included.
async fn now(tx: &mut Tx, chosen: &Selection) -> Result<HashSet<AccountId>> {
    let mut statement = dynamic::select("SELECT a.id FROM accounts AS a WHERE a.workspace_id = $1");
    statement.and(chosen);
    let (sql, workspace) = (statement.compile(dynamic::engine(tx.db())), tx.workspace());
    let rows: Vec<(Uuid,)> = dynamic::run!(tx, c, sql, query_as, workspace => fetch_all(c))?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

async fn documents(tx: &mut Tx, after: Uuid) -> Result<Vec<(Uuid, Json<Document>)>> {
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_as(
        "SELECT id, doc FROM accounts WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(workspace).bind(after).bind(STEP).fetch_all(c).await)?)
}

/// What the accounts were at the second moment and at the first.
struct Past<'a> {
    trails: HashMap<Uuid, Vec<&'a log::Row>>,
    at: [Timestamp; 2],
    standings: [HashMap<Uuid, &'a Standing>; 2],
}

impl Past<'_> {
    /// Looks at every account that is there now, whatever it was then.
    async fn all(&self, tx: &mut Tx, matcher: &Matcher<'_>, matching: &mut HashSet<AccountId>) -> Result<()> {
        let mut last = Uuid::nil();
        loop {
            let page = documents(tx, last).await?;
            let Some(end) = page.last() else { return Ok(()) };
            last = end.0;
            for (id, Json(document)) in page {
                if self.holds(id, Some(document), matcher)? {
                    matching.insert(AccountId(id));
                }
            }
        }
    }

    /// Returns whether an account is let through, given its present document.
    fn holds(&self, id: Uuid, mut document: Option<Document>, matcher: &Matcher<'_>) -> Result<bool> {
        let mut trail = self.trails.get(&id).map_or(&[][..], Vec::as_slice).iter().peekable();
        for (at, standings) in self.at.iter().zip(&self.standings) {
            while let Some(line) = trail.next_if(|line| line.at > at.0) {
                document = changes::rewind(document, &log::entry((*line).clone())?);
            }
            if let (Some(document), Some(standing)) = (&document, standings.get(&id)) {
                return Ok(matcher.matches(&|key: &str| value(document, standing, key)));
            }
        }
        Ok(false)
    }
}

/// Returns the value of a field at a moment, as the database would store it.
fn value(document: &Document, standing: &Standing, key: &str) -> Value {
    match key {
        "score" => standing.score.map_or(Value::Null, |score| Value::from(score.0)),
        "band" => standing.band.map_or(Value::Null, |band| Value::from(band.key())),
        "notice_at" => {
            let number = |key: &str| document.get(key).and_then(Value::as_i64);
            let notice = number("renewal_at").zip(number("notice_days"));
            notice.map_or(Value::Null, |(renewal, days)| Value::from(renewal - days * DAY_MS))
        }
        _ => fields::get(document, key).clone(),
    }
}

/// Returns the first of some fields that a filter asks for.
fn first_of<'a>(filter: &Filter, keys: &[&'a str]) -> Option<&'a str> {
    match filter {
        Filter::All(items) | Filter::Any(items) => items.iter().find_map(|item| first_of(item, keys)),
        Filter::Not(item) => first_of(item, keys),
        Filter::Search(_) => None,
        Filter::Field(condition) => keys.iter().copied().find(|key| *key == condition.field),
    }
}
