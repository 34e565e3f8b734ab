//! Strongly connected components and what to cut in them.

use petgraph::{
    algo::{feedback_arc_set::greedy_feedback_arc_set, kosaraju_scc},
    graph::DiGraph,
    visit::EdgeRef,
};

use super::{Graph, node};
use crate::FileId;

/// Files that all depend on each other, directly or through others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// Its files, by path.
    pub files: Vec<FileId>,
    /// A small set of dependencies without which there is no cycle among them: positions in [`Graph::edges`].
    pub cut: Vec<u32>,
}

/// Cycles larger than this are cut by the greedy heuristic alone: making its set minimal is quadratic.
const MINIMISED: usize = 2_000;

/// Every cycle of two or more files, by first file. The cut is minimal, not always minimum: finding the smallest set is
/// NP-hard (Karp 1972), and the heuristic is that of Eades, Lin and Smyth (1993).
pub(crate) fn cycles(graph: &Graph) -> Vec<Cycle> {
    let mut found: Vec<Cycle> = kosaraju_scc(&graph.files)
        .into_iter()
        .filter(|members| members.len() > 1)
        .map(|mut members| {
            members.sort_unstable();
            let at = |file: petgraph::graph::NodeIndex| members.binary_search(&file).ok();
            let mut inner: DiGraph<(), u32> = DiGraph::with_capacity(members.len(), 0);
            for _ in &members {
                inner.add_node(());
            }
            for (from, member) in members.iter().enumerate() {
                for edge in graph.files.edges(*member) {
                    if let Some(to) = at(edge.target()) {
                        inner.add_edge(node(from), node(to), *edge.weight());
                    }
                }
            }
            let files = members
                .iter()
                .map(|it| FileId(u32::try_from(it.index()).unwrap_or(u32::MAX)))
                .collect();
            Cycle {
                files,
                cut: cut(&inner),
            }
        })
        .collect();
    found.sort_by(|a, b| a.files.cmp(&b.files));
    found
}

/// How many files each cycle has, the largest first.
pub(crate) fn sizes(graph: &Graph) -> Vec<usize> {
    let found = kosaraju_scc(&graph.files);
    let mut sizes: Vec<usize> = found
        .iter()
        .map(Vec::len)
        .filter(|size| *size > 1)
        .collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes
}

fn cut(inner: &DiGraph<(), u32>) -> Vec<u32> {
    let mut cut: Vec<_> = greedy_feedback_arc_set(inner)
        .map(|edge| edge.id())
        .collect();
    cut.sort_unstable();
    if inner.edge_count() <= MINIMISED {
        let mut at = 0;
        while at < cut.len() {
            let kept = cut.remove(at);
            let mut rest = inner.clone();
            rest.retain_edges(|_, edge| !cut.contains(&edge));
            if petgraph::algo::is_cyclic_directed(&rest) {
                cut.insert(at, kept);
                at += 1;
            }
        }
    }
    let mut cut: Vec<u32> = cut.into_iter().map(|edge| inner[edge]).collect();
    cut.sort_unstable();
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::sample;

    #[test]
    fn two_rings_that_share_a_file_are_one_cycle_with_a_cut_of_two() {
        let graph = sample(6, &[(0, 1), (1, 2), (2, 0), (2, 3), (3, 2), (3, 4)]);
        let cycles = cycles(&graph);
        assert_eq!(cycles.len(), 1);
        assert_eq!(cycles[0].files, [0, 1, 2, 3].map(FileId));
        assert_eq!(cycles[0].cut.len(), 2);
    }

    #[test]
    fn a_chain_has_none_however_long() {
        let edges: Vec<(u32, u32)> = (0..50_000).map(|at| (at, at + 1)).collect();
        assert!(cycles(&sample(50_001, &edges)).is_empty());
    }
}
