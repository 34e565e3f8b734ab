//! Facts of the engines of a language against each other.

use std::process::Command;

use crate::workspace::{build_example, root, run as run_command};

/// Compares the engines on what is named; on our fixtures where nothing is.
pub(crate) fn run(options: &[&str]) -> anyhow::Result<()> {
    if options.is_empty() {
        return compare("release", &[&root().join("fixtures").to_string_lossy()]);
    }
    compare("release", options)
}

/// What CI compares: our fixtures. Sources of packages differ from machine to machine, and so do the grammars' faults
/// that they bring out; they are compared by hand.
pub(crate) fn check() -> anyhow::Result<()> {
    compare("dev", &[&root().join("fixtures").to_string_lossy()])
}

fn compare(profile: &str, options: &[&str]) -> anyhow::Result<()> {
    let mut parity = Command::new(build_example(profile, "bespoke-extract", "parity")?);
    parity.args(options);
    run_command(parity)
}
