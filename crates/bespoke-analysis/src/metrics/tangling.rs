//! M3: how many subjects meet in one place.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::Span;

use super::{Harm, Metric, Place, Scope, count};
use crate::{Subject, SubjectId, intervals::innermost};

pub(super) static METRIC: Metric = Metric {
    id: "tangling",
    title: "Tangling",
    unit: "subjects",
    scope: Scope::Point,
    harm: Some(Harm::Overload),
    doc: "\
How many different subjects meet in one condition: who changes it must think of all of them. A function's value is the
number of different subjects in all its conditions. A subject's is the most that it shares one condition with, itself
counted. In the ranking of files it is the number of different subjects in the file.

**Formula**: TD(v) = |ids(v)|, TD(g) = |∪ ids(v)| over the conditions of g. Checks that stand in one condition are one v.

**Source**: tangling degree in Liebig et al., ICSE 2010. It is close to uniform over conditions (Queiroz et al., 2015).

**Example**: `if (org === \"acme\" && on(\"dark\"))` and, in the same function, `if (on(\"dark\") || on(\"beta\"))`: TD is 2
for each, and 3 for the function.
",
};

/// The subjects of each condition of a file. A condition is the innermost branch around a point, else the point alone.
pub(super) fn conditions(place: &Place<'_>) -> Vec<BTreeSet<SubjectId>> {
    let branches: Vec<Span> = place.file.facts.branches.iter().map(|it| it.span).collect();
    let points: Vec<Span> = place.conditions.iter().map(|it| it.span).collect();
    let mut conditions: BTreeMap<Span, BTreeSet<SubjectId>> = BTreeMap::new();
    for (point, branch) in place.conditions.iter().zip(innermost(&branches, &points)) {
        let span = branch.map_or(point.span, |at| branches[at]);
        conditions.entry(span).or_default().extend(&point.subjects);
    }
    conditions.into_values().collect()
}

/// The most subjects that each shares one condition with.
pub(super) fn fill(subjects: &mut [Subject], conditions: &[Vec<BTreeSet<SubjectId>>]) {
    for condition in conditions.iter().flatten() {
        for id in condition {
            if let Some(subject) = subjects.get_mut(id.index()) {
                subject.tangling = subject.tangling.max(count(condition.len()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use bespoke_facts::BranchKind;

    use crate::{
        PointKind,
        metrics::sample::{find, sample},
    };

    #[test]
    fn the_example_is_two_two_and_three() {
        let source =
            "f() { if (org === \"acme\" && on(\"dark\")) a(); if (on(DARK) || on(\"beta\")) b(); }";
        let analysis = sample(&[("customer", "acme"), ("flag", "beta"), ("flag", "dark")])
            .file_with("a.ts", source, |facts| {
                let f = find(source, source);
                facts.begin_function(Some("f"), f, f);
                for text in [
                    "org === \"acme\" && on(\"dark\")",
                    "on(DARK) || on(\"beta\")",
                ] {
                    let span = find(source, text);
                    let condition = facts.name("x", span);
                    facts.branch(BranchKind::If, condition, span, (None, None), false);
                }
                facts.end_function();
            })
            .point(PointKind::Branch, &[0], "org === \"acme\"", &[])
            .point(PointKind::Check, &[2], "on(\"dark\")", &[])
            .point(PointKind::Check, &[2], "on(DARK)", &[])
            .point(PointKind::Check, &[1], "on(\"beta\")", &[])
            .measure();
        assert_eq!(analysis.totals.tangling, [2, 2, 2]);
        assert_eq!(analysis.functions[0].tangling, 3);
        assert_eq!(analysis.files[0].tangling, 2);
        assert_eq!(
            analysis
                .subjects
                .iter()
                .map(|it| it.tangling)
                .collect::<Vec<_>>(),
            [2, 2, 2]
        );
    }

    #[test]
    fn one_point_may_name_several() {
        let analysis = sample(&[
            ("customer", "acme"),
            ("customer", "globex"),
            ("flag", "dark"),
        ])
        .file("a.ts", "VIPS.includes(org); on('dark')")
        .point(PointKind::Branch, &[0, 1], "VIPS.includes(org)", &[])
        .point(PointKind::Check, &[2], "on('dark')", &[])
        .measure();
        assert_eq!(analysis.totals.tangling, [1, 2, 2]);
        assert_eq!(
            analysis
                .subjects
                .iter()
                .map(|it| it.tangling)
                .collect::<Vec<_>>(),
            [2, 2, 1]
        );
    }
}
