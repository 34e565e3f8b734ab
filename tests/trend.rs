//! Rows of histories, against scans of the same commits and against git itself.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{program, repository};

/// The little shop's history.
pub(crate) fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let script = repository().join("fixtures/repos/shop.sh");
    let built = Command::new("sh")
        .arg(script)
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    folder
}

fn git(repository: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(repository)
        .args(args)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn bespoke(args: &[&str]) -> (String, String, i32) {
    let output = Command::new(program())
        .args(args)
        .env_remove("BESPOKE_CACHE_DIR")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        text(&output.stdout),
        text(&output.stderr),
        output.status.code().unwrap(),
    )
}

fn trend(repository: &Path, args: &[&str]) -> String {
    let path = repository.to_str().unwrap();
    let mut all = vec!["trend", path, "--format", "ndjson"];
    if !args.contains(&"--cache-dir") {
        all.push("--no-cache");
    }
    all.extend(args);
    let (out, err, code) = bespoke(&all);
    assert_eq!(code, 0, "{err}");
    out
}

fn rows(text: &str) -> Vec<Value> {
    let lines = text.lines().skip(1);
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The sums that a row and a scan have in common.
fn compare_with_scans(shop: &Path, text: &str, folder: &Path) {
    let header: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let vocabulary = folder.join("vocabulary.json");
    fs::write(&vocabulary, header["vocabulary"].to_string()).unwrap();
    for row in rows(text) {
        let commit = row["commit"].as_str().unwrap();
        let tree = folder.join(commit);
        git(
            shop,
            &[
                "worktree",
                "add",
                "-q",
                "--detach",
                tree.to_str().unwrap(),
                commit,
            ],
        );
        let (out, err, _) = bespoke(&[
            "scan",
            tree.to_str().unwrap(),
            "--no-cache",
            "--vocabulary",
            vocabulary.to_str().unwrap(),
            "--format",
            "json",
        ]);
        let scan: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
        let mut compared = 0;
        for (name, value) in scan["totals"].as_object().unwrap() {
            if let Some(of_row) = row.get(name) {
                assert_eq!(of_row, value, "{name} of {commit}: {}", row["subject"]);
                compared += 1;
            }
        }
        assert!(compared >= 12, "{compared}");
        compare_graphs(&row["graph"], &scan, commit);
    }
}

fn compare_graphs(graph: &Value, scan: &Value, commit: &str) {
    let structure = &scan["structure"];
    let count = |name: &str| structure[name].as_array().unwrap().len();
    for name in ["cycles", "crossings", "clusters"] {
        assert_eq!(graph[name], count(name), "{name} of {commit}");
    }
    assert_eq!(
        graph["propagation_cost"], structure["propagation_cost"],
        "{commit}"
    );
    let dependencies = |file: &Value| file["dependencies"]["afferent"].as_u64().unwrap();
    let files = scan["files"].as_array().unwrap();
    let all: u64 = files.iter().map(dependencies).sum();
    assert_eq!(graph["dependencies"], all, "{commit}");
}

#[test]
fn every_row_equals_a_scan_of_its_commit() {
    let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
    let text = trend(shop.path(), &["--graph", "commit"]);
    assert_eq!(rows(&text).len(), 10);
    compare_with_scans(shop.path(), &text, folder.path());
    let all = trend(shop.path(), &["--all-commits", "--graph", "commit"]);
    assert_eq!(rows(&all).len(), 12);
    let folder = tempfile::tempdir().unwrap();
    compare_with_scans(shop.path(), &all, folder.path());
}

/// A helper around a flag gets another name, key, place and file, and goes; pages that call it follow later.
#[test]
fn helpers_that_change_are_followed_at_every_commit() {
    const SDK: &str = "import { useFlag } from \"@unleash/proxy-client-react\";\n";
    const PAGE: &str = "import { isOn } from \"./flags\";\nexport const page = () => isOn(\"split-view\") ? 1 : 2;\n";
    const OTHER: &str =
        "import { isOn } from \"./flags\";\nexport const a = () => isOn(\"side-panel\") && 1;\n";
    let helper =
        |name: &str| format!("export function {name}(key: string) {{ return useFlag(key); }}\n");
    let is_on = format!("{SDK}{}", helper("isOn"));
    let steps: [&[(&str, &str)]; 10] = [
        &[("page.ts", PAGE), ("other.ts", OTHER)],
        &[("flags.ts", &is_on)],
        &[("flags.ts", &format!("{SDK}{}", helper("isActive")))],
        &[("page.ts", &PAGE.replace("isOn", "isActive"))],
        // Back again, below another function, so that it is another one's number.
        &[(
            "flags.ts",
            &format!("{SDK}export const plain = () => 1;\n{}", helper("isOn")),
        )],
        &[("page.ts", PAGE)],
        // Through another file.
        &[
            ("kit.ts", &is_on),
            ("flags.ts", "export { isOn } from \"./kit\";\n"),
        ],
        // A helper that answers from a fixed key, and one of that.
        &[
            (
                "kit.ts",
                &format!("{is_on}export const isPanelOn = () => isOn(\"panel\");\n"),
            ),
            (
                "third.ts",
                "import { isPanelOn } from \"./kit\";\nexport const c = () => isPanelOn() ? 1 : 2;\n",
            ),
        ],
        &[(
            "kit.ts",
            &format!("{is_on}export const isPanelOn = () => isOn(\"panel-2\");\n"),
        )],
        &[("kit.ts", "export const isOn = () => true;\n")],
    ];
    assert_eq!(points_by_commit(&steps), [0, 2, 0, 1, 1, 2, 2, 4, 4, 0]);
}

/// A file whose name holds a common word is a customer's where all that use it ask for that customer. Those that use it
/// change, come and go; the file does not.
#[test]
fn a_unit_is_one_by_what_others_do_at_every_commit() {
    const IMPORT: &str = "from lib.hope_dates import days\n\n\n";
    let config = "[[customer]]\nname = \"hope\"\n";
    let guarded = format!(
        "{IMPORT}def page(tenant):\n    if tenant.slug == \"hope\":\n        return days()\n    return 1\n"
    );
    let plain = format!("{IMPORT}def other():\n    return days()\n");
    let steps: [&[(&str, &str)]; 9] = [
        &[
            ("bespoke.toml", config),
            ("lib/hope_dates.py", "def days():\n    return 3\n"),
        ],
        &[("app/page.py", &guarded)],
        // Somebody else uses it for all.
        &[("app/other.py", &plain)],
        // Not any more, and again.
        &[("app/other.py", "def other():\n    return 2\n")],
        &[("app/other.py", &plain)],
        &[("app/other.py", GONE)],
        // What is asked for is another customer.
        &[("app/page.py", &guarded.replace("\"hope\"", "\"faith\""))],
        &[("app/page.py", &guarded)],
        &[("app/page.py", GONE)],
    ];
    assert_eq!(points_by_commit(&steps), [0, 3, 1, 3, 1, 3, 1, 3, 0]);
}

/// For [`points_by_commit`]: the file is removed.
const GONE: &str = "\0gone";

/// The numbers of points of every kind after each step, a commit each that writes some files; every row is held against
/// a scan.
fn points_by_commit(steps: &[&[(&str, &str)]]) -> Vec<u64> {
    let (folder, trees) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    git(folder.path(), &["init", "-q", "-b", "main"]);
    for (at, files) in steps.iter().enumerate() {
        for (path, text) in *files {
            let path = folder.path().join(path);
            if *text == GONE {
                fs::remove_file(path).unwrap();
            } else {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
        git(folder.path(), &["add", "-A"]);
        let (name, mail) = ("user.name=ada", "user.email=ada@example.org");
        let subject = at.to_string();
        git(
            folder.path(),
            &["-c", name, "-c", mail, "commit", "-qm", &subject],
        );
    }
    let text = trend(folder.path(), &["--graph", "commit"]);
    compare_with_scans(folder.path(), &text, trees.path());
    let rows = rows(&text);
    let of_row = |row: &Value| {
        let kinds = row["by_kind"].as_object().unwrap().values();
        kinds.map(|count| count.as_u64().unwrap()).sum()
    };
    rows.iter().map(of_row).collect()
}

#[test]
fn a_path_has_rows_of_its_own() {
    let shop = shop();
    let rows = rows(&trend(
        shop.path(),
        &["--path", "src/custom/", "--path", "src/two.ts"],
    ));
    let subjects: Vec<&str> = rows
        .iter()
        .map(|row| row["subject"].as_str().unwrap())
        .collect();
    assert_eq!(subjects, ["Pages for customers", "Both"]);
    // Two pages, one of which an ignore file hides later, and the file of the second branch.
    assert_eq!(rows[0]["files"], 3);
    assert_eq!(rows[1]["files"], 3);
    assert_eq!(rows[1]["by_kind"]["flag_check"], 1);
}

#[test]
fn commits_are_those_of_git() {
    let shop = shop();
    let text = trend(shop.path(), &[]);
    let found: Vec<String> = rows(&text)
        .iter()
        .map(|row| {
            let parents: Vec<&str> = row["parents"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it.as_str().unwrap())
                .collect();
            format!(
                "{} {} {}",
                row["commit"].as_str().unwrap(),
                parents.join(","),
                row["author_email"].as_str().unwrap()
            )
        })
        .collect();
    let log = git(
        shop.path(),
        &["log", "--first-parent", "--reverse", "--format=%H|%P|%aE"],
    );
    let expected: Vec<String> = log
        .lines()
        .map(|line| {
            let parts: Vec<&str> = line.split('|').collect();
            format!("{} {} {}", parts[0], parts[1].replace(' ', ","), parts[2])
        })
        .collect();
    assert_eq!(found, expected);
    // `al` is an old name of Ada's.
    assert!(found[1].ends_with(" ada@example.org"), "{}", found[1]);
    let tagged = trend(shop.path(), &["--every", "tag"]);
    assert_eq!(rows(&tagged)[0]["tags"][0], "v1");
}

#[test]
fn points_come_go_and_move() {
    let shop = shop();
    let rows = rows(&trend(shop.path(), &[]));
    let row = |subject: &str| {
        let mut rows = rows.iter();
        rows.find(|row| row["subject"] == subject).unwrap()
    };
    let events = |row: &Value, what: &str| -> Vec<String> {
        let events = row[what].as_array().unwrap().iter();
        let mut names: Vec<String> = events
            .map(|it| {
                format!(
                    "{} {}",
                    it["kind"].as_str().unwrap(),
                    it["subjects"][0].as_str().unwrap()
                )
            })
            .collect();
        names.sort();
        names
    };
    let first = row("Prices for two");
    assert!(events(first, "born").contains(&"customer_branch customer:acme-corp".to_owned()));
    // Nothing in the file that asks has changed.
    let renamed = row("Acme is Umbrella now");
    assert_eq!(
        events(renamed, "born"),
        [
            "customer_branch customer:umbrella-co",
            "customer_data customer:umbrella-co"
        ]
    );
    assert!(events(renamed, "died").contains(&"customer_branch customer:acme-corp".to_owned()));
    let moved = row("Prices move");
    assert_eq!(
        (moved["born"].clone(), moved["died"].clone()),
        (Value::Array(vec![]), Value::Array(vec![]))
    );
    assert!(moved["moved"].as_u64().unwrap() >= 2, "{moved}");
    assert_eq!(events(row("Nothing at all"), "born"), [""; 0]);
    let gone = row("No dark mode");
    assert!(
        events(gone, "died").contains(&"flag_check flag:dark-mode".to_owned()),
        "{gone}"
    );
}

#[test]
fn cold_warm_resumed_bare_and_one_thread_give_the_same_bytes() {
    let (shop, cache) = (shop(), tempfile::tempdir().unwrap());
    let cache = cache.path().to_str().unwrap();
    let cold = trend(shop.path(), &[]);
    // Some rows are there from another run, by the same vocabulary.
    let folder = tempfile::tempdir().unwrap();
    let vocabulary = folder.path().join("v.json");
    let vocabulary = vocabulary.to_str().unwrap();
    trend(shop.path(), &["--write-vocabulary", vocabulary]);
    let by = ["--cache-dir", cache, "--vocabulary", vocabulary];
    let part = trend(shop.path(), &[&by[..], &["--range", "HEAD~4"]].concat());
    assert_eq!(rows(&part).len(), 6);
    assert_eq!(cold, trend(shop.path(), &by), "resumed");
    assert_eq!(cold, trend(shop.path(), &by), "warm");
    assert_eq!(
        cold,
        trend(shop.path(), &["--cache-dir", cache]),
        "facts kept, names learned again"
    );
    assert_eq!(cold, trend(shop.path(), &["--threads", "1"]), "one thread");
    let bare = folder.path().join("bare.git");
    git(
        shop.path(),
        &["clone", "-q", "--bare", ".", bare.to_str().unwrap()],
    );
    assert_eq!(cold, trend(&bare, &[]), "bare");
    let tree = folder.path().join("tree");
    git(
        shop.path(),
        &[
            "worktree",
            "add",
            "-q",
            "--detach",
            tree.to_str().unwrap(),
            "HEAD",
        ],
    );
    assert_eq!(cold, trend(&tree, &[]), "linked work tree");
}

#[test]
fn a_scan_says_the_same_with_and_without_kept_facts() {
    let (shop, cache) = (shop(), tempfile::tempdir().unwrap());
    let scan = |args: &[&str]| {
        bespoke(
            &[
                &["scan", shop.path().to_str().unwrap(), "--format", "json"],
                args,
            ]
            .concat(),
        )
        .0
    };
    let plain = scan(&["--no-cache"]);
    let cached = ["--cache-dir", cache.path().to_str().unwrap()];
    assert_eq!(plain, scan(&cached));
    assert_eq!(plain, scan(&cached));
    // A broken cache costs time, and a warning.
    let file = fs::read_dir(cache.path())
        .unwrap()
        .flatten()
        .map(|it| it.path())
        .find(|it| it.extension().is_some_and(|it| it == "sqlite"))
        .unwrap();
    fs::write(&file, vec![b'x'; 9_000]).unwrap();
    let root = shop.path().to_str().unwrap();
    let (out, err, _) = bespoke(&[&["scan", root, "--format", "json"], &cached[..]].concat());
    assert_eq!(plain, out);
    assert!(err.contains("is no cache of this program"), "{err}");
}

#[test]
fn rows_are_added_and_a_cut_off_file_is_mended() {
    let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
    let file = folder.path().join("trend.ndjson");
    let path = file.to_str().unwrap();
    let append = |range: &str| {
        let root = shop.path().to_str().unwrap();
        let (out, err, code) = bespoke(&[
            "trend",
            root,
            "--no-cache",
            "--range",
            range,
            "--append",
            path,
        ]);
        assert_eq!((out.as_str(), code), ("", 0), "{err}");
    };
    append("HEAD~3");
    let before = fs::read_to_string(&file).unwrap();
    assert_eq!(rows(&before).len(), 7);
    append("HEAD");
    let after = fs::read_to_string(&file).unwrap();
    assert!(after.starts_with(&before));
    assert_eq!(rows(&after).len(), 10);
    fs::write(&file, &after[..after.len() - 40]).unwrap();
    append("HEAD");
    assert_eq!(fs::read_to_string(&file).unwrap(), after);
    fs::write(&file, "{\"kind\":\"x\"}\n").unwrap();
    let (_, err, code) = bespoke(&[
        "trend",
        shop.path().to_str().unwrap(),
        "--no-cache",
        "--append",
        path,
    ]);
    assert_eq!(code, 2);
    assert!(
        err.contains("trend.ndjson:1: expected a vocabulary"),
        "{err}"
    );
}

#[test]
fn a_shallow_copy_gives_the_rows_that_it_has_and_says_so() {
    let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
    let copy = folder.path().join("copy");
    let from = format!("file://{}", shop.path().display());
    git(
        shop.path(),
        &["clone", "-q", "--depth", "3", &from, copy.to_str().unwrap()],
    );
    let (out, err, code) = bespoke(&[
        "trend",
        copy.to_str().unwrap(),
        "--no-cache",
        "--format",
        "ndjson",
    ]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("shallow copy") && err.contains("fetch-depth: 0"),
        "{err}"
    );
    let rows = rows(&out);
    let cut: BTreeMap<&str, bool> = rows
        .iter()
        .map(|row| {
            (
                row["subject"].as_str().unwrap(),
                row["cut"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(cut.values().filter(|cut| **cut).count(), 1);
    assert!(rows[0]["cut"].as_bool().unwrap());
}

#[test]
fn missing_blobs_are_told_and_the_rest_is_counted() {
    let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
    let copy: PathBuf = folder.path().join("copy");
    git(
        shop.path(),
        &["clone", "-q", "--no-local", ".", copy.to_str().unwrap()],
    );
    let blob = git(&copy, &["rev-parse", "HEAD:src/web/price.ts"]);
    let blob = blob.trim();
    // Objects one by one, so that one can be lost.
    for pack in fs::read_dir(copy.join(".git/objects/pack"))
        .unwrap()
        .flatten()
    {
        let away = folder.path().join(pack.file_name());
        fs::rename(pack.path(), &away).unwrap();
        if away.extension().is_some_and(|it| it == "pack") {
            let mut unpack = Command::new("git");
            unpack.arg("-C").arg(&copy).args(["unpack-objects", "-q"]);
            unpack.stdin(fs::File::open(&away).unwrap());
            assert!(unpack.status().unwrap().success());
        }
    }
    fs::remove_file(copy.join(".git/objects").join(&blob[..2]).join(&blob[2..])).unwrap();
    let rows = rows(&trend(&copy, &[]));
    assert_eq!(rows.len(), 10);
    let whole = self::rows(&trend(shop.path(), &[]));
    let last = |rows: &[Value], name: &str| rows[9][name].as_u64().unwrap();
    assert_eq!(last(&rows, "issues"), last(&whole, "issues") + 1);
    assert_eq!(last(&rows, "files"), last(&whole, "files") - 1);
    assert!(rows[9]["incomplete"].as_bool().unwrap());
}

#[test]
fn what_is_no_repository_is_an_error_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let (_, err, code) = bespoke(&["trend", path, "--no-cache"]);
    assert_eq!(code, 2);
    assert!(err.contains("no git repository"), "{err}");
    git(folder.path(), &["init", "-q", "."]);
    let (out, err, code) = bespoke(&["trend", path, "--no-cache"]);
    assert_eq!((out.as_str(), code), ("No commits.\n", 0), "{err}");
    let shop = shop();
    let (_, err, code) = bespoke(&[
        "trend",
        shop.path().to_str().unwrap(),
        "--range",
        "nonesuch",
    ]);
    assert_eq!(code, 2);
    assert!(err.contains("`nonesuch` names no commit"), "{err}");
    let (_, err, code) = bespoke(&["trend", path, "--since", "2026-02-30"]);
    assert_eq!(code, 2);
    assert!(err.contains("expected a day as YYYY-MM-DD"), "{err}");
}

fn is_typescript(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|ending| ending == "ts")
}

#[test]
fn changed_lines_are_those_of_git() {
    let shop = shop();
    let mut renamed = 0;
    for row in rows(&trend(shop.path(), &[])) {
        let commit = row["commit"].as_str().unwrap();
        // What an ignore file hides is gone for us, and still there for git.
        if row["subject"] == "One page is ignored" {
            continue;
        }
        let told = git(
            shop.path(),
            &[
                "show",
                "--first-parent",
                "-m",
                "-M",
                "--numstat",
                "--format=",
                commit,
            ],
        );
        let (mut added, mut deleted) = (0, 0);
        for line in told.lines() {
            let [more, less, path] = line.splitn(3, '\t').collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            renamed += usize::from(path.contains(" => "));
            let is_source = is_typescript(path.trim_matches('"'));
            // A link, a file that is kept elsewhere, and one that is no text.
            let is_other = ["link.ts", "big.ts", "binary.ts"]
                .iter()
                .any(|it| path.ends_with(it));
            if is_source && !is_other {
                added += more.parse::<u64>().unwrap();
                deleted += less.parse::<u64>().unwrap();
            }
        }
        assert_eq!(row["lines_added"], added, "{commit}: {told}");
        assert_eq!(row["lines_deleted"], deleted, "{commit}: {told}");
    }
    assert_eq!(renamed, 1);
}

#[test]
fn revisions_and_authors_are_those_of_git() {
    let shop = shop();
    let path = shop.path().to_str().unwrap();
    let (out, err, _) = bespoke(&["trend", path, "--no-cache", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).expect(&err);
    let files = report["past"]["files"].as_object().unwrap();
    assert!(files.len() > 5);
    for (file, past) in files {
        if !file.is_ascii() || file.contains('\\') {
            continue;
        }
        let told = git(
            shop.path(),
            &["log", "--no-merges", "--follow", "--format=%aE", "--", file],
        );
        let mut authors: Vec<&str> = told.lines().collect();
        assert_eq!(past["revisions"], authors.len(), "{file}");
        authors.sort_unstable();
        authors.dedup();
        assert_eq!(past["authors"], authors.len(), "{file}");
    }
    // Each of Ada's and Al's days has one commit that counts.
    let days = git(
        shop.path(),
        &[
            "log",
            "--no-merges",
            "--format=%aE %ad",
            "--date=format:%Y-%m-%d",
            "--",
            "*.ts",
        ],
    );
    let told = report["past"]["effort"]["total"].to_string();
    assert_eq!(told, format!("{}.0", days.lines().count()));
}

#[test]
fn points_are_as_old_as_git_says() {
    let shop = shop();
    let path = shop.path().to_str().unwrap();
    let (out, err, _) = bespoke(&[
        "scan",
        path,
        "--no-cache",
        "--history",
        "--format",
        "json",
        "--min-confidence",
        "0",
    ]);
    let report: Value = serde_json::from_str(&out).expect(&err);
    let mut compared = 0;
    for point in report["variation_points"].as_array().unwrap() {
        let (file, line) = (point["path"].as_str().unwrap(), &point["line"]);
        if point["kind"] == "customer_unit" || line != &point["end_line"] || !is_typescript(file) {
            continue;
        }
        let range = format!("{line},{line}");
        let told = git(
            shop.path(),
            &[
                "blame",
                "--first-parent",
                "-M",
                "--porcelain",
                "-L",
                &range,
                "HEAD",
                "--",
                file,
            ],
        );
        let commit = told.split(' ').next().unwrap();
        let past = &point["past"];
        // What a name means changed in another file: the condition is younger than its line.
        if point["subjects"][0] == "umbrella-co" && file.ends_with("price.ts") {
            assert_eq!(past["introduced"]["author"], "ada");
            assert_ne!(past["introduced"]["commit"], commit);
            continue;
        }
        assert_eq!(past["touched"]["commit"], commit, "{point}");
        compared += 1;
    }
    assert!(compared >= 3, "{compared}");
}

#[test]
fn parts_of_the_tree_add_up_to_it() {
    let shop = shop();
    fs::write(
        shop.path().join("CODEOWNERS"),
        "* @all\n/src/web/ @web @all\n/src/custom/\n",
    )
    .unwrap();
    git(shop.path(), &["add", "CODEOWNERS"]);
    let author = [
        "-c",
        "user.name=ada",
        "-c",
        "user.email=ada@example.org",
        "commit",
        "-qm",
        "Owners",
    ];
    git(shop.path(), &author);
    for (by, expected) in [
        ("component", &["src", "src/custom", "src/web"][..]),
        ("owner", &["", "@all", "@all @web"]),
    ] {
        let rows = rows(&trend(shop.path(), &["--by", by]));
        let row = rows.last().unwrap();
        let groups = row["groups"].as_object().unwrap();
        let names: Vec<&String> = groups.keys().collect();
        assert!(
            names.iter().all(|name| expected.contains(&name.as_str())),
            "{names:?}"
        );
        for name in ["files", "nloc", "cognitive", "points", "guarded_lines"] {
            let sum: u64 = groups
                .values()
                .map(|group| group[name].as_u64().unwrap())
                .sum();
            assert_eq!(row[name], sum, "{name} by {by}");
        }
    }
    assert!(
        rows(&trend(shop.path(), &[]))[0]["groups"]
            .as_object()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn replaced_commits_and_sha256_are_read_as_git_does() {
    let shop = shop();
    let head = git(shop.path(), &["rev-parse", "HEAD"]);
    let older = git(shop.path(), &["rev-parse", "HEAD~3"]);
    git(shop.path(), &["replace", head.trim(), older.trim()]);
    let told = git(
        shop.path(),
        &["rev-list", "--first-parent", "--reverse", "HEAD"],
    );
    let rows_now = rows(&trend(shop.path(), &[]));
    let commits: Vec<&str> = rows_now
        .iter()
        .map(|row| row["commit"].as_str().unwrap())
        .collect();
    assert_eq!(commits, told.lines().collect::<Vec<_>>());

    git(shop.path(), &["replace", "-d", head.trim()]);
    let info = shop.path().join(".git/info");
    fs::create_dir_all(&info).unwrap();
    let line = format!("{} {}\n", head.trim(), older.trim());
    fs::write(info.join("grafts"), line).unwrap();
    let told = git(
        shop.path(),
        &["rev-list", "--first-parent", "--reverse", "HEAD"],
    );
    let rows_now = rows(&trend(shop.path(), &[]));
    let commits: Vec<&str> = rows_now
        .iter()
        .map(|row| row["commit"].as_str().unwrap())
        .collect();
    assert_eq!(commits, told.lines().collect::<Vec<_>>());

    let other = tempfile::tempdir().unwrap();
    let made = Command::new("git")
        .args(["init", "-q", "--object-format=sha256", "-b", "main"])
        .arg(other.path())
        .status()
        .unwrap();
    if made.success() {
        fs::write(other.path().join("a.ts"), "export const a = 1;\n").unwrap();
        git(other.path(), &["add", "-A"]);
        let author = [
            "-c",
            "user.name=ada",
            "-c",
            "user.email=ada@example.org",
            "commit",
            "-qm",
            "A",
        ];
        git(other.path(), &author);
        let rows = rows(&trend(other.path(), &[]));
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["commit"].as_str().unwrap().len(), 64);
        assert_eq!(rows[0]["files"], 1);
    }
}
