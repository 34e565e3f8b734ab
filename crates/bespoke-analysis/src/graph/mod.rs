//! What depends on what: files, packages of others, and the same by component or customer.
//!
//! petgraph lives only here. Nodes and edges are sorted, so ids are the same for the same tree.

mod build;
mod cycles;
mod distance;
mod view;
mod visibility;

pub(crate) use build::{build, used_files};
pub use cycles::Cycle;
pub(crate) use cycles::{cycles, sizes};
pub(crate) use distance::Dependents;
use petgraph::graph::{DiGraph, NodeIndex};
pub use view::{Level, View, ViewEdge, ViewNode};
pub(crate) use visibility::{Visibility, visibility};

use crate::{FileId, SubjectId};

/// The files of a tree, the packages of others that they use, and who depends on whom.
#[derive(Debug, Default)]
pub struct Graph {
    /// Every analysed file in order of [`crate::Analysis::files`], then packages by name.
    pub nodes: Vec<Node>,
    /// At most one from one node to another, by both. A file's use of itself is none.
    pub edges: Vec<Edge>,
    /// Imports of the tree's own files that were not found, by file and line.
    pub unresolved: Vec<Unresolved>,
    /// The same for algorithms, files only: an edge's weight is its position in `edges`.
    files: DiGraph<(), u32>,
}

/// A node of a [`Graph`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The path, or `package:` and a name.
    pub id: String,
    /// The file; `None` for a package.
    pub file: Option<FileId>,
    /// Package or top folder it belongs to; empty for a package of others.
    pub component: String,
    /// The customer, or other dimension's subject, whose unit it belongs to.
    pub owner: Option<SubjectId>,
}

/// That one node depends on another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Position of who depends.
    pub from: u32,
    /// Position of what it depends on.
    pub to: u32,
    /// In which ways, each once, sorted.
    pub kinds: Vec<EdgeKind>,
    /// How many imports, loads and calls.
    pub count: u32,
    /// Line of the first, 0-based.
    pub line: u32,
    /// The condition under which alone it is compiled, where every use stands under one.
    pub condition: Option<String>,
}

/// How a file depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// An import that loads it.
    Import,
    /// An import of types alone.
    Type,
    /// A call that the linker follows there.
    Call,
    /// Loaded by its name while running: `import(…)`, `importlib`, a table of modules.
    Dynamic,
}

impl EdgeKind {
    /// Every kind, in order.
    pub const ALL: [Self; 4] = [Self::Import, Self::Type, Self::Call, Self::Dynamic];

    /// Stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Type => "type",
            Self::Call => "call",
            Self::Dynamic => "dynamic",
        }
    }
}

/// An import of the tree's own files that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unresolved {
    /// Who imports.
    pub file: FileId,
    /// Where, 0-based.
    pub line: u32,
    /// What, as written.
    pub source: String,
}

impl Graph {
    /// Of files alone, by position: who each one is of, and whom it uses.
    pub(crate) fn of_files(owners: &[Option<SubjectId>], uses: &[(u32, u32)]) -> Self {
        let nodes = owners.iter().map(|owner| Node {
            id: String::new(),
            file: Some(FileId(0)),
            component: String::new(),
            owner: *owner,
        });
        let edges = uses.iter().map(|(from, to)| Edge {
            from: *from,
            to: *to,
            kinds: Vec::new(),
            count: 1,
            line: 0,
            condition: None,
        });
        Self::new(nodes.collect(), edges.collect(), Vec::new())
    }

    /// How many nodes are files.
    pub fn file_count(&self) -> usize {
        self.files.node_count()
    }

    /// Edges between files.
    pub(crate) fn file_edges(&self) -> impl Iterator<Item = &Edge> {
        let files = self.files.node_count();
        self.edges
            .iter()
            .filter(move |edge| (edge.to as usize) < files)
    }

    /// The edge from one node to another.
    pub fn edge(&self, from: u32, to: u32) -> Option<&Edge> {
        let at = self
            .edges
            .binary_search_by_key(&(from, to), |edge| (edge.from, edge.to))
            .ok()?;
        self.edges.get(at)
    }
}

fn node(at: usize) -> NodeIndex {
    NodeIndex::new(at)
}

/// A graph by hand, for tests: `n` files and edges between them.
#[cfg(test)]
pub(crate) fn sample(n: usize, edges: &[(u32, u32)]) -> Graph {
    let nodes = (0..n)
        .map(|at| Node {
            id: format!("f{at}"),
            file: Some(FileId(u32::try_from(at).unwrap_or(0))),
            component: ".".to_owned(),
            owner: None,
        })
        .collect();
    let mut edges: Vec<Edge> = edges
        .iter()
        .map(|(from, to)| Edge {
            from: *from,
            to: *to,
            kinds: vec![EdgeKind::Import],
            count: 1,
            line: 0,
            condition: None,
        })
        .collect();
    edges.sort_by_key(|edge| (edge.from, edge.to));
    Graph::new(nodes, edges, Vec::new())
}

impl Graph {
    fn new(nodes: Vec<Node>, edges: Vec<Edge>, unresolved: Vec<Unresolved>) -> Self {
        let count = nodes.iter().take_while(|node| node.file.is_some()).count();
        let mut files = DiGraph::with_capacity(count, edges.len());
        for _ in 0..count {
            files.add_node(());
        }
        for (at, edge) in edges.iter().enumerate() {
            let (from, to) = (edge.from as usize, edge.to as usize);
            if from < count && to < count {
                files.add_edge(node(from), node(to), u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
        Self {
            nodes,
            edges,
            unresolved,
            files,
        }
    }
}
