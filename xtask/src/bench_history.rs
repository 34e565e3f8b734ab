//! Histories against what any reader of them must do: decode and parse every distinct blob once; and against `git log`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail, ensure};

use crate::{
    bench::{build_example, measure},
    workspace::build_bespoke,
};

/// Most CPU time of a first run, as a multiple of decoding and bare parsing.
const COLD_TARGET: f64 = 1.35;
/// Most CPU time of a run that finds nothing new, as a multiple of `git log --raw`.
const WARM_TARGET: f64 = 2.0;
/// Arguments of the `git log` that is compared with.
pub(crate) const LOG: [&str; 7] = [
    "log",
    "--raw",
    "--first-parent",
    "-m",
    "--no-renames",
    "--no-abbrev",
    "--format=%H",
];

/// Compares on each `NAME=PATH` of a repository.
pub(crate) fn run(options: &[&str]) -> anyhow::Result<()> {
    let bespoke = build_bespoke("release")?;
    let baseline = build_example("bespoke-extract", "baseline")?;
    let product = build_example("bespoke-engine", "product")?;
    println!("| repository | commits | blobs | what | CPU s | ratio | of | target | peak MiB |");
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        let value = rest.next().filter(|_| *option == "--corpus");
        let Some((name, path)) = value.and_then(|value| value.split_once('=')) else {
            bail!("expected --corpus NAME=PATH of a git repository, found `{option}`");
        };
        let path = fs::canonicalize(path).with_context(|| format!("no repository at {path}"))?;
        compare(name, &path, &bespoke, &baseline, &product)?;
    }
    Ok(())
}

fn compare(
    name: &str,
    repository: &Path,
    bespoke: &Path,
    baseline: &Path,
    product: &Path,
) -> anyhow::Result<()> {
    let scratch = std::env::temp_dir().join(format!("bespoke-history-{}", std::process::id()));
    let blobs = scratch.join("blobs");
    fs::create_dir_all(&blobs)?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let mut log = vec!["-C".to_owned(), text(repository)];
    log.extend(LOG.map(str::to_owned));
    let (commits, ids) = source_blobs(repository, product)?;

    // The whole batch is decoded by git itself, then each blob lies in a file that the bare parse reads.
    let wanted: String = ids.keys().flat_map(|id| [id, "\n"]).collect();
    let list = scratch.join("ids");
    fs::write(&list, wanted)?;
    let batch = format!(
        "git -C '{}' cat-file --batch --buffer < '{}' > '{}'",
        text(repository),
        text(&list),
        text(&scratch.join("batch"))
    );
    let decode = measure(Path::new("sh"), &["-c".to_owned(), batch])?;
    let names = unpack(&scratch.join("batch"), &blobs, &ids)?;
    fs::remove_file(scratch.join("batch"))?;
    let files = scratch.join("files");
    fs::write(&files, names.join("\n"))?;
    let parse = measure(baseline, &[text(&blobs), text(&files)])?;
    let bare = decode.cpu + parse.cpu;

    let cache = scratch.join("cache");
    let trend = |more: &[&str]| {
        let mut args = vec![
            "trend".to_owned(),
            text(repository),
            "--no-config".to_owned(),
        ];
        args.extend(["--format", "csv", "--quiet"].map(str::to_owned));
        args.extend(more.iter().map(|it| (*it).to_owned()));
        measure(bespoke, &args)
    };
    let cached = text(&cache);
    let without = trend(&["--no-cache"])?;
    let cold = trend(&["--cache-dir", &cached])?;
    let warm = trend(&["--cache-dir", &cached])?;
    let git = measure(Path::new("git"), &log)?;
    let rows = [
        ("decode and bare parse", bare, parse.memory, None, None),
        ("git log --raw", git.cpu, git.memory, None, None),
        (
            "trend, nothing kept",
            without.cpu,
            without.memory,
            Some((bare, "parse")),
            Some(COLD_TARGET),
        ),
        (
            "trend, first",
            cold.cpu,
            cold.memory,
            Some((bare, "parse")),
            Some(COLD_TARGET),
        ),
        (
            "trend, again",
            warm.cpu,
            warm.memory,
            Some((git.cpu, "git log")),
            Some(WARM_TARGET),
        ),
    ];
    for (what, cpu, memory, of, target) in rows {
        let ratio = of.map_or_else(String::new, |(of, _)| format!("{:.2}", cpu / of));
        println!(
            "| {name} | {commits} | {} | {what} | {cpu:.2} | {ratio} | {} | {} | {} |",
            names.len(),
            of.map_or("", |(_, of)| of),
            target.map_or_else(String::new, |it| it.to_string()),
            memory.map_or("-".to_owned(), |kib| (kib / 1_024).to_string()),
        );
    }
    fs::remove_dir_all(&scratch)?;
    Ok(())
}

/// How many commits there are, and the distinct blobs of product sources with the extension of one of their paths.
fn source_blobs(
    repository: &Path,
    product: &Path,
) -> anyhow::Result<(usize, BTreeMap<String, String>)> {
    let output = Command::new("git")
        .arg("-C")
        .arg(repository)
        .args(LOG)
        .output()?;
    ensure!(output.status.success(), "git log failed");
    let log = String::from_utf8_lossy(&output.stdout);
    let mut changed: BTreeSet<(String, String)> = BTreeSet::new();
    let mut commits = 0;
    for line in log.lines() {
        let Some(entry) = line.strip_prefix(':') else {
            commits += usize::from(!line.is_empty());
            continue;
        };
        let Some((head, path)) = entry.split_once('\t') else {
            continue;
        };
        let fields: Vec<&str> = head.split(' ').collect();
        let is_file = fields.get(1).is_some_and(|mode| mode.starts_with("100"));
        if let Some(id) = fields.get(3).filter(|_| is_file) {
            changed.insert((path.to_owned(), (*id).to_owned()));
        }
    }
    let paths: BTreeSet<&str> = changed.iter().map(|(path, _)| path.as_str()).collect();
    let mut filter = Command::new(product)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = filter.stdin.take().context("it was asked for")?;
    let lines: String = paths.iter().flat_map(|path| [path, "\n"]).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let kept = filter.wait_with_output()?;
    ensure!(
        writer.join().is_ok_and(|it| it.is_ok()),
        "{} stopped reading",
        product.display()
    );
    let kept = String::from_utf8_lossy(&kept.stdout);
    let kept: BTreeSet<&str> = kept.lines().collect();
    let sources = changed
        .iter()
        .filter(|(path, _)| kept.contains(path.as_str()));
    let ids = sources.map(|(path, id)| {
        let extension = path.rsplit('.').next().unwrap_or_default();
        (id.clone(), extension.to_owned())
    });
    Ok((commits, ids.collect()))
}

/// Writes each blob of a batch that is no larger than a scan reads into a file of its own; gives their names.
fn unpack(
    batch: &Path,
    folder: &Path,
    ids: &BTreeMap<String, String>,
) -> anyhow::Result<Vec<String>> {
    const LARGEST: usize = 2 << 20;
    let bytes = fs::read(batch)?;
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(end) = bytes[at..].iter().position(|byte| *byte == b'\n') {
        let head = String::from_utf8_lossy(&bytes[at..at + end]).into_owned();
        at += end + 1;
        let fields: Vec<&str> = head.split(' ').collect();
        // A partial copy lacks some.
        let [id, "blob", size] = fields[..] else {
            continue;
        };
        let size: usize = size.parse().context("git gives sizes")?;
        if size <= LARGEST {
            let extension = ids.get(id).map_or("", String::as_str);
            let name = PathBuf::from(format!("{id}.{extension}"));
            fs::write(folder.join(&name), &bytes[at..at + size])?;
            names.push(name.to_string_lossy().into_owned());
        }
        at += size + 1;
    }
    Ok(names)
}
