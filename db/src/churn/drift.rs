//! How far the present has moved from what the model in force learnt from.

use domain::churn::{ChurnModel, Drift, Held, InputDrift, hazard};
use domain::health::Points;
use domain::time::{DAY_MS, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{Tx, on};

/// One line of what a model said of an account.
#[derive(FromRow)]
struct Line {
    account_id: Uuid,
    at: i64,
    pct: Option<i64>,
    stage: Option<String>,
}

/// Returns how far the present has moved from what the model in force learnt from; nothing where none is in force.
/// Everybody may look.
pub async fn drift(tx: &mut Tx) -> Result<Option<Drift>> {
    let Some(model) = super::active(tx).await? else { return Ok(None) };
    let now = inputs(tx, &model).await?;
    let of_input = |place: usize| -> Vec<Option<f64>> {
        now.iter().map(|inputs| inputs.get(place).copied().flatten().map(Points::as_f64)).collect()
    };
    let inputs = model.fit.inputs.iter().enumerate();
    let mut inputs: Vec<InputDrift> = inputs.map(|(place, input)| InputDrift::of(input, &of_input(place))).collect();
    inputs.sort_by(|a, b| b.index.unwrap_or(-1.0).total_cmp(&a.index.unwrap_or(-1.0)));
    let accounts = u32::try_from(now.len()).unwrap_or(u32::MAX);
    Ok(Some(Drift { accounts, inputs, held: held(tx, &model).await? }))
}

/// Returns the inputs by which the model last spoke of each account that it still speaks of.
async fn inputs(tx: &mut Tx, model: &ChurnModel) -> Result<Vec<Vec<Option<Points>>>> {
    let workspace = tx.workspace();
    let rows: Vec<(String,)> = on!(tx, c => sqlx::query_as(
        "SELECT p.inputs FROM churn_predictions AS p WHERE p.workspace_id = $1 AND p.model_id = $2 AND p.pct IS NOT NULL \
         AND p.at = (SELECT MAX(q.at) FROM churn_predictions AS q WHERE q.workspace_id = $1 AND q.account_id = p.account_id)")
        .bind(workspace).bind(model.id.0).fetch_all(c).await)?;
    rows.into_iter().map(|(text,)| Ok(serde_json::from_str(&text)?)).collect()
}

/// Counts the losses since the model came into force, beside those that its predictions let expect.
async fn held(tx: &mut Tx, model: &ChurnModel) -> Result<Held> {
    let (workspace, now) = (tx.workspace(), tx.now());
    let since = model.activated_at.unwrap_or(model.trained_at);
    let lines: Vec<Line> = on!(tx, c => sqlx::query_as(
        "SELECT p.account_id, p.at, p.pct, a.stage FROM churn_predictions AS p \
         JOIN accounts AS a ON a.workspace_id = p.workspace_id AND a.id = p.account_id \
         WHERE p.workspace_id = $1 AND p.model_id = $2 AND p.at >= $3 ORDER BY p.account_id, p.at")
        .bind(workspace).bind(model.id.0).bind(since.0).fetch_all(c).await)?;
    let mut held = Held { since, accounts: 0, expected: 0.0, observed: 0 };
    for of_one in lines.chunk_by(|a, b| a.account_id == b.account_id) {
        held.accounts += 1;
        for (place, line) in of_one.iter().enumerate() {
            let until = of_one.get(place + 1).map_or(now, |next| Timestamp(next.at));
            let days = (until.0 - line.at) as f64 / DAY_MS as f64;
            let chance = line.pct.map_or(0.0, |pct| Points(pct).as_f64() / 100.0);
            held.expected += hazard(chance, days, model.fit.horizon_days);
        }
        // The model stops to speak of an account that has left, or that was put away.
        let last = of_one.last();
        let has_left = last.is_some_and(|line| line.pct.is_none() && line.stage.as_deref() == Some("churned"));
        held.observed += u32::from(has_left);
    }
    Ok(held)
}
