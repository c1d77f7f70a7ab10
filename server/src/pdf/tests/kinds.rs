//! Eleven kinds of charts: the marks and the labels of the screen are those of paper.

use domain::chart::{self, *};
use domain::time::Timestamp;

use super::super::colours;
use super::super::page::{Item, Paint, WIDTH};
use super::super::shape::Shaper;
use super::picture;

fn plain(value: f64) -> String {
    format!("{value}")
}

fn words() -> Words<'static> {
    Words {
        title: "Title",
        empty: "",
        missing: "–",
        headings: vec!["A".to_owned(), "B".to_owned(), "C".to_owned()],
        value: &plain,
        describe: &|_| "Said".to_owned(),
    }
}

fn when(at: Timestamp, _: TimeStep) -> String {
    at.iso_date()
}

fn series(name: &str, values: &[f64], tone: Tone) -> Series {
    let start = Timestamp(1_767_225_600_000);
    let readings = values.iter().enumerate();
    let readings = readings.map(|(day, value)| Reading { at: start.plus_days(day as i64 * 7), value: *value });
    Series { name: name.to_owned(), tone, readings: readings.collect() }
}

fn shares() -> Vec<Share> {
    let share =
        |(at, (label, value)): (usize, (&str, f64))| Share { label: label.to_owned(), value, tone: Tone::series(at) };
    [("Onboarding", 40.0), ("Adoption", 25.0), ("Value", 10.0), ("Renewal", 4.0)]
        .into_iter()
        .enumerate()
        .map(share)
        .collect()
}

/// Each kind with its name, as `make paper` compares it, too.
pub fn every_kind() -> Vec<(&'static str, Layout)> {
    let size = Size { width: 720.0, height: 200.0 };
    let bands = vec![
        BandRange { low: 0.0, high: 40.0, tone: Tone::BandCritical },
        BandRange { low: 40.0, high: 100.0, tone: Tone::BandHealthy },
    ];
    let line = |series: Vec<Series>, bands: Vec<BandRange>, filled: bool| {
        chart::line(&LineChart { size, series, bands, scale: Scale::Hundred, filled, words: words(), when: &when })
    };
    let bar = |(label, value): (&str, f64)| Bar { label: label.to_owned(), value, tone: Tone::Series2 };
    let change = |(label, delta): (&str, f64)| Change { label: label.to_owned(), delta };
    let cell = |value: f64| HeatCell { value, tone: if value > 5.0 { Tone::Positive } else { Tone::Negative } };
    let row = |name: &str, values: [f64; 3]| (name.to_owned(), values.map(cell).to_vec());
    let stacked = |label: &str, values: [f64; 2]| StackedBar { label: label.to_owned(), values: values.to_vec() };
    let spot = |at: usize| Spot {
        label: format!("Account {at}"),
        x: (at * 37 % 100) as f64,
        y: (at * 61 % 100) as f64,
        tone: Tone::series(at),
    };
    let names = |names: [&str; 3]| names.map(str::to_owned).to_vec();
    let parts = vec![("Critical".to_owned(), Tone::BandCritical), ("At risk".to_owned(), Tone::BandAtRisk)];
    vec![
        (
            "line",
            line(
                vec![
                    series("One", &[30.0, 60.0, 45.0, 80.0], Tone::Series1),
                    series("Two", &[70.0, 20.0, 50.0, 10.0], Tone::Series2),
                ],
                bands.clone(),
                false,
            ),
        ),
        ("area", line(vec![series("One", &[30.0, 60.0, 45.0, 80.0], Tone::Series1)], Vec::new(), true)),
        (
            "bar",
            chart::bar(&BarChart {
                size,
                bars: [("Ada", 12.0), ("Maya", 30.0), ("Sam", -7.0)].map(bar).to_vec(),
                scale: Scale::Automatic,
                words: words(),
            }),
        ),
        (
            "stacked",
            chart::stacked(&StackedChart {
                size,
                parts,
                bars: vec![stacked("Ada", [10.0, 20.0]), stacked("Maya", [25.0, 5.0])],
                in_order: false,
                words: words(),
            }),
        ),
        (
            "donut",
            chart::donut(&Donut {
                size,
                shares: shares(),
                middle: ("79".to_owned(), "Accounts".to_owned()),
                words: words(),
                share: &plain,
            }),
        ),
        (
            "heat-map",
            chart::heat_map(&HeatMap {
                size,
                columns: names(["Healthy", "Watch", "Critical"]),
                rows: vec![row("Healthy", [9.0, 2.0, 0.0]), row("Watch", [4.0, 12.0, 1.0])],
                words: words(),
            }),
        ),
        (
            "waterfall",
            chart::waterfall(&Waterfall {
                size,
                start: Some(("Before".to_owned(), 60.0)),
                changes: [("Usage", 15.0), ("Tickets", -25.0)].map(change).to_vec(),
                total_label: "After".to_owned(),
                words: words(),
                change: &plain,
            }),
        ),
        (
            "gauge",
            chart::gauge(&Gauge {
                size,
                ends: (0.0, 100.0),
                value: 64.0,
                tone: Tone::BandHealthy,
                label: "Healthy".to_owned(),
                ranges: bands,
                words: words(),
            }),
        ),
        (
            "sparkline",
            chart::sparkline(&Sparkline {
                size: Size { width: 320.0, height: 80.0 },
                series: series("One", &[3.0, 7.0, 2.0, 9.0, 8.0], Tone::Series1),
                scale: Scale::Automatic,
                words: words(),
                when: &when,
            }),
        ),
        ("funnel", chart::funnel(&Funnel { size, steps: shares(), words: words(), share: &plain })),
        (
            "scatter",
            chart::scatter(&Scatter {
                size,
                spots: (1..25).map(spot).collect(),
                axes: ("ARR".to_owned(), "Score".to_owned()),
                scales: (Scale::Automatic, Scale::Hundred),
                across: &plain,
                legend: Vec::new(),
                words: words(),
            }),
        ),
    ]
}

/// What is drawn, coarse enough for the width of a hair: the middle of each item and its size, or a text with its base line.
fn told(items: &[Item]) -> Vec<String> {
    let whole = |value: f32| (value * 2.0).round() as i64;
    let one = |item: &Item| match item {
        Item::Text { line, y, .. } => format!("text {} at {}", line.text, whole(*y)),
        Item::Rect { area, .. } => {
            let (x, y) = (area.x + area.width / 2.0, area.y + area.height / 2.0);
            format!("area {} {}", whole(x), whole(y))
        }
        Item::Path { points, paint, .. } => {
            let kind = if *paint == Paint::Fill { "shape" } else { "line" };
            let count = points.len();
            let sum = |part: fn(&(f32, f32)) -> f32| points.iter().map(part).sum::<f32>() / count.max(1) as f32;
            format!("{kind} {count} {} {}", whole(sum(|point| point.0)), whole(sum(|point| point.1)))
        }
        Item::Link { href, .. } => format!("link {href}"),
    };
    items.iter().map(one).collect()
}

/// The same of the marks of the screen.
fn meant(layout: &Layout) -> Vec<String> {
    let scale = WIDTH / layout.width as f32;
    let whole = |value: f64| (value as f32 * scale * 2.0).round() as i64;
    let path = |kind: &str, points: &[(f64, f64)]| {
        let count = points.len();
        let sum = |part: fn(&(f64, f64)) -> f64| points.iter().map(part).sum::<f64>() / count.max(1) as f64;
        format!("{kind} {count} {} {}", whole(sum(|point| point.0)), whole(sum(|point| point.1)))
    };
    let mut all = Vec::new();
    for mark in &layout.marks {
        match mark {
            Mark::Line { points, .. } => all.push(path("line", points)),
            Mark::Area { points, .. } | Mark::Shape { points, .. } => all.push(path("shape", points)),
            Mark::Rect { x, y, width, height, .. } | Mark::Shade { x, y, width, height, .. } => {
                all.push(format!("area {} {}", whole(x + width / 2.0), whole(y + height / 2.0)));
            }
            Mark::Text { y, text, .. } | Mark::Figure { y, text, .. } => {
                all.push(format!("text {text} at {}", whole(*y)))
            }
            Mark::Rule { x1, y1, x2, y2, .. } => all.push(path("line", &[(*x1, *y1), (*x2, *y2)])),
            // The ring around a dot hides what is behind it.
            Mark::Dot { x, y, .. } => all.extend(vec![format!("area {} {}", whole(*x), whole(*y)); 2]),
        }
    }
    all
}

#[test]
fn marks_and_labels_of_paper_are_those_of_the_screen() {
    let all = every_kind();
    assert_eq!(all.len(), 11);
    for (name, layout) in all {
        let svg = chart::file::svg(&layout);
        let piece = picture::chart(&layout, &mut Shaper::new().unwrap()).unwrap();
        let (mut drawn, mut wanted) = (told(&piece.items), meant(&layout));
        drawn.sort();
        wanted.sort();
        assert_eq!(drawn, wanted, "{name}");
        for mark in &layout.marks {
            if let Mark::Text { text, .. } | Mark::Figure { text, .. } = mark {
                assert!(svg.contains(&format!(">{text}<")), "{name}: {text} is not in the picture of the screen");
            }
        }
        for (_, tone) in &layout.legend {
            assert!(svg.contains(&ink::solid(*tone).hex()), "{name}: {tone:?}");
        }
    }
}

#[test]
fn shades_are_mixed_with_paper() {
    let colour = colours::solid(Tone::Positive);
    assert_eq!(colour.mixed(1.0), colour);
    assert_eq!(colour.mixed(0.0), colours::PAPER);
    assert_eq!(colour.faint(), colour.mixed(0.11));
}

/// Writes both pictures of every kind where `make paper` compares them.
#[test]
fn pictures_for_comparison_are_written_where_asked() {
    let Some(folder) = std::env::var_os("KEEPWELL_PAPER_OUT").map(std::path::PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).unwrap();
    for (name, layout) in every_kind() {
        std::fs::write(
            folder.join(format!("{name}.svg")),
            chart::file::svg(&Layout { legend: Vec::new(), ..layout.clone() }),
        )
        .unwrap();
        std::fs::write(folder.join(format!("{name}.pdf")), picture_alone(layout)).unwrap();
    }
}

/// A page with one chart and nothing said of it.
fn picture_alone(layout: Layout) -> Vec<u8> {
    let alone = Layout { description: String::new(), legend: Vec::new(), ..layout };
    super::render(&super::report("en", vec![domain::report::Block::Chart(alone)])).unwrap()
}
