//! From rows to a model: features, the strength of the penalty, and calibrated probabilities.

use super::encode::{Code, Encoder};
use super::frame::{Frame, Values};
use super::logistic::{Logistic, Problem, fit, probability};
use super::matrix::Rows;
use super::metrics::{log_loss, variance};

/// How strongly weights may be held back; the rows for learning choose.
const PENALTIES: [f64; 4] = [0.3, 1.0, 3.0, 10.0];
/// Below this correlation between a number and its part in the odds, the direction is not one.
const STRAIGHT_MIN: f64 = 0.7;

/// A model that gives each row of a frame a probability.
#[derive(Clone, Debug)]
pub struct Model {
    encoder: Encoder,
    regression: Logistic,
    /// What makes the odds honest: intercept and slope over the regression's own odds.
    calibration: (f64, f64),
    /// The penalty that the rows for learning chose.
    pub penalty: f64,
}

/// Which way a column moves the odds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More of it makes the outcome likelier.
    Raises,
    /// More of it makes the outcome rarer.
    Lowers,
    /// It goes up and down.
    Bends,
    /// It depends on the word.
    ByWord,
}

/// A column and what it does to the odds.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver {
    /// The column's heading.
    pub name: String,
    /// How far it moves the odds from row to row: the deviation of its part, in logarithms of odds.
    pub effect: f64,
    /// Its part of the effects of all columns, from 0 to 1.
    pub share: f64,
    /// Which way.
    pub direction: Direction,
    /// The word that makes the outcome likeliest, of a column of words.
    pub raises: Option<String>,
    /// The word that makes it rarest.
    pub lowers: Option<String>,
}

/// Learns a model from some rows of a frame.
///
/// The penalty and the calibration are chosen by what each row would get from the others
/// ([`super::logistic::Fitted::left_out`]), so that no row judges itself. Returns `None` where
/// nothing can be learnt.
#[must_use]
pub fn learn(frame: &Frame, rows: &[usize]) -> Option<Model> {
    let outcome = frame.outcomes(rows);
    let encoder = Encoder::learn(frame, rows);
    let encoded = encode(&encoder, frame, rows);
    let mut best = None;
    let mut least = f64::INFINITY;
    let mut start: Option<Logistic> = None;
    for penalty in PENALTIES {
        let penalties = vec![penalty; encoded.width()];
        let problem = Problem { rows: &encoded, outcome: &outcome, penalty: &penalties, signs: &[], toward: &[] };
        let fitted = fit(&problem, start.as_ref())?;
        let left_out = fitted.left_out(&problem)?;
        let loss = log_loss(&left_out, &outcome);
        start = Some(fitted.model.clone());
        if loss < least {
            least = loss;
            best = Some((penalty, fitted.model, left_out));
        }
    }
    let (penalty, regression, left_out) = best?;
    Some(Model { encoder, regression, calibration: calibrate(&left_out, &outcome), penalty })
}

fn encode(encoder: &Encoder, frame: &Frame, rows: &[usize]) -> Rows {
    let mut encoded = Rows::new(encoder.owners().len());
    let mut buffer = Vec::new();
    for row in rows {
        encoder.encode(frame, *row, &mut buffer);
        encoded.push(&buffer);
    }
    encoded
}

/// Returns intercept and slope over odds that rows got from the others (Platt, *Probabilistic outputs
/// for support vector machines*, 1999).
#[must_use]
pub fn calibrate(log_odds: &[f64], outcome: &[bool]) -> (f64, f64) {
    let mut rows = Rows::new(1);
    for odds in log_odds {
        rows.push(&[(0, *odds)]);
    }
    let fitted = fit(&Problem { rows: &rows, outcome, penalty: &[1e-6], signs: &[], toward: &[] }, None);
    // A slope of no rise would turn the ranking around; then the odds stay as they are.
    let usable = fitted.map(|fitted| (fitted.model.intercept, fitted.model.weights[0]));
    usable.filter(|(_, slope)| *slope > 0.0).unwrap_or((0.0, 1.0))
}

impl Model {
    /// Returns the calibrated logarithm of the odds of some rows.
    #[must_use]
    pub fn log_odds(&self, frame: &Frame, rows: &[usize]) -> Vec<f64> {
        let encoded = encode(&self.encoder, frame, rows);
        let (intercept, slope) = self.calibration;
        encoded.iter().map(|row| intercept + slope * self.regression.log_odds(row)).collect()
    }

    /// Returns the calibrated probabilities of some rows, from 0 to 1.
    #[must_use]
    pub fn probabilities(&self, frame: &Frame, rows: &[usize]) -> Vec<f64> {
        self.log_odds(frame, rows).into_iter().map(probability).collect()
    }

    /// Returns what moves the odds over some rows, the strongest first.
    #[must_use]
    pub fn drivers(&self, frame: &Frame, rows: &[usize]) -> Vec<Driver> {
        let parts = self.parts(frame, rows);
        let effects: Vec<f64> = parts.iter().map(|part| variance(part).sqrt()).collect();
        let whole: f64 = effects.iter().sum();
        let moving = effects.iter().enumerate().filter(|(_, effect)| **effect > 0.0);
        let mut drivers: Vec<Driver> = moving
            .map(|(column, effect)| {
                let (direction, raises, lowers) = self.direction(frame, rows, column, &parts[column]);
                let name = frame.columns[column].name.clone();
                Driver { name, effect: *effect, share: effect / whole, direction, raises, lowers }
            })
            .collect();
        drivers.sort_by(|a, b| b.effect.total_cmp(&a.effect));
        drivers
    }

    /// Returns for each column its part in the odds of each row.
    fn parts(&self, frame: &Frame, rows: &[usize]) -> Vec<Vec<f64>> {
        let encoded = encode(&self.encoder, frame, rows);
        let mut parts = vec![vec![0.0; rows.len()]; frame.columns.len()];
        for (index, row) in encoded.iter().enumerate() {
            for (place, value) in row {
                let part = value * self.regression.weights[*place as usize] * self.calibration.1;
                parts[self.encoder.owners()[*place as usize]][index] += part;
            }
        }
        parts
    }

    fn direction(
        &self,
        frame: &Frame,
        rows: &[usize],
        column: usize,
        part: &[f64],
    ) -> (Direction, Option<String>, Option<String>) {
        match &frame.columns[column].values {
            Values::Numbers(values) => {
                let known = rows.iter().zip(part).map(|(row, part)| (values[*row], *part));
                let straight = correlation(known.filter(|(value, _)| !value.is_nan()));
                let direction = match straight {
                    _ if straight.abs() < STRAIGHT_MIN => Direction::Bends,
                    _ if straight > 0.0 => Direction::Raises,
                    _ => Direction::Lowers,
                };
                (direction, None, None)
            }
            Values::Words { words, .. } => {
                let (code, start) = self.encoder.code(column);
                let Code::Words { places, .. } = code else { return (Direction::ByWord, None, None) };
                let weight =
                    |place: &Option<u32>| place.map_or(0.0, |place| self.regression.weights[(start + place) as usize]);
                let named = words.iter().zip(places).filter(|(_, place)| place.is_some() || words.len() == 2);
                let mut named: Vec<(f64, &String)> = named.map(|(word, place)| (weight(place), word)).collect();
                named.sort_by(|a, b| a.0.total_cmp(&b.0));
                let raises = named.last().filter(|(weight, _)| *weight > 0.0 || named.len() > 1);
                let lowers = named.first().filter(|(weight, _)| *weight < 0.0 || named.len() > 1);
                let word = |found: Option<&(f64, &String)>| found.map(|(_, word)| (*word).clone());
                (Direction::ByWord, word(raises), word(lowers))
            }
        }
    }
}

/// Returns the correlation of pairs, from -1 to 1; 0 where one side never moves.
fn correlation(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let pairs: Vec<(f64, f64)> = pairs.collect();
    let count = pairs.len() as f64;
    let (left, right) = pairs.iter().fold((0.0, 0.0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1));
    let (left, right) = (left / count, right / count);
    let mut sums = (0.0, 0.0, 0.0);
    for (a, b) in &pairs {
        sums.0 += (a - left) * (b - right);
        sums.1 += (a - left).powi(2);
        sums.2 += (b - right).powi(2);
    }
    let both = (sums.1 * sums.2).sqrt();
    if both > 0.0 { sums.0 / both } else { 0.0 }
}
