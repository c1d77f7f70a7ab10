//! The laboratory's reader of the past: what scorecards would have said at past moments, and what then happened.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use domain::accounts::Account;
use domain::fields::Catalogue;
use domain::filter::{self, Filter};
use domain::health::Needs;
use domain::identity::Actor;
use domain::lab::replay::{LineUp, Replay, Story};
use domain::time::Timestamp;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::chronicle::chronicle;
use super::step::Step;
use crate::accounts;
use crate::error::{Error, Result};
use crate::health::{holds, profiles};
use crate::pool::Db;
use crate::tx::{Tx, on};

/// Threads that tell stories while the next accounts are read.
const TELLERS: usize = 2;

/// The stories that each set of scorecards tells.
type Stories = Vec<Vec<Story>>;

/// Replays the last months, one moment every 30 days, for each line-up of scorecards.
///
/// A moment sees what the change log knew by then: the fields of the account and their ages, what hung on it, and the
/// override in force; a day of usage counts from its own date. Seasons are those that are known now. Accounts that did
/// not exist yet or had left are not scored. After each step `go_on` hears how many accounts are done and how many
/// there are, and ends the replay by refusing.
pub async fn replay<F: Future<Output = Result<()>>>(
    db: &Db,
    actor: &Actor,
    line_ups: &[LineUp],
    months: u32,
    go_on: impl Fn(u32, u32) -> F,
) -> Result<Vec<Vec<Story>>> {
    let (total, reading) = {
        let mut tx = db.read(actor).await?;
        (accounts_of(&mut tx).await?, Reading::of(&mut tx, line_ups, months).await?)
    };
    let mut stories: Stories = vec![Vec::new(); line_ups.len()];
    let (mut done, mut behind) = (0, Uuid::nil());
    let mut telling: VecDeque<JoinHandle<Result<Stories>>> = VecDeque::new();
    loop {
        go_on(done, total).await?;
        // A transaction for each step: a reader that stays for minutes keeps the log of SQLite from being folded in.
        let step = Step::read(&mut db.read(actor).await?, behind, reading.needs, reading.replay.begin).await?;
        let next = step.accounts.last().map(|(id, _)| *id);
        // The next accounts are read while the last ones are told.
        while telling.len() >= if next.is_some() { TELLERS } else { 1 } {
            let Some(told) = telling.pop_front() else { break };
            let told = told.await.map_err(|error| Error::Stored(format!("a replay: {error}")))??;
            stories.iter_mut().zip(told).for_each(|(all, told)| all.extend(told));
        }
        let Some(next) = next else { return Ok(stories) };
        behind = next;
        done += u32::try_from(step.accounts.len()).unwrap_or(0);
        let reading = reading.clone();
        telling.push_back(tokio::task::spawn_blocking(move || reading.tell(&step)));
    }
}

async fn accounts_of(tx: &mut Tx) -> Result<u32> {
    let workspace = tx.workspace();
    let (count,): (i64,) = on!(tx, c => sqlx::query_as("SELECT count(*) FROM accounts WHERE workspace_id = $1")
        .bind(workspace).fetch_one(c).await)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// What the accounts are read with.
#[derive(Clone)]
struct Reading {
    replay: Arc<Replay>,
    needs: Needs,
    catalogue: Arc<Catalogue>,
    /// The filters of the scorecards by their text; those that cannot be read are left out and hold for nobody.
    filters: Arc<HashMap<String, Filter>>,
}

impl Reading {
    async fn of(tx: &mut Tx, line_ups: &[LineUp], months: u32) -> Result<Self> {
        let (catalogue, seasons) = (accounts::catalogue(tx).await?, profiles(tx).await?);
        let cards = || line_ups.iter().flatten().map(|version| &version.card);
        let mut filters = HashMap::new();
        for card in cards() {
            let text = card.applies_to.trim();
            let resolved = accounts::resolved_text(tx, text, &catalogue).await?;
            if let Ok(filter) = filter::parse(&resolved, &catalogue) {
                filters.insert(text.to_owned(), filter);
            }
        }
        Ok(Self {
            needs: Needs::of(cards(), 0),
            filters: Arc::new(filters),
            catalogue: Arc::new(catalogue),
            replay: Arc::new(Replay::new(line_ups.to_vec(), seasons, months, tx.now())),
        })
    }

    /// Tells the stories of the accounts of a step.
    fn tell(&self, step: &Step) -> Result<Stories> {
        let applies = |text: &str, account: &Account, at: Timestamp| {
            self.filters.get(text).is_some_and(|filter| holds(filter, account, &self.catalogue, at))
        };
        let mut stories: Stories = vec![Vec::new(); self.replay.line_ups.len()];
        for account in &step.accounts {
            let told = self.replay.tell(&chronicle(step, account, &self.replay)?, applies);
            stories.iter_mut().zip(told).for_each(|(all, told)| all.extend(told));
        }
        Ok(stories)
    }
}
