//! The report as JSON: one record a line, so that two reports can be compared with `diff`.

use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::ser::{Formatter, Serializer};

use crate::{Format, Report, Style};

pub(crate) static FORMAT: Format = Format {
    name: "json",
    extension: "json",
    summary: "everything, for programs; `bespoke schema report` describes it",
    write,
};

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Records::default());
    report.serialize(&mut serializer).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// Breaks lines between the members of the outermost object and between the items of its lists, and nowhere deeper.
#[derive(Default)]
struct Records {
    depth: usize,
    /// Whether anything has been written since the last opening bracket.
    filled: bool,
}

impl Records {
    const BROKEN: usize = 2;

    fn open<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        let broken = self.filled && self.depth <= Self::BROKEN;
        self.depth -= 1;
        self.filled = true;
        if broken {
            self.line(out)?;
        }
        out.write_all(bracket)
    }

    fn item<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.filled = true;
        if !first {
            out.write_all(b",")?;
        }
        if self.depth <= Self::BROKEN {
            return self.line(out);
        }
        if first { Ok(()) } else { out.write_all(b" ") }
    }

    fn line<W: ?Sized + Write>(&self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| out.write_all(b"  "))
    }
}

impl Formatter for Records {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn page(report: &Report) -> String {
        let mut out = Vec::new();
        write(report, &Style::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_written_reads_back() {
        let report = sample::report();
        let read: Report = serde_json::from_str(&page(&report)).unwrap();
        assert_eq!(read, report);
    }

    #[test]
    fn each_record_has_a_line() {
        let page = page(&sample::report());
        let point = page
            .lines()
            .find(|line| line.contains("\"customer_branch\"") && line.contains("\"path\""))
            .unwrap();
        assert!(
            point.starts_with("    {\"path\": \"src/billing/invoice.ts\", \"line\": 12, "),
            "{point}"
        );
        assert!(page.starts_with(&format!(
            "{{\n  \"schema_version\": \"{}\",\n",
            crate::SCHEMA_VERSION
        )));
        assert!(page.ends_with("\n}\n"));
    }

    #[test]
    fn an_empty_analysis_is_a_report_too() {
        let page = page(&sample::empty());
        assert!(page.contains("\"variation_points\": [],"), "{page}");
        assert!(serde_json::from_str::<Report>(&page).is_ok());
    }

    #[test]
    fn the_report_is_as_its_schema_says() {
        let schema = crate::schema();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for report in [sample::report(), sample::empty()] {
            let json: serde_json::Value = serde_json::from_str(&page(&report)).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&json)
                .map(|error| error.to_string())
                .collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
        let mut wrong: serde_json::Value = serde_json::from_str(&page(&sample::report())).unwrap();
        wrong["variation_points"][0]["line"] = "twelve".into();
        assert!(!validator.is_valid(&wrong), "the schema takes anything");
    }
}
