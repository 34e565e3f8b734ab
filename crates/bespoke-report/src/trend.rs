//! A trend: one record for each commit, and a page for people.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use bespoke_analysis::{
    Activity, Event, GraphSample, Growth, GrowthKind, Past, Row, growth, marginal_complexity,
};
use bespoke_facts::date_of;
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use crate::{
    Column, Quantiles, Style, Table,
    report::quantiles,
    text::{Tone, safe},
};

/// Version of the rows' form: a new minor one adds, a new major one changes.
pub const TREND_SCHEMA_VERSION: &str = "1.1";
/// Seconds of a year.
const YEAR: i64 = 365 * 86_400;
/// Columns of a sparkline.
const SPARKS: usize = 40;
/// Levels of one.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A row as it is written.
#[derive(Serialize)]
struct RowEntry<'a> {
    kind: &'static str,
    schema_version: &'static str,
    commit: &'a str,
    parents: &'a [String],
    /// When it was put in, UTC.
    time: String,
    author_time: String,
    author: &'a str,
    author_email: &'a str,
    subject: &'a str,
    tags: &'a [String],
    incomplete: bool,
    cut: bool,
    changed_files: u32,
    issues: u32,
    files: u32,
    nloc: u32,
    functions: u32,
    cyclomatic: u32,
    cognitive: u32,
    decisions: u32,
    custom_decisions: u32,
    points: u32,
    #[serde(serialize_with = "as_map")]
    by_kind: &'a [(String, u32)],
    #[serde(serialize_with = "as_map")]
    by_dimension: &'a [(String, u32)],
    guarded_lines: u32,
    files_with_points: u32,
    scattering: Quantiles,
    tangling: Quantiles,
    nesting: u32,
    born: Vec<EventEntry<'a>>,
    died: Vec<EventEntry<'a>>,
    moved: usize,
    /// What the dependency graph is like: at samples, else null.
    graph: Option<GraphEntry>,
    /// Sums by component or owner; empty where nobody asked.
    groups: BTreeMap<&'a str, GroupEntry>,
    /// Points that stayed and whose lines it changed.
    touched: usize,
    lines_added: u64,
    lines_deleted: u64,
    /// Of these lines, those in units, conditions and guarded regions, by dimension.
    lines_by_dimension: BTreeMap<&'a str, u64>,
}

#[derive(Serialize)]
struct GroupEntry {
    files: u32,
    nloc: u32,
    cognitive: u32,
    points: u32,
    guarded_lines: u32,
}

#[derive(Serialize)]
struct GraphEntry {
    dependencies: u32,
    propagation_cost: Option<f64>,
    cycles: u32,
    largest_cycle: u32,
    crossings: u32,
    with_points: u32,
    reach1: u32,
    reach: u32,
    clusters: u32,
    largest_cluster: u32,
    configurations: u64,
    pairs: u32,
}

fn graph(sample: &GraphSample) -> GraphEntry {
    GraphEntry {
        dependencies: sample.dependencies,
        propagation_cost: sample
            .propagation_cost
            .map(|it| f64::from(it) / 1_000_000.0),
        cycles: sample.cycles,
        largest_cycle: sample.largest_cycle,
        crossings: sample.crossings,
        with_points: sample.with_points,
        reach1: sample.reach1,
        reach: sample.reach,
        clusters: sample.clusters,
        largest_cluster: sample.largest_cluster,
        configurations: sample.configurations,
        pairs: sample.pairs,
    }
}

#[derive(Serialize)]
struct EventEntry<'a> {
    kind: &'a str,
    subjects: Vec<String>,
    path: &'a str,
    line: u32,
    key: String,
}

fn as_map<S: Serializer>(pairs: &&[(String, u32)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(pairs.len()))?;
    for (name, count) in *pairs {
        map.serialize_entry(name, count)?;
    }
    map.end()
}

fn entry(row: &Row) -> RowEntry<'_> {
    fn events(events: &[Event]) -> Vec<EventEntry<'_>> {
        let events = events.iter().map(|event| EventEntry {
            kind: &event.kind,
            subjects: event
                .subjects
                .iter()
                .map(|(dimension, _, name)| format!("{dimension}:{name}"))
                .collect(),
            path: event.path.as_str(),
            line: event.line + 1,
            key: format!("{:016x}", event.key),
        });
        events.collect()
    }
    let totals = &row.totals;
    RowEntry {
        kind: "row",
        schema_version: TREND_SCHEMA_VERSION,
        commit: &row.commit,
        parents: &row.parents,
        time: timestamp(row.time, 0),
        author_time: timestamp(row.author_time, row.offset),
        author: &row.author.0,
        author_email: &row.author.1,
        subject: &row.subject,
        tags: &row.tags,
        incomplete: row.incomplete,
        cut: row.cut,
        changed_files: row.changed_files,
        issues: row.issues,
        files: totals.files,
        nloc: totals.nloc,
        functions: totals.functions,
        cyclomatic: row.complexity.cyclomatic,
        cognitive: totals.cognitive,
        decisions: row.complexity.decisions,
        custom_decisions: row.complexity.custom_decisions,
        points: totals.points,
        by_kind: &totals.by_kind,
        by_dimension: &totals.by_dimension,
        guarded_lines: totals.guarded_lines,
        files_with_points: totals.files_with_points,
        scattering: quantiles(totals.scattering),
        tangling: quantiles(totals.tangling),
        nesting: totals.nesting,
        born: events(&row.born),
        died: events(&row.died),
        moved: row.moved.len(),
        graph: row.graph.as_ref().map(graph),
        groups: row
            .groups
            .iter()
            .map(|(name, sums)| {
                let entry = GroupEntry {
                    files: sums.files,
                    nloc: sums.nloc,
                    cognitive: sums.cognitive,
                    points: sums.points,
                    guarded_lines: sums.guarded_lines,
                };
                (name.as_str(), entry)
            })
            .collect(),
        touched: row.touched.len(),
        lines_added: row.files.iter().map(|it| u64::from(it.added)).sum(),
        lines_deleted: row.files.iter().map(|it| u64::from(it.deleted)).sum(),
        lines_by_dimension: {
            let mut lines: BTreeMap<&str, u64> = BTreeMap::new();
            for (dimension, count) in row.files.iter().flat_map(|it| &it.by_dimension) {
                *lines.entry(dimension).or_default() += u64::from(*count);
            }
            lines
        },
    }
}

/// RFC 3339, with an offset in seconds.
fn timestamp(seconds: i64, offset: i32) -> String {
    let local = seconds.saturating_add(i64::from(offset));
    let (year, month, day) = date_of(local);
    let of_day = local.rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    let zone = if offset == 0 {
        "Z".to_owned()
    } else {
        let sign = if offset < 0 { '-' } else { '+' };
        let minutes = offset.unsigned_abs() / 60;
        format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
}

/// One row as one line of JSON.
pub fn write_row(row: &Row, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &entry(row)).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// Columns of the table for spreadsheets.
pub const CSV_HEADER: &str = "commit,time,author,files,nloc,cognitive,decisions,custom_decisions,points,\
customers,flags,tenant_attributes,customer_branch,tenant_branch,flag_check,customer_unit,customer_data,\
customer_dependency,guarded_lines,born,died,moved,incomplete\n";

/// One row of the table for spreadsheets.
pub fn write_csv_row(row: &Row, out: &mut dyn Write) -> io::Result<()> {
    let totals = &row.totals;
    let of = |pairs: &[(String, u32)], name: &str| {
        pairs
            .iter()
            .find(|(known, _)| known == name)
            .map_or(0, |(_, count)| *count)
    };
    let kind = |name| of(&totals.by_kind, name);
    let dimension = |name| of(&totals.by_dimension, name);
    writeln!(
        out,
        "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
        row.commit,
        timestamp(row.time, 0),
        quoted(&row.author.0),
        totals.files,
        totals.nloc,
        totals.cognitive,
        row.complexity.decisions,
        row.complexity.custom_decisions,
        totals.points,
        dimension("customer"),
        dimension("flag"),
        dimension("tenant"),
        kind("customer_branch"),
        kind("tenant_branch"),
        kind("flag_check"),
        kind("customer_unit"),
        kind("customer_data"),
        kind("customer_dependency"),
        totals.guarded_lines,
        row.born.len(),
        row.died.len(),
        row.moved.len(),
        u8::from(row.incomplete),
    )
}

/// A field after RFC 4180; one that a spreadsheet would take for a formula is made text.
pub(crate) fn quoted(text: &str) -> String {
    let text = safe(text);
    let formula = text.starts_with(['=', '+', '-', '@']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.into_owned()
    };
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// One figure of a sample.
type Of = fn(&Sample) -> u32;

/// What a row says of the whole, for the page.
#[derive(Clone, Copy, Debug)]
struct Sample {
    time: i64,
    customers: u32,
    flags: u32,
    points: u32,
    cognitive: u32,
    guarded: u32,
    nloc: u32,
    custom: u32,
}

/// Gathers rows for the page for people.
#[derive(Debug, Default)]
pub struct TrendPage {
    samples: Vec<Sample>,
    activity: Activity,
    authors: BTreeMap<String, (u32, u32)>,
    incomplete: usize,
}

impl TrendPage {
    /// Takes in the next row.
    pub fn take(&mut self, row: &Row) {
        let of = |name: &str| {
            let found = row
                .totals
                .by_dimension
                .iter()
                .find(|(known, _)| known == name);
            found.map_or(0, |(_, count)| *count)
        };
        self.samples.push(Sample {
            time: row.time,
            customers: of("customer"),
            flags: of("flag"),
            points: row.totals.points,
            cognitive: row.totals.cognitive,
            guarded: row.totals.guarded_lines,
            nloc: row.totals.nloc,
            custom: row.complexity.custom_decisions,
        });
        self.activity.take(row);
        self.incomplete += usize::from(row.incomplete);
        if !row.cut {
            let by = self.authors.entry(row.author.0.clone()).or_default();
            let count = |events: &[Event]| u32::try_from(events.len()).unwrap_or(u32::MAX);
            by.0 += count(&row.born);
            by.1 += count(&row.died);
        }
    }

    /// Writes the page.
    pub fn write(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let (Some(first), Some(last)) = (self.samples.first(), self.samples.last()) else {
            return writeln!(out, "No commits.");
        };
        let day = |time: i64| {
            let (year, month, day) = date_of(time);
            format!("{year:04}-{month:02}-{day:02}")
        };
        let title = format!(
            "{} commits, {} to {}",
            self.samples.len(),
            day(first.time),
            day(last.time)
        );
        writeln!(out, "{}", style.paint(Tone::Heading, title))?;
        if self.incomplete > 0 {
            let words = format!(
                "{} rows are incomplete: objects of these commits are missing",
                self.incomplete
            );
            writeln!(out, "{}", style.paint(Tone::Warning, words))?;
        }
        writeln!(out)?;
        self.series(style, out)?;
        self.years(style, out)?;
        self.growth(style, out)?;
        self.lives(style, out)?;
        work(&self.activity.past(), style, out)?;
        self.authors(style, out)
    }

    fn series(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let last = self.samples[self.samples.len() - 1];
        let before = self.at(last.time - YEAR).unwrap_or(self.samples[0]);
        let series: [(&str, Of); 7] = [
            ("customers", |it| it.customers),
            ("flags", |it| it.flags),
            ("branches and checks", |it| it.points),
            ("guarded lines", |it| it.guarded),
            ("custom decisions", |it| it.custom),
            ("cognitive complexity", |it| it.cognitive),
            ("lines with code", |it| it.nloc),
        ];
        for (name, of) in series {
            let (now, then) = (i64::from(of(&last)), i64::from(of(&before)));
            let change = now - then;
            let sign = if change > 0 { "+" } else { "" };
            let spark = style.paint(Tone::Bar, self.spark(of)).into_owned();
            writeln!(out, "{name:<22}{now:>9}  {sign}{change:<9} {spark}")?;
        }
        let note = "                       now  in a year";
        writeln!(out, "{}\n", style.paint(Tone::Faint, note.trim_end()))
    }

    /// The last sample that is not after a time.
    fn at(&self, time: i64) -> Option<Sample> {
        self.samples
            .iter()
            .rev()
            .find(|it| it.time <= time)
            .copied()
    }

    fn spark(&self, of: Of) -> String {
        let (first, last) = (
            self.samples[0].time,
            self.samples[self.samples.len() - 1].time,
        );
        let columns = SPARKS.min(self.samples.len());
        let span = (last - first).max(1);
        let mut values = Vec::with_capacity(columns);
        let mut at = 0;
        for column in 1..=columns {
            let share = i64::try_from(column).unwrap_or(1);
            let until = first + span * share / i64::try_from(columns).unwrap_or(1);
            while at + 1 < self.samples.len() && self.samples[at + 1].time <= until {
                at += 1;
            }
            values.push(of(&self.samples[at]));
        }
        let most = values.iter().copied().max().unwrap_or(0).max(1);
        values
            .into_iter()
            .map(|value| {
                let level = usize::try_from(u64::from(value) * 7 / u64::from(most)).unwrap_or(7);
                LEVELS[level.min(7)]
            })
            .collect()
    }

    fn years(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(vec![
            Column::words("end of"),
            Column::figures("customers"),
            Column::figures("flags"),
            Column::figures("points"),
            Column::figures("guarded lines"),
            Column::figures("custom decisions"),
            Column::figures("lines"),
        ]);
        let mut by_year: BTreeMap<i64, Sample> = BTreeMap::new();
        for sample in &self.samples {
            by_year.insert(date_of(sample.time).0, *sample);
        }
        for (year, it) in by_year {
            let figures = [
                it.customers,
                it.flags,
                it.points,
                it.guarded,
                it.custom,
                it.nloc,
            ];
            let cells = std::iter::once(year.to_string());
            table.row(cells.chain(figures.map(|it| it.to_string())).collect());
        }
        table.write(style, out)?;
        writeln!(out)
    }

    /// Values at the ends of equal periods, and what a period is called; none of less than two periods.
    fn periods(&self, of: Of) -> (Vec<f64>, &'static str, f64) {
        let (first, last) = (
            self.samples[0].time,
            self.samples[self.samples.len() - 1].time,
        );
        let (length, name, in_year) = if last - first >= 2 * YEAR {
            (YEAR / 4, "quarter", 4.0)
        } else {
            (YEAR / 12, "month", 12.0)
        };
        let mut values = Vec::new();
        let mut end = first + length;
        while end <= last {
            values.extend(self.at(end).map(|it| f64::from(of(&it))));
            end += length;
        }
        // What was before the first of anything says nothing of how it grows.
        let begin = values.iter().position(|it| *it > 0.0).unwrap_or(0);
        (values.split_off(begin), name, in_year)
    }

    fn growth(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", style.paint(Tone::Heading, "Growth"))?;
        let series: [(&str, Of); 4] = [
            ("customers", |it| it.customers),
            ("flags", |it| it.flags),
            ("branches and checks", |it| it.points),
            ("cognitive complexity", |it| it.cognitive),
        ];
        for (name, of) in series {
            let (values, period, in_year) = self.periods(of);
            let words = sentence(&growth(&values), values.len(), period, in_year);
            writeln!(out, "{name:<22}{words}")?;
        }
        let (_, period, _) = self.periods(|it| it.cognitive);
        let pairs = |of: Of| {
            let (first, last) = (
                self.samples[0].time,
                self.samples[self.samples.len() - 1].time,
            );
            let length = if period == "quarter" {
                YEAR / 4
            } else {
                YEAR / 12
            };
            let ends = (1..)
                .map(|at| first + at * length)
                .take_while(move |end| *end <= last);
            let values = ends.filter_map(|end| self.at(end));
            values.map(|it| f64::from(of(&it))).collect::<Vec<f64>>()
        };
        let complexity: Of = |it| it.cognitive;
        let customers: Of = |it| it.customers;
        let words = match marginal_complexity(&pairs(complexity), &pairs(customers)) {
            Some(slope) => format!(
                "{:.0} points of cognitive complexity ({:.0} to {:.0}, 95 %)",
                slope.slope, slope.low, slope.high
            ),
            None => {
                "not identified: too few periods with new customers, or no clear effect".to_owned()
            }
        };
        writeln!(out, "{:<22}{words}\n", "each new customer")
    }

    fn lives(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let last = self.samples[self.samples.len() - 1].time;
        let mut any = false;
        for (dimension, name) in [("flag", "flags"), ("customer", "customers")] {
            let survival = self.activity.lives().survival(dimension);
            if survival.subjects == 0 {
                continue;
            }
            if !any {
                writeln!(out, "{}", style.paint(Tone::Heading, "Lives"))?;
                any = true;
            }
            let (came, went) = self.activity.lives().since(dimension, last - YEAR);
            let half = match survival.gone_by(0.5) {
                Some(days) => format!("half are gone after {days:.0} days"),
                None if survival.deaths < bespoke_analysis::Survival::MIN_DEATHS => {
                    "too few went to tell a median age".to_owned()
                }
                None => "more than half are still there".to_owned(),
            };
            writeln!(
                out,
                "{name:<22}{} ever, {} gone; {half}; last year {came} came, {went} went",
                survival.subjects, survival.deaths
            )?;
        }
        if any { writeln!(out) } else { Ok(()) }
    }

    fn authors(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let mut authors: Vec<(&String, &(u32, u32))> = self.authors.iter().collect();
        authors.retain(|(_, (born, died))| born + died > 0);
        authors.sort_by(|a, b| (b.1.0, a.0).cmp(&(a.1.0, b.0)));
        if authors.is_empty() {
            return Ok(());
        }
        let mut table = Table::new(vec![
            Column::words("who brought points"),
            Column::figures("brought"),
            Column::figures("took away"),
        ]);
        let more = authors.len().saturating_sub(style.rows);
        authors.truncate(style.rows);
        for (name, (born, died)) in authors {
            table.row(vec![
                safe(name).into_owned(),
                born.to_string(),
                died.to_string(),
            ]);
        }
        table.write(style, out)?;
        if more > 0 {
            writeln!(
                out,
                "{}",
                style.paint(Tone::Faint, format!("and {more} more"))
            )?;
        }
        Ok(())
    }
}

/// Effort, and for whom.
fn work(past: &Past, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if past.effort.total <= 0.0 {
        return Ok(());
    }
    writeln!(out, "{}", style.paint(Tone::Heading, "Work"))?;
    let of = |dimension: &str| -> f64 {
        let parts = past.months.iter().flat_map(|it| &it.by_dimension);
        let own = parts.filter(|(name, _)| name == dimension);
        // The sum of nothing is -0.
        own.map(|(_, effort)| effort).sum::<f64>().max(0.0) / past.effort.total * 100.0
    };
    writeln!(
        out,
        "{:<22}{:.0} by {} people, {:.0} in the last year; {:.1} % for customers, {:.1} % behind flags",
        "author-days",
        past.effort.total,
        past.authors,
        past.effort.year,
        of("customer"),
        of("flag")
    )?;
    let mut worked: Vec<_> = past
        .subjects
        .iter()
        .filter(|it| !matches!(it.dimension.as_str(), "flag" | "tenant"))
        .filter(|it| it.effort.total > 0.0)
        .collect();
    worked.sort_by(|a, b| {
        let by_effort = b.effort.total.total_cmp(&a.effort.total);
        by_effort.then(a.key.cmp(&b.key))
    });
    if worked.is_empty() {
        return writeln!(out);
    }
    let mut table = Table::new(vec![
        Column::words("for whom"),
        Column::figures("author-days"),
        Column::figures("last year"),
        Column::figures("people"),
        Column::figures("lines changed"),
        Column::words("first"),
        Column::words("last"),
    ]);
    let day = |mark: &Option<bespoke_analysis::Mark>| {
        mark.as_ref().map_or_else(String::new, |mark| {
            let (year, month, day) = date_of(mark.time);
            format!("{year:04}-{month:02}-{day:02}")
        })
    };
    let more = worked.len().saturating_sub(style.rows);
    for it in worked.iter().take(style.rows) {
        let life = past
            .lives
            .iter()
            .find(|life| (&life.dimension, &life.key) == (&it.dimension, &it.key));
        table.row(vec![
            safe(life.map_or(&it.key, |life| &life.name)).into_owned(),
            format!("{:.1}", it.effort.total),
            format!("{:.1}", it.effort.year),
            it.authors.to_string(),
            it.lines.to_string(),
            day(&it.first),
            day(&it.last),
        ]);
    }
    table.write(style, out)?;
    if more > 0 {
        writeln!(
            out,
            "{}",
            style.paint(Tone::Faint, format!("and {more} more"))
        )?;
    }
    writeln!(out)
}

fn sentence(growth: &Growth, periods: usize, period: &str, in_year: f64) -> String {
    let slope = growth.slope.map(|it| {
        format!(
            "{:+.1} a year ({:+.1} to {:+.1}, 95 %)",
            it.slope * in_year,
            it.low * in_year,
            it.high * in_year
        )
    });
    let slope = slope.unwrap_or_default();
    match growth.kind {
        GrowthKind::NotIdentified => format!("not identified: {periods} {period}s, 8 are needed"),
        GrowthKind::Flat => "flat: no trend that chance does not explain".to_owned(),
        GrowthKind::Linear => format!("{slope}, linear"),
        GrowthKind::Undetermined => format!("{slope}, linear or exponential"),
        GrowthKind::Exponential => match growth.doubling {
            Some(doubling) => {
                format!(
                    "{slope}, exponential: doubles in {:.1} years",
                    doubling / in_year
                )
            }
            None => format!("{slope}, exponential"),
        },
    }
}

#[cfg(test)]
mod tests {
    use bespoke_analysis::Totals;

    use super::*;

    fn row(at: i64) -> Row {
        Row {
            commit: format!("{at:040x}"),
            author: (
                "=Eve \"x\"\u{1b}[31m".to_owned(),
                "eve@example.org".to_owned(),
            ),
            time: at * 30 * 86_400,
            author_time: at * 30 * 86_400,
            offset: -9_000,
            totals: Totals {
                points: u32::try_from(at).unwrap(),
                by_kind: vec![("flag_check".to_owned(), u32::try_from(at).unwrap())],
                by_dimension: vec![("flag".to_owned(), 2)],
                nloc: 100,
                ..Totals::default()
            },
            born: vec![Event {
                kind: "flag_check".to_owned(),
                subjects: vec![("flag".to_owned(), "dark".to_owned(), "Dark".to_owned())],
                line: 4,
                ..Event::default()
            }],
            ..Row::default()
        }
    }

    #[test]
    fn rows_are_lines_of_json() {
        let mut out = Vec::new();
        write_row(&row(1), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches('\n').count(), 1);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["author_time"], "1970-01-30T21:30:00-02:30");
        assert_eq!(value["by_kind"]["flag_check"], 1);
        assert_eq!(value["born"][0]["line"], 5);
        assert_eq!(value["born"][0]["subjects"][0], "flag:Dark");
    }

    #[test]
    fn tables_have_as_many_fields_as_columns_and_no_formulas() {
        let mut out = Vec::new();
        write_csv_row(&row(1), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches(',').count(), CSV_HEADER.matches(',').count());
        assert!(text.contains("\"'=Eve \"\"x\"\"\\u{1b}[31m\""), "{text}");
    }

    #[test]
    fn the_page_shows_the_way_and_no_control_characters() {
        let mut page = TrendPage::default();
        for at in 1..40 {
            page.take(&row(at));
        }
        let mut out = Vec::new();
        page.write(&Style::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.starts_with("39 commits, 1970-01-31 to 1973-03-16\n"),
            "{text}"
        );
        assert!(
            text.contains("branches and checks   +12.0 a year"),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'));
        let mut empty = Vec::new();
        TrendPage::default()
            .write(&Style::default(), &mut empty)
            .unwrap();
        assert_eq!(empty, b"No commits.\n");
    }
}
