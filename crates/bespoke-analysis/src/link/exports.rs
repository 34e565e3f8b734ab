//! What imports bring and files give out: through re-exports, imports of all names, and objects given out as a whole.

use bespoke_facts::{DefinitionId, DefinitionKind, ExprId, ExprKind, Import, Imported, NameId};
use rustc_hash::FxHashSet;

use super::{
    Model, Target, module_target,
    modules::{Module, Source},
};
use crate::FileId;

/// How many files one look-up may go through.
const MAX_HOPS: usize = 256;

/// What one look-up has been through, so that it ends where files give out each other's names.
#[derive(Default)]
pub(super) struct Trail<'a> {
    seen: FxHashSet<(FileId, Asked<'a>)>,
}

/// What was asked of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Asked<'a> {
    Export(&'a str),
    Inside(DefinitionId, &'a str),
    Binding(u32),
}

impl<'a> Trail<'a> {
    fn is_new(&self) -> bool {
        self.seen.is_empty()
    }

    /// False where this was asked before, or too much was.
    pub(super) fn enter(&mut self, file: FileId, asked: Asked<'a>) -> bool {
        self.seen.len() < MAX_HOPS && self.seen.insert((file, asked))
    }
}

impl<'a> Model<'a> {
    pub(super) fn lookup_import(
        &self,
        file: FileId,
        name: NameId,
        trail: &mut Trail<'a>,
    ) -> Option<Target> {
        let index = &self.index(file);
        if let Some(at) = index.imports.get(&name) {
            return self.import_target(file, *at, trail);
        }
        if !matches!(self.language(file), "rust" | "python") {
            return None;
        }
        let name = self.facts(file).name(name);
        self.through_globs(file, &index.globs, name, trail)
    }

    pub(super) fn import_target(
        &self,
        file: FileId,
        at: u32,
        trail: &mut Trail<'a>,
    ) -> Option<Target> {
        let facts = self.facts(file);
        let import: &Import = facts.imports.get(at as usize)?;
        let source = self.index(file).sources.get(at as usize)?;
        let submodule = source.submodule.map(module_target);
        if source.module.is_none() && submodule.is_none() {
            return Some(Target::External(file, at));
        }
        match import.imported {
            Imported::Named(name) => self
                .holder(file, import, *source, trail)
                .and_then(|holder| self.given(holder, facts.name(name), trail))
                .or(submodule),
            Imported::Default => self.exported_at(source.module?.file, "default", trail),
            Imported::Namespace => {
                let module = source.module?;
                // `import a.b` of Python binds `a`.
                let dotted = facts.name(import.source).split_once('.');
                let first = dotted.filter(|(first, _)| {
                    !first.is_empty() && import.local.is_some_and(|it| facts.name(it) == *first)
                });
                match first {
                    Some((first, _)) => self
                        .resolver
                        .package(self.source(file), first)
                        .map(Target::Module),
                    None => Some(module_target(module)),
                }
            }
            Imported::Glob | Imported::Nothing => None,
        }
    }

    /// What an import's source names: a module, or an item in one.
    fn holder(
        &self,
        file: FileId,
        import: &Import,
        source: Source,
        trail: &mut Trail<'a>,
    ) -> Option<Target> {
        let path = self.facts(file).name(import.source);
        let parts: Vec<&'a str> = path.split("::").collect();
        let items = parts.len().checked_sub(source.rest as usize)?;
        let mut holder = module_target(source.module?);
        for part in parts.get(items..)? {
            holder = self.given(holder, part, trail)?;
        }
        Some(holder)
    }

    /// What a module, type or enum has under a name.
    pub(super) fn given(
        &self,
        holder: Target,
        name: &'a str,
        trail: &mut Trail<'a>,
    ) -> Option<Target> {
        match holder {
            Target::Module(file) => self.exported_at(file, name, trail),
            Target::Definition(file, id) => {
                let found = self.member_of(file, id, name);
                if found.is_some() || self.definition(file, id).kind != DefinitionKind::Module {
                    return found;
                }
                // A module in a file has imports of its own.
                let module = self.resolver.rust().declared(file, id)?;
                let (import, globs) = self.resolver.rust().imports(module, name);
                if !trail.enter(file, Asked::Inside(id, name)) {
                    return None;
                }
                match import {
                    Some(at) => self.import_target(file, at, trail),
                    None => self.through_globs(file, globs, name, trail),
                }
            }
            _ => None,
        }
    }

    /// What imports of all names bring under this one.
    fn through_globs(
        &self,
        file: FileId,
        globs: &[u32],
        name: &'a str,
        trail: &mut Trail<'a>,
    ) -> Option<Target> {
        // `from a import *` leaves out what is private.
        if name.starts_with('_') && self.language(file) == "python" {
            return None;
        }
        globs.iter().find_map(|at| {
            let import = self.facts(file).imports.get(*at as usize)?;
            let source = *self.index(file).sources.get(*at as usize)?;
            let holder = self.holder(file, import, source, trail)?;
            if holder == Target::Module(file) {
                return None;
            }
            self.given(holder, name, trail)
        })
    }

    /// What a file gives out as `name`.
    pub(super) fn exported_at(
        &self,
        file: FileId,
        name: &'a str,
        trail: &mut Trail<'a>,
    ) -> Option<Target> {
        if let Some(known) = self.exported.borrow().get(&file)
            && let Some(known) = known.get(name)
        {
            return *known;
        }
        let outermost = trail.is_new();
        if !trail.enter(file, Asked::Export(name)) {
            return None;
        }
        let found = self.find_exported(file, name, trail);
        // Look-ups that stand in the middle of another may have been cut short by it.
        if outermost && !self.tracer.is_on() {
            let mut known = self.exported.borrow_mut();
            known.entry(file).or_default().insert(name.into(), found);
        }
        found
    }

    fn find_exported(&self, file: FileId, name: &'a str, trail: &mut Trail<'a>) -> Option<Target> {
        let facts = self.facts(file);
        let index = &self.index(file);
        if let Some(at) = index.exports.get(name) {
            let export = &facts.exports[*at as usize];
            if let Some(local) = export.local {
                return self.lookup_at(file, local, None, trail);
            }
            if let Some(value) = export.value {
                return self.value_target(file, value, name, trail);
            }
        }
        let language = self.language(file);
        if language == "rust" {
            return self.module_item(file, name, trail);
        }
        let own_imports = language == "python";
        if let Some(at) = index.given.get(name).copied()
            && (own_imports || facts.imports[at as usize].reexport)
            && !(own_imports && index.top.contains_key(name))
        {
            return self.import_target(file, at, trail);
        }
        // `module.exports = { a, b: c }`.
        if name != "default"
            && let Some(value) = self.exported_value(file)
            && let Some((home, value)) = self.entry_of(file, value, name, trail)
        {
            return self.value_target(home, value, name, trail);
        }
        // Python and plain scripts give out what they define.
        if name != "default"
            && let Some(id) = index.top.get(name).copied()
            && let Some(target) = self.lookup_local(file, id, None)
        {
            return Some(target);
        }
        if let Some(module) = self.resolver.submodule(self.source(file), name) {
            return Some(Target::Module(module));
        }
        if name == "default" {
            return None;
        }
        let given: Vec<u32> = index
            .globs
            .iter()
            .copied()
            .filter(|at| own_imports || facts.imports[*at as usize].reexport)
            .collect();
        self.through_globs(file, &given, name, trail)
    }

    /// What a file of Rust has under a name, the modules in it not counted.
    fn module_item(&self, file: FileId, name: &'a str, trail: &mut Trail<'a>) -> Option<Target> {
        let facts = self.facts(file);
        let index = &self.index(file);
        let outside = |owner: Option<DefinitionId>| {
            owner.is_none_or(|owner| self.definition(file, owner).kind != DefinitionKind::Module)
        };
        let id = index.top.get(name);
        let bindings = id.map_or(&[][..], |id| index.bindings.get(*id));
        let constant = bindings.iter().find(|at| {
            let binding = &facts.bindings[**at as usize];
            binding.function.is_none() && outside(binding.owner)
        });
        if let Some(at) = constant {
            return Some(Target::Binding(file, *at));
        }
        let definitions = id.map_or(&[][..], |id| index.definitions.get(*id));
        let definition = definitions.iter().find(|id| {
            let definition = self.definition(file, **id);
            let kind = definition.kind;
            !matches!(kind, DefinitionKind::Method | DefinitionKind::Extension)
                && outside(definition.parent)
        });
        if let Some(id) = definition {
            return Some(self.declared(file, *id));
        }
        let module = Module { file, inside: None };
        let (import, globs) = self.resolver.rust().imports(module, name);
        let given = |at: &u32| facts.imports[*at as usize].reexport;
        if let Some(at) = import.filter(given) {
            return self.import_target(file, at, trail);
        }
        let globs: Vec<u32> = globs.iter().copied().filter(given).collect();
        self.through_globs(file, &globs, name, trail)
    }

    /// What the value of an export is; an object stands for its file.
    fn value_target(
        &self,
        file: FileId,
        value: ExprId,
        name: &str,
        trail: &mut Trail<'a>,
    ) -> Option<Target> {
        match self.facts(file).expr(value).kind {
            ExprKind::Function(function) => self.definition_of(file, function),
            ExprKind::Name(_) | ExprKind::Member { .. } => self.target_at(file, value, None, trail),
            _ if self.is_required(file, value) => self.target_at(file, value, None, trail),
            _ if name == "default" => self
                .object(file, value, None, 0)
                .map(|_| Target::Module(file)),
            _ => {
                // `exports.a = 1` is an assignment too.
                let id = *self.index(file).assigned.get(name)?;
                let at = self.index(file).bindings.get(id).iter();
                at.copied()
                    .find(|at| self.binding(file, *at).value == Some(value))
                    .map(|at| Target::Binding(file, at))
            }
        }
    }

    /// The value that a file gives out as a whole.
    pub(super) fn exported_value(&self, file: FileId) -> Option<ExprId> {
        let at = self.index(file).exports.get("default")?;
        self.facts(file).exports[*at as usize].value
    }

    /// The value of an entry of an object literal, and the file it stands in.
    fn entry_of(
        &self,
        file: FileId,
        object: ExprId,
        name: &'a str,
        trail: &mut Trail<'a>,
    ) -> Option<(FileId, ExprId)> {
        let facts = self.facts(file);
        let ExprKind::Object(items) = facts.expr(object).kind else {
            return None;
        };
        // What stands later wins.
        facts.list(items).iter().rev().find_map(|item| {
            match facts.expr(*item).kind {
                ExprKind::Entry { key, value } => {
                    let is_it = matches!(facts.expr(key).kind, ExprKind::Str(own) if facts.name(own) == name);
                    is_it.then_some((file, value))
                }
                // `...require("./b")`
                ExprKind::Other(spread) => {
                    let [spread] = facts.list(spread) else {
                        return None;
                    };
                    let Some(Target::Module(other)) = self.target_at(file, *spread, None, trail)
                    else {
                        return None;
                    };
                    let fresh = other != file && trail.enter(other, Asked::Export("default"));
                    let value = self.exported_value(other).filter(|_| fresh)?;
                    self.entry_of(other, value, name, trail)
                }
                _ => None,
            }
        })
    }
}
