//! What history gives: one row for each commit, and what they say together.

mod activity;
pub(crate) mod changes;
mod growth;
mod lives;
mod quote;

use bespoke_facts::RepoPath;
use serde::{Deserialize, Serialize};

pub use self::{
    activity::{
        Activity, Coupled, Effort, FileAt, FilePast, Moment, MonthOfWork, Past, PointPast, Quarter,
        SubjectPast, Uncounted,
    },
    changes::FileChange,
    growth::{
        Growth, GrowthKind, Slope, growth, kendall_p, marginal_complexity, pettitt, theil_sen,
    },
    lives::{Life, Lives, Mark, Survival},
    quote::{BUILD_DAYS, MIN_PRECEDENTS, MIN_WORK, Precedent, Quote, Range},
};
use crate::{Complexity, Totals};

/// A commit and the state of the tree after it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its id in full.
    pub commit: String,
    /// Ids of its parents.
    pub parents: Vec<String>,
    /// Who wrote it: name and address, as the mailmap has them.
    pub author: (String, String),
    /// When it was written, in seconds since 1970.
    pub author_time: i64,
    /// Offset of the author's time zone, in seconds.
    pub offset: i32,
    /// When it was put in, in seconds since 1970.
    pub time: i64,
    /// First line of its message.
    pub subject: String,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// The state is only a part of the commit's: objects are missing.
    pub incomplete: bool,
    /// It stands for all that came before it: its parents are not there, so nothing can be said of what it changed.
    pub cut: bool,
    /// Source files of the product that it changed.
    pub changed_files: u32,
    /// Files that could not be read or understood, or only in part.
    pub issues: u32,
    /// Sums, equal to those of a scan with the same vocabulary.
    pub totals: Totals,
    /// Complexity, and customers' part of it.
    pub complexity: Complexity,
    /// What the dependency graph of this state says, if it was asked.
    pub graph: Option<GraphSample>,
    /// Sums by component or owner, by name, if they were asked.
    pub groups: Vec<(String, GroupTotals)>,
    /// Points that it brought.
    pub born: Vec<Event>,
    /// Points that it took away.
    pub died: Vec<Event>,
    /// Points that it moved to another file: from, to, and key.
    pub moved: Vec<(RepoPath, RepoPath, u64)>,
    /// Points that stayed and whose lines it changed: path and key.
    pub touched: Vec<(RepoPath, u64)>,
    /// What it did to source files of the product, by path.
    pub files: Vec<FileChange>,
    /// Files of the product that measure otherwise than in the row before, by path.
    pub states: Vec<FileState>,
    /// The commits that it brought and that are no merges, itself among them, by time. Kept apart from the row.
    #[serde(skip)]
    pub work: Vec<Work>,
}

/// What a source file of the product measures.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileState {
    /// Where it is.
    pub path: RepoPath,
    /// Lines with code.
    pub nloc: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Branches and checks.
    pub points: u32,
    /// It is, or lies in, a customer's unit or that of another dimension's subject.
    pub in_unit: bool,
    /// Dimension and key of what its branches and checks ask for.
    pub subjects: Vec<(String, String)>,
}

/// Sums over the files of one component, or of one owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTotals {
    /// Source files of the product.
    pub files: u32,
    /// Lines with code.
    pub nloc: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Branches and checks.
    pub points: u32,
    /// Lines guarded, or in units.
    pub guarded_lines: u32,
}

/// Coupling, reach and clusters of one state; equal to those of a scan with the same vocabulary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphSample {
    /// Dependencies of files on files.
    pub dependencies: u32,
    /// Share of ones in the visibility matrix, in millionths (Management Science 52(7), 2006).
    pub propagation_cost: Option<u32>,
    /// Cycles of two or more files.
    pub cycles: u32,
    /// Files in the largest one.
    pub largest_cycle: u32,
    /// Dependencies on a customer's units by code that is not that customer's.
    pub crossings: u32,
    /// Files with a branch or check.
    pub with_points: u32,
    /// M12: files without one that depend on such a file within one step.
    pub reach1: u32,
    /// The same within two steps.
    pub reach: u32,
    /// Groups of subjects that meet in functions.
    pub clusters: u32,
    /// Subjects in the largest one.
    pub largest_cluster: u32,
    /// M6: configurations of all clusters, each counted to 2^20 at most.
    pub configurations: u64,
    /// Pairs of subjects that meet.
    pub pairs: u32,
}

/// A commit that is no merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Its id in full.
    pub commit: String,
    /// Who wrote it: name and address, as the mailmap has them.
    pub author: (String, String),
    /// When it was written, in seconds since 1970.
    pub time: i64,
    /// Source files of the product that it changed, sorted.
    pub files: Vec<RepoPath>,
}

/// A point that came or went.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Event {
    /// Name of its kind.
    pub kind: String,
    /// Dimension, key and name of its subjects.
    pub subjects: Vec<(String, String, String)>,
    /// The same for the same condition in a function of the same name, wherever it is.
    pub key: u64,
    /// Its file or folder.
    pub path: RepoPath,
    /// First line, 0-based: after the commit that brought it, or before the one that took it away.
    pub line: u32,
}
