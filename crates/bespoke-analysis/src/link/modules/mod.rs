//! Which file of the tree an import names. Nothing is read here: all that is known is the list of files and what
//! manifests say.

mod ecmascript;
mod python;
mod rust;

use std::rc::Rc;

use bespoke_facts::{DefinitionId, Import, NameId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    table::Table,
    trace::{Question, Tracer},
};
use crate::{BlindSpots, FileId, Manifests, SourceFile};

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

impl Source {
    /// The file of the module that the import names.
    pub(super) fn file(&self) -> Option<FileId> {
        self.submodule.or(self.module).map(|module| module.file)
    }
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
#[derive(Debug, Default)]
struct Files<'a> {
    by_path: FxHashMap<&'a str, FileId>,
    /// Every folder that holds a file, itself or further down, and how many it holds.
    folders: FxHashMap<&'a str, u32>,
    tracer: Rc<Tracer>,
}

impl<'a> Files<'a> {
    fn new(table: &Table<'a>, tracer: Rc<Tracer>) -> Self {
        let mut files = Self {
            tracer,
            ..Self::default()
        };
        for (id, file) in table.iter() {
            files.add(file.path.as_str(), id);
        }
        files
    }

    fn add(&mut self, mut path: &'a str, id: FileId) {
        self.by_path.insert(path, id);
        while !path.is_empty() {
            path = folder_of(path);
            *self.folders.entry(path).or_default() += 1;
        }
    }

    fn remove(&mut self, mut path: &str) {
        self.by_path.remove(path);
        while !path.is_empty() {
            path = folder_of(path);
            if let Some(held) = self.folders.get_mut(path) {
                *held -= 1;
                if *held == 0 {
                    self.folders.remove(path);
                }
            }
        }
    }

    /// Tells a path that is not there, and the folders around it that are not either.
    fn absent(&self, path: &str, mut tell: impl FnMut(&str)) {
        tell(path);
        let mut folder = path;
        while !folder.is_empty() {
            folder = folder_of(folder);
            if self.folders.contains_key(folder) {
                break;
            }
            tell(folder);
        }
    }

    fn at(&self, path: &str) -> Option<FileId> {
        self.tracer.ask(Question::Path(path));
        self.by_path.get(path).copied()
    }

    fn has_folder(&self, path: &str) -> bool {
        self.tracer.ask(Question::Path(path));
        path.is_empty() || self.folders.contains_key(path)
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
    manifests: &'a Manifests,
    files: Files<'a>,
    ecmascript: ecmascript::Ecmascript<'a>,
    rust: rust::Tree<'a>,
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
    pub(super) fn new(table: &Table<'a>, manifests: &'a Manifests, tracer: Rc<Tracer>) -> Self {
        let files = Files::new(table, tracer);
        Self {
            ecmascript: ecmascript::Ecmascript::new(manifests),
            rust: rust::Tree::new(table, manifests, &files),
            python: python::Python::new(table, manifests),
            files,
            manifests,
        }
    }

    /// Takes in a file, and tells every path whose answer that may change.
    pub(super) fn add(&mut self, path: &'a str, id: FileId, tell: impl FnMut(&str)) {
        self.files.absent(path, tell);
        self.files.add(path, id);
    }

    /// Takes a file out.
    pub(super) fn remove(&mut self, path: &str, tell: impl FnMut(&str)) {
        self.files.remove(path);
        self.files.absent(path, tell);
    }

    /// Manifests have changed.
    pub(super) fn told(&mut self, manifests: &'a Manifests) {
        self.manifests = manifests;
        self.ecmascript = ecmascript::Ecmascript::new(manifests);
    }

    /// Finds anew where Python looks for modules; the hashes of questions that have other answers.
    pub(super) fn search_python(&mut self, table: &Table<'a>) -> Vec<u64> {
        let new = python::Python::new(table, self.manifests);
        let questions = self.python.differences(&new);
        self.python = new;
        questions
    }

    /// Builds Rust's tree of modules anew.
    pub(super) fn grow_rust(&mut self, table: &Table<'a>) {
        self.rust = rust::Tree::new(table, self.manifests, &self.files);
    }

    /// Rust's modules.
    pub(super) fn rust(&self) -> &rust::Tree<'a> {
        self.files.tracer.ask(Question::RustModules);
        &self.rust
    }

    /// What each import names; nothing for what is not in the tree.
    pub(super) fn sources(
        &self,
        table: &Table<'a>,
        file: FileId,
        memo: &mut Memo<'a>,
        blind: &mut BlindSpots,
    ) -> Vec<Source> {
        let source_file = table.file(file);
        let facts = &source_file.facts;
        let mut counted: FxHashSet<NameId> = FxHashSet::default();
        let imports = facts.imports.iter();
        imports
            .map(|import| {
                let (mut source, own, missing) = match source_file.language {
                    "rust" => self.rust_source(table, file, import, memo),
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
        table: &Table<'a>,
        file: FileId,
        import: &Import,
        memo: &mut Memo<'a>,
    ) -> (Source, bool, bool) {
        let facts = &table.file(file).facts;
        let name = facts.name(import.source);
        self.files.tracer.ask(Question::RustPlaces);
        let Some(node) = self.rust().node_at(file, import.span) else {
            return (Source::default(), false, false);
        };
        let place = *memo
            .rust
            .entry((node, name))
            .or_insert_with(|| self.rust.resolve(table, node, name));
        let own = place.is_some() || rust::is_own(name);
        (
            self.rust.source(facts, table, place, import),
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
    pub(super) fn submodule(&self, package: &SourceFile, name: &str) -> Option<FileId> {
        (package.language == "python")
            .then(|| python::Place::submodule(&self.files, package.path.as_str(), name))
            .flatten()
    }

    /// The file of a package that a file of Python imports by its whole name.
    pub(super) fn package(&self, file: &SourceFile, name: &str) -> Option<FileId> {
        let folder = folder_of(file.path.as_str());
        self.python.resolve(&self.files, folder, name).file()
    }

    /// The file at a path.
    pub(super) fn at(&self, path: &str) -> Option<FileId> {
        self.files.at(path)
    }

    /// The class of an Angular page, in the file beside it.
    pub(super) fn beside(&self, page: &SourceFile) -> Option<FileId> {
        let stem = page.path.as_str().strip_suffix(".html")?;
        self.files.any(stem, &["ts"])
    }

    /// The file that `require(source)` in `file` loads.
    pub(super) fn required(&self, file: &SourceFile, source: &str) -> Option<FileId> {
        let folder = folder_of(file.path.as_str());
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
    use crate::{FileSet, Role};

    /// Files without content.
    pub(super) fn set(language: &'static str, paths: &[&str]) -> FileSet {
        let mut paths: Vec<RepoPath> = paths.iter().map(|path| RepoPath::new(*path)).collect();
        paths.sort();
        let files = paths.iter().map(|path| SourceFile {
            path: path.clone(),
            language,
            role: Role::Product,
            facts: FileFacts::default().into(),
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
