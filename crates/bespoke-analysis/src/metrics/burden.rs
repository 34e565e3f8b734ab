//! Burden: see the row.

use super::{Harm, Metric, Scope};

pub(super) static METRIC: Metric = Metric {
    id: "burden",
    title: "Burden",
    unit: "share of capacity",
    scope: Scope::Tree,
    harm: Some(Harm::Debt),
    doc: "\
What share of all work goes into keeping customization: code for customers (carry) and interest. Its letter is shown with those
of the gentlest and the severest assumptions. Needs history.

**Formula**: B = (K + I) / capacity, with a letter by the grid A ≤ 5 %, B ≤ 10 %, C ≤ 20 %, D ≤ 50 %, E above.

**Not available**: no letter with less than 12 months of history, or fewer than 50 author-days in the last.

**Source**: the grid of SQALE (Letouzey 2012); the share of capacity in place of the share of rebuild cost, which rates every
repository A.

**Example**: of 1,000 hours a month 80 are carry and 40 interest (0 to 90): 12 % is C, from B (8 %) to C (17 %).
",
};
