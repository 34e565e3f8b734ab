//! `bespoke trend`.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufWriter, Write},
    path::Path,
};

use bespoke_engine::{
    Activity, By, History, HistoryOptions, Told, Vocabulary, vocabulary_from_json,
    vocabulary_to_json,
};
use bespoke_report::{
    CSV_HEADER, TREND_SCHEMA_VERSION, TrendPage, WholePast, write_csv_row, write_row,
};

use super::{history_with_bar, warn_of_history};
use crate::{
    args::{Part, ScreenArgs, TrendCommand, TrendForm},
    exit,
    failure::Failure,
    output, screen,
};

/// Seconds of a day.
const DAY: i64 = 86_400;

pub(crate) fn run(args: &TrendCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    for file in args.append.iter().chain(&args.write_vocabulary) {
        output::check_file(file)?;
    }
    let mut scan = args.input.options()?;
    let vocabulary = scan.vocabulary.take();
    let options = HistoryOptions {
        scan,
        range: args.range.clone(),
        all_commits: args.all_commits,
        since: args.since,
        until: args.until.map(|day| day + DAY - 1),
        paths: args.paths.clone(),
        every: args.every.every(),
        graphs: args.graph.graphs(),
        by: match args.by {
            None => By::Nothing,
            Some(Part::Component) => By::Component,
            Some(Part::Owner) => By::Owner,
        },
        vocabulary,
        undeclared: false,
        on_progress: None,
    };
    let found = match &args.append {
        Some(file) => append(file, &args.path, options, screen)?,
        None => write(args, screen, options)?,
    };
    if let Some(file) = &args.write_vocabulary {
        let text = vocabulary_to_json(&found.vocabulary);
        output::write_file(file, |out| out.write_all(text.as_bytes()))?;
    }
    warn_of_history(&found, screen);
    Ok(exit::CLEAN)
}

fn write(
    args: &TrendCommand,
    screen: &ScreenArgs,
    options: HistoryOptions<'_>,
) -> Result<History, Failure> {
    let mut out = BufWriter::new(io::stdout());
    let mut result = Ok(());
    match args.format {
        TrendForm::Text => {
            let mut page = TrendPage::default();
            let found = history_with_bar(&args.path, options, screen, &mut |told| {
                if let Told::Row(row) = told {
                    page.take(&row);
                }
                true
            })?;
            page.write(&screen::style(screen), &mut out)?;
            out.flush()?;
            Ok(found)
        }
        TrendForm::Csv => {
            out.write_all(CSV_HEADER.as_bytes())?;
            let found = history_with_bar(&args.path, options, screen, &mut |told| {
                if let Told::Row(row) = told {
                    result = write_csv_row(&row, &mut out);
                }
                result.is_ok()
            })?;
            result?;
            out.flush()?;
            Ok(found)
        }
        TrendForm::Ndjson => {
            let found = history_with_bar(&args.path, options, screen, &mut |told| {
                result = match told {
                    Told::Vocabulary(vocabulary) => out.write_all(header(vocabulary).as_bytes()),
                    // Whoever reads along sees each commit when it is there.
                    Told::Row(row) => write_row(&row, &mut out).and_then(|()| out.flush()),
                };
                result.is_ok()
            })?;
            result?;
            Ok(found)
        }
        TrendForm::Json => {
            let mut rows: Vec<u8> = Vec::new();
            let mut activity = Activity::default();
            let found = history_with_bar(&args.path, options, screen, &mut |told| {
                let Told::Row(row) = told else {
                    return true;
                };
                activity.take(&row);
                if !rows.is_empty() {
                    rows.extend_from_slice(b",\n");
                }
                result = write_row(&row, &mut rows);
                // The line's own end comes before the comma.
                rows.pop();
                result.is_ok()
            })?;
            result?;
            let vocabulary = one_line(&found.vocabulary);
            write!(
                out,
                "{{\"schema_version\": \"{TREND_SCHEMA_VERSION}\",\n\"vocabulary\": {vocabulary},\n\"rows\": [\n"
            )?;
            out.write_all(&rows)?;
            out.write_all(b"\n],\n\"past\": ")?;
            serde_json::to_writer(&mut out, &WholePast::new(&activity.past()))
                .map_err(io::Error::from)?;
            out.write_all(b"}\n")?;
            out.flush()?;
            Ok(found)
        }
    }
}

fn one_line(vocabulary: &Vocabulary) -> String {
    let lines = vocabulary_to_json(vocabulary);
    lines.lines().map(str::trim).collect::<Vec<_>>().join("")
}

/// The line before the rows: by which names customers were known.
fn header(vocabulary: &Vocabulary) -> String {
    let vocabulary = one_line(vocabulary);
    format!(
        "{{\"kind\":\"trend\",\"schema_version\":\"{TREND_SCHEMA_VERSION}\",\"vocabulary\":{vocabulary}}}\n"
    )
}

/// What a file of rows holds.
struct Known {
    text: String,
    commits: BTreeSet<String>,
    vocabulary: Vocabulary,
}

/// Adds the rows that a file lacks. The file is replaced as a whole, so that nobody sees half of it.
fn append(
    file: &Path,
    folder: &Path,
    options: HistoryOptions<'_>,
    screen: &ScreenArgs,
) -> Result<History, Failure> {
    let known = match fs::read_to_string(file) {
        Ok(text) if !text.is_empty() => Some(read(file, text)?),
        Ok(_) => None,
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(Failure::new(format!(
                "cannot read {}: {}",
                file.display(),
                error.kind()
            )));
        }
    };
    let (vocabulary, text, commits) = match known {
        Some(known) => (Some(known.vocabulary), known.text, known.commits),
        None => (None, String::new(), BTreeSet::new()),
    };
    let options = HistoryOptions {
        vocabulary,
        ..options
    };
    let mut rows = Vec::new();
    let mut result = Ok(());
    let found = history_with_bar(folder, options, screen, &mut |told| {
        if let Told::Row(row) = told
            && !commits.contains(&row.commit)
        {
            result = write_row(&row, &mut rows);
        }
        result.is_ok()
    })?;
    result?;
    output::write_file(file, |out| {
        if text.is_empty() {
            out.write_all(header(&found.vocabulary).as_bytes())?;
        }
        out.write_all(text.as_bytes())?;
        out.write_all(&rows)
    })?;
    Ok(found)
}

/// Reads a file of rows; a last line that was cut off is left out.
fn read(file: &Path, mut text: String) -> Result<Known, Failure> {
    let bad = |line: usize, what: &str| {
        Failure::new(format!("{}:{line}: {what}", file.display()))
            .hint("`bespoke trend --format ndjson` writes such files")
    };
    let end = text.rfind('\n').map_or(0, |at| at + 1);
    text.truncate(end);
    let mut vocabulary = None;
    let mut commits = BTreeSet::new();
    for (at, line) in text.lines().enumerate() {
        let value: serde_json::Value = serde_json::from_str(line)
            .map_err(|error| bad(at + 1, &format!("expected one JSON object: {error}")))?;
        if at == 0 {
            let learned = value["vocabulary"].to_string();
            let learned = vocabulary_from_json(&learned).map_err(|why| bad(1, &why))?;
            vocabulary = Some(learned);
        } else if let Some(commit) = value["commit"].as_str() {
            commits.insert(commit.to_owned());
        } else {
            return Err(bad(at + 1, "expected a row with a `commit`"));
        }
    }
    let vocabulary = vocabulary.ok_or_else(|| bad(1, "expected a vocabulary"))?;
    Ok(Known {
        text,
        commits,
        vocabulary,
    })
}
