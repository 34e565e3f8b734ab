//! One file for each command.

mod completions;
mod explain;
mod graph;
mod init;
mod list;
mod man;
mod scan;
mod schema;
mod trend;
mod without;

use std::path::{Path, PathBuf};

use bespoke_engine::{Activity, Analysis, History, HistoryOptions, Scan, Stage, Told, history};
use bespoke_report::{Report, nearest};

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
        Command::Graph(args) => graph::run(&args, screen),
        Command::Trend(args) => trend::run(&args, screen),
        Command::Without(args) => without::run(&args, screen),
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

/// The stable form of what a scan finds; with `history`, what git knows of it too.
fn report_of(
    paths: &[PathBuf],
    input: &InputArgs,
    history: bool,
    screen: &ScreenArgs,
) -> Result<(Scan, Report), Failure> {
    if !history {
        let scan = scan_paths(paths, input, screen)?;
        let report = Report::new(&scan.analysis);
        return Ok((scan, report));
    }
    let folder = paths.first().map_or(Path::new("."), PathBuf::as_path);
    let folder = match folder.parent() {
        Some(parent) if folder.is_file() && parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) if folder.is_file() => parent,
        _ => folder,
    };
    let mut scan = input.options()?;
    let options = HistoryOptions {
        vocabulary: scan.vocabulary.take(),
        scan,
        ..HistoryOptions::default()
    };
    let mut activity = Activity::default();
    let found = history_with_bar(folder, options, screen, &mut |told| {
        if let Told::Row(row) = told {
            activity.take(&row);
        }
        true
    })?;
    warn_of_history(&found, screen);
    // A name must mean the same in both.
    let options = bespoke_engine::Options {
        vocabulary: Some(found.vocabulary),
        ..input.options()?
    };
    let scan = scan_with(paths, options, screen)?;
    let mut report = Report::new(&scan.analysis);
    let prefix = scan.root.strip_prefix(&found.root).unwrap_or(Path::new(""));
    let parts: Vec<_> = prefix.iter().map(|part| part.to_string_lossy()).collect();
    let mut prefix = parts.join("/");
    if !prefix.is_empty() {
        prefix.push('/');
    }
    report.join(&scan.analysis, &activity.past(), &prefix);
    Ok((scan, report))
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
