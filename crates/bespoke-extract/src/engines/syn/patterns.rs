//! Patterns and the arms of `match`.

use ::syn as rust;
use bespoke_facts::Span;

use super::{
    Shaper,
    tree::{Arm, Expr, ExprKind, FieldPat, Pat, PatKind},
};
use crate::MAX_DEPTH;

impl Shaper<'_> {
    pub(super) fn arm(&mut self, arm: &rust::Arm) -> Arm {
        let (attrs, _) = self.attrs(&arm.attrs);
        let (pat, guard) = self.guarded(&arm.pat);
        Arm {
            attrs,
            pat,
            guard,
            body: self.expr(&arm.body),
        }
    }

    /// A pattern and the condition after it.
    pub(super) fn guarded(&mut self, pat: &rust::Pat) -> (Pat, Option<Expr>) {
        match pat {
            rust::Pat::Guard(it) => (self.pat(&it.pat), Some(self.expr(&it.guard))),
            pat => (self.pat(pat), None),
        }
    }

    fn pats<'e>(&mut self, pats: impl IntoIterator<Item = &'e rust::Pat>) -> Vec<Pat> {
        pats.into_iter().map(|pat| self.pat(pat)).collect()
    }

    pub(super) fn pat(&mut self, pat: &rust::Pat) -> Pat {
        if self.depth >= MAX_DEPTH {
            self.too_deep = true;
            return Pat {
                span: Span::default(),
                kind: PatKind::Wild,
            };
        }
        self.depth += 1;
        let pat = self.pat_inside(pat);
        self.depth -= 1;
        pat
    }

    fn pat_inside(&mut self, pat: &rust::Pat) -> Pat {
        use rust::Pat as P;
        let (span, kind) = match pat {
            P::Const(it) => {
                let block = self.block(&it.block, Vec::new());
                let span = Span::new(self.start(it.const_token.span), block.span.end);
                (
                    span,
                    PatKind::Literal(Box::new(Expr {
                        span,
                        kind: ExprKind::Block(block),
                    })),
                )
            }
            P::Guard(it) => return self.pat(&it.pat),
            P::Ident(it) => {
                let name = self.word(&it.ident);
                let sub = it.subpat.as_ref().map(|(_, sub)| Box::new(self.pat(sub)));
                let first = it
                    .by_ref
                    .as_ref()
                    .map(|it| it.span)
                    .or(it.mutability.as_ref().map(|it| it.span));
                let start = first.map_or(name.start, |first| self.start(first));
                let end = sub.as_ref().map_or(name.end, |sub| sub.span.end);
                (
                    Span::new(start, end),
                    PatKind::Ident {
                        name,
                        mutable: it.mutability.is_some(),
                        sub,
                    },
                )
            }
            P::Lit(it) => {
                let literal = self.literal(&it.lit);
                (literal.span, PatKind::Literal(Box::new(literal)))
            }
            P::Macro(it) => {
                let call = self.macro_call(&it.mac);
                (call.span, PatKind::Literal(Box::new(call)))
            }
            P::Or(it) => {
                let cases = self.pats(&it.cases);
                let first = it.leading_vert.as_ref().map(|it| self.start(it.span));
                let start = first
                    .or(cases.first().map(|case| case.span.start))
                    .unwrap_or(0);
                let end = cases.last().map_or(start, |case| case.span.end);
                (Span::new(start, end), PatKind::Or(cases))
            }
            P::Paren(it) => (
                self.delimited(it.paren_token.span),
                PatKind::Transparent(Box::new(self.pat(&it.pat))),
            ),
            P::Path(it) => {
                let (start, path) = self.path(it.qself.as_ref(), &it.path);
                (
                    Span::new(start, self.path_end(&it.path)),
                    PatKind::Path(path),
                )
            }
            P::Range(it) => {
                let range = self.range(it);
                let ends = match range.kind {
                    ExprKind::Other(ends) => ends,
                    _ => Vec::new(),
                };
                (range.span, PatKind::Range(ends))
            }
            P::Reference(it) => {
                let inside = Box::new(self.pat(&it.pat));
                (
                    Span::new(self.start(it.and_token.span), inside.span.end),
                    PatKind::Transparent(inside),
                )
            }
            P::Rest(it) => {
                let span = Span::new(
                    self.start(it.dot2_token.spans[0]),
                    self.end(it.dot2_token.spans[1]),
                );
                (span, PatKind::Rest)
            }
            P::Slice(it) => (
                self.delimited(it.bracket_token.span),
                PatKind::Slice(self.pats(&it.elems)),
            ),
            P::Struct(it) => {
                let (start, path) = self.path(it.qself.as_ref(), &it.path);
                let fields = it
                    .fields
                    .iter()
                    .map(|field| FieldPat {
                        name: self.member(&field.member),
                        pat: self.pat(&field.pat),
                    })
                    .collect();
                let end = self.delimited(it.brace_token.span).end;
                (Span::new(start, end), PatKind::Struct { path, fields })
            }
            P::Tuple(it) => (
                self.delimited(it.paren_token.span),
                PatKind::Tuple(self.pats(&it.elems)),
            ),
            P::TupleStruct(it) => {
                let (start, path) = self.path(it.qself.as_ref(), &it.path);
                let elems = self.pats(&it.elems);
                let end = self.delimited(it.paren_token.span).end;
                (Span::new(start, end), PatKind::TupleStruct { path, elems })
            }
            P::Type(it) => return self.pat(&it.pat),
            P::Wild(it) => (self.span(it.underscore_token.span), PatKind::Wild),
            _ => {
                self.unshaped = true;
                (Span::default(), PatKind::Wild)
            }
        };
        Pat { span, kind }
    }
}
