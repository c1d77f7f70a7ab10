//! The command line: what `keepwell` can be told.

mod alerts;
mod bench;
mod configuration;
pub mod demo;
mod doctor;
mod export;
mod import;
mod lab;
mod paper;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use db::{Clock, Db};
use domain::identity::Actor;

use crate::config::{Config, Flags};
use crate::serve;

/// Keepwell, the self-hosted customer success platform.
#[derive(Debug, Parser)]
#[command(name = "keepwell", version)]
pub struct Arguments {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the application.
    Serve {
        /// Fill an empty database with demo data and show the sign-in.
        #[arg(long)]
        demo_if_empty: bool,
    },
    /// Bring the database up to date.
    Migrate,
    /// Manage the people who sign in.
    User {
        #[command(subcommand)]
        command: user::UserCommand,
    },
    /// Import a CSV or XLSX file, or a configuration.
    Import(import::ImportArguments),
    /// Write accounts, contacts, alerts, tasks or usage into a CSV, JSON or XLSX file, documents about accounts into a PDF
    /// or a ZIP, or the configuration into YAML.
    Export(export::ExportArguments),
    /// Take an import or another batch of changes back.
    Undo {
        /// The batch, as printed by the import.
        batch: String,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Look at what the rules of alerts would have raised.
    Alerts {
        #[command(subcommand)]
        command: alerts::AlertsCommand,
    },
    /// Fit a model on any table with an outcome, and test it on rows that it has not seen.
    Lab(lab::LabArguments),
    /// Fill an empty workspace with a believable portfolio.
    Demo(demo::DemoArguments),
    /// Check the configuration and the database.
    Doctor,
    /// Measure this machine against the limits of its parts.
    Bench(bench::BenchArguments),
}

/// Does what the arguments say.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let config = Config::load(&arguments.flags)?;
    let json = matches!(&arguments.command, Command::Import(import) if import.json)
        || matches!(&arguments.command, Command::Export(export) if export.json)
        || matches!(&arguments.command, Command::Undo { json: true, .. })
        || matches!(&arguments.command, Command::Lab(lab) if lab.json)
        || matches!(&arguments.command, Command::Alerts { command } if command.json());
    log_to_stderr();
    let done = match arguments.command {
        Command::Serve { demo_if_empty } => serve::run(config, demo_if_empty).await.map(|()| ExitCode::SUCCESS),
        Command::Migrate => {
            Db::open(&config.database_url, Clock::System).await?.close().await;
            println!("The database is up to date.");
            Ok(ExitCode::SUCCESS)
        }
        Command::User { command } => user::run(&config, command).await,
        Command::Import(arguments) => import::run(&config, arguments).await,
        Command::Export(arguments) => export::run(&config, arguments).await,
        Command::Undo { batch, json } => import::undo(&config, &batch, json).await,
        Command::Alerts { command } => alerts::run(&config, command).await,
        Command::Lab(arguments) => lab::run(&arguments),
        Command::Demo(arguments) => demo::run(&config, arguments).await,
        Command::Doctor => doctor::run(&config).await,
        Command::Bench(arguments) => bench::run(&config, arguments).await,
    };
    match done {
        Err(error) if json => {
            println!("{}", serde_json::json!({ "error": format!("{error:#}") }));
            Ok(ExitCode::FAILURE)
        }
        done => done,
    }
}

fn log_to_stderr() {
    use tracing_subscriber::EnvFilter;
    // A slow statement is told with all its text, which for rows by the thousand fills the screen: for whoever asks.
    let filter = EnvFilter::try_from_env("KEEPWELL_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,sqlx::postgres::notice=error,sqlx::query=error"));
    // A second subscriber, as in a test, changes nothing.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Opens the database and returns it with an actor who may do everything in its first workspace.
async fn open(config: &Config) -> anyhow::Result<(Db, Actor)> {
    let db = Db::open(&config.database_url, Clock::System).await?;
    let workspace = match db::identity::first_workspace(&db).await? {
        Some(workspace) => workspace,
        None => db::identity::create_workspace(&db, "Keepwell").await?,
    };
    Ok((db, Actor::system(workspace)))
}
