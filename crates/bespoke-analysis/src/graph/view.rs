//! The graph by file, by component or by customer.

use std::collections::{BTreeMap, BTreeSet};

use super::{EdgeKind, Graph};
use crate::Subject;

/// What a node of a view stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A file, or a package of others.
    File,
    /// A package of the tree, or a top folder.
    Component,
    /// A customer's units, or the core: all that belongs to nobody.
    Customer,
}

/// A graph to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// By id.
    pub nodes: Vec<ViewNode>,
    /// By both ends.
    pub edges: Vec<ViewEdge>,
}

/// A node to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewNode {
    /// Path, component, customer's name, `core`, or `package:` and a name.
    pub id: String,
    /// `file`, `package`, `component`, `customer` or `core`.
    pub kind: &'static str,
    /// Files it stands for.
    pub files: u32,
    /// The customer whose unit it is.
    pub owner: Option<String>,
}

/// An edge to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewEdge {
    /// Position of who depends.
    pub from: u32,
    /// Position of what it depends on.
    pub to: u32,
    /// In which ways.
    pub kinds: Vec<EdgeKind>,
    /// How many pairs of files.
    pub count: u32,
    /// The condition under which alone it is compiled.
    pub condition: Option<String>,
}

impl Graph {
    /// The graph at a level. `keep` says which files and packages (by position in [`Graph::nodes`]) are of interest:
    /// edges with at least one such end are shown.
    pub fn view(&self, level: Level, subjects: &[Subject], keep: &dyn Fn(u32) -> bool) -> View {
        let name = |at: u32| -> (String, &'static str, Option<String>) {
            let node = &self.nodes[at as usize];
            let owner = node
                .owner
                .and_then(|id| subjects.get(id.index()))
                .map(|subject| subject.name.clone());
            match level {
                _ if node.file.is_none() => (node.id.clone(), "package", None),
                Level::File => (node.id.clone(), "file", owner),
                Level::Component => (node.component.clone(), "component", None),
                Level::Customer => match owner {
                    Some(owner) => (owner.clone(), "customer", Some(owner)),
                    None => ("core".to_owned(), "core", None),
                },
            }
        };
        let mut used: BTreeSet<u32> = (0..)
            .take(self.nodes.len())
            .filter(|at| keep(*at) && self.nodes[*at as usize].file.is_some())
            .collect();
        let edges: Vec<_> = self
            .edges
            .iter()
            .filter(|edge| keep(edge.from) || keep(edge.to))
            .collect();
        for edge in &edges {
            used.extend([edge.from, edge.to]);
        }
        let mut nodes: BTreeMap<String, ViewNode> = BTreeMap::new();
        for at in used {
            let (id, kind, owner) = name(at);
            let node = nodes.entry(id.clone()).or_insert(ViewNode {
                id,
                kind,
                files: 0,
                owner,
            });
            node.files += u32::from(self.nodes[at as usize].file.is_some());
        }
        let at: BTreeMap<&str, u32> = (0..)
            .zip(nodes.keys())
            .map(|(at, id)| (id.as_str(), at))
            .collect();
        let mut joined: BTreeMap<(u32, u32), ViewEdge> = BTreeMap::new();
        for edge in edges {
            let (from, to) = (name(edge.from).0, name(edge.to).0);
            let (from, to) = (at[from.as_str()], at[to.as_str()]);
            if from == to {
                continue;
            }
            let joined = joined.entry((from, to)).or_insert_with(|| ViewEdge {
                from,
                to,
                kinds: Vec::new(),
                count: 0,
                condition: edge.condition.clone(),
            });
            joined.count += 1;
            joined.kinds.extend(&edge.kinds);
            joined.kinds.sort_unstable();
            joined.kinds.dedup();
            if joined.condition != edge.condition {
                joined.condition = None;
            }
        }
        View {
            edges: joined.into_values().collect(),
            nodes: nodes.into_values().collect(),
        }
    }
}
