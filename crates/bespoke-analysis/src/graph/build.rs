//! From imports, loads and calls to the graph.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::{BranchKind, ExprKind, FileFacts, Span};

use super::{Edge, EdgeKind, Graph, Node, Unresolved};
use crate::{
    FileId, SourceFile, SubjectId,
    detect::render,
    intervals::innermost,
    link::{Model, last_name},
};

/// Functions that load a module by the name given to them.
const LOADERS: [&str; 4] = ["import", "require", "import_module", "__import__"];

/// Uses of one node by another.
#[derive(Default)]
struct Uses {
    /// One bit for each [`EdgeKind`].
    kinds: u8,
    count: u32,
    line: u32,
    /// The condition of all uses so far.
    condition: Option<String>,
    /// There is a use without one, or under another.
    free: bool,
}

impl Uses {
    fn add(&mut self, kind: EdgeKind, line: u32, condition: Option<&String>) {
        self.line = if self.count == 0 {
            line
        } else {
            self.line.min(line)
        };
        self.kinds |= 1 << kind as u8;
        self.count += 1;
        // What a call needs, an import has brought.
        if kind != EdgeKind::Call {
            self.free |= condition.is_none()
                || (self.condition.is_some() && self.condition.as_ref() != condition);
            self.condition = condition.filter(|_| !self.free).cloned();
        }
    }
}

/// Whom a file uses, files before packages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum To {
    File(FileId),
    Package(String),
}

/// Builds the graph of a tree. `components` and `owners` are by file.
pub(crate) fn build(
    model: &Model<'_>,
    components: &[String],
    owners: &[Option<SubjectId>],
) -> Graph {
    let mut unresolved = Vec::new();
    let mut packages: BTreeSet<String> = BTreeSet::new();
    let mut all: Vec<(FileId, BTreeMap<To, Uses>)> = Vec::new();
    for (file, source) in model.files() {
        let mut uses: BTreeMap<To, Uses> = BTreeMap::new();
        imports(model, file, source, &mut uses, &mut unresolved);
        loads(model, file, source, &mut uses);
        calls(model, file, source, &mut uses);
        uses.remove(&To::File(file));
        packages.extend(uses.keys().filter_map(|to| match to {
            To::Package(name) => Some(name.clone()),
            To::File(_) => None,
        }));
        all.push((file, uses));
    }
    unresolved.sort();
    let files = model.files().map(|(file, source)| Node {
        id: source.path.as_str().to_owned(),
        file: Some(file),
        component: components.get(file.index()).cloned().unwrap_or_default(),
        owner: owners.get(file.index()).copied().flatten(),
    });
    let of_others = packages.iter().map(|name| Node {
        id: format!("package:{name}"),
        file: None,
        component: String::new(),
        owner: None,
    });
    let nodes: Vec<Node> = files.chain(of_others).collect();
    let first = all.len();
    let at: BTreeMap<&str, usize> = packages
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), first + at))
        .collect();
    let mut edges = Vec::new();
    for (file, uses) in all {
        for (to, uses) in uses {
            let to = match &to {
                To::File(file) => file.0,
                To::Package(name) => index(at.get(name.as_str()).copied().unwrap_or(0)),
            };
            edges.push(Edge {
                from: file.0,
                to,
                kinds: EdgeKind::ALL
                    .into_iter()
                    .filter(|kind| uses.kinds >> *kind as u8 & 1 == 1)
                    .collect(),
                count: uses.count,
                line: uses.line,
                condition: uses.condition,
            });
        }
    }
    edges.sort_by_key(|edge| (edge.from, edge.to));
    Graph::new(nodes, edges, unresolved)
}

/// The files of the tree that a file uses, sorted, without itself: the same that [`build`] makes edges of.
pub(crate) fn used_files(model: &Model<'_>, file: FileId, source: &SourceFile) -> Vec<FileId> {
    let mut uses: BTreeMap<To, Uses> = BTreeMap::new();
    for at in 0..source.facts.imports.len() {
        if let Some(target) = model.source_of(file, at) {
            uses.entry(To::File(target)).or_default();
        }
    }
    loads(model, file, source, &mut uses);
    uses.into_keys()
        .filter_map(|to| match to {
            To::File(target) => Some(target),
            To::Package(_) => None,
        })
        .filter(|target| *target != file)
        .collect()
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn imports(
    model: &Model<'_>,
    file: FileId,
    source: &SourceFile,
    uses: &mut BTreeMap<To, Uses>,
    unresolved: &mut Vec<Unresolved>,
) {
    let facts = &source.facts;
    let conditions = compiled_if(facts);
    for (at, import) in facts.imports.iter().enumerate() {
        let line = facts.lines.line(import.span.start);
        let to = if let Some(target) = model.source_of(file, at) {
            To::File(target)
        } else {
            let name = facts.name(import.source);
            if model.is_missing(file, at) {
                unresolved.push(Unresolved {
                    file,
                    line,
                    source: name.to_owned(),
                });
                continue;
            }
            match package(source.language, name) {
                Some(name) => To::Package(name.to_owned()),
                None => continue,
            }
        };
        let kind = if import.type_only {
            EdgeKind::Type
        } else {
            EdgeKind::Import
        };
        uses.entry(to)
            .or_default()
            .add(kind, line, conditions.get(at).and_then(Option::as_ref));
    }
}

/// The condition under which each import is compiled.
fn compiled_if(facts: &FileFacts) -> Vec<Option<String>> {
    let gates: Vec<_> = facts
        .branches
        .iter()
        .filter(|branch| branch.kind == BranchKind::Cfg)
        .filter_map(|branch| Some((branch.then?, branch.condition)))
        .collect();
    if gates.is_empty() {
        return Vec::new();
    }
    let regions: Vec<Span> = gates.iter().map(|(region, _)| *region).collect();
    let imports: Vec<Span> = facts.imports.iter().map(|import| import.span).collect();
    innermost(&regions, &imports)
        .into_iter()
        .map(|at| at.map(|at| render(facts, gates[at].1)))
        .collect()
}

/// Name of somebody else's package in an import: `@scope/name`, `a` of `a.b` and `a::b`.
fn package<'n>(language: &str, source: &'n str) -> Option<&'n str> {
    let name = match language {
        "rust" => source.split("::").next()?,
        "python" => source.split('.').next()?,
        _ if source.starts_with(['.', '/', '#', '~']) => return None,
        _ => {
            let parts = if source.starts_with('@') { 2 } else { 1 };
            match source.match_indices('/').nth(parts - 1) {
                Some((end, _)) => &source[..end],
                None => source,
            }
        }
    };
    let own = matches!(name, "" | "crate" | "self" | "super");
    (!own).then_some(name)
}

/// Modules that are loaded by name: what a loader is given, and texts that are the dotted path of a module.
fn loads(model: &Model<'_>, file: FileId, source: &SourceFile, uses: &mut BTreeMap<To, Uses>) {
    let facts = &source.facts;
    let is_python = source.language == "python";
    for (_, expr) in facts.all_exprs() {
        match expr.kind {
            ExprKind::Call { callee, args, .. } if !is_python => {
                let name = last_name(facts, callee);
                let Some(first) = facts.list(args).first().filter(|_| LOADERS.contains(&name))
                else {
                    continue;
                };
                let ExprKind::Str(path) = facts.expr(*first).kind else {
                    continue;
                };
                let kind = if name == "require" {
                    EdgeKind::Import
                } else {
                    EdgeKind::Dynamic
                };
                if let Some(target) = model.loaded(file, facts.name(path)) {
                    let line = facts.lines.line(expr.span.start);
                    uses.entry(To::File(target))
                        .or_default()
                        .add(kind, line, None);
                }
            }
            ExprKind::Str(text) if is_python && is_dotted(facts.name(text)) => {
                let text = facts.name(text);
                // `shop.rules` and `shop.rules.Rate`.
                let target = model.loaded(file, text).or_else(|| {
                    let (module, _) = text.rsplit_once('.')?;
                    model.loaded(file, module).filter(|_| module.contains('.'))
                });
                if let Some(target) = target {
                    let line = facts.lines.line(expr.span.start);
                    uses.entry(To::File(target))
                        .or_default()
                        .add(EdgeKind::Dynamic, line, None);
                }
            }
            _ => {}
        }
    }
}

/// `a.b.c`, each part an identifier.
fn is_dotted(text: &str) -> bool {
    text.len() <= 120
        && text.contains('.')
        && text.split('.').all(|part| {
            part.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
}

/// Calls of functions in other files.
fn calls(model: &Model<'_>, file: FileId, source: &SourceFile, uses: &mut BTreeMap<To, Uses>) {
    let facts = &source.facts;
    for (_, expr) in model.asking(file) {
        let ExprKind::Call { callee, .. } = expr.kind else {
            continue;
        };
        let Some(target) = model.called_file(file, callee).filter(|it| *it != file) else {
            continue;
        };
        // Only what an import or load has brought can be called for sure.
        if let Some(uses) = uses.get_mut(&To::File(target)) {
            uses.add(EdgeKind::Call, facts.lines.line(expr.span.start), None);
        }
    }
}
