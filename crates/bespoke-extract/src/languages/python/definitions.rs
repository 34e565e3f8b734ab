//! Functions, classes and imports.

use bespoke_facts::{BindingKind, DefinitionKind, ExprId, ExprKind, Import, Imported, Span};
use tree_sitter::Node;

use super::{Kind, Lowering, Position, children, names, span_of, trimmed};

/// Last parts of base classes that make an enumeration.
const ENUMS: [&str; 4] = ["Enum", "Choices", "IntFlag", "Flag"];

impl Lowering<'_, '_> {
    pub(super) fn function(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        let name = self.child(fields.name).map(span_of)?;
        let name = self.facts.source_at(name);
        let kind = names::function_kind(&self.facts);
        let receives = kind == DefinitionKind::Method && !self.is_static;
        self.define(name, kind, span);
        let body = self.child(fields.body).map_or(span, trimmed);
        self.facts.begin_function(Some(name), span, body);
        self.each_child(|it, field| {
            if field == fields.parameters {
                it.parameters(receives);
            } else if field != fields.name {
                it.lower(Position::Value);
            }
        });
        self.facts.end_function();
        self.facts.end_definition();
        None
    }

    pub(super) fn lambda(&mut self, span: Span) -> ExprId {
        let fields = self.fields;
        let body = self.child(fields.body).map_or(span, span_of);
        let id = self.facts.begin_function(None, span, body);
        self.each_child(|it, field| {
            if field == fields.parameters {
                it.parameters(false);
            } else if field == fields.body {
                if let Some(value) = it.lower(Position::Value) {
                    it.facts.add_return(value);
                }
            } else {
                it.lower(Position::Value);
            }
        });
        self.facts.end_function();
        self.facts.expr(ExprKind::Function(id), span)
    }

    /// Parameters without the receiver, so that positions are those of arguments.
    fn parameters(&mut self, receives: bool) {
        let mut params = Vec::new();
        let mut skip = receives;
        self.each(|it| {
            if it.cursor.node().is_named()
                && it.kind() != Kind::Comment
                && std::mem::take(&mut skip)
            {
                return;
            }
            params.extend(it.parameter());
        });
        self.facts.params(&params);
    }

    fn parameter(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        match self.cursor.node().kind() {
            "default_parameter" | "typed_default_parameter" => {
                let (mut pattern, mut default) = (None, None);
                self.each_child(|it, field| {
                    if field == fields.name {
                        pattern = it.parameter();
                    } else if field == fields.value {
                        default = it.lower(Position::Value);
                    } else {
                        it.lower(Position::Value);
                    }
                });
                if let (Some(pattern), Some(value)) = (pattern, default)
                    && let ExprKind::Name(name) = self.facts.get(pattern).kind
                {
                    let span = self.facts.get(pattern).span;
                    let name = self.facts.text(name).to_owned();
                    self.facts
                        .binding(BindingKind::Parameter, &name, Some(value), span, false);
                }
                pattern
            }
            "typed_parameter" => {
                let mut first = None;
                self.each(|it| {
                    let value = it.parameter();
                    first = first.or(value);
                });
                first
            }
            "list_splat_pattern" | "dictionary_splat_pattern" => self.transparent(Position::Value),
            "tuple_pattern" => {
                let span = self.span();
                Some(self.list(span))
            }
            _ => self.lower(Position::Value),
        }
    }

    /// Opens a definition and gives it the decorators before it.
    fn define(&mut self, name: &str, kind: DefinitionKind, span: Span) {
        let decorators = std::mem::take(&mut self.decorators);
        names::define(&mut self.facts, (name, kind, span), decorators);
        self.is_static = false;
    }

    pub(super) fn decorator(&mut self, span: Span) -> Option<ExprId> {
        // The grammar counts the end of the line in, and a comment before it.
        let node = self.cursor.node();
        let last = children(node).into_iter().rev();
        let last = { last }.find(|it| it.is_named() && self.kinds.of(*it) != Kind::Comment);
        let span = last.map_or(span, |last| Span::new(span.start, span_of(last).end));
        self.is_static |= self.facts.source_at(span) == "@staticmethod";
        if let Some(value) = self.transparent(Position::Value) {
            let attribute = self.facts.attribute(value, span);
            self.decorators.push(attribute);
        }
        None
    }

    pub(super) fn class(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        let name = self
            .child(fields.name)
            .map_or("", |node| self.facts.source_at(span_of(node)));
        let is_enum = self.child(fields.superclasses).is_some_and(|bases| {
            children(bases)
                .into_iter()
                .any(|base| self.makes_enum(base))
        });
        let kind = if is_enum {
            DefinitionKind::Enum
        } else {
            DefinitionKind::Class
        };
        self.define(name, kind, span);
        self.each_child(|it, field| {
            if field != fields.name {
                it.lower(Position::Value);
            }
        });
        self.facts.end_definition();
        None
    }

    /// `Enum`, `enum.StrEnum`, `models.TextChoices`.
    fn makes_enum(&self, base: Node<'_>) -> bool {
        matches!(self.kinds.of(base), Kind::Name | Kind::Attribute)
            && makes_enum(self.facts.source_at(span_of(base)))
    }

    pub(super) fn import(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        for part in children(self.cursor.node()) {
            match part.kind() {
                "dotted_name" => {
                    let path = self.facts.source_at(span_of(part));
                    let first = path.split('.').next().unwrap_or(path).trim();
                    self.add_import(first, Imported::Namespace, Some(first), span);
                    if first != path {
                        self.add_import(path, Imported::Nothing, None, span);
                    }
                }
                "aliased_import" => {
                    let name = part.child_by_field_id(fields.name).map(span_of);
                    let alias = part.child_by_field_id(fields.alias).map(span_of);
                    if let (Some(name), Some(alias)) = (name, alias) {
                        let alias = self.facts.source_at(alias);
                        self.add_import(
                            self.facts.source_at(name),
                            Imported::Namespace,
                            Some(alias),
                            span,
                        );
                    }
                }
                _ => {}
            }
        }
        None
    }

    pub(super) fn import_from(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        let node = self.cursor.node();
        let module = node.child_by_field_id(fields.module_name)?;
        let source = self.facts.source_at(span_of(module)).chars();
        let source: String = source.filter(|char| !char.is_whitespace()).collect();
        for part in children(node) {
            if part == module {
                continue;
            }
            match part.kind() {
                "wildcard_import" => self.add_import(&source, Imported::Glob, None, span),
                "dotted_name" => {
                    let name = self.facts.source_at(span_of(part));
                    let imported = Imported::Named(self.facts.intern(name));
                    self.add_import(&source, imported, Some(name), span);
                }
                "aliased_import" => {
                    let name = part.child_by_field_id(fields.name).map(span_of);
                    let alias = part.child_by_field_id(fields.alias).map(span_of);
                    if let (Some(name), Some(alias)) = (name, alias) {
                        let imported =
                            Imported::Named(self.facts.intern(self.facts.source_at(name)));
                        let alias = self.facts.source_at(alias);
                        self.add_import(&source, imported, Some(alias), span);
                    }
                }
                "comment" => self.facts.comment(span_of(part)),
                _ => {}
            }
        }
        None
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

/// Whether a base class of this name makes an enumeration.
pub(crate) fn makes_enum(base: &str) -> bool {
    let last = base.rsplit('.').next().unwrap_or(base);
    ENUMS.iter().any(|end| last.ends_with(end))
        && (last.len() > 4 || last == "Enum" || base.contains("enum."))
}
