//! End to end, through the program.

#![expect(
    clippy::unwrap_used,
    reason = "a test may panic, and so may its helpers"
)]

mod check;
mod cli;
mod debt;
mod determinism;
mod diff;
mod graph;
mod hotspots;
mod ledger;
mod owners;
mod projects;
mod report;
mod robustness;
mod sdks;
mod trend;
mod validate;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The program.
fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_bespoke"))
}

/// The top of the repository.
fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the crate lies two folders deep")
        .to_owned()
}

/// A little tree with two customers, two flags and a tenant condition.
fn shop() -> PathBuf {
    repository().join("tests/cmd/shop")
}

/// The program with arguments, and nothing of the caller's environment that could change what it prints.
fn bespoke<const N: usize>(args: [&str; N]) -> Command {
    let mut command = Command::new(program());
    command
        .args(args)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env("BESPOKE_CACHE_DIR", cache());
    command
}

/// A cache of the tests' own.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

/// Exit code, standard output, standard error.
fn run(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("all output is UTF-8");
    (
        status.code().expect("no signal ends it"),
        text(stdout),
        text(stderr),
    )
}
