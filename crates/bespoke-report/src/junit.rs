//! `JUnit` XML: each rule is a test that fails where the rule has a warning.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use crate::{
    Format, Report, Style,
    alerts::{Alert, Severity, alerts, rules},
};

pub(crate) static FORMAT: Format = Format {
    name: "junit",
    extension: "xml",
    summary: "for test pages of CI servers: JUnit XML",
    write,
};

/// A page of tests is no place for thousands.
const MOST: usize = 200;

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let all = alerts(report);
    let mut by_rule: BTreeMap<&str, Vec<&Alert<'_>>> = BTreeMap::new();
    for it in all.iter().filter(|it| it.severity == Severity::Warning) {
        by_rule.entry(it.rule).or_default().push(it);
    }
    let rules = rules(report);
    let lost = report.issues.iter().filter(|it| it.skipped);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"bespoke\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        rules.len() + lost.clone().count(),
        by_rule.len(),
        lost.clone().count()
    )?;
    writeln!(
        out,
        "<testsuite name=\"rules\" tests=\"{}\" failures=\"{}\" errors=\"0\">",
        rules.len(),
        by_rule.len()
    )?;
    for rule in &rules {
        write!(
            out,
            "<testcase classname=\"bespoke\" name=\"{}\"",
            xml(&format!("{}: {}", rule.id, rule.title))
        )?;
        let Some(found) = by_rule.get(rule.id.as_str()) else {
            writeln!(out, "/>")?;
            continue;
        };
        writeln!(
            out,
            "><failure type=\"{}\" message=\"{} found\">",
            xml(&rule.id),
            found.len()
        )?;
        for it in found.iter().take(MOST) {
            writeln!(
                out,
                "{}",
                xml(&format!("{}:{}: {}", it.path, it.line, it.message))
            )?;
        }
        if found.len() > MOST {
            writeln!(out, "… and {} more", found.len() - MOST)?;
        }
        writeln!(out, "</failure></testcase>")?;
    }
    writeln!(out, "</testsuite>")?;
    if lost.clone().next().is_some() {
        let count = lost.clone().count();
        writeln!(
            out,
            "<testsuite name=\"files\" tests=\"{count}\" failures=\"0\" errors=\"{count}\">"
        )?;
        for it in lost {
            writeln!(
                out,
                "<testcase classname=\"bespoke\" name=\"{}\"><error type=\"{}\" message=\"{}\"/></testcase>",
                xml(&it.path),
                xml(&it.reason),
                xml(&it.message)
            )?;
        }
        writeln!(out, "</testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// Text that no XML reader stumbles over: escaped, and without the characters that XML 1.0 does not have.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            it if it.is_control() => out.push('\u{fffd}'),
            // Marks that turn the direction of what follows.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            it => out.push(it),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::xml;

    #[test]
    fn nothing_ends_an_attribute() {
        assert_eq!(
            xml("a<b>\"'&\u{1b}\n"),
            "a&lt;b&gt;&quot;&apos;&amp;\u{fffd}\u{fffd}"
        );
    }
}
