//! Names across files: what a name, an import, a call refers to.
//!
//! Linking looks up on demand and keeps nothing but indexes, so its cost follows what detection asks.

mod by_name;
mod change;
mod exports;
mod modules;
mod table;
mod trace;
mod values;

use std::{
    cell::RefCell,
    collections::BTreeSet,
    hash::{BuildHasher, BuildHasherDefault},
    rc::Rc,
};

use bespoke_facts::{
    Binding, BindingKind, Definition, DefinitionId, DefinitionKind, Expr, ExprId, ExprKind,
    FileFacts, FunctionId, Imported, NameId,
};
use by_name::ByName;
pub(crate) use change::{Changed, Linked, Readers};
use exports::{Asked, Trail};
use modules::{Module, Source};
use rustc_hash::{FxHashMap, FxHasher};
use table::Table;
pub(crate) use trace::Reads;
use trace::{Question, Tracer};
pub(crate) use values::{Constant, Text, Value, last_name};

use crate::{BlindSpots, FileId, FileSet, SourceFile};

/// A linked tree.
#[derive(Debug)]
pub(crate) struct Model<'a> {
    /// What was linked.
    pub(crate) set: &'a FileSet,
    table: Table<'a>,
    files: Vec<FileIndex<'a>>,
    tracer: Rc<Tracer>,
    resolver: modules::Resolver<'a>,
    /// Functions by name, for names that only one function of the tree has.
    functions: FxHashMap<&'a str, Vec<Named<'a>>>,
    /// What each file gives out under the names that were asked for.
    exported: RefCell<FxHashMap<FileId, Exported>>,
    /// Who imports each file, once somebody asks.
    importers: RefCell<Option<Importers>>,
    /// Import counts.
    pub(crate) blind_spots: BlindSpots,
}

/// Those that import each file.
type Importers = FxHashMap<FileId, BTreeSet<FileId>>;

/// What a file gives out under some names; nothing under others.
type Exported = FxHashMap<Box<str>, Option<Target>>;

/// Where the names of one file are bound.
#[derive(Debug, Default)]
struct FileIndex<'a> {
    /// Names of file level by their text.
    top: FxHashMap<&'a str, NameId>,
    /// Those that are no members.
    bindings: ByName<u32>,
    definitions: ByName<DefinitionId>,
    imports: FxHashMap<NameId, u32>,
    /// Imports by the text of their local name, those first that are given on.
    given: FxHashMap<&'a str, u32>,
    /// Imports of all names of a module.
    globs: Vec<u32>,
    /// Names of assignments.
    assigned: FxHashMap<&'a str, NameId>,
    /// Positions of `FileFacts::exports` by name.
    exports: FxHashMap<&'a str, u32>,
    /// For each import, what it names.
    sources: Vec<Source>,
    /// Calls and look-ups: many questions are about these, and they are few among the expressions.
    asking: Vec<ExprId>,
    /// The calls among these, by the hash of the name that is called.
    called: Vec<(u64, ExprId)>,
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
    let (table, tracer) = (Table::of(set), Rc::<Tracer>::default());
    let mut model = Model {
        set,
        files: set.files.iter().map(|file| index(&file.facts)).collect(),
        resolver: modules::Resolver::new(&table, &set.manifests, Rc::clone(&tracer)),
        functions: FxHashMap::default(),
        exported: RefCell::default(),
        importers: RefCell::default(),
        blind_spots: BlindSpots::default(),
        table,
        tracer,
    };
    let mut memo = modules::Memo::default();
    let mut blind = BlindSpots::default();
    for (at, file) in set.files.iter().enumerate() {
        let sources = model
            .resolver
            .sources(&model.table, file_id(at), &mut memo, &mut blind);
        model.files[at].sources = sources;
        for (name, function, owner) in named(&file.facts, &model.files[at]) {
            model.functions.entry(name).or_default().push(Named {
                file: file_id(at),
                function,
                owner,
            });
        }
    }
    model.blind_spots = blind;
    model
}

/// Equal for equal names in one run of the program.
pub(crate) fn hash(name: &str) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(name)
}

fn file_id(at: usize) -> FileId {
    FileId(u32::try_from(at).unwrap_or(u32::MAX))
}

fn index(facts: &FileFacts) -> FileIndex<'_> {
    let positions = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let bindings = facts.bindings.iter().enumerate();
    let bindings = bindings
        .filter(|(_, it)| !is_member(it))
        .map(|(at, it)| (it.name, positions(at)));
    let definitions = facts.definitions.iter().enumerate();
    let definitions = definitions.map(|(at, it)| (it.name, DefinitionId::from_index(at)));
    let mut index = FileIndex {
        bindings: ByName::new(facts, bindings),
        definitions: ByName::new(facts, definitions),
        ..FileIndex::default()
    };
    for (id, expr) in facts.all_exprs() {
        match expr.kind {
            ExprKind::Call { callee, .. } => {
                index.asking.push(id);
                index.called.push((hash(last_name(facts, callee)), id));
            }
            ExprKind::Index { .. } => index.asking.push(id),
            _ => {}
        }
    }
    for (at, binding) in facts.bindings.iter().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        match binding.owner.filter(|_| is_member(binding)) {
            Some(owner) => index.members.entry(owner).or_default().push(at),
            None => {
                if binding.kind == BindingKind::Assignment {
                    index
                        .assigned
                        .insert(facts.name(binding.name), binding.name);
                }
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
            .top
            .insert(facts.name(definition.name), definition.name);
        if let Some(function) = definition.function {
            index.definition_of.insert(function, id);
        }
    }
    for (at, import) in facts.imports.iter().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        if let Some(local) = import.local {
            index.imports.entry(local).or_insert(at);
            let given = index.given.entry(facts.name(local)).or_insert(at);
            if import.reexport && !facts.imports[*given as usize].reexport {
                *given = at;
            }
        }
        if import.imported == Imported::Glob {
            index.globs.push(at);
        }
    }
    for (at, export) in facts.exports.iter().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        index.exports.entry(facts.name(export.name)).or_insert(at);
    }
    index
}

/// Whether a binding is found through what it belongs to, and not by its name alone.
fn is_member(binding: &Binding) -> bool {
    binding.owner.is_some() && matches!(binding.kind, BindingKind::EnumMember | BindingKind::Field)
}

/// A function that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    pub(crate) file: FileId,
    pub(crate) function: FunctionId,
    /// Name of the type whose method it is.
    pub(crate) owner: Option<&'a str>,
}

/// The functions of a file that have a name, with the names of the types whose methods they are.
fn named<'a>(
    facts: &'a FileFacts,
    index: &FileIndex<'a>,
) -> impl Iterator<Item = (&'a str, FunctionId, Option<&'a str>)> {
    let functions = facts.functions.iter().enumerate();
    functions.filter(|(_, it)| it.named).map(|(at, it)| {
        let id = FunctionId::from_index(at);
        let owner = index
            .definition_of
            .get(&id)
            .and_then(|id| facts.definitions[id.index()].parent)
            .map(|owner| facts.name(facts.definitions[owner.index()].name));
        (facts.name(it.name), id, owner)
    })
}

impl<'a> Model<'a> {
    /// The facts of a file.
    pub(crate) fn facts(&self, file: FileId) -> &'a FileFacts {
        &self.source(file).facts
    }

    /// A file.
    pub(crate) fn source(&self, file: FileId) -> &'a SourceFile {
        self.tracer.file(file);
        self.table.file(file)
    }

    /// The calls and look-ups of a file, in the order of its expressions.
    pub(crate) fn asking(&self, file: FileId) -> impl Iterator<Item = (ExprId, Expr)> + '_ {
        let facts = self.facts(file);
        let asking = self.index(file).asking.iter();
        asking.map(|id| (*id, facts.expr(*id)))
    }

    /// The calls of a file in order, by the [`hash`] of the name that is called.
    pub(crate) fn called(&self, file: FileId) -> &[(u64, ExprId)] {
        &self.index(file).called
    }

    fn language(&self, file: FileId) -> &'static str {
        self.source(file).language
    }

    fn index(&self, file: FileId) -> &FileIndex<'a> {
        self.tracer.file(file);
        &self.files[file.index()]
    }

    /// The files with their ids, by path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (FileId, &'a SourceFile)> + '_ {
        self.table
            .iter()
            .inspect(|(file, _)| self.tracer.about(*file))
    }

    /// The file that an import names, if it is in this tree.
    pub(crate) fn source_of(&self, file: FileId, import: usize) -> Option<FileId> {
        self.index(file).sources.get(import)?.file()
    }

    /// The file at a path.
    pub(crate) fn find(&self, path: &str) -> Option<FileId> {
        self.resolver.at(path)
    }

    /// The files that import one, by id.
    pub(crate) fn importers(&self, file: FileId) -> Vec<FileId> {
        let mut known = self.importers.borrow_mut();
        let by_file = known.get_or_insert_with(|| {
            let mut by_file = Importers::default();
            for (from, _) in self.table.iter() {
                for to in self.imported(from) {
                    by_file.entry(to).or_default().insert(from);
                }
            }
            by_file
        });
        let importers = by_file.get(&file).into_iter().flatten().copied();
        importers.collect()
    }

    /// The files that one imports, some more than once.
    pub(crate) fn imported(&self, file: FileId) -> impl Iterator<Item = FileId> + '_ {
        let sources = self.files.get(file.index()).map(|it| &it.sources);
        sources.into_iter().flatten().filter_map(Source::file)
    }

    /// Whether an import names a file of this tree that is not there.
    pub(crate) fn is_missing(&self, file: FileId, import: usize) -> bool {
        let source = self.index(file).sources.get(import);
        source.is_some_and(|source| source.missing)
    }

    /// The file that a loader given `name` in `file` loads: `import("./x")`, `import_module("a.b")`.
    pub(crate) fn loaded(&self, file: FileId, name: &str) -> Option<FileId> {
        match self.language(file) {
            "rust" => None,
            "python" => self.resolver.package(self.source(file), name),
            _ => self.resolver.required(self.source(file), name),
        }
    }

    /// The file whose function is called, as far as an import says so.
    pub(crate) fn called_file(&self, file: FileId, callee: ExprId) -> Option<FileId> {
        let facts = self.facts(file);
        let mut root = callee;
        while let ExprKind::Member { object, .. } = facts.expr(root).kind {
            root = object;
        }
        let ExprKind::Name(name) = facts.expr(root).kind else {
            return None;
        };
        let import = *self.index(file).imports.get(&name)?;
        self.source_of(file, import as usize)
    }

    /// Whether a condition calls something that comes through an import of this tree which was not found.
    pub(crate) fn asks_the_unknown(&self, file: FileId, condition: ExprId) -> bool {
        let facts = self.facts(file);
        match facts.expr(condition).kind {
            ExprKind::Not(inner) => self.asks_the_unknown(file, inner),
            ExprKind::Logic { operands, .. } => {
                let mut operands = facts.list(operands).iter();
                operands.any(|operand| self.asks_the_unknown(file, *operand))
            }
            ExprKind::Compare { left, right, .. } => {
                self.asks_the_unknown(file, left) || self.asks_the_unknown(file, right)
            }
            ExprKind::Call { callee, .. } => {
                let mut root = callee;
                while let ExprKind::Member { object, .. } = facts.expr(root).kind {
                    root = object;
                }
                let ExprKind::Name(name) = facts.expr(root).kind else {
                    return false;
                };
                let index = &self.index(file);
                let import = index.imports.get(&name);
                let source = import.and_then(|at| index.sources.get(*at as usize));
                source.is_some_and(|source| source.missing)
            }
            _ => false,
        }
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
        let members = self
            .index(file)
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
        self.lookup_at(file, name, function, &mut Trail::default())
    }

    fn lookup_at(
        &self,
        file: FileId,
        name: NameId,
        function: Option<FunctionId>,
        trail: &mut Trail<'a>,
    ) -> Option<Target> {
        match self.lookup_local(file, name, function) {
            Some(target @ Target::Binding(home, at)) => {
                Some(self.through_require(target, home, at, trail))
            }
            None => self
                .lookup_import(file, name, trail)
                .or_else(|| self.component_member(file, name)),
            found => found,
        }
    }

    /// What a page's condition names of its component: a method or computed property in the same file, or a member of
    /// the class in the file beside (`a.component.ts` of `a.component.html`).
    fn component_member(&self, file: FileId, name: NameId) -> Option<Target> {
        let name = self.facts(file).name(name);
        let home = match self.language(file) {
            "vue" => file,
            "angular" => self.resolver.beside(self.source(file))?,
            _ => return None,
        };
        let facts = self.facts(home);
        for (at, definition) in facts.definitions.iter().enumerate() {
            let id = DefinitionId::from_index(at);
            let own =
                definition.kind == DefinitionKind::Method && facts.name(definition.name) == name;
            if own {
                return Some(Target::Definition(home, id));
            }
            if definition.kind == DefinitionKind::Class
                && let Some(found) = self.member_of(home, id, name)
            {
                return Some(found);
            }
        }
        None
    }

    /// `const { a: b } = require("./x")` binds what the other file gives out.
    fn through_require(
        &self,
        target: Target,
        file: FileId,
        at: u32,
        trail: &mut Trail<'a>,
    ) -> Target {
        let binding = self.binding(file, at);
        let Some(value) = binding.value.filter(|value| self.is_required(file, *value)) else {
            return target;
        };
        if !trail.enter(file, Asked::Binding(at)) {
            return target;
        }
        let given = match self.index(file).imports.get(&binding.name) {
            Some(import) => self.import_target(file, *import, trail),
            None => self.target_at(file, value, binding.function, trail),
        };
        given
            .filter(|it| !matches!(it, Target::External(..)))
            .unwrap_or(target)
    }

    fn lookup_local(
        &self,
        file: FileId,
        name: NameId,
        function: Option<FunctionId>,
    ) -> Option<Target> {
        let facts = self.facts(file);
        let index = &self.index(file);
        let bindings = index.bindings.get(name);
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
        let best = index.definitions.get(name).iter().find(|id| {
            !matches!(
                facts.definitions[id.index()].kind,
                DefinitionKind::Method | DefinitionKind::Extension
            )
        });
        best.map(|id| self.declared(file, *id))
    }

    /// A definition, or the file that it names: `mod a;`.
    fn declared(&self, file: FileId, id: DefinitionId) -> Target {
        let is_module = self.definition(file, id).kind == DefinitionKind::Module;
        let module = is_module
            .then(|| self.resolver.rust().declared(file, id))
            .flatten();
        module.map_or(Target::Definition(file, id), module_target)
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
        let ids = self.index(file).definitions.get(name);
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

    /// Functions of the tree that have a name.
    pub(crate) fn functions_named(&self, name: &str) -> &[Named<'a>] {
        self.tracer.ask(Question::Function(name));
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    /// Name of the type that a method belongs to.
    pub(crate) fn type_of(&self, file: FileId, function: FunctionId) -> Option<&'a str> {
        let id = *self.index(file).definition_of.get(&function)?;
        let owner = self.definition(file, id).parent?;
        Some(self.facts(file).name(self.definition(file, owner).name))
    }

    /// The definition that a function belongs to.
    pub(crate) fn definition_of(&self, file: FileId, function: FunctionId) -> Option<Target> {
        self.index(file)
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
        self.target_at(file, expr, function, &mut Trail::default())
    }

    fn target_at(
        &self,
        file: FileId,
        expr: ExprId,
        function: Option<FunctionId>,
        trail: &mut Trail<'a>,
    ) -> Option<Target> {
        let facts = self.facts(file);
        let is_rust = || self.language(file) == "rust";
        match facts.expr(expr).kind {
            ExprKind::Name(name) => self.lookup_at(file, name, function, trail).or_else(|| {
                let span = facts.expr(expr).span;
                let first =
                    is_rust().then(|| self.resolver.rust().first(file, span, facts.name(name)));
                first.flatten().map(module_target)
            }),
            ExprKind::Member { object, name } => {
                let name = facts.name(name);
                let holder = self.target_at(file, object, function, trail)?;
                if name == "super" && is_rust() {
                    let module = match holder {
                        Target::Module(file) => Module { file, inside: None },
                        Target::Definition(file, id) => self.resolver.rust().declared(file, id)?,
                        _ => return None,
                    };
                    return self.resolver.rust().parent(module).map(module_target);
                }
                self.given(holder, name, trail)
            }
            ExprKind::Call { callee, args, .. } => {
                let source = required(facts, callee, facts.list(args))?;
                self.resolver
                    .required(self.source(file), source)
                    .map(Target::Module)
            }
            _ => None,
        }
    }

    /// Whether a value is `require("…")` or a member of that.
    fn is_required(&self, file: FileId, value: ExprId) -> bool {
        let facts = self.facts(file);
        let mut value = value;
        loop {
            match facts.expr(value).kind {
                ExprKind::Member { object, .. } => value = object,
                ExprKind::Call { callee, args, .. } => {
                    return required(facts, callee, facts.list(args)).is_some();
                }
                _ => return false,
            }
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
        // A constant stands in its type, or in an extension of the same name.
        let index = &self.index(file);
        let extensions = index.definitions.get(owner.name);
        for other in extensions.iter().filter(|other| **other != id) {
            if self.definition(file, *other).kind != DefinitionKind::Extension {
                continue;
            }
            let mut members = self.members(file, *other);
            if let Some((at, _)) = members.find(|(_, binding)| facts.name(binding.name) == name) {
                return Some(Target::Binding(file, at));
            }
        }
        let inside = facts.definitions.iter().enumerate().find(|(_, inner)| {
            let parent = inner
                .parent
                .map(|parent| &facts.definitions[parent.index()]);
            // A method stands in its class, or in an extension of the same name.
            parent.is_some_and(|parent| parent.name == owner.name) && facts.name(inner.name) == name
        });
        inside.map(|(at, _)| self.declared(file, DefinitionId::from_index(at)))
    }

    /// The function that a call's callee names; a method only if no other function of the tree has its name.
    pub(crate) fn callee(
        &self,
        file: FileId,
        callee: ExprId,
        function: Option<FunctionId>,
    ) -> Option<(FileId, FunctionId)> {
        if let Some(target) = self.target(file, callee, function) {
            // `const price = require("./price")` calls what that file gives out as a whole.
            let whole = match target {
                Target::Module(module) => {
                    self.exported_at(module, "default", &mut Trail::default())
                }
                other => Some(other),
            };
            return match whole? {
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
        match compound.then(|| self.functions_named(name))? {
            [only] => Some((only.file, only.function)),
            _ => None,
        }
    }
}

fn module_target(module: Module) -> Target {
    match module.inside {
        Some(id) => Target::Definition(module.file, id),
        None => Target::Module(module.file),
    }
}

/// The module that a call loads: `require("./x")`.
fn required<'f>(facts: &'f FileFacts, callee: ExprId, args: &[ExprId]) -> Option<&'f str> {
    let ExprKind::Name(name) = facts.expr(callee).kind else {
        return None;
    };
    let [arg] = args else { return None };
    match facts.expr(*arg).kind {
        ExprKind::Str(source) if facts.name(name) == "require" => Some(facts.name(source)),
        _ => None,
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
