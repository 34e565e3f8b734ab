//! `bespoke scan`.

use std::io::{self, BufWriter, Write as _};

use bespoke_engine::Scan;
use bespoke_report::{Format, Report, nearest};

use super::{
    examine::{Ask, examine, narrow},
    page::dress,
};
use crate::{
    args::{Limit, ScanCommand, ScreenArgs},
    exit,
    failure::Failure,
    output, screen,
};

pub(crate) fn run(args: &ScanCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    for file in &args.output {
        output::check_file(&file.path)?;
    }
    let ask = if args.history {
        Ask::Always
    } else {
        Ask::Never
    };
    let as_of = args.as_of.as_deref();
    let found = examine(&args.paths, &args.input, ask, as_of, screen)?;
    let mut report = found.report;
    narrow(&mut report, args.owner.as_deref())?;
    let forms = args.output.iter().map(|file| file.format);
    dress(
        &mut report,
        &found.scan,
        forms.chain(args.format),
        !args.no_code,
    );
    if let Some(name) = &args.name {
        report.extras.name.clone_from(name);
        report.extras.label = Some(name.clone());
    }
    check_kinds(&args.fail_on, &found.scan)?;

    // Everything that can be written is: one full disk does not take the page away.
    let written: Vec<Result<(), Failure>> = args
        .output
        .iter()
        .map(|file| {
            let style = screen::style_of_file(screen);
            output::write_file(&file.path, |out| (file.format.write)(&report, &style, out))
        })
        .collect();
    if let Some(format) = args.format.or_else(|| (!screen.quiet).then(default_format)) {
        let mut out = BufWriter::new(io::stdout().lock());
        (format.write)(&report, &screen::style(screen), &mut out)?;
        out.flush()?;
    }
    written.into_iter().collect::<Result<(), Failure>>()?;
    Ok(verdict(args, &report))
}

fn default_format() -> &'static Format {
    bespoke_report::format("terminal").expect("the table of formats has it")
}

/// A kind of a dimension that nobody has can only be a slip, and would let everything pass.
fn check_kinds(limits: &[Limit], scan: &Scan) -> Result<(), Failure> {
    let told = scan
        .settings
        .dimensions
        .iter()
        .map(|dimension| dimension.name.as_str());
    let known: Vec<&str> = ["customer", "flag", "tenant"]
        .into_iter()
        .chain(told)
        .collect();
    for limit in limits {
        let Some((dimension, form)) = limit.kind.rsplit_once('_') else {
            continue;
        };
        if !known.contains(&dimension) {
            let failure = Failure::new(format!(
                "no dimension `{dimension}` for --fail-on {} (there are {})",
                limit.kind,
                known.join(", ")
            ));
            return Err(match nearest(dimension, known).first() {
                Some(near) => failure.hint(format!("did you mean `{near}_{form}`?")),
                None => failure,
            });
        }
    }
    Ok(())
}

#[expect(
    clippy::print_stderr,
    reason = "why the exit code is not 0 belongs to standard error"
)]
fn verdict(args: &ScanCommand, report: &Report) -> u8 {
    let mut code = exit::CLEAN;
    let skipped = report.issues.iter().filter(|issue| issue.skipped).count();
    if args.strict && skipped > 0 {
        eprintln!("strict: files skipped: {skipped}");
        code = exit::SKIPPED;
    }
    for limit in &args.fail_on {
        let points = points(report, &limit.kind);
        if points >= limit.points as usize {
            eprintln!(
                "fail-on: {} found {points}, limit {}",
                limit.kind, limit.points
            );
            code = exit::FINDINGS;
        }
    }
    code
}

fn points(report: &Report, kind: &str) -> usize {
    let counted = report
        .variation_points
        .iter()
        .filter(|point| report.counts(point) && point.allowed.is_none());
    counted
        .filter(|point| kind == "any" || point.kind == kind)
        .count()
}
