use super::*;
use crate::chart::Tone;
use crate::health::{Points, Step, StepKind};

fn step(label: &str, delta: i64) -> Step {
    Step {
        key: label.to_owned(),
        label: label.to_owned(),
        kind: StepKind::Measure,
        delta: Points(delta),
        total: Points::ZERO,
        author: None,
        until: None,
    }
}

fn words<'a>(start: Option<(&'a str, Points)>) -> StepWords<'a> {
    StepWords {
        start,
        end: "Score",
        label: &|step| step.label.clone(),
        points: &|points| points.to_string(),
        change: &|points| points.to_string(),
    }
}

const HEADINGS: [&str; 4] = ["Measure", "", "Adds", "Score"];

#[test]
fn printed_steps_add_up_to_the_printed_score() {
    let list = [step("Usage", 20_333_333), step("Tickets", 20_333_333), step("Payments", 20_333_333)];
    let table = steps_table(&words(None), &list, HEADINGS);
    let amounts: Vec<&str> = table.rows.iter().map(|row| row.cells[2].text.as_str()).collect();
    assert_eq!(amounts, ["20.3", "20.4", "20.3", ""]);
    let after: Vec<&str> = table.rows.iter().map(|row| row.cells[3].text.as_str()).collect();
    assert_eq!(after, ["20.3", "40.7", "61.0", "61.0"]);
    assert_eq!(table.rows[3].look, RowLook::Total);
}

#[test]
fn bars_lie_where_the_chart_model_puts_them() {
    let list = [step("Usage", 70_000_000), step("Tickets", -12_500_000)];
    let words = words(Some(("1 Oct", Points(10_000_000))));
    let spans = steps(&words, &list);
    let table = steps_table(&words, &list, HEADINGS);
    let bars: Vec<Bar> = table.rows.iter().filter_map(|row| row.cells[1].bar).collect();
    let same: Vec<Bar> = spans.iter().map(|span| Bar { from: span.from, to: span.to, tone: span.tone }).collect();
    assert_eq!(bars, same);
    assert_eq!(bars[2].place(), (67.5, 12.5));
    assert_eq!(
        bars.iter().map(|bar| bar.tone).collect::<Vec<_>>(),
        [Tone::Total, Tone::Positive, Tone::Negative, Tone::Total]
    );
    assert_eq!(Bar { from: 20.0, to: 20.0, tone: Tone::Neutral }.place(), (20.0, 0.4));
}

#[test]
fn a_score_without_steps_is_no_table_of_bars() {
    assert!(steps_table(&words(None), &[], HEADINGS).rows.is_empty());
}

#[test]
fn the_language_says_from_which_side_pages_are_read() {
    let report = |language: &str| Report {
        title: String::new(),
        language: language.to_owned(),
        head: String::new(),
        foot: String::new(),
        at: Timestamp(0),
        chapters: Vec::new(),
    };
    for (language, is_right) in [("en", false), ("de-AT", false), ("ar", true), ("he-IL", true), ("", false)] {
        assert_eq!(report(language).is_right_to_left(), is_right, "{language}");
    }
}

#[test]
fn names_of_files_hold_nothing_that_needs_escaping() {
    let at = Timestamp(1_795_250_000_000);
    for (account, name) in [
        ("Northwind Traders GmbH", "health-report-northwind-traders-gmbh-2026-11-21.pdf"),
        ("../\"Acme\", Inc.\r\n", "health-report-acme-inc-2026-11-21.pdf"),
        ("Österreich & Łódź Straße", "health-report-oesterreich-lodz-strasse-2026-11-21.pdf"),
        ("شركة النور", "health-report-2026-11-21.pdf"),
        ("", "health-report-2026-11-21.pdf"),
    ] {
        assert_eq!(file_name("health-report", account, at), name);
    }
    assert!(file_name("health-report", &"x".repeat(500), at).len() < 100);
}
