//! Precision and recall on labelled repositories, as the scorer beside the labels counts them.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use crate::workspace::build_bespoke;

const DOC: &str = "docs/evaluation.md";
const BEGIN: &str = "<!-- figures: cargo xtask eval -->\n";
const END: &str = "<!-- end of figures -->\n";
/// From which confidence a finding counts.
const COUNTS: f64 = 0.5;

#[derive(Default)]
struct Options {
    corpora: PathBuf,
    labels: PathBuf,
    only: Option<String>,
    /// Configuration by name of labels.
    configs: BTreeMap<String, PathBuf>,
    list: bool,
}

/// A labelled repository: the name of its labels, where it comes from, its commit.
struct Corpus {
    name: String,
    repository: String,
    commit: String,
}

/// One line of the scorer's table.
struct Score {
    kind: String,
    cells: Vec<String>,
}

/// Scans each labelled repository that is present, prints the scores and writes them into the documentation.
pub(crate) fn run(options: &[&str]) -> anyhow::Result<()> {
    let options = parse(options)?;
    let bespoke = build_bespoke("release")?;
    let scratch = std::env::temp_dir().join(format!("bespoke-eval-{}", std::process::id()));
    fs::create_dir_all(&scratch)?;
    let mut table = String::from(
        "| Repository | Configuration | Kind | Labels | Found | True | Precision | Recall | F1 |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut near_misses = String::new();
    for corpus in corpora(&options.labels)? {
        if options
            .only
            .as_ref()
            .is_some_and(|only| *only != corpus.name)
        {
            continue;
        }
        let tree = options.corpora.join(&corpus.name);
        if let Some(why) = absent(&tree, &corpus.commit)? {
            println!("{}: {why}", corpus.name);
            continue;
        }
        let labels = options.labels.join(format!("{}.tsv", corpus.name));
        let own = options.configs.get(&corpus.name).cloned();
        let told = scratch.join(format!("{}.toml", corpus.name));
        let mut rounds = vec![(
            if own.is_some() {
                "its dimension"
            } else {
                "none"
            },
            own,
        )];
        if write_customers(&labels, &told)? {
            rounds.push(("its customers", Some(told)));
        }
        for (at, (configuration, config)) in rounds.into_iter().enumerate() {
            let report = scratch.join(format!("{}.json", corpus.name));
            scan(&bespoke, &tree, config.as_deref(), &report)?;
            println!(
                "\n{} ({}), configuration: {configuration}",
                corpus.name, corpus.repository
            );
            for score in score(&options, &report, &labels)? {
                let customers = score.kind.starts_with("customer_");
                if at == 0 && score.kind != "all" || at == 1 && customers {
                    let _ = writeln!(
                        table,
                        "| {} | {configuration} | `{}` | {} |",
                        corpus.repository,
                        score.kind,
                        score.cells.join(" | ")
                    );
                }
            }
            if at == 0
                && let Some((reported, all)) = negatives(&options, &corpus.name, &report)?
            {
                let _ = writeln!(
                    near_misses,
                    "Of the {all} listed near misses of {}, {reported} are reported.",
                    corpus.repository
                );
            }
        }
    }
    fs::remove_dir_all(&scratch)?;
    if options.only.is_none() {
        write(&format!("{table}\n{near_misses}"))?;
    }
    println!("\n{near_misses}");
    Ok(())
}

fn parse(options: &[&str]) -> anyhow::Result<Options> {
    let mut parsed = Options::default();
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        if *option == "--list" {
            parsed.list = true;
            continue;
        }
        let value = rest
            .next()
            .with_context(|| format!("{option} needs a value"))?;
        match *option {
            "--corpora" => parsed.corpora = PathBuf::from(value),
            "--labels" => parsed.labels = PathBuf::from(value),
            "--only" => parsed.only = Some((*value).to_owned()),
            "--config" => {
                let (name, path) = value.split_once('=').context("--config needs NAME=FILE")?;
                parsed.configs.insert(name.to_owned(), PathBuf::from(path));
            }
            other => bail!("no option `{other}`"),
        }
    }
    for (option, path) in [("--corpora", &parsed.corpora), ("--labels", &parsed.labels)] {
        ensure!(path.is_dir(), "{option} needs a folder that is there");
    }
    Ok(parsed)
}

/// Rows of the labels' index: `| NAME.tsv | owner/name … | commit | …`.
fn corpora(labels: &Path) -> anyhow::Result<Vec<Corpus>> {
    let index =
        fs::read_to_string(labels.join("README.md")).context("the labels have no README.md")?;
    let rows = index.lines().filter_map(|line| {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let name = cells.next()?.strip_suffix(".tsv")?.to_owned();
        let repository = cells.next()?.split_whitespace().next()?.to_owned();
        let commit = cells.next()?.to_owned();
        Some(Corpus {
            name,
            repository,
            commit,
        })
    });
    Ok(rows.collect())
}

/// Why a repository cannot be measured, if it cannot.
fn absent(tree: &Path, commit: &str) -> anyhow::Result<Option<String>> {
    if !tree.is_dir() {
        return Ok(Some("not present".to_owned()));
    }
    let head = Command::new("git")
        .arg("-C")
        .arg(tree)
        .args(["rev-parse", "HEAD"])
        .output()
        .context("cannot run git")?;
    let head = String::from_utf8_lossy(&head.stdout).trim().to_owned();
    Ok((head != commit).then(|| format!("is at {head:?}, the labels are for {commit}")))
}

fn scan(bespoke: &Path, tree: &Path, config: Option<&Path>, report: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(bespoke);
    command
        .args(["scan", "--no-cache", "--quiet"])
        .arg(tree)
        .arg("--output");
    command.arg(format!("json={}", report.display()));
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    ensure!(command.status()?.success(), "{command:?} failed");
    Ok(())
}

/// Runs the scorer and prints what it prints.
fn score(options: &Options, report: &Path, labels: &Path) -> anyhow::Result<Vec<Score>> {
    let run = |list: Option<&str>| -> anyhow::Result<String> {
        let mut command = Command::new("python3");
        command
            .arg(options.labels.join("score.py"))
            .arg(report)
            .arg(labels);
        if let Some(list) = list {
            command.args(["--list", list]);
        }
        let output = command.output().context("cannot run python3")?;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let text = run(None)?;
    print!("{text}");
    if options.list {
        for list in ["fn", "fp"] {
            for line in run(Some(list))?.lines().filter(|line| line.contains('\t')) {
                println!("{line}");
            }
        }
    }
    let rows = text.lines().skip(1).filter_map(|line| {
        let mut words = line.split_whitespace().map(str::to_owned);
        let kind = words.next()?;
        let cells: Vec<String> = words.collect();
        // A kind without labels of its own has no figures.
        (cells.len() == 6 && !cells[4].contains("nan")).then_some(Score { kind, cells })
    });
    Ok(rows.collect())
}

/// How many of the near misses of a repository are reported, of how many.
fn negatives(
    options: &Options,
    name: &str,
    report: &Path,
) -> anyhow::Result<Option<(usize, usize)>> {
    let path = options.labels.join(format!("{name}.negatives.tsv"));
    let Ok(rows) = fs::read_to_string(path) else {
        return Ok(None);
    };
    let report: Value = serde_json::from_str(&fs::read_to_string(report)?)?;
    let points = report["variation_points"].as_array().context("no points")?;
    let (mut reported, mut all) = (0, 0);
    for row in rows.lines().skip(1) {
        let mut cells = row.split('\t');
        let (Some(path), Some(line)) = (cells.next(), cells.next()) else {
            continue;
        };
        let line: u64 = line
            .parse()
            .with_context(|| format!("no line in {row:?}"))?;
        all += 1;
        let hit = points.iter().find(|point| {
            let at = |key: &str| point[key].as_u64().unwrap_or(0);
            point["path"] == path
                && point["confidence"].as_f64().unwrap_or(0.0) >= COUNTS
                && (at("line")..=at("end_line").max(at("line"))).contains(&line)
        });
        if let Some(point) = hit {
            reported += 1;
            println!(
                "near miss reported: {path}:{line} {} {}",
                point["kind"], point["subjects"]
            );
        }
    }
    Ok(Some((reported, all)))
}

/// Writes a configuration that tells the customers of the labels; whether there are any.
fn write_customers(labels: &Path, into: &Path) -> anyhow::Result<bool> {
    let mut customers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in fs::read_to_string(labels)?.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [_, _, kind, subjects, "yes", ..] = cells.as_slice() else {
            continue;
        };
        if *kind != "customer_branch" {
            continue;
        }
        for subject in subjects.split(',').filter(|subject| !subject.is_empty()) {
            let mut names = subject.split('|').map(|name| name.trim().to_owned());
            if let Some(name) = names.next() {
                let aliases = customers.entry(name).or_default();
                aliases.extend(names);
                aliases.sort();
                aliases.dedup();
            }
        }
    }
    let quoted = |text: &str| Value::from(text).to_string();
    let mut text = String::new();
    for (name, aliases) in &customers {
        let aliases: Vec<String> = aliases.iter().map(|alias| quoted(alias)).collect();
        let _ = writeln!(
            text,
            "[[customer]]\nname = {}\naliases = [{}]",
            quoted(name),
            aliases.join(", ")
        );
    }
    fs::write(into, text)?;
    Ok(!customers.is_empty())
}

/// Puts the figures into the documentation.
fn write(figures: &str) -> anyhow::Result<()> {
    let doc = fs::read_to_string(DOC)?;
    let (before, rest) = doc.split_once(BEGIN).context("no place for figures")?;
    let (_, after) = rest.split_once(END).context("no end of figures")?;
    fs::write(DOC, format!("{before}{BEGIN}\n{figures}\n{END}{after}"))?;
    Ok(())
}
