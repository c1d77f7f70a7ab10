//! Bulk statements for PostgreSQL: a JSON array is unfolded by `jsonb_array_elements`.

use super::Statements;
use crate::subjects::Table;

macro_rules! statements {
    ($table:literal) => {
        Statements {
            select: concat!(
                "SELECT doc FROM ",
                $table,
                " WHERE workspace_id = $1 \
                 AND id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)"
            ),
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (workspace_id, id, doc) \
                 SELECT $1, (j ->> 'id')::uuid, j FROM jsonb_array_elements($2::text::jsonb) AS j"
            ),
            update: concat!(
                "UPDATE ",
                $table,
                " SET doc = j FROM jsonb_array_elements($2::text::jsonb) AS j \
                 WHERE workspace_id = $1 AND ",
                $table,
                ".id = (j ->> 'id')::uuid"
            ),
            delete: concat!(
                "DELETE FROM ",
                $table,
                " WHERE workspace_id = $1 \
                 AND id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)"
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
    SELECT $1, seq, at, actor_id, change, subject, subject_id, account_id, batch_id, data, decode(hash, 'hex') \
    FROM jsonb_to_recordset($2::text::jsonb) AS j (seq bigint, at bigint, actor_id uuid, change text, subject text, \
    subject_id uuid, account_id uuid, batch_id uuid, data text, hash text)";

pub(super) const USAGE_JOURNAL: &str = "INSERT INTO usage_undo \
    (workspace_id, batch_id, account_id, metric, day, value_before, value_after) \
    SELECT $1, $3, j.account_id, j.metric, j.day, u.value, j.value \
    FROM jsonb_to_recordset($2::text::jsonb) AS j (account_id uuid, metric text, day bigint, value double precision) \
    LEFT JOIN usage_days AS u ON u.workspace_id = $1 AND u.account_id = j.account_id AND u.metric = j.metric AND u.day = j.day \
    ON CONFLICT (workspace_id, batch_id, account_id, metric, day) DO UPDATE SET value_after = excluded.value_after";

pub(super) const USAGE: &str = "INSERT INTO usage_days (workspace_id, account_id, metric, day, value) \
    SELECT $1, account_id, metric, day, value \
    FROM jsonb_to_recordset($2::text::jsonb) AS j (account_id uuid, metric text, day bigint, value double precision) \
    ON CONFLICT (workspace_id, account_id, metric, day) DO UPDATE SET value = excluded.value";

pub(super) const SCORES: &str = "INSERT INTO scores \
    (workspace_id, account_id, at, score, band, coverage, scorecard_id, version, evaluation) \
    SELECT $1, account_id, at, score, band, coverage, scorecard_id, version, evaluation \
    FROM jsonb_to_recordset($2::text::jsonb) AS j (account_id uuid, at bigint, score bigint, band text, coverage bigint, \
    scorecard_id uuid, version bigint, evaluation text) \
    ON CONFLICT (workspace_id, account_id, at) DO UPDATE SET score = excluded.score, band = excluded.band, \
    coverage = excluded.coverage, version = excluded.version, evaluation = excluded.evaluation";

pub(super) const HEALTH: &str = "UPDATE accounts SET health = (j ->> 'health')::jsonb \
    FROM jsonb_array_elements($2::text::jsonb) AS j WHERE workspace_id = $1 AND accounts.id = (j ->> 'id')::uuid";

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
                " IN (SELECT jsonb_array_elements_text($2::text::jsonb))"
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
    "DELETE FROM scores WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
    "DELETE FROM overrides WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
    "DELETE FROM usage_days WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
];
