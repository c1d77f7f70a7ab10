//! A ring divided by the shares of a whole, with the parts named beside it.

use super::circle::Ring;
use super::frame::{shortened, text_width};
use super::path::tenth;
use super::scale::{has_room, tame, tame_size};
use super::{Anchor, Datum, Layout, Mark, Share, Size, Summary, Table, Words, summarize};

/// How much of the outer radius the hole takes.
const HOLE: f64 = 0.66;
/// The space around the ring, and between it and the names.
const SPACE: f64 = 4.0;
const BESIDE: f64 = 28.0;
/// The height of a name with its value, and the edge of the square that shows its colour.
const LINE: f64 = 20.0;
const KEY: f64 = 10.0;
/// How wide the list of names is at most, so that values stand near their names.
const LIST: f64 = 300.0;
/// The least share that is drawn, so that a part of almost nothing is seen.
const LEAST: f64 = 0.004;

/// What a donut is made from; its table has three headings, for the label, the value and the share.
#[derive(Clone)]
pub struct Donut<'a> {
    /// How large it will be; the ring is as high as the drawing.
    pub size: Size,
    /// The parts, clockwise from the top; those of nothing are named but not drawn.
    pub shares: Vec<Share>,
    /// What stands in the middle: the figure, and what it is.
    pub middle: (String, String),
    /// What the chart says.
    pub words: Words<'a>,
    /// Formats a share of the whole, from 0 to 1.
    pub share: &'a dyn Fn(f64) -> String,
}

/// Lays out a donut.
#[must_use]
pub fn donut(chart: &Donut<'_>) -> Layout {
    let size = tame_size(chart.size);
    let whole: f64 = chart.shares.iter().map(|share| amount(share.value)).sum();
    let part = |share: &Share| if whole > 0.0 { amount(share.value) / whole } else { 0.0 };
    let space = SPACE.min(size.height / 8.0).min(size.width / 8.0);
    let outer = (size.height / 2.0 - space).min(size.width / 4.0).max(0.0);
    let middle = (outer + space, size.height / 2.0);
    let ring = Ring { middle, inner: outer * HOLE, outer };
    let mut marks = Vec::new();
    let mut from = 0.0;
    for share in chart.shares.iter().filter(|share| part(share) > 0.0) {
        let to = (from + part(share)).min(1.0);
        let title = said(chart, share, part(share));
        marks.push(Mark::Shape { points: ring.part(from, to.max(from + LEAST)), tone: share.tone, title });
        from = to;
    }
    if has_room(size) {
        marks.extend(inscription(chart, middle, ring.inner));
        marks.extend(names(chart, &part, (middle.0 + outer + BESIDE, size)));
    }
    let summaries: Vec<Summary> =
        summarize("", chart.shares.iter().map(|share| (share.label.as_str(), share.value))).into_iter().collect();
    let row = |share: &Share| vec![share.label.clone(), chart.words.cell(share.value), (chart.share)(part(share))];
    let datum = |share: &Share| vec![Datum::Said, Datum::value(share.value), Datum::value(part(share))];
    let table = Table {
        headings: chart.words.headings.clone(),
        rows: chart.shares.iter().map(row).collect(),
        data: chart.shares.iter().map(datum).collect(),
    };
    // A ring without a part would be an empty picture.
    chart.words.layout(size, if whole > 0.0 { &summaries } else { &[] }, marks, table)
}

fn amount(value: f64) -> f64 {
    if value.is_finite() { tame(value).max(0.0) } else { 0.0 }
}

fn said(chart: &Donut<'_>, share: &Share, part: f64) -> String {
    format!("{}: {} ({})", share.label, (chart.words.value)(share.value), (chart.share)(part))
}

fn inscription(chart: &Donut<'_>, (x, y): (f64, f64), room: f64) -> Vec<Mark> {
    let (figure, what) = &chart.middle;
    let what = shortened(what, room * 1.9);
    let down = if what.is_empty() { 7.0 } else { 3.0 };
    let mut marks =
        vec![Mark::Figure { x: tenth(x), y: tenth(y + down), anchor: Anchor::Middle, text: figure.clone() }];
    if !what.is_empty() {
        let (x, y) = (tenth(x), tenth(y + 18.0));
        marks.push(Mark::Text { x, y, anchor: Anchor::Middle, text: what, strong: false });
    }
    marks
}

/// Names each part beside the ring, with its value and its share.
fn names(chart: &Donut<'_>, part: &dyn Fn(&Share) -> f64, (left, size): (f64, Size)) -> Vec<Mark> {
    let right = (left + LIST).min(size.width);
    let room = right - left;
    if room < 6.0 * KEY {
        return Vec::new();
    }
    let fitting = (size.height / LINE).floor().max(0.0) as usize;
    let count = chart.shares.len().min(fitting);
    let top = (size.height - LINE * count as f64) / 2.0;
    let mut marks = Vec::new();
    for (place, share) in chart.shares.iter().take(count).enumerate() {
        let y = top + LINE * place as f64 + LINE / 2.0;
        let value = format!("{} \u{b7} {}", (chart.words.value)(share.value), (chart.share)(part(share)));
        let label = shortened(&share.label, room - 2.0 * KEY - text_width(&value) - KEY);
        let (tone, title) = (share.tone, said(chart, share, part(share)));
        marks.push(Mark::Rect { x: tenth(left), y: tenth(y - KEY / 2.0), width: KEY, height: KEY, tone, title });
        let (x, y) = (tenth(left + 1.8 * KEY), tenth(y + 4.0));
        marks.push(Mark::Text { x, y, anchor: Anchor::Start, text: label, strong: false });
        marks.push(Mark::Text { x: tenth(right), y, anchor: Anchor::End, text: value, strong: true });
    }
    marks
}
