//! The tree-sitter grammar's tree to the tree that syn gives. Macro bodies are read by syn, as the grammar has no
//! rules for them.

mod expressions;
mod items;
mod patterns;

use std::sync::LazyLock;

use bespoke_facts::{LineIndex, Span};
use tree_sitter::Node;

use crate::{
    MAX_DEPTH,
    engines::{
        syn::tree::{Attr, Block, Expr, ExprKind, File, Item, Let, Stmt},
        treesitter::{Grammar, parse},
    },
};

static GRAMMAR: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::new(tree_sitter_rust::LANGUAGE.into(), &[], &[]));

/// Reads a file, whatever is in it.
pub(super) fn read(source: &str, lines: &LineIndex) -> File {
    let Some(tree) = parse(&GRAMMAR, source, &[]) else {
        return File {
            timed_out: true,
            ..File::default()
        };
    };
    let root = tree.root_node();
    let mut shaper = Shaper {
        source,
        lines,
        depth: 0,
        too_deep: false,
    };
    let (inner, body) = shaper.statements(root);
    let errors = if root.has_error() { errors(root) } else { 0 };
    File {
        inner,
        body,
        too_deep: shaper.too_deep,
        unshaped: false,
        timed_out: false,
        errors,
    }
}

/// Separate places that the grammar does not accept.
fn errors(root: Node<'_>) -> u32 {
    let mut places = 0;
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        let wrong = node.is_error() || node.is_missing();
        places += u32::from(wrong);
        if !wrong && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return places.max(1);
            }
        }
    }
}

/// Turns the grammar's tree into ours.
struct Shaper<'s> {
    source: &'s str,
    lines: &'s LineIndex,
    depth: u32,
    too_deep: bool,
}

fn span(node: Node<'_>) -> Span {
    let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(node.start_byte()), offset(node.end_byte()))
}

fn is_comment(node: Node<'_>) -> bool {
    matches!(node.kind(), "line_comment" | "block_comment")
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .filter(|child| !is_comment(*child))
        .collect()
}

fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .filter(|child| !is_comment(*child))
        .collect()
}

fn child<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .find(|child| child.kind() == kind)
}

fn first(node: Node<'_>) -> Option<Node<'_>> {
    named(node).first().copied()
}

fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    node.child_by_field_name(name)
}

fn attr(node: Node<'_>) -> Attr {
    let whole = span(node);
    let open = child(node, "[").map_or(whole.start, |open| span(open).end);
    Attr {
        span: whole,
        meta: Span::new(open, whole.end.saturating_sub(1).max(open)),
    }
}

fn attributed(attrs: Vec<Attr>, expr: Expr) -> Expr {
    if attrs.is_empty() {
        return expr;
    }
    Expr {
        span: expr.span,
        kind: ExprKind::Attributed(attrs, Box::new(expr)),
    }
}

impl Shaper<'_> {
    /// Goes one level down, unless that is too deep.
    fn deeper<T>(&mut self, otherwise: T, read: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= MAX_DEPTH {
            self.too_deep = true;
            return otherwise;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// Inner attributes and statements of a file, a block or a list of declarations.
    fn statements(&mut self, node: Node<'_>) -> (Vec<Attr>, Vec<Stmt>) {
        self.deeper((Vec::new(), Vec::new()), |this| {
            this.statements_inside(node)
        })
    }

    fn statements_inside(&mut self, node: Node<'_>) -> (Vec<Attr>, Vec<Stmt>) {
        let (mut inner, mut body, mut pending) = (Vec::new(), Vec::new(), Vec::new());
        for node in named(node) {
            match node.kind() {
                "attribute_item" => pending.push(attr(node)),
                "inner_attribute_item" => inner.push(attr(node)),
                "label" | "shebang" => {}
                "empty_statement" => {
                    if let Some(Stmt::Expr { dropped, .. }) = body.last_mut() {
                        *dropped = true;
                    }
                }
                _ => body.push(self.statement(node, std::mem::take(&mut pending))),
            }
        }
        (inner, body)
    }

    fn statement(&mut self, node: Node<'_>, attrs: Vec<Attr>) -> Stmt {
        match node.kind() {
            "let_declaration" => Stmt::Let(self.local(node, attrs)),
            "expression_statement" => {
                let dropped = child(node, ";").is_some();
                let expr = match named(node).first() {
                    Some(first) => self.expr(*first),
                    None => Expr {
                        span: span(node),
                        kind: ExprKind::Other(Vec::new()),
                    },
                };
                Stmt::Expr {
                    expr: attributed(attrs, expr),
                    dropped,
                }
            }
            _ => match self.item(node) {
                Some((inner, kind)) => Stmt::Item(Item {
                    span: span(node),
                    attrs,
                    inner,
                    public: child(node, "visibility_modifier").is_some(),
                    kind,
                }),
                None => Stmt::Expr {
                    expr: attributed(attrs, self.expr(node)),
                    dropped: false,
                },
            },
        }
    }

    fn local(&mut self, node: Node<'_>, attrs: Vec<Attr>) -> Let {
        Let {
            span: span(node),
            attrs,
            pat: self.pat_field(node, "pattern"),
            mutable: child(node, "mutable_specifier").is_some(),
            init: field(node, "value").map(|value| self.expr(value)),
            diverge: field(node, "alternative").map(|block| self.block(block)),
        }
    }

    fn block(&mut self, node: Node<'_>) -> Block {
        let braces = child(node, "{").map_or(span(node), |open| {
            span(open).join(Span::new(span(node).end, span(node).end))
        });
        let (inner, body) = self.statements(node);
        Block {
            span: braces,
            inner,
            body,
        }
    }

    fn body(&mut self, node: Node<'_>) -> Block {
        match field(node, "body").or_else(|| child(node, "block")) {
            Some(block) => self.block(block),
            None => Block {
                span: span(node),
                inner: Vec::new(),
                body: Vec::new(),
            },
        }
    }
}

/// The parts of a path; generic arguments and a type in `<…>` are none.
fn path_of(node: Node<'_>) -> Vec<Span> {
    let mut path = Vec::new();
    parts(node, &mut path);
    path
}

fn parts(node: Node<'_>, path: &mut Vec<Span>) {
    match node.kind() {
        "scoped_identifier" | "scoped_type_identifier" => {
            // Iterative along the path, which leans to the left.
            let mut names = Vec::new();
            let mut at = Some(node);
            while let Some(node) = at {
                if !matches!(node.kind(), "scoped_identifier" | "scoped_type_identifier") {
                    parts(node, path);
                    break;
                }
                names.extend(field(node, "name").map(span));
                at = field(node, "path");
            }
            path.extend(names.into_iter().rev());
        }
        "generic_type" | "generic_type_with_turbofish" => {
            if let Some(ty) = field(node, "type") {
                parts(ty, path);
            }
        }
        "generic_function" => {
            if let Some(function) = field(node, "function") {
                parts(function, path);
            }
        }
        "generic_pattern" => {
            if let Some(first) = named(node).first() {
                parts(*first, path);
            }
        }
        "bracketed_type" => {}
        _ => path.push(span(node)),
    }
}
