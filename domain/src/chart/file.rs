//! A chart as a file of its own: a picture that needs nothing around it, and its numbers as a table.

use std::fmt::Write as _;

use super::frame::{shortened, text_width};
use super::ink::{self, Ink};
use super::{Datum, Layout, Mark, Role, Size, Table, Tone, closed_path_d, path_d};
use crate::export::cells::Cell;
use crate::export::text::csv_row;
use crate::import::write::BYTE_ORDER_MARK;
use crate::time::Timestamp;

/// The letters of the page, by their names; one of them is on every machine.
const FONTS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', \
    'Helvetica Neue', Arial, sans-serif";
/// The size of labels.
const LETTERS: f64 = 11.0;
/// The size of a number that is read first.
const FIGURES: f64 = 22.0;
/// The size of the title.
const TITLE: f64 = 14.0;
/// The space around everything.
const EDGE: f64 = 16.0;
/// The height of the title, and that of a line of the legend.
const LINE: f64 = 22.0;
/// The edge of the square that shows a colour of the legend.
const KEY: f64 = 10.0;
/// The space between a colour and its word, and twice that between two of them.
const GAP: f64 = 8.0;
/// How much of a colour is left in what is drawn faintly.
const FAINT: f64 = 0.11;
/// Characters that a file's name has of the title.
const NAME_CHARS_MAX: usize = 60;
/// Numbers are written to the millionth, so that what a sum lost on the way does not show.
const PARTS: f64 = 1e6;

/// The kinds of files that a chart becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The drawing, as large as one likes.
    Svg,
    /// The drawing in points, twice as many as it is wide.
    Png,
    /// The numbers.
    Csv,
}

impl Kind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Png, Self::Csv];

    /// Returns what stands behind the point of a file's name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Csv => "csv",
        }
    }

    /// Returns what a browser is told the file is.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Csv => "text/csv;charset=utf-8",
        }
    }
}

/// Returns the name of a file with a chart of this title, as of a day: `score-history-2026-11-22.svg`.
#[must_use]
pub fn name(title: &str, on: Timestamp, kind: Kind) -> String {
    let mut name = String::new();
    for letter in title.chars().flat_map(char::to_lowercase).take(NAME_CHARS_MAX) {
        if letter.is_alphanumeric() {
            name.push(letter);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    format!("{}-{}.{}", if name.is_empty() { "chart" } else { name }, on.iso_date(), kind.key())
}

/// Returns the numbers behind a chart by RFC 4180, exact where the table on the screen rounds, and never a formula.
#[must_use]
pub fn csv(table: &Table) -> String {
    let mut out = String::from(BYTE_ORDER_MARK);
    let headings: Vec<Cell> = table.headings.iter().cloned().map(Cell::Text).collect();
    csv_row(&headings, &mut out);
    for (place, row) in table.rows.iter().enumerate() {
        let data = table.data.get(place).map(Vec::as_slice).unwrap_or_default();
        let cells: Vec<Cell> = row.iter().enumerate().map(|(at, text)| cell(text, data.get(at))).collect();
        csv_row(&cells, &mut out);
    }
    out
}

fn cell(text: &str, datum: Option<&Datum>) -> Cell {
    match datum {
        Some(Datum::Number(number)) => Cell::Number(millionths(*number)),
        Some(Datum::Missing) => Cell::Blank,
        Some(Datum::Moment(at)) => Cell::Moment(*at),
        Some(Datum::Said) | None if text.is_empty() => Cell::Blank,
        Some(Datum::Said) | None => Cell::Text(text.to_owned()),
    }
}

fn millionths(number: f64) -> f64 {
    let rounded = (number * PARTS).round() / PARTS;
    // Beyond what a million times fits into, a number has no millionths anyway; never minus zero.
    if rounded.is_finite() { rounded + 0.0 } else { number }
}

/// Returns how large the picture of a chart is.
#[must_use]
pub fn size(layout: &Layout) -> Size {
    Sheet::new(layout).size
}

/// Returns the picture of a chart as SVG, with its title, its description and its legend.
#[must_use]
pub fn svg(layout: &Layout) -> String {
    let sheet = Sheet::new(layout);
    let Size { width, height } = sheet.size;
    let mut svg = Svg(String::with_capacity(layout.marks.len() * 120 + 1_024));
    svg.add(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-labelledby=\"title description\" direction=\"ltr\" font-family=\"{FONTS}\" font-size=\"{LETTERS}\">\n"
    ));
    let (title, description) = (escaped(&layout.title), escaped(&layout.description));
    svg.add(format_args!("<title id=\"title\">{title}</title>\n<desc id=\"description\">{description}</desc>\n"));
    svg.add(format_args!("<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n", ink::GROUND.hex()));
    let heading = escaped(&shortened(&layout.title, (width - 2.0 * EDGE) * LETTERS / TITLE));
    svg.text((EDGE, EDGE + TITLE), ink::TEXT, &format!("font-size=\"{TITLE}\" font-weight=\"600\""), &heading);
    for (x, y, word, tone) in &sheet.legend {
        svg.rect((*x, y - KEY, KEY, KEY), ink::solid(*tone), "rx=\"2\"", "");
        svg.text((x + KEY + GAP, y - 1.0), ink::MUTED, "", &escaped(word));
    }
    svg.add(format_args!("<g transform=\"translate({EDGE} {})\">\n", sheet.top));
    for mark in &layout.marks {
        svg.mark(mark);
    }
    svg.0.push_str("</g>\n</svg>\n");
    svg.0
}

/// Where what is around a drawing stands.
struct Sheet {
    size: Size,
    /// Where the drawing begins.
    top: f64,
    /// The left edge and the base line of each word with its colour.
    legend: Vec<(f64, f64, String, Tone)>,
}

impl Sheet {
    fn new(layout: &Layout) -> Self {
        let width = (layout.width + 2.0 * EDGE).ceil();
        let (mut x, mut top) = (EDGE, EDGE + LINE);
        let mut legend = Vec::with_capacity(layout.legend.len());
        for (word, tone) in &layout.legend {
            let word = shortened(word, width - 2.0 * EDGE - KEY - GAP);
            let room = KEY + GAP + text_width(&word);
            if x > EDGE && x + room > width - EDGE {
                (x, top) = (EDGE, top + LINE);
            }
            legend.push((x, top + LETTERS, word, *tone));
            x += room + 2.0 * GAP;
        }
        if !legend.is_empty() {
            top += LINE;
        }
        Self { size: Size { width, height: (top + layout.height + EDGE).ceil() }, top, legend }
    }
}

/// A drawing that is being written; only presentation attributes are used, which no policy forbids.
struct Svg(String);

impl Svg {
    fn add(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.0.write_fmt(text);
    }

    fn text(&mut self, (x, y): (f64, f64), ink: Ink, look: &str, escaped: &str) {
        self.add(format_args!("<text x=\"{x}\" y=\"{y}\" fill=\"{}\" {look}>{escaped}</text>\n", ink.hex()));
    }

    fn rect(&mut self, (x, y, width, height): (f64, f64, f64, f64), ink: Ink, look: &str, title: &str) {
        let (fill, title) = (ink.hex(), titled(title));
        self.add(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\" {look}>{title}</rect>\n"
        ));
    }

    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Line { points, tone } => self.add(format_args!(
                "<path fill=\"none\" stroke=\"{}\" stroke-width=\"2\" stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"{}\"/>\n",
                ink::solid(*tone).hex(),
                path_d(points)
            )),
            Mark::Area { points, tone } => self.add(format_args!(
                "<path fill=\"{}\" fill-opacity=\"{FAINT}\" d=\"{}\"/>\n",
                ink::solid(*tone).hex(),
                closed_path_d(points)
            )),
            Mark::Rect { x, y, width, height, tone, title } => {
                let look = if mark.is_background() { format!("fill-opacity=\"{FAINT}\"") } else { String::new() };
                self.rect((*x, *y, *width, *height), ink::solid(*tone), &look, title);
            }
            Mark::Shape { points, tone, title } => self.add(format_args!(
                "<path fill=\"{}\" d=\"{}\">{}</path>\n",
                ink::solid(*tone).hex(),
                closed_path_d(points),
                titled(title)
            )),
            Mark::Shade { x, y, width, height, tone, strength, title } => {
                let look = format!("fill-opacity=\"{strength:.3}\"");
                self.rect((*x, *y, *width, *height), ink::solid(*tone), &look, title);
            }
            Mark::Figure { x, y, anchor, text } => {
                let look = format!("text-anchor=\"{}\" font-size=\"{FIGURES}\" font-weight=\"600\"", anchor.key());
                self.text((*x, *y), ink::TEXT, &look, &escaped(text));
            }
            Mark::Text { x, y, anchor, text, strong } => {
                let (ink, weight) = if *strong { (ink::TEXT, " font-weight=\"600\"") } else { (ink::MUTED, "") };
                let look = format!("text-anchor=\"{}\"{weight}", anchor.key());
                self.text((*x, *y), ink, &look, &escaped(text));
            }
            Mark::Rule { x1, y1, x2, y2, role } => {
                let (ink, dashes) = match role {
                    Role::Axis => (ink::AXIS, ""),
                    Role::Grid => (ink::GRID, ""),
                    Role::Link => (ink::AXIS, " stroke-dasharray=\"2 3\""),
                };
                self.add(format_args!(
                    "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{}\" stroke-width=\"1\"{dashes}/>\n",
                    ink.hex()
                ));
            }
            Mark::Dot { x, y, tone, title } => {
                let (fill, ground, title) = (ink::solid(*tone).hex(), ink::GROUND.hex(), titled(title));
                self.add(format_args!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"3\" fill=\"{fill}\" stroke=\"{ground}\" stroke-width=\"1.5\">{title}</circle>\n"
                ));
            }
        }
    }
}

fn titled(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(title)) }
}

/// Returns a text as XML writes it; what XML has no way to write is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests;
