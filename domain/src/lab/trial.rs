//! A model on trial: learnt from one part of the rows, judged by the other.

use super::folds::{FOLDS, HOLD_OUT_EVERY, stratified};
use super::frame::{Column, Frame, Values};
use super::learn::{Driver, learn};
use super::metrics::{Auc, Bin, Cut, auc, brier, calibration, cut, log_loss, variance};
use super::{LEAK_AUC, LOSSES_MIN, probability};
use crate::refusal::Refusal;

/// Decides which rows fall into which fold; any number would do, and it must stay the same.
const SEED: u64 = 7;
/// The riskiest parts of the rows whose catch is shown.
const CUTS: [f64; 4] = [0.05, 0.1, 0.2, 0.3];

/// How a model did on rows that it had not seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Rows in the test.
    pub rows: usize,
    /// Losses among them.
    pub losses: usize,
    /// How well it ranks.
    pub auc: Auc,
    /// Mean squared miss of the probabilities.
    pub brier: f64,
    /// The same of a model that gives every row the same probability, the share of losses.
    pub brier_of_nothing: f64,
    /// Mean of minus the logarithm of the probability of what happened.
    pub log_loss: f64,
    /// Predicted and observed, in ten bins.
    pub calibration: Vec<Bin>,
    /// What the riskiest rows catch.
    pub cuts: Vec<Cut>,
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Rows with an outcome.
    pub rows: usize,
    /// Losses among them.
    pub losses: usize,
    /// Every fifth row, predicted by a model of the others.
    pub held_out: Test,
    /// Mean of the areas under the ROC curve over ten folds.
    pub auc_folds: f64,
    /// Their deviation.
    pub auc_folds_deviation: f64,
    /// What moves the odds in a model of all rows.
    pub drivers: Vec<Driver>,
    /// Columns that alone tell the outcome, with the area under their own ROC curve.
    pub leaks: Vec<(String, f64)>,
    /// The penalty that was chosen for all rows.
    pub penalty: f64,
}

/// Puts a model of a frame on trial.
///
/// # Errors
/// Refuses where fewer than [`LOSSES_MIN`] rows have either outcome, or nothing can be learnt from.
pub fn trial(frame: &Frame) -> Result<Trial, Refusal> {
    let losses = frame.losses();
    let fewer = losses.min(frame.len() - losses);
    if fewer < LOSSES_MIN {
        return Err(Refusal::Conflict(format!(
            "Not enough data: {losses} of {} rows have the outcome, and a model needs {LOSSES_MIN} with it and \
             {LOSSES_MIN} without. Wait for more, or take a longer period.",
            frame.len()
        )));
    }
    let nothing = || Refusal::Conflict("There is no column to learn from. Add columns that differ by row.".to_owned());
    if frame.columns.is_empty() {
        return Err(nothing());
    }
    let all: Vec<usize> = (0..frame.len()).collect();
    let is_held = |row: &usize| frame.places[*row].is_multiple_of(HOLD_OUT_EVERY);
    let (held, rest): (Vec<usize>, Vec<usize>) = all.iter().partition(|row| is_held(row));
    let log_odds = learn(frame, &rest).ok_or_else(nothing)?.log_odds(frame, &held);
    let held_out = test(&log_odds, &frame.outcomes(&held)).ok_or_else(nothing)?;
    let areas = fold_areas(frame, &all).ok_or_else(nothing)?;
    let model = learn(frame, &all).ok_or_else(nothing)?;
    Ok(Trial {
        rows: frame.len(),
        losses,
        held_out,
        auc_folds: areas.iter().sum::<f64>() / areas.len() as f64,
        auc_folds_deviation: variance(&areas).sqrt(),
        drivers: model.drivers(frame, &all),
        leaks: leaks(frame),
        penalty: model.penalty,
    })
}

/// Judges predictions; `None` where only one outcome is there.
#[must_use]
pub fn test(log_odds: &[f64], outcome: &[bool]) -> Option<Test> {
    let chances: Vec<f64> = log_odds.iter().map(|odds| probability(*odds)).collect();
    let losses = outcome.iter().filter(|happened| **happened).count();
    let rate = losses as f64 / outcome.len() as f64;
    Some(Test {
        rows: outcome.len(),
        losses,
        auc: auc(log_odds, outcome)?,
        brier: brier(&chances, outcome),
        brier_of_nothing: rate * (1.0 - rate),
        log_loss: log_loss(log_odds, outcome),
        calibration: calibration(&chances, outcome),
        cuts: CUTS.iter().filter_map(|share| cut(&chances, outcome, *share)).collect(),
    })
}

/// Returns the area under the ROC curve of each fold, predicted by a model of the other nine.
fn fold_areas(frame: &Frame, rows: &[usize]) -> Option<Vec<f64>> {
    let parts = stratified(&frame.outcome, FOLDS, SEED);
    let areas = (0..FOLDS).map(|fold| {
        let (held, rest): (Vec<usize>, Vec<usize>) = rows.iter().partition(|row| parts[**row] == fold);
        let log_odds = learn(frame, &rest)?.log_odds(frame, &held);
        auc(&log_odds, &frame.outcomes(&held)).map(|area| area.value)
    });
    areas.collect()
}

/// Returns the columns that alone tell the outcome, as a date of leaving does: they are known only
/// after it, and a model that may look at them has learnt nothing.
fn leaks(frame: &Frame) -> Vec<(String, f64)> {
    let own = frame.columns.iter().map(|column| (column.name.clone(), own_area(column, &frame.outcome)));
    own.filter(|(_, area)| *area > LEAK_AUC).collect()
}

/// Returns the area under the ROC curve of a column alone, in the direction that is better.
fn own_area(column: &Column, outcome: &[bool]) -> f64 {
    let either =
        |scores: &[f64], outcome: &[bool]| auc(scores, outcome).map_or(0.5, |area| area.value.max(1.0 - area.value));
    match &column.values {
        Values::Numbers(values) => {
            let blank: Vec<f64> = values.iter().map(|value| f64::from(u8::from(value.is_nan()))).collect();
            let known = values.iter().zip(outcome).filter(|(value, _)| !value.is_nan());
            let (known, theirs): (Vec<f64>, Vec<bool>) = known.map(|(value, happened)| (*value, *happened)).unzip();
            either(&blank, outcome).max(either(&known, &theirs))
        }
        Values::Words { words, codes } => {
            let rate = outcome.iter().filter(|happened| **happened).count() as f64 / outcome.len() as f64;
            let mut counts = vec![(0.0, 0.0); words.len() + 1];
            for (code, happened) in codes.iter().zip(outcome) {
                let count = &mut counts[*code as usize];
                count.0 += f64::from(u8::from(*happened));
                count.1 += 1.0;
            }
            // A rare word says little about itself: it is drawn to the rate of all.
            let scores: Vec<f64> = codes
                .iter()
                .map(|code| counts[*code as usize])
                .map(|(lost, all)| if all < 10.0 { rate } else { lost / all })
                .collect();
            either(&scores, outcome)
        }
    }
}
