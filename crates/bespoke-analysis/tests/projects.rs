//! Little trees with their variation points in trailing comments: `// customer_branch: acme, globex`.
//!
//! Every point of a tree must be stated on its first line and every statement must be met; `folders.txt` lists units
//! that are folders. `none` states nothing: it only explains.
#![expect(clippy::disallowed_methods, reason = "the fixtures are files")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use bespoke_analysis::{Analysis, Dimension, FileSet, Package, PackageKind, Role, Settings, SourceFile, analyse};
use bespoke_extract::{STACK_BYTES, extract, language_for_path};
use bespoke_facts::RepoPath;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/projects")
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() { files(&entry, into) } else { into.push(entry) }
    }
}

fn load(project: &Path) -> FileSet {
    let mut paths = Vec::new();
    files(project, &mut paths);
    let mut set = FileSet::default();
    for path in paths {
        let relative = path.strip_prefix(project).unwrap().to_str().unwrap().to_owned();
        let bytes = fs::read(&path).unwrap();
        let dir = relative.rsplit_once('/').map_or(String::new(), |(dir, _)| dir.to_owned());
        let text = String::from_utf8_lossy(&bytes);
        let kind = match path.file_name().unwrap().to_str() {
            Some("package.json") => Some(PackageKind::Npm),
            Some("Cargo.toml") => Some(PackageKind::Cargo),
            _ => None,
        };
        if let Some(kind) = kind {
            let name = text.lines().find(|line| line.contains("name")).and_then(|line| line.rsplit('"').nth(1));
            set.packages.push(Package { dir, name: name.unwrap().to_owned(), kind });
        }
        set.paths.push(RepoPath::new(relative.as_str()));
        if let Some(language) = language_for_path(&relative) {
            set.files.push(SourceFile {
                path: RepoPath::new(relative),
                language: language.name,
                role: Role::Product,
                facts: extract(&bytes, language),
            });
        }
    }
    set.files.sort_by(|a, b| a.path.cmp(&b.path));
    set.paths.sort();
    set
}

/// `path:line kind subjects`, the line 1-based and the subjects sorted.
fn found(analysis: &Analysis) -> BTreeSet<String> {
    let counted = analysis.points.iter().filter(|point| point.confidence >= analysis.min_confidence);
    counted
        .map(|point| {
            let mut names: Vec<&str> =
                point.subjects.iter().map(|id| analysis.subjects[id.index()].name.as_str()).collect();
            names.sort_unstable();
            let line = if point.file.is_some() { format!(":{}", point.line + 1) } else { String::new() };
            format!("{}{line} {} {}", point.path, point.kind_name(), names.join(", "))
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
            for line in text.lines() {
                let [kind, folder, name] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
                expected.insert(format!("{folder} {kind} {name}"));
            }
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            let Some((_, comment)) = line.split_once(" // ") else { continue };
            for statement in comment.split("; ") {
                let Some((kind, names)) = statement.split_once(": ") else { continue };
                if names == "none" {
                    continue;
                }
                let mut names: Vec<&str> = names.split(", ").collect();
                names.sort_unstable();
                expected.insert(format!("{relative}:{} {kind} {}", at + 1, names.join(", ")));
            }
        }
    }
    expected
}

fn check(name: &str, settings: Settings) {
    let project = root().join(name);
    let work = move || {
        let analysis = analyse(&load(&project), &settings);
        let (found, expected) = (found(&analysis), expected(&project));
        let missed: Vec<_> = expected.difference(&found).collect();
        let extra: Vec<_> = found.difference(&expected).collect();
        assert!(missed.is_empty() && extra.is_empty(), "missed: {missed:#?}\nextra: {extra:#?}");
        assert!(!found.is_empty());
    };
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).unwrap();
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn customers_behind_constants_enums_and_predicates() {
    check("shop", Settings::default());
}

#[test]
fn flags_behind_a_registry_and_helpers() {
    check("registry", Settings::default());
}

#[test]
fn partners_are_a_dimension_of_the_users() {
    let partner = Dimension { name: "partner".to_owned(), words: vec!["carrier".to_owned()], subjects: Vec::new() };
    check("rust-partners", Settings { dimensions: vec![partner], ..Settings::default() });
}

#[test]
fn folders_named_for_customers_are_units() {
    check("custom-folders", Settings::default());
}
