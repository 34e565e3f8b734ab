//! M8: what a customer costs.

use super::{Harm, Metric, Scope};

pub(super) static METRIC: Metric = Metric {
    id: "customer-cost",
    title: "Cost of a customer",
    unit: "minutes a month",
    scope: Scope::Subject,
    harm: Some(Harm::SalesDriven),
    doc: "\
What a customer's code takes each month: work on it that was done (carry), and what its branches add to work on the core
(interest). Beside it stand what removing it would take (principal), its files, components, reach, and the author-days since
its first line. It is what is attributed to the customer, never profit lost. Needs history.

**Formula**: cost(c) = carry(c) + Σ_f I(f) · (points of c in f) / v_f. A line or point of k customers counts 1/k for each.

**Not available**: without history.

**Source**: attributable fractions as in epidemiology (Levin 1953), with effort as the exposure; the model is ours.

**Example**: two author-days a month of work in Acme's folder are 2 · 5 h = 600 minutes of carry. In a core file with 300
minutes of interest a month Acme has one of three points: 100 minutes. Together 700 minutes a month.
",
};
