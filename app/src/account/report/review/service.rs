//! How the account was served in the span: its tickets and what it answered to surveys.

use domain::chart::Tone;
use domain::report::{Block, Cell, Column, Row, Table};
use domain::support::Ticket;
use domain::surveys::Response;

use super::super::super::words;
use super::super::around::cut;
use super::super::{heading, muted};
use super::Told;
use crate::format;
use crate::i18n::{Locale, td_string};

/// Tickets and answers that are listed.
const ROWS: usize = 12;

/// The tickets that were opened or solved in the span, those that are open first.
pub(super) fn support(told: &Told, locale: Locale) -> Vec<Block> {
    let is_told =
        |ticket: &&Ticket| told.within(ticket.opened_at) || ticket.resolved_at.is_some_and(|at| told.within(at));
    let mut tickets: Vec<&Ticket> = told.tickets.iter().filter(is_told).collect();
    tickets.sort_by_key(|ticket| (ticket.resolved_at.is_some(), std::cmp::Reverse(ticket.opened_at)));
    let title = td_string!(locale, paper.support);
    if tickets.is_empty() {
        return vec![heading(title, String::new()), muted(td_string!(locale, paper.no_tickets))];
    }
    let row = |ticket: &Ticket| {
        let severity = ticket.severity.as_deref();
        let tone = match severity {
            Some("urgent") => Some(Tone::BandCritical),
            Some("high") => Some(Tone::BandAtRisk),
            _ => None,
        };
        let solved = match ticket.resolved_at {
            Some(at) => Cell::text(format::date(at)),
            None => Cell::text(td_string!(locale, paper.still_open)).toned(Some(Tone::BandWatch)),
        };
        Row::plain(vec![
            Cell::text(ticket.subject.clone()),
            Cell::text(severity.map(|word| words::word(word, locale)).unwrap_or_default()).toned(tone),
            Cell::text(format::date(ticket.opened_at)),
            solved,
            Cell::text(ticket.satisfaction.map_or_else(|| "–".to_owned(), format::percent)),
        ])
    };
    let columns = vec![
        Column::new(td_string!(locale, paper.ticket), 42.0),
        Column::new(td_string!(locale, paper.severity), 14.0),
        Column::new(td_string!(locale, paper.opened), 16.0),
        Column::new(td_string!(locale, paper.solved), 16.0),
        Column::numbers(td_string!(locale, paper.rated), 12.0),
    ];
    let rows = tickets.iter().take(ROWS).map(|ticket| row(ticket)).collect();
    let mut blocks = vec![heading(title, String::new()), Block::Table(Table { columns, rows })];
    blocks.extend(more(tickets.len(), locale));
    blocks
}

/// Says that there is more than is listed.
fn more(count: usize, locale: Locale) -> Option<Block> {
    let (shown, of) = (format::integer(ROWS as i64), format::integer(count as i64));
    (count > ROWS).then(|| muted(td_string!(locale, paper.first_of, shown = shown, of = of)))
}

/// What was answered to surveys in the span.
pub(super) fn surveys(told: &Told, locale: Locale) -> Vec<Block> {
    let answers: Vec<&Response> = told.surveys.iter().filter(|one| told.within(one.answered_at)).collect();
    let title = td_string!(locale, paper.surveys);
    if answers.is_empty() {
        return vec![heading(title, String::new()), muted(td_string!(locale, paper.no_surveys))];
    }
    let row = |one: &Response| {
        Row::plain(vec![
            Cell::text(format::date(one.answered_at)),
            Cell::text(words::word(&one.kind, locale)),
            Cell::text(format::number(one.score)).strong(),
            Cell::text(cut(one.comment.as_deref().unwrap_or_default())).noted(one.email.clone().unwrap_or_default()),
        ])
    };
    let columns = vec![
        Column::new(td_string!(locale, paper.day), 17.0),
        Column::new(td_string!(locale, paper.survey), 12.0),
        Column::numbers(td_string!(locale, paper.answer), 11.0),
        Column::new(td_string!(locale, paper.comment), 60.0),
    ];
    let rows = answers.iter().take(ROWS).map(|one| row(one)).collect();
    let mut blocks = vec![heading(title, String::new()), Block::Table(Table { columns, rows })];
    blocks.extend(more(answers.len(), locale));
    blocks
}
