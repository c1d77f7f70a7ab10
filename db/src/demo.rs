//! The demo portfolio, written as if it had been imported: with its change log, its history and its scores.

use domain::changes::Change;
use domain::id::{UserId, WorkspaceId};
use domain::identity::Actor;
use serde_json::Map;

use crate::bulk;
use crate::error::Result;
use crate::health;
use crate::pool::Db;
use crate::seeds::{self, Options, Story, Volume};
use crate::subjects::{Doc, Table, document};
use crate::tx::{NewEntry, Tx};

/// Stories that are written in one transaction.
const STEP: usize = 500;
/// Up to so many accounts every story is told in full.
const FULL_MAX: u32 = 2_000;

/// Fills an empty workspace with `accounts` stories, then computes their scores and what they were before.
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
    let mut stories = seeds::portfolio(options).peekable();
    let mut done = 0;
    while stories.peek().is_some() {
        let step: Vec<Story> = stories.by_ref().take(STEP).collect();
        done += u32::try_from(step.len()).unwrap_or(u32::MAX);
        let mut tx = db.write(&actor).await?;
        write(&mut tx, &step).await?;
        tx.commit().await?;
        progress(done);
    }
    let mut tx = db.write(&actor).await?;
    health::refit_default(&mut tx).await?;
    tx.commit().await?;
    if accounts <= FULL_MAX {
        health::backfill(db, workspace, 730, 30).await?;
        health::backfill(db, workspace, 180, 7).await?;
    } else {
        health::backfill(db, workspace, 180, 30).await?;
    }
    health::score_all(db, workspace).await?;
    health::caught_up(db, workspace).await
}

async fn write(tx: &mut Tx, stories: &[Story]) -> Result<()> {
    docs(tx, Table::Accounts, stories.iter().map(|story| &story.account)).await?;
    docs(tx, Table::Contacts, stories.iter().flat_map(|story| &story.contacts)).await?;
    docs(tx, Table::Tickets, stories.iter().flat_map(|story| &story.tickets)).await?;
    docs(tx, Table::Invoices, stories.iter().flat_map(|story| &story.invoices)).await?;
    docs(tx, Table::Surveys, stories.iter().flat_map(|story| &story.responses)).await?;
    docs(tx, Table::Activities, stories.iter().flat_map(|story| &story.activities)).await?;
    let usage: Vec<_> = stories
        .iter()
        .flat_map(|story| &story.usage)
        .map(|day| bulk::UsageRow {
            account_id: day.account_id.0,
            metric: day.metric.clone(),
            day: day.day.0,
            value: day.value,
        })
        .collect();
    bulk::set_usage(tx, &usage).await
}

async fn docs<'a, T: Doc + 'a>(tx: &mut Tx, table: Table, rows: impl Iterator<Item = &'a T>) -> Result<()> {
    let mut list = Vec::new();
    for row in rows {
        let doc = document(row)?;
        tx.record(NewEntry {
            change: Change::Created,
            subject: table.subject(),
            subject_id: row.id(),
            account: row.account(),
            before: Map::new(),
            after: doc.clone(),
        });
        list.push(doc);
    }
    bulk::expect_rows(bulk::insert(tx, table, &list).await?, list.len())
}
