//! Reports that people put together: accounts, alerts or tasks, filtered, grouped and measured.
//!
//! [`Spec`] says what is asked for and is checked against a closed list of what fits together. The database adds up one
//! [`Row`] for each group and currency, and [`answer()`] makes of them what stands in the table, in the bars and in a file.

mod answer;
mod behind;
mod file;
mod parts;
mod ready;
mod saved;
mod spec;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Group, Numbers, Row, answer};
pub use behind::Behind;
pub use file::{csv, file_name};
pub use parts::{About, Dimension, Keyed, Measure, Shape, State};
pub use ready::{READY, ready};
pub use saved::{Report, ReportDraft};
pub use spec::{Order, Spec, TOP_MAX, TOPS};
