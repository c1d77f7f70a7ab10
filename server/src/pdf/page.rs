//! Pages: pieces one below another, moved to the next page where they do not fit.

use std::rc::Rc;

use super::colours::Colour;
use super::shape::Line;

/// How wide a page of A4 is, in points.
pub const PAGE_WIDTH: f32 = 595.28;
/// How high a page of A4 is.
pub const PAGE_HEIGHT: f32 = 841.89;
/// The space at both sides.
pub const MARGIN: f32 = 50.0;
/// Where the first piece of a page begins.
pub const TOP: f32 = 62.0;
/// Where the last piece of a page ends.
pub const BOTTOM: f32 = PAGE_HEIGHT - 58.0;
/// How wide pieces are.
pub const WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;

/// Something drawn. Positions are from the upper left corner, of a piece before it is placed and of the page after.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A line of text.
    Text {
        /// The words.
        line: Line,
        /// Where they begin, from the left.
        x: f32,
        /// Their base line.
        y: f32,
        /// How large their letters are.
        size: f32,
        /// Their colour.
        colour: Colour,
    },
    /// A filled rectangle.
    Rect {
        /// Where it is.
        area: Area,
        /// How round its corners are.
        radius: f32,
        /// Its colour.
        colour: Colour,
    },
    /// A line through points, or the shape they enclose.
    Path {
        /// The points.
        points: Vec<(f32, f32)>,
        /// How it is drawn.
        paint: Paint,
        /// Its colour.
        colour: Colour,
    },
    /// An area that leads somewhere.
    Link {
        /// Where it is.
        area: Area,
        /// Where it leads.
        href: String,
    },
}

/// How a path is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    /// Filled.
    Fill,
    /// As a line of a width.
    Line(f32),
    /// As a broken line of a width.
    Dashes(f32),
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// The left edge.
    pub x: f32,
    /// The upper edge.
    pub y: f32,
    /// From side to side.
    pub width: f32,
    /// From top to bottom.
    pub height: f32,
}

/// A piece of a document that stands on one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Piece {
    /// How high it is.
    pub height: f32,
    /// What is drawn.
    pub items: Vec<Item>,
    /// Whether it must not be the last one on a page.
    pub stays: bool,
    /// What stands above it where it is the first one on a page.
    pub head: Option<Rc<Piece>>,
    /// Whether it looks the same whichever side pages are read from.
    pub is_picture: bool,
    /// Whether it is only a distance, which is not needed where a page begins.
    pub is_gap: bool,
}

/// A page with everything in its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// What is drawn, back to front.
    pub items: Vec<Item>,
    /// The chapter it belongs to.
    pub chapter: usize,
}

/// Puts the pieces of a chapter on pages.
pub fn paginate(pieces: &[Piece], chapter: usize, mirrored: bool) -> Vec<Page> {
    let mut pages = vec![Page { items: Vec::new(), chapter }];
    let mut y = TOP;
    let mut is_bound = false;
    for (index, piece) in pieces.iter().enumerate() {
        // What is bound to the piece before it was looked at together with that one, and a distance needs no page.
        let is_free = is_bound || (piece.is_gap && !piece.stays);
        let needed = if is_free { 0.0 } else { together(&pieces[index..]) };
        if y > TOP && y + needed > BOTTOM {
            pages.push(Page { items: Vec::new(), chapter });
            y = TOP;
            if let (Some(page), Some(head)) = (pages.last_mut(), &piece.head) {
                place(page, head, &mut y, mirrored);
            }
        }
        is_bound = piece.stays;
        let is_first = y <= TOP;
        if let Some(page) = pages.last_mut().filter(|_| !(piece.is_gap && is_first)) {
            place(page, piece, &mut y, mirrored);
        }
    }
    pages
}

/// Returns the height of the first piece with all that must follow it on the same page.
fn together(pieces: &[Piece]) -> f32 {
    let mut height = 0.0;
    for piece in pieces {
        height += piece.height;
        if !piece.stays {
            break;
        }
    }
    let own = pieces.first().map_or(0.0, |piece| piece.height);
    // What is longer than a page cannot be kept together.
    if height > BOTTOM - TOP { own } else { height }
}

fn place(page: &mut Page, piece: &Piece, y: &mut f32, mirrored: bool) {
    let turned = mirrored && !piece.is_picture;
    page.items.extend(piece.items.iter().map(|item| item.moved(MARGIN, *y, turned)));
    *y += piece.height;
}

impl Item {
    /// Returns the item in its place on a page, seen from the other side where `turned`.
    pub fn moved(&self, right: f32, down: f32, turned: bool) -> Self {
        let mut item = self.clone();
        match &mut item {
            Self::Text { line, x, y, size, .. } => {
                (*x, *y) = (*x + right, *y + down);
                if turned {
                    *x = PAGE_WIDTH - *x - line.width * *size;
                }
            }
            Self::Rect { area, .. } | Self::Link { area, .. } => {
                (area.x, area.y) = (area.x + right, area.y + down);
                if turned {
                    area.x = PAGE_WIDTH - area.x - area.width;
                }
            }
            Self::Path { points, .. } => {
                for (x, y) in points {
                    (*x, *y) = (*x + right, *y + down);
                    if turned {
                        *x = PAGE_WIDTH - *x;
                    }
                }
            }
        }
        item
    }
}
