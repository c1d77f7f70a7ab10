//! Learning who leaves from moments of the past: what was known then, and whether a loss followed in the horizon.
//!
//! Three splits keep the future and the familiar out. A moment sees only what was recorded by then, and one whose
//! horizon has not ended is left out. How strongly weights are held back, the calibration and the evidence come from
//! predictions for accounts that the regression had not seen (five folds of accounts). And a model of the earlier
//! moments is judged by the later ones.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::drift::Spread;
use super::fit::{Fit, Input};
use crate::health::{Measure, Mode, Points, Scale, ScorecardVersion, Source, keys};
use crate::id::AccountId;
use crate::lab::backtest::{Judged, Terms, judged};
use crate::lab::folds::by_account;
use crate::lab::learn::calibrate;
use crate::lab::logistic::{Logistic, Problem, Sign, fit, probability};
use crate::lab::matrix::Rows;
use crate::lab::metrics::{Auc, Bin, auc, brier, calibration, clustered_auc, log_loss, variance};
use crate::lab::replay::Story;
use crate::lab::{LEAK_AUC, LOSSES_MIN};
use crate::time::Timestamp;

/// Parts of the accounts that predictions for strangers come from.
const FOLDS: usize = 5;
/// How strongly weights may be held back; moments of one account resemble each other, so the strong end is far.
const PENALTIES: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];
/// Fewest moments at which an input is known, or is not, for that to have a weight.
const KNOWN_MIN: usize = 30;
/// The later part of the time, by which a model of the earlier part is judged.
const LATER_SHARE: f64 = 0.35;
/// Fewest lost accounts to judge by.
const LATER_LOSSES_MIN: usize = 10;

/// One thing that a model may look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// How it is read.
    pub measure: Measure,
    /// Whether more points may only lower the probability, as with every measure of health.
    pub falls: bool,
}

/// What a model was learnt from and how well it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Accounts that took part.
    pub accounts: u32,
    /// Moments that took part, one every 30 days of each account.
    pub moments: u32,
    /// Accounts that were lost.
    pub losses: u32,
    /// First and last moment.
    pub span: Option<(Timestamp, Timestamp)>,
    /// On accounts that were not learnt from, by five folds; `None` where only one outcome is there.
    pub folds: Option<Judgement>,
    /// A model of the earlier moments on the later ones; `None` where too few were lost on either side.
    pub later: Option<Later>,
    /// Inputs that alone tell nearly everything, by name: they may be written down only once an account has left.
    pub suspects: Vec<String>,
}

/// How well predictions did on what had not been learnt from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Moments.
    pub moments: u32,
    /// Lost accounts among them.
    pub losses: u32,
    /// The share of the moments that a loss followed, from 0 to 1.
    pub rate: f64,
    /// How well they rank; the interval counts accounts, not moments.
    pub auc: Auc,
    /// Mean squared miss of the probabilities.
    pub brier: f64,
    /// The same where every moment gets the share of losses.
    pub brier_of_nothing: f64,
    /// Predicted and observed in ten bins.
    pub bins: Vec<Bin>,
}

/// What became of the later moments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Later {
    /// Where they begin.
    pub from: Timestamp,
    /// How a model of the earlier ones did.
    pub judged: Judgement,
}

/// A model with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Learnt {
    /// What was learnt.
    pub fit: Fit,
    /// How well it did.
    pub evidence: Evidence,
}

/// Why nothing was learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unable {
    /// Fewer than [`LOSSES_MIN`] accounts were lost.
    NotEnough {
        /// How many were.
        losses: u32,
    },
    /// Nothing goes down before losses.
    NoSignal,
}

/// Returns what a model may look at: the measures of the scorecards in force, each once, and when the contract ends.
#[must_use]
pub fn inputs(cards: &[ScorecardVersion]) -> Vec<Asked> {
    let mut asked: Vec<Asked> = Vec::new();
    let measures = cards.iter().flat_map(|version| &version.card.groups).flat_map(|group| &group.measures);
    for measure in measures {
        let same = |known: &Asked| (&known.measure.source, known.measure.mode) == (&measure.source, measure.mode);
        if asked.iter().any(same) {
            continue;
        }
        let mut measure = measure.clone();
        while asked.iter().any(|known| known.measure.key == measure.key) {
            measure.key.push('_');
        }
        asked.push(Asked { measure, falls: true });
    }
    // Contracts end at their date. No scorecard need hold that against an account, and it may work either way.
    let renewal = Source::Fact(keys::DAYS_TO_RENEWAL.to_owned());
    if !asked.iter().any(|known| known.measure.source == renewal && known.measure.mode == Mode::Absolute) {
        let corners = [(0.0, 0.0), (90.0, 60.0), (180.0, 80.0), (365.0, 100.0)];
        let (key, scale) = (keys::DAYS_TO_RENEWAL, Scale::curve(&corners));
        asked.push(Asked { measure: Measure::new(key, "Days to renewal", 1.0, key, scale), falls: false });
    }
    asked
}

/// Moments as rows of points between 0 and 100.
#[derive(Default)]
struct Sample {
    rows: Vec<Vec<Option<f64>>>,
    outcome: Vec<bool>,
    accounts: Vec<AccountId>,
    at: Vec<Timestamp>,
}

/// Learns a model from what a card of these inputs said at past moments, and from what then happened.
///
/// # Errors
/// Returns why nothing was learnt.
pub fn learn(asked: &[Asked], stories: &[Story], terms: &Terms, months: u32) -> Result<Learnt, Unable> {
    let (moments, _) = judged(stories, terms);
    let whole = Sample::of(&moments, terms);
    if whole.losses() < LOSSES_MIN {
        return Err(Unable::NotEnough { losses: count(whole.losses()) });
    }
    let (model, strangers) = learn_calibrated(asked, &whole).ok_or(Unable::NoSignal)?;
    if model.weights().all(|weight| weight == 0.0) {
        return Err(Unable::NoSignal);
    }
    let suspects = asked.iter().enumerate().filter(|(input, _)| whole.own_area(*input) > LEAK_AUC);
    let evidence = Evidence {
        accounts: count(whole.accounts.iter().collect::<BTreeSet<_>>().len()),
        moments: count(whole.rows.len()),
        losses: count(whole.losses()),
        span: whole.at.iter().min().copied().zip(whole.at.iter().max().copied()),
        folds: whole.judge(&strangers),
        later: later(asked, &whole, terms),
        suspects: suspects.map(|(_, asked)| asked.measure.label.clone()).collect(),
    };
    Ok(Learnt { fit: model.into_fit(asked, &whole, terms.horizon_days, months), evidence })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Judges a model of the earlier moments by the later ones, whose outcomes no earlier moment has seen.
fn later(asked: &[Asked], whole: &Sample, terms: &Terms) -> Option<Later> {
    let (first, last) = (whole.at.iter().min()?.0, whole.at.iter().max()?.0);
    let cut = Timestamp(last - ((last - first) as f64 * LATER_SHARE) as i64);
    let earlier = whole.part(|row| whole.at[row].plus_days(i64::from(terms.horizon_days)) <= cut);
    let rest = whole.part(|row| whole.at[row] > cut);
    if earlier.losses() < LATER_LOSSES_MIN || rest.losses() < LATER_LOSSES_MIN {
        return None;
    }
    let (model, _) = learn_calibrated(asked, &earlier)?;
    Some(Later { from: cut, judged: rest.judge(&model.log_odds(&rest))? })
}

/// How one input becomes columns of the regression.
#[derive(Clone, Debug)]
struct Code {
    /// Its place among what was asked.
    input: usize,
    mean: f64,
    deviation: f64,
    /// Whether its absence has a column, behind its own.
    blank: bool,
}

/// A regression with what its columns mean.
struct Model {
    codes: Vec<Code>,
    regression: Logistic,
    calibration: (f64, f64),
    penalty: f64,
}

/// Learns a model whose strength and calibration come from predictions for strangers, which are returned beside it.
fn learn_calibrated(asked: &[Asked], sample: &Sample) -> Option<(Model, Vec<f64>)> {
    let mut best: Option<(f64, f64, Vec<f64>)> = None;
    for penalty in PENALTIES {
        let strangers = strangers(asked, sample, penalty)?;
        let loss = log_loss(&strangers, &sample.outcome);
        if best.as_ref().is_none_or(|(least, ..)| loss < *least) {
            best = Some((loss, penalty, strangers));
        }
    }
    let (_, penalty, strangers) = best?;
    let (shift, slope) = calibrate(&strangers, &sample.outcome);
    let honest = strangers.iter().map(|odds| shift + slope * odds).collect();
    let mut model = regress(asked, sample, penalty)?;
    model.calibration = (shift, slope);
    Some((model, honest))
}

/// Returns for each moment the logarithm of the odds by a regression of other accounts.
fn strangers(asked: &[Asked], sample: &Sample, penalty: f64) -> Option<Vec<f64>> {
    let fold = by_account(&sample.accounts, &sample.outcome, FOLDS);
    let mut odds = vec![0.0; sample.rows.len()];
    for held in 0..FOLDS {
        let model = regress(asked, &sample.part(|row| fold[row] != held), penalty)?;
        let rows: Vec<usize> = (0..sample.rows.len()).filter(|row| fold[*row] == held).collect();
        let theirs = model.log_odds(&sample.part(|row| fold[row] == held));
        rows.into_iter().zip(theirs).for_each(|(row, value)| odds[row] = value);
    }
    Some(odds)
}

/// Fits a regression whose weights have the signs that are asked for; it is not calibrated yet.
fn regress(asked: &[Asked], sample: &Sample, penalty: f64) -> Option<Model> {
    let codes: Vec<Code> = (0..asked.len()).filter_map(|input| sample.code(input)).collect();
    let mut signs = Vec::new();
    for code in &codes {
        signs.push(if asked[code.input].falls { Sign::Falling } else { Sign::Free });
        signs.extend(code.blank.then_some(Sign::Free));
    }
    let rows = encode(&codes, sample, signs.len());
    let penalties = vec![penalty; signs.len()];
    let problem = Problem { rows: &rows, outcome: &sample.outcome, penalty: &penalties, signs: &signs, toward: &[] };
    let regression = fit(&problem, None)?.model;
    Some(Model { codes, regression, calibration: (0.0, 1.0), penalty })
}

fn encode(codes: &[Code], sample: &Sample, width: usize) -> Rows {
    let mut rows = Rows::new(width);
    let mut cells: Vec<(u32, f64)> = Vec::new();
    for row in &sample.rows {
        cells.clear();
        let mut column = 0;
        for code in codes {
            match row[code.input] {
                Some(points) => cells.push((column, (points - code.mean) / code.deviation)),
                None if code.blank => cells.push((column + 1, 1.0)),
                None => {}
            }
            column += 1 + u32::from(code.blank);
        }
        rows.push(&cells);
    }
    rows
}

impl Model {
    fn weights(&self) -> impl Iterator<Item = f64> {
        self.regression.weights.iter().copied()
    }

    /// Returns the calibrated logarithm of the odds of each moment.
    fn log_odds(&self, sample: &Sample) -> Vec<f64> {
        let rows = encode(&self.codes, sample, self.regression.weights.len());
        let (shift, slope) = self.calibration;
        rows.iter().map(|row| shift + slope * self.regression.log_odds(row)).collect()
    }

    /// Returns the model as it is kept; inputs without a weight are left out.
    fn into_fit(self, asked: &[Asked], sample: &Sample, horizon_days: u32, months: u32) -> Fit {
        let mut weights = self.regression.weights.into_iter();
        let mut inputs = Vec::new();
        for code in self.codes {
            let weight = weights.next().unwrap_or_default();
            let blank = if code.blank { weights.next().unwrap_or_default() } else { 0.0 };
            if weight == 0.0 && blank == 0.0 {
                continue;
            }
            let column: Vec<Option<f64>> = sample.rows.iter().map(|row| row[code.input]).collect();
            let mut input = Input {
                measure: asked[code.input].measure.clone(),
                mean: code.mean,
                deviation: code.deviation,
                weight,
                blank,
                effect: 0.0,
                trained: Spread::learn(&column),
            };
            let parts: Vec<f64> = column.iter().map(|points| self.calibration.1 * input.part(*points)).collect();
            input.effect = variance(&parts).sqrt();
            inputs.push(input);
        }
        let (calibration, penalty) = (self.calibration, self.penalty);
        Fit { horizon_days, months, intercept: self.regression.intercept, calibration, penalty, inputs }
    }
}

impl Sample {
    fn of(moments: &[Judged<'_>], terms: &Terms) -> Self {
        let mut sample = Self::default();
        for moment in moments {
            // A loss may be known before its horizon ends, the others are not: together they would be too many.
            if moment.said.at.plus_days(i64::from(terms.horizon_days)) > terms.now {
                continue;
            }
            sample.rows.push(moment.said.points.iter().map(|points| points.map(Points::as_f64)).collect());
            sample.outcome.push(moment.lost);
            sample.accounts.push(moment.account);
            sample.at.push(moment.said.at);
        }
        sample
    }

    fn part(&self, keep: impl Fn(usize) -> bool) -> Self {
        let mut part = Self::default();
        for row in (0..self.rows.len()).filter(|row| keep(*row)) {
            part.rows.push(self.rows[row].clone());
            part.outcome.push(self.outcome[row]);
            part.accounts.push(self.accounts[row]);
            part.at.push(self.at[row]);
        }
        part
    }

    /// Returns the number of accounts that were lost.
    fn losses(&self) -> usize {
        let lost = self.accounts.iter().zip(&self.outcome).filter(|(_, lost)| **lost).map(|(account, _)| account);
        lost.collect::<BTreeSet<_>>().len()
    }

    /// Learns how an input becomes columns; `None` where it is hardly ever known or always the same.
    fn code(&self, input: usize) -> Option<Code> {
        let known: Vec<f64> = self.rows.iter().filter_map(|row| row[input]).collect();
        let deviation = variance(&known).sqrt();
        let mean = known.iter().sum::<f64>() / (known.len() as f64).max(1.0);
        let blank = self.rows.len() - known.len() >= KNOWN_MIN;
        (known.len() >= KNOWN_MIN && deviation > 1e-9).then_some(Code { input, mean, deviation, blank })
    }

    /// Returns how well an input alone tells losses, whichever way; 0.5 where it tells nothing.
    fn own_area(&self, input: usize) -> f64 {
        let known = self.rows.iter().zip(&self.outcome).filter_map(|(row, lost)| Some((row[input]?, *lost)));
        let (values, outcome): (Vec<f64>, Vec<bool>) = known.unzip();
        auc(&values, &outcome).map_or(0.5, |area| area.value.max(1.0 - area.value))
    }

    /// Judges predictions for these moments; `None` where only one outcome is there.
    fn judge(&self, log_odds: &[f64]) -> Option<Judgement> {
        let chances: Vec<f64> = log_odds.iter().map(|odds| probability(*odds)).collect();
        let lost = self.outcome.iter().filter(|lost| **lost).count();
        let rate = lost as f64 / (self.outcome.len() as f64).max(1.0);
        Some(Judgement {
            moments: count(self.rows.len()),
            losses: count(self.losses()),
            rate,
            auc: clustered_auc(log_odds, &self.outcome, &self.accounts)?,
            brier: brier(&chances, &self.outcome),
            brier_of_nothing: rate * (1.0 - rate),
            bins: calibration(&chances, &self.outcome),
        })
    }
}
