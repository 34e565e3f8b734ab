//! The dependency graph against networkx, statistics of histories against scipy and lifelines, forms of reports against
//! other people's parsers, the HTML report in a browser: other programs' answers to the same questions.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail, ensure};

use crate::{
    generate::{self, Shape},
    workspace::{build_bespoke, command, has, output, root, run as run_command},
};

/// Pinned, so that an answer that changes is ours.
const PACKAGES: [&str; 9] = [
    "axe-playwright-python==0.1.8",
    "check-jsonschema==0.39.0",
    "playwright==1.55.0",
    "pre-commit==4.7.0",
    "pyyaml==6.0.4",
    "networkx==3.4.2",
    "scipy==1.15.3",
    "lifelines==0.30.0",
    "prometheus-client==0.26.0",
];

/// A made-up tree with cycles and customers, and this workspace. Needs Python 3 with venv, and the package index.
pub(crate) fn run() -> anyhow::Result<()> {
    let python = ["python3", "python"]
        .into_iter()
        .find(|it| has(it, &["-m", "venv", "--help"]));
    let Some(python) = python else {
        println!(
            "Python 3 with venv is not there: nothing is held against networkx, scipy and lifelines"
        );
        return Ok(());
    };
    let target = root().join("target").join("oracle");
    let environment = target.join("venv");
    let own = python_of(&environment);
    let installed = || {
        let mut check = Command::new(&own);
        check.args([
            "-c",
            "import networkx, scipy, lifelines, prometheus_client, axe_playwright_python, check_jsonschema, pre_commit, yaml",
        ]);
        check.output().is_ok_and(|output| output.status.success())
    };
    if !installed() {
        let mut make = Command::new(python);
        make.args(["-m", "venv"]).arg(&environment);
        run_command(make)?;
        let mut install = Command::new(&own);
        install.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        install.args(PACKAGES);
        run_command(install)?;
    }
    let bespoke = build_bespoke("dev")?;
    let made = target.join("tree");
    if made.exists() {
        fs::remove_dir_all(&made)?;
    }
    let shape = Shape {
        files: 400,
        edges: 1_600,
        seed: 7,
    };
    generate::write(&made, shape)?;
    for tree in [made.as_path(), root()] {
        compare(&bespoke, &own, &target, tree)?;
    }
    let hostile = target.join("hostile");
    if hostile.exists() {
        fs::remove_dir_all(&hostile)?;
    }
    // Names that other systems do not have.
    if cfg!(unix) {
        let mut check = Command::new(&own);
        check.arg(root().join("xtask/oracle/formats.py"));
        check.arg(&bespoke).arg(&hostile);
        run_command(check)?;
        let made = target.join("ci");
        if made.exists() {
            fs::remove_dir_all(&made)?;
        }
        let mut check = Command::new(&own);
        check.arg(root().join("xtask/oracle/ci.py"));
        check.args([bespoke.as_path(), root(), &made]);
        run_command(check)?;
    }
    look(&bespoke, &own, &target)?;
    let mut build = Command::new("cargo");
    build.args([
        "build",
        "--quiet",
        "-p",
        "bespoke-analysis",
        "--example",
        "growth",
    ]);
    build.current_dir(root());
    run_command(build)?;
    let growth = bespoke
        .parent()
        .context("a program lies in a folder")?
        .join("examples")
        .join(format!("growth{}", std::env::consts::EXE_SUFFIX));
    let mut check = Command::new(&own);
    check.arg(root().join("xtask/oracle/growth.py")).arg(growth);
    run_command(check)
}

/// The HTML report in Chromium. Where CI runs there has to be one.
fn look(bespoke: &Path, python: &Path, target: &Path) -> anyhow::Result<()> {
    let browser = ["chromium", "chromium-browser", "google-chrome"];
    let Some(browser) = browser.into_iter().find(|it| has(it, &["--version"])) else {
        ensure!(
            std::env::var_os("CI").is_none(),
            "no Chromium to look at the HTML report with: .ci/run installs it"
        );
        println!("Chromium is not there: nobody looks at the HTML report");
        return Ok(());
    };
    let tree = target.join("browser");
    if tree.exists() {
        fs::remove_dir_all(&tree)?;
    }
    let program = output(command(
        python.to_str().context("a path in UTF-8")?,
        &[
            "-c",
            &format!("import shutil; print(shutil.which('{browser}'))"),
        ],
    ))?;
    let mut check = Command::new(python);
    check.arg(root().join("xtask/oracle/browser.py"));
    check.args([bespoke, &tree]).arg(program.trim());
    run_command(check)
}

fn compare(bespoke: &Path, python: &Path, target: &Path, tree: &Path) -> anyhow::Result<()> {
    let (graph, report) = (target.join("graph.graphml"), target.join("report.json"));
    for (path, args) in [
        (
            &graph,
            &[
                "graph",
                "--level",
                "file",
                "--no-packages",
                "--format",
                "graphml",
            ][..],
        ),
        (&report, &["scan", "--format", "json"][..]),
    ] {
        let output = Command::new(bespoke)
            .args(args)
            .args(["--quiet", "."])
            .current_dir(tree)
            .output()
            .context("cannot run bespoke")?;
        if !output.status.success() {
            bail!(
                "bespoke failed: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        fs::write(path, output.stdout)?;
    }
    let mut check = Command::new(python);
    check
        .arg(root().join("xtask/oracle/graph.py"))
        .arg(&graph)
        .arg(&report);
    run_command(check)
}

fn python_of(environment: &Path) -> PathBuf {
    if cfg!(windows) {
        environment.join("Scripts").join("python.exe")
    } else {
        environment.join("bin").join("python")
    }
}
