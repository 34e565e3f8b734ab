//! The dependency graph's part of the stable form.

use bespoke_analysis as analysis;
use bespoke_analysis::{Analysis, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{Evidence, evidence, one_based, path_of, thousandths};

/// Where a file stands in the dependency graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileDependencies {
    /// Ca: files that depend on it directly.
    pub afferent: u32,
    /// Ce: files, and packages of others, that it depends on directly.
    pub efferent: u32,
    /// Files that depend on it within two steps.
    pub reach: u32,
    /// VFI: files that depend on it over any number of steps, itself counted.
    pub visible_to: u32,
    /// VFO: files that it depends on over any number of steps, itself counted.
    pub sees: u32,
    /// `core`, `shared`, `control`, `peripheral`; `none` where the tree has no cycle.
    pub place: String,
    /// Position of its cycle in `structure.cycles`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<u32>,
    /// The customer whose unit it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Decisions in it.
    pub decisions: u32,
    /// Of these, on or under a variation point, or in a unit.
    pub custom_decisions: u32,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingEntry {
    /// Id of the rule, as `bespoke list rules` shows it.
    pub rule: String,
    /// `warning` or `note`.
    pub level: String,
    /// Where.
    pub path: String,
    /// Its line.
    pub line: u32,
    /// What is the case.
    pub message: String,
    /// Whom it concerns.
    pub subjects: Vec<String>,
    /// The path that proves it.
    pub proof: Vec<Evidence>,
    /// Why a comment beside it allows it, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
}

/// A package of the tree, or a top folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComponentEntry {
    /// Its name.
    pub name: String,
    /// Files.
    pub files: u32,
    /// Lines with code.
    pub nloc: u32,
    /// Ca: files outside that depend on one inside.
    pub afferent: u32,
    /// Ce: files inside that depend on a file or package outside.
    pub efferent: u32,
    /// Ce / (Ca + Ce); not there where nothing depends either way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instability: Option<f64>,
    /// Share of interfaces among types; not there without types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abstractness: Option<f64>,
    /// Files outside that depend on it within two steps.
    pub reach: u32,
    /// Branches and checks.
    pub points: u32,
    /// Customers with a point in it.
    pub customers: u32,
    /// Decisions.
    pub decisions: u32,
    /// Of these, on or under a variation point, or in a unit.
    pub custom_decisions: u32,
    /// Components that it depends on, by name.
    pub uses: Vec<Use>,
}

/// A cell of a design structure matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Use {
    /// Name of the component that is used.
    pub component: String,
    /// Pairs of files.
    pub files: u32,
}

/// Cycles, crossings and clusters of the dependency graph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StructureEntry {
    /// Share of files that a change to a file drawn at random may reach; not there without files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub propagation_cost: Option<f64>,
    /// Files that all depend on each other.
    pub cycles: Vec<CycleEntry>,
    /// Dependencies on a customer's unit by code that is not that customer's.
    pub crossings: Vec<CrossingEntry>,
    /// Subjects that meet, in pairs, in the same functions.
    pub clusters: Vec<ClusterEntry>,
    /// Imports of the tree's own files that were not found.
    pub unresolved: Vec<UnresolvedEntry>,
}

/// Files that all depend on each other, directly or through others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CycleEntry {
    /// Their paths.
    pub files: Vec<String>,
    /// A small set of dependencies without which no cycle is left among them.
    pub cut: Vec<DependencyEntry>,
}

/// That one file depends on another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DependencyEntry {
    /// Who depends.
    pub from: String,
    /// Line of the first use.
    pub line: u32,
    /// On what.
    pub to: String,
}

/// A dependency on a customer's unit by code that is not that customer's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CrossingEntry {
    /// Who depends.
    pub from: String,
    /// Line of the first use.
    pub line: u32,
    /// On what.
    pub to: String,
    /// The customer whose code depends; not there for the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The customer whose unit it is.
    pub on: String,
}

/// Subjects that meet, in pairs, in the same functions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterEntry {
    /// Their names.
    pub subjects: Vec<String>,
    /// How many pairs meet.
    pub pairs: u32,
    /// 2^f · (1 + c) for f flags and tenant attributes and c customers, at most 2^20.
    pub configurations: u32,
    /// At least so many test configurations cover every pair of values.
    pub pairwise: u32,
    /// The file with the function in which most meet.
    pub path: String,
    /// The function's line.
    pub line: u32,
    /// How many meet there.
    pub meeting: u32,
}

/// An import of the tree's own files that leads nowhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnresolvedEntry {
    /// Who imports.
    pub path: String,
    /// Where.
    pub line: u32,
    /// What, as written.
    pub source: String,
}

pub(crate) fn dependencies(analysis: &Analysis, at: usize) -> Option<FileDependencies> {
    let file = analysis.structure.files.get(at)?;
    Some(FileDependencies {
        afferent: file.afferent,
        efferent: file.efferent,
        reach: file.reach,
        visible_to: file.visible_to,
        sees: file.sees,
        place: file.place.id().to_owned(),
        cycle: file.cycle,
        owner: file.owner.map(|id| name(analysis, id)),
        decisions: file.decisions,
        custom_decisions: file.custom_decisions,
    })
}

fn name(analysis: &Analysis, id: SubjectId) -> String {
    let subject = analysis.subjects.get(id.index());
    subject.map(|it| it.name.clone()).unwrap_or_default()
}

fn names(analysis: &Analysis, ids: &[SubjectId]) -> Vec<String> {
    ids.iter().map(|id| name(analysis, *id)).collect()
}

pub(crate) fn findings(analysis: &Analysis) -> Vec<FindingEntry> {
    let entry = |finding: &analysis::Finding| FindingEntry {
        rule: finding.rule.to_owned(),
        level: finding.level.id().to_owned(),
        path: finding.path.to_string(),
        line: one_based(finding.line),
        message: finding.message.clone(),
        subjects: names(analysis, &finding.subjects),
        proof: finding.proof.iter().map(evidence).collect(),
        allowed: None,
    };
    analysis.findings.iter().map(entry).collect()
}

pub(crate) fn components(analysis: &Analysis) -> Vec<ComponentEntry> {
    let entry = |component: &analysis::ComponentReport| ComponentEntry {
        name: component.name.clone(),
        files: component.files,
        nloc: component.nloc,
        afferent: component.afferent,
        efferent: component.efferent,
        instability: component.instability.map(thousandths),
        abstractness: component.abstractness.map(thousandths),
        reach: component.reach,
        points: component.points,
        customers: component.customers,
        decisions: component.decisions,
        custom_decisions: component.custom_decisions,
        uses: component
            .uses
            .iter()
            .map(|(name, files)| Use {
                component: name.clone(),
                files: *files,
            })
            .collect(),
    };
    analysis.structure.components.iter().map(entry).collect()
}

pub(crate) fn structure(analysis: &Analysis) -> StructureEntry {
    let structure = &analysis.structure;
    let graph = &analysis.graph;
    let id = |at: u32| {
        graph
            .nodes
            .get(at as usize)
            .map(|node| node.id.clone())
            .unwrap_or_default()
    };
    let cut = |at: &u32| {
        let edge = graph.edges.get(*at as usize)?;
        Some(DependencyEntry {
            from: id(edge.from),
            line: one_based(edge.line),
            to: id(edge.to),
        })
    };
    StructureEntry {
        propagation_cost: structure
            .propagation_cost
            .map(|cost| f64::from(cost) / 1_000_000.0),
        cycles: structure
            .cycles
            .iter()
            .map(|cycle| CycleEntry {
                files: cycle
                    .files
                    .iter()
                    .map(|file| path_of(*file, analysis))
                    .collect(),
                cut: cycle.cut.iter().filter_map(cut).collect(),
            })
            .collect(),
        crossings: structure
            .crossings
            .iter()
            .map(|crossing| CrossingEntry {
                from: path_of(crossing.from, analysis),
                line: one_based(crossing.line),
                to: path_of(crossing.to, analysis),
                by: crossing.by.map(|id| name(analysis, id)),
                on: name(analysis, crossing.on),
            })
            .collect(),
        clusters: structure
            .clusters
            .iter()
            .map(|cluster| ClusterEntry {
                subjects: names(analysis, &cluster.subjects),
                pairs: u32::try_from(cluster.pairs.len()).unwrap_or(u32::MAX),
                configurations: cluster.configurations,
                pairwise: cluster.pairwise,
                path: path_of(cluster.worst.0, analysis),
                line: one_based(cluster.worst.1),
                meeting: cluster.worst.2,
            })
            .collect(),
        unresolved: graph
            .unresolved
            .iter()
            .map(|import| UnresolvedEntry {
                path: path_of(import.file, analysis),
                line: one_based(import.line),
                source: import.source.clone(),
            })
            .collect(),
    }
}
