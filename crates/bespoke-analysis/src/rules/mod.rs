//! The rule table: what of the structure is worth saying by itself.
//!
//! A rule's file holds its row (what it says, why it matters, what to do) and the function that finds it. Each finding
//! carries the path that proves it.

use bespoke_facts::RepoPath;

use crate::{Evidence, FileReport, Graph, Settings, Structure, Subject, SubjectId, graph::Edge};

macro_rules! rules {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+
        /// Every rule, in id order.
        pub static RULES: &[&Rule] = &[$(&$module::RULE),+];
    };
}
rules! {
    core_depends_on_customer, customer_depends_on_customer, cycle_through_customer_code, interaction_cluster_too_large,
    layer_violation,
}

/// A rule of the table.
pub struct Rule {
    /// Stable id.
    pub id: &'static str,
    /// Short name.
    pub title: &'static str,
    /// How much it matters.
    pub level: RuleLevel,
    /// What it says, why that matters and what to do, in Markdown.
    pub doc: &'static str,
    check: fn(&Checked<'_>) -> Vec<Finding>,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// How much a finding matters, as in SARIF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleLevel {
    /// Somebody should look.
    Warning,
    /// Good to know.
    Note,
}

impl RuleLevel {
    /// Stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Id of the rule.
    pub rule: &'static str,
    /// How much it matters.
    pub level: RuleLevel,
    /// Where.
    pub path: RepoPath,
    /// Line, 0-based.
    pub line: u32,
    /// What is the case, in a sentence.
    pub message: String,
    /// Whom it concerns.
    pub subjects: Vec<SubjectId>,
    /// The path that proves it.
    pub proof: Vec<Evidence>,
}

/// What rules look at.
struct Checked<'a> {
    graph: &'a Graph,
    structure: &'a Structure,
    files: &'a [FileReport],
    subjects: &'a [Subject],
    settings: &'a Settings,
}

impl Checked<'_> {
    fn name(&self, id: SubjectId) -> &str {
        self.subjects.get(id.index()).map_or("", |it| &it.name)
    }

    fn path(&self, at: u32) -> RepoPath {
        RepoPath::new(self.graph.nodes[at as usize].id.as_str())
    }

    /// A dependency as a step of a proof.
    fn step(&self, edge: &Edge) -> Evidence {
        let kinds: Vec<&str> = edge.kinds.iter().map(|kind| kind.id()).collect();
        let (from, to) = (self.path(edge.from), self.path(edge.to));
        Evidence {
            rule: "depends",
            text: format!("`{from}` depends on `{to}` ({})", kinds.join(", ")),
            at: Some((from, edge.line)),
        }
    }
}

/// All findings by path, line and rule.
pub(crate) fn check(
    graph: &Graph,
    structure: &Structure,
    files: &[FileReport],
    subjects: &[Subject],
    settings: &Settings,
) -> Vec<Finding> {
    let checked = Checked {
        graph,
        structure,
        files,
        subjects,
        settings,
    };
    let mut found: Vec<Finding> = RULES
        .iter()
        .flat_map(|rule| (rule.check)(&checked))
        .collect();
    found.sort_by(|a, b| {
        (&a.path, a.line, a.rule, &a.message).cmp(&(&b.path, b.line, b.rule, &b.message))
    });
    found
}
