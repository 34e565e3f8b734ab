//! Interned text of one file: identifiers, string values, module specifiers.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// A piece of text in a file's [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NameId(pub(crate) u32);

impl NameId {
    /// Position among the names of its file.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The distinct texts of one file, stored end to end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    text: String,
    ends: Vec<u32>,
}

impl Names {
    /// The text of `id`, which must come from the same file.
    pub fn get(&self, id: NameId) -> &str {
        let at = id.0 as usize;
        let end = self.ends.get(at).copied().unwrap_or(0) as usize;
        let start = if at == 0 {
            0
        } else {
            self.ends.get(at - 1).copied().unwrap_or(0) as usize
        };
        self.text.get(start..end).unwrap_or("")
    }

    /// All texts with their ids, in the order of first use.
    pub fn iter(&self) -> impl Iterator<Item = (NameId, &str)> {
        (0..self.ends.len()).map(|at| {
            let id = NameId(u32::try_from(at).unwrap_or(u32::MAX));
            (id, self.get(id))
        })
    }

    /// The id of `text`, if the file holds it. Linear: for tests and rare look-ups.
    pub fn find(&self, text: &str) -> Option<NameId> {
        self.iter()
            .find(|(_, known)| *known == text)
            .map(|(id, _)| id)
    }

    /// How many distinct texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Gives equal texts one id.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    names: Names,
    // Keyed by hash, because the text itself lives in `names`. Texts of one hash take the keys after it.
    by_hash: FxHashMap<u64, NameId>,
}

impl Interner {
    /// Room for so many distinct texts.
    pub(crate) fn with_capacity(texts: usize) -> Self {
        let mut interner = Self::default();
        interner.names.ends.reserve(texts);
        interner.by_hash.reserve(texts);
        interner
    }

    pub(crate) fn intern(&mut self, text: &str) -> NameId {
        use std::hash::Hasher as _;
        let mut hasher = rustc_hash::FxHasher::default();
        hasher.write(text.as_bytes());
        let mut key = hasher.finish();
        loop {
            match self.by_hash.entry(key) {
                Entry::Occupied(known) if self.names.get(*known.get()) == text => {
                    return *known.get();
                }
                Entry::Occupied(_) => key = key.wrapping_add(1),
                Entry::Vacant(free) => {
                    let id = NameId(u32::try_from(self.names.ends.len()).unwrap_or(u32::MAX));
                    self.names.text.push_str(text);
                    let end = u32::try_from(self.names.text.len()).unwrap_or(u32::MAX);
                    self.names.ends.push(end);
                    free.insert(id);
                    return id;
                }
            }
        }
    }

    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    pub(crate) fn finish(self) -> Names {
        let mut names = self.names;
        names.text.shrink_to_fit();
        names.ends.shrink_to_fit();
        names
    }
}
