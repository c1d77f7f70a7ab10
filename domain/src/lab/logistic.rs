//! Logistic regression with a quadratic penalty and, where wanted, signs that weights must have.
//!
//! Fitted by Newton's method (iteratively reweighted least squares; McCullagh and Nelder,
//! *Generalized Linear Models*, 1989). Bounds are kept by solving each step's quadratic model by
//! coordinates within them, so that a step never leaves what is allowed.

use super::matrix::{Factor, Rows, Symmetric, dot};

/// Most Newton steps; ten are usual.
const STEPS_MAX: usize = 60;
/// A step that gains less than this share of the loss is the last one.
const GAIN_MIN: f64 = 1e-10;
/// Most rounds over the coordinates of one step.
const ROUNDS_MAX: usize = 400;
/// Keeps the curvature above zero where a probability is next to 0 or 1.
const CURVATURE_MIN: f64 = 1e-9;

/// Which sign a weight may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    /// Either.
    #[default]
    Free,
    /// Zero or above.
    Rising,
    /// Zero or below.
    Falling,
}

impl Sign {
    fn clamp(self, weight: f64) -> f64 {
        match self {
            Self::Free => weight,
            Self::Rising => weight.max(0.0),
            Self::Falling => weight.min(0.0),
        }
    }
}

/// What is to be fitted.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// One row of features for each outcome.
    pub rows: &'a Rows,
    /// Whether it happened.
    pub outcome: &'a [bool],
    /// The penalty of each column: half of it times the squared distance of the weight is added to the loss.
    pub penalty: &'a [f64],
    /// The sign of each column's weight; empty where all are free.
    pub signs: &'a [Sign],
    /// Where the penalty draws each weight to; empty for zero.
    pub toward: &'a [f64],
}

impl Problem<'_> {
    fn toward(&self, column: usize) -> f64 {
        self.toward.get(column).copied().unwrap_or(0.0)
    }
}

/// A fitted regression: the logarithm of the odds is the intercept plus the weighted features.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logistic {
    /// The logarithm of the odds where all features are zero.
    pub intercept: f64,
    /// One for each column.
    pub weights: Vec<f64>,
}

/// A regression with what is needed to judge it without the rows it has seen.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The regression.
    pub model: Logistic,
    curvature: Symmetric,
}

/// Returns the probability that belongs to the logarithm of odds.
#[must_use]
pub fn probability(log_odds: f64) -> f64 {
    if log_odds >= 0.0 {
        1.0 / (1.0 + (-log_odds).exp())
    } else {
        let odds = log_odds.exp();
        odds / (1.0 + odds)
    }
}

impl Logistic {
    /// Returns the logarithm of the odds of a row.
    #[must_use]
    pub fn log_odds(&self, row: &[(u32, f64)]) -> f64 {
        self.intercept + dot(row, &self.weights)
    }
}

/// Fits a regression, beginning at `start` where one is given.
///
/// Returns `None` where the rows are empty or no step can be computed, which a positive penalty on
/// every column rules out.
#[must_use]
pub fn fit(problem: &Problem<'_>, start: Option<&Logistic>) -> Option<Fitted> {
    let width = problem.rows.width();
    if problem.rows.is_empty() || problem.rows.len() != problem.outcome.len() {
        return None;
    }
    let rate = problem.outcome.iter().filter(|happened| **happened).count() as f64 + 0.5;
    let none =
        Logistic { intercept: (rate / (problem.outcome.len() as f64 + 1.0 - rate)).ln(), weights: vec![0.0; width] };
    let mut model = start.filter(|start| start.weights.len() == width).cloned().unwrap_or(none);
    let mut loss = loss_of(problem, &model);
    for _ in 0..STEPS_MAX {
        let (gradient, curvature) = derivatives(problem, &model);
        let step = step(problem, &model, &gradient, &curvature)?;
        let (next, gained) = walk(problem, &model, &step, loss);
        let done = gained <= GAIN_MIN * loss.abs().max(1.0);
        (model, loss) = (next, loss - gained);
        if done {
            let (_, curvature) = derivatives(problem, &model);
            return Some(Fitted { model, curvature });
        }
    }
    let (_, curvature) = derivatives(problem, &model);
    Some(Fitted { model, curvature })
}

/// Returns minus the logarithm of the likelihood plus the penalty.
fn loss_of(problem: &Problem<'_>, model: &Logistic) -> f64 {
    let rows = problem.rows.iter().zip(problem.outcome).map(|(row, happened)| {
        let toward = if *happened { -model.log_odds(row) } else { model.log_odds(row) };
        toward.max(0.0) + (-toward.abs()).exp().ln_1p()
    });
    let held = model.weights.iter().zip(problem.penalty).enumerate();
    let held = held.map(|(column, (weight, penalty))| 0.5 * penalty * (weight - problem.toward(column)).powi(2));
    rows.sum::<f64>() + held.sum::<f64>()
}

/// Returns the gradient, the intercept last, and the matrix of second derivatives.
fn derivatives(problem: &Problem<'_>, model: &Logistic) -> (Vec<f64>, Symmetric) {
    let width = problem.rows.width();
    let mut gradient = vec![0.0; width + 1];
    let mut curvature = Symmetric::zero(width + 1);
    for (row, happened) in problem.rows.iter().zip(problem.outcome) {
        let chance = probability(model.log_odds(row));
        let miss = chance - f64::from(u8::from(*happened));
        for (column, value) in row {
            gradient[*column as usize] += miss * value;
        }
        gradient[width] += miss;
        curvature.add_outer(row, (chance * (1.0 - chance)).max(CURVATURE_MIN));
    }
    for (column, (weight, penalty)) in model.weights.iter().zip(problem.penalty).enumerate() {
        gradient[column] += penalty * (weight - problem.toward(column));
        curvature.add_diagonal(column, *penalty);
    }
    (gradient, curvature)
}

/// Returns the step to the lowest point of the quadratic model within the bounds.
fn step(problem: &Problem<'_>, model: &Logistic, gradient: &[f64], curvature: &Symmetric) -> Option<Vec<f64>> {
    if problem.signs.iter().all(|sign| *sign == Sign::Free) {
        let mut step: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
        curvature.factor()?.solve(&mut step);
        return Some(step);
    }
    let mut step = vec![0.0; gradient.len()];
    let mut slopes = gradient.to_vec();
    for _ in 0..ROUNDS_MAX {
        let mut largest: f64 = 0.0;
        for index in 0..step.len() {
            let bend = curvature.at(index, index);
            if bend <= 0.0 {
                return None;
            }
            let free = step[index] - slopes[index] / bend;
            let to = match (problem.signs.get(index), model.weights.get(index)) {
                (Some(sign), Some(weight)) => sign.clamp(weight + free) - weight,
                _ => free,
            };
            let moved = to - step[index];
            if moved != 0.0 {
                step[index] = to;
                largest = largest.max(moved.abs());
                for (other, slope) in slopes.iter_mut().enumerate() {
                    *slope += curvature.at(index, other) * moved;
                }
            }
        }
        if largest < 1e-10 {
            break;
        }
    }
    Some(step)
}

/// Goes along the step, half as far each time until the loss falls; returns where, and the gain.
fn walk(problem: &Problem<'_>, model: &Logistic, step: &[f64], loss: f64) -> (Logistic, f64) {
    let mut share = 1.0;
    for _ in 0..30 {
        let next = Logistic {
            intercept: model.intercept + share * step[model.weights.len()],
            weights: model.weights.iter().zip(step).map(|(weight, by)| weight + share * by).collect(),
        };
        let gained = loss - loss_of(problem, &next);
        if gained > 0.0 {
            return (next, gained);
        }
        share *= 0.5;
    }
    (model.clone(), 0.0)
}

impl Fitted {
    /// Returns for each row the logarithm of the odds that a fit without that row would give it.
    ///
    /// One Newton step from the whole fit, exact for least squares and close for this (Rad and
    /// Maleki, *A scalable estimate of the out-of-sample prediction error via approximate
    /// leave-one-out cross-validation*, 2020).
    #[must_use]
    pub fn left_out(&self, problem: &Problem<'_>) -> Option<Vec<f64>> {
        let factor: Factor = self.curvature.factor()?;
        let mut buffer = Vec::new();
        let rows = problem.rows.iter().zip(problem.outcome).map(|(row, happened)| {
            let log_odds = self.model.log_odds(row);
            let chance = probability(log_odds);
            let reach = factor.leverage(row, &mut buffer);
            let rest = (1.0 - reach * chance * (1.0 - chance)).max(0.05);
            log_odds + reach * (chance - f64::from(u8::from(*happened))) / rest
        });
        Some(rows.collect())
    }
}
