//! Suggested weights: which weights would have put the losses of the past lowest.
//!
//! The logarithm of the odds of a loss within the horizon is a falling line in the points of each measure,
//! so a weight is never below zero. The fit begins at the weights of the card and leaves them only as far
//! as the past speaks against them; how far is chosen by five folds of accounts. Weights are learnt from
//! the earlier moments and judged by the later ones, whose outcomes no earlier moment has seen.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::LOSSES_MIN;
use super::backtest::{Judged, Terms, judged};
use super::folds::{Dice, by_account};
use super::logistic::{Logistic, Problem, Sign, fit};
use super::matrix::Rows;
use super::metrics::{Auc, auc, clustered_auc, log_loss};
use super::replay::Story;
use crate::health::{Points, Scorecard, apportion};
use crate::id::{AccountId, ScorecardId};
use crate::time::Timestamp;

/// The later part of the time, by which the weights are judged.
const LATER_SHARE: f64 = 0.35;
/// Fewest losses to judge weights by.
const LATER_LOSSES_MIN: usize = 10;
/// How strongly weights are drawn to those of the card, from hardly to nearly fixed.
const PENALTIES: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];
/// Parts of the accounts that the strength is chosen by.
const FOLDS: usize = 5;
/// Draws by which two weightings are compared.
const DRAWS: u32 = 100;
/// The part of the draws that a better weighting wins.
const BETTER_SHARE: f64 = 0.95;
/// Weights are suggested in tenths of a per cent.
const WHOLE: i64 = 1_000;

/// Weights that are suggested, with their evidence. They are a draft; nothing applies them by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The card with the suggested weights and everything else as it was.
    pub card: Scorecard,
    /// Each measure with its share of the whole card, in per cent, before and after.
    pub weights: Vec<Weight>,
    /// On the later moments: the weights of the card.
    pub before: Auc,
    /// The suggested weights on the same moments.
    pub after: Auc,
    /// Where the later moments begin.
    pub later_from: Timestamp,
    /// Accounts that were lost before, which were learnt from.
    pub learnt_losses: u32,
    /// Accounts that were lost later, which were judged by.
    pub judged_losses: u32,
    /// Whether the suggestion ranks better later, by more than chance may do.
    pub is_better: bool,
}

/// The weight of a measure in the whole card, in per cent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weight {
    /// The measure's key in the card.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// As it is.
    pub before: Points,
    /// As it is suggested.
    pub after: Points,
}

/// Why no weights are suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unable {
    /// Fewer accounts were lost than are needed, in the earlier and in the later part of the time.
    NotEnough {
        /// Accounts lost in the earlier part; 30 are needed.
        earlier: u32,
        /// Accounts lost in the later part; 10 are needed.
        later: u32,
    },
    /// The card has fewer than two measures with points.
    TooFewMeasures,
    /// No measure goes down before losses, so no weights are better than others.
    NoSignal,
}

/// Moments as rows of points between 0 and 1.
struct Sample {
    rows: Vec<Vec<f64>>,
    outcome: Vec<bool>,
    accounts: Vec<AccountId>,
}

/// Suggests weights for a card, from what it said at past moments; what other cards said is left aside.
///
/// # Errors
/// Returns why nothing can be suggested.
pub fn suggest(id: ScorecardId, card: &Scorecard, stories: &[Story], terms: &Terms) -> Result<Suggestion, Unable> {
    let (mut moments, _) = judged(stories, terms);
    moments.retain(|moment| moment.said.card == id);
    let present = shares(card);
    if present.iter().filter(|share| **share > 0.0).count() < 2 {
        return Err(Unable::TooFewMeasures);
    }
    let times = || moments.iter().map(|moment| moment.said.at.0);
    let (first, last) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
    let cut = Timestamp(last - ((last - first) as f64 * LATER_SHARE) as i64);
    // A moment before the cut is learnt from only if its horizon ends before it, too.
    let is_earlier = |moment: &Judged<'_>| moment.said.at.plus_days(i64::from(terms.horizon_days)) <= cut;
    let earlier = Sample::of(moments.iter().filter(|moment| is_earlier(moment)), &present);
    let later = Sample::of(moments.iter().filter(|moment| moment.said.at > cut), &present);
    if earlier.losses() < LOSSES_MIN || later.losses() < LATER_LOSSES_MIN {
        return Err(Unable::NotEnough { earlier: count(earlier.losses()), later: count(later.losses()) });
    }
    let found = learn(&earlier, &present).ok_or(Unable::NoSignal)?;
    let tenths = apportion(Points(WHOLE), &found.iter().map(|share| Points::from_f64(*share).0).collect::<Vec<_>>());
    let after: Vec<f64> = tenths.iter().map(|tenths| tenths.0 as f64 / WHOLE as f64).collect();
    let (before_area, after_area) = (later.area(&present), later.area(&after));
    let (Some(before_area), Some(after_area)) = (before_area, after_area) else { return Err(Unable::NoSignal) };
    Ok(Suggestion {
        card: weighted(card, &after),
        weights: weights(card, &present, &after),
        before: before_area,
        after: after_area,
        later_from: cut,
        learnt_losses: count(earlier.losses()),
        judged_losses: count(later.losses()),
        is_better: later.is_better(&present, &after),
    })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Returns the share of each measure in the card, adding up to 1; zeros where nothing has a weight.
fn shares(card: &Scorecard) -> Vec<f64> {
    let groups: f64 = card.groups.iter().map(|group| group.weight).sum();
    let shares = card.groups.iter().flat_map(|group| {
        let whole: f64 = group.measures.iter().map(|measure| measure.weight).sum();
        group.measures.iter().map(move |measure| {
            if groups > 0.0 && whole > 0.0 { group.weight / groups * measure.weight / whole } else { 0.0 }
        })
    });
    shares.collect()
}

impl Sample {
    fn of<'a>(moments: impl Iterator<Item = &'a Judged<'a>>, present: &[f64]) -> Self {
        let mut sample = Self { rows: Vec::new(), outcome: Vec::new(), accounts: Vec::new() };
        for moment in moments {
            let points: Vec<Option<f64>> =
                moment.said.points.iter().map(|points| points.map(|points| points.as_f64() / 100.0)).collect();
            let known = points.iter().zip(present).filter_map(|(points, share)| Some((((*points)?), share)));
            let (sum, whole) =
                known.fold((0.0, 0.0), |(sum, whole), (points, share)| (sum + points * share, whole + share));
            if points.len() != present.len() || whole <= 0.0 {
                continue;
            }
            // The weight of what is not known goes to what is: it counts as the mean of the rest.
            sample.rows.push(points.iter().map(|points| points.unwrap_or(sum / whole)).collect());
            sample.outcome.push(moment.lost);
            sample.accounts.push(moment.account);
        }
        sample
    }

    /// Returns the number of accounts that were lost.
    fn losses(&self) -> usize {
        let lost = self.accounts.iter().zip(&self.outcome).filter(|(_, lost)| **lost).map(|(account, _)| account);
        lost.collect::<BTreeSet<_>>().len()
    }

    fn risks(&self, shares: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|row| -row.iter().zip(shares).map(|(points, share)| points * share).sum::<f64>()).collect()
    }

    fn area(&self, shares: &[f64]) -> Option<Auc> {
        clustered_auc(&self.risks(shares), &self.outcome, &self.accounts)
    }

    /// Returns whether the second weights rank better than the first in at least 19 of 20 draws of accounts.
    fn is_better(&self, first: &[f64], second: &[f64]) -> bool {
        let (first, second) = (self.risks(first), self.risks(second));
        let mut dice = Dice::new(17);
        let accounts: BTreeSet<AccountId> = self.accounts.iter().copied().collect();
        let mut better = 0;
        for _ in 0..DRAWS {
            // Half of the accounts, drawn without putting back: close to the bootstrap and needs no copies.
            let kept: BTreeSet<AccountId> =
                accounts.iter().copied().filter(|_| dice.roll().is_multiple_of(2)).collect();
            let rows: Vec<usize> = (0..self.rows.len()).filter(|row| kept.contains(&self.accounts[*row])).collect();
            let outcome: Vec<bool> = rows.iter().map(|row| self.outcome[*row]).collect();
            let area = |risks: &[f64]| {
                let risks: Vec<f64> = rows.iter().map(|row| risks[*row]).collect();
                auc(&risks, &outcome).map_or(0.5, |area| area.value)
            };
            better += u32::from(area(&second) > area(&first));
        }
        f64::from(better) >= BETTER_SHARE * f64::from(DRAWS)
    }

    fn part(&self, keep: impl Fn(usize) -> bool) -> Self {
        let mut part = Self { rows: Vec::new(), outcome: Vec::new(), accounts: Vec::new() };
        for row in (0..self.rows.len()).filter(|row| keep(*row)) {
            part.rows.push(self.rows[row].clone());
            part.outcome.push(self.outcome[row]);
            part.accounts.push(self.accounts[row]);
        }
        part
    }

    fn encoded(&self) -> Rows {
        let mut encoded = Rows::new(self.rows.first().map_or(0, Vec::len));
        for row in &self.rows {
            let cells: Vec<(u32, f64)> = (0..).zip(row.iter().copied()).collect();
            encoded.push(&cells);
        }
        encoded
    }
}

/// Returns the shares that rank best, adding up to 1; `None` where none of them goes down before losses.
fn learn(sample: &Sample, present: &[f64]) -> Option<Vec<f64>> {
    let fold = by_account(&sample.accounts, &sample.outcome, FOLDS);
    let folds: Vec<(Sample, Sample)> =
        (0..FOLDS).map(|held| (sample.part(|row| fold[row] != held), sample.part(|row| fold[row] == held))).collect();
    let mut best: Option<(f64, f64)> = None;
    for penalty in PENALTIES {
        let mut loss = 0.0;
        for (rest, held) in &folds {
            let model = fall(rest, present, penalty)?;
            let odds: Vec<f64> = held.encoded().iter().map(|row| model.log_odds(row)).collect();
            loss += log_loss(&odds, &held.outcome) * held.rows.len() as f64;
        }
        if best.is_none_or(|(least, _)| loss < least) {
            best = Some((loss, penalty));
        }
    }
    let model = fall(sample, present, best?.1)?;
    let whole: f64 = model.weights.iter().map(|weight| -weight).sum();
    (whole > 0.0).then(|| model.weights.iter().map(|weight| -weight / whole).collect())
}

/// Fits weights that are not above zero, drawn to those of the card.
fn fall(sample: &Sample, present: &[f64], penalty: f64) -> Option<Logistic> {
    let mut line = Rows::new(1);
    for risk in sample.risks(present) {
        line.push(&[(0, -risk)]);
    }
    let falling = [Sign::Falling];
    let base = Problem { rows: &line, outcome: &sample.outcome, penalty: &[1e-3], signs: &falling, toward: &[] };
    let slope = fit(&base, None)?.model.weights[0];
    let toward: Vec<f64> = present.iter().map(|share| slope * share).collect();
    let (rows, penalties) = (sample.encoded(), vec![penalty; present.len()]);
    let signs = vec![Sign::Falling; present.len()];
    let problem =
        Problem { rows: &rows, outcome: &sample.outcome, penalty: &penalties, signs: &signs, toward: &toward };
    Some(fit(&problem, None)?.model)
}

fn weights(card: &Scorecard, before: &[f64], after: &[f64]) -> Vec<Weight> {
    let measures = card.groups.iter().flat_map(|group| &group.measures);
    let shares = before.iter().zip(after);
    let weights = measures.zip(shares).map(|(measure, (before, after))| Weight {
        key: measure.key.clone(),
        label: measure.label.clone(),
        before: Points::from_f64(100.0 * before),
        after: Points::from_f64(100.0 * after),
    });
    weights.collect()
}

/// Returns the card with these shares of the whole as weights of its groups and, within them, of its measures.
fn weighted(card: &Scorecard, shares: &[f64]) -> Scorecard {
    let mut card = card.clone();
    let mut shares = shares.iter();
    for group in &mut card.groups {
        let theirs: Vec<f64> = shares.by_ref().take(group.measures.len()).copied().collect();
        let whole: f64 = theirs.iter().sum();
        group.weight = (1_000.0 * whole).round() / 10.0;
        for (measure, share) in group.measures.iter_mut().zip(&theirs) {
            // A group without weight keeps the proportions it had.
            if whole > 0.0 {
                measure.weight = (1_000.0 * share / whole).round() / 10.0;
            }
        }
    }
    card
}
