//! What would go with a customer or flag: as text and as JSON.

use std::io::{self, Write};

use bespoke_analysis as analysis;
use bespoke_facts::RepoPath;
use serde::Serialize;

use crate::{
    report::Lines,
    text::{Style, Tone, count, number, safe, wrap},
};

/// So many places of a list are shown unless all are asked for.
const SHOWN: usize = 12;

/// What would go with a subject. Lines count from 1, and last lines are included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WithoutReport {
    /// Dimension of the subject.
    pub dimension: String,
    /// Its name.
    pub subject: String,
    /// What its condition would always be.
    pub always: bool,
    /// Lines with code that could be deleted.
    pub nloc: u32,
    /// Files that nothing would need any more.
    pub files: Vec<String>,
    /// Lines that could be deleted in files that stay.
    pub lines: Vec<FileLines>,
    /// Conditions with one outcome left.
    pub constant: Vec<PlaceEntry>,
    /// Places that only change.
    pub changed: Vec<PlaceEntry>,
    /// Functions that go, in files that stay.
    pub functions: Vec<PlaceEntry>,
    /// Entries of tables and settings that name it.
    pub entries: Vec<PlaceEntry>,
    /// Packages of others that nobody would use any more.
    pub packages: Vec<String>,
    /// What stays, because it is shared.
    pub shared: Vec<PlaceEntry>,
}

/// Lines of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FileLines {
    /// The file.
    pub path: String,
    /// Ranges, in order.
    pub lines: Vec<Lines>,
}

/// A place and what is there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceEntry {
    /// The file or folder.
    pub path: String,
    /// Line.
    pub line: u32,
    /// What is there.
    pub text: String,
}

impl WithoutReport {
    /// The stable form.
    pub fn new(subject: &analysis::Subject, always: bool, found: &analysis::Without) -> Self {
        let places = |list: &[(RepoPath, u32, String)]| {
            list.iter()
                .map(|(path, line, text)| PlaceEntry {
                    path: path.to_string(),
                    line: line + 1,
                    text: text.clone(),
                })
                .collect()
        };
        Self {
            dimension: subject.dimension.clone(),
            subject: subject.name.clone(),
            always,
            nloc: found.nloc,
            files: found.files.iter().map(ToString::to_string).collect(),
            lines: found
                .lines
                .iter()
                .map(|(path, lines)| FileLines {
                    path: path.to_string(),
                    lines: lines
                        .iter()
                        .map(|(first, last)| Lines {
                            start_line: first + 1,
                            end_line: last + 1,
                        })
                        .collect(),
                })
                .collect(),
            constant: places(&found.constant),
            changed: places(&found.changed),
            functions: places(&found.functions),
            entries: places(&found.entries),
            packages: found.packages.clone(),
            shared: places(&found.shared),
        }
    }
}

/// For programs.
pub fn write_without_json(report: &WithoutReport, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}

/// For people; `all` shows lists whole.
pub fn write_without(
    report: &WithoutReport,
    style: &Style,
    all: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = safe(&report.subject);
    let case = match (report.dimension.as_str(), report.always) {
        ("flag", true) => format!("If the flag {name} stays on for good"),
        ("flag", false) => format!("If the flag {name} stays off for good"),
        (_, false) => format!("Without {name}"),
        (_, true) => format!("If all were {name}"),
    };
    let kept: u32 = report
        .lines
        .iter()
        .flat_map(|file| &file.lines)
        .map(|lines| lines.end_line - lines.start_line + 1)
        .sum();
    let first = format!(
        "{case}, {} of code could be deleted: {} as a whole, and {} in {} that stay.",
        count(report.nloc.into(), "line", "lines"),
        count(report.files.len() as u64, "file", "files"),
        count(kept.into(), "line", "lines"),
        count(report.lines.len() as u64, "file", "files"),
    );
    for line in wrap(&first, style.width) {
        writeln!(out, "{line}")?;
    }
    let limit = if all { usize::MAX } else { SHOWN };
    list(
        out,
        style,
        "Files that go",
        limit,
        report.files.iter().map(|it| safe(it).into_owned()),
    )?;
    let ranges = report.lines.iter().map(|file| {
        let ranges: Vec<String> = file.lines.iter().copied().map(range).collect();
        format!("{}:{}", safe(&file.path), ranges.join(","))
    });
    list(out, style, "Lines that go", limit, ranges)?;
    let sections = [
        ("Conditions with one outcome left", &report.constant),
        ("Functions that go", &report.functions),
        ("Entries that name it", &report.entries),
        ("Places that only change", &report.changed),
        ("Stays, because it is shared", &report.shared),
    ];
    for (title, places) in sections {
        let lines = places
            .iter()
            .map(|it| format!("{}:{}  {}", safe(&it.path), it.line, safe(&it.text)));
        list(out, style, title, limit, lines)?;
    }
    let packages = report.packages.iter().map(|it| safe(it).into_owned());
    list(out, style, "Packages nobody would use", limit, packages)?;
    writeln!(out)?;
    let note = "No file was changed. Tests, and what reads names at run time, are not looked at.";
    writeln!(out, "{}", style.paint(Tone::Faint, note.to_owned()))
}

fn range(lines: Lines) -> String {
    if lines.start_line == lines.end_line {
        lines.start_line.to_string()
    } else {
        format!("{}-{}", lines.start_line, lines.end_line)
    }
}

fn list(
    out: &mut dyn Write,
    style: &Style,
    title: &str,
    limit: usize,
    lines: impl ExactSizeIterator<Item = String>,
) -> io::Result<()> {
    let len = lines.len();
    if len == 0 {
        return Ok(());
    }
    let title = format!("{title} ({})", number(len as u64));
    writeln!(out, "\n{}", style.paint(Tone::Heading, title))?;
    for line in lines.take(limit) {
        writeln!(out, "  {line}")?;
    }
    if len > limit {
        let more = format!(
            "  … and {} more; -v shows all",
            number((len - limit) as u64)
        );
        writeln!(out, "{}", style.paint(Tone::Faint, more))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_safely_and_lines_from_one() {
        let subject = analysis::Subject {
            dimension: "customer".to_owned(),
            name: "ac\u{1b}me".to_owned(),
            ..analysis::Subject::default()
        };
        let found = analysis::Without {
            files: vec![RepoPath::new("custom/acme/a.ts")],
            lines: vec![(RepoPath::new("src/b.ts"), vec![(0, 2), (8, 8)])],
            nloc: 14,
            ..analysis::Without::default()
        };
        let report = WithoutReport::new(&subject, false, &found);
        let mut out = Vec::new();
        write_without(&report, &Style::default(), false, &mut out).unwrap();
        let page = String::from_utf8(out).unwrap();
        assert!(!page.contains('\u{1b}'), "{page}");
        assert!(
            page.contains("14 lines of code could be deleted: 1 file as a whole, and 4"),
            "{page}"
        );
        assert!(page.contains("src/b.ts:1-3,9"), "{page}");
    }
}
