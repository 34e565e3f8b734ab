//! What conditions depend on, kept from one look at them to the next.
//!
//! They are looked at three times: twice to learn who the customers are, then to say where these are singled out. Few
//! ask about a name of which something was learned between two looks; of all others the answer stays what it was.

use std::{cell::RefCell, mem, ops::Range};

use bespoke_facts::Branch;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, atoms::Atom};
use crate::{FileId, link::hash};

/// The conditions of a tree.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// By file, then by branch.
    conditions: FxHashMap<FileId, Vec<Condition>>,
    /// Hashes of the names that they asked about.
    asked: Vec<u64>,
    /// Hashes of names that have come to mean something else since.
    changed: FxHashSet<u64>,
    /// Hashes of names that were asked about, while somebody wants to know.
    notes: RefCell<Option<Vec<u64>>>,
}

#[derive(Debug)]
struct Condition {
    atoms: Vec<Atom>,
    /// Which part of `asked` is its own.
    asked: Range<usize>,
}

impl Remembered {
    /// Notes that a name is asked about.
    pub(super) fn ask(&self, name: &str) {
        if let Some(notes) = &mut *self.notes.borrow_mut() {
            notes.push(hash(name));
        }
    }

    /// Notes that a name means something else from now on.
    pub(super) fn change(&mut self, name: &str) {
        self.changed.insert(hash(name));
    }

    /// Whether no name has come to mean something else since conditions were looked at.
    pub(super) fn is_settled(&self) -> bool {
        self.changed.is_empty()
    }

    fn condition(&self, file: FileId, branch: usize) -> Option<&Condition> {
        let condition = self.conditions.get(&file)?.get(branch)?;
        let asked = &self.asked[condition.asked.clone()];
        let holds = asked.iter().all(|name| !self.changed.contains(name));
        holds.then_some(condition)
    }
}

impl Context<'_> {
    /// Looks at the conditions of all files, as far as what they depend on is not known.
    pub(super) fn remember(&mut self) {
        let mut before = mem::take(&mut self.remembered);
        let mut after = Remembered::default();
        for (file, source) in self.model.files() {
            let mut conditions = Vec::with_capacity(source.facts.branches.len());
            for (at, branch) in source.facts.branches.iter().enumerate() {
                let from = after.asked.len();
                let known = before.condition(file, at).map(|known| known.asked.clone());
                let atoms = match known {
                    Some(asked) => {
                        after.asked.extend_from_slice(&before.asked[asked]);
                        let known = before.conditions.get_mut(&file);
                        known.map_or_else(Vec::new, |known| mem::take(&mut known[at].atoms))
                    }
                    None => {
                        self.remembered.notes.replace(Some(Vec::new()));
                        let atoms = self.atoms(file, branch.condition, branch.function);
                        after
                            .asked
                            .extend(self.remembered.notes.take().unwrap_or_default());
                        atoms
                    }
                };
                conditions.push(Condition {
                    atoms,
                    asked: from..after.asked.len(),
                });
            }
            after.conditions.insert(file, conditions);
        }
        self.remembered = after;
    }

    /// What the condition of a branch of a file depends on.
    pub(super) fn branch_atoms(&self, file: FileId, at: usize, branch: &Branch) -> Vec<Atom> {
        let now = || self.atoms(file, branch.condition, branch.function);
        let Some(known) = self.remembered.condition(file, at) else {
            return now();
        };
        debug_assert_eq!(
            known.atoms,
            now(),
            "it asked about nothing that has changed"
        );
        known.atoms.clone()
    }
}
