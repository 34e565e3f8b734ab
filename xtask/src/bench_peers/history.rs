//! Our history of a repository against reading what changed with git, and against wily.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Context as _;

use super::{
    Bench, Installed,
    process::{self, Contender},
    rounded, row,
    table::Family,
    trees,
};
use crate::{
    bench_history::LOG,
    workspace::{command, output},
};

/// Most CPU time of a first run as a multiple of `git log`'s and most memory in MiB, by a part of the name.
const TARGETS: [(&str, f64, Option<u64>); 2] =
    [("unleash", 6.0, None), ("commcare", 20.0, Some(1_024))];
/// Most CPU time of a run that finds everything in its cache, as a multiple of `git log`'s.
const WARM: f64 = 1.0;
/// Commits that wily is asked for.
const WILY_COMMITS: f64 = 50.0;
/// How many times as many commits ours reads in a second of CPU time.
const WILY: f64 = 1_000.0;

/// Measures, tells in a table, and notes which targets are reached. `part` is the folder that wily reads.
pub(super) fn compare(
    bench: &mut Bench,
    name: &str,
    repository: &Path,
    part: &str,
) -> anyhow::Result<String> {
    let place = repository.to_string_lossy().into_owned();
    let count = [
        "-C",
        &place,
        "rev-list",
        "--count",
        "--first-parent",
        "HEAD",
    ];
    let commits: u32 = output(command("git", &count))?
        .trim()
        .parse()
        .context("git counts commits")?;
    let git = process::find("git", None)?.context("there is no git")?;
    let mut log = vec!["-C".to_owned(), place.clone()];
    log.extend(LOG.map(str::to_owned));
    let cache = bench.scratch.join("trend");
    let cached = cache.to_string_lossy().into_owned();
    let trend = ["trend", &place, "--quiet", "--format", "ndjson"];
    let cold = [&trend[..], &["--no-cache"]].concat();
    let kept = [&trend[..], &["--cache-dir", &cached]].concat();

    let mut filling = [bench.ours("bespoke trend, filling its cache", &kept)];
    process::in_turns(&mut filling, 1, &bench.scratch)?;
    let mut contenders = [
        Contender::new("git log --raw", &git, log, bench.limit),
        bench.ours("bespoke trend, without a cache", &cold),
        bench.ours("bespoke trend, again", &kept),
    ];
    process::in_turns(&mut contenders, bench.runs, &bench.scratch)?;
    fs::remove_dir_all(&cache)?;
    let [git, cold, warm] = &contenders;
    let [filling] = &filling;

    let mut text = format!(
        "\n### History of {name}\n\n{commits} first-parent commits. `git {}`\nagainst `bespoke trend REPOSITORY --quiet \
         --format ndjson` with `--no-cache` or `--cache-dir`.\n\n\
         | program | runs | CPU s | wall s | peak MiB | commits in a CPU second | of git log | remark |\n\
         |---|---|---|---|---|---|---|---|\n",
        LOG.join(" ")
    );
    for contender in [git, cold, filling, warm] {
        writeln!(
            text,
            "{} {} | {} | {} |",
            row(contender),
            rounded(f64::from(commits) / contender.cpu()),
            rounded(contender.cpu() / git.cpu()),
            contender.remark()
        )?;
    }
    let known = |it: &Contender, met: bool| it.ended_well().then_some(met);
    let short = name.to_lowercase();
    if let Some((_, most, memory)) = TARGETS.iter().find(|(part, ..)| short.contains(part)) {
        let ratio = cold.cpu() / git.cpu();
        bench.verdict(
            name,
            format!("history at most {most} of git log's CPU time"),
            rounded(ratio),
            known(cold, ratio <= *most),
        );
        if let Some(most) = memory {
            let peak = cold.mebibytes().max(filling.mebibytes());
            bench.verdict(
                name,
                format!("peak of a history under {most} MiB"),
                peak.map_or("-".to_owned(), |it| it.to_string()),
                peak.map(|it| it < *most),
            );
        }
    }
    let ratio = warm.cpu() / git.cpu();
    bench.verdict(
        name,
        format!("history again at most {WARM} of git log's CPU time"),
        rounded(ratio),
        known(warm, ratio <= WARM),
    );

    let tracked = output(command("git", &["-C", &place, "ls-files"]))?;
    let family = Family::most(tracked.lines());
    let wily = bench.peers.iter().find(|it| it.peer.history);
    if let Some(installed) = wily.filter(|it| it.peer.reads(family)) {
        let wily = wily_on(bench, installed, repository, part)?;
        let speed = WILY_COMMITS / wily.cpu();
        // One that was stopped had not read them all yet.
        let most = if wily.stopped() { "< " } else { "" };
        writeln!(
            text,
            "{} {most}{} | | only `{part}`. {} |",
            row(&wily),
            rounded(speed),
            wily.remark()
        )?;
        let times = f64::from(commits) / cold.cpu() / speed;
        let least = if wily.stopped() { "> " } else { "" };
        let met = match (times >= WILY, wily.stopped()) {
            (true, true) => Some(true),
            (false, true) => None,
            (met, false) => known(&wily, met),
        };
        bench.verdict(
            name,
            format!("at least {WILY} times wily's commits in a CPU second"),
            format!("{least}{}", rounded(times)),
            met,
        );
    }
    Ok(text)
}

/// One run of wily, which checks out commits, so on a work tree of its own.
fn wily_on(
    bench: &Bench,
    installed: &Installed,
    repository: &Path,
    part: &str,
) -> anyhow::Result<Contender> {
    let clone = bench.scratch.join("clone");
    let cache = bench.scratch.join("wily");
    trees::clone(repository, part, &clone)?;
    let word = |arg: &&str| match *arg {
        "{cache}" => cache.to_string_lossy().into_owned(),
        "{part}" => part.to_owned(),
        other => other.to_owned(),
    };
    let args = installed.peer.args.iter().map(word).collect();
    let mut wily = Contender::new("wily, 50 commits", &installed.program, args, bench.limit);
    let sample = process::sample(&wily, &clone, &bench.scratch)?;
    wily.samples.push(sample);
    fs::remove_dir_all(&clone)?;
    Ok(wily)
}
