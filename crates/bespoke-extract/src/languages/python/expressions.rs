//! Expressions.

use bespoke_facts::{BranchKind, CallForm, CompareOp, ExprId, ExprKind, LogicOp, Span};
use tree_sitter::Node;

use super::{Kind, Lowering, Position, children, span_of};
use crate::lower::unescape;

impl Lowering<'_, '_> {
    /// A string's value; with interpolated parts, a template.
    pub(super) fn string(&mut self, span: Span) -> ExprId {
        let text = self.facts.source_at(span);
        let (inner, raw) = unquoted(text);
        // Where the literal text before the next part starts.
        let opening = inner.as_ptr().addr() - text.as_ptr().addr();
        let start = span.start + u32::try_from(opening).unwrap_or(0);
        let (mut parts, mut from) = (Vec::new(), start);
        self.each(|it| {
            if it.cursor.node().kind() == "interpolation" {
                let at = it.span();
                parts.extend(it.fragment(Span::new(from, at.start.max(from))));
                parts.extend(it.transparent(Position::Value));
                from = at.end;
            }
        });
        if from > start {
            let end = start + u32::try_from(inner.len()).unwrap_or(0);
            parts.extend(self.fragment(Span::new(from, end.max(from))));
            let parts = self.facts.children(&parts);
            return self.facts.expr(ExprKind::Template(parts), span);
        }
        if !raw && inner.contains('\\') {
            let value = unescape(inner);
            self.facts.string(&value, span)
        } else {
            self.facts.string(inner, span)
        }
    }

    /// Literal text of a template, if there is any.
    fn fragment(&mut self, at: Span) -> Option<ExprId> {
        let text = self.facts.source_at(at);
        (!at.is_empty()).then(|| self.facts.string(text, at))
    }

    /// `"a" "b"` is one string.
    pub(super) fn concatenated(&mut self, span: Span) -> ExprId {
        let mut parts = Vec::new();
        self.each(|it| parts.extend(it.lower(Position::Value)));
        let mut text = String::new();
        for part in &parts {
            match self.facts.get(*part).kind {
                ExprKind::Str(name) => text.push_str(self.facts.text(name)),
                _ => {
                    let parts = self.facts.children(&parts);
                    return self.facts.expr(ExprKind::Template(parts), span);
                }
            }
        }
        self.facts.string(&text, span)
    }

    pub(super) fn attribute(&mut self, span: Span) -> ExprId {
        let fields = self.fields;
        let (mut object, mut name) = (None, Span::default());
        self.each_child(|it, field| {
            if field == fields.object {
                object = it.lower(Position::Value);
            } else if field == fields.attribute {
                name = it.span();
            } else {
                it.comments();
            }
        });
        let name = self.facts.source_at(name);
        match object {
            Some(object) => self.facts.member(object, name, span),
            None => self.facts.name(name, span),
        }
    }

    pub(super) fn subscript(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        let (mut object, mut index) = (None, None);
        self.each_child(|it, field| {
            let value = it.lower(Position::Value);
            if field == fields.value {
                object = value;
            } else if field == fields.subscript {
                index = index.or(value);
            }
        });
        let Some((object, index)) = object.zip(index) else {
            return object.or(index);
        };
        Some(match self.facts.get(index).kind {
            ExprKind::Str(name) => self.facts.expr(ExprKind::Member { object, name }, span),
            _ => self.facts.expr(ExprKind::Index { object, index }, span),
        })
    }

    pub(super) fn call(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        let (mut callee, mut args) = (None, Vec::new());
        self.each_child(|it, field| {
            if field == fields.function {
                callee = it.lower(Position::Value);
            } else if field == fields.arguments {
                if it.kind() == Kind::Comprehension {
                    args.extend(it.lower(Position::Value));
                } else {
                    it.each(|it| args.extend(it.lower(Position::Value)));
                }
            } else {
                it.lower(Position::Value);
            }
        });
        let callee = callee?;
        let args = self.facts.children(&args);
        let form = CallForm::Call;
        Some(self.facts.expr(ExprKind::Call { callee, args, form }, span))
    }

    /// `name=value` of a call.
    pub(super) fn keyword(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        let (mut key, mut value) = (None, None);
        self.each_child(|it, field| {
            if field == fields.name {
                let at = it.span();
                key = Some(it.facts.string(it.facts.source_at(at), at));
            } else if field == fields.value {
                value = it.lower(Position::Value);
            } else {
                it.lower(Position::Value);
            }
        });
        let (key, value) = (key?, value?);
        Some(self.facts.expr(ExprKind::Entry { key, value }, span))
    }

    pub(super) fn list(&mut self, span: Span) -> ExprId {
        let mut items = Vec::new();
        self.each(|it| items.extend(it.lower(Position::Value)));
        let items = self.facts.children(&items);
        self.facts.expr(ExprKind::List(items), span)
    }

    pub(super) fn dictionary(&mut self, span: Span) -> ExprId {
        let mut items = Vec::new();
        self.each(|it| items.extend(it.lower(Position::Value)));
        let items = self.facts.children(&items);
        self.facts.expr(ExprKind::Object(items), span)
    }

    pub(super) fn pair(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        let (mut key, mut value) = (None, None);
        self.each_child(|it, field| {
            let lowered = it.lower(Position::Value);
            if field == fields.key {
                key = lowered;
            } else if field == fields.value {
                value = lowered;
            }
        });
        let (key, value) = (key?, value?);
        Some(self.facts.expr(ExprKind::Entry { key, value }, span))
    }

    /// Lists, sets, dictionaries and generators made in a loop. Their conditions are branches that guard the element.
    pub(super) fn comprehension(&mut self, span: Span) -> ExprId {
        let fields = self.fields;
        let (mut held, mut body) = (Vec::new(), None);
        let mut conditions = Vec::new();
        self.each_child(|it, field| {
            let at = it.span();
            match it.cursor.node().kind() {
                "for_in_clause" => {
                    it.facts.decide(1);
                    it.each_child(|it, field| {
                        if field == fields.left {
                            it.bind(it.cursor.node(), None);
                        } else {
                            held.extend(it.lower(Position::Value));
                        }
                    });
                }
                "if_clause" => {
                    it.facts.decide(1);
                    conditions.extend(it.transparent(Position::Condition));
                }
                _ => {
                    if field == fields.body {
                        body = Some(at);
                    }
                    held.extend(it.lower(Position::Value));
                }
            }
        });
        for condition in conditions {
            let at = self.facts.get(condition).span;
            self.facts
                .branch(BranchKind::If, condition, at, (body, None), false);
            held.push(condition);
        }
        let held = self.facts.children(&held);
        self.facts.expr(ExprKind::Other(held), span)
    }

    /// `then if condition else otherwise`.
    pub(super) fn conditional_expression(&mut self, span: Span) -> Option<ExprId> {
        self.facts.decide(1);
        self.facts.structural();
        self.facts.nest();
        let mut parts: Vec<(Option<ExprId>, Span)> = Vec::new();
        self.each(|it| {
            // A comment, or a `\\` at the end of a line.
            if !it.cursor.node().is_named() || it.cursor.node().is_extra() {
                it.comments();
                return;
            }
            let at = it.span();
            let position = if parts.len() == 1 {
                Position::Condition
            } else {
                Position::Value
            };
            let value = it.lower(position);
            parts.push((value, at));
        });
        self.facts.unnest();
        let [(then, then_at), (condition, _), rest @ ..] = parts.as_slice() else {
            return None;
        };
        let otherwise = rest.first();
        let regions = (Some(*then_at), otherwise.map(|(_, at)| *at));
        let otherwise = otherwise.and_then(|(value, _)| *value);
        let parts = ((*condition)?, *then, otherwise);
        Some(self.facts.choice(parts, regions, span))
    }

    /// `a == b`, `a in b`, and chains of them, which hold together.
    pub(super) fn compare(&mut self, span: Span, position: Position) -> Option<ExprId> {
        let fields = self.fields;
        let (mut operands, mut operators) = (Vec::new(), Vec::new());
        self.each_child(|it, field| {
            if field == fields.operators {
                operators.push(operator(it.cursor.node().kind()));
            } else {
                operands.extend(it.lower(Position::Value));
            }
        });
        let value = self.facts.comparisons(&operands, operators, span)?;
        if operands.len() < 2 {
            return Some(value);
        }
        if position == Position::Value {
            self.facts
                .branch(BranchKind::Value, value, span, (None, None), false);
        }
        Some(value)
    }

    /// `a and b`, `a or b`. Outside a condition either a test itself or a guard of its last operand.
    pub(super) fn boolean(&mut self, span: Span, position: Position) -> Option<ExprId> {
        let fields = self.fields;
        let is_and = self
            .child(fields.operator)
            .is_some_and(|node| node.kind() == "and");
        let right = self.child(fields.right);
        let outermost = position == Position::Value;
        let is_test = right.is_some_and(|right| self.is_test(right));
        let on_right = if outermost && !is_test {
            Position::Value
        } else {
            Position::Condition
        };
        let (mut left, mut value) = (None, None);
        self.each_child(|it, field| {
            if field == fields.left {
                left = it.lower(Position::Condition);
            } else if field == fields.right {
                value = it.lower(on_right);
            } else {
                it.lower(Position::Value);
            }
        });
        let (Some(left), Some(value)) = (left, value) else {
            return left.or(value);
        };
        let op = if is_and { LogicOp::And } else { LogicOp::Or };
        let id = self.facts.logic(op, &[left, value], span);
        if outermost && is_test {
            self.facts
                .branch(BranchKind::Value, id, span, (None, None), false);
        } else if outermost {
            let region = right.map(span_of);
            let regions = if is_and {
                (region, None)
            } else {
                (None, region)
            };
            let at = self.facts.get(left).span;
            self.facts
                .branch(BranchKind::Guard, left, at, regions, false);
        }
        Some(id)
    }

    /// Whether an expression is a test by its form.
    fn is_test(&self, node: Node<'_>) -> bool {
        let mut node = node;
        loop {
            match self.kinds.of(node) {
                Kind::True | Kind::False | Kind::Not | Kind::Compare => return true,
                Kind::Transparent => {
                    let inner = children(node)
                        .into_iter()
                        .find(|it| it.is_named() && !it.is_extra());
                    match inner {
                        Some(inner) => node = inner,
                        None => return false,
                    }
                }
                Kind::Bool => match node.child_by_field_id(self.fields.right) {
                    Some(right) => node = right,
                    None => return false,
                },
                _ => return false,
            }
        }
    }
}

fn operator(text: &str) -> CompareOp {
    match text {
        "==" | "is" => CompareOp::Equal,
        "!=" | "<>" | "is not" => CompareOp::NotEqual,
        "in" => CompareOp::In,
        "not in" => CompareOp::NotIn,
        _ => CompareOp::Order,
    }
}

/// A string's text between its quotes, as it is written, and whether it is a raw one. A part of `text`, also of one that
/// is not closed.
pub(crate) fn unquoted(text: &str) -> (&str, bool) {
    let prefix = text.find(['"', '\'']).unwrap_or(0);
    let (prefix, quoted) = text.split_at(prefix);
    let three = ["\"\"\"", "'''"];
    let width = if quoted.len() >= 6 && three.iter().any(|it| quoted.starts_with(it)) {
        3
    } else {
        1
    };
    let inner = quoted.get(width..quoted.len().saturating_sub(width));
    let nothing = &text[text.len()..];
    (inner.unwrap_or(nothing), prefix.contains(['r', 'R']))
}
