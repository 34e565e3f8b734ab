//! What an analysis gives: variation points, subjects, measures, ranks.

use bespoke_facts::{Issue, RepoPath, Span};
use serde::{Deserialize, Serialize};

use crate::{Finding, Graph, Role, Structure, detect::fold};

/// A file of [`Analysis::files`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

impl FileId {
    /// Position in [`Analysis::files`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A subject of [`Analysis::subjects`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId(pub u32);

impl SubjectId {
    /// Position in [`Analysis::subjects`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The result of analysing one tree. Everything is sorted; equal input gives an equal value.
#[derive(Debug, Default)]
pub struct Analysis {
    /// Analysed files by path.
    pub files: Vec<FileReport>,
    /// Functions with a body, by file and line.
    pub functions: Vec<FunctionReport>,
    /// Variation points by path, line and kind. Those under [`crate::Settings::min_confidence`] too.
    pub points: Vec<VariationPoint>,
    /// Customers, flags, tenant attributes and other dimensions' subjects, by dimension and name.
    pub subjects: Vec<Subject>,
    /// Files ranked, worst first; only files with a variation point.
    pub hotspots: Vec<Hotspot>,
    /// What could not be read or understood, by path.
    pub issues: Vec<Issue>,
    /// What was left out, and why.
    pub left_out: Vec<LeftOut>,
    /// What the analysis knows it cannot see.
    pub blind_spots: BlindSpots,
    /// Who depends on whom.
    pub graph: Graph,
    /// What that says: coupling, reach, boundaries.
    pub structure: Structure,
    /// What the rules say, by path and line.
    pub findings: Vec<Finding>,
    /// Sums.
    pub totals: Totals,
    /// The confidence (percent) from which points count.
    pub min_confidence: u8,
}

impl Analysis {
    /// Points whose confidence counts.
    pub fn counted(&self) -> impl Iterator<Item = &VariationPoint> {
        self.points
            .iter()
            .filter(|point| point.confidence >= self.min_confidence)
    }

    /// Subjects of that name or alias, whatever its case and separators; `dimension:` may go before.
    pub fn subjects_named(&self, name: &str) -> Vec<SubjectId> {
        let has = |dimension: &str| self.subjects.iter().any(|it| it.dimension == dimension);
        let (dimension, bare) = match name.split_once(':') {
            Some((dimension, bare)) if has(dimension) => (Some(dimension), bare),
            _ => (None, name),
        };
        let wanted = fold(bare);
        let fits = |subject: &Subject| {
            dimension.is_none_or(|it| it == subject.dimension)
                && (fold(&subject.name) == wanted
                    || subject.aliases.iter().any(|alias| fold(alias) == wanted))
        };
        (0..)
            .zip(&self.subjects)
            .filter(|(_, subject)| fits(subject))
            .map(|(at, _)| SubjectId(at))
            .collect()
    }
}

/// Form of a variation point; with its dimension it makes the kind's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PointKind {
    /// A condition: `customer_branch`, `tenant_branch`.
    Branch,
    /// An evaluation: `flag_check`.
    Check,
    /// A declaration named for a subject: `customer_unit`.
    Unit,
    /// A literal outside a condition: `customer_data`.
    Data,
    /// Core code that imports a unit: `customer_dependency`.
    Dependency,
}

impl PointKind {
    /// Second half of a kind's name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Check => "check",
            Self::Unit => "unit",
            Self::Data => "data",
            Self::Dependency => "dependency",
        }
    }
}

/// A place where behaviour depends on who is served or on a switch.
#[derive(Clone, Debug, PartialEq)]
pub struct VariationPoint {
    /// The file; `None` for a folder that is a unit, whose path is in `path` alone.
    pub file: Option<FileId>,
    /// The file or folder.
    pub path: RepoPath,
    /// Form.
    pub kind: PointKind,
    /// `customer`, `flag`, `tenant`, or a dimension of the user's.
    pub dimension: String,
    /// Whom or what it singles out, at least one.
    pub subjects: Vec<SubjectId>,
    /// The condition, evaluation, declaration or literal.
    pub span: Span,
    /// First line of it, 0-based.
    pub line: u32,
    /// Last line of it, 0-based.
    pub end_line: u32,
    /// Regions that run only under one outcome, in bytes.
    pub regions: Vec<Span>,
    /// The same as first and last line, 0-based, inclusive.
    pub guarded: Vec<(u32, u32)>,
    /// An early return: what follows the region is guarded too, by the opposite.
    pub open: bool,
    /// Name of the function it stands in.
    pub function: Option<String>,
    /// How many other variation points guard it (nesting degree).
    pub nesting: u32,
    /// 0 to 100.
    pub confidence: u8,
    /// Why, in steps.
    pub evidence: Vec<Evidence>,
    /// The condition as normalised text.
    pub text: String,
    /// Equal for the same condition on the same subjects in a function of the same name, wherever the file is: how a
    /// point is known in other states of the tree.
    pub key: u64,
    /// Stable through moves of lines: made of kind, path, function, text and ordinal, 16 hex digits.
    pub fingerprint: String,
}

impl VariationPoint {
    /// Name of the kind: `customer_branch`, `flag_check`, …
    pub fn kind_name(&self) -> String {
        format!("{}_{}", self.dimension, self.kind.id())
    }
}

/// One step of the reasoning that led to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Stable id of the rule, such as `equality-with-constant`.
    pub rule: &'static str,
    /// The step in words.
    pub text: String,
    /// Where the step was seen, with the 0-based line.
    pub at: Option<(RepoPath, u32)>,
}

/// A customer, a flag, a tenant attribute, or a subject of another dimension.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subject {
    /// `customer`, `flag`, `tenant` or a dimension of the user's.
    pub dimension: String,
    /// Without case and separators: equal for all spellings.
    pub key: String,
    /// As a user would write it.
    pub name: String,
    /// Other spellings seen or told.
    pub aliases: Vec<String>,
    /// How it came to be known.
    pub origin: SubjectOrigin,
    /// Who answers for it, where told.
    pub owner: Option<String>,
    /// When it ends, `YYYY-MM-DD`, where told: contract or flag expiry.
    pub ends: Option<String>,
    /// When something was promised for, `YYYY-MM-DD`, where told.
    pub promised: Option<String>,
    /// Kind of a flag, where told.
    pub flag_kind: Option<String>,
    /// 0 to 100: how sure it is a subject at all.
    pub confidence: u8,
    /// Why it is taken for a subject.
    pub evidence: Vec<Evidence>,
    /// M2, scattering degree: branches and checks with it.
    pub scattering: u32,
    /// M2: files with any point of it.
    pub files: u32,
    /// M2: components (packages, else top folders) with any point of it.
    pub components: u32,
    /// Units named for it.
    pub units: u32,
    /// Data literals naming it.
    pub data: u32,
    /// M4: lines guarded by it or in its units, overlaps counted once.
    pub guarded_lines: u32,
    /// Of these, lines in its units.
    pub unit_lines: u32,
    /// M4: of these, lines that no other subject of its dimension shares.
    pub exclusive_lines: u32,
    /// M3: most subjects it shares one condition with, itself counted.
    pub tangling: u32,
    /// M5: deepest nesting of one of its points in others.
    pub nesting: u32,
}

/// How a subject came to be known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectOrigin {
    /// The user told.
    Told,
    /// Found in code.
    #[default]
    Discovered,
}

impl SubjectOrigin {
    /// Stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Discovered => "discovered",
        }
    }
}

/// Measures of one file. Lines are lines with code.
#[derive(Clone, Debug, PartialEq)]
pub struct FileReport {
    /// Where it is.
    pub path: RepoPath,
    /// Name of its language.
    pub language: &'static str,
    /// What it is for.
    pub role: Role,
    /// Package or top folder it belongs to.
    pub component: String,
    /// Lines with code.
    pub nloc: u32,
    /// Cyclomatic complexity, summed over functions.
    pub cyclomatic: u32,
    /// Cognitive complexity, summed over functions and file level.
    pub cognitive: u32,
    /// M1: branches and checks in it.
    pub points: u32,
    /// Different subjects in it.
    pub subjects: u32,
    /// M4: lines guarded or in units.
    pub guarded_lines: u32,
    /// M3: most subjects in one condition.
    pub tangling: u32,
    /// M5: deepest nesting of a point in others.
    pub nesting: u32,
}

/// Measures of one function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionReport {
    /// Its file.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// First line, 0-based.
    pub line: u32,
    /// Last line, 0-based.
    pub end_line: u32,
    /// Lines with code.
    pub nloc: u32,
    /// Decisions + 1.
    pub cyclomatic: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Deepest nesting of control flow.
    pub nesting: u32,
    /// Branches and checks in it.
    pub points: u32,
    /// M3: different subjects in it.
    pub tangling: u32,
    /// How much of its cognitive complexity its variation points add.
    pub overhead: u32,
}

/// A file worth looking at first.
#[derive(Clone, Debug, PartialEq)]
pub struct Hotspot {
    /// The file.
    pub file: FileId,
    /// 1 is worst.
    pub rank: u32,
    /// Weighted mean of the parts' percentiles, in thousandths: 0 to 1000.
    pub score: u32,
    /// What the score is made of.
    pub parts: Vec<HotspotPart>,
    /// The function with most points, then most complexity, with its 0-based line.
    pub function: Option<(String, u32)>,
}

/// One part of a hotspot's score.
#[derive(Clone, Debug, PartialEq)]
pub struct HotspotPart {
    /// Id of the metric.
    pub metric: &'static str,
    /// The file's value.
    pub value: u32,
    /// Share of files with a smaller or equal value, in thousandths.
    pub percentile: u32,
    /// Its weight.
    pub weight: f64,
}

/// Files that were listed and not analysed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Why: a [`Role::id`], or `language` for text in no known language.
    pub reason: String,
    /// How many files.
    pub files: u32,
    /// Their size in bytes.
    pub bytes: u64,
    /// The first few, by path.
    pub examples: Vec<RepoPath>,
}

/// What the analysis knows it cannot see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlindSpots {
    /// Flag evaluations whose key is computed.
    pub dynamic_flag_keys: u32,
    /// Imports of the repository's own files that were not found.
    pub unresolved_imports: u32,
    /// Imports of the repository's own files in all.
    pub own_imports: u32,
    /// Conditions that ask a function behind such an import.
    pub unresolved_calls: u32,
}

/// Sums over the tree. Points count from [`Analysis::min_confidence`] on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Analysed files.
    pub files: u32,
    /// Lines with code.
    pub nloc: u32,
    /// Functions.
    pub functions: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// M1: branches and checks.
    pub points: u32,
    /// Points by kind name, sorted.
    pub by_kind: Vec<(String, u32)>,
    /// Subjects by dimension, sorted.
    pub by_dimension: Vec<(String, u32)>,
    /// M4: lines guarded or in units.
    pub guarded_lines: u32,
    /// Files with a branch or check.
    pub files_with_points: u32,
    /// Branches and checks of high (85 and more), medium (70 and more) and low confidence.
    pub tiers: [u32; 3],
    /// Points below the confidence that counts.
    pub held_back: u32,
    /// M2: median, 90th percentile and maximum of customers' and flags' scattering degrees.
    pub scattering: [u32; 3],
    /// M3: median, 90th percentile and maximum of subjects in one condition.
    pub tangling: [u32; 3],
    /// M5: deepest nesting.
    pub nesting: u32,
}
