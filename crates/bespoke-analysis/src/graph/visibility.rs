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
    let between = graph.file_edges().map(|edge| {
        let part = |file: u32| part_of[file as usize];
        (part(edge.from), part(edge.to))
    });
    let mut arrows: Vec<(usize, usize)> = between.filter(|(from, to)| from != to).collect();
    let mut sizes: Vec<u32> = parts
        .iter()
        .map(|members| u32::try_from(members.len()).unwrap_or(u32::MAX))
        .collect();
    let fan_out = reached(&mut arrows, &sizes);
    // The same with every arrow and the order turned round: what a part is reached by comes before it.
    for arrow in &mut arrows {
        *arrow = (last - arrow.1, last - arrow.0);
    }
    sizes.reverse();
    let fan_in = reached(&mut arrows, &sizes);
    Visibility {
        fan_out: part_of.iter().map(|part| fan_out[*part]).collect(),
        fan_in: part_of.iter().map(|part| fan_in[last - *part]).collect(),
    }
}

/// The size of all that each part reaches, itself counted. A part comes after those that it reaches; `arrows` are sorted
/// and loose repeated ones.
fn reached(arrows: &mut Vec<(usize, usize)>, sizes: &[u32]) -> Vec<u32> {
    let count = sizes.len();
    arrows.sort_unstable();
    arrows.dedup();
    let mut found = vec![0_u32; count];
    let mut rows = vec![0_u64; count * WORDS];
    for start in (0..count).step_by(WORDS * 64) {
        let end = (start + WORDS * 64).min(count);
        // Columns that stand for more than one file: word, bit, and how many more.
        let mut more: Vec<(usize, u64, u32)> = Vec::new();
        for (at, size) in sizes[start..end].iter().enumerate() {
            if *size != 1 {
                more.push((at / 64, 1 << (at % 64), size.saturating_sub(1)));
            }
        }
        let width = (end - start).div_ceil(64);
        // What comes before the block reaches nothing in it.
        rows[start * WORDS..].fill(0);
        let mut next = arrows.partition_point(|(from, _)| *from < start);
        for part in start..count {
            let (before, rest) = rows.split_at_mut(part * WORDS);
            let row = &mut rest[..width];
            if part < end {
                row[(part - start) / 64] |= 1 << ((part - start) % 64);
            }
            while let Some((_, target)) = arrows.get(next).filter(|(from, _)| *from == part) {
                if *target >= start {
                    let other = &before[target * WORDS..target * WORDS + width];
                    for (word, other) in row.iter_mut().zip(other) {
                        *word |= other;
                    }
                }
                next += 1;
            }
            found[part] += row.iter().map(|word| word.count_ones()).sum::<u32>();
            for (word, bit, more) in &more {
                if row[*word] & bit != 0 {
                    found[part] += more;
                }
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
