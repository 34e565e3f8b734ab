//! Interest: see the row.

use super::{Harm, Metric, Scope};

pub(super) static METRIC: Metric = Metric {
    id: "interest",
    title: "Interest",
    unit: "minutes a month",
    scope: Scope::File,
    harm: Some(Harm::Debt),
    doc: "\
What branches and checks add each month to the work on a core file: a share of the author-days that were spent on it. An
association, not a proof; its low end is zero. Where nobody works, there is no interest: such points are dormant. Needs history.

**Formula**: I(f) = E(f) · min(1, AF · (1 + γ·R2(f))), AF = min(cap, 1 − (1 + v)^−β); E(f) in minutes a month of the last year, v the
branches and checks of the file, R2 the share of files that depend on it within two steps. Low, middle and high by the ends of β
and γ. In somebody's unit v is 0: its work is carry.

**Not available**: without history.

**Source**: elasticity of later changes in 1 + v with six controls, 0.30 [0.20, 0.40] and 0.28 [0.09, 0.48] in two repositories;
parameters and their sources are in docs/debt.md.

**Example**: 1,000 minutes a month on a file with 3 points and no dependents: 1 − 4^−0.15 = 0.188, so 188 minutes, from 0 to
1 − 4^−0.4 = 426.
",
};
