//! The charts of the HTML report: a part of Apache `ECharts` in one file, made by npm and committed, so that nobody who
//! builds bespoke needs npm.

use std::fs;

use anyhow::{Context as _, ensure};

use crate::workspace::{command, has, root, run};

const SOURCE: &str = "xtask/charts";
const BUNDLE: &str = "crates/bespoke-report/assets/charts.min.js";
const LICENCES: &str = "crates/bespoke-report/assets/THIRD-PARTY.txt";
/// What the bundle holds, with the files that its licences ask to pass on.
const PACKAGES: [(&str, &[&str]); 3] = [
    ("echarts", &["LICENSE", "NOTICE"]),
    ("zrender", &["LICENSE"]),
    ("tslib", &["LICENSE.txt"]),
];

/// Makes the bundle and its licences anew.
pub(crate) fn write() -> anyhow::Result<()> {
    let (bundle, licences) = make()?;
    fs::write(root().join(BUNDLE), bundle)?;
    fs::write(root().join(LICENCES), licences)?;
    println!("wrote {BUNDLE} and {LICENCES}");
    Ok(())
}

/// Whether what is committed is what npm makes.
pub(crate) fn check() -> anyhow::Result<()> {
    if !has("npm", &["--version"]) {
        println!("npm is not there: the charts are not made anew");
        return Ok(());
    }
    let (bundle, licences) = make()?;
    for (path, made) in [(BUNDLE, bundle), (LICENCES, licences)] {
        let committed =
            fs::read_to_string(root().join(path)).with_context(|| format!("cannot read {path}"))?;
        ensure!(
            committed == made,
            "{path} is not what npm makes: run `cargo xtask assets`"
        );
    }
    println!("the charts are what npm makes");
    Ok(())
}

fn make() -> anyhow::Result<(String, String)> {
    let folder = root().join("target").join("charts");
    fs::create_dir_all(&folder)?;
    for name in ["package.json", "package-lock.json", "charts.js"] {
        fs::copy(root().join(SOURCE).join(name), folder.join(name))
            .with_context(|| format!("cannot copy {name}"))?;
    }
    let mut install = command(
        "npm",
        &[
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
        ],
    );
    install.current_dir(&folder);
    run(install)?;
    let mut bundle = command(
        "npx",
        &[
            "--no-install",
            "esbuild",
            "charts.js",
            "--bundle",
            "--minify",
            "--format=iife",
            "--target=es2020",
            "--legal-comments=inline",
            "--log-level=warning",
            "--outfile=charts.min.js",
        ],
    );
    bundle.current_dir(&folder);
    run(bundle)?;
    let mut licences = String::from(
        "charts.min.js holds parts of these packages, unchanged but for being made small.\n",
    );
    for (package, files) in PACKAGES {
        for file in files {
            let path = folder.join("node_modules").join(package).join(file);
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {file} of {package}"))?;
            let title = format!("==== {package}: {file} ====");
            for part in ["\n", &title, "\n\n", text.trim(), "\n"] {
                licences.push_str(part);
            }
        }
    }
    Ok((fs::read_to_string(folder.join("charts.min.js"))?, licences))
}
