//! Too many ways to run.

use super::{Checked, Finding, Rule, RuleLevel};

pub(super) static RULE: Rule = Rule {
    id: "interaction-cluster-too-large",
    title: "Too many subjects meet",
    level: RuleLevel::Note,
    doc: "\
Flags, tenant attributes and customers meet, in pairs, in the same functions, and the configurations that these functions can
run in are more than `max_configurations` (1,024, unless `[rules]` in `bespoke.toml` says otherwise). Nobody tests that many.

**What to do**: start with the function that is named: remove a flag that has done its work, or move the decision on one
subject out of it, to one place that answers for all.
",
    check,
};

fn check(checked: &Checked<'_>) -> Vec<Finding> {
    let limit = checked.settings.max_configurations;
    let large = checked
        .structure
        .clusters
        .iter()
        .filter(|it| it.configurations > limit);
    large
        .map(|cluster| {
            let (file, line, here) = cluster.worst;
            let more = if cluster.configurations >= 1 << 20 {
                "over a million".to_owned()
            } else {
                cluster.configurations.to_string()
            };
            Finding {
                rule: RULE.id,
                level: RULE.level,
                path: checked.files[file.index()].path.clone(),
                line,
                message: format!(
                    "{} subjects meet in pairs and make {more} configurations; {here} of them meet here",
                    cluster.subjects.len()
                ),
                subjects: cluster.subjects.clone(),
                proof: Vec::new(),
            }
        })
        .collect()
}
