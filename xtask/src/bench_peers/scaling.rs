//! Whether the time of a scan grows as the tree does, and what a second thread brings.

use std::{fmt::Write as _, fs, path::Path};

use super::{Bench, process, rounded, row, trees};

/// How many copies of the tree are scanned.
const COPIES: [u32; 5] = [1, 2, 4, 8, 16];
/// Threads that the largest of these is scanned with.
const THREADS: [&str; 2] = ["1", "2"];

/// Measures and tells in a table.
pub(super) fn compare(bench: &mut Bench, name: &str, corpus: &Path) -> anyhow::Result<String> {
    let files = trees::files(corpus)?;
    let tree = bench.scratch.join("copies");
    let place = tree.to_string_lossy().into_owned();
    let output = format!(
        "json={}",
        bench.scratch.join("report.json").to_string_lossy()
    );
    let scan = ["scan", &place, "--no-cache", "--quiet", "--output", &output];
    let mut text = format!(
        "\n### Copies of {name}\n\nOne tree holds them all, {} files each.\n\n\
         | scan | runs | CPU s | wall s | peak MiB | CPU s of a copy, to that of one alone | remark |\n\
         |---|---|---|---|---|---|---|\n",
        files.len()
    );
    let mut made = 0;
    let mut alone = f64::NAN;
    for copies in COPIES {
        for copy in made..copies {
            trees::copy(corpus, &files, &tree.join(format!("copy{copy:02}")))?;
        }
        made = copies;
        let mut contenders = vec![bench.ours(&format!("copies: {copies}"), &scan)];
        if COPIES.last() == Some(&copies) {
            contenders.extend(THREADS.map(|threads| {
                let args = [&scan[..], &["--threads", threads]].concat();
                bench.ours(&format!("copies: {copies}, --threads {threads}"), &args)
            }));
        }
        process::in_turns(&mut contenders, bench.runs, &bench.scratch)?;
        for contender in &contenders {
            let each = contender.cpu() / f64::from(copies);
            if copies == 1 {
                alone = each;
            }
            writeln!(
                text,
                "{} {} | {} |",
                row(contender),
                rounded(each / alone),
                contender.remark()
            )?;
        }
    }
    fs::remove_dir_all(&tree)?;
    Ok(text)
}
