//! The laboratory: what a score or a model would have said, held against what happened.
//!
//! [`table`] reads any table with an outcome into a [`frame`], [`encode`] makes features of its
//! columns, [`logistic`] fits, [`learn`] chooses and calibrates, and [`trial`] judges by rows that
//! were not learnt from.

pub mod folds;
pub mod matrix;
pub mod metrics;

pub mod logistic;

pub mod encode;
pub mod frame;
pub mod table;

pub mod learn;
pub mod trial;

#[cfg(test)]
mod tests;

pub use logistic::probability;

/// Fewest losses that anything is learnt from: below, chance looks like a pattern. Three numbers are
/// then already the most that can be told apart (ten losses for each; Peduzzi and others, 1996).
pub const LOSSES_MIN: usize = 30;
/// A single column that ranks better than this is most likely known only after the outcome.
pub const LEAK_AUC: f64 = 0.95;
