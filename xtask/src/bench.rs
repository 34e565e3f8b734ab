//! Benchmarks: divan's on stages, and whole scans against a bare parse of the same files in the same run.
//!
//! Only ratios are worth comparing between machines. CPU time is user + system of the whole process.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use crate::workspace::{build_bespoke, cargo, has, metadata, run as run_command};

/// How often each program runs when `--runs` is not given.
const RUNS: usize = 5;
/// Most CPU time of a scan, as a multiple of the bare parse.
const TYPESCRIPT_TARGET: f64 = 1.35;
const RUST_TARGET: f64 = 1.6;
/// Most memory of a scan, in MiB.
const MEMORY_TARGET: u64 = 300;

struct Options {
    runs: usize,
    corpora: Vec<(String, PathBuf)>,
}

/// One run of a program.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// User + system time in seconds.
    pub(crate) cpu: f64,
    /// Greatest resident memory in KiB, where it could be measured.
    pub(crate) memory: Option<u64>,
}

/// A program of the comparison, with a run per round.
struct Contender {
    name: &'static str,
    program: PathBuf,
    args: Vec<String>,
    costs: Vec<Cost>,
}

/// Runs the micro benchmarks, then compares whole programs on each corpus.
pub(crate) fn run(options: &[&str]) -> anyhow::Result<()> {
    let options = parse(options)?;
    let packages = [
        "--package",
        "bespoke-extract",
        "--package",
        "bespoke-analysis",
    ];
    run_command(cargo(&[&["bench", "--benches"], &packages[..]].concat()))?;
    if options.corpora.is_empty() {
        println!("\nno --corpus NAME=PATH given: whole scans are not compared");
        return Ok(());
    }
    let bespoke = build_bespoke("release")?;
    let baseline = build_example("bespoke-extract", "baseline")?;
    println!(
        "| corpus | files | program | CPU s | ratio to bare parse | target | peak MiB | target |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (name, path) in &options.corpora {
        compare(name, path, &bespoke, &baseline, options.runs)?;
    }
    Ok(())
}

fn parse(options: &[&str]) -> anyhow::Result<Options> {
    let mut parsed = Options {
        runs: RUNS,
        corpora: Vec::new(),
    };
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        let value = rest
            .next()
            .with_context(|| format!("{option} needs a value"))?;
        match *option {
            "--runs" => parsed.runs = value.parse().context("--runs needs a number")?,
            "--corpus" => {
                let (name, path) = value.split_once('=').context("--corpus needs NAME=PATH")?;
                let path =
                    fs::canonicalize(path).with_context(|| format!("no corpus at {path}"))?;
                parsed.corpora.push((name.to_owned(), path));
            }
            other => bail!("no option `{other}`"),
        }
    }
    ensure!(parsed.runs > 0, "--runs needs at least 1");
    Ok(parsed)
}

/// An example of a crate, as a program.
pub(crate) fn build_example(package: &str, name: &str) -> anyhow::Result<PathBuf> {
    let example = ["--package", package, "--example", name];
    run_command(cargo(
        &[&["build", "--quiet", "--release"], &example[..]].concat(),
    ))?;
    let metadata = metadata(&["--no-deps"])?;
    let target = metadata["target_directory"]
        .as_str()
        .context("no target directory")?;
    Ok(Path::new(target).join("release/examples").join(name))
}

fn compare(
    name: &str,
    corpus: &Path,
    bespoke: &Path,
    baseline: &Path,
    runs: usize,
) -> anyhow::Result<()> {
    let scratch = std::env::temp_dir().join(format!("bespoke-bench-{}", std::process::id()));
    fs::create_dir_all(&scratch)?;
    let path = |path: &Path| path.to_string_lossy().into_owned();
    let report = scratch.join("report.json");
    let scan = vec![
        "scan".to_owned(),
        path(corpus),
        "--quiet".to_owned(),
        "--no-cache".to_owned(),
        "--output".to_owned(),
        format!("json={}", path(&report)),
    ];
    measure(bespoke, &scan)?;
    let files = analysed(&report)?;
    let is_rust = |file: &&String| Path::new(file).extension().is_some_and(|it| it == "rs");
    let rust = files.iter().filter(is_rust).count();
    let list = scratch.join("files.txt");
    fs::write(&list, files.join("\n"))?;

    let mut contenders = vec![
        Contender {
            name: "bare parse",
            program: baseline.to_owned(),
            args: vec![path(corpus), path(&list)],
            costs: Vec::new(),
        },
        Contender {
            name: "bespoke scan",
            program: bespoke.to_owned(),
            args: scan,
            costs: Vec::new(),
        },
    ];
    if has("ast-grep", &["--version"]) {
        contenders.push(Contender {
            name: "ast-grep, 10 rules",
            program: PathBuf::from("ast-grep"),
            args: vec![
                "scan".to_owned(),
                "--config".to_owned(),
                ast_grep_rules(&scratch)?,
                path(corpus),
            ],
            costs: Vec::new(),
        });
    }
    // In turns, so that a busy spell of the machine falls on all of them.
    for _ in 0..runs {
        for contender in &mut contenders {
            let cost = measure(&contender.program, &contender.args)?;
            contender.costs.push(cost);
        }
    }
    let target = if rust * 2 > files.len() {
        RUST_TARGET
    } else {
        TYPESCRIPT_TARGET
    };
    let bare = median(&contenders[0].costs);
    for contender in &contenders {
        let cpu = median(&contender.costs);
        let memory = contender.costs.iter().filter_map(|cost| cost.memory).max();
        let ours = contender.name == "bespoke scan";
        println!(
            "| {name} | {} | {} | {cpu:.2} | {:.2} | {} | {} | {} |",
            files.len(),
            contender.name,
            cpu / bare,
            if ours {
                format!("{target}")
            } else {
                String::new()
            },
            memory.map_or("-".to_owned(), |kib| format!("{}", kib / 1024)),
            if ours {
                format!("{MEMORY_TARGET}")
            } else {
                String::new()
            },
        );
    }
    fs::remove_dir_all(&scratch)?;
    Ok(())
}

/// Files of the report, so that both programs read the same.
pub(crate) fn analysed(report: &Path) -> anyhow::Result<Vec<String>> {
    let text = fs::read_to_string(report).context("the scan wrote no report")?;
    let report: Value = serde_json::from_str(&text)?;
    let files = report["files"]
        .as_array()
        .context("the report has no `files`")?;
    Ok(files
        .iter()
        .filter_map(|file| Some(file["path"].as_str()?.to_owned()))
        .collect())
}

/// Ten plain rules for each language of the corpora, so that every file is held against ten; gives the path of their
/// configuration.
pub(crate) fn ast_grep_rules(scratch: &Path) -> anyhow::Result<String> {
    let rules = scratch.join("rules");
    fs::create_dir_all(&rules)?;
    let shared = [
        "isEnabled($$$A)",
        "$A.variation($$$B)",
        "$A == $B",
        "$A != $B",
        "$A && $B",
    ];
    let ecmascript = [
        "useFlag($A)",
        "if ($A === $B) { $$$C }",
        "$A === $B ? $C : $D",
        "$A.includes($B)",
        "process.env.$A",
    ];
    let rust = [
        "cfg!($$$A)",
        "matches!($$$A)",
        "if $A == $B { $$$C }",
        "$A.contains($B)",
        "match $A { $$$B }",
    ];
    let languages = [
        ("TypeScript", ecmascript),
        ("Tsx", ecmascript),
        ("JavaScript", ecmascript),
        ("Rust", rust),
    ];
    let mut languages: Vec<(&str, Vec<&str>)> = languages
        .iter()
        .map(|(language, own)| (*language, shared.iter().chain(own).copied().collect()))
        .collect();
    // Python shares too little of the syntax.
    let python = [
        "is_enabled($$$A)",
        "$A.variation($$$B)",
        "$A == $B",
        "$A != $B",
        "$A and $B",
        "$A or $B",
        "$A in $B",
        "$A if $B else $C",
        "os.environ[$A]",
        "getattr($A, $$$B)",
    ];
    languages.push(("Python", python.to_vec()));
    for (language, patterns) in languages {
        for (at, pattern) in patterns.iter().enumerate() {
            let rule = format!(
                "id: {language}-{at}\nlanguage: {language}\nseverity: hint\nmessage: found\nrule:\n  pattern: \"{pattern}\"\n"
            );
            fs::write(rules.join(format!("{language}-{at}.yml")), rule)?;
        }
    }
    let config = scratch.join("sgconfig.yml");
    fs::write(&config, "ruleDirs: [rules]\n")?;
    Ok(config.to_string_lossy().into_owned())
}

/// Runs a program once. `time` knows the memory too; where it is missing, bash knows the CPU time.
pub(crate) fn measure(program: &Path, args: &[String]) -> anyhow::Result<Cost> {
    let time = Path::new("/usr/bin/time");
    let mut command = if time.exists() {
        let mut command = Command::new(time);
        command.args(["--format", "%U %S %M"]).arg(program);
        command
    } else {
        let mut command = Command::new("bash");
        command
            .env("TIMEFORMAT", "%U %S")
            .args(["-c", "time \"$@\"", "bash"])
            .arg(program);
        command
    };
    let result = command
        .args(args)
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    let stderr = String::from_utf8_lossy(&result.stderr);
    ensure!(
        result.status.success(),
        "{command:?} failed with {}:\n{stderr}",
        result.status
    );
    let last = stderr.lines().last().unwrap_or_default();
    let mut fields = last.split_whitespace();
    let mut seconds = || -> anyhow::Result<f64> {
        let field = fields
            .next()
            .with_context(|| format!("no times in {last:?}"))?;
        field
            .parse()
            .with_context(|| format!("no times in {last:?}"))
    };
    let cpu = seconds()? + seconds()?;
    let memory = fields.next().and_then(|kib| kib.parse().ok());
    Ok(Cost { cpu, memory })
}

fn median(costs: &[Cost]) -> f64 {
    let mut cpu: Vec<f64> = costs.iter().map(|cost| cost.cpu).collect();
    cpu.sort_by(f64::total_cmp);
    cpu.get(cpu.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let options = parse(&["--runs", "3", "--corpus", "here=."]).unwrap();
        assert_eq!((options.runs, options.corpora[0].0.as_str()), (3, "here"));
        for bad in [
            &["--runs"][..],
            &["--runs", "0"],
            &["--corpus", "here"],
            &["--fast", "1"],
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_process_is_measured() {
        let cost = measure(Path::new("true"), &[]).unwrap();
        assert!(cost.cpu >= 0.0);
        assert!(measure(Path::new("false"), &[]).is_err());
    }
}
