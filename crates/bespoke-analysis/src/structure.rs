//! What the dependency graph says of files, components, subjects and the tree.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::Span;

use crate::{
    FileId, FileSet, PointKind, SourceFile, Subject, SubjectId, VariationPoint,
    graph::{self, Cycle, Graph},
    intervals::innermost,
    link::Model,
    metrics::{
        abstractness, configurations, core_periphery, count, coupling, crossings,
        custom_complexity, instability, is_condition, points_of_files, propagation_cost,
    },
};

/// Coupling, reach and boundaries. Everything is sorted; equal input gives an equal value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// By [`FileId`].
    pub files: Vec<FileStructure>,
    /// By name.
    pub components: Vec<ComponentReport>,
    /// By [`SubjectId`].
    pub subjects: Vec<SubjectStructure>,
    /// Files that all depend on each other, by first file.
    pub cycles: Vec<Cycle>,
    /// Share of ones in the visibility matrix, in millionths; `None` without files.
    pub propagation_cost: Option<u32>,
    /// Dependencies on a customer's units by code that is not that customer's, by place.
    pub crossings: Vec<Crossing>,
    /// Subjects that meet in functions, the largest configuration space first.
    pub clusters: Vec<Cluster>,
}

/// Where a file stands among the others (Baldwin et al. 2014).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In the largest cycle.
    Core,
    /// Used by the core, or as much used as it.
    Shared,
    /// Uses the core, or as much as it does.
    Control,
    /// Neither.
    Peripheral,
    /// There is no cycle to measure by.
    #[default]
    None,
}

impl Place {
    /// Stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Shared => "shared",
            Self::Control => "control",
            Self::Peripheral => "peripheral",
            Self::None => "none",
        }
    }
}

/// One file among the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileStructure {
    /// Ca: files that depend on it directly.
    pub afferent: u32,
    /// Ce: files and packages of others that it depends on directly.
    pub efferent: u32,
    /// R2: files that depend on it within two steps.
    pub reach: u32,
    /// VFI: files that depend on it over any number of steps, itself counted.
    pub visible_to: u32,
    /// VFO: files that it depends on over any number of steps, itself counted.
    pub sees: u32,
    /// Core or periphery.
    pub place: Place,
    /// Position of its cycle in [`Structure::cycles`].
    pub cycle: Option<u32>,
    /// Whose unit it belongs to.
    pub owner: Option<SubjectId>,
    /// Decisions in it.
    pub decisions: u32,
    /// Of these, on or under a variation point, or in a unit.
    pub custom_decisions: u32,
}

/// One package or top folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComponentReport {
    /// Its name.
    pub name: String,
    /// Files.
    pub files: u32,
    /// Lines with code.
    pub nloc: u32,
    /// Ca: files outside that depend on one inside.
    pub afferent: u32,
    /// Ce: files inside that depend on one outside, or on a package of others.
    pub efferent: u32,
    /// I = Ce / (Ca + Ce), in thousandths; `None` where nothing depends either way.
    pub instability: Option<u32>,
    /// A = interfaces / types, in thousandths; `None` where there are no types.
    pub abstractness: Option<u32>,
    /// R2: files outside that depend on it within two steps.
    pub reach: u32,
    /// Branches and checks.
    pub points: u32,
    /// Customers, and subjects of other dimensions but flags, with a point in it.
    pub customers: u32,
    /// Decisions.
    pub decisions: u32,
    /// Of these, on or under a variation point, or in a unit.
    pub custom_decisions: u32,
    /// Components that it depends on, by name, with how many pairs of files.
    pub uses: Vec<(String, u32)>,
}

/// What the graph says of a subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectStructure {
    /// R1: files that depend on one with a point of it, those themselves not counted.
    pub reach1: u32,
    /// R2: the same within two steps.
    pub reach: u32,
    /// Decisions on or under its points, or in its units: what goes with it.
    pub decisions: u32,
}

/// A dependency on a customer's unit by code that is not that customer's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crossing {
    /// Who depends.
    pub from: FileId,
    /// Line of the first use, 0-based.
    pub line: u32,
    /// On what.
    pub to: FileId,
    /// Whose unit `from` is; `None` for the core.
    pub by: Option<SubjectId>,
    /// Whose unit `to` is.
    pub on: SubjectId,
}

/// Subjects that meet, in pairs, in the same functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Two or more.
    pub subjects: Vec<SubjectId>,
    /// Pairs that meet.
    pub pairs: Vec<(SubjectId, SubjectId)>,
    /// 2^f · (1 + c) for f flags and tenant attributes and c customers; at most 2^20.
    pub configurations: u32,
    /// At least so many configurations cover every pair of values.
    pub pairwise: u32,
    /// A function in which most of them meet: file, 0-based line, how many.
    pub worst: (FileId, u32, u32),
}

/// Builds the graph and measures it. `points` are those that count, `components` are by file.
pub(crate) fn structure(
    model: &Model<'_>,
    points: &[&VariationPoint],
    subjects: &[Subject],
    components: &[String],
) -> (Graph, Structure) {
    let set = model.set;
    let in_files = points_of_files(set, points);
    let owners: Vec<Option<SubjectId>> = in_files.iter().map(|points| owner(points)).collect();
    let graph = graph::build(model, components, &owners);
    let cycles = graph::cycles(&graph);
    let visibility = graph::visibility(&graph);
    let places = core_periphery::of(&visibility, &cycles);
    let decisions: Vec<Vec<(Span, Vec<usize>)>> = set
        .files
        .iter()
        .zip(&in_files)
        .map(|(file, points)| custom_complexity::decisions(&file.facts, points))
        .collect();

    let mut cycle_of = vec![None; set.files.len()];
    for (at, cycle) in (0..).zip(&cycles) {
        for file in &cycle.files {
            cycle_of[file.index()] = Some(at);
        }
    }
    let mut dependents = graph::Dependents::new(&graph);
    let files: Vec<FileStructure> = coupling::of_files(&graph)
        .into_iter()
        .enumerate()
        .map(|(at, (afferent, efferent))| FileStructure {
            afferent,
            efferent,
            reach: dependents.count(&[count(at)])[1],
            visible_to: visibility.fan_in[at],
            sees: visibility.fan_out[at],
            place: places[at],
            cycle: cycle_of[at],
            owner: owners[at],
            decisions: count(decisions[at].len()),
            custom_decisions: count(decisions[at].iter().filter(|it| !it.1.is_empty()).count()),
        })
        .collect();
    let structure = Structure {
        components: component_reports(set, &graph, components, &in_files, &files, subjects),
        subjects: subject_structures(&graph, &in_files, &decisions, subjects.len()),
        propagation_cost: propagation_cost::of(&visibility),
        crossings: crossings::of(&graph),
        clusters: configurations::clusters(&meetings(set, &in_files), subjects),
        files,
        cycles,
    };
    (graph, structure)
}

/// Whose unit a file is, or lies in.
pub(crate) fn owner(points: &[&VariationPoint]) -> Option<SubjectId> {
    let whole = |point: &&&VariationPoint| {
        point.kind == PointKind::Unit && (point.file.is_none() || point.span.is_empty())
    };
    points.iter().find(whole)?.subjects.first().copied()
}

fn component_reports(
    set: &FileSet,
    graph: &Graph,
    components: &[String],
    in_files: &[Vec<&VariationPoint>],
    files: &[FileStructure],
    subjects: &[Subject],
) -> Vec<ComponentReport> {
    let names: Vec<&String> = components
        .iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let group: Vec<usize> = components
        .iter()
        .map(|name| names.binary_search(&name).unwrap_or(0))
        .collect();
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); names.len()];
    for (at, group) in group.iter().enumerate() {
        members[*group].push(count(at));
    }
    let mut uses: Vec<BTreeMap<&str, u32>> = vec![BTreeMap::new(); names.len()];
    for edge in graph.file_edges() {
        let (from, to) = (group[edge.from as usize], group[edge.to as usize]);
        if from != to {
            *uses[from].entry(names[to]).or_default() += 1;
        }
    }
    let mut dependents = graph::Dependents::new(graph);
    let couplings = coupling::of_groups(graph, &group, names.len());
    let mut report = |(at, (afferent, efferent)): (usize, (u32, u32))| {
        let own = || members[at].iter().map(|file| *file as usize);
        let types = own()
            .map(|file| abstractness::types(&set.files[file].facts))
            .fold((0, 0), |sum, types| (sum.0 + types.0, sum.1 + types.1));
        let points = || own().flat_map(|file| &in_files[file]);
        let customers: BTreeSet<SubjectId> = points()
            .flat_map(|point| &point.subjects)
            .copied()
            .filter(|id| {
                let dimension = subjects.get(id.index()).map(|it| it.dimension.as_str());
                dimension.is_some_and(|it| !matches!(it, "flag" | "tenant"))
            })
            .collect();
        ComponentReport {
            name: names[at].clone(),
            files: count(members[at].len()),
            nloc: own().map(|file| set.files[file].facts.nloc).sum(),
            afferent,
            efferent,
            instability: instability::of(afferent, efferent),
            abstractness: abstractness::of(types),
            reach: dependents.count(&members[at])[1],
            points: count(points().filter(|point| is_condition(point)).count()),
            customers: count(customers.len()),
            decisions: own().map(|file| files[file].decisions).sum(),
            custom_decisions: own().map(|file| files[file].custom_decisions).sum(),
            uses: uses[at]
                .iter()
                .map(|(name, pairs)| ((*name).to_owned(), *pairs))
                .collect(),
        }
    };
    couplings.into_iter().enumerate().map(&mut report).collect()
}

fn subject_structures(
    graph: &Graph,
    in_files: &[Vec<&VariationPoint>],
    decisions: &[Vec<(Span, Vec<usize>)>],
    subjects: usize,
) -> Vec<SubjectStructure> {
    let mut files: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); subjects];
    let mut found = vec![SubjectStructure::default(); subjects];
    for (at, points) in in_files.iter().enumerate() {
        for id in points.iter().flat_map(|point| &point.subjects) {
            if let Some(files) = files.get_mut(id.index()) {
                files.insert(count(at));
            }
        }
        for (_, on) in &decisions[at] {
            let of: BTreeSet<SubjectId> = on
                .iter()
                .flat_map(|point| &points[*point].subjects)
                .copied()
                .collect();
            for id in of {
                if let Some(subject) = found.get_mut(id.index()) {
                    subject.decisions += 1;
                }
            }
        }
    }
    let mut dependents = graph::Dependents::new(graph);
    for (subject, files) in found.iter_mut().zip(files) {
        let files: Vec<u32> = files.into_iter().collect();
        [subject.reach1, subject.reach] = dependents.count(&files);
    }
    found
}

/// The subjects that meet in each function that is counted by itself, nested ones with it.
fn meetings(set: &FileSet, in_files: &[Vec<&VariationPoint>]) -> Vec<configurations::Meeting> {
    let mut found = Vec::new();
    for (at, (file, points)) in set.files.iter().zip(in_files).enumerate() {
        let met = meetings_of(file, points);
        found.extend(
            met.into_iter()
                .map(|(line, met)| (FileId(count(at)), line, met)),
        );
    }
    found
}

/// The same of one file: the function's first line, and who meets in it.
pub(crate) fn meetings_of(
    file: &SourceFile,
    points: &[&VariationPoint],
) -> Vec<(u32, BTreeSet<SubjectId>)> {
    let conditions: Vec<&&VariationPoint> =
        points.iter().filter(|point| is_condition(point)).collect();
    if conditions.len() < 2 {
        return Vec::new();
    }
    // A function in another is met with it.
    let outer: Vec<Span> = file
        .facts
        .functions
        .iter()
        .filter(|function| function.parent.is_none())
        .map(|function| function.span)
        .collect();
    let places: Vec<Span> = conditions.iter().map(|point| point.span).collect();
    let mut met: BTreeMap<usize, BTreeSet<SubjectId>> = BTreeMap::new();
    for (point, function) in conditions.iter().zip(innermost(&outer, &places)) {
        if let Some(function) = function {
            met.entry(function).or_default().extend(&point.subjects);
        }
    }
    met.into_iter()
        .map(|(function, met)| (file.facts.lines.line(outer[function].start), met))
        .collect()
}
