//! M5: variation points inside variation points.

use std::collections::BTreeSet;

use bespoke_facts::Span;

use super::{Harm, Metric, Scope, is_condition};
use crate::{SourceFile, Subject, VariationPoint, intervals::enclosing};

pub(super) static METRIC: Metric = Metric {
    id: "nesting-degree",
    title: "Nesting degree",
    unit: "points",
    scope: Scope::Point,
    harm: Some(Harm::Overload),
    doc: "\
How many other variation points guard a point: it takes a combination of their outcomes to reach it. Shown as the deepest
of a subject, of a file and of the tree. Ordinary `if`s around a point do not count: see `nesting`.

**Formula**: ND(v) = number of other branches and checks of the file with a guarded region that holds v. The members of one
`else if` chain, or of one chain of ternaries, are beside each other, not nested.

**Source**: nesting depth in Liebig et al., ICSE 2010.

**Example**: `if (org === \"acme\") { if (x) { if (on(\"dark\")) { … } } }`: the check of `dark` has 1, the branch has 0.
",
};

/// Writes every point's nesting degree. Points under the confidence that counts have one, and add to no other's.
pub(super) fn mark(points: &mut [VariationPoint], files: &[SourceFile], min_confidence: u8) {
    let mut start = 0;
    while start < points.len() {
        let file = points[start].file;
        let len = points[start..]
            .iter()
            .take_while(|it| it.file == file)
            .count();
        if let Some(source) = file.and_then(|id| files.get(id.index())) {
            mark_file(&mut points[start..start + len], source, min_confidence);
        }
        start += len;
    }
}

/// The deepest of the branches and checks among `points`.
pub(super) fn deepest(points: &[&VariationPoint]) -> u32 {
    let conditions = points.iter().filter(|point| is_condition(point));
    conditions.map(|point| point.nesting).max().unwrap_or(0)
}

/// The deepest branch or check of each subject.
pub(super) fn fill(subjects: &mut [Subject], counted: &[&VariationPoint]) {
    for point in counted.iter().filter(|point| is_condition(point)) {
        for id in &point.subjects {
            if let Some(subject) = subjects.get_mut(id.index()) {
                subject.nesting = subject.nesting.max(point.nesting);
            }
        }
    }
}

/// The same for the points of one file.
pub(super) fn mark_file(points: &mut [VariationPoint], file: &SourceFile, min_confidence: u8) {
    let mut owners = Vec::new();
    let mut regions = Vec::new();
    for (at, point) in points.iter().enumerate() {
        if is_condition(point) && point.confidence >= min_confidence {
            owners.extend(std::iter::repeat_n(at, point.regions.len()));
            regions.extend(&point.regions);
        }
    }
    let otherwise: BTreeSet<Span> = file
        .facts
        .branches
        .iter()
        .filter_map(|branch| branch.otherwise)
        .collect();
    let spans: Vec<Span> = points.iter().map(|point| point.span).collect();
    let around = enclosing(&regions, &spans);
    for (at, around) in around.into_iter().enumerate() {
        let point = &points[at];
        let end = point
            .regions
            .iter()
            .fold(point.span.end, |end, region| end.max(region.end));
        let guards: BTreeSet<usize> = around
            .into_iter()
            // The next member of a chain is the whole of the other outcome, and ends with it.
            .filter(|region| regions[*region].end != end || !otherwise.contains(&regions[*region]))
            .map(|region| owners[region])
            .filter(|owner| *owner != at)
            .collect();
        points[at].nesting = super::count(guards.len());
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
    fn the_example_is_one() {
        let analysis = sample(&[("customer", "acme"), ("flag", "dark")])
            .file(
                "a.ts",
                "if (org === 'acme') { if (x) { if (on('dark')) { a() } } }",
            )
            .point(
                PointKind::Branch,
                &[0],
                "org === 'acme'",
                &["{ if (x) { if (on('dark')) { a() } } }"],
            )
            .point(PointKind::Check, &[1], "on('dark')", &["{ a() }"])
            .measure();
        let degrees: Vec<u32> = analysis.points.iter().map(|it| it.nesting).collect();
        assert_eq!(degrees, [0, 1]);
        let by_subject: Vec<u32> = analysis.subjects.iter().map(|it| it.nesting).collect();
        assert_eq!(by_subject, [0, 1]);
        assert_eq!((analysis.files[0].nesting, analysis.totals.nesting), (1, 1));
    }

    #[test]
    fn chains_are_beside_each_other_and_blocks_inside_are_nested() {
        let source = "if (isA) { a() } else if (isB) { b() } else { if (isC) { c() } }";
        let rest = "if (isB) { b() } else { if (isC) { c() } }";
        let last = "{ if (isC) { c() } }";
        let analysis = sample(&[("customer", "a"), ("customer", "b"), ("customer", "c")])
            .file_with("a.ts", source, |facts| {
                for (condition, then, otherwise) in [
                    ("isA", "{ a() }", Some(rest)),
                    ("isB", "{ b() }", Some(last)),
                    ("isC", "{ c() }", None),
                ] {
                    let span = find(source, condition);
                    let id = facts.name(condition, span);
                    let ways = (
                        Some(find(source, then)),
                        otherwise.map(|text| find(source, text)),
                    );
                    facts.branch(BranchKind::If, id, span, ways, false);
                }
            })
            .point(PointKind::Branch, &[0], "isA", &["{ a() }", rest])
            .point(PointKind::Branch, &[1], "isB", &["{ b() }", last])
            .point(PointKind::Branch, &[2], "isC", &["{ c() }"])
            .measure();
        let degrees: Vec<u32> = analysis.points.iter().map(|it| it.nesting).collect();
        assert_eq!(degrees, [0, 0, 2]);
    }

    #[test]
    fn neither_the_unsure_nor_a_point_itself_nests() {
        let mut tree = sample(&[("flag", "a"), ("flag", "b")])
            .file("a.ts", "if (on(A)) { if (on(B)) { on(C) } }")
            .point(
                PointKind::Check,
                &[0],
                "on(A)",
                &["{ if (on(B)) { on(C) } }"],
            )
            .point(PointKind::Check, &[1], "on(B)", &["{ on(C) }"])
            // A check that is its own value guards itself, and is not inside itself.
            .point(PointKind::Check, &[1], "on(C)", &["on(C)"]);
        tree.found.points[1].confidence = 10;
        let degrees: Vec<u32> = tree.measure().points.iter().map(|it| it.nesting).collect();
        assert_eq!(degrees, [0, 1, 1]);
    }
}
