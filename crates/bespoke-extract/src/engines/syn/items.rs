//! Items.

use ::syn as rust;
use bespoke_facts::{DefinitionKind, Span};

use super::{
    Attr, Shaper,
    tree::{Field, Item, ItemKind, Param, Pat, PatKind, Stmt, UseLeaf, UseWhat, Variant},
};
use crate::MAX_DEPTH;

impl Shaper<'_> {
    pub(super) fn item(&mut self, item: &rust::Item) -> Stmt {
        if self.depth >= MAX_DEPTH {
            self.too_deep = true;
            return skipped(Span::default(), Vec::new());
        }
        self.depth += 1;
        let item = self.item_inside(item);
        self.depth -= 1;
        item
    }

    fn item_inside(&mut self, item: &rust::Item) -> Stmt {
        use rust::Item as I;
        match item {
            I::Const(it) => {
                let value = Some(self.expr(&it.expr));
                let start = it
                    .modifiers
                    .defaultness
                    .as_ref()
                    .map_or(it.const_token.span, |it| it.span);
                let kind = ItemKind::Constant {
                    name: self.word(&it.ident),
                    value,
                };
                self.made(
                    &it.attrs,
                    &it.vis,
                    start,
                    self.end(it.semi_token.span),
                    kind,
                )
            }
            I::Enum(it) => {
                let variants = it
                    .variants
                    .iter()
                    .map(|variant| self.variant(variant))
                    .collect();
                let end = self.delimited(it.brace_token.span).end;
                let kind = ItemKind::Enum {
                    name: self.word(&it.ident),
                    variants,
                };
                self.made(&it.attrs, &it.vis, it.enum_token.span, end, kind)
            }
            I::ExternCrate(it) => {
                let name = self.word(&it.ident);
                let local = it
                    .rename
                    .as_ref()
                    .map_or(name, |(_, rename)| self.word(rename));
                let leaf = UseLeaf {
                    path: vec![name],
                    what: UseWhat::Crate(local),
                    span: name.join(local),
                };
                let end = self.end(it.semi_token.span);
                self.made(
                    &it.attrs,
                    &it.vis,
                    it.extern_token.span,
                    end,
                    ItemKind::Use(vec![leaf]),
                )
            }
            I::Fn(it) => self.function(
                &it.attrs,
                &it.vis,
                &it.modifiers,
                &it.sig,
                Some(&it.block),
                0,
            ),
            I::ForeignMod(it) => {
                let body = it.items.iter().map(|item| self.foreign(item)).collect();
                let start = it
                    .unsafety
                    .as_ref()
                    .map_or(it.abi.extern_token.span, |it| it.span);
                let end = self.delimited(it.brace_token.span).end;
                self.made(
                    &it.attrs,
                    &rust::Visibility::Inherited,
                    start,
                    end,
                    ItemKind::Foreign(body),
                )
            }
            I::Impl(it) => {
                let body = it.items.iter().map(|item| self.impl_item(item)).collect();
                let first = it
                    .modifiers
                    .defaultness
                    .as_ref()
                    .map(|it| it.span)
                    .or(it.unsafety.as_ref().map(|it| it.span));
                let start = first.unwrap_or(it.impl_token.span);
                let end = self.delimited(it.brace_token.span).end;
                let name = self.type_name(&it.self_ty);
                let kind = ItemKind::Scope {
                    kind: DefinitionKind::Extension,
                    name,
                    body: Some(body),
                };
                self.made(&it.attrs, &rust::Visibility::Inherited, start, end, kind)
            }
            I::Macro(it) => self.item_macro(
                &it.attrs,
                it.ident.is_some(),
                &it.mac,
                it.semi_token.as_ref(),
            ),
            I::Mod(it) => {
                let body = it
                    .content
                    .as_ref()
                    .map(|(_, items)| items.iter().map(|item| self.item(item)).collect());
                let end = match (&it.content, &it.semi) {
                    (Some((braces, _)), _) => self.delimited(braces.span).end,
                    (None, Some(semi)) => self.end(semi.span),
                    (None, None) => self.word(&it.ident).end,
                };
                let name = Some(self.word(&it.ident));
                let kind = ItemKind::Scope {
                    kind: DefinitionKind::Module,
                    name,
                    body,
                };
                let start = it.unsafety.as_ref().map_or(it.mod_token.span, |it| it.span);
                self.made(&it.attrs, &it.vis, start, end, kind)
            }
            I::Static(it) => {
                let value = Some(self.expr(&it.expr));
                let kind = ItemKind::Constant {
                    name: self.word(&it.ident),
                    value,
                };
                self.made(
                    &it.attrs,
                    &it.vis,
                    it.static_token.span,
                    self.end(it.semi_token.span),
                    kind,
                )
            }
            I::Struct(it) => {
                let end = match (&it.fields, &it.semi_token) {
                    (_, Some(semi)) => self.end(semi.span),
                    (rust::Fields::Named(fields), None) => {
                        self.delimited(fields.brace_token.span).end
                    }
                    _ => self.word(&it.ident).end,
                };
                let kind = ItemKind::Struct {
                    name: self.word(&it.ident),
                    fields: self.fields(&it.fields),
                };
                self.made(&it.attrs, &it.vis, it.struct_token.span, end, kind)
            }
            I::Trait(it) => {
                let body = it.items.iter().map(|item| self.trait_item(item)).collect();
                let first = it.unsafety.as_ref().map(|it| it.span).or(it
                    .modifiers
                    .auto_token
                    .as_ref()
                    .map(|it| it.span));
                let start = first.unwrap_or(it.trait_token.span);
                let end = self.delimited(it.brace_token.span).end;
                let name = Some(self.word(&it.ident));
                let kind = ItemKind::Scope {
                    kind: DefinitionKind::Interface,
                    name,
                    body: Some(body),
                };
                self.made(&it.attrs, &it.vis, start, end, kind)
            }
            I::TraitAlias(it) => {
                let kind = ItemKind::Alias {
                    name: self.word(&it.ident),
                };
                self.made(
                    &it.attrs,
                    &it.vis,
                    it.trait_token.span,
                    self.end(it.semi_token.span),
                    kind,
                )
            }
            I::Type(it) => {
                let kind = ItemKind::Alias {
                    name: self.word(&it.ident),
                };
                let start = it
                    .modifiers
                    .defaultness
                    .as_ref()
                    .map_or(it.type_token.span, |it| it.span);
                self.made(
                    &it.attrs,
                    &it.vis,
                    start,
                    self.end(it.semi_token.span),
                    kind,
                )
            }
            I::Union(it) => {
                let fields = it
                    .fields
                    .named
                    .iter()
                    .map(|field| self.field(field))
                    .collect();
                let end = self.delimited(it.fields.brace_token.span).end;
                let kind = ItemKind::Struct {
                    name: self.word(&it.ident),
                    fields,
                };
                self.made(&it.attrs, &it.vis, it.union_token.span, end, kind)
            }
            I::Use(it) => {
                let mut leaves = Vec::new();
                self.uses(&it.tree, &mut Vec::new(), &mut leaves);
                let end = self.end(it.semi_token.span);
                self.made(
                    &it.attrs,
                    &it.vis,
                    it.use_token.span,
                    end,
                    ItemKind::Use(leaves),
                )
            }
            _ => self.unshaped(),
        }
    }

    fn unshaped(&mut self) -> Stmt {
        self.unshaped = true;
        skipped(Span::default(), Vec::new())
    }

    fn made(
        &self,
        attrs: &[rust::Attribute],
        vis: &rust::Visibility,
        keyword: proc_macro2::Span,
        end: u32,
        kind: ItemKind,
    ) -> Stmt {
        let (attrs, inner) = self.attrs(attrs);
        let start = match vis {
            rust::Visibility::Public(token) => self.start(token.span),
            rust::Visibility::Restricted(restricted) => self.start(restricted.pub_token.span),
            rust::Visibility::Inherited => self.start(keyword),
        };
        let public = !matches!(vis, rust::Visibility::Inherited);
        Stmt::Item(Item {
            span: Span::new(start, end),
            attrs,
            inner,
            public,
            kind,
        })
    }

    /// A function; `end` is where it ends if it has no body.
    fn function(
        &mut self,
        attrs: &[rust::Attribute],
        vis: &rust::Visibility,
        modifiers: &rust::FnModifiers,
        sig: &rust::Signature,
        body: Option<&rust::Block>,
        end: u32,
    ) -> Stmt {
        let params = sig.inputs.iter().map(|input| self.param(input)).collect();
        let body = body.map(|body| self.block(body, Vec::new()));
        let end = body.as_ref().map_or(end, |body| body.span.end);
        let safety = match &sig.safety {
            rust::Safety::Safe(token) => Some(token.span),
            rust::Safety::Unsafe(token) => Some(token.span),
            rust::Safety::Default => None,
        };
        let start = [
            modifiers.defaultness.as_ref().map(|it| it.span),
            sig.constness.as_ref().map(|it| it.span),
            sig.asyncness.as_ref().map(|it| it.span),
            safety,
            sig.abi.as_ref().map(|it| it.extern_token.span),
        ]
        .into_iter()
        .flatten()
        .next()
        .unwrap_or(sig.fn_token.span);
        let kind = ItemKind::Fn {
            name: self.word(&sig.ident),
            params,
            body,
        };
        self.made(attrs, vis, start, end, kind)
    }

    fn param(&mut self, input: &rust::FnArg) -> Param {
        match input {
            rust::FnArg::Receiver(it) => {
                let name = self.span(it.self_token.span);
                let pat = Pat {
                    span: name,
                    kind: PatKind::Ident {
                        name,
                        mutable: false,
                        sub: None,
                    },
                };
                Param {
                    attrs: self.attrs(&it.attrs).0,
                    pat,
                }
            }
            rust::FnArg::Typed(it) => Param {
                attrs: self.attrs(&it.attrs).0,
                pat: self.pat(&it.pat),
            },
        }
    }

    fn fields(&self, fields: &rust::Fields) -> Vec<Field> {
        fields.iter().map(|field| self.field(field)).collect()
    }

    fn field(&self, field: &rust::Field) -> Field {
        let (attrs, _) = self.attrs(&field.attrs);
        let name = field.ident.as_ref().map(|name| self.word(name));
        let span = name.map(|name| match &field.vis {
            rust::Visibility::Public(token) => Span::new(self.start(token.span), name.end),
            rust::Visibility::Restricted(it) => Span::new(self.start(it.pub_token.span), name.end),
            rust::Visibility::Inherited => name,
        });
        Field {
            attrs,
            name,
            span,
            public: !matches!(field.vis, rust::Visibility::Inherited),
        }
    }

    fn variant(&mut self, variant: &rust::Variant) -> Variant {
        let (attrs, _) = self.attrs(&variant.attrs);
        let name = self.word(&variant.ident);
        let value = variant
            .discriminant
            .as_ref()
            .map(|(_, value)| self.expr(value));
        let fields_end = match &variant.fields {
            rust::Fields::Named(fields) => self.delimited(fields.brace_token.span).end,
            rust::Fields::Unnamed(fields) => self.delimited(fields.paren_token.span).end,
            rust::Fields::Unit => name.end,
        };
        let end = value.as_ref().map_or(fields_end, |value| value.span.end);
        let fields = self.fields(&variant.fields);
        Variant {
            attrs,
            name,
            span: Span::new(name.start, end),
            fields,
            value,
        }
    }

    fn foreign(&mut self, item: &rust::ForeignItem) -> Stmt {
        use rust::ForeignItem as F;
        match item {
            F::Fn(it) => {
                let end = self.end(it.semi_token.span);
                self.function(&it.attrs, &it.vis, &it.modifiers, &it.sig, None, end)
            }
            F::Static(it) => {
                let kind = ItemKind::Constant {
                    name: self.word(&it.ident),
                    value: None,
                };
                let start = match &it.safety {
                    rust::Safety::Safe(token) => token.span,
                    rust::Safety::Unsafe(token) => token.span,
                    rust::Safety::Default => it.static_token.span,
                };
                self.made(
                    &it.attrs,
                    &it.vis,
                    start,
                    self.end(it.semi_token.span),
                    kind,
                )
            }
            F::Type(it) => {
                let kind = ItemKind::Alias {
                    name: self.word(&it.ident),
                };
                self.made(
                    &it.attrs,
                    &it.vis,
                    it.type_token.span,
                    self.end(it.semi_token.span),
                    kind,
                )
            }
            F::Macro(it) => self.item_macro(&it.attrs, false, &it.mac, it.semi_token.as_ref()),
            _ => self.unshaped(),
        }
    }

    fn trait_item(&mut self, item: &rust::TraitItem) -> Stmt {
        use rust::TraitItem as T;
        let inherited = rust::Visibility::Inherited;
        match item {
            T::Const(it) => {
                let value = it.default.as_ref().map(|(_, value)| self.expr(value));
                let kind = ItemKind::Constant {
                    name: self.word(&it.ident),
                    value,
                };
                self.made(
                    &it.attrs,
                    &inherited,
                    it.const_token.span,
                    self.end(it.semi_token.span),
                    kind,
                )
            }
            T::Fn(it) => {
                let end = it.semi_token.as_ref().map_or(0, |semi| self.end(semi.span));
                self.function(
                    &it.attrs,
                    &inherited,
                    &it.modifiers,
                    &it.sig,
                    it.default.as_ref(),
                    end,
                )
            }
            T::Type(it) => {
                let kind = ItemKind::Alias {
                    name: self.word(&it.ident),
                };
                self.made(
                    &it.attrs,
                    &inherited,
                    it.type_token.span,
                    self.end(it.semi_token.span),
                    kind,
                )
            }
            T::Macro(it) => self.item_macro(&it.attrs, false, &it.mac, it.semi_token.as_ref()),
            _ => self.unshaped(),
        }
    }

    fn impl_item(&mut self, item: &rust::ImplItem) -> Stmt {
        use rust::ImplItem as I;
        match item {
            I::Const(it) => {
                let value = Some(self.expr(&it.expr));
                let kind = ItemKind::Constant {
                    name: self.word(&it.ident),
                    value,
                };
                let start = it
                    .modifiers
                    .defaultness
                    .as_ref()
                    .map_or(it.const_token.span, |it| it.span);
                self.made(
                    &it.attrs,
                    &it.vis,
                    start,
                    self.end(it.semi_token.span),
                    kind,
                )
            }
            I::Fn(it) => self.function(
                &it.attrs,
                &it.vis,
                &it.modifiers,
                &it.sig,
                Some(&it.block),
                0,
            ),
            I::Type(it) => {
                let kind = ItemKind::Alias {
                    name: self.word(&it.ident),
                };
                let start = it
                    .modifiers
                    .defaultness
                    .as_ref()
                    .map_or(it.type_token.span, |it| it.span);
                self.made(
                    &it.attrs,
                    &it.vis,
                    start,
                    self.end(it.semi_token.span),
                    kind,
                )
            }
            I::Macro(it) => self.item_macro(&it.attrs, false, &it.mac, it.semi_token.as_ref()),
            _ => self.unshaped(),
        }
    }

    fn item_macro(
        &mut self,
        attrs: &[rust::Attribute],
        defines: bool,
        mac: &rust::Macro,
        semi: Option<&rust::Token![;]>,
    ) -> Stmt {
        let (attrs, _) = self.attrs(attrs);
        if defines {
            let (start, _) = self.path(None, &mac.path);
            let end = semi.map_or_else(
                || self.delimited(*mac.delimiter.span()).end,
                |semi| self.end(semi.span),
            );
            return skipped(Span::new(start, end), attrs);
        }
        Stmt::Expr {
            expr: super::attributed(attrs, self.macro_call(mac)),
            dropped: true,
        }
    }

    fn uses(&self, tree: &rust::UseTree, path: &mut Vec<Span>, leaves: &mut Vec<UseLeaf>) {
        use rust::UseTree as U;
        match tree {
            U::Path(it) => {
                path.push(self.word(&it.ident));
                self.uses(&it.tree, path, leaves);
                path.pop();
            }
            U::Name(it) => {
                let span = self.word(&it.ident);
                let path = path.iter().copied().chain([span]).collect();
                leaves.push(UseLeaf {
                    path,
                    what: UseWhat::Name,
                    span,
                });
            }
            U::Rename(it) => {
                let (name, local) = (self.word(&it.ident), self.word(&it.rename));
                let path = path.iter().copied().chain([name]).collect();
                leaves.push(UseLeaf {
                    path,
                    what: UseWhat::Rename(local),
                    span: name.join(local),
                });
            }
            U::Glob(it) => {
                let span = self.span(it.star_token.span);
                leaves.push(UseLeaf {
                    path: path.clone(),
                    what: UseWhat::Glob,
                    span,
                });
            }
            U::Group(it) => it
                .items
                .iter()
                .for_each(|tree| self.uses(tree, path, leaves)),
        }
    }

    /// The last part of a type's path.
    fn type_name(&self, ty: &rust::Type) -> Option<Span> {
        match ty {
            rust::Type::Path(it) => it.path.segments.last().map(|part| self.word(&part.ident)),
            rust::Type::Reference(it) => self.type_name(&it.elem),
            rust::Type::Group(it) => self.type_name(&it.elem),
            _ => None,
        }
    }
}

fn skipped(span: Span, attrs: Vec<Attr>) -> Stmt {
    Stmt::Item(Item {
        span,
        attrs,
        inner: Vec::new(),
        public: false,
        kind: ItemKind::Skipped,
    })
}
