//! One horizontal bar, divided by the shares of a whole.

use super::path::tenth;
use super::scale::{tame, tame_size};
use super::{Datum, Layout, Mark, Size, Summary, Table, Tone, Words, summarize};

/// The least width of a share that is not zero.
const NARROWEST: f64 = 3.0;

/// One part of the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// What the part is.
    pub label: String,
    /// How much of it there is; zero, less, or no number at all is not drawn.
    pub value: f64,
    /// What the colour means.
    pub tone: Tone,
}

/// What a distribution is made from; its table has three headings, for the label, the value and the share.
#[derive(Clone)]
pub struct Distribution<'a> {
    /// How large the bar will be.
    pub size: Size,
    /// The space between two parts.
    pub gap: f64,
    /// The parts from left to right.
    pub shares: Vec<Share>,
    /// What the chart says.
    pub words: Words<'a>,
    /// Formats a share of the whole, from 0 to 1.
    pub share: &'a dyn Fn(f64) -> String,
}

/// Lays out a distribution; small parts get a width that can be seen, at the cost of the large ones.
#[must_use]
pub fn distribution(chart: &Distribution<'_>) -> Layout {
    let size = tame_size(chart.size);
    let visible: Vec<&Share> = chart.shares.iter().filter(|share| amount(share.value) > 0.0).collect();
    let whole: f64 = chart.shares.iter().map(|share| amount(share.value)).sum();
    let part = |value: f64| if whole > 0.0 { amount(value) / whole } else { 0.0 };
    let gaps = visible.len().saturating_sub(1).max(1) as f64;
    // Gaps never take more than a quarter of the bar.
    let gap = if chart.gap.is_nan() { 0.0 } else { chart.gap.clamp(0.0, size.width / 4.0 / gaps) };
    let room = size.width - gap * visible.len().saturating_sub(1) as f64;
    let widths = widths(&visible.iter().map(|share| part(share.value)).collect::<Vec<_>>(), room);
    let mut marks = Vec::new();
    let mut left = 0.0;
    for (share, width) in visible.iter().zip(widths) {
        // Rounding both edges, not the width, keeps the parts from drifting apart.
        let (x, right) = (tenth(left), tenth(left + width));
        let title =
            format!("{}: {} ({})", share.label, (chart.words.value)(share.value), (chart.share)(part(share.value)));
        let (drawn, height) = (tenth(right - x), tenth(size.height));
        marks.push(Mark::Rect { x, y: 0.0, width: drawn, height, tone: share.tone, title });
        left += width + gap;
    }
    let summaries: Vec<Summary> =
        summarize("", visible.iter().map(|share| (share.label.as_str(), share.value))).into_iter().collect();
    let row =
        |share: &Share| vec![share.label.clone(), chart.words.cell(share.value), (chart.share)(part(share.value))];
    let datum = |share: &Share| vec![Datum::Said, Datum::value(share.value), Datum::value(part(share.value))];
    let table = Table {
        headings: chart.words.headings.clone(),
        rows: chart.shares.iter().map(row).collect(),
        data: chart.shares.iter().map(datum).collect(),
    };
    let legend = visible.iter().map(|share| (share.label.clone(), share.tone)).collect();
    Layout { legend, ..chart.words.layout(size, &summaries, marks, table) }
}

/// Returns what a value adds to the whole; an endless value counts as nothing, since no share of it can be told.
fn amount(value: f64) -> f64 {
    if value.is_finite() { tame(value).max(0.0) } else { 0.0 }
}

/// Divides the room by the parts, each at least as wide as can be seen.
fn widths(parts: &[f64], room: f64) -> Vec<f64> {
    let narrowest = NARROWEST.min(room / parts.len().max(1) as f64);
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|one, other| parts[*one].total_cmp(&parts[*other]));
    let mut widths = vec![narrowest; parts.len()];
    let (mut room, mut left_over) = (room, parts.iter().sum::<f64>());
    // Smallest first: once one part is wide enough, so are all the larger ones.
    for position in order {
        let fair = if left_over > 0.0 { room * (parts[position] / left_over).min(1.0) } else { narrowest };
        let width = fair.max(narrowest).min(room.max(0.0));
        widths[position] = width;
        room -= width;
        left_over -= parts[position];
    }
    widths
}
