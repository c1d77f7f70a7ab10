//! A notice in words: the same on the screen, in a mail and on a device.

use domain::alerts::Priority;
use domain::notices::{Event, Notice, What};

use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::health::band_word;

/// A notice as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// One line that says what happened, with the account's name.
    pub title: String,
    /// One line more, where there is more to say.
    pub text: String,
}

/// Returns a notice in words.
#[must_use]
pub fn words(notice: &Notice, locale: Locale) -> Words {
    let name = notice.account_name.clone().unwrap_or_default();
    let (title, text) = match &notice.what {
        What::AlertRaised { rule, priority, .. } => {
            let priority = priority_word(*priority, locale);
            (about(rule, &name, locale), td_string!(locale, notices.alert_priority, priority = priority))
        }
        What::AlertAssigned { rule, .. } => {
            (about(rule, &name, locale), td_string!(locale, notices.alert_yours).to_owned())
        }
        What::AlertEscalated { rule, .. } => {
            (about(rule, &name, locale), td_string!(locale, notices.alert_escalated).to_owned())
        }
        What::HealthFell { from, to, score } => {
            let to = band_word(Some(*to), locale);
            let score = score.map(format::score).unwrap_or_else(|| "–".to_owned());
            let text = match from {
                Some(from) => {
                    td_string!(locale, notices.fell_from, from = band_word(Some(*from), locale), score = score)
                }
                None => td_string!(locale, notices.fell_first, score = score),
            };
            (td_string!(locale, notices.fell, name = name, to = to), text)
        }
        What::Assigned { accounts: 1 } => (td_string!(locale, notices.assigned, name = name), String::new()),
        What::Assigned { accounts } => {
            (td_string!(locale, notices.assigned_many, n = format::integer(i64::from(*accounts))), String::new())
        }
        What::TodoAssigned { title, todos, .. } => task_words(title, *todos, Task::Assigned, name, locale),
        What::TodoDue { title, todos, reminder, .. } => {
            let task = if *reminder { Task::Reminder } else { Task::Due };
            task_words(title, *todos, task, name, locale)
        }
        What::RenewalNear { at, days, annual } => {
            let text = match annual {
                Some(annual) => {
                    td_string!(locale, notices.renewal_value, date = format::date(*at), value = format::money(*annual))
                }
                None => format::date(*at),
            };
            (td_string!(locale, notices.renewal, name = name, days = *days), text)
        }
        What::TicketUrgent { subject, escalated: true } => {
            (td_string!(locale, notices.ticket_escalated, name = name), subject.clone())
        }
        What::TicketUrgent { subject, escalated: false } => {
            (td_string!(locale, notices.ticket_urgent, name = name), subject.clone())
        }
        What::ActivityLogged { kind, excerpt } => {
            let title = match kind.as_str() {
                "call" => td_string!(locale, notices.logged_call, name = name),
                "email" => td_string!(locale, notices.logged_email, name = name),
                "received" => td_string!(locale, notices.logged_received, name = name),
                "meeting" => td_string!(locale, notices.logged_meeting, name = name),
                _ => td_string!(locale, notices.logged_note, name = name),
            };
            (title, excerpt.clone())
        }
        What::ImportFinished { file } => (td_string!(locale, notices.imported, file = file.clone()), String::new()),
        What::ScorecardPublished { version } => {
            (td_string!(locale, notices.published, version = *version), String::new())
        }
    };
    Words { title, text }
}

/// What is told of a task.
#[derive(Clone, Copy)]
enum Task {
    Assigned,
    Due,
    Reminder,
}

/// Returns the words for a task and its account, or for several of which the first is named.
fn task_words(title: &str, todos: u32, task: Task, account: String, locale: Locale) -> (String, String) {
    let title = title.to_owned();
    if todos == 1 {
        let line = match task {
            Task::Assigned => td_string!(locale, notices.todo_assigned, title = title),
            Task::Due => td_string!(locale, notices.todo_due, title = title),
            Task::Reminder => td_string!(locale, notices.todo_remind, title = title),
        };
        return (line, account);
    }
    let line = match task {
        Task::Assigned => td_string!(locale, notices.todo_assigned_many, n = todos),
        Task::Due => td_string!(locale, notices.todo_due_many, n = todos),
        Task::Reminder => td_string!(locale, notices.todo_remind_many, n = todos),
    };
    (line, td_string!(locale, notices.todo_first, title = title))
}

/// Returns what an alert is about: the rule and, where it has one, the account.
fn about(rule: &str, name: &str, locale: Locale) -> String {
    let (rule, name) = (rule.to_owned(), name.to_owned());
    if name.is_empty() { rule } else { td_string!(locale, notices.alert, rule = rule, name = name) }
}

fn priority_word(priority: Priority, locale: Locale) -> &'static str {
    match priority {
        Priority::Critical => td_string!(locale, notices.priority_critical),
        Priority::High => td_string!(locale, notices.priority_high),
        Priority::Medium => td_string!(locale, notices.priority_medium),
        Priority::Low => td_string!(locale, notices.priority_low),
    }
}

/// Returns what an event is called in the table of preferences and in the filter.
#[must_use]
pub fn event_word(event: Event, locale: Locale) -> &'static str {
    match event {
        Event::AlertRaised => td_string!(locale, notices.event_alert),
        Event::AlertAssigned => td_string!(locale, notices.event_alert_assigned),
        Event::AlertEscalated => td_string!(locale, notices.event_alert_escalated),
        Event::HealthFell => td_string!(locale, notices.event_fell),
        Event::Assigned => td_string!(locale, notices.event_assigned),
        Event::TodoAssigned => td_string!(locale, notices.event_todo_assigned),
        Event::TodoDue => td_string!(locale, notices.event_todo_due),
        Event::RenewalNear => td_string!(locale, notices.event_renewal),
        Event::TicketUrgent => td_string!(locale, notices.event_ticket),
        Event::ActivityLogged => td_string!(locale, notices.event_activity),
        Event::ImportFinished => td_string!(locale, notices.event_import),
        Event::ScorecardPublished => td_string!(locale, notices.event_published),
    }
}
