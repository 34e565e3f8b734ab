//! `bespoke list`.

use std::{
    collections::BTreeSet,
    io::{self, BufWriter, Write as _},
};

use bespoke_engine::{ADVICE, LANGUAGES, METRICS, PARAMETERS, RULES, Sdk, builtin_sdks};
use bespoke_report::{Column, FORMATS, Table};
use serde_json::{Value, json};

use crate::{
    args::{ListCommand, ListFormat, Listed, ScreenArgs},
    exit,
    failure::Failure,
    screen,
};

pub(crate) fn run(args: &ListCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        ListFormat::Table => table(args.what).write(&screen::style(screen), &mut out)?,
        ListFormat::Json => writeln!(out, "{:#}", json_of(args.what))?,
    }
    out.flush()?;
    Ok(exit::CLEAN)
}

fn table(what: Listed) -> Table {
    let titles: &[&str] = match what {
        Listed::Languages => &["language", "also", "files"],
        Listed::Sdks => &["sdk", "languages", "evaluations"],
        Listed::Metrics => &["metric", "title", "of a", "unit"],
        Listed::Parameters => &["parameter", "default", "range", "unit", "symbol"],
        Listed::Rules => &["rule", "level", "what"],
        Listed::Advice => &["advice", "what to do"],
        Listed::Formats => &["format", "files", "what"],
    };
    let mut table = Table::new(titles.iter().map(|title| Column::words(title)).collect());
    for row in rows(what) {
        table.row(row);
    }
    table
}

fn rows(what: Listed) -> Vec<Vec<String>> {
    match what {
        Listed::Languages => LANGUAGES
            .iter()
            .map(|language| {
                let extensions = language.extensions.iter().map(|it| format!("*.{it}"));
                let names = language.file_names.iter().map(|it| (*it).to_owned());
                let files: Vec<String> = extensions.chain(names).collect();
                vec![
                    language.name.to_owned(),
                    language.aliases.join(", "),
                    files.join(" "),
                ]
            })
            .collect(),
        Listed::Sdks => builtin_sdks()
            .iter()
            .map(|sdk| {
                let names = Vec::from_iter(evaluations(sdk)).join(" ");
                vec![
                    sdk.name.clone(),
                    Vec::from_iter(languages(sdk)).join(" "),
                    names,
                ]
            })
            .collect(),
        Listed::Metrics => METRICS
            .iter()
            .map(|it| {
                [it.id, it.title, it.scope.id(), it.unit]
                    .map(str::to_owned)
                    .to_vec()
            })
            .collect(),
        Listed::Parameters => PARAMETERS
            .iter()
            .map(|it| {
                let (low, high) = it.range;
                vec![
                    it.key.to_owned(),
                    it.default.to_string(),
                    format!("{low} to {high}"),
                    it.unit.to_owned(),
                    it.symbol.to_owned(),
                ]
            })
            .collect(),
        Listed::Rules => RULES
            .iter()
            .map(|it| [it.id, it.level.id(), it.title].map(str::to_owned).to_vec())
            .collect(),
        Listed::Advice => ADVICE
            .iter()
            .map(|it| [it.id, it.title].map(str::to_owned).to_vec())
            .collect(),
        Listed::Formats => FORMATS
            .iter()
            .map(|it| {
                vec![
                    it.name.to_owned(),
                    format!("*.{}", it.extension),
                    it.summary.to_owned(),
                ]
            })
            .collect(),
    }
}

fn json_of(what: Listed) -> Value {
    match what {
        Listed::Languages => LANGUAGES
            .iter()
            .map(|it| {
                json!({
                    "name": it.name,
                    "aliases": it.aliases,
                    "extensions": it.extensions,
                    "file_names": it.file_names,
                })
            })
            .collect(),
        Listed::Sdks => builtin_sdks()
            .iter()
            .map(|sdk| {
                json!({ "name": sdk.name, "languages": languages(sdk), "calls": evaluations(sdk) })
            })
            .collect(),
        Listed::Metrics => METRICS
            .iter()
            .map(|it| {
                json!({
                    "id": it.id,
                    "title": it.title,
                    "unit": it.unit,
                    "scope": it.scope.id(),
                    "harm": it.harm.map(bespoke_engine::Harm::id),
                    "doc": it.doc,
                })
            })
            .collect(),
        Listed::Parameters => PARAMETERS
            .iter()
            .map(|it| {
                json!({
                    "key": it.key,
                    "symbol": it.symbol,
                    "unit": it.unit,
                    "default": it.default,
                    "range": [it.range.0, it.range.1],
                    "meaning": it.meaning,
                    "source": it.source,
                })
            })
            .collect(),
        Listed::Rules => RULES
            .iter()
            .map(|it| {
                json!({ "id": it.id, "title": it.title, "level": it.level.id(), "doc": it.doc })
            })
            .collect(),
        Listed::Advice => ADVICE
            .iter()
            .map(|it| json!({ "id": it.id, "title": it.title, "doc": it.doc }))
            .collect(),
        Listed::Formats => FORMATS
            .iter()
            .map(|it| json!({ "name": it.name, "extension": it.extension, "summary": it.summary }))
            .collect(),
    }
}

fn evaluations(sdk: &Sdk) -> BTreeSet<&str> {
    sdk.calls
        .iter()
        .flat_map(|call| &call.names)
        .map(String::as_str)
        .collect()
}

/// None means any.
fn languages(sdk: &Sdk) -> BTreeSet<&str> {
    sdk.calls
        .iter()
        .flat_map(|call| &call.languages)
        .map(String::as_str)
        .collect()
}
