//! A dependency that the layers forbid.

use super::{Checked, Finding, Rule, RuleLevel};
use crate::settings::Layer;

pub(super) static RULE: Rule = Rule {
    id: "layer-violation",
    title: "A layer depends on one that it may not",
    level: RuleLevel::Warning,
    doc: "\
A file of a layer that `[[layer]]` in `bespoke.toml` declares depends on a file of another layer, which `may_use` of its own
does not name. Files in no layer are free. A file is in the first layer that has a pattern for it.

**What to do**: move the code, turn the dependency round, or say in `may_use` that it is meant to be so.
",
    check,
};

fn check(checked: &Checked<'_>) -> Vec<Finding> {
    let layers = &checked.settings.layers;
    if layers.is_empty() {
        return Vec::new();
    }
    let of: Vec<Option<&Layer>> = checked
        .files
        .iter()
        .map(|file| {
            layers
                .iter()
                .find(|layer| layer.rule.holds(file.path.as_str()))
        })
        .collect();
    let mut found = Vec::new();
    for edge in checked.graph.file_edges() {
        let (Some(from), Some(to)) = (of[edge.from as usize], of[edge.to as usize]) else {
            continue;
        };
        if from.rule.name == to.rule.name || from.may_use.contains(&to.rule.name) {
            continue;
        }
        found.push(Finding {
            rule: RULE.id,
            level: RULE.level,
            path: checked.path(edge.from),
            line: edge.line,
            message: format!(
                "`{}` may not use `{}`, but depends on `{}`",
                from.rule.name,
                to.rule.name,
                checked.path(edge.to)
            ),
            subjects: Vec::new(),
            proof: vec![checked.step(edge)],
        });
    }
    found
}
