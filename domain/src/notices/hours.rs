//! A person's own time: quiet hours and the moments of digests, across changes between summer and winter time.

use chrono::{DateTime, Datelike, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::{Preferences, Quiet};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Returns the time zone with this IANA name, or refuses.
pub fn zone(name: &str) -> Result<Tz, Refusal> {
    name.parse().map_err(|_| Refusal::field("zone", "There is no such time zone. Choose one such as Europe/Berlin."))
}

/// Returns the names of all time zones that people choose from.
#[must_use]
pub fn zones() -> Vec<&'static str> {
    let is_place = |name: &&str| *name == "UTC" || (name.contains('/') && !name.starts_with("Etc/"));
    chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(is_place).collect()
}

fn local(at: Timestamp, zone: Tz) -> Option<DateTime<Tz>> {
    DateTime::<Utc>::from_timestamp_millis(at.0).map(|moment| moment.with_timezone(&zone))
}

/// Returns the moment at which a clock on the wall shows this. Where it shows it twice, the first; where it never
/// does, because the clock is put forward, the first moment after.
fn moment(wall: NaiveDateTime, zone: Tz) -> Option<Timestamp> {
    for minutes in 0..=24 * 60 {
        match zone.from_local_datetime(&(wall + TimeDelta::minutes(minutes))) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => return Some(Timestamp(at.timestamp_millis())),
            LocalResult::None => {}
        }
    }
    None
}

fn at_minute(day: NaiveDate, minute: u16, zone: Tz) -> Option<Timestamp> {
    moment(day.and_hms_opt(u32::from(minute / 60), u32::from(minute % 60), 0)?, zone)
}

/// Returns the moment at which the clock of a time zone shows so many minutes after midnight of a date; an unknown zone
/// counts as UTC.
#[must_use]
pub fn at(day: Timestamp, minute: u16, zone_name: &str) -> Option<Timestamp> {
    at_minute(day.date()?, minute, zone_name.parse().unwrap_or(Tz::UTC))
}

/// Returns when quiet hours are over, if a moment falls into them.
#[must_use]
pub fn quiet_until(at: Timestamp, quiet: Quiet, zone: Tz) -> Option<Timestamp> {
    let today = local(at, zone)?.date_naive();
    // Hours over midnight may have begun the evening before.
    [today.pred_opt()?, today].into_iter().find_map(|day| {
        let end_day = if quiet.to < quiet.from { day.succ_opt()? } else { day };
        let (from, to) = (at_minute(day, quiet.from, zone)?, at_minute(end_day, quiet.to, zone)?);
        (from <= at && at < to).then_some(to)
    })
}

/// Returns the first moment from `at` on at which something may be sent to a person.
#[must_use]
pub fn allowed_from(at: Timestamp, preferences: &Preferences) -> Timestamp {
    let zone = preferences.zone.parse().unwrap_or(Tz::UTC);
    preferences.quiet.and_then(|quiet| quiet_until(at, quiet, zone)).unwrap_or(at)
}

/// How often a digest is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// Each day.
    Day,
    /// Once a week.
    Week,
}

/// Returns the last moment up to `now` at which a digest was due, with the person's date of it.
#[must_use]
pub fn last_digest(now: Timestamp, preferences: &Preferences, every: Every) -> Option<(Timestamp, NaiveDate)> {
    let zone = preferences.zone.parse().unwrap_or(Tz::UTC);
    let today = local(now, zone)?.date_naive();
    let minute = u16::from(preferences.digest_hour) * 60;
    let weekday = u32::from(preferences.digest_weekday);
    (0..=7)
        .filter_map(|days| today.checked_sub_signed(TimeDelta::days(days)))
        .filter(|day| every == Every::Day || day.weekday().num_days_from_monday() == weekday)
        .filter_map(|day| Some((at_minute(day, minute, zone)?, day)))
        .find(|(due, _)| *due <= now)
}

/// Returns a moment as its reader's clock shows it: the date, the hour and the minute.
#[must_use]
pub fn wall(at: Timestamp, zone_name: &str) -> Option<(NaiveDate, u32, u32)> {
    let there = local(at, zone_name.parse().unwrap_or(Tz::UTC))?;
    Some((there.date_naive(), there.hour(), there.minute()))
}
