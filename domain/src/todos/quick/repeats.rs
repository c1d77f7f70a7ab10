//! How something comes again, as people write it.

use chrono::Datelike;

use super::days::{number, ordinal, weekday};
use crate::time::Timestamp;
use crate::todos::repeat::Repeat;

/// What was said; the days may follow from the day of the task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Spoken {
    /// Every so many days.
    Days(u16),
    /// Every so many weeks, on these days or on the day of the task.
    Weeks(u16, Vec<u8>),
    /// Every so many months, on this day or on the day of the task.
    Months(u16, Option<u8>),
}

impl Spoken {
    /// Returns the repetition of a task that is due on a day.
    pub fn settled(self, due: Timestamp) -> Repeat {
        let date = due.date();
        match self {
            Self::Days(every) => Repeat::Days { every },
            Self::Weeks(every, on) if on.is_empty() => {
                let weekday = date.map_or(0, |date| date.weekday().num_days_from_monday());
                Repeat::Weeks { every, on: vec![u8::try_from(weekday).unwrap_or(0)] }
            }
            Self::Weeks(every, on) => Repeat::Weeks { every, on },
            Self::Months(every, day) => {
                let of_due = date.and_then(|date| u8::try_from(date.day()).ok()).unwrap_or(1);
                Repeat::Months { every, day: day.unwrap_or(of_due) }
            }
        }
    }
}

/// Returns how many words at the beginning say that something comes again, and how.
pub(super) fn read(words: &[&str]) -> Option<(usize, Spoken)> {
    match words {
        ["daily", ..] => Some((1, Spoken::Days(1))),
        ["weekly", rest @ ..] => Some(on_days(1, 1, rest)),
        ["monthly", rest @ ..] => Some(on_day(1, 1, rest)),
        ["quarterly", rest @ ..] => Some(on_day(1, 3, rest)),
        ["yearly" | "annually", ..] => Some((1, Spoken::Months(12, None))),
        ["every", "other", unit, rest @ ..] => unit_of(unit, 3, 2, rest),
        ["every", count, unit, rest @ ..] if number(count).is_some() => {
            let every = number(count).and_then(|count| u16::try_from(count).ok())?;
            unit_of(unit, 3, every, rest)
        }
        ["every", "weekday" | "weekdays" | "workday", ..] => Some((2, Spoken::Weeks(1, Repeat::WORKDAYS.to_vec()))),
        ["every", rest @ ..] => named(rest).or_else(|| unit_of(rest.first()?, 2, 1, rest.get(1..)?)),
        _ => None,
    }
}

/// Returns what follows `every`: days of the week, or a day of the month.
fn named(rest: &[&str]) -> Option<(usize, Spoken)> {
    let (taken, on) = weekdays(rest);
    if taken > 0 {
        return Some((1 + taken, Spoken::Weeks(1, on)));
    }
    let day = ordinal(rest.first()?, false)?;
    Some((2, Spoken::Months(1, Some(day))))
}

fn unit_of(unit: &str, taken: usize, every: u16, rest: &[&str]) -> Option<(usize, Spoken)> {
    match unit.trim_end_matches('s') {
        "day" => Some((taken, Spoken::Days(every))),
        "week" => Some(on_days(taken, every, rest)),
        "month" => Some(on_day(taken, every, rest)),
        "quarter" => Some(on_day(taken, every.checked_mul(3)?, rest)),
        "year" => Some((taken, Spoken::Months(every.checked_mul(12)?, None))),
        other => weekday(other, true).map(|day| (taken, Spoken::Weeks(every, vec![day]))),
    }
}

fn on_days(taken: usize, every: u16, rest: &[&str]) -> (usize, Spoken) {
    if let ["on", rest @ ..] = rest {
        let (more, on) = weekdays(rest);
        if more > 0 {
            return (taken + 1 + more, Spoken::Weeks(every, on));
        }
    }
    (taken, Spoken::Weeks(every, Vec::new()))
}

fn on_day(taken: usize, every: u16, rest: &[&str]) -> (usize, Spoken) {
    let (words, day) = match rest {
        ["on", "the", day, ..] => (3, ordinal(day, true)),
        ["on", day, ..] => (2, ordinal(day, false)),
        _ => (0, None),
    };
    match day {
        Some(day) => (taken + words, Spoken::Months(every, Some(day))),
        None => (taken, Spoken::Months(every, None)),
    }
}

/// Returns how many words at the beginning are days of the week, with `and` between them, and which.
fn weekdays(words: &[&str]) -> (usize, Vec<u8>) {
    let (mut taken, mut on) = (0, Vec::new());
    while let Some(word) = words.get(taken) {
        let (skip, word) = match (*word, words.get(taken + 1)) {
            ("and" | "&", Some(next)) if taken > 0 => (2, *next),
            (word, _) => (1, word),
        };
        // `mondays` is as good as `monday`.
        let Some(day) = weekday(word, true).or_else(|| weekday(word.trim_end_matches('s'), false)) else { break };
        on.push(day);
        taken += skip;
    }
    (taken, on)
}
