//! M12: how far a change to custom code is felt.

use super::{Harm, Metric, Scope};

pub(super) static METRIC: Metric = Metric {
    id: "reach",
    title: "Reach",
    unit: "files",
    scope: Scope::Subject,
    harm: Some(Harm::Scaling),
    doc: "\
How many files depend, within two steps, on the files in which a subject has a point, those themselves not counted: who has to
be looked at when its code changes. Shown for files and components too. What lies further away is reached by almost
everything in most trees, and tells little.

**Formula**: R2(S) = |files with a path of at most two dependencies to a file of S, without S|; R1 with one.

**Source**: two-step reach as in Sangal et al., OOPSLA 2005, and the ripple effect of Yau et al., 1978.

**Example**: `page` uses `cart`, `cart` uses `price`, and `acme` has a branch in `price`: R1(acme) = 1, R2(acme) = 2.
",
};
