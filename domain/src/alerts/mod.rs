//! Alerts: risks and opportunities that a rule has noticed, told once, with the reason, until somebody has dealt with
//! them or they are over.
//!
//! A [`Rule`] is a row of data: a condition in the language of [`crate::filter`] over the fields of an account and
//! the facts of [`facts`]. [`engine`] holds rules against what is known of an account and says what changes: an alert
//! is raised, brought up to date or resolved by itself. [`step`] is what people do with it.

mod alert;
mod builtin;
pub mod engine;
pub mod facts;
mod inputs;
pub mod ladder;
pub mod list;
pub(crate) mod priority;
mod rule;
mod step;
pub mod usefulness;

#[cfg(test)]
mod tests;

pub use alert::{
    Alert, Dismissal, Kind, Note, Outcome, Priority, Quoted, REASON_CHARS_MAX, Reason, Rung, State, Unit, Worth,
};
pub use builtin::built_in;
pub use inputs::{Input, Inputs};
pub use priority::{LEVELS, worth};
pub use rule::{PARAMETERS_MAX, Parameter, Rule, RuleError, RulePart};
pub use step::{Step, take};
