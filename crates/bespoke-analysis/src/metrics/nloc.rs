//! Lines with code.

use super::{Metric, Scope};

// Counted while a file is read: see `FactsBuilder::finish`.
pub(super) static METRIC: Metric = Metric {
    id: "nloc",
    title: "Lines with code",
    unit: "lines",
    scope: Scope::File,
    harm: None,
    doc: "\
Lines that hold more than white space and comments. All other metrics that count lines count these. Shown for functions
and for the tree too; a tree's is the sum over analysed files, so tests, generated and vendored code are not in it unless
they were asked for.

**Formula**: the number of lines on which a byte stands that is neither white space nor part of a comment.

**Source**: non-commented lines (NCLOC) in N. E. Fenton, S. L. Pfleeger, *Software Metrics*, second edition, 1997.

**Example**: `a();`, an empty line, `// b`, `c(); // d` are four lines, two of them with code.
",
};
