//! The gate: what a change brings, against budgets, baselines and comments; and each exit code.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::{bespoke, run};

fn git(folder: &Path, args: &[&str]) {
    let done = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
        .args(args)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", "2026-06-01T12:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-06-01T12:00:00Z")
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}

fn tax(customers: &[&str], above: &str) -> String {
    let branch = |name: &&str| {
        format!("{above}  if (customer.slug === \"{name}\") {{\n    return 0;\n  }}\n")
    };
    let branches: String = customers.iter().map(branch).collect();
    format!(
        "export function tax(customer: Customer, amount: number) {{\n{branches}  return amount;\n}}\n"
    )
}

/// A repository whose main line has one customer.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    git(path, &["init", "--quiet", "--initial-branch", "main"]);
    fs::write(path.join("tax.ts"), tax(&["acme"], "")).unwrap();
    git(path, &["add", "."]);
    git(path, &["commit", "--quiet", "-m", "Tax"]);
    git(path, &["checkout", "--quiet", "-b", "work"]);
    folder
}

fn check(folder: &Path, args: &[&str]) -> (i32, String, String) {
    run(bespoke(["check"]).arg(folder).args(args))
}

#[test]
fn only_what_a_change_brings_can_fail_it() {
    let folder = repository();
    let path = folder.path();
    let (code, page, err) = check(path, &["--base", "main"]);
    assert_eq!((code, err.as_str()), (0, ""), "{page}");
    fs::write(path.join("tax.ts"), tax(&["acme", "globex"], "")).unwrap();
    let (code, page, _) = check(path, &["--base", "main", "--explain-exit"]);
    assert_eq!(code, 1, "{page}");
    assert!(
        page.contains("tax.ts:5") && page.contains("globex") && !page.contains("tax.ts:2"),
        "{page}"
    );
    assert!(
        page.contains("exit 1") && page.contains("no new code for single customers"),
        "{page}"
    );

    // Others' work on the main line is no news of this branch.
    git(path, &["commit", "--quiet", "-a", "-m", "Globex"]);
    git(path, &["checkout", "--quiet", "main"]);
    fs::write(path.join("other.ts"), tax(&["initech"], "")).unwrap();
    git(path, &["add", "."]);
    git(path, &["commit", "--quiet", "-m", "Initech"]);
    let sarif = ["--base", "main", "--head", "work", "--format", "sarif"];
    let (code, log, _) = check(path, &sarif);
    let log: Value = serde_json::from_str(&log).unwrap();
    assert_eq!(code, 1);
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 1);
    let (code, page, _) = check(path, &["--base", "work", "--head", "main"]);
    assert!(code == 1 && page.contains("other.ts:2"), "{page}");

    let (code, _, err) = check(path, &["--base", "gone"]);
    assert!(code == 2 && err.contains("names no commit"), "{err}");
}

#[test]
fn comments_allow_with_a_reason_and_for_a_time() {
    let folder = repository();
    let path = folder.path();
    let with = |comment: &str| {
        fs::write(
            path.join("more.ts"),
            tax(&["globex"], &format!("  // {comment}\n")),
        )
        .unwrap();
        let (code, page, _) = check(path, &["--base", "main", "--format", "json"]);
        let report: Value = serde_json::from_str(&page).unwrap();
        let rules = report["findings"].as_array().unwrap().iter();
        let rules: Vec<String> = rules
            .map(|it| it["rule"].as_str().unwrap().to_owned())
            .collect();
        (code, report["check"]["allowed"].as_u64().unwrap(), rules)
    };
    let some = |rule: &str| vec![rule.to_owned()];
    assert_eq!(with("Globex."), (1, 0, vec![]));
    assert_eq!(
        with("bespoke: allow(customer_branch) because of the contract"),
        (0, 1, vec![])
    );
    assert_eq!(
        with("bespoke: allow(customer_branch) because of the contract until 2026-06-30"),
        (0, 1, vec![])
    );
    assert_eq!(
        with("bespoke: allow(customer_branch) because of the contract until 2026-05-31"),
        (1, 0, some("allow-expired"))
    );
    assert_eq!(
        with("bespoke: allow(customer_branch)"),
        (1, 0, some("allow-broken"))
    );
    assert_eq!(
        with("bespoke: allow(flag_check) because it was one"),
        (1, 0, some("allow-unused"))
    );
}

#[test]
fn baselines_know_identities_and_not_counts() {
    let folder = repository();
    let path = folder.path();
    let file = path.join("known.ndjson");
    let (code, _, err) = run(bespoke(["baseline", "--output"]).arg(&file).arg(path));
    assert_eq!(code, 0, "{err}");
    let baseline = ["--baseline", file.to_str().unwrap()];
    assert_eq!(check(path, &baseline).0, 0);
    // One went and another came: as many as before.
    fs::write(path.join("tax.ts"), tax(&["globex"], "")).unwrap();
    let (code, page, _) = check(path, &baseline);
    assert!(code == 1 && page.contains("globex"), "{page}");
    // The same one, elsewhere.
    fs::remove_file(path.join("tax.ts")).unwrap();
    fs::write(path.join("taxes.ts"), tax(&["acme"], "  // Acme.\n")).unwrap();
    assert_eq!(check(path, &baseline).0, 0);
    fs::write(&file, "<<<<<<< main\n").unwrap();
    let (code, _, err) = check(path, &baseline);
    assert!(
        code == 2 && err.contains("known.ndjson:1") && err.contains("conflict"),
        "{err}"
    );
}

#[test]
fn budgets_of_the_configuration_decide() {
    let folder = repository();
    let path = folder.path();
    fs::write(path.join("tax.ts"), tax(&["acme", "globex", "initech"], "")).unwrap();
    let with = |budget: &str| {
        fs::write(
            path.join("bespoke.toml"),
            format!("[[budget]]\nname = \"b\"\n{budget}\n"),
        )
        .unwrap();
        let (code, page, err) = check(path, &["--base", "main"]);
        (code, page + &err)
    };
    for (budget, code) in [
        ("max = 3", 0),
        ("max = 2", 1),
        ("max_new = 2", 0),
        ("max_new = 1", 1),
        ("of = [\"flag\"]\nmax = 0", 0),
        ("paths = [\"src/\"]\nmax_new = 0", 0),
        ("paths = [\"tax.ts\"]\nmax_new = 0", 1),
        ("subject = \"globex\"\nmax_new = 0", 1),
        ("subject = \"acme\"\nmax_new = 0", 0),
        ("max_minutes = 10000", 0),
        ("max_minutes = 1", 1),
        ("max = 9\nuntil = 2026-06-01", 0),
        ("max = 9\nuntil = 2026-05-31", 1),
        ("", 2),
        ("max = -1", 2),
        ("of = [\"flag\"]\nmax_minutes = 3", 2),
    ] {
        let (found, said) = with(budget);
        assert_eq!(found, code, "{budget}: {said}");
    }
}

#[test]
fn what_a_comment_allows_does_not_fail_a_scan() {
    let folder = tempfile::tempdir().unwrap();
    let above = "  // bespoke: allow(customer_branch) because of the contract\n";
    for (above, code) in [("", 1), (above, 0)] {
        fs::write(folder.path().join("tax.ts"), tax(&["acme"], above)).unwrap();
        let args = ["scan", "--quiet", "--fail-on", "customer_branch"];
        assert_eq!(run(bespoke(args).arg(folder.path())).0, code, "{above}");
    }
}
