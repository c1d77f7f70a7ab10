//! Documents on paper: a report is set in lines, put on pages of A4 and written as PDF, the same bytes for the same
//! report.
//!
//! [`shape`] knows letters, [`blocks`], [`table`] and [`chart`] make pieces, [`page`] puts them on pages, and
//! [`write`] makes the file. Nothing here asks a clock or invents an id.

mod blocks;
mod chart;
mod colours;
mod fonts;
mod page;
mod shape;
mod table;
mod write;

#[cfg(test)]
mod tests;

use domain::report::Report;

use colours::{LINE, MUTED};
use fonts::Weight;
use page::{Item, MARGIN, PAGE_HEIGHT, Page, Paint, WIDTH, paginate};
use shape::Shaper;
use write::Sayings;

/// How large the letters at the head and the foot of a page are.
const EDGE_SIZE: f32 = 7.5;
/// The base lines of the head and the foot of a page.
const HEAD: f32 = 36.0;
const FOOT: f32 = PAGE_HEIGHT - 32.0;

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A face of the program cannot be read.
    #[error("the face {0} cannot be read")]
    Unread(&'static str),
    /// A face could not be reduced to what is used of it.
    #[error("the face {0} could not be reduced: {1}")]
    Font(&'static str, subsetter::Error),
    /// The file could not be put together.
    #[error(transparent)]
    File(#[from] lopdf::Error),
    /// The file could not be written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Returns a report as the bytes of a PDF file.
pub fn render(report: &Report) -> Result<Vec<u8>, PdfError> {
    let mut shaper = Shaper::new()?;
    let pages = pages(report, &mut shaper);
    let begins = |chapter: usize| pages.iter().position(|page| page.chapter == chapter).map(|index| index + 1);
    let bookmarks: Vec<(String, usize)> = report
        .chapters
        .iter()
        .enumerate()
        .filter_map(|(index, chapter)| Some((chapter.name.clone(), begins(index)?)))
        .collect();
    let sayings = Sayings {
        title: &report.title,
        language: &report.language,
        right_to_left: report.is_right_to_left(),
        at: report.at.0.div_euclid(1_000),
        bookmarks: &bookmarks,
    };
    write::write(pages, &sayings, &shaper.fonts)
}

/// Puts a report on pages, each with its head and foot.
fn pages(report: &Report, shaper: &mut Shaper) -> Vec<Page> {
    let mirrored = report.is_right_to_left();
    shaper.right_to_left = mirrored;
    let mut pages = Vec::new();
    for (index, chapter) in report.chapters.iter().enumerate() {
        let pieces = blocks::pieces(&chapter.blocks, shaper);
        pages.extend(paginate(&pieces, index, mirrored));
    }
    if pages.is_empty() {
        // A file without a page cannot be opened.
        pages.push(Page::default());
    }
    let total = pages.len();
    for (index, page) in pages.iter_mut().enumerate() {
        let name = report.chapters.get(page.chapter).map_or("", |chapter| &chapter.name);
        let mut edges = edge((&report.head, name), HEAD, shaper);
        edges.extend(edge((&report.foot, &format!("{} / {total}", index + 1)), FOOT, shaper));
        let line = vec![(0.0, HEAD + 8.0), (WIDTH, HEAD + 8.0)];
        edges.push(Item::Path { points: line, paint: Paint::Line(0.5), colour: LINE });
        page.items.extend(edges.iter().map(|item| item.moved(MARGIN, 0.0, mirrored)));
    }
    pages
}

/// Puts two texts on one line, one at each side of the page.
fn edge((start, end): (&str, &str), y: f32, shaper: &mut Shaper) -> Vec<Item> {
    let room = WIDTH / EDGE_SIZE;
    let end = shaper.clip(end, Weight::Regular, room * 0.65);
    let start = shaper.clip(start, Weight::Regular, room - end.width - 2.0);
    let x = WIDTH - end.width * EDGE_SIZE;
    let text = |line: shape::Line, x: f32| Item::Text { line, x, y, size: EDGE_SIZE, colour: MUTED };
    vec![text(start, 0.0), text(end, x)]
}
