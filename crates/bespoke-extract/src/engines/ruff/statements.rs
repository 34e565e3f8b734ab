//! Statements: branches, loops and jumps with the complexity they count for, and names that get values.

use bespoke_facts::{BranchKind, ExprId, Span};
use ruff_python_ast::{
    ExceptHandler, Expr, Operator, Stmt, StmtAnnAssign, StmtAssign, StmtAugAssign, StmtIf, StmtTry,
};
use ruff_text_size::Ranged as _;

use super::{Lowering, Position, at};
use crate::languages::python::names;

impl Lowering<'_, '_> {
    pub(super) fn statements(&mut self, statements: &[Stmt]) {
        if !self.depth.down() {
            return;
        }
        for statement in statements {
            self.statement(statement);
        }
        self.depth.up();
    }

    fn statement(&mut self, it: &Stmt) {
        match it {
            Stmt::FunctionDef(it) => self.function(it),
            Stmt::ClassDef(it) => self.class(it),
            Stmt::Import(it) => self.import(it),
            Stmt::ImportFrom(it) => self.import_from(it),
            Stmt::Expr(it) => self.expression_statement(&it.value, at(it.range)),
            Stmt::Assign(it) => self.assignment(it),
            Stmt::AnnAssign(it) => self.annotated(it),
            Stmt::AugAssign(it) => self.augmented(it),
            Stmt::Return(it) => {
                let value = it.value.as_deref();
                if let Some(value) = value.and_then(|it| self.expr(it, Position::Value)) {
                    self.facts.add_return(value);
                }
            }
            Stmt::Delete(it) => match it.targets.as_slice() {
                [one] => {
                    self.expr(one, Position::Value);
                }
                [first, .., last] => {
                    let span = self.outer(first, it).join(self.outer(last, it));
                    self.list(&it.targets, span);
                }
                [] => {}
            },
            Stmt::Raise(it) => {
                for part in [&it.exc, &it.cause].into_iter().flatten() {
                    self.expr(part, Position::Value);
                }
            }
            Stmt::Assert(it) => {
                self.expr(&it.test, Position::Value);
                if let Some(message) = &it.msg {
                    self.expr(message, Position::Value);
                }
            }
            Stmt::If(it) => self.conditional(it),
            Stmt::For(it) => {
                self.facts.decide(1);
                self.facts.structural();
                self.bind(&it.target, None);
                self.expr(&it.iter, Position::Value);
                self.nested(&it.body);
                self.statements(&it.orelse);
            }
            Stmt::While(it) => {
                self.facts.decide(1);
                self.facts.structural();
                let condition = self.expr(&it.test, Position::Condition);
                self.nested(&it.body);
                self.statements(&it.orelse);
                if let Some(condition) = condition {
                    let span = self.facts.get(condition).span;
                    let regions = (block_span(&it.body), None);
                    self.facts
                        .branch(BranchKind::Loop, condition, span, regions, false);
                }
            }
            Stmt::With(it) => {
                for item in &it.items {
                    self.expr(&item.context_expr, Position::Value);
                    if let Some(target) = &item.optional_vars {
                        self.bind(target, None);
                    }
                }
                self.statements(&it.body);
            }
            Stmt::Try(it) => self.attempt(it),
            Stmt::Match(it) => self.matching(it),
            Stmt::IpyEscapeCommand(_) => self.depth.cut = true,
            Stmt::Pass(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Global(_)
            | Stmt::Nonlocal(_)
            | Stmt::TypeAlias(_) => {}
        }
    }

    /// An expression by itself. A string is a comment: nothing becomes of it.
    fn expression_statement(&mut self, it: &Expr, span: Span) {
        match it {
            Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::FString(_)
                if at(it.range()) == span =>
            {
                self.facts.comment(span);
            }
            Expr::Tuple(it) if !it.parenthesized => {
                for part in &it.elts {
                    self.printed(part);
                }
            }
            it => self.printed(it),
        }
    }

    /// An expression; `print >>file, …` was a statement of Python 2, where `print` is no name.
    fn printed(&mut self, it: &Expr) {
        match it {
            Expr::BinOp(to)
                if to.op == Operator::RShift
                    && matches!(&*to.left, Expr::Name(it) if it.id == "print") =>
            {
                let file = self.expr(&to.right, Position::Value);
                self.held(file, at(to.range));
            }
            it => {
                self.expr(it, Position::Value);
            }
        }
    }

    /// Lowers a block one level of control flow deeper.
    fn nested(&mut self, body: &[Stmt]) {
        self.facts.nest();
        self.statements(body);
        self.facts.unnest();
    }

    fn conditional(&mut self, it: &StmtIf) {
        self.facts.decide(1);
        self.facts.structural();
        let mut ways = vec![(self.expr(&it.test, Position::Condition), it.body.as_slice())];
        self.nested(&it.body);
        // Where what comes after each of them starts; of a lone `else`, its body.
        let mut rests: Vec<Span> = Vec::new();
        for clause in &it.elif_else_clauses {
            if let Some(test) = &clause.test {
                self.facts.decide(1);
                self.facts.flat();
                rests.push(at(clause.range));
                ways.push((self.expr(test, Position::Condition), &clause.body));
            } else {
                rests.extend(block_span(&clause.body));
                self.facts.flat();
            }
            self.nested(&clause.body);
        }
        let end = rests.last().copied();
        for (at, (condition, body)) in ways.into_iter().enumerate() {
            let Some(condition) = condition else { continue };
            let otherwise = rests.get(at).zip(end).map(|(rest, end)| rest.join(end));
            let span = self.facts.get(condition).span;
            let leaves = body.last().is_some_and(|last| {
                matches!(
                    last,
                    Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_) | Stmt::Continue(_)
                )
            });
            let regions = (block_span(body), otherwise);
            let open = leaves && otherwise.is_none();
            self.facts
                .branch(BranchKind::If, condition, span, regions, open);
        }
    }

    fn attempt(&mut self, it: &StmtTry) {
        self.statements(&it.body);
        for handler in &it.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            self.facts.decide(1);
            self.facts.structural();
            self.facts.nest();
            match handler.type_.as_deref() {
                // `except A, B:` is two types today, and was a type and a name for the error: no list then.
                Some(Expr::Tuple(several)) if !several.parenthesized => {
                    for kind in &several.elts {
                        self.expr(kind, Position::Value);
                    }
                }
                Some(kind) => {
                    self.expr(kind, Position::Value);
                }
                None => {}
            }
            if let Some(name) = &handler.name {
                self.names.bind(&mut self.facts, at(name.range), None);
            }
            self.statements(&handler.body);
            self.facts.unnest();
        }
        self.statements(&it.orelse);
        self.statements(&it.finalbody);
    }

    fn assignment(&mut self, it: &StmtAssign) {
        for target in &it.targets {
            self.target(target);
        }
        let value = self.expr(&it.value, Position::Value);
        if value.is_some() {
            for target in it.targets.iter().rev() {
                self.bind(target, value);
            }
        }
    }

    fn annotated(&mut self, it: &StmtAnnAssign) {
        self.target(&it.target);
        let value = it.value.as_deref();
        if let Some(value) = value.and_then(|it| self.expr(it, Position::Value)) {
            self.bind(&it.target, Some(value));
        }
    }

    /// What is only given a value is not read; an attribute's object is.
    fn target(&mut self, it: &Expr) {
        match it {
            Expr::Name(_) => {}
            Expr::Tuple(_) | Expr::List(_) => {
                let parts = match it {
                    Expr::Tuple(it) => &it.elts,
                    Expr::List(it) => &it.elts,
                    _ => return,
                };
                for part in parts {
                    match part {
                        Expr::Name(_) => {
                            self.expr(part, Position::Value);
                        }
                        part => self.target(part),
                    }
                }
            }
            it => {
                self.expr(it, Position::Value);
            }
        }
    }

    fn augmented(&mut self, it: &StmtAugAssign) {
        let left = self.expr(&it.target, Position::Value);
        let right = self.expr(&it.value, Position::Value);
        let value = self.held(left.into_iter().chain(right), at(it.range));
        if let Expr::Name(name) = &*it.target {
            names::assign(&mut self.facts, at(name.range), value);
        }
    }

    /// Gives the names of a target a value; the parts of a list, those of the value's list.
    pub(super) fn bind(&mut self, target: &Expr, value: Option<ExprId>) {
        if !self.depth.down() {
            return;
        }
        match target {
            Expr::Name(it) => self.names.bind(&mut self.facts, at(it.range), value),
            Expr::Attribute(it) => names::assign(&mut self.facts, at(it.attr.range), value),
            Expr::Tuple(it) => self.bind_parts(&it.elts, value),
            Expr::List(it) => self.bind_parts(&it.elts, value),
            _ => {}
        }
        self.depth.up();
    }

    fn bind_parts(&mut self, parts: &[Expr], value: Option<ExprId>) {
        let values = names::parts(&self.facts, value, parts.len());
        for (part, value) in parts.iter().zip(values) {
            self.bind(part, value);
        }
    }
}

/// From a block's first statement to its last.
pub(super) fn block_span(body: &[Stmt]) -> Option<Span> {
    let (first, last) = body.first().zip(body.last())?;
    Some(at(first.range()).join(at(last.range())))
}
