//! A scan of one tree against every peer that reads such a tree.

use std::{fmt::Write as _, fs, path::Path};

use super::{Bench, process, rounded, row, table::Family, trees};
use crate::bench::analysed;

/// Files up to which the memory has a target, and that target in MiB.
const MEMORY: (usize, u64) = (6_000, 150);

/// Measures, tells in a table, and notes which targets are reached.
pub(super) fn compare(bench: &mut Bench, name: &str, corpus: &Path) -> anyhow::Result<String> {
    let tree = bench.scratch.join("tree");
    trees::copy(corpus, &trees::files(corpus)?, &tree)?;
    let text = compare_on(bench, name, &tree)?;
    fs::remove_dir_all(&tree)?;
    Ok(text)
}

fn compare_on(bench: &mut Bench, name: &str, tree: &Path) -> anyhow::Result<String> {
    let place = tree.to_string_lossy().into_owned();
    let report = bench.scratch.join("report.json");
    let output = format!("json={}", report.to_string_lossy());
    let scan = ["scan", &place, "--no-cache", "--quiet", "--output", &output];
    let mut contenders = vec![bench.ours("bespoke scan", &scan)];
    // Tells which peers are asked, and fetches the files into memory for everybody.
    process::in_turns(&mut contenders, 1, &bench.scratch)?;
    let files = analysed(&report)?;
    let family = Family::most(files.iter().map(String::as_str));
    contenders[0].samples.clear();

    let mut limits = vec![None];
    for installed in &bench.peers {
        let peer = installed.peer;
        if peer.history || peer.args.is_empty() || !peer.reads(family) {
            continue;
        }
        let word = |arg: &&str| match *arg {
            "{tree}" => place.clone(),
            "{ast-grep}" => bench.ast_grep.clone(),
            "{semgrep}" => bench.semgrep.clone(),
            other => other.to_owned(),
        };
        let args = peer.args.iter().map(word).collect();
        let program = &installed.program;
        contenders.push(process::Contender::new(
            peer.name,
            program,
            args,
            bench.limit,
        ));
        limits.push(peer.most);
    }
    process::in_turns(&mut contenders, bench.runs, &bench.scratch)?;

    let mut text = format!(
        "\n### {name}\n\n{} files analysed, mostly {}.\n\n\
         | program | runs | CPU s | wall s | peak MiB | ours, of its CPU time | remark |\n\
         |---|---|---|---|---|---|---|\n",
        files.len(),
        family.map_or("something else", Family::name)
    );
    let ours = contenders[0].cpu();
    for (contender, most) in contenders.iter().zip(limits) {
        let ratio = ours / contender.cpu();
        // One that was stopped would have taken longer still.
        let bound = if contender.stopped() { "< " } else { "" };
        let ratio_text = format!("{bound}{}", rounded(ratio));
        writeln!(
            text,
            "{} {ratio_text} | {} |",
            row(contender),
            contender.remark()
        )?;
        if let Some(most) = most {
            let met = match (ratio <= most, contender.stopped()) {
                (true, true) => Some(true),
                (false, true) => None,
                (met, false) => contender.ended_well().then_some(met),
            };
            let target = format!("CPU time at most {most} of {}", contender.name);
            bench.verdict(name, target, ratio_text, met);
        }
    }
    let (most_files, most) = MEMORY;
    if files.len() <= most_files {
        let peak = contenders[0].mebibytes();
        bench.verdict(
            name,
            format!("peak of a scan of up to {most_files} files at most {most} MiB"),
            peak.map_or("-".to_owned(), |it| it.to_string()),
            peak.map(|it| it <= most),
        );
    }
    Ok(text)
}
