//! The core needs a customer's code.

use super::{Checked, Finding, Rule, RuleLevel};

pub(super) static RULE: Rule = Rule {
    id: "core-depends-on-customer",
    title: "The core depends on a customer's code",
    level: RuleLevel::Warning,
    doc: "\
Code that belongs to no customer imports or loads a customer's unit. It cannot be built, tested or understood without that
customer, and the customer cannot leave without touching it.

**What to do**: let the customer's code register itself with the core (an interface, a table filled at start, a plugin), so
that the dependency points the other way.
",
    check,
};

fn check(checked: &Checked<'_>) -> Vec<Finding> {
    let core = checked
        .structure
        .crossings
        .iter()
        .filter(|it| it.by.is_none());
    core.filter_map(|crossing| {
        let edge = checked.graph.edge(crossing.from.0, crossing.to.0)?;
        Some(Finding {
            rule: RULE.id,
            level: RULE.level,
            path: checked.path(crossing.from.0),
            line: crossing.line,
            message: format!(
                "the core depends on `{}`, which is {}'s",
                checked.path(crossing.to.0),
                checked.name(crossing.on)
            ),
            subjects: vec![crossing.on],
            proof: vec![checked.step(edge)],
        })
    })
    .collect()
}
