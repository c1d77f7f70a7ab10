//! What stands above the tabs of an account's page, read with one statement.

use domain::accounts::{Account, AccountRow};
use domain::churn::ChurnSummary;
use domain::fields::Field;
use domain::health::{Evaluation, HealthSummary};
use domain::id::AccountId;
use domain::identity::Actor;
use domain::refusal::Refusal;
use sqlx::FromRow;
use sqlx::types::Json;

use super::{kept, shown};
use crate::error::Result;
use crate::pool::Db;
use crate::tx::on;

/// How far back the evaluation lies that the present one is compared with.
const DAYS_BACK: i64 = 30;

/// An account with what its head is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The account and its present health.
    pub row: AccountRow,
    /// The account above it.
    pub parent: Option<(AccountId, String)>,
    /// The workspace's custom fields.
    pub custom: Vec<Field>,
    /// The evaluation that holds now.
    pub present: Option<Evaluation>,
    /// The evaluation that held 30 days ago.
    pub past: Option<Evaluation>,
}

#[derive(FromRow)]
struct Row {
    log_seq: i64,
    doc: Json<Account>,
    health: Option<Json<HealthSummary>>,
    rollup: Option<i64>,
    churn: Option<Json<ChurnSummary>>,
    parent: Option<String>,
    present: Option<String>,
    past: Option<String>,
}

const HEAD: &str = "SELECT w.log_seq, a.doc, a.health, a.rollup, a.churn, \
    (SELECT p.name FROM accounts AS p WHERE p.workspace_id = $1 AND p.id = a.parent_id) AS parent, \
    (SELECT s.evaluation FROM scores AS s WHERE s.workspace_id = $1 AND s.account_id = $2 AND s.at <= $3 \
    ORDER BY s.at DESC LIMIT 1) AS present, \
    (SELECT s.evaluation FROM scores AS s WHERE s.workspace_id = $1 AND s.account_id = $2 AND s.at <= $4 \
    ORDER BY s.at DESC LIMIT 1) AS past \
    FROM workspaces AS w CROSS JOIN accounts AS a WHERE w.id = $1 AND a.workspace_id = $1 AND a.id = $2";

/// Returns what the head of an account's page is made of, or refuses.
pub async fn head(db: &Db, actor: &Actor, id: AccountId) -> Result<Head> {
    let mut tx = db.glance(actor).await?;
    let (workspace, now) = (tx.workspace(), tx.now());
    let then = now.plus_days(-DAYS_BACK);
    let row: Option<Row> = on!(tx, c => sqlx::query_as(HEAD)
        .bind(workspace).bind(id.0).bind(now.0).bind(then.0).fetch_optional(c).await)?;
    let row = row.ok_or(Refusal::NotFound)?;
    let known = kept::last(db, actor).filter(|kept| kept.seq == row.log_seq);
    let catalogue = match known {
        Some(kept) => kept.catalogue,
        None => kept::present(&mut tx).await?.catalogue,
    };
    drop(tx);
    let evaluation = |text: Option<String>| text.map(|text| serde_json::from_str(&text)).transpose();
    let parent = row.doc.parent_id.zip(row.parent);
    Ok(Head {
        row: shown((row.doc, row.health, row.rollup, row.churn)),
        parent,
        custom: catalogue.fields.iter().filter(|field| field.custom_key().is_some()).cloned().collect(),
        present: evaluation(row.present)?,
        past: evaluation(row.past)?,
    })
}
