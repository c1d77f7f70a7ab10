//! The laboratory's reader of the past: what scorecards would have said at past moments, and what then happened.

use domain::accounts::Account;
use domain::changes::{Change, Entry};
use domain::fields;
use domain::health::{Band, Context, ScorecardVersion, choose_scorecard, evaluate};
use domain::identity::Actor;
use domain::lab::replay::{Said, Story, has_left, outcomes};
use domain::time::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::Result;
use crate::health::{Gathered, applies, gather_since, next_ids};
use crate::pool::Db;
use crate::subjects::{document, from_document};
use crate::tx::{Tx, on};
use crate::{accounts, log};

/// Days between two moments of a replay.
const STEP_DAYS: i64 = 30;
/// How far before the first moment records are read: the longest look-back of a measure and a year of surveys.
const BACK_DAYS: i64 = 400;

/// Scorecards that score accounts together, as those in force do, or those with a draft in the place of one.
pub(super) type LineUp = Vec<ScorecardVersion>;

/// Replays the last months, one moment every 30 days, for each line-up of scorecards.
///
/// A moment sees the account's own fields as the change log knows them, and of everything else what was recorded by
/// then. Accounts that did not exist yet or had left are not scored. After each step `go_on` hears how many accounts
/// are done and how many there are, and ends the replay by refusing.
pub(super) async fn replay<F: Future<Output = Result<()>>>(
    db: &Db,
    actor: &Actor,
    line_ups: &[LineUp],
    months: u32,
    go_on: impl Fn(u32, u32) -> F,
) -> Result<Vec<Vec<Story>>> {
    let now = db.clock().now();
    let begin = now.plus_days(-STEP_DAYS * i64::from(months));
    let mut stories: Vec<Vec<Story>> = vec![Vec::new(); line_ups.len()];
    let (total, catalogue) = {
        let mut tx = db.read(actor).await?;
        (accounts_of(&mut tx).await?, accounts::catalogue(&mut tx).await?)
    };
    let (mut done, mut last) = (0, Uuid::nil());
    loop {
        go_on(done, total).await?;
        // A transaction for each step: a reader that stays for minutes keeps the log of SQLite from being folded in.
        let mut tx = db.read(actor).await?;
        let ids = next_ids(&mut tx, last).await?;
        let Some(end) = ids.last() else { return Ok(stories) };
        last = end.0;
        done += u32::try_from(ids.len()).unwrap_or(0);
        for one in gather_since(&mut tx, &ids, begin.plus_days(-BACK_DAYS).0).await? {
            let entries = log::of_account_itself(&mut tx, one.record.account.id, begin).await?;
            let states = states(&one.record.account, entries, begin)?;
            let matches = |text: &str, account: &Account, at| applies(text, account, &catalogue, at);
            for (told, line_up) in stories.iter_mut().zip(line_ups) {
                told.extend(tell(&one, &states, line_up, (begin, now), matches));
            }
        }
    }
}

async fn accounts_of(tx: &mut Tx) -> Result<u32> {
    let workspace = tx.workspace();
    let (count,): (i64,) = on!(tx, c => sqlx::query_as("SELECT count(*) FROM accounts WHERE workspace_id = $1")
        .bind(workspace).fetch_one(c).await)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Returns the states that an account went through, oldest first, each with the moment from which it held.
fn states(present: &Account, entries: Vec<Entry>, begin: Timestamp) -> Result<Vec<(Timestamp, Account)>> {
    let mut states = Vec::new();
    let mut document: Option<Map<String, Value>> = Some(document(present)?);
    for entry in entries {
        // What was changed twice at the same moment held only in its last state.
        let held = states.last().is_none_or(|(at, _): &(Timestamp, Account)| *at != entry.at);
        if let Some(state) = document.clone().filter(|_| held) {
            states.push((entry.at, from_document(state)?));
        }
        document = rewind(document, &entry);
    }
    if let Some(state) = document {
        states.push((begin, from_document(state)?));
    }
    states.reverse();
    Ok(states)
}

/// Returns the document as it was before an entry.
fn rewind(document: Option<Map<String, Value>>, entry: &Entry) -> Option<Map<String, Value>> {
    match entry.change {
        Change::Created => None,
        Change::Deleted => Some(entry.before.clone()),
        Change::Updated => document.map(|mut document| {
            for (key, value) in &entry.before {
                match key.as_str() {
                    key if value.is_null() && !key.starts_with("custom.") => {
                        document.remove(key);
                    }
                    key => fields::set(&mut document, key, value.clone()),
                }
            }
            document
        }),
        _ => document,
    }
}

/// Tells the story of one account, as a line-up of scorecards would have seen it.
fn tell(
    one: &Gathered,
    states: &[(Timestamp, Account)],
    line_up: &LineUp,
    (begin, now): (Timestamp, Timestamp),
    matches: impl Fn(&str, &Account, Timestamp) -> bool,
) -> Option<Story> {
    let (mut at, mut said, mut previous) = (begin, Vec::new(), None::<Band>);
    let mut record = one.record.clone();
    while at <= now {
        let state = states.iter().rev().find(|(since, _)| *since <= at);
        let seen = state.filter(|(_, account)| account.created_at <= at && !has_left(account));
        if let Some((_, account)) = seen.filter(|(_, account)| account.archived_at.is_none_or(|archived| archived > at))
        {
            record.account.clone_from(account);
            if let Some(card) = choose_scorecard(line_up, |text| matches(text, account, at)) {
                let context = Context { previous_band: previous, ..Context::at(at) };
                let evaluation = evaluate(&card.card, &record.facts(at), &context);
                previous = evaluation.band;
                said.push(Said::of(&evaluation, account, card.scorecard));
            }
        }
        at = at.plus_days(STEP_DAYS);
    }
    let (account, currency) = (one.record.account.id, one.record.account.currency);
    (!said.is_empty()).then(|| Story { account, currency, said, outcomes: outcomes(states) })
}
