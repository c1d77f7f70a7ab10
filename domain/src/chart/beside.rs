//! Charts side by side, as one.

use super::path::tenth;
use super::{Layout, Mark, Size};

/// Puts charts side by side into one drawing, each in the middle of its height. It has the first one's title and legend,
/// what each says, and no table: whoever wants the numbers has them of each.
#[must_use]
pub fn beside(charts: &[Layout], gap: f64) -> Layout {
    let drawn: Vec<&Layout> = charts.iter().filter(|chart| !chart.is_empty()).collect();
    let height = drawn.iter().map(|chart| chart.height).fold(0.0, f64::max);
    let (mut marks, mut left) = (Vec::new(), 0.0);
    for chart in &drawn {
        let down = (height - chart.height) / 2.0;
        marks.extend(chart.marks.iter().map(|mark| moved(mark, left, down)));
        left += chart.width + gap;
    }
    let said: Vec<&str> =
        charts.iter().map(|chart| chart.description.as_str()).filter(|text| !text.is_empty()).collect();
    let size = Size { width: (left - gap).max(0.0), height };
    Layout {
        width: size.width,
        height: size.height,
        marks,
        title: charts.first().map(|chart| chart.title.clone()).unwrap_or_default(),
        description: said.join(" "),
        table: super::Table::default(),
        legend: charts.first().map(|chart| chart.legend.clone()).unwrap_or_default(),
        moments: Vec::new(),
    }
}

fn moved(mark: &Mark, right: f64, down: f64) -> Mark {
    let mut mark = mark.clone();
    let shift = |x: &mut f64, y: &mut f64| (*x, *y) = (tenth(*x + right), tenth(*y + down));
    match &mut mark {
        Mark::Line { points, .. } | Mark::Area { points, .. } | Mark::Shape { points, .. } => {
            points.iter_mut().for_each(|(x, y)| shift(x, y));
        }
        Mark::Rect { x, y, .. }
        | Mark::Shade { x, y, .. }
        | Mark::Figure { x, y, .. }
        | Mark::Text { x, y, .. }
        | Mark::Dot { x, y, .. } => shift(x, y),
        Mark::Rule { x1, y1, x2, y2, .. } => {
            shift(x1, y1);
            shift(x2, y2);
        }
    }
    mark
}
