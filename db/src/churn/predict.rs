//! What the model in force says of accounts: a reader of the change log, right behind the scorer.

use std::collections::{BTreeSet, HashMap};

use domain::accounts::Account;
use domain::changes::Change;
use domain::churn::{self, ChurnModel, ChurnSummary, Told};
use domain::fields::Subject;
use domain::health::{Points, ScorecardVersion};
use domain::id::{AccountId, ChurnModelId, ScorecardId};
use domain::identity::Actor;
use domain::lab::replay::has_left;
use domain::time::{DAY_MS, Timestamp};
use serde_json::{Map, Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::health::records::{Texts, by_id, fetch};
use crate::health::{gather_for, mark, next_ids, set_marks};
use crate::pool::Db;
use crate::tx::{NewEntry, Tx, on};
use crate::{bulk, log};

/// Accounts that are looked at in one transaction.
const STEP: usize = 500;
/// How far this reader has come in the log.
const READER: &str = "churn";
/// The last day on which every account was looked at.
const DAY: &str = "churn.day";
/// The model by which every account was last looked at; 0 for none.
const MODEL: &str = "churn.model";

const PRESENT: Texts = by_id!("id, churn", "accounts", "id", "AND $3 <> 0");

/// Returns what is said of an account with its drivers; nothing where no model speaks of it. Everybody may look.
pub async fn prediction(tx: &mut Tx, account: AccountId) -> Result<Option<Told>> {
    let workspace = tx.workspace();
    let row: Option<(i64, Uuid, Option<i64>, String)> = on!(tx, c => sqlx::query_as(
        "SELECT at, model_id, pct, inputs FROM churn_predictions \
         WHERE workspace_id = $1 AND account_id = $2 ORDER BY at DESC LIMIT 1")
        .bind(workspace).bind(account.0).fetch_optional(c).await)?;
    let Some((at, id, Some(_), inputs)) = row else { return Ok(None) };
    let model = super::model(tx, ChurnModelId(id)).await?;
    let inputs: Vec<Option<Points>> = serde_json::from_str(&inputs)?;
    let prediction = model.fit.predict(&inputs);
    Ok(Some(Told { at: Timestamp(at), horizon_days: model.fit.horizon_days, model: model.head(), prediction }))
}

/// The model in force, made ready to be asked.
struct Oracle {
    model: ChurnModel,
    /// What reads an account's inputs.
    card: ScorecardVersion,
}

impl Oracle {
    fn new(model: ChurnModel) -> Self {
        let (scorecard, card) = (ScorecardId(Uuid::nil()), model.fit.card());
        Self { model, card: ScorecardVersion { scorecard, version: 1, card, published_at: None, revision: 1 } }
    }

    /// Returns a number that differs where the models differ, also after an undo.
    fn fingerprint(&self) -> i64 {
        let id = self.model.id.0.as_u128();
        #[expect(clippy::cast_possible_truncation, reason = "the last bytes of an id are random, and enough")]
        let print = id as u64;
        (print | 1).cast_signed()
    }
}

/// Brings what the model in force says up to date with the change log; once a day for every account, as time alone
/// moves some inputs.
pub(crate) async fn catch_up(db: &Db, actor: &Actor) -> Result<()> {
    let mut tx = db.read(actor).await?;
    let end = log::last_seq(&mut tx).await?;
    let today = tx.now().0.div_euclid(DAY_MS);
    let (seen, day) = (mark(&mut tx, READER).await?, mark(&mut tx, DAY).await?);
    if seen == Some(end) && day == Some(today) {
        return Ok(());
    }
    let oracle = super::active(&mut tx).await?.map(Oracle::new);
    let (before, now) = (mark(&mut tx, MODEL).await?.unwrap_or(0), oracle.as_ref().map_or(0, Oracle::fingerprint));
    if before == 0 && now == 0 {
        return Ok(());
    }
    if before != now || (day != Some(today) && oracle.is_some()) {
        drop(tx);
        let mut last = Uuid::nil();
        loop {
            let ids = next_ids(&mut db.read(actor).await?, last).await?;
            let Some(end) = ids.last() else { break };
            last = end.0;
            step(db, actor, &ids, oracle.as_ref()).await?;
        }
    } else {
        let touched = touched(&mut tx, seen.unwrap_or(0), end).await?;
        drop(tx);
        for ids in touched.chunks(STEP) {
            step(db, actor, ids, oracle.as_ref()).await?;
        }
    }
    set_marks(db, actor, &[(READER, end), (DAY, today), (MODEL, now)]).await
}

/// Returns the accounts that something happened to; scores are no input.
async fn touched(tx: &mut Tx, mut after: i64, end: i64) -> Result<Vec<AccountId>> {
    let (workspace, mut touched) = (tx.workspace(), BTreeSet::new());
    loop {
        let rows: Vec<(i64, Uuid)> = on!(tx, c => sqlx::query_as(
            "SELECT seq, account_id FROM changes WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 \
             AND account_id IS NOT NULL AND change <> 'scored' AND subject NOT IN ('todos', 'feedback') ORDER BY seq LIMIT $4")
            .bind(workspace).bind(after).bind(end).bind(log::PAGE_MAX).fetch_all(c).await)?;
        let Some((last, _)) = rows.last() else { return Ok(touched.into_iter().collect()) };
        after = *last;
        touched.extend(rows.into_iter().map(|(_, id)| AccountId(id)));
    }
}

/// What is said of one account now.
type Said = Option<(Points, Vec<Option<Points>>)>;

/// Asks the model about these accounts and writes what moved, in one transaction.
async fn step(db: &Db, actor: &Actor, ids: &[AccountId], oracle: Option<&Oracle>) -> Result<()> {
    // Reading and asking need no lock; an account that changes meanwhile is in the log and comes again.
    let mut tx = db.read(actor).await?;
    let present = present(&mut tx, ids).await?;
    let cards = oracle.map(|oracle| std::slice::from_ref(&oracle.card)).unwrap_or_default();
    let gathered = if present.is_empty() { Vec::new() } else { gather_for(&mut tx, ids, cards).await? };
    let now = tx.now();
    drop(tx);
    let (mut rows, mut predictions, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    for one in &gathered {
        let account = &one.record.account;
        let before = present.get(&account.id).copied().flatten();
        let asked = oracle.filter(|_| speaks_of(account));
        let said: Said = asked.map(|oracle| {
            let inputs = churn::points(&oracle.card.card, &one.record.facts(now), now);
            (oracle.model.fit.predict(&inputs).pct, inputs)
        });
        let after = asked.zip(said.as_ref()).map(|(oracle, (pct, _))| summary(&oracle.model, *pct, now));
        if !ChurnSummary::moved(before.as_ref(), after.as_ref()) {
            continue;
        }
        // Where nothing is said any more, the last line names the model that stopped.
        let Some(told) = after.or(before) else { continue };
        let inputs = said.map(|(_, inputs)| inputs).unwrap_or_default();
        predictions.push(json!({
            "id": account.id, "at": now, "model": told.model, "version": told.version,
            "pct": after.map(|after| after.pct), "inputs": serde_json::to_string(&inputs)?,
        }));
        rows.push(json!({"id": account.id, "churn": after.map(|after| serde_json::to_string(&after)).transpose()?}));
        entries.push(entry(account.id, before, after));
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut tx = db.write(actor).await?;
    bulk::set_churn(&mut tx, &rows).await?;
    bulk::insert_predictions(&mut tx, &predictions).await?;
    entries.into_iter().for_each(|entry| tx.record(entry));
    tx.commit().await?;
    Ok(())
}

/// Returns whether an account can still be lost.
fn speaks_of(account: &Account) -> bool {
    account.archived_at.is_none() && !has_left(account)
}

fn summary(model: &ChurnModel, pct: Points, at: Timestamp) -> ChurnSummary {
    ChurnSummary { pct, horizon_days: model.fit.horizon_days, model: model.id, version: model.number, at }
}

/// Returns what was last said of accounts.
async fn present(tx: &mut Tx, ids: &[AccountId]) -> Result<HashMap<AccountId, Option<ChurnSummary>>> {
    let list = serde_json::to_string(ids)?;
    let rows = fetch!(tx, PRESENT, &list, 1i64, (Uuid, Option<Json<ChurnSummary>>));
    Ok(rows.into_iter().map(|(id, churn)| (AccountId(id), churn.map(|Json(churn)| churn))).collect())
}

fn entry(account: AccountId, before: Option<ChurnSummary>, after: Option<ChurnSummary>) -> NewEntry {
    let state = |churn: Option<ChurnSummary>| -> Map<String, Value> {
        Map::from_iter([
            ("churn_pct".to_owned(), json!(churn.map(|churn| churn.pct))),
            ("churn_version".to_owned(), json!(churn.map(|churn| churn.version))),
        ])
    };
    NewEntry {
        change: Change::Scored,
        subject: Subject::Account,
        subject_id: account.0,
        account: Some(account),
        before: state(before),
        after: state(after),
    }
}
