//! Points as comma-separated values (RFC 4180).

use std::io::{self, Write};

use crate::{Format, Report, Style, text::safe};

pub(crate) static FORMAT: Format = Format {
    name: "csv",
    extension: "csv",
    summary: "variation points, for spreadsheets",
    write,
};

const HEADER: &str = "path,line,end_line,kind,dimension,subjects,confidence,counted,function,guarded_lines,nesting,owners,text,fingerprint";

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let owners: std::collections::BTreeMap<&str, &[String]> = report
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.owners.as_slice()))
        .collect();
    writeln!(out, "{HEADER}")?;
    for it in &report.variation_points {
        let guarded: u32 = it
            .guarded
            .iter()
            .map(|it| it.end_line + 1 - it.start_line)
            .sum();
        let owners = owners.get(it.path.as_str()).copied().unwrap_or_default();
        let fields = [
            field(&it.path),
            it.line.to_string(),
            it.end_line.to_string(),
            field(&it.kind),
            field(&it.dimension),
            field(&it.subjects.join(" ")),
            it.confidence.to_string(),
            report.counts(it).to_string(),
            field(it.function.as_deref().unwrap_or("")),
            guarded.to_string(),
            it.nesting.to_string(),
            field(&owners.join(" ")),
            field(&it.text),
            field(&it.fingerprint),
        ];
        writeln!(out, "{}", fields.join(","))?;
    }
    Ok(())
}

/// A quoted field; what a spreadsheet would take for a formula begins with an apostrophe.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let mark = if formula { "'" } else { "" };
    format!("\"{mark}{}\"", safe(text).replace('"', "\"\""))
}
