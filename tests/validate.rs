//! What history says of the scores and of their constants, through the program. What is computed is tested beside it.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::{bespoke, run, trend::shop};

fn git(folder: &Path, args: &[&str], date: &str) {
    let done = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
        .args(args)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", date)
        .env("GIT_COMMITTER_DATE", date)
        .output()
        .unwrap();
    assert!(done.status.success());
}

/// A repository with a commit a year, from 2019 to 2024, in which a customer came last.
fn years(folder: &Path) {
    git(folder, &["init", "--quiet"], "");
    for year in 2019..=2024 {
        let customer = if year == 2024 { "globex" } else { "acme" };
        let text = format!(
            "export function tax(customer: Customer) {{\n  return customer.slug === \"{customer}\" ? {year} : 0;\n}}\n"
        );
        fs::write(folder.join("tax.ts"), text).unwrap();
        let date = format!("{year}-06-01T12:00:00Z");
        git(folder, &["add", "."], &date);
        git(folder, &["commit", "--quiet", "-m", "Tax"], &date);
    }
}

#[test]
fn too_little_is_no_proof_and_said_so() {
    let folder = tempfile::tempdir().unwrap();
    years(folder.path());
    let (code, page, err) = run(bespoke(["validate"]).arg(folder.path()));
    assert_eq!(code, 0, "{err}");
    assert!(page.contains("Nothing can be said"), "{page}");
    let (_, json, _) = run(bespoke(["validate", "--format", "json"]).arg(folder.path()));
    let json: Value = serde_json::from_str(&json).unwrap();
    let windows = json["windows"].as_array().unwrap();
    // The oldest year is what the first model would be fitted on.
    let from: Vec<&str> = windows
        .iter()
        .map(|it| it["from"].as_str().unwrap())
        .collect();
    assert_eq!(
        from,
        ["2020-06-02", "2021-06-02", "2022-06-02", "2023-06-02"]
    );
    for (window, gained) in windows.iter().zip([0, 0, 0, 1]) {
        assert_eq!(window["files"], 1);
        assert_eq!(window["outcomes"][0]["outcome"], "gained");
        assert_eq!(window["outcomes"][0]["files"], gained, "{window}");
    }
    assert_eq!(json["verdicts"][0]["holds"], false);
}

#[test]
fn a_short_history_is_an_error_with_advice() {
    let shop = shop();
    let short = tempfile::tempdir().unwrap();
    let link = format!("file://{}", shop.path().display());
    let cloned = Command::new("git")
        .args(["clone", "--quiet", "--depth", "3", &link])
        .arg(short.path())
        .status()
        .unwrap();
    assert!(cloned.success());
    let (code, _, err) = run(bespoke(["validate"]).arg(short.path()));
    assert_eq!(code, 2);
    assert!(
        err.contains("two years are needed") && err.contains("fetch-depth: 0"),
        "{err}"
    );
}

#[test]
fn a_calibration_is_written_only_of_enough_and_is_read_again() {
    let shop = shop();
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("debt.toml");
    let (code, page, err) = run(bespoke(["calibrate", "--output"])
        .arg(&file)
        .arg(shop.path()));
    assert_eq!(code, 2);
    assert!(
        page.contains("20 are needed") && err.contains("was not written"),
        "{page}{err}"
    );
    assert!(!file.exists());

    let many = tempfile::tempdir().unwrap();
    flags_that_end(many.path(), 25);
    let file = many.path().join("debt.toml");
    let (code, page, err) = run(bespoke(["calibrate", "--output"])
        .arg(&file)
        .arg(many.path()));
    assert_eq!(code, 0, "{err}");
    // Each flag goes ten minutes after the commit before.
    assert!(
        page.contains("25 removals") && page.contains("took 10 min or less"),
        "{page}"
    );
    let written = fs::read_to_string(&file).unwrap();
    assert!(written.contains("fitted_on = 25"), "{written}");
    let config = "[debt]\ncalibration = \"debt.toml\"\nminutes_per_site = 7\n";
    fs::write(many.path().join("bespoke.toml"), config).unwrap();
    let (code, report, err) = run(bespoke(["scan", "--format", "json"]).arg(many.path()));
    assert_eq!(code, 0, "{err}");
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["debt"]["calibrated_on"], 25);
    assert_eq!(report["debt"]["parameters"]["minutes_per_site"], 7.0);
    let subject = report["debt"]["parameters"]["minutes_per_subject"]
        .as_f64()
        .unwrap();
    assert!(
        written.contains(&format!("minutes_per_subject = {subject:?}")),
        "{written}"
    );
}

/// A repository in which so many flags go, each in a commit of its own.
fn flags_that_end(folder: &Path, count: usize) {
    let at = |minutes: usize| format!("2024-01-01T{:02}:{:02}:00Z", minutes / 60, minutes % 60);
    let text = |from: usize| {
        let checks = (from..count).map(|flag| {
            format!("  if (client.variation(\"flag-{flag}\", false)) {{\n    step();\n  }}\n")
        });
        format!(
            "import * as LDClient from \"launchdarkly-js-client-sdk\";\nconst client = LDClient.initialize(\"key\", {{}});\n\nexport function run() {{\n{}}}\n",
            checks.collect::<String>()
        )
    };
    for gone in 0..=count {
        fs::write(folder.join("run.ts"), text(gone)).unwrap();
        if gone == 0 {
            git(folder, &["init", "--quiet"], "");
        }
        git(folder, &["add", "run.ts"], "");
        git(
            folder,
            &["commit", "--quiet", "-m", "A flag less"],
            &at(gone * 10),
        );
    }
}
