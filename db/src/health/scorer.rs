//! The scorer: a reader of the change log that evaluates what was touched.

use std::borrow::Cow;

use domain::accounts::Account;
use domain::changes::Change;
use domain::fields::{Catalogue, Subject};
use domain::filter::{self, Filter, Scope};
use domain::health::{Band, Context, Evaluation, HealthSummary, Points, ScorecardVersion, choose_scorecard, evaluate};
use domain::id::{AccountId, WorkspaceId};
use domain::identity::Actor;
use domain::time::{DAY_MS, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::reader::{self, Seen};
use super::records::{Gathered, gather_for};
use super::{band_key, overrides, rollups, scorecards, seasons, shadow};
use crate::bulk::ScoreRow;
use crate::error::Result;
use crate::pool::Db;
use crate::subjects::document;
use crate::tx::{NewEntry, Tx, on};
use crate::{accounts, bulk, churn, formula, log};

/// Accounts that are scored in one transaction, so that people's writes come in between.
const STEP: usize = 500;
/// Least move of a score that is written where nothing happened but time: what was stored is never further off, and
/// a quiet day does not write a hundred thousand evaluations.
const DRIFT: Points = Points(Points::MICRO / 2);

/// What a call of the scorer did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scored {
    /// Accounts that were looked at.
    pub evaluated: u32,
    /// Accounts whose score, band or coverage moved.
    pub moved: u32,
}

/// Why accounts are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// Something happened to them, or to what they are scored with.
    Touched,
    /// A day has passed.
    Time,
}

/// What accounts are scored with.
pub(super) struct Rules {
    pub(super) cards: Vec<ScorecardVersion>,
    pub(super) catalogue: Catalogue,
    pub(super) seasons: seasons::Profiles,
}

impl Rules {
    /// Returns what is in force.
    pub(super) async fn of(tx: &mut Tx) -> Result<Self> {
        Ok(Self {
            cards: scorecards::in_force(tx).await?,
            catalogue: accounts::catalogue(tx).await?,
            seasons: seasons::profiles(tx).await?,
        })
    }

    /// Returns a number that differs where the scorecards differ, after Fowler, Noll and Vo.
    fn fingerprint(&self) -> i64 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        // The filter counts, too: another person of that name is another filter without another version.
        let versions = self.cards.iter().flat_map(|card| {
            let (id, filter) = (card.scorecard.0.as_bytes(), card.card.applies_to.as_bytes());
            [id.as_slice(), &card.version.to_be_bytes(), filter].concat()
        });
        for byte in versions {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        hash.cast_signed()
    }
}

/// Reads the log from where the scorer stopped and scores every account that was touched; once a day, every account,
/// since time alone makes values older.
pub async fn catch_up(db: &Db, workspace: WorkspaceId) -> Result<Scored> {
    let actor = Actor::system(workspace);
    // Computed fields are facts like any other, so they come first.
    formula::catch_up(db, &actor).await?;
    let mut seen = reader::read(db, &actor).await?;
    if !seen.fields.is_empty() {
        let mut tx = db.write(&actor).await?;
        std::mem::take(&mut seen.fields).write(&mut tx).await?;
        tx.commit().await?;
    }
    seen.touched.extend(overrides::end_expired(db, &actor).await?);
    let mut marks: Vec<(&'static str, i64)> = seen.end.map(|end| (reader::SCORER, end)).into_iter().collect();
    let today = db.clock().now().0.div_euclid(DAY_MS);
    let is_new_day = reader::mark(&mut db.read(&actor).await?, reader::DAY).await? != Some(today);
    if is_new_day {
        marks.push((reader::DAY, today));
    }
    if is_new_day || seen.seasons {
        seen.touched.extend(seasons::learn(db, &actor).await?);
    }
    let everybody = refit(db, &actor, &mut seen, &mut marks).await? | seen.rescore;
    let scored = score(db, &actor, seen, everybody, is_new_day).await?;
    reader::set_marks(db, &actor, &marks).await?;
    churn::catch_up(db, &actor).await?;
    shadow::catch_up(db, &actor).await?;
    Ok(scored)
}

/// Fits the scorecard where that may be needed; returns whether there are other scorecards than before.
async fn refit(db: &Db, actor: &Actor, seen: &mut Seen, marks: &mut Vec<(&'static str, i64)>) -> Result<bool> {
    if !seen.refit && !seen.touched.is_empty() {
        seen.refit = scorecards::measures_nothing(&mut db.read(actor).await?).await?;
    }
    if seen.refit {
        let mut tx = db.write(actor).await?;
        seen.cards |= scorecards::refit_default(&mut tx).await?;
        tx.commit().await?;
    }
    if !seen.cards {
        return Ok(false);
    }
    let mut tx = db.read(actor).await?;
    let fingerprint = Rules::of(&mut tx).await?.fingerprint();
    let is_other = reader::mark(&mut tx, reader::CARDS).await? != Some(fingerprint);
    if is_other {
        marks.push((reader::CARDS, fingerprint));
    }
    Ok(is_other)
}

async fn score(db: &Db, actor: &Actor, seen: Seen, everybody: bool, is_new_day: bool) -> Result<Scored> {
    let rules = Rules::of(&mut db.read(actor).await?).await?;
    let mut scored = Scored::default();
    let (touched, mut parents) = (seen.touched, seen.parents);
    if everybody || is_new_day {
        let mut last = Uuid::nil();
        loop {
            let ids = next_ids(db, actor, last).await?;
            let Some(end) = ids.last() else { break };
            last = end.0;
            let (busy, quiet): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| everybody || touched.contains(id));
            scored.add(score_step(db, actor, &busy, &rules, Why::Touched).await?);
            scored.add(score_step(db, actor, &quiet, &rules, Why::Time).await?);
        }
        parents.extend(rollups::all_parents(&mut db.read(actor).await?).await?);
    } else {
        let touched: Vec<AccountId> = touched.into_iter().collect();
        for step in touched.chunks(STEP) {
            scored.add(score_step(db, actor, step, &rules, Why::Touched).await?);
            parents.extend(rollups::parents_of(&mut db.read(actor).await?, step).await?);
        }
        if seen.rollup {
            parents.extend(rollups::all_parents(&mut db.read(actor).await?).await?);
        }
    }
    rollups::refresh(db, actor, parents).await?;
    Ok(scored)
}

/// Notes that everything in the log so far has been scored.
pub async fn caught_up(db: &Db, workspace: WorkspaceId) -> Result<()> {
    let actor = Actor::system(workspace);
    let mut tx = db.read(&actor).await?;
    let (end, cards) = (log::last_seq(&mut tx).await?, Rules::of(&mut tx).await?.fingerprint());
    drop(tx);
    let today = db.clock().now().0.div_euclid(DAY_MS);
    reader::set_marks(db, &actor, &[(reader::SCORER, end), (reader::DAY, today), (reader::CARDS, cards)]).await
}

/// Learns what is busy when in each line of business, from the usage there is.
pub async fn learn_seasons(db: &Db, workspace: WorkspaceId) -> Result<()> {
    seasons::learn(db, &Actor::system(workspace)).await?;
    Ok(())
}

/// Scores every account of a workspace, step by step, and rolls the scores up.
pub async fn score_all(db: &Db, workspace: WorkspaceId) -> Result<Scored> {
    let seen = Seen::default();
    score(db, &Actor::system(workspace), seen, true, false).await
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
    let rules = Rules::of(&mut db.read(actor).await?).await?;
    score_step(db, actor, ids, &rules, Why::Touched).await
}

async fn score_step(db: &Db, actor: &Actor, ids: &[AccountId], rules: &Rules, why: Why) -> Result<Scored> {
    if ids.is_empty() {
        return Ok(Scored::default());
    }
    // Reading and evaluating need no lock; an account that changes meanwhile is in the log and comes again.
    let gathered = gather_for(&mut db.read(actor).await?, ids, &rules.cards).await?;
    let now = db.clock().now();
    let mut scored = Scored { evaluated: u32::try_from(gathered.len()).unwrap_or(u32::MAX), moved: 0 };
    let (mut scores, mut rows, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    for one in &gathered {
        let Some((card, evaluation)) = evaluate_one(one, rules, now) else { continue };
        let mut summary = HealthSummary::of(&evaluation, card.scorecard, card.version, &one.history);
        let before = one.health.as_ref();
        if why == Why::Time {
            hold_still(before, &mut summary, &one.history, now);
        }
        let moved = moved(before, summary.as_ref());
        let account = one.record.account.id;
        if moved {
            scores.push(score_row(account, card, &evaluation)?);
            entries.push(entry(account, before, summary.as_ref()));
        }
        if moved || !same_trends(before, summary.as_ref()) {
            rows.push(
                json!({"id": account, "health": summary.map(|summary| serde_json::to_string(&summary)).transpose()?}),
            );
        }
    }
    if rows.is_empty() {
        return Ok(scored);
    }
    let mut tx = db.write(actor).await?;
    bulk::insert_scores(&mut tx, scores).await?;
    bulk::set_health(&mut tx, &rows).await?;
    scored.moved = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    entries.into_iter().for_each(|entry| tx.record(entry));
    tx.commit().await?;
    Ok(scored)
}

/// Leaves a score as it was where only time passed and it moved by next to nothing; its trends move on.
fn hold_still(
    before: Option<&HealthSummary>,
    after: &mut Option<HealthSummary>,
    history: &[(Timestamp, Points)],
    now: Timestamp,
) {
    let (Some(old), Some(new)) = (before, after.as_ref()) else { return };
    let same = |health: &HealthSummary| (health.band, health.scorecard, health.version, health.overridden);
    let near = |a: Points, b: Points| (a - b).abs() < DRIFT;
    if same(old) == same(new) && near(old.score, new.score) && near(old.coverage, new.coverage) {
        let mut held = old.clone();
        held.refresh_trends(history, now);
        *after = Some(held);
    }
}

/// Evaluates an account with the scorecard that applies to it, and the season of its category.
pub(super) fn evaluate_one<'a>(
    one: &Gathered,
    rules: &'a Rules,
    now: Timestamp,
) -> Option<(&'a ScorecardVersion, Evaluation)> {
    let account = &one.record.account;
    let card = choose_scorecard(&rules.cards, |text| applies(text, account, &rules.catalogue, now))?;
    let previous_band: Option<Band> = one.health.as_ref().map(|health| health.band);
    let season = account.category.as_ref().and_then(|category| rules.seasons.get(category));
    let context = Context { now, override_: one.override_.as_ref(), previous_band, season };
    Some((card, evaluate(&card.card, &one.record.facts(now), &context)))
}

pub(crate) fn applies(text: &str, account: &Account, catalogue: &Catalogue, now: Timestamp) -> bool {
    filter::parse(text, catalogue).is_ok_and(|filter| holds(&filter, account, catalogue, now))
}

/// Returns whether a filter holds for an account at a moment.
pub(crate) fn holds(filter: &Filter, account: &Account, catalogue: &Catalogue, now: Timestamp) -> bool {
    struct Row(Map<String, Value>);
    impl filter::Row for Row {
        fn value(&self, key: &str) -> Cow<'_, Value> {
            domain::accounts::value(&self.0, key)
        }
    }
    let Ok(row) = document(account) else { return false };
    filter::matches(filter, &Scope { catalogue, me: None, now }, &Row(row))
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

pub(super) fn score_row(account: AccountId, card: &ScorecardVersion, evaluation: &Evaluation) -> Result<ScoreRow> {
    Ok(ScoreRow {
        account: account.0,
        at: evaluation.at.0,
        score: evaluation.score.map(|score| score.0),
        band: band_key(evaluation.band),
        coverage: evaluation.coverage.0,
        scorecard: card.scorecard.0,
        version: i64::from(card.version),
        evaluation: serde_json::to_string(evaluation)?,
    })
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
