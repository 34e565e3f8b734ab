//! The program `bespoke`: arguments, wiring, exit codes. What it does is in the engine, how it looks in the report.

mod args;
mod commands;
mod exit;
mod failure;
mod output;
mod screen;

use std::{
    panic::{self, AssertUnwindSafe},
    process::ExitCode,
};

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    panic::set_hook(Box::new(report_fault));
    let code = panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or(exit::FAILED);
    output::remove_unfinished();
    ExitCode::from(code)
}

#[expect(clippy::print_stderr, reason = "errors belong to standard error")]
fn run() -> u8 {
    // Without the handler Ctrl-C still ends the program; a temporary file may stay then.
    let _ = ctrlc::set_handler(stop);
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help for a reader that is gone is no failure; usage errors have their code anyway.
            let _ = error.print();
            return if error.use_stderr() {
                exit::FAILED
            } else {
                exit::CLEAN
            };
        }
    };
    match commands::run(cli) {
        Ok(code) => code,
        Err(failure) if failure.is_broken_pipe() => exit::CLEAN,
        Err(failure) => {
            eprintln!("{failure}");
            exit::FAILED
        }
    }
}

#[expect(
    clippy::exit,
    reason = "a signal handler's thread cannot return from main"
)]
fn stop() {
    output::remove_unfinished();
    std::process::exit(exit::INTERRUPTED);
}

#[expect(clippy::print_stderr, reason = "errors belong to standard error")]
fn report_fault(info: &panic::PanicHookInfo<'_>) {
    eprintln!("error: a fault in bespoke: {info}");
    eprintln!(" hint: please report it, with the file or option that brings it about");
}
