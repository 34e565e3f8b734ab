//! `bespoke explain`.

use std::{
    fs,
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use bespoke_report::{DebtOf, Report, explain_debt, find, find_advice, find_metric, find_rule};

use super::{
    examine::{Ask, examine},
    no_subject, scan_paths,
};
use crate::{
    args::{ExplainCommand, ScreenArgs},
    exit,
    failure::Failure,
    screen,
};

pub(crate) fn run(args: &ExplainCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let style = screen::style(screen);
    let mut out = BufWriter::new(io::stdout().lock());
    if let Some(metric) = find_metric(&args.target) {
        bespoke_report::explain_metric(metric, &style, &mut out)?;
        out.flush()?;
        return Ok(exit::CLEAN);
    }
    if let Some(rule) = find_rule(&args.target) {
        bespoke_report::explain_rule(rule, &style, &mut out)?;
        out.flush()?;
        return Ok(exit::CLEAN);
    }
    if let Some(advice) = find_advice(&args.target) {
        bespoke_report::explain_advice(advice, &style, &mut out)?;
        out.flush()?;
        return Ok(exit::CLEAN);
    }
    if args.target == "debt" {
        return debt(args, screen);
    }
    let scan = scan_paths(&args.paths, &args.input, screen)?;
    let report = Report::new(&scan.analysis);
    let target = from_root(&args.target, &scan.root).unwrap_or_else(|| args.target.clone());
    let found = find(&report, &target).map_err(|not_found| {
        let failure = Failure::new(format!("nothing is known of `{}`", args.target));
        if not_found.nearest.is_empty() {
            failure.hint(
                "a target is path:line, a path, a customer, a flag, a metric, a rule or advice",
            )
        } else {
            let near: Vec<String> = not_found
                .nearest
                .iter()
                .map(|name| format!("`{}`", bespoke_report::safe(name)))
                .collect();
            failure.hint(format!("did you mean {}?", near.join(" or ")))
        }
    })?;
    bespoke_report::explain(&report, &found, &style, &mut out)?;
    out.flush()?;
    Ok(exit::CLEAN)
}

/// `explain debt [FILE|SUBJECT] [PATH…]`.
fn debt(args: &ExplainCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    // The first path is no path: `debt` has a target of its own. Without one it is the default.
    let (target, paths) = match args.paths.as_slice() {
        [only] if only == Path::new(".") => (None, args.paths.clone()),
        [first] => (Some(first), vec![PathBuf::from(".")]),
        [first, rest @ ..] => (Some(first), rest.to_vec()),
        [] => (None, vec![PathBuf::from(".")]),
    };
    let ask = if args.no_history {
        Ask::Never
    } else {
        Ask::IfThere
    };
    let found = examine(&paths, &args.input, ask, None, screen)?;
    let report = &found.report;
    let of = match target {
        None => DebtOf::Everything,
        Some(target) => {
            let target = target.to_string_lossy();
            let path = from_root(&target, &found.scan.root).unwrap_or_else(|| target.to_string());
            let subjects = found.scan.analysis.subjects_named(&target);
            if let Some(file) = report.files.iter().find(|file| file.path == path) {
                DebtOf::File(file)
            } else if subjects.is_empty() {
                return Err(no_subject(&found.scan.analysis, &target));
            } else {
                let subjects = subjects.iter();
                DebtOf::Subjects(
                    subjects
                        .filter_map(|id| report.subjects.get(id.index()))
                        .collect(),
                )
            }
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    explain_debt(report, &of, &screen::style(screen), &mut out)?;
    out.flush()?;
    Ok(exit::CLEAN)
}

/// A target whose path is there as seen from the current folder, as seen from the root.
fn from_root(target: &str, root: &Path) -> Option<String> {
    let is_place =
        |place: &str| !place.is_empty() && place.split(':').all(|it| it.parse::<u32>().is_ok());
    let (path, place) = match target.find(':') {
        Some(at) if is_place(&target[at + 1..]) => target.split_at(at),
        _ => (target, ""),
    };
    let real = fs::canonicalize(path).ok()?;
    let inside = real.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
    (!inside.is_empty()).then(|| format!("{inside}{place}"))
}
