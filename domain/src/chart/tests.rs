//! What charts promise: finite marks inside the drawing, labels that keep clear, and a table with every fact.

mod kinds;
mod stops;

use super::frame::text_width;
use super::*;
use crate::time::{DAY_MS, Timestamp};

const HOSTILE: [f64; 12] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::MAX,
    f64::MIN,
    5e-324,
    -0.0,
    0.0,
    1e-12,
    -1e15,
    42.0,
    42.000_000_1,
];

fn plain(value: f64) -> String {
    format!("{value}")
}

fn describe(summaries: &[Summary]) -> String {
    let one = |summary: &Summary| {
        let (first, last) = (&summary.first, &summary.last);
        format!("{}>{} {}..{}", first.value, last.value, summary.lowest.value, summary.highest.value)
    };
    summaries.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn date(at: Timestamp, step: TimeStep) -> String {
    format!("{step:?} {}", at.iso_date())
}

fn words() -> Words<'static> {
    let headings = vec!["A".to_owned()];
    Words { title: "Title", empty: "Nothing yet", missing: "-", headings, value: &plain, describe: &describe }
}

fn series(values: &[f64]) -> Series {
    let start = Timestamp(1_767_225_600_000);
    let readings = values.iter().enumerate();
    let readings = readings.map(|(day, value)| Reading { at: start.plus_days(day as i64), value: *value }).collect();
    Series { name: "Score".to_owned(), tone: Tone::Series1, readings }
}

fn line_of(series: Vec<Series>, scale: Scale) -> LineChart<'static> {
    let size = Size { width: 640.0, height: 200.0 };
    LineChart { size, series, bands: Vec::new(), scale, filled: true, words: words(), when: &date }
}

fn bars_of(values: &[f64]) -> BarChart<'static> {
    let bar = |(at, value): (usize, &f64)| Bar { label: format!("Label {at}"), value: *value, tone: Tone::Series2 };
    let size = Size { width: 400.0, height: 200.0 };
    BarChart { size, bars: values.iter().enumerate().map(bar).collect(), scale: Scale::Automatic, words: words() }
}

fn waterfall_of(start: Option<f64>, deltas: &[f64]) -> Waterfall<'static> {
    let change = |delta: &f64| Change { label: "A change".to_owned(), delta: *delta };
    Waterfall {
        size: Size { width: 600.0, height: 200.0 },
        start: start.map(|value| ("Before".to_owned(), value)),
        changes: deltas.iter().map(change).collect(),
        total_label: "After".to_owned(),
        words: words(),
        change: &plain,
    }
}

fn shares_of(values: &[f64]) -> Distribution<'static> {
    let share = |value: &f64| Share { label: "Part".to_owned(), value: *value, tone: Tone::BandWatch };
    let size = Size { width: 200.0, height: 10.0 };
    Distribution { size, gap: 2.0, shares: values.iter().map(share).collect(), words: words(), share: &plain }
}

fn sparkline_of(values: &[f64], scale: Scale) -> Sparkline<'static> {
    let size = Size { width: 80.0, height: 22.0 };
    Sparkline { size, series: series(values), scale, words: words(), when: &date }
}

/// Every chart for the same values at the same size.
fn every_chart(values: &[f64], size: Size) -> Vec<Layout> {
    let mut layouts = Vec::new();
    for scale in [Scale::Hundred, Scale::Automatic] {
        let mut chart = line_of(vec![series(values), series(&[1.0, 2.0])], scale);
        chart.bands = vec![BandRange { low: f64::NEG_INFINITY, high: f64::MAX, tone: Tone::BandHealthy }];
        chart.size = size;
        layouts.push(line(&chart));
        layouts.push(bar(&BarChart { size, scale, ..bars_of(values) }));
        layouts.push(sparkline(&Sparkline { size, ..sparkline_of(values, scale) }));
    }
    layouts.push(waterfall(&Waterfall { size, ..waterfall_of(values.first().copied(), values) }));
    layouts.push(distribution(&Distribution { size, ..shares_of(values) }));
    layouts.extend(kinds::every_kind(values, size));
    layouts
}

fn numbers(mark: &Mark) -> Vec<f64> {
    match mark {
        Mark::Line { points, .. } | Mark::Area { points, .. } => points.iter().flat_map(|(x, y)| [*x, *y]).collect(),
        Mark::Rect { x, y, width, height, .. } => vec![*x, *y, *width, *height, x + width, y + height],
        Mark::Rule { x1, y1, x2, y2, .. } => vec![*x1, *y1, *x2, *y2],
        Mark::Shade { x, y, width, height, strength, .. } => {
            vec![*x, *y, *width, *height, x + width, y + height, *strength]
        }
        Mark::Shape { points, .. } => points.iter().flat_map(|(x, y)| [*x, *y]).collect(),
        Mark::Text { x, y, .. } | Mark::Figure { x, y, .. } | Mark::Dot { x, y, .. } => vec![*x, *y],
    }
}

fn rects(layout: &Layout) -> Vec<(f64, f64, f64, f64)> {
    let rect = |mark: &Mark| match mark {
        Mark::Rect { x, y, width, height, .. } => Some((*x, *y, *width, *height)),
        _ => None,
    };
    layout.marks.iter().filter_map(rect).collect()
}

fn texts(layout: &Layout, wanted: Anchor) -> Vec<(f64, f64, String)> {
    let text = |mark: &Mark| match mark {
        Mark::Text { x, y, anchor, text, .. } if *anchor == wanted => Some((*x, *y, text.clone())),
        _ => None,
    };
    layout.marks.iter().filter_map(text).collect()
}

/// Labels on the same base line keep clear of each other and stay inside.
fn assert_clear(layout: &Layout) {
    let mut labels = texts(layout, Anchor::Middle);
    labels.sort_by(|one, other| one.1.total_cmp(&other.1).then(one.0.total_cmp(&other.0)));
    for pair in labels.windows(2).filter(|pair| pair[0].1 == pair[1].1) {
        let apart = pair[1].0 - text_width(&pair[1].2) / 2.0 - pair[0].0 - text_width(&pair[0].2) / 2.0;
        assert!(apart > 0.0, "{pair:?} collide");
    }
    for (x, _, text) in &labels {
        let half = text_width(text) / 2.0;
        assert!(x - half > -0.2 && x + half < layout.width + 0.2, "{text} leaves the drawing");
    }
    let mut heights: Vec<f64> = texts(layout, Anchor::End).into_iter().map(|(_, y, _)| y).collect();
    heights.sort_by(f64::total_cmp);
    assert!(heights.windows(2).all(|pair| pair[1] - pair[0] > 13.5), "{heights:?}");
}

#[test]
fn hostile_numbers_stay_finite_and_inside_at_every_size() {
    let sides = [f64::NAN, f64::INFINITY, -5.0, 0.0, 1.0, 17.0, 90.0, 640.0];
    for (width, height) in sides.iter().flat_map(|width| sides.iter().map(|height| (*width, *height))) {
        for values in HOSTILE.iter().map(|value| vec![*value]).chain([HOSTILE.to_vec(), vec![], vec![f64::MAX; 3]]) {
            for layout in every_chart(&values, Size { width, height }) {
                let side = layout.width.max(layout.height);
                for number in layout.marks.iter().flat_map(numbers) {
                    assert!(number.is_finite() && (-1.1..=side + 1.1).contains(&number), "{number} {width}x{height}");
                }
                assert!(layout.table.rows.iter().all(|row| row.len() == layout.table.headings.len()));
                assert!(rects(&layout).iter().all(|rect| rect.2 >= 0.0 && rect.3 >= 0.0));
            }
        }
    }
}

#[test]
fn nothing_to_show_is_said_in_the_callers_words() {
    for values in [vec![], vec![f64::NAN]] {
        let empty = [
            line(&line_of(vec![series(&values)], Scale::Hundred)),
            bar(&bars_of(&values)),
            sparkline(&sparkline_of(&values, Scale::Automatic)),
            distribution(&shares_of(&values)),
        ];
        for layout in empty {
            assert!(layout.is_empty());
            assert_eq!(layout.description, "Nothing yet");
        }
    }
    assert_eq!(waterfall(&waterfall_of(None, &[])).description, "Nothing yet");
}

#[test]
fn the_description_knows_first_last_lowest_and_highest() {
    let layout = line(&line_of(vec![series(&[50.0, 80.0, f64::NAN, 20.0, 60.0])], Scale::Hundred));
    assert_eq!(layout.description, "50>60 20..80");
    assert_eq!(layout.table.headings, ["A", "Score"]);
    assert_eq!(layout.table.rows[2], ["Day 2026-01-03", "-"]);
}

#[test]
fn a_gap_breaks_the_line_and_a_lonely_reading_is_a_dot() {
    let layout = line(&line_of(vec![series(&[1.0, 2.0, f64::NAN, 3.0, f64::NAN, 4.0, 5.0])], Scale::Automatic));
    let count = |wanted: fn(&Mark) -> bool| layout.marks.iter().filter(|mark| wanted(mark)).count();
    assert_eq!(count(|mark| matches!(mark, Mark::Line { .. })), 2);
    assert_eq!(count(|mark| matches!(mark, Mark::Area { .. })), 2);
    assert_eq!(count(|mark| matches!(mark, Mark::Dot { .. })), 2);
}

#[test]
fn bands_lie_behind_the_lines_at_their_values() {
    let mut chart = line_of(vec![series(&[10.0, 90.0])], Scale::Hundred);
    chart.bands = vec![
        BandRange { low: 0.0, high: 50.0, tone: Tone::BandCritical },
        BandRange { low: 50.0, high: 100.0, tone: Tone::BandHealthy },
    ];
    let layout = line(&chart);
    assert!(layout.marks[0].is_background() && layout.marks[1].is_background());
    assert_eq!(rects(&layout)[0].1, rects(&layout)[1].1 + rects(&layout)[1].3);
}

#[test]
fn one_reading_is_in_the_middle_with_its_day() {
    let layout = line(&line_of(vec![series(&[70.0])], Scale::Hundred));
    assert!(layout.marks.iter().any(|mark| matches!(mark, Mark::Dot { .. })));
    assert_eq!(texts(&layout, Anchor::Middle)[0].2, "Day 2026-01-01");
}

#[test]
fn ticks_fall_on_days_weeks_months_and_years() {
    let cases =
        [(6, "Day 2026-01-01"), (60, "Week 2026-01-05"), (300, "Month 2026-"), (4000, "Year 20"), (2_000_000, "Year ")];
    for (days, expected) in cases {
        let start = Timestamp(1_767_225_600_000);
        let readings = [start, start.plus_days(days)].map(|at| Reading { at, value: 1.0 }).to_vec();
        for width in [60.0, 200.0, 640.0, 1200.0] {
            let one = Series { readings: readings.clone(), ..series(&[]) };
            let mut chart = line_of(vec![one], Scale::Hundred);
            chart.size.width = width;
            let layout = line(&chart);
            assert_clear(&layout);
            if width == 1200.0 {
                let labels = texts(&layout, Anchor::Middle);
                assert!(labels[0].2.starts_with(expected), "{days}: {labels:?}");
                assert!(labels.len() > 1, "{days}: {labels:?}");
            }
        }
    }
    let ends = [Timestamp(i64::MIN), Timestamp(0), Timestamp(i64::MAX)].map(|at| Reading { at, value: 1.0 }).to_vec();
    let layout = line(&line_of(vec![Series { readings: ends, ..series(&[]) }], Scale::Automatic));
    assert!(layout.marks.iter().flat_map(numbers).all(f64::is_finite));
    assert_eq!(DAY_MS, 86_400_000);
}

#[test]
fn value_ticks_are_round_numbers_that_cover_the_values() {
    let cases = [
        (vec![0.12, 0.31], "0.1 0.15 0.2 0.25 0.3 0.35"),
        (vec![-3.0, 7.0], "-4 -2 0 2 4 6 8"),
        (vec![42.0, 42.0], "0 10 20 30 40 50"),
        (vec![-5.0], "-5 -4 -3 -2 -1 0"),
        (vec![0.0], "0 0.2 0.4 0.6 0.8 1"),
        (vec![1200.0, 98_000.0], "0 20000 40000 60000 80000 100000"),
    ];
    for (values, expected) in cases {
        let steps = scale::Steps::of(Scale::Automatic, values.into_iter(), 5.0);
        assert_eq!(steps.ticks.iter().map(f64::to_string).collect::<Vec<_>>().join(" "), expected);
    }
}

#[test]
fn negative_bars_hang_from_zero_and_small_ones_can_be_seen() {
    let layout = bar(&bars_of(&[100.0, -100.0, 0.001, 0.0, f64::NAN]));
    let drawn = rects(&layout);
    assert_eq!(drawn.len(), 4);
    assert_eq!(drawn[0].1 + drawn[0].3, drawn[1].1);
    assert_eq!((drawn[2].3, drawn[3].3), (1.0, 0.0));
    assert_eq!(layout.table.rows[4], ["Label 4", "-"]);
}

#[test]
fn labels_of_many_bars_are_thinned_evenly() {
    let layout = bar(&bars_of(&[1.0; 60]));
    assert_clear(&layout);
    assert!(texts(&layout, Anchor::Middle).len() > 4);
}

#[test]
fn a_waterfall_adds_up_and_its_bars_touch_their_links() {
    let chart = waterfall_of(Some(60.0), &[15.0, -25.0, 0.0]);
    let spans = chart.spans();
    let tones: Vec<&str> = spans.iter().map(|span| span.tone.key()).collect();
    assert_eq!(tones, ["total", "pos", "neg", "neutral", "total"]);
    assert_eq!(spans[4].to, 50.0);
    let layout = waterfall(&chart);
    assert_clear(&layout);
    assert_eq!(layout.table.rows[2], ["A change", "-25", "50"]);
    let links: Vec<&Mark> =
        layout.marks.iter().filter(|mark| matches!(mark, Mark::Rule { role: Role::Link, .. })).collect();
    assert_eq!(links.len(), 4);
    let bars = rects(&layout);
    let Mark::Rule { x1, y1, x2, .. } = links[0] else { panic!("a link is a rule") };
    assert_eq!((*x1, *y1, *x2), (bars[0].0 + bars[0].2, bars[0].1, bars[1].0));
}

#[test]
fn tiny_shares_can_be_seen_and_the_bar_stays_full() {
    let layout = distribution(&shares_of(&[1e6, 1.0, 0.0, -4.0, 1.0]));
    let drawn = rects(&layout);
    assert_eq!(drawn.iter().map(|rect| rect.2).collect::<Vec<_>>(), [190.0, 3.0, 3.0]);
    assert_eq!(drawn[2].0 + drawn[2].2, 200.0);
    assert_eq!(layout.table.rows[3], ["Part", "-4", "0"]);
    assert!(rects(&distribution(&shares_of(&[1.0; 500]))).iter().all(|rect| rect.0 + rect.2 <= 200.1));
}

#[test]
fn a_sparkline_of_equal_values_runs_through_the_middle() {
    let layout = sparkline(&sparkline_of(&[7.0, 7.0, 7.0], Scale::Automatic));
    let Mark::Line { points, .. } = &layout.marks[0] else { panic!("a sparkline begins with its line") };
    assert!(points.iter().all(|(_, y)| *y == 11.0));
    let layout = sparkline(&sparkline_of(&[1000.0, 1001.0], Scale::Automatic));
    assert_eq!(layout.marks[0], Mark::Line { points: vec![(3.0, 19.0), (77.0, 3.0)], tone: Tone::Series1 });
}

#[test]
fn paths_have_one_decimal_and_never_a_minus_zero() {
    let points = [(0.0, -0.01), (f64::NAN, 1.0), (2.25, 1e3)];
    assert_eq!(path_d(&points), "M0.0 0.0L2.3 1000.0");
    assert_eq!(closed_path_d(&points), "M0.0 0.0L2.3 1000.0Z");
    assert_eq!(closed_path_d(&[]), "");
}

#[test]
fn tones_keep_their_keys_on_the_wire_too() {
    for tone in Tone::ALL {
        assert_eq!(serde_json::to_value(tone).unwrap(), tone.key());
        assert_eq!(Tone::from_key(tone.key()), Some(tone));
    }
    assert_eq!(Tone::series(6), Tone::Series1);
}
