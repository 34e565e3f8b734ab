//! Why something was found, and all that is known of a name.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use bespoke_analysis::{ADVICE, METRICS, Metric, RULES, Rule};

use crate::{
    Evidence, Lines, Report, Style, Subject, VariationPoint,
    text::{Tone, count, fit, fold, nearest, number, safe, wrap},
};

/// What a target means in a report.
#[derive(Debug, PartialEq)]
pub enum Explained<'a> {
    /// A line, and the points that touch it with their condition or what they guard.
    Line {
        /// The file.
        path: &'a str,
        /// The line, from 1.
        line: u32,
        /// The points, by line.
        points: Vec<&'a VariationPoint>,
    },
    /// A file or folder, and the points in it.
    Path {
        /// The file or folder.
        path: String,
        /// The points, by path and line.
        points: Vec<&'a VariationPoint>,
    },
    /// All subjects of that name; more than one if several dimensions have it.
    Subjects(Vec<&'a Subject>),
    /// A rule, and the points whose evidence has it.
    Rule {
        /// Its id.
        rule: &'a str,
        /// The points, by path and line.
        points: Vec<&'a VariationPoint>,
    },
}

/// A target that means nothing in a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotFound {
    /// What comes near it, nearest first.
    pub nearest: Vec<String>,
}

/// The metric of that id or title.
pub fn find_metric(target: &str) -> Option<&'static Metric> {
    let wanted = fold(target.strip_prefix("metric:").unwrap_or(target));
    METRICS
        .iter()
        .find(|it| fold(it.id) == wanted || fold(it.title) == wanted)
        .copied()
}

/// What `target` means: `path:line`, a path, or a name, which `dimension:` may go before.
pub fn find<'a>(report: &'a Report, target: &str) -> Result<Explained<'a>, NotFound> {
    if let Some((path, line)) = path_and_line(target)
        && let Some(path) = known_path(report, path)
    {
        let touches = |point: &&VariationPoint| point.path == path && touches(point, line);
        let points = report.variation_points.iter().filter(touches).collect();
        return Ok(Explained::Line { path, line, points });
    }
    let subjects = subjects(report, target);
    if !subjects.is_empty() {
        return Ok(Explained::Subjects(subjects));
    }
    let path = path_and_line(target).map_or(target, |(path, _)| path);
    if let Some(path) = known_path(report, path)
        .map(str::to_owned)
        .or_else(|| known_folder(report, path))
    {
        let inside = |point: &&VariationPoint| is_within(&point.path, &path);
        let points = report.variation_points.iter().filter(inside).collect();
        return Ok(Explained::Path { path, points });
    }
    if let Some(rule) = rules(report).find(|rule| *rule == target) {
        let has_rule =
            |point: &&VariationPoint| point.evidence.iter().any(|step| step.rule == rule);
        let points = report.variation_points.iter().filter(has_rule).collect();
        return Ok(Explained::Rule { rule, points });
    }
    Err(NotFound {
        nearest: near(report, target),
    })
}

/// Writes what is known of a target.
pub fn explain(
    report: &Report,
    what: &Explained<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page { report, style, out };
    match what {
        Explained::Line { path, line, points } => page.place(path, *line, points),
        Explained::Path { path, points } => page.path(path, points),
        Explained::Subjects(subjects) => page.subjects(subjects),
        Explained::Rule { rule, points } => page.rule(rule, points),
    }
}

/// Writes what a metric means.
pub fn explain_metric(metric: &Metric, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{} ({})", metric.title, metric.id);
    writeln!(out, "{}", style.paint(Tone::Heading, title))?;
    writeln!(out, "In {}, of a {}.", metric.unit, metric.scope.id())?;
    paragraphs(metric.doc, style, out)
}

/// The rule of that id.
pub fn find_rule(target: &str) -> Option<&'static Rule> {
    let wanted = fold(target.strip_prefix("rule:").unwrap_or(target));
    RULES.iter().find(|it| fold(it.id) == wanted).copied()
}

/// What a rule says, why it matters and what to do.
pub fn explain_rule(rule: &Rule, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{} ({})", rule.title, rule.id);
    writeln!(out, "{}", style.paint(Tone::Heading, title))?;
    writeln!(out, "A {}.", rule.level.id())?;
    paragraphs(rule.doc, style, out)
}

pub(crate) fn paragraphs(doc: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for paragraph in doc.trim().split("\n\n") {
        writeln!(out)?;
        let is_block = paragraph.lines().any(|line| {
            line.starts_with([' ', '|', '`', '-', '*', '#']) && !line.starts_with("**")
        });
        if is_block {
            writeln!(out, "{paragraph}")?;
        } else {
            for line in wrap(&paragraph.replace("**", ""), style.width) {
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(())
}

struct Page<'a> {
    report: &'a Report,
    style: &'a Style,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn place(&mut self, path: &str, line: u32, points: &[&VariationPoint]) -> io::Result<()> {
        for (nth, point) in points.iter().enumerate() {
            if nth > 0 {
                writeln!(self.out)?;
            }
            self.point(point)?;
        }
        if points.is_empty() {
            self.say(
                Tone::Plain,
                &format!("No variation point touches {}:{line}.", safe(path)),
            )?;
            let mut near: Vec<&VariationPoint> = self
                .report
                .variation_points
                .iter()
                .filter(|point| point.path == path)
                .collect();
            near.sort_by_key(|point| (point.line.abs_diff(line), point.line));
            near.truncate(self.style.rows);
            if !near.is_empty() {
                self.say(Tone::Plain, "The nearest in this file:")?;
                self.list(&near)?;
            }
        }
        Ok(())
    }

    fn point(&mut self, point: &VariationPoint) -> io::Result<()> {
        let place = format!(
            "{}:{}  {}",
            safe(&point.path),
            lines(point.line, point.end_line),
            safe(&point.kind)
        );
        self.say(Tone::Heading, &place)?;
        self.indented(Tone::Strong, &point.text)?;
        let names: Vec<_> = point.subjects.iter().map(|name| safe(name)).collect();
        self.field("subjects", &names.join(", "))?;
        if let Some(function) = &point.function {
            self.field("inside", &safe(function))?;
        }
        if !point.guarded.is_empty() {
            let ranges: Vec<String> = point
                .guarded
                .iter()
                .map(
                    |Lines {
                         start_line,
                         end_line,
                     }| lines(*start_line, *end_line),
                )
                .collect();
            let open = if point.open {
                ", and by leaving early what follows"
            } else {
                ""
            };
            self.field(
                "guards",
                &format!("{} {}{open}", line_word(&point.guarded), ranges.join(", ")),
            )?;
        }
        if point.nesting > 0 {
            self.field(
                "nested",
                &format!(
                    "in {}",
                    count(point.nesting.into(), "other point", "other points")
                ),
            )?;
        }
        let counted = if self.report.counts(point) {
            String::new()
        } else {
            format!(" (under {}: not counted)", self.report.min_confidence)
        };
        self.field("confidence", &format!("{}{counted}", point.confidence))?;
        self.evidence(&point.evidence)
    }

    fn path(&mut self, path: &str, points: &[&VariationPoint]) -> io::Result<()> {
        if points.is_empty() {
            return self.say(
                Tone::Plain,
                &format!("No variation point is in {}.", safe(path)),
            );
        }
        let points_here = count(points.len() as u64, "variation point", "variation points");
        self.say(Tone::Heading, &format!("{}: {points_here}", safe(path)))?;
        if let Some(file) = self.report.files.iter().find(|file| file.path == path) {
            let measures = format!(
                "{}, {}, cognitive complexity {}, {} guarded",
                safe(&file.language),
                count(file.nloc.into(), "line of code", "lines of code"),
                number(file.cognitive.into()),
                count(file.guarded_lines.into(), "line", "lines"),
            );
            self.indented(Tone::Plain, &measures)?;
        }
        self.grouped(points)
    }

    fn subjects(&mut self, subjects: &[&Subject]) -> io::Result<()> {
        for (nth, subject) in subjects.iter().enumerate() {
            if nth > 0 {
                writeln!(self.out)?;
            }
            self.subject(subject)?;
        }
        Ok(())
    }

    fn subject(&mut self, subject: &Subject) -> io::Result<()> {
        self.say(
            Tone::Heading,
            &format!("{} ({})", safe(&subject.name), safe(&subject.dimension)),
        )?;
        if !subject.aliases.is_empty() {
            let aliases: Vec<_> = subject.aliases.iter().map(|name| safe(name)).collect();
            self.field("also", &aliases.join(", "))?;
        }
        let told = [
            ("owner", &subject.owner),
            ("ends", &subject.ends),
            ("kind", &subject.flag_kind),
        ];
        for (name, value) in told {
            if let Some(value) = value {
                self.field(name, &safe(value))?;
            }
        }
        self.field(
            "known",
            &format!(
                "{}, confidence {}",
                safe(&subject.origin),
                subject.confidence
            ),
        )?;
        let found = format!(
            "{} in {} and {}; {}; {}",
            count(
                subject.scattering.into(),
                "branch or check",
                "branches and checks"
            ),
            count(subject.files.into(), "file", "files"),
            count(subject.components.into(), "component", "components"),
            count(subject.units.into(), "unit", "units"),
            count(subject.data.into(), "literal", "literals"),
        );
        self.field("found", &found)?;
        let guards = format!(
            "{}, {} of them its alone",
            count(subject.guarded_lines.into(), "line", "lines"),
            number(subject.exclusive_lines.into()),
        );
        self.field("guards", &guards)?;
        let mut meets = format!(
            "up to {} in one condition",
            count(subject.tangling.into(), "subject", "subjects")
        );
        if subject.nesting > 0 {
            let others = count(subject.nesting.into(), "other point", "other points");
            meets = format!("{meets}; nested in up to {others}");
        }
        self.field("tangled", &meets)?;
        self.evidence(&subject.evidence)?;
        let of_subject = |point: &&VariationPoint| {
            point.dimension == subject.dimension && point.subjects.contains(&subject.name)
        };
        let points: Vec<&VariationPoint> = self
            .report
            .variation_points
            .iter()
            .filter(of_subject)
            .collect();
        self.grouped(&points)
    }

    fn rule(&mut self, rule: &str, points: &[&VariationPoint]) -> io::Result<()> {
        let rests = count(
            points.len() as u64,
            "variation point rests",
            "variation points rest",
        );
        self.say(
            Tone::Heading,
            &format!("{}: {rests} on this rule", safe(rule)),
        )?;
        self.grouped(points)
    }

    fn evidence(&mut self, steps: &[Evidence]) -> io::Result<()> {
        if steps.is_empty() {
            return Ok(());
        }
        self.indented(Tone::Plain, "because")?;
        for (nth, step) in steps.iter().enumerate() {
            let place = match (&step.path, step.line) {
                (Some(path), Some(line)) => format!(" at {}:{line}", safe(path)),
                (Some(path), None) => format!(" at {}", safe(path)),
                _ => String::new(),
            };
            let text = format!(
                "{}. {}{place} [{}]",
                nth + 1,
                safe(&step.text),
                safe(&step.rule)
            );
            for (at, line) in wrap(&text, self.style.width.saturating_sub(7))
                .into_iter()
                .enumerate()
            {
                writeln!(
                    self.out,
                    "{}{line}",
                    if at == 0 { "    " } else { "       " }
                )?;
            }
        }
        Ok(())
    }

    /// Points by kind, then file.
    fn grouped(&mut self, points: &[&VariationPoint]) -> io::Result<()> {
        let mut kinds: BTreeMap<&str, BTreeMap<&str, Vec<&VariationPoint>>> = BTreeMap::new();
        for point in points {
            kinds
                .entry(&point.kind)
                .or_default()
                .entry(&point.path)
                .or_default()
                .push(point);
        }
        for (kind, files) in kinds {
            let of_kind: usize = files.values().map(Vec::len).sum();
            writeln!(self.out)?;
            self.say(
                Tone::Strong,
                &format!("{}: {}", safe(kind), number(of_kind as u64)),
            )?;
            for (path, points) in files {
                self.indented(Tone::Plain, path)?;
                for point in points {
                    self.row(&lines(point.line, point.end_line), point)?;
                }
            }
        }
        Ok(())
    }

    fn list(&mut self, points: &[&VariationPoint]) -> io::Result<()> {
        points.iter().try_for_each(|point| {
            let place = format!(
                "{}  {}",
                lines(point.line, point.end_line),
                safe(&point.kind)
            );
            self.row(&place, point)
        })
    }

    fn row(&mut self, place: &str, point: &VariationPoint) -> io::Result<()> {
        let counted = self.report.counts(point);
        let held_back = if counted { "" } else { "  (not counted)" };
        let text = format!("    {place:>7}  {}{held_back}", safe(&point.text));
        self.say(if counted { Tone::Plain } else { Tone::Faint }, &text)
    }

    fn field(&mut self, name: &str, value: &str) -> io::Result<()> {
        let room = self.style.width.saturating_sub(14);
        for (nth, line) in wrap(value, room).into_iter().enumerate() {
            writeln!(
                self.out,
                "  {:<10}  {line}",
                if nth == 0 { name } else { "" }
            )?;
        }
        Ok(())
    }

    fn indented(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        self.say(tone, &format!("  {}", safe(text)))
    }

    fn say(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        writeln!(
            self.out,
            "{}",
            self.style.paint(tone, fit(text, self.style.width))
        )
    }
}

/// `src/a.ts:12`, or with a column behind it.
fn path_and_line(target: &str) -> Option<(&str, u32)> {
    let (path, last) = target.rsplit_once(':')?;
    let last: u32 = last.parse().ok()?;
    match path.rsplit_once(':') {
        Some((path, line)) if line.parse::<u32>().is_ok() => Some((path, line.parse().ok()?)),
        _ => Some((path, last)),
    }
}

/// The path of the report that is meant: itself, or the one whose end or beginning differs only by leading folders.
fn known_path<'a>(report: &'a Report, wanted: &str) -> Option<&'a str> {
    let wanted = tidy(wanted);
    if wanted.is_empty() {
        return None;
    }
    let files = report.files.iter().map(|file| file.path.as_str());
    let points = report
        .variation_points
        .iter()
        .map(|point| point.path.as_str());
    let known: std::collections::BTreeSet<&str> = files.chain(points).collect();
    if let Some(path) = known.get(wanted.as_str()) {
        return Some(path);
    }
    let mut ends = known
        .iter()
        .filter(|path| ends_with(path, &wanted) || ends_with(&wanted, path));
    match (ends.next(), ends.next()) {
        (Some(path), None) => Some(path),
        _ => None,
    }
}

fn known_folder(report: &Report, wanted: &str) -> Option<String> {
    let wanted = tidy(wanted);
    let wanted = wanted.trim_end_matches('/');
    let known = !wanted.is_empty()
        && report
            .files
            .iter()
            .any(|file| is_within(&file.path, wanted));
    known.then(|| wanted.to_owned())
}

fn tidy(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}

fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end)
        .is_some_and(|before| before.ends_with('/'))
}

fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn touches(point: &VariationPoint, line: u32) -> bool {
    (point.line..=point.end_line).contains(&line)
        || point
            .guarded
            .iter()
            .any(|lines| (lines.start_line..=lines.end_line).contains(&line))
}

fn subjects<'a>(report: &'a Report, target: &str) -> Vec<&'a Subject> {
    let exact: Vec<&Subject> = report
        .subjects
        .iter()
        .filter(|it| it.name == target)
        .collect();
    if !exact.is_empty() {
        return exact;
    }
    let named = |dimension: Option<&str>, name: &str| -> Vec<&'a Subject> {
        let name = fold(name);
        let is_named = |it: &&Subject| {
            dimension.is_none_or(|dimension| it.dimension == dimension)
                && !name.is_empty()
                && (fold(&it.name) == name || it.aliases.iter().any(|alias| fold(alias) == name))
        };
        report.subjects.iter().filter(is_named).collect()
    };
    let found = named(None, target);
    match target.split_once(':') {
        Some((dimension, name)) if found.is_empty() => named(Some(dimension), name),
        _ => found,
    }
}

/// Rules that led to a point, some more than once.
fn rules(report: &Report) -> impl Iterator<Item = &str> {
    let steps = report
        .variation_points
        .iter()
        .flat_map(|point| &point.evidence);
    steps.map(|step| step.rule.as_str())
}

fn near(report: &Report, target: &str) -> Vec<String> {
    let names = report
        .subjects
        .iter()
        .flat_map(|it| it.aliases.iter().chain([&it.name]));
    let table = METRICS
        .iter()
        .map(|metric| metric.id)
        .chain(RULES.iter().map(|rule| rule.id))
        .chain(ADVICE.iter().map(|advice| advice.id));
    let ids = table.chain(rules(report));
    let mut found: Vec<String> = nearest(target, names.map(String::as_str).chain(ids))
        .into_iter()
        .map(str::to_owned)
        .collect();
    let path = path_and_line(target).map_or(target, |(path, _)| path);
    let file_name = path.rsplit('/').next().unwrap_or(path);
    let same_name = |path: &&str| path.rsplit('/').next() == Some(file_name);
    found.extend(
        report
            .files
            .iter()
            .map(|file| file.path.as_str())
            .filter(same_name)
            .map(str::to_owned),
    );
    if found.is_empty() && path.contains(['/', '.']) {
        found.extend(
            nearest(path, report.files.iter().map(|file| file.path.as_str()))
                .into_iter()
                .map(str::to_owned),
        );
    }
    found.truncate(3);
    found
}

fn lines(first: u32, last: u32) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first}-{last}")
    }
}

fn line_word(ranges: &[Lines]) -> &'static str {
    match ranges {
        [only] if only.start_line == only.end_line => "line",
        _ => "lines",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn page(target: &str) -> String {
        let report = sample::report();
        let found = find(&report, target).unwrap();
        let mut out = Vec::new();
        explain(
            &report,
            &found,
            &Style {
                width: 100,
                ..Style::default()
            },
            &mut out,
        )
        .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_is_explained_step_by_step() {
        assert_eq!(
            page("src/billing/invoice.ts:12"),
            "\
src/billing/invoice.ts:12  customer_branch
  [ACME, GLOBEX].includes(org.slug)
  subjects    acme, globex
  inside      total
  guards      lines 13-15
  confidence  0.95
  because
    1. `org.slug` is compared with ACME at src/billing/invoice.ts:12 [equality]
    2. ACME is \"acme\" at src/customers.ts:4 [constant]
"
        );
    }

    #[test]
    fn a_guarded_line_is_explained_by_all_that_guard_it() {
        let page = page("./invoice.ts:15:3");
        assert!(
            page.contains("customer_branch") && page.contains("flag_check"),
            "{page}"
        );
        assert!(page.contains("nested      in 1 other point"), "{page}");
        assert!(page.contains("and by leaving early what follows"), "{page}");
    }

    #[test]
    fn a_line_without_a_point_shows_the_nearest() {
        let page = page("src/billing/invoice.ts:28");
        assert!(
            page.starts_with("No variation point touches src/billing/invoice.ts:28.\n"),
            "{page}"
        );
        let nearest = page.lines().nth(2).unwrap();
        assert!(nearest.contains("31  tenant_branch  org.plan"), "{page}");
    }

    #[test]
    fn a_point_that_does_not_count_says_so() {
        assert!(page("src/billing/invoice.ts:51").contains("0.3 (under 0.5: not counted)"));
    }

    #[test]
    fn a_name_is_found_by_any_spelling() {
        for target in ["acme", "AcMe", "acme-corp", "customer:acme"] {
            let page = page(target);
            for line in [
                "acme (customer)",
                "also        ACME_CORP",
                "owner       jo",
                "ends        2031-01-31",
                "known       told, confidence 0.9",
                "1. listed in the configuration [told]",
                "customer_branch: 1",
                "     12  [ACME, GLOBEX].includes(org.slug)",
                "customer_data: 1",
                "(not counted)",
            ] {
                assert!(page.contains(line), "{target}: lacks {line:?}:\n{page}");
            }
        }
        let report = sample::report();
        assert!(find(&report, "flag:acme").is_err());
    }

    #[test]
    fn a_file_or_folder_lists_its_points() {
        assert!(
            page("src/billing/invoice.ts")
                .starts_with("src/billing/invoice.ts: 4 variation points\n")
        );
        assert!(page("src/billing/").starts_with("src/billing: 4 variation points\n"));
        assert!(page("src/customers/globex").contains("customer_unit: 1"));
    }

    #[test]
    fn a_rule_lists_what_rests_on_it() {
        let page = page("equality");
        assert!(
            page.starts_with("equality: 1 variation point rests on this rule\n"),
            "{page}"
        );
        assert!(page.contains("customer_branch: 1"), "{page}");
    }

    #[test]
    fn an_unknown_name_finds_its_neighbours() {
        let report = sample::report();
        let near = |target: &str| find(&report, target).unwrap_err().nearest;
        assert_eq!(near("acmee"), ["acme"]);
        assert_eq!(near("new-chekout"), ["new-checkout"]);
        assert_eq!(near("lib/checkout.tsx:3"), ["src/checkout.tsx"]);
        assert!(near("zzzzzz").is_empty());
        assert!(near("").is_empty());
    }

    #[test]
    fn metrics_are_found_and_told() {
        for metric in METRICS {
            let found = find_metric(metric.id).unwrap();
            assert_eq!(found.id, metric.id);
            let mut out = Vec::new();
            explain_metric(found, &Style::default(), &mut out).unwrap();
            let page = String::from_utf8(out).unwrap();
            assert!(
                page.starts_with(&format!("{} ({})\n", metric.title, metric.id)),
                "{page}"
            );
        }
        assert!(find_metric("nonesuch").is_none());
    }
}
