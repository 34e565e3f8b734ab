//! Markdown of GitHub's flavour: a page for a job's summary, a wiki or a comment.

use std::io::{self, Write};

use crate::{
    Format, Report, Style, Subject, figures,
    hotspots::next_step,
    text::{count, markdown, number},
};

pub(crate) static FORMAT: Format = Format {
    name: "markdown",
    extension: "md",
    summary: "a page for job summaries, comments and wikis",
    write,
};

/// A comment on GitHub may have 65,536 characters; a summary a mebibyte.
const ROWS: usize = 20;

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let totals = &report.totals;
    writeln!(out, "## Customization\n")?;
    let of = |dimension: &str| totals.by_dimension.get(dimension).copied().unwrap_or(0);
    writeln!(
        out,
        "**{}** and **{}** in {}: {} in {}, {} that run only for some ({:.1} %).\n",
        count(of("customer").into(), "customer", "customers"),
        count(of("flag").into(), "flag", "flags"),
        count(totals.files.into(), "file", "files"),
        count(
            totals.points.into(),
            "branch or check",
            "branches and checks"
        ),
        count(totals.files_with_points.into(), "file", "files"),
        count(totals.guarded_lines.into(), "line", "lines"),
        f64::from(totals.guarded_lines) * 100.0 / f64::from(totals.nloc.max(1)),
    )?;
    if let Some(debt) = &report.debt {
        writeln!(
            out,
            "To remove all of it would take {}.",
            figures::estimate(&debt.principal, debt)
        )?;
        if let Some(flow) = &debt.flow {
            let it = &flow.interest_minutes_per_month;
            writeln!(
                out,
                "Each month {} of work on the core goes with it (an association, not a proof).",
                figures::work_between(it.mid, it.low, it.high)
            )?;
            if let Some(rating) = &flow.rating {
                writeln!(
                    out,
                    "Burden **{}** ({} to {}): {} of all work.",
                    rating.letter,
                    rating.letter_low,
                    rating.letter_high,
                    figures::percent(rating.burden.mid)
                )?;
            }
        }
        writeln!(out)?;
    }
    let dimensions: std::collections::BTreeSet<&str> = report
        .subjects
        .iter()
        .filter(|it| it.files > 0)
        .map(|it| it.dimension.as_str())
        .collect();
    for dimension in dimensions {
        let mut own: Vec<&Subject> = report
            .subjects
            .iter()
            .filter(|it| it.dimension == dimension && it.files > 0)
            .collect();
        own.sort_by(|a, b| b.scattering.cmp(&a.scattering).then(a.name.cmp(&b.name)));
        writeln!(
            out,
            "<details><summary>{} ({})</summary>\n",
            markdown(dimension),
            own.len()
        )?;
        writeln!(
            out,
            "| Name | Branches and checks | Files | Guarded lines | Owners | To remove |"
        )?;
        writeln!(out, "| --- | ---: | ---: | ---: | --- | ---: |")?;
        for it in own.iter().take(ROWS) {
            let remove = it.debt.as_ref().zip(report.debt.as_ref());
            writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} |",
                markdown(&it.name),
                number(it.scattering.into()),
                number(it.files.into()),
                number(it.guarded_lines.into()),
                markdown(&it.owners.join(" ")),
                remove.map_or_else(String::new, |(it, debt)| figures::estimate(
                    &it.principal,
                    debt
                )),
            )?;
        }
        more(own.len(), out)?;
    }
    if !report.owners.is_empty() {
        writeln!(
            out,
            "<details><summary>Owners ({})</summary>\n\n| Owner | Branches and checks | Customers | Flags | Files |\n| --- | ---: | ---: | ---: | ---: |",
            report.owners.len()
        )?;
        for it in report.owners.iter().take(ROWS) {
            let name = if it.owner.is_empty() {
                "nobody"
            } else {
                &it.owner
            };
            let counts = [it.points, it.customers, it.flags, it.files].map(|it| number(it.into()));
            writeln!(out, "| {} | {} |", markdown(name), counts.join(" | "))?;
        }
        more(report.owners.len(), out)?;
    }
    if !report.hotspots.is_empty() {
        writeln!(
            out,
            "### Hotspots\n\n| File | Branches and checks | Worst | Next step |\n| --- | ---: | --- | --- |"
        )?;
        for it in report.hotspots.iter().take(ROWS) {
            let points = it
                .parts
                .iter()
                .find(|part| part.metric == "points")
                .map_or(0, |it| it.value);
            let worst = it
                .function
                .as_ref()
                .map_or_else(String::new, |it| format!("{}, line {}", it.name, it.line));
            let next = it.advice.as_ref().map_or_else(String::new, next_step);
            writeln!(
                out,
                "| {} | {points} | {} | {} |",
                markdown(&it.path),
                markdown(&worst),
                markdown(&next)
            )?;
        }
        writeln!(out)?;
    }
    if !report.findings.is_empty() {
        writeln!(
            out,
            "### Structure\n\n| Rule | Where | What |\n| --- | --- | --- |"
        )?;
        for it in report.findings.iter().take(ROWS) {
            let place = format!("{}:{}", it.path, it.line);
            writeln!(
                out,
                "| {} | {} | {} |",
                markdown(&it.rule),
                markdown(&place),
                markdown(&it.message)
            )?;
        }
        writeln!(out)?;
    }
    if !report.issues.is_empty() {
        writeln!(
            out,
            "<details><summary>Not or only partly read ({})</summary>\n",
            report.issues.len()
        )?;
        for it in report.issues.iter().take(ROWS) {
            writeln!(
                out,
                "- {}: {} ({})",
                markdown(&it.path),
                markdown(&it.message),
                markdown(&it.reason)
            )?;
        }
        more(report.issues.len(), out)?;
    }
    if !report.left_out.is_empty() {
        let all: Vec<String> = report
            .left_out
            .iter()
            .map(|it| format!("{} {}", number(it.files.into()), markdown(&it.reason)))
            .collect();
        writeln!(out, "Left out: {} files.", all.join(", "))?;
    }
    Ok(())
}

fn more(all: usize, out: &mut dyn Write) -> io::Result<()> {
    if all > ROWS {
        writeln!(out, "\n… and {} more.", number((all - ROWS) as u64))?;
    }
    writeln!(out, "\n</details>\n")
}
