//! What an analysis is given: files, and what the user has said about customers, flags and words.

use std::sync::Arc;

use bespoke_facts::{FileFacts, Issue, RepoPath};

use crate::{
    LeftOut, Manifests,
    detect::sdks::{Sdk, fits},
};

/// All that is known of a tree before linking.
#[derive(Debug, Default)]
pub struct FileSet {
    /// Source files whose facts count, sorted by path.
    pub files: Vec<SourceFile>,
    /// Every listed file that belongs to the product, source or not, sorted: folders and files named for customers.
    pub paths: Vec<RepoPath>,
    /// Workspace members and packages, sorted by folder.
    pub packages: Vec<Package>,
    /// Components by name, where the user has said; the first that holds a file is its component.
    pub components: Vec<PathRule>,
    /// Words of the vendor's own name, lower case, from the notice of the whole tree: no customers.
    pub vendors: Vec<String>,
    /// Where their modules are.
    pub manifests: Manifests,
    /// Texts that are no code, where they are to be looked through.
    pub data: Option<Box<dyn DataReader>>,
    /// What could not be read or understood so far.
    pub issues: Vec<Issue>,
    /// What was left out, and why.
    pub left_out: Vec<LeftOut>,
}

/// Gives the texts of a tree that are no code, one after the other or side by side; none is kept.
pub trait DataReader: std::fmt::Debug + Send + Sync {
    /// What `scan` finds in each, by path.
    fn each(
        &self,
        scan: &(dyn Fn(&RepoPath, &str) -> Vec<DataHit> + Sync),
    ) -> Vec<(RepoPath, Vec<DataHit>)>;
}

/// Lines of a text that name subjects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataHit {
    /// Which axis of variation: 0 for customers, then the user's dimensions.
    pub axis: usize,
    /// First line, 0-based.
    pub line: u32,
    /// Last line, 0-based.
    pub end_line: u32,
    /// Names as they are written, each once.
    pub names: Vec<String>,
}

/// One source file. To copy it is cheap.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Where it is.
    pub path: RepoPath,
    /// Name of its language, as in the language table.
    pub language: &'static str,
    /// What it is for. Anything but [`Role::Product`] is here only because the user asked for it.
    pub role: Role,
    /// What it says.
    pub facts: Arc<FileFacts>,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Code that serves customers.
    #[default]
    Product,
    /// Tests, and what only tests use.
    Test,
    /// Fixtures, mocks, seeds, snapshots: data of tests.
    Fixture,
    /// Stories of a component catalogue.
    Story,
    /// Database migrations: history, not live branching.
    Migration,
    /// Written by a program.
    Generated,
    /// Somebody else's code, copied in.
    Vendored,
    /// Made small by a program.
    Minified,
    /// Examples and documentation.
    Example,
    /// Excluded by the user's configuration.
    Excluded,
}

impl Role {
    /// Every role, in report order.
    pub const ALL: [Self; 10] = [
        Self::Product,
        Self::Test,
        Self::Fixture,
        Self::Story,
        Self::Migration,
        Self::Generated,
        Self::Vendored,
        Self::Minified,
        Self::Example,
        Self::Excluded,
    ];

    /// Stable name, as `--include` takes it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Test => "tests",
            Self::Fixture => "fixtures",
            Self::Story => "stories",
            Self::Migration => "migrations",
            Self::Generated => "generated",
            Self::Vendored => "vendored",
            Self::Minified => "minified",
            Self::Example => "examples",
            Self::Excluded => "excluded",
        }
    }
}

/// A package of the repository: other files import it by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Its folder, relative to the root; empty for the root itself.
    pub dir: String,
    /// The name it is imported by (for Rust with `_`).
    pub name: String,
    /// Whose package.
    pub kind: PackageKind,
}

/// Whose package manager knows a [`Package`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PackageKind {
    /// A `package.json`.
    Npm,
    /// A `Cargo.toml`.
    Cargo,
}

/// What the user has said, most often in `bespoke.toml`. The default is to know nothing and discover.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Known customers.
    pub customers: Vec<Customer>,
    /// Known flags.
    pub flags: Vec<Flag>,
    /// Words for "tenant" beyond the built-in ones.
    pub tenant_words: Vec<String>,
    /// Names that are no customers, whatever the evidence.
    pub not_customers: Vec<String>,
    /// Axes of variation beyond customers and flags.
    pub dimensions: Vec<Dimension>,
    /// In-house flag helpers, in the built-in catalogue's schema.
    pub sdks: Vec<Sdk>,
    /// Weights of the hotspot ranking.
    pub weights: Weights,
    /// Components that are no packages.
    pub components: Vec<PathRule>,
    /// Parts of the tree, and which may use which.
    pub layers: Vec<Layer>,
    /// From how many configurations on a cluster of subjects is too large.
    pub max_configurations: u32,
    /// Points below this confidence (percent) are left out of totals and rankings; they stay in the report.
    pub min_confidence: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            customers: Vec::new(),
            flags: Vec::new(),
            tenant_words: Vec::new(),
            not_customers: Vec::new(),
            dimensions: Vec::new(),
            sdks: Vec::new(),
            weights: Weights::default(),
            components: Vec::new(),
            layers: Vec::new(),
            max_configurations: 1_024,
            min_confidence: 50,
        }
    }
}

/// A customer, or a subject of another dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Customer {
    /// The name to show.
    pub name: String,
    /// Other spellings: slugs, former names.
    pub aliases: Vec<String>,
    /// Ids that code compares with: numbers, uuids, hosts.
    pub ids: Vec<String>,
    /// Who answers for the account.
    pub owner: Option<String>,
    /// When the contract ends, `YYYY-MM-DD`.
    pub contract_end: Option<String>,
    /// By when something was promised to it, `YYYY-MM-DD`.
    pub promised: Option<String>,
}

/// A flag that the user has told about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flag {
    /// Its key.
    pub key: String,
    /// release, experiment, ops, permission, customer.
    pub kind: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// When it should be gone, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// By when it was to be there, `YYYY-MM-DD`.
    pub promised: Option<String>,
}

/// An axis of variation that the user has switched on, such as `partner` or `region`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dimension {
    /// Its name; points are `<name>_branch` and so on.
    pub name: String,
    /// Words that name its subject in code (`connector`, `carrier`).
    pub words: Vec<String>,
    /// Its known subjects; more are discovered.
    pub subjects: Vec<Customer>,
}

/// A part of the tree that may use only what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// Its name and files.
    pub rule: PathRule,
    /// Names of the other layers that it may use.
    pub may_use: Vec<String>,
}

/// Files under a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathRule {
    /// The name.
    pub name: String,
    /// Folders, or patterns in which `*` stands for any text.
    pub paths: Vec<String>,
}

impl PathRule {
    /// Whether a path is in it.
    pub(crate) fn holds(&self, path: &str) -> bool {
        self.paths.iter().any(|pattern| {
            let folder = pattern.trim_end_matches('/');
            let below = path.strip_prefix(folder);
            fits(pattern, path)
                || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

/// Weights of the hotspot ranking's parts. All that ranks files stands in this one table.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Rank by cognitive complexity.
    pub complexity: f64,
    /// Rank by variation points.
    pub variation: f64,
    /// Rank by different subjects that meet in the file.
    pub tangling: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            complexity: 1.0,
            variation: 1.0,
            tangling: 1.0,
        }
    }
}
