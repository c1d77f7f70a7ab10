//! Tasks of people: what somebody has to do, by when, and how often.
//!
//! The field's word is *task*, and so is the word on the screen. In code they are `todos`, because a task of the machine
//! was there first. Days and times are what the clock on the wall of a person shows ([`When`]); the moments that follow
//! from them are worked out where time zones are known, in [`moments`].

pub mod list;
#[cfg(not(target_arch = "wasm32"))]
pub mod moments;
pub mod quick;
mod repeat;
mod step;
#[cfg(test)]
mod tests;
mod todo;

pub use list::{Here, Pile, Section, Standing, TodoPage, TodoQuery, TodoReport, TodoRow, standing};
pub use repeat::{EVERY_MAX, Repeat};
pub use step::{TodoStep, successor, take};
pub use todo::{NOTE_CHARS_MAX, TITLE_CHARS_MAX, Todo, TodoDraft, When};
