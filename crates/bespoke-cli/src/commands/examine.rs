//! A scan with all that can be joined to it: history, owners, costs.

use std::path::{Path, PathBuf};

use bespoke_engine::{
    Activity, HistoryOptions, Past, Scan, Told, date_of, owners_file, rank, readings, score,
};
use bespoke_report::Report;

use super::{history_with_bar, scan_paths, scan_with, warn, warn_of_history};
use crate::{
    args::{InputArgs, ScreenArgs},
    failure::Failure,
};

/// Whether history is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// No.
    Never,
    /// Where there is some.
    IfThere,
    /// Yes: without it there is no answer.
    Always,
}

/// What is known of a tree.
pub(crate) struct Examined {
    pub(crate) scan: Scan,
    pub(crate) report: Report,
}

/// Scans, and joins what else is known. `as_of` is the day with which ends are compared, by default that of the last
/// commit.
pub(crate) fn examine(
    paths: &[PathBuf],
    input: &InputArgs,
    ask: Ask,
    as_of: Option<&str>,
    screen: &ScreenArgs,
) -> Result<Examined, Failure> {
    let (scan, past, prefix) = match ask {
        Ask::Never => (scan_paths(paths, input, screen)?, None, String::new()),
        Ask::IfThere | Ask::Always => with_history(paths, input, ask == Ask::Always, screen)?,
    };
    let analysis = &scan.analysis;
    let mut report = Report::new(analysis);
    if let Some(past) = &past {
        report.join(analysis, past, &prefix);
    }
    let debt = score(analysis, past.as_ref(), &prefix, &scan.debt);
    let last = past.as_ref().map(|past| day_of(past.until));
    let today = as_of.map(str::to_owned).or(last);
    let read = readings(analysis, past.as_ref(), &debt, today.as_deref());
    report.assess(analysis, &debt, &read);
    let ranked = rank(analysis, past.as_ref(), &prefix, &debt, today.as_deref());
    report.rank(analysis, &ranked);
    report.as_of = today;
    if let Some(file) = owners_file(&scan.root) {
        let lines: Vec<String> = file.bad.iter().map(ToString::to_string).collect();
        if !lines.is_empty() {
            let warning = format!("{}: no rule in line {}", file.path, lines.join(", "));
            warn(&[warning], screen);
        }
        report.own(&|path| file.of(path).into_iter().map(str::to_owned).collect());
    }
    Ok(Examined { scan, report })
}

/// A scan and its past; names mean the same in both.
fn with_history(
    paths: &[PathBuf],
    input: &InputArgs,
    must: bool,
    screen: &ScreenArgs,
) -> Result<(Scan, Option<Past>, String), Failure> {
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
    });
    let found = match found {
        Err(why) if !must && why.is_no_history() => {
            return Ok((scan_paths(paths, input, screen)?, None, String::new()));
        }
        found => found?,
    };
    warn_of_history(&found, screen);
    let options = bespoke_engine::Options {
        vocabulary: Some(found.vocabulary),
        ..input.options()?
    };
    let scan = scan_with(paths, options, screen)?;
    let prefix = scan.root.strip_prefix(&found.root).unwrap_or(Path::new(""));
    let parts: Vec<_> = prefix.iter().map(|part| part.to_string_lossy()).collect();
    let mut prefix = parts.join("/");
    if !prefix.is_empty() {
        prefix.push('/');
    }
    Ok((scan, Some(activity.past()), prefix))
}

/// A day (UTC), `YYYY-MM-DD`.
pub(crate) fn day_of(time: i64) -> String {
    let (year, month, day) = date_of(time);
    format!("{year:04}-{month:02}-{day:02}")
}
