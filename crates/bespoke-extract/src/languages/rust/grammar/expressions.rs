//! Expressions.

use bespoke_facts::Span;
use tree_sitter::Node;

use super::{Shaper, attr, attributed, child, children, field, first, named, path_of, span};
use crate::{
    engines::syn::{
        self,
        tree::{
            Block, Expr, ExprKind, FieldValue, If, Item, Macro, MacroBody, Matches, Op, Pat, Stmt,
            Struct,
        },
    },
    languages::rust::text,
};

impl Shaper<'_> {
    pub(super) fn boxed(&mut self, node: Node<'_>) -> Box<Expr> {
        Box::new(self.expr(node))
    }

    pub(super) fn expr_field(&mut self, node: Node<'_>, name: &str) -> Expr {
        match field(node, name) {
            Some(expr) => self.expr(expr),
            None => Expr {
                span: span(node),
                kind: ExprKind::Other(Vec::new()),
            },
        }
    }

    /// The expressions among a node's children, each with the attributes before it.
    pub(super) fn exprs(&mut self, node: Node<'_>) -> Vec<Expr> {
        let (mut exprs, mut attrs) = (Vec::new(), Vec::new());
        for node in children(node) {
            match node.kind() {
                "attribute_item" => attrs.push(attr(node)),
                "_" => exprs.push(Expr {
                    span: span(node),
                    kind: ExprKind::Other(Vec::new()),
                }),
                _ if node.is_named() => {
                    let expr = self.expr(node);
                    exprs.push(attributed(std::mem::take(&mut attrs), expr));
                }
                _ => {}
            }
        }
        exprs
    }

    pub(super) fn expr(&mut self, node: Node<'_>) -> Expr {
        let otherwise = Expr {
            span: Span::default(),
            kind: ExprKind::Other(Vec::new()),
        };
        // The type arguments of `a.b::<T>` are no part of the member.
        let node = field(node, "function")
            .filter(|it| node.kind() == "generic_function" && it.kind() == "field_expression")
            .unwrap_or(node);
        self.deeper(otherwise, |this| Expr {
            span: span(node),
            kind: this.expr_inside(node),
        })
    }

    pub(super) fn expr_inside(&mut self, node: Node<'_>) -> ExprKind {
        match node.kind() {
            // `(a, _) = b`.
            "identifier" if self.source.get(node.byte_range()) == Some("_") => {
                ExprKind::Other(Vec::new())
            }
            "identifier" | "self" | "super" | "crate" | "metavariable" | "type_identifier" => {
                ExprKind::Name
            }
            "scoped_identifier" | "generic_function" | "scoped_type_identifier" => {
                ExprKind::Path(path_of(node))
            }
            "string_literal" | "raw_string_literal" | "char_literal" => ExprKind::Str,
            "integer_literal" | "float_literal" | "negative_literal" => ExprKind::Number,
            "boolean_literal" => ExprKind::Bool,
            "unit_expression" => ExprKind::Unit,
            "field_expression" => ExprKind::Field {
                object: Box::new(self.expr_field(node, "value")),
                name: field(node, "field").map_or(span(node), span),
            },
            "index_expression" => {
                let parts = named(node);
                match parts.as_slice() {
                    [object, index, ..] => ExprKind::Index {
                        object: self.boxed(*object),
                        index: self.boxed(*index),
                    },
                    _ => ExprKind::Other(self.exprs(node)),
                }
            }
            "call_expression" => {
                if let (Some(left), Some(args)) =
                    (field(node, "function"), field(node, "arguments"))
                    && is_open(left)
                {
                    let mut inside = self.exprs(args);
                    let kind = match inside.len() {
                        1 => ExprKind::Transparent(Box::new(inside.remove(0))),
                        _ => ExprKind::List(inside),
                    };
                    return self.grafted(
                        left,
                        Expr {
                            span: span(args),
                            kind,
                        },
                    );
                }
                let callee = Box::new(self.expr_field(node, "function"));
                let args = field(node, "arguments")
                    .map(|args| self.exprs(args))
                    .unwrap_or_default();
                ExprKind::Call { callee, args }
            }
            "struct_expression" => self.structure(node),
            "macro_invocation" => self.macro_call(node),
            "parenthesized_expression"
            | "try_expression"
            | "await_expression"
            | "type_cast_expression"
            | "reference_expression" => {
                let inside = field(node, "value").or_else(|| {
                    named(node)
                        .into_iter()
                        .find(|child| child.kind() != "mutable_specifier")
                });
                match inside {
                    Some(inside) => ExprKind::Transparent(self.boxed(inside)),
                    None => ExprKind::Other(Vec::new()),
                }
            }
            "unary_expression" => match first(node) {
                Some(inside) => {
                    let inside = self.boxed(inside);
                    match node.child(0).map_or("", |operator| operator.kind()) {
                        "!" => ExprKind::Not(inside),
                        "-" => ExprKind::Neg(inside),
                        _ => ExprKind::Transparent(inside),
                    }
                }
                None => ExprKind::Other(Vec::new()),
            },
            "binary_expression" => {
                if let (Some(left), Some(operator), Some(right)) = (
                    field(node, "left"),
                    field(node, "operator"),
                    field(node, "right"),
                ) && is_open(left)
                {
                    let inside = self.boxed(right);
                    let whole = span(operator).join(span(right));
                    let kind = if operator.kind() == "-" {
                        ExprKind::Neg(inside)
                    } else {
                        ExprKind::Transparent(inside)
                    };
                    return self.grafted(left, Expr { span: whole, kind });
                }
                let op = match field(node, "operator").map_or("", |operator| operator.kind()) {
                    "&&" => Op::And,
                    "||" => Op::Or,
                    "==" => Op::Equal,
                    "!=" => Op::NotEqual,
                    "<" | "<=" | ">" | ">=" => Op::Order,
                    _ => Op::Other,
                };
                ExprKind::Binary {
                    op,
                    left: Box::new(self.expr_field(node, "left")),
                    right: Box::new(self.expr_field(node, "right")),
                }
            }
            "compound_assignment_expr" => ExprKind::Binary {
                op: Op::Other,
                left: Box::new(self.expr_field(node, "left")),
                right: Box::new(self.expr_field(node, "right")),
            },
            "assignment_expression" => {
                if let (Some(left), Some(right)) = (field(node, "left"), field(node, "right"))
                    && is_open(left)
                {
                    let end = self.expr(right);
                    return self.grafted(left, end);
                }
                ExprKind::Assign {
                    target: Box::new(self.expr_field(node, "left")),
                    value: Box::new(self.expr_field(node, "right")),
                }
            }
            "array_expression" | "tuple_expression" => ExprKind::List(self.exprs(node)),
            "let_chain" => self.let_chain(node),
            "let_condition" => ExprKind::Matches(Box::new(Matches {
                scrutinee: self.expr_field(node, "value"),
                pat: self.pat_field(node, "pattern"),
                guard: None,
            })),
            "if_expression" => {
                let condition = self.expr_field(node, "condition");
                let then = match field(node, "consequence") {
                    Some(block) => self.block(block),
                    None => Block {
                        span: span(node),
                        inner: Vec::new(),
                        body: Vec::new(),
                    },
                };
                let otherwise = field(node, "alternative")
                    .and_then(first)
                    .map(|otherwise| self.expr(otherwise));
                ExprKind::If(Box::new(If {
                    condition,
                    then,
                    otherwise,
                }))
            }
            "match_expression" => ExprKind::Match {
                scrutinee: Box::new(self.expr_field(node, "value")),
                arms: field(node, "body")
                    .map(|body| self.arms(body))
                    .unwrap_or_default(),
            },
            "while_expression" => ExprKind::While {
                condition: Box::new(self.expr_field(node, "condition")),
                body: self.body(node),
            },
            "for_expression" => ExprKind::For {
                iterated: Box::new(self.expr_field(node, "value")),
                body: self.body(node),
            },
            "loop_expression" => ExprKind::Loop(self.body(node)),
            "block" => ExprKind::Block(self.block(node)),
            "unsafe_block" | "async_block" | "gen_block" | "try_block" | "const_block" => {
                ExprKind::Block(self.body(node))
            }
            "closure_expression" => ExprKind::Closure {
                params: field(node, "parameters")
                    .map(|params| self.closure_params(params))
                    .unwrap_or_default(),
                body: Box::new(self.expr_field(node, "body")),
            },
            "return_expression" => ExprKind::Return(first(node).map(|value| self.boxed(value))),
            "break_expression" | "continue_expression" => {
                let value = named(node)
                    .into_iter()
                    .find(|child| child.kind() != "label");
                ExprKind::Jump {
                    labelled: child(node, "label").is_some(),
                    value: value.map(|value| self.boxed(value)),
                }
            }
            "attribute_item" | "inner_attribute_item" | "token_tree" => ExprKind::Other(Vec::new()),
            _ => match self.item(node) {
                // A declaration where an expression is expected: inside text that was not accepted.
                Some((inner, kind)) => {
                    let public = child(node, "visibility_modifier").is_some();
                    let item = Item {
                        span: span(node),
                        attrs: Vec::new(),
                        inner,
                        public,
                        kind,
                    };
                    let body = vec![Stmt::Item(item)];
                    ExprKind::Block(Block {
                        span: span(node),
                        inner: Vec::new(),
                        body,
                    })
                }
                None if node.kind() == "let_declaration" => {
                    let body = vec![Stmt::Let(self.local(node, Vec::new()))];
                    ExprKind::Block(Block {
                        span: span(node),
                        inner: Vec::new(),
                        body,
                    })
                }
                None => ExprKind::Other(self.exprs(node)),
            },
        }
    }

    /// The grammar takes `a..-b` for `(a..) - b`, `a..(b)` and `break (b, c)` for calls and `..=b` for an assignment: puts
    /// the end or the value back.
    pub(super) fn grafted(&mut self, open: Node<'_>, end: Expr) -> ExprKind {
        let mut whole = self.expr(open);
        graft(&mut whole, end);
        whole.kind
    }

    pub(super) fn let_chain(&mut self, node: Node<'_>) -> ExprKind {
        let operands = self.exprs(node);
        let chained = operands.into_iter().reduce(|left, right| Expr {
            span: left.span.join(right.span),
            kind: ExprKind::Binary {
                op: Op::And,
                left: Box::new(left),
                right: Box::new(right),
            },
        });
        chained.map_or(ExprKind::Other(Vec::new()), |chained| chained.kind)
    }

    pub(super) fn structure(&mut self, node: Node<'_>) -> ExprKind {
        let path = field(node, "name").map(path_of).unwrap_or_default();
        let (mut fields, mut rest) = (Vec::new(), None);
        for node in field(node, "body").map(named).unwrap_or_default() {
            let attrs = named(node)
                .into_iter()
                .filter(|child| child.kind() == "attribute_item")
                .map(attr)
                .collect();
            match node.kind() {
                "field_initializer" => {
                    let name = field(node, "field").map_or(span(node), span);
                    let value = self.expr_field(node, "value");
                    fields.push(FieldValue {
                        attrs,
                        span: name.join(value.span),
                        name,
                        value,
                    });
                }
                "shorthand_field_initializer" => {
                    let name = named(node).last().map_or(span(node), |name| span(*name));
                    let value = Expr {
                        span: name,
                        kind: ExprKind::Name,
                    };
                    fields.push(FieldValue {
                        attrs,
                        span: name,
                        name,
                        value,
                    });
                }
                "base_field_initializer" => rest = named(node).first().map(|rest| self.expr(*rest)),
                _ => {}
            }
        }
        ExprKind::Struct(Box::new(Struct { path, fields, rest }))
    }

    pub(super) fn closure_params(&mut self, node: Node<'_>) -> Vec<Pat> {
        children(node)
            .into_iter()
            .filter(|child| child.is_named() || child.kind() == "_")
            .map(|child| match child.kind() {
                "parameter" => self.pat_field(child, "pattern"),
                _ => self.pat(child),
            })
            .collect()
    }

    pub(super) fn macro_call(&mut self, node: Node<'_>) -> ExprKind {
        let path = field(node, "macro").map(path_of).unwrap_or_default();
        let Some(tokens) = child(node, "token_tree").map(span) else {
            return without_args(path);
        };
        // Where brackets do not close, the grammar makes one up that takes no bytes.
        let text = self
            .source
            .get(tokens.start as usize + 1..tokens.end as usize);
        let Some(text) = text.map(|text| text.strip_suffix([')', ']', '}']).unwrap_or(text)) else {
            return without_args(path);
        };
        let scan = text::scan(text);
        if scan.extreme {
            self.too_deep = true;
            return without_args(path);
        }
        let start = tokens.start + 1;
        let body = Span::new(start, start + u32::try_from(text.len()).unwrap_or(0));
        let text = text::without_documentation(text, &scan.comments);
        let (kind, whole) = syn::macro_kind(self.source, self.lines, path, body, &text);
        self.too_deep |= !whole;
        kind
    }
}

fn without_args(path: Vec<Span>) -> ExprKind {
    ExprKind::Macro(Box::new(Macro {
        path,
        body: MacroBody::Args(Vec::new()),
    }))
}

/// Whether an expression ends with a range that has no end or a `break` without a value: what the grammar takes to be
/// called, indexed or part of an operation is that end or value.
fn is_open(node: Node<'_>) -> bool {
    match node.kind() {
        "range_expression" => children(node)
            .last()
            .is_some_and(|last| last.kind() == ".."),
        "break_expression" => named(node).iter().all(|child| child.kind() == "label"),
        "assignment_expression" => field(node, "right").is_some_and(is_open),
        "closure_expression" => field(node, "body").is_some_and(is_open),
        _ => false,
    }
}

fn graft(expr: &mut Expr, end: Expr) {
    expr.span.end = end.span.end;
    match &mut expr.kind {
        ExprKind::Assign { value: inside, .. } | ExprKind::Closure { body: inside, .. } => {
            graft(inside, end);
        }
        ExprKind::Other(ends) => ends.push(end),
        ExprKind::Jump { value, .. } => *value = Some(Box::new(end)),
        _ => {}
    }
}
