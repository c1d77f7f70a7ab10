//! `keepwell alerts replay`: what the rules would have raised over the past, with noise control and without.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use db::alerts::Played;
use db::{Clock, Db};
use domain::identity::{Actor, Role};
use serde_json::{Value, json};

use crate::config::Config;

/// Days of an average month.
const MONTH_DAYS: f64 = 30.4375;

/// What can be asked about alerts.
#[derive(Debug, clap::Subcommand)]
pub enum AlertsCommand {
    /// Play the past of a portfolio again, day by day, with the rules in force.
    Replay(ReplayArguments),
}

impl AlertsCommand {
    /// Returns whether one JSON object is asked for.
    pub fn json(&self) -> bool {
        let Self::Replay(arguments) = self;
        arguments.json
    }
}

/// What can be said of a replay.
#[derive(Debug, clap::Args)]
pub struct ReplayArguments {
    /// Demo accounts, in a database of their own that is removed afterwards; 0 for the accounts of the configured one.
    #[arg(long, default_value_t = 10_000)]
    accounts: u32,
    /// How many months are played.
    #[arg(long, default_value_t = 24)]
    months: u32,
    /// The same seed gives the same demo accounts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Plays the past and prints what there would have been.
pub async fn run(config: &Config, command: AlertsCommand) -> anyhow::Result<ExitCode> {
    let AlertsCommand::Replay(arguments) = command;
    let days = (f64::from(arguments.months.clamp(1, 60)) * MONTH_DAYS) as u32;
    let (played, seconds) = if arguments.accounts == 0 {
        let (db, actor) = super::open(config).await?;
        let played = play(&db, &actor, days, arguments.json).await?;
        db.close().await;
        played
    } else {
        let folder = std::env::temp_dir().join(format!("keepwell-replay-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let played = on_demo(&folder, &arguments, days).await;
        // The folder is ours alone; a failure to remove it is not a failure of the replay.
        let _ = std::fs::remove_dir_all(&folder);
        played?
    };
    if arguments.json {
        println!("{}", as_json(&played, seconds));
    } else {
        print(&played, seconds);
    }
    Ok(ExitCode::SUCCESS)
}

async fn on_demo(folder: &Path, arguments: &ReplayArguments, days: u32) -> anyhow::Result<(Played, f64)> {
    let url = format!("sqlite://{}", folder.join("keepwell.db").display());
    let db = Db::open(&url, Clock::System).await?;
    let workspace = db::identity::create_workspace(&db, "Replay").await?;
    let actor = Actor::system(workspace);
    let mut owners = Vec::new();
    // As many accounts for each as a person can know.
    for number in 0..(arguments.accounts / 100).clamp(1, 100) {
        let user = db::identity::NewUser {
            email: format!("csm{number}@keepwell.example"),
            name: format!("Owner {number}"),
            role: Role::Csm,
            password: super::demo::passphrase()?,
        };
        owners.push(db::identity::create_user(&db, &actor, user).await?);
    }
    if !arguments.json {
        println!("Writing {} demo accounts …", arguments.accounts);
    }
    db::demo::fill(&db, workspace, &owners, arguments.accounts, arguments.seed, |_| {}).await?;
    let played = play(&db, &actor, days, arguments.json).await?;
    db.close().await;
    Ok(played)
}

async fn play(db: &Db, actor: &Actor, days: u32, quiet: bool) -> anyhow::Result<(Played, f64)> {
    let begin = Instant::now();
    let played = db::alerts::play(db, actor, days, |done| {
        if !quiet && done % 5_000 == 0 {
            println!("  {done}");
        }
    })
    .await?;
    Ok((played, begin.elapsed().as_secs_f64()))
}

fn as_json(played: &Played, seconds: f64) -> Value {
    let mut value = json!(played);
    value["seconds"] = json!(seconds);
    value
}

fn print(played: &Played, seconds: f64) {
    println!("{} accounts, {} days, {} looks, {seconds:.1} s", played.accounts, played.days, played.looks);
    println!(
        "Raised {} ({} risks); {} without noise control, {} with fingerprints as the only one",
        played.raised, played.raised_risks, played.raised_without_noise_control, played.raised_with_fingerprints_alone
    );
    println!(
        "Alerts per person and week {:.1} ({} people); acted on {:.0} %; {} ended by themselves",
        played.alerts_per_csm_per_week,
        played.csms,
        played.acted_on_share * 100.0,
        played.cleared
    );
    println!(
        "{} accounts left, {} of them without an alert in time ({} without noise control)",
        played.churned, played.churned_without_alert, played.churned_without_alert_and_noise_control
    );
    for (rule, accounts) in &played.lost_to_noise_control {
        println!("  {rule} would have told of {accounts} more without noise control");
    }
    println!("\nRule                       raised   fingerprints alone");
    for (rule, (with, without)) in &played.rules {
        println!("{rule:<26} {with:>6} {without:>10}");
    }
}
