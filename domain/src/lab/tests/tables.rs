//! Tables: what is learnt from them, what is refused, what is warned about.

use std::fmt::Write;

use super::super::learn::Direction;
use super::super::table::{Question, frame};
use super::super::trial::{Trial, trial};
use super::portfolio;
use crate::import::table::Table;
use crate::refusal::Refusal;

fn tried(text: &str) -> Result<Trial, Refusal> {
    let table = Table::open(text).unwrap();
    trial(&frame(&table, &Question { outcome: "Left", value: "yes", without: &[] })?)
}

#[test]
fn a_planted_signal_is_found_and_noise_is_not() {
    let found = tried(&portfolio(1_500, 1, false)).unwrap();
    assert!(found.held_out.auc.low > 0.6, "{found:#?}");
    assert!((found.auc_folds - found.held_out.auc.value).abs() < 0.06);
    assert!(found.held_out.brier < found.held_out.brier_of_nothing);
    let names: Vec<&str> = found.drivers.iter().map(|driver| driver.name.as_str()).collect();
    assert_eq!(names[..2], ["Logins", "Plan"], "{names:?}");
    assert_eq!(found.drivers[0].direction, Direction::Lowers);
    assert_eq!(found.drivers[1].raises.as_deref(), Some("Basic"));
    let rest: f64 = found.drivers[2..].iter().map(|driver| driver.share).sum();
    assert!(rest < 0.2, "{:#?}", found.drivers);
}

#[test]
fn predictions_are_as_high_as_what_happens() {
    let found = tried(&portfolio(4_000, 2, false)).unwrap();
    for bin in &found.held_out.calibration {
        assert!((bin.predicted - bin.observed).abs() < 0.15, "{bin:?}");
    }
}

#[test]
fn shuffled_outcomes_are_a_coin() {
    for seed in 1..=4 {
        let found = tried(&portfolio(1_000, seed, true)).unwrap();
        assert!((found.auc_folds - 0.5).abs() < 0.06, "seed {seed}: {}", found.auc_folds);
        let area = found.held_out.auc;
        assert!(area.low < 0.55 && area.high > 0.45, "seed {seed}: {area:?}");
    }
}

#[test]
fn the_same_table_gives_the_same_figures() {
    let text = portfolio(400, 5, false);
    assert_eq!(tried(&text).unwrap(), tried(&text).unwrap());
}

#[test]
fn ids_constants_and_counters_are_left_out() {
    let mut text = "id,row,country,opened,Left\n".to_owned();
    for row in 0..100 {
        let left = if row % 3 == 0 { "yes" } else { "no" };
        writeln!(text, "c{row},{},NL,2024-0{}-11,{left}", row + 1, 1 + row % 9).unwrap();
    }
    let table = Table::open(text).unwrap();
    let frame = frame(&table, &Question { outcome: "left", value: "YES", without: &[] }).unwrap();
    let kept: Vec<&str> = frame.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(kept, ["opened"]);
    let out: Vec<&str> = frame.left_out.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(out, ["id", "row", "country"]);
    assert_eq!((frame.len(), frame.losses()), (100, 34));
}

#[test]
fn too_few_losses_are_said_to_be_too_few() {
    let refused = tried(&portfolio(60, 3, false)).unwrap_err();
    assert!(refused.to_string().starts_with("Not enough data"), "{refused}");
}

#[test]
fn a_column_that_is_known_only_afterwards_is_named() {
    let text = portfolio(600, 4, false);
    let mut leaky = "Account;Logins;Plan;Colour;Noise;Left;Last day\n".to_owned();
    for (index, line) in text.lines().skip(1).enumerate() {
        let last = if line.ends_with("Yes") { format!("2025-0{}-01", 1 + index % 9) } else { String::new() };
        writeln!(leaky, "{line};{last}").unwrap();
    }
    let found = tried(&leaky).unwrap();
    let names: Vec<&str> = found.leaks.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Last day"]);
    assert!(tried(&text).unwrap().leaks.is_empty());
}

#[test]
fn questions_that_make_no_sense_are_refused() {
    let text = portfolio(100, 4, false);
    let table = Table::open(text.as_str()).unwrap();
    let ask = |outcome, value, without: &[String]| frame(&table, &Question { outcome, value, without }).is_err();
    assert!(ask("Gone", "Yes", &[]));
    assert!(ask("Left", "maybe", &[]));
    assert!(ask("Left", "Yes", &["Nothing".to_owned()]));
    assert!(!ask("Left", "Yes", &["Noise".to_owned()]));
}
