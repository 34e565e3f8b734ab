//! Attributes, statements and items.

use bespoke_facts::{
    BindingKind, BranchKind, CompareOp, DefinitionKind, DefinitionStart, ExprId, ExprKind as Kind,
    Import, Imported, Span,
};

use super::{Lower, Position::Value, binds, has_value, is_constant};
use crate::{
    engines::syn::tree::{
        Attr, Block, Field, Item, ItemKind, Let, Pat, PatKind, Stmt, UseLeaf, UseWhat, Variant,
    },
    languages::rust::meta::Meta,
};

impl Lower<'_> {
    /// Notes attributes of what spans `region` and gives their positions, to attach to a definition.
    pub(super) fn attrs(&mut self, attrs: &[Attr], region: Option<Span>) -> Vec<usize> {
        attrs
            .iter()
            .filter_map(|attr| self.attr(attr, region))
            .collect()
    }

    pub(super) fn inner_attrs(&mut self, attrs: &[Attr], end: u32) -> Vec<usize> {
        attrs
            .iter()
            .filter_map(|attr| self.attr(attr, Some(Span::new(attr.span.end, end))))
            .collect()
    }

    pub(super) fn attr(&mut self, attr: &Attr, region: Option<Span>) -> Option<usize> {
        let mut meta = Meta::new(self.source, attr.meta);
        let word = meta.word();
        if let Some("cfg" | "cfg_attr") = word
            && let Some(mut inside) = meta.group()
        {
            let condition = inside.predicate(&mut self.facts)?;
            let span = self.facts.get(condition).span;
            let then = if word == Some("cfg") {
                region
            } else {
                inside.punct(b',');
                inside.rest()
            };
            self.facts
                .branch(BranchKind::Cfg, condition, span, (then, None), false);
            return None;
        }
        let expr = Meta::new(self.source, attr.meta).attribute(&mut self.facts)?;
        Some(self.facts.attribute(expr, attr.span))
    }

    /// Lowers statements; the value of the last one if it is not dropped.
    pub(super) fn statements(&mut self, body: &[Stmt], in_type: bool) -> Option<ExprId> {
        let mut value = None;
        for (at, stmt) in body.iter().enumerate() {
            match stmt {
                Stmt::Item(item) => self.item(item, in_type),
                Stmt::Let(it) => self.local(it),
                Stmt::Expr { expr, dropped } => {
                    let id = self.expr(expr, Value);
                    if at + 1 == body.len() && !dropped && has_value(expr) {
                        value = Some(id);
                    }
                }
            }
        }
        value
    }

    pub(super) fn block(&mut self, block: &Block) -> Option<ExprId> {
        self.inner_attrs(&block.inner, block.span.end);
        self.statements(&block.body, false)
    }

    pub(super) fn nested(&mut self, block: &Block) -> Option<ExprId> {
        self.facts.nest();
        let value = self.block(block);
        self.facts.unnest();
        value
    }

    pub(super) fn local(&mut self, it: &Let) {
        self.attrs(&it.attrs, Some(it.span));
        let init = it.init.as_ref().map(|init| self.expr(init, Value));
        if let Some(diverge) = &it.diverge {
            self.facts.decide(1);
            self.facts.structural();
            if let (Some(left), Some(init)) = (init, &it.init) {
                let right = self.pat(&it.pat);
                let span = Span::new(it.span.start, init.span.end);
                let fits = self.facts.expr(
                    Kind::Compare {
                        op: CompareOp::Matches,
                        left,
                        right,
                    },
                    span,
                );
                let condition = self.facts.expr(Kind::Not(fits), span);
                self.facts.branch(
                    BranchKind::If,
                    condition,
                    span,
                    (Some(diverge.span), None),
                    true,
                );
            }
            self.nested(diverge);
        }
        self.bind(&it.pat, init, it.mutable);
    }

    /// Notes each name of a pattern that a value is taken apart by.
    pub(super) fn bind(&mut self, pat: &Pat, value: Option<ExprId>, mutable: bool) {
        match &pat.kind {
            PatKind::Ident {
                name,
                mutable: marked,
                sub,
            } => {
                let text = self.text(*name);
                if !is_constant(text) {
                    let kind = if mutable || *marked {
                        BindingKind::Variable
                    } else {
                        BindingKind::Constant
                    };
                    self.facts.binding(kind, text, value, *name, false);
                }
                if let Some(sub) = sub {
                    self.bind(sub, value, mutable);
                }
            }
            PatKind::Tuple(elems) | PatKind::TupleStruct { elems, .. } => {
                let mut known = true;
                for (at, elem) in elems.iter().enumerate() {
                    known &= !matches!(elem.kind, PatKind::Rest);
                    if binds(elem) {
                        let value = value
                            .filter(|_| known)
                            .map(|value| self.facts.member(value, &at.to_string(), elem.span));
                        self.bind(elem, value, mutable);
                    }
                }
            }
            PatKind::Struct { fields, .. } => {
                for field in fields {
                    if binds(&field.pat) {
                        let name = self.text(field.name);
                        let value = value.map(|value| self.facts.member(value, name, field.name));
                        self.bind(&field.pat, value, mutable);
                    }
                }
            }
            PatKind::Slice(elems) => {
                for elem in elems {
                    self.bind(elem, None, mutable);
                }
            }
            PatKind::Transparent(inside) => self.bind(inside, value, mutable),
            PatKind::Wild
            | PatKind::Rest
            | PatKind::Path(_)
            | PatKind::Literal(_)
            | PatKind::Or(_)
            | PatKind::Range(_) => {}
        }
    }

    pub(super) fn item(&mut self, item: &Item, in_type: bool) {
        let attributes = self.attrs(&item.attrs, Some(item.span));
        match &item.kind {
            ItemKind::Fn { name, params, body } => {
                let kind = if in_type {
                    DefinitionKind::Method
                } else {
                    DefinitionKind::Function
                };
                self.begin(item, kind, *name, &attributes);
                if let Some(body) = body {
                    let name = self.text(*name);
                    self.facts.begin_function(Some(name), item.span, body.span);
                    self.inner(item);
                    self.params(params);
                    let value = self.block(body);
                    if let Some(value) = value {
                        self.facts.add_return(value);
                    }
                    self.facts.end_function();
                }
                self.facts.end_definition();
            }
            ItemKind::Struct { name, fields } => {
                self.begin(item, DefinitionKind::Class, *name, &attributes);
                self.inner(item);
                self.fields(fields);
                self.facts.end_definition();
            }
            ItemKind::Enum { name, variants } => {
                self.begin(item, DefinitionKind::Enum, *name, &attributes);
                self.inner(item);
                for variant in variants {
                    self.variant(variant, item.public);
                }
                self.facts.end_definition();
            }
            ItemKind::Scope { kind, name, body } => {
                self.begin_named(
                    item,
                    *kind,
                    name.map_or("_", |name| self.text(name)),
                    &attributes,
                );
                self.inner(item);
                if let Some(body) = body {
                    self.statements(body, *kind != DefinitionKind::Module);
                }
                self.facts.end_definition();
            }
            ItemKind::Alias { name } => {
                self.begin(item, DefinitionKind::Alias, *name, &attributes);
                self.facts.end_definition();
            }
            ItemKind::Constant { name, value } => {
                let value = value.as_ref().map(|value| self.expr(value, Value));
                let text = self.text(*name);
                if text != "_" {
                    self.facts
                        .binding(BindingKind::Constant, text, value, *name, item.public);
                }
            }
            ItemKind::Use(leaves) => {
                for leaf in leaves {
                    self.import(leaf, item.public);
                }
            }
            ItemKind::Foreign(body) => {
                self.inner(item);
                self.statements(body, false);
            }
            ItemKind::Skipped => {}
        }
    }

    pub(super) fn inner(&mut self, item: &Item) {
        let attributes = self.inner_attrs(&item.inner, item.span.end);
        if let Some(definition) = self.facts.definition() {
            for attribute in attributes {
                self.facts.attach(attribute, definition);
            }
        }
    }

    pub(super) fn begin(
        &mut self,
        item: &Item,
        kind: DefinitionKind,
        name: Span,
        attributes: &[usize],
    ) {
        self.begin_named(item, kind, self.text(name), attributes);
    }

    pub(super) fn begin_named(
        &mut self,
        item: &Item,
        kind: DefinitionKind,
        name: &str,
        attributes: &[usize],
    ) {
        let start = DefinitionStart {
            name,
            kind,
            span: item.span,
            exported: item.public,
        };
        let definition = self.facts.begin_definition(&start);
        for attribute in attributes {
            self.facts.attach(*attribute, definition);
        }
    }

    pub(super) fn fields(&mut self, fields: &[Field]) {
        for field in fields {
            self.attrs(&field.attrs, field.span);
            if let Some(name) = field.name {
                let text = self.text(name);
                self.facts
                    .binding(BindingKind::Field, text, None, name, field.public);
            }
        }
    }

    pub(super) fn variant(&mut self, variant: &Variant, public: bool) {
        self.attrs(&variant.attrs, Some(variant.span));
        for field in &variant.fields {
            self.attrs(&field.attrs, field.span);
        }
        let value = variant.value.as_ref().map(|value| self.expr(value, Value));
        let text = self.text(variant.name);
        self.facts
            .binding(BindingKind::EnumMember, text, value, variant.name, public);
    }

    pub(super) fn import(&mut self, leaf: &UseLeaf, public: bool) {
        let parts: Vec<&str> = leaf.path.iter().map(|part| self.text(*part)).collect();
        let (source, last) = match (leaf.what, parts.as_slice()) {
            (UseWhat::Glob | UseWhat::Crate(_), parts) => (parts.join("::"), None),
            // `a::{self}` is `a`.
            (_, [before @ .., last, "self"] | [before @ .., last]) => {
                (before.join("::"), Some(*last))
            }
            (_, []) => return,
        };
        let source = self.facts.intern(&source);
        let last = last.map(|last| self.facts.intern(last));
        let renamed = |span: Span| Some(self.text(span)).filter(|name| *name != "_");
        let local = match leaf.what {
            UseWhat::Name => None,
            UseWhat::Rename(local) | UseWhat::Crate(local) => renamed(local),
            UseWhat::Glob => None,
        };
        let local = local.map(|local| self.facts.intern(local));
        let imported = match (leaf.what, last) {
            (UseWhat::Crate(_), _) => Imported::Namespace,
            (_, Some(last)) => Imported::Named(last),
            (_, None) => Imported::Glob,
        };
        let local = if matches!(leaf.what, UseWhat::Name) {
            last
        } else {
            local
        };
        self.facts.import(Import {
            source,
            imported,
            local,
            type_only: false,
            reexport: public,
            span: leaf.span,
        });
    }
}
