//! What custom work cost before, as a page and as JSON.

use std::io::{self, Write};

use bespoke_analysis::{BUILD_DAYS, MIN_PRECEDENTS, MIN_WORK, Precedent, Quote, Range, Survival};
use bespoke_facts::date_of;
use serde::Serialize;

use crate::{
    Column, Style, Table, figures,
    text::{Tone, count, number, safe, wrap},
};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What custom work cost before. Effort is in author-days.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuoteReport {
    /// Files and folders that were asked for; all where there is none.
    pub paths: Vec<String>,
    /// First and last day of the history, `YYYY-MM-DD` (UTC).
    pub since: String,
    /// The last.
    pub until: String,
    /// Days from the first change in which work counts as building.
    pub build_days: i64,
    /// To build, in author-days.
    pub build: Option<RangeEntry>,
    /// Upkeep, in author-days a quarter.
    pub carry_per_quarter: Option<RangeEntry>,
    /// Customers with less than half an author-day there, which are no precedents.
    pub mentions: usize,
    /// Days after which half of them were gone; only where ten or more are.
    pub median_life_days: Option<f64>,
    /// How many came, as far as history tells.
    pub came: usize,
    /// How many of these are gone.
    pub gone: usize,
    /// Customers with work there, the dearest to build first.
    pub precedents: Vec<PrecedentEntry>,
}

/// Where values lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RangeEntry {
    /// A tenth is at or below it.
    pub low: f64,
    /// Half are.
    pub median: f64,
    /// Nine tenths are.
    pub high: f64,
    /// Of how many values.
    pub of: usize,
}

/// A customer with work there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PrecedentEntry {
    /// `customer`, or a dimension of the user's.
    pub dimension: String,
    /// Its name.
    pub name: String,
    /// When work began, `YYYY-MM-DD`.
    pub since: String,
    /// When its last point went.
    pub until: Option<String>,
    /// Author-days of building.
    pub build: f64,
    /// Author-days a quarter after that.
    pub carry_per_quarter: Option<f64>,
    /// Author-days in all.
    pub total: f64,
    /// People.
    pub authors: usize,
    /// It is still being built.
    pub is_young: bool,
    /// It is older than the history that is there.
    pub is_old: bool,
}

impl QuoteReport {
    /// The stable form of a quote.
    pub fn new(quote: &Quote, paths: &[String], since: i64, until: i64) -> Self {
        Self {
            paths: paths.to_vec(),
            since: day(since.div_euclid(DAY)),
            until: day(until.div_euclid(DAY)),
            build_days: BUILD_DAYS,
            build: quote.build.map(range),
            carry_per_quarter: quote.carry.map(range),
            mentions: quote.mentions,
            median_life_days: quote.survival.gone_by(0.5).map(round),
            came: quote.survival.subjects,
            gone: quote.survival.deaths,
            precedents: quote.precedents.iter().map(precedent).collect(),
        }
    }
}

fn range(range: Range) -> RangeEntry {
    RangeEntry {
        low: round(range.low),
        median: round(range.median),
        high: round(range.high),
        of: range.of,
    }
}

fn precedent(it: &Precedent) -> PrecedentEntry {
    PrecedentEntry {
        dimension: it.dimension.clone(),
        name: it.name.clone(),
        since: day(it.since),
        until: it.until.map(day),
        build: round(it.build),
        carry_per_quarter: it.carry.map(round),
        total: round(it.total),
        authors: it.authors,
        is_young: it.is_young,
        is_old: it.is_old,
    }
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn day(day: i64) -> String {
    let (year, month, day) = date_of(day * DAY);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Writes a quote as JSON.
pub fn write_quote_json(report: &QuoteReport, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}

/// Writes a quote for a person.
pub fn write_quote(report: &QuoteReport, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let places = match report.paths.as_slice() {
        [] => "the whole tree".to_owned(),
        paths => paths
            .iter()
            .map(|it| safe(it))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let title = format!(
        "Custom work in {places}, {} to {}",
        report.since, report.until
    );
    for line in wrap(&title, style.width) {
        writeln!(out, "{}", style.paint(Tone::Strong, line))?;
    }
    if report.precedents.is_empty() {
        return writeln!(
            out,
            "Nobody had work done there: this history says nothing of it."
        );
    }
    let mut lines = Vec::new();
    let few = format!("fewer than {MIN_PRECEDENTS} precedents, which make no range; see below");
    lines.push(match &report.build {
        Some(it) => format!(
            "To build: {} author-days, half took {} or less ({}, each in its first {} days).",
            between(it),
            figures::two_digits(it.median),
            count(it.of as u64, "precedent", "precedents"),
            report.build_days
        ),
        None => format!("To build: {few}."),
    });
    lines.push(match &report.carry_per_quarter {
        Some(it) => format!(
            "To keep: {} author-days a quarter, half took {} or less ({}).",
            between(it),
            figures::two_digits(it.median),
            count(it.of as u64, "precedent", "precedents"),
        ),
        None => format!("To keep: {few}."),
    });
    let came = count(report.came as u64, "precedent", "precedents");
    lines.push(match report.median_life_days {
        Some(days) => format!(
            "To be rid of: half were gone after {} days ({} of {came} are gone).",
            number_of(days),
            report.gone
        ),
        None => format!(
            "To be rid of: {} of {came} are gone; with fewer than {} gone there is no median.",
            report.gone,
            Survival::MIN_DEATHS
        ),
    });
    if report.mentions > 0 {
        lines.push(format!(
            "Left aside: {} with less than {MIN_WORK} author-days.",
            count(report.mentions as u64, "name", "names")
        ));
    }
    lines.push(
        "What was done before, no promise: the next deal may be another kind of work.".to_owned(),
    );
    for line in lines.iter().flat_map(|line| wrap(line, style.width)) {
        writeln!(out, "{line}")?;
    }
    let mut table = Table::new(vec![
        Column::words("Precedents"),
        Column::figures("to build"),
        Column::figures("a quarter"),
        Column::figures("in all"),
        Column::figures("people").optional(),
        Column::words("since"),
        Column::words("until"),
    ]);
    for it in report.precedents.iter().take(style.rows) {
        table.row(vec![
            safe(&it.name).into_owned(),
            if it.is_old {
                "unknown".to_owned()
            } else if it.is_young {
                format!("{} so far", figures::two_digits(it.build))
            } else {
                figures::two_digits(it.build)
            },
            it.carry_per_quarter
                .map_or_else(|| "–".to_owned(), figures::two_digits),
            figures::two_digits(it.total),
            number(it.authors as u64),
            it.since.clone(),
            it.until.clone().unwrap_or_else(|| "–".to_owned()),
        ]);
    }
    writeln!(out)?;
    table.write(style, out)?;
    if report.precedents.len() > style.rows {
        let more = number((report.precedents.len() - style.rows) as u64);
        writeln!(
            out,
            "{}",
            style.paint(Tone::Faint, format!("… and {more} more; -v shows them"))
        )?;
    }
    Ok(())
}

fn between(range: &RangeEntry) -> String {
    format!(
        "{} to {}",
        figures::two_digits(range.low),
        figures::two_digits(range.high)
    )
}

fn number_of(days: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "days of a life are few and not negative"
    )]
    number(days.round() as u64)
}
