//! The scorer: a reader of the change log that evaluates what was touched.

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::accounts::Account;
use domain::changes::Change;
use domain::fields::{self, Catalogue, Subject};
use domain::filter::{self, Scope};
use domain::health::{Band, Context, Evaluation, HealthSummary, ScorecardVersion, choose_scorecard, evaluate};
use domain::id::{AccountId, WorkspaceId};
use domain::identity::Actor;
use domain::time::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::records::{Gathered, gather, gather_since};
use super::{band_key, cards, overrides, scorecards, shadow};
use crate::error::Result;
use crate::pool::Db;
use crate::subjects::document;
use crate::tx::{NewEntry, Tx, on};
use crate::{accounts, bulk, formula, log};

/// Accounts that are scored in one transaction, so that people's writes come in between.
const STEP: usize = 500;
/// The name under which the scorer's place in the log is kept.
const READER: &str = "scorer";

/// What a call of the scorer did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scored {
    /// Accounts that were looked at.
    pub evaluated: u32,
    /// Accounts whose score, band or coverage moved.
    pub moved: u32,
}

/// Reads the log from where the scorer stopped and scores every account that was touched.
pub async fn catch_up(db: &Db, workspace: WorkspaceId) -> Result<Scored> {
    let actor = Actor::system(workspace);
    // Computed fields are facts like any other, so they come first.
    formula::catch_up(db, &actor).await?;
    let (mut touched, mut refit, rescore, end) = touched(db, &actor).await?;
    let expired = expire(db, &actor).await?;
    touched.extend(expired);
    let mut scored = Scored::default();
    if !refit && !touched.is_empty() {
        refit = scorecards::measures_nothing(&mut db.read(&actor).await?).await?;
    }
    if refit {
        let mut tx = db.write(&actor).await?;
        refit = scorecards::refit_default(&mut tx).await?;
        tx.commit().await?;
    }
    if refit || rescore {
        scored = score_all(db, workspace).await?;
    } else {
        let touched: Vec<AccountId> = touched.into_iter().collect();
        for step in touched.chunks(STEP) {
            scored.add(score_accounts(db, &actor, step).await?);
        }
    }
    if let Some(end) = end {
        set_cursor(db, &actor, end).await?;
    }
    shadow::catch_up(db, &actor).await?;
    Ok(scored)
}

/// Returns the accounts touched since the cursor, whether the scorecard should be fitted anew, whether a person
/// changed what accounts are scored with, and the end.
async fn touched(db: &Db, actor: &Actor) -> Result<(BTreeSet<AccountId>, bool, bool, Option<i64>)> {
    let mut tx = db.read(actor).await?;
    let start = cursor(&mut tx).await?;
    let (mut seq, mut touched, mut refit, mut rescore) = (start, BTreeSet::new(), false, false);
    loop {
        let entries = log::after(&mut tx, seq, log::PAGE_MAX).await?;
        let Some(last) = entries.last() else { break };
        seq = last.seq;
        for entry in &entries {
            // The scorer's own lines must not wake it again.
            if entry.change == Change::Scored {
                continue;
            }
            // An import may bring a kind of fact that no account had before.
            let imported = entry.change == Change::Created || entry.subject == Subject::Usage;
            refit |= entry.batch.is_some() && imported;
            refit |= entry.subject == Subject::Field;
            rescore |= cards::asks_for_scores(entry);
            touched.extend(entry.account);
        }
    }
    Ok((touched, refit, rescore, (seq > start).then_some(seq)))
}

async fn cursor(tx: &mut Tx) -> Result<i64> {
    let workspace = tx.workspace();
    let seq: Option<(i64,)> = on!(tx, c => sqlx::query_as("SELECT seq FROM cursors WHERE workspace_id = $1 AND reader = $2")
        .bind(workspace).bind(READER).fetch_optional(c).await)?;
    Ok(seq.map_or(0, |(seq,)| seq))
}

/// Notes that everything in the log so far has been scored.
pub async fn caught_up(db: &Db, workspace: WorkspaceId) -> Result<()> {
    let actor = Actor::system(workspace);
    let mut tx = db.read(&actor).await?;
    let end = log::last_seq(&mut tx).await?;
    drop(tx);
    set_cursor(db, &actor, end).await
}

async fn set_cursor(db: &Db, actor: &Actor, seq: i64) -> Result<()> {
    let mut tx = db.write(actor).await?;
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query(
        "INSERT INTO cursors (workspace_id, reader, seq) VALUES ($1, $2, $3) \
         ON CONFLICT (workspace_id, reader) DO UPDATE SET seq = excluded.seq")
        .bind(workspace).bind(READER).bind(seq).execute(c).await.map(|_| ()))?;
    tx.commit().await?;
    Ok(())
}

async fn expire(db: &Db, actor: &Actor) -> Result<Vec<AccountId>> {
    let mut tx = db.write(actor).await?;
    let expired = overrides::end_expired(&mut tx).await?;
    tx.commit().await?;
    Ok(expired)
}

/// Scores every account of a workspace, step by step.
pub async fn score_all(db: &Db, workspace: WorkspaceId) -> Result<Scored> {
    let actor = Actor::system(workspace);
    let (mut last, mut scored) = (Uuid::nil(), Scored::default());
    loop {
        let ids = next_ids(db, &actor, last).await?;
        let Some(end) = ids.last() else { return Ok(scored) };
        last = end.0;
        scored.add(score_accounts(db, &actor, &ids).await?);
    }
}

pub(super) async fn next_ids(db: &Db, actor: &Actor, after: Uuid) -> Result<Vec<AccountId>> {
    let mut tx = db.read(actor).await?;
    let workspace = tx.workspace();
    let rows: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT id FROM accounts WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(workspace).bind(after).bind(i64::try_from(STEP).unwrap_or(i64::MAX)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// Evaluates these accounts and writes what moved, in one transaction.
pub async fn score_accounts(db: &Db, actor: &Actor, ids: &[AccountId]) -> Result<Scored> {
    // Reading and evaluating need no lock; an account that changes meanwhile is in the log and comes again.
    let (cards, catalogue, gathered) = {
        let mut tx = db.read(actor).await?;
        (scorecards::published(&mut tx).await?, accounts::catalogue(&mut tx).await?, gather(&mut tx, ids).await?)
    };
    let now = db.clock().now();
    let mut scored = Scored { evaluated: u32::try_from(gathered.len()).unwrap_or(u32::MAX), moved: 0 };
    let (mut scores, mut rows, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    for one in &gathered {
        let Some((card, evaluation)) = evaluate_one(one, &cards, &catalogue, now) else { continue };
        let summary = HealthSummary::of(&evaluation, card.scorecard, card.version, &one.history);
        let moved = moved(one.health.as_ref(), summary.as_ref());
        let account = one.record.account.id;
        if moved {
            scores.push(score_row(account, card, &evaluation)?);
            entries.push(entry(account, one.health.as_ref(), summary.as_ref()));
        }
        if moved || !same_trends(one.health.as_ref(), summary.as_ref()) {
            rows.push(
                json!({"id": account, "health": summary.map(|summary| serde_json::to_string(&summary)).transpose()?}),
            );
        }
    }
    if rows.is_empty() {
        return Ok(scored);
    }
    let mut tx = db.write(actor).await?;
    bulk::insert_scores(&mut tx, &scores).await?;
    bulk::set_health(&mut tx, &rows).await?;
    scored.moved = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    entries.into_iter().for_each(|entry| tx.record(entry));
    tx.commit().await?;
    Ok(scored)
}

/// The moments that scores are computed for afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// How many days back they begin.
    pub days: i64,
    /// How many days are between them.
    pub step_days: i64,
}

/// Computes what past scores would have been, for accounts that come with their history. An account's own
/// fields are kept with their present values only; `as_of` gives them those they had at a moment.
pub async fn backfill(
    db: &Db,
    workspace: WorkspaceId,
    past: Past,
    as_of: impl Fn(&Account, Timestamp) -> Account,
) -> Result<u32> {
    let actor = Actor::system(workspace);
    let (mut last, mut written) = (Uuid::nil(), 0);
    loop {
        let ids = next_ids(db, &actor, last).await?;
        let Some(end) = ids.last() else { return Ok(written) };
        last = end.0;
        written += backfill_step(db, &actor, &ids, past, &as_of).await?;
    }
}

async fn backfill_step(
    db: &Db,
    actor: &Actor,
    ids: &[AccountId],
    Past { days, step_days }: Past,
    as_of: impl Fn(&Account, Timestamp) -> Account,
) -> Result<u32> {
    let mut tx = db.write(actor).await?;
    let cards = scorecards::published(&mut tx).await?;
    let catalogue = accounts::catalogue(&mut tx).await?;
    let now = tx.now();
    let gathered = gather_since(&mut tx, ids, now.plus_days(-days - 400).0).await?;
    let mut scores = Vec::new();
    for mut one in gathered {
        let present = one.record.account.clone();
        let (mut ago, mut previous, mut last) = (days, None, None);
        while ago > 0 {
            let at = now.plus_days(-ago);
            ago -= step_days.max(1);
            if present.created_at > at {
                continue;
            }
            one.record.account = as_of(&present, at);
            one.health = previous.take();
            let Some((card, evaluation)) = evaluate_one(&one, &cards, &catalogue, at) else { continue };
            previous = HealthSummary::of(&evaluation, card.scorecard, card.version, &[]);
            if last != evaluation.score {
                last = evaluation.score;
                scores.push(score_row(one.record.account.id, card, &evaluation)?);
            }
        }
    }
    bulk::insert_scores(&mut tx, &scores).await?;
    tx.commit().await?;
    Ok(u32::try_from(scores.len()).unwrap_or(u32::MAX))
}

fn evaluate_one<'a>(
    one: &Gathered,
    cards: &'a [ScorecardVersion],
    catalogue: &Catalogue,
    now: Timestamp,
) -> Option<(&'a ScorecardVersion, Evaluation)> {
    let account = &one.record.account;
    let card = choose_scorecard(cards, |text| applies(text, account, catalogue, now))?;
    let previous_band: Option<Band> = one.health.as_ref().map(|health| health.band);
    let context = Context { now, override_: one.override_.as_ref(), previous_band, season: None };
    Some((card, evaluate(&card.card, &one.record.facts(now), &context)))
}

pub(crate) fn applies(text: &str, account: &Account, catalogue: &Catalogue, now: Timestamp) -> bool {
    struct Row(Map<String, Value>);
    impl filter::Row for Row {
        fn value(&self, key: &str) -> Cow<'_, Value> {
            Cow::Borrowed(fields::get(&self.0, key))
        }
    }
    let (Ok(filter), Ok(row)) = (filter::parse(text, catalogue), document(account)) else { return false };
    filter::matches(&filter, &Scope { catalogue, me: None, now }, &Row(row))
}

fn moved(before: Option<&HealthSummary>, after: Option<&HealthSummary>) -> bool {
    let state = |health: &HealthSummary| {
        (health.score, health.band, health.coverage, health.scorecard, health.version, health.overridden)
    };
    before.map(state) != after.map(state)
}

fn same_trends(before: Option<&HealthSummary>, after: Option<&HealthSummary>) -> bool {
    let trends = |health: &HealthSummary| (health.trend_7d, health.trend_30d, health.trend_90d);
    before.map(trends) == after.map(trends)
}

fn score_row(account: AccountId, card: &ScorecardVersion, evaluation: &Evaluation) -> Result<Value> {
    Ok(json!({
        "account_id": account, "at": evaluation.at, "score": evaluation.score, "band": band_key(evaluation.band),
        "coverage": evaluation.coverage, "scorecard_id": card.scorecard, "version": card.version,
        "evaluation": serde_json::to_string(evaluation)?,
    }))
}

fn entry(account: AccountId, before: Option<&HealthSummary>, after: Option<&HealthSummary>) -> NewEntry {
    let state = |health: Option<&HealthSummary>| match health {
        Some(health) => Map::from_iter([
            ("score".to_owned(), json!(health.score)),
            ("band".to_owned(), json!(health.band.key())),
            ("coverage".to_owned(), json!(health.coverage)),
        ]),
        None => Map::new(),
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

impl Scored {
    fn add(&mut self, more: Self) {
        self.evaluated += more.evaluated;
        self.moved += more.moved;
    }
}
