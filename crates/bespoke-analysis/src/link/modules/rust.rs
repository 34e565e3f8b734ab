//! Rust's modules: the tree that `mod` spans from each crate root, with the paths that `use` walks in it.
//!
//! A file that no `mod` reaches, because a macro or a configuration not seen here declares it, is put where its path
//! says.

mod paths;

use bespoke_facts::{DefinitionId, DefinitionKind, ExprKind, FileFacts, Import, Imported, Span};
pub(super) use paths::Place;
use paths::Trail;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Files, Module, Source, folder_of, join, nearest};
use crate::{CargoManifest, FileId, Manifests, link::table::Table};

#[derive(Debug, Default)]
pub(in crate::link) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    /// Nodes of files and of `mod` items, whether these have a body or not.
    of: FxHashMap<Module, u32>,
    /// Modules with a body, by file and in the order of where they start, in bytes.
    inline: FxHashMap<FileId, Vec<(u32, u32)>>,
    /// What each file defines.
    items: FxHashMap<FileId, FxHashSet<&'a str>>,
    /// Library crates by the name that code knows them by.
    libraries: FxHashMap<&'a str, u32>,
    /// Library crates by package.
    packages: FxHashMap<&'a str, u32>,
    manifests: FxHashMap<&'a str, &'a CargoManifest>,
}

#[derive(Debug)]
struct Node<'a> {
    module: Module,
    /// Its place in its file, if it is not the whole.
    span: Option<Span>,
    parent: Option<u32>,
    root: u32,
    /// A root's package.
    manifest: Option<&'a CargoManifest>,
    children: FxHashMap<&'a str, u32>,
    /// Imports by local name.
    uses: FxHashMap<&'a str, u32>,
    globs: Vec<u32>,
    /// Folder of its submodules.
    dir: String,
}

/// Whether a path can only mean something of this tree.
pub(super) fn is_own(path: &str) -> bool {
    matches!(path.split("::").next(), Some("crate" | "self" | "super"))
}

impl<'a> Tree<'a> {
    pub(super) fn new(table: &Table<'a>, manifests: &'a Manifests, files: &Files<'a>) -> Self {
        let mut tree = Self::default();
        let packages = manifests.cargo.iter();
        let packages: Vec<_> = packages.filter(|it| it.package.is_some()).collect();
        tree.manifests = packages.iter().map(|it| (it.dir.as_str(), *it)).collect();
        for manifest in packages {
            let default = join(&manifest.dir, "src/lib.rs").unwrap_or_default();
            let path = manifest.library_root.as_deref().unwrap_or(&default);
            let Some(file) = files.at(path) else { continue };
            let node = tree.root(table, files, file);
            for (names, name) in [
                (&mut tree.libraries, &manifest.library),
                (&mut tree.packages, &manifest.package),
            ] {
                if let Some(name) = name {
                    names.entry(name).or_insert(node);
                }
            }
        }
        let named = manifests.cargo.iter().flat_map(|it| &it.roots);
        for file in named.filter_map(|path| files.at(path)) {
            tree.root(table, files, file);
        }
        let mut rust: Vec<(FileId, &str)> = Vec::new();
        for (id, file) in table.iter() {
            if file.language == "rust" {
                rust.push((id, file.path.as_str()));
            }
        }
        for (file, path) in &rust {
            if tree.is_root(path) {
                tree.root(table, files, *file);
            }
        }
        // What is above a file comes before it.
        rust.sort_by_key(|(_, path)| {
            let holds = matches!(name_of(path), "lib.rs" | "main.rs" | "mod.rs");
            (path.matches('/').count(), !holds, *path)
        });
        for (file, path) in rust {
            tree.by_path(table, files, file, path);
        }
        tree
    }

    /// Whether Cargo takes a file for the root of a crate by its place.
    fn is_root(&self, path: &str) -> bool {
        let Some(manifest) = nearest(&self.manifests, folder_of(path)) else {
            return false;
        };
        let inside = path[manifest.dir.len()..].trim_start_matches('/');
        if matches!(inside, "src/main.rs" | "build.rs") {
            return true;
        }
        ["src/bin/", "tests/", "examples/", "benches/"]
            .iter()
            .find_map(|folder| inside.strip_prefix(folder))
            .is_some_and(|rest| {
                let main = rest.strip_suffix("/main.rs");
                !main.unwrap_or(rest).contains('/')
            })
    }

    fn root(&mut self, table: &Table<'a>, files: &Files<'a>, file: FileId) -> u32 {
        if let Some(node) = self.of.get(&Module::file(file)) {
            return *node;
        }
        let dir = folder_of(table.file(file).path.as_str()).to_owned();
        let manifest = nearest(&self.manifests, &dir).copied();
        let node = self.add(Module::file(file), None, dir);
        self.nodes[node as usize].manifest = manifest;
        self.grow(table, files, node);
        node
    }

    fn by_path(&mut self, table: &Table<'a>, files: &Files<'a>, file: FileId, path: &'a str) {
        if self.of.contains_key(&Module::file(file)) {
            return;
        }
        let (folder, stem) = (folder_of(path), name_of(path).trim_end_matches(".rs"));
        let (folder, name) = match stem {
            "lib" | "main" => {
                self.root(table, files, file);
                return;
            }
            "mod" => (folder_of(folder), name_of(folder)),
            _ => (folder, stem),
        };
        let above = [
            format!("{folder}/mod.rs"),
            format!("{folder}.rs"),
            format!("{folder}/lib.rs"),
            format!("{folder}/main.rs"),
        ];
        let parent = above
            .iter()
            .filter_map(|path| files.at(path.trim_start_matches('/')))
            .find_map(|above| self.of.get(&Module::file(above)).copied());
        let dir = if stem == "mod" {
            folder_of(path)
        } else {
            path.trim_end_matches(".rs")
        };
        let manifest = nearest(&self.manifests, folder_of(path)).copied();
        let node = self.add(Module::file(file), parent, dir.to_owned());
        self.nodes[node as usize].manifest = manifest;
        if let Some(parent) = parent {
            let siblings = &mut self.nodes[parent as usize].children;
            siblings.entry(name).or_insert(node);
        }
        self.grow(table, files, node);
    }

    fn add(&mut self, module: Module, parent: Option<u32>, dir: String) -> u32 {
        let id = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let root = parent.map_or(id, |parent| self.nodes[parent as usize].root);
        self.nodes.push(Node {
            module,
            span: None,
            parent,
            root,
            manifest: None,
            children: FxHashMap::default(),
            uses: FxHashMap::default(),
            globs: Vec::new(),
            dir,
        });
        self.of.insert(module, id);
        id
    }

    /// Adds the modules below a file, and their files.
    fn grow(&mut self, table: &Table<'a>, files: &Files<'a>, node: u32) {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            let file = self.nodes[node as usize].module.file;
            let facts = &table.file(file).facts;
            self.items.insert(file, items(facts));
            self.submodules(table, files, node, &mut open);
            for (at, import) in facts.imports.iter().enumerate() {
                let at = u32::try_from(at).unwrap_or(u32::MAX);
                let node = self.node_at(file, import.span).unwrap_or(node);
                let node = &mut self.nodes[node as usize];
                match import.local {
                    _ if import.imported == Imported::Glob => node.globs.push(at),
                    Some(local) => {
                        node.uses.entry(facts.name(local)).or_insert(at);
                    }
                    None => {}
                }
            }
        }
    }

    fn submodules(&mut self, table: &Table<'a>, files: &Files<'a>, node: u32, open: &mut Vec<u32>) {
        let file = self.nodes[node as usize].module.file;
        let facts = &table.file(file).facts;
        if !facts
            .definitions
            .iter()
            .any(|it| it.kind == DefinitionKind::Module)
        {
            return;
        }
        let paths = path_attributes(facts);
        let holders: FxHashSet<DefinitionId> = facts
            .definitions
            .iter()
            .filter_map(|it| it.parent)
            .chain(facts.bindings.iter().filter_map(|it| it.owner))
            .collect();
        for (at, definition) in facts.definitions.iter().enumerate() {
            if definition.kind != DefinitionKind::Module {
                continue;
            }
            let id = DefinitionId::from_index(at);
            let around = match definition.parent {
                None => Some(node),
                Some(parent) => {
                    let inside = Some(parent);
                    let around = self.of.get(&Module { file, inside }).copied();
                    // One of a function or a file of its own holds no modules.
                    around.filter(|it| self.nodes[*it as usize].module.inside == inside)
                }
            };
            let Some(around) = around else { continue };
            let module = Module {
                file,
                inside: Some(id),
            };
            let name = facts.name(definition.name);
            let dir = join(&self.nodes[around as usize].dir, name).unwrap_or_default();
            let holds = holders.contains(&id);
            let (child, told) = if holds {
                (None, false)
            } else if let Some(path) = paths.get(&id) {
                let from = if definition.parent.is_some() {
                    self.nodes[around as usize].dir.as_str()
                } else {
                    folder_of(table.file(file).path.as_str())
                };
                (join(from, path).and_then(|path| files.at(&path)), true)
            } else {
                let child = files.any(&dir, &["rs"]);
                (
                    child.or_else(|| files.any(&format!("{dir}/mod"), &["rs"])),
                    false,
                )
            };
            let known = child.and_then(|child| self.of.get(&Module::file(child)).copied());
            let child = match (child, known) {
                (_, Some(known)) => known,
                (Some(child), None) => {
                    let path = table.file(child).path.as_str();
                    let dir = if told {
                        folder_of(path).to_owned()
                    } else {
                        dir
                    };
                    let child = self.add(Module::file(child), Some(around), dir);
                    open.push(child);
                    child
                }
                (None, None) => {
                    let child = self.add(module, Some(around), dir);
                    let inline = self.inline.entry(file).or_default();
                    inline.push((definition.span.start, child));
                    self.nodes[child as usize].span = Some(definition.span);
                    child
                }
            };
            self.of.insert(module, child);
            let siblings = &mut self.nodes[around as usize].children;
            siblings.entry(name).or_insert(child);
        }
        if let Some(inline) = self.inline.get_mut(&file) {
            inline.sort_unstable();
        }
    }

    /// The module that a place of a file belongs to.
    pub(super) fn node_at(&self, file: FileId, span: Span) -> Option<u32> {
        let whole = self.of.get(&Module::file(file)).copied();
        let Some(inline) = self.inline.get(&file) else {
            return whole;
        };
        let before = inline.partition_point(|(start, _)| *start <= span.start);
        let mut at = before
            .checked_sub(1)
            .and_then(|at| inline.get(at))
            .map(|(_, node)| *node);
        while let Some(node) = at {
            let Some(around) = self.nodes[node as usize].span else {
                break;
            };
            if around.contains(span) {
                return Some(node);
            }
            at = self.nodes[node as usize].parent;
        }
        whole
    }

    /// The module that a `mod` item of a file stands for.
    pub(in crate::link) fn declared(&self, file: FileId, id: DefinitionId) -> Option<Module> {
        let node = self.of.get(&Module {
            file,
            inside: Some(id),
        })?;
        Some(self.nodes[*node as usize].module)
    }

    /// The imports that bind a name in a module, and those that bring all names of another one.
    pub(in crate::link) fn imports(&self, module: Module, name: &str) -> (Option<u32>, &[u32]) {
        self.of.get(&module).map_or((None, &[]), |node| {
            let node = &self.nodes[*node as usize];
            (node.uses.get(name).copied(), &node.globs)
        })
    }

    /// The module around one.
    pub(in crate::link) fn parent(&self, module: Module) -> Option<Module> {
        let parent = self.nodes[*self.of.get(&module)? as usize].parent?;
        Some(self.nodes[parent as usize].module)
    }

    /// The module that the first name of a path means where no item has that name.
    pub(in crate::link) fn first(&self, file: FileId, span: Span, name: &str) -> Option<Module> {
        let from = self.node_at(file, span)?;
        let node = match name {
            "crate" => self.nodes[from as usize].root,
            "super" => self.nodes[from as usize].parent?,
            _ => self.library(from, name)?,
        };
        Some(self.nodes[node as usize].module)
    }

    /// What an import names.
    pub(super) fn source(
        &self,
        facts: &FileFacts,
        table: &Table<'a>,
        place: Option<Place>,
        import: &Import,
    ) -> Source {
        let Some(place) = place else {
            return Source::default();
        };
        let node = &self.nodes[place.node as usize];
        let submodule = match import.imported {
            Imported::Named(name) if place.rest == 0 => {
                let name = facts.name(name);
                self.child(table, place.node, name, &mut Trail::default())
            }
            _ => None,
        };
        Source {
            missing: false,
            module: Some(node.module),
            submodule: submodule.map(|node| self.nodes[node as usize].module),
            rest: place.rest,
        }
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Names of what a file defines for others to name.
fn items(facts: &FileFacts) -> FxHashSet<&str> {
    let definitions = facts.definitions.iter().filter(|it| {
        !matches!(
            it.kind,
            DefinitionKind::Method | DefinitionKind::Extension | DefinitionKind::Module
        )
    });
    let constants = facts.bindings.iter().filter(|it| it.function.is_none());
    definitions
        .map(|it| facts.name(it.name))
        .chain(constants.map(|it| facts.name(it.name)))
        .collect()
}

/// `#[path = "…"]` of `mod` items.
fn path_attributes(facts: &FileFacts) -> FxHashMap<DefinitionId, &str> {
    let mut paths = FxHashMap::default();
    for attribute in &facts.attributes {
        if let Some(definition) = attribute.definition
            && let ExprKind::Call { callee, args, .. } = facts.expr(attribute.expr).kind
            && let ExprKind::Name(name) = facts.expr(callee).kind
            && facts.name(name) == "path"
            && let [value] = facts.list(args)
            && let ExprKind::Str(path) = facts.expr(*value).kind
        {
            paths.insert(definition, facts.name(path));
        }
    }
    paths
}
