//! What the span brought: usage, service and revenue against as many days before.

use std::collections::BTreeMap;

use domain::chart::Tone;
use domain::money::{Currency, Money};
use domain::report::{Block, Cell, Column, Row, Table};
use domain::support::Ticket;
use domain::time::{DAY_MS, Timestamp};

use super::super::super::words;
use super::super::heading;
use super::Told;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::paper::standard;

/// Metrics whose totals are told.
const METRICS_MAX: usize = 3;
/// A change of usage below this share of a hundred is none.
const LEAST_CHANGE: f64 = 0.5;

/// A number of the span and of the one before.
struct Line {
    label: String,
    before: Option<f64>,
    now: Option<f64>,
    /// How it is written.
    write: fn(f64) -> String,
    /// Whether more is better; nothing where it is neither.
    rising_is_good: Option<bool>,
}

fn number(value: f64) -> String {
    format::number((value * 10.0).round() / 10.0)
}

fn percent(value: f64) -> String {
    format::percent(value.round())
}

/// How it went, in a few sentences.
pub(super) fn sentences(told: &Told, locale: Locale) -> String {
    let mut said = vec![health(told, locale)];
    said.extend(lines_of_usage(told, locale).into_iter().find_map(|line| {
        let (before, now) = (line.before.filter(|before| *before > 0.0)?, line.now?);
        let change = (now / before - 1.0) * 100.0;
        let share = format::percent(change.abs().round());
        let (name, rose) = (line.label, change > 0.0);
        (change.abs() >= LEAST_CHANGE).then(|| {
            if rose {
                td_string!(locale, paper.usage_rose, name = name, share = share)
            } else {
                td_string!(locale, paper.usage_fell, name = name, share = share)
            }
        })
    }));
    let (opened, solved) = (opened(told, Told::within), solved(told, Told::within).len());
    if opened > 0 || solved > 0 {
        let (opened, solved) = (format::integer(opened as i64), format::integer(solved as i64));
        said.push(td_string!(locale, paper.tickets_told, opened = opened, solved = solved));
    }
    said.into_iter().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
}

fn health(told: &Told, locale: Locale) -> String {
    let Some(now) = told.known.head.present.as_ref().and_then(|evaluation| evaluation.score) else {
        return String::new();
    };
    let score = format::points(now);
    let Some(before) = told.known.change.as_ref().and_then(|change| change.summary.from) else {
        return td_string!(locale, paper.health_new, score = score);
    };
    let change = now - before;
    match change.tenths() {
        0 => td_string!(locale, paper.health_same, score = score),
        tenths if tenths > 0 => td_string!(locale, paper.health_rose, change = format::points(change), score = score),
        _ => td_string!(locale, paper.health_fell, change = format::points(change.abs()), score = score),
    }
}

/// What the span brought, against as many days before.
pub(super) fn delivered(told: &Told, locale: Locale) -> Vec<Block> {
    let mut lines = lines_of_usage(told, locale);
    lines.extend(lines_of_service(told, locale));
    let mut rows: Vec<Row> = lines.iter().filter(|line| line.before.is_some() || line.now.is_some()).map(row).collect();
    rows.extend(lines_of_money(told, locale));
    if rows.is_empty() {
        return Vec::new();
    }
    let note = td_string!(locale, paper.value_note, days = told.span());
    let columns = vec![
        Column::new(td_string!(locale, paper.measure), 46.0),
        Column::numbers(td_string!(locale, paper.before), 18.0),
        Column::numbers(td_string!(locale, paper.this_time), 18.0),
        Column::numbers(td_string!(locale, paper.change), 18.0),
    ];
    vec![heading(td_string!(locale, paper.value), note), Block::Table(Table { columns, rows })]
}

fn row(line: &Line) -> Row {
    let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), line.write);
    let (change, tone) = match (line.before, line.now) {
        (Some(before), Some(now)) => {
            let change = now - before;
            let sign = if change > 0.0 { "+" } else { "" };
            let good = line.rising_is_good.filter(|_| change != 0.0).map(|good| good == (change > 0.0));
            let tone = good.map(|good| if good { Tone::Positive } else { Tone::Negative });
            (format!("{sign}{}", (line.write)(change)), tone)
        }
        _ => ("–".to_owned(), None),
    };
    Row::plain(vec![
        Cell::text(line.label.clone()),
        Cell::text(shown(line.before)),
        Cell::text(shown(line.now)).strong(),
        Cell::text(change).toned(tone),
    ])
}

fn lines_of_usage(told: &Told, locale: Locale) -> Vec<Line> {
    let mut sums: BTreeMap<&str, [Option<f64>; 2]> = BTreeMap::new();
    for day in &told.days {
        let place = if told.within(day.day) { 1 } else { 0 };
        if place == 1 || told.before(day.day) {
            let sum = &mut sums.entry(day.metric.as_str()).or_default()[place];
            *sum = Some(sum.unwrap_or_default() + day.value);
        }
    }
    let line = |name: &str| {
        let [before, now] = *sums.get(name)?;
        let label = td_string!(locale, paper.total_of, name = standard(&words::spoken(name), locale));
        Some(Line { label, before, now, write: number, rising_is_good: Some(true) })
    };
    told.known.usage.iter().take(METRICS_MAX).filter_map(|metric| line(&metric.name)).collect()
}

type Part = fn(&Told, Timestamp) -> bool;

fn opened(told: &Told, part: Part) -> usize {
    told.tickets.iter().filter(|ticket| part(told, ticket.opened_at)).count()
}

fn solved(told: &Told, part: Part) -> Vec<&Ticket> {
    told.tickets.iter().filter(|ticket| ticket.resolved_at.is_some_and(|at| part(told, at))).collect()
}

fn lines_of_service(told: &Told, locale: Locale) -> Vec<Line> {
    let parts: [Part; 2] = [Told::before, Told::within];
    let line = |label: &str, values: [Option<f64>; 2], write: fn(f64) -> String, rising_is_good: Option<bool>| {
        let [before, now] = values;
        Line { label: label.to_owned(), before, now, write, rising_is_good }
    };
    let has_tickets = !told.tickets.is_empty();
    let days = |ticket: &&Ticket| Some((ticket.resolved_at?.0 - ticket.opened_at.0) as f64 / DAY_MS as f64);
    let rated = |ticket: &&Ticket| ticket.satisfaction;
    let counted = |count: usize| has_tickets.then_some(count as f64);
    let survey = |kind: &str, part: Part| {
        let answers = told.surveys.iter().filter(|one| one.kind == kind && part(told, one.answered_at));
        mean(answers.map(|one| one.score).collect())
    };
    let touched = |part: Part| {
        let count = told.activities.iter().filter(|activity| part(told, activity.happened_at)).count();
        (!told.activities.is_empty()).then_some(count as f64)
    };
    vec![
        line(td_string!(locale, paper.tickets_opened), parts.map(|part| counted(opened(told, part))), number, None),
        line(
            td_string!(locale, paper.tickets_solved),
            parts.map(|part| counted(solved(told, part).len())),
            number,
            None,
        ),
        line(
            td_string!(locale, paper.solve_days),
            parts.map(|part| median(solved(told, part).iter().filter_map(days).collect())),
            number,
            Some(false),
        ),
        line(
            td_string!(locale, paper.satisfaction),
            parts.map(|part| mean(solved(told, part).iter().filter_map(rated).collect())),
            percent,
            Some(true),
        ),
        line(td_string!(locale, paper.nps), parts.map(|part| survey("nps", part)), number, Some(true)),
        line(td_string!(locale, paper.csat), parts.map(|part| survey("csat", part)), number, Some(true)),
        line(td_string!(locale, paper.touches), parts.map(touched), number, None),
    ]
}

fn mean(values: Vec<f64>) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    let lower = if values.len().is_multiple_of(2) { values.get(middle.wrapping_sub(1)) } else { None };
    Some(lower.map_or(upper, |lower| f64::midpoint(*lower, upper)))
}

/// What was paid in the span, and what the account pays in a year.
fn lines_of_money(told: &Told, locale: Locale) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut paid: BTreeMap<String, (Currency, [i64; 2])> = BTreeMap::new();
    for invoice in &told.invoices {
        let Some(at) = invoice.paid_at else { continue };
        let place = if told.within(at) { 1 } else { 0 };
        if place == 1 || told.before(at) {
            let entry = paid.entry(invoice.currency.code().to_owned()).or_insert((invoice.currency, [0; 2]));
            entry.1[place] = entry.1[place].saturating_add(invoice.amount_minor);
        }
    }
    for (currency, [before, now]) in paid.into_values() {
        let of = |minor: i64| Money { minor, currency };
        rows.push(amounts(td_string!(locale, paper.paid), of(before), of(now), None));
    }
    let now = told.known.head.row.account.annual();
    if let (Some(before), Some(now)) = (told.paid_then, now)
        && before.currency == now.currency
    {
        rows.push(amounts(td_string!(locale, paper.arr_then_now), before, now, Some(true)));
    }
    rows
}

fn amounts(label: &str, before: Money, now: Money, rising_is_good: Option<bool>) -> Row {
    let change = Money { minor: now.minor.saturating_sub(before.minor), currency: now.currency };
    let sign = if change.minor > 0 { "+" } else { "" };
    let good = rising_is_good.filter(|_| change.minor != 0).map(|good| good == (change.minor > 0));
    Row::plain(vec![
        Cell::text(label),
        Cell::text(format::money(before)),
        Cell::text(format::money(now)).strong(),
        Cell::text(format!("{sign}{}", format::money(change)))
            .toned(good.map(|good| if good { Tone::Positive } else { Tone::Negative })),
    ])
}
