//! Tasks in words.

use domain::alerts::Priority;
use domain::todos::quick::Quick;
use domain::todos::{Repeat, Section, Standing, TodoRow, TodoStep, When};

use crate::alerts::words::{person, priority as priority_word};
use crate::format;
use crate::i18n::{Locale, td_string};

/// Returns a day and a time as people read them.
#[must_use]
pub fn when(when: When, locale: Locale) -> String {
    let date = format::date(when.day);
    match when.minute {
        Some(_) => td_string!(locale, todos.date_at, date = date, time = when.clock()),
        None => date,
    }
}

/// Returns why a task stands where it does, in one line.
#[must_use]
pub fn reason(row: &TodoRow, locale: Locale) -> String {
    let todo = &row.todo;
    let clock = todo.due.map(When::clock).filter(|clock| !clock.is_empty());
    match row.standing {
        Standing::Done => {
            let date = todo.done_at.map(format::date).unwrap_or_default();
            match person(todo.done_by) {
                Some(name) => td_string!(locale, todos.done_by, date = date, name = name),
                None => td_string!(locale, todos.done_on, date = date),
            }
        }
        Standing::Overdue { days: 0 } => {
            td_string!(locale, todos.late_since, time = clock.unwrap_or_else(|| "00:00".to_owned()))
        }
        Standing::Overdue { days: 1 } => td_string!(locale, todos.late_yesterday).to_owned(),
        Standing::Overdue { days } => td_string!(locale, todos.late_days, n = days),
        Standing::Reminded => match todo.due {
            Some(due) => td_string!(locale, todos.reminded_due, date = when(due, locale)),
            None => td_string!(locale, todos.reminded).to_owned(),
        },
        Standing::Today => match clock {
            Some(time) => td_string!(locale, todos.due_today_at, time = time),
            None => td_string!(locale, todos.due_today).to_owned(),
        },
        Standing::Tomorrow => match clock {
            Some(time) => td_string!(locale, todos.due_tomorrow_at, time = time),
            None => td_string!(locale, todos.due_tomorrow).to_owned(),
        },
        Standing::Later { days } => {
            let date = todo.due.map(|due| when(due, locale)).unwrap_or_default();
            td_string!(locale, todos.due_later, n = days, date = date)
        }
        Standing::Undated => td_string!(locale, todos.undated).to_owned(),
    }
}

/// Returns what a part of the list is called.
#[must_use]
pub fn section(section: Section, locale: Locale) -> &'static str {
    match section {
        Section::Overdue => td_string!(locale, todos.section_overdue),
        Section::Today => td_string!(locale, todos.section_today),
        Section::Upcoming => td_string!(locale, todos.section_upcoming),
        Section::Done => td_string!(locale, todos.section_done),
    }
}

/// Returns the name of a day of the week, 0 for Monday.
#[must_use]
pub fn weekday(day: u8, locale: Locale) -> &'static str {
    match day {
        0 => td_string!(locale, todos.monday),
        1 => td_string!(locale, todos.tuesday),
        2 => td_string!(locale, todos.wednesday),
        3 => td_string!(locale, todos.thursday),
        4 => td_string!(locale, todos.friday),
        5 => td_string!(locale, todos.saturday),
        _ => td_string!(locale, todos.sunday),
    }
}

/// Returns how a task comes again.
#[must_use]
pub fn repeat(repeat: &Repeat, locale: Locale) -> String {
    match repeat {
        Repeat::Days { every: 1 } => td_string!(locale, todos.every_day).to_owned(),
        Repeat::Days { every } => td_string!(locale, todos.every_days, n = *every),
        Repeat::Weeks { every, on } => {
            let days = on.iter().map(|day| weekday(*day, locale)).collect::<Vec<_>>().join(", ");
            match every {
                1 if on == &Repeat::WORKDAYS => td_string!(locale, todos.every_workday).to_owned(),
                1 => td_string!(locale, todos.every_week, days = days),
                n => td_string!(locale, todos.every_weeks, n = *n, days = days),
            }
        }
        Repeat::Months { every: 1, day } => td_string!(locale, todos.every_month, day = *day),
        Repeat::Months { every, day } => td_string!(locale, todos.every_months, n = *every, day = *day),
    }
}

/// Returns what was done with a task, as a toast begins.
#[must_use]
pub fn done(step: &TodoStep, locale: Locale) -> &'static str {
    match step {
        TodoStep::Complete => td_string!(locale, todos.did_complete),
        TodoStep::Reopen => td_string!(locale, todos.did_reopen),
        TodoStep::Postpone { .. } => td_string!(locale, todos.did_postpone),
        TodoStep::Skip => td_string!(locale, todos.did_skip),
        TodoStep::Assign { .. } => td_string!(locale, todos.did_assign),
    }
}

/// Returns what has been understood of a line, in short words beside the title.
#[must_use]
pub fn understood(quick: &Quick, locale: Locale) -> Vec<String> {
    let due = quick.due.map(|due| td_string!(locale, todos.chip_due, date = when(due, locale)));
    let remind = quick.remind.map(|remind| td_string!(locale, todos.chip_remind, date = when(remind, locale)));
    let repeat = quick.repeat.as_ref().map(|one| repeat(one, locale));
    let priority = quick.priority.map(|one| priority(one, locale).to_owned());
    let account = quick.account.clone().map(|name| format!("@{name}"));
    let person = person(quick.person).map(|name| format!("+{name}"));
    [due, remind, repeat, priority, account, person].into_iter().flatten().collect()
}

/// Returns the word for a priority.
#[must_use]
pub fn priority(priority: Priority, locale: Locale) -> &'static str {
    priority_word(priority, locale)
}
