//! How much of the tree a change can reach.

use super::{Harm, Metric, Scope};
use crate::graph::Visibility;

pub(super) static METRIC: Metric = Metric {
    id: "propagation-cost",
    title: "Propagation cost",
    unit: "0 to 1",
    scope: Scope::Tree,
    harm: Some(Harm::Scaling),
    doc: "\
The share of files that a change to a file drawn at random may reach, over any number of steps, itself counted. Computed
exactly. Read it as context: beyond some hundred files it says more about the size of the largest cycle than about any one
change.

**Formula**: PC = Σ VFI / n², the density of the visibility matrix; VFI(f) = files that depend on f, directly or not, and f.

**Source**: MacCormack, Rusnak and Baldwin, *Management Science* 52(7), 2006.

**Example**: `a` uses `b` and `c`, `b` uses `d`, `c` uses `e`, `e` uses `f`: 15 of 36 entries are ones, PC = 0.417.
",
};

/// In millionths; `None` without files.
pub(crate) fn of(visibility: &Visibility) -> Option<u32> {
    let n = visibility.fan_in.len() as u64;
    let share = (visibility.ones() * 1_000_000).checked_div(n * n)?;
    u32::try_from(share).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{sample, visibility};

    #[test]
    fn the_documented_example_and_the_edges() {
        let graph = sample(6, &[(0, 1), (0, 2), (1, 3), (2, 4), (4, 5)]);
        assert_eq!(of(&visibility(&graph)), Some(416_666));
        assert_eq!(of(&visibility(&sample(1, &[]))), Some(1_000_000));
        assert_eq!(of(&visibility(&sample(0, &[]))), None);
    }
}
