//! The dependency graph end to end: a little tree whose comments name the rules that must speak on their line, and no
//! other.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::projects::files;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/projects/boundaries")
}

fn json(args: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_bespoke"))
        .args(args)
        .arg("--quiet")
        .current_dir(project())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn expected() -> BTreeSet<String> {
    let mut paths = Vec::new();
    files(&project(), &mut paths);
    let mut found = BTreeSet::new();
    for file in paths {
        let path = file.strip_prefix(project()).unwrap().to_str().unwrap();
        for (line, text) in (1..).zip(fs::read_to_string(&file).unwrap().lines()) {
            let comment = text.split_once("; // ").or_else(|| text.split_once("  # "));
            for rule in comment.iter().flat_map(|(_, rules)| rules.split("; ")) {
                found.insert(format!("{path}:{line} {rule}"));
            }
        }
    }
    found
}

#[test]
fn rules_speak_where_the_comments_say_and_nowhere_else() {
    let report = json(&["scan", "--format", "json"]);
    let found: BTreeSet<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap().to_owned();
            assert!(!it["proof"].as_array().unwrap().is_empty(), "{it}");
            format!("{}:{} {}", text("path"), it["line"], text("rule"))
        })
        .collect();
    assert_eq!(found, expected());
}

#[test]
fn edges_say_how_and_under_which_condition() {
    let graph = json(&["graph", "--level", "file", "--format", "json"]);
    let edge = |from: &str, to: &str| {
        graph["edges"]
            .as_array()
            .unwrap()
            .iter()
            .find(|edge| edge["from"] == from && edge["to"] == to)
            .cloned()
    };
    let loaded = edge("core/order.ts", "custom/hooli/late.ts").unwrap();
    assert_eq!(loaded["kinds"], serde_json::json!(["dynamic"]));
    let called = edge("core/order.ts", "core/money.ts").unwrap();
    assert_eq!(called["kinds"], serde_json::json!(["import", "call"]));
    assert!(edge("core/order.ts", "package:lodash").is_some());
    let table = edge("py/shop/modules.py", "py/custom/initech/rules.py").unwrap();
    assert_eq!(table["kinds"], serde_json::json!(["dynamic"]));
    let gated = edge("rs/src/main.rs", "rs/src/wide.rs").unwrap();
    assert!(
        gated["condition"].as_str().unwrap().contains("wide"),
        "{gated}"
    );
    assert!(called["condition"].is_null());
    // What a file says of itself is no dependency.
    assert!(edge("custom/hooli/late.ts", "custom/hooli/late.ts").is_none());
}

#[test]
fn filters_keep_a_subject_and_its_neighbours() {
    let names = |args: &[&str]| -> Vec<String> {
        let graph = json(args);
        let nodes = graph["nodes"].as_array().unwrap().clone();
        nodes
            .iter()
            .map(|node| node["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let base = [
        "graph",
        "--level",
        "file",
        "--format",
        "json",
        "--no-packages",
    ];
    assert_eq!(
        names(&[&base[..], &["--subject", "globex"]].concat()),
        ["custom/acme/rate.ts", "custom/globex/rate.ts"]
    );
    assert_eq!(
        names(&[
            "graph",
            "--level",
            "customer",
            "--format",
            "json",
            "--no-packages"
        ]),
        ["acme", "core", "globex", "hooli", "initech"]
    );
}

#[test]
fn components_are_packages_folders_and_what_the_configuration_says() {
    let report = json(&["scan", "--format", "json"]);
    let names: Vec<&str> = report["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["core", "custom", "rs", "shop in Python"]);
    let core = &report["components"][0];
    // `custom` depends on `core` in one file, and the other way round.
    assert_eq!(
        (&core["afferent"], &core["efferent"]),
        (&1.into(), &1.into())
    );
    assert_eq!(core["instability"], 0.5);
}

#[test]
fn without_a_customer_its_folder_and_what_only_it_used_go() {
    let gone = json(&["without", "globex", "--format", "json"]);
    assert_eq!(gone["files"], serde_json::json!(["custom/globex/rate.ts"]));
    assert_eq!(gone["lines"], serde_json::json!([]));
    let gone = json(&["without", "acme", "--format", "json"]);
    let changed: Vec<&str> = gone["changed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["path"].as_str().unwrap())
        .collect();
    assert_eq!(changed, ["custom/globex/rate.ts"]);
    let gone = json(&["without", "initech", "--format", "json"]);
    assert!(
        gone["files"]
            .as_array()
            .unwrap()
            .contains(&"py/custom/initech/rules.py".into()),
        "{gone}"
    );
    assert_eq!(gone["entries"][0]["path"], "py/shop/modules.py");
}
