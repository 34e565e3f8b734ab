//! M4: how much code runs only for some.

use std::collections::{BTreeMap, BTreeSet};

use super::{Harm, Metric, Place, Scope, is_condition};
use crate::{PointKind, Subject, SubjectId, Totals, VariationPoint, intervals::union};

pub(super) static METRIC: Metric = Metric {
    id: "guarded-share",
    title: "Guarded share",
    unit: "lines with code",
    scope: Scope::Tree,
    harm: Some(Harm::FeatureBloat),
    doc: "\
How much code runs only under one outcome of a variation point, or belongs to a unit. Shown for files and subjects too. Of
a subject's lines, those are exclusive that no other subject of its dimension guards or owns.

**Formula**: PLOF = |∪ guarded regions ∪ units| / NLOC, counted in lines with code, overlaps once. Of an early return, only
the returned block counts.

**Source**: LOF and PLOF in Liebig et al., ICSE 2010.

**Example**: of ten lines with code, `acme` guards 1 to 4 and `globex` 4 to 5, and a flag guards 2 to 3: the share is half;
`acme` has four lines, three of them exclusive, and the flag has two, both exclusive.
",
};

impl Totals {
    /// M4: share of lines with code that are guarded or in units, in thousandths. `None` without code.
    pub fn guarded_share(&self) -> Option<u32> {
        let share = u64::from(self.guarded_lines) * 1_000 / u64::from(self.nloc.max(1));
        (self.nloc > 0).then(|| u32::try_from(share).unwrap_or(u32::MAX))
    }
}

/// First and last line of each stretch, both counted in.
type Ranges = Vec<(u32, u32)>;

/// Counts the lines of each subject, and gives each file's.
pub(super) fn fill(subjects: &mut [Subject], places: &[Place<'_>]) -> Vec<u32> {
    places
        .iter()
        .map(|place| {
            let mut all = Ranges::new();
            let mut by_dimension: BTreeMap<&str, BTreeMap<SubjectId, Ranges>> = BTreeMap::new();
            let mut units: BTreeMap<SubjectId, Ranges> = BTreeMap::new();
            for point in &place.points {
                let ranges = ranges(place, point);
                let dimension = by_dimension.entry(&point.dimension).or_default();
                for id in &point.subjects {
                    dimension.entry(*id).or_default().extend(&ranges);
                    if point.kind == PointKind::Unit {
                        units.entry(*id).or_default().extend(&ranges);
                    }
                }
                all.extend(ranges);
            }
            for ranges in by_dimension.into_values() {
                fill_dimension(subjects, place, ranges);
            }
            for (id, ranges) in units {
                if let Some(subject) = subjects.get_mut(id.index()) {
                    subject.unit_lines += code_lines(place, &union(ranges));
                }
            }
            code_lines(place, &union(all))
        })
        .collect()
}

/// Lines that a point guards or owns.
fn ranges(place: &Place<'_>, point: &VariationPoint) -> Ranges {
    if is_condition(point) {
        return point.guarded.clone();
    }
    if point.kind != PointKind::Unit {
        return Vec::new();
    }
    if point.file.is_none() || point.span.is_empty() {
        return vec![(0, place.file.facts.lines.count())];
    }
    let mut ranges = point.guarded.clone();
    ranges.push((point.line, point.end_line));
    ranges
}

fn fill_dimension(
    subjects: &mut [Subject],
    place: &Place<'_>,
    ranges: BTreeMap<SubjectId, Ranges>,
) {
    // At each line where somebody's range starts or ends: who enters and who leaves.
    let mut changes: BTreeMap<u32, Vec<(SubjectId, bool)>> = BTreeMap::new();
    for (id, ranges) in ranges {
        let ranges = union(ranges);
        let Some(subject) = subjects.get_mut(id.index()) else {
            continue;
        };
        subject.guarded_lines += code_lines(place, &ranges);
        for (first, last) in ranges {
            changes.entry(first).or_default().push((id, true));
            changes.entry(last + 1).or_default().push((id, false));
        }
    }
    let mut here: BTreeSet<SubjectId> = BTreeSet::new();
    let mut since = 0;
    for (line, changes) in changes {
        if here.len() == 1
            && let Some(only) = here.first()
        {
            subjects[only.index()].exclusive_lines += place.file.facts.code.count(since, line - 1);
        }
        for (id, enters) in changes {
            if enters {
                here.insert(id);
            } else {
                here.remove(&id);
            }
        }
        since = line;
    }
}

fn code_lines(place: &Place<'_>, ranges: &[(u32, u32)]) -> u32 {
    ranges
        .iter()
        .map(|(first, last)| place.file.facts.code.count(*first, *last))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::sample::sample;

    const TEN: &str = "l1;\nl2;\nl3;\nl4;\nl5;\nl6;\nl7;\nl8;\nl9;\nl10;\n";

    #[test]
    fn the_example_is_half() {
        let analysis = sample(&[
            ("customer", "acme"),
            ("customer", "globex"),
            ("flag", "dark"),
        ])
        .file("a.ts", TEN)
        .point(PointKind::Branch, &[0], "l6", &["l1;\nl2;\nl3;\nl4"])
        .point(PointKind::Branch, &[1], "l7", &["l4;\nl5"])
        .point(PointKind::Check, &[2], "l8", &["l2;\nl3"])
        .measure();
        assert_eq!(analysis.files[0].guarded_lines, 5);
        assert_eq!(analysis.totals.guarded_share(), Some(500));
        let lines: Vec<_> = analysis
            .subjects
            .iter()
            .map(|it| (it.guarded_lines, it.exclusive_lines))
            .collect();
        assert_eq!(lines, [(4, 3), (2, 1), (2, 2)]);
    }

    #[test]
    fn comments_and_empty_lines_are_no_code() {
        let analysis = sample(&[("flag", "dark")])
            .file("a.ts", "on(DARK);\na();\n\nb();\n")
            .point(PointKind::Check, &[0], "on(DARK)", &["a();\n\nb()"])
            .measure();
        assert_eq!(analysis.subjects[0].guarded_lines, 2);
        assert_eq!(analysis.totals.guarded_share(), Some(666));
    }

    #[test]
    fn units_count_whole_and_overlaps_once() {
        let analysis = sample(&[("customer", "acme")])
            .file("acme/a.ts", TEN)
            .folder(0, "acme")
            .point(PointKind::Branch, &[0], "l1", &["l2"])
            .file("core/b.ts", TEN)
            .point(PointKind::Unit, &[0], "l3;\nl4", &[])
            .point(PointKind::Branch, &[0], "l1", &["l4;\nl5"])
            .point(PointKind::Data, &[0], "l9", &[])
            .measure();
        let files: Vec<u32> = analysis.files.iter().map(|it| it.guarded_lines).collect();
        assert_eq!(files, [10, 3]);
        let acme = &analysis.subjects[0];
        assert_eq!((acme.guarded_lines, acme.exclusive_lines), (13, 13));
    }
}
