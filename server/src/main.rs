//! Connects: the `keepwell` binary. `main` reports the error, the modules do the work.

mod cli;
mod config;
mod live;
mod pages;
mod pwa;
mod router;
mod security;
mod serve;
mod state;
mod tasks;
mod uploads;
mod workbook;

use clap::Parser;

fn main() -> std::process::ExitCode {
    let arguments = cli::Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // Rendering streams stall on a machine with one core unless there are a few workers.
        .worker_threads(std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4)))
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(cli::run(arguments)),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("keepwell: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
