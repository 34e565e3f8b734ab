//! One JSON value a line: what a log pipeline or a stream reader takes.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use crate::{Format, Report, Style};

pub(crate) static FORMAT: Format = Format {
    name: "ndjson",
    extension: "ndjson",
    summary: "the same records as json, one a line, each with its type",
    write,
};

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let head = json!({
        "schema_version": report.schema_version, "tool": report.tool, "min_confidence": report.min_confidence,
        "totals": report.totals, "as_of": report.as_of, "debt": report.debt,
    });
    line("report", &head, out)?;
    for it in &report.subjects {
        line("subject", it, out)?;
    }
    for it in &report.variation_points {
        line("variation_point", it, out)?;
    }
    for it in &report.files {
        line("file", it, out)?;
    }
    for it in &report.functions {
        line("function", it, out)?;
    }
    for it in &report.hotspots {
        line("hotspot", it, out)?;
    }
    for it in &report.findings {
        line("finding", it, out)?;
    }
    for it in &report.components {
        line("component", it, out)?;
    }
    for it in &report.harms {
        line("harm", it, out)?;
    }
    for it in &report.issues {
        line("issue", it, out)?;
    }
    for it in &report.left_out {
        line("left_out", it, out)?;
    }
    line("blind_spots", &report.blind_spots, out)
}

fn line(of: &str, value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"type\":\"{of}\",\"value\":")?;
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out, "}}")
}
