//! Charts as vectors, from the very layout that the screen draws as SVG.

use domain::chart::{Anchor, Layout, Mark, Role};

use super::colours::{self, AXIS, Colour, LINE, MUTED, PAPER, TEXT};
use super::fonts::Weight;
use super::page::{Area, Item, Paint, Piece, WIDTH};
use super::shape::Shaper;

/// How large labels are, in the units of a layout.
const LABEL_SIZE: f32 = 11.0;
/// How large numbers are that are read first.
const FIGURE_SIZE: f32 = 22.0;
/// How wide a line is, in the units of a layout.
const LINE_WIDTH: f32 = 2.0;
/// How far a dot reaches, and the ring around it, in the units of a layout.
const DOT: f32 = 3.0;
const RING: f32 = 1.5;
/// How wide rules are on paper.
const RULE_WIDTH: f32 = 0.5;

/// Returns a chart as wide as a page allows, which stays with what is said of it; nothing where there is nothing to draw.
pub fn chart(layout: &Layout, shaper: &mut Shaper) -> Option<Piece> {
    if layout.is_empty() || layout.width <= 0.0 {
        return None;
    }
    let scale = WIDTH / layout.width as f32;
    let mut items = Vec::new();
    // Colours on paper hide what is below them, so that grounds come before the grid.
    let is_ground = |mark: &&Mark| mark.is_background() || matches!(mark, Mark::Area { .. });
    for mark in layout.marks.iter().filter(is_ground).chain(layout.marks.iter().filter(|mark| !is_ground(mark))) {
        draw(mark, scale, shaper, &mut items);
    }
    Some(Piece { height: layout.height as f32 * scale, items, stays: true, is_picture: true, ..Piece::default() })
}

fn draw(mark: &Mark, scale: f32, shaper: &mut Shaper, items: &mut Vec<Item>) {
    let at = |value: f64| value as f32 * scale;
    let places = |points: &[(f64, f64)]| points.iter().map(|(x, y)| (at(*x), at(*y))).collect();
    let area =
        |x: f64, y: f64, width: f64, height: f64| Area { x: at(x), y: at(y), width: at(width), height: at(height) };
    let rect = |area: Area, colour: Colour| Item::Rect { area, radius: 0.0, colour };
    match mark {
        Mark::Line { points, tone } => items.push(Item::Path {
            points: places(points),
            paint: Paint::Line(LINE_WIDTH * scale),
            colour: colours::solid(*tone),
        }),
        Mark::Area { points, tone } => {
            items.push(Item::Path { points: places(points), paint: Paint::Fill, colour: colours::solid(*tone).faint() })
        }
        Mark::Shape { points, tone, .. } => {
            items.push(Item::Path { points: places(points), paint: Paint::Fill, colour: colours::solid(*tone) });
        }
        Mark::Rect { x, y, width, height, tone, .. } => {
            let colour = colours::solid(*tone);
            let colour = if mark.is_background() { colour.faint() } else { colour };
            items.push(rect(area(*x, *y, *width, *height), colour));
        }
        Mark::Shade { x, y, width, height, tone, strength, .. } => {
            items.push(rect(area(*x, *y, *width, *height), colours::solid(*tone).mixed(*strength as f32)));
        }
        Mark::Text { x, y, anchor, text, strong } => {
            let look = if *strong { (Weight::Strong, TEXT) } else { (Weight::Regular, MUTED) };
            items.push(words(text, (at(*x), at(*y), *anchor), (LABEL_SIZE * scale, look), shaper));
        }
        Mark::Figure { x, y, anchor, text } => {
            let look = (FIGURE_SIZE * scale, (Weight::Strong, TEXT));
            items.push(words(text, (at(*x), at(*y), *anchor), look, shaper));
        }
        Mark::Rule { x1, y1, x2, y2, role } => {
            let (paint, colour) = match role {
                Role::Axis => (Paint::Line(RULE_WIDTH), AXIS),
                Role::Grid => (Paint::Line(RULE_WIDTH), LINE),
                Role::Link => (Paint::Dashes(RULE_WIDTH), AXIS),
            };
            items.push(Item::Path { points: vec![(at(*x1), at(*y1)), (at(*x2), at(*y2))], paint, colour });
        }
        Mark::Dot { x, y, tone, .. } => {
            let centre = (at(*x), at(*y));
            items.push(circle(centre, (DOT + RING) * scale, PAPER));
            items.push(circle(centre, DOT * scale, colours::solid(*tone)));
        }
    }
}

/// Sets words where their anchor says.
fn words(
    text: &str,
    (x, y, anchor): (f32, f32, Anchor),
    (size, (weight, colour)): (f32, (Weight, Colour)),
    shaper: &mut Shaper,
) -> Item {
    let line = shaper.line(text, weight);
    let width = line.width * size;
    let x = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - width / 2.0,
        Anchor::End => x - width,
    };
    Item::Text { line, x, y, size, colour }
}

fn circle((x, y): (f32, f32), radius: f32, colour: Colour) -> Item {
    let area = Area { x: x - radius, y: y - radius, width: 2.0 * radius, height: 2.0 * radius };
    Item::Rect { area, radius, colour }
}
