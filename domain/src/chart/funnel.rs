//! Steps one below another, each as wide as what is left of the whole.

use super::frame::{shortened, text_width};
use super::path::tenth;
use super::scale::{has_room, tame, tame_size};
use super::{Anchor, Datum, Layout, Mark, Share, Size, Summary, Table, Words, summarize};

/// How much of a step its bar takes; the rest leads over to the next one.
const FILL: f64 = 0.68;
/// How much of the width the names and the values may take.
const NAMES_MAX: f64 = 0.3;
const VALUES_MAX: f64 = 0.28;
/// The space between a name or a value and the bars.
const SPACE: f64 = 14.0;
/// The least width of a step that is not zero.
const NARROWEST: f64 = 3.0;

/// What a funnel is made from; its table has three headings, for the step, the value and its share of the largest.
#[derive(Clone)]
pub struct Funnel<'a> {
    /// How large it will be.
    pub size: Size,
    /// The steps from top to bottom.
    pub steps: Vec<Share>,
    /// What the chart says.
    pub words: Words<'a>,
    /// Formats a share of the largest step, from 0 to 1.
    pub share: &'a dyn Fn(f64) -> String,
}

/// Lays out a funnel.
#[must_use]
pub fn funnel(chart: &Funnel<'_>) -> Layout {
    let size = tame_size(chart.size);
    let most = chart.steps.iter().map(|step| amount(step.value)).fold(0.0, f64::max);
    let part = |step: &Share| if most > 0.0 { amount(step.value) / most } else { 0.0 };
    let value = |step: &Share| format!("{} \u{b7} {}", chart.words.cell(step.value), (chart.share)(part(step)));
    let widest = |texts: &mut dyn Iterator<Item = f64>, most: f64| texts.fold(0.0, f64::max).min(size.width * most);
    let space = SPACE.min(size.width / 8.0);
    let left = widest(&mut chart.steps.iter().map(|step| text_width(&step.label)), NAMES_MAX) + space;
    let right = size.width - widest(&mut chart.steps.iter().map(|step| text_width(&value(step))), VALUES_MAX) - space;
    let room = (right - left).max(0.0);
    let height = size.height / chart.steps.len().max(1) as f64;
    let place = |index: usize, step: &Share| {
        let width = if part(step) > 0.0 { (room * part(step)).max(NARROWEST).min(room) } else { 0.0 };
        (tenth(left + (room - width) / 2.0), tenth(height * index as f64), tenth(width))
    };
    let mut marks = Vec::new();
    for (index, pair) in chart.steps.windows(2).enumerate() {
        let [step, next] = pair else { continue };
        let ((x, y, width), (below_x, below_y, below)) = (place(index, step), place(index + 1, next));
        let top = tenth(y + height * FILL);
        let points = vec![(x, top), (tenth(x + width), top), (tenth(below_x + below), below_y), (below_x, below_y)];
        marks.push(Mark::Area { points, tone: step.tone });
    }
    for (index, step) in chart.steps.iter().enumerate() {
        let (x, y, width) = place(index, step);
        let title = format!("{}: {}", step.label, value(step));
        marks.push(Mark::Rect { x, y, width, height: tenth(height * FILL), tone: step.tone, title });
        if !has_room(size) {
            continue;
        }
        let line = tenth(y + height * FILL / 2.0 + 4.0);
        let label = shortened(&step.label, left - space);
        marks.push(Mark::Text { x: 0.0, y: line, anchor: Anchor::Start, text: label, strong: false });
        marks.push(Mark::Text { x: size.width, y: line, anchor: Anchor::End, text: value(step), strong: true });
    }
    let summaries: Vec<Summary> =
        summarize("", chart.steps.iter().map(|step| (step.label.as_str(), step.value))).into_iter().collect();
    let row = |step: &Share| vec![step.label.clone(), chart.words.cell(step.value), (chart.share)(part(step))];
    let datum = |step: &Share| vec![Datum::Said, Datum::value(step.value), Datum::value(part(step))];
    let table = Table {
        headings: chart.words.headings.clone(),
        rows: chart.steps.iter().map(row).collect(),
        data: chart.steps.iter().map(datum).collect(),
    };
    chart.words.layout(size, if most > 0.0 { &summaries } else { &[] }, marks, table)
}

fn amount(value: f64) -> f64 {
    if value.is_finite() { tame(value).max(0.0) } else { 0.0 }
}
