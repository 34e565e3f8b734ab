//! Expressions.

use ::syn as rust;
use bespoke_facts::Span;

use super::{
    Shaper, attributed,
    tree::{Attr, Expr, ExprKind, FieldValue, If, Matches, Op, Struct},
};
use crate::MAX_DEPTH;

impl Shaper<'_> {
    pub(super) fn boxed(&mut self, expr: &rust::Expr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    pub(super) fn exprs<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e rust::Expr>,
    ) -> Vec<Expr> {
        exprs.into_iter().map(|expr| self.expr(expr)).collect()
    }

    pub(super) fn expr(&mut self, expr: &rust::Expr) -> Expr {
        if self.depth >= MAX_DEPTH {
            self.too_deep = true;
            return Expr {
                span: Span::default(),
                kind: ExprKind::Other(Vec::new()),
            };
        }
        self.depth += 1;
        let attrs = attrs_of(expr);
        let shaped = if attrs.is_empty() {
            self.bare(expr, Vec::new())
        } else {
            let hoisted = attrs
                .first()
                .is_some_and(|first| self.hoisted == Some(std::ptr::from_ref(first)));
            let (outer, inner) = self.attrs(attrs);
            let shaped = self.bare(expr, inner);
            attributed(if hoisted { Vec::new() } else { outer }, shaped)
        };
        self.depth -= 1;
        shaped
    }

    /// The expression without its outer attributes.
    pub(super) fn bare(&mut self, expr: &rust::Expr, inner: Vec<Attr>) -> Expr {
        use rust::Expr as E;
        let (start, end, kind) = match expr {
            E::Array(it) => {
                let span = self.delimited(it.bracket_token.span);
                (span.start, span.end, ExprKind::List(self.exprs(&it.elems)))
            }
            E::Assign(it) => {
                let (target, value) = (self.boxed(&it.left), self.boxed(&it.right));
                (
                    target.span.start,
                    value.span.end,
                    ExprKind::Assign { target, value },
                )
            }
            E::Async(it) => {
                let block = self.block(&it.block, inner);
                (
                    self.start(it.async_token.span),
                    block.span.end,
                    ExprKind::Block(block),
                )
            }
            E::Await(it) => {
                let base = self.boxed(&it.base);
                (
                    base.span.start,
                    self.end(it.await_token.span),
                    ExprKind::Transparent(base),
                )
            }
            E::Binary(it) => {
                let (left, right) = (self.boxed(&it.left), self.boxed(&it.right));
                let (start, end) = (left.span.start, right.span.end);
                (start, end, binary(&it.op, left, right))
            }
            E::Block(it) => {
                let block = self.block(&it.block, inner);
                let start = it
                    .label
                    .as_ref()
                    .map_or(block.span.start, |label| self.start(label.name.apostrophe));
                (start, block.span.end, ExprKind::Block(block))
            }
            E::Break(it) => {
                let token = self.span(it.break_token.span);
                let label = it.label.as_ref().map(|label| self.word(&label.ident));
                let value = it.expr.as_ref().map(|value| self.boxed(value));
                let end = value
                    .as_ref()
                    .map(|value| value.span.end)
                    .or(label.map(|label| label.end));
                (
                    token.start,
                    end.unwrap_or(token.end),
                    ExprKind::Jump {
                        labelled: label.is_some(),
                        value,
                    },
                )
            }
            E::Call(it) => {
                let callee = self.boxed(&it.func);
                let args = self.exprs(&it.args);
                (
                    callee.span.start,
                    self.delimited(it.paren_token.span).end,
                    ExprKind::Call { callee, args },
                )
            }
            E::Cast(it) => {
                let inside = self.boxed(&it.expr);
                (
                    inside.span.start,
                    self.type_end(&it.ty),
                    ExprKind::Transparent(inside),
                )
            }
            E::Closure(it) => {
                let params = it.inputs.iter().map(|pat| self.pat(pat)).collect();
                let body = self.boxed(&it.body);
                let start = [
                    it.lifetimes.as_ref().map(|it| it.for_token.span),
                    it.constness.as_ref().map(|it| it.span),
                    it.asyncness.as_ref().map(|it| it.span),
                    it.capture.as_ref().map(|it| it.span),
                ]
                .into_iter()
                .flatten()
                .next()
                .unwrap_or(it.inputs_begin.spans[0]);
                (
                    self.start(start),
                    body.span.end,
                    ExprKind::Closure { params, body },
                )
            }
            E::Const(it) => {
                let block = self.block(&it.block, inner);
                (
                    self.start(it.const_token.span),
                    block.span.end,
                    ExprKind::Block(block),
                )
            }
            E::Continue(it) => {
                let token = self.span(it.continue_token.span);
                let label = it.label.as_ref().map(|label| self.word(&label.ident).end);
                (
                    token.start,
                    label.unwrap_or(token.end),
                    ExprKind::Jump {
                        labelled: label.is_some(),
                        value: None,
                    },
                )
            }
            E::Field(it) => {
                let object = self.boxed(&it.base);
                let name = self.member(&it.member);
                (
                    object.span.start,
                    name.end,
                    ExprKind::Field { object, name },
                )
            }
            E::ForLoop(it) => {
                let iterated = self.boxed(&it.expr);
                let body = self.block(&it.body, inner);
                let start = self.labelled(it.label.as_ref(), it.for_token.span);
                (start, body.span.end, ExprKind::For { iterated, body })
            }
            E::Group(it) => return self.expr(&it.expr),
            E::If(it) => {
                let condition = self.expr(&it.cond);
                let then = self.block(&it.then_branch, inner);
                let otherwise = it
                    .else_branch
                    .as_ref()
                    .map(|(_, otherwise)| self.expr(otherwise));
                let end = otherwise
                    .as_ref()
                    .map_or(then.span.end, |otherwise| otherwise.span.end);
                (
                    self.start(it.if_token.span),
                    end,
                    ExprKind::If(Box::new(If {
                        condition,
                        then,
                        otherwise,
                    })),
                )
            }
            E::Index(it) => {
                let (object, index) = (self.boxed(&it.expr), self.boxed(&it.index));
                (
                    object.span.start,
                    self.delimited(it.bracket_token.span).end,
                    ExprKind::Index { object, index },
                )
            }
            E::Infer(it) => {
                let span = self.span(it.underscore_token.span);
                (span.start, span.end, ExprKind::Other(Vec::new()))
            }
            E::Let(it) => {
                let scrutinee = self.expr(&it.expr);
                let pat = self.pat(&it.pat);
                let end = scrutinee.span.end;
                (
                    self.start(it.let_token.span),
                    end,
                    ExprKind::Matches(Box::new(Matches {
                        scrutinee,
                        pat,
                        guard: None,
                    })),
                )
            }
            E::Lit(it) => return self.literal(&it.lit),
            E::Loop(it) => {
                let body = self.block(&it.body, inner);
                (
                    self.labelled(it.label.as_ref(), it.loop_token.span),
                    body.span.end,
                    ExprKind::Loop(body),
                )
            }
            E::Macro(it) => return self.macro_call(&it.mac),
            E::Match(it) => {
                let scrutinee = self.boxed(&it.expr);
                let arms = it.arms.iter().map(|arm| self.arm(arm)).collect();
                let end = self.delimited(it.brace_token.span).end;
                (
                    self.start(it.match_token.span),
                    end,
                    ExprKind::Match { scrutinee, arms },
                )
            }
            E::MethodCall(it) => {
                let object = self.boxed(&it.receiver);
                let name = self.word(&it.method);
                let args = self.exprs(&it.args);
                let start = object.span.start;
                let end = self.delimited(it.paren_token.span).end;
                let callee = Expr {
                    span: Span::new(start, name.end),
                    kind: ExprKind::Field { object, name },
                };
                (
                    start,
                    end,
                    ExprKind::Call {
                        callee: Box::new(callee),
                        args,
                    },
                )
            }
            E::Paren(it) => {
                let span = self.delimited(it.paren_token.span);
                (
                    span.start,
                    span.end,
                    ExprKind::Transparent(self.boxed(&it.expr)),
                )
            }
            E::Path(it) => return self.path_expr(it),
            E::Range(it) => return self.range(it),
            E::RawAddr(it) => {
                let inside = self.boxed(&it.expr);
                (
                    self.start(it.and_token.span),
                    inside.span.end,
                    ExprKind::Transparent(inside),
                )
            }
            E::Reference(it) => {
                let inside = self.boxed(&it.expr);
                (
                    self.start(it.and_token.span),
                    inside.span.end,
                    ExprKind::Transparent(inside),
                )
            }
            E::Repeat(it) => {
                let span = self.delimited(it.bracket_token.span);
                (
                    span.start,
                    span.end,
                    ExprKind::List(vec![self.expr(&it.expr), self.expr(&it.len)]),
                )
            }
            E::Return(it) => {
                let token = self.span(it.return_token.span);
                let value = it.expr.as_ref().map(|value| self.boxed(value));
                let end = value.as_ref().map_or(token.end, |value| value.span.end);
                (token.start, end, ExprKind::Return(value))
            }
            E::Struct(it) => {
                let fields = it
                    .fields
                    .iter()
                    .map(|field| self.field_value(field))
                    .collect();
                let rest = it.rest.as_ref().map(|rest| self.expr(rest));
                let (start, path) = self.path(it.qself.as_ref(), &it.path);
                let end = self.delimited(it.brace_token.span).end;
                (
                    start,
                    end,
                    ExprKind::Struct(Box::new(Struct { path, fields, rest })),
                )
            }
            E::Try(it) => {
                let inside = self.boxed(&it.expr);
                (
                    inside.span.start,
                    self.end(it.question_token.span),
                    ExprKind::Transparent(inside),
                )
            }
            E::TryBlock(it) => {
                let block = self.block(&it.block, inner);
                (
                    self.start(it.try_token.span),
                    block.span.end,
                    ExprKind::Block(block),
                )
            }
            E::Tuple(it) => {
                let span = self.delimited(it.paren_token.span);
                let kind = if it.elems.is_empty() {
                    ExprKind::Unit
                } else {
                    ExprKind::List(self.exprs(&it.elems))
                };
                (span.start, span.end, kind)
            }
            E::Unary(it) => {
                let inside = self.boxed(&it.expr);
                let end = inside.span.end;
                let (token, kind) = match &it.op {
                    rust::UnOp::Not(token) => (token.span, ExprKind::Not(inside)),
                    rust::UnOp::Neg(token) => (token.span, ExprKind::Neg(inside)),
                    rust::UnOp::Deref(token) => (token.span, ExprKind::Transparent(inside)),
                    _ => {
                        self.unshaped = true;
                        return *inside;
                    }
                };
                (self.start(token), end, kind)
            }
            E::Unsafe(it) => {
                let block = self.block(&it.block, inner);
                (
                    self.start(it.unsafe_token.span),
                    block.span.end,
                    ExprKind::Block(block),
                )
            }
            E::While(it) => {
                let condition = self.boxed(&it.cond);
                let body = self.block(&it.body, inner);
                let start = self.labelled(it.label.as_ref(), it.while_token.span);
                (start, body.span.end, ExprKind::While { condition, body })
            }
            E::Yield(it) => {
                let token = self.span(it.yield_token.span);
                let value = it.expr.as_ref().map(|value| self.expr(value));
                let end = value.as_ref().map_or(token.end, |value| value.span.end);
                (
                    token.start,
                    end,
                    ExprKind::Other(value.into_iter().collect()),
                )
            }
            _ => {
                self.unshaped = true;
                (0, 0, ExprKind::Other(Vec::new()))
            }
        };
        Expr {
            span: Span::new(start, end),
            kind,
        }
    }

    pub(super) fn range(&mut self, it: &rust::ExprRange) -> Expr {
        let from = it.start.as_ref().map(|it| self.expr(it));
        let to = it.end.as_ref().map(|it| self.expr(it));
        let (first, last) = match &it.limits {
            rust::RangeLimits::HalfOpen(dots) => (dots.spans[0], dots.spans[1]),
            rust::RangeLimits::Closed(dots) => (dots.spans[0], dots.spans[2]),
        };
        let start = from
            .as_ref()
            .map_or_else(|| self.start(first), |it| it.span.start);
        let end = to.as_ref().map_or_else(|| self.end(last), |it| it.span.end);
        Expr {
            span: Span::new(start, end),
            kind: ExprKind::Other(from.into_iter().chain(to).collect()),
        }
    }

    pub(super) fn labelled(&self, label: Option<&rust::Label>, token: proc_macro2::Span) -> u32 {
        self.start(label.map_or(token, |label| label.name.apostrophe))
    }

    pub(super) fn literal(&self, lit: &rust::Lit) -> Expr {
        let kind = match lit {
            rust::Lit::Int(_) | rust::Lit::Float(_) => ExprKind::Number,
            rust::Lit::Bool(_) => ExprKind::Bool,
            _ => ExprKind::Str,
        };
        Expr {
            span: self.span(lit.span()),
            kind,
        }
    }

    pub(super) fn member(&self, member: &rust::Member) -> Span {
        match member {
            rust::Member::Named(name) => self.word(name),
            rust::Member::Unnamed(index) => self.span(index.span),
        }
    }

    pub(super) fn field_value(&mut self, field: &rust::FieldValue) -> FieldValue {
        let (attrs, _) = self.attrs(&field.attrs);
        let name = self.member(&field.member);
        let value = self.expr(&field.expr);
        FieldValue {
            attrs,
            span: name.join(value.span),
            name,
            value,
        }
    }

    pub(super) fn path_expr(&mut self, it: &rust::ExprPath) -> Expr {
        if it.qself.is_none()
            && it.path.leading_colon.is_none()
            && it.path.segments.len() == 1
            && it.path.segments[0].arguments.is_none()
        {
            return Expr {
                span: self.word(&it.path.segments[0].ident),
                kind: ExprKind::Name,
            };
        }
        let (start, path) = self.path(it.qself.as_ref(), &it.path);
        Expr {
            span: Span::new(start, self.path_end(&it.path)),
            kind: ExprKind::Path(path),
        }
    }

    /// Where a path starts, and its parts; a type in `<…>` before it is not one.
    pub(super) fn path(&self, qself: Option<&rust::QSelf>, path: &rust::Path) -> (u32, Vec<Span>) {
        let skipped = qself.map_or(0, |qself| qself.position);
        let parts: Vec<Span> = path
            .segments
            .iter()
            .skip(skipped)
            .map(|part| self.word(&part.ident))
            .collect();
        let start = match (qself, &path.leading_colon) {
            (Some(qself), _) => self.start(qself.lt_token.span),
            (None, Some(colons)) => self.start(colons.spans[0]),
            (None, None) => parts.first().map_or(0, |part| part.start),
        };
        (start, parts)
    }
}

fn binary(op: &rust::BinOp, left: Box<Expr>, right: Box<Expr>) -> ExprKind {
    use rust::BinOp as B;
    let op = match op {
        B::And(_) => Op::And,
        B::Or(_) => Op::Or,
        B::Eq(_) => Op::Equal,
        B::Ne(_) => Op::NotEqual,
        B::Lt(_) | B::Le(_) | B::Gt(_) | B::Ge(_) => Op::Order,
        _ => Op::Other,
    };
    ExprKind::Binary { op, left, right }
}

pub(super) fn attrs_of(expr: &rust::Expr) -> &[rust::Attribute] {
    macro_rules! attrs {
        ($($kind:ident),+) => {
            match expr { $(rust::Expr::$kind(it) => &it.attrs,)+ _ => &[] }
        };
    }
    attrs!(
        Array, Assign, Async, Await, Binary, Block, Break, Call, Cast, Closure, Const, Continue,
        Field, ForLoop, Group, If, Index, Infer, Let, Lit, Loop, Macro, Match, MethodCall, Paren,
        Path, Range, RawAddr, Reference, Repeat, Return, Struct, Try, TryBlock, Tuple, Unary,
        Unsafe, While, Yield
    )
}
