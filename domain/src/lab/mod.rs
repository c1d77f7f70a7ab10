//! The laboratory: what a score or a model would have said, held against what happened.
//!
//! [`table`] reads any table with an outcome into a [`frame`], [`encode`] makes features of its
//! columns, [`logistic`] fits, [`learn`] chooses and calibrates, and [`trial`] judges by rows that
//! were not learnt from. A [`chronicle`] is all that was recorded on an account, [`replay`] is what a
//! scorecard said in the past and what then happened, [`backtest`] holds one against the other, and
//! [`suggest`] finds weights that would have done better; a [`run`] is all of it, asked for by a person.

pub mod folds;
pub mod matrix;
pub mod metrics;

pub mod logistic;

pub mod encode;
pub mod frame;
pub mod table;

pub mod learn;
pub mod trial;

pub mod chronicle;

pub mod backtest;
pub mod replay;
pub mod suggest;

pub mod run;

#[cfg(test)]
mod tests;

pub use logistic::probability;

/// Fewest losses that anything is learnt from: below, chance looks like a pattern. Three numbers are
/// then already the most that can be told apart (ten losses for each; Peduzzi and others, 1996).
pub const LOSSES_MIN: usize = 30;
/// A single column that ranks better than this is most likely known only after the outcome.
pub const LEAK_AUC: f64 = 0.95;
