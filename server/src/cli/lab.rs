//! `keepwell lab`: a model of any table with an outcome, tested on rows that it has not seen.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, bail};
use domain::import::decode::decode;
use domain::import::table::Table;
use domain::lab::frame::Frame;
use domain::lab::learn::{Direction, Driver};
use domain::lab::table::{Question, frame};
use domain::lab::trial::{Trial, trial};
use serde_json::{Value, json};

use super::import::say;
use crate::workbook;

/// What can be asked of a table.
#[derive(Debug, clap::Args)]
pub struct LabArguments {
    /// The table: CSV in any encoding and with any delimiter, or XLSX. The database is not touched.
    file: PathBuf,
    /// The column with the outcome and what stands in it where it happened, such as Churn=Yes.
    #[arg(long, value_name = "COLUMN=VALUE")]
    outcome: String,
    /// The column that names each row; nothing is learnt from it.
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    /// Another column that nothing is learnt from; may be given more than once.
    #[arg(long, value_name = "COLUMN")]
    without: Vec<String>,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Reads the table, puts a model on trial and prints what came of it.
pub fn run(arguments: &LabArguments) -> anyhow::Result<ExitCode> {
    let begin = Instant::now();
    let Some((outcome, value)) = arguments.outcome.split_once('=') else {
        bail!("Say the outcome as COLUMN=VALUE, such as --outcome Churn=Yes.");
    };
    let bytes = std::fs::read(&arguments.file).with_context(|| format!("reading {}", arguments.file.display()))?;
    let bytes = workbook::to_text(bytes.into()).map_err(say)?;
    let text = decode(&bytes).map_err(|problem| say(problem.into()))?.text;
    let table = Table::open(text).map_err(|problem| say(problem.into()))?;
    let without: Vec<String> = arguments.id.iter().chain(&arguments.without).cloned().collect();
    let frame = frame(&table, &Question { outcome, value, without: &without }).map_err(say)?;
    let found = trial(&frame).map_err(say)?;
    let seconds = begin.elapsed().as_secs_f64();
    if arguments.json {
        println!("{}", as_json(&found, &frame, seconds));
    } else {
        print(&found, &frame, seconds);
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(found: &Trial, frame: &Frame, seconds: f64) -> Value {
    let held = &found.held_out;
    json!({
        "n": found.rows,
        "losses": found.losses,
        "n_holdout": held.rows,
        "auc_holdout": held.auc.value,
        "auc_holdout_interval": [held.auc.low, held.auc.high],
        "auc_cv": found.auc_folds,
        "auc_cv_sd": found.auc_folds_deviation,
        "brier_holdout": held.brier,
        "brier_base": held.brier_of_nothing,
        "log_loss_holdout": held.log_loss,
        "calibration": held.calibration.iter().map(|bin| json!({
            "rows": bin.rows, "predicted": bin.predicted, "observed": bin.observed,
        })).collect::<Vec<_>>(),
        "cuts": held.cuts.iter().map(|cut| json!({
            "share": cut.share, "probability": cut.at, "recall": cut.recall, "precision": cut.precision,
        })).collect::<Vec<_>>(),
        "drivers": found.drivers.iter().map(|driver| json!({
            "name": driver.name, "effect": driver.effect, "share": driver.share,
            "direction": word(driver.direction), "raises": driver.raises, "lowers": driver.lowers,
        })).collect::<Vec<_>>(),
        "left_out": frame.left_out.iter().map(|(name, reason)| json!({ "name": name, "reason": reason }))
            .collect::<Vec<_>>(),
        "leaks": found.leaks.iter().map(|(name, area)| json!({ "name": name, "auc": area })).collect::<Vec<_>>(),
        "penalty": found.penalty,
        "seconds": seconds,
    })
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Raises => "raises",
        Direction::Lowers => "lowers",
        Direction::Bends => "bends",
        Direction::ByWord => "by_word",
    }
}

fn print(found: &Trial, frame: &Frame, seconds: f64) {
    let held = &found.held_out;
    println!("{} rows, {} with the outcome; {seconds:.2} s", found.rows, found.losses);
    println!(
        "Held out    AUC {:.4} (95 % {:.4} to {:.4}), Brier {:.4} ({:.4} by the share of losses alone)",
        held.auc.value, held.auc.low, held.auc.high, held.brier, held.brier_of_nothing
    );
    println!("Ten folds   AUC {:.4}, deviation {:.4}", found.auc_folds, found.auc_folds_deviation);
    println!("\nRiskiest    Probability   Recall   Precision");
    for cut in &held.cuts {
        println!(
            "{:>7.0} %    {:>9.1} %   {:>4.0} %   {:>7.0} %",
            100.0 * cut.share,
            100.0 * cut.at,
            100.0 * cut.recall,
            100.0 * cut.precision
        );
    }
    println!("\nPredicted   Happened   Rows");
    for bin in &held.calibration {
        println!("{:>7.1} %  {:>7.1} %  {:>5}", 100.0 * bin.predicted, 100.0 * bin.observed, bin.rows);
    }
    println!("\nWhat moves the odds, by its share");
    for driver in &found.drivers {
        println!("{:>5.1} %  {}: {}", 100.0 * driver.share, driver.name, sentence(driver));
    }
    for (name, reason) in &frame.left_out {
        println!("Left out: {name} ({reason})");
    }
    for (name, area) in &found.leaks {
        println!(
            "Careful: {name} alone has an AUC of {area:.3}. It is most likely known only after the outcome; \
             leave it out with --without “{name}”."
        );
    }
}

fn sentence(driver: &Driver) -> String {
    match (driver.direction, &driver.raises, &driver.lowers) {
        (Direction::Raises, ..) => "more raises the odds".to_owned(),
        (Direction::Lowers, ..) => "more lowers the odds".to_owned(),
        (Direction::Bends, ..) => "goes up and down".to_owned(),
        (_, Some(raises), Some(lowers)) => format!("“{raises}” raises the odds most, “{lowers}” lowers them most"),
        (_, Some(raises), None) => format!("“{raises}” raises the odds"),
        (_, None, Some(lowers)) => format!("“{lowers}” lowers the odds"),
        _ => "depends on the word".to_owned(),
    }
}
