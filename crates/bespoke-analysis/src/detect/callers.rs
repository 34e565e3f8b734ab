//! Who calls whom by name, in a tree that changes.

use bespoke_facts::{ExprKind, Imported};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, points::function_at};
use crate::{
    FileId, SourceFile,
    link::{Model, hash, last_name},
};

/// The files that call functions, by what these are called.
#[derive(Debug, Default)]
pub(crate) struct Callers {
    by_name: FxHashMap<u64, FxHashSet<FileId>>,
    names: FxHashMap<FileId, FxHashSet<u64>>,
}

impl Callers {
    /// The files that may call a function of one of the names with these hashes.
    pub(super) fn of(&self, names: &FxHashSet<u64>) -> FxHashSet<FileId> {
        let files = names.iter().filter_map(|name| self.by_name.get(name));
        files.flatten().copied().collect()
    }

    /// Whether a file may call a function of one of the names with these hashes.
    pub(super) fn calls(&self, file: FileId, names: &FxHashSet<u64>) -> bool {
        let called = self.names.get(&file);
        called.is_some_and(|called| names.iter().any(|name| called.contains(name)))
    }

    /// Replaces what is known of one file.
    pub(super) fn set(&mut self, file: FileId, names: FxHashSet<u64>) {
        let old = self.names.remove(&file).unwrap_or_default();
        for name in old.difference(&names) {
            if let Some(files) = self.by_name.get_mut(name) {
                files.remove(&file);
                if files.is_empty() {
                    self.by_name.remove(name);
                }
            }
        }
        for name in names.difference(&old) {
            self.by_name.entry(*name).or_default().insert(file);
        }
        if !names.is_empty() {
            self.names.insert(file, names);
        }
    }
}

/// Names of all functions that a file may call, as hashes: as it calls them, as it imports them, and as what it
/// imports by default is called at home.
pub(super) fn called(context: &Context<'_>, file: FileId, source: &SourceFile) -> FxHashSet<u64> {
    let model: &Model<'_> = context.model;
    let facts = &source.facts;
    let mut names = FxHashSet::default();
    let mut given: FxHashSet<&str> = FxHashSet::default();
    for import in &facts.imports {
        match (import.imported, import.local) {
            (Imported::Named(name), Some(local)) if name != local => {
                names.insert(hash(facts.name(name)));
            }
            (Imported::Default, Some(local)) => {
                given.insert(facts.name(local));
            }
            _ => {}
        }
    }
    for (hashed, id) in model.called(file) {
        names.insert(*hashed);
        let expr = facts.expr(*id);
        if let ExprKind::Call { callee, .. } = expr.kind
            && given.contains(last_name(facts, callee))
            && let Some((home, function)) =
                model.callee(file, callee, function_at(facts, expr.span))
        {
            let facts = model.facts(home);
            names.insert(hash(facts.name(facts.functions[function.index()].name)));
        }
    }
    names
}
