//! The tree of a Rust file to facts.

mod expressions;
mod items;
mod patterns;

use bespoke_facts::{
    CallForm, ExprId, ExprKind as Kind, FactsBuilder, FileFacts, IssueReason, LogicOp, Span,
};

use super::{meta::bare, text};
use crate::{
    MAX_DEPTH,
    engines::syn::tree::{Expr, ExprKind, File, Op, Pat, PatKind, Stmt},
};

/// Lowers a file.
pub(super) fn file(mut facts: FactsBuilder<'_>, scan: &text::Scan, file: &File) -> FileFacts {
    for comment in &scan.comments {
        facts.comment(*comment);
    }
    let source = facts.source();
    let mut lower = Lower { facts, source };
    let end = u32::try_from(source.len()).unwrap_or(u32::MAX);
    lower.inner_attrs(&file.inner, end);
    lower.statements(&file.body, false);
    if file.too_deep {
        lower.facts.issue(IssueReason::TooDeep { limit: MAX_DEPTH });
    }
    if file.timed_out {
        lower.facts.issue(IssueReason::TimedOut);
    }
    if file.errors > 0 {
        lower.facts.issue(IssueReason::Syntax {
            places: file.errors,
        });
    }
    lower.facts.finish()
}

struct Lower<'a> {
    facts: FactsBuilder<'a>,
    source: &'a str,
}

/// Where an expression stands: only a test that is a value is a branch of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Value,
    Condition,
}

impl<'a> Lower<'a> {
    fn text(&self, span: Span) -> &'a str {
        bare(&self.source[span.start as usize..span.end as usize])
    }

    fn name(&mut self, span: Span) -> ExprId {
        let text = self.text(span);
        self.facts.name(text, span)
    }

    fn other(&mut self, children: &[ExprId], span: Span) -> ExprId {
        let children = self.facts.children(children);
        self.facts.expr(Kind::Other(children), span)
    }

    fn call(&mut self, callee: ExprId, args: &[ExprId], form: CallForm, span: Span) -> ExprId {
        let args = self.facts.children(args);
        self.facts.expr(Kind::Call { callee, args, form }, span)
    }

    fn path(&mut self, parts: &[Span]) -> ExprId {
        let Some((first, rest)) = parts.split_first() else {
            return self.other(&[], Span::default());
        };
        let mut expr = self.name(*first);
        for part in rest {
            let text = self.text(*part);
            expr = self.facts.member(expr, text, first.join(*part));
        }
        expr
    }
}

/// An expression without what only wraps it.
fn peel(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Transparent(inside) | ExprKind::Attributed(_, inside) => peel(inside),
        _ => expr,
    }
}

/// Whether an expression at the end of a block stands for a value.
fn has_value(expr: &Expr) -> bool {
    match &peel(expr).kind {
        ExprKind::While { .. }
        | ExprKind::For { .. }
        | ExprKind::Return(_)
        | ExprKind::Jump { .. }
        | ExprKind::Assign { .. } => false,
        ExprKind::If(it) => it.otherwise.is_some(),
        ExprKind::Block(block) => {
            matches!(block.body.last(), Some(Stmt::Expr { expr, dropped: false }) if has_value(expr))
        }
        _ => true,
    }
}

fn is_test(expr: &Expr) -> bool {
    match &peel(expr).kind {
        ExprKind::Not(_) | ExprKind::Bool | ExprKind::Matches(_) => true,
        ExprKind::Binary { op, .. } => *op != Op::Other,
        _ => false,
    }
}

/// The operands of a chain of one operator, parentheses ignored.
fn flatten<'e>(op: LogicOp, expr: &'e Expr, operands: &mut Vec<&'e Expr>) {
    let wanted = if op == LogicOp::And { Op::And } else { Op::Or };
    match &peel(expr).kind {
        ExprKind::Binary {
            op: found,
            left,
            right,
        } if *found == wanted => {
            flatten(op, left, operands);
            flatten(op, right, operands);
        }
        _ => operands.push(expr),
    }
}

/// The last part of what is assigned to, and its place.
fn target_name(target: &Expr) -> Option<(Span, Span)> {
    let target = peel(target);
    match &target.kind {
        ExprKind::Name => Some((target.span, target.span)),
        ExprKind::Path(parts) => parts.last().map(|part| (*part, *part)),
        ExprKind::Field { name, .. } => Some((*name, *name)),
        ExprKind::Index { index, .. } => match peel(index).kind {
            ExprKind::Str => Some((index.span, index.span)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a pattern's name is a constant's or variant's by its case, not a new name.
fn is_constant(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

fn binds(pat: &Pat) -> bool {
    !matches!(pat.kind, PatKind::Wild | PatKind::Rest)
}

#[cfg(test)]
mod tests {
    use bespoke_facts::dump;

    use crate::{extract, language_for_path};

    /// The dumped facts of some kinds.
    fn facts(source: &str, kinds: &[&str]) -> Vec<String> {
        let facts = extract(source.as_bytes(), language_for_path("a.rs").unwrap());
        let wanted = |line: &&str| kinds.iter().any(|kind| line.starts_with(kind));
        dump(&facts)
            .lines()
            .filter(wanted)
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn regions_are_what_one_outcome_runs() {
        let source = "fn f() { if a { return; } if b { c } else { d } #[cfg(x)] e(); g && h(); }";
        assert_eq!(
            facts(source, &["branch"]),
            [
                "branch 12..13 If a then 14..25 else - open=true in f",
                "branch 29..30 If b then 31..36 else 42..47 open=false in f",
                "branch 54..55 Cfg x then 58..61 else - open=false in f",
                "branch 63..64 Guard g then 68..71 else - open=false in f",
            ]
        );
    }

    #[test]
    fn names_get_values() {
        let source = "const A: &str = \"a\"; pub enum E { B = 2 } struct S { c: u8 } \
            fn f() { let (d, mut e) = g(); let S { c } = h; h.i = 3; j[\"k\"] = 4; }";
        assert_eq!(
            facts(source, &["binding"]),
            [
                "binding 100..101 Constant c of - in f exported=false = h.c",
                "binding 111..112 Assignment i of - in f exported=false = 3",
                "binding 120..123 Assignment k of - in f exported=false = 4",
                "binding 34..35 EnumMember B of E in - exported=true = 2",
                "binding 53..54 Field c of S in - exported=false = -",
                "binding 6..7 Constant A of - in - exported=false = \"a\"",
                "binding 75..76 Constant d of - in f exported=false = (call g).0",
                "binding 82..83 Variable e of - in f exported=false = (call g).1",
            ]
        );
    }

    #[test]
    fn attributes_are_names_and_calls() {
        let source = "#[derive(A, b::C)]\n#[doc = \"d\"]\n/// no attribute\n#[e(f = 1, \"g\", !, h(i))] struct S;";
        assert_eq!(
            facts(source, &["attribute"]),
            [
                "attribute 0..18 (call derive A b.C) on S",
                "attribute 19..31 (call doc \"d\") on S",
                "attribute 49..74 (call e (entry \"f\" 1) \"g\" (other) (call h i)) on S",
            ]
        );
    }

    #[test]
    fn strings_are_kept_where_a_macro_holds_no_rust() {
        assert_eq!(
            facts("fn f() { m!(fn \"a\" => { \"b\" }); }", &["expr 9..30"]),
            ["expr 9..30 Macro 9..10 (15..18 24..27)"]
        );
    }

    #[test]
    fn places_are_bytes_of_the_file() {
        let source = "\u{feff}#!/bin/x\n/* é */ const É: &str = \"é\"; const B: u8 = 1;";
        assert_eq!(
            facts(source, &["binding", "issue"]),
            [
                "binding 27..29 Constant É of - in - exported=false = \"é\"",
                "binding 50..51 Constant B of - in - exported=false = 1",
            ]
        );
    }

    #[test]
    fn what_syn_refuses_is_read_as_far_as_it_goes() {
        let found = facts(
            "fn f() { if a == 1 {} } fn ( { fn g() {}",
            &["issue", "branch"],
        );
        assert!(
            found
                .iter()
                .any(|line| line.starts_with("branch 12..18 If (== a 1)")),
            "{found:?}"
        );
        assert!(
            found.iter().any(|line| line.starts_with("issue Syntax")),
            "{found:?}"
        );
    }
}
