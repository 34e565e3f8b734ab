//! Annotations of GitHub Actions: commands on standard output.

use std::io::{self, Write};

use crate::{
    Format, Report, Style,
    alerts::{Severity, alerts},
    text::safe,
};

pub(crate) static FORMAT: Format = Format {
    name: "github",
    extension: "github.txt",
    summary: "annotations of GitHub Actions, on standard output",
    write,
};

/// GitHub shows so many of a step for each level, and drops the rest without a word.
const MOST: usize = 10;

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let all = alerts(report);
    for severity in [Severity::Warning, Severity::Note] {
        let own: Vec<_> = all.iter().filter(|it| it.severity == severity).collect();
        let command = match severity {
            Severity::Note => "notice",
            Severity::Warning => "warning",
        };
        for it in own.iter().take(MOST) {
            writeln!(
                out,
                "::{command} file={},line={},endLine={},title={}::{}",
                property(it.path),
                it.line.max(1),
                it.end_line.max(it.line).max(1),
                property(it.rule),
                message(&it.message)
            )?;
        }
        if own.len() > MOST {
            let more = own.len() - MOST;
            writeln!(
                out,
                "::notice title=bespoke::{more} more {command}s are in the report."
            )?;
        }
    }
    Ok(())
}

/// As @actions/core escapes them; control characters would play with the log.
fn message(text: &str) -> String {
    safe(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
