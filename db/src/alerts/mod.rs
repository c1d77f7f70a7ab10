//! Alerts: lists, pages and steps, and the reader of the change log that raises, updates and ends them.

mod board;
mod demo;
mod desk;
mod pages;
mod portfolio;
mod reader;
mod replay;
mod rules;
mod steps;
mod watches;

pub use board::{analytics, counts, list, of_account};
pub(crate) use board::{find, rows};
pub use demo::tell;
pub use desk::{Looked, catch_up, due_at};
pub use pages::page;
pub(crate) use pages::{sight, sights};
pub use replay::{Played, play, preview};
pub use rules::{change_rule, create_rule, remove_rule, rule, rules, switch_rule};
pub use steps::{step, steps};
