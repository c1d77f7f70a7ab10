//! Files that are imported again and again: set up and listed below the import, with what came of each.

mod dialog;
mod fields;
mod history;
mod list;
mod planner;
pub mod server_fns;
mod words;

pub use list::ImportSchedules;
