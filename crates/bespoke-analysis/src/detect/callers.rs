//! Who calls whom by name, in a tree that changes.

use std::hash::{BuildHasher, BuildHasherDefault};

use bespoke_facts::{ExprId, ExprKind, Imported};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::{Context, points::function_at};
use crate::{
    FileId, SourceFile,
    link::{Model, last_name},
};

/// The files that call functions, by what these are called.
#[derive(Debug, Default)]
pub(crate) struct Callers {
    by_name: FxHashMap<u64, FxHashSet<FileId>>,
    names: FxHashMap<FileId, FxHashSet<u64>>,
    /// Each file's calls in order, by the hash of the name that is called.
    calls: FxHashMap<FileId, Vec<(u64, ExprId)>>,
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

    /// The calls in a file of functions with these names or those, as hashes.
    pub(super) fn calls_in(
        &self,
        file: FileId,
        names: &FxHashSet<u64>,
        renamed: &FxHashSet<u64>,
    ) -> Vec<ExprId> {
        let calls = self.calls.get(&file).into_iter().flatten();
        let calls = calls.filter(|(name, _)| names.contains(name) || renamed.contains(name));
        calls.map(|(_, call)| *call).collect()
    }

    /// Replaces what is known of one file.
    pub(super) fn set(&mut self, file: FileId, Called { names, calls }: Called) {
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
        if names.is_empty() {
            self.calls.remove(&file);
        } else {
            self.names.insert(file, names);
            self.calls.insert(file, calls);
        }
    }
}

/// What a file calls.
#[derive(Debug, Default)]
pub(super) struct Called {
    names: FxHashSet<u64>,
    calls: Vec<(u64, ExprId)>,
}

/// Equal for equal names in one run of the program.
pub(super) fn hash(name: &str) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(name)
}

/// Names of all functions that a file may call, as hashes: as it calls them, as it imports them, and as what it
/// imports by default is called at home.
pub(super) fn called(context: &Context<'_>, file: FileId, source: &SourceFile) -> Called {
    let model: &Model<'_> = context.model;
    let facts = &source.facts;
    let mut names = FxHashSet::default();
    let mut calls = Vec::new();
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
    for (id, expr) in facts.all_exprs() {
        let ExprKind::Call { callee, .. } = expr.kind else {
            continue;
        };
        let name = last_name(facts, callee);
        let hashed = hash(name);
        names.insert(hashed);
        calls.push((hashed, id));
        if given.contains(name)
            && let Some((home, function)) =
                model.callee(file, callee, function_at(facts, expr.span))
        {
            let facts = model.facts(home);
            names.insert(hash(facts.name(facts.functions[function.index()].name)));
        }
    }
    Called { names, calls }
}
