//! Each flag SDK against its fixtures: `// flag: new-checkout` stands on the line of every evaluation.
//!
//! A miss and an extra both fail, in `positive.*` and `negative.*` alike. Casings and separators of a key are one flag.
//! A file whose language is not read yet states nothing.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use serde_json::Value;

use super::{bespoke, repository, run};

/// What stands before the keys in a trailing comment.
const MARK: &str = " flag: ";

#[test]
fn evaluations_are_found_where_the_fixtures_say() {
    let folder = repository().join("fixtures/sdks");
    let mut complaints = String::new();
    let mut sdks = 0;
    for entry in sorted(&folder) {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        let (read, found) = found(&entry);
        let expected = expected(&entry, &read);
        assert!(!read.is_empty(), "{name}: no file of it is read");
        let met = found.intersection(&expected).count();
        println!(
            "{name}: precision {met}/{}, recall {met}/{}",
            found.len(),
            expected.len()
        );
        for missed in expected.difference(&found) {
            writeln!(complaints, "{name}: not found: {missed}").unwrap();
        }
        for extra in found.difference(&expected) {
            writeln!(complaints, "{name}: is no evaluation: {extra}").unwrap();
        }
        sdks += 1;
    }
    assert!(sdks > 30, "only {sdks} SDKs have fixtures");
    assert!(complaints.is_empty(), "{complaints}");
}

/// Files that were read, and `file:line key` of every flag check in a folder.
fn found(folder: &Path) -> (BTreeSet<String>, BTreeSet<String>) {
    let path = folder.to_str().expect("our own folders are UTF-8");
    let (code, out, err) = run(&mut bespoke([
        "scan",
        "--quiet",
        "--format",
        "json",
        "--include",
        "all",
        path,
    ]));
    assert_eq!(code, 0, "{path}: {err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["issues"], Value::Array(Vec::new()), "{path}");
    let rows = |key: &str| report[key].as_array().unwrap().clone();
    let files = rows("files");
    let read = files.iter().map(|file| text(&file["path"])).collect();
    let mut found = BTreeSet::new();
    for point in rows("variation_points") {
        if point["kind"] != "flag_check" {
            continue;
        }
        for subject in point["subjects"].as_array().unwrap() {
            found.insert(place(&text(&point["path"]), &point["line"], &text(subject)));
        }
    }
    (read, found)
}

/// The same, as the comments say.
fn expected(folder: &Path, read: &BTreeSet<String>) -> BTreeSet<String> {
    let mut expected = BTreeSet::new();
    for file in sorted(folder) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if !read.contains(&name) {
            continue;
        }
        for (at, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            let marked = |comment| {
                line.rsplit_once(comment)
                    .filter(|it| it.1.starts_with(MARK))
            };
            let Some((_, keys)) = marked("//").or_else(|| marked("#")) else {
                continue;
            };
            for key in keys[MARK.len()..].split(',') {
                expected.insert(place(&name, &Value::from(at + 1), key));
            }
        }
    }
    expected
}

fn place(path: &str, line: &Value, key: &str) -> String {
    let key: String = key.chars().filter(|char| char.is_alphanumeric()).collect();
    format!("{path}:{line} {}", key.to_lowercase())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn sorted(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    entries
}
