//! A report on paper: its bars, and its table.

use db::{Db, Result};
use domain::identity::Actor;
use domain::report::{Block, Cell, Chapter, Column, Report as Document, Row, RowLook, Table};
use domain::reports::{Answer, Measure, Report};
use leptos_router::params::ParamsMap;

use super::address::Address;
use super::{chart, words};
use crate::i18n::td_string;
use crate::paper::pen::{Paper, WIDE, muted, noted, wide};

/// Returns the report that the query of the page's address asks for, pair by pair.
///
/// # Errors
/// Refuses what makes no sense, and those who may not export.
pub async fn document(db: &Db, actor: &Actor, query: Vec<(String, String)>, paper: &Paper) -> Result<Document> {
    let mut params = ParamsMap::new();
    for (name, value) in query {
        params.insert(name, value);
    }
    let address = Address::read(&params);
    let mut tx = db.write(actor).await?;
    let answer = db::reports::take_as(&mut tx, address.spec.clone(), "pdf").await?;
    let saved = db::reports::list(&mut tx).await?;
    let people = db::identity::users(&mut tx).await?;
    tx.commit().await?;
    Ok(paper.written(&people, || written(&answer, &address, &saved, paper)))
}

fn written(answer: &Answer, address: &Address, saved: &[Report], paper: &Paper) -> Document {
    let title = named(address, saved, paper).unwrap_or_else(|| words::line(&answer.spec, paper.locale));
    on_paper(&title, answer, paper)
}

/// Returns a report under a title; call it while the document is written.
#[must_use]
pub fn on_paper(title: &str, answer: &Answer, paper: &Paper) -> Document {
    let (locale, spec, title) = (paper.locale, &answer.spec, title.to_owned());
    let line = words::line(spec, locale);
    let mut blocks = vec![noted(&title, words::groups(answer, locale))];
    if !spec.filter.is_empty() {
        blocks.push(muted(td_string!(locale, paper.list_filter, filter = spec.filter.clone())));
    }
    if answer.whole.count == 0 {
        blocks.push(muted(td_string!(locale, reports.nothing)));
    } else {
        if spec.shape.is_picture() {
            blocks.push(Block::Chart(chart::layout(answer, wide(WIDE * 0.3), &line, locale)));
        }
        blocks.push(Block::Table(table(answer, paper)));
    }
    let chapter = Chapter { name: title.clone(), blocks };
    paper.bound(td_string!(locale, paper.report_kind), title, vec![chapter])
}

/// Returns what the report is called, as long as it asks for what is known by that name.
fn named(address: &Address, saved: &[Report], paper: &Paper) -> Option<String> {
    let ready =
        domain::reports::ready(&address.name).map(|spec| (words::ready(&address.name, paper.locale).to_owned(), spec));
    let own = || saved.iter().find(|report| report.id.to_string() == address.name);
    let known = ready.or_else(|| own().map(|report| (report.name.clone(), report.spec.clone())));
    known.filter(|(_, spec)| *spec == address.spec).map(|(name, _)| name)
}

fn table(answer: &Answer, paper: &Paper) -> Table {
    let (locale, spec) = (paper.locale, &answer.spec);
    let share = |measure: &Measure| if *measure == Measure::Arr { 26.0 } else { 16.0 };
    let first = Column::new(words::dimension(spec.by, locale), 40.0);
    let measures = spec.measures.iter();
    let measures =
        measures.map(|measure| Column::numbers(words::measure(*measure, spec.about, locale), share(measure)));
    let numbers = |numbers: &domain::reports::Numbers| {
        spec.measures.iter().map(|measure| Cell::text(words::number(numbers, *measure))).collect::<Vec<_>>()
    };
    let row = |name: String, cells: Vec<Cell>, look: RowLook| Row {
        cells: std::iter::once(Cell::text(name)).chain(cells).collect(),
        look,
    };
    let groups = answer.groups.iter();
    let mut rows: Vec<Row> = groups
        .map(|group| row(words::group(group, spec.by, locale), numbers(&group.numbers), RowLook::Plain))
        .collect();
    rows.push(row(td_string!(locale, reports.whole).to_owned(), numbers(&answer.whole), RowLook::Total));
    Table { columns: std::iter::once(first).chain(measures).collect(), rows }
}

/// Returns the name of the file of a report of a moment.
#[must_use]
pub fn file_name(at: domain::time::Timestamp) -> String {
    format!("report-{}.pdf", at.iso_date())
}
