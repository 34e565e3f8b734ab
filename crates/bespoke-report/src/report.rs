//! The stable form of a result: what JSON readers rely on, and what every other format is made from.
//!
//! These types stand apart from the model's, so that the model can change while they do not. A new optional field
//! raises the minor part of [`SCHEMA_VERSION`]; one that is renamed, removed or means something else, the major part.
//! Doc comments here become the descriptions in the schema.

use std::collections::BTreeMap;

use bespoke_analysis as analysis;
use bespoke_analysis::{Analysis, FileId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    check::{AllowedEntry, CheckEntry},
    debt::{DebtEntry, FileDebtEntry, HarmEntry, SpanEntry, SubjectDebtEntry},
    extras::Extras,
    hotspots::{AdviceEntry, FunctionHotspot},
    owners::OwnerEntry,
    past::{FilePastEntry, PastEntry, PointPastEntry, SubjectPastEntry},
    structure::{self, ComponentEntry, FileDependencies, FindingEntry, StructureEntry},
};

/// Version of the report's form, `major.minor`.
pub const SCHEMA_VERSION: &str = "1.4";

/// What `bespoke` found in one tree. Paths are relative to its root, with `/`; lines count from 1, and last lines are
/// included. "Counted" points are those whose confidence is at least `min_confidence`; only they are in totals,
/// measures and ranks. Readers must ignore fields that they do not know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Version of this form, `major.minor`.
    pub schema_version: String,
    /// What wrote the report.
    pub tool: Tool,
    /// The confidence from which points are counted, 0 to 1.
    pub min_confidence: f64,
    /// Sums over the tree.
    pub totals: Totals,
    /// Customers, flags, tenant attributes and other dimensions' subjects, by dimension and name.
    pub subjects: Vec<Subject>,
    /// Places where behaviour depends on who is served or on a switch, by path and line; those not counted too.
    pub variation_points: Vec<VariationPoint>,
    /// Analysed files, by path.
    pub files: Vec<FileEntry>,
    /// Functions with a body, by path and line.
    pub functions: Vec<FunctionEntry>,
    /// Files with a counted branch or check, the one to look at first on top.
    pub hotspots: Vec<Hotspot>,
    /// What the rules say of the structure, by path and line.
    pub findings: Vec<FindingEntry>,
    /// Packages or top folders, and who uses whom: the rows of a design structure matrix.
    pub components: Vec<ComponentEntry>,
    /// Cycles, crossings and clusters of the dependency graph.
    pub structure: StructureEntry,
    /// What could not be read or understood, by path.
    pub issues: Vec<IssueEntry>,
    /// Files that were listed and not analysed, by reason.
    pub left_out: Vec<LeftOut>,
    /// What the analysis knows it cannot see.
    pub blind_spots: BlindSpots,
    /// What history says, if it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<PastEntry>,
    /// The day with which ends of contracts and flags are compared, `YYYY-MM-DD`, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// What customization costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debt: Option<DebtEntry>,
    /// What the metrics say of each harm that customization does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub harms: Vec<HarmEntry>,
    /// Sums by owner, as `CODEOWNERS` says, those with most branches and checks first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<OwnerEntry>,
    /// Comments in the code that allow what stands beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<AllowedEntry>,
    /// What the change was held against, by `bespoke check`; points and findings are then the new ones only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckEntry>,
    /// What only pages show.
    #[serde(skip)]
    pub extras: Extras,
}

/// What wrote the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Sums over the tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// Analysed files.
    pub files: u32,
    /// Lines with code.
    pub nloc: u32,
    /// Functions with a body.
    pub functions: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Counted branches and checks.
    pub points: u32,
    /// Counted branches and checks by how sure they are: `high` (0.85 and more), `medium` (0.7 and more), `low`.
    pub by_confidence: BTreeMap<String, u32>,
    /// Variation points that are not counted, because their confidence is too low.
    pub held_back: u32,
    /// Counted points by kind.
    pub by_kind: BTreeMap<String, u32>,
    /// Subjects by dimension.
    pub by_dimension: BTreeMap<String, u32>,
    /// Lines that run only for some, or that are in units; each counted once.
    pub guarded_lines: u32,
    /// Files with a counted branch or check.
    pub files_with_points: u32,
    /// Branches and checks of a customer or flag.
    pub scattering: Quantiles,
    /// Subjects in one condition.
    pub tangling: Quantiles,
    /// Deepest nesting of a point in others.
    pub nesting: u32,
}

/// Where a measure's values lie. Means are left out: the values are far from evenly spread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantiles {
    /// Half are at or below it.
    pub median: u32,
    /// Nine in ten are at or below it.
    pub p90: u32,
    /// The greatest.
    pub max: u32,
}

/// A customer, a flag, a tenant attribute, or a subject of another dimension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// `customer`, `flag`, `tenant`, or a dimension of the configuration.
    pub dimension: String,
    /// As a user would write it.
    pub name: String,
    /// Other spellings seen or told.
    pub aliases: Vec<String>,
    /// `told` by the configuration, or `discovered` in the code.
    pub origin: String,
    /// Who answers for it, where told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// When its contract ends or the flag should be gone, `YYYY-MM-DD`, where told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// By when something was promised to it, or the flag was to be there, `YYYY-MM-DD`, where told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<String>,
    /// Kind of a flag, where told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag_kind: Option<String>,
    /// How sure it is that this is a subject at all, 0 to 1.
    pub confidence: f64,
    /// Why it is taken for a subject.
    pub evidence: Vec<Evidence>,
    /// Branches and checks with it.
    pub scattering: u32,
    /// Files with any point of it.
    pub files: u32,
    /// Packages, or top folders, with any point of it.
    pub components: u32,
    /// Declarations named for it.
    pub units: u32,
    /// Literals outside conditions that name it.
    pub data: u32,
    /// Lines that it guards, or that are in its units.
    pub guarded_lines: u32,
    /// Of these, lines that no other subject of its dimension shares.
    pub exclusive_lines: u32,
    /// Most subjects that meet in one condition with it, itself counted.
    pub tangling: u32,
    /// Deepest nesting of one of its points in others.
    pub nesting: u32,
    /// Files that depend directly on one with a point of it, those themselves not counted.
    pub reach1: u32,
    /// The same within two steps.
    pub reach: u32,
    /// Decisions on or under its conditions, or in its units.
    pub decisions: u32,
    /// What history says of it, if it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<SubjectPastEntry>,
    /// What it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debt: Option<SubjectDebtEntry>,
    /// Owners of files with a point of it, as `CODEOWNERS` says, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
}

/// A place where behaviour depends on who is served or on a switch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VariationPoint {
    /// The file; for a folder that is a unit, the folder.
    pub path: String,
    /// First line of the condition, evaluation, declaration or literal.
    pub line: u32,
    /// Last line of it.
    pub end_line: u32,
    /// `customer_branch`, `flag_check`, `tenant_branch`, `customer_unit`, `customer_data`, `customer_dependency`, or
    /// the same of another dimension.
    pub kind: String,
    /// First half of the kind.
    pub dimension: String,
    /// Names of whom or what it singles out.
    pub subjects: Vec<String>,
    /// 0 to 1.
    pub confidence: f64,
    /// Why it is one, step by step.
    pub evidence: Vec<Evidence>,
    /// Lines that run only under one outcome.
    pub guarded: Vec<Lines>,
    /// Whether it leaves early, so that what follows runs only under the other outcome.
    pub open: bool,
    /// How many other variation points it stands in.
    pub nesting: u32,
    /// The function it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// The condition as normalised text.
    pub text: String,
    /// Stays the same when lines move, 16 hexadecimal digits.
    pub fingerprint: String,
    /// Why a comment beside it allows it, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
    /// What history says of it, if it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<PointPastEntry>,
}

/// One step of the reasoning that led to a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Stable id of the rule.
    pub rule: String,
    /// The step in words.
    pub text: String,
    /// Where it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The line of that place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// A range of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lines {
    /// The first.
    pub start_line: u32,
    /// The last.
    pub end_line: u32,
}

/// Measures of one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileEntry {
    /// Where it is.
    pub path: String,
    /// Name of its language.
    pub language: String,
    /// What it is for: `product`, or what `--include` asked for.
    pub role: String,
    /// Package or top folder it belongs to.
    pub component: String,
    /// Lines with code.
    pub nloc: u32,
    /// Cyclomatic complexity, summed over functions.
    pub cyclomatic: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Counted branches and checks in it.
    pub points: u32,
    /// Different subjects in it.
    pub subjects: u32,
    /// Lines guarded or in units.
    pub guarded_lines: u32,
    /// Most subjects in one condition.
    pub tangling: u32,
    /// Deepest nesting of a point in others.
    pub nesting: u32,
    /// Where it stands in the dependency graph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<FileDependencies>,
    /// What history says of it, if it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<FilePastEntry>,
    /// What it costs; not there without history, or where there is nothing to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debt: Option<FileDebtEntry>,
    /// Its owners, as `CODEOWNERS` says, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
}

/// Measures of one function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FunctionEntry {
    /// Its file.
    pub path: String,
    /// Its name.
    pub name: String,
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// Lines with code.
    pub nloc: u32,
    /// Decisions + 1.
    pub cyclomatic: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Deepest nesting of control flow.
    pub nesting: u32,
    /// Counted branches and checks in it.
    pub points: u32,
    /// Different subjects in it.
    pub tangling: u32,
    /// How much of its cognitive complexity its variation points add.
    pub overhead: u32,
    /// What makes it worth looking at; not there without a counted branch or check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hotspot: Option<FunctionHotspot>,
}

/// A file worth looking at first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hotspot {
    /// 1 is the one to look at first.
    pub rank: u32,
    /// The file.
    pub path: String,
    /// Weighted mean of the parts' percentiles, 0 to 1; ranks are by interest where history tells it, else by this.
    pub score: f64,
    /// What the score is made of.
    pub parts: Vec<HotspotPart>,
    /// The function with most points, then most complexity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<HotspotFunction>,
    /// What its branches and checks add to work on it, in minutes a month; not there without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_minutes_per_month: Option<SpanEntry>,
    /// Commits of the last 365 days that changed it; not there without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revisions_year: Option<u32>,
    /// Cognitive complexity × commits of the last year × branches and checks; not there without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<u64>,
    /// Why it is here, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// What to do first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<AdviceEntry>,
}

/// One part of a hotspot's score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HotspotPart {
    /// Id of the metric.
    pub metric: String,
    /// The file's value.
    pub value: u32,
    /// Share of files with a smaller or equal value, 0 to 1.
    pub percentile: f64,
    /// How much the part counts.
    pub weight: f64,
}

/// A function of a hotspot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HotspotFunction {
    /// Its name.
    pub name: String,
    /// Its first line.
    pub line: u32,
}

/// Something that is missing from the analysis, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IssueEntry {
    /// The file.
    pub path: String,
    /// Stable name of the reason, such as `syntax` or `too-large`.
    pub reason: String,
    /// What happened, in words.
    pub message: String,
    /// Whether the whole file is missing, not only a part of it.
    pub skipped: bool,
}

/// Files that were listed and not analysed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// Why: a role such as `tests` or `generated`, or `language` for text in no language that is known.
    pub reason: String,
    /// How many files.
    pub files: u32,
    /// Their size in bytes.
    pub bytes: u64,
    /// The first few, by path.
    pub examples: Vec<String>,
}

/// What the analysis knows it cannot see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BlindSpots {
    /// Flag evaluations whose key is computed.
    pub dynamic_flag_keys: u32,
    /// Imports of the tree's own files that were not found.
    pub unresolved_imports: u32,
    /// Imports of the tree's own files in all.
    pub own_imports: u32,
    /// Conditions that ask a function behind an import that was not found.
    pub unresolved_calls: u32,
}

/// JSON Schema of a [`Report`].
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Report).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), "bespoke report".into());
    }
    schema
}

impl Report {
    /// The stable form of `analysis`. Equal analyses give equal reports.
    pub fn new(analysis: &Analysis) -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            tool: Tool {
                name: "bespoke".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            min_confidence: percent(analysis.min_confidence),
            totals: totals(&analysis.totals),
            subjects: analysis
                .subjects
                .iter()
                .enumerate()
                .map(|(at, it)| subject(it, analysis.structure.subjects.get(at)))
                .collect(),
            variation_points: analysis
                .points
                .iter()
                .map(|point| variation_point(point, analysis))
                .collect(),
            files: analysis
                .files
                .iter()
                .enumerate()
                .map(|(at, it)| file(it, structure::dependencies(analysis, at)))
                .collect(),
            functions: analysis
                .functions
                .iter()
                .map(|it| function(it, analysis))
                .collect(),
            hotspots: analysis
                .hotspots
                .iter()
                .map(|it| hotspot(it, analysis))
                .collect(),
            findings: structure::findings(analysis),
            components: structure::components(analysis),
            structure: structure::structure(analysis),
            issues: analysis.issues.iter().map(issue).collect(),
            left_out: analysis.left_out.iter().map(left_out).collect(),
            blind_spots: BlindSpots {
                dynamic_flag_keys: analysis.blind_spots.dynamic_flag_keys,
                unresolved_imports: analysis.blind_spots.unresolved_imports,
                own_imports: analysis.blind_spots.own_imports,
                unresolved_calls: analysis.blind_spots.unresolved_calls,
            },
            past: None,
            as_of: None,
            debt: None,
            harms: Vec::new(),
            owners: Vec::new(),
            allowed: Vec::new(),
            check: None,
            extras: Extras::default(),
        }
    }

    /// Whether a point is in totals and ranks.
    pub fn counts(&self, point: &VariationPoint) -> bool {
        point.confidence >= self.min_confidence
    }
}

fn totals(totals: &analysis::Totals) -> Totals {
    Totals {
        files: totals.files,
        nloc: totals.nloc,
        functions: totals.functions,
        cognitive: totals.cognitive,
        points: totals.points,
        by_confidence: ["high", "medium", "low"]
            .map(str::to_owned)
            .into_iter()
            .zip(totals.tiers)
            .collect(),
        held_back: totals.held_back,
        by_kind: totals.by_kind.iter().cloned().collect(),
        by_dimension: totals.by_dimension.iter().cloned().collect(),
        guarded_lines: totals.guarded_lines,
        files_with_points: totals.files_with_points,
        scattering: quantiles(totals.scattering),
        tangling: quantiles(totals.tangling),
        nesting: totals.nesting,
    }
}

pub(crate) fn quantiles([median, p90, max]: [u32; 3]) -> Quantiles {
    Quantiles { median, p90, max }
}

fn subject(subject: &analysis::Subject, around: Option<&analysis::SubjectStructure>) -> Subject {
    let around = around.cloned().unwrap_or_default();
    Subject {
        past: None,
        debt: None,
        owners: Vec::new(),
        promised: subject.promised.clone(),
        reach1: around.reach1,
        reach: around.reach,
        decisions: around.decisions,
        dimension: subject.dimension.clone(),
        name: subject.name.clone(),
        aliases: subject.aliases.clone(),
        origin: subject.origin.id().to_owned(),
        owner: subject.owner.clone(),
        ends: subject.ends.clone(),
        flag_kind: subject.flag_kind.clone(),
        confidence: percent(subject.confidence),
        evidence: subject.evidence.iter().map(evidence).collect(),
        scattering: subject.scattering,
        files: subject.files,
        components: subject.components,
        units: subject.units,
        data: subject.data,
        guarded_lines: subject.guarded_lines,
        exclusive_lines: subject.exclusive_lines,
        tangling: subject.tangling,
        nesting: subject.nesting,
    }
}

fn variation_point(point: &analysis::VariationPoint, analysis: &Analysis) -> VariationPoint {
    let name = |id: &analysis::SubjectId| Some(analysis.subjects.get(id.index())?.name.clone());
    let lines = |&(first, last): &(u32, u32)| Lines {
        start_line: one_based(first),
        end_line: one_based(last),
    };
    VariationPoint {
        past: None,
        path: point.path.to_string(),
        line: one_based(point.line),
        end_line: one_based(point.end_line),
        kind: point.kind_name(),
        dimension: point.dimension.clone(),
        subjects: point.subjects.iter().filter_map(name).collect(),
        confidence: percent(point.confidence),
        evidence: point.evidence.iter().map(evidence).collect(),
        guarded: point.guarded.iter().map(lines).collect(),
        open: point.open,
        nesting: point.nesting,
        function: point.function.clone(),
        text: point.text.clone(),
        fingerprint: point.fingerprint.clone(),
        allowed: None,
    }
}

pub(crate) fn evidence(evidence: &analysis::Evidence) -> Evidence {
    Evidence {
        rule: evidence.rule.to_owned(),
        text: evidence.text.clone(),
        path: evidence.at.as_ref().map(|(path, _)| path.to_string()),
        line: evidence.at.as_ref().map(|(_, line)| one_based(*line)),
    }
}

fn file(file: &analysis::FileReport, dependencies: Option<FileDependencies>) -> FileEntry {
    FileEntry {
        past: None,
        debt: None,
        owners: Vec::new(),
        dependencies,
        path: file.path.to_string(),
        language: file.language.to_owned(),
        role: file.role.id().to_owned(),
        component: file.component.clone(),
        nloc: file.nloc,
        cyclomatic: file.cyclomatic,
        cognitive: file.cognitive,
        points: file.points,
        subjects: file.subjects,
        guarded_lines: file.guarded_lines,
        tangling: file.tangling,
        nesting: file.nesting,
    }
}

fn function(function: &analysis::FunctionReport, analysis: &Analysis) -> FunctionEntry {
    FunctionEntry {
        path: path_of(function.file, analysis),
        name: function.name.clone(),
        line: one_based(function.line),
        end_line: one_based(function.end_line),
        nloc: function.nloc,
        cyclomatic: function.cyclomatic,
        cognitive: function.cognitive,
        nesting: function.nesting,
        points: function.points,
        tangling: function.tangling,
        overhead: function.overhead,
        hotspot: None,
    }
}

fn hotspot(hotspot: &analysis::Hotspot, analysis: &Analysis) -> Hotspot {
    let part = |part: &analysis::HotspotPart| HotspotPart {
        metric: part.metric.to_owned(),
        value: part.value,
        percentile: thousandths(part.percentile),
        weight: part.weight,
    };
    let function = |(name, line): &(String, u32)| HotspotFunction {
        name: name.clone(),
        line: one_based(*line),
    };
    Hotspot {
        rank: hotspot.rank,
        path: path_of(hotspot.file, analysis),
        score: thousandths(hotspot.score),
        parts: hotspot.parts.iter().map(part).collect(),
        function: hotspot.function.as_ref().map(function),
        interest_minutes_per_month: None,
        revisions_year: None,
        product: None,
        reasons: Vec::new(),
        advice: None,
    }
}

fn issue(issue: &bespoke_facts::Issue) -> IssueEntry {
    IssueEntry {
        path: issue.path.to_string(),
        reason: issue.reason.id().to_owned(),
        message: issue.reason.to_string(),
        skipped: issue.reason.loses_file(),
    }
}

fn left_out(left_out: &analysis::LeftOut) -> LeftOut {
    LeftOut {
        reason: left_out.reason.clone(),
        files: left_out.files,
        bytes: left_out.bytes,
        examples: left_out.examples.iter().map(ToString::to_string).collect(),
    }
}

pub(crate) fn path_of(file: FileId, analysis: &Analysis) -> String {
    analysis
        .files
        .get(file.index())
        .map(|file| file.path.to_string())
        .unwrap_or_default()
}

pub(crate) fn one_based(line: u32) -> u32 {
    line.saturating_add(1)
}

fn percent(value: u8) -> f64 {
    f64::from(value) / 100.0
}

pub(crate) fn thousandths(value: u32) -> f64 {
    f64::from(value) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn lines_count_from_one_and_confidence_to_one() {
        let report = sample::report();
        let point = &report.variation_points[0];
        assert_eq!((point.line, point.end_line), (12, 12));
        assert_eq!(
            point.guarded,
            [Lines {
                start_line: 13,
                end_line: 15
            }]
        );
        assert_eq!(point.subjects, ["acme", "globex"]);
        assert_eq!(serde_json::to_string(&point.confidence).unwrap(), "0.95");
        assert_eq!(point.evidence[1].line, Some(4));
        assert_eq!(report.functions[0].path, "src/billing/invoice.ts");
        assert_eq!(report.hotspots[0].function.as_ref().unwrap().line, 10);
    }

    #[test]
    fn only_issues_that_lose_a_file_count_as_skipped() {
        let report = sample::report();
        let skipped: Vec<&str> = report
            .issues
            .iter()
            .filter(|it| it.skipped)
            .map(|it| it.reason.as_str())
            .collect();
        assert_eq!(skipped, ["too-large"]);
        assert!(report.issues.len() > skipped.len());
    }

    #[test]
    fn what_does_not_count_is_still_there() {
        let report = sample::report();
        let held_back = report
            .variation_points
            .iter()
            .filter(|point| !report.counts(point))
            .count();
        assert_eq!(held_back, report.totals.held_back as usize);
        assert_eq!(held_back, 1);
    }
}
