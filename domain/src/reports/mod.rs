//! Reports that people put together: accounts, alerts, tasks, usage or revenue, filtered, grouped and measured.
//!
//! [`Spec`] says what is asked for and is checked against a closed list of what fits together. The database finds one
//! [`Line`] for each account and group, and [`answer()`] makes of them what stands in the table, in the bars and in a file.

mod answer;
mod behind;
mod file;
mod movement;
mod numbers;
mod parts;
mod period;
mod ready;
mod saved;
mod spec;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Asked, Group, Labels, Line, Paying, answer};
pub use behind::{Behind, Part, Rows, RowsOf};
pub use file::{csv, file_name};
pub use movement::{Moved, Movement, Terms, movements};
pub use numbers::Numbers;
pub use parts::{About, Dimension, Keyed, Measure, Shape, State};
pub use period::{PERIOD_DAYS_MAX, PERIODS_MAX, Period, floor, period_key, period_start};
pub use ready::{AT_RISK, READY, ready};
pub use saved::{Report, ReportDraft};
pub use spec::{Order, Spec, TOP_MAX, TOPS};
