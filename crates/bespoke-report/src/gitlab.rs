//! GitLab Code Quality: a list of issues in the form of Code Climate.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::{
    Format, Report, Style,
    alerts::{Severity, alerts, fingerprint},
};

pub(crate) static FORMAT: Format = Format {
    name: "gitlab",
    extension: "codequality.json",
    summary: "for merge requests on GitLab: Code Quality",
    write,
};

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let all = alerts(report);
    let issues: Vec<Value> = all
        .iter()
        .map(|it| {
            json!({
                "type": "issue",
                "description": it.message,
                "check_name": it.rule,
                // It has to be unique in the list.
                "fingerprint": fingerprint(&[&it.fingerprint, it.rule, it.path]),
                "severity": match it.severity {
                    Severity::Note => "info",
                    Severity::Warning => "minor",
                },
                "categories": ["Complexity"],
                "location": {
                    "path": it.path,
                    "lines": { "begin": it.line.max(1), "end": it.end_line.max(it.line).max(1) },
                },
            })
        })
        .collect();
    serde_json::to_writer(&mut *out, &issues)?;
    writeln!(out)
}
