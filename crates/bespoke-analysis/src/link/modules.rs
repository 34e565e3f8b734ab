//! Which file of the tree an import names.
//!
//! Relative paths, names of the workspace's packages, and Rust's module paths. A specifier that is neither, such as
//! `@/lib/x` or `lib/x`, is looked for below the folders around the importing file, and below their `src`.

use bespoke_facts::Import;
use rustc_hash::{FxHashMap, FxHashSet};

use super::python::{self, Packages};
use crate::{BlindSpots, FileId, FileSet, PackageKind, SourceFile};

/// Endings that an ECMAScript import may leave out, in the order they are tried.
const ENDINGS: [&str; 8] = ["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts"];

pub(super) struct Resolver<'a> {
    by_path: &'a FxHashMap<&'a str, FileId>,
    /// Every folder that holds a file, itself or further down.
    folders: FxHashSet<&'a str>,
    npm: FxHashMap<&'a str, &'a str>,
    cargo: FxHashMap<&'a str, &'a str>,
    python: Packages<'a>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(set: &'a FileSet, by_path: &'a FxHashMap<&'a str, FileId>) -> Self {
        let of = |kind| {
            set.packages
                .iter()
                .filter(move |package| package.kind == kind)
                .map(|package| (package.name.as_str(), package.dir.as_str()))
                .collect()
        };
        let mut folders = FxHashSet::from_iter([""]);
        for file in &set.files {
            let mut path = file.path.as_str();
            while let Some((folder, _)) = path.rsplit_once('/') {
                if !folders.insert(folder) {
                    break;
                }
                path = folder;
            }
        }
        Self {
            by_path,
            folders,
            npm: of(PackageKind::Npm),
            cargo: of(PackageKind::Cargo),
            python: Packages::new(set),
        }
    }

    /// The file of each import; `None` for what is not in the tree.
    pub(super) fn sources(&self, file: &SourceFile, blind: &mut BlindSpots) -> Vec<Option<FileId>> {
        if file.language == "python" {
            return self.python_sources(file, blind);
        }
        let mut known: FxHashMap<&str, Option<FileId>> = FxHashMap::default();
        file.facts
            .imports
            .iter()
            .map(|import: &Import| {
                let source = file.facts.name(import.source);
                *known.entry(source).or_insert_with(|| {
                    let found = if file.language == "rust" {
                        self.rust(file.path.as_str(), source)
                    } else {
                        self.ecmascript(file.path.as_str(), source)
                    };
                    let own = found.is_some() || is_own(file.language, source);
                    blind.own_imports += u32::from(own);
                    blind.unresolved_imports +=
                        u32::from(own && found.is_none() && !names_asset(source));
                    found
                })
            })
            .collect()
    }

    fn python_sources(&self, file: &SourceFile, blind: &mut BlindSpots) -> Vec<Option<FileId>> {
        let facts = &file.facts;
        let mut known: FxHashMap<(&str, Option<&str>), Option<FileId>> = FxHashMap::default();
        let source_of = |import: &Import| {
            let source = facts.name(import.source);
            let named = python::named(facts, import.imported);
            *known.entry((source, named)).or_insert_with(|| {
                let from = file.path.as_str();
                let found = self.python.resolve(self.by_path, from, source, named);
                let own = found.is_some() || self.python.is_own(source);
                blind.own_imports += u32::from(own);
                blind.unresolved_imports += u32::from(own && found.is_none());
                found
            })
        };
        facts.imports.iter().map(source_of).collect()
    }

    fn ecmascript(&self, from: &str, source: &str) -> Option<FileId> {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        if source.starts_with('.') {
            return self.module(&join(folder, source)?);
        }
        if let Some(found) = self.package(source) {
            return Some(found);
        }
        let bare = ["@/", "~/", "#/"]
            .iter()
            .find_map(|prefix| source.strip_prefix(prefix))
            .unwrap_or(source);
        if bare == source && !source.contains('/') {
            return None;
        }
        let mut around = Some(folder);
        while let Some(folder) = around {
            let found = join(folder, bare)
                .and_then(|path| self.module(&path))
                .or_else(|| {
                    let below = join(folder, "src").and_then(|src| join(&src, bare));
                    below.and_then(|path| self.module(&path))
                });
            if found.is_some() {
                return found;
            }
            around = if folder.is_empty() {
                None
            } else {
                Some(folder.rsplit_once('/').map_or("", |(up, _)| up))
            };
        }
        None
    }

    fn package(&self, source: &str) -> Option<FileId> {
        // `@scope/name/rest` or `name/rest`.
        let mut parts = source.splitn(if source.starts_with('@') { 3 } else { 2 }, '/');
        let scope = if source.starts_with('@') {
            parts.next()
        } else {
            None
        };
        let name = parts.next()?;
        let rest = parts.next();
        let name = scope.map_or_else(|| name.to_owned(), |scope| format!("{scope}/{name}"));
        let dir = *self.npm.get(name.as_str())?;
        let candidates = match rest {
            Some(rest) => vec![join(dir, rest)?, join(dir, &format!("src/{rest}"))?],
            None => vec![
                join(dir, "src/index")?,
                join(dir, "index")?,
                join(dir, "src/main")?,
            ],
        };
        candidates.iter().find_map(|path| self.module(path))
    }

    /// A file by its path with or without its ending, or a folder's index.
    fn module(&self, path: &str) -> Option<FileId> {
        if let Some(found) = self.by_path.get(path) {
            return Some(*found);
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !self.folders.contains(folder) {
            return None;
        }
        // TypeScript's own output is imported as `.js` and written as `.ts`.
        let stem = path
            .strip_suffix(".js")
            .or_else(|| path.strip_suffix(".jsx"))
            .unwrap_or(path);
        let mut full = String::with_capacity(path.len() + 10);
        for (base, middle) in [(path, "."), (stem, "."), (path, "/index.")] {
            for ending in ENDINGS {
                full.clear();
                full.push_str(base);
                full.push_str(middle);
                full.push_str(ending);
                if let Some(found) = self.by_path.get(full.trim_start_matches('/')) {
                    return Some(*found);
                }
            }
        }
        None
    }

    /// A Rust path such as `crate::a::b`, `super::c` or `other_crate::d`: the file of the deepest module it names.
    fn rust(&self, from: &str, source: &str) -> Option<FileId> {
        let mut parts: Vec<&str> = source.split("::").filter(|part| !part.is_empty()).collect();
        let first = *parts.first()?;
        let own = module_folder(from);
        let mut base = match first {
            "crate" => {
                let at = from
                    .find("/src/")
                    .map(|at| at + 4)
                    .or(from.starts_with("src/").then_some(3))?;
                from[..at].to_owned()
            }
            "self" => own,
            "super" => {
                let mut folder = own;
                let ups = parts.iter().take_while(|part| **part == "super").count();
                for _ in 0..ups {
                    folder = folder
                        .rsplit_once('/')
                        .map_or(String::new(), |(up, _)| up.to_owned());
                }
                parts.drain(..ups - 1);
                folder
            }
            name => match self.cargo.get(name) {
                Some(dir) => join(dir, "src")?,
                // A module of this one, named without `self`.
                None => {
                    parts.insert(0, "self");
                    own
                }
            },
        };
        let mut found = self.rust_module(&base);
        for part in parts.iter().skip(1) {
            let inner = format!("{base}/{part}");
            match self.rust_module(&inner) {
                Some(file) => {
                    found = Some(file);
                    base = inner;
                }
                None => break,
            }
        }
        // A name that is no module of this tree is somebody else's crate.
        if first != "crate"
            && first != "self"
            && first != "super"
            && !self.cargo.contains_key(first)
        {
            return self
                .rust_module(&format!("{}/{first}", module_folder(from)))
                .and(found);
        }
        found
    }

    fn rust_module(&self, folder: &str) -> Option<FileId> {
        let folder = folder.trim_start_matches('/');
        [
            format!("{folder}.rs"),
            format!("{folder}/mod.rs"),
            format!("{folder}/lib.rs"),
            format!("{folder}/main.rs"),
        ]
        .iter()
        .find_map(|path| self.by_path.get(path.as_str()).copied())
    }
}

/// Where the submodules of a Rust file live.
fn module_folder(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
        _ => path.strip_suffix(".rs").unwrap_or(path).to_owned(),
    }
}

/// Paths at which a submodule of a Rust file may be.
pub(super) fn child_module(path: &str, name: &str) -> [String; 2] {
    let folder = module_folder(path);
    [
        format!("{folder}/{name}.rs"),
        format!("{folder}/{name}/mod.rs"),
    ]
}

/// Whether an import can only mean a file of this tree.
fn is_own(language: &str, source: &str) -> bool {
    if language == "rust" {
        ["crate", "self", "super"]
            .iter()
            .any(|root| source == *root || source.starts_with(&format!("{root}::")))
    } else {
        source.starts_with('.') || source.starts_with("@/") || source.starts_with("~/")
    }
}

/// Styles, pictures and data are imported too, and are no code.
fn names_asset(source: &str) -> bool {
    let name = source.rsplit('/').next().unwrap_or(source);
    name.rsplit_once('.').is_some_and(|(_, ending)| {
        let code = ENDINGS.contains(&ending);
        !code && ending.len() <= 5 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Joins a folder and a relative path, resolving `.` and `..`; `None` if it leads out of the tree.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_join() {
        assert_eq!(join("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(join("a", "../../c"), None);
    }

    #[test]
    fn submodules_live_beside_or_below() {
        assert_eq!(module_folder("src/a/mod.rs"), "src/a");
        assert_eq!(module_folder("src/a.rs"), "src/a");
    }

    #[test]
    fn assets_are_no_code() {
        assert!(
            names_asset("./logo.svg")
                && !names_asset("./a/tenant.config")
                && !names_asset("./b.js")
        );
    }
}
