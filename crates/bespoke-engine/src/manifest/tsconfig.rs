//! `tsconfig.json` and `jsconfig.json`, with what they extend and refer to.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_analysis::{Mapping, NpmManifest, PathMap};
use bespoke_facts::{Issue, IssueReason, RepoPath};
use jsonc_parser::{ParseOptions, parse_to_serde_value};
use serde_json::Value;

use super::{Bytes, issue, join, text};
use crate::Entry;

/// How many configurations in a row are followed.
const MAX_HOPS: u32 = 16;

/// Whether a file applies to its folder without being named.
pub(super) fn is_config(name: &str) -> bool {
    matches!(name, "tsconfig.json" | "jsconfig.json")
}

/// Path maps of `configs` and of what they refer to, in the order of [`bespoke_analysis::Manifests::path_maps`].
pub(super) fn path_maps(
    entries: &[Entry],
    configs: &[RepoPath],
    packages: &[NpmManifest],
    bytes: &Bytes<'_>,
) -> (Vec<PathMap>, Vec<Issue>) {
    let mut reader = Reader {
        listed: BTreeMap::new(),
        bytes,
        packages: BTreeMap::new(),
        read: BTreeMap::new(),
        flat: BTreeMap::new(),
        issues: BTreeSet::new(),
    };
    if configs.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let json = entries.iter();
    let json = json.filter(|entry| entry.file.extension().is_some_and(|it| it == "json"));
    reader.listed = json.map(|entry| (entry.path.as_str(), entry)).collect();
    for package in packages {
        if let Some(name) = &package.name {
            reader.packages.entry(name).or_insert(&package.dir);
        }
    }
    let mut maps = Vec::new();
    let mut seen = BTreeSet::new();
    // By folder; `tsconfig.json` before `jsconfig.json`, and both before what they refer to.
    let mut configs: Vec<&RepoPath> = configs.iter().collect();
    configs.sort_by_key(|path| (path.parent(), std::cmp::Reverse(path.file_name())));
    let mut open: Vec<String> = configs.iter().map(|it| it.as_str().to_owned()).collect();
    open.reverse();
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let folder = folder_of(&path).to_owned();
        if let Some(config) = reader.flat(&path, 0) {
            maps.push(config.into_map(folder));
        }
        let referred = reader.references(&path);
        open.extend(referred.into_iter().rev());
    }
    maps.sort_by(|a: &PathMap, b: &PathMap| a.dir.cmp(&b.dir));
    (maps, reader.issues.into_iter().collect())
}

/// Reads configurations on demand, each once.
struct Reader<'a> {
    listed: BTreeMap<&'a str, &'a Entry>,
    bytes: &'a Bytes<'a>,
    /// Folders of packages by name.
    packages: BTreeMap<&'a str, &'a str>,
    read: BTreeMap<String, Option<Value>>,
    /// Configurations with what they extend; `None` while that is being found out.
    flat: BTreeMap<String, Option<Config>>,
    issues: BTreeSet<Issue>,
}

/// A configuration with all that it extends. Paths are as written, with the folder they are relative to.
#[derive(Clone, Default)]
struct Config {
    base: Option<(String, String)>,
    paths: Option<(Vec<Mapping>, String)>,
}

impl Config {
    fn into_map(self, dir: String) -> PathMap {
        let base = self
            .base
            .and_then(|(base, from)| path_of(&base, &from, &dir));
        let (paths, own) = self.paths.unwrap_or_default();
        let from = base.as_deref().unwrap_or(&own);
        let aliases = paths.into_iter().filter_map(|(pattern, targets)| {
            let count = targets.len();
            let mut targets = targets;
            targets.retain(|target| !target.contains("node_modules/"));
            // A name for somebody else's package says nothing of this tree.
            if targets.is_empty() && count > 0 {
                return None;
            }
            let targets = targets.iter().filter_map(|it| path_of(it, from, &dir));
            Some((pattern, targets.collect()))
        });
        PathMap {
            aliases: aliases.collect(),
            base,
            dir,
        }
    }
}

/// A path that a configuration in `folder` names; `${configDir}` is the folder of the one that extends it.
fn path_of(path: &str, folder: &str, dir: &str) -> Option<String> {
    match path.strip_prefix("${configDir}") {
        Some(rest) => join(dir, rest),
        None => join(folder, path),
    }
}

impl Reader<'_> {
    /// The value of a configuration; `None` if there is none.
    fn value(&mut self, path: &str) -> Option<&Value> {
        if !self.read.contains_key(path) {
            let entry = self.listed.get(path)?;
            let value = text(entry, self.bytes).and_then(|text| {
                let options = ParseOptions {
                    allow_missing_commas: false,
                    allow_single_quoted_strings: false,
                    ..ParseOptions::default()
                };
                parse_to_serde_value(&text, &options)
                    .map_err(|error| IssueReason::Manifest(error.to_string()))
            });
            let value = match value {
                Ok(value) => Some(value),
                Err(reason) => {
                    self.issues.insert(issue(&RepoPath::new(path), reason));
                    None
                }
            };
            self.read.insert(path.to_owned(), value);
        }
        self.read.get(path)?.as_ref()
    }

    /// A configuration with all that it extends; `None` if there is none.
    fn flat(&mut self, path: &str, hops: u32) -> Option<Config> {
        if let Some(known) = self.flat.get(path).cloned() {
            if known.is_none() {
                self.complain(path, "extends itself".to_owned());
            }
            return known;
        }
        let value = self.value(path)?.clone();
        self.flat.insert(path.to_owned(), None);
        let folder = folder_of(path);
        let mut flat = Config::default();
        for parent in strings(value.get("extends")) {
            let Some(parent) = self.extended(path, &parent) else {
                continue;
            };
            if hops == MAX_HOPS {
                self.complain(
                    path,
                    format!("over {MAX_HOPS} configurations extend each other"),
                );
                break;
            }
            let parent = self.flat(&parent, hops + 1).unwrap_or_default();
            flat.base = parent.base.or(flat.base);
            flat.paths = parent.paths.or(flat.paths);
        }
        let options = value.get("compilerOptions");
        if let Some(base) = options.and_then(|it| it.get("baseUrl")?.as_str()) {
            flat.base = Some((base.to_owned(), folder.to_owned()));
        }
        if let Some(paths) = options.and_then(|it| it.get("paths")?.as_object()) {
            let paths = paths
                .iter()
                .map(|(pattern, targets)| (pattern.clone(), strings(Some(targets))));
            flat.paths = Some((paths.collect(), folder.to_owned()));
        }
        self.flat.insert(path.to_owned(), Some(flat.clone()));
        Some(flat)
    }

    /// The path of what a configuration extends; `None` if it is another repository's, or missing.
    fn extended(&mut self, path: &str, parent: &str) -> Option<String> {
        let relative = parent.starts_with('.') || parent.starts_with('/');
        let full = if relative {
            join(folder_of(path), parent)
        } else {
            let mut parts = parent.splitn(if parent.starts_with('@') { 3 } else { 2 }, '/');
            let mut name = parts.next()?.to_owned();
            if name.starts_with('@') {
                name = format!("{name}/{}", parts.next()?);
            }
            join(
                self.packages.get(name.as_str())?,
                parts.next().unwrap_or(""),
            )
        };
        let found = full.and_then(|full| {
            let inside = join(&full, "tsconfig.json")?;
            [full.clone(), format!("{full}.json"), inside]
                .into_iter()
                .find(|path| self.listed.contains_key(path.as_str()))
        });
        if found.is_none() {
            self.complain(
                path,
                format!("extends `{parent}`, which is not in this tree"),
            );
        }
        found
    }

    /// Configurations in files of their own that this one refers to; those of folders apply to these anyway.
    fn references(&mut self, path: &str) -> Vec<String> {
        let Some(value) = self.value(path) else {
            return Vec::new();
        };
        let references = value.get("references").and_then(Value::as_array);
        let references = references.into_iter().flatten();
        let paths: Vec<String> = references
            .filter_map(|it| join(folder_of(path), it.get("path")?.as_str()?))
            .collect();
        paths
            .into_iter()
            .filter(|path| self.listed.contains_key(path.as_str()))
            .collect()
    }

    fn complain(&mut self, path: &str, why: String) {
        let reason = IssueReason::Manifest(why);
        self.issues.insert(issue(&RepoPath::new(path), reason));
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A string, or an array's strings.
fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => {
            let items = items.iter().filter_map(Value::as_str);
            items.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The path maps of a tree as `folder base pattern=targets`, and its issues.
    fn read(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let tree = tempfile::tempdir().unwrap();
        let mut entries = Vec::new();
        for (path, text) in files {
            let file = tree.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, text).unwrap();
            let path = RepoPath::new(*path);
            let size = 0;
            entries.push(Entry { path, file, size });
        }
        let read = super::super::read_all(&entries, |_| true, &|entry, limit, buffer| {
            crate::read::read(&entry.file, limit, buffer)
        });
        let maps = read.manifests.path_maps.iter().map(|map| {
            let base = map.base.as_deref().unwrap_or("-");
            let aliases = map.aliases.iter();
            let aliases = aliases.map(|(name, targets)| format!(" {name}={}", targets.join(",")));
            format!("{} {base}{}", map.dir, aliases.collect::<String>())
        });
        let issues = read.issues.iter();
        let issues = issues.map(|issue| format!("{} {}", issue.path, issue.reason));
        (maps.collect(), issues.collect())
    }

    #[test]
    fn comments_and_what_is_extended_are_read() {
        let base = r#"{
            // Names of ours.
            "compilerOptions": { "paths": { "@a/*": ["./a/*", "../out/*"], "x": ["../node_modules/x"], }, },
        }"#;
        let (maps, issues) = read(&[
            ("conf/base.json", base),
            ("web/tsconfig.json", r#"{ "extends": ["../conf/base"] }"#),
            (
                "api/tsconfig.json",
                r#"{ "extends": "../conf/base.json", "compilerOptions": { "baseUrl": "src" } }"#,
            ),
            (
                "tsconfig.json",
                r#"{ "compilerOptions": { "paths": { "y": ["../../y"] } } }"#,
            ),
        ]);
        assert_eq!(
            maps,
            [
                " - y=",
                "api api/src @a/*=api/src/a/*,api/out/*",
                "web - @a/*=conf/a/*,out/*",
            ]
        );
        assert_eq!(issues, Vec::<String>::new());
    }

    #[test]
    fn packages_references_and_the_folder_of_the_leaf() {
        let shared = r#"{ "compilerOptions": { "paths": { "~/*": ["${configDir}/src/*"] } } }"#;
        let (maps, issues) = read(&[
            ("tools/ts/package.json", r#"{ "name": "@acme/ts" }"#),
            ("tools/ts/strict.json", shared),
            (
                "web/tsconfig.json",
                r#"{ "references": [{ "path": "./tsconfig.app.json" }, { "path": "../api" }] }"#,
            ),
            (
                "web/tsconfig.app.json",
                r#"{ "extends": "@acme/ts/strict.json" }"#,
            ),
            (
                "api/tsconfig.json",
                r#"{ "extends": "@tsconfig/node20/tsconfig.json" }"#,
            ),
            ("api/tsconfig.unused.json", "{ broken"),
        ]);
        assert_eq!(maps, ["api -", "web -", "web - ~/*=web/src/*"]);
        assert_eq!(issues, Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_broken_or_in_a_circle_is_an_issue() {
        let deep = "[".repeat(100_000);
        let (maps, issues) = read(&[
            (
                "a/tsconfig.json",
                r#"{ "extends": "./gone", "compilerOptions": { "baseUrl": "." } }"#,
            ),
            ("b/tsconfig.json", "{ \"extends\": \"x\",\n nonsense"),
            ("c/tsconfig.json", r#"{ "extends": "./other.json" }"#),
            (
                "c/other.json",
                r#"{ "extends": "./tsconfig.json", "compilerOptions": { "paths": { "p": ["p"] } } }"#,
            ),
            ("d/jsconfig.json", &deep),
            ("e/tsconfig.json", r#"{ "extends": "../../e" }"#),
        ]);
        assert_eq!(maps, ["a a", "c - p=c/p", "e -"]);
        let [gone, broken, circle, deep, outside] = issues.as_slice() else {
            panic!("{issues:?}");
        };
        assert!(
            gone.starts_with("a/tsconfig.json") && gone.contains("`./gone`"),
            "{gone}"
        );
        assert!(
            broken.starts_with("b/tsconfig.json") && broken.contains("line 2"),
            "{broken}"
        );
        assert!(
            circle.starts_with("c/tsconfig.json") && circle.contains("itself"),
            "{circle}"
        );
        assert!(
            deep.starts_with("d/jsconfig.json") && deep.contains("depth"),
            "{deep}"
        );
        assert!(outside.starts_with("e/tsconfig.json"), "{outside}");
    }
}
