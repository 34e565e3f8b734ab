//! What the page's scripts know: the report's long lists in short form.
//!
//! Every text is written once and meant by its number, so that a page with 50,000 points stays small and is read fast.

use std::{
    collections::{BTreeMap, HashMap},
    io::{self, Write},
};

use serde::Serialize;

use crate::{
    Evidence, FileEntry, Report, Subject, VariationPoint, extras::window, figures,
    hotspots::next_step, safe, text::number,
};

/// Rows and columns of the heat map and the matrix of dependencies.
const MAX_CELLS: usize = 60;

#[derive(Default, Serialize)]
struct Data {
    /// Every text that others mean by its position here.
    texts: Vec<String>,
    subjects: Vec<SubjectData>,
    files: Vec<FileData>,
    points: Vec<PointData>,
    heat: Grid,
    matrix: Grid,
    course: Course,
    months: Vec<(String, f64, f64)>,
    /// By file: first lines of pieces of code, and their lines.
    code: BTreeMap<u32, Vec<(u32, Vec<u32>)>>,
    uncoded: u32,
}

/// Texts that were written already.
#[derive(Default)]
struct Texts {
    known: HashMap<String, u32>,
    all: Vec<String>,
}

impl Texts {
    fn of(&mut self, text: &str) -> u32 {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let id = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.known.insert(text.to_owned(), id);
        self.all.push(safe(text).into_owned());
        id
    }
}

/// Dimension, name, title and facts.
#[derive(Serialize)]
struct SubjectData {
    dimension: u32,
    name: u32,
    facts: Vec<(&'static str, String)>,
    why: Vec<EvidenceData>,
}

/// Path, component, lines of code, branches and checks, facts.
#[derive(Serialize)]
struct FileData(u32, u32, u32, u32, Vec<(&'static str, String)>);

/// Rule, text, path or nothing, line.
#[derive(Serialize)]
struct EvidenceData(u32, u32, Option<u32>, Option<u32>);

#[derive(Serialize)]
struct PointData {
    #[serde(rename = "p")]
    path: u32,
    #[serde(rename = "l")]
    line: u32,
    #[serde(rename = "e")]
    end_line: u32,
    #[serde(rename = "k")]
    kind: u32,
    #[serde(rename = "s")]
    subjects: Vec<u32>,
    /// In percent.
    #[serde(rename = "c")]
    confidence: u8,
    #[serde(rename = "t")]
    text: u32,
    #[serde(rename = "w")]
    why: Vec<EvidenceData>,
    #[serde(rename = "g")]
    guarded: Vec<(u32, u32)>,
    /// First and last line of the code to show.
    #[serde(rename = "v")]
    window: (u32, u32),
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    function: Option<u32>,
    /// Who brought it, and when.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    brought: Option<(u32, u32)>,
    /// Why a comment allows it.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    allowed: Option<u32>,
}

/// Names of columns and rows, and what is in cells that are not empty.
#[derive(Default, Serialize)]
struct Grid {
    columns: Vec<u32>,
    rows: Vec<u32>,
    cells: Vec<(usize, usize, u32)>,
    /// Rows that there is no room for.
    more: usize,
}

#[derive(Default, Serialize)]
struct Course {
    time: Vec<i64>,
    commit: Vec<String>,
    points: Vec<u32>,
    customers: Vec<u32>,
    flags: Vec<u32>,
    lines: Vec<u32>,
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut texts = Texts::default();
    let mut data = Data {
        heat: heat(report, &mut texts),
        matrix: matrix(report, &mut texts),
        course: course(report),
        months: months(report),
        uncoded: report.extras.uncoded,
        ..Data::default()
    };
    let mut ids: HashMap<(&str, &str), u32> = HashMap::new();
    for (id, it) in (0..).zip(&report.subjects) {
        ids.insert((&it.dimension, &it.name), id);
        data.subjects.push(SubjectData {
            dimension: texts.of(&it.dimension),
            name: texts.of(&it.name),
            facts: subject_facts(it, report),
            why: why(&it.evidence, &mut texts),
        });
    }
    let hot: HashMap<&str, &crate::Hotspot> = report
        .hotspots
        .iter()
        .map(|it| (it.path.as_str(), it))
        .collect();
    let mut files: HashMap<&str, u32> = HashMap::new();
    for (id, it) in (0..).zip(&report.files) {
        files.insert(&it.path, id);
        let facts = if it.points > 0 || it.guarded_lines > 0 {
            file_facts(it, hot.get(it.path.as_str()).copied())
        } else {
            Vec::new()
        };
        let (path, component) = (texts.of(&it.path), texts.of(&it.component));
        data.files
            .push(FileData(path, component, it.nloc, it.points, facts));
    }
    for it in report
        .variation_points
        .iter()
        .filter(|it| report.counts(it))
    {
        let mut subjects = Vec::new();
        for name in &it.subjects {
            subjects.extend(ids.get(&(it.dimension.as_str(), name.as_str())).copied());
        }
        data.points.push(point(it, subjects, &mut texts));
    }
    for (path, lines) in &report.extras.code {
        let Some(file) = files.get(path.as_str()) else {
            continue;
        };
        let mut pieces: Vec<(u32, Vec<u32>)> = Vec::new();
        for (line, text) in lines {
            let text = texts.of(text);
            match pieces.last_mut() {
                Some((first, piece)) if *first as usize + piece.len() == *line as usize => {
                    piece.push(text);
                }
                _ => pieces.push((*line, vec![text])),
            }
        }
        data.code.insert(*file, pieces);
    }
    data.texts = texts.all;
    serde_json::to_writer(out, &data)?;
    Ok(())
}

fn point(it: &VariationPoint, subjects: Vec<u32>, texts: &mut Texts) -> PointData {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is from 0 to 100"
    )]
    let confidence = (it.confidence * 100.0).round() as u8;
    PointData {
        path: texts.of(&it.path),
        line: it.line,
        end_line: it.end_line,
        kind: texts.of(&it.kind),
        subjects,
        confidence,
        text: texts.of(&it.text),
        why: why(&it.evidence, texts),
        guarded: it
            .guarded
            .iter()
            .map(|it| (it.start_line, it.end_line))
            .collect(),
        window: window(it),
        function: it.function.as_ref().map(|name| texts.of(name)),
        brought: it.past.as_ref().map(|past| {
            let mark = &past.introduced;
            (texts.of(&mark.author), texts.of(&mark.date))
        }),
        allowed: it.allowed.as_ref().map(|why| texts.of(why)),
    }
}

fn why(evidence: &[Evidence], texts: &mut Texts) -> Vec<EvidenceData> {
    let mut of = |it: &Evidence| {
        let path = it.path.as_ref().map(|path| texts.of(path));
        EvidenceData(texts.of(&it.rule), texts.of(&it.text), path, it.line)
    };
    evidence.iter().map(&mut of).collect()
}

fn subject_facts(it: &Subject, report: &Report) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Branches and checks", number(it.scattering.into())),
        ("Files", number(it.files.into())),
        ("Components", number(it.components.into())),
        (
            "Lines that run only for it or others",
            number(it.guarded_lines.into()),
        ),
        ("Of these, only for it", number(it.exclusive_lines.into())),
        ("Files that depend on its files", number(it.reach.into())),
    ];
    if it.units > 0 {
        facts.push((
            "Declarations and folders named for it",
            number(it.units.into()),
        ));
    }
    if !it.aliases.is_empty() {
        facts.push(("Also written", safe(&it.aliases.join(", ")).into_owned()));
    }
    if let Some(debt) = &it.debt {
        if let Some(all) = &report.debt {
            facts.push((
                "To remove",
                figures::magnitude(debt.principal.median_minutes, all).to_owned(),
            ));
        }
        if let Some(interest) = &debt.interest_minutes_per_month {
            let between = figures::work_between(interest.mid, interest.low, interest.high);
            facts.push(("Interest a month", between));
        }
        if let Some(carry) = debt.carry_minutes_per_month {
            facts.push(("Work a month on its own code", figures::work(carry)));
        }
    }
    if let Some(past) = &it.past {
        if let Some(mark) = &past.introduced {
            facts.push(("Since", format!("{}, by {}", mark.date, safe(&mark.author))));
        }
        if let Some(mark) = &past.touched {
            facts.push((
                "Last change",
                format!("{}, by {}", mark.date, safe(&mark.author)),
            ));
        }
        if let Some(staleness) = &past.staleness {
            facts.push(("State", staleness.clone()));
        }
        if past.effort.total > 0.0 && it.dimension != "flag" {
            facts.push((
                "Author-days on its code",
                figures::two_digits(past.effort.total),
            ));
        }
    }
    if let Some(ends) = &it.ends {
        facts.push(("Ends", ends.clone()));
    }
    if !it.owners.is_empty() {
        facts.push((
            "Owners of its files",
            safe(&it.owners.join(", ")).into_owned(),
        ));
    }
    facts.push(("How sure it is one", figures::percent(it.confidence)));
    facts
}

fn file_facts(it: &FileEntry, hot: Option<&crate::Hotspot>) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(hot) = hot {
        facts.push(("Rank", number(hot.rank.into())));
        if !hot.reasons.is_empty() {
            facts.push(("Why", safe(&hot.reasons.join("; ")).into_owned()));
        }
        if let Some(advice) = &hot.advice {
            facts.push((
                "Next step",
                format!("{} [{}]", next_step(advice), advice.id),
            ));
        }
    }
    facts.push(("Component", safe(&it.component).into_owned()));
    facts.push(("Language", it.language.clone()));
    facts.push(("Lines of code", number(it.nloc.into())));
    facts.push((
        "Lines that run only for some",
        number(it.guarded_lines.into()),
    ));
    facts.push(("Cognitive complexity", number(it.cognitive.into())));
    if let Some(graph) = &it.dependencies {
        facts.push(("Files that depend on it", number(graph.afferent.into())));
    }
    if let Some(debt) = &it.debt {
        let interest = &debt.interest_minutes_per_month;
        let between = figures::work_between(interest.mid, interest.low, interest.high);
        facts.push(("Interest a month", between));
    }
    if let Some(past) = &it.past {
        facts.push((
            "Commits in the last year",
            number(past.revisions_year.into()),
        ));
        facts.push(("Last change", past.changed.clone()));
        if let Some((author, share)) = past.main_author.as_ref().zip(past.main_share) {
            facts.push((
                "Most by",
                format!("{} ({})", safe(author), figures::percent(share)),
            ));
        }
    }
    if !it.owners.is_empty() {
        facts.push(("Owners", safe(&it.owners.join(", ")).into_owned()));
    }
    facts
}

/// Branches and checks of the customers with most of them, in the components with most of them.
fn heat(report: &Report, texts: &mut Texts) -> Grid {
    let component: HashMap<&str, &str> = report
        .files
        .iter()
        .map(|it| (it.path.as_str(), it.component.as_str()))
        .collect();
    let mut cells: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for point in report
        .variation_points
        .iter()
        .filter(|it| report.counts(it))
    {
        let Some(component) = component.get(point.path.as_str()) else {
            continue;
        };
        if matches!(point.dimension.as_str(), "flag" | "tenant") {
            continue;
        }
        for subject in &point.subjects {
            *cells.entry((subject, component)).or_default() += 1;
        }
    }
    let rows = most(cells.iter().map(|((row, _), count)| (*row, *count)));
    let columns = most(cells.iter().map(|((_, column), count)| (*column, *count)));
    let at = |names: &[&str]| -> HashMap<String, usize> {
        names
            .iter()
            .take(MAX_CELLS)
            .enumerate()
            .map(|(at, name)| ((*name).to_owned(), at))
            .collect()
    };
    let (row_of, column_of) = (at(&rows), at(&columns));
    Grid {
        cells: cells
            .iter()
            .filter_map(|((row, column), count)| {
                Some((*column_of.get(*column)?, *row_of.get(*row)?, *count))
            })
            .collect(),
        more: rows.len().saturating_sub(MAX_CELLS),
        rows: rows.iter().take(MAX_CELLS).map(|it| texts.of(it)).collect(),
        columns: columns
            .iter()
            .take(MAX_CELLS)
            .map(|it| texts.of(it))
            .collect(),
    }
}

/// Names by their sums, the greatest first.
fn most<'a>(counted: impl Iterator<Item = (&'a str, u32)>) -> Vec<&'a str> {
    let mut sums: BTreeMap<&str, u32> = BTreeMap::new();
    for (name, count) in counted {
        *sums.entry(name).or_default() += count;
    }
    let mut names: Vec<(&str, u32)> = sums.into_iter().collect();
    names.sort_by_key(|(_, sum)| std::cmp::Reverse(*sum));
    names.into_iter().map(|(name, _)| name).collect()
}

/// Who uses whom, ordered so that what uses stands before what is used: marks under the diagonal are uses against it.
fn matrix(report: &Report, texts: &mut Texts) -> Grid {
    let mut chosen: Vec<&crate::ComponentEntry> = report.components.iter().collect();
    chosen.sort_by_key(|it| std::cmp::Reverse((it.points, it.nloc)));
    let more = chosen.len().saturating_sub(MAX_CELLS);
    chosen.truncate(MAX_CELLS);
    let by_name: HashMap<&str, &crate::ComponentEntry> =
        chosen.iter().map(|it| (it.name.as_str(), *it)).collect();
    // How many components each depends on over any number of steps.
    let sees = |it: &crate::ComponentEntry| {
        let mut seen: Vec<&str> = vec![&it.name];
        let mut at = 0;
        while let Some(name) = seen.get(at) {
            at += 1;
            for next in by_name.get(name).into_iter().flat_map(|it| &it.uses) {
                if by_name.contains_key(next.component.as_str())
                    && !seen.contains(&next.component.as_str())
                {
                    seen.push(&next.component);
                }
            }
        }
        seen.len()
    };
    chosen.sort_by_cached_key(|it| (std::cmp::Reverse((sees(it), it.efferent)), it.name.clone()));
    let at: HashMap<&str, usize> = chosen
        .iter()
        .enumerate()
        .map(|(at, it)| (it.name.as_str(), at))
        .collect();
    let names: Vec<u32> = chosen.iter().map(|it| texts.of(&it.name)).collect();
    let mut cells = Vec::new();
    for (row, it) in chosen.iter().enumerate() {
        for used in &it.uses {
            cells.extend(
                at.get(used.component.as_str())
                    .map(|column| (*column, row, used.files)),
            );
        }
    }
    Grid {
        columns: names.clone(),
        rows: names,
        cells,
        more,
    }
}

fn course(report: &Report) -> Course {
    let rows = &report.extras.course;
    Course {
        time: rows.iter().map(|it| it.time).collect(),
        commit: rows
            .iter()
            .map(|it| it.commit.chars().take(10).collect())
            .collect(),
        points: rows.iter().map(|it| it.points).collect(),
        customers: rows.iter().map(|it| it.customers).collect(),
        flags: rows.iter().map(|it| it.flags).collect(),
        lines: rows.iter().map(|it| it.guarded_lines).collect(),
    }
}

/// Author-days by month: all, and those on customers' code.
fn months(report: &Report) -> Vec<(String, f64, f64)> {
    let months = report.past.iter().flat_map(|past| &past.months);
    let custom = |it: &crate::MonthEntry| {
        let work = it.by_dimension.iter();
        work.filter(|(name, _)| !matches!(name.as_str(), "flag" | "tenant"))
            .map(|it| it.1)
            .sum()
    };
    months
        .map(|it| (it.month.clone(), it.effort, custom(it)))
        .collect()
}
