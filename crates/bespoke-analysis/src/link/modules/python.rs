//! Python's modules: packages by path.
//!
//! `a.b` is looked for below each folder that can be on the search path: those that manifests name, those that hold a
//! project's manifest and their `src`, and each folder around the importing file that is no package itself.

use bespoke_facts::{FileFacts, Import, Imported};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Files, Module, Source, folder_of, join};
use crate::{
    FileId, Manifests,
    link::{table::Table, trace::Question},
};

/// Endings of modules, the one that is run first.
const ENDINGS: [&str; 2] = ["py", "pyi"];

/// Where a Django project's settings are imported from.
const DJANGO: &str = "django.conf";
/// Most folders of one name that are looked through beyond those that are known.
const MAX_OTHER: usize = 16;

#[derive(Debug)]
pub(super) struct Python<'a> {
    /// Folders that are known to be on the search path and hold a module or package, by its name; sorted.
    roots: FxHashMap<&'a str, Vec<&'a str>>,
    /// Any other folder that could be put on it, because it is no package itself; by name, sorted.
    other: FxHashMap<&'a str, Vec<&'a str>>,
    /// The settings of a Django project: the `settings.py` nearest to the root.
    settings: Option<FileId>,
}

/// Where a dotted name leads.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// The module's file; a package's `__init__`.
    file: Option<FileId>,
    /// The package's folder, whether it has an `__init__` or not.
    folder: Option<String>,
    /// The name starts with a package of this tree.
    own: bool,
}

impl<'a> Python<'a> {
    pub(super) fn new(table: &Table<'a>, manifests: &'a Manifests) -> Self {
        let known: FxHashSet<&str> = manifests.python_roots.iter().map(String::as_str).collect();
        let known = |folder: &str| matches!(folder, "" | "src") || known.contains(folder);
        let packages: FxHashSet<&str> = table
            .iter()
            .filter(|(_, file)| file.path.file_name() == "__init__.py")
            .map(|(_, file)| file.path.parent())
            .collect();
        let mut roots: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        let mut other: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        let mut seen = FxHashSet::default();
        for (_, file) in table.iter().filter(|(_, file)| file.language == "python") {
            let mut path = file.path.as_str();
            while !path.is_empty() && seen.insert(path) {
                let folder = folder_of(path);
                let name = path.rsplit('/').next().unwrap_or(path);
                let name = name.split('.').next().unwrap_or(name);
                let by_name = if known(folder) {
                    Some(&mut roots)
                } else if packages.contains(folder) || path == file.path.as_str() {
                    // A lone module of some other folder is meant by that folder's own files only.
                    None
                } else {
                    Some(&mut other)
                };
                if let Some(by_name) = by_name {
                    let folders = by_name.entry(name).or_default();
                    if folders.last() != Some(&folder) {
                        folders.push(folder);
                    }
                }
                path = folder;
            }
        }
        Self {
            roots,
            other,
            settings: settings(table),
        }
    }

    /// Hashes of the questions to which another state of the tree has another answer.
    pub(super) fn differences(&self, other: &Self) -> Vec<u64> {
        let mut found = Vec::new();
        for (here, there) in [(&self.roots, &other.roots), (&self.other, &other.other)] {
            for name in here.keys().chain(there.keys()) {
                if here.get(name) != there.get(name) {
                    found.push(Question::PythonRoot(name).hash());
                }
            }
        }
        if self.settings != other.settings {
            found.push(Question::PythonSettings.hash());
        }
        found
    }

    /// The module or package that `name` means in files of `folder`.
    pub(super) fn resolve(&self, files: &Files<'_>, folder: &str, name: &str) -> Place {
        let dotted = name.trim_start_matches('.');
        let path = dotted.replace('.', "/");
        let dots = name.len() - dotted.len();
        if dots > 0 {
            let mut from = folder;
            for _ in 1..dots {
                if from.is_empty() {
                    return Place::default();
                }
                from = folder_of(from);
            }
            return join(from, &path).map_or_else(Place::default, |path| place(files, &path));
        }
        let first = path.split('/').next().unwrap_or_default();
        files.tracer.ask(Question::PythonRoot(first));
        let roots = self.roots.get(first).map_or(&[][..], Vec::as_slice);
        if name == DJANGO {
            files.tracer.ask(Question::PythonSettings);
            let file = self.settings;
            return Place {
                file,
                own: false,
                folder: None,
            };
        }
        let other = self.other.get(first).map_or(&[][..], Vec::as_slice);
        let other = &other[..other.len().min(MAX_OTHER)];
        let mut known = Place::default();
        // What is nearer to the importing file is meant sooner.
        let roots = roots.iter().chain(other).copied();
        for root in around(files, folder).chain(roots) {
            let Some(full) = join(root, &path) else {
                continue;
            };
            let found = place(files, &full);
            if found.file.is_some() {
                return found;
            }
            let package = join(root, first).map(|folder| format!("{folder}/__init__"));
            known.own |= package.is_some_and(|package| files.any(&package, &ENDINGS).is_some());
            known.folder = known.folder.or(found.folder);
        }
        known
    }
}

/// The settings that a Django project hands out as `django.conf.settings`.
fn settings(table: &Table<'_>) -> Option<FileId> {
    const NAMES: [&str; 3] = ["settings.py", "settings/__init__.py", "settings/base.py"];
    let is_settings = |path: &str| {
        NAMES.iter().any(|name| {
            let folder = path.strip_suffix(name);
            folder.is_some_and(|folder| folder.is_empty() || folder.ends_with('/'))
        })
    };
    table
        .iter()
        .filter(|(_, file)| is_settings(file.path.as_str()))
        .min_by_key(|(_, file)| (file.path.parts().count(), file.path.as_str()))
        .map(|(id, _)| id)
}

/// The folders around a file from which imports can start: those that are no packages.
fn around<'p>(files: &'p Files<'_>, folder: &'p str) -> impl Iterator<Item = &'p str> {
    let mut next = Some(folder);
    std::iter::from_fn(move || {
        let here = next?;
        next = (!here.is_empty()).then(|| folder_of(here));
        Some(here)
    })
    .filter(|folder| {
        let init = join(folder, "__init__").unwrap_or_default();
        files.any(&init, &ENDINGS).is_none()
    })
}

fn place(files: &Files<'_>, path: &str) -> Place {
    let init = join(path, "__init__").unwrap_or_default();
    let package = files.any(&init, &ENDINGS);
    let module = || files.any(path, &ENDINGS);
    Place {
        file: package.or_else(module),
        folder: files.has_folder(path).then(|| path.to_owned()),
        own: false,
    }
}

impl Place {
    /// Whether the name starts with a package of this tree.
    pub(super) fn is_own(&self) -> bool {
        self.own
    }

    pub(super) fn file(&self) -> Option<FileId> {
        self.file
    }

    /// What an import of it names.
    pub(super) fn source(&self, files: &Files<'_>, import: &Import, facts: &FileFacts) -> Source {
        let submodule = match (import.imported, &self.folder) {
            (Imported::Named(name), Some(folder)) => {
                let path = join(folder, facts.name(name)).unwrap_or_default();
                place(files, &path).file
            }
            // Its settings are a module by another name.
            (Imported::Named(_), None) if facts.name(import.source) == DJANGO => self.file,
            _ => None,
        };
        Source {
            missing: false,
            module: self.file.map(Module::file),
            submodule: submodule.map(Module::file),
            rest: 0,
        }
    }

    /// The module of a package that has this name.
    pub(super) fn submodule(files: &Files<'_>, package: &str, name: &str) -> Option<FileId> {
        let (folder, file) = package.rsplit_once('/').unwrap_or(("", package));
        if !file.starts_with("__init__.") {
            return None;
        }
        place(files, &join(folder, name)?).file
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{super::tests::set, *};

    const PATHS: [&str; 12] = [
        "app/__init__.py",
        "app/billing/__init__.py",
        "app/billing/rates.py",
        "app/main.py",
        "libs/kit/setup.py",
        "libs/kit/src/kit/__init__.py",
        "libs/kit/src/kit/core.py",
        "ns/part/mod.py",
        "scripts/helper.py",
        "scripts/run.py",
        "told/dep.py",
        "stubs.pyi",
    ];

    /// The file that `import name` in `folder` names, and that of `item` if it is a module of its own.
    fn find(folder: &str, name: &str, item: &str) -> (String, String) {
        let mut set = set("python", &PATHS);
        set.manifests.python_roots = ["libs/kit", "libs/kit/src", "told"]
            .map(str::to_owned)
            .into();
        let table = Table::of(&set);
        let files = Files::new(&table, Rc::default());
        let place = Python::new(&table, &set.manifests).resolve(&files, folder, name);
        let inside = place.folder.as_deref().map(|it| format!("{it}/{item}"));
        let item = inside.and_then(|path| super::place(&files, &path).file);
        let path = |file: Option<FileId>| {
            let none = if place.is_own() { "missing" } else { "-" };
            file.map_or(none.to_owned(), |it| set.files[it.index()].path.to_string())
        };
        (path(place.file), path(item))
    }

    fn check(folder: &str, name: &str, expected: &str) {
        assert_eq!(find(folder, name, "x").0, expected, "{name} in {folder}");
    }

    #[test]
    fn absolute_names_start_at_the_search_path() {
        check("app/billing", "app.main", "app/main.py");
        check("scripts", "app.billing", "app/billing/__init__.py");
        check("app", "kit.core", "libs/kit/src/kit/core.py");
        check("app", "dep", "told/dep.py");
        check("app", "stubs", "stubs.pyi");
        check("scripts", "helper", "scripts/helper.py");
        // A package's own folder is not on the search path.
        check("app", "billing", "-");
        check("app", "main", "-");
        check("app", "helper", "-");
        check("app", "kit.none", "missing");
        check("app", "django.db", "-");
    }

    #[test]
    fn relative_names_count_dots() {
        check("app/billing", ".rates", "app/billing/rates.py");
        check("app/billing", "..main", "app/main.py");
        check("app/billing", "..", "app/__init__.py");
        check("app", ".rates", "-");
        check("app", "...main", "-");
    }

    #[test]
    fn names_of_a_package_can_be_modules() {
        assert_eq!(find("app", ".billing", "rates").1, "app/billing/rates.py");
        assert_eq!(find("app", ".billing", "none").1, "-");
        // Without `__init__` only the folder is known.
        let (package, module) = find("app", "ns.part", "mod");
        assert_eq!((package.as_str(), module.as_str()), ("-", "ns/part/mod.py"));
    }
}
