//! The numbers of a report: one statement adds up each group, whatever it is about.
//!
//! All of it is words of the program, chosen by what is asked for; only the filter is put together, where filters
//! always are.

use std::collections::HashMap;

use domain::reports::{self, About, Answer, Dimension, Row, Spec, State};
use sqlx::FromRow;

use crate::accounts::{self, Selection, selection};
use crate::dynamic;
use crate::error::Result;
use crate::identity;
use crate::tx::Tx;

/// Adds up one row for each account of a group, so that an account counts once however many alerts it has.
const NUMBERS: &str = "SELECT r.grp, MAX(r.label) AS label, r.currency, CAST(SUM(r.n) AS BIGINT) AS n, \
    COUNT(r.account) AS accounts, CAST(COALESCE(SUM(r.annual_minor), 0) AS BIGINT) AS annual_minor, \
    CAST(COALESCE(SUM(r.score), 0) AS BIGINT) AS scores, COUNT(r.score) AS scored FROM (SELECT ";
const OF_ACCOUNTS: &str = " AS grp, CAST(NULL AS TEXT) AS label, a.id AS account, a.currency, a.annual_minor, a.score, 1 AS n \
    FROM accounts AS a WHERE a.workspace_id = $1 AND a.archived_at IS NULL";
const OF_ALERTS: &str = " AS grp, MAX(t.rule_name) AS label, a.id AS account, a.currency, a.annual_minor, a.score, \
    COUNT(*) AS n FROM alerts AS t \
    LEFT JOIN accounts AS a ON a.workspace_id = t.workspace_id AND a.id = t.account_id WHERE t.workspace_id = $1";
const OF_TASKS: &str = " AS grp, CAST(NULL AS TEXT) AS label, a.id AS account, a.currency, a.annual_minor, a.score, \
    COUNT(*) AS n FROM todos AS t \
    LEFT JOIN accounts AS a ON a.workspace_id = t.workspace_id AND a.id = t.account_id WHERE t.workspace_id = $1";
const END_OF_ACCOUNTS: &str = ") AS r GROUP BY r.grp, r.currency";
const END_OF_OTHERS: &str = " GROUP BY 1, 3, 4, 5, 6) AS r GROUP BY r.grp, r.currency";

/// The alerts of a list: what an open group gathers stands behind the group, as in the list itself.
macro_rules! alerts {
    ($shelf:literal) => {
        concat!(
            " AND ",
            $shelf,
            " AND (t.group_id IS NULL OR NOT EXISTS (SELECT 1 FROM alerts AS g \
             WHERE g.workspace_id = $1 AND g.id = t.group_id AND g.closed_at IS NULL))"
        )
    };
}

#[derive(FromRow)]
struct Stored {
    grp: Option<String>,
    label: Option<String>,
    currency: Option<String>,
    n: i64,
    accounts: i64,
    annual_minor: i64,
    scores: i64,
    scored: i64,
}

/// Returns the numbers of a report; everybody may ask.
pub async fn answer(tx: &mut Tx, spec: Spec) -> Result<Answer> {
    let spec = spec.check(&accounts::catalogue(tx).await?)?;
    let chosen = selection(tx, &spec.filter).await?;
    let mut rows = rows(tx, &spec, &chosen, group(spec.about, spec.by)).await?;
    // An account has one band, and may have alerts of several rules.
    let whole = match spec.about {
        About::Accounts => None,
        About::Alerts | About::Tasks => Some(self::rows(tx, &spec, &chosen, "CAST(NULL AS TEXT)").await?),
    };
    if spec.by == Dimension::Owner {
        let people = identity::users(tx).await?.into_iter().map(|person| (person.id.to_string(), person.name));
        let people: HashMap<String, String> = people.collect();
        for row in &mut rows {
            row.label = row.group.as_ref().and_then(|id| people.get(id).cloned());
        }
    }
    Ok(reports::answer(spec, &rows, whole.as_deref()))
}

async fn rows(tx: &mut Tx, spec: &Spec, chosen: &Selection, group: &'static str) -> Result<Vec<Row>> {
    let (of, end) = match spec.about {
        About::Accounts => (OF_ACCOUNTS, END_OF_ACCOUNTS),
        About::Alerts => (OF_ALERTS, END_OF_OTHERS),
        About::Tasks => (OF_TASKS, END_OF_OTHERS),
    };
    let mut statement = dynamic::select(NUMBERS).then(group).then(of).then(only(spec.state));
    statement.and(chosen);
    statement.close(end);
    let (sql, workspace) = (statement.compile(dynamic::engine(tx.db())), tx.workspace());
    let stored: Vec<Stored> = dynamic::run!(tx, c, sql, query_as, workspace => fetch_all(c))?;
    Ok(stored.into_iter().map(Row::from).collect())
}

/// Returns which of the alerts or tasks count, as their lists have it.
fn only(state: State) -> &'static str {
    match state {
        State::All => "",
        State::Risks => alerts!("t.closed_at IS NULL AND t.snoozed_at IS NULL AND t.kind IN ('risk', 'portfolio')"),
        State::Opportunities => alerts!("t.closed_at IS NULL AND t.snoozed_at IS NULL AND t.kind = 'opportunity'"),
        State::Snoozed => alerts!("t.closed_at IS NULL AND t.snoozed_at IS NOT NULL"),
        State::Closed => " AND t.closed_at IS NOT NULL",
        State::Open => " AND t.done_at IS NULL",
        State::Done => " AND t.done_at IS NOT NULL",
    }
}

/// Returns what tells groups apart; whoever nobody assigned an alert or a task to, the owner of its account deals with it.
fn group(about: About, by: Dimension) -> &'static str {
    match (by, about) {
        (Dimension::Band, _) => "a.band",
        (Dimension::Tier, _) => "a.doc ->> 'tier'",
        (Dimension::Category, _) => "a.doc ->> 'category'",
        (Dimension::Stage, _) => "a.doc ->> 'stage'",
        (Dimension::Country, _) => "a.doc ->> 'country'",
        (Dimension::Owner, About::Accounts) => "a.doc ->> 'owner_id'",
        (Dimension::Owner, _) => "COALESCE(t.doc ->> 'assignee', a.doc ->> 'owner_id')",
        (Dimension::Rule, _) => "t.doc ->> 'rule_id'",
        (Dimension::Priority, _) => "t.priority",
    }
}

impl From<Stored> for Row {
    fn from(stored: Stored) -> Self {
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            group: stored.grp,
            label: stored.label,
            currency: stored.currency.as_deref().and_then(|code| code.parse().ok()),
            count: count(stored.n),
            accounts: count(stored.accounts),
            annual_minor: stored.annual_minor,
            scores: stored.scores,
            scored: count(stored.scored),
        }
    }
}
