//! Little trees with their variation points in trailing comments: `// customer_branch: acme, globex`,
//! `# …` in Python.
//!
//! Every point of a tree must be stated on its first line and every statement must be met; `folders.txt` lists units
//! that are folders. `none` states nothing: it only explains.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

pub(crate) fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            files(&entry, into);
        } else {
            into.push(entry);
        }
    }
}

/// `path:line kind subjects`, the subjects sorted; without the line for a folder.
fn found(project: &Path) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_bespoke"))
        .args(["scan", "--quiet", "--format", "json"])
        .arg(project)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    report["variation_points"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|point| point["confidence"].as_f64().unwrap() >= 0.5)
        .map(|point| {
            let mut names: Vec<String> = point["subjects"]
                .as_array()
                .unwrap()
                .iter()
                .map(text)
                .collect();
            names.sort();
            let path = text(&point["path"]);
            let line = if project.join(&path).is_dir() {
                String::new()
            } else {
                format!(":{}", point["line"])
            };
            format!("{path}{line} {} {}", text(&point["kind"]), names.join(", "))
        })
        .collect()
}

fn expected(project: &Path) -> BTreeSet<String> {
    let mut paths = Vec::new();
    files(project, &mut paths);
    let mut expected = BTreeSet::new();
    for path in paths {
        let relative = path.strip_prefix(project).unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        if relative == "folders.txt" {
            expected.extend(text.lines().map(str::to_owned));
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            let marks = [" // ", "  # "];
            let Some((_, comment)) = marks.iter().find_map(|mark| line.split_once(mark)) else {
                continue;
            };
            for statement in comment.split("; ") {
                let Some((kind, names)) = statement.split_once(": ") else {
                    continue;
                };
                if names == "none" {
                    continue;
                }
                let mut names: Vec<&str> = names.trim_end_matches(" -->").split(", ").collect();
                names.sort_unstable();
                let (line, names) = (at + 1, names.join(", "));
                expected.insert(format!("{relative}:{line} {kind} {names}"));
            }
        }
    }
    expected
}

fn check(name: &str) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/projects")
        .join(name);
    let (found, expected) = (found(&project), expected(&project));
    let missed: Vec<_> = expected.difference(&found).collect();
    let extra: Vec<_> = found.difference(&expected).collect();
    assert!(
        missed.is_empty() && extra.is_empty(),
        "missed: {missed:#?}\nextra: {extra:#?}"
    );
    assert!(!found.is_empty());
}

#[test]
fn customers_behind_constants_enums_and_predicates() {
    check("shop");
}

#[test]
fn flags_behind_a_registry_and_helpers() {
    check("registry");
}

#[test]
fn partners_are_a_dimension_of_the_users() {
    check("rust-partners");
}

#[test]
fn folders_named_for_customers_are_units() {
    check("custom-folders");
}

#[test]
fn flags_behind_objects_components_getters_and_the_environment() {
    check("flag-helpers");
}

#[test]
fn what_is_set_for_a_tenant_decides() {
    check("tenant-settings");
}

#[test]
fn python_is_linked_through_its_packages() {
    check("python-service");
}

#[test]
fn path_aliases_hold_where_their_configuration_does() {
    check("path-aliases");
}

#[test]
fn packages_of_a_workspace_are_known_by_what_they_export() {
    check("workspace");
}

#[test]
fn customers_are_known_by_the_company_they_keep() {
    check("customer-cohorts");
}

#[test]
fn pages_of_components_know_their_scripts() {
    check("components");
}

#[test]
fn every_way_to_link_is_followed_where_it_leads_to_somebody() {
    for language in ["typescript", "python", "rust"] {
        check(&format!("linking-{language}"));
    }
}

#[test]
fn required_modules_give_what_they_export() {
    check("commonjs");
}

#[test]
fn crates_are_known_by_other_names_and_re_export() {
    check("rust-workspace");
}
