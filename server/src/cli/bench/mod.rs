//! `keepwell bench`: this build beside the limit of its parts, measured in the same run on the same data.
//!
//! Absolute times depend on the machine; what decides is the ratio to a bare loop, a bare handler or bare sockets.

mod alerts;
mod client;
mod dashboard;
mod export;
mod fan_out;
mod import;
mod past;
mod quality;
mod requests;
mod scoring;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::config::Config;

/// What can be said of the measurement.
#[derive(Debug, clap::Args)]
pub struct BenchArguments {
    /// How many customers the file has that is imported and then read.
    #[arg(long, default_value_t = 109_300)]
    accounts: u32,
    /// How many live sockets are opened.
    #[arg(long, default_value_t = 1_000)]
    sockets: u32,
    /// Where the database of the measurement is made; it is removed afterwards.
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// One figure beside its limit.
pub(crate) struct Figure {
    name: String,
    ours: String,
    limit: String,
    /// What the budget says of, such as a share of the limit or milliseconds.
    measured: f64,
    budget: f64,
    /// Whether more is better.
    more_is_better: bool,
    unit: &'static str,
}

impl Figure {
    fn holds(&self) -> bool {
        if self.more_is_better { self.measured >= self.budget } else { self.measured <= self.budget }
    }

    fn print(&self) {
        let sign = if self.more_is_better { "≥" } else { "≤" };
        println!(
            "{:<34} {:>22} {:>24} {:>10.2} {:<3} {sign} {:>7.2}  {}",
            self.name,
            self.ours,
            self.limit,
            self.measured,
            self.unit,
            self.budget,
            if self.holds() { "holds" } else { "FALLS SHORT" }
        );
    }
}

/// Measures everything and prints one line each.
pub async fn run(config: &Config, arguments: BenchArguments) -> anyhow::Result<ExitCode> {
    let folder = arguments
        .folder
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("keepwell-bench-{}", std::process::id())));
    std::fs::create_dir_all(&folder)?;
    println!("load average {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    println!("{:<34} {:>22} {:>24} {:>14} {:>9}", "what", "ours", "limit in the same run", "measured", "budget");
    let result = measure(config, &arguments, &folder).await;
    // The folder is ours alone; a failure to remove it is not a failure of the measurement.
    let _ = std::fs::remove_dir_all(&folder);
    let figures = result?;
    let short = figures.iter().filter(|figure| !figure.holds()).count();
    println!("{} figures hold, {short} fall short", figures.len() - short);
    Ok(ExitCode::SUCCESS)
}

async fn measure(config: &Config, arguments: &BenchArguments, folder: &std::path::Path) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let mut add = |figure: Figure| {
        figure.print();
        figures.push(figure);
    };
    for figure in scoring::run() {
        add(figure);
    }
    add(alerts::run());
    let (loaded, import) = import::run(folder, arguments.accounts).await?;
    for figure in import {
        add(figure);
    }
    add(quality::run(&loaded).await?);
    for figure in export::run(&loaded).await? {
        add(figure);
    }
    for figure in requests::run(config, &loaded).await? {
        add(figure);
    }
    for figure in fan_out::run(config, &loaded, arguments.sockets).await? {
        add(figure);
    }
    for figure in dashboard::run(&loaded, arguments.accounts).await? {
        add(figure);
    }
    for figure in past::run(&loaded).await? {
        add(figure);
    }
    loaded.db.close().await;
    Ok(figures)
}

/// Returns the middle one of some measurements.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
