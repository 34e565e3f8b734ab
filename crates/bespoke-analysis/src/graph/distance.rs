//! Who depends on a set of files within some steps.

use petgraph::Direction;

use super::{Graph, node};

/// Searches from sets of files, one after the other: what is seen is marked with the search's number, so that nothing
/// is cleared between them.
pub(crate) struct Dependents<'g> {
    graph: &'g Graph,
    seen: Vec<u32>,
    search: u32,
}

impl<'g> Dependents<'g> {
    pub(crate) fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            seen: vec![0; graph.file_count()],
            search: 0,
        }
    }

    /// How many files depend on one of `on` within one and within two steps, `on` itself not counted.
    pub(crate) fn count(&mut self, on: &[u32]) -> [u32; 2] {
        self.search += 1;
        for file in on {
            self.seen[*file as usize] = self.search;
        }
        let one = self.ring(on);
        let two = self.ring(&one);
        let count = |ring: &[u32]| u32::try_from(ring.len()).unwrap_or(u32::MAX);
        [count(&one), count(&one) + count(&two)]
    }

    fn ring(&mut self, around: &[u32]) -> Vec<u32> {
        let mut found = Vec::new();
        for file in around {
            let users = self
                .graph
                .files
                .neighbors_directed(node(*file as usize), Direction::Incoming);
            for user in users {
                let seen = &mut self.seen[user.index()];
                if *seen != self.search {
                    *seen = self.search;
                    found.extend(u32::try_from(user.index()));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::sample;

    #[test]
    fn steps_are_counted_against_the_arrows_and_the_set_is_left_out() {
        let graph = sample(6, &[(1, 0), (2, 1), (3, 2), (4, 0), (0, 4), (5, 4)]);
        let mut dependents = Dependents::new(&graph);
        assert_eq!(dependents.count(&[0]), [2, 4]);
        assert_eq!(dependents.count(&[0, 4]), [2, 3]);
        assert_eq!(dependents.count(&[3]), [0, 0]);
    }
}
