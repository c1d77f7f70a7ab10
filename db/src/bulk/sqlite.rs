//! Bulk statements for SQLite: a JSON array is unfolded by `json_each`.

use super::Statements;
use crate::subjects::Table;

macro_rules! statements {
    ($table:literal) => {
        Statements {
            select: concat!(
                "SELECT doc FROM ",
                $table,
                " WHERE workspace_id = $1 \
                 AND id IN (SELECT unhex(value, '-') FROM json_each($2))"
            ),
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (workspace_id, id, doc) \
                 SELECT $1, unhex(value ->> '$.id', '-'), value FROM json_each($2)"
            ),
            update: concat!(
                "UPDATE ",
                $table,
                " SET doc = j.value FROM json_each($2) AS j \
                 WHERE workspace_id = $1 AND ",
                $table,
                ".id = unhex(j.value ->> '$.id', '-')"
            ),
            delete: concat!(
                "DELETE FROM ",
                $table,
                " WHERE workspace_id = $1 AND id IN (SELECT unhex(value, '-') FROM json_each($2))"
            ),
        }
    };
}

pub(super) fn statements(table: Table) -> Statements {
    match table {
        Table::Accounts => statements!("accounts"),
        Table::Contacts => statements!("contacts"),
        Table::Tickets => statements!("tickets"),
        Table::Invoices => statements!("invoices"),
        Table::Surveys => statements!("surveys"),
        Table::Activities => statements!("activities"),
        Table::Fields => statements!("fields"),
        Table::Views => statements!("views"),
    }
}

pub(super) const CHANGES: &str = "INSERT INTO changes \
    (workspace_id, seq, at, actor_id, change, subject, subject_id, account_id, batch_id, data, hash) \
    SELECT $1, value ->> '$.seq', value ->> '$.at', unhex(value ->> '$.actor_id', '-'), value ->> '$.change', \
    value ->> '$.subject', unhex(value ->> '$.subject_id', '-'), unhex(value ->> '$.account_id', '-'), \
    unhex(value ->> '$.batch_id', '-'), value ->> '$.data', unhex(value ->> '$.hash') FROM json_each($2)";

pub(super) const USAGE_JOURNAL: &str = "INSERT INTO usage_undo \
    (workspace_id, batch_id, account_id, metric, day, value_before, value_after) \
    SELECT $1, $3, unhex(j.value ->> '$.account_id', '-'), j.value ->> '$.metric', j.value ->> '$.day', u.value, j.value ->> '$.value' \
    FROM json_each($2) AS j LEFT JOIN usage_days AS u ON u.workspace_id = $1 \
    AND u.account_id = unhex(j.value ->> '$.account_id', '-') AND u.metric = j.value ->> '$.metric' AND u.day = j.value ->> '$.day' \
    WHERE true ON CONFLICT (workspace_id, batch_id, account_id, metric, day) DO UPDATE SET value_after = excluded.value_after";

pub(super) const USAGE: &str = "INSERT INTO usage_days (workspace_id, account_id, metric, day, value) \
    SELECT $1, unhex(value ->> '$.account_id', '-'), value ->> '$.metric', value ->> '$.day', value ->> '$.value' \
    FROM json_each($2) WHERE true \
    ON CONFLICT (workspace_id, account_id, metric, day) DO UPDATE SET value = excluded.value";

pub(super) const SCORES: &str = "INSERT INTO scores \
    (workspace_id, account_id, at, score, band, coverage, scorecard_id, version, evaluation) \
    SELECT $1, unhex(value ->> '$.account_id', '-'), value ->> '$.at', value ->> '$.score', value ->> '$.band', \
    value ->> '$.coverage', unhex(value ->> '$.scorecard_id', '-'), value ->> '$.version', value ->> '$.evaluation' \
    FROM json_each($2) WHERE true \
    ON CONFLICT (workspace_id, account_id, at) DO UPDATE SET score = excluded.score, band = excluded.band, \
    coverage = excluded.coverage, version = excluded.version, evaluation = excluded.evaluation";

pub(super) const HEALTH: &str = "UPDATE accounts SET health = j.value ->> '$.health' FROM json_each($2) AS j \
    WHERE workspace_id = $1 AND accounts.id = unhex(j.value ->> '$.id', '-')";

/// Documents by the value of a key column; `$2` is a JSON array of texts.
pub(super) fn select_by(table: Table, key: super::Key) -> Option<&'static str> {
    use super::Key::{Domain, Email, ExternalId, Name};
    macro_rules! by {
        ($table:literal, $column:literal) => {
            Some(concat!(
                "SELECT doc FROM ",
                $table,
                " WHERE workspace_id = $1 AND ",
                $column,
                " IN (SELECT value FROM json_each($2))"
            ))
        };
    }
    match (table, key) {
        (Table::Accounts, ExternalId) => by!("accounts", "external_id"),
        (Table::Accounts, Name) => by!("accounts", "name"),
        (Table::Accounts, Domain) => by!("accounts", "domain"),
        (Table::Contacts, Email) => by!("contacts", "email"),
        (Table::Tickets, ExternalId) => by!("tickets", "external_id"),
        (Table::Invoices, ExternalId) => by!("invoices", "external_id"),
        (Table::Surveys, ExternalId) => by!("surveys", "external_id"),
        _ => None,
    }
}

pub(super) const DERIVED: &[&str] = &[
    "DELETE FROM scores WHERE workspace_id = $1 AND account_id IN (SELECT unhex(value, '-') FROM json_each($2))",
    "DELETE FROM overrides WHERE workspace_id = $1 AND account_id IN (SELECT unhex(value, '-') FROM json_each($2))",
    "DELETE FROM usage_days WHERE workspace_id = $1 AND account_id IN (SELECT unhex(value, '-') FROM json_each($2))",
];
