//! Names across files: what a name, an import, a call refers to.
//!
//! Linking looks up on demand and keeps nothing but indexes, so its cost follows what detection asks.

mod modules;
mod python;
mod values;

use bespoke_facts::{
    Binding, BindingKind, Definition, DefinitionId, DefinitionKind, ExprId, ExprKind, FileFacts,
    FunctionId, Import, Imported, NameId,
};
use rustc_hash::FxHashMap;

use crate::{BlindSpots, FileId, FileSet};

pub(crate) use values::{Constant, Text, Value, last_name};

/// How many imports and re-exports in a row are followed.
const MAX_HOPS: u32 = 8;

/// A linked tree.
#[derive(Debug)]
pub(crate) struct Model<'a> {
    /// What was linked.
    pub(crate) set: &'a FileSet,
    files: Vec<FileIndex<'a>>,
    by_path: FxHashMap<&'a str, FileId>,
    /// The settings of a Django project: the `settings.py` nearest to the root.
    settings: Option<FileId>,
    /// Functions by name, for names that only one function of the tree has.
    functions: FxHashMap<&'a str, Vec<(FileId, FunctionId)>>,
    /// Import counts.
    pub(crate) blind_spots: BlindSpots,
}

/// Where the names of one file are bound.
#[derive(Debug, Default)]
struct FileIndex<'a> {
    /// Imports of all names of a module.
    globs: Vec<u32>,
    /// Names of file level by their text.
    top: FxHashMap<&'a str, NameId>,
    bindings: FxHashMap<NameId, Vec<u32>>,
    definitions: FxHashMap<NameId, Vec<DefinitionId>>,
    imports: FxHashMap<NameId, u32>,
    /// For each import, the file of this tree that it names.
    sources: Vec<Option<FileId>>,
    /// Members of enums, classes and modules.
    members: FxHashMap<DefinitionId, Vec<u32>>,
    definition_of: FxHashMap<FunctionId, DefinitionId>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A name with a value: position in the file's bindings.
    Binding(FileId, u32),
    /// A function, type, enum or module.
    Definition(FileId, DefinitionId),
    /// A parameter: of which function, the how many-th.
    Parameter(FileId, FunctionId, u32),
    /// A whole file as a module.
    Module(FileId),
    /// Something of another package: position in the file's imports.
    External(FileId, u32),
}

/// Links the files of a tree.
pub(crate) fn link(set: &FileSet) -> Model<'_> {
    let mut by_path = FxHashMap::default();
    for (at, file) in set.files.iter().enumerate() {
        by_path.insert(file.path.as_str(), file_id(at));
    }
    let mut model = Model {
        set,
        files: set.files.iter().map(|file| index(&file.facts)).collect(),
        settings: python::settings(&by_path),
        by_path,
        functions: FxHashMap::default(),
        blind_spots: BlindSpots::default(),
    };
    let resolver = modules::Resolver::new(set, &model.by_path);
    let mut blind = BlindSpots::default();
    for (at, file) in set.files.iter().enumerate() {
        let sources = resolver.sources(file, &mut blind);
        model.files[at].sources = sources;
        for (position, function) in file.facts.functions.iter().enumerate() {
            if function.named {
                let id = FunctionId::from_index(position);
                model
                    .functions
                    .entry(file.facts.name(function.name))
                    .or_default()
                    .push((file_id(at), id));
            }
        }
    }
    model.blind_spots = blind;
    model
}

fn file_id(at: usize) -> FileId {
    FileId(u32::try_from(at).unwrap_or(u32::MAX))
}

fn index(facts: &FileFacts) -> FileIndex<'_> {
    let mut index = FileIndex::default();
    for (at, binding) in facts.bindings.iter().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        match binding
            .owner
            .filter(|_| matches!(binding.kind, BindingKind::EnumMember | BindingKind::Field))
        {
            Some(owner) => index.members.entry(owner).or_default().push(at),
            None => {
                index.bindings.entry(binding.name).or_default().push(at);
                if binding.function.is_none() {
                    index.top.insert(facts.name(binding.name), binding.name);
                }
                if let Some(owner) = binding.owner {
                    index.members.entry(owner).or_default().push(at);
                }
            }
        }
    }
    for (at, definition) in facts.definitions.iter().enumerate() {
        let id = DefinitionId::from_index(at);
        index
            .definitions
            .entry(definition.name)
            .or_default()
            .push(id);
        index
            .top
            .insert(facts.name(definition.name), definition.name);
        if let Some(function) = definition.function {
            index.definition_of.insert(function, id);
        }
    }
    for (at, import) in facts.imports.iter().enumerate() {
        if import.imported == Imported::Glob {
            index.globs.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        if let Some(local) = import.local {
            index
                .imports
                .entry(local)
                .or_insert(u32::try_from(at).unwrap_or(u32::MAX));
        }
    }
    index
}

impl<'a> Model<'a> {
    /// The facts of a file.
    pub(crate) fn facts(&self, file: FileId) -> &'a FileFacts {
        &self.set.files[file.index()].facts
    }

    /// The files with their ids, by path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (FileId, &'a crate::SourceFile)> + use<'a> {
        self.set
            .files
            .iter()
            .enumerate()
            .map(|(at, file)| (file_id(at), file))
    }

    /// The file that an import names, if it is in this tree.
    pub(crate) fn source_of(&self, file: FileId, import: usize) -> Option<FileId> {
        self.files[file.index()]
            .sources
            .get(import)
            .copied()
            .flatten()
    }

    /// A binding.
    pub(crate) fn binding(&self, file: FileId, at: u32) -> &'a Binding {
        &self.facts(file).bindings[at as usize]
    }

    /// A definition.
    pub(crate) fn definition(&self, file: FileId, id: DefinitionId) -> &'a Definition {
        &self.facts(file).definitions[id.index()]
    }

    /// Bindings that belong to an enum, class or module.
    pub(crate) fn members(
        &self,
        file: FileId,
        id: DefinitionId,
    ) -> impl Iterator<Item = (u32, &'a Binding)> + '_ {
        let facts = self.facts(file);
        let members = self.files[file.index()]
            .members
            .get(&id)
            .map_or(&[][..], Vec::as_slice);
        members
            .iter()
            .map(move |at| (*at, &facts.bindings[*at as usize]))
    }

    /// What `name` means in `function` of `file`.
    pub(crate) fn lookup(
        &self,
        file: FileId,
        name: NameId,
        function: Option<FunctionId>,
    ) -> Option<Target> {
        self.lookup_local(file, name, function)
            .or_else(|| self.lookup_import(file, name, 0))
            .or_else(|| self.lookup_globs(file, name))
    }

    /// What a name means through `from module import *`.
    fn lookup_globs(&self, file: FileId, name: NameId) -> Option<Target> {
        let globs = &self.files[file.index()].globs;
        let name = self.facts(file).name(name);
        globs.iter().find_map(|at| {
            let source = self.source_of(file, *at as usize)?;
            self.exported(source, name, 1)
        })
    }

    fn lookup_local(
        &self,
        file: FileId,
        name: NameId,
        function: Option<FunctionId>,
    ) -> Option<Target> {
        let facts = self.facts(file);
        let index = &self.files[file.index()];
        let bindings = index.bindings.get(&name).map_or(&[][..], Vec::as_slice);
        let mut scope = function;
        loop {
            // The last declaration in a scope that has a value wins over assignments.
            let mut found = None;
            for at in bindings {
                let binding = &facts.bindings[*at as usize];
                if binding.function != scope || binding.kind == BindingKind::Parameter {
                    continue;
                }
                let declares = binding.kind != BindingKind::Assignment;
                if found.is_none() || declares {
                    found = Some(*at);
                }
            }
            if let Some(at) =
                found.filter(|at| facts.bindings[*at as usize].kind != BindingKind::Assignment)
            {
                return Some(self.function_instead(file, name, at));
            }
            let Some(id) = scope else { break };
            let inner = &facts.functions[id.index()];
            for (position, param) in facts.list(inner.params).iter().enumerate() {
                if binds(facts, *param, name) {
                    return Some(Target::Parameter(
                        file,
                        id,
                        u32::try_from(position).unwrap_or(u32::MAX),
                    ));
                }
            }
            scope = inner.parent;
        }
        let definitions = index.definitions.get(&name)?;
        let best = definitions.iter().find(|id| {
            !matches!(
                facts.definitions[id.index()].kind,
                DefinitionKind::Method | DefinitionKind::Extension
            )
        });
        best.map(|id| Target::Definition(file, *id))
    }

    /// `const f = () => …` is a binding and a definition; the definition says more.
    fn function_instead(&self, file: FileId, name: NameId, at: u32) -> Target {
        let facts = self.facts(file);
        let binding = &facts.bindings[at as usize];
        let is_function = binding.value.is_some_and(|value| {
            matches!(
                facts.expr(value).kind,
                ExprKind::Function(_) | ExprKind::Call { .. }
            )
        });
        let ids = self.files[file.index()]
            .definitions
            .get(&name)
            .map_or(&[][..], Vec::as_slice);
        let own = ids.iter().find(|id| {
            let definition = &facts.definitions[id.index()];
            definition.function.is_some()
                && binding
                    .value
                    .is_some_and(|value| facts.expr(value).span.contains(definition.span))
        });
        match own.filter(|_| is_function) {
            Some(id) => Target::Definition(file, *id),
            None => Target::Binding(file, at),
        }
    }

    fn lookup_import(&self, file: FileId, name: NameId, hops: u32) -> Option<Target> {
        let at = *self.files[file.index()].imports.get(&name)?;
        self.import_target(file, at, hops)
    }

    fn import_target(&self, file: FileId, at: u32, hops: u32) -> Option<Target> {
        let facts = self.facts(file);
        let import: &Import = facts.imports.get(at as usize)?;
        let Some(source) = self.source_of(file, at as usize) else {
            // Django hands the project's settings out under a name of its own.
            let is_settings = facts.name(import.source) == "django.conf"
                && matches!(import.imported, Imported::Named(name) if facts.name(name) == "settings");
            return match self.settings.filter(|_| is_settings) {
                Some(settings) => Some(Target::Module(settings)),
                None => Some(Target::External(file, at)),
            };
        };
        match import.imported {
            Imported::Named(name) => {
                let name = facts.name(name);
                self.exported(source, name, hops + 1)
                    .or_else(|| self.submodule(source, name))
                    .or_else(|| {
                        self.is_module(source, name)
                            .then_some(Target::Module(source))
                    })
            }
            Imported::Default => self.exported(source, "default", hops + 1),
            Imported::Namespace => Some(Target::Module(source)),
            Imported::Glob | Imported::Nothing => None,
        }
    }

    /// `use crate::a;` and `from package import a` name a module, not an item of one.
    fn submodule(&self, source: FileId, name: &str) -> Option<Target> {
        let file = &self.set.files[source.index()];
        let path = file.path.as_str();
        let paths = if file.language == "python" {
            python::submodules(path, name)
        } else {
            modules::child_module(path, name)
        };
        paths
            .iter()
            .find_map(|path| self.by_path.get(path.as_str()))
            .map(|file| Target::Module(*file))
    }

    /// Whether a file is itself the module that a folder without a file of its own holds by that name.
    fn is_module(&self, source: FileId, name: &str) -> bool {
        let file = &self.set.files[source.index()];
        let path = file.path.as_str();
        let stem = path
            .strip_suffix("/__init__.py")
            .or_else(|| path.strip_suffix(".py"));
        file.language == "python" && stem.is_some_and(|stem| stem.rsplit('/').next() == Some(name))
    }

    /// What a file gives out as `name`.
    pub(crate) fn exported(&self, file: FileId, name: &str, hops: u32) -> Option<Target> {
        if hops > MAX_HOPS {
            return None;
        }
        let facts = self.facts(file);
        for export in &facts.exports {
            if facts.name(export.name) != name {
                continue;
            }
            if let Some(local) = export.local {
                return self
                    .lookup_local(file, local, None)
                    .or_else(|| self.lookup_import(file, local, hops + 1));
            }
            if let Some(value) = export.value {
                return match facts.expr(value).kind {
                    ExprKind::Name(local) => self
                        .lookup_local(file, local, None)
                        .or_else(|| self.lookup_import(file, local, hops + 1)),
                    ExprKind::Function(function) => self.definition_of(file, function),
                    _ => None,
                };
            }
        }
        for (at, import) in facts.imports.iter().enumerate() {
            if import.reexport && import.local.is_some_and(|local| facts.name(local) == name) {
                return self.import_target(file, u32::try_from(at).unwrap_or(u32::MAX), hops + 1);
            }
        }
        // Rust and plain scripts give out what they define.
        if name != "default"
            && let Some(id) = self.files[file.index()].top.get(name).copied()
            && let Some(target) = self.lookup_local(file, id, None)
        {
            return Some(target);
        }
        for (at, import) in facts.imports.iter().enumerate() {
            if import.reexport
                && import.imported == Imported::Glob
                && let Some(source) = self.source_of(file, at)
                && source != file
                && let Some(target) = self.exported(source, name, hops + 1)
            {
                return Some(target);
            }
        }
        None
    }

    /// Functions of the tree that have a name.
    pub(crate) fn functions_named(&self, name: &str) -> &[(FileId, FunctionId)] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    /// Name of the type that a method belongs to.
    pub(crate) fn type_of(&self, file: FileId, function: FunctionId) -> Option<&'a str> {
        let id = *self.files[file.index()].definition_of.get(&function)?;
        let owner = self.definition(file, id).parent?;
        Some(self.facts(file).name(self.definition(file, owner).name))
    }

    /// The definition that a function belongs to.
    pub(crate) fn definition_of(&self, file: FileId, function: FunctionId) -> Option<Target> {
        self.files[file.index()]
            .definition_of
            .get(&function)
            .map(|id| Target::Definition(file, *id))
    }

    /// What an expression names, through members of modules and types.
    pub(crate) fn target(
        &self,
        file: FileId,
        expr: ExprId,
        function: Option<FunctionId>,
    ) -> Option<Target> {
        let facts = self.facts(file);
        match facts.expr(expr).kind {
            ExprKind::Name(name) => self.lookup(file, name, function),
            ExprKind::Member { object, name } => {
                let name = facts.name(name);
                match self.target(file, object, function)? {
                    Target::Module(module) => self
                        .exported(module, name, 1)
                        .or_else(|| self.submodule(module, name)),
                    Target::Definition(owner, id) => self.member_of(owner, id, name),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A member of a type or module by name.
    pub(crate) fn member_of(&self, file: FileId, id: DefinitionId, name: &str) -> Option<Target> {
        let facts = self.facts(file);
        if let Some((at, _)) = self
            .members(file, id)
            .find(|(_, binding)| facts.name(binding.name) == name)
        {
            return Some(Target::Binding(file, at));
        }
        let owner = self.definition(file, id);
        let inside = facts.definitions.iter().enumerate().find(|(_, inner)| {
            let parent = inner
                .parent
                .map(|parent| &facts.definitions[parent.index()]);
            // A method stands in its class, or in an extension of the same name.
            parent.is_some_and(|parent| parent.name == owner.name) && facts.name(inner.name) == name
        });
        inside.map(|(at, _)| Target::Definition(file, DefinitionId::from_index(at)))
    }

    /// The function that a call's callee names; a method only if no other function of the tree has its name.
    pub(crate) fn callee(
        &self,
        file: FileId,
        callee: ExprId,
        function: Option<FunctionId>,
    ) -> Option<(FileId, FunctionId)> {
        if let Some(target) = self.target(file, callee, function) {
            return match target {
                Target::Definition(file, id) => self
                    .definition(file, id)
                    .function
                    .map(|function| (file, function)),
                _ => None,
            };
        }
        let facts = self.facts(file);
        let ExprKind::Member { name, .. } = facts.expr(callee).kind else {
            return None;
        };
        let name = facts.name(name);
        // A short or plain word (`get`, `filter`) says nothing of whose method it is.
        let compound = name.len() >= 6
            && name
                .bytes()
                .any(|byte| byte == b'_' || byte.is_ascii_uppercase());
        match self.functions.get(name).filter(|_| compound)?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

/// Whether a parameter binds a name.
fn binds(facts: &FileFacts, param: ExprId, name: NameId) -> bool {
    match facts.expr(param).kind {
        ExprKind::Name(own) => own == name,
        ExprKind::Object(items) | ExprKind::List(items) | ExprKind::Other(items) => facts
            .list(items)
            .iter()
            .any(|item| binds(facts, *item, name)),
        ExprKind::Entry { value, .. } => binds(facts, value, name),
        _ => false,
    }
}
