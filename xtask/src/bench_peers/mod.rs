//! Scans and histories against other tools that people may know, on the same trees in the same run.
//!
//! No peer does what we do, so each row says what it does instead. None is fetched: what is not installed is said to be
//! missing. Nothing here asks a network; peers are told not to.

mod history;
mod process;
mod scaling;
mod scan;
mod table;
mod trees;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};

use self::{
    process::Contender,
    table::{PEERS, Peer},
};
use crate::{
    bench::ast_grep_rules,
    workspace::{metadata, root},
};

/// How often each program runs when `--runs` is not given.
const RUNS: usize = 5;
/// Seconds that a peer may take when `--limit` is not given.
const LIMIT: u32 = 300;
/// Seconds that ours may take: what makes it stop is a fault to see, not a time to bound.
const OWN_LIMIT: u32 = 3_600;
/// Where the answer goes, and between which lines.
const PAGE: &str = "docs/benchmarks.md";
const MARKERS: [&str; 2] = ["<!-- bench peers: begin -->", "<!-- bench peers: end -->"];

/// A tree or a repository, with a name for the report, in which no path of this machine belongs.
type Named = (String, PathBuf);

struct Options {
    runs: usize,
    limit: u32,
    corpora: Vec<Named>,
    histories: Vec<Named>,
    scalings: Vec<Named>,
    peers: Option<PathBuf>,
    bespoke: Option<PathBuf>,
    /// The folder of a repository that wily reads: it checks out every commit, and takes minutes for a large tree.
    part: String,
    write: bool,
}

/// A peer that is there.
struct Installed {
    peer: &'static Peer,
    program: PathBuf,
    version: String,
}

/// What all comparisons need.
struct Bench {
    scratch: PathBuf,
    bespoke: PathBuf,
    runs: usize,
    limit: u32,
    peers: Vec<Installed>,
    ast_grep: String,
    semgrep: String,
    verdicts: Vec<Verdict>,
}

/// A target, and whether it is reached; `None` where that cannot be told.
struct Verdict {
    place: String,
    target: String,
    measured: String,
    met: Option<bool>,
}

impl Bench {
    /// Ours, with its arguments.
    fn ours(&self, name: &str, args: &[&str]) -> Contender {
        let args = args.iter().map(|it| (*it).to_owned()).collect();
        Contender::new(name, &self.bespoke, args, OWN_LIMIT)
    }

    fn verdict(&mut self, place: &str, target: String, measured: String, met: Option<bool>) {
        self.verdicts.push(Verdict {
            place: place.to_owned(),
            target,
            measured,
            met,
        });
    }
}

/// Compares whatever is named, and prints the answer or writes it into the page.
pub(crate) fn run(options: &[&str]) -> anyhow::Result<()> {
    let options = parse(options)?;
    process::check()?;
    let bespoke = match &options.bespoke {
        Some(path) => path.clone(),
        None => built()?,
    };
    ensure!(
        bespoke.is_file(),
        "there is no program at {}: build it with `cargo build --release`, or name one with --bespoke",
        bespoke.display()
    );
    let scratch = std::env::temp_dir().join(format!("bespoke-peers-{}", std::process::id()));
    fs::create_dir_all(&scratch)?;
    let mut bench = Bench {
        bespoke: fs::canonicalize(bespoke)?,
        runs: options.runs,
        limit: options.limit,
        peers: Vec::new(),
        ast_grep: ast_grep_rules(&scratch)?,
        semgrep: trees::semgrep_rules(&scratch)?,
        verdicts: Vec::new(),
        scratch,
    };
    for peer in PEERS {
        if let Some(program) = process::find(peer.program, options.peers.as_deref())? {
            let version = process::version(&program, peer.version, &bench.scratch)?;
            bench.peers.push(Installed {
                peer,
                program,
                version,
            });
        }
    }
    let text = compare(&mut bench, &options);
    fs::remove_dir_all(&bench.scratch)?;
    let text = text?;
    if !options.write {
        println!("{text}");
        return Ok(());
    }
    let page = root().join(PAGE);
    let old = fs::read_to_string(&page).with_context(|| format!("cannot read {PAGE}"))?;
    fs::write(&page, replaced(&old, &text)?)?;
    println!("wrote {PAGE}");
    Ok(())
}

/// Where cargo puts the release build. It is not built here: others may be working on its sources.
fn built() -> anyhow::Result<PathBuf> {
    let metadata = metadata(&["--no-deps"])?;
    let target = metadata["target_directory"]
        .as_str()
        .context("no target directory")?;
    let name = format!("bespoke{}", std::env::consts::EXE_SUFFIX);
    Ok(Path::new(target).join("release").join(name))
}

fn parse(options: &[&str]) -> anyhow::Result<Options> {
    let mut parsed = Options {
        runs: RUNS,
        limit: LIMIT,
        corpora: Vec::new(),
        histories: Vec::new(),
        scalings: Vec::new(),
        peers: None,
        bespoke: None,
        part: ".".to_owned(),
        write: false,
    };
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        if *option == "--write" {
            parsed.write = true;
            continue;
        }
        let value = rest
            .next()
            .with_context(|| format!("{option} needs a value"))?;
        let whole = |path: &str| fs::canonicalize(path).with_context(|| format!("no {path}"));
        let named = || -> anyhow::Result<Named> {
            let named = value.split_once('=');
            let (name, path) = named.with_context(|| format!("{option} needs NAME=PATH"))?;
            Ok((name.to_owned(), whole(path)?))
        };
        match *option {
            "--runs" => parsed.runs = value.parse().context("--runs needs a number")?,
            "--limit" => parsed.limit = value.parse().context("--limit needs seconds")?,
            "--corpus" => parsed.corpora.push(named()?),
            "--history" => parsed.histories.push(named()?),
            "--scaling" => parsed.scalings.push(named()?),
            "--peers" => parsed.peers = Some(whole(value)?),
            "--bespoke" => parsed.bespoke = Some(whole(value)?),
            "--wily-path" => (*value).clone_into(&mut parsed.part),
            other => bail!("bench peers: no option `{other}`"),
        }
    }
    ensure!(parsed.runs > 0, "--runs needs at least 1");
    // `timeout` takes no time for no bound.
    ensure!(parsed.limit > 0, "--limit needs at least 1");
    let trees = parsed.corpora.len() + parsed.histories.len() + parsed.scalings.len();
    ensure!(
        trees > 0,
        "bench peers: nothing to compare on: --corpus, --history or --scaling NAME=PATH"
    );
    Ok(parsed)
}

/// The whole section of the page.
fn compare(bench: &mut Bench, options: &Options) -> anyhow::Result<String> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let ours = process::version(&bench.bespoke, &["--version"], &bench.scratch)?;
    let mut text = format!(
        "## Peers\n\n\
         Written by `cargo xtask bench peers --write`, with bespoke {ours} on a machine with {cores} cores. CPU time is user + system of \
         a program\nand all that it starts, the median of up to {} runs; the programs run in turns. What takes over a minute runs \
         once, and a\npeer that takes over {} s is stopped, so that ratios to it are bounds. Peak memory is that of the largest \
         process. Trees\nare copies of what git tracks, without `.git`. Every program uses as many threads as it likes. Output goes to a \
         file.\n\n",
        bench.runs, bench.limit,
    );
    text.push_str("| peer | version | command | beside ours |\n|---|---|---|---|\n");
    for peer in PEERS {
        let version = bench.peers.iter().find(|it| it.peer.name == peer.name);
        let command = if peer.args.is_empty() {
            "not run".to_owned()
        } else {
            format!("`{}`", peer.command())
        };
        writeln!(
            text,
            "| {} | {} | {command} | {} |",
            peer.name,
            version.map_or("not installed", |it| &it.version),
            peer.says
        )?;
    }
    text.push_str(
        "| ours | | `bespoke scan TREE --no-cache --quiet --output json=FILE` | Finds customers, flags and tenants \
         without being told, follows names over files, and measures what hangs on each; reads fewer languages than most here. |\n",
    );
    for (name, path) in &options.corpora {
        text.push_str(&scan::compare(bench, name, path)?);
    }
    for (name, path) in &options.histories {
        text.push_str(&history::compare(bench, name, path, &options.part)?);
    }
    for (name, path) in &options.scalings {
        text.push_str(&scaling::compare(bench, name, path)?);
    }
    text.push_str("\n### Targets of the comparison\n\n| where | target | measured | reached |\n|---|---|---|---|\n");
    for verdict in &bench.verdicts {
        let met = match verdict.met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "not known",
        };
        writeln!(
            text,
            "| {} | {} | {} | {met} |",
            verdict.place, verdict.target, verdict.measured
        )?;
    }
    Ok(text)
}

/// The page with the section between its markers, or with both at its end.
fn replaced(page: &str, section: &str) -> anyhow::Result<String> {
    let [begin, end] = MARKERS;
    let section = format!("{begin}\n{}\n{end}", section.trim_end());
    let Some((before, rest)) = page.split_once(begin) else {
        return Ok(format!("{}\n\n{section}\n", page.trim_end()));
    };
    let (_, after) = rest
        .split_once(end)
        .with_context(|| format!("{PAGE} has `{begin}` without `{end}`"))?;
    Ok(format!("{before}{section}{after}"))
}

/// A row of measurements: name, runs, CPU, wall and memory.
fn row(contender: &Contender) -> String {
    let memory = contender.mebibytes();
    format!(
        "| {} | {} | {} | {} | {} |",
        contender.name,
        contender.samples.len(),
        rounded(contender.cpu()),
        rounded(contender.wall()),
        memory.map_or("-".to_owned(), |it| it.to_string()),
    )
}

/// A number with two or more digits that say something.
fn rounded(number: f64) -> String {
    match number {
        _ if number >= 100.0 => format!("{number:.0}"),
        _ if number >= 1.0 => format!("{number:.2}"),
        _ if number >= 0.1 => format!("{number:.3}"),
        _ => format!("{number:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let options = parse(&["--corpus", "here=.", "--runs", "2", "--write"]).unwrap();
        assert_eq!((options.runs, options.write), (2, true));
        for bad in [
            &[][..],
            &["--corpus", "here"],
            &["--corpus", "here=.", "--limit", "0"],
            &["--fast", "1"],
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_section_is_put_in_and_replaced() {
        let first = replaced("# Page\n", "## One\n").unwrap();
        let [begin, end] = MARKERS;
        assert_eq!(first, format!("# Page\n\n{begin}\n## One\n{end}\n"));
        let page = format!("{first}\n## After\n");
        let second = replaced(&page, "## Two\n").unwrap();
        assert_eq!(
            second,
            format!("# Page\n\n{begin}\n## Two\n{end}\n\n## After\n")
        );
        assert!(replaced(begin, "").is_err());
    }
}
