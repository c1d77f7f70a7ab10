//! What a report says around the score: what is open, who the people are, and what happened last.

use domain::alerts::Priority;
use domain::chart::Tone;
use domain::contacts::{Contact, ROLES};
use domain::report::{Block, Cell, Column, Row, Table};
use domain::todos::Section;

use super::super::panels::{Moment, What};
use super::super::timeline::telling;
use super::super::words;
use super::{Known, PEOPLE_MAX, Pen, heading, muted};
use crate::alerts::words as alert_words;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::todos::words as todo_words;

/// Most characters of what somebody wrote.
const BODY_CHARS_MAX: usize = 280;

/// The alerts that are open.
pub(super) fn alerts(known: &Known, pen: &Pen<'_>) -> Vec<Block> {
    let (locale, now) = (pen.locale, pen.wanted.at);
    let head = heading(td_string!(locale, report.alerts), known.alerts.len().to_string());
    if known.alerts.is_empty() {
        return vec![head, muted(td_string!(locale, report.no_alerts))];
    }
    let row = |row: &domain::alerts::list::AlertRow| {
        let alert = &row.alert;
        let href = format!("{}/alerts/{}", pen.wanted.public, alert.id);
        let who = alert_words::person(row.dealt_with_by()).unwrap_or_else(|| "–".to_owned());
        let since = format::relative(alert.created_at, now);
        Row::plain(vec![
            Cell::text(alert_words::alert_name(alert, locale))
                .noted(alert_words::reason(alert, locale))
                .leading(Some(href)),
            Cell::text(alert_words::priority(alert.priority, locale)).toned(tone(alert.priority)),
            Cell::text(format::date(alert.created_at)).noted(since),
            Cell::text(who),
        ])
    };
    let columns = vec![
        Column::new(td_string!(locale, report.alert), 52.0),
        Column::new(td_string!(locale, report.priority), 14.0),
        Column::new(td_string!(locale, report.since), 16.0),
        Column::new(td_string!(locale, report.who), 18.0),
    ];
    vec![head, Block::Table(Table { columns, rows: known.alerts.iter().map(row).collect() })]
}

fn tone(priority: Priority) -> Option<Tone> {
    match priority {
        Priority::Critical => Some(Tone::BandCritical),
        Priority::High => Some(Tone::BandAtRisk),
        Priority::Medium => Some(Tone::BandWatch),
        Priority::Low => None,
    }
}

/// The tasks that are open.
pub(super) fn todos(known: &Known, pen: &Pen<'_>) -> Vec<Block> {
    let locale = pen.locale;
    let head = heading(td_string!(locale, report.tasks), known.todos.len().to_string());
    if known.todos.is_empty() {
        return vec![head, muted(td_string!(locale, report.no_tasks))];
    }
    let row = |row: &domain::todos::TodoRow| {
        let late = (row.standing.section() == Section::Overdue).then_some(Tone::BandCritical);
        let due = row.todo.due.map_or_else(|| "–".to_owned(), |due| todo_words::when(due, locale));
        let who = alert_words::person(row.todo.assignee).unwrap_or_else(|| "–".to_owned());
        Row::plain(vec![
            Cell::text(row.todo.title.clone()).noted(cut(&row.todo.note)),
            Cell::text(alert_words::priority(row.todo.priority, locale)).toned(tone(row.todo.priority)),
            Cell::text(due).toned(late).noted(todo_words::reason(row, locale)),
            Cell::text(who),
        ])
    };
    let columns = vec![
        Column::new(td_string!(locale, report.task), 46.0),
        Column::new(td_string!(locale, report.priority), 14.0),
        Column::new(td_string!(locale, report.due), 22.0),
        Column::new(td_string!(locale, report.who), 18.0),
    ];
    vec![head, Block::Table(Table { columns, rows: known.todos.iter().map(row).collect() })]
}

/// The people who matter most; who left is history.
pub(super) fn people(known: &Known, pen: &Pen<'_>) -> Vec<Block> {
    let (locale, now) = (pen.locale, pen.wanted.at);
    let title = td_string!(locale, account.key_people);
    let place = |contact: &Contact| {
        let role = contact.role.as_deref();
        ROLES.iter().position(|known| Some(*known) == role).unwrap_or(usize::MAX)
    };
    let mut people: Vec<&Contact> = known.people.iter().filter(|contact| contact.left_at.is_none()).collect();
    people.sort_by(|a, b| (place(a), &a.name).cmp(&(place(b), &b.name)));
    people.truncate(PEOPLE_MAX);
    if people.is_empty() {
        return vec![heading(title, String::new()), muted(td_string!(locale, report.no_people))];
    }
    let row = |contact: &Contact| {
        let role = contact.role.as_deref().map(|role| words::word(role, locale)).unwrap_or_default();
        let touch = contact.last_touch_at;
        let mood = contact.sentiment.map_or_else(|| "–".to_owned(), |share| format::percent(share.round()));
        Row::plain(vec![
            Cell::text(contact.name.clone()).strong().noted(contact.title.clone().unwrap_or_default()),
            Cell::text(role),
            Cell::text(contact.email.clone().unwrap_or_default())
                .leading(contact.email.as_ref().map(|email| format!("mailto:{email}"))),
            Cell::text(touch.map_or_else(|| "–".to_owned(), format::date))
                .noted(touch.map(|touch| format::relative(touch, now)).unwrap_or_default()),
            Cell::text(mood),
        ])
    };
    let columns = vec![
        Column::new(td_string!(locale, report.name), 23.0),
        Column::new(td_string!(locale, report.role), 15.0),
        Column::new(td_string!(locale, account.field_email), 35.0),
        Column::new(td_string!(locale, report.last_touch), 16.0),
        Column::numbers(td_string!(locale, report.sentiment), 11.0),
    ];
    let rows = people.into_iter().map(row).collect();
    vec![heading(title, String::new()), Block::Table(Table { columns, rows })]
}

/// What happened last.
pub(super) fn recent(known: &Known, pen: &Pen<'_>) -> Vec<Block> {
    happened(td_string!(pen.locale, report.recent), known, pen.locale)
}

/// What happened, newest first, under a title.
pub(super) fn happened(title: &str, known: &Known, locale: Locale) -> Vec<Block> {
    if known.moments.is_empty() {
        return vec![heading(title, String::new()), muted(td_string!(locale, report.no_recent))];
    }
    let mut day = String::new();
    let rows = known.moments.iter().map(|moment| {
        let date = format::date(moment.at);
        let shown = if date == day { String::new() } else { date.clone() };
        day = date;
        let (told, more) = telling(&moment.what, locale);
        let tone = troubling(moment).then_some(Tone::BandCritical);
        Row::plain(vec![Cell::text(shown), Cell::text(told).toned(tone).noted(cut(&more.unwrap_or_default()))])
    });
    let columns =
        vec![Column::new(td_string!(locale, report.day), 16.0), Column::new(td_string!(locale, report.happened), 84.0)];
    let rows = rows.collect();
    vec![heading(title, String::new()), Block::Table(Table { columns, rows })]
}

fn troubling(moment: &Moment) -> bool {
    matches!(moment.what, What::InvoiceFailed { .. } | What::ContactLeft { .. })
}

/// Returns what somebody wrote, short enough for a row.
pub(super) fn cut(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= BODY_CHARS_MAX {
        return text;
    }
    let kept: String = text.chars().take(BODY_CHARS_MAX - 1).collect();
    format!("{}…", kept.trim_end())
}
