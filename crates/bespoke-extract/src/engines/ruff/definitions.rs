//! Functions, classes and imports.

use bespoke_facts::{BindingKind, DefinitionKind, ExprId, Import, Imported, Span};
use ruff_python_ast::{
    AnyParameterRef, Decorator, Expr, Parameters, StmtClassDef, StmtFunctionDef, StmtImport,
    StmtImportFrom,
};
use ruff_text_size::Ranged as _;

use super::{Lowering, Position, at, statements::block_span};
use crate::languages::python::{makes_enum, names};

impl Lowering<'_, '_> {
    pub(super) fn function(&mut self, it: &StmtFunctionDef) {
        self.decorators(&it.decorator_list);
        let span = self.past_decorators(at(it.range), &it.decorator_list);
        let name = self.facts.source_at(at(it.name.range));
        let kind = names::function_kind(&self.facts);
        let receives = kind == DefinitionKind::Method && !self.is_static;
        self.define(name, kind, span);
        let body = block_span(&it.body).unwrap_or(span);
        self.facts.begin_function(Some(name), span, body);
        self.parameters(&it.parameters, receives);
        self.statements(&it.body);
        self.facts.end_function();
        self.facts.end_definition();
    }

    /// Parameters without the receiver, so that positions are those of arguments.
    pub(super) fn parameters(&mut self, it: &Parameters, receives: bool) {
        let mut params = Vec::with_capacity(it.len());
        for parameter in it.iter().skip(usize::from(receives)) {
            params.push(self.parameter(parameter));
        }
        self.facts.params(&params);
    }

    fn parameter(&mut self, it: AnyParameterRef<'_>) -> ExprId {
        let at = at(it.name().range);
        let name = self.facts.source_at(at);
        let id = self.facts.name(name, at);
        let default = it.default();
        if let Some(value) = default.and_then(|it| self.expr(it, Position::Value)) {
            self.facts
                .binding(BindingKind::Parameter, name, Some(value), at, false);
        }
        id
    }

    /// Opens a definition and gives it the decorators before it.
    fn define(&mut self, name: &str, kind: DefinitionKind, span: Span) {
        let decorators = std::mem::take(&mut self.decorators);
        names::define(&mut self.facts, (name, kind, span), decorators);
        self.is_static = false;
    }

    fn decorators(&mut self, decorators: &[Decorator]) {
        for decorator in decorators {
            let span = at(decorator.range);
            self.is_static |= self.facts.source_at(span) == "@staticmethod";
            if let Some(value) = self.expr(&decorator.expression, Position::Value) {
                let attribute = self.facts.attribute(value, span);
                self.decorators.push(attribute);
            }
        }
    }

    /// A span without the decorators that start it.
    fn past_decorators(&self, span: Span, decorators: &[Decorator]) -> Span {
        let Some(last) = decorators.last() else {
            return span;
        };
        let mut tokens = self.tokens.after(last.end()).iter();
        let first =
            tokens.find(|token| !token.kind().is_trivia() && !token.kind().is_any_newline());
        Span::new(
            first.map_or(span.start, |first| at(first.range()).start),
            span.end,
        )
    }

    pub(super) fn class(&mut self, it: &StmtClassDef) {
        self.decorators(&it.decorator_list);
        let span = self.past_decorators(at(it.range), &it.decorator_list);
        let name = self.facts.source_at(at(it.name.range));
        let arguments = it.arguments.as_deref();
        let is_enum = arguments.is_some_and(|it| {
            it.args.iter().any(|base| {
                matches!(base, Expr::Name(_) | Expr::Attribute(_))
                    && makes_enum(self.facts.source_at(at(base.range())))
            })
        });
        let kind = if is_enum {
            DefinitionKind::Enum
        } else {
            DefinitionKind::Class
        };
        self.define(name, kind, span);
        if let Some(arguments) = arguments {
            let held = self.arguments(arguments);
            self.held(held, at(arguments.range));
        }
        self.statements(&it.body);
        self.facts.end_definition();
    }

    pub(super) fn import(&mut self, it: &StmtImport) {
        let span = at(it.range);
        for alias in &it.names {
            let path = self.facts.source_at(at(alias.name.range));
            if let Some(local) = &alias.asname {
                let local = self.facts.source_at(at(local.range));
                self.add_import(path, Imported::Namespace, Some(local), span);
                continue;
            }
            let first = path.split('.').next().unwrap_or(path).trim();
            self.add_import(first, Imported::Namespace, Some(first), span);
            if first != path {
                self.add_import(path, Imported::Nothing, None, span);
            }
        }
    }

    pub(super) fn import_from(&mut self, it: &StmtImportFrom) {
        let span = at(it.range);
        let module = it.module.as_ref();
        let module = module.map_or("", |module| self.facts.source_at(at(module.range)));
        if module == "__future__" {
            return;
        }
        let dots = std::iter::repeat_n('.', usize::try_from(it.level).unwrap_or(0));
        let source: String = dots
            .chain(module.chars().filter(|char| !char.is_whitespace()))
            .collect();
        for alias in &it.names {
            let name = self.facts.source_at(at(alias.name.range));
            if name == "*" {
                self.add_import(&source, Imported::Glob, None, span);
                continue;
            }
            let imported = Imported::Named(self.facts.intern(name));
            let local = alias.asname.as_ref();
            let local = local.map_or(name, |local| self.facts.source_at(at(local.range)));
            self.add_import(&source, imported, Some(local), span);
        }
    }

    fn add_import(&mut self, source: &str, imported: Imported, local: Option<&str>, span: Span) {
        // What a module imports at its top level can be imported from it.
        let reexport = self.facts.function().is_none();
        let source = self.facts.intern(source);
        let local = local.map(|local| self.facts.intern(local));
        self.facts.import(Import {
            source,
            imported,
            local,
            type_only: false,
            reexport,
            span,
        });
    }
}
