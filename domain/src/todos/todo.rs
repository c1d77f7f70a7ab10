//! What a task is, and what a person says of one.

use serde::{Deserialize, Serialize};

use super::repeat::Repeat;
use crate::alerts::Priority;
use crate::id::{AccountId, AlertId, TodoId, UserId};
use crate::refusal::Refusal;
use crate::time::{DAY_MS, Timestamp};

/// Longest title in characters.
pub const TITLE_CHARS_MAX: usize = 200;
/// Longest note in characters.
pub const NOTE_CHARS_MAX: usize = 4_000;
/// The minute of the day that stands in for a time that nobody named: eight in the morning.
pub const MORNING: u16 = 8 * 60;
/// Days are between 1970 and the end of 2199.
const LAST_DAY: Timestamp = Timestamp(84_005 * DAY_MS);

/// A day, and a time where one was named, as the clock on somebody's wall shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct When {
    /// Midnight UTC of the date.
    pub day: Timestamp,
    /// Minutes after midnight on the wall.
    #[serde(default)]
    pub minute: Option<u16>,
}

impl When {
    /// Returns a day without a time.
    #[must_use]
    pub fn on(day: Timestamp) -> Self {
        Self { day: day.day_start(), minute: None }
    }

    /// Returns `09:00`, or an empty text where no time was named.
    #[must_use]
    pub fn clock(self) -> String {
        self.minute.map_or_else(String::new, |minute| format!("{:02}:{:02}", minute / 60, minute % 60))
    }

    /// Returns the day and time of two fields of a form, `2026-11-21` and `09:00`; none without a day.
    #[must_use]
    pub fn typed(day: &str, clock: &str) -> Option<Self> {
        let day = day.trim().parse().ok().map(Timestamp::from_date)?;
        let minute = clock.trim().split_once(':').and_then(|(hours, minutes)| {
            let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.get(..2)?.parse().ok()?);
            (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
        });
        Some(Self { day, minute })
    }

    fn check(self, field: &str) -> Result<(), Refusal> {
        let is_day = self.day.day_start() == self.day && (Timestamp(0)..LAST_DAY).contains(&self.day);
        if is_day && self.minute.is_none_or(|minute| minute < 24 * 60) {
            return Ok(());
        }
        Err(Refusal::field(field, "Choose a day and a time such as 09:00."))
    }
}

/// Something that a person has to do. A state is a moment with a who.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Todo {
    /// Identifies the task.
    pub id: TodoId,
    /// Counts its changes.
    pub version: i64,
    /// What there is to do.
    pub title: String,
    /// What else there is to know.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The account it is about; none for a task that stands free.
    pub account_id: Option<AccountId>,
    /// The alert it came from.
    pub alert_id: Option<AlertId>,
    /// Who deals with it.
    pub assignee: Option<UserId>,
    /// How much it matters.
    pub priority: Priority,
    /// By when.
    pub due: Option<When>,
    /// When to be reminded; without a time at eight in the morning.
    pub remind: Option<When>,
    /// On whose clock that is: a time zone by its IANA name.
    pub zone: String,
    /// How it comes again.
    pub repeat: Option<Repeat>,
    /// The moment from which it is late: its time, or the end of its day.
    pub due_at: Option<Timestamp>,
    /// The moment at which it is told to be due: its time, or the morning of its day.
    pub ring_at: Option<Timestamp>,
    /// The moment of the reminder.
    pub remind_at: Option<Timestamp>,
    /// The one before it, for a task that came again.
    pub follows: Option<TodoId>,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// Who did it.
    pub done_by: Option<UserId>,
    /// Who wrote it down; none for the system.
    pub created_by: Option<UserId>,
    /// When it was created here.
    pub created_at: Timestamp,
    /// When it last changed here.
    pub updated_at: Timestamp,
}

/// What a person says of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TodoDraft {
    /// What there is to do.
    pub title: String,
    /// What else there is to know; may be empty.
    pub note: String,
    /// The account it is about.
    pub account_id: Option<AccountId>,
    /// The alert it comes from.
    pub alert_id: Option<AlertId>,
    /// Who deals with it.
    pub assignee: Option<UserId>,
    /// How much it matters.
    pub priority: Priority,
    /// By when.
    pub due: Option<When>,
    /// When to be reminded.
    pub remind: Option<When>,
    /// How it comes again.
    pub repeat: Option<Repeat>,
}

impl Default for TodoDraft {
    fn default() -> Self {
        Self {
            title: String::new(),
            note: String::new(),
            account_id: None,
            alert_id: None,
            assignee: None,
            priority: Priority::Medium,
            due: None,
            remind: None,
            repeat: None,
        }
    }
}

impl TodoDraft {
    /// Returns what a task says now.
    #[must_use]
    pub fn of(todo: &Todo) -> Self {
        Self {
            title: todo.title.clone(),
            note: todo.note.clone(),
            account_id: todo.account_id,
            alert_id: todo.alert_id,
            assignee: todo.assignee,
            priority: todo.priority,
            due: todo.due,
            remind: todo.remind,
            repeat: todo.repeat.clone(),
        }
    }

    /// Refuses what makes no sense; what comes again without a day begins with the first that fits, from `today` on.
    pub fn checked(mut self, today: Timestamp) -> Result<Self, Refusal> {
        self.title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        self.note = self.note.trim().to_owned();
        if self.title.is_empty() {
            return Err(Refusal::field("title", "Write what there is to do."));
        }
        if self.title.chars().count() > TITLE_CHARS_MAX {
            return Err(Refusal::field("title", "Use at most 200 characters."));
        }
        if self.note.chars().count() > NOTE_CHARS_MAX {
            return Err(Refusal::field("note", "Use at most 4,000 characters."));
        }
        if let Some(repeat) = self.repeat.take() {
            let repeat = repeat.checked()?;
            self.due = self.due.or_else(|| repeat.first(today).map(When::on));
            self.repeat = Some(repeat);
        }
        self.due.map_or(Ok(()), |due| due.check("due"))?;
        self.remind.map_or(Ok(()), |remind| remind.check("remind"))?;
        Ok(self)
    }

    /// Returns a task that says this.
    #[must_use]
    pub fn applied(self, todo: &Todo) -> Todo {
        Todo {
            title: self.title,
            note: self.note,
            account_id: self.account_id,
            alert_id: self.alert_id,
            assignee: self.assignee,
            priority: self.priority,
            due: self.due,
            remind: self.remind,
            repeat: self.repeat,
            ..todo.clone()
        }
    }

    /// Returns a new task that says this.
    #[must_use]
    pub fn written(self, id: TodoId, by: Option<UserId>, now: Timestamp) -> Todo {
        let blank = Todo {
            id,
            version: 1,
            title: String::new(),
            note: String::new(),
            account_id: None,
            alert_id: None,
            assignee: None,
            priority: Priority::Medium,
            due: None,
            remind: None,
            zone: "UTC".to_owned(),
            repeat: None,
            due_at: None,
            ring_at: None,
            remind_at: None,
            follows: None,
            done_at: None,
            done_by: None,
            created_by: by,
            created_at: now,
            updated_at: now,
        };
        self.applied(&blank)
    }
}
