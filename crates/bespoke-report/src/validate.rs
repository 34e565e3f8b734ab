//! A backtest as a page and as JSON.

use std::io::{self, Write};

use bespoke_analysis::{
    Backtest, COMPARED, Gain, MIN_EVENTS, MIN_WINDOWS, Measured, Outcome, Score, Tested, Verdict,
};
use bespoke_facts::date_of;
use serde_json::{Value, json};

use crate::{
    Column, Style, Table,
    text::{Tone, count, number, wrap},
};

/// A smaller gain of area changes hardly anybody's list.
const SMALL: f64 = 0.02;

/// Version of the JSON's form, `major.minor`.
pub const VALIDATE_SCHEMA_VERSION: &str = "1.0";

fn day(time: i64) -> String {
    let (year, month, day) = date_of(time);
    format!("{year:04}-{month:02}-{day:02}")
}

fn title(score: Score) -> &'static str {
    match score {
        Score::Size => "size",
        Score::Churn => "churn",
        Score::ComplexityChurn => "complexity × churn",
        Score::Points => "branches and checks",
        Score::Product => "complexity × churn × points",
        Score::Interest => "interest",
        Score::Model => "model of size, churn, complexity × churn",
        Score::ModelWithPoints => "the same with branches and checks",
    }
}

fn what(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Gained => "where new customers and flags come",
        Outcome::Touched => "which files are changed",
    }
}

/// Writes a backtest as JSON.
pub fn write_backtest_json(test: &Backtest, out: &mut dyn Write) -> io::Result<()> {
    let windows: Vec<Value> = test
        .windows
        .iter()
        .map(|window| {
            json!({
                "from": day(window.time),
                "files": window.files,
                "files_with_points": window.with_points,
                "vicious_cycle": window.vicious_cycle.map(|it| json!({
                    "ratio": round(it.ratio), "low": round(it.low), "high": round(it.high),
                })),
                "outcomes": window.outcomes.iter().map(|it| json!({
                    "outcome": it.outcome.id(),
                    "files": it.events,
                    "auc": by_id(&it.areas),
                    "found_in_20_percent_of_lines": by_id(&it.found),
                    "gains": it.gains.iter().map(|gain| json!({
                        "score": gain.score.id(), "than": gain.than.id(),
                        "auc": round(gain.gain), "low": round(gain.low), "high": round(gain.high),
                    })).collect::<Vec<_>>(),
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    let verdicts: Vec<Value> = test
        .verdicts
        .iter()
        .map(|it| {
            json!({
                "outcome": it.outcome.id(), "better": it.better, "worse": it.worse, "of": it.of,
                "holds": it.holds, "middle_gain": round(it.middle), "text": verdict(it),
            })
        })
        .collect();
    let page = json!({
        "schema_version": VALIDATE_SCHEMA_VERSION,
        "tool": { "name": "bespoke", "version": env!("CARGO_PKG_VERSION") },
        "windows": windows,
        "verdicts": verdicts,
    });
    serde_json::to_writer_pretty(&mut *out, &page)?;
    writeln!(out)
}

fn by_id(values: &[(Score, f64)]) -> Value {
    let values = values.iter();
    values
        .map(|(score, value)| (score.id().to_owned(), json!(round(*value))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// Writes a backtest for a person.
pub fn write_backtest(test: &Backtest, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let intro = "Files of the core as they were known at a day, against what came in the year after. 0.5 is chance, 1 is all \
                 told. Customers are known by what history had taught until that day.";
    for line in wrap(intro, style.width) {
        writeln!(out, "{line}")?;
    }
    for outcome in Outcome::ALL {
        let own: Vec<(&Tested, &Measured)> = test
            .windows
            .iter()
            .filter_map(|it| Some((it, it.outcomes.iter().find(|it| it.outcome == outcome)?)))
            .collect();
        writeln!(out)?;
        let heading = format!("Does it say {}?", what(outcome));
        writeln!(out, "{}", style.paint(Tone::Strong, heading))?;
        areas(&own, style, out)?;
        gains(&own, style, out)?;
        if let Some(it) = test.verdicts.iter().find(|it| it.outcome == outcome) {
            writeln!(out)?;
            for line in wrap(&format!("{} {}", verdict(it), alone(&own)), style.width) {
                writeln!(out, "{line}")?;
            }
        }
    }
    let cycles: Vec<String> = test
        .windows
        .iter()
        .filter_map(|it| {
            let cycle = it.vicious_cycle?;
            let [ratio, low, high] = [cycle.ratio, cycle.low, cycle.high];
            Some(format!(
                "{} {ratio:.1} ({low:.1} to {high:.1})",
                day(it.time)
            ))
        })
        .collect();
    if !cycles.is_empty() {
        writeln!(out)?;
        let line = format!(
            "Vicious-cycle index, how much likelier a file with branches and checks gained another: {}.",
            cycles.join(", ")
        );
        for line in wrap(&line, style.width) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn areas(own: &[(&Tested, &Measured)], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut columns = vec![Column::words("")];
    columns.extend(
        own.iter()
            .map(|(window, _)| Column::figures(&day(window.time))),
    );
    let mut table = Table::new(columns);
    let mut row = |title: &str, cell: &dyn Fn(&Tested, &Measured) -> String| {
        let cells = own.iter().map(|(window, it)| cell(window, it));
        table.row([title.to_owned()].into_iter().chain(cells).collect());
    };
    row("files", &|window, _| number(window.files as u64));
    row("of them, it happened to", &|_, it| number(it.events as u64));
    for score in Score::ALL {
        row(title(score), &|_, it| {
            let area = it.areas.iter().find(|(own, _)| *own == score);
            area.map_or_else(|| "n/a".to_owned(), |(_, area)| format!("{area:.3}"))
        });
    }
    table.write(style, out)
}

fn gains(own: &[(&Tested, &Measured)], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(vec![
        Column::words("Gain"),
        Column::words("in the year from"),
        Column::figures("area"),
        Column::words("95 % interval"),
    ]);
    for (score, than) in COMPARED {
        let mut title = match score {
            Score::ModelWithPoints => "the model, from branches and checks".to_owned(),
            _ => format!("{} over {}", title(score), title(than)),
        };
        for (window, it) in own {
            let fits = |gain: &&Gain| gain.score == score && gain.than == than;
            if let Some(gain) = it.gains.iter().find(fits) {
                table.row(vec![
                    std::mem::take(&mut title),
                    day(window.time),
                    format!("{:+.3}", gain.gain),
                    format!("{:+.3} to {:+.3}", gain.low, gain.high),
                ]);
            }
        }
    }
    if table.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    table.write(style, out)
}

fn of_years(some: usize, all: usize) -> String {
    format!("{some} of {}", count(all as u64, "year", "years"))
}

/// What interest says by itself.
fn alone(own: &[(&Tested, &Measured)]) -> String {
    let compared = COMPARED
        .iter()
        .filter(|(score, _)| *score == Score::Interest);
    let told: Vec<String> = compared
        .filter_map(|(score, than)| {
            let gains = own.iter().flat_map(|(_, it)| &it.gains);
            let gains = gains.filter(|gain| gain.score == *score && gain.than == *than);
            let (all, better, worse) = gains.fold((0, 0, 0), |(all, better, worse), gain| {
                (
                    all + 1,
                    better + usize::from(gain.low > 0.0),
                    worse + usize::from(gain.high < 0.0),
                )
            });
            let than = title(*than);
            match (all, better, worse) {
                (0, ..) => None,
                (_, 0, 0) => Some(format!("as much as {than}")),
                (_, better, 0) => Some(format!("more than {than} in {}", of_years(better, all))),
                (_, 0, worse) => Some(format!("less than {than} in {}", of_years(worse, all))),
                (_, better, worse) => Some(format!(
                    "more than {than} in {better} and less in {worse} of {all} years"
                )),
            }
        })
        .collect();
    if told.is_empty() {
        return String::new();
    }
    format!(
        "Interest by itself says {}: it is a cost, and no forecast.",
        told.join(", ")
    )
}

fn verdict(it: &Verdict) -> String {
    let what = what(it.outcome);
    if it.of == 0 {
        return format!(
            "Nothing can be said: in no year did it happen to {MIN_EVENTS} files or more, with a year before it to fit the \
             model on."
        );
    }
    let years = of_years(it.better, it.of);
    if it.holds {
        let size = if it.middle < SMALL {
            "but by little"
        } else {
            "by"
        };
        return format!(
            "Branches and checks say {what} better than size, churn and complexity together in {years}, {size}: {:+.3} of area in \
             the middle year.",
            it.middle
        );
    }
    let few = if it.of < MIN_WINDOWS {
        format!(" (fewer than {MIN_WINDOWS} years prove nothing)")
    } else {
        String::new()
    };
    let worse = match it.worse {
        0 => String::new(),
        worse => format!(", and worse in {worse}"),
    };
    format!(
        "No gain that holds: branches and checks say {what} better than size, churn and complexity together in {years}{worse}{few}."
    )
}
