//! Files that all depend on each other.

use super::{Harm, Metric, Scope};

pub(super) static METRIC: Metric = Metric {
    id: "cycles",
    title: "Cycles",
    unit: "files",
    scope: Scope::Tree,
    harm: Some(Harm::Scaling),
    doc: "\
Groups of files of which each depends on each other one, directly or through others: none can be understood, tested or
removed alone. For each group a small set of dependencies is named without which no cycle is left. That set is minimal (none
of it can be left out) where the group has at most 2,000 dependencies; that it is the smallest of all is not promised, since
to find that one is NP-hard.

**Formula**: strongly connected components of two or more files; a feedback arc set of each.

**Source**: Tarjan, 1972; Karp, 1972; heuristic of Eades, Lin and Smyth, *Information Processing Letters* 47, 1993.

**Example**: `a → b → c → a` and `c → d → c` are one group of four files; to cut `c → a` and `c → d` is enough.
",
};
