//! Functions, types and the names that get values.

use bespoke_facts::{
    BindingKind, DefinitionId, DefinitionKind, DefinitionStart, Export, ExprId, ExprKind, Import,
    Imported, Span,
};
use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, AssignmentExpression, AssignmentTarget,
    BindingPattern, Class, ClassElement, Declaration, Decorator, Expression, FormalParameter,
    FormalParameters, Function, FunctionBody, ObjectPattern, PropertyKey, TSEnumDeclaration,
    TSEnumMemberName, TSImportEqualsDeclaration, TSLiteral, TSModuleBlock, TSModuleReference,
    TSNamespaceDeclaration, TSNamespaceDeclarationBody, TSType, TSTypeAliasDeclaration,
    VariableDeclaration, VariableDeclarationKind, VariableDeclarator,
};
use oxc_span::GetSpan as _;

use super::{Lowering, Position, values::is_function};

impl<'a> Lowering<'a> {
    /// Lowers a declaration; gives the value of a function or class.
    pub(super) fn declare(&mut self, it: &Declaration<'_>) -> Option<ExprId> {
        match it {
            Declaration::VariableDeclaration(it) => self.declaration(it),
            Declaration::FunctionDeclaration(it) => return self.function(it),
            Declaration::ClassDeclaration(it) => return Some(self.class(it)),
            Declaration::TSTypeAliasDeclaration(it) => self.alias(it),
            Declaration::TSInterfaceDeclaration(it) => {
                self.interface(it.id.span, it.span, it.declare);
            }
            Declaration::TSEnumDeclaration(it) => self.enumeration(it),
            Declaration::TSExternalModuleDeclaration(it) => {
                let name = self
                    .facts
                    .source_at(self.at(it.id.span))
                    .trim_matches(['"', '\'']);
                let mut span = it.span;
                if it.body.is_none() {
                    span.end = it.id.span.end;
                }
                self.namespace(name, span, it.declare, it.body.as_deref());
            }
            Declaration::TSNamespaceDeclaration(it) => self.named_namespace(it),
            Declaration::TSGlobalDeclaration(it) => self.module_block(&it.body),
            Declaration::TSImportEqualsDeclaration(it) => self.import_equals(it),
        }
        None
    }

    /// A function declaration or value. One that has a name, of its own or by what it is assigned to, is a definition.
    pub(super) fn function(&mut self, it: &Function<'_>) -> Option<ExprId> {
        // One that is only declared runs nothing.
        let body = it.body.as_deref()?;
        let span = self.past_declare(it.span, it.declare);
        let own = it.id.as_ref().map(|id| self.at(id.span));
        let name = own.or(self.pending_name.take());
        let Some(name) = name.map(|at| self.facts.source_at(at)) else {
            return Some(self.function_body(None, span, it, body));
        };
        let exported = self.exporting;
        self.define(name, DefinitionKind::Function, span, exported);
        let value = self.function_body(Some(name), span, it, body);
        self.facts.end_definition();
        Some(value)
    }

    fn function_body(
        &mut self,
        name: Option<&str>,
        span: Span,
        it: &Function<'_>,
        body: &FunctionBody<'_>,
    ) -> ExprId {
        let at = self.at(body.span);
        self.in_function(name, span, at, |lowering| {
            lowering.parameters(&it.params);
            lowering.body(body);
        })
    }

    /// A function's parts, with what is around it set aside.
    fn in_function(
        &mut self,
        name: Option<&str>,
        span: Span,
        body: Span,
        read: impl FnOnce(&mut Self),
    ) -> ExprId {
        let (exporting, constant) = (
            std::mem::take(&mut self.exporting),
            std::mem::take(&mut self.constant),
        );
        let decorators = std::mem::take(&mut self.pending_decorators);
        let id = self.facts.begin_function(name, span, body);
        read(self);
        self.facts.end_function();
        (self.exporting, self.constant, self.pending_decorators) =
            (exporting, constant, decorators);
        self.facts.expr(ExprKind::Function(id), span)
    }

    fn body(&mut self, body: &FunctionBody<'_>) {
        for directive in &body.directives {
            self.string(directive.expression.span);
        }
        self.statements(&body.statements);
    }

    pub(super) fn arrow(&mut self, it: &ArrowFunctionExpression<'_>) -> ExprId {
        let span = self.at(it.span);
        let name = self.pending_name.take().map(|at| self.facts.source_at(at));
        if let Some(name) = name {
            let exported = self.exporting;
            self.define(name, DefinitionKind::Function, span, exported);
        }
        let at = self.at(it.body.span());
        let value = self.in_function(name, span, at, |lowering| {
            lowering.parameters(&it.params);
            match &it.body {
                ArrowFunctionBody::FunctionBody(body) => lowering.body(body),
                body => {
                    let value = body.as_expression();
                    let value = value.and_then(|it| lowering.expr(it, Position::Value));
                    if let Some(value) = value {
                        lowering.facts.add_return(value);
                    }
                }
            }
        });
        if name.is_some() {
            self.facts.end_definition();
        }
        value
    }

    /// A function of a class or an object literal.
    pub(super) fn method(&mut self, name: Span, it: &Function<'_>, span: Span) -> ExprId {
        let name = self.facts.source_at(name);
        self.define(name, DefinitionKind::Method, span, true);
        let value = match it.body.as_deref() {
            Some(body) => self.function_body(Some(name), span, it, body),
            None => self.facts.expr(ExprKind::Null, span),
        };
        self.facts.end_definition();
        value
    }

    fn parameters(&mut self, it: &FormalParameters<'_>) {
        let mut params = Vec::with_capacity(it.items.len());
        for item in &it.items {
            params.extend(self.parameter(item));
        }
        if let Some(rest) = &it.rest {
            self.decorators(&rest.decorators);
            params.extend(self.pattern(&rest.rest.argument));
        }
        // Those of parameters are no definition's.
        self.pending_decorators.clear();
        self.facts.params(&params);
    }

    /// A parameter as an expression: a name, or an object or list of names.
    fn parameter(&mut self, it: &FormalParameter<'_>) -> Option<ExprId> {
        self.decorators(&it.decorators);
        let (pattern, default) = match &it.pattern {
            BindingPattern::AssignmentPattern(it) => (&it.left, Some(&it.right)),
            pattern => (pattern, it.initializer.as_deref()),
        };
        let pattern = match pattern {
            BindingPattern::ObjectPattern(it) => Some(self.object_parameter(it)),
            other => self.pattern(other),
        };
        let default = default.and_then(|it| self.expr(it, Position::Value));
        if let (Some(pattern), Some(value)) = (pattern, default)
            && let ExprKind::Name(_) = self.facts.get(pattern).kind
        {
            let at = self.facts.get(pattern).span;
            let name = self.facts.source_at(at);
            self.facts
                .binding(BindingKind::Parameter, name, Some(value), at, false);
        }
        pattern
    }

    fn object_parameter(&mut self, it: &ObjectPattern<'_>) -> ExprId {
        let mut entries = Vec::with_capacity(it.properties.len());
        for property in &it.properties {
            let at = self.at(property.span);
            if !property.shorthand {
                let entry = self.pattern_entry(&property.key, property.computed, at, |lowering| {
                    lowering.pattern(&property.value)
                });
                entries.extend(entry);
                continue;
            }
            let name = self.at(property.key.span());
            let text = self.facts.source_at(name);
            let key = self.facts.string(text, name);
            let value = self.facts.name(text, name);
            entries.push(self.facts.expr(ExprKind::Entry { key, value }, name));
            if let BindingPattern::AssignmentPattern(it) = &property.value
                && let Some(default) = self.expr(&it.right, Position::Value)
            {
                self.facts
                    .binding(BindingKind::Parameter, text, Some(default), name, false);
            }
        }
        if let Some(rest) = &it.rest {
            entries.extend(self.pattern(&rest.argument));
        }
        let entries = self.facts.children(&entries);
        self.facts.expr(ExprKind::Object(entries), self.at(it.span))
    }

    fn decorators(&mut self, decorators: &[Decorator<'_>]) {
        for decorator in decorators {
            if let Some(value) = self.expr(&decorator.expression, Position::Value) {
                let span = self.at(decorator.span);
                let attribute = self.facts.attribute(value, span);
                self.pending_decorators.push(attribute);
            }
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

    pub(super) fn class(&mut self, it: &Class<'_>) -> ExprId {
        let own = it.id.as_ref().map(|id| self.at(id.span));
        let name = own.or(self.pending_name.take());
        let name = name.map_or("<anonymous>", |at| self.facts.source_at(at));
        let span = self.past_decorators(self.past_declare(it.span, it.declare), &it.decorators);
        let exported = std::mem::take(&mut self.exporting);
        self.decorators(&it.decorators);
        self.define(name, DefinitionKind::Class, span, exported);
        let heritage = it.heritage.as_ref();
        let heritage = heritage.and_then(|it| self.expr(&it.expression, Position::Value));
        for element in &it.body.body {
            self.element(element);
        }
        self.facts.end_definition();
        self.holding(heritage.as_slice(), span)
    }

    fn element(&mut self, it: &ClassElement<'_>) {
        match it {
            ClassElement::StaticBlock(it) => self.statements(&it.body),
            ClassElement::MethodDefinition(it) => {
                self.decorators(&it.decorators);
                if it.value.body.is_some() {
                    let span = self.past_decorators(self.at(it.span), &it.decorators);
                    let name = self.key_span(&it.key, it.computed);
                    self.method(name, &it.value, span);
                }
            }
            ClassElement::PropertyDefinition(it) => {
                self.decorators(&it.decorators);
                self.field(&it.key, it.computed, it.value.as_ref());
            }
            ClassElement::AccessorProperty(it) => {
                self.decorators(&it.decorators);
                self.field(&it.key, it.computed, it.value.as_ref());
            }
            ClassElement::TSIndexSignature(_) => {}
        }
    }

    /// A property of a class.
    fn field(&mut self, key: &PropertyKey<'_>, computed: bool, value: Option<&Expression<'_>>) {
        let name = self.key_span(key, computed);
        let value = value.and_then(|it| {
            if is_function(it) {
                self.pending_name = Some(name);
            }
            self.expr(it, Position::Value)
        });
        let text = self.facts.source_at(name).trim_matches(['"', '\'']);
        self.facts
            .binding(BindingKind::Field, text, value, name, true);
        self.pending_decorators.clear();
    }

    pub(super) fn interface(&mut self, name: oxc_span::Span, span: oxc_span::Span, declare: bool) {
        let name = self.facts.source_at(self.at(name));
        let span = self.past_declare(span, declare);
        let exported = self.exporting;
        self.define(name, DefinitionKind::Interface, span, exported);
        self.facts.end_definition();
    }

    fn enumeration(&mut self, it: &TSEnumDeclaration<'_>) {
        let name = self.facts.source_at(self.at(it.id.span));
        let exported = self.exporting;
        let span = self.past_declare(it.span, it.declare);
        self.define(name, DefinitionKind::Enum, span, exported);
        for member in &it.body.members {
            let at = match &member.id {
                TSEnumMemberName::Identifier(it) => self.at(it.span),
                TSEnumMemberName::String(it) | TSEnumMemberName::ComputedString(it) => {
                    self.at(it.span)
                }
                TSEnumMemberName::ComputedTemplateString(it) => self.at(it.span),
            };
            let value = member.initializer.as_ref();
            let value = value.and_then(|it| self.expr(it, Position::Value));
            let name = self.facts.source_at(at).trim_matches(['"', '\'', '`']);
            self.facts
                .binding(BindingKind::EnumMember, name, value, at, true);
        }
        self.facts.end_definition();
    }

    /// A type alias; the literals of a union of strings are its members.
    fn alias(&mut self, it: &TSTypeAliasDeclaration<'_>) {
        let name = self.facts.source_at(self.at(it.id.span));
        let exported = self.exporting;
        let span = self.past_declare(it.span, it.declare);
        self.define(name, DefinitionKind::Alias, span, exported);
        let mut literals = Vec::new();
        if union_literals(&it.type_annotation, &mut literals) {
            for literal in literals {
                let value = self.string(literal);
                let at = self.at(literal);
                let name = self.facts.source_at(at).trim_matches(['"', '\'']);
                self.facts
                    .binding(BindingKind::EnumMember, name, Some(value), at, true);
            }
        }
        self.facts.end_definition();
    }

    fn named_namespace(&mut self, it: &TSNamespaceDeclaration<'_>) {
        // `namespace a.b {}` is one.
        let (mut name, mut body) = (it.id.span, &it.body);
        let block = loop {
            match body {
                TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                    name.end = inner.id.span.end;
                    body = &inner.body;
                }
                TSNamespaceDeclarationBody::TSModuleBlock(block) => break block,
            }
        };
        let name = self.facts.source_at(self.at(name));
        self.namespace(name, it.span, it.declare, Some(block));
    }

    fn namespace(
        &mut self,
        name: &str,
        span: oxc_span::Span,
        declare: bool,
        body: Option<&TSModuleBlock<'_>>,
    ) {
        let span = self.past_declare(span, declare);
        let exported = std::mem::take(&mut self.exporting);
        self.define(name, DefinitionKind::Module, span, exported);
        if let Some(body) = body {
            self.module_block(body);
        }
        self.facts.end_definition();
    }

    fn module_block(&mut self, it: &TSModuleBlock<'_>) {
        for directive in &it.directives {
            self.string(directive.expression.span);
        }
        self.statements(&it.body);
    }

    /// `import a = require("b")`; an alias of a name brings in nothing.
    fn import_equals(&mut self, it: &TSImportEqualsDeclaration<'_>) {
        let TSModuleReference::ExternalModuleReference(module) = &it.module_reference else {
            return;
        };
        let span = self.at(it.span);
        let source = self.unquoted(module.expression.span);
        let source = self.facts.intern(source);
        let local = self.facts.source_at(self.at(it.id.span));
        let local = Some(self.facts.intern(local));
        self.facts.import(Import {
            source,
            imported: Imported::Namespace,
            local,
            type_only: it.import_kind.is_type(),
            reexport: false,
            span,
        });
    }

    /// `const a = …, b = …`.
    pub(super) fn declaration(&mut self, it: &VariableDeclaration<'_>) {
        let constant = it.kind == VariableDeclarationKind::Const;
        let around = std::mem::replace(&mut self.constant, constant);
        for declarator in &it.declarations {
            self.declarator(declarator);
        }
        self.constant = around;
    }

    fn declarator(&mut self, it: &VariableDeclarator<'_>) {
        let (constant, exported) = (self.constant, self.exporting);
        let kind = if constant {
            BindingKind::Constant
        } else {
            BindingKind::Variable
        };
        let value = it.init.as_ref().and_then(|init| {
            // Only what is directly a function, or the first argument of a call, takes the name.
            self.pending_name = match &it.id {
                BindingPattern::BindingIdentifier(name) if takes_name(init) => {
                    Some(self.at(name.span))
                }
                _ => None,
            };
            let value = self.expr(init, Position::Value);
            self.pending_name = None;
            value
        });
        if let Some(source) = value.and_then(|value| self.required(value)) {
            self.bind_required(&it.id, &source);
        }
        self.bind(&it.id, kind, value, exported);
    }

    /// Binds the names of a pattern. Parts of a value are made-up member expressions of it.
    fn bind(
        &mut self,
        pattern: &BindingPattern<'_>,
        kind: BindingKind,
        value: Option<ExprId>,
        exported: bool,
    ) {
        if !self.depth.down() {
            return;
        }
        match pattern {
            BindingPattern::BindingIdentifier(it) => {
                let at = self.at(it.span);
                let name = self.facts.source_at(at);
                self.facts.binding(kind, name, value, at, exported);
            }
            BindingPattern::ObjectPattern(it) => {
                for property in &it.properties {
                    let key = self.key_span(&property.key, property.computed);
                    let name = self.facts.source_at(key).trim_matches(['"', '\'']);
                    let at = self.at(property.span);
                    let member = value.map(|value| self.facts.member(value, name, at));
                    self.bind(&property.value, kind, member, exported);
                }
            }
            BindingPattern::ArrayPattern(it) => {
                for (position, part) in it.elements.iter().enumerate() {
                    let Some(part) = part else { continue };
                    let item = value.map(|value| {
                        let at = self.at(part.span());
                        self.facts.member(value, &position.to_string(), at)
                    });
                    self.bind(part, kind, item, exported);
                }
            }
            BindingPattern::AssignmentPattern(it) => self.bind(&it.left, kind, value, exported),
        }
        self.depth.up();
    }

    /// `a.b = c`, `a = c`.
    pub(super) fn assignment(&mut self, it: &AssignmentExpression<'_>) -> ExprId {
        let span = self.at(it.span);
        let name = match &it.left {
            AssignmentTarget::AssignmentTargetIdentifier(it) => Some(it.span),
            AssignmentTarget::StaticMemberExpression(it) => Some(it.property.span),
            AssignmentTarget::PrivateFieldExpression(it) => Some(it.field.span),
            _ => None,
        };
        let name = name.map(|name| self.at(name));
        let left = self.target(&it.left);
        if is_function(&it.right) || matches!(it.right, Expression::ClassExpression(_)) {
            self.pending_name = name;
        }
        let right = self.expr(&it.right, Position::Value);
        if let Some(at) = name {
            let text = self.facts.source_at(at);
            self.facts
                .binding(BindingKind::Assignment, text, right, at, false);
            let target = self.facts.source_at(self.at(it.left.span()));
            let given = if target == "module.exports" {
                Some("default")
            } else {
                target
                    .strip_prefix("module.exports.")
                    .or(target.strip_prefix("exports."))
            };
            if let Some(name) = given {
                let name = self.facts.intern(name);
                self.facts.export(Export {
                    name,
                    local: None,
                    value: right,
                });
            }
        }
        let held: Vec<ExprId> = left.into_iter().chain(right).collect();
        self.holding(&held, span)
    }

    /// The module that a value loads, where it is `require("…")`.
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

    fn bind_required(&mut self, pattern: &BindingPattern<'_>, source: &str) {
        let source = self.facts.intern(source);
        let span = self.at(pattern.span());
        let add = |it: &mut Self, imported, local: oxc_span::Span| {
            let local = it.facts.source_at(it.at(local));
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
        match pattern {
            BindingPattern::BindingIdentifier(it) => add(self, Imported::Namespace, it.span),
            BindingPattern::ObjectPattern(it) => {
                for property in &it.properties {
                    if let BindingPattern::BindingIdentifier(local) = &property.value {
                        let name = self
                            .facts
                            .source_at(self.key_span(&property.key, property.computed));
                        let name = self.facts.intern(name);
                        add(self, Imported::Named(name), local.span);
                    }
                }
            }
            _ => {}
        }
    }

    /// A span without the `declare` that starts it.
    fn past_declare(&self, span: oxc_span::Span, declare: bool) -> Span {
        let at = self.at(span);
        if declare && self.facts.source_at(at).starts_with("declare") {
            let declare = u32::try_from("declare".len()).unwrap_or(0);
            return Span::new(self.skip_trivia(at.start + declare), at.end);
        }
        at
    }

    /// A span without the decorators that start it.
    fn past_decorators(&self, at: Span, decorators: &[Decorator<'_>]) -> Span {
        match decorators.last().map(|last| self.at(last.span)) {
            Some(last) if last.start >= at.start => Span::new(self.skip_trivia(last.end), at.end),
            _ => at,
        }
    }

    /// Where the next token starts.
    fn skip_trivia(&self, from: u32) -> u32 {
        let mut rest = self.source.get(from as usize..).unwrap_or("");
        loop {
            rest = rest.trim_start();
            let past = if rest.starts_with("//") {
                rest.find('\n')
            } else if rest.starts_with("/*") {
                rest.find("*/").map(|at| at + 2)
            } else {
                break;
            };
            rest = past.and_then(|at| rest.get(at..)).unwrap_or("");
        }
        u32::try_from(self.source.len() - rest.len()).unwrap_or(u32::MAX)
    }

    /// A string literal's text as written, without its quotes.
    pub(super) fn unquoted(&self, span: oxc_span::Span) -> &'a str {
        let text = self.facts.source_at(self.at(span));
        text.get(1..text.len().saturating_sub(1)).unwrap_or("")
    }
}

/// Whether a declared name is passed on to the function in this.
fn takes_name(it: &Expression<'_>) -> bool {
    match it {
        Expression::CallExpression(_)
        | Expression::ImportExpression(_)
        | Expression::TaggedTemplateExpression(_)
        | Expression::ClassExpression(_) => true,
        Expression::ChainExpression(it) => {
            matches!(it.expression, oxc_ast::ast::ChainElement::CallExpression(_))
        }
        it => is_function(it),
    }
}

/// Collects the literals of a union type; false if anything else is in it.
fn union_literals(it: &TSType<'_>, into: &mut Vec<oxc_span::Span>) -> bool {
    let mut literal = |it: &TSType<'_>| match it {
        TSType::TSLiteralType(it) => match &it.literal {
            TSLiteral::StringLiteral(it) => {
                into.push(it.span);
                true
            }
            _ => false,
        },
        _ => false,
    };
    match it {
        TSType::TSUnionType(it) => it.types.iter().all(literal),
        it => literal(it),
    }
}
