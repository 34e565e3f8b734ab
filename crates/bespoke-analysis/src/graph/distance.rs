//! Who depends on a set of files within some steps.

use petgraph::Direction;

use super::{Graph, node};

/// Files that depend on one of `on` within one and within two steps, `on` itself not counted.
pub(crate) fn dependents(graph: &Graph, on: &[u32]) -> [Vec<u32>; 2] {
    let mut seen: Vec<u32> = on.to_vec();
    seen.sort_unstable();
    let mut rings: [Vec<u32>; 2] = [Vec::new(), Vec::new()];
    let mut around: Vec<u32> = seen.clone();
    let mut all = Vec::new();
    for ring in &mut rings {
        let mut next: Vec<u32> = around
            .iter()
            .flat_map(|file| {
                graph
                    .files
                    .neighbors_directed(node(*file as usize), Direction::Incoming)
            })
            .filter_map(|it| u32::try_from(it.index()).ok())
            .collect();
        next.sort_unstable();
        next.dedup();
        next.retain(|file| seen.binary_search(file).is_err());
        seen.extend(&next);
        seen.sort_unstable();
        all.extend(&next);
        all.sort_unstable();
        ring.clone_from(&all);
        around = next;
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::sample;

    #[test]
    fn steps_are_counted_against_the_arrows_and_the_set_is_left_out() {
        let graph = sample(6, &[(1, 0), (2, 1), (3, 2), (4, 0), (0, 4), (5, 4)]);
        let [one, two] = dependents(&graph, &[0]);
        assert_eq!((one, two), (vec![1, 4], vec![1, 2, 4, 5]));
        let [one, two] = dependents(&graph, &[0, 4]);
        assert_eq!((one, two), (vec![1, 5], vec![1, 2, 5]));
        assert_eq!(dependents(&graph, &[3]), [vec![], vec![]]);
    }
}
