//! All that must hold before a change is merged, cheapest first.

use std::{path::Path, process::Command, time::Instant};

use anyhow::{Context as _, bail};

use crate::{
    assets, codegen, layers, licences, oracle, parity, tidy,
    workspace::{build_bespoke, cargo, command, has, report, run as run_command},
};

type Step = (&'static str, fn() -> anyhow::Result<()>);

const STEPS: &[Step] = &[
    ("format", || {
        run_command(cargo(&["fmt", "--all", "--check"])).context("run `cargo xtask fmt`")?;
        run_command(rustfmt(&["--check"])?).context("run `cargo xtask fmt`")
    }),
    ("layers", || report("layers", &layers::check()?)),
    ("tidy", tidy::run),
    ("licences", licences),
    ("clippy", || {
        let lints = ["--", "--deny", "warnings"];
        run_command(cargo(
            &[
                &["clippy", "--locked", "--workspace", "--all-targets"],
                &lints[..],
            ]
            .concat(),
        ))
    }),
    ("test", tests),
    ("doctest", || {
        run_command(cargo(&["test", "--locked", "--workspace", "--doc"]))
    }),
    ("doc", || {
        // With examples dependencies have the features that clippy has checked them with.
        let of = ["--workspace", "--lib", "--bins", "--examples"];
        let mut doc = cargo(&["doc", "--locked", "--no-deps"]);
        doc.args(of);
        doc.env("RUSTDOCFLAGS", "--deny warnings");
        run_command(doc)
    }),
    ("codegen", codegen::check),
    ("assets", assets::check),
    ("oracle", oracle::run),
    ("parity", parity::check),
    ("bespoke", scan_ourselves),
];

/// Runs every step, and stops at the first that fails.
pub(crate) fn run() -> anyhow::Result<()> {
    let start = Instant::now();
    for (name, step) in STEPS {
        println!("\n==> {name}");
        let start = Instant::now();
        let result = step();
        let seconds = start.elapsed().as_secs_f64();
        if let Err(error) = result {
            bail!("ci: {name} failed after {seconds:.1} s: {error:#}");
        }
        println!("==> {name}: fine, {seconds:.1} s");
    }
    println!(
        "\nci: all {} steps fine, {:.0} s",
        STEPS.len(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Formats everything. Stable rustfmt obeys the options for imports when they are given here, not in rustfmt.toml.
pub(crate) fn format() -> anyhow::Result<()> {
    let imports = "imports_granularity=Crate,group_imports=StdExternalCrate";
    run_command(cargo(&["fmt", "--all", "--", "--config", imports]))?;
    run_command(rustfmt(&["--config", imports])?)
}

/// rustfmt over every file: cargo does not find those that a macro names as modules.
fn rustfmt(options: &[&str]) -> anyhow::Result<Command> {
    let files = tidy::files()?;
    let files = files
        .iter()
        .filter(|path| Path::new(path).extension().is_some_and(|it| it == "rs"));
    let mut format = command("rustfmt", &["--edition", "2024"]);
    format.args(options).args(files);
    Ok(format)
}

fn licences() -> anyhow::Result<()> {
    report("licences", &licences::check()?)?;
    if has("cargo-deny", &["--version"]) {
        run_command(cargo(&["deny", "check", "bans", "licenses", "sources"]))
    } else {
        println!("cargo-deny is not installed: its further checks are left out");
        Ok(())
    }
}

fn tests() -> anyhow::Result<()> {
    let nextest = has("cargo-nextest", &["nextest", "--version"]);
    let test: Command = if nextest {
        cargo(&["nextest", "run", "--locked", "--workspace"])
    } else {
        cargo(&[
            "test",
            "--locked",
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
        ])
    };
    run_command(test)
}

/// Our own code serves no customer by name.
fn scan_ourselves() -> anyhow::Result<()> {
    let bespoke = build_bespoke("dev")?;
    let mut scan = Command::new(bespoke);
    scan.args(["scan", ".", "--fail-on", "customer_branch"])
        .current_dir(crate::workspace::root());
    run_command(scan)
}
