//! The engine's desk: what accounts are looked at with, the look itself, and what it writes.

use std::collections::{BTreeSet, HashMap};

use domain::alerts::engine::{Engine, Found, Moved, Standing, Watch};
use domain::alerts::facts::{self, Extra, Facts, Known};
use domain::alerts::ladder::Calendar;
use domain::alerts::{Alert, Input, Inputs, Rule};
use domain::health::{Needs, summarise_change};
use domain::id::{AccountId, AlertId, WorkspaceId};
use domain::identity::Actor;
use domain::time::{DAY_MS, Timestamp};
use uuid::Uuid;

use super::reader::{self, READER, Seen};
use super::watches::{self, Stand};
use super::{portfolio, rules};
use crate::accounts;
use crate::error::Result;
use crate::health::{self, Gathered, Profiles, gather_needed, mark, next_ids, set_marks};
use crate::pool::Db;
use crate::tx::{Tx, on};

/// Accounts that are looked at in one transaction, so that people's writes come in between.
const STEP: usize = 500;
/// Accounts whose time has come that one call looks at; the next call takes the others.
const DUE_MAX: i64 = 20_000;
/// How far back records are read: tickets before the last 60 days, and then some.
const BACK_DAYS: u32 = 60;
/// The middle account's revenue, worked out once a day.
const TYPICAL: &str = "alerts.typical";
/// The day of that.
const TYPICAL_DAY: &str = "alerts.typical_day";

/// What a call of the engine did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Accounts that were looked at.
    pub accounts: u32,
    /// Rules that were held against one of them.
    pub evaluated: u32,
    /// Alerts raised.
    pub raised: u32,
    /// Alerts brought up to date.
    pub updated: u32,
    /// Alerts that ended by themselves.
    pub resolved: u32,
}

impl Looked {
    pub(super) fn count(&mut self, moved: Moved) {
        match moved {
            Moved::Raised => self.raised += 1,
            Moved::Resolved => self.resolved += 1,
            Moved::Updated | Moved::Woken | Moved::Escalated => self.updated += 1,
        }
    }
}

/// What accounts are looked at with.
pub(super) struct Desk {
    pub rules: Vec<Rule>,
    pub engine: Engine,
    pub seasons: Profiles,
}

impl Desk {
    /// Returns what is in force.
    pub(super) async fn of(tx: &mut Tx, rules: Vec<Rule>) -> Result<Self> {
        let catalogue = accounts::catalogue(tx).await?;
        let typical = typical(tx).await?;
        let engine = Engine::new(&rules, &catalogue, typical);
        Ok(Self { rules, engine, seasons: health::profiles(tx).await? })
    }

    /// Returns the facts of an account at a moment.
    pub(super) fn facts(&self, one: &Gathered, now: Timestamp) -> Facts {
        let category = one.record.account.category.as_ref();
        let extra = Extra {
            health: one.health.as_ref(),
            history: &one.history,
            season: category.and_then(|category| self.seasons.get(category)),
            churn_pct: one.churn.map(|churn| churn.pct.as_f64()),
            typical_minor: self.engine.typical_minor,
            ..Extra::default()
        };
        facts::gather(&one.record, &extra, now)
    }
}

/// Reads the log from where the engine stopped and looks at the accounts that something happened to, as far as their
/// rules depend on it, and at those whose time has come.
pub async fn catch_up(db: &Db, workspace: WorkspaceId) -> Result<Looked> {
    let actor = Actor::system(workspace);
    let seen = reader::read(db, &actor).await?;
    let due = watches::due(&mut db.read(&actor).await?, DUE_MAX).await?;
    let mut looked = Looked::default();
    if seen.end.is_none() && due.is_empty() {
        return Ok(looked);
    }
    refresh_typical(db, &actor).await?;
    let desk = {
        let mut tx = db.read(&actor).await?;
        let rules = rules::rules(&mut tx).await?;
        Desk::of(&mut tx, rules).await?
    };
    let end = seen.end;
    let portfolio_due = (seen.everybody || seen.whole || due.contains(&portfolio::ID), seen.health);
    look_at_all(db, &actor, &desk, seen, due, &mut looked).await?;
    portfolio::look(db, &actor, &desk, portfolio_due, &mut looked).await?;
    if let Some(end) = end {
        set_marks(db, &actor, &[(READER, end)]).await?;
    }
    Ok(looked)
}

/// Returns the next moment at which time alone can raise or end an alert.
pub async fn due_at(db: &Db, workspace: WorkspaceId) -> Result<Option<Timestamp>> {
    watches::next_due(&mut db.read(&Actor::system(workspace)).await?).await
}

async fn look_at_all(
    db: &Db,
    actor: &Actor,
    desk: &Desk,
    seen: Seen,
    due: Vec<AccountId>,
    looked: &mut Looked,
) -> Result<()> {
    if seen.everybody {
        let mut last = Uuid::nil();
        loop {
            let ids = next_ids(&mut db.read(actor).await?, last).await?;
            let Some(end) = ids.last() else { return Ok(()) };
            last = end.0;
            let step: Vec<Wanted> = ids.into_iter().map(|id| (id, None)).collect();
            look(db, actor, desk, &step, looked).await?;
        }
    }
    let mut wanted = seen.touched;
    for account in due.into_iter().filter(|account| *account != portfolio::ID) {
        wanted.insert(account, None);
    }
    // Where no rule reads what changed, nothing is even gathered; what ends a pause may be anything.
    let waiting = watches::waiting(&mut db.read(actor).await?).await?;
    wanted.retain(|account, changed| {
        waiting.contains(account) || changed.as_ref().is_none_or(|changed| desk.engine.reads(changed))
    });
    let wanted: Vec<Wanted> = wanted.into_iter().collect();
    for step in wanted.chunks(STEP) {
        look(db, actor, desk, step, looked).await?;
    }
    Ok(())
}

/// An account, and what can be another there; none where anything can.
type Wanted = (AccountId, Option<Inputs>);

/// Looks at some accounts, and writes what became of their alerts in one transaction.
async fn look(db: &Db, actor: &Actor, desk: &Desk, wanted: &[Wanted], looked: &mut Looked) -> Result<()> {
    let ids: Vec<AccountId> = wanted.iter().map(|(id, _)| *id).collect();
    // Reading and evaluating need no lock; an account that changes meanwhile is in the log and comes again.
    let mut tx = db.read(actor).await?;
    let now = tx.now();
    let stand = watches::stand(&mut tx, &ids).await?;
    let gathered = gather_needed(&mut tx, &ids, needs(desk, wanted, &stand, now)).await?;
    let mut found = evaluate(desk, &gathered, wanted, &stand, now);
    for (account, found) in &mut found {
        for one in found.moves.iter_mut().filter(|one| one.moved == Moved::Raised) {
            let category = gathered.iter().find(|one| one.record.account.id == *account);
            let category = category.and_then(|one| one.record.account.category.clone());
            one.alert.reason.cause = cause(&mut tx, &one.alert, category).await?;
        }
    }
    drop(tx);
    looked.accounts += u32::try_from(found.len()).unwrap_or(0);
    looked.evaluated += found.iter().map(|(_, found)| found.evaluated).sum::<u32>();
    write(db, actor, &stand, found, looked).await?;
    let gone: BTreeSet<AccountId> = gathered.iter().map(|one| one.record.account.id).collect();
    let gone: Vec<AccountId> =
        ids.into_iter().filter(|id| !gone.contains(id) && stand.watches.contains_key(id)).collect();
    if !gone.is_empty() {
        let mut tx = db.write(actor).await?;
        for account in gone {
            watches::forget(&mut tx, account).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

fn evaluate(
    desk: &Desk,
    gathered: &[Gathered],
    wanted: &[Wanted],
    stand: &Stand,
    now: Timestamp,
) -> Vec<(AccountId, Found)> {
    let calendar = |_: &Alert| Calendar::default();
    let pass = desk.engine.pass(now).with_ladder(&calendar);
    let wanted: HashMap<AccountId, Option<&Inputs>> =
        wanted.iter().map(|(id, changed)| (*id, changed.as_ref())).collect();
    let nothing = Watch::default();
    let mut new_id = || AlertId(Uuid::now_v7());
    let mut all = Vec::with_capacity(gathered.len());
    for one in gathered {
        let account = &one.record.account;
        let facts = desk.facts(one, now);
        let known = Known::new(account, one.health.as_ref(), &facts);
        let watch = stand.watches.get(&account.id);
        let standing = Standing {
            alerts: stand.alerts.get(&account.id).map_or(&[][..], Vec::as_slice),
            watch: watch.map_or(&nothing, |(watch, _)| watch),
        };
        // Whoever was never looked at, or whose time has come meanwhile, is looked at whole.
        let is_early = watch.is_some_and(|(_, due)| *due > now);
        let changed = wanted.get(&account.id).copied().flatten().filter(|_| is_early);
        let mut found = pass.look(&known, standing, changed, &mut new_id);
        if let Some((_, due)) = watch.filter(|_| changed.is_some()) {
            found.due = found.due.min(*due);
        }
        all.push((account.id, found));
    }
    all
}

async fn write(
    db: &Db,
    actor: &Actor,
    stand: &Stand,
    found: Vec<(AccountId, Found)>,
    looked: &mut Looked,
) -> Result<()> {
    let is_news = |(account, found): &(AccountId, Found)| {
        !found.moves.is_empty()
            || stand.watches.get(account).is_none_or(|(watch, due)| (watch, due) != (&found.watch, &found.due))
    };
    let found: Vec<(AccountId, Found)> = found.into_iter().filter(is_news).collect();
    if found.is_empty() {
        return Ok(());
    }
    let mut tx = db.write(actor).await?;
    let moves: Vec<_> = found.iter().flat_map(|(_, found)| found.moves.iter().cloned()).collect();
    let before = watches::unchanged(&mut tx, &moves).await?;
    // What a person did meanwhile stands; the line in the log brings the account back.
    let is_still = |found: &Found| {
        found.moves.iter().all(|one| one.moved == Moved::Raised || before.contains_key(&one.alert.id.0))
    };
    let still: Vec<&(AccountId, Found)> = found.iter().filter(|(_, found)| is_still(found)).collect();
    let moves: Vec<_> = still.iter().flat_map(|(_, found)| found.moves.iter().cloned()).collect();
    let moves = watches::not_raised_yet(&mut tx, moves).await?;
    watches::write_moves(&mut tx, &moves, &before).await?;
    let rows: Vec<_> = still.iter().map(|(account, found)| (*account, &found.watch, found.due)).collect();
    watches::write(&mut tx, &rows).await?;
    tx.commit().await?;
    moves.iter().for_each(|one| looked.count(one.moved));
    Ok(())
}

/// Returns what of the records the rules read that will be looked at.
fn needs(desk: &Desk, wanted: &[Wanted], stand: &Stand, now: Timestamp) -> Needs {
    let waits = stand.alerts.values().flatten().any(|alert| alert.snoozed_while.is_some());
    let is_whole = |id: &AccountId| stand.watches.get(id).is_none_or(|(_, due)| *due <= now);
    if waits || wanted.iter().any(|(id, changed)| changed.is_none() || is_whole(id)) {
        return Needs::everything(BACK_DAYS);
    }
    let mut reads = Inputs::default();
    for rule in desk.engine.rules() {
        if wanted.iter().any(|(_, changed)| changed.as_ref().is_some_and(|changed| rule.reads_open.meets(changed))) {
            reads.extend(rule.gathers.clone());
        }
    }
    let has = |input: Input| reads.of.contains(&input);
    Needs {
        usage_days: has(Input::Usage).then_some(BACK_DAYS),
        last_use: has(Input::Usage),
        tickets: has(Input::Tickets),
        surveys: has(Input::Surveys),
        invoices: has(Input::Invoices),
        contacts: has(Input::Contacts),
        touches: has(Input::Touches),
        news: has(Input::Signals),
        looks: has(Input::Signals),
    }
}

/// Returns what an alert may share with others: the measure that lost most where health fell, the line of business
/// where usage did.
async fn cause(tx: &mut Tx, alert: &Alert, category: Option<String>) -> Result<Option<String>> {
    let Some(account) = alert.account_id else { return Ok(None) };
    match alert.reason.key.as_str() {
        "score_drop" => {
            let days = alert.reason.numbers.get("window").copied().unwrap_or(30.0) as i64;
            let now = tx.now();
            let after = health::evaluation_at(tx, account, now).await?;
            let before = health::evaluation_at(tx, account, now.plus_days(-days)).await?;
            let (Some(before), Some(after)) = (before, after) else { return Ok(None) };
            let causes = summarise_change(&before.evaluation, &after.evaluation).causes;
            Ok(causes.into_iter().min_by_key(|cause| cause.delta).map(|cause| cause.key))
        }
        "usage_drop" => Ok(category),
        _ => Ok(None),
    }
}

/// Returns the middle account's revenue of a year in minor units, as of today.
async fn typical(tx: &mut Tx) -> Result<i64> {
    Ok(mark(tx, TYPICAL).await?.unwrap_or_default())
}

/// Works the middle account's revenue out once a day.
pub(super) async fn refresh_typical(db: &Db, actor: &Actor) -> Result<()> {
    let mut tx = db.read(actor).await?;
    let today = tx.now().0.div_euclid(DAY_MS);
    let known = mark(&mut tx, TYPICAL_DAY).await?;
    let is_known = mark(&mut tx, TYPICAL).await?.is_some_and(|typical| typical > 0);
    if known == Some(today) && is_known {
        return Ok(());
    }
    let workspace = tx.workspace();
    let count: i64 = on!(tx, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL AND annual_minor > 0")
        .bind(workspace).fetch_one(c).await)?;
    let middle: Option<(i64,)> = on!(tx, c => sqlx::query_as(
        "SELECT annual_minor FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL AND annual_minor > 0 \
         ORDER BY annual_minor LIMIT 1 OFFSET $2").bind(workspace).bind(count / 2).fetch_optional(c).await)?;
    drop(tx);
    if known == Some(today) && middle.is_none() {
        return Ok(());
    }
    set_marks(db, actor, &[(TYPICAL, middle.map_or(0, |(minor,)| minor)), (TYPICAL_DAY, today)]).await
}
