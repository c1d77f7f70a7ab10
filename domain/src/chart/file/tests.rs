//! What files of charts promise: numbers that add up, nothing that runs, and a picture that stands alone.

use super::*;
use crate::chart::{Bar, BarChart, LineChart, Reading, Scale, Series, TimeStep, Words, bar, line};
use crate::import::write::unguard;

const DAY: Timestamp = Timestamp(1_767_225_600_000);

fn short(value: f64) -> String {
    format!("€{:.1}k", value / 1_000.0)
}

fn words(title: &str) -> Words<'_> {
    let headings = vec!["Month".to_owned(), "Invoiced".to_owned()];
    Words {
        title, empty: "Nothing yet", missing: "–", headings, value: &short, describe: &|_| "A & B < C".to_owned()
    }
}

fn bars(bars: &[(&str, f64)], title: &str) -> Layout {
    let bars = bars.iter().map(|(label, value)| Bar { label: (*label).to_owned(), value: *value, tone: Tone::Series1 });
    let size = Size { width: 400.0, height: 200.0 };
    bar(&BarChart { size, bars: bars.collect(), scale: Scale::Automatic, words: words(title) })
}

fn lines(names: &[(&str, Tone)]) -> Layout {
    let series = names.iter().enumerate().map(|(place, (name, tone))| Series {
        name: (*name).to_owned(),
        tone: *tone,
        readings: (0..4).map(|day| Reading { at: DAY.plus_days(day), value: (day + place as i64) as f64 }).collect(),
    });
    line(&LineChart {
        size: Size { width: 320.0, height: 200.0 },
        series: series.collect(),
        bands: Vec::new(),
        scale: Scale::Automatic,
        filled: true,
        words: words("Flow"),
        when: &|at, step| if step == TimeStep::Day { at.iso_date() } else { "…".to_owned() },
    })
}

/// Reads rows as a spreadsheet does.
fn read(csv: &str) -> Vec<Vec<String>> {
    let text = csv.strip_prefix(BYTE_ORDER_MARK).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn numbers_leave_as_numbers_and_what_is_missing_leaves_blank() {
    let layout = bars(&[("Jan", 48_211.0), ("Feb", f64::NAN), ("Mar", 0.1 + 0.2)], "Invoiced");
    assert_eq!(layout.table.rows[0], ["Jan", "€48.2k"], "the screen rounds");
    let text = csv(&layout.table);
    assert!(text.ends_with("\"Jan\",48211\r\n\"Feb\",\r\n\"Mar\",0.3\r\n"), "{text}");
}

#[test]
fn moments_leave_as_days_that_sort() {
    let layout = lines(&[("Created", Tone::Series1), ("Closed", Tone::Series3)]);
    let rows = read(&csv(&layout.table));
    assert_eq!(rows[0], ["Month", "Created", "Closed"]);
    assert_eq!(rows[1], ["2026-01-01", "0", "1"]);
}

#[test]
fn no_cell_is_a_formula_and_every_word_comes_back() {
    for word in ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "'=1", "a,\"b\"\nc", "＝1"] {
        let layout = bars(&[(word, 1.0)], "Risky");
        let rows = read(&csv(&layout.table));
        assert_eq!(unguard(&rows[1][0]), word);
        assert!(!rows[1][0].starts_with(['=', '+', '-', '@', '\t', ' ', '＝']), "{:?}", rows[1][0]);
    }
}

#[test]
fn a_table_without_data_says_what_it_shows() {
    let table = Table { headings: vec!["A".into()], rows: vec![vec!["12 %".into()]], data: Vec::new() };
    assert_eq!(read(&csv(&table)), [["A"], ["12 %"]]);
}

#[test]
fn a_file_is_named_after_its_title_and_its_day() {
    for (title, expected) in [
        ("Score history", "score-history-2026-01-01.svg"),
        ("../../etc/passwd", "etc-passwd-2026-01-01.svg"),
        ("Überfällig: 100 %", "überfällig-100-2026-01-01.svg"),
        ("", "chart-2026-01-01.svg"),
        ("—", "chart-2026-01-01.svg"),
    ] {
        assert_eq!(name(title, DAY, Kind::Svg), expected);
    }
    assert!(name(&"x".repeat(500), DAY, Kind::Csv).len() < 80);
}

#[test]
fn a_picture_stands_alone_and_is_well_formed() {
    let layout = bars(&[("<script>", 3.0), ("a & \"b\"\u{0}", -2.0)], "R&D <b>");
    let picture = svg(&layout);
    for needed in ["<title id=\"title\">R&amp;D &lt;b&gt;</title>", "A &amp; B &lt; C", "#0c6377", "sans-serif"] {
        assert!(picture.contains(needed), "{needed}: {picture}");
    }
    for outside in ["<script", "style=", "class=", "var(", "href", "url("] {
        assert!(!picture.contains(outside), "{outside}");
    }
    let mut reader = quick_xml::Reader::from_str(&picture);
    reader.config_mut().check_end_names = true;
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    let Size { width, height } = size(&layout);
    assert!(width >= 400.0 && height >= 200.0 && picture.contains(&format!("viewBox=\"0 0 {width} {height}\"")));
}

#[test]
fn lines_are_named_beside_their_colours_and_wrap_in_a_narrow_picture() {
    assert!(lines(&[("Alone", Tone::Series1)]).legend.is_empty());
    let layout = lines(&[("Score", Tone::Series1), ("Low", Tone::Series6), ("High", Tone::Series6)]);
    assert_eq!(layout.legend, [("Score".to_owned(), Tone::Series1), ("Low, High".to_owned(), Tone::Series6)]);
    let long = "A name that takes most of the line";
    let wrapped = lines(&[(long, Tone::Series1), (long, Tone::Series2), (long, Tone::Series3)]);
    assert!(size(&wrapped).height > size(&layout).height);
    assert!(svg(&wrapped).matches("rx=\"2\"").count() == 3);
}
