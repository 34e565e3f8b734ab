//! Cyclomatic complexity: independent ways through code.

use bespoke_facts::FileFacts;

use super::{Metric, Scope};

pub(super) static METRIC: Metric = Metric {
    id: "cyclomatic",
    title: "Cyclomatic complexity",
    unit: "paths",
    scope: Scope::Function,
    harm: None,
    doc: "\
How many linearly independent paths lead through a function: as many tests cover each decision both ways. A file's value
is the sum over its functions.

**Formula**: decisions + 1. Decisions are `if`, loops, each arm of `switch` or `match` but the default, `catch`, `?:`,
`&&`, `||` and `??`.

**Source**: T. J. McCabe, *A Complexity Measure*, IEEE Transactions on Software Engineering SE-2(4), 1976.

**Example**: a function whose body is `if (a && b) return 1; return 2;` has 3: two decisions, and 1.
",
};

/// Sum over functions. Code outside functions is run once and has no paths of its own.
pub(super) fn of_file(facts: &FileFacts) -> u32 {
    facts.functions.iter().map(|it| it.cyclomatic).sum()
}

#[cfg(test)]
mod tests {
    use bespoke_facts::{FactsBuilder, Span};

    use super::*;

    #[test]
    fn functions_are_summed() {
        let mut facts = FactsBuilder::new("x");
        let at = Span::new(0, 1);
        facts.decide(4);
        for decisions in [2, 0] {
            facts.begin_function(Some("f"), at, at);
            facts.decide(decisions);
            facts.end_function();
        }
        assert_eq!(of_file(&facts.finish()), 3 + 1);
    }
}
