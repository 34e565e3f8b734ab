//! Expressions.

use bespoke_facts::{BranchKind, CallForm, CompareOp, ExprId, ExprKind, LogicOp, Span};
use oxc_ast::ast::{
    Argument, ArrayExpression, ArrayExpressionElement, AssignmentTarget,
    AssignmentTargetMaybeDefault, AssignmentTargetProperty, BinaryExpression, BindingPattern,
    ChainElement, Expression, JSXAttributeItem, JSXAttributeName, JSXAttributeValue, JSXChild,
    JSXElement, JSXElementName, JSXExpression, JSXFragment, JSXMemberExpression,
    JSXMemberExpressionObject, LogicalExpression, ObjectExpression, ObjectProperty,
    ObjectPropertyKind, PropertyKey, PropertyKind, SimpleAssignmentTarget, StaticMemberExpression,
    TemplateLiteral, UnaryExpression,
};
use oxc_span::GetSpan as _;
use oxc_syntax::operator::{BinaryOperator, LogicalOperator, UnaryOperator};

use super::{Lowering, Position};
use crate::lower::unescape;

impl Lowering<'_> {
    /// Lowers an expression and gives its value.
    pub(super) fn expr(&mut self, it: &Expression<'_>, position: Position) -> Option<ExprId> {
        if !self.depth.down() {
            return None;
        }
        let value = self.expr_within(it, position);
        self.depth.up();
        value
    }

    fn expr_within(&mut self, it: &Expression<'_>, position: Position) -> Option<ExprId> {
        let span = self.at(it.span());
        match it {
            Expression::BooleanLiteral(it) => Some(self.facts.expr(ExprKind::Bool(it.value), span)),
            Expression::NullLiteral(_) => Some(self.facts.expr(ExprKind::Null, span)),
            Expression::NumericLiteral(_) | Expression::BigIntLiteral(_) => Some(self.number(span)),
            Expression::RegExpLiteral(_) => {
                let pattern = self.facts.string(self.facts.source_at(span), span);
                Some(self.holding(&[pattern], span))
            }
            Expression::StringLiteral(it) => Some(self.string(it.span)),
            Expression::TemplateLiteral(it) => Some(self.template(it)),
            Expression::Identifier(_) => Some(self.identifier(span)),
            Expression::Super(_)
            | Expression::ThisExpression(_)
            | Expression::ImportMeta(_)
            | Expression::NewTarget(_) => Some(self.facts.name(self.facts.source_at(span), span)),
            Expression::ArrayExpression(it) => Some(self.list(it)),
            Expression::ObjectExpression(it) => Some(self.object(it)),
            Expression::ArrowFunctionExpression(it) => Some(self.arrow(it)),
            Expression::FunctionExpression(it) => self.function(it),
            Expression::ClassExpression(it) => Some(self.class(it)),
            Expression::AssignmentExpression(it) => Some(self.assignment(it)),
            // These stand for the expression in them.
            Expression::ParenthesizedExpression(it) => self.expr(&it.expression, position),
            Expression::AwaitExpression(it) => self.expr(&it.argument, position),
            Expression::TSAsExpression(it) => self.expr(&it.expression, position),
            Expression::TSSatisfiesExpression(it) => self.expr(&it.expression, position),
            Expression::TSTypeAssertion(it) => self.expr(&it.expression, position),
            Expression::TSNonNullExpression(it) => self.expr(&it.expression, position),
            Expression::TSInstantiationExpression(it) => self.expr(&it.expression, position),
            Expression::ChainExpression(it) => self.chain(&it.expression, position),
            Expression::BinaryExpression(it) => self.binary(it, position),
            Expression::LogicalExpression(it) => self.logical(it, position),
            Expression::PrivateInExpression(it) => {
                let left = self.at(it.left.span);
                let left = self.facts.name(self.facts.source_at(left), left);
                let right = self.expr(&it.right, Position::Value);
                self.compare(CompareOp::In, Some(left), right, span, position)
            }
            Expression::CallExpression(it) => {
                let name = self.pending_name.take();
                let callee = self.expr(&it.callee, Position::Value);
                let args = self.arguments(&it.arguments, name);
                Some(self.call(callee, &args, CallForm::Call, span))
            }
            Expression::NewExpression(it) => {
                let name = self.pending_name.take();
                let callee = self.expr(&it.callee, Position::Value);
                let args = self.arguments(&it.arguments, name);
                Some(self.call(callee, &args, CallForm::New, span))
            }
            Expression::ImportExpression(it) => {
                self.pending_name = None;
                let at = Span::new(span.start, span.start + 6);
                let callee = self.facts.name("import", at);
                let mut args = Vec::new();
                args.extend(self.expr(&it.source, Position::Value));
                let options = it.options.as_ref();
                args.extend(options.and_then(|it| self.expr(it, Position::Value)));
                Some(self.call(Some(callee), &args, CallForm::Call, span))
            }
            Expression::TaggedTemplateExpression(it) => {
                self.pending_name = None;
                let callee = self.expr(&it.tag, Position::Value);
                let args = [self.template(&it.quasi)];
                Some(self.call(callee, &args, CallForm::Tagged, span))
            }
            Expression::ConditionalExpression(it) => self.ternary(it),
            Expression::SequenceExpression(it) => {
                let mut held = Vec::new();
                for part in &it.expressions {
                    held.extend(self.expr(part, Position::Value));
                }
                Some(self.holding(&held, span))
            }
            Expression::UnaryExpression(it) => self.unary(it, position),
            Expression::UpdateExpression(it) => {
                let held = self.simple_target(&it.argument)?;
                Some(self.holding(&[held], span))
            }
            Expression::YieldExpression(it) => {
                let held = self.expr(it.argument.as_ref()?, Position::Value)?;
                Some(self.holding(&[held], span))
            }
            Expression::JSXElement(it) => Some(self.jsx_element(it)),
            Expression::JSXFragment(it) => Some(self.jsx_fragment(it)),
            Expression::StaticMemberExpression(it) => Some(self.member(it)),
            Expression::PrivateFieldExpression(it) => {
                let object = self.expr(&it.object, Position::Value);
                Some(self.member_of(object, it.field.span, span))
            }
            Expression::ComputedMemberExpression(it) => {
                let object = self.expr(&it.object, Position::Value);
                let index = self.expr(&it.expression, Position::Value);
                self.index(object, index, span)
            }
            Expression::V8IntrinsicExpression(_) => None,
        }
    }

    /// An expression that is kept for what it holds.
    pub(super) fn holding(&mut self, held: &[ExprId], span: Span) -> ExprId {
        let held = self.facts.children(held);
        self.facts.expr(ExprKind::Other(held), span)
    }

    fn number(&mut self, span: Span) -> ExprId {
        let name = self.facts.intern(self.facts.source_at(span));
        self.facts.expr(ExprKind::Number(name), span)
    }

    fn identifier(&mut self, span: Span) -> ExprId {
        match self.facts.source_at(span) {
            "undefined" => self.facts.expr(ExprKind::Null, span),
            name => self.facts.name(name, span),
        }
    }

    pub(super) fn string(&mut self, span: oxc_span::Span) -> ExprId {
        let span = self.at(span);
        let raw = self.facts.source_at(span);
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
        if inner.contains('\\') {
            let value = unescape(inner);
            self.facts.string(&value, span)
        } else {
            self.facts.string(inner, span)
        }
    }

    fn template(&mut self, it: &TemplateLiteral<'_>) -> ExprId {
        let span = self.at(it.span);
        if it.expressions.is_empty() {
            let raw = self.facts.source_at(span);
            let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
            return self.facts.string(inner, span);
        }
        let mut parts = Vec::new();
        let mut expressions = it.expressions.iter();
        for literal in &it.quasis {
            let at = self.at(literal.span);
            if !at.is_empty() {
                parts.push(self.fragment(at));
            }
            if let Some(expression) = expressions.next() {
                parts.extend(self.expr(expression, Position::Value));
            }
        }
        let parts = self.facts.children(&parts);
        self.facts.expr(ExprKind::Template(parts), span)
    }

    fn fragment(&mut self, at: Span) -> ExprId {
        let raw = self.facts.source_at(at);
        if raw.contains('\\') {
            let value = unescape(raw);
            self.facts.string(&value, at)
        } else {
            self.facts.string(raw, at)
        }
    }

    fn member(&mut self, it: &StaticMemberExpression<'_>) -> ExprId {
        let object = self.expr(&it.object, Position::Value);
        let span = self.at(it.span);
        self.member_of(object, it.property.span, span)
    }

    fn member_of(&mut self, object: Option<ExprId>, name: oxc_span::Span, span: Span) -> ExprId {
        let name = self.facts.source_at(self.at(name));
        match object {
            Some(object) => self.facts.member(object, name, span),
            None => self.facts.name(name, span),
        }
    }

    fn index(
        &mut self,
        object: Option<ExprId>,
        index: Option<ExprId>,
        span: Span,
    ) -> Option<ExprId> {
        let (object, index) = (object?, index?);
        Some(match self.facts.get(index).kind {
            ExprKind::Str(name) => self.facts.expr(ExprKind::Member { object, name }, span),
            _ => self.facts.expr(ExprKind::Index { object, index }, span),
        })
    }

    /// A part of an optional chain.
    fn chain(&mut self, it: &ChainElement<'_>, position: Position) -> Option<ExprId> {
        match it {
            ChainElement::CallExpression(it) => {
                let span = self.at(it.span);
                let name = self.pending_name.take();
                let callee = self.expr(&it.callee, Position::Value);
                let args = self.arguments(&it.arguments, name);
                Some(self.call(callee, &args, CallForm::Call, span))
            }
            ChainElement::TSNonNullExpression(it) => self.expr(&it.expression, position),
            ChainElement::StaticMemberExpression(it) => Some(self.member(it)),
            ChainElement::PrivateFieldExpression(it) => {
                let span = self.at(it.span);
                let object = self.expr(&it.object, Position::Value);
                Some(self.member_of(object, it.field.span, span))
            }
            ChainElement::ComputedMemberExpression(it) => {
                let span = self.at(it.span);
                let object = self.expr(&it.object, Position::Value);
                let index = self.expr(&it.expression, Position::Value);
                self.index(object, index, span)
            }
        }
    }

    fn arguments(&mut self, arguments: &[Argument<'_>], name: Option<Span>) -> Vec<ExprId> {
        let (mut args, mut first) = (Vec::with_capacity(arguments.len()), name);
        for argument in arguments {
            let value = match argument {
                Argument::SpreadElement(it) => self.expr(&it.argument, Position::Value),
                _ => argument.as_expression().and_then(|it| {
                    // `const f = memo(() => …)`: the name is the function's.
                    if is_function(it) {
                        self.pending_name = first.take();
                    }
                    self.expr(it, Position::Value)
                }),
            };
            if value.is_some() {
                first = None;
            }
            args.extend(value);
        }
        args
    }

    fn call(
        &mut self,
        callee: Option<ExprId>,
        args: &[ExprId],
        form: CallForm,
        span: Span,
    ) -> ExprId {
        let callee = match callee {
            Some(callee) => callee,
            None => self.facts.name("import", Span::new(span.start, span.start)),
        };
        let args = self.facts.children(args);
        self.facts.expr(ExprKind::Call { callee, args, form }, span)
    }

    fn unary(&mut self, it: &UnaryExpression<'_>, position: Position) -> Option<ExprId> {
        let span = self.at(it.span);
        let not = it.operator == UnaryOperator::LogicalNot;
        let value = self.expr(&it.argument, if not { position } else { Position::Value })?;
        Some(match it.operator {
            UnaryOperator::LogicalNot => self.facts.expr(ExprKind::Not(value), span),
            UnaryOperator::Void => self.facts.expr(ExprKind::Null, span),
            _ => self.holding(&[value], span),
        })
    }

    fn binary(&mut self, it: &BinaryExpression<'_>, position: Position) -> Option<ExprId> {
        let span = self.at(it.span);
        let left = self.expr(&it.left, Position::Value);
        let right = self.expr(&it.right, Position::Value);
        match comparison(it.operator) {
            Some(op) => self.compare(op, left, right, span, position),
            None => match (left, right) {
                (Some(left), Some(right)) => Some(self.holding(&[left, right], span)),
                (one, other) => one.or(other),
            },
        }
    }

    fn compare(
        &mut self,
        op: CompareOp,
        left: Option<ExprId>,
        right: Option<ExprId>,
        span: Span,
        position: Position,
    ) -> Option<ExprId> {
        let (Some(left), Some(right)) = (left, right) else {
            return left.or(right);
        };
        let id = self.facts.expr(ExprKind::Compare { op, left, right }, span);
        if position == Position::Value {
            self.facts
                .branch(BranchKind::Value, id, span, (None, None), false);
        }
        Some(id)
    }

    fn logical(&mut self, it: &LogicalExpression<'_>, position: Position) -> Option<ExprId> {
        let span = self.at(it.span);
        let op = match it.operator {
            LogicalOperator::And => LogicOp::And,
            LogicalOperator::Or => LogicOp::Or,
            LogicalOperator::Coalesce => LogicOp::Coalesce,
        };
        let outermost = position == Position::Value;
        // A logical expression outside a condition either is a test itself or guards its last operand.
        let is_test = is_test(&it.right);
        let (on_left, on_right) = match op {
            LogicOp::Coalesce => (position, position),
            _ if outermost && !is_test => (Position::Condition, Position::Value),
            _ => (Position::Condition, Position::Condition),
        };
        let left = self.expr(&it.left, on_left);
        let right = self.expr(&it.right, on_right);
        let (Some(left), Some(right)) = (left, right) else {
            return left.or(right);
        };
        let id = self.facts.logic(op, &[left, right], span);
        if outermost && op != LogicOp::Coalesce {
            if is_test {
                self.facts
                    .branch(BranchKind::Value, id, span, (None, None), false);
            } else {
                let region = Some(self.at(it.right.span()));
                let regions = if op == LogicOp::And {
                    (region, None)
                } else {
                    (None, region)
                };
                let at = self.facts.get(left).span;
                self.facts
                    .branch(BranchKind::Guard, left, at, regions, false);
            }
        }
        Some(id)
    }

    fn list(&mut self, it: &ArrayExpression<'_>) -> ExprId {
        let mut items = Vec::with_capacity(it.elements.len());
        for element in &it.elements {
            items.extend(match element {
                ArrayExpressionElement::SpreadElement(it) => {
                    self.expr(&it.argument, Position::Value)
                }
                ArrayExpressionElement::Elision(_) => None,
                _ => element
                    .as_expression()
                    .and_then(|it| self.expr(it, Position::Value)),
            });
        }
        let items = self.facts.children(&items);
        self.facts.expr(ExprKind::List(items), self.at(it.span))
    }

    fn object(&mut self, it: &ObjectExpression<'_>) -> ExprId {
        let mut items = Vec::with_capacity(it.properties.len());
        for property in &it.properties {
            items.extend(match property {
                ObjectPropertyKind::ObjectProperty(it) => self.property(it),
                ObjectPropertyKind::SpreadProperty(it) => self.expr(&it.argument, Position::Value),
            });
        }
        let items = self.facts.children(&items);
        self.facts.expr(ExprKind::Object(items), self.at(it.span))
    }

    fn property(&mut self, it: &ObjectProperty<'_>) -> Option<ExprId> {
        let span = self.at(it.span);
        if it.shorthand {
            return Some(self.shorthand(it.key.span(), it.span));
        }
        if let Expression::FunctionExpression(function) = &it.value
            && (it.method || it.kind != PropertyKind::Init)
        {
            // In an object literal a method is an entry of it.
            let name = self.key_span(&it.key, it.computed);
            let value = self.method(name, function, span);
            let key = self.facts.string(self.facts.source_at(name), span);
            return Some(self.facts.expr(ExprKind::Entry { key, value }, span));
        }
        let key = self.key(&it.key, it.computed);
        if is_function(&it.value) {
            self.pending_name = Some(self.key_span(&it.key, it.computed));
        }
        let value = self.expr(&it.value, Position::Value)?;
        Some(self.facts.expr(ExprKind::Entry { key, value }, span))
    }

    /// The place of a key; the brackets of a computed one belong to it.
    pub(super) fn key_span(&self, key: &PropertyKey<'_>, computed: bool) -> Span {
        let at = self.at(key.span());
        if !computed {
            return at;
        }
        let before = self.source.get(..at.start as usize).unwrap_or("");
        let after = self.source.get(at.end as usize..).unwrap_or("");
        let start = before.rfind('[').and_then(|at| u32::try_from(at).ok());
        let end = after.find(']').and_then(|len| u32::try_from(len).ok());
        Span::new(
            start.unwrap_or(at.start),
            end.map_or(at.end, |len| at.end + len + 1),
        )
    }

    /// A key. Plain, quoted and numeric keys are strings alike.
    fn key(&mut self, key: &PropertyKey<'_>, computed: bool) -> ExprId {
        let at = self.at(key.span());
        match key {
            PropertyKey::StringLiteral(it) => self.string(it.span),
            _ if computed => {
                let value = key.as_expression();
                let value = value.and_then(|it| self.expr(it, Position::Value));
                value.unwrap_or_else(|| self.facts.string(self.facts.source_at(at), at))
            }
            _ => self.facts.string(self.facts.source_at(at), at),
        }
    }

    fn shorthand(&mut self, name: oxc_span::Span, span: oxc_span::Span) -> ExprId {
        let (at, span) = (self.at(name), self.at(span));
        let text = self.facts.source_at(at);
        let key = self.facts.string(text, at);
        let value = self.facts.name(text, at);
        self.facts.expr(ExprKind::Entry { key, value }, span)
    }

    /// A pattern as an expression: what it binds, keys and defaults.
    pub(super) fn pattern(&mut self, it: &BindingPattern<'_>) -> Option<ExprId> {
        if !self.depth.down() {
            return None;
        }
        let value = self.pattern_within(it);
        self.depth.up();
        Some(value)
    }

    fn pattern_within(&mut self, it: &BindingPattern<'_>) -> ExprId {
        let span = self.at(it.span());
        match it {
            // `(function (window, undefined) { … })(window)`: what it is called is what it is.
            BindingPattern::BindingIdentifier(it) if it.name == "undefined" => {
                self.facts.expr(ExprKind::Null, span)
            }
            BindingPattern::BindingIdentifier(_) => {
                self.facts.name(self.facts.source_at(span), span)
            }
            BindingPattern::ObjectPattern(it) => {
                let mut items = Vec::new();
                for property in &it.properties {
                    let at = self.at(property.span);
                    if property.shorthand {
                        let entry = self.shorthand(property.key.span(), property.key.span());
                        items.push(match &property.value {
                            BindingPattern::AssignmentPattern(it) => {
                                let default = self.expr(&it.right, Position::Value);
                                let held: Vec<ExprId> =
                                    [entry].into_iter().chain(default).collect();
                                self.holding(&held, at)
                            }
                            _ => entry,
                        });
                        continue;
                    }
                    items.extend(self.pattern_entry(
                        &property.key,
                        property.computed,
                        at,
                        |lowering| lowering.pattern(&property.value),
                    ));
                }
                if let Some(rest) = &it.rest {
                    items.extend(self.pattern(&rest.argument));
                }
                let items = self.facts.children(&items);
                self.facts.expr(ExprKind::Object(items), span)
            }
            BindingPattern::ArrayPattern(it) => {
                let mut items = Vec::new();
                for element in it.elements.iter().flatten() {
                    items.extend(self.pattern(element));
                }
                if let Some(rest) = &it.rest {
                    items.extend(self.pattern(&rest.argument));
                }
                let items = self.facts.children(&items);
                self.facts.expr(ExprKind::List(items), span)
            }
            BindingPattern::AssignmentPattern(it) => {
                let left = self.pattern(&it.left);
                let right = self.expr(&it.right, Position::Value);
                let held: Vec<ExprId> = left.into_iter().chain(right).collect();
                self.holding(&held, span)
            }
        }
    }

    /// `key: pattern` of an object pattern.
    pub(super) fn pattern_entry(
        &mut self,
        key: &PropertyKey<'_>,
        computed: bool,
        at: Span,
        value: impl FnOnce(&mut Self) -> Option<ExprId>,
    ) -> Option<ExprId> {
        let key = self.key(key, computed);
        let value = value(self)?;
        Some(self.facts.expr(ExprKind::Entry { key, value }, at))
    }

    /// What is assigned to, as an expression.
    pub(super) fn target(&mut self, it: &AssignmentTarget<'_>) -> Option<ExprId> {
        if !self.depth.down() {
            return None;
        }
        let value = self.target_within(it);
        self.depth.up();
        value
    }

    fn target_within(&mut self, it: &AssignmentTarget<'_>) -> Option<ExprId> {
        let span = self.at(it.span());
        match it {
            AssignmentTarget::ArrayAssignmentTarget(it) => {
                let mut items = Vec::new();
                for element in it.elements.iter().flatten() {
                    items.extend(self.target_or_default(element));
                }
                if let Some(rest) = &it.rest {
                    items.extend(self.target(&rest.target));
                }
                let items = self.facts.children(&items);
                Some(self.facts.expr(ExprKind::List(items), span))
            }
            AssignmentTarget::ObjectAssignmentTarget(it) => {
                let mut items = Vec::new();
                for property in &it.properties {
                    match property {
                        AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(it) => {
                            let entry = self.shorthand(it.binding.span, it.binding.span);
                            items.push(match &it.init {
                                Some(init) => {
                                    let default = self.expr(init, Position::Value);
                                    let held: Vec<ExprId> =
                                        [entry].into_iter().chain(default).collect();
                                    self.holding(&held, self.at(it.span))
                                }
                                None => entry,
                            });
                        }
                        AssignmentTargetProperty::AssignmentTargetPropertyProperty(it) => {
                            let at = self.at(it.span);
                            items.extend(self.pattern_entry(
                                &it.name,
                                it.computed,
                                at,
                                |lowering| lowering.target_or_default(&it.binding),
                            ));
                        }
                    }
                }
                if let Some(rest) = &it.rest {
                    items.extend(self.target(&rest.target));
                }
                let items = self.facts.children(&items);
                Some(self.facts.expr(ExprKind::Object(items), span))
            }
            _ => self.simple_target(it.as_simple_assignment_target()?),
        }
    }

    fn target_or_default(&mut self, it: &AssignmentTargetMaybeDefault<'_>) -> Option<ExprId> {
        match it {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(it) => {
                let left = self.target(&it.binding);
                let right = self.expr(&it.init, Position::Value);
                let held: Vec<ExprId> = left.into_iter().chain(right).collect();
                Some(self.holding(&held, self.at(it.span)))
            }
            _ => self.target(it.as_assignment_target()?),
        }
    }

    pub(super) fn simple_target(&mut self, it: &SimpleAssignmentTarget<'_>) -> Option<ExprId> {
        let span = self.at(it.span());
        match it {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(_) => Some(self.identifier(span)),
            SimpleAssignmentTarget::TSAsExpression(it) => {
                self.expr(&it.expression, Position::Value)
            }
            SimpleAssignmentTarget::TSSatisfiesExpression(it) => {
                self.expr(&it.expression, Position::Value)
            }
            SimpleAssignmentTarget::TSNonNullExpression(it) => {
                self.expr(&it.expression, Position::Value)
            }
            SimpleAssignmentTarget::TSTypeAssertion(it) => {
                self.expr(&it.expression, Position::Value)
            }
            SimpleAssignmentTarget::StaticMemberExpression(it) => Some(self.member(it)),
            SimpleAssignmentTarget::PrivateFieldExpression(it) => {
                let object = self.expr(&it.object, Position::Value);
                Some(self.member_of(object, it.field.span, span))
            }
            SimpleAssignmentTarget::ComputedMemberExpression(it) => {
                let object = self.expr(&it.object, Position::Value);
                let index = self.expr(&it.expression, Position::Value);
                self.index(object, index, span)
            }
        }
    }

    fn jsx_element(&mut self, it: &JSXElement<'_>) -> ExprId {
        let callee = self.jsx_name(&it.opening_element.name);
        let mut args = Vec::new();
        for attribute in &it.opening_element.attributes {
            args.extend(match attribute {
                JSXAttributeItem::Attribute(it) => {
                    let span = self.at(it.span);
                    let name = match &it.name {
                        JSXAttributeName::Identifier(it) => it.span,
                        JSXAttributeName::NamespacedName(it) => it.span,
                    };
                    let at = self.at(name);
                    let key = self.facts.string(self.facts.source_at(at), at);
                    let value = it.value.as_ref().and_then(|it| self.jsx_value(it));
                    let value = match value {
                        Some(value) => value,
                        None => self.facts.expr(ExprKind::Bool(true), span),
                    };
                    Some(self.facts.expr(ExprKind::Entry { key, value }, span))
                }
                JSXAttributeItem::SpreadAttribute(it) => self.expr(&it.argument, Position::Value),
            });
        }
        self.jsx_children(&it.children, &mut args);
        let span = self.at(it.span);
        self.call(Some(callee), &args, CallForm::Jsx, span)
    }

    fn jsx_fragment(&mut self, it: &JSXFragment<'_>) -> ExprId {
        let mut held = Vec::new();
        self.jsx_children(&it.children, &mut held);
        self.holding(&held, self.at(it.span))
    }

    fn jsx_children(&mut self, children: &[JSXChild<'_>], into: &mut Vec<ExprId>) {
        if !self.depth.down() {
            return;
        }
        for child in children {
            into.extend(match child {
                JSXChild::Text(_) => None,
                JSXChild::Element(it) => Some(self.jsx_element(it)),
                JSXChild::Fragment(it) => Some(self.jsx_fragment(it)),
                JSXChild::ExpressionContainer(it) => self.jsx_expression(&it.expression),
                JSXChild::Spread(it) => self.expr(&it.expression, Position::Value),
            });
        }
        self.depth.up();
    }

    fn jsx_value(&mut self, it: &JSXAttributeValue<'_>) -> Option<ExprId> {
        match it {
            JSXAttributeValue::StringLiteral(it) => Some(self.string(it.span)),
            JSXAttributeValue::ExpressionContainer(it) => self.jsx_expression(&it.expression),
            JSXAttributeValue::Element(it) => Some(self.jsx_element(it)),
            JSXAttributeValue::Fragment(it) => Some(self.jsx_fragment(it)),
        }
    }

    fn jsx_expression(&mut self, it: &JSXExpression<'_>) -> Option<ExprId> {
        self.expr(it.as_expression()?, Position::Value)
    }

    fn jsx_name(&mut self, it: &JSXElementName<'_>) -> ExprId {
        let span = self.at(it.span());
        match it {
            JSXElementName::Identifier(_)
            | JSXElementName::IdentifierReference(_)
            | JSXElementName::ThisExpression(_) => {
                self.facts.name(self.facts.source_at(span), span)
            }
            JSXElementName::NamespacedName(it) => {
                let parts = [it.namespace.span, it.name.span].map(|part| {
                    let at = self.at(part);
                    self.facts.name(self.facts.source_at(at), at)
                });
                self.holding(&parts, span)
            }
            JSXElementName::MemberExpression(it) => self.jsx_member(it),
        }
    }

    fn jsx_member(&mut self, it: &JSXMemberExpression<'_>) -> ExprId {
        let object = match &it.object {
            JSXMemberExpressionObject::MemberExpression(it) => self.jsx_member(it),
            other => {
                let at = self.at(other.span());
                self.facts.name(self.facts.source_at(at), at)
            }
        };
        let name = self.facts.source_at(self.at(it.property.span));
        self.facts.member(object, name, self.at(it.span))
    }
}

/// Whether an expression is a function value itself.
pub(super) fn is_function(it: &Expression<'_>) -> bool {
    matches!(
        it,
        Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_)
    )
}

/// Whether an expression is a test by its form: a comparison, a negation, a logical expression that ends in one.
fn is_test(it: &Expression<'_>) -> bool {
    let mut it = it;
    loop {
        it = match it {
            Expression::BooleanLiteral(_) | Expression::PrivateInExpression(_) => return true,
            Expression::ParenthesizedExpression(it) => &it.expression,
            Expression::AwaitExpression(it) => &it.argument,
            Expression::TSAsExpression(it) => &it.expression,
            Expression::TSSatisfiesExpression(it) => &it.expression,
            Expression::TSNonNullExpression(it) => &it.expression,
            Expression::TSInstantiationExpression(it) => &it.expression,
            Expression::UnaryExpression(it) => return it.operator == UnaryOperator::LogicalNot,
            Expression::BinaryExpression(it) => return comparison(it.operator).is_some(),
            Expression::LogicalExpression(it) => &it.right,
            _ => return false,
        };
    }
}

fn comparison(operator: BinaryOperator) -> Option<CompareOp> {
    Some(match operator {
        BinaryOperator::Equality | BinaryOperator::StrictEquality => CompareOp::Equal,
        BinaryOperator::Inequality | BinaryOperator::StrictInequality => CompareOp::NotEqual,
        BinaryOperator::LessThan
        | BinaryOperator::LessEqualThan
        | BinaryOperator::GreaterThan
        | BinaryOperator::GreaterEqualThan => CompareOp::Order,
        BinaryOperator::In => CompareOp::In,
        BinaryOperator::Instanceof => CompareOp::InstanceOf,
        _ => return None,
    })
}
