//! An analysis to bytes: the only crate that knows how a result looks.
//!
//! [`Report::new`] turns an analysis into the stable form that every format shows, and [`FORMATS`] is the table of
//! formats. Nothing is decided here, only shown; what a report holds is in it whatever the format. Lines count from 1
//! here and nowhere else. Left out on purpose: files, terminals, time; a caller says how wide and whether in colour.

mod alerts;
mod calibrate;
mod check;
mod debt;
mod diff;
mod explain;
mod explain_debt;
mod extras;
mod figures;
mod graph;
mod hotspots;
mod ledger;
mod owners;
mod past;
mod quote;
mod report;
#[cfg(test)]
mod sample;
mod structure;
mod table;
mod text;
mod trend;
mod validate;
mod without;

use std::io::{self, Write};

pub use calibrate::{write_calibration, write_calibration_json, write_calibration_page};
pub use check::{
    AllowedEntry, Before, CheckEntry, KnownEntry, VerdictEntry, read_baseline, write_baseline,
    write_check,
};
pub use debt::{
    DebtEntry, EstimateEntry, FileDebtEntry, FlowEntry, HarmEntry, ItemEntry, MoneyEntry,
    RatingEntry, ReadingEntry, SpanEntry, SubjectDebtEntry,
};
pub use diff::{
    AbsorbedPoint, ChangedPoint, DIFF_SCHEMA_VERSION, DiffReport, DiffTotals, MovedPoint,
    OwnerDiff, SubjectDiff, write_diff, write_diff_json, write_diff_markdown,
};
pub use explain::{
    Explained, NotFound, explain, explain_metric, explain_rule, find, find_metric, find_rule,
};
pub use explain_debt::{DebtOf, explain_debt};
pub use extras::{Extras, Sums};
pub use graph::{GraphFormat, write_graph};
pub use hotspots::{
    AdviceEntry, FunctionHotspot, HotspotOrder, HotspotQuery, Hotspots, explain_advice, find_advice,
};
pub use ledger::{
    COLUMNS as LEDGER_COLUMNS, Cell, Code, LEDGER_SCHEMA_VERSION, Ledger, LedgerColumn, LedgerKind,
    LedgerQuery, ledger_column, ledger_columns,
};
pub use owners::OwnerEntry;
pub use past::{
    ChurningEntry, CouplingEntry, EffortEntry, FilePastEntry, MarkEntry, MonthEntry, PastEntry,
    PointPastEntry, SubjectPastEntry, WholePast,
};
pub use quote::{PrecedentEntry, QuoteReport, RangeEntry, write_quote, write_quote_json};
pub use report::{
    BlindSpots, Evidence, FileEntry, FunctionEntry, Hotspot, HotspotFunction, HotspotPart,
    IssueEntry, LeftOut, Lines, Quantiles, Report, SCHEMA_VERSION, Subject, Tool, Totals,
    VariationPoint, schema,
};
pub use structure::{
    ClusterEntry, ComponentEntry, CrossingEntry, CycleEntry, DependencyEntry, FileDependencies,
    FindingEntry, StructureEntry, UnresolvedEntry, Use,
};
pub use table::{Align, Column, Table};
pub use text::{Style, nearest, safe};
pub use trend::{CSV_HEADER, TREND_SCHEMA_VERSION, TrendPage, write_csv_row, write_row};
pub use validate::{VALIDATE_SCHEMA_VERSION, write_backtest, write_backtest_json};
pub use without::{FileLines, PlaceEntry, WithoutReport, write_without, write_without_json};

/// A form that a report can be written in.
#[derive(Debug)]
pub struct Format {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// Extension of files that hold it, without the dot.
    pub extension: &'static str,
    /// What it is for, in a few words.
    pub summary: &'static str,
    /// Writes a report.
    pub write: fn(&Report, &Style, &mut dyn Write) -> io::Result<()>,
}

macro_rules! formats {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+
        /// Every format, in name order.
        pub static FORMATS: &[&Format] = &[$(&$module::FORMAT),+];
    };
}
formats! {
    csv, github, gitlab, html, json, junit, markdown, ndjson, openmetrics, rdjson, sarif, terminal,
}

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name).copied()
}

/// The format of files with that extension.
pub fn format_for_extension(extension: &str) -> Option<&'static Format> {
    FORMATS
        .iter()
        .find(|format| format.extension.eq_ignore_ascii_case(extension))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_in_order_and_found() {
        let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(names, sorted);
        for known in FORMATS {
            assert!(format(known.name).is_some_and(|found| std::ptr::eq(found, *known)));
            assert!(
                format_for_extension(known.extension)
                    .is_some_and(|found| std::ptr::eq(found, *known))
            );
        }
        assert!(format("nonesuch").is_none());
    }

    #[test]
    fn every_format_shows_what_was_found() {
        let report = sample::report();
        for format in FORMATS {
            let mut out = Vec::new();
            (format.write)(&report, &Style::default(), &mut out).unwrap();
            let page = String::from_utf8(out).unwrap();
            // Others show single places, or sums.
            let whole = ["html", "json", "markdown", "ndjson", "terminal"].contains(&format.name);
            let rest = ["new-checkout", "org.plan", "total", "syntax", "tests"];
            let places = ["acme", "src/billing/invoice.ts"];
            let sums = ["acme", "new-checkout"];
            let words = match format.name {
                "openmetrics" => sums.to_vec(),
                _ if whole => [&places[..], &rest].concat(),
                _ => places.to_vec(),
            };
            for word in words {
                assert!(page.contains(word), "{} lacks {word}:\n{page}", format.name);
            }
            assert!(
                !page.contains('\u{1b}'),
                "{} lets control characters through",
                format.name
            );
        }
    }

    #[test]
    fn long_and_hostile_names_are_safe_everywhere() {
        let mut report = sample::report();
        let hostile = format!(
            "src/\u{202e}\u{1b}[31m\n::error::x,{}b.ts",
            "a/".repeat(2_040)
        );
        for path in [
            &mut report.files[0].path,
            &mut report.variation_points[0].path,
            &mut report.hotspots[0].path,
            &mut report.functions[0].path,
            &mut report.issues[0].path,
            &mut report.subjects[0].name,
        ] {
            path.clone_from(&hostile);
        }
        for format in FORMATS {
            let mut out = Vec::new();
            (format.write)(&report, &Style::default(), &mut out).unwrap();
            let page = String::from_utf8(out).unwrap();
            assert!(!page.contains('\u{1b}'), "{}", format.name);
            let is_data = ["gitlab", "json", "ndjson", "rdjson", "sarif"].contains(&format.name);
            assert!(is_data || !page.contains('\u{202e}'), "{}", format.name);
            // No name begins a line of its own, which could be a command.
            assert!(!page.contains("\n::error::x"), "{}", format.name);
        }
    }

    #[test]
    fn formats_pass_on_write_errors() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for format in FORMATS {
            let error =
                (format.write)(&sample::report(), &Style::default(), &mut Closed).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::BrokenPipe, "{}", format.name);
        }
    }
}
