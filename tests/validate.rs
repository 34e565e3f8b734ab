//! The backtest, through the program. What it computes is tested beside it.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::{bespoke, run, trend::shop};

/// A repository with a commit a year, from 2019 to 2024, in which a customer came last.
fn years(folder: &Path) {
    let git = |args: &[&str], date: &str| {
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
    };
    git(&["init", "--quiet"], "");
    for year in 2019..=2024 {
        let customer = if year == 2024 { "globex" } else { "acme" };
        let text = format!(
            "export function tax(customer: Customer) {{\n  return customer.slug === \"{customer}\" ? {year} : 0;\n}}\n"
        );
        fs::write(folder.join("tax.ts"), text).unwrap();
        let date = format!("{year}-06-01T12:00:00Z");
        git(&["add", "."], &date);
        git(&["commit", "--quiet", "-m", "Tax"], &date);
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
