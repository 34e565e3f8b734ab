//! I: which way dependencies point.

use super::{Metric, Scope};

pub(super) static METRIC: Metric = Metric {
    id: "instability",
    title: "Instability",
    unit: "0 to 1",
    scope: Scope::Tree,
    harm: None,
    doc: "\
Of all dependencies across a component's border, the share that leads out. 0: others depend on it and it on nobody, so each
change in it is felt; 1: it depends on others and nobody on it. Not there for a component that neither uses nor is used.

**Formula**: I = Ce / (Ca + Ce) of a component.

**Source**: Martin, *OO Design Quality Metrics*, 1994.

**Example**: Ca = 3, Ce = 1: I = 0.25.
",
};

/// In thousandths.
pub(crate) fn of(afferent: u32, efferent: u32) -> Option<u32> {
    (efferent * 1_000).checked_div(afferent + efferent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_example_and_the_edges() {
        assert_eq!(of(3, 1), Some(250));
        assert_eq!((of(0, 4), of(4, 0), of(0, 0)), (Some(1_000), Some(0), None));
    }
}
