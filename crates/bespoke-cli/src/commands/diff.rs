//! `bespoke diff`.

use std::{
    fs,
    io::{self, BufWriter, Write as _},
    path::Path,
};

use bespoke_engine::{Compared, Ends, Past, Scan, owners_file, scan_two, score};
use bespoke_report::{
    DiffReport, Report, SCHEMA_VERSION, write_diff, write_diff_json, write_diff_markdown,
};
use serde_json::Value;

use super::{
    examine::{narrow, past_of},
    warn,
};
use crate::{
    args::{DiffCommand, DiffForm, InputArgs, ScreenArgs},
    exit,
    failure::Failure,
    screen::{self, ProgressBar},
};

pub(crate) fn run(args: &DiffCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let diff = match (is_report(&args.base), args.head.as_deref().map(is_report)) {
        (true, Some(true)) => {
            let head = args.head.as_deref().unwrap_or_default();
            let (mut before, mut now) = (read_report(&args.base)?, read_report(head)?);
            narrow_both(&mut before, &mut now, args)?;
            DiffReport::new(&before, &now, &args.base, head)
        }
        (false, None | Some(false)) => {
            let ends = Ends {
                base: args.base.clone(),
                head: args.head.clone(),
                from_fork: args.from_fork,
            };
            let mut two = two(&args.repository, &ends, &args.input, args.history, screen)?;
            narrow_both(&mut two.before, &mut two.now, args)?;
            let head = two.head_commit.as_deref().unwrap_or("work tree");
            DiffReport::new(&two.before, &two.now, &two.base_commit, head)
        }
        _ => {
            return Err(Failure::new("a report and a revision cannot be compared")
                .hint("name two JSON reports, or one or two revisions"));
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        DiffForm::Text => write_diff(&diff, &screen::style(screen), &mut out)?,
        DiffForm::Json => write_diff_json(&diff, &mut out)?,
        DiffForm::Markdown => write_diff_markdown(&diff, &mut out)?,
    }
    out.flush()?;
    Ok(exit::CLEAN)
}

/// An owner may have had nothing before, or have nothing now.
fn narrow_both(before: &mut Report, now: &mut Report, args: &DiffCommand) -> Result<(), Failure> {
    let Some(owner) = &args.owner else {
        return Ok(());
    };
    let was_there = before.narrow_to(owner);
    match narrow(now, Some(owner)) {
        Err(_) if was_there => {
            now.narrow(&|_| false);
            Ok(())
        }
        Ok(()) if !was_there => {
            before.narrow(&|_| false);
            Ok(())
        }
        done => done,
    }
}

/// Two states with their reports.
pub(crate) struct Two {
    pub(crate) before: Report,
    pub(crate) now: Report,
    pub(crate) base_commit: String,
    pub(crate) head_commit: Option<String>,
    pub(crate) head: Scan,
    /// When the newer end was put in, `YYYY-MM-DD`.
    pub(crate) day: Option<String>,
}

/// Scans two states of the repository that a folder is in.
pub(crate) fn two(
    folder: &Path,
    ends: &Ends,
    input: &InputArgs,
    history: bool,
    screen: &ScreenArgs,
) -> Result<Two, Failure> {
    let past = history
        .then(|| past_of(folder, ends.head.as_deref(), input, screen))
        .transpose()?;
    let bar = ProgressBar::new(screen);
    let show = |progress| {
        if let Some(bar) = &bar {
            bar.show(progress);
        }
    };
    let mut options = bespoke_engine::Options {
        progress: Some(&show),
        ..input.options()?
    };
    if let Some((_, vocabulary, _)) = &past {
        options.vocabulary = Some(vocabulary.clone());
    }
    let found = scan_two(folder, ends, &options)?;
    drop(bar);
    warn(&found.head.warnings, screen);
    let Compared {
        base,
        head,
        base_commit,
        head_commit,
        day,
    } = found;
    let past = past
        .as_ref()
        .map(|(past, _, prefix)| (past, prefix.as_str()));
    Ok(Two {
        before: assessed(&base, past),
        now: assessed(&head, past),
        base_commit,
        head_commit,
        head,
        day,
    })
}

fn assessed(scan: &Scan, past: Option<(&Past, &str)>) -> Report {
    let mut report = Report::new(&scan.analysis);
    let (past, prefix) = past.map_or((None, ""), |(past, prefix)| (Some(past), prefix));
    let debt = score(&scan.analysis, past, prefix, &scan.debt);
    report.assess(&scan.analysis, &debt, &[]);
    if let Some(file) = owners_file(&scan.root) {
        report.own(&|path| file.of(path).into_iter().map(str::to_owned).collect());
    }
    report
}

/// No revision is called so by anybody who wants to be understood.
fn is_report(name: &str) -> bool {
    let ending = Path::new(name).extension();
    ending.is_some_and(|it| it.eq_ignore_ascii_case("json")) || Path::new(name).is_file()
}

/// A JSON report of this schema's major version.
pub(crate) fn read_report(path: &str) -> Result<Report, Failure> {
    let no = |why: String| {
        let path = bespoke_report::safe(path);
        Failure::new(format!("{path} is no report: {why}"))
    };
    let text = fs::read_to_string(path).map_err(|error| no(error.kind().to_string()))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| no(error.to_string()))?;
    let version = value["schema_version"].as_str().unwrap_or("missing");
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    if major(version) != major(SCHEMA_VERSION) {
        return Err(no(format!(
            "its schema_version is {version}, expected {SCHEMA_VERSION}"
        ))
        .hint("write it again with this version: bespoke scan --output report.json"));
    }
    // A report of a later minor version may have more in it; what is needed here is not less.
    serde_json::from_value(value).map_err(|error| no(error.to_string()))
}
