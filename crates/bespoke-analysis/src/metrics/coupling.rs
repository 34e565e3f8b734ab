//! Ca and Ce: who depends on whom directly.

use super::{Metric, Scope};
use crate::graph::Graph;

pub(super) static METRIC: Metric = Metric {
    id: "coupling",
    title: "Coupling",
    unit: "files",
    scope: Scope::File,
    harm: None,
    doc: "\
How many files depend on a file directly, and on how many it depends. Shown for components too: there, files on the other
side of the component's border are counted. An import, a load by name and a call that the linker follows are one
dependency; a package of others counts as one in Ce.

**Formula**: Ca = files outside that depend on a file inside; Ce = files inside that depend on a file or package outside.
For a file, Ce = files and packages that it depends on.

**Source**: afferent and efferent coupling, Martin, *OO Design Quality Metrics*, 1994.

**Example**: `a` and `b` import `c`, `c` imports `d` and the package `lodash`: Ca(c) = 2, Ce(c) = 2.
",
};

/// Ca and Ce of each file.
pub(crate) fn of_files(graph: &Graph) -> Vec<(u32, u32)> {
    let mut found = vec![(0, 0); graph.file_count()];
    for edge in &graph.edges {
        if let Some(to) = found.get_mut(edge.to as usize) {
            to.0 += 1;
        }
        if let Some(from) = found.get_mut(edge.from as usize) {
            from.1 += 1;
        }
    }
    found
}

/// Ca and Ce of groups of files: `group` gives each file's, of `count` in all.
pub(crate) fn of_groups(graph: &Graph, group: &[usize], count: usize) -> Vec<(u32, u32)> {
    let mut found = vec![(0, 0); count];
    let mut users: Vec<(usize, u32)> = Vec::new();
    let mut used: Vec<u32> = Vec::new();
    for edge in &graph.edges {
        let from = group[edge.from as usize];
        let to = group.get(edge.to as usize).copied();
        if to == Some(from) {
            continue;
        }
        users.extend(to.map(|to| (to, edge.from)));
        used.push(edge.from);
    }
    users.sort_unstable();
    users.dedup();
    used.sort_unstable();
    used.dedup();
    for (to, _) in users {
        found[to].0 += 1;
    }
    for from in used {
        found[group[from as usize]].1 += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::sample;

    #[test]
    fn the_documented_example() {
        let graph = sample(4, &[(0, 2), (1, 2), (2, 3)]);
        assert_eq!(of_files(&graph), [(0, 1), (0, 1), (2, 1), (1, 0)]);
    }

    #[test]
    fn inside_a_group_nothing_counts_and_a_file_counts_once() {
        let graph = sample(5, &[(0, 1), (0, 2), (0, 3), (1, 3), (4, 1), (4, 0)]);
        let group = [0, 0, 1, 1, 2];
        assert_eq!(of_groups(&graph, &group, 3), [(1, 2), (2, 0), (0, 1)]);
    }
}
