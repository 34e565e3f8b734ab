//! `bespoke validate`.

use std::io::{self, BufWriter, Write as _};

use bespoke_engine::{Activity, Every, Graphs, History, HistoryOptions, Told, Window, backtest};
use bespoke_report::{write_backtest, write_backtest_json};

use super::{history_with_bar, warn_of_history};
use crate::{
    args::{ScreenArgs, TextOrJson, ValidateCommand},
    exit,
    failure::Failure,
    screen,
};

/// Seconds of 365 days.
const YEAR: i64 = 365 * 86_400;

pub(crate) fn run(args: &ValidateCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let whole = HistoryOptions {
        graphs: Graphs::Never,
        ..HistoryOptions::default()
    };
    let (seen, found) = read(args, whole, screen)?;
    warn_of_history(&found, screen);
    let past = seen.past();
    // Each year needs one before it, for churn; the oldest is what the first model is fitted on.
    let times: Vec<i64> = (1..=i64::from(args.years) + 1)
        .map(|years| past.until - years * YEAR)
        .take_while(|time| time - YEAR >= past.since)
        .collect();
    if times.is_empty() {
        let days = (past.until - past.since) / 86_400;
        return Err(Failure::new(format!(
            "there are {days} days of history, and two years are needed"
        ))
        .hint("in CI, fetch all of it (`fetch-depth: 0`)"));
    }
    let mut windows = Vec::new();
    for time in times.iter().rev().copied() {
        let until = HistoryOptions {
            until: Some(time),
            every: Every::Month,
            graphs: Graphs::Never,
            undeclared: true,
            ..HistoryOptions::default()
        };
        let (known, _) = read(args, until, screen)?;
        windows.push(Window::new(
            time,
            &known.at(time, YEAR),
            &seen.at(time, YEAR),
        ));
    }
    let test = backtest(&windows, &found.debt);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        TextOrJson::Text => write_backtest(&test, &screen::style(screen), &mut out)?,
        TextOrJson::Json => write_backtest_json(&test, &mut out)?,
    }
    out.flush()?;
    Ok(exit::CLEAN)
}

fn read(
    args: &ValidateCommand,
    options: HistoryOptions<'_>,
    screen: &ScreenArgs,
) -> Result<(Activity, History), Failure> {
    let options = HistoryOptions {
        scan: args.input.options()?,
        ..options
    };
    let mut activity = Activity::default();
    let found = history_with_bar(&args.repository, options, screen, &mut |told| {
        if let Told::Row(row) = told {
            activity.take(&row);
        }
        true
    })?;
    Ok((activity, found))
}
