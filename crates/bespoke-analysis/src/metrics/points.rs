//! M1: how many variation points there are, and how densely.

use super::{Harm, Metric, Scope};
use crate::Totals;

pub(super) static METRIC: Metric = Metric {
    id: "points",
    title: "Variation points",
    unit: "points",
    scope: Scope::Tree,
    harm: Some(Harm::FeatureBloat),
    doc: "\
How many places choose by customer, tenant, flag, or a subject of another dimension. Branches and checks count; units,
data and dependencies are shown by kind and are in no sum of points. Shown for functions and files too.

**Formula**: V = number of branches and checks whose confidence counts. Density = V / KNLOC, where KNLOC is thousands of
lines with code; not shown below 1 KNLOC, where one point more or less would decide it.

**Source**: feature occurrences in Liebig, Apel, Lengauer, Kästner, Schulze, *An Analysis of the Variability in Forty
Preprocessor-Based Software Product Lines*, ICSE 2010; density per KLOC as in studies of feature toggles.

**Example**: 12 customer branches, 20 flag checks and 9 data literals in 4,000 lines with code: V = 32, density 8.
",
};

impl Totals {
    /// M1, density: points per thousand lines with code, in thousandths. `None` below a thousand lines.
    pub fn density(&self) -> Option<u32> {
        let per_million = u64::from(self.points) * 1_000_000;
        (self.nloc >= 1_000)
            .then(|| u32::try_from(per_million / u64::from(self.nloc)).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn density_is_per_thousand_lines() {
        let of = |points, nloc| {
            let totals = Totals {
                nloc,
                points,
                ..Totals::default()
            };
            totals.density()
        };
        assert_eq!(of(32, 4_000), Some(8_000));
        assert_eq!(of(1, 3_000), Some(333));
        assert_eq!(of(32, 999), None);
        assert_eq!(of(0, 0), None);
    }
}
