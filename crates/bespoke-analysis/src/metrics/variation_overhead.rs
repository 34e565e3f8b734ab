//! What variation adds to the complexity of a function.

use bespoke_facts::{Branch, BranchKind, ExprId, ExprKind, FileFacts, Span};

use super::{Harm, Metric, Scope};
use crate::intervals::enclosing;

pub(super) static METRIC: Metric = Metric {
    id: "variation-overhead",
    title: "Overhead of variation",
    unit: "cognitive complexity",
    scope: Scope::Function,
    harm: Some(Harm::Overload),
    doc: "\
How much of a function's cognitive complexity is there because of its variation points: what it has, less what it would have
without the conditions that hold one. Code that a condition guards stays, one level less deep. A condition that holds a point
and other things goes as a whole, so the number is an upper bound there.

**Formula**: Σ over conditions v with a point: 1 + depth(v) (1 for an `else if`), 1 for its `else`, 1 for each run of like
logical operators in it, and 1 for each other condition that stands in what v guards; at most the function's cognitive
complexity.

**Source**: increments of cognitive complexity, Campbell, SonarSource 2018.

**Example**: `if (on(\"dark\")) { if (late) fee(); } else { x(); }` in a function has 1 + 2 + 1 = 4; without the flag's check
`if (late) fee();` has 1: the overhead is 3.
",
};

/// The overhead in a function with these `branches`, those of nested functions that are counted with it too. `varies`
/// says which hold a variation point.
pub(crate) fn of(
    facts: &FileFacts,
    branches: &[&Branch],
    varies: &dyn Fn(&Branch) -> bool,
    cognitive: u32,
) -> u32 {
    let mut structural: Vec<&Branch> = branches
        .iter()
        .copied()
        .filter(|it| {
            !matches!(
                it.kind,
                BranchKind::Value | BranchKind::Cfg | BranchKind::Guard
            )
        })
        .collect();
    structural.sort_by_key(|it| it.span);
    // The `else if` of a branch stands right at the start of its other outcome.
    let next = |branch: &Branch| {
        let region = branch.otherwise?;
        let at = structural.partition_point(|it| it.span.start < region.start);
        let first = structural.get(at)?;
        let near = first.span.start - region.start <= CHAIN && region.contains(first.span);
        (first.kind == BranchKind::If && near).then_some(at)
    };
    let nexts: Vec<Option<usize>> = structural.iter().map(|it| next(it)).collect();
    let (mut regions, mut of) = (Vec::new(), Vec::new());
    for (at, branch) in structural.iter().enumerate() {
        for region in branch.then.iter().chain(&branch.otherwise) {
            regions.push(*region);
            of.push(at);
        }
    }
    let spans: Vec<Span> = structural.iter().map(|it| it.span).collect();
    let mut overhead = 0;
    for (at, around) in enclosing(&regions, &spans).into_iter().enumerate() {
        let branch = structural[at];
        let mut around: Vec<usize> = around.into_iter().map(|region| of[region]).collect();
        around.retain(|outer| *outer != at && nexts[*outer] != Some(at));
        if !varies(branch) {
            let custom = around.iter().filter(|outer| varies(structural[**outer]));
            overhead += super::count(custom.count());
            continue;
        }
        let chained = nexts.contains(&Some(at));
        overhead += if chained {
            1
        } else {
            1 + super::count(around.len())
        };
        let has_else = branch.otherwise.is_some() && nexts[at].is_none();
        overhead += u32::from(has_else && branch.kind == BranchKind::If);
        overhead += runs(facts, branch.condition);
    }
    for branch in branches {
        let counts = matches!(branch.kind, BranchKind::Guard | BranchKind::Value) && varies(branch);
        if counts {
            let guard = u32::from(branch.kind == BranchKind::Guard);
            overhead += runs(facts, branch.condition).max(guard);
        }
    }
    overhead.min(cognitive)
}

/// Bytes that `else if (` and the like may take.
const CHAIN: u32 = 8;

/// Runs of like logical operators in a condition.
fn runs(facts: &FileFacts, condition: ExprId) -> u32 {
    match facts.expr(condition).kind {
        ExprKind::Not(inner) => runs(facts, inner),
        ExprKind::Logic { operands, .. } => {
            let inner = facts.list(operands).iter().map(|it| runs(facts, *it));
            1 + inner.sum::<u32>()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use bespoke_facts::FactsBuilder;

    use super::*;

    #[test]
    fn the_documented_example() {
        let source = "if (on(\"dark\")) { if (late) fee(); } else { x(); }";
        let mut builder = FactsBuilder::new(source);
        let at = |text: &str| {
            let start = u32::try_from(source.find(text).unwrap()).unwrap();
            Span::new(start, start + u32::try_from(text.len()).unwrap())
        };
        let outer = builder.name("on", at("on(\"dark\")"));
        let inner = builder.name("late", at("late"));
        let regions = (Some(at("{ if (late) fee(); }")), Some(at("{ x(); }")));
        builder.branch(BranchKind::If, outer, at("on(\"dark\")"), regions, false);
        builder.branch(
            BranchKind::If,
            inner,
            at("late"),
            (Some(at("fee();")), None),
            false,
        );
        let facts = builder.finish();
        let branches: Vec<&Branch> = facts.branches.iter().collect();
        let overhead = |varies: &dyn Fn(&Branch) -> bool| of(&facts, &branches, varies, 4);
        assert_eq!(overhead(&|it| it.condition == outer), 3);
        assert_eq!(overhead(&|it| it.condition == inner), 2);
        assert_eq!(overhead(&|_| true), 4);
        assert_eq!(overhead(&|_| false), 0);
    }
}
