//! Reviewdog Diagnostic Format, for comments on lines of a pull request.

use std::io::{self, Write};

use serde_json::{Value, json};

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
    let all = alerts(report);
    let diagnostics: Vec<Value> = all
        .iter()
        .map(|it| {
            json!({
                "message": it.message,
                "location": {
                    "path": it.path,
                    "range": {
                        "start": { "line": it.line.max(1) },
                        "end": { "line": it.end_line.max(it.line).max(1) },
                    },
                },
                "severity": match it.severity {
                    Severity::Note => "INFO",
                    Severity::Warning => "WARNING",
                },
                "code": { "value": it.rule },
            })
        })
        .collect();
    let page = json!({ "source": { "name": "bespoke" }, "diagnostics": diagnostics });
    serde_json::to_writer(&mut *out, &page)?;
    writeln!(out)
}
