//! Chores of the workspace: `cargo xtask <chore>`. CI is one of them, so that it runs the same everywhere.

#![expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]

mod assets;
mod bench;
mod bench_formats;
mod bench_history;
mod bench_peers;
mod ci;
mod codegen;
mod eval;
mod generate;
mod layers;
mod licences;
mod oracle;
mod parity;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::bail;

const HELP: &str = "\
Chores of the workspace.

Usage: cargo xtask <chore>

  ci                 all that must hold before a change is merged; stops at the first failure
  fmt                format everything, imports too
  layers             which crate may use which
  tidy               module docs, white space, tables = folders = fixtures
  licences           licences and sources of dependencies
  codegen [--check]  write docs/ from the tables, or only compare
  assets [--check]   make the HTML report's charts anew with npm, or only compare
  bench formats      reports of 50,000 branches in every form
  bench history [--corpus NAME=PATH]...
                     histories of git repositories against decoding and a bare parse of the same blobs
  bench peers [--corpus NAME=PATH]... [--history NAME=PATH]... [--scaling NAME=PATH]... [--runs N] [--limit SECONDS]
        [--bespoke PATH] [--peers DIR] [--wily-path FOLDER] [--write]
                     scans and histories against other tools, where they are installed; --write puts the answer into
                     docs/benchmarks.md
  bench [--runs N] [--corpus NAME=PATH]...
                     micro benchmarks, and whole scans against a bare parse of the same files
  oracle             answers of other programs: networkx, scipy, lifelines, parsers of formats, promtool, a browser,
                     schemas of CI systems;
                     in a Python environment of its own
  parity [--show N] [--every N] [PATH]...
                     facts of each language's engines against each other: of every source file of a folder, or of a
                     repository without a work tree every content of its history; of our fixtures where no path is given
  gen DIR [--files N] [--edges N] [--seed N]
                     a made-up monorepo, the same for the same seed
  eval --corpora DIR --labels DIR [--only NAME] [--config NAME=FILE]... [--list]
                     precision and recall on labelled repositories; writes docs/evaluation.md";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> anyhow::Result<()> {
    match args {
        ["ci"] => ci::run(),
        ["fmt"] => ci::format(),
        ["layers"] => workspace::report("layers", &layers::check()?),
        ["tidy"] => tidy::run(),
        ["licences"] => workspace::report("licences", &licences::check()?),
        ["codegen"] => codegen::write(),
        ["codegen", "--check"] => codegen::check(),
        ["assets"] => assets::write(),
        ["assets", "--check"] => assets::check(),
        ["bench", "formats"] => bench_formats::run(),
        ["bench", "history", options @ ..] => bench_history::run(options),
        ["bench", "peers", options @ ..] => bench_peers::run(options),
        ["bench", options @ ..] => bench::run(options),
        ["oracle"] => oracle::run(),
        ["parity", options @ ..] => parity::run(options),
        ["gen", options @ ..] => generate::run(options),
        ["eval", options @ ..] => eval::run(options),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        [other, ..] => bail!("no chore `{other}`, or not with these options\n\n{HELP}"),
    }
}
