//! Patterns and the arms of `match`.

use bespoke_facts::Span;
use tree_sitter::Node;

use super::{Shaper, attr, child, children, field, named, path_of, span};
use crate::engines::syn::tree::{Arm, FieldPat, Pat, PatKind};

impl Shaper<'_> {
    pub(super) fn arms(&mut self, block: Node<'_>) -> Vec<Arm> {
        let mut arms = Vec::new();
        for node in named(block)
            .into_iter()
            .filter(|node| node.kind() == "match_arm")
        {
            let attrs = named(node)
                .into_iter()
                .filter(|child| child.kind() == "attribute_item")
                .map(attr)
                .collect();
            let Some(pattern) = field(node, "pattern") else {
                continue;
            };
            let pat = children(pattern)
                .into_iter()
                .find(|child| child.is_named() || child.kind() == "_");
            let pat = match pat {
                Some(pat) => self.pat(pat),
                None => Pat {
                    span: span(pattern),
                    kind: PatKind::Wild,
                },
            };
            let guard = field(pattern, "condition").map(|guard| self.expr(guard));
            arms.push(Arm {
                attrs,
                pat,
                guard,
                body: self.expr_field(node, "value"),
            });
        }
        arms
    }

    pub(super) fn pat_field(&mut self, node: Node<'_>, name: &str) -> Pat {
        match field(node, name) {
            Some(pat) => self.pat(pat),
            None => Pat {
                span: span(node),
                kind: PatKind::Wild,
            },
        }
    }

    /// All patterns among a node's children, `_` included; the path that leads them left out.
    pub(super) fn pats(&mut self, node: Node<'_>) -> Vec<Pat> {
        let path = field(node, "type");
        children(node)
            .into_iter()
            .filter(|child| (child.is_named() || child.kind() == "_") && Some(*child) != path)
            .map(|child| self.pat(child))
            .collect()
    }

    pub(super) fn pat(&mut self, node: Node<'_>) -> Pat {
        let otherwise = Pat {
            span: Span::default(),
            kind: PatKind::Wild,
        };
        self.deeper(otherwise, |this| this.pat_inside(node))
    }

    pub(super) fn pat_inside(&mut self, node: Node<'_>) -> Pat {
        let place = span(node);
        let kind = match node.kind() {
            "_" => PatKind::Wild,
            "remaining_field_pattern" => PatKind::Rest,
            "identifier" | "self" | "metavariable" => PatKind::Ident {
                name: place,
                mutable: false,
                sub: None,
            },
            "scoped_identifier" | "generic_pattern" => PatKind::Path(path_of(node)),
            "mut_pattern" | "ref_pattern" => {
                let mut pat = inside(node).map_or_else(
                    || Pat {
                        span: place,
                        kind: PatKind::Wild,
                    },
                    |inside| self.pat(inside),
                );
                if let PatKind::Ident { mutable, .. } = &mut pat.kind {
                    *mutable |= node.kind() == "mut_pattern";
                }
                pat.kind
            }
            "captured_pattern" => {
                let name = named(node).first().map_or(place, |name| span(*name));
                let sub = inside(node).map(|sub| Box::new(self.pat(sub)));
                PatKind::Ident {
                    name,
                    mutable: false,
                    sub,
                }
            }
            "tuple_pattern" => {
                let mut pats = self.pats(node);
                if pats.len() == 1
                    && child(node, ",").is_none()
                    && !matches!(pats[0].kind, PatKind::Rest)
                {
                    PatKind::Transparent(Box::new(pats.remove(0)))
                } else {
                    PatKind::Tuple(pats)
                }
            }
            "tuple_struct_pattern" => PatKind::TupleStruct {
                path: field(node, "type").map(path_of).unwrap_or_default(),
                elems: self.pats(node),
            },
            "struct_pattern" => {
                let fields = named(node)
                    .into_iter()
                    .filter(|child| child.kind() == "field_pattern")
                    .map(|child| self.field_pat(child))
                    .collect();
                PatKind::Struct {
                    path: field(node, "type").map(path_of).unwrap_or_default(),
                    fields,
                }
            }
            "slice_pattern" => PatKind::Slice(self.pats(node)),
            "or_pattern" => {
                let mut cases = Vec::new();
                for case in self.pats(node) {
                    match case.kind {
                        PatKind::Or(inner) => cases.extend(inner),
                        _ => cases.push(case),
                    }
                }
                PatKind::Or(cases)
            }
            "reference_pattern" => match inside(node) {
                Some(inside) => PatKind::Transparent(Box::new(self.pat(inside))),
                None => PatKind::Wild,
            },
            "range_pattern" => {
                let ends = ["left", "right"]
                    .into_iter()
                    .filter_map(|end| field(node, end))
                    .map(|end| self.expr(end))
                    .collect();
                PatKind::Range(ends)
            }
            _ => PatKind::Literal(Box::new(self.expr(node))),
        };
        Pat { span: place, kind }
    }

    pub(super) fn field_pat(&mut self, node: Node<'_>) -> FieldPat {
        let name = field(node, "name").map_or(span(node), span);
        let pat = if let Some(pat) = field(node, "pattern") {
            self.pat(pat)
        } else {
            let mutable = child(node, "mutable_specifier").is_some();
            Pat {
                span: span(node),
                kind: PatKind::Ident {
                    name,
                    mutable,
                    sub: None,
                },
            }
        };
        FieldPat { name, pat }
    }
}

/// The pattern that a pattern wraps.
fn inside(node: Node<'_>) -> Option<Node<'_>> {
    children(node).into_iter().rfind(|child| {
        (child.is_named() || child.kind() == "_") && child.kind() != "mutable_specifier"
    })
}
