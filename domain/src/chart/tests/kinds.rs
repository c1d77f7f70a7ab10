//! The kinds of charts that stand on paper first: rings, steps, cells and dots.

use super::*;

fn shares(values: &[f64]) -> Vec<Share> {
    let share =
        |(at, value): (usize, &f64)| Share { label: format!("Part {at}"), value: *value, tone: Tone::series(at) };
    values.iter().enumerate().map(share).collect()
}

pub(super) fn donut_of(values: &[f64]) -> Donut<'static> {
    let size = Size { width: 480.0, height: 160.0 };
    let middle = ("12".to_owned(), "Accounts".to_owned());
    Donut { size, shares: shares(values), middle, words: words(), share: &plain }
}

fn gauge_of(value: f64) -> Gauge<'static> {
    let ranges = vec![
        BandRange { low: 0.0, high: 40.0, tone: Tone::BandCritical },
        BandRange { low: 40.0, high: 100.0, tone: Tone::BandHealthy },
    ];
    let size = Size { width: 240.0, height: 140.0 };
    let label = "Healthy".to_owned();
    Gauge { size, ends: (0.0, 100.0), value, tone: Tone::BandHealthy, label, ranges, words: words() }
}

fn funnel_of(values: &[f64]) -> Funnel<'static> {
    Funnel { size: Size { width: 480.0, height: 150.0 }, steps: shares(values), words: words(), share: &plain }
}

fn heat_map_of(values: &[f64]) -> HeatMap<'static> {
    let row = |name: &str| {
        let cells = values.iter().map(|value| HeatCell { value: *value, tone: Tone::Positive }).collect();
        (name.to_owned(), cells)
    };
    let columns = (0..values.len()).map(|place| format!("To {place}")).collect();
    let rows = vec![row("From A"), row("From B")];
    HeatMap { size: Size { width: 480.0, height: 120.0 }, columns, rows, words: words() }
}

fn stacked_of(values: &[f64]) -> StackedChart<'static> {
    let parts = vec![("Low".to_owned(), Tone::Series1), ("High".to_owned(), Tone::Series2)];
    let bar = |(at, value): (usize, &f64)| StackedBar { label: format!("Bar {at}"), values: vec![*value, 10.0] };
    let bars = values.iter().enumerate().map(bar).collect();
    StackedChart { size: Size { width: 480.0, height: 200.0 }, parts, bars, in_order: false, words: words() }
}

fn scatter_of(values: &[f64]) -> Scatter<'static> {
    let spot = |(at, value): (usize, &f64)| Spot {
        label: format!("Dot {at}"),
        x: at as f64 * 10.0,
        y: *value,
        tone: Tone::Series1,
    };
    Scatter {
        size: Size { width: 480.0, height: 200.0 },
        spots: values.iter().enumerate().map(spot).collect(),
        axes: ("Across".to_owned(), "Up".to_owned()),
        scales: (Scale::Automatic, Scale::Automatic),
        across: &plain,
        legend: Vec::new(),
        words: words(),
    }
}

/// Every further kind for the same values at the same size.
pub(super) fn every_kind(values: &[f64], size: Size) -> Vec<Layout> {
    vec![
        donut(&Donut { size, ..donut_of(values) }),
        gauge(&Gauge { size, ..gauge_of(values.first().copied().unwrap_or(f64::NAN)) }),
        funnel(&Funnel { size, ..funnel_of(values) }),
        heat_map(&HeatMap { size, ..heat_map_of(values) }),
        stacked(&StackedChart { size, ..stacked_of(values) }),
        scatter(&Scatter { size, ..scatter_of(values) }),
    ]
}

fn shapes(layout: &Layout) -> Vec<(Vec<(f64, f64)>, Tone)> {
    let shape = |mark: &Mark| match mark {
        Mark::Shape { points, tone, .. } => Some((points.clone(), *tone)),
        _ => None,
    };
    layout.marks.iter().filter_map(shape).collect()
}

/// Twice the area of a shape, by its corners.
fn area(points: &[(f64, f64)]) -> f64 {
    let next = points.iter().cycle().skip(1);
    points.iter().zip(next).map(|(one, other)| one.0 * other.1 - other.0 * one.1).sum::<f64>().abs()
}

#[test]
fn directions_are_those_of_a_clock_to_a_millionth() {
    let half = 0.5_f64.sqrt();
    let cases =
        [(0.0, (0.0, -1.0)), (0.125, (half, -half)), (0.25, (1.0, 0.0)), (0.5, (0.0, 1.0)), (0.75, (-1.0, 0.0))];
    for (share, wanted) in cases {
        let found = circle::direction(share);
        assert!((found.0 - wanted.0).abs() < 1e-5 && (found.1 - wanted.1).abs() < 1e-5, "{share}: {found:?}");
    }
    for step in 0..1_000 {
        let share = f64::from(step) / 1_000.0;
        let (x, y) = circle::direction(share);
        let angle = share * std::f64::consts::TAU;
        assert!((x - angle.sin()).abs() < 1e-5 && (y + angle.cos()).abs() < 1e-5, "{share}");
    }
}

#[test]
fn parts_of_a_donut_have_areas_as_their_shares_and_are_named_once() {
    let layout = donut(&donut_of(&[1.0, 2.0, 5.0, 0.0, -3.0]));
    let drawn = shapes(&layout);
    assert_eq!(drawn.len(), 3);
    let areas: Vec<f64> = drawn.iter().map(|(points, _)| area(points)).collect();
    let whole: f64 = areas.iter().sum();
    for (area, share) in areas.iter().zip([0.125, 0.25, 0.625]) {
        assert!((area / whole - share).abs() < 0.01, "{area} of {whole} is not {share}");
    }
    assert_eq!(texts(&layout, Anchor::Start).len(), 5, "what is nothing is named, too");
    assert_eq!(layout.table.rows[2], ["Part 2", "5", "0.625"]);
    assert!(layout.marks.iter().any(|mark| matches!(mark, Mark::Figure { text, .. } if text == "12")));
}

#[test]
fn a_gauge_stands_at_its_share_between_the_ends() {
    let value = |value: f64| {
        let layout = gauge(&gauge_of(value));
        let found = shapes(&layout).into_iter().next_back().unwrap();
        area(&found.0)
    };
    let full = value(100.0);
    for share in [25.0, 50.0, 75.0] {
        assert!((value(share) / full - share / 100.0).abs() < 0.02, "{share}");
    }
    assert_eq!(value(1e9), full);
    let empty = gauge(&gauge_of(f64::NAN));
    assert_eq!(empty.description, "Nothing yet");
}

#[test]
fn steps_of_a_funnel_are_as_wide_as_their_share_and_stand_in_the_middle() {
    let layout = funnel(&funnel_of(&[200.0, 100.0, 50.0, 0.0]));
    let drawn = rects(&layout);
    assert_eq!(drawn.len(), 4);
    assert!((drawn[1].2 * 2.0 - drawn[0].2).abs() < 0.2 && (drawn[2].2 * 4.0 - drawn[0].2).abs() < 0.4);
    assert_eq!(drawn[3].2, 0.0);
    let middle = |rect: &(f64, f64, f64, f64)| rect.0 + rect.2 / 2.0;
    assert!(drawn.windows(2).all(|pair| (middle(&pair[0]) - middle(&pair[1])).abs() < 0.2));
    assert_eq!(layout.table.rows[1], ["Part 1", "100", "0.5"]);
}

#[test]
fn cells_of_a_heat_map_are_the_stronger_the_more_they_hold() {
    let layout = heat_map(&heat_map_of(&[10.0, 5.0, 0.0, f64::NAN]));
    let strengths: Vec<f64> = layout
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Shade { strength, .. } => Some(*strength),
            _ => None,
        })
        .collect();
    assert_eq!(strengths.len(), 8);
    assert!(strengths[0] > strengths[1] && strengths[1] > 0.0 && strengths[2..4] == [0.0, 0.0], "{strengths:?}");
    assert_eq!(layout.table.headings, ["A", "To 0", "To 1", "To 2", "To 3"]);
    assert_eq!(layout.table.rows[0], ["From A", "10", "5", "0", "-"]);
    assert_eq!(layout.description, "10>0 0..10");
}

#[test]
fn parts_of_a_stacked_bar_stand_on_each_other() {
    let layout = stacked(&stacked_of(&[30.0, 0.0, -4.0]));
    let drawn = rects(&layout);
    assert_eq!(drawn.len(), 4, "parts of nothing are not drawn");
    assert!((drawn[1].1 + drawn[1].3 - drawn[0].1).abs() < 0.11);
    assert_eq!(layout.legend.len(), 2);
    assert_eq!(layout.table.rows[0], ["Bar 0", "30", "10"]);
}

#[test]
fn dots_of_a_scatter_chart_lie_at_both_their_values() {
    let layout = scatter(&scatter_of(&[0.0, 50.0, 100.0, f64::NAN]));
    let dots: Vec<(f64, f64)> = layout
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Dot { x, y, .. } => Some((*x, *y)),
            _ => None,
        })
        .collect();
    assert_eq!(dots.len(), 3);
    assert!((dots[1].0 - (dots[0].0 + dots[2].0) / 2.0).abs() < 0.11);
    assert!((dots[1].1 - (dots[0].1 + dots[2].1) / 2.0).abs() < 0.11);
    assert_eq!(layout.table.rows[3], ["Dot 3", "30", "-"]);
}

#[test]
fn nothing_at_all_is_said_by_every_kind() {
    for layout in every_kind(&[], Size { width: 300.0, height: 150.0 }) {
        assert!(layout.is_empty(), "{:?}", layout.marks);
        assert_eq!(layout.description, "Nothing yet");
    }
}

#[test]
fn charts_side_by_side_keep_their_marks() {
    let (one, other) = (donut(&donut_of(&[1.0, 2.0])), gauge(&gauge_of(50.0)));
    let both = beside(&[one.clone(), other.clone()], 20.0);
    assert_eq!((both.width, both.height), (480.0 + 20.0 + 240.0, 160.0));
    assert_eq!(both.marks.len(), one.marks.len() + other.marks.len());
    let (first, last) = (rects(&one)[0], rects(&both)[0]);
    assert_eq!(first, last);
    let figures = |layout: &Layout| -> Vec<f64> {
        layout.marks.iter().filter_map(|mark| if let Mark::Figure { x, .. } = mark { Some(*x) } else { None }).collect()
    };
    assert_eq!(figures(&both)[1], figures(&other)[0] + 500.0);
    assert!(beside(&[], 20.0).is_empty());
}
