//! One page of HTML, for people: whole in itself, without a network, the same tables with and without scripts.
//!
//! The tables are plain HTML, so they print, and can be read by anything. Scripts add charts, search, order, and a page
//! for each file and subject out of [`data`], which stands in the page as JSON. Nothing runs but what [`policy`] names
//! by its hash: should text of a repository ever get out of its place, the browser still does not run it.

mod data;
mod page;

use std::io::{self, Write};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

use crate::{Format, Report, Style, safe};

pub(crate) static FORMAT: Format = Format {
    name: "html",
    extension: "html",
    summary: "one page with charts, tables and code, for people; needs no network",
    write,
};

/// A part of Apache `ECharts`, made by `cargo xtask assets`.
const CHARTS: &str = include_str!("../assets/charts.min.js");
const SCRIPT: &str = include_str!("../assets/page.js");
const STYLE: &str = include_str!("../assets/page.css");

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let name = match report.extras.name.as_str() {
        "" => "a tree",
        name => name,
    };
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"bespoke {}\">\n\
         <title>{}: customization</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n</head>\n",
        policy(),
        escape(&report.tool.version),
        escape(name),
    )?;
    page::write(report, name, out)?;
    write!(out, "<script type=\"application/json\" id=\"data\">")?;
    data::write(report, &mut Inert(out))?;
    writeln!(
        out,
        "</script>\n<script>{CHARTS}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>"
    )
}

/// What the page may do: run its two scripts, use its style, show pictures that it holds. Nothing else.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; script-src {} {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(CHARTS),
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// Text of somebody's repository as text of a page, in elements and in quoted attributes.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in safe(text).chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            char => out.push(char),
        }
    }
    out
}

/// JSON that cannot end the element that it stands in. `<` is in strings only, and there may be written as a number.
struct Inert<'a>(&'a mut dyn Write);

impl Write for Inert<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut parts = bytes.split(|byte| *byte == b'<');
        self.0.write_all(parts.next().unwrap_or_default())?;
        for part in parts {
            self.0.write_all(b"\\u003c")?;
            self.0.write_all(part)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
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
    fn nothing_gets_out_of_its_place() {
        let mut report = sample::report();
        let hostile =
            "</script><script>alert(1)</script><img src=x onerror='alert(2)'>\u{202e}\u{1b}[31m";
        hostile.clone_into(&mut report.extras.name);
        hostile.clone_into(&mut report.subjects[0].name);
        hostile.clone_into(&mut report.variation_points[0].text);
        hostile.clone_into(&mut report.files[0].path);
        let page = page(&report);
        assert_eq!(page.matches("<script").count(), 3, "its own");
        assert!(!page.contains("<img"));
        assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'));
        assert!(page.contains("\\u003c/script>"));
    }

    #[test]
    fn data_can_be_read_back() {
        let page = page(&sample::report());
        let (_, rest) = page.split_once("id=\"data\">").unwrap();
        let (json, _) = rest.split_once("</script>").unwrap();
        let data: serde_json::Value = serde_json::from_str(json).unwrap();
        assert!(data["points"].as_array().unwrap().len() > 3);
    }

    #[test]
    fn the_page_asks_for_nothing() {
        let page = page(&sample::report());
        for ask in ["src=\"http", "href=\"http", "@import", "url("] {
            let own = page.replace(CHARTS, "");
            assert!(!own.contains(ask), "{ask}");
        }
        assert!(
            CHARTS.len() < 900 << 10,
            "the charts weigh {} bytes",
            CHARTS.len()
        );
        assert!(!CHARTS.contains("</script"));
    }
}
