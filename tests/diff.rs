//! Differences, against scans of both ends and against git.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::{bespoke, run, trend::shop};

fn git(folder: &Path, args: &[&str]) -> String {
    let done = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
        .args(args)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap()
}

fn diff(folder: &Path, args: &[&str]) -> Value {
    let mut command = bespoke(["diff", "--format", "json", "--repository"]);
    let (code, page, err) = run(command.arg(folder).args(args));
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&page).unwrap()
}

fn figure(diff: &Value, name: &str) -> i64 {
    diff["totals"][name].as_i64().unwrap()
}

/// What came less what went is the difference of the sums; one end's sums are those of a scan of it.
#[test]
fn totals_are_those_of_two_scans() {
    let shop = shop();
    let commits = git(
        shop.path(),
        &["rev-list", "--first-parent", "--reverse", "HEAD"],
    );
    let commits: Vec<&str> = commits.lines().collect();
    let mut something = 0;
    for pair in commits.windows(2) {
        let found = diff(shop.path(), pair);
        let of = |name| figure(&found, name);
        assert_eq!(
            of("points_now"),
            of("points_before") + of("introduced") + of("surfaced")
                - of("resolved")
                - of("absorbed")
                - of("sank"),
            "{found:#}"
        );
        something += of("introduced") + of("resolved");
        let back = diff(shop.path(), &[pair[1], pair[0]]);
        assert_eq!(of("points_now"), figure(&back, "points_before"));
        assert_eq!(
            of("guarded_lines_before"),
            figure(&back, "guarded_lines_now")
        );
    }
    assert!(something > 5, "something happens in the shop");

    // The disk, clean, is what its commit is; and a scan of it says the same by the same names.
    let nothing = diff(shop.path(), &["HEAD"]);
    for list in [
        "introduced",
        "resolved",
        "changed",
        "moved",
        "absorbed",
        "surfaced",
        "sank",
    ] {
        assert!(
            nothing[list].as_array().unwrap().is_empty(),
            "{list}: {nothing:#}"
        );
    }
    let (_, report, _) = run(bespoke(["scan", "--format", "json"]).arg(shop.path()));
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(nothing["totals"]["points_now"], report["totals"]["points"]);
    let file = shop.path().join("report.json");
    fs::write(&file, report.to_string()).unwrap();
    let file = file.to_str().unwrap();
    let same = diff(shop.path(), &[file, file]);
    assert_eq!(same["totals"]["points_before"], report["totals"]["points"]);
    assert!(same["introduced"].as_array().unwrap().is_empty());
}

const BILLING: &str = "\
export function tax(customer: Customer, amount: number) {
  if (customer.slug === \"acme\") {
    return 0;
  }
  if (customer.slug === \"globex\") {
    return amount * 0.1;
  }
  return amount * 0.2;
}
";

/// A new home, another indentation, lines above and a new name of the file are no customization.
#[test]
fn moves_and_reformatting_introduce_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    git(path, &["init", "--quiet"]);
    fs::create_dir(path.join("src")).unwrap();
    fs::write(path.join("src/billing.ts"), BILLING).unwrap();
    git(path, &["add", "."]);
    git(path, &["commit", "--quiet", "-m", "Billing"]);

    fs::remove_file(path.join("src/billing.ts")).unwrap();
    fs::create_dir(path.join("src/money")).unwrap();
    let other = format!("// Taxes.\n\nexport const RATE = 0.2;\n\n{BILLING}")
        .replace("  ", "\t")
        .replace(" === ", "\n\t\t=== ");
    fs::write(path.join("src/money/taxes.ts"), other).unwrap();
    let moved = diff(path, &["HEAD"]);
    assert_eq!(figure(&moved, "introduced"), 0, "{moved:#}");
    assert_eq!(figure(&moved, "resolved"), 0, "{moved:#}");
    assert_eq!(moved["moved"].as_array().unwrap().len(), 2);
    assert_eq!(moved["moved"][0]["from"], "src/billing.ts");

    // A third customer is, once; and one who joins a list.
    let third = BILLING
        .replace(
            "customer.slug === \"acme\"",
            "[\"acme\", \"initech\"].includes(customer.slug)",
        )
        .replace(
            "  return amount * 0.2;",
            "  if (customer.slug === \"umbrella\") {\n    return 1;\n  }\n  return amount * 0.2;",
        );
    fs::remove_file(path.join("src/money/taxes.ts")).unwrap();
    fs::write(path.join("src/billing.ts"), third).unwrap();
    let found = diff(path, &["HEAD"]);
    assert_eq!(figure(&found, "introduced"), 1, "{found:#}");
    assert_eq!(found["introduced"][0]["subjects"][0], "umbrella");
    assert_eq!(found["introduced"][0]["line"], 8);
    assert_eq!(found["changed"][0]["gained"][0], "initech");
    let new: Vec<&str> = found["subjects"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["is_new"] == true)
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    assert_eq!(new, ["initech", "umbrella"]);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let shop = shop();
    let ask = |args: &[&str]| {
        let (code, _, err) = run(bespoke(["diff", "--repository"])
            .arg(shop.path())
            .args(args));
        assert_eq!(code, 2, "{err}");
        err
    };
    assert!(ask(&["no-such-branch"]).contains("names no commit"));
    assert!(ask(&["gone.json", "HEAD"]).contains("cannot be compared"));
    assert!(ask(&["gone.json", "gone.json"]).contains("is no report"));
    let old = shop.path().join("old.json");
    fs::write(&old, r#"{"schema_version": "0.3"}"#).unwrap();
    let old = old.to_str().unwrap();
    assert!(ask(&[old, old]).contains("its schema_version is 0.3"));
    fs::write(old, "{").unwrap();
    assert!(ask(&[old, old]).contains("is no report"));

    // Two histories that never met.
    git(shop.path(), &["checkout", "--quiet", "--orphan", "alone"]);
    git(
        shop.path(),
        &["commit", "--quiet", "--allow-empty", "-m", "Alone"],
    );
    let branch = git(shop.path(), &["rev-list", "--all", "--max-parents=0"]);
    let roots: Vec<&str> = branch.lines().collect();
    let (code, _, err) = run(bespoke(["diff", "--from-fork", "--repository"])
        .arg(shop.path())
        .args(roots));
    assert!(code == 2 && err.contains("no commit in common"), "{err}");
}

#[test]
fn a_shallow_copy_is_told_what_to_fetch() {
    let shop = shop();
    let folder = tempfile::tempdir().unwrap();
    let source = format!("file://{}", shop.path().display());
    let done = Command::new("git")
        .args(["clone", "--quiet", "--depth", "1", &source])
        .arg(folder.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .status()
        .unwrap();
    assert!(done.success());
    for command in [
        &["diff", "HEAD~1", "--repository"][..],
        &["check", "--base", "HEAD~1"],
    ] {
        let (code, _, err) = run(bespoke([]).args(command).arg(folder.path()));
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("fetch-depth: 0"), "{err}");
    }
}
