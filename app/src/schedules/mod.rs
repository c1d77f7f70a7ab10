//! Saved reports that are sent again and again: set up beside the report, listed below it, with what came of each.

mod dialog;
mod fields;
mod history;
mod list;
#[cfg(feature = "ssr")]
pub mod mail;
mod outside;
mod planner;
pub mod server_fns;
mod times;
mod words;

pub use list::Schedules;
pub use outside::OutsideMail;
pub use planner::{Planner, ScheduleButton};
pub(crate) use times::{Ahead, Times, TimingForm};
pub(crate) use words::{clock, when};
