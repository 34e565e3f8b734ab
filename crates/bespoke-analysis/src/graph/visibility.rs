//! Who is reached by whom, over any number of steps: the visibility matrix, a block of columns at a time.

use petgraph::algo::kosaraju_scc;

use super::Graph;

/// Columns of one pass, in words of 64. A pass holds so many words for each cycle-free part: 50,000 files take 25 MB.
const WORDS: usize = 16;

/// How many files each file reaches, and how many reach it, itself counted (Management Science 52(7), 2006).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visibility {
    /// VFO, by file: how many files it depends on, directly or not.
    pub(crate) fan_out: Vec<u32>,
    /// VFI, by file: how many files depend on it, directly or not.
    pub(crate) fan_in: Vec<u32>,
}

impl Visibility {
    /// Ones in the matrix.
    pub(crate) fn ones(&self) -> u64 {
        self.fan_out.iter().map(|it| u64::from(*it)).sum()
    }
}

/// Exact, by bit-parallel union over the condensed graph: O(files × edges / 64) word operations.
pub(crate) fn visibility(graph: &Graph) -> Visibility {
    // Kosaraju gives parts in reverse topological order: what a part depends on comes before it.
    let parts = kosaraju_scc(&graph.files);
    let mut part_of = vec![0_usize; graph.files.node_count()];
    for (at, members) in parts.iter().enumerate() {
        for member in members {
            part_of[member.index()] = at;
        }
    }
    let last = parts.len().saturating_sub(1);
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); parts.len()];
    // The same with every arrow and the order turned round: what a part is reached by comes before it.
    let mut turned = next.clone();
    for edge in graph.file_edges() {
        let (from, to) = (part_of[edge.from as usize], part_of[edge.to as usize]);
        if from != to {
            next[from].push(to);
            turned[last - to].push(last - from);
        }
    }
    let mut sizes: Vec<u32> = parts
        .iter()
        .map(|members| u32::try_from(members.len()).unwrap_or(u32::MAX))
        .collect();
    let fan_out = reached(next, &sizes);
    sizes.reverse();
    let fan_in = reached(turned, &sizes);
    Visibility {
        fan_out: part_of.iter().map(|part| fan_out[*part]).collect(),
        fan_in: part_of.iter().map(|part| fan_in[last - *part]).collect(),
    }
}

/// The size of all that each part reaches, itself counted. A part comes after those that it reaches.
fn reached(mut next: Vec<Vec<usize>>, sizes: &[u32]) -> Vec<u32> {
    let count = sizes.len();
    for targets in &mut next {
        targets.sort_unstable();
        targets.dedup();
    }
    let mut found = vec![0_u32; count];
    let mut rows = vec![0_u64; count * WORDS];
    for start in (0..count).step_by(WORDS * 64) {
        let end = (start + WORDS * 64).min(count);
        let sizes = &sizes[start..end];
        let plain: Vec<bool> = sizes
            .chunks(64)
            .map(|word| word.iter().all(|size| *size == 1))
            .collect();
        // What comes before the block reaches nothing in it.
        rows[start * WORDS..].fill(0);
        for part in start..count {
            let (before, rest) = rows.split_at_mut(part * WORDS);
            let row = &mut rest[..WORDS];
            if part < end {
                row[(part - start) / 64] |= 1 << ((part - start) % 64);
            }
            let first = next[part].partition_point(|target| *target < start);
            for target in &next[part][first..] {
                let other = &before[target * WORDS..(target + 1) * WORDS];
                for (word, more) in row.iter_mut().zip(other) {
                    *word |= more;
                }
            }
            for ((word, plain), sizes) in row.iter().zip(&plain).zip(sizes.chunks(64)) {
                found[part] += if *plain {
                    word.count_ones()
                } else {
                    let set = (0..).zip(sizes).filter(|(bit, _)| *word >> bit & 1 == 1);
                    set.map(|(_, size)| size).sum()
                };
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::sample;

    /// The example of Management Science 52(7), 2006: A uses B and C, B uses D, C uses E, E uses F.
    #[test]
    fn the_papers_example_has_a_propagation_cost_of_42_percent() {
        let graph = sample(6, &[(0, 1), (0, 2), (1, 3), (2, 4), (4, 5)]);
        let visibility = visibility(&graph);
        assert_eq!(visibility.fan_out, [6, 2, 3, 1, 2, 1]);
        assert_eq!(visibility.fan_in, [1, 2, 2, 3, 3, 4]);
        assert_eq!(visibility.ones(), 15);
    }

    #[test]
    fn all_in_a_ring_reach_all() {
        let visibility = visibility(&sample(4, &[(0, 1), (1, 2), (2, 0), (3, 0)]));
        assert_eq!(visibility.fan_out, [3, 3, 3, 4]);
        assert_eq!(visibility.fan_in, [4, 4, 4, 1]);
    }

    #[test]
    fn blocks_change_nothing() {
        let n = 9_000_u32;
        let edges: Vec<(u32, u32)> = (0..n - 1).map(|at| (at, at + 1)).collect();
        let visibility = visibility(&sample(n as usize, &edges));
        assert_eq!(visibility.fan_out[0], n);
        assert_eq!(visibility.fan_in[n as usize - 1], n);
        assert_eq!(visibility.ones(), u64::from(n) * u64::from(n + 1) / 2);
    }
}
