//! How good predictions were: ranking, calibration, and what a cut catches.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::logistic::probability;

/// How many bins a calibration table has.
pub const BINS: usize = 10;
/// Half the width of a 95 % interval in standard errors.
const SIGMAS: f64 = 1.959_964;

/// The area under the ROC curve: the chance that a loss is ranked above one that stayed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Auc {
    /// From 0 to 1; 0.5 is a coin.
    pub value: f64,
    /// Lower end of the 95 % interval by DeLong.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One bin of a calibration table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Rows in it.
    pub rows: u32,
    /// Mean predicted probability, from 0 to 1.
    pub predicted: f64,
    /// Share of the rows where it happened.
    pub observed: f64,
}

/// What the riskiest part of the rows catches.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cut {
    /// The part of all rows that is looked at, from 0 to 1.
    pub share: f64,
    /// The lowest score in it.
    pub at: f64,
    /// The part of all losses that is in it.
    pub recall: f64,
    /// The part of it that was lost.
    pub precision: f64,
}

/// Returns the area under the ROC curve with its interval; ties count half.
///
/// The interval is by DeLong, DeLong and Clarke-Pearson (*Biometrics* 44, 1988), computed from
/// ranks as by Sun and Xu (2014). Returns `None` where only one outcome is there.
#[must_use]
pub fn auc(scores: &[f64], outcome: &[bool]) -> Option<Auc> {
    let Placements { value, lost, kept } = placements(scores, outcome)?;
    let of = |side: &[(usize, f64)]| side.iter().map(|(_, placement)| *placement).collect::<Vec<_>>();
    let variance = variance(&of(&lost)) / lost.len() as f64 + variance(&of(&kept)) / kept.len() as f64;
    Some(Auc::with(value, variance))
}

/// Returns the same for rows of which several belong together, as the months of an account do: the
/// interval is by Obuchowski (*Biometrics* 53, 1997), which counts the clusters and not the rows.
#[must_use]
pub fn clustered_auc<C: Ord>(scores: &[f64], outcome: &[bool], clusters: &[C]) -> Option<Auc> {
    let Placements { value, lost, kept } = placements(scores, outcome)?;
    let mut sums: BTreeMap<&C, (f64, f64)> = BTreeMap::new();
    for (row, placement) in &lost {
        sums.entry(&clusters[*row]).or_default().0 += placement - value;
    }
    for (row, placement) in &kept {
        sums.entry(&clusters[*row]).or_default().1 += placement - value;
    }
    let (m, n) = (lost.len() as f64, kept.len() as f64);
    // A cluster misses in both of its parts together, or in one of them.
    let spread: f64 = sums.values().map(|(lost, kept)| (lost / m + kept / n).powi(2)).sum();
    let count = sums.len() as f64;
    Some(Auc::with(value, spread * count / (count - 1.0).max(1.0)))
}

impl Auc {
    fn with(value: f64, variance: f64) -> Self {
        let reach = SIGMAS * variance.sqrt();
        Self { value, low: (value - reach).max(0.0), high: (value + reach).min(1.0) }
    }
}

/// For each row, the share of the rows of the other outcome that it is ranked rightly against.
struct Placements {
    value: f64,
    lost: Vec<(usize, f64)>,
    kept: Vec<(usize, f64)>,
}

fn placements(scores: &[f64], outcome: &[bool]) -> Option<Placements> {
    let all: Vec<usize> = (0..scores.len().min(outcome.len())).collect();
    let of = |happened: bool| -> Vec<usize> { all.iter().copied().filter(|row| outcome[*row] == happened).collect() };
    let (lost, kept) = (of(true), of(false));
    if lost.is_empty() || kept.is_empty() {
        return None;
    }
    let mut overall = vec![0.0; all.len()];
    let mut within = vec![0.0; all.len()];
    rank(scores, all.clone(), &mut overall);
    rank(scores, lost.clone(), &mut within);
    rank(scores, kept.clone(), &mut within);
    let (m, n) = (lost.len() as f64, kept.len() as f64);
    let lost: Vec<_> = lost.iter().map(|row| (*row, (overall[*row] - within[*row]) / n)).collect();
    let kept: Vec<_> = kept.iter().map(|row| (*row, 1.0 - (overall[*row] - within[*row]) / m)).collect();
    let value = lost.iter().map(|(_, placement)| placement).sum::<f64>() / m;
    Some(Placements { value, lost, kept })
}

/// Writes the rank of each of the rows among them, from 1; equals share the mean of theirs.
fn rank(scores: &[f64], mut rows: Vec<usize>, ranks: &mut [f64]) {
    rows.sort_unstable_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let mut begin = 0;
    while begin < rows.len() {
        let same = rows[begin..].iter().take_while(|row| scores[**row] == scores[rows[begin]]).count().max(1);
        let middle = begin as f64 + (same as f64 + 1.0) / 2.0;
        for row in &rows[begin..begin + same] {
            ranks[*row] = middle;
        }
        begin += same;
    }
}

/// Returns the variance of a sample; 0 where there are fewer than two values.
#[must_use]
pub fn variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}

/// Returns the mean squared difference between probability and outcome; 0 is perfect.
#[must_use]
pub fn brier(probabilities: &[f64], outcome: &[bool]) -> f64 {
    let misses = probabilities.iter().zip(outcome).map(|(chance, happened)| {
        let miss = chance - f64::from(u8::from(*happened));
        miss * miss
    });
    misses.sum::<f64>() / (probabilities.len() as f64).max(1.0)
}

/// Returns the mean of minus the logarithm of the probability of what happened.
#[must_use]
pub fn log_loss(log_odds: &[f64], outcome: &[bool]) -> f64 {
    let losses = log_odds.iter().zip(outcome).map(|(odds, happened)| {
        let toward = if *happened { -odds } else { *odds };
        toward.max(0.0) + (-toward.abs()).exp().ln_1p()
    });
    losses.sum::<f64>() / (log_odds.len() as f64).max(1.0)
}

/// Returns what was predicted and what happened in ten bins of as many rows each.
#[must_use]
pub fn calibration(probabilities: &[f64], outcome: &[bool]) -> Vec<Bin> {
    let mut rows: Vec<usize> = (0..probabilities.len().min(outcome.len())).collect();
    rows.sort_unstable_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let bins = (0..BINS).map(|bin| &rows[rows.len() * bin / BINS..rows.len() * (bin + 1) / BINS]);
    let bins = bins.filter(|bin| !bin.is_empty()).map(|bin| {
        let count = bin.len() as f64;
        Bin {
            rows: u32::try_from(bin.len()).unwrap_or(u32::MAX),
            predicted: bin.iter().map(|row| probabilities[*row]).sum::<f64>() / count,
            observed: bin.iter().filter(|row| outcome[**row]).count() as f64 / count,
        }
    });
    bins.collect()
}

/// Returns what the riskiest `share` of the rows catches, at least one row.
#[must_use]
pub fn cut(scores: &[f64], outcome: &[bool], share: f64) -> Option<Cut> {
    let mut rows: Vec<usize> = (0..scores.len().min(outcome.len())).collect();
    rows.sort_unstable_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let count = ((rows.len() as f64 * share).round() as usize).clamp(1, rows.len().max(1));
    let at = scores[*rows.get(count - 1)?];
    let losses = outcome.iter().filter(|happened| **happened).count() as f64;
    let caught = rows[..count].iter().filter(|row| outcome[**row]).count() as f64;
    Some(Cut { share, at, recall: caught / losses.max(1.0), precision: caught / count as f64 })
}

/// Returns the probabilities that belong to the logarithms of odds.
#[must_use]
pub fn probabilities(log_odds: &[f64]) -> Vec<f64> {
    log_odds.iter().map(|odds| probability(*odds)).collect()
}
