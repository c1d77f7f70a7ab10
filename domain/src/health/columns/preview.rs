//! The effect of a draft on a portfolio: who would move between bands, how much revenue, and who most of all.

use serde::{Deserialize, Serialize};

use super::super::bands::Band;
use super::super::evaluate::{Context, evaluate_known, settle};
use super::super::evaluation::{Evaluation, Override};
use super::super::points::Points;
use super::super::scorecard::Scorecard;
use super::PortfolioColumns;
use super::compiled::Compiled;
use super::known::Account;
use crate::id::AccountId;
use crate::time::Timestamp;

/// How many of those who move most are named.
pub const MOVERS: usize = 10;
/// Classes of the histograms; each spans five points, the last includes 100.
const CLASSES: usize = 20;

/// Accounts that go from one band to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandMove {
    /// How many.
    pub accounts: u32,
    /// Their yearly revenue in minor units of the workspace's currency.
    pub arr_minor: i64,
}

/// An account whose score a draft would change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mover {
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: String,
    /// Its yearly revenue in minor units of the workspace's currency.
    pub arr_minor: i64,
    /// Its present score.
    pub before: Points,
    /// Its score by the draft.
    pub after: Points,
    /// Its present band.
    pub band_before: Option<Band>,
    /// Its band by the draft.
    pub band_after: Option<Band>,
    /// How the draft comes to its score.
    pub evaluation: Evaluation,
}

/// What a draft would change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// How many accounts were looked at.
    pub accounts: u32,
    /// How many of them are in each band now, best first; those without a score are in none.
    pub by_band_before: [u32; 4],
    /// How many would be in each band.
    pub by_band_after: [u32; 4],
    /// Who would go from which band (first index, best first) to which.
    pub moves: [[BandMove; 4]; 4],
    /// Yearly revenue that would go to a better band, in minor units.
    pub arr_better_minor: i64,
    /// Yearly revenue that would go to a worse band, in minor units.
    pub arr_worse_minor: i64,
    /// How many scores fall into each class of five points now, from 0 up.
    pub histogram_before: [u32; CLASSES],
    /// How many scores would fall into each class.
    pub histogram_after: [u32; CLASSES],
    /// How many accounts have a score now.
    pub scored_before: u32,
    /// How many would have one.
    pub scored_after: u32,
    /// The sum of the scores now.
    pub sum_before: Points,
    /// The sum of the scores by the draft.
    pub sum_after: Points,
    /// How many scores would change at all.
    pub changed: u32,
    /// Those whose score would change most, the largest change first.
    pub movers: Vec<Mover>,
}

impl Preview {
    /// Returns the mean score now, if anybody has one.
    #[must_use]
    pub fn mean_before(&self) -> Option<Points> {
        mean(self.sum_before, self.scored_before)
    }

    /// Returns the mean score by the draft, if anybody had one.
    #[must_use]
    pub fn mean_after(&self) -> Option<Points> {
        mean(self.sum_after, self.scored_after)
    }

    /// Adds what the draft would change for other accounts.
    pub fn add(&mut self, more: Self) {
        self.accounts += more.accounts;
        for band in 0..4 {
            self.by_band_before[band] += more.by_band_before[band];
            self.by_band_after[band] += more.by_band_after[band];
            for (sum, one) in self.moves[band].iter_mut().zip(more.moves[band]) {
                sum.accounts += one.accounts;
                sum.arr_minor = sum.arr_minor.saturating_add(one.arr_minor);
            }
        }
        self.arr_better_minor = self.arr_better_minor.saturating_add(more.arr_better_minor);
        self.arr_worse_minor = self.arr_worse_minor.saturating_add(more.arr_worse_minor);
        for class in 0..CLASSES {
            self.histogram_before[class] += more.histogram_before[class];
            self.histogram_after[class] += more.histogram_after[class];
        }
        self.scored_before += more.scored_before;
        self.scored_after += more.scored_after;
        self.sum_before += more.sum_before;
        self.sum_after += more.sum_after;
        self.changed += more.changed;
        self.movers.extend(more.movers);
        self.movers.sort_by(|a, b| {
            (b.after - b.before).abs().cmp(&(a.after - a.before).abs()).then(a.account.cmp(&b.account))
        });
        self.movers.truncate(MOVERS);
    }

    fn count(&mut self, arr_minor: i64, before: (Option<Points>, Option<Band>), after: (Option<Points>, Option<Band>)) {
        self.accounts += 1;
        if let Some(score) = before.0 {
            self.scored_before += 1;
            self.sum_before += score;
            self.histogram_before[class(score)] += 1;
        }
        if let Some(score) = after.0 {
            self.scored_after += 1;
            self.sum_after += score;
            self.histogram_after[class(score)] += 1;
        }
        self.changed += u32::from(before.0 != after.0);
        let place = |band: Band| usize::from(band.order());
        if let Some(band) = before.1 {
            self.by_band_before[place(band)] += 1;
        }
        if let Some(band) = after.1 {
            self.by_band_after[place(band)] += 1;
        }
        let (Some(from), Some(to)) = (before.1, after.1) else { return };
        let moved = &mut self.moves[place(from)][place(to)];
        moved.accounts += 1;
        moved.arr_minor = moved.arr_minor.saturating_add(arr_minor);
        if to < from {
            self.arr_better_minor = self.arr_better_minor.saturating_add(arr_minor);
        } else if to > from {
            self.arr_worse_minor = self.arr_worse_minor.saturating_add(arr_minor);
        }
    }
}

/// Scores a portfolio with a draft at a moment and says what would change.
///
/// The scores are those of [`evaluate`](super::super::evaluate()) to the last millionth.
#[must_use]
pub fn preview(columns: &PortfolioColumns, draft: &Scorecard, now: Timestamp) -> Preview {
    let mut preview = Preview::default();
    let Some(mut compiled) = Compiled::new(columns, draft, now) else { return preview };
    let mut overrides = columns.overrides.iter().peekable();
    let mut moved: Vec<(Points, usize)> = Vec::with_capacity(columns.ids.len());
    for place in 0..columns.ids.len() {
        let own = overrides.next_if(|(account, _)| *account as usize == place);
        let manual = own.map(|(_, manual)| manual).filter(|manual| now < manual.until);
        let (before, band) = (columns.scores[place], columns.bands[place]);
        let set = manual.map(|manual| Points::from_f64(manual.score).clamped());
        let (computed, previous) = compiled.score(place, band);
        let after = settle(draft, computed, set, previous);
        preview.count(columns.arr_minor[place], (before, band), after);
        if let (Some(before), Some(after)) = (before, after.0)
            && before != after
        {
            moved.push(((after - before).abs(), place));
        }
    }
    let order =
        |a: &(Points, usize), b: &(Points, usize)| b.0.cmp(&a.0).then_with(|| columns.ids[a.1].cmp(&columns.ids[b.1]));
    if moved.len() > MOVERS {
        moved.select_nth_unstable_by(MOVERS - 1, order);
        moved.truncate(MOVERS);
    }
    moved.sort_unstable_by(order);
    preview.movers = moved.into_iter().filter_map(|(_, place)| mover(columns, draft, place, now)).collect();
    preview
}

fn mover(columns: &PortfolioColumns, draft: &Scorecard, place: usize, now: Timestamp) -> Option<Mover> {
    let evaluation = evaluation(columns, draft, place, now);
    Some(Mover {
        account: columns.ids[place],
        name: columns.names[place].clone(),
        arr_minor: columns.arr_minor[place],
        before: columns.scores[place]?,
        after: evaluation.score?,
        band_before: columns.bands[place],
        band_after: evaluation.band,
        evaluation,
    })
}

/// Returns the whole evaluation of one account by a draft.
pub(super) fn evaluation(columns: &PortfolioColumns, draft: &Scorecard, place: usize, now: Timestamp) -> Evaluation {
    let own = columns.overrides.binary_search_by_key(&place, |(account, _)| *account as usize);
    let override_: Option<&Override> = own.ok().map(|found| &columns.overrides[found].1);
    let context = Context { now, override_, previous_band: columns.bands[place], season: None };
    evaluate_known(draft, &Account { columns, place }, &context)
}

fn mean(sum: Points, count: u32) -> Option<Points> {
    (count > 0).then(|| Points((sum.0 + i64::from(count) / 2) / i64::from(count)))
}

fn class(score: Points) -> usize {
    // A score is between 0 and 100 points.
    let class = score.clamped().0 / (5 * Points::MICRO);
    usize::try_from(class).unwrap_or_default().min(CLASSES - 1)
}
