//! From what a report says to pieces of a page: headings, paragraphs, facts, and what a chapter begins with.

use domain::chart::Tone;
use domain::report::{Badge, Block, Fact, Look, Opening, Score};

use super::chart::chart;
use super::colours::{self, ACCENT, Colour, LINE, MUTED, SUNK, TEXT};
use super::fonts::Weight;
use super::page::{Area, Item, Paint, Piece, WIDTH};
use super::shape::{Line, Shaper};
use super::table::table;

/// How large the letters of a paragraph are.
pub const TEXT_SIZE: f32 = 9.5;
/// How large the letters of a remark are.
pub const NOTE_SIZE: f32 = 8.0;
/// The height of a line, as a multiple of the size of its letters.
pub const LEADING: f32 = 1.42;
/// Where the base line lies within the height of a line.
pub const BASE: f32 = 1.03;

const HEADING_SIZE: f32 = 12.5;
const NAME_SIZE: f32 = 22.0;
const KICKER_SIZE: f32 = 8.5;
const LABEL_SIZE: f32 = 7.5;
const VALUE_SIZE: f32 = 10.0;
const SCORE_SIZE: f32 = 30.0;
/// The space above a heading and below it.
const BEFORE_HEADING: f32 = 20.0;
const AFTER_HEADING: f32 = 6.0;
/// The space after a paragraph and after other blocks.
const AFTER_TEXT: f32 = 6.0;
const AFTER_BLOCK: f32 = 8.0;
/// How wide the box of the score is, and the space within it.
const SCORE_WIDTH: f32 = 148.0;
const INSET: f32 = 10.0;
/// The space between words and the edge of their badge.
const BADGE_INSET: f32 = 6.0;
const BADGE_HEIGHT: f32 = 15.0;
/// The square that shows a colour of a chart, and the space between it and its word.
const KEY: f32 = 7.0;
const KEY_GAP: f32 = 4.0;
/// Facts side by side, and the space between them.
const FACTS_BESIDE: usize = 3;
const FACT_GAP: f32 = 14.0;

/// Returns the pieces of a chapter from top to bottom.
pub fn pieces(blocks: &[Block], shaper: &mut Shaper) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for block in blocks {
        match block {
            Block::Opening(begin) => pieces.push(opening(begin, shaper)),
            Block::Heading { text, note } => {
                pieces.push(gap(BEFORE_HEADING));
                pieces.push(heading(text, note, shaper));
            }
            Block::Text { text, look } => pieces.extend(paragraph(text, *look, shaper)),
            Block::Facts(list) => {
                pieces.extend(list.chunks(FACTS_BESIDE).map(|row| facts(row, shaper)));
                pieces.push(gap(AFTER_BLOCK));
            }
            Block::Table(rows) => {
                pieces.extend(table(rows, shaper));
                pieces.push(gap(AFTER_BLOCK));
            }
            Block::Chart(layout) => {
                if let Some(drawn) = chart(layout, shaper) {
                    pieces.extend(legend(&layout.legend, shaper));
                    pieces.extend([drawn, Piece { stays: true, ..gap(AFTER_TEXT) }]);
                }
                pieces.extend(paragraph(&layout.description, Look::Muted, shaper));
            }
        }
    }
    bind_gaps(&mut pieces);
    pieces
}

/// Says what the colours of a chart stand for, in lines above it.
fn legend(entries: &[(String, Tone)], shaper: &mut Shaper) -> Option<Piece> {
    let (mut items, mut x, mut y) = (Vec::new(), 0.0, 0.0);
    for (name, tone) in entries {
        let line = shaper.clip(name, Weight::Regular, (WIDTH - KEY - KEY_GAP) / NOTE_SIZE);
        let width = KEY + KEY_GAP + line.width * NOTE_SIZE;
        if x > 0.0 && x + width > WIDTH {
            (x, y) = (0.0, y + NOTE_SIZE * LEADING);
        }
        let area = Area { x, y: y + (NOTE_SIZE * LEADING - KEY) / 2.0, width: KEY, height: KEY };
        items.push(Item::Rect { area, radius: 1.5, colour: colours::solid(*tone) });
        set(&mut items, line, (x + KEY + KEY_GAP, y), (NOTE_SIZE, MUTED));
        x += width + 3.0 * KEY_GAP;
    }
    let height = y + NOTE_SIZE * LEADING + KEY_GAP;
    (!items.is_empty()).then(|| Piece { height, items, stays: true, ..Piece::default() })
}

fn gap(height: f32) -> Piece {
    Piece { height, is_gap: true, ..Piece::default() }
}

/// A distance before a heading goes with it: a page must not end with one that belongs to the next.
fn bind_gaps(pieces: &mut [Piece]) {
    for index in 1..pieces.len() {
        if pieces[index].stays && pieces[index - 1].is_gap {
            pieces[index - 1].stays = true;
        }
    }
}

/// Puts a line into its place; returns the height that it takes.
pub fn set(items: &mut Vec<Item>, line: Line, (x, y): (f32, f32), (size, colour): (f32, Colour)) -> f32 {
    if !line.glyphs.is_empty() {
        items.push(Item::Text { line, x, y: y + size * BASE, size, colour });
    }
    size * LEADING
}

fn heading(text: &str, note: &str, shaper: &mut Shaper) -> Piece {
    let mut items = Vec::new();
    let note = shaper.line(note, Weight::Regular);
    let room = (WIDTH - note.width * NOTE_SIZE - FACT_GAP) / HEADING_SIZE;
    let mut y = 0.0;
    for line in shaper.wrap(text, Weight::Strong, room) {
        y += set(&mut items, line, (0.0, y), (HEADING_SIZE, TEXT));
    }
    let beside = y - HEADING_SIZE * LEADING + (HEADING_SIZE - NOTE_SIZE) * BASE;
    let x = WIDTH - note.width * NOTE_SIZE;
    set(&mut items, note, (x, beside), (NOTE_SIZE, MUTED));
    Piece { height: y + AFTER_HEADING, items, stays: true, ..Piece::default() }
}

fn paragraph(text: &str, look: Look, shaper: &mut Shaper) -> Vec<Piece> {
    let (size, colour, weight, inset) = match look {
        Look::Plain => (TEXT_SIZE, TEXT, Weight::Regular, 0.0),
        Look::Muted => (NOTE_SIZE, MUTED, Weight::Regular, 0.0),
        Look::Marked => (TEXT_SIZE, TEXT, Weight::Regular, INSET),
    };
    let lines = shaper.wrap(text, weight, (WIDTH - 2.0 * inset) / size);
    let count = lines.len();
    let edge = |at_edge: bool| if at_edge && inset > 0.0 { inset * 0.7 } else { 0.0 };
    let mut pieces = Vec::with_capacity(count + 1);
    for (index, line) in lines.into_iter().enumerate() {
        let (above, below) = (edge(index == 0), edge(index + 1 == count));
        let height = size * LEADING + above + below;
        let mut items = Vec::new();
        if inset > 0.0 {
            let ground = Area { x: 0.0, y: 0.0, width: WIDTH, height };
            items.push(Item::Rect { area: ground, radius: 0.0, colour: SUNK });
            items.push(Item::Rect { area: Area { width: 2.5, ..ground }, radius: 0.0, colour: ACCENT });
        }
        set(&mut items, line, (inset, above), (size, colour));
        // Neither the first line nor the last one stands alone.
        let stays = index + 1 < count && (index == 0 || index + 2 == count);
        pieces.push(Piece { height, items, stays, ..Piece::default() });
    }
    if count > 0 {
        pieces.push(gap(AFTER_TEXT));
    }
    pieces
}

fn facts(row: &[Fact], shaper: &mut Shaper) -> Piece {
    let step = (WIDTH + FACT_GAP) / FACTS_BESIDE as f32;
    let room = step - FACT_GAP;
    let (mut items, mut height) = (Vec::new(), 0.0f32);
    for (place, fact) in row.iter().enumerate() {
        let (x, mut y) = (place as f32 * step, 4.0);
        let parts = [
            (&fact.label, Weight::Regular, LABEL_SIZE, MUTED),
            (&fact.value, Weight::Strong, VALUE_SIZE, TEXT),
            (&fact.note, Weight::Regular, NOTE_SIZE, MUTED),
        ];
        for (text, weight, size, colour) in parts {
            for line in shaper.wrap(text, weight, room / size) {
                y += set(&mut items, line, (x, y), (size, colour));
            }
        }
        height = height.max(y + 6.0);
    }
    items.push(rule(height));
    Piece { height, items, ..Piece::default() }
}

/// A faint line over the whole width.
pub fn rule(y: f32) -> Item {
    Item::Path { points: vec![(0.0, y), (WIDTH, y)], paint: Paint::Line(0.5), colour: LINE }
}

fn opening(begin: &Opening, shaper: &mut Shaper) -> Piece {
    let mut items = Vec::new();
    let room = if begin.score.is_some() { WIDTH - SCORE_WIDTH - 2.0 * FACT_GAP } else { WIDTH };
    let kicker = shaper.line(&begin.kicker, Weight::Strong);
    let mut y = set(&mut items, kicker, (0.0, 0.0), (KICKER_SIZE, ACCENT)) + 2.0;
    for line in shaper.wrap(&begin.name, Weight::Strong, room / NAME_SIZE) {
        let area = Area { x: 0.0, y, width: line.width * NAME_SIZE, height: NAME_SIZE * 1.25 };
        items.extend(begin.href.clone().map(|href| Item::Link { area, href }));
        y += set(&mut items, line, (0.0, y), (NAME_SIZE, TEXT)) - NAME_SIZE * 0.12;
    }
    y = badges(&begin.badges, (y + 8.0, room), shaper, &mut items);
    let below = begin.score.as_ref().map_or(0.0, |score| score_box(score, shaper, &mut items));
    Piece { height: y.max(below) + AFTER_BLOCK, items, ..Piece::default() }
}

/// Puts badges side by side, as many as a line takes; returns where they end.
fn badges(list: &[Badge], (mut y, room): (f32, f32), shaper: &mut Shaper, items: &mut Vec<Item>) -> f32 {
    let mut x = 0.0;
    for badge in list {
        let line = shaper.clip(&badge.text, Weight::Strong, room / NOTE_SIZE - 2.0);
        let width = line.width * NOTE_SIZE + 2.0 * BADGE_INSET;
        if x > 0.0 && x + width > room {
            (x, y) = (0.0, y + BADGE_HEIGHT + 4.0);
        }
        let area = Area { x, y, width, height: BADGE_HEIGHT };
        items.push(Item::Rect { area, radius: 3.0, colour: colours::solid(badge.tone).faint() });
        set(items, line, (x + BADGE_INSET, y + 2.2), (NOTE_SIZE, colours::words(badge.tone)));
        x += width + 5.0;
    }
    if list.is_empty() { y } else { y + BADGE_HEIGHT }
}

/// Draws the score at the end of the first line; returns where its box ends.
fn score_box(score: &Score, shaper: &mut Shaper, items: &mut Vec<Item>) -> f32 {
    let left = WIDTH - SCORE_WIDTH;
    let ground = items.len();
    let (x, mut y) = (left + INSET + 4.0, INSET - 2.0);
    let room = SCORE_WIDTH - 2.0 * INSET - 4.0;
    let label = shaper.line(&score.label, Weight::Regular);
    y += set(items, label, (x, y), (LABEL_SIZE, MUTED));
    let number = shaper.line(&score.value, Weight::Strong);
    let band = shaper.line(&score.band.text, Weight::Strong);
    let beside = x + number.width * SCORE_SIZE + 8.0;
    let colour = colours::words(score.band.tone);
    // The word stands on the base line of the number.
    set(items, band, (beside, y + (SCORE_SIZE - VALUE_SIZE) * BASE), (VALUE_SIZE, colour));
    y += set(items, number, (x, y), (SCORE_SIZE, colour)) - SCORE_SIZE * 0.1;
    for note in &score.notes {
        for line in shaper.wrap(note, Weight::Regular, room / NOTE_SIZE) {
            y += set(items, line, (x, y), (NOTE_SIZE, MUTED));
        }
    }
    let area = Area { x: left, y: 0.0, width: SCORE_WIDTH, height: y + INSET - 2.0 };
    let solid = colours::solid(score.band.tone);
    let edge = Item::Rect { area: Area { width: 3.0, ..area }, radius: 0.0, colour: solid };
    items.splice(ground..ground, [Item::Rect { area, radius: 0.0, colour: solid.faint() }, edge]);
    area.height
}
