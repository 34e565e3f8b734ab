//! A linked tree that changes: files are put in and taken away, and what depends on them is told.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{BuildHasher, BuildHasherDefault, Hash, Hasher},
};

use bespoke_facts::{DefinitionId, DefinitionKind, FileFacts, Import, Imported};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::{
    FileIndex, Importers, Model, Named, index,
    modules::{Memo, Source},
    named,
    trace::{Question, Reads},
};
use crate::{BlindSpots, FileId, FileSet, Manifests, SourceFile};

/// What imports name, without the facts that say so.
#[derive(Debug, Default)]
pub(crate) struct Linked {
    /// By file, then by import.
    sources: Vec<Vec<Source>>,
    importers: Option<Importers>,
}

/// Who read what.
#[derive(Debug, Default)]
pub(crate) struct Readers {
    reads: FxHashMap<FileId, Reads>,
    of_file: FxHashMap<FileId, FxHashSet<FileId>>,
    of_question: FxHashMap<u64, FxHashSet<FileId>>,
}

impl Readers {
    /// Replaces what is known of one reader.
    pub(crate) fn set(&mut self, reader: FileId, reads: Reads) {
        let old = self.reads.remove(&reader).unwrap_or_default();
        for file in old.files.difference(&reads.files) {
            forget(&mut self.of_file, file, reader);
        }
        for question in old.questions.difference(&reads.questions) {
            forget(&mut self.of_question, question, reader);
        }
        for file in reads.files.difference(&old.files) {
            self.of_file.entry(*file).or_default().insert(reader);
        }
        for question in reads.questions.difference(&old.questions) {
            let readers = self.of_question.entry(*question).or_default();
            readers.insert(reader);
        }
        if reads != Reads::default() {
            self.reads.insert(reader, reads);
        }
    }

    /// Adds to what is known of one reader.
    pub(crate) fn add(&mut self, reader: FileId, reads: Reads) {
        if reads == Reads::default() {
            return;
        }
        let known = self.reads.entry(reader).or_default();
        reads.files.into_iter().for_each(|file| {
            if known.files.insert(file) {
                self.of_file.entry(file).or_default().insert(reader);
            }
        });
        reads.questions.into_iter().for_each(|question| {
            if known.questions.insert(question) {
                let readers = self.of_question.entry(question).or_default();
                readers.insert(reader);
            }
        });
    }

    pub(crate) fn of_file(&self, file: FileId) -> impl Iterator<Item = FileId> + '_ {
        self.of_file.get(&file).into_iter().flatten().copied()
    }

    pub(crate) fn of_question(&self, question: u64) -> impl Iterator<Item = FileId> + '_ {
        self.of_question
            .get(&question)
            .into_iter()
            .flatten()
            .copied()
    }
}

fn forget<K: Eq + Hash>(readers: &mut FxHashMap<K, FxHashSet<FileId>>, of: &K, reader: FileId) {
    if let Some(set) = readers.get_mut(of) {
        set.remove(&reader);
        if set.is_empty() {
            readers.remove(of);
        }
    }
}

/// What a change of files means for answers that were taken before.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    /// Files whose facts or imports are no longer what they were, or that are gone.
    pub(crate) files: FxHashSet<FileId>,
    /// Any answer to any question may differ.
    pub(crate) all: bool,
    /// Hashes of questions to the tree whose answers may differ.
    pub(crate) questions: FxHashSet<u64>,
    /// Files that others import, or no longer.
    pub(crate) imported: FxHashSet<FileId>,
}

impl Changed {
    fn ask(&mut self, question: Question<'_>) {
        self.questions.insert(question.hash());
    }
}

impl<'a> Model<'a> {
    /// A tree without files, into which they are put later. Takes notes of what answers depend on.
    pub(crate) fn empty(set: &'a FileSet) -> Self {
        let model = super::link(set);
        model.tracer.on();
        model
    }

    /// Lets go of all facts; what is left stays true of the same files.
    pub(crate) fn suspend(self) -> Linked {
        Linked {
            sources: self.files.into_iter().map(|it| it.sources).collect(),
            importers: self.importers.into_inner(),
        }
    }

    /// Goes on with the same files, whose facts are now elsewhere.
    pub(crate) fn resume(
        set: &'a FileSet,
        files: &[(FileId, &'a SourceFile)],
        manifests: &'a Manifests,
        linked: Linked,
    ) -> Self {
        let mut model = Self::empty(set);
        for (id, file) in files {
            model.replace(*id, None, Some(file), &mut Changed::default());
        }
        model.resolver.told(manifests);
        model.resolver.search_python(&model.table);
        model.resolver.grow_rust(&model.table);
        for (file, sources) in model.files.iter_mut().zip(linked.sources) {
            file.sources = sources;
        }
        *model.importers.get_mut() = linked.importers;
        model
    }

    /// Takes what was read since the last time.
    pub(crate) fn reads(&self) -> FxHashMap<FileId, Reads> {
        self.tracer.take()
    }

    /// From now on, answers are about `file`.
    pub(crate) fn about(&self, file: FileId) {
        self.tracer.about(file);
    }

    /// The file of an id, if it is there.
    pub(crate) fn live(&self, file: FileId) -> Option<&'a SourceFile> {
        self.table.get(file)
    }

    /// Changes files, and what manifests say. `linked` is who asked what to find the files that imports name.
    pub(crate) fn update(
        &mut self,
        changes: &[(FileId, Option<&'a SourceFile>)],
        manifests: Option<&'a Manifests>,
        linked: &mut Readers,
    ) -> Changed {
        let mut changed = Changed::default();
        let mut stale: FxHashSet<FileId> = FxHashSet::default();
        let (mut python, mut rust, mut rust_moved, mut rust_ids) =
            (manifests.is_some(), manifests.is_some(), false, false);
        for (id, file) in changes {
            let old = self.table.get(*id);
            changed.files.insert(*id);
            let languages = old.iter().chain(file).map(|it| it.language);
            for language in languages {
                rust |= language == "rust";
                python |= language == "python" && old.is_some() != file.is_some();
            }
            let sum = |file: Option<&SourceFile>, ids| {
                file.filter(|it| it.language == "rust")
                    .map(|it| rust_shape(&it.facts, ids))
            };
            rust_moved |= sum(old, false) != sum(*file, false);
            rust_ids |= sum(old, true) != sum(*file, true);
            if file.is_some_and(|file| !old.is_some_and(|old| imports_alike(old, file))) {
                stale.insert(*id);
            }
            self.replace(*id, old, *file, &mut changed);
        }
        self.exported.take();
        if let Some(manifests) = manifests {
            self.resolver.told(manifests);
            changed.all = true;
        }
        if python {
            for question in self.resolver.search_python(&self.table) {
                changed.questions.insert(question);
            }
        }
        if rust {
            self.resolver.grow_rust(&self.table);
            if rust_moved || manifests.is_some() {
                changed.ask(Question::RustModules);
            }
            if rust_ids || manifests.is_some() {
                changed.ask(Question::RustPlaces);
            }
        }
        let questions = changed.questions.iter();
        stale.extend(questions.flat_map(|question| linked.of_question(*question)));
        if changed.all {
            stale.extend(self.table.iter().map(|(id, _)| id));
        }
        let mut stale: Vec<FileId> = stale.into_iter().collect();
        stale.sort_unstable();
        for (id, file) in changes {
            if file.is_none() {
                linked.set(*id, Reads::default());
            }
        }
        self.relink(stale, &mut changed, linked);
        changed
    }

    /// Looks again for what the imports of files name.
    fn relink(&mut self, files: Vec<FileId>, changed: &mut Changed, linked: &mut Readers) {
        for id in files {
            if self.table.get(id).is_none() {
                continue;
            }
            self.tracer.about(id);
            self.tracer.take();
            let mut blind = BlindSpots::default();
            let sources = self
                .resolver
                .sources(&self.table, id, &mut Memo::default(), &mut blind);
            linked.set(id, self.tracer.take().remove(&id).unwrap_or_default());
            if self.files[id.index()].sources != sources {
                let before: BTreeSet<FileId> = self.imported(id).collect();
                self.files[id.index()].sources = sources;
                self.imports(id, &before, changed);
                changed.files.insert(id);
            }
        }
    }

    /// Takes in one file; what its imports name stays as it was.
    fn replace(
        &mut self,
        id: FileId,
        old: Option<&'a SourceFile>,
        new: Option<&'a SourceFile>,
        changed: &mut Changed,
    ) {
        let mut index = new.map(|new| index(&new.facts)).unwrap_or_default();
        // Of each name, the types whose methods have it: all that is asked of functions elsewhere.
        let mut before: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
        if let Some(old) = old {
            for (name, _, owner) in named(&old.facts, &self.files[id.index()]) {
                before.entry(name).or_default().push(owner);
            }
            for name in before.keys() {
                if let Some(known) = self.functions.get_mut(name) {
                    known.retain(|it| it.file != id);
                    if known.is_empty() {
                        self.functions.remove(name);
                    }
                }
            }
        }
        let mut after: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
        if let Some(new) = new {
            for (name, function, owner) in named(&new.facts, &index) {
                after.entry(name).or_default().push(owner);
                self.functions.entry(name).or_default().push(Named {
                    file: id,
                    function,
                    owner,
                });
            }
        }
        for name in before.keys().chain(after.keys()) {
            if before.get(name) != after.get(name) {
                changed.ask(Question::Function(name));
            }
        }
        let moved = match (old, new) {
            (Some(old), Some(new)) => old.path != new.path,
            (None, None) => false,
            _ => true,
        };
        if moved && let Some(old) = old {
            self.resolver.remove(old.path.as_str(), |path| {
                changed.ask(Question::Path(path));
            });
        }
        self.table.put(id, new);
        if moved && let Some(new) = new {
            self.resolver.add(new.path.as_str(), id, |path| {
                changed.ask(Question::Path(path));
            });
        }
        if self.files.len() <= id.index() {
            self.files.resize_with(id.index() + 1, FileIndex::default);
        }
        let known = &mut self.files[id.index()];
        if new.is_some() {
            index.sources = std::mem::take(&mut known.sources);
            *known = index;
        } else {
            let before: BTreeSet<FileId> = self.imported(id).collect();
            self.files[id.index()] = index;
            self.imports(id, &before, changed);
        }
    }

    /// Takes in that a file imported `before`, and now what it says.
    fn imports(&mut self, id: FileId, before: &BTreeSet<FileId>, changed: &mut Changed) {
        let now: BTreeSet<FileId> = self.imported(id).collect();
        changed.imported.extend(before.symmetric_difference(&now));
        let Some(importers) = self.importers.get_mut() else {
            return;
        };
        for gone in before.difference(&now) {
            if let Some(all) = importers.get_mut(gone) {
                all.remove(&id);
            }
        }
        for new in now.difference(before) {
            importers.entry(*new).or_default().insert(id);
        }
    }
}

/// Whether the imports of a file name the same as before, as long as the rest of the tree stays. Rust's modules may move
/// within a file.
fn imports_alike(old: &SourceFile, new: &SourceFile) -> bool {
    fn imported<'f>(file: &'f SourceFile, import: &Import) -> Option<&'f str> {
        match import.imported {
            Imported::Named(name) => Some(file.facts.name(name)),
            _ => None,
        }
    }
    let alike = |(before, after): (&Import, &Import)| {
        old.facts.name(before.source) == new.facts.name(after.source)
            && std::mem::discriminant(&before.imported) == std::mem::discriminant(&after.imported)
            && imported(old, before) == imported(new, after)
    };
    let (before, after) = (&old.facts.imports, &new.facts.imports);
    old.language == new.language
        && new.language != "rust"
        && old.path == new.path
        && before.len() == after.len()
        && before.iter().zip(after).all(alike)
}

/// What a file adds to Rust's tree of modules, as a hash; with the positions by which others name its modules, or
/// without.
fn rust_shape(facts: &FileFacts, with_places: bool) -> u64 {
    let mut hasher = BuildHasherDefault::<FxHasher>::default().build_hasher();
    for (at, definition) in facts.definitions.iter().enumerate() {
        let name = facts.name(definition.name);
        match definition.kind {
            DefinitionKind::Method | DefinitionKind::Extension => {}
            DefinitionKind::Module => {
                (name, definition.parent.is_some(), with_places.then_some(at)).hash(&mut hasher);
            }
            _ => name.hash(&mut hasher),
        }
    }
    for import in &facts.imports {
        let local = import.local.map(|local| facts.name(local));
        let named = match import.imported {
            Imported::Named(name) => Some(facts.name(name)),
            _ => None,
        };
        (facts.name(import.source), local, named, import.reexport).hash(&mut hasher);
    }
    for binding in facts.bindings.iter().filter(|it| it.function.is_none()) {
        facts.name(binding.name).hash(&mut hasher);
    }
    for attribute in &facts.attributes {
        if attribute.definition.is_some() {
            attribute
                .definition
                .map(DefinitionId::index)
                .filter(|_| with_places)
                .hash(&mut hasher);
        }
    }
    hasher.finish()
}
