//! What a file has under a name, without a table of tables: found by position.

use bespoke_facts::{FileFacts, NameId};

/// Items of one file by name, in the order they were given.
#[derive(Debug)]
pub(super) struct ByName<T> {
    /// Where the items of each name start, by the name's id; one more entry than there are names.
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self {
            starts: Vec::new(),
            items: Vec::new(),
        }
    }
}

impl<T: Copy> ByName<T> {
    /// Of items with their names.
    pub(super) fn new(facts: &FileFacts, items: impl Iterator<Item = (NameId, T)> + Clone) -> Self {
        let mut starts = vec![0_u32; facts.names.len() + 1];
        for (name, _) in items.clone() {
            starts[name.index() + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let count = starts.last().copied().unwrap_or(0);
        if count == 0 {
            return Self::default();
        }
        let mut next = starts.clone();
        let mut placed: Vec<Option<T>> = vec![None; count as usize];
        for (name, item) in items {
            let place = &mut next[name.index()];
            placed[*place as usize] = Some(item);
            *place += 1;
        }
        Self {
            starts,
            items: placed.into_iter().flatten().collect(),
        }
    }

    /// The items of a name.
    pub(super) fn get(&self, name: NameId) -> &[T] {
        let at = name.index();
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => &self.items[*from as usize..*to as usize],
            _ => &[],
        }
    }
}
