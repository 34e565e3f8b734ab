//! What a change is held against: budgets, what is known already, what comments allow.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use bespoke_analysis::{Budget, Fate, GateItem, GateVerdict, Known, compare, judge};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Column, FindingEntry, Report, Style, Table, VariationPoint, figures,
    text::{Tone, count, number, safe, wrap},
};

/// Rules about comments that allow something.
const UNUSED: &str = "allow-unused";
const EXPIRED: &str = "allow-expired";
const BROKEN: &str = "allow-broken";

/// A comment that allows what stands beside it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AllowedEntry {
    /// Its file.
    pub path: String,
    /// Its line.
    pub line: u32,
    /// The line that it is about.
    pub about: u32,
    /// Kinds and rules that it allows there.
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Why it allows nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// How many points and findings it allows.
    pub used: u32,
}

/// What a change was held against, and how it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckEntry {
    /// Every line of every budget is kept.
    pub passes: bool,
    /// What was before: a commit, or a baseline file; nothing where all is taken as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Points of any kind, and findings, that are new and not allowed.
    pub new: u32,
    /// Points and findings that comments allow.
    pub allowed: u32,
    /// Line by line of the budgets.
    pub verdicts: Vec<VerdictEntry>,
}

/// One line of a budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerdictEntry {
    /// The budget's name.
    pub budget: String,
    /// `max`, `max_new`, `max_minutes` or `until`.
    pub line: String,
    /// How much there is.
    pub found: f64,
    /// How much there may be.
    pub limit: f64,
    /// It is kept.
    pub passes: bool,
    /// What was counted, if it is not kept: rule and place, the first hundred.
    pub places: Vec<String>,
}

/// A point or finding that is known already: a line of a baseline file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownEntry {
    /// Its file or folder.
    path: String,
    /// Kind of point, or rule.
    kind: String,
    /// Whom or what it is about.
    subjects: Vec<String>,
    /// The function it stands in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    function: String,
    /// The condition as normalised text, or what a rule says.
    text: String,
    /// Fingerprint.
    fingerprint: String,
}

/// Places of a verdict that are told.
const PLACES: usize = 100;

impl KnownEntry {
    fn of_point(point: &VariationPoint) -> Self {
        let mut subjects = point.subjects.clone();
        subjects.sort();
        Self {
            path: point.path.clone(),
            kind: point.kind.clone(),
            subjects,
            function: point.function.clone().unwrap_or_default(),
            text: point.text.clone(),
            fingerprint: point.fingerprint.clone(),
        }
    }

    fn of_finding(finding: &FindingEntry) -> Self {
        let mut subjects = finding.subjects.clone();
        subjects.sort();
        Self {
            path: finding.path.clone(),
            kind: finding.rule.clone(),
            subjects: subjects.clone(),
            function: String::new(),
            // Its sentence holds figures, which change without it.
            text: String::new(),
            fingerprint: crate::alerts::fingerprint(&[
                &finding.rule,
                &finding.path,
                &subjects.join("\n"),
            ]),
        }
    }

    /// All that a report counts, sorted: points, then findings, in two lists.
    fn all(report: &Report) -> (Vec<Self>, Vec<Self>) {
        let points = report
            .variation_points
            .iter()
            .filter(|it| report.counts(it));
        (
            points.map(Self::of_point).collect(),
            report.findings.iter().map(Self::of_finding).collect(),
        )
    }
}

/// Writes what a report holds as a baseline: a line for each point and finding, sorted, so that versions of it merge line by
/// line.
pub fn write_baseline(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let (points, findings) = KnownEntry::all(report);
    let mut all = [points, findings].concat();
    all.sort();
    all.dedup();
    for it in all {
        serde_json::to_writer(&mut *out, &it)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Reads a baseline; the error names its line, from 1, and what is wrong there.
pub fn read_baseline(text: &str) -> Result<Vec<KnownEntry>, (usize, String)> {
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            serde_json::from_str(line).map_err(|error| {
                let why = error.to_string();
                let marks = ["<<<<<<<", "=======", ">>>>>>>"];
                let is_conflict = marks.iter().any(|mark| line.starts_with(mark));
                (
                    at,
                    if is_conflict {
                        "a conflict of a merge is left in it".to_owned()
                    } else {
                        why
                    },
                )
            })
        })
        .collect()
}

/// What counts as known.
#[derive(Clone, Debug)]
pub struct Before {
    /// What it was read from.
    pub name: String,
    known: Vec<KnownEntry>,
}

impl Before {
    /// A baseline.
    pub fn baseline(name: &str, known: Vec<KnownEntry>) -> Self {
        Self {
            name: name.to_owned(),
            known,
        }
    }

    /// Another state.
    pub fn report(name: &str, report: &Report) -> Self {
        // What was there and did not count has not come now.
        let points = report.variation_points.iter().map(KnownEntry::of_point);
        Self {
            name: name.to_owned(),
            known: points
                .chain(report.findings.iter().map(KnownEntry::of_finding))
                .collect(),
        }
    }
}

impl Report {
    /// Joins what comments allow. `today` is `YYYY-MM-DD`; without it nothing has ended.
    pub fn allow(&mut self, allowed: Vec<AllowedEntry>, today: Option<&str>) {
        let mut by_place: BTreeMap<(String, u32), Vec<usize>> = BTreeMap::new();
        let mut comments = allowed;
        let ended = |it: &AllowedEntry| {
            let ends = it.until.as_deref().zip(today);
            ends.is_some_and(|(until, today)| until < today)
        };
        for (at, it) in comments.iter().enumerate() {
            if it.problem.is_none() && !ended(it) {
                by_place
                    .entry((it.path.clone(), it.about))
                    .or_default()
                    .push(at);
            }
        }
        let mut allow = |path: &str, rule: &str, lines: std::ops::RangeInclusive<u32>| {
            let first =
                by_place.range((path.to_owned(), *lines.start())..=(path.to_owned(), *lines.end()));
            let here = first.flat_map(|(_, at)| at);
            let found = here
                .copied()
                .find(|at| comments[*at].rules.iter().any(|it| it == rule))?;
            comments[found].used += 1;
            Some(comments[found].reason.clone())
        };
        for point in &mut self.variation_points {
            let dimension = &point.dimension;
            let lines = point.line..=point.end_line.max(point.line);
            point.allowed = allow(&point.path, &point.kind, lines.clone())
                .or_else(|| allow(&point.path, dimension, lines));
        }
        for finding in &mut self.findings {
            finding.allowed = allow(&finding.path, &finding.rule, finding.line..=finding.line);
        }
        for it in &comments {
            let (rule, message) = match &it.problem {
                Some(problem) => (BROKEN, format!("This comment allows nothing: {problem}")),
                None if ended(it) => (
                    EXPIRED,
                    format!(
                        "What this comment allows was allowed until {}",
                        it.until.as_deref().unwrap_or_default()
                    ),
                ),
                None if it.used == 0 => (
                    UNUSED,
                    format!(
                        "This comment allows {} on line {}, and nothing is there",
                        it.rules.join(", "),
                        it.about
                    ),
                ),
                None => continue,
            };
            self.findings.push(FindingEntry {
                rule: rule.to_owned(),
                level: "warning".to_owned(),
                path: it.path.clone(),
                line: it.line,
                message,
                subjects: Vec::new(),
                proof: Vec::new(),
                allowed: None,
            });
        }
        self.findings
            .sort_by(|a, b| (&a.path, a.line, &a.rule).cmp(&(&b.path, b.line, &b.rule)));
        self.allowed = comments;
    }

    /// Holds the report against budgets. What is in `before` is not new; without it, nothing is. Points and findings that
    /// are not new are taken out of the report, so that every form shows what the change brought; sums stay.
    pub fn check(&mut self, budgets: &[Budget], before: Option<&Before>, today: Option<&str>) {
        let (points, findings) = KnownEntry::all(self);
        let now = [points, findings].concat();
        let is_new = news(before, &now);
        let owners: BTreeMap<&str, &[String]> = self
            .files
            .iter()
            .map(|file| (file.path.as_str(), file.owners.as_slice()))
            .collect();
        let counted: Vec<&VariationPoint> = self
            .variation_points
            .iter()
            .filter(|it| self.counts(it))
            .collect();
        let allowed: Vec<bool> = counted
            .iter()
            .map(|it| it.allowed.is_some())
            .chain(self.findings.iter().map(|it| it.allowed.is_some()))
            .collect();
        let lines: Vec<u32> = counted
            .iter()
            .map(|it| it.line)
            .chain(self.findings.iter().map(|it| it.line))
            .collect();
        let here: Vec<usize> = (0..now.len()).filter(|at| !allowed[*at]).collect();
        let items: Vec<GateItem<'_>> = here
            .iter()
            .map(|at| GateItem {
                kind: &now[*at].kind,
                path: &now[*at].path,
                subjects: &now[*at].subjects,
                owners: owners
                    .get(now[*at].path.as_str())
                    .copied()
                    .unwrap_or_default(),
                is_new: is_new[*at],
            })
            .collect();
        let price = |of: Option<&str>| match of {
            None => self
                .debt
                .as_ref()
                .map_or(0.0, |it| it.principal.median_minutes),
            Some(name) => {
                let own = self.subjects.iter().filter(|it| it.name == name);
                own.filter_map(|it| Some(it.debt.as_ref()?.principal.median_minutes))
                    .sum()
            }
        };
        let place = |at: usize| {
            let at = here[at];
            format!("{} {}:{}", now[at].kind, now[at].path, lines[at])
        };
        let entry = |it: &GateVerdict| VerdictEntry {
            budget: budgets[it.budget].name.clone(),
            line: it.line.key().to_owned(),
            found: (it.found * 10.0).round() / 10.0,
            limit: it.limit,
            passes: it.passes(),
            places: if it.passes() {
                Vec::new()
            } else {
                it.items.iter().take(PLACES).map(|at| place(*at)).collect()
            },
        };
        let verdicts: Vec<VerdictEntry> = judge(budgets, &items, &price, today)
            .iter()
            .map(entry)
            .collect();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let check = CheckEntry {
            passes: verdicts.iter().all(|it| it.passes),
            base: before.map(|it| it.name.clone()),
            new: number(here.iter().filter(|at| is_new[**at]).count()),
            allowed: number(allowed.iter().filter(|it| **it).count()),
            verdicts,
        };
        let counts: Vec<bool> = self
            .variation_points
            .iter()
            .map(|it| self.counts(it))
            .collect();
        let mut new = is_new.into_iter();
        let mut counts = counts.into_iter();
        self.variation_points
            .retain(|_| counts.next().unwrap_or(false) && new.next().unwrap_or(false));
        self.findings.retain(|_| new.next().unwrap_or(false));
        self.check = Some(check);
    }
}

/// Which of what is there now is new. A point that asks for somebody else too is.
fn news(before: Option<&Before>, now: &[KnownEntry]) -> Vec<bool> {
    let Some(before) = before else {
        return vec![false; now.len()];
    };
    let (was, is) = (subjects_of(&before.known), subjects_of(now));
    let old = known(&before.known, &was);
    let new = known(now, &is);
    let mut is_new = vec![false; now.len()];
    for fate in compare(&old, &new) {
        match fate {
            Fate::Introduced(at) => is_new[at] = true,
            Fate::Changed(from, at) => {
                is_new[at] = is[at].iter().any(|it| !was[from].contains(it));
            }
            _ => {}
        }
    }
    is_new
}

fn subjects_of(all: &[KnownEntry]) -> Vec<Vec<&str>> {
    let subjects = all.iter().map(|it| &it.subjects);
    subjects
        .map(|it| it.iter().map(String::as_str).collect())
        .collect()
}

fn known<'a>(all: &'a [KnownEntry], subjects: &'a [Vec<&'a str>]) -> Vec<Known<'a>> {
    all.iter()
        .zip(subjects)
        .map(|(it, subjects)| Known {
            kind: &it.kind,
            subjects,
            text: &it.text,
            function: &it.function,
            path: &it.path,
            line: 0,
            fingerprint: &it.fingerprint,
        })
        .collect()
}

/// Writes how a change did, for a person.
pub fn write_check(
    report: &Report,
    explain: bool,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(check) = &report.check else {
        return Ok(());
    };
    let against = match &check.base {
        Some(base) => format!(" since {}", safe(base)),
        None => String::new(),
    };
    let allowed = match check.allowed {
        0 => String::new(),
        some => format!("; {} allowed by comments", number(some.into())),
    };
    let line = format!(
        "{} new{against}{allowed}.",
        count(check.new.into(), "point or finding", "points and findings")
    );
    for line in wrap(&line, style.width) {
        writeln!(out, "{line}")?;
    }
    if !report.variation_points.is_empty() || !report.findings.is_empty() {
        let mut table = Table::new(vec![
            Column::words("New"),
            Column::words("what"),
            Column::words("of"),
        ]);
        let points = report
            .variation_points
            .iter()
            .filter(|it| it.allowed.is_none());
        let rows = points
            .map(|it| (&it.path, it.line, &it.kind, &it.subjects))
            .chain(
                report
                    .findings
                    .iter()
                    .filter(|it| it.allowed.is_none())
                    .map(|it| (&it.path, it.line, &it.rule, &it.subjects)),
            );
        let rows: Vec<_> = rows.collect();
        for (path, line, kind, subjects) in rows.iter().take(style.rows) {
            table.row(vec![
                format!("{}:{line}", safe(path)),
                safe(kind).into_owned(),
                safe(&subjects.join(", ")).into_owned(),
            ]);
        }
        if !rows.is_empty() {
            writeln!(out)?;
            table.write(style, out)?;
        }
        if rows.len() > style.rows {
            let more = format!(
                "… and {} more; -v shows them",
                number((rows.len() - style.rows) as u64)
            );
            writeln!(out, "{}", style.paint(Tone::Faint, more))?;
        }
    }
    writeln!(out)?;
    for it in &check.verdicts {
        let (tone, word) = if it.passes {
            (Tone::Plain, "kept")
        } else {
            (Tone::Warning, "over")
        };
        let amount = |value: f64| match it.line.as_str() {
            "max_minutes" => figures::work(value),
            _ => format!("{value:.0}"),
        };
        let text = if it.line == "until" {
            format!("{word}: {}: it has ended", safe(&it.budget))
        } else {
            format!(
                "{word}: {}: {} of {} ({})",
                safe(&it.budget),
                amount(it.found),
                amount(it.limit),
                it.line
            )
        };
        for line in wrap(&text, style.width) {
            writeln!(out, "{}", style.paint(tone, line))?;
        }
    }
    if explain {
        for line in wrap(&why(check), style.width) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Which budgets fail, and how to go on.
fn why(check: &CheckEntry) -> String {
    let failing: Vec<String> = check
        .verdicts
        .iter()
        .filter(|it| !it.passes)
        .map(|it| format!("`{}` ({})", safe(&it.budget), it.line))
        .collect();
    if failing.is_empty() {
        return "exit 0: every budget is kept.".to_owned();
    }
    format!(
        "exit 1: over {}. To go on: take the places above out of the change; or allow one where it stands, with a comment \
         `bespoke: allow(KIND) because REASON until YYYY-MM-DD`; or raise the budget in bespoke.toml.",
        failing.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_baseline_is_read_as_it_was_written_and_knows_everything() {
        let mut report = sample::report();
        let mut out = Vec::new();
        write_baseline(&report, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), text.lines().count());
        let known = read_baseline(&text).unwrap();
        report.check(&[], Some(&Before::baseline("x", known)), None);
        assert_eq!(report.check.as_ref().unwrap().new, 0);
        assert!(report.variation_points.is_empty() && report.findings.is_empty());

        let mut report = sample::report();
        let points = report
            .variation_points
            .iter()
            .filter(|it| report.counts(it))
            .count();
        let all = points + report.findings.len();
        report.check(&[], Some(&Before::baseline("empty", Vec::new())), None);
        assert_eq!(report.check.as_ref().unwrap().new as usize, all);
    }

    #[test]
    fn a_broken_baseline_is_told_with_its_line() {
        assert_eq!(read_baseline("\n{").unwrap_err().0, 2);
        let (line, why) = read_baseline("<<<<<<< main\n").unwrap_err();
        assert!(line == 1 && why.contains("conflict"));
        assert!(
            read_baseline(r#"{"path": "a"}"#)
                .unwrap_err()
                .1
                .contains("missing field")
        );
    }

    #[test]
    fn comments_allow_what_they_name_and_nothing_else() {
        let mut report = sample::report();
        let point = report.variation_points[0].clone();
        let comment = |rule: &str, about: u32, until: Option<&str>| AllowedEntry {
            path: point.path.clone(),
            line: about,
            about,
            rules: vec![rule.to_owned()],
            reason: "so".to_owned(),
            until: until.map(str::to_owned),
            ..AllowedEntry::default()
        };
        let broken = AllowedEntry {
            problem: Some("it gives no reason".to_owned()),
            ..comment(&point.kind, 70, None)
        };
        let comments = vec![
            comment(&point.kind, point.line, Some("2026-12-31")),
            comment("layer-violation", 50, None),
            comment(&point.kind, 60, Some("2025-12-31")),
            broken,
        ];
        let others = report.findings.len();
        report.allow(comments, Some("2026-06-01"));
        assert_eq!(report.variation_points[0].allowed.as_deref(), Some("so"));
        let told: Vec<(&str, u32)> = report
            .findings
            .iter()
            .filter(|it| it.rule.starts_with("allow-"))
            .map(|it| (it.rule.as_str(), it.line))
            .collect();
        assert_eq!(told, [(UNUSED, 50), (EXPIRED, 60), (BROKEN, 70)]);
        assert_eq!(report.findings.len(), others + 3);

        let budget = Budget {
            name: "none".to_owned(),
            of: vec![point.kind.clone()],
            max: Some(0),
            ..Budget::default()
        };
        let same_kind = report
            .variation_points
            .iter()
            .filter(|it| report.counts(it) && it.kind == point.kind);
        let left = format!("{}", same_kind.count() - 1);
        report.check(&[budget], None, None);
        let check = report.check.unwrap();
        assert_eq!(check.allowed, 1);
        assert_eq!(check.verdicts[0].found.to_string(), left);
    }
}
