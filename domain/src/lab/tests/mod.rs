//! Tests of the laboratory, on tables made up here.

mod fits;
mod replays;
mod tables;

use super::folds::Dice;
use super::logistic::probability;
use std::fmt::Write;

/// Returns a made-up portfolio as CSV: logins and plan decide who leaves, the colour does not.
fn portfolio(rows: usize, seed: u64, shuffled: bool) -> String {
    let mut dice = Dice::new(seed);
    let mut lines = Vec::new();
    let mut outcomes = Vec::new();
    for row in 0..rows {
        let logins = (dice.share() * 40.0).round();
        let plan = ["Basic", "Pro", "Enterprise"][(dice.roll() % 3) as usize];
        let colour = ["red", "green", "blue"][(dice.roll() % 3) as usize];
        let noise = dice.share() * 100.0;
        let basic = if plan == "Basic" { 1.5 } else { 0.0 };
        outcomes.push(dice.share() < probability(0.5 - 0.12 * logins + basic));
        let logins = if row % 50 == 7 { String::new() } else { logins.to_string() };
        lines.push(format!("A-{row:05};{logins};{plan};{colour};{noise:.2}"));
    }
    if shuffled {
        dice.shuffle(&mut outcomes);
    }
    let mut text = "Account;Logins;Plan;Colour;Noise;Left\n".to_owned();
    for (line, left) in lines.iter().zip(outcomes) {
        writeln!(text, "{line};{}", if left { "Yes" } else { "No" }).unwrap();
    }
    text
}
