//! Functions, types and the names that get values.

use bespoke_facts::{
    BindingKind, DefinitionId, DefinitionKind, DefinitionStart, Export, ExprId, ExprKind, Import,
    Imported, Span,
};
use tree_sitter::Node;

use super::{Lowering, Position, children, span_of, statement_span};
use crate::engines::treesitter::Role;

impl Lowering<'_, '_> {
    /// A function declaration or value. One that has a name, of its own or by what it is assigned to, is a definition.
    pub(super) fn function(&mut self, span: Span) -> ExprId {
        let span = Span::new(span.start, statement_span(self.cursor.node()).end);
        let own = self.child(self.fields.name).map(span_of);
        let name = own.or(self.pending_name.take());
        let Some(name) = name.map(|at| self.facts.source_at(at)) else {
            return self.function_body(None, span);
        };
        let exported = self.exporting;
        self.define(name, DefinitionKind::Function, span, exported);
        let value = self.function_body(Some(name), span);
        self.facts.end_definition();
        value
    }

    pub(super) fn method(&mut self, span: Span) -> Option<ExprId> {
        let name = self.child(self.fields.name).map(span_of)?;
        let name = self.facts.source_at(name);
        let span = Span::new(span.start, statement_span(self.cursor.node()).end);
        let span = self.undecorated(span);
        self.define(name, DefinitionKind::Method, span, true);
        let value = self.function_body(Some(name), span);
        self.facts.end_definition();
        let holder = self.cursor.node().parent();
        if holder.is_none_or(|holder| self.role_of(holder) != Role::Object) {
            return None;
        }
        // In an object literal a method is an entry of it.
        let key = self.facts.string(name, span);
        Some(self.facts.expr(ExprKind::Entry { key, value }, span))
    }

    fn function_body(&mut self, name: Option<&str>, span: Span) -> ExprId {
        let fields = self.fields;
        let body = self.child(fields.body).map_or(span, statement_span);
        let (exporting, constant) = (
            std::mem::take(&mut self.exporting),
            std::mem::take(&mut self.constant),
        );
        let decorators = std::mem::take(&mut self.pending_decorators);
        let id = self.facts.begin_function(name, span, body);
        self.each_child(|it, field| {
            if field == fields.parameters {
                let mut params = Vec::new();
                it.each(|it| params.extend(it.parameter()));
                it.facts.params(&params);
                // Those of parameters are no definition's.
                it.pending_decorators.clear();
            } else if field == fields.parameter {
                let param = it.parameter();
                it.facts.params(param.as_slice());
            } else if field == fields.body {
                let block = it.cursor.node().kind() == "statement_block";
                let value = it.lower(Position::Value);
                if let Some(value) = value.filter(|_| !block) {
                    it.facts.add_return(value);
                }
            } else if field != fields.name && it.role() != Role::Decorator {
                it.lower(Position::Value);
            }
        });
        self.facts.end_function();
        (self.exporting, self.constant, self.pending_decorators) =
            (exporting, constant, decorators);
        self.facts.expr(ExprKind::Function(id), span)
    }

    /// Reads the decorators that stand in the node at the cursor; gives its span without them.
    fn undecorated(&mut self, span: Span) -> Span {
        if self.cursor.node().named_child(0).map(|it| self.role_of(it)) != Some(Role::Decorator) {
            return span;
        }
        let mut start = None;
        self.each(|it| match it.role() {
            Role::Decorator if start.is_none() => {
                it.lower(Position::Value);
            }
            Role::Comment => {}
            _ => start = start.or(Some(it.span().start)),
        });
        Span::new(start.unwrap_or(span.start), span.end)
    }

    /// A parameter as an expression: a name, or an object or list of names.
    fn parameter(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        match self.cursor.node().kind() {
            "required_parameter" | "optional_parameter" | "assignment_pattern" => {
                let (mut pattern, mut default) = (None, None);
                self.each_child(|it, field| {
                    if field == fields.pattern || field == fields.left {
                        // `this` says of which type it is; no argument is given for it.
                        if it.cursor.node().kind() != "this" {
                            pattern = it.parameter();
                        }
                    } else if field == fields.value || field == fields.right {
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
            "object_assignment_pattern" => {
                let mut entry = None;
                let mut default = None;
                let mut at = Span::default();
                self.each_child(|it, field| {
                    if field == fields.left {
                        at = it.span();
                        entry = it.lower(Position::Value);
                    } else if field == fields.right {
                        default = it.lower(Position::Value);
                    }
                });
                if default.is_some() {
                    let name = self.facts.source_at(at);
                    self.facts
                        .binding(BindingKind::Parameter, name, default, at, false);
                }
                entry
            }
            "object_pattern" => {
                let span = self.span();
                let mut entries = Vec::new();
                self.each(|it| entries.extend(it.parameter()));
                let entries = self.facts.children(&entries);
                Some(self.facts.expr(ExprKind::Object(entries), span))
            }
            _ => self.lower(Position::Value),
        }
    }

    /// Opens a definition and gives it the decorators before it.
    fn define(
        &mut self,
        name: &str,
        kind: DefinitionKind,
        span: Span,
        exported: bool,
    ) -> DefinitionId {
        let start = DefinitionStart {
            name,
            kind,
            span,
            exported,
        };
        let decorators = std::mem::take(&mut self.pending_decorators);
        self.facts.begin_decorated(&start, decorators)
    }

    pub(super) fn class(&mut self, span: Span) -> ExprId {
        let name = self
            .child(self.fields.name)
            .map(span_of)
            .or(self.pending_name.take());
        let name = name.map_or("<anonymous>", |at| self.facts.source_at(at));
        let span = self.undecorated(span);
        let exported = std::mem::take(&mut self.exporting);
        self.define(name, DefinitionKind::Class, span, exported);
        let fields = self.fields;
        let mut heritage = Vec::new();
        self.each_child(|it, field| {
            if field == fields.name || it.role() == Role::Decorator {
                return;
            }
            let value = it.lower(Position::Value);
            if field != fields.body {
                heritage.extend(value);
            }
        });
        self.facts.end_definition();
        let held = self.facts.children(&heritage);
        self.facts.expr(ExprKind::Other(held), span)
    }

    pub(super) fn interface(&mut self, span: Span) -> Option<ExprId> {
        let name = self
            .child(self.fields.name)
            .map_or("", |node| self.text_of(node));
        let exported = self.exporting;
        self.define(name, DefinitionKind::Interface, span, exported);
        self.facts.end_definition();
        self.comments_within();
        None
    }

    pub(super) fn enumeration(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        let name = self
            .child(fields.name)
            .map_or("", |node| self.text_of(node));
        let exported = self.exporting;
        self.define(name, DefinitionKind::Enum, span, exported);
        self.each_child(|it, field| {
            if field != fields.body {
                return;
            }
            it.each(|it| match it.cursor.node().kind() {
                "enum_assignment" => {
                    let (mut name, mut at, mut value) = ("", Span::default(), None);
                    it.each_child(|it, field| {
                        if field == fields.name {
                            at = it.span();
                            name = it.facts.source_at(at).trim_matches(['"', '\'']);
                        } else if field == fields.value {
                            value = it.lower(Position::Value);
                        }
                    });
                    it.facts
                        .binding(BindingKind::EnumMember, name, value, at, true);
                }
                "property_identifier" | "string" => {
                    let at = it.span();
                    let name = it.facts.source_at(at).trim_matches(['"', '\'']);
                    it.facts
                        .binding(BindingKind::EnumMember, name, None, at, true);
                }
                _ => {
                    it.lower(Position::Value);
                }
            });
        });
        self.facts.end_definition();
        None
    }

    /// A type alias; the literals of a union of strings are its members.
    pub(super) fn alias(&mut self, span: Span) -> Option<ExprId> {
        let name = self
            .child(self.fields.name)
            .map_or("", |node| self.text_of(node));
        let exported = self.exporting;
        self.define(name, DefinitionKind::Alias, span, exported);
        if let Some(value) = self.child(self.fields.value) {
            let mut literals = Vec::new();
            if union_literals(value, &mut literals) {
                for node in literals {
                    let at = span_of(node);
                    let value = self.string(at);
                    let name = self.facts.source_at(at).trim_matches(['"', '\'']);
                    self.facts
                        .binding(BindingKind::EnumMember, name, Some(value), at, true);
                }
            }
        }
        self.facts.end_definition();
        self.comments_within();
        None
    }

    pub(super) fn namespace(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        let name = self
            .child(fields.name)
            .map_or("", |node| self.text_of(node))
            .trim_matches(['"', '\'']);
        let exported = std::mem::take(&mut self.exporting);
        self.define(name, DefinitionKind::Module, span, exported);
        self.each_child(|it, field| {
            if field != fields.name {
                it.lower(Position::Value);
            }
        });
        self.facts.end_definition();
        None
    }

    /// A property of a class.
    pub(super) fn field(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        let name = self
            .child(fields.name)
            .or(self.child(fields.property))
            .map(span_of)?;
        let mut value = None;
        self.each_child(|it, field| {
            if field == fields.value {
                if it.role() == Role::Function {
                    it.pending_name = Some(name);
                }
                value = it.lower(Position::Value);
            } else if field != fields.name && field != fields.property {
                it.lower(Position::Value);
            }
        });
        let text = self.facts.source_at(name).trim_matches(['"', '\'']);
        self.facts
            .binding(BindingKind::Field, text, value, name, true);
        self.pending_decorators.clear();
        None
    }

    pub(super) fn decorator(&mut self, span: Span) -> Option<ExprId> {
        // What a decorator before `export` holds is not exported.
        let exporting = std::mem::take(&mut self.exporting);
        if let Some(value) = self.transparent(Position::Value) {
            let attribute = self.facts.attribute(value, span);
            self.pending_decorators.push(attribute);
        }
        self.exporting = exporting;
        None
    }

    /// `const a = …, b = …`.
    pub(super) fn declaration(&mut self) -> Option<ExprId> {
        let constant = self
            .child(self.fields.kind)
            .is_some_and(|node| node.kind() == "const");
        let around = std::mem::replace(&mut self.constant, constant);
        self.each(|it| {
            it.lower(Position::Value);
        });
        self.constant = around;
        None
    }

    pub(super) fn declarator(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        let (constant, exported) = (self.constant, self.exporting);
        let name = self.child(fields.name)?;
        let kind = if constant {
            BindingKind::Constant
        } else {
            BindingKind::Variable
        };
        let mut value = None;
        self.each_child(|it, field| {
            if field == fields.value {
                // Only what is directly a function, or the first argument of a call, takes the name.
                it.pending_name = (name.kind() == "identifier"
                    && matches!(it.role(), Role::Function | Role::Call | Role::Class))
                .then(|| span_of(name));
                value = it.lower(Position::Value);
                it.pending_name = None;
            } else if field == fields.name {
                it.comments_within();
            } else {
                it.lower(Position::Value);
            }
        });
        if let Some(source) = value.and_then(|value| self.required(value)) {
            self.bind_required(name, &source);
        }
        self.bind(name, kind, value, exported);
        None
    }

    /// Binds the names of a pattern. Parts of a value are made-up member expressions of it.
    fn bind(
        &mut self,
        pattern: Node<'_>,
        kind: BindingKind,
        value: Option<ExprId>,
        exported: bool,
    ) {
        let at = span_of(pattern);
        match pattern.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => {
                let name = self.facts.source_at(at);
                self.facts.binding(kind, name, value, at, exported);
            }
            "object_pattern" => {
                for part in children(pattern) {
                    self.bind_part(part, kind, value, exported);
                }
            }
            "array_pattern" => {
                let mut position = 0;
                for part in children(pattern) {
                    position += u32::from(part.kind() == ",");
                    if !part.is_named()
                        || part.kind() == "rest_pattern"
                        || self.role_of(part) == Role::Comment
                    {
                        continue;
                    }
                    let item = value.map(|value| {
                        let at = span_of(part);
                        self.facts.member(value, &position.to_string(), at)
                    });
                    self.bind(part, kind, item, exported);
                }
            }
            "assignment_pattern" | "object_assignment_pattern" => {
                if let Some(left) = pattern.child_by_field_id(self.fields.left) {
                    self.bind(left, kind, value, exported);
                }
            }
            _ => {}
        }
    }

    fn bind_part(
        &mut self,
        part: Node<'_>,
        kind: BindingKind,
        value: Option<ExprId>,
        exported: bool,
    ) {
        let fields = self.fields;
        let (key, target) = match part.kind() {
            "shorthand_property_identifier_pattern" => (part, part),
            "object_assignment_pattern" => match part.child_by_field_id(fields.left) {
                Some(left) => (left, left),
                None => return,
            },
            "pair_pattern" => match (
                part.child_by_field_id(fields.key),
                part.child_by_field_id(fields.value),
            ) {
                (Some(key), Some(target)) => (key, target),
                _ => return,
            },
            _ => return,
        };
        let name = self.text_of(key).trim_matches(['"', '\'']);
        let at = span_of(part);
        let member = value.map(|value| self.facts.member(value, name, at));
        self.bind(target, kind, member, exported);
    }

    /// `a.b = c`, `a = c`.
    pub(super) fn assignment(&mut self) -> ExprId {
        let fields = self.fields;
        let span = self.span();
        let left_node = self.child(fields.left);
        let name = left_node.and_then(|left| match self.role_of(left) {
            Role::Name => Some(span_of(left)),
            Role::Member => left.child_by_field_id(fields.property).map(span_of),
            _ => None,
        });
        let (mut left, mut right) = (None, None);
        self.each_child(|it, field| {
            if field == fields.left {
                left = it.lower(Position::Value);
            } else if field == fields.right {
                if matches!(it.role(), Role::Function | Role::Class) {
                    it.pending_name = name;
                }
                right = it.lower(Position::Value);
            } else {
                it.lower(Position::Value);
            }
        });
        if let Some(at) = name {
            let text = self.facts.source_at(at);
            self.facts
                .binding(BindingKind::Assignment, text, right, at, false);
            let target = left_node.map_or("", |node| self.text_of(node));
            if target == "module.exports" {
                let name = self.facts.intern("default");
                self.facts.export(Export {
                    name,
                    local: None,
                    value: right,
                });
            } else if let Some(name) = target
                .strip_prefix("module.exports.")
                .or(target.strip_prefix("exports."))
            {
                let name = self.facts.intern(name);
                self.facts.export(Export {
                    name,
                    local: None,
                    value: right,
                });
            }
        }
        let held: Vec<ExprId> = left.into_iter().chain(right).collect();
        let held = self.facts.children(&held);
        self.facts.expr(ExprKind::Other(held), span)
    }

    /// The module that a value loads, where it is `require("…")` or a member of that.
    fn required(&self, value: ExprId) -> Option<String> {
        let ExprKind::Call { callee, args, .. } = self.facts.get(value).kind else {
            return None;
        };
        let ExprKind::Name(name) = self.facts.get(callee).kind else {
            return None;
        };
        let [arg] = self.facts.list(args) else {
            return None;
        };
        let ExprKind::Str(source) = self.facts.get(*arg).kind else {
            return None;
        };
        (self.facts.text(name) == "require").then(|| self.facts.text(source).to_owned())
    }

    fn bind_required(&mut self, pattern: Node<'_>, source: &str) {
        let source = self.facts.intern(source);
        let span = span_of(pattern);
        let add = |it: &mut Self, imported, local: &str| {
            let local = Some(it.facts.intern(local));
            it.facts.import(Import {
                source,
                imported,
                local,
                type_only: false,
                reexport: false,
                span,
            });
        };
        if pattern.kind() == "identifier" {
            add(self, Imported::Namespace, self.text_of(pattern));
            return;
        }
        for part in children(pattern) {
            let (key, target) = match part.kind() {
                "shorthand_property_identifier_pattern" => (part, part),
                "pair_pattern" => {
                    let fields = self.fields;
                    match (
                        part.child_by_field_id(fields.key),
                        part.child_by_field_id(fields.value),
                    ) {
                        (Some(key), Some(target)) if target.kind() == "identifier" => (key, target),
                        _ => continue,
                    }
                }
                _ => continue,
            };
            let name = self.facts.intern(self.text_of(key));
            add(self, Imported::Named(name), self.text_of(target));
        }
    }
}

/// Collects the literals of a union type; false if anything else is in it.
fn union_literals<'t>(node: Node<'t>, into: &mut Vec<Node<'t>>) -> bool {
    // Unions lean to the left, one level for each member.
    let mut node = node;
    loop {
        match node.kind() {
            "union_type" => {
                let parts: Vec<Node<'t>> =
                    children(node).into_iter().filter(Node::is_named).collect();
                let (Some(first), rest) = (parts.first(), parts.get(1..).unwrap_or(&[])) else {
                    return false;
                };
                for part in rest {
                    if part.kind() == "comment" {
                        continue;
                    }
                    if !literal(*part, into) {
                        return false;
                    }
                }
                node = *first;
            }
            _ => {
                let fine = literal(node, into);
                into.sort_by_key(Node::start_byte);
                return fine;
            }
        }
    }
}

fn literal<'t>(node: Node<'t>, into: &mut Vec<Node<'t>>) -> bool {
    if node.kind() != "literal_type" {
        return false;
    }
    let string = node.named_child(0).filter(|inner| inner.kind() == "string");
    into.extend(string);
    string.is_some()
}
