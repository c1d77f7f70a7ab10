//! Movements of revenue as lines of a report: from what the change log says each account paid at the end of each day.
//!
//! It is a reader of the log: all lines of accounts once, then those that came after.

use std::sync::LazyLock;

use domain::changes::{Change, Entry};
use domain::fields::Subject;
use domain::reports::{Dimension, Keyed, Line, movements, period_key};
use domain::value::Ends;

use super::run::Desk;
use crate::error::Result;
use crate::kept::{Follows, Kept, Present};
use crate::log;
use crate::tx::Tx;

/// What every account paid, at the end of each day on which that changed.
#[derive(Default)]
pub(crate) struct Paid {
    pub(crate) ends: Ends,
}

static KEPT: LazyLock<Kept<Paid>> = LazyLock::new(Kept::default);

/// Returns what every account paid until now.
pub(crate) async fn paid(tx: &mut Tx) -> Result<Present<Paid>> {
    Ok(KEPT.present(tx, &()).await?.0)
}

/// Finds the movements that count.
pub(super) async fn find(tx: &mut Tx, desk: &mut Desk<'_>) -> Result<()> {
    let (from, until) = desk.spec.within.bounds(tx.now());
    let by = desk.spec.by;
    let paid = paid(tx).await?;
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

impl Follows for Paid {
    type Asked = ();
    type Name = ();
    const WORKSPACES_MAX: usize = 200;
    const EACH_MAX: usize = 1;

    fn name((): &()) {}

    fn has(&self, (): &()) -> bool {
        true
    }

    async fn read(tx: &mut Tx, (): &(), end: i64) -> Result<Self> {
        let mut paid = Self::default();
        // On PostgreSQL there may be lines behind the end by now, which are followed as such.
        for row in log::of_all_accounts(tx).await?.into_iter().filter(|row| row.seq <= end) {
            paid.apply(&log::entry(row)?);
        }
        Ok(paid)
    }

    async fn follow(&mut self, tx: &mut Tx, (): &(), since: i64, end: i64) -> Result<i64> {
        let entries = log::after(tx, since, log::PAGE_MAX).await?;
        entries.iter().for_each(|entry| self.apply(entry));
        Ok(entries.last().map_or(end, |entry| entry.seq))
    }
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
