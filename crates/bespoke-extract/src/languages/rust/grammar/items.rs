//! Items.

use bespoke_facts::{DefinitionKind, Span};
use tree_sitter::Node;

use super::{Shaper, attr, child, field, named, parts, span};
use crate::engines::syn::tree::{
    Attr, Field, ItemKind, Param, Pat, PatKind, Stmt, UseLeaf, UseWhat, Variant,
};

impl Shaper<'_> {
    pub(super) fn item(&mut self, node: Node<'_>) -> Option<(Vec<Attr>, ItemKind)> {
        let name = field(node, "name").map_or(span(node), span);
        let mut inner = Vec::new();
        let kind = match node.kind() {
            "function_item" | "function_signature_item" => {
                let params = field(node, "parameters")
                    .map(|params| self.params(params))
                    .unwrap_or_default();
                let mut body = field(node, "body").map(|body| self.block(body));
                if let Some(body) = &mut body {
                    inner = std::mem::take(&mut body.inner);
                }
                ItemKind::Fn { name, params, body }
            }
            "struct_item" | "union_item" => {
                let fields = field(node, "body").map(Self::fields).unwrap_or_default();
                ItemKind::Struct { name, fields }
            }
            "enum_item" => {
                let variants = field(node, "body")
                    .map(|body| self.variants(body))
                    .unwrap_or_default();
                ItemKind::Enum { name, variants }
            }
            "trait_item" => {
                let body = self.declarations(node, &mut inner);
                ItemKind::Scope {
                    kind: DefinitionKind::Interface,
                    name: Some(name),
                    body,
                }
            }
            "mod_item" => {
                let body = self.declarations(node, &mut inner);
                ItemKind::Scope {
                    kind: DefinitionKind::Module,
                    name: Some(name),
                    body,
                }
            }
            "impl_item" => {
                let body = self.declarations(node, &mut inner);
                let name = field(node, "type").and_then(type_name);
                ItemKind::Scope {
                    kind: DefinitionKind::Extension,
                    name,
                    body,
                }
            }
            "foreign_mod_item" => {
                ItemKind::Foreign(self.declarations(node, &mut inner).unwrap_or_default())
            }
            "type_item" | "associated_type" => ItemKind::Alias { name },
            "const_item" | "static_item" => ItemKind::Constant {
                name,
                value: field(node, "value").map(|value| self.expr(value)),
            },
            "use_declaration" => {
                let mut leaves = Vec::new();
                if let Some(argument) = field(node, "argument") {
                    self.uses(argument, &[], &mut leaves);
                }
                ItemKind::Use(leaves)
            }
            "extern_crate_declaration" => {
                let local = field(node, "alias").map_or(name, span);
                let leaf = UseLeaf {
                    path: vec![name],
                    what: UseWhat::Crate(local),
                    span: name.join(local),
                };
                ItemKind::Use(vec![leaf])
            }
            "macro_definition" => ItemKind::Skipped,
            _ => return None,
        };
        Some((inner, kind))
    }

    pub(super) fn declarations(
        &mut self,
        node: Node<'_>,
        inner: &mut Vec<Attr>,
    ) -> Option<Vec<Stmt>> {
        let (attrs, mut body) = self.statements(field(node, "body")?);
        *inner = attrs;
        for stmt in &mut body {
            if let Stmt::Expr { dropped, .. } = stmt {
                *dropped = true;
            }
        }
        Some(body)
    }

    pub(super) fn params(&mut self, node: Node<'_>) -> Vec<Param> {
        let (mut params, mut attrs) = (Vec::new(), Vec::new());
        for node in named(node) {
            let pat = match node.kind() {
                "attribute_item" => {
                    attrs.push(attr(node));
                    continue;
                }
                "self_parameter" => {
                    let name = child(node, "self").map_or(span(node), span);
                    Pat {
                        span: name,
                        kind: PatKind::Ident {
                            name,
                            mutable: false,
                            sub: None,
                        },
                    }
                }
                "parameter" => self.pat_field(node, "pattern"),
                _ => continue,
            };
            params.push(Param {
                attrs: std::mem::take(&mut attrs),
                pat,
            });
        }
        params
    }

    pub(super) fn fields(list: Node<'_>) -> Vec<Field> {
        let (mut fields, mut attrs) = (Vec::new(), Vec::new());
        let mut public = None;
        for node in named(list) {
            match node.kind() {
                "attribute_item" => attrs.push(attr(node)),
                "visibility_modifier" => public = Some(node),
                "field_declaration" => {
                    let name = field(node, "name").map(span);
                    let shown = child(node, "visibility_modifier");
                    let from = shown.map(span);
                    fields.push(Field {
                        attrs: std::mem::take(&mut attrs),
                        name,
                        span: name.map(|name| from.map_or(name, |from| from.join(name))),
                        public: shown.is_some(),
                    });
                }
                _ => fields.push(Field {
                    attrs: std::mem::take(&mut attrs),
                    name: None,
                    span: None,
                    public: public.take().is_some(),
                }),
            }
        }
        fields
    }

    pub(super) fn variants(&mut self, list: Node<'_>) -> Vec<Variant> {
        let (mut variants, mut attrs) = (Vec::new(), Vec::new());
        for node in named(list) {
            match node.kind() {
                "attribute_item" => attrs.push(attr(node)),
                "enum_variant" => variants.push(Variant {
                    attrs: std::mem::take(&mut attrs),
                    name: field(node, "name").map_or(span(node), span),
                    span: span(node),
                    fields: field(node, "body").map(Self::fields).unwrap_or_default(),
                    value: field(node, "value").map(|value| self.expr(value)),
                }),
                _ => {}
            }
        }
        variants
    }

    pub(super) fn uses(&mut self, node: Node<'_>, before: &[Span], leaves: &mut Vec<UseLeaf>) {
        let path = |node: Option<Node<'_>>| {
            let mut path = before.to_vec();
            if let Some(node) = node {
                parts(node, &mut path);
            }
            path
        };
        match node.kind() {
            "use_list" => {
                for item in named(node) {
                    self.deeper((), |this| this.uses(item, before, leaves));
                }
            }
            "scoped_use_list" => {
                let path = path(field(node, "path"));
                if let Some(list) = field(node, "list") {
                    self.uses(list, &path, leaves);
                }
            }
            "use_as_clause" => {
                let path = path(field(node, "path"));
                let local = field(node, "alias").map_or(span(node), span);
                let place = path.last().map_or(local, |last| last.join(local));
                leaves.push(UseLeaf {
                    path,
                    what: UseWhat::Rename(local),
                    span: place,
                });
            }
            "use_wildcard" => {
                let star = child(node, "*").map_or(span(node), span);
                leaves.push(UseLeaf {
                    path: path(named(node).first().copied()),
                    what: UseWhat::Glob,
                    span: star,
                });
            }
            _ => {
                let path = path(Some(node));
                let place = path.last().copied().unwrap_or(span(node));
                leaves.push(UseLeaf {
                    path,
                    what: UseWhat::Name,
                    span: place,
                });
            }
        }
    }
}

/// The last part of a type's path.
fn type_name(node: Node<'_>) -> Option<Span> {
    match node.kind() {
        "type_identifier" | "primitive_type" => Some(span(node)),
        "scoped_type_identifier" => field(node, "name").map(span),
        "generic_type" | "reference_type" => field(node, "type").and_then(type_name),
        _ => None,
    }
}
