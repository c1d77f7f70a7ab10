//! The `keepwell` binary: reports the error; the library does the work.

use clap::Parser;
use server::cli;

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
