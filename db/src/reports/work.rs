//! Alerts and tasks as lines of a report: so many of an account, by what tells groups apart.

use domain::reports::{About, Dimension, Line, State, period_key};
use domain::time::{DAY_MS, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use super::run::Desk;
use crate::dynamic;
use crate::error::Result;
use crate::tx::Tx;

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
struct Row {
    account_id: Option<Uuid>,
    own: Option<String>,
    label: Option<String>,
    day: i64,
    n: i64,
}

/// Finds the alerts or tasks that count.
pub(super) async fn find(tx: &mut Tx, desk: &mut Desk<'_>) -> Result<()> {
    let (from, until) = desk.spec.within.bounds(tx.now());
    let (about, state, by) = (desk.spec.about, desk.spec.state, desk.spec.by);
    let moment = moment(about, state);
    let mut statement = dynamic::select("SELECT t.account_id, ").then(own(by)).then(" AS own, ").then(label(by));
    statement = statement.then(" AS label, ").then(if by.is_time() { moment.day } else { "CAST(0 AS BIGINT)" });
    statement = statement.then(" AS day, COUNT(*) AS n FROM ");
    statement = statement.then(if about == About::Alerts { "alerts" } else { "todos" });
    statement = statement.then(" AS t WHERE t.workspace_id = $1").then(only(state));
    if from > Timestamp(0) {
        statement.bound(moment.from, from.0);
        statement.bound(moment.until, until.0);
    }
    if state == State::Overdue {
        statement.bound(" AND t.due_at <= ", tx.now().0);
    }
    statement.close(" GROUP BY 1, 2, 4");
    let (sql, workspace) = (statement.compile(dynamic::engine(tx.db())), tx.workspace());
    let rows: Vec<Row> = dynamic::run!(tx, c, sql, query_as, workspace => fetch_all(c))?;
    for row in rows {
        let account = row.account_id.and_then(|id| desk.portfolio.place(id));
        let group = match by {
            // Whoever nobody assigned it to, the owner of its account deals with it.
            Dimension::Owner if row.own.is_none() => desk.group(account),
            Dimension::Owner | Dimension::Rule | Dimension::Priority => {
                desk.label(row.own.as_deref(), row.label.as_deref())
            }
            by if by.is_time() => {
                desk.label(period_key(by, Timestamp(row.day.saturating_mul(DAY_MS))).as_deref(), None)
            }
            _ => desk.group(account),
        };
        desk.take(Line { group, account, count: u32::try_from(row.n).unwrap_or(u32::MAX), ..Line::default() });
    }
    Ok(())
}

/// Returns which of the alerts or tasks count, as their lists have it.
pub(crate) fn only(state: State) -> &'static str {
    match state {
        State::All => "",
        State::Risks => alerts!("t.closed_at IS NULL AND t.snoozed_at IS NULL AND t.kind IN ('risk', 'portfolio')"),
        State::Opportunities => alerts!("t.closed_at IS NULL AND t.snoozed_at IS NULL AND t.kind = 'opportunity'"),
        State::Snoozed => alerts!("t.closed_at IS NULL AND t.snoozed_at IS NOT NULL"),
        State::Closed => " AND t.closed_at IS NOT NULL",
        State::Open | State::Overdue => " AND t.done_at IS NULL",
        State::Done => " AND t.done_at IS NOT NULL",
    }
}

/// The moment by which a period counts them, as words of a statement.
struct Moment {
    day: &'static str,
    from: &'static str,
    until: &'static str,
}

/// Returns when what is over ended, and when what is not began.
fn moment(about: About, state: State) -> Moment {
    match (about, state) {
        (_, State::Closed) => {
            Moment { day: "t.closed_at / 86400000", from: " AND t.closed_at >= ", until: " AND t.closed_at < " }
        }
        (_, State::Done) => {
            Moment { day: "t.done_at / 86400000", from: " AND t.done_at >= ", until: " AND t.done_at < " }
        }
        (About::Alerts, _) => {
            Moment { day: "t.created_at / 86400000", from: " AND t.created_at >= ", until: " AND t.created_at < " }
        }
        _ => Moment {
            day: "CAST(t.doc ->> 'created_at' AS BIGINT) / 86400000",
            from: " AND CAST(t.doc ->> 'created_at' AS BIGINT) >= ",
            until: " AND CAST(t.doc ->> 'created_at' AS BIGINT) < ",
        },
    }
}

fn own(by: Dimension) -> &'static str {
    match by {
        Dimension::Owner => "t.doc ->> 'assignee'",
        Dimension::Rule => "t.doc ->> 'rule_id'",
        Dimension::Priority => "t.priority",
        _ => "CAST(NULL AS TEXT)",
    }
}

fn label(by: Dimension) -> &'static str {
    if by == Dimension::Rule { "MAX(t.rule_name)" } else { "CAST(NULL AS TEXT)" }
}
