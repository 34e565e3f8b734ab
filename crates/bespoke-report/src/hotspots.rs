//! Where to start: files or functions with their reasons, a piece of code, and the next step.

use std::io::{self, Write};

use bespoke_analysis::{ADVICE, Advice, AdviceRule, Analysis, HotPlace, Ranked};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    FileEntry, Hotspot, Report, SCHEMA_VERSION, SpanEntry, Style, figures,
    report::{one_based, path_of},
    text::{Tone, columns, count, fit, fold, markdown, number, safe, wrap},
};

/// Lines of a frame: so many before the first line that a step is about, and after it.
const AROUND: usize = 2;
/// A step's lines are named up to this; the rest is a number.
const LINES: usize = 8;

/// The next step that would help most.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AdviceEntry {
    /// Stable id, as `bespoke explain` takes it.
    pub id: String,
    /// What to do, in a sentence.
    pub text: String,
    /// Lines of the branches and checks that it is about.
    pub lines: Vec<u32>,
    /// Branches and checks that go from the file.
    pub frees_points: u32,
    /// Interest of the file that goes with them, in minutes a month; not there without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frees_minutes_per_month: Option<SpanEntry>,
}

/// What makes a function worth looking at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FunctionHotspot {
    /// 1 is the one to look at first.
    pub rank: u32,
    /// Its part, by branches and checks, of the file's interest, in minutes a month; not there without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_minutes_per_month: Option<SpanEntry>,
    /// Commits of the last 365 days that changed the file; not there without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revisions_year: Option<u32>,
    /// Cognitive complexity × commits of the last year × branches and checks; not there without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<u64>,
    /// Why it is here, in words.
    pub reasons: Vec<String>,
    /// What to do first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<AdviceEntry>,
}

impl Report {
    /// Puts hotspots in the order of what they cost, and says of each what to do. History has to be joined before.
    pub fn rank(&mut self, analysis: &Analysis, ranked: &Ranked) {
        let mut known: std::collections::BTreeMap<String, Hotspot> =
            std::mem::take(&mut self.hotspots)
                .into_iter()
                .map(|it| (it.path.clone(), it))
                .collect();
        for (rank, place) in (1..).zip(&ranked.files) {
            let Some(mut hotspot) = known.remove(&path_of(place.file, analysis)) else {
                continue;
            };
            hotspot.rank = rank;
            hotspot.interest_minutes_per_month = place.interest.map(SpanEntry::of_minutes);
            hotspot.revisions_year = place.revisions;
            hotspot.product = place.product;
            hotspot.reasons = self.reasons(place, Some(&hotspot));
            hotspot.advice = place.advice.as_ref().map(AdviceEntry::new);
            self.hotspots.push(hotspot);
        }
        for (rank, place) in (1..).zip(&ranked.functions) {
            let reasons = self.reasons(place, None);
            let Some(function) = place.function.and_then(|at| self.functions.get_mut(at)) else {
                continue;
            };
            function.hotspot = Some(FunctionHotspot {
                rank,
                interest_minutes_per_month: place.interest.map(SpanEntry::of_minutes),
                revisions_year: place.revisions,
                product: place.product,
                reasons,
                advice: place.advice.as_ref().map(AdviceEntry::new),
            });
        }
    }

    /// Variation, complexity, and change or, without history, reach.
    fn reasons(&self, place: &HotPlace, hotspot: Option<&Hotspot>) -> Vec<String> {
        let Some(file) = self.files.get(place.file.index()) else {
            return Vec::new();
        };
        let function = place.function.and_then(|at| self.functions.get(at));
        let subjects = function.map_or(file.subjects, |it| it.tangling);
        let compared = |metric: &str| {
            let part = hotspot?.parts.iter().find(|part| part.metric == metric)?;
            Some(format!(", {}", figures::rank_among(part.percentile)))
        };
        let variation = format!(
            "{} for {}{}",
            count(
                place.points.into(),
                "branch or check",
                "branches and checks"
            ),
            count(subjects.into(), "subject", "subjects"),
            compared("points").unwrap_or_default(),
        );
        let complexity = format!(
            "cognitive complexity {}{}",
            number(place.cognitive.into()),
            match function {
                Some(it) => format!(
                    ", of which its branches and checks add {}",
                    number(it.overhead.into())
                ),
                None => compared("cognitive").unwrap_or_default(),
            }
        );
        let what = if function.is_some() { "its file" } else { "it" };
        let change = match (place.revisions, &file.past) {
            (Some(0), _) => format!("no commit changed {what} in the last year"),
            (Some(revisions), past) => {
                let people = past.as_ref().map_or_else(String::new, |past| {
                    format!(
                        "; {} worked on it so far",
                        count(past.authors.into(), "person", "people")
                    )
                });
                let commits = count(revisions.into(), "commit", "commits");
                format!("{commits} changed {what} in the last year{people}")
            }
            (None, _) => {
                let reach = file.dependencies.as_ref().map_or(0, |it| it.reach);
                let files = count(reach.into(), "file depends", "files depend");
                format!("{files} on {what} within two steps")
            }
        };
        vec![variation, complexity, change]
    }
}

impl AdviceEntry {
    fn new(advice: &Advice) -> Self {
        Self {
            id: advice.rule.to_owned(),
            text: advice.text.clone(),
            lines: advice.lines.iter().map(|line| one_based(*line)).collect(),
            frees_points: advice.points,
            frees_minutes_per_month: advice.frees.map(SpanEntry::of_minutes),
        }
    }
}

/// The row of the table of advice with that id.
pub fn find_advice(target: &str) -> Option<&'static AdviceRule> {
    let wanted = fold(target.strip_prefix("advice:").unwrap_or(target));
    ADVICE.iter().find(|it| fold(it.id) == wanted).copied()
}

/// What a piece of advice says, when and why.
pub fn explain_advice(rule: &AdviceRule, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{} ({})", rule.title, rule.id);
    writeln!(out, "{}", style.paint(Tone::Heading, title))?;
    crate::explain::paragraphs(rule.doc, style, out)
}

/// By what hotspots are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HotspotOrder {
    /// What their branches and checks add to work; without history as by [`Self::Score`].
    #[default]
    Interest,
    /// Complexity × commits of the last year × branches and checks.
    Product,
    /// Percentiles of complexity, points and subjects; needs no history.
    Score,
}

/// Which hotspots to show.
#[derive(Clone, Copy, Debug)]
pub struct HotspotQuery {
    /// Functions instead of files.
    pub functions: bool,
    /// In what order.
    pub order: HotspotOrder,
    /// At most so many.
    pub limit: usize,
}

/// Hotspots to show, in order.
#[derive(Debug)]
pub struct Hotspots<'a> {
    report: &'a Report,
    rows: Vec<Spot<'a>>,
    all: usize,
}

#[derive(Clone, Debug)]
struct Spot<'a> {
    path: &'a str,
    line: Option<u32>,
    name: Option<&'a str>,
    points: u32,
    cognitive: u32,
    score: f64,
    revisions: Option<u32>,
    product: Option<u64>,
    interest: Option<SpanEntry>,
    reasons: &'a [String],
    advice: Option<&'a AdviceEntry>,
    owners: &'a [String],
}

impl<'a> Hotspots<'a> {
    /// Chooses from a report that is ranked.
    pub fn new(report: &'a Report, query: &HotspotQuery) -> Self {
        let files: std::collections::BTreeMap<&str, &FileEntry> = report
            .files
            .iter()
            .map(|it| (it.path.as_str(), it))
            .collect();
        let owners = |path: &str| files.get(path).map_or(&[][..], |it| it.owners.as_slice());
        let mut rows: Vec<(u32, Spot<'a>)> = if query.functions {
            let own = report.functions.iter();
            own.filter_map(|it| Some((it, it.hotspot.as_ref()?)))
                .map(|(it, hot)| {
                    let spot = Spot {
                        path: &it.path,
                        line: Some(it.line),
                        name: Some(&it.name),
                        points: it.points,
                        cognitive: it.cognitive,
                        score: 0.0,
                        revisions: hot.revisions_year,
                        product: hot.product,
                        interest: hot.interest_minutes_per_month,
                        reasons: &hot.reasons,
                        advice: hot.advice.as_ref(),
                        owners: owners(&it.path),
                    };
                    (hot.rank, spot)
                })
                .collect()
        } else {
            let own = report.hotspots.iter();
            own.filter_map(|it| Some((it, files.get(it.path.as_str())?)))
                .map(|(it, file)| {
                    let spot = Spot {
                        path: &it.path,
                        line: None,
                        name: None,
                        points: file.points,
                        cognitive: file.cognitive,
                        score: it.score,
                        revisions: it.revisions_year,
                        product: it.product,
                        interest: it.interest_minutes_per_month,
                        reasons: &it.reasons,
                        advice: it.advice.as_ref(),
                        owners: &file.owners,
                    };
                    (it.rank, spot)
                })
                .collect()
        };
        rows.sort_by(|(rank_a, a), (rank_b, b)| {
            let by = match query.order {
                HotspotOrder::Interest => std::cmp::Ordering::Equal,
                HotspotOrder::Product => b.product.cmp(&a.product),
                HotspotOrder::Score => b.score.total_cmp(&a.score),
            };
            by.then(rank_a.cmp(rank_b))
        });
        let all = rows.len();
        rows.truncate(query.limit);
        Self {
            report,
            rows: rows.into_iter().map(|(_, spot)| spot).collect(),
            all,
        }
    }

    /// Writes them as JSON.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows: Vec<_> = (1..)
            .zip(&self.rows)
            .map(|(rank, it)| {
                let mut row = json!({
                    "rank": rank,
                    "path": it.path,
                    "points": it.points,
                    "cognitive": it.cognitive,
                    "revisions_year": it.revisions,
                    "product": it.product,
                    "interest_minutes_per_month": it.interest,
                    "reasons": it.reasons,
                    "advice": it.advice,
                    "owners": it.owners,
                });
                if let (Some(name), Some(line), Some(object)) =
                    (it.name, it.line, row.as_object_mut())
                {
                    object.insert("function".to_owned(), name.into());
                    object.insert("line".to_owned(), line.into());
                } else if let Some(object) = row.as_object_mut() {
                    object.insert("score".to_owned(), it.score.into());
                }
                row
            })
            .collect();
        let page = json!({
            "schema_version": SCHEMA_VERSION,
            "tool": self.report.tool,
            "all": self.all,
            "hotspots": rows,
        });
        serde_json::to_writer_pretty(&mut *out, &page)?;
        writeln!(out)
    }

    /// Writes them as a table of GitHub's Markdown.
    pub fn write_markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "| # | Where | Interest | Why | Next step |")?;
        writeln!(out, "| ---: | --- | ---: | --- | --- |")?;
        for (rank, it) in (1..).zip(&self.rows) {
            let interest = it
                .interest
                .as_ref()
                .map_or_else(|| "n/a".to_owned(), interest_of);
            let next = it.advice.map_or_else(String::new, next_step);
            let reasons = it.reasons.join("; ");
            let cells = [it.title(), interest, reasons, next].map(|cell| markdown(&cell));
            writeln!(out, "| {rank} | {} |", cells.join(" | "))?;
        }
        Ok(())
    }

    /// Writes them for a person. `source` gives the text of a file of the tree.
    pub fn write_page(
        &self,
        source: &dyn Fn(&str) -> Option<String>,
        style: &Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for (rank, it) in (1..).zip(&self.rows) {
            if rank > 1 {
                writeln!(out)?;
            }
            let title = format!("{rank:>2}  {}", it.title());
            writeln!(out, "{}", style.paint(Tone::Strong, title))?;
            let mut facts = Vec::new();
            if let Some(interest) = &it.interest {
                facts.push(("Interest", interest_of(interest)));
            }
            facts.push(("Why", it.reasons.join("; ")));
            if !it.owners.is_empty() {
                facts.push(("Owners", safe(&it.owners.join(", ")).into_owned()));
            }
            if let Some(advice) = it.advice {
                facts.push(("Next", format!("{} [{}]", next_step(advice), advice.id)));
                if advice.lines.len() > 1 {
                    facts.push(("Lines", lines_of(&advice.lines)));
                }
            }
            for (name, text) in facts {
                let width = style.width.saturating_sub(14).max(20);
                for (nth, line) in wrap(&text, width).iter().enumerate() {
                    let name = if nth == 0 { name } else { "" };
                    writeln!(
                        out,
                        "    {} {line}",
                        style.paint(Tone::Faint, format!("{name:<8}"))
                    )?;
                }
            }
            let at = it
                .advice
                .and_then(|advice| advice.lines.first().copied())
                .or(it.line);
            if let Some((at, text)) = at.zip(source(it.path)) {
                frame(&text, at, style, out)?;
            }
        }
        let left = self.all - self.rows.len();
        if left > 0 {
            writeln!(out, "\n… {} more (--limit shows them)", number(left as u64))?;
        }
        Ok(())
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Spot<'_> {
    fn title(&self) -> String {
        match (self.name, self.line) {
            (Some(name), Some(line)) => format!("{}:{line} {}", safe(self.path), safe(name)),
            _ => safe(self.path).into_owned(),
        }
    }
}

fn interest_of(interest: &SpanEntry) -> String {
    let between = figures::work_between(interest.mid, interest.low, interest.high);
    format!("{between} a month")
}

/// Advice with what it frees.
pub(crate) fn next_step(advice: &AdviceEntry) -> String {
    let text = safe(&advice.text).into_owned();
    match &advice.frees_minutes_per_month {
        Some(frees) if frees.mid > 0.0 => format!("{text}; that frees {}", interest_of(frees)),
        _ => text,
    }
}

fn lines_of(lines: &[u32]) -> String {
    let shown: Vec<String> = lines.iter().take(LINES).map(ToString::to_string).collect();
    match lines.len().saturating_sub(LINES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A few lines of code around a line, which counts from 1.
fn frame(text: &str, line: u32, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let at = line.saturating_sub(1) as usize;
    let first = at.saturating_sub(AROUND);
    let lines: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .skip(first)
        .take(at - first + AROUND + 1)
        .collect();
    let digits = columns(&(at + AROUND + 1).to_string());
    // What all have in common of their indentation says nothing here.
    let indent = lines
        .iter()
        .filter(|(_, it)| !it.trim().is_empty())
        .map(|(_, it)| it.len() - it.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    for (nth, code) in lines {
        let code = code
            .get(indent..)
            .unwrap_or("")
            .trim_end()
            .replace('\t', "    ");
        let mark = if nth == at { '>' } else { ' ' };
        let room = style.width.saturating_sub(digits + 9).max(20);
        let row = format!(
            "  {mark} {:>digits$} │ {}",
            nth + 1,
            fit(&safe(&code), room)
        );
        let tone = if nth == at { Tone::Strong } else { Tone::Faint };
        writeln!(out, "    {}", style.paint(tone, row.trim_end()))?;
    }
    Ok(())
}
