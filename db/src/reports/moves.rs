//! Movements of revenue as lines of a report: from what the change log says each account paid at the end of each day.
//!
//! It is a reader of the log: all lines of accounts once, then those that came after.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use domain::changes::{Change, Entry};
use domain::fields::Subject;
use domain::id::WorkspaceId;
use domain::reports::{Dimension, Keyed, Line, movements, period_key};
use domain::value::Ends;
use tokio::sync::RwLock;

use super::run::Desk;
use crate::error::Result;
use crate::log;
use crate::tx::Tx;

/// More lines behind than this, and reading all lines of accounts is quicker than reading those of everything.
const BEHIND_MAX: i64 = 20_000;
/// Most workspaces that are kept; beyond that all are forgotten.
const WORKSPACES_MAX: usize = 200;

/// What every account paid, at the end of each day on which that changed.
#[derive(Default)]
pub(crate) struct Paid {
    seq: i64,
    pub(crate) ends: Ends,
}

/// By database of this process, and workspace.
type All = HashMap<(usize, WorkspaceId), Arc<RwLock<Paid>>>;
static ALL: LazyLock<RwLock<All>> = LazyLock::new(RwLock::default);

/// Finds the movements that count.
pub(super) async fn find(tx: &mut Tx, desk: &mut Desk<'_>) -> Result<()> {
    let (from, until) = desk.spec.within.bounds(tx.now());
    let by = desk.spec.by;
    let paid = paid(tx).await?;
    let paid = paid.read().await;
    for (id, ends) in &paid.ends {
        let account = desk.portfolio.place(*id);
        if !desk.chosen.has(account) {
            continue;
        }
        for moved in movements(ends).filter(|moved| moved.day >= from && moved.day < until) {
            let group = match by {
                Dimension::Movement => desk.label(Some(moved.movement.key()), None),
                Dimension::Week | Dimension::Month => desk.label(period_key(by, moved.day).as_deref(), None),
                _ => desk.group(account),
            };
            desk.take(Line { group, account, count: 1, mrr: Some(moved.mrr), ..Line::default() });
        }
    }
    Ok(())
}

/// Returns what every account paid until now.
pub(crate) async fn paid(tx: &mut Tx) -> Result<Arc<RwLock<Paid>>> {
    let key = (tx.db().identity(), tx.actor().workspace);
    let paid = {
        let mut all = ALL.write().await;
        if all.len() >= WORKSPACES_MAX && !all.contains_key(&key) {
            all.clear();
        }
        all.entry(key).or_default().clone()
    };
    let end = log::last_seq(tx).await?;
    if paid.read().await.seq >= end {
        return Ok(paid);
    }
    let mut writing = paid.write().await;
    if writing.seq == 0 || end - writing.seq > BEHIND_MAX {
        let mut fresh = Paid { seq: end, ends: Ends::new() };
        for row in log::of_all_accounts(tx).await? {
            fresh.apply(&log::entry(row)?);
        }
        *writing = fresh;
    }
    while writing.seq < end {
        let entries = log::after(tx, writing.seq, log::PAGE_MAX).await?;
        let Some(seq) = entries.last().map(|entry| entry.seq) else { break };
        entries.iter().for_each(|entry| writing.apply(entry));
        writing.seq = seq;
    }
    drop(writing);
    Ok(paid)
}

impl Paid {
    fn apply(&mut self, entry: &Entry) {
        if entry.subject != Subject::Account {
            return;
        }
        let ends = self.ends.entry(entry.subject_id).or_default();
        let known = ends.last().map(|(_, terms)| *terms).unwrap_or_default();
        let mut terms = known;
        match entry.change {
            Change::Created => {
                terms.delete();
                terms.apply(&entry.after);
            }
            Change::Updated => terms.apply(&entry.after),
            Change::Deleted => terms.delete(),
            _ => return,
        }
        let (day, is_first) = (entry.at.day_start(), ends.is_empty());
        match ends.last_mut() {
            Some((last, present)) if *last == day => *present = terms,
            _ if terms == known && !is_first => {}
            _ => ends.push((day, terms)),
        }
    }
}
