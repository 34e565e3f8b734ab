//! `bespoke quote`.

use std::{
    fs,
    io::{self, BufWriter, Write as _},
    path::Path,
};

use bespoke_engine::{Activity, HistoryOptions, RepoPath, Told};
use bespoke_report::{QuoteReport, write_quote, write_quote_json};

use super::{history_with_bar, warn_of_history};
use crate::{
    args::{QuoteCommand, ScreenArgs, TextOrJson},
    exit,
    failure::Failure,
    screen,
};

pub(crate) fn run(args: &QuoteCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let mut scan = args.input.options()?;
    let options = HistoryOptions {
        vocabulary: scan.vocabulary.take(),
        scan,
        ..HistoryOptions::default()
    };
    let mut activity = Activity::default();
    let found = history_with_bar(&args.repository, options, screen, &mut |told| {
        if let Told::Row(row) = told {
            activity.take(&row);
        }
        true
    })?;
    warn_of_history(&found, screen);
    let paths: Vec<String> = args
        .paths
        .iter()
        .map(|path| in_repository(path, &found.root))
        .collect();
    let within = |path: &RepoPath| {
        paths.is_empty()
            || paths.iter().any(|folder| {
                let rest = path.as_str().strip_prefix(folder.as_str());
                folder.is_empty() || rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
            })
    };
    let quote = activity.quote(&within);
    let past = activity.past();
    let report = QuoteReport::new(&quote, &paths, past.since, past.until);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        TextOrJson::Text => write_quote(&report, &screen::style(screen), &mut out)?,
        TextOrJson::Json => write_quote_json(&report, &mut out)?,
    }
    out.flush()?;
    Ok(exit::CLEAN)
}

/// A path as the repository knows it: one that is there, as seen from the current folder, else as it was written.
fn in_repository(path: &str, root: &Path) -> String {
    let real = fs::canonicalize(path).ok();
    let inside = real
        .as_deref()
        .and_then(|real| real.strip_prefix(root).ok());
    let inside = inside.map(|it| it.to_string_lossy().replace('\\', "/"));
    let plain = path.trim_start_matches("./").trim_end_matches('/');
    inside.unwrap_or_else(|| {
        if plain == "." {
            String::new()
        } else {
            plain.to_owned()
        }
    })
}
