//! Reviewdog Diagnostic Format, for comments on lines of a pull request.

use std::io::{self, Write};

use serde_json::json;

use crate::{
    Format, Report, Style,
    alerts::{Severity, alerts},
};

pub(crate) static FORMAT: Format = Format {
    name: "rdjson",
    extension: "rdjson",
    summary: "for reviewdog",
    write,
};

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    // One at a time: a tree with many thousands does not stand in memory twice.
    write!(out, r#"{{"source":{{"name":"bespoke"}},"diagnostics":["#)?;
    for (nth, it) in alerts(report).iter().enumerate() {
        if nth > 0 {
            write!(out, ",")?;
        }
        let severity = match it.severity {
            Severity::Note => "INFO",
            Severity::Warning => "WARNING",
        };
        let range = json!({
            "start": { "line": it.line.max(1) },
            "end": { "line": it.end_line.max(it.line).max(1) },
        });
        let diagnostic = json!({
            "message": it.message,
            "location": { "path": it.path, "range": range },
            "severity": severity,
            "code": { "value": it.rule },
        });
        serde_json::to_writer(&mut *out, &diagnostic)?;
    }
    writeln!(out, "]}}")
}
