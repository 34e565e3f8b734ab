//! `bespoke check` and `bespoke baseline`.

use std::{
    fs,
    io::{self, BufWriter, Write as _},
    path::Path,
};

use bespoke_engine::{Allowed, Budget, Ends, Scan, day_of_head};
use bespoke_report::{AllowedEntry, Before, Report, read_baseline, write_baseline, write_check};

use super::{
    diff::two,
    examine::{Ask, examine},
    page::dress,
};
use crate::{
    args::{BaselineCommand, CheckCommand, ScreenArgs},
    exit,
    failure::Failure,
    output, screen,
};

pub(crate) fn run(args: &CheckCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    for file in &args.output {
        output::check_file(&file.path)?;
    }
    let (mut report, scan, before, today) = match &args.base {
        Some(base) => {
            let ends = Ends {
                base: base.clone(),
                head: args.head.clone(),
                from_fork: !args.exact,
            };
            let mut two = two(&args.path, &ends, &args.input, false, screen)?;
            let name = two.base_commit.get(..10).unwrap_or(&two.base_commit);
            let before = Before::report(name, &two.before);
            let today = args.as_of.clone().or(two.day);
            two.now.allow(allowed_in(&two.head), today.as_deref());
            (two.now, two.head, Some(before), today)
        }
        None => {
            // Before the work, which may take a while.
            let before = args.baseline.as_deref().map(baseline_of).transpose()?;
            let paths = [args.path.clone()];
            let today = args.as_of.clone().or_else(|| day_of_head(&args.path));
            let found = examine(&paths, &args.input, Ask::Never, today.as_deref(), screen)?;
            (found.report, found.scan, before, today)
        }
    };
    let today = today.as_deref();
    let mut budgets = scan.budgets.clone();
    if budgets.is_empty() {
        let told = scan.settings.dimensions.iter().map(|it| it.name.clone());
        budgets.push(Budget::usual(
            ["customer".to_owned()].into_iter().chain(told),
        ));
    }
    report.check(&budgets, before.as_ref(), today);
    let forms = args.output.iter().map(|file| file.format);
    let is_of_disk = args.head.is_none();
    dress(&mut report, &scan, forms.chain(args.format), is_of_disk);

    let written: Vec<Result<(), Failure>> = args
        .output
        .iter()
        .map(|file| {
            let style = screen::style_of_file(screen);
            output::write_file(&file.path, |out| (file.format.write)(&report, &style, out))
        })
        .collect();
    let mut out = BufWriter::new(io::stdout().lock());
    let style = screen::style(screen);
    match args.format {
        Some(format) => (format.write)(&report, &style, &mut out)?,
        None if screen.quiet && !args.explain_exit => {}
        None => write_check(&report, args.explain_exit, &style, &mut out)?,
    }
    out.flush()?;
    written.into_iter().collect::<Result<(), Failure>>()?;
    let passes = report.check.as_ref().is_some_and(|it| it.passes);
    Ok(if passes { exit::CLEAN } else { exit::FINDINGS })
}

pub(crate) fn baseline(args: &BaselineCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let found = examine(&args.paths, &args.input, Ask::Never, None, screen)?;
    let write = |report: &Report, out: &mut dyn io::Write| write_baseline(report, out);
    match &args.output {
        Some(file) => output::write_file(file, |out| write(&found.report, out))?,
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            write(&found.report, &mut out)?;
            out.flush()?;
        }
    }
    Ok(exit::CLEAN)
}

fn baseline_of(file: &Path) -> Result<Before, Failure> {
    let name = file.display();
    let text = fs::read_to_string(file).map_err(|error| {
        Failure::new(format!("cannot read baseline {name}: {}", error.kind()))
            .hint("`bespoke baseline --output FILE` writes one")
    })?;
    let known = read_baseline(&text).map_err(|(line, why)| {
        Failure::new(format!("{name}:{line}: no line of a baseline: {why}"))
            .hint("`bespoke baseline --output FILE` writes it anew")
    })?;
    Ok(Before::baseline(&name.to_string(), known))
}

/// What comments allow, as reports have it.
pub(crate) fn allowed_in(scan: &Scan) -> Vec<AllowedEntry> {
    let entry = |it: &Allowed| AllowedEntry {
        path: it.path.to_string(),
        line: it.line + 1,
        about: it.about + 1,
        rules: it.rules.clone(),
        reason: it.reason.clone(),
        until: it.until.clone(),
        problem: it.problem.clone(),
        used: 0,
    };
    scan.allowed.iter().map(entry).collect()
}
