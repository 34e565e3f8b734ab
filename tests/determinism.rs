//! The same tree gives the same bytes, wherever it lies and however many threads read it.

use std::{fs, path::Path};

use crate::{bespoke, repository, run, shop};

fn json(root: &Path, threads: &str) -> String {
    let (code, json, errors) = run(bespoke([
        "scan",
        "--format",
        "json",
        "--include",
        "all",
        "--threads",
        threads,
    ])
    .arg(root));
    assert_eq!((code, errors.as_str()), (0, ""));
    json
}

#[test]
fn threads_change_nothing() {
    for tree in ["crates", "fixtures", "tests/cmd"] {
        let tree = repository().join(tree);
        let one = json(&tree, "1");
        assert!(
            one.contains("\"path\""),
            "{} has nothing to compare",
            tree.display()
        );
        assert!(
            one == json(&tree, "8"),
            "{} depends on threads",
            tree.display()
        );
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let tree = repository().join("crates");
    assert!(json(&tree, "8") == json(&tree, "8"));
    let page = || run(bespoke(["scan"]).arg(&tree)).1;
    assert_eq!(page(), page());
}

#[test]
fn the_place_of_a_tree_changes_nothing() {
    let elsewhere = tempfile::tempdir().unwrap();
    let copied = elsewhere.path().join("some/other/name");
    copy(&shop(), &copied);
    assert_eq!(json(&shop(), "2"), json(&copied, "2"));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
