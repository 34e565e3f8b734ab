//! A scan with all that can be joined to it: history, owners, costs.

use std::path::{Path, PathBuf};

use bespoke_engine::{
    Activity, HistoryOptions, Past, Scan, Told, Vocabulary, date_of, owners_file, rank, readings,
    score,
};
use bespoke_report::{Report, nearest, safe};

use super::{check::allowed_in, history_with_bar, scan_paths, scan_with, warn, warn_of_history};
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

/// Leaves only what is in files of an owner whose name holds a text, whatever its case.
pub(crate) fn narrow(report: &mut Report, owner: Option<&str>) -> Result<(), Failure> {
    let Some(owner) = owner else {
        return Ok(());
    };
    if report.owners.is_empty() {
        return Err(Failure::new("nobody owns a file: there is no CODEOWNERS")
            .hint("it stands in .github, .gitlab, docs or at the top of the repository"));
    }
    if report.narrow_to(owner) {
        return Ok(());
    }
    let known = report.owners.iter().map(|it| it.owner.as_str());
    let known = known.filter(|it| !it.is_empty());
    let mut told = nearest(owner, known.clone());
    if told.is_empty() {
        told = known.take(5).collect();
    }
    let told: Vec<_> = told.into_iter().map(safe).collect();
    Err(Failure::new(format!("no file has an owner like `{owner}`"))
        .hint(format!("owners are {}", told.join(", "))))
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
        report.follow(past);
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
    let today = report.as_of.clone();
    report.allow(allowed_in(&scan), today.as_deref());
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
    let found = match read_history(folder, None, input, screen) {
        Err(why) if !must && why.is_no_history() => {
            return Ok((scan_paths(paths, input, screen)?, None, String::new()));
        }
        found => found?,
    };
    let (past, vocabulary, root) = found;
    let options = bespoke_engine::Options {
        vocabulary: Some(vocabulary),
        ..input.options()?
    };
    let scan = scan_with(paths, options, screen)?;
    let prefix = prefix(&scan.root, &root);
    Ok((scan, Some(past), prefix))
}

/// The past of the repository that a folder is in, with the names that it taught, and the folder's path in it.
pub(crate) fn past_of(
    folder: &Path,
    revision: Option<&str>,
    input: &InputArgs,
    screen: &ScreenArgs,
) -> Result<(Past, Vocabulary, String), Failure> {
    let (past, vocabulary, root) = read_history(folder, revision, input, screen)?;
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    Ok((past, vocabulary, prefix(&folder, &root)))
}

fn read_history(
    folder: &Path,
    revision: Option<&str>,
    input: &InputArgs,
    screen: &ScreenArgs,
) -> Result<(Past, Vocabulary, PathBuf), Failure> {
    let mut scan = input.options()?;
    let options = HistoryOptions {
        vocabulary: scan.vocabulary.take(),
        scan,
        range: revision.map(str::to_owned),
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
    Ok((activity.past(), found.vocabulary, found.root))
}

/// Path of a folder in its repository with a `/` at its end, or nothing for the whole.
fn prefix(folder: &Path, root: &Path) -> String {
    let prefix = folder.strip_prefix(root).unwrap_or(Path::new(""));
    let parts: Vec<_> = prefix.iter().map(|part| part.to_string_lossy()).collect();
    let mut prefix = parts.join("/");
    if !prefix.is_empty() {
        prefix.push('/');
    }
    prefix
}

/// A day (UTC), `YYYY-MM-DD`.
pub(crate) fn day_of(time: i64) -> String {
    let (year, month, day) = date_of(time);
    format!("{year:04}-{month:02}-{day:02}")
}
