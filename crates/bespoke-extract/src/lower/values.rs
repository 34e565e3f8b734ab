//! Expressions.

use bespoke_facts::{BranchKind, CallForm, ExprId, ExprKind, LogicOp, Span};
use tree_sitter::Node;

use super::{Lowering, Position, children, span_of};
use crate::engines::treesitter::{Operator, Role};

impl Lowering<'_, '_> {
    pub(super) fn string(&mut self, span: Span) -> ExprId {
        let raw = self.facts.source_at(span);
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
        if inner.contains('\\') {
            let value = unescape(inner);
            self.facts.string(&value, span)
        } else {
            self.facts.string(inner, span)
        }
    }

    pub(super) fn template(&mut self, span: Span) -> ExprId {
        let mut parts = Vec::new();
        // Where the literal text before the next part starts.
        let (mut from, end) = (span.start + 1, span.end.saturating_sub(1));
        self.each(|it| match it.cursor.node().kind() {
            "template_substitution" => {
                let at = it.span();
                parts.extend(it.fragment(Span::new(from, at.start)));
                parts.extend(it.transparent(Position::Value));
                from = at.end;
            }
            _ => it.note_missing(),
        });
        if from == span.start + 1 {
            return self
                .facts
                .string(self.facts.source_at(Span::new(from, end.max(from))), span);
        }
        parts.extend(self.fragment(Span::new(from, end.max(from))));
        let parts = self.facts.children(&parts);
        self.facts.expr(ExprKind::Template(parts), span)
    }

    /// Literal text of a template, if there is any.
    fn fragment(&mut self, at: Span) -> Option<ExprId> {
        if at.is_empty() {
            return None;
        }
        let raw = self.facts.source_at(at);
        Some(if raw.contains('\\') {
            let value = unescape(raw);
            self.facts.string(&value, at)
        } else {
            self.facts.string(raw, at)
        })
    }

    pub(super) fn regex(&mut self, span: Span) -> ExprId {
        let pattern = self.facts.string(self.facts.source_at(span), span);
        let held = self.facts.children(&[pattern]);
        self.facts.expr(ExprKind::Other(held), span)
    }

    pub(super) fn member(&mut self, span: Span) -> ExprId {
        let fields = self.fields;
        let (mut object, mut name) = (None, Span::default());
        let mut span = span;
        self.each_child(|it, field| {
            if field == fields.object {
                object = it.lower_first(&mut span, false);
            } else if field == fields.property {
                name = it.span();
            } else {
                it.lower(Position::Value);
            }
        });
        let name = self.facts.source_at(name);
        match object {
            Some(object) => self.facts.member(object, name, span),
            None => self.facts.name(name, span),
        }
    }

    pub(super) fn index(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        let (mut object, mut index) = (None, None);
        let mut span = span;
        self.each_child(|it, field| {
            if field == fields.object {
                object = it.lower_first(&mut span, false);
            } else {
                let value = it.lower(Position::Value);
                if field == fields.index {
                    index = value;
                }
            }
        });
        let (object, index) = (object?, index?);
        Some(match self.facts.get(index).kind {
            ExprKind::Str(name) => self.facts.expr(ExprKind::Member { object, name }, span),
            _ => self.facts.expr(ExprKind::Index { object, index }, span),
        })
    }

    /// Lowers what a call or member starts with. Of `await f<T>()` the grammar makes a call of `await f`.
    fn lower_first(&mut self, whole: &mut Span, new: bool) -> Option<ExprId> {
        let in_parentheses = self.cursor.node().kind() == "parenthesized_expression";
        let value = self.lower(Position::Value);
        if let Some(value) = value.filter(|_| !in_parentheses && !new) {
            whole.start = self.facts.get(value).span.start;
        }
        value
    }

    pub(super) fn call(&mut self, span: Span, new: bool) -> ExprId {
        let fields = self.fields;
        let callee_field = if new {
            fields.constructor
        } else {
            fields.function
        };
        let (mut callee, mut args) = (None, Vec::new());
        let mut form = if new { CallForm::New } else { CallForm::Call };
        let name = self.pending_name.take();
        let mut span = span;
        self.each_child(|it, field| {
            if field == callee_field {
                callee = it.lower_first(&mut span, new);
            } else if field == fields.arguments {
                if it.role() == Role::Template {
                    form = CallForm::Tagged;
                    args.extend(it.lower(Position::Value));
                } else {
                    let mut first = name;
                    it.each(|it| {
                        // `const f = memo(() => …)`: the name is the function's.
                        if it.role() == Role::Function {
                            it.pending_name = first.take();
                        }
                        let value = it.lower(Position::Value);
                        if value.is_some() {
                            first = None;
                        }
                        args.extend(value);
                    });
                }
            } else {
                it.lower(Position::Value);
            }
        });
        // `import(…)` has a keyword for a callee.
        let callee = match callee {
            Some(callee) => callee,
            None => self.facts.name("import", Span::new(span.start, span.start)),
        };
        let args = self.facts.children(&args);
        self.facts.expr(ExprKind::Call { callee, args, form }, span)
    }

    pub(super) fn unary(&mut self, span: Span, position: Position) -> Option<ExprId> {
        let fields = self.fields;
        let operator = self.child(fields.operator);
        let not =
            operator.is_some_and(|node| self.grammar.operator(node.kind_id()) == Operator::Not);
        let value = self.transparent(if not { position } else { Position::Value })?;
        if not {
            return Some(self.facts.expr(ExprKind::Not(value), span));
        }
        if operator.is_some_and(|node| node.kind() == "void") {
            return Some(self.facts.expr(ExprKind::Null, span));
        }
        let held = self.facts.children(&[value]);
        Some(self.facts.expr(ExprKind::Other(held), span))
    }

    pub(super) fn binary(&mut self, span: Span, position: Position) -> Option<ExprId> {
        let fields = self.fields;
        let operator = self.child(fields.operator).map_or(Operator::Other, |node| {
            self.grammar.operator(node.kind_id())
        });
        let right = self.child(fields.right);
        let outermost = position == Position::Value;
        // A logical expression outside a condition either is a test itself or guards its last operand.
        let is_test = right.is_some_and(|right| self.is_test(right));
        let (on_left, on_right) = match operator {
            Operator::Logic(LogicOp::Coalesce) => (position, position),
            Operator::Logic(_) if outermost && !is_test => (Position::Condition, Position::Value),
            Operator::Logic(_) => (Position::Condition, Position::Condition),
            _ => (Position::Value, Position::Value),
        };
        let (mut left, mut value) = (None, None);
        self.each_child(|it, field| {
            if field == fields.left {
                left = it.lower(on_left);
            } else if field == fields.right {
                value = it.lower(on_right);
            } else {
                it.lower(Position::Value);
            }
        });
        let (Some(left), Some(value)) = (left, value) else {
            return left.or(value);
        };
        match operator {
            Operator::Compare(op) => {
                let id = self.facts.expr(
                    ExprKind::Compare {
                        op,
                        left,
                        right: value,
                    },
                    span,
                );
                if outermost {
                    self.facts
                        .branch(BranchKind::Value, id, span, (None, None), false);
                }
                Some(id)
            }
            Operator::Logic(op) => {
                let id = self.facts.logic(op, &[left, value], span);
                if outermost && op != LogicOp::Coalesce {
                    if is_test {
                        self.facts
                            .branch(BranchKind::Value, id, span, (None, None), false);
                    } else {
                        let region = right.map(span_of);
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
            Operator::Not | Operator::Other => {
                let held = self.facts.children(&[left, value]);
                Some(self.facts.expr(ExprKind::Other(held), span))
            }
        }
    }

    /// Whether an expression is a test by its form: a comparison, a negation, a logical expression that ends in one.
    fn is_test(&self, node: Node<'_>) -> bool {
        let mut node = node;
        loop {
            match self.role_of(node) {
                Role::True | Role::False => return true,
                Role::Transparent => match children(node)
                    .into_iter()
                    .find(|it| it.is_named() && !it.is_extra())
                {
                    Some(inner) => node = inner,
                    None => return false,
                },
                Role::Unary => {
                    let operator = node.child_by_field_id(self.fields.operator);
                    return operator
                        .is_some_and(|it| self.grammar.operator(it.kind_id()) == Operator::Not);
                }
                Role::Binary => {
                    let operator = node.child_by_field_id(self.fields.operator);
                    match operator.map_or(Operator::Other, |it| self.grammar.operator(it.kind_id()))
                    {
                        Operator::Compare(_) => return true,
                        Operator::Logic(_) => match node.child_by_field_id(self.fields.right) {
                            Some(right) => node = right,
                            None => return false,
                        },
                        _ => return false,
                    }
                }
                _ => return false,
            }
        }
    }

    pub(super) fn list(&mut self, span: Span) -> ExprId {
        let mut items = Vec::new();
        self.each(|it| items.extend(it.lower(Position::Value)));
        let items = self.facts.children(&items);
        self.facts.expr(ExprKind::List(items), span)
    }

    pub(super) fn object(&mut self, span: Span) -> ExprId {
        let mut items = Vec::new();
        self.each(|it| items.extend(it.lower(Position::Value)));
        let items = self.facts.children(&items);
        self.facts.expr(ExprKind::Object(items), span)
    }

    /// `key: value`, in an object and in an object pattern.
    pub(super) fn pair(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        let (mut key, mut value) = (None, None);
        let mut name = None;
        self.each_child(|it, field| {
            if field == fields.key {
                let at = it.span();
                name = Some(at);
                key = Some(it.key(at));
            } else if field == fields.value {
                if it.role() == Role::Function {
                    it.pending_name = name;
                }
                value = it.lower(Position::Value);
            } else {
                it.lower(Position::Value);
            }
        });
        let (key, value) = (key?, value?);
        Some(self.facts.expr(ExprKind::Entry { key, value }, span))
    }

    /// A key: the cursor is on it. Plain, quoted and numeric keys are strings alike.
    pub(super) fn key(&mut self, at: Span) -> ExprId {
        match self.role() {
            Role::Str => self.string(at),
            Role::Other if self.cursor.node().kind() == "computed_property_name" => {
                let value = self.transparent(Position::Value);
                value.unwrap_or_else(|| self.facts.string(self.facts.source_at(at), at))
            }
            _ => self.facts.string(self.facts.source_at(at), at),
        }
    }

    pub(super) fn shorthand(&mut self, span: Span) -> ExprId {
        let text = self.facts.source_at(span);
        let key = self.facts.string(text, span);
        let value = self.facts.name(text, span);
        self.facts.expr(ExprKind::Entry { key, value }, span)
    }

    pub(super) fn jsx_element(&mut self, span: Span) -> ExprId {
        let fields = self.fields;
        let (mut callee, mut args) = (None, Vec::new());
        self.each_child(|it, field| {
            if field == fields.open_tag {
                callee = it.jsx_tag(&mut args);
            } else if it.cursor.node().kind() != "jsx_closing_element" {
                args.extend(it.lower(Position::Value));
            }
        });
        self.jsx(callee, &args, span)
    }

    pub(super) fn jsx_self_closing(&mut self, span: Span) -> ExprId {
        let mut args = Vec::new();
        let callee = self.jsx_tag(&mut args);
        self.jsx(callee, &args, span)
    }

    fn jsx(&mut self, callee: Option<ExprId>, args: &[ExprId], span: Span) -> ExprId {
        // A fragment (`<>…</>`) has no name.
        let Some(callee) = callee else {
            let held = self.facts.children(args);
            return self.facts.expr(ExprKind::Other(held), span);
        };
        let args = self.facts.children(args);
        let form = CallForm::Jsx;
        self.facts.expr(ExprKind::Call { callee, args, form }, span)
    }

    fn jsx_tag(&mut self, args: &mut Vec<ExprId>) -> Option<ExprId> {
        let fields = self.fields;
        let mut callee = None;
        self.each_child(|it, field| {
            let value = it.lower(Position::Value);
            if field == fields.name {
                callee = callee.or(value);
            } else {
                args.extend(value);
            }
        });
        callee
    }

    pub(super) fn jsx_attribute(&mut self, span: Span) -> Option<ExprId> {
        let (mut key, mut value) = (None, None);
        self.each(|it| {
            if key.is_none() && it.cursor.node().is_named() {
                let at = it.span();
                key = Some(it.facts.string(it.facts.source_at(at), at));
            } else {
                let given = it.lower(Position::Value);
                value = value.or(given);
            }
        });
        let key = key?;
        let value = match value {
            Some(value) => value,
            None => self.facts.expr(ExprKind::Bool(true), span),
        };
        Some(self.facts.expr(ExprKind::Entry { key, value }, span))
    }
}

/// A string's value: the escapes that names and keys may hold. Others are kept as they are written.
pub(crate) fn unescape(inner: &str) -> String {
    let mut value = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            value.push(char);
            continue;
        }
        match chars.next() {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('r') => value.push('\r'),
            Some('0') => value.push('\0'),
            Some('\n') => {}
            Some(quoted @ ('\\' | '\'' | '"' | '`' | '/')) => value.push(quoted),
            Some(other) => {
                value.push('\\');
                value.push(other);
            }
            None => {}
        }
    }
    value
}
