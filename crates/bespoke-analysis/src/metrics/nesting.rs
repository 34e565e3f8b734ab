//! Nesting of control flow, whatever it depends on.

use super::{Metric, Scope};

// Counted while a file is read: see `FactsBuilder::nest`.
pub(super) static METRIC: Metric = Metric {
    id: "nesting",
    title: "Nesting",
    unit: "levels",
    scope: Scope::Function,
    harm: None,
    doc: "\
The deepest nesting of control flow in a function, whatever the flow depends on. For variation points inside variation
points see `nesting-degree`.

**Formula**: the greatest number of `if`, loop, `switch` or `match`, `catch` and function values around one place.

**Source**: the nesting level of G. A. Campbell, *Cognitive Complexity*, SonarSource 2018.

**Example**: `while (a) { if (b) { if (c) { x } } }` has 3.
",
};
