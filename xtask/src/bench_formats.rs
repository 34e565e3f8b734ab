//! Reports of 50,000 branches in every form, against the scan that finds them and writes nothing.

use std::{fmt::Write as _, fs, path::Path, time::Instant};

use anyhow::Context as _;
use serde_json::Value;

use crate::{
    bench::measure,
    workspace::{build_bespoke, command, output},
};

/// Files, and branches in each.
const SHAPE: (usize, usize) = (1_000, 50);
/// Seconds and MiB that a report may take, the scan included.
const TARGETS: (f64, u64) = (2.0, 500);

/// Writes a tree, and measures each form.
pub(crate) fn run() -> anyhow::Result<()> {
    let bespoke = build_bespoke("release")?;
    let scratch = std::env::temp_dir().join(format!("bespoke-formats-{}", std::process::id()));
    let tree = scratch.join("tree");
    write(&tree)?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let cache = text(&scratch.join("cache"));
    let scan = |more: &[String]| {
        let mut args: Vec<String> = ["scan", "--quiet", "--cache-dir", &cache]
            .map(str::to_owned)
            .to_vec();
        args.extend_from_slice(more);
        args.push(text(&tree));
        let start = Instant::now();
        let cost = measure(&bespoke, &args)?;
        anyhow::Ok((
            start.elapsed().as_secs_f64(),
            cost.memory.unwrap_or(0) / 1024,
        ))
    };
    // Facts are there from now on, as in a job of CI that restores its cache.
    scan(&[])?;
    let (alone, memory) = scan(&[])?;
    println!("| form | MB | wall s, scan included | ratio to the scan alone | peak MiB |");
    println!("|---|---|---|---|---|");
    println!("| none | | {alone:.2} | 1.0 | {memory} |");
    let listed = command(&text(&bespoke), &["list", "formats", "--format", "json"]);
    let listed: Value = serde_json::from_str(&output(listed)?)?;
    for form in listed.as_array().context("a list of formats")? {
        let name = form["name"].as_str().context("a name")?;
        let file = scratch.join("report");
        let (wall, memory) = scan(&["--output".to_owned(), format!("{name}={}", text(&file))])?;
        #[expect(clippy::cast_precision_loss, reason = "a file's size in MB")]
        let size = fs::metadata(&file)?.len() as f64 / 1e6;
        println!(
            "| {name} | {size:.1} | {wall:.2} | {:.1} | {memory} |",
            wall / alone
        );
        if wall > TARGETS.0 || memory > TARGETS.1 {
            println!("| | | over {} s or {} MiB | | |", TARGETS.0, TARGETS.1);
        }
    }
    fs::remove_dir_all(&scratch)?;
    Ok(())
}

fn write(tree: &Path) -> anyhow::Result<()> {
    let (files, branches) = SHAPE;
    fs::create_dir_all(tree)?;
    let customers: String = (0..60).fold(String::new(), |mut all, n| {
        let _ = writeln!(all, "[[customer]]\nname = \"cust{n}\"");
        all
    });
    fs::write(tree.join("bespoke.toml"), customers)?;
    for file in 0..files {
        let folder = tree.join(format!("pkg{}/src", file / 20));
        fs::create_dir_all(&folder)?;
        let mut text = String::new();
        for branch in 0..branches {
            let customer = (file * 7 + branch) % 60;
            let _ = write!(
                text,
                "export function f{branch}(tenant: Tenant, order: Order) {{\n  if (tenant.slug === \"cust{customer}\") {{\n    \
                 return order.net * {branch};\n  }}\n  return order.net;\n}}\n"
            );
        }
        fs::write(folder.join(format!("f{file}.ts")), text)?;
    }
    Ok(())
}
