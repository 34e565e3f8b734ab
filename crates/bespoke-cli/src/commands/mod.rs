//! One file for each command.

mod calibrate;
mod check;
mod completions;
mod diff;
mod examine;
mod explain;
mod graph;
mod hotspots;
mod init;
mod ledger;
mod list;
mod man;
mod page;
mod quote;
mod scan;
mod schema;
mod trend;
mod validate;
mod without;

use std::path::{Path, PathBuf};

use bespoke_engine::{Analysis, History, HistoryOptions, Scan, Stage, Told, history};
use bespoke_report::nearest;

use crate::{
    args::{Cli, Command, InputArgs, ScreenArgs},
    failure::Failure,
    screen::ProgressBar,
};

/// Runs a command; the result is an exit code of [`crate::exit`].
pub(crate) fn run(cli: Cli) -> Result<u8, Failure> {
    let screen = &cli.screen;
    match cli.command {
        Command::Scan(args) => scan::run(&args, screen),
        Command::Explain(args) => explain::run(&args, screen),
        Command::Customers(args) => ledger::customers(&args, screen),
        Command::Flags(args) => ledger::flags(&args, screen),
        Command::Diff(args) => diff::run(&args, screen),
        Command::Check(args) => check::run(&args, screen),
        Command::Baseline(args) => check::baseline(&args, screen),
        Command::Hotspots(args) => hotspots::run(&args, screen),
        Command::Graph(args) => graph::run(&args, screen),
        Command::Trend(args) => trend::run(&args, screen),
        Command::Without(args) => without::run(&args, screen),
        Command::Quote(args) => quote::run(&args, screen),
        Command::Calibrate(args) => calibrate::run(&args, screen),
        Command::Validate(args) => validate::run(&args, screen),
        Command::Init(args) => init::run(&args, screen),
        Command::List(args) => list::run(&args, screen),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}

/// Scans, with a progress bar where one can be seen.
fn scan_paths(paths: &[PathBuf], input: &InputArgs, screen: &ScreenArgs) -> Result<Scan, Failure> {
    scan_with(paths, input.options()?, screen)
}

fn scan_with(
    paths: &[PathBuf],
    options: bespoke_engine::Options<'_>,
    screen: &ScreenArgs,
) -> Result<Scan, Failure> {
    let bar = ProgressBar::new(screen);
    let show = |progress| {
        if let Some(bar) = &bar {
            bar.show(progress);
        }
    };
    let options = bespoke_engine::Options {
        progress: Some(&show),
        ..options
    };
    let scan = bespoke_engine::scan(paths, &options)?;
    drop(bar);
    warn(&scan.warnings, screen);
    if screen.verbose > 0 {
        tell(&scan);
    }
    Ok(scan)
}

/// Reads history, with a progress bar where one can be seen.
fn history_with_bar(
    folder: &Path,
    options: HistoryOptions<'_>,
    screen: &ScreenArgs,
    tell: &mut (dyn FnMut(Told<'_>) -> bool + Send),
) -> Result<History, Failure> {
    let bar = ProgressBar::new(screen);
    let show = |stage, done, total| {
        if let Some(bar) = &bar {
            let what = match stage {
                Stage::Learning => "states learned from",
                Stage::Rows => "commits",
            };
            bar.show_of(what, done, total);
        }
    };
    let options = HistoryOptions {
        on_progress: Some(&show),
        ..options
    };
    Ok(history(folder, &options, tell)?)
}

#[expect(clippy::print_stderr, reason = "warnings belong to standard error")]
fn warn_of_history(found: &History, screen: &ScreenArgs) {
    warn(&found.warnings, screen);
    if found.shallow && !screen.quiet {
        eprintln!(
            "warning: the repository is a shallow copy: its oldest commit stands for all before it"
        );
        eprintln!(" hint: fetch all of it (`git fetch --unshallow`; in CI `fetch-depth: 0`)");
    }
}

/// What went wrong without changing the result.
#[expect(clippy::print_stderr, reason = "warnings belong to standard error")]
fn warn(warnings: &[String], screen: &ScreenArgs) {
    if !screen.quiet {
        for warning in warnings {
            eprintln!("warning: {warning}");
        }
    }
}

/// That nobody has that name, with the nearest one.
fn no_subject(analysis: &Analysis, name: &str) -> Failure {
    let bare = name.split_once(':').map_or(name, |(_, bare)| bare);
    let names = analysis.subjects.iter().map(|it| it.name.as_str());
    let failure = Failure::new(format!("no subject `{name}`"));
    match nearest(bare, names).first() {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`bespoke scan` lists customers and flags"),
    }
}

#[expect(clippy::print_stderr, reason = "this is what --verbose asks for")]
fn tell(scan: &Scan) {
    let totals = &scan.analysis.totals;
    eprintln!("root: {}", scan.root.display());
    match &scan.config {
        Some(path) => eprintln!("configuration: {}", path.display()),
        None => eprintln!("configuration: none"),
    }
    eprintln!("files: {} listed, {} analysed", scan.listed, totals.files);
}
