//! Expressions.

use bespoke_facts::{BranchKind, CallForm, CompareOp, ExprId, ExprKind, LogicOp, Span};
use ruff_python_ast::{
    AnyNodeRef, Arguments, BoolOp, CmpOp, Comprehension, DictItem, Expr, ExprBoolOp, ExprCall,
    ExprCompare, ExprDict, ExprGenerator, ExprIf, ExprLambda, ExprSubscript, FString, FStringPart,
    InterpolatedStringElement, Keyword, UnaryOp, token::TokenKind,
};
use ruff_text_size::Ranged as _;

use super::{Lowering, Position, at};
use crate::{languages::python::unquoted, lower::unescape};

impl Lowering<'_, '_> {
    /// Lowers an expression and gives its value.
    pub(super) fn expr(&mut self, it: &Expr, position: Position) -> Option<ExprId> {
        if !self.depth.down() {
            return None;
        }
        let value = self.expr_within(it, position);
        self.depth.up();
        value
    }

    fn expr_within(&mut self, it: &Expr, position: Position) -> Option<ExprId> {
        let span = at(it.range());
        match it {
            Expr::Name(_) => Some(self.facts.name(self.facts.source_at(span), span)),
            Expr::StringLiteral(it) => {
                let parts = it.value.iter().map(|part| at(part.range()));
                Some(self.strings(parts, span))
            }
            Expr::BytesLiteral(it) => {
                let parts = it.value.iter().map(|part| at(part.range()));
                Some(self.strings(parts, span))
            }
            Expr::FString(it) => Some(self.formatted(it.value.as_slice(), span)),
            Expr::NumberLiteral(_) => {
                let name = self.facts.intern(self.facts.source_at(span));
                Some(self.facts.expr(ExprKind::Number(name), span))
            }
            Expr::BooleanLiteral(it) => Some(self.facts.expr(ExprKind::Bool(it.value), span)),
            Expr::NoneLiteral(_) => Some(self.facts.expr(ExprKind::Null, span)),
            Expr::EllipsisLiteral(_) => None,
            Expr::Attribute(it) => {
                let object = self.expr(&it.value, Position::Value);
                let name = self.facts.source_at(at(it.attr.range));
                Some(match object {
                    Some(object) => self.facts.member(object, name, span),
                    None => self.facts.name(name, span),
                })
            }
            Expr::Subscript(it) => self.subscript(it),
            Expr::Call(it) => self.call(it),
            Expr::List(it) => Some(self.list(&it.elts, span)),
            Expr::Tuple(it) => Some(self.list(&it.elts, span)),
            Expr::Set(it) => Some(self.list(&it.elts, span)),
            Expr::Dict(it) => Some(self.dictionary(it)),
            Expr::ListComp(list) => {
                let body = self.outer(&list.elt, list);
                let value = self.expr(&list.elt, Position::Value);
                Some(self.comprehension(value, body, &list.generators, span))
            }
            Expr::SetComp(set) => {
                let body = self.outer(&set.elt, set);
                let value = self.expr(&set.elt, Position::Value);
                Some(self.comprehension(value, body, &set.generators, span))
            }
            Expr::Generator(generator) => Some(self.generator(generator, span)),
            Expr::DictComp(dict) => {
                let (value, body) = match &dict.key {
                    Some(key) => {
                        let body = self.outer(key, dict).join(self.outer(&dict.value, dict));
                        (self.pair(key, &dict.value, body), body)
                    }
                    None => {
                        let body = self.outer(&dict.value, dict);
                        (self.expr(&dict.value, Position::Value), body)
                    }
                };
                Some(self.comprehension(value, body, &dict.generators, span))
            }
            Expr::If(it) => self.conditional_expression(it),
            Expr::Compare(it) => self.compare(it, position),
            Expr::BoolOp(it) => self.boolean(it, position),
            Expr::UnaryOp(it) if it.op == UnaryOp::Not => {
                let value = self.expr(&it.operand, position)?;
                Some(self.facts.expr(ExprKind::Not(value), span))
            }
            Expr::UnaryOp(it) => {
                let value = self.expr(&it.operand, Position::Value)?;
                Some(self.holding(&[value], span))
            }
            Expr::BinOp(it) => {
                let left = self.expr(&it.left, Position::Value);
                let right = self.expr(&it.right, Position::Value);
                self.held(left.into_iter().chain(right), span)
            }
            Expr::Named(it) => {
                let value = self.expr(&it.value, Position::Value);
                self.bind(&it.target, value);
                value
            }
            Expr::Lambda(it) => Some(self.lambda(it)),
            Expr::Await(it) => self.expr(&it.value, position),
            Expr::Yield(it) => {
                let value = it.value.as_deref();
                let value = value.and_then(|it| self.expr(it, Position::Value))?;
                Some(self.holding(&[value], span))
            }
            Expr::YieldFrom(it) => {
                let value = self.expr(&it.value, Position::Value)?;
                Some(self.holding(&[value], span))
            }
            Expr::Starred(it) => {
                let value = self.expr(&it.value, Position::Value)?;
                Some(self.holding(&[value], span))
            }
            Expr::Slice(it) => {
                let mut held = Vec::new();
                for part in [&it.lower, &it.upper, &it.step].into_iter().flatten() {
                    held.extend(self.expr(part, Position::Value));
                }
                self.held(held, span)
            }
            // Read by the grammar alone.
            Expr::TString(_) | Expr::IpyEscapeCommand(_) => {
                self.depth.cut = true;
                None
            }
        }
    }

    /// An expression that is kept for what it holds.
    pub(super) fn holding(&mut self, held: &[ExprId], span: Span) -> ExprId {
        let held = self.facts.children(held);
        self.facts.expr(ExprKind::Other(held), span)
    }

    /// [`Self::holding`], if there is anything to hold.
    pub(super) fn held(
        &mut self,
        held: impl IntoIterator<Item = ExprId>,
        span: Span,
    ) -> Option<ExprId> {
        let held: Vec<ExprId> = held.into_iter().collect();
        (!held.is_empty()).then(|| self.holding(&held, span))
    }

    /// `"a" "b"` is one string.
    fn strings(&mut self, parts: impl ExactSizeIterator<Item = Span>, span: Span) -> ExprId {
        if parts.len() == 1 {
            return self.string(span);
        }
        let mut text = String::new();
        for part in parts {
            let id = self.string(part);
            if let ExprKind::Str(name) = self.facts.get(id).kind {
                text.push_str(self.facts.text(name));
            }
        }
        self.facts.string(&text, span)
    }

    /// A string's value, whatever its prefix and quotes.
    fn string(&mut self, span: Span) -> ExprId {
        let (inner, raw) = unquoted(self.facts.source_at(span));
        if !raw && inner.contains('\\') {
            let value = unescape(inner);
            self.facts.string(&value, span)
        } else {
            self.facts.string(inner, span)
        }
    }

    fn formatted(&mut self, parts: &[FStringPart], span: Span) -> ExprId {
        let mut values = Vec::with_capacity(parts.len());
        for part in parts {
            values.push(match part {
                FStringPart::Literal(it) => self.string(at(it.range)),
                FStringPart::FString(it) => self.f_string(it),
            });
        }
        if let [one] = values.as_slice() {
            return *one;
        }
        let mut text = String::new();
        for value in &values {
            match self.facts.get(*value).kind {
                ExprKind::Str(name) => text.push_str(self.facts.text(name)),
                _ => {
                    let values = self.facts.children(&values);
                    return self.facts.expr(ExprKind::Template(values), span);
                }
            }
        }
        self.facts.string(&text, span)
    }

    /// A string with interpolated parts is a template.
    fn f_string(&mut self, it: &FString) -> ExprId {
        let span = at(it.range);
        let literal = it
            .elements
            .iter()
            .all(|element| matches!(element, InterpolatedStringElement::Literal(_)));
        if literal {
            return self.string(span);
        }
        let mut parts = Vec::new();
        for element in &it.elements {
            match element {
                InterpolatedStringElement::Literal(it) => {
                    let at = at(it.range);
                    parts.push(self.facts.string(self.facts.source_at(at), at));
                }
                InterpolatedStringElement::Interpolation(it) => {
                    parts.extend(self.expr(&it.expression, Position::Value));
                    let spec = it.format_spec.as_ref();
                    for element in spec.iter().flat_map(|spec| &spec.elements) {
                        if let InterpolatedStringElement::Interpolation(it) = element {
                            self.expr(&it.expression, Position::Value);
                        }
                    }
                }
            }
        }
        let parts = self.facts.children(&parts);
        self.facts.expr(ExprKind::Template(parts), span)
    }

    fn subscript(&mut self, it: &ExprSubscript) -> Option<ExprId> {
        let span = at(it.range);
        let object = self.expr(&it.value, Position::Value);
        let index = match &*it.slice {
            // Of several the first.
            Expr::Tuple(several) if !several.parenthesized => {
                let mut first = None;
                for part in &several.elts {
                    let value = self.expr(part, Position::Value);
                    first = first.or(value);
                }
                first
            }
            one => self.expr(one, Position::Value),
        };
        let Some((object, index)) = object.zip(index) else {
            return object.or(index);
        };
        Some(match self.facts.get(index).kind {
            ExprKind::Str(name) => self.facts.expr(ExprKind::Member { object, name }, span),
            _ => self.facts.expr(ExprKind::Index { object, index }, span),
        })
    }

    fn call(&mut self, it: &ExprCall) -> Option<ExprId> {
        let callee = self.expr(&it.func, Position::Value);
        let args = self.arguments(&it.arguments);
        let args = self.facts.children(&args);
        let (callee, form) = (callee?, CallForm::Call);
        let kind = ExprKind::Call { callee, args, form };
        Some(self.facts.expr(kind, at(it.range())))
    }

    /// Arguments in the order of the source.
    pub(super) fn arguments(&mut self, it: &Arguments) -> Vec<ExprId> {
        let mut args = Vec::with_capacity(it.args.len() + it.keywords.len());
        let mut keywords = it.keywords.iter().peekable();
        for arg in &it.args {
            while let Some(keyword) = keywords.next_if(|keyword| keyword.start() < arg.start()) {
                args.extend(self.keyword(keyword));
            }
            args.extend(match arg {
                // A generator that is the only argument has the call's parentheses.
                Expr::Generator(generator) if !generator.parenthesized => {
                    Some(self.generator(generator, at(it.range)))
                }
                arg => self.expr(arg, Position::Value),
            });
        }
        for keyword in keywords {
            args.extend(self.keyword(keyword));
        }
        args
    }

    /// `name=value` of a call, or `**values`.
    fn keyword(&mut self, it: &Keyword) -> Option<ExprId> {
        let span = at(it.range);
        let key = it.arg.as_ref().map(|name| {
            let at = at(name.range);
            self.facts.string(self.facts.source_at(at), at)
        });
        let value = self.expr(&it.value, Position::Value)?;
        Some(match key {
            Some(key) => self.facts.expr(ExprKind::Entry { key, value }, span),
            None => self.holding(&[value], span),
        })
    }

    pub(super) fn list(&mut self, items: &[Expr], span: Span) -> ExprId {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.extend(self.expr(item, Position::Value));
        }
        let values = self.facts.children(&values);
        self.facts.expr(ExprKind::List(values), span)
    }

    fn dictionary(&mut self, it: &ExprDict) -> ExprId {
        let mut items = Vec::with_capacity(it.items.len());
        for DictItem { key, value } in &it.items {
            items.extend(match key {
                Some(key) => {
                    let span = self.outer(key, it).join(self.outer(value, it));
                    self.pair(key, value, span)
                }
                None => {
                    let span = self.outer(value, it);
                    let stars = self.tokens.before(value.start()).iter().rev();
                    let stars = { stars }.find(|token| token.kind() == TokenKind::DoubleStar);
                    let start = stars.map_or(span.start, |stars| at(stars.range()).start);
                    let held = self.expr(value, Position::Value);
                    held.map(|held| self.holding(&[held], Span::new(start, span.end)))
                }
            });
        }
        let items = self.facts.children(&items);
        self.facts.expr(ExprKind::Object(items), at(it.range))
    }

    fn pair(&mut self, key: &Expr, value: &Expr, span: Span) -> Option<ExprId> {
        let key = self.expr(key, Position::Value);
        let value = self.expr(value, Position::Value);
        let (key, value) = (key?, value?);
        Some(self.facts.expr(ExprKind::Entry { key, value }, span))
    }

    fn generator(&mut self, it: &ExprGenerator, span: Span) -> ExprId {
        let body = self.outer(&it.elt, it);
        let value = self.expr(&it.elt, Position::Value);
        self.comprehension(value, body, &it.generators, span)
    }

    /// Lists, sets, dictionaries and generators made in a loop. Their conditions are branches that guard the element.
    fn comprehension(
        &mut self,
        value: Option<ExprId>,
        body: Span,
        generators: &[Comprehension],
        span: Span,
    ) -> ExprId {
        let mut held: Vec<ExprId> = value.into_iter().collect();
        let mut conditions = Vec::new();
        for generator in generators {
            self.facts.decide(1);
            self.bind(&generator.target, None);
            held.extend(self.expr(&generator.iter, Position::Value));
            for condition in &generator.ifs {
                self.facts.decide(1);
                conditions.extend(self.expr(condition, Position::Condition));
            }
        }
        for condition in conditions {
            let at = self.facts.get(condition).span;
            self.facts
                .branch(BranchKind::If, condition, at, (Some(body), None), false);
            held.push(condition);
        }
        self.holding(&held, span)
    }

    /// `then if condition else otherwise`.
    fn conditional_expression(&mut self, it: &ExprIf) -> Option<ExprId> {
        self.facts.decide(1);
        self.facts.structural();
        self.facts.nest();
        let then = self.expr(&it.body, Position::Value);
        let condition = self.expr(&it.test, Position::Condition);
        let otherwise = self.expr(&it.orelse, Position::Value);
        self.facts.unnest();
        let regions = (
            Some(self.outer(&it.body, it)),
            Some(self.outer(&it.orelse, it)),
        );
        let parts = (condition?, then, otherwise);
        Some(self.facts.choice(parts, regions, at(it.range())))
    }

    /// `a == b`, `a in b`, and chains of them, which hold together.
    fn compare(&mut self, it: &ExprCompare, position: Position) -> Option<ExprId> {
        let span = at(it.range);
        let mut operands: Vec<ExprId> = self.expr(&it.left, Position::Value).into_iter().collect();
        for operand in &it.comparators {
            operands.extend(self.expr(operand, Position::Value));
        }
        let operators = it.ops.iter().map(|op| operator(*op));
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
    fn boolean(&mut self, it: &ExprBoolOp, position: Position) -> Option<ExprId> {
        let span = at(it.range);
        let op = match it.op {
            BoolOp::And => LogicOp::And,
            BoolOp::Or => LogicOp::Or,
        };
        let (last, before) = it.values.split_last()?;
        let outermost = position == Position::Value;
        let is_test = is_test(last);
        // As if each operator had two operands.
        let mut left = None;
        for value in before {
            let right = self.expr(value, Position::Condition);
            left = match (left, right) {
                (Some(left), Some(right)) => {
                    let span = Span::new(span.start, self.outer(value, it).end);
                    Some(self.facts.logic(op, &[left, right], span))
                }
                (one, other) => one.or(other),
            };
        }
        let on_right = if outermost && !is_test {
            Position::Value
        } else {
            Position::Condition
        };
        let value = self.expr(last, on_right);
        let (Some(left), Some(value)) = (left, value) else {
            return left.or(value);
        };
        let id = self.facts.logic(op, &[left, value], span);
        if outermost && is_test {
            self.facts
                .branch(BranchKind::Value, id, span, (None, None), false);
        } else if outermost {
            let region = Some(self.outer(last, it));
            let regions = if op == LogicOp::And {
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

    fn lambda(&mut self, it: &ExprLambda) -> ExprId {
        let span = at(it.range);
        let body = self.outer(&it.body, AnyNodeRef::from(it));
        let id = self.facts.begin_function(None, span, body);
        if let Some(parameters) = &it.parameters {
            self.parameters(parameters, false);
        }
        if let Some(value) = self.expr(&it.body, Position::Value) {
            self.facts.add_return(value);
        }
        self.facts.end_function();
        self.facts.expr(ExprKind::Function(id), span)
    }
}

/// Whether an expression is a test by its form.
fn is_test(it: &Expr) -> bool {
    let mut it = it;
    loop {
        it = match it {
            Expr::BooleanLiteral(_) | Expr::Compare(_) => return true,
            Expr::UnaryOp(it) => return it.op == UnaryOp::Not,
            Expr::Await(it) => &it.value,
            Expr::BoolOp(it) => match it.values.last() {
                Some(last) => last,
                None => return false,
            },
            _ => return false,
        };
    }
}

fn operator(op: CmpOp) -> CompareOp {
    match op {
        CmpOp::Eq | CmpOp::Is => CompareOp::Equal,
        CmpOp::NotEq | CmpOp::IsNot => CompareOp::NotEqual,
        CmpOp::In => CompareOp::In,
        CmpOp::NotIn => CompareOp::NotIn,
        CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => CompareOp::Order,
    }
}
