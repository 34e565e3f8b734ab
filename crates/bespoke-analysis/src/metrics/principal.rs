//! Principal: see the row.

use super::{Harm, Metric, Scope};

pub(super) static METRIC: Metric = Metric {
    id: "principal",
    title: "Principal",
    unit: "minutes",
    scope: Scope::Subject,
    harm: Some(Harm::Debt),
    doc: "\
What removing customization would take: for each flag and tenant attribute its branches and checks, for each customer its
branches in other code and its own folders and files. Known for one item to a factor of seven, for a portfolio of fifty to a
factor of two; of fewer than five items only the order of magnitude is told.

**Formula**: median of an item: p = (ρ − auto) · κ · (p0 + ps·SD + pf·(SF − 1) + pl·LOF); of units (ρ − auto) · (pu + pd·lines +
pc·references). Sums after Fenton–Wilkinson, with 80 % intervals: a sum of medians is too small by a factor of up to 2.6.

**Source**: parameters and their sources are in docs/debt.md; Fenton, *The Sum of Log-Normal Probability Distributions in Scatter
Transmission Systems*, 1960.

**Example**: a flag with 2 checks in 2 files that guard 10 lines: 2 · 1 · (15 + 10 + 3 + 3) = 62 minutes, 80 % from 9 to 417.
",
};
