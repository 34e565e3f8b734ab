//! Which file a Python import names.
//!
//! A top-level package is a folder with Python files whose own folder is no package; wherever such a folder lies, it can
//! be on the interpreter's path. Where several have one name, the one nearest to the importing file is meant.

use std::collections::BTreeSet;

use bespoke_facts::Imported;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{FileId, FileSet};

/// Most folders of one name that are looked through for one import.
const MAX_ROOTS: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Packages<'a> {
    /// Folders from which a top-level name can be imported, by that name.
    roots: FxHashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Packages<'a> {
    pub(super) fn new(set: &'a FileSet) -> Self {
        let files = || {
            set.files
                .iter()
                .filter(|file| file.language == "python")
                .map(|file| file.path.as_str())
        };
        let packages: FxHashSet<&str> = files()
            .filter_map(|path| path.strip_suffix("__init__.py"))
            .map(|folder| folder.trim_end_matches('/'))
            .collect();
        let mut found: BTreeSet<(&str, &str)> = BTreeSet::new();
        for path in files() {
            let (mut folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if !packages.contains(folder) {
                let name = name.split('.').next().unwrap_or(name);
                found.insert((name, folder));
            }
            // Every folder around it that could be a package of the folder around that.
            while !folder.is_empty() {
                let (around, name) = folder.rsplit_once('/').unwrap_or(("", folder));
                if !packages.contains(around) && !found.insert((name, around)) {
                    break;
                }
                folder = around;
            }
        }
        let mut roots: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for (name, folder) in found {
            roots.entry(name).or_default().push(folder);
        }
        Self { roots }
    }

    /// Whether an import can only mean a file of this tree.
    pub(super) fn is_own(&self, source: &str) -> bool {
        let first = source.split('.').next().unwrap_or(source);
        first.is_empty() || self.roots.contains_key(first)
    }

    /// The file of an import: a module, the file of a package, or the submodule that is imported by name.
    pub(super) fn resolve(
        &self,
        by_path: &FxHashMap<&str, FileId>,
        from: &str,
        source: &str,
        named: Option<&str>,
    ) -> Option<FileId> {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let dots = source.bytes().take_while(|byte| *byte == b'.').count();
        if dots > 0 {
            let mut base = folder;
            for _ in 1..dots {
                if base.is_empty() {
                    return None;
                }
                base = base.rsplit_once('/').map_or("", |(around, _)| around);
            }
            return module(by_path, base, &source[dots..], named);
        }
        let first = source.split('.').next().unwrap_or(source);
        let mut roots: Vec<&str> = self.roots.get(first)?.clone();
        // The nearest first: the one that shares most folders with the importing file.
        roots.sort_by_key(|root| (std::cmp::Reverse(shared(root, folder)), root.len()));
        roots
            .into_iter()
            .take(MAX_ROOTS)
            .find_map(|root| module(by_path, root, source, named))
    }
}

/// How many leading folders two paths share.
fn shared(left: &str, right: &str) -> usize {
    left.split('/')
        .zip(right.split('/'))
        .take_while(|(left, right)| left == right && !left.is_empty())
        .count()
}

fn module(
    by_path: &FxHashMap<&str, FileId>,
    root: &str,
    dotted: &str,
    named: Option<&str>,
) -> Option<FileId> {
    let mut path = root.to_owned();
    for part in dotted.split('.').filter(|part| !part.is_empty()) {
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(part);
    }
    let within = if path.is_empty() { "" } else { "/" };
    let file = |path: String| by_path.get(path.as_str()).copied();
    file(format!("{path}.py"))
        .or_else(|| file(format!("{path}{within}__init__.py")))
        .or_else(|| named.and_then(|name| file(format!("{path}{within}{name}.py"))))
        .or_else(|| named.and_then(|name| file(format!("{path}{within}{name}/__init__.py"))))
        .or_else(|| file(format!("{path}.pyi")))
}

/// The settings of a Django project: the file of that name nearest to the root.
pub(super) fn settings(by_path: &FxHashMap<&str, FileId>) -> Option<FileId> {
    by_path
        .iter()
        .filter(|(path, _)| {
            ["settings.py", "settings/__init__.py", "settings/base.py"]
                .iter()
                .any(|name| {
                    path.strip_suffix(name)
                        .is_some_and(|folder| folder.is_empty() || folder.ends_with('/'))
                })
        })
        .min_by_key(|(path, _)| (path.matches('/').count(), **path))
        .map(|(_, file)| *file)
}

/// The name by which an import may mean a submodule.
pub(super) fn named(facts: &bespoke_facts::FileFacts, imported: Imported) -> Option<&str> {
    match imported {
        Imported::Named(name) => Some(facts.name(name)),
        _ => None,
    }
}

/// Paths at which a submodule of a package may be.
pub(super) fn submodules(path: &str, name: &str) -> [String; 2] {
    let folder = path.strip_suffix("__init__.py").unwrap_or("\0");
    [
        format!("{folder}{name}.py"),
        format!("{folder}{name}/__init__.py"),
    ]
}

#[cfg(test)]
mod tests {
    use bespoke_facts::{FileFacts, RepoPath};

    use super::*;
    use crate::{Role, SourceFile};

    /// The path that an import resolves to.
    fn resolve(paths: &[&str], from: &str, source: &str, named: Option<&str>) -> Option<String> {
        let set = FileSet {
            files: paths
                .iter()
                .map(|path| SourceFile {
                    path: RepoPath::new(*path),
                    language: "python",
                    role: Role::Product,
                    facts: FileFacts::default(),
                })
                .collect(),
            ..FileSet::default()
        };
        let by_path: FxHashMap<&str, FileId> = (0..)
            .map(FileId)
            .zip(&set.files)
            .map(|(id, file)| (file.path.as_str(), id))
            .collect();
        let found = Packages::new(&set).resolve(&by_path, from, source, named)?;
        Some(paths[found.index()].to_owned())
    }

    const TREE: [&str; 8] = [
        "shop/__init__.py",
        "shop/flags.py",
        "shop/orders/__init__.py",
        "shop/orders/tasks.py",
        "libs/ext/toggle/shortcuts.py",
        "api/src/core/models.py",
        "web/src/core/models.py",
        "manage.py",
    ];

    #[test]
    fn absolute_imports_start_at_a_top_level_package() {
        let from = "shop/orders/tasks.py";
        for (source, named, path) in [
            ("shop.flags", Some("NEW"), "shop/flags.py"),
            ("shop", Some("flags"), "shop/__init__.py"),
            ("shop.orders", None, "shop/orders/__init__.py"),
            (
                "toggle.shortcuts",
                Some("on"),
                "libs/ext/toggle/shortcuts.py",
            ),
            ("toggle", Some("shortcuts"), "libs/ext/toggle/shortcuts.py"),
            ("manage", None, "manage.py"),
        ] {
            assert_eq!(resolve(&TREE, from, source, named).as_deref(), Some(path));
        }
        assert_eq!(resolve(&TREE, from, "flags", None), None);
        assert_eq!(resolve(&TREE, from, "django.db", Some("models")), None);
    }

    #[test]
    fn relative_imports_start_at_the_file() {
        let from = "shop/orders/tasks.py";
        for (source, named, path) in [
            ("..flags", None, Some("shop/flags.py")),
            (".", Some("tasks"), Some("shop/orders/__init__.py")),
            (".tasks", None, Some("shop/orders/tasks.py")),
            ("....flags", None, None),
        ] {
            assert_eq!(resolve(&TREE, from, source, named).as_deref(), path);
        }
    }

    #[test]
    fn the_nearest_of_several_is_meant() {
        let found = resolve(&TREE, "web/src/core/views.py", "core.models", None);
        assert_eq!(found.as_deref(), Some("web/src/core/models.py"));
    }
}
