//! Days, times and reminders as people write them.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::time::Timestamp;
use crate::todos::list::Here;

/// The days of the week, each with its short form.
const WEEKDAYS: [[&str; 2]; 7] = [
    ["monday", "mon"],
    ["tuesday", "tue"],
    ["wednesday", "wed"],
    ["thursday", "thu"],
    ["friday", "fri"],
    ["saturday", "sat"],
    ["sunday", "sun"],
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Most days, weeks or months ahead.
const AHEAD_MAX: u32 = 1_000;

/// When to be reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reminder {
    /// At a time of the day on which it is due.
    At(u16),
    /// So many days before that, at a time.
    Before(i64, Option<u16>),
    /// On a day, at a time.
    On(Timestamp, Option<u16>),
}

/// Returns the weekday that a word names, 0 for Monday.
pub(super) fn weekday(word: &str, short_too: bool) -> Option<u8> {
    let place = WEEKDAYS.iter().position(|names| names[0] == word || (short_too && names[1] == word))?;
    u8::try_from(place).ok()
}

/// Returns a small number, also where it is written out.
pub(super) fn number(word: &str) -> Option<u32> {
    match word {
        "a" | "an" | "one" => Some(1),
        "two" => Some(2),
        "three" => Some(3),
        "four" => Some(4),
        _ => word.parse().ok().filter(|number| (1..=AHEAD_MAX).contains(number)),
    }
}

/// Returns the day of the month that a word such as `15th` names; a bare number only where `bare` allows it.
pub(super) fn ordinal(word: &str, bare: bool) -> Option<u8> {
    let digits = ["st", "nd", "rd", "th", "."].iter().find_map(|ending| word.strip_suffix(ending));
    let digits = digits.or(bare.then_some(word))?;
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

/// Returns how many words at the beginning name a day, and the day.
pub(super) fn day(words: &[&str], today: Timestamp) -> Option<(usize, Timestamp)> {
    let today = today.date()?;
    let lead = usize::from(matches!(words[0], "on" | "by" | "due" | "from" | "until" | "for"));
    let (taken, day) = plain_day(words.get(lead..)?, today, lead == 1)?;
    Some((lead + taken, Timestamp::from_date(day)))
}

fn plain_day(words: &[&str], today: NaiveDate, short_too: bool) -> Option<(usize, NaiveDate)> {
    let ahead = |days: u64| today.checked_add_days(Days::new(days));
    let first = *words.first()?;
    match first {
        "today" => return Some((1, today)),
        "tomorrow" => return Some((1, ahead(1)?)),
        "next" => return Some((2, following(words.get(1)?, today)?)),
        "this" => {
            let wanted = weekday(words.get(1)?, true)?;
            return Some((2, ahead(days_to(today, wanted))?));
        }
        "in" => {
            let count = number(words.get(1)?)?;
            let day = match words.get(2)?.trim_end_matches('s') {
                "day" => ahead(u64::from(count))?,
                "week" => ahead(u64::from(count) * 7)?,
                "month" => today.checked_add_months(Months::new(count))?,
                _ => return None,
            };
            return Some((3, day));
        }
        _ => {}
    }
    if let Some(wanted) = weekday(first, short_too) {
        let days = days_to(today, wanted);
        return Some((1, ahead(if days == 0 { 7 } else { days })?));
    }
    if first.len() == 10 && first.as_bytes()[4] == b'-' {
        return Some((1, first.parse().ok()?));
    }
    dated(words, today)
}

fn days_to(today: NaiveDate, wanted: u8) -> u64 {
    u64::from((u32::from(wanted) + 7 - today.weekday().num_days_from_monday()) % 7)
}

/// Returns what `next` means: a day of the week after this one, its Monday, or the first of the month.
fn following(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    let monday = today.checked_add_days(Days::new(7 - u64::from(today.weekday().num_days_from_monday())))?;
    match word {
        "week" => Some(monday),
        "month" => today.with_day(1)?.checked_add_months(Months::new(1)),
        _ => monday.checked_add_days(Days::new(u64::from(weekday(word, true)?))),
    }
}

/// Returns what `1 december 2027` and `dec 1` mean; without a year it is the next one.
fn dated(words: &[&str], today: NaiveDate) -> Option<(usize, NaiveDate)> {
    let (first, second) = (*words.first()?, *words.get(1)?);
    let (month, day) = match month(first) {
        Some(month) => (month, ordinal(second, true)?),
        None => (month(second)?, ordinal(first, true)?),
    };
    let year = words.get(2).and_then(|word| word.parse::<i32>().ok()).filter(|year| (1970..2200).contains(year));
    if let Some(year) = year {
        return Some((3, NaiveDate::from_ymd_opt(year, month, u32::from(day))?));
    }
    // Four years, because of 29 February, and eight where one of them is left out.
    let years = today.year()..=today.year() + 8;
    let mut days = years.filter_map(|year| NaiveDate::from_ymd_opt(year, month, u32::from(day)));
    Some((2, days.find(|day| *day >= today)?))
}

fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    let fits = |name: &&str| {
        **name == *word || (word.len() == 3 && name.starts_with(word)) || (word == "sept" && **name == *"september")
    };
    let place = MONTHS.iter().position(fits)?;
    u32::try_from(place + 1).ok()
}

/// Returns how many words at the beginning name a time of the day, and its minute.
pub(super) fn time(words: &[&str]) -> Option<(usize, u16)> {
    let lead = usize::from(words[0] == "at");
    let word = *words.get(lead)?;
    if let Some(half) = words.get(lead + 1).filter(|half| matches!(**half, "am" | "pm")) {
        return Some((lead + 2, clock(&format!("{word}{half}"), true)?));
    }
    Some((lead + 1, clock(word, lead == 1)?))
}

/// Returns the minute of the day of `9:00`, `14:30`, `9am`, `9:30pm` or `noon`; of `9` only where `bare` allows it.
fn clock(word: &str, bare: bool) -> Option<u16> {
    if word == "noon" {
        return Some(12 * 60);
    }
    let (digits, half) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (word, None),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes.parse::<u16>().ok()?),
        None if bare || half.is_some() => (digits, 0),
        _ => return None,
    };
    let hours: u16 = hours.parse().ok()?;
    let hours = match half {
        Some(half) if (1..=12).contains(&hours) => hours % 12 + half,
        Some(_) => return None,
        None => hours,
    };
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Returns how many words at the beginning ask for a reminder, and when.
pub(super) fn reminder(words: &[&str], here: Here) -> Option<(usize, Reminder)> {
    let lead = match words {
        ["remind", "me", ..] => 2,
        ["remind" | "reminder", ..] => 1,
        _ => return None,
    };
    let rest = words.get(lead..).filter(|rest| !rest.is_empty())?;
    if let [count, unit, "before", ..] = rest {
        let days = match unit.trim_end_matches('s') {
            "day" => i64::from(number(count)?),
            "week" => i64::from(number(count)?) * 7,
            _ => return None,
        };
        let (taken, minute) = later_time(rest, 3);
        return Some((lead + taken, Reminder::Before(days, minute)));
    }
    if let Some((taken, day)) = day(rest, here.today) {
        let (taken, minute) = later_time(rest, taken);
        return Some((lead + taken, Reminder::On(day, minute)));
    }
    let (taken, minute) = time(rest)?;
    Some((lead + taken, Reminder::At(minute)))
}

/// Returns the time that stands behind so many words, with how many words there are up to its end.
fn later_time(words: &[&str], taken: usize) -> (usize, Option<u16>) {
    let rest = words.get(taken..).filter(|rest| !rest.is_empty());
    match rest.and_then(time) {
        Some((more, minute)) => (taken + more, Some(minute)),
        None => (taken, None),
    }
}
