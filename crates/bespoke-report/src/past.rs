//! What history says, joined to a report: ages, authors, effort, churn.

use std::collections::BTreeMap;

use bespoke_analysis as analysis;
use bespoke_analysis::{Analysis, Life, Past, staleness};
use bespoke_facts::date_of;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Report;

/// Most pairs of files, and most churning files, that are told.
const MAX_LISTED: usize = 100;
/// Least share of common commits that couples two files.
const MIN_CONFIDENCE: f64 = 0.5;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// What history says of the whole tree. A year is the 365 days before `until`. Effort is in author-days: a day (UTC) on
/// which somebody commits source code of the product is 1, split equally over that day's commits and their files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PastEntry {
    /// The newest commit that was read.
    pub commit: String,
    /// When it was put in, `YYYY-MM-DD` (UTC); ages are counted to this day.
    pub until: String,
    /// When the oldest was.
    pub since: String,
    /// Commits with a row.
    pub commits: u32,
    /// Whether older commits are missing, because the copy is shallow or the range begins later.
    pub cut: bool,
    /// Author-days in all, and in the last year.
    pub effort: EffortEntry,
    /// People who worked on it.
    pub authors: u32,
    /// Commits by programs, which do not count.
    pub commits_by_bots: u32,
    /// Commits of more than 30 source files, which do not count either.
    pub sweeping_commits: u32,
    /// Effort by month, and the part of it in code for customers, behind flags and so on.
    pub months: Vec<MonthEntry>,
    /// Files with most complexity times commits in the last year.
    pub churning: Vec<ChurningEntry>,
    /// Files that change together: in at least 5 commits, and in half of those of the one that changes less.
    pub coupling: Vec<CouplingEntry>,
}

/// Author-days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EffortEntry {
    /// In all.
    pub total: f64,
    /// In the last year.
    pub year: f64,
}

/// Work in a month (UTC).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MonthEntry {
    /// `YYYY-MM`.
    pub month: String,
    /// Author-days.
    pub effort: f64,
    /// Of these, those in code of any subject of a dimension.
    pub by_dimension: BTreeMap<String, f64>,
}

/// A file that is complex and changes often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChurningEntry {
    /// The file.
    pub path: String,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Commits that changed it in the last year.
    pub revisions_year: u32,
    /// Complexity times commits.
    pub product: u64,
    /// Counted branches and checks in it.
    pub points: u32,
}

/// Two files that change together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CouplingEntry {
    /// The one that changes less often.
    pub a: String,
    /// The other.
    pub b: String,
    /// Commits of both.
    pub support: u32,
    /// Share of the commits of `a` that are also of `b`, 0 to 1.
    pub confidence: f64,
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarkEntry {
    /// Its id.
    pub commit: String,
    /// Who wrote it.
    pub author: String,
    /// When it was put in, `YYYY-MM-DD` (UTC).
    pub date: String,
}

/// The past of a subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SubjectPastEntry {
    /// The commit that brought its first point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introduced: Option<MarkEntry>,
    /// The commit that took its last point away, if it has none any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<MarkEntry>,
    /// Days from the first to the end, or to now; at least so many where history is cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_days: Option<u32>,
    /// Of a flag: `fresh`, `stale` (older than flags of its kind are expected to get), `overdue` (twice that and at
    /// least 180 days), `fossil` (over 730 days), or `permanent` (its kind has no end).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staleness: Option<String>,
    /// Author-days in its units, its conditions, and what they guard.
    pub effort: EffortEntry,
    /// People who worked on it.
    pub authors: u32,
    /// Lines of it that were added or deleted.
    pub lines: u64,
    /// Of these, in the last year.
    pub lines_year: u64,
    /// The commit that changed a line of it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touched: Option<MarkEntry>,
}

/// The past of a variation point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PointPastEntry {
    /// The commit that brought it.
    pub introduced: MarkEntry,
    /// The one that last changed its condition or what it guards.
    pub touched: MarkEntry,
    /// Days since it came.
    pub age_days: u32,
}

/// The past of a file, by all its names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FilePastEntry {
    /// Commits that changed it.
    pub revisions: u32,
    /// Of these, in the last year.
    pub revisions_year: u32,
    /// Lines added and deleted.
    pub churn: u64,
    /// Of these, in the last year.
    pub churn_year: u64,
    /// Author-days.
    pub effort: EffortEntry,
    /// People who worked on it.
    pub authors: u32,
    /// Who did most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_author: Option<String>,
    /// Their share of the effort, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_share: Option<f64>,
    /// The fewest people who did more than half of the work together.
    pub bus_factor: u32,
    /// When it was changed last, `YYYY-MM-DD` (UTC).
    pub changed: String,
}

impl PastEntry {
    /// The stable form of what history says.
    pub fn new(past: &Past) -> Self {
        Self {
            commit: past.commit.clone(),
            until: date(past.until),
            since: date(past.since),
            commits: past.rows,
            cut: past.cut,
            effort: effort(past.effort),
            authors: count(past.authors),
            commits_by_bots: past.uncounted.bots,
            sweeping_commits: past.uncounted.sweeps,
            months: past
                .months
                .iter()
                .map(|it| MonthEntry {
                    month: it.month.clone(),
                    effort: round(it.effort),
                    by_dimension: it
                        .by_dimension
                        .iter()
                        .map(|(name, effort)| (name.clone(), round(*effort)))
                        .collect(),
                })
                .collect(),
            churning: Vec::new(),
            coupling: past
                .coupling
                .iter()
                .filter(|it| it.confidence >= MIN_CONFIDENCE)
                .take(MAX_LISTED)
                .map(|it| CouplingEntry {
                    a: it.a.as_str().to_owned(),
                    b: it.b.as_str().to_owned(),
                    support: it.support,
                    confidence: round(it.confidence),
                })
                .collect(),
        }
    }
}

/// What history says, whole: for `bespoke trend --format json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WholePast {
    /// Of the tree.
    #[serde(flatten)]
    pub tree: PastEntry,
    /// Of every subject that ever was, as `dimension:name`.
    pub subjects: BTreeMap<String, SubjectPastEntry>,
    /// Of the files that are there.
    pub files: BTreeMap<String, FilePastEntry>,
}

impl WholePast {
    /// The stable form of what history says.
    pub fn new(past: &Past) -> Self {
        let own: BTreeMap<(&str, &str), &analysis::SubjectPast> = past
            .subjects
            .iter()
            .map(|it| ((it.dimension.as_str(), it.key.as_str()), it))
            .collect();
        let subjects = past.lives.iter().map(|life| {
            let of = own.get(&(life.dimension.as_str(), life.key.as_str()));
            let name = format!("{}:{}", life.dimension, life.name);
            let mut entry = SubjectPastEntry::new(past, of.copied(), Some(life), None);
            if let Some(died) = &life.died {
                entry.removed = Some(mark(died));
                entry.staleness = None;
                entry.age_days = Some(days(died.time - life.born.time));
            }
            (name, entry)
        });
        Self {
            tree: PastEntry::new(past),
            subjects: subjects.collect(),
            files: past
                .files
                .iter()
                .map(|it| (it.path.as_str().to_owned(), FilePastEntry::new(it)))
                .collect(),
        }
    }
}

impl FilePastEntry {
    /// The stable form of a file's past.
    pub fn new(past: &analysis::FilePast) -> Self {
        let main = past.main_author.as_ref();
        Self {
            revisions: past.revisions,
            revisions_year: past.revisions_year,
            churn: past.churn,
            churn_year: past.churn_year,
            effort: effort(past.effort),
            authors: count(past.authors),
            main_author: main.map(|(name, _)| name.clone()),
            main_share: main.map(|(_, share)| round(*share)),
            bus_factor: count(past.bus_factor),
            changed: date(past.changed),
        }
    }
}

impl SubjectPastEntry {
    /// The stable form of a subject's past.
    pub fn new(
        past: &Past,
        of: Option<&analysis::SubjectPast>,
        life: Option<&Life>,
        flag_kind: Option<&str>,
    ) -> Self {
        let age = life.map(|life| days(past.until - life.born.time));
        let is_flag = life.is_some_and(|life| life.dimension == "flag");
        Self {
            introduced: life.map(|life| mark(&life.born)),
            removed: None,
            age_days: age,
            staleness: age
                .filter(|_| is_flag)
                .map(|age| staleness(age, flag_kind).to_owned()),
            effort: effort(of.map(|it| it.effort).unwrap_or_default()),
            authors: count(of.map_or(0, |it| it.authors)),
            lines: of.map_or(0, |it| it.lines),
            lines_year: of.map_or(0, |it| it.lines_year),
            touched: of.and_then(|it| it.last.as_ref()).map(mark),
        }
    }
}

impl Report {
    /// Joins what history says of the same tree. `prefix` is the path of the scanned folder in the repository, with a
    /// `/` at its end, or nothing.
    pub fn join(&mut self, analysis: &Analysis, past: &Past, prefix: &str) {
        let mut entry = PastEntry::new(past);
        let within = |path: &str| path.strip_prefix(prefix).map(str::to_owned);
        let files: BTreeMap<String, &analysis::FilePast> = past
            .files
            .iter()
            .filter_map(|it| Some((within(it.path.as_str())?, it)))
            .collect();
        for file in &mut self.files {
            file.past = files.get(&file.path).map(|it| FilePastEntry::new(it));
        }
        let mut churning: Vec<ChurningEntry> = self
            .files
            .iter()
            .filter_map(|file| {
                let revisions = file.past.as_ref()?.revisions_year;
                Some(ChurningEntry {
                    path: file.path.clone(),
                    cognitive: file.cognitive,
                    revisions_year: revisions,
                    product: u64::from(file.cognitive) * u64::from(revisions),
                    points: file.points,
                })
            })
            .filter(|it| it.product > 0)
            .collect();
        churning.sort_by(|a, b| (b.product, &a.path).cmp(&(a.product, &b.path)));
        churning.truncate(MAX_LISTED);
        entry.churning = churning;
        let lives: BTreeMap<(&str, &str), &Life> = past
            .lives
            .iter()
            .map(|life| ((life.dimension.as_str(), life.key.as_str()), life))
            .collect();
        let subjects: BTreeMap<(&str, &str), &analysis::SubjectPast> = past
            .subjects
            .iter()
            .map(|it| ((it.dimension.as_str(), it.key.as_str()), it))
            .collect();
        for (subject, of) in self.subjects.iter_mut().zip(&analysis.subjects) {
            let key = (of.dimension.as_str(), of.key.as_str());
            let (own, life) = (subjects.get(&key), lives.get(&key));
            if own.is_some() || life.is_some() {
                subject.past = Some(SubjectPastEntry::new(
                    past,
                    own.copied(),
                    life.copied(),
                    of.flag_kind.as_deref(),
                ));
            }
        }
        let mut points: BTreeMap<(String, u64), Vec<&analysis::PointPast>> = BTreeMap::new();
        for point in past.points.iter().rev() {
            let at = within(point.path.as_str()).map(|path| (path, point.key));
            points
                .entry(at.unwrap_or_default())
                .or_default()
                .push(point);
        }
        for (point, of) in self.variation_points.iter_mut().zip(&analysis.points) {
            let known = points.get_mut(&(point.path.clone(), of.key));
            point.past = known.and_then(Vec::pop).map(|it| PointPastEntry {
                introduced: mark(&it.introduced),
                touched: mark(&it.touched),
                age_days: days(past.until - it.introduced.time),
            });
        }
        self.past = Some(entry);
    }
}

fn mark(mark: &analysis::Mark) -> MarkEntry {
    MarkEntry {
        commit: mark.commit.clone(),
        author: mark.author.clone(),
        date: date(mark.time),
    }
}

fn effort(effort: analysis::Effort) -> EffortEntry {
    EffortEntry {
        total: round(effort.total),
        year: round(effort.year),
    }
}

fn date(time: i64) -> String {
    let (year, month, day) = date_of(time);
    format!("{year:04}-{month:02}-{day:02}")
}

fn days(seconds: i64) -> u32 {
    u32::try_from(seconds.max(0) / DAY).unwrap_or(u32::MAX)
}

/// Thousandths are more than the figures bear.
fn round(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_go_stale_by_kind() {
        let of = |age, kind| staleness(age, kind);
        assert_eq!(of(40, None), "fresh");
        assert_eq!(of(41, None), "stale");
        assert_eq!(of(181, Some("release")), "overdue");
        assert_eq!(of(731, Some("experiment")), "fossil");
        assert_eq!(of(8, Some("ops")), "stale");
        assert_eq!(of(366, Some("customer")), "stale");
        assert_eq!(of(729, Some("customer")), "stale");
        assert_eq!(of(5_000, Some("kill-switch")), "permanent");
    }
}
