//! One customer's code needs another's.

use super::{Checked, Finding, Rule, RuleLevel};

pub(super) static RULE: Rule = Rule {
    id: "customer-depends-on-customer",
    title: "A customer's code depends on another's",
    level: RuleLevel::Warning,
    doc: "\
A customer's unit imports or loads another customer's. What is done for one now changes the other, and neither can leave
alone.

**What to do**: move what both need to the core, under a name that says what it does and not for whom.
",
    check,
};

fn check(checked: &Checked<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for crossing in &checked.structure.crossings {
        let Some((by, edge)) = crossing
            .by
            .zip(checked.graph.edge(crossing.from.0, crossing.to.0))
        else {
            continue;
        };
        found.push(Finding {
            rule: RULE.id,
            level: RULE.level,
            path: checked.path(crossing.from.0),
            line: crossing.line,
            message: format!(
                "{}'s code depends on `{}`, which is {}'s",
                checked.name(by),
                checked.path(crossing.to.0),
                checked.name(crossing.on)
            ),
            subjects: vec![by, crossing.on],
            proof: vec![checked.step(edge)],
        });
    }
    found
}
