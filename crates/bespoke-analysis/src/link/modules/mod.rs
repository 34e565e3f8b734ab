//! Which file of the tree an import names. Nothing is read here: all that is known is the list of files and what
//! manifests say.

mod ecmascript;
mod python;
mod rust;

use bespoke_facts::{DefinitionId, Import, NameId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{BlindSpots, FileId, FileSet, SourceFile};

/// What an import names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// The module it takes something from.
    pub(super) module: Option<Module>,
    /// The module that the imported name itself stands for.
    pub(super) submodule: Option<Module>,
    /// How many parts at the end of the source name items in `module`, as `Kind` of `crate::kinds::Kind` does.
    pub(super) rest: u32,
    /// It names a file of this tree that is not there.
    pub(super) missing: bool,
}

/// A module: a file, or one that is written inside a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Module {
    pub(super) file: FileId,
    /// The definition that holds it, if it is not the whole file.
    pub(super) inside: Option<DefinitionId>,
}

impl Module {
    fn file(file: FileId) -> Self {
        Self { file, inside: None }
    }
}

/// The outcome of one look-up.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    file: Option<FileId>,
    /// It can only mean a file of this tree.
    own: bool,
    /// It names no code.
    asset: bool,
}

impl Found {
    fn own(file: Option<FileId>) -> Self {
        Self {
            file,
            own: true,
            asset: false,
        }
    }
}

/// The files of a tree by path.
#[derive(Debug)]
struct Files<'a> {
    by_path: FxHashMap<&'a str, FileId>,
    /// Every folder that holds a file, itself or further down.
    folders: FxHashSet<&'a str>,
}

impl<'a> Files<'a> {
    fn new(set: &'a FileSet) -> Self {
        let mut files = Self {
            by_path: FxHashMap::default(),
            folders: FxHashSet::from_iter([""]),
        };
        for (at, file) in set.files.iter().enumerate() {
            let mut path = file.path.as_str();
            files.by_path.insert(path, super::file_id(at));
            while !path.is_empty() {
                path = folder_of(path);
                if !files.folders.insert(path) {
                    break;
                }
            }
        }
        files
    }

    fn at(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// The first file that is `stem` with one of the endings.
    fn any(&self, stem: &str, endings: &[&str]) -> Option<FileId> {
        let mut path = String::with_capacity(stem.len() + 6);
        endings.iter().find_map(|ending| {
            path.clear();
            path.push_str(stem);
            path.push('.');
            path.push_str(ending);
            self.at(&path)
        })
    }
}

/// Finds modules. Look-ups of one folder and specifier are done once.
#[derive(Debug)]
pub(super) struct Resolver<'a> {
    set: &'a FileSet,
    files: Files<'a>,
    ecmascript: ecmascript::Ecmascript<'a>,
    pub(super) rust: rust::Tree<'a>,
    python: python::Python<'a>,
}

/// What has been looked up.
#[derive(Default)]
pub(super) struct Memo<'a> {
    by_folder: FxHashMap<(&'a str, &'a str), Found>,
    python: FxHashMap<(&'a str, &'a str), python::Place>,
    rust: FxHashMap<(u32, &'a str), Option<rust::Place>>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(set: &'a FileSet) -> Self {
        let files = Files::new(set);
        Self {
            ecmascript: ecmascript::Ecmascript::new(&set.manifests),
            rust: rust::Tree::new(set, &files),
            python: python::Python::new(set),
            files,
            set,
        }
    }

    /// What each import names; nothing for what is not in the tree.
    pub(super) fn sources(
        &self,
        file: FileId,
        memo: &mut Memo<'a>,
        blind: &mut BlindSpots,
    ) -> Vec<Source> {
        let source_file = &self.set.files[file.index()];
        let facts = &source_file.facts;
        let mut counted: FxHashSet<NameId> = FxHashSet::default();
        let imports = facts.imports.iter();
        imports
            .map(|import| {
                let (mut source, own, missing) = match source_file.language {
                    "rust" => self.rust_source(file, import, memo),
                    "python" => self.python_source(source_file, import, memo),
                    _ => {
                        let folder = folder_of(source_file.path.as_str());
                        let name = facts.name(import.source);
                        let found = *memo
                            .by_folder
                            .entry((folder, name))
                            .or_insert_with(|| self.ecmascript.resolve(&self.files, folder, name));
                        let source = Source {
                            module: found.file.map(Module::file),
                            ..Source::default()
                        };
                        let missing = found.own && found.file.is_none() && !found.asset;
                        (source, found.own, missing)
                    }
                };
                source.missing = missing;
                if own && counted.insert(import.source) {
                    blind.own_imports += 1;
                    blind.unresolved_imports += u32::from(missing);
                }
                source
            })
            .collect()
    }

    fn rust_source(
        &self,
        file: FileId,
        import: &Import,
        memo: &mut Memo<'a>,
    ) -> (Source, bool, bool) {
        let facts = &self.set.files[file.index()].facts;
        let name = facts.name(import.source);
        let Some(node) = self.rust.node_at(file, import.span) else {
            return (Source::default(), false, false);
        };
        let place = *memo
            .rust
            .entry((node, name))
            .or_insert_with(|| self.rust.resolve(self.set, node, name));
        let own = place.is_some() || rust::is_own(name);
        (
            self.rust.source(facts, self.set, place, import),
            own,
            own && place.is_none(),
        )
    }

    fn python_source(
        &self,
        file: &'a SourceFile,
        import: &Import,
        memo: &mut Memo<'a>,
    ) -> (Source, bool, bool) {
        let folder = folder_of(file.path.as_str());
        let name = file.facts.name(import.source);
        let place = memo
            .python
            .entry((folder, name))
            .or_insert_with(|| self.python.resolve(&self.files, folder, name));
        let mut source = place.source(&self.files, import, &file.facts);
        // `import stripe` in `stripe.py` means somebody else's.
        let own_file = self.files.at(file.path.as_str());
        let itself = source.module.is_some_and(|it| Some(it.file) == own_file);
        if itself && !name.starts_with('.') {
            source = Source::default();
        }
        let known = source.module.is_some() || source.submodule.is_some();
        let own = known || name.starts_with('.') || place.is_own();
        (source, own, own && !known)
    }

    /// The module of that name in a package, in languages whose packages are folders.
    pub(super) fn submodule(&self, package: FileId, name: &str) -> Option<FileId> {
        let file = &self.set.files[package.index()];
        (file.language == "python")
            .then(|| python::Place::submodule(&self.files, file.path.as_str(), name))
            .flatten()
    }

    /// The file of a package that a file of Python imports by its whole name.
    pub(super) fn package(&self, file: FileId, name: &str) -> Option<FileId> {
        let folder = folder_of(self.set.files[file.index()].path.as_str());
        self.python.resolve(&self.files, folder, name).file()
    }

    /// The file that `require(source)` in `file` loads.
    pub(super) fn required(&self, file: FileId, source: &str) -> Option<FileId> {
        let folder = folder_of(self.set.files[file.index()].path.as_str());
        self.ecmascript.resolve(&self.files, folder, source).file
    }
}

/// All but the last part of a path; empty at the root.
fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What `by_folder` has for a folder, or for the nearest one around it.
fn nearest<'m, T>(by_folder: &'m FxHashMap<&str, T>, folder: &str) -> Option<&'m T> {
    let mut around = folder;
    loop {
        if let Some(found) = by_folder.get(around) {
            return Some(found);
        }
        if around.is_empty() {
            return None;
        }
        around = folder_of(around);
    }
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
    use bespoke_facts::{FileFacts, RepoPath};

    use super::*;
    use crate::Role;

    /// Files without content.
    pub(super) fn set(language: &'static str, paths: &[&str]) -> FileSet {
        let mut paths: Vec<RepoPath> = paths.iter().map(|path| RepoPath::new(*path)).collect();
        paths.sort();
        let files = paths.iter().map(|path| SourceFile {
            path: path.clone(),
            language,
            role: Role::Product,
            facts: FileFacts::default(),
        });
        FileSet {
            files: files.collect(),
            paths: paths.clone(),
            ..FileSet::default()
        }
    }

    #[test]
    fn paths_join() {
        assert_eq!(join("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(join("a", "../../c"), None);
    }

    #[test]
    fn the_nearest_folder_counts() {
        let folders = FxHashMap::from_iter([("", 0), ("a/b", 1)]);
        let nearest = |folder| nearest(&folders, folder).copied();
        assert_eq!((nearest("a/b/c"), nearest("a/bc")), (Some(1), Some(0)));
    }
}
