//! Facts of the engines of a language against each other.

use std::path::PathBuf;

use crate::workspace::{cargo, command, output, root, run as run_command};

/// Of sources that other people wrote and that are not ours to keep, one file in so many is compared in CI.
const SAMPLE: &str = "4";

/// Compares the engines on what is named; on our fixtures where nothing is.
pub(crate) fn run(options: &[&str]) -> anyhow::Result<()> {
    if options.is_empty() {
        return compare("release", &[&root().join("fixtures").to_string_lossy()]);
    }
    compare("release", options)
}

/// What CI compares: fixtures, and sources of packages that its other steps have brought.
pub(crate) fn check() -> anyhow::Result<()> {
    compare("dev", &[&root().join("fixtures").to_string_lossy()])?;
    for folder in packages() {
        println!("{}", folder.display());
        compare("dev", &["--every", SAMPLE, &folder.to_string_lossy()])?;
    }
    Ok(())
}

/// Folders with sources of packages, as far as they are there: Python's of the oracles' environment, and Python's own
/// library; TypeScript's and JavaScript's of npm and of crates with grammars.
fn packages() -> Vec<PathBuf> {
    let library = ["-c", "import os; print(os.path.dirname(os.__file__))"];
    let library = output(command("python3", &library)).unwrap_or_default();
    let folders = [
        PathBuf::from(library.trim()).join("email"),
        PathBuf::from(library.trim()).join("asyncio"),
        root().join("target/oracle/venv"),
        root().join("target/charts/node_modules/zrender"),
    ];
    folders.into_iter().filter(|it| it.is_dir()).collect()
}

fn compare(profile: &str, options: &[&str]) -> anyhow::Result<()> {
    let mut parity = cargo(&["run", "--locked", "--quiet", "--profile", profile]);
    parity.args(["-p", "bespoke-extract", "--example", "parity", "--"]);
    parity.args(options);
    run_command(parity)
}
