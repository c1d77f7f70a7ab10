//! Fills a workspace with the demo portfolio, its history and its scores.
//!
//! The change log is written as if Keepwell had been there all along: every state that an account and what hangs on
//! it went through is a line at its own time, in order of time over the whole portfolio. The documents are what the
//! log comes to. Killed in between, the documents are there and part of the log is not: a demo is begun anew then.

mod chapters;
mod computed;
mod news;

use std::collections::HashMap;
use std::sync::Mutex;

use domain::accounts::Account;
use domain::id::{AccountId, UserId, WorkspaceId};
use domain::identity::Actor;
use domain::time::Timestamp;

use crate::error::Result;
use crate::health::Past;
use crate::pool::Db;
use crate::seeds::history::States;
use crate::seeds::{self, Options, Volume};
use crate::subjects::Table::{Accounts, Activities, Contacts, Invoices, Surveys, Tickets};
use crate::{alerts, bulk, churn, health, todos, usage};
use chapters::{Chapter, Page, Window};
pub use computed::add_computed_fields;

/// Lines of the log that are written in one transaction.
const LINES_STEP: usize = 20_000;
/// Portfolios up to this size get two years in detail.
const FULL_MAX: u32 = 2_000;
/// Portfolios above this size get half as many scores of the past.
const LARGE_MIN: u32 = 20_000;

/// Tells a portfolio and writes it: accounts, people, usage, tickets, invoices, surveys and activities with all that
/// happened to them, then the scores they would have had. The same seed makes the same portfolio. `progress` hears how
/// many accounts are written.
pub async fn fill(
    db: &Db,
    workspace: WorkspaceId,
    owners: &[UserId],
    accounts: u32,
    seed: u64,
    progress: impl Fn(u32),
) -> Result<()> {
    let actor = Actor::system(workspace);
    let volume = if accounts <= FULL_MAX { Volume::Full } else { Volume::Light };
    let options = Options { seed, accounts, now: db.clock().now(), owners: owners.to_vec(), volume };
    let windows = chapters::windows(options.clone()).await?;
    for (place, window) in windows.into_iter().enumerate() {
        write(db, &actor, &options, (window, place == 0), &progress).await?;
    }
    let mut tx = db.write(&actor).await?;
    health::refit_default(&mut tx).await?;
    tx.commit().await?;
    health::learn_seasons(db, workspace).await?;
    backfill(db, workspace, options).await?;
    news::tell(db, &actor).await?;
    health::score_all(db, workspace).await?;
    // Somebody has had a model learnt and put it into force.
    churn::tell_demo(db, workspace, owners.first().copied()).await?;
    health::caught_up(db, workspace).await?;
    // A large portfolio is about its size; the engine looks at it from today on.
    if accounts <= FULL_MAX {
        alerts::tell(db, workspace).await?;
    }
    todos::tell(db, workspace).await
}

/// Writes the log of one span of time, and with the first one the documents.
async fn write(
    db: &Db,
    actor: &Actor,
    options: &Options,
    (window, is_first): (Window, bool),
    progress: &impl Fn(u32),
) -> Result<()> {
    let mut chapters = chapters::tell(options.clone(), window, is_first);
    let (mut pages, mut written): (Vec<Page>, u32) = (Vec::new(), 0);
    while let Some(chapter) = chapters.recv().await {
        let mut chapter = chapter?;
        pages.append(&mut chapter.pages);
        if is_first {
            written += u32::try_from(chapter.accounts.len()).unwrap_or(0);
            write_documents(db, actor, chapter).await?;
            progress(written);
        }
    }
    // A stable sort: what an account needs to exist for stands behind its creation.
    pages.sort_by_key(|page| page.at);
    let mut lines = pages.into_iter().map(Page::into_line);
    while lines.len() > 0 {
        let mut tx = db.write(actor).await?;
        tx.record_lines(lines.by_ref().take(LINES_STEP).collect()).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn write_documents(db: &Db, actor: &Actor, chapter: Chapter) -> Result<()> {
    let mut tx = db.write(actor).await?;
    let Chapter { accounts, contacts, tickets, invoices, surveys, activities, usage, pages: _ } = chapter;
    for (table, docs) in [
        (Accounts, accounts),
        (Contacts, contacts),
        (Tickets, tickets),
        (Invoices, invoices),
        (Surveys, surveys),
        (Activities, activities),
    ] {
        bulk::insert_texts(&mut tx, table, docs).await?;
    }
    usage::write(&mut tx, &usage).await?;
    tx.commit().await?;
    Ok(())
}

/// Computes the scores of the past: weekly for half a year and monthly before, or less of a large portfolio,
/// where the stored evaluations take most of the time and space.
async fn backfill(db: &Db, workspace: WorkspaceId, options: Options) -> Result<()> {
    let accounts = options.accounts;
    let told = Told::of(options).await?;
    let as_of = |account: &Account, at: Timestamp| told.as_of(account, at);
    if accounts <= FULL_MAX {
        health::backfill(db, workspace, Past { days: 730, step_days: 30 }, as_of).await?;
        health::backfill(db, workspace, Past { days: 182, step_days: 7 }, as_of).await?;
    } else {
        health::backfill(
            db,
            workspace,
            Past { days: 182, step_days: if accounts <= LARGE_MIN { 30 } else { 60 } },
            as_of,
        )
        .await?;
    }
    Ok(())
}

/// The states of the accounts, told again one account at a time: the same that the log was written from, without
/// reading it back.
struct Told {
    options: Options,
    numbers: HashMap<AccountId, u32>,
    last: Mutex<Option<(AccountId, States<Account>)>>,
}

impl Told {
    async fn of(options: Options) -> Result<Self> {
        let numbers = chapters::numbers(options.clone()).await?;
        Ok(Self { options, numbers, last: Mutex::new(None) })
    }

    /// Returns the account as it was at a moment, or as it began where that lies before its creation.
    fn as_of(&self, present: &Account, at: Timestamp) -> Account {
        let Some(number) = self.numbers.get(&present.id) else { return present.clone() };
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.as_ref().is_none_or(|(id, _)| *id != present.id) {
            *last = Some((present.id, seeds::tell(&self.options, *number).states));
        }
        let states = last.as_ref().map_or(&[][..], |(_, states)| states.as_slice());
        let state = states.iter().rev().find(|(since, _)| *since <= at).or(states.first());
        // The log dates each state; the states themselves carry the present date.
        state.map_or_else(|| present.clone(), |(since, state)| Account { updated_at: *since, ..state.clone() })
    }
}
