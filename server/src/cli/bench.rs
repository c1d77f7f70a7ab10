//! `keepwell bench`: being written.

use std::process::ExitCode;

use crate::config::Config;

#[derive(Debug, clap::Args)]
pub struct BenchArguments {}

/// Measures.
pub async fn run(_config: &Config, _arguments: BenchArguments) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
