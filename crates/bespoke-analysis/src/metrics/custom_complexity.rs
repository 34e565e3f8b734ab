//! How many decisions are there only because of somebody.

use bespoke_facts::{BranchKind, FileFacts, Span};

use super::{Harm, Metric, Scope, is_condition};
use crate::{PointKind, VariationPoint, intervals::enclosing};

pub(super) static METRIC: Metric = Metric {
    id: "custom-complexity",
    title: "Complexity of custom code",
    unit: "decisions",
    scope: Scope::Subject,
    harm: Some(Harm::FeatureBloat),
    doc: "\
How many decisions stand on or under a subject's conditions or in its units: the part of complexity that would go away with
it. Shown for components beside all their decisions, each counted once there.

**Formula**: decisions = `if`, loops, arms, `?:`, and `a && b` as a guard; custom are those that hold or lie in a region
guarded by a counted point, or in a unit.

**Source**: McCabe's decisions (1976), split by presence condition as in Liebig et al., ICSE 2010.

**Example**: `if (org === \"acme\") { if (late) fee(); } if (late) warn();` has three decisions, two of them acme's.
",
};

/// How many decisions a file has.
pub(super) fn count_of(facts: &FileFacts) -> u32 {
    super::count(all(facts).count())
}

fn all(facts: &FileFacts) -> impl Iterator<Item = Span> + '_ {
    let branches = facts.branches.iter();
    branches
        .filter(|branch| !matches!(branch.kind, BranchKind::Value | BranchKind::Cfg))
        .map(|branch| branch.span)
}

/// A decision of a file: its place, and the points (by position in `points`) on or under which it stands.
pub(crate) fn decisions(facts: &FileFacts, points: &[&VariationPoint]) -> Vec<(Span, Vec<usize>)> {
    let spans: Vec<Span> = all(facts).collect();
    let mut regions: Vec<Span> = Vec::new();
    let mut of: Vec<usize> = Vec::new();
    for (at, point) in points.iter().enumerate() {
        if is_condition(point) || (point.kind == PointKind::Unit && !point.span.is_empty()) {
            for region in &point.regions {
                regions.push(*region);
                of.push(at);
            }
        }
    }
    let held: Vec<Span> = points.iter().map(|point| point.span).collect();
    let mut found: Vec<(Span, Vec<usize>)> = enclosing(&regions, &spans)
        .into_iter()
        .zip(&spans)
        .map(|(around, span)| (*span, around.into_iter().map(|at| of[at]).collect()))
        .collect();
    // A decision holds the point that stands in its condition.
    for (point, around) in enclosing(&spans, &held).into_iter().enumerate() {
        if !is_condition(points[point]) {
            continue;
        }
        if let Some(at) = around.into_iter().min_by_key(|at| spans[*at].len()) {
            found[at].1.push(point);
        }
    }
    for (at, point) in points.iter().enumerate() {
        // The whole file, or its folder, is a unit.
        if point.kind == PointKind::Unit && point.span.is_empty() {
            for (_, on) in &mut found {
                on.push(at);
            }
        }
    }
    for (_, on) in &mut found {
        on.sort_unstable();
        on.dedup();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SubjectId, metrics::sample::sample};

    #[test]
    fn the_documented_example() {
        let source = "if (org === \"acme\") { if (late) fee(); } if (late) warn();";
        let sample = sample(&[("customer", "acme")]).file("a.ts", source).point(
            PointKind::Branch,
            &[0],
            "org === \"acme\"",
            &["{ if (late) fee(); }"],
        );
        let mut facts = FileFacts::default();
        let branch = |text: &str, from: usize| {
            let start = u32::try_from(source[from..].find(text).unwrap() + from).unwrap();
            Span::new(start, start + u32::try_from(text.len()).unwrap())
        };
        let mut builder = bespoke_facts::FactsBuilder::new(source);
        for span in [
            branch("org === \"acme\"", 0),
            branch("late", 0),
            branch("late", 40),
        ] {
            let condition = builder.name("x", span);
            builder.branch(BranchKind::If, condition, span, (None, None), false);
        }
        facts.branches = builder.finish().branches;
        let points: Vec<&VariationPoint> = sample.found.points.iter().collect();
        let found: Vec<usize> = decisions(&facts, &points)
            .iter()
            .map(|it| it.1.len())
            .collect();
        assert_eq!(found, [1, 1, 0]);
        assert_eq!(points[0].subjects, [SubjectId(0)]);
    }
}
