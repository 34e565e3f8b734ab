//! Which files to look at first.

use std::cmp::Reverse;

use super::{Harm, Metric, Scope, cognitive, count, points, tangling};
use crate::{FileId, FileReport, FunctionReport, Hotspot, HotspotPart, Role, Weights};

pub(super) static METRIC: Metric = Metric {
    id: "hotspot",
    title: "Hotspot",
    unit: "thousandths",
    scope: Scope::File,
    harm: Some(Harm::Debt),
    doc: "\
Which files to look at first: those that are complex, vary at many places, and for many. It ranks files of one tree; it is
no measure to compare trees with, and it does not foretell defects. Every part is shown beside the score.

**Formula**: for each of cognitive complexity, variation points and different subjects, the share of product files with a
smaller or equal value; the score is the weighted mean of the three. Only files with a variation point are ranked. Ties are
broken by path.

**Source**: hotspots in A. Tornhill, *Your Code as a Crime Scene*, 2015, here without change frequency; ranks, because the
values themselves are far from evenly spread.

**Example**: of four files with complexity 9, 5, 5, 1, the second is at 750 thousandths; if it also has more points (1000)
than any other and as many subjects (1000), and all weights are 1, its score is 917.
",
};

/// Ranks the files that have a branch or check, worst first.
pub(super) fn rank(
    files: &[FileReport],
    functions: &[FunctionReport],
    weights: &Weights,
) -> Vec<Hotspot> {
    let parts = [
        Part::new(
            cognitive::METRIC.id,
            weights.complexity,
            |it| it.cognitive,
            files,
        ),
        Part::new(points::METRIC.id, weights.variation, |it| it.points, files),
        Part::new(
            tangling::METRIC.id,
            weights.tangling,
            |it| it.subjects,
            files,
        ),
    ];
    let mut hotspots: Vec<Hotspot> = files
        .iter()
        .enumerate()
        .filter(|(_, file)| file.points > 0)
        .map(|(at, file)| {
            let parts: Vec<HotspotPart> = parts.iter().map(|part| part.of(file)).collect();
            let id = FileId(count(at));
            Hotspot {
                file: id,
                rank: 0,
                score: score(&parts),
                parts,
                function: worst(functions, id),
            }
        })
        .collect();
    hotspots.sort_by_key(|it| (Reverse(it.score), it.file));
    for (at, hotspot) in hotspots.iter_mut().enumerate() {
        hotspot.rank = count(at + 1);
    }
    hotspots
}

struct Part {
    metric: &'static str,
    weight: f64,
    value: fn(&FileReport) -> u32,
    /// Values of the files compared with, in order.
    sorted: Vec<u32>,
}

impl Part {
    fn new(
        metric: &'static str,
        weight: f64,
        value: fn(&FileReport) -> u32,
        files: &[FileReport],
    ) -> Self {
        let product = files.iter().filter(|file| file.role == Role::Product);
        let mut sorted: Vec<u32> = product.map(value).collect();
        if sorted.is_empty() {
            // Only tests and the like were analysed: they are compared with each other.
            sorted = files.iter().map(value).collect();
        }
        sorted.sort_unstable();
        Self {
            metric,
            weight: if weight.is_finite() {
                weight.max(0.0)
            } else {
                0.0
            },
            value,
            sorted,
        }
    }

    fn of(&self, file: &FileReport) -> HotspotPart {
        let value = (self.value)(file);
        let not_above = self.sorted.partition_point(|other| *other <= value);
        let len = self.sorted.len().max(1);
        HotspotPart {
            metric: self.metric,
            value,
            percentile: count((not_above * 1_000 + len / 2) / len),
            weight: self.weight,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a mean of values from 0 to 1000"
)]
fn score(parts: &[HotspotPart]) -> u32 {
    let weights: f64 = parts.iter().map(|part| part.weight).sum();
    let sum: f64 = parts
        .iter()
        .map(|part| part.weight * f64::from(part.percentile))
        .sum();
    if weights > 0.0 {
        (sum / weights).round() as u32
    } else {
        0
    }
}

/// The function with most points, then most complexity, then the first; none if no point is in a function.
fn worst(functions: &[FunctionReport], file: FileId) -> Option<(String, u32)> {
    let first = functions.partition_point(|it| it.file < file);
    functions[first..]
        .iter()
        .take_while(|it| it.file == file)
        .filter(|it| it.points > 0)
        .min_by_key(|it| (Reverse(it.points), Reverse(it.cognitive), it.line))
        .map(|it| (it.name.clone(), it.line))
}

#[cfg(test)]
mod tests {
    use bespoke_facts::RepoPath;

    use super::*;

    fn file(path: &str, cognitive: u32, points: u32, subjects: u32) -> FileReport {
        FileReport {
            path: RepoPath::new(path),
            language: "rust",
            role: Role::Product,
            component: String::new(),
            nloc: 10,
            cyclomatic: 1,
            cognitive,
            points,
            subjects,
            guarded_lines: 0,
            tangling: 0,
            nesting: 0,
        }
    }

    fn function(file: u32, name: &str, line: u32, points: u32, cognitive: u32) -> FunctionReport {
        FunctionReport {
            file: FileId(file),
            name: name.to_owned(),
            line,
            end_line: line,
            nloc: 1,
            cyclomatic: 1,
            cognitive,
            nesting: 0,
            points,
            tangling: 0,
            overhead: 0,
        }
    }

    #[test]
    fn the_example_is_917() {
        let files = [
            file("a", 9, 0, 0),
            file("b", 5, 4, 2),
            file("c", 5, 1, 2),
            file("d", 1, 1, 1),
        ];
        let hotspots = rank(&files, &[], &Weights::default());
        let scores: Vec<_> = hotspots
            .iter()
            .map(|it| (it.rank, it.file.0, it.score))
            .collect();
        assert_eq!(scores, [(1, 1, 917), (2, 2, 833), (3, 3, 500)]);
        let parts: Vec<_> = hotspots[0]
            .parts
            .iter()
            .map(|part| (part.metric, part.value, part.percentile))
            .collect();
        assert_eq!(
            parts,
            [
                ("cognitive", 5, 750),
                ("points", 4, 1_000),
                ("tangling", 2, 1_000)
            ]
        );
        assert_eq!(hotspots[0].function, None);
    }

    #[test]
    fn ties_are_broken_by_path_and_weights_decide() {
        let files = [file("a", 1, 1, 1), file("b", 9, 1, 1), file("c", 1, 1, 1)];
        let order = |weights: &Weights| -> Vec<(u32, u32)> {
            rank(&files, &[], weights)
                .iter()
                .map(|it| (it.file.0, it.score))
                .collect()
        };
        let only = |complexity, variation| Weights {
            complexity,
            variation,
            tangling: 0.0,
        };
        assert_eq!(order(&only(1.0, 0.0)), [(1, 1_000), (0, 667), (2, 667)]);
        assert_eq!(order(&only(0.0, 1.0)), [(0, 1_000), (1, 1_000), (2, 1_000)]);
        assert_eq!(order(&only(-1.0, f64::NAN)), [(0, 0), (1, 0), (2, 0)]);
    }

    #[test]
    fn only_product_files_are_compared_with() {
        let mut files = [file("a", 1, 1, 1), file("b", 9, 0, 0), file("c", 5, 1, 1)];
        let complexity =
            |files: &[FileReport]| rank(files, &[], &Weights::default())[0].parts[0].percentile;
        assert_eq!(complexity(&files), 667);
        files[1].role = Role::Test;
        assert_eq!(complexity(&files), 1_000);
        for file in &mut files {
            file.role = Role::Test;
        }
        assert_eq!(complexity(&files), 667);
    }

    #[test]
    fn the_worst_function_has_most_points() {
        let files = [file("a", 1, 3, 1), file("b", 1, 1, 1)];
        let functions = [
            function(0, "long", 1, 0, 90),
            function(0, "mild", 5, 2, 1),
            function(0, "wild", 9, 2, 7),
            function(1, "other", 2, 5, 5),
        ];
        let hotspots = rank(&files, &functions, &Weights::default());
        assert_eq!(hotspots[0].function, Some(("wild".to_owned(), 9)));
        assert_eq!(hotspots[1].function, Some(("other".to_owned(), 2)));
    }
}
