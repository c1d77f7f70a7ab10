//! What lists of tasks ask for and get, and how a task stands at a moment.

use serde::{Deserialize, Serialize};

use super::todo::Todo;
use crate::id::{AccountId, BatchId, TodoId, UserId};
use crate::time::Timestamp;

/// The moment as the asking person's clock shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// The moment.
    pub now: Timestamp,
    /// Midnight UTC of the date there.
    pub today: Timestamp,
    /// Minutes after midnight there.
    pub minute: u16,
}

impl Here {
    /// Returns a moment as a clock in London without summer time shows it.
    #[must_use]
    pub fn utc(now: Timestamp) -> Self {
        let today = now.day_start();
        Self { now, today, minute: u16::try_from((now.0 - today.0) / 60_000).unwrap_or(0) }
    }
}

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is done.
    Done,
    /// It is late.
    Overdue {
        /// By how many days; 0 for earlier today.
        days: i64,
    },
    /// Its reminder has come.
    Reminded,
    /// It is due today.
    Today,
    /// It is due tomorrow.
    Tomorrow,
    /// It is due later.
    Later {
        /// In how many days.
        days: i64,
    },
    /// It has no day.
    Undated,
}

/// Where a task stands in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Late.
    Overdue,
    /// For today.
    Today,
    /// For another day, or for none.
    Upcoming,
    /// Done.
    Done,
}

impl Section {
    /// All sections in their order.
    pub const ALL: [Self; 4] = [Self::Overdue, Self::Today, Self::Upcoming, Self::Done];

    /// Returns the word by which pages know it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Upcoming => "upcoming",
            Self::Done => "done",
        }
    }
}

impl Standing {
    /// Returns where a task that stands so is listed.
    #[must_use]
    pub fn section(self) -> Section {
        match self {
            Self::Done => Section::Done,
            Self::Overdue { .. } => Section::Overdue,
            Self::Reminded | Self::Today => Section::Today,
            Self::Tomorrow | Self::Later { .. } | Self::Undated => Section::Upcoming,
        }
    }
}

/// Returns how a task stands.
#[must_use]
pub fn standing(todo: &Todo, here: Here) -> Standing {
    let away = todo.due.map(|due| due.day.days_since(here.today));
    if todo.done_at.is_some() {
        return Standing::Done;
    }
    if todo.due_at.is_some_and(|due| due <= here.now) {
        return Standing::Overdue { days: away.map_or(0, |days| (-days).max(0)) };
    }
    if todo.remind_at.is_some_and(|at| at <= here.now) {
        return Standing::Reminded;
    }
    match away {
        None => Standing::Undated,
        Some(..=0) => Standing::Today,
        Some(1) => Standing::Tomorrow,
        Some(days) => Standing::Later { days },
    }
}

/// Which part of the tasks a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pile {
    /// Those that are to be done, what is due first at the top.
    #[default]
    Open,
    /// Those that are done, the last one at the top.
    Done,
}

/// Which tasks a list shows; what is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TodoQuery {
    /// Open or done.
    pub pile: Pile,
    /// Only what the asking person deals with.
    pub mine: bool,
    /// Only what this person deals with, unless it is the asking person's.
    pub person: Option<UserId>,
    /// Of one account only.
    pub account: Option<AccountId>,
    /// How many rows stand before the page.
    pub offset: u32,
    /// How many rows the page has at most.
    pub limit: u32,
}

/// A task with what people know its account by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TodoRow {
    /// The task.
    pub todo: Todo,
    /// The account's name; empty for a task that stands free.
    pub account: String,
    /// How it stands for the asking person.
    pub standing: Standing,
}

/// A page of tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TodoPage {
    /// The rows.
    pub rows: Vec<TodoRow>,
    /// How many rows there are in all.
    pub total: u32,
    /// How many rows stand before the page.
    pub offset: u32,
    /// The moment on the asking person's clock.
    pub here: Here,
}

/// What a step with some tasks did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodoReport {
    /// The batch that takes it back; none where nothing changed.
    pub batch: Option<BatchId>,
    /// Tasks that changed.
    pub changed: u32,
    /// Tasks that came again because one was done.
    pub again: u32,
    /// Tasks that did not allow the step, with the sentence that says why.
    pub refused: Vec<(TodoId, String)>,
}
