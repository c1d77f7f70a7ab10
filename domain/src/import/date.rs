//! Reading a date or a moment in any of the ways that files write it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::time::{DAY_MS, Timestamp};

/// Which number comes first in a date such as 03/04/2026.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// The day, as in most of the world: the 3rd of April.
    #[default]
    DayFirst,
    /// The month, as in the United States: March the 4th.
    MonthFirst,
}

/// Returns the moment that a text states; without a zone it is taken as UTC.
///
/// Year-first dates, dates with dots (day first) and dates with the month's name are read the same
/// in either order. Whole numbers are taken by their size: Excel's day count, `20261121`, or
/// seconds or milliseconds since 1970.
#[must_use]
pub fn read(text: &str, order: DateOrder) -> Option<Timestamp> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.matches('.').count() < 2 {
        return counted(text);
    }
    let (date, rest) = calendar(text, order)?;
    let clock = clock(rest)?;
    Some(Timestamp(Timestamp::from_date(date).0 + clock))
}

/// What a date gives away about the order of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// It is a date in one order only.
    Only(DateOrder),
    /// It is two different dates, depending on the order.
    Either,
    /// It is the same date in both orders.
    Neutral,
}

/// Returns what a text gives away about its column's order, or `None` where it is not written as a date.
#[must_use]
pub fn evidence(text: &str) -> Option<Evidence> {
    let text = text.trim();
    // A date has at least six characters, two of them not digits; a plain number is no date.
    if text.len() < 6 || text.len() > 40 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.matches('.').count() < 2 {
        return None;
    }
    match (read(text, DateOrder::DayFirst), read(text, DateOrder::MonthFirst)) {
        (Some(day), Some(month)) if day == month => Some(Evidence::Neutral),
        (Some(_), Some(_)) => Some(Evidence::Either),
        (Some(_), None) => Some(Evidence::Only(DateOrder::DayFirst)),
        (None, Some(_)) => Some(Evidence::Only(DateOrder::MonthFirst)),
        (None, None) => None,
    }
}

/// Reads a bare number as a date.
fn counted(text: &str) -> Option<Timestamp> {
    if text.len() == 8 && !text.contains('.') {
        let date = NaiveDate::from_ymd_opt(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?)?;
        return Some(Timestamp::from_date(date));
    }
    let number: f64 = text.parse().ok()?;
    let ms = match number {
        // Excel's day count from 1927 to 2199; day 25,569 is 1970-01-01. Smaller ones are rather years.
        10_000.0..110_000.0 => (number - 25_569.0) * DAY_MS as f64,
        1e8..1e11 => number * 1_000.0,
        1e11..1e14 => number,
        _ => return None,
    };
    Some(Timestamp(ms.round() as i64))
}

enum Part {
    Number { value: u32, digits: usize },
    Month(u32),
}

/// Reads the calendar date at the start and returns what stands behind it.
fn calendar(text: &str, order: DateOrder) -> Option<(NaiveDate, &str)> {
    let (first, rest) = part(text)?;
    let separator = rest.chars().next()?;
    let (second, rest) = part(skip_separator(rest)?)?;
    let (third, rest) = part(skip_separator(rest)?)?;
    use Part::{Month, Number};
    let (year, month, day) = match (first, second, third) {
        (
            Number { value: year, digits: 4 },
            Number { value: month, .. } | Month(month),
            Number { value: day, digits: 1..=2 },
        ) => (i64::from(year), month, day),
        (Number { value: day, digits: 1..=2 }, Month(month), Number { value: year, digits })
        | (Month(month), Number { value: day, digits: 1..=2 }, Number { value: year, digits }) => {
            (full_year(year, digits)?, month, day)
        }
        (
            Number { value: one, digits: 1..=2 },
            Number { value: two, digits: 1..=2 },
            Number { value: year, digits },
        ) => {
            // Nobody writes dots with the month first.
            let day_first = separator == '.' || order == DateOrder::DayFirst;
            let (day, month) = if day_first { (one, two) } else { (two, one) };
            (full_year(year, digits)?, month, day)
        }
        _ => return None,
    };
    let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
    Some((NaiveDate::from_ymd_opt(year, month, day)?, rest))
}

fn part(text: &str) -> Option<(Part, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let (number, rest) = text.split_at(digits);
        return (digits <= 4).then_some((Part::Number { value: number.parse().ok()?, digits }, rest));
    }
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, rest) = text.split_at(letters);
    let month = month(word)?;
    Some((Part::Month(month), rest))
}

fn month(word: &str) -> Option<u32> {
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
    if word.len() < 3 {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let found =
        MONTHS.iter().position(|month| month.starts_with(&word) || (word == "sept" && *month == "september"))?;
    u32::try_from(found + 1).ok()
}

fn skip_separator(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(['-', '/', '.', ',', ' ']);
    (1..=2).contains(&(text.len() - rest.len())).then_some(rest)
}

fn full_year(year: u32, digits: usize) -> Option<i64> {
    match digits {
        4 => Some(i64::from(year)),
        2 if year < 70 => Some(2000 + i64::from(year)),
        2 => Some(1900 + i64::from(year)),
        _ => None,
    }
}

/// Reads the time of day and its zone; returns milliseconds to add to midnight UTC of the date.
fn clock(text: &str) -> Option<i64> {
    let text = text.trim_start_matches(['T', 't', ' ', ',']).trim_end();
    if text.is_empty() || text == "Z" {
        return Some(0);
    }
    let (hour, rest) = two_digits(text)?;
    let (minute, mut rest) = two_digits(rest.strip_prefix(':')?)?;
    let (mut second, mut milli) = (0, 0);
    if let Some(more) = rest.strip_prefix(':') {
        (second, rest) = two_digits(more)?;
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            milli =
                fraction.bytes().take(digits).chain(*b"000").take(3).fold(0, |sum, b| sum * 10 + i64::from(b - b'0'));
            rest = &fraction[digits..];
            if digits == 0 {
                return None;
            }
        }
    }
    let mut rest = rest.trim_start();
    let mut hour = hour;
    if let Some(half) = rest.get(..2).filter(|half| half.eq_ignore_ascii_case("am") || half.eq_ignore_ascii_case("pm"))
    {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if half.eq_ignore_ascii_case("pm") { 12 } else { 0 };
        rest = rest[2..].trim_start();
    }
    // Midnight at the end of the day is written 24:00.
    let in_day = hour < 24 || (hour == 24 && minute == 0 && second == 0 && milli == 0);
    if !in_day || minute > 59 || second > 59 {
        return None;
    }
    let offset = zone_minutes(rest)?;
    Some(((hour * 60 + minute - offset) * 60 + second) * 1_000 + milli)
}

fn two_digits(text: &str) -> Option<(i64, &str)> {
    let digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    Some((number.parse().ok()?, rest))
}

fn zone_minutes(text: &str) -> Option<i64> {
    if text.is_empty() || ["z", "utc", "gmt"].iter().any(|zone| text.eq_ignore_ascii_case(zone)) {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, rest) = two_digits(text.strip_prefix(['+', '-'])?)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = if rest.is_empty() { (0, rest) } else { two_digits(rest)? };
    (rest.is_empty() && hours <= 14 && minutes <= 59).then_some(sign * (hours * 60 + minutes))
}
