//! Cognitive complexity: how hard control flow is to follow.

use bespoke_facts::FileFacts;

use super::{Metric, Scope};

pub(super) static METRIC: Metric = Metric {
    id: "cognitive",
    title: "Cognitive complexity",
    unit: "points",
    scope: Scope::Function,
    harm: None,
    doc: "\
How hard the control flow of a function is to follow. A function value that nothing names counts to the function around
it. A file's value is the sum over its functions and its code outside functions.

**Formula**: 1 for each break in the linear flow (`if`, `else`, ternary, `switch` or `match`, loop, `catch`, jump to a
label, each sequence of like `&&` or `||`), and for those that nest, 1 more for each level they stand in. The increment
for recursion is left out. Shorthand such as `?.` and `??` is free.

**Source**: G. A. Campbell, *Cognitive Complexity: a new way of measuring understandability*, SonarSource 2018.

**Example**: `for (x of xs) { if (a && b) { … } else { … } }` has 5: loop 1, `if` 1 + 1 for its level, `&&` 1, `else` 1.
",
};

/// Sum over functions and file level.
pub(super) fn of_file(facts: &FileFacts) -> u32 {
    facts.functions.iter().map(|it| it.cognitive).sum::<u32>() + facts.top_cognitive
}

#[cfg(test)]
mod tests {
    use bespoke_facts::{FactsBuilder, LogicOp, Span};

    use super::*;

    #[test]
    fn the_example_has_five_and_file_level_is_added() {
        let mut facts = FactsBuilder::new("x");
        let at = Span::new(0, 1);
        facts.begin_function(Some("f"), at, at);
        facts.structural(); // for
        facts.nest();
        facts.structural(); // if
        let [a, b] = ["a", "b"].map(|name| facts.name(name, at));
        facts.logic(LogicOp::And, &[a, b], at);
        facts.flat(); // else
        facts.unnest();
        facts.end_function();
        assert_eq!(of_file(&facts.finish()), 5);

        let mut facts = FactsBuilder::new("x");
        facts.structural();
        assert_eq!(of_file(&facts.finish()), 1);
    }
}
