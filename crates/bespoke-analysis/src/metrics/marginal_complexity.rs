//! M9: what each further customer adds.

use super::{Harm, Metric, Scope, growth::series};
use crate::{Past, Slope};

pub(super) static METRIC: Metric = Metric {
    id: "marginal-complexity",
    title: "Marginal complexity",
    unit: "cognitive complexity per customer",
    scope: Scope::Tree,
    harm: Some(Harm::Scaling),
    doc: "\
How much cognitive complexity came with each new customer, beyond what comes anyway. Needs history.

**Formula**: over quarters: g is the median change of complexity in quarters in which the number of customers stayed. The
slope by Theil–Sen of (ΔK − g) on ΔN over the quarters in which it changed, with its 95 % interval. Differences, since two
levels that both grow always look related.

**Not available**: \"not identified\" with fewer than eight quarters in which customers came or went, or where the interval
holds 0.

**Source**: Theil 1950, Sen 1968.

**Example**: complexity grows by 100 in quarters without, and by 350 in each of eight quarters with one new customer: 250 per
customer.
",
};

pub(crate) fn of(past: &Past) -> Option<Slope> {
    crate::marginal_complexity(
        &series(past, |it| it.cognitive),
        &series(past, |it| it.customers),
    )
}
