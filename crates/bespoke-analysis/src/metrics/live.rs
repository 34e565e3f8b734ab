//! Sums over a tree that changes: each file is measured by itself, by the same functions as in a scan.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::RepoPath;

use super::{
    Place, cognitive, configurations, count, crossings, custom_complexity, cyclomatic,
    guarded_share, is_condition, nesting_degree, propagation_cost, scattering, tangling, tiers,
};
use crate::{
    FileId, GraphSample, SourceFile, Subject, SubjectId, Totals, VariationPoint,
    graph::{self, Graph},
};

/// What one file, folder or data file adds to the tree's sums.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Share {
    /// 1 for a source file, 0 for other paths.
    pub(crate) files: u32,
    pub(crate) nloc: u32,
    pub(crate) functions: u32,
    pub(crate) cyclomatic: u32,
    pub(crate) cognitive: u32,
    pub(crate) decisions: u32,
    pub(crate) custom_decisions: u32,
    pub(crate) conditions: u32,
    pub(crate) guarded_lines: u32,
    pub(crate) tiers: [u32; 3],
    pub(crate) held_back: u32,
    pub(crate) kinds: Vec<(String, u32)>,
    pub(crate) tangling: Vec<u32>,
    pub(crate) nesting: u32,
    pub(crate) component: String,
    pub(crate) subjects: Vec<(SubjectId, SubjectShare)>,
    /// The customer, or other dimension's subject, whose unit it belongs to.
    pub(crate) owner: Option<SubjectId>,
    /// Subjects that meet in a function, two or more; with its line.
    pub(crate) meetings: Vec<(u32, BTreeSet<SubjectId>)>,
}

/// What one path adds to a subject's sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SubjectShare {
    pub(crate) points: u32,
    pub(crate) scattering: u32,
}

/// Measures a source file. `own` are its points, `around` is the folder it stands in if that is a unit; nesting degrees
/// are written into `own`.
pub(crate) fn file(
    id: FileId,
    source: &SourceFile,
    own: &mut [VariationPoint],
    around: Option<&VariationPoint>,
    component: String,
    min_confidence: u8,
) -> Share {
    nesting_degree::mark_file(own, source, min_confidence);
    let counted: Vec<&VariationPoint> = own
        .iter()
        .filter(|point| point.confidence >= min_confidence)
        .collect();
    let around = around.filter(|point| point.confidence >= min_confidence);
    let place = Place {
        id,
        file: source,
        component: component.clone(),
        points: counted.iter().copied().chain(around).collect(),
        conditions: counted
            .iter()
            .copied()
            .filter(|it| is_condition(it))
            .collect(),
    };
    let facts = &source.facts;
    let mut share = counts(own, &counted);
    share.files = 1;
    share.nloc = facts.nloc;
    share.functions = count(
        facts
            .functions
            .iter()
            .filter(|it| it.cyclomatic > 0)
            .count(),
    );
    share.cyclomatic = cyclomatic::of_file(facts);
    share.cognitive = cognitive::of_file(facts);
    share.component = component;
    if place.points.is_empty() {
        share.decisions = custom_complexity::count_of(facts);
        return share;
    }
    share.owner = crate::structure::owner(&place.points);
    share.meetings = crate::structure::meetings_of(source, &place.points);
    share.meetings.retain(|(_, met)| met.len() > 1);
    share.tangling = tangling::conditions(&place)
        .iter()
        .map(|it| count(it.len()))
        .collect();
    let decisions = custom_complexity::decisions(facts, &place.points);
    share.decisions = count(decisions.len());
    let is_custom = |at: &usize| place.points[*at].dimension == "customer";
    let custom = decisions.iter().filter(|(_, on)| on.iter().any(is_custom));
    share.custom_decisions = count(custom.count());
    let place = Place {
        conditions: Vec::new(),
        component: String::new(),
        ..place
    };
    share.guarded_lines = guarded_share::fill(&mut [], std::slice::from_ref(&place))
        .first()
        .copied()
        .unwrap_or(0);
    share
}

/// Measures the graph of a state. `with_points` are the positions of files with a branch or check.
pub(crate) fn graph(
    graph: &Graph,
    with_points: &[u32],
    meetings: &[configurations::Meeting],
    subjects: &[Subject],
) -> GraphSample {
    let cycles = graph::sizes(graph);
    let clusters = configurations::clusters(meetings, subjects);
    let [reach1, reach] = graph::Dependents::new(graph).count(with_points);
    GraphSample {
        dependencies: count(graph.file_edges().count()),
        propagation_cost: propagation_cost::of(&graph::visibility(graph)),
        cycles: count(cycles.len()),
        largest_cycle: count(cycles.first().copied().unwrap_or(0)),
        crossings: count(crossings::of(graph).len()),
        with_points: count(with_points.len()),
        reach1,
        reach,
        clusters: count(clusters.len()),
        largest_cluster: count(
            clusters
                .iter()
                .map(|it| it.subjects.len())
                .max()
                .unwrap_or(0),
        ),
        configurations: clusters.iter().map(|it| u64::from(it.configurations)).sum(),
        pairs: count(clusters.iter().map(|it| it.pairs.len()).sum()),
    }
}

/// Measures a path that is no source file.
pub(crate) fn path(own: &[VariationPoint], min_confidence: u8) -> Share {
    let counted: Vec<&VariationPoint> = own
        .iter()
        .filter(|point| point.confidence >= min_confidence)
        .collect();
    counts(own, &counted)
}

/// What points add wherever they stand.
fn counts(own: &[VariationPoint], counted: &[&VariationPoint]) -> Share {
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    let mut subjects: BTreeMap<SubjectId, SubjectShare> = BTreeMap::new();
    for point in counted {
        *kinds.entry(point.kind_name()).or_default() += 1;
        for id in &point.subjects {
            let share = subjects.entry(*id).or_default();
            share.points += 1;
            share.scattering += u32::from(is_condition(point));
        }
    }
    let conditions = || counted.iter().filter(|it| is_condition(it));
    Share {
        conditions: count(conditions().count()),
        tiers: tiers(conditions().map(|it| it.confidence)),
        held_back: count(own.len() - counted.len()),
        nesting: nesting_degree::deepest(counted),
        kinds: kinds.into_iter().collect(),
        subjects: subjects.into_iter().collect(),
        ..Share::default()
    }
}

/// Sums over a tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    pub(crate) files: u32,
    pub(crate) nloc: u32,
    pub(crate) functions: u32,
    pub(crate) cyclomatic: u32,
    pub(crate) cognitive: u32,
    pub(crate) decisions: u32,
    pub(crate) custom_decisions: u32,
    conditions: u32,
    guarded_lines: u32,
    files_with_points: u32,
    tiers: [u32; 3],
    held_back: u32,
    kinds: BTreeMap<String, u32>,
    tangling: BTreeMap<u32, u32>,
    nesting: BTreeMap<u32, u32>,
    pub(crate) subjects: BTreeMap<SubjectId, SubjectShare>,
}

impl Sums {
    /// Adds what a path has.
    pub(crate) fn add(&mut self, share: &Share) {
        self.change(share, |sum, by| *sum += by);
    }

    /// Takes away what was added before.
    pub(crate) fn remove(&mut self, share: &Share) {
        self.change(share, |sum, by| *sum -= by);
        self.kinds.retain(|_, count| *count > 0);
        self.tangling.retain(|_, count| *count > 0);
        self.nesting.retain(|_, count| *count > 0);
        for (id, _) in &share.subjects {
            if self.subjects.get(id).is_some_and(|sums| sums.points == 0) {
                self.subjects.remove(id);
            }
        }
    }

    fn change(&mut self, share: &Share, by: impl Fn(&mut u32, u32)) {
        by(&mut self.files, share.files);
        by(&mut self.nloc, share.nloc);
        by(&mut self.functions, share.functions);
        by(&mut self.cyclomatic, share.cyclomatic);
        by(&mut self.cognitive, share.cognitive);
        by(&mut self.decisions, share.decisions);
        by(&mut self.custom_decisions, share.custom_decisions);
        by(&mut self.conditions, share.conditions);
        by(&mut self.guarded_lines, share.guarded_lines);
        by(&mut self.files_with_points, u32::from(share.conditions > 0));
        by(&mut self.held_back, share.held_back);
        for (sum, tier) in self.tiers.iter_mut().zip(share.tiers) {
            by(sum, tier);
        }
        for (kind, count) in &share.kinds {
            by(entry(&mut self.kinds, kind), *count);
        }
        for size in &share.tangling {
            by(self.tangling.entry(*size).or_default(), 1);
        }
        if share.nesting > 0 {
            by(self.nesting.entry(share.nesting).or_default(), 1);
        }
        for (id, own) in &share.subjects {
            let sums = self.subjects.entry(*id).or_default();
            by(&mut sums.points, own.points);
            by(&mut sums.scattering, own.scattering);
        }
    }

    /// The same sums as a scan's. `dimension` is that of a subject.
    pub(crate) fn totals<'d>(&self, dimension: impl Fn(SubjectId) -> &'d str) -> Totals {
        let mut by_dimension: BTreeMap<&str, u32> = BTreeMap::new();
        let mut degrees = Vec::new();
        for (id, sums) in &self.subjects {
            let dimension = dimension(*id);
            if sums.points > 0 {
                *by_dimension.entry(dimension).or_default() += 1;
            }
            if sums.scattering > 0 && matches!(dimension, "customer" | "flag") {
                degrees.push(sums.scattering);
            }
        }
        let by_dimension = by_dimension.into_iter();
        Totals {
            files: self.files,
            nloc: self.nloc,
            functions: self.functions,
            cognitive: self.cognitive,
            points: self.conditions,
            by_kind: self.kinds.clone().into_iter().collect(),
            by_dimension: by_dimension
                .map(|(name, count)| (name.to_owned(), count))
                .collect(),
            guarded_lines: self.guarded_lines,
            files_with_points: self.files_with_points,
            tiers: self.tiers,
            held_back: self.held_back,
            scattering: super::quantiles(degrees),
            tangling: quantiles(&self.tangling),
            nesting: self.nesting.keys().next_back().copied().unwrap_or(0),
        }
    }
}

fn entry<'m>(map: &'m mut BTreeMap<String, u32>, key: &str) -> &'m mut u32 {
    if !map.contains_key(key) {
        map.insert(key.to_owned(), 0);
    }
    map.get_mut(key).expect("just put in")
}

/// As [`super::quantiles`], of values with how often each occurs.
fn quantiles(values: &BTreeMap<u32, u32>) -> [u32; 3] {
    let all: u64 = values.values().map(|count| u64::from(*count)).sum();
    let at = |percent: u64| {
        let rank = (all * percent).div_ceil(100).max(1);
        let mut before = 0;
        let found = values.iter().find(|(_, count)| {
            before += u64::from(**count);
            before >= rank
        });
        found.map_or(0, |(value, _)| *value)
    };
    [at(50), at(90), at(100)]
}

/// The component of a path, by the user's rules, packages, or place.
pub(crate) fn component(
    path: &RepoPath,
    rules: &[crate::PathRule],
    packages: &[crate::Package],
) -> String {
    scattering::component_of(path, rules, packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_counted_values_are_those_of_the_values() {
        for values in [
            vec![],
            vec![7],
            vec![4, 1, 3, 2],
            (1..=20).collect(),
            vec![1, 1, 1, 2, 9],
        ] {
            let mut counted = BTreeMap::new();
            for value in &values {
                *counted.entry(*value).or_default() += 1;
            }
            assert_eq!(quantiles(&counted), super::super::quantiles(values));
        }
    }

    #[test]
    fn what_is_taken_away_leaves_nothing() {
        let share = Share {
            files: 1,
            nloc: 5,
            kinds: vec![("flag_check".to_owned(), 2)],
            tangling: vec![1, 2],
            nesting: 1,
            subjects: vec![(
                SubjectId(3),
                SubjectShare {
                    points: 2,
                    ..SubjectShare::default()
                },
            )],
            component: "a".to_owned(),
            ..Share::default()
        };
        let mut sums = Sums::default();
        sums.add(&share);
        assert_eq!(
            sums.totals(|_| "flag").by_dimension,
            [("flag".to_owned(), 1)]
        );
        sums.remove(&share);
        assert_eq!(sums, Sums::default());
    }
}
