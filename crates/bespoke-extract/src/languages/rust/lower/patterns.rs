//! Patterns, as parameters and as what a value is compared with.

use bespoke_facts::{CallForm, ExprId, ExprKind as Kind, Span};

use super::{
    Lower,
    Position::{Condition, Value},
    has_value, is_constant,
};
use crate::engines::syn::tree::{Expr, ExprKind, Param, Pat, PatKind};

impl Lower<'_> {
    pub(super) fn params(&mut self, params: &[Param]) {
        let mut ids = Vec::with_capacity(params.len());
        for param in params {
            self.attrs(&param.attrs, Some(param.pat.span));
            ids.push(self.param(&param.pat));
        }
        self.facts.params(&ids);
    }

    pub(super) fn param(&mut self, pat: &Pat) -> ExprId {
        match &pat.kind {
            PatKind::Ident { name, .. } => self.name(*name),
            PatKind::Transparent(inside) => self.param(inside),
            PatKind::Tuple(elems) | PatKind::TupleStruct { elems, .. } | PatKind::Slice(elems) => {
                let elems: Vec<ExprId> = elems.iter().map(|elem| self.param(elem)).collect();
                let elems = self.facts.children(&elems);
                self.facts.expr(Kind::List(elems), pat.span)
            }
            PatKind::Struct { fields, .. } => {
                let mut entries = Vec::with_capacity(fields.len());
                for field in fields {
                    let text = self.text(field.name);
                    let key = self.facts.string(text, field.name);
                    let value = self.param(&field.pat);
                    let span = field.name.join(field.pat.span);
                    entries.push(self.facts.expr(Kind::Entry { key, value }, span));
                }
                let entries = self.facts.children(&entries);
                self.facts.expr(Kind::Object(entries), pat.span)
            }
            _ => self.other(&[], pat.span),
        }
    }

    pub(super) fn closure(&mut self, params: &[Pat], body: &Expr, span: Span) -> ExprId {
        let function = self.facts.begin_function(None, span, body.span);
        let params: Vec<ExprId> = params.iter().map(|param| self.param(param)).collect();
        self.facts.params(&params);
        let value = match &body.kind {
            ExprKind::Block(block) => self.block(block),
            _ => Some(self.expr(body, Value)).filter(|_| has_value(body)),
        };
        if let Some(value) = value {
            self.facts.add_return(value);
        }
        self.facts.end_function();
        self.facts.expr(Kind::Function(function), span)
    }

    pub(super) fn pats(&mut self, pats: &[Pat]) -> Vec<ExprId> {
        pats.iter().map(|pat| self.pat(pat)).collect()
    }

    /// A pattern as what its scrutinee is compared with.
    pub(super) fn pat(&mut self, pat: &Pat) -> ExprId {
        match &pat.kind {
            PatKind::Wild | PatKind::Rest => self.other(&[], pat.span),
            PatKind::Ident { sub: Some(sub), .. } => self.pat(sub),
            PatKind::Ident { name, .. } => self.name(*name),
            PatKind::Path(path) => self.path(path),
            PatKind::Literal(literal) => self.expr(literal, Condition),
            PatKind::Tuple(elems) | PatKind::Slice(elems) => {
                let elems = self.pats(elems);
                self.other(&elems, pat.span)
            }
            PatKind::TupleStruct { path, elems } => {
                let callee = self.path(path);
                let elems = self.pats(elems);
                self.call(callee, &elems, CallForm::Call, pat.span)
            }
            PatKind::Struct { path, fields } => {
                let callee = self.path(path);
                let mut entries = Vec::with_capacity(fields.len());
                for field in fields {
                    let text = self.text(field.name);
                    let key = self.facts.string(text, field.name);
                    let value = self.pat(&field.pat);
                    let span = field.name.join(field.pat.span);
                    entries.push(self.facts.expr(Kind::Entry { key, value }, span));
                }
                let entries = self.facts.children(&entries);
                let object = self.facts.expr(Kind::Object(entries), pat.span);
                self.call(callee, &[object], CallForm::New, pat.span)
            }
            PatKind::Or(cases) => match cases.as_slice() {
                [case] => self.pat(case),
                cases => {
                    let cases = self.pats(cases);
                    let cases = self.facts.children(&cases);
                    self.facts.expr(Kind::List(cases), pat.span)
                }
            },
            PatKind::Transparent(inside) => self.pat(inside),
            PatKind::Range(ends) => {
                let ends = self.exprs(ends, Condition);
                self.other(&ends, pat.span)
            }
        }
    }

    /// Whether a pattern takes everything.
    pub(super) fn takes_all(&self, pat: &Pat) -> bool {
        match &pat.kind {
            PatKind::Wild | PatKind::Rest => true,
            PatKind::Ident { sub: Some(sub), .. } => self.takes_all(sub),
            PatKind::Ident { name, .. } => !is_constant(self.text(*name)),
            PatKind::Transparent(inside) => self.takes_all(inside),
            PatKind::Or(cases) => cases.iter().any(|case| self.takes_all(case)),
            _ => false,
        }
    }
}
