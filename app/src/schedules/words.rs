//! Schedules in words.

use domain::id::UserId;
use domain::schedules::{Mail, Recipient, Rhythm, Run, Schedule, Timing, Trouble};
use domain::time::Timestamp;

use crate::format;
use crate::i18n::{Locale, td_string};

/// Returns a minute of the day as clocks show it: `08:00`.
pub(crate) fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Returns the minute of the day that a field of the page shows.
pub(super) fn minute(clock: &str) -> Option<u16> {
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.get(..2)?.parse::<u16>().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Returns when a report is sent.
pub(crate) fn when(timing: &Timing, locale: Locale) -> String {
    let time = clock(timing.minute);
    match timing.rhythm {
        Rhythm::Day => td_string!(locale, schedules.when_day, time = time),
        Rhythm::Week { weekday } => {
            td_string!(locale, schedules.when_week, weekday = self::weekday(weekday, locale), time = time)
        }
        Rhythm::Month { day } => {
            td_string!(locale, schedules.when_month, day = format::integer(i64::from(day)), time = time)
        }
    }
}

/// Returns a day of the week, 0 for Monday.
pub(super) fn weekday(day: u8, locale: Locale) -> &'static str {
    match day {
        0 => td_string!(locale, schedules.monday),
        1 => td_string!(locale, schedules.tuesday),
        2 => td_string!(locale, schedules.wednesday),
        3 => td_string!(locale, schedules.thursday),
        4 => td_string!(locale, schedules.friday),
        5 => td_string!(locale, schedules.saturday),
        _ => td_string!(locale, schedules.sunday),
    }
}

/// Returns a moment as the clock of a schedule shows it.
pub(super) fn moment((day, minute): (Timestamp, u16)) -> String {
    format!("{}, {}", format::date(day), clock(minute))
}

/// Returns whom a report is sent to.
pub(super) fn recipients(schedule: &Schedule, locale: Locale) -> String {
    let people = crate::boot::people();
    let name = |id: UserId| people.iter().find(|person| person.id == id).map(|person| person.name.clone());
    let first = match schedule.recipients.first() {
        Some(Recipient::User(id)) => name(*id).unwrap_or_default(),
        Some(Recipient::Outside(address)) => address.clone(),
        None => String::new(),
    };
    match schedule.recipients.len() {
        0 | 1 => first,
        many => {
            let n = format::integer(i64::try_from(many - 1).unwrap_or(i64::MAX));
            td_string!(locale, schedules.people_n, name = first, n = n)
        }
    }
}

/// Returns what came of the newest run, and its tone.
pub(super) fn last(run: Option<&Run>, locale: Locale) -> (String, &'static str) {
    let Some(run) = run else { return (td_string!(locale, schedules.last_none).to_owned(), "neutral") };
    if let Some(trouble) = &run.trouble {
        return (self::trouble(trouble, locale), "bad");
    }
    let count = |count: usize| format::integer(i64::try_from(count).unwrap_or(i64::MAX));
    let (all, sent, failed) = (run.mails.len(), run.sent(), run.failed());
    if failed > 0 {
        return (td_string!(locale, schedules.last_failed, failed = count(failed), n = count(all)), "bad");
    }
    if sent < all {
        return (td_string!(locale, schedules.last_waiting).to_owned(), "info");
    }
    (td_string!(locale, schedules.last_sent, n = count(sent)), "good")
}

/// Returns what came of a mail, and its tone.
pub(super) fn mail(mail: &Mail, locale: Locale) -> (String, &'static str) {
    match (mail.sent_at, mail.dead_at, mail.attempts) {
        (Some(_), ..) => (td_string!(locale, schedules.mail_sent).to_owned(), "good"),
        (None, Some(_), _) => (td_string!(locale, schedules.mail_dead).to_owned(), "bad"),
        (None, None, 0) => (td_string!(locale, schedules.mail_waiting).to_owned(), "info"),
        (None, None, n) => (td_string!(locale, schedules.mail_retry, n = format::integer(i64::from(n))), "warn"),
    }
}

/// Returns why something was not sent.
pub(super) fn trouble(trouble: &Trouble, locale: Locale) -> String {
    match trouble {
        Trouble::OwnerLeft => td_string!(locale, schedules.trouble_owner).to_owned(),
        Trouble::ReportGone => td_string!(locale, schedules.trouble_report).to_owned(),
        Trouble::Deactivated => td_string!(locale, schedules.trouble_deactivated).to_owned(),
        Trouble::OutsideOff => td_string!(locale, schedules.trouble_outside).to_owned(),
        Trouble::NoMail => td_string!(locale, schedules.trouble_no_mail).to_owned(),
        Trouble::Returned(words) => td_string!(locale, schedules.trouble_returned, words = words.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_read_as_they_are_shown() {
        for at in [0, 59, 60, 1_200, 1_439] {
            assert_eq!(minute(&clock(at)), Some(at));
        }
        for wrong in ["", "24:00", "7", "aa:bb", "10:60"] {
            assert_eq!(minute(wrong), None, "{wrong}");
        }
    }
}
