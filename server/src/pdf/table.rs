//! Tables: cells that wrap within their column, and a head that stands again where a table breaks over pages.

use std::rc::Rc;

use domain::report::{Align, Bar, Cell, Column, Row, RowLook, Table};

use super::blocks::{LEADING, rule, set};
use super::colours::{self, ACCENT, AXIS, LINE_STRONG, MUTED, SUNK, TEXT};
use super::fonts::Weight;
use super::page::{Area, Item, Paint, Piece, WIDTH};
use super::shape::Shaper;

const SIZE: f32 = 8.6;
const NOTE: f32 = 7.6;
const HEAD: f32 = 7.5;
/// The space above and below the words of a row, and between columns.
const PAD: f32 = 4.2;
const GUTTER: f32 = 10.0;
/// How high the bar of a row is.
const BAR_HEIGHT: f32 = 7.0;

/// Where a column lies.
struct Place {
    x: f32,
    width: f32,
    align: Align,
}

/// Returns the head of a table and its rows.
pub fn table(table: &Table, shaper: &mut Shaper) -> Vec<Piece> {
    let places = places(&table.columns);
    let head = head(&table.columns, &places, shaper).map(Rc::new);
    let mut pieces: Vec<Piece> = head.iter().map(|head| Piece::clone(head)).collect();
    for (index, line) in table.rows.iter().enumerate() {
        let mut piece = row(line, &places, shaper);
        piece.head.clone_from(&head);
        // A total without anything above it would be read as one of nothing.
        let before_total = table.rows.get(index + 1).is_some_and(|next| next.look == RowLook::Total);
        piece.stays = line.look == RowLook::Group || before_total;
        pieces.push(piece);
    }
    pieces
}

fn places(columns: &[Column]) -> Vec<Place> {
    let all: f64 = columns.iter().map(|column| column.share).sum();
    // Where a number ends and words begin, both need more room to be told apart.
    let gutter = |before: &Column, next: &Column| {
        if (before.align, next.align) == (Align::End, Align::Start) { 2.0 * GUTTER } else { GUTTER }
    };
    let gutters: Vec<f32> = columns.iter().zip(columns.iter().skip(1)).map(|(one, next)| gutter(one, next)).collect();
    let room = WIDTH - gutters.iter().sum::<f32>();
    let mut x = 0.0;
    let place = |(column, gutter): (&Column, f32)| {
        let width = if all > 0.0 { room * (column.share / all) as f32 } else { 0.0 };
        let place = Place { x, width, align: column.align };
        x += width + gutter;
        place
    };
    columns.iter().zip(gutters.iter().copied().chain([0.0])).map(place).collect()
}

fn head(columns: &[Column], places: &[Place], shaper: &mut Shaper) -> Option<Piece> {
    if columns.iter().all(|column| column.heading.is_empty()) {
        return None;
    }
    let (mut items, mut height) = (Vec::new(), 0.0f32);
    for (column, place) in columns.iter().zip(places) {
        let mut y = 2.0;
        for line in shaper.wrap(&column.heading, Weight::Strong, place.width / HEAD) {
            let x = begin(place, line.width * HEAD);
            y += set(&mut items, line, (x, y), (HEAD, MUTED));
        }
        height = height.max(y + 3.0);
    }
    let line = vec![(0.0, height), (WIDTH, height)];
    items.push(Item::Path { points: line, paint: Paint::Line(0.75), colour: LINE_STRONG });
    Some(Piece { height, items, stays: true, ..Piece::default() })
}

fn begin(place: &Place, width: f32) -> f32 {
    match place.align {
        Align::Start => place.x,
        Align::End => place.x + place.width - width,
    }
}

fn row(row: &Row, places: &[Place], shaper: &mut Shaper) -> Piece {
    let (mut items, mut height) = (Vec::new(), SIZE * LEADING + 2.0 * PAD);
    for (cell, place) in row.cells.iter().zip(places) {
        let strong = cell.strong || row.look != RowLook::Plain;
        height = height.max(words(cell, strong, place, shaper, &mut items));
    }
    let bars = row.cells.iter().zip(places).filter_map(|(cell, place)| Some((cell.bar?, place)));
    for (bar, place) in bars {
        draw_bar(bar, place, height, &mut items);
    }
    match row.look {
        RowLook::Plain => items.push(rule(height)),
        RowLook::Group => {
            let area = Area { x: 0.0, y: 0.0, width: WIDTH, height };
            items.insert(0, Item::Rect { area, radius: 0.0, colour: SUNK });
        }
        RowLook::Total => {
            let line = vec![(0.0, 0.0), (WIDTH, 0.0)];
            items.push(Item::Path { points: line, paint: Paint::Line(0.75), colour: AXIS });
        }
    }
    Piece { height, items, ..Piece::default() }
}

/// Draws the words of a cell; returns the height that the row needs for them.
fn words(cell: &Cell, strong: bool, place: &Place, shaper: &mut Shaper, items: &mut Vec<Item>) -> f32 {
    let weight = if strong { Weight::Strong } else { Weight::Regular };
    let plain = if cell.href.is_some() { ACCENT } else { TEXT };
    let colour = cell.tone.map_or(plain, colours::words);
    let mut y = PAD;
    for line in shaper.wrap(&cell.text, weight, place.width / SIZE) {
        let width = line.width * SIZE;
        let x = begin(place, width);
        let area = Area { x, y, width, height: SIZE * LEADING };
        items.extend(cell.href.clone().map(|href| Item::Link { area, href }));
        y += set(items, line, (x, y), (SIZE, colour));
    }
    for line in shaper.wrap(&cell.note, Weight::Regular, place.width / NOTE) {
        let x = begin(place, line.width * NOTE);
        y += set(items, line, (x, y), (NOTE, MUTED));
    }
    y + PAD
}

fn draw_bar(bar: Bar, place: &Place, height: f32, items: &mut Vec<Item>) {
    let (left, length) = bar.place();
    let share = |value: f64| place.width * (value as f32) / 100.0;
    let y = (height - BAR_HEIGHT) / 2.0;
    let track = Area { x: place.x, y: height / 2.0 - 0.25, width: place.width, height: 0.5 };
    items.push(Item::Rect { area: track, radius: 0.0, colour: LINE_STRONG });
    let area = Area { x: place.x + share(left), y, width: share(length), height: BAR_HEIGHT };
    items.push(Item::Rect { area, radius: 0.0, colour: colours::solid(bar.tone) });
}
