//! Branches, loops and jumps, with the complexity they count for.

use bespoke_facts::{BranchKind, ExprId, ExprKind, Span};
use oxc_ast::ast::{
    BlockStatement, ConditionalExpression, ForStatementInit, ForStatementLeft, IfStatement,
    Statement, SwitchCase, SwitchStatement, TryStatement,
};
use oxc_span::GetSpan as _;

use super::{Lowering, Position};

impl Lowering<'_> {
    pub(super) fn statements(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    /// Lowers a statement; gives the value of one that is an expression or a definition.
    pub(super) fn statement(&mut self, statement: &Statement<'_>) -> Option<ExprId> {
        if !self.depth.down() {
            return None;
        }
        let value = self.statement_within(statement);
        self.depth.up();
        value
    }

    fn statement_within(&mut self, statement: &Statement<'_>) -> Option<ExprId> {
        match statement {
            Statement::ExpressionStatement(it) => {
                return self.expr(&it.expression, Position::Value);
            }
            Statement::BlockStatement(it) => self.statements(&it.body),
            Statement::IfStatement(it) => self.conditional(it, false),
            Statement::ReturnStatement(it) => {
                let value = it.argument.as_ref();
                if let Some(value) = value.and_then(|it| self.expr(it, Position::Value)) {
                    self.facts.add_return(value);
                }
            }
            Statement::ThrowStatement(it) => {
                self.expr(&it.argument, Position::Value);
            }
            Statement::BreakStatement(it) if it.label.is_some() => self.facts.flat(),
            Statement::ContinueStatement(it) if it.label.is_some() => self.facts.flat(),
            Statement::SwitchStatement(it) => self.switch(it),
            Statement::TryStatement(it) => self.attempt(it),
            Statement::WhileStatement(it) => {
                self.facts.decide(1);
                self.facts.structural();
                let condition = self.expr(&it.test, Position::Condition);
                let body = self.nested(&it.body);
                self.looping(condition, body);
            }
            Statement::DoWhileStatement(it) => {
                self.facts.decide(1);
                self.facts.structural();
                let body = self.nested(&it.body);
                let condition = self.expr(&it.test, Position::Condition);
                self.looping(condition, body);
            }
            Statement::ForStatement(it) => {
                self.facts.decide(1);
                self.facts.structural();
                match &it.init {
                    Some(ForStatementInit::VariableDeclaration(init)) => self.declaration(init),
                    Some(init) => {
                        if let Some(init) = init.as_expression() {
                            self.expr(init, Position::Value);
                        }
                    }
                    None => {}
                }
                let condition = it
                    .test
                    .as_ref()
                    .and_then(|test| self.expr(test, Position::Condition));
                if let Some(update) = &it.update {
                    self.expr(update, Position::Value);
                }
                let body = self.nested(&it.body);
                self.looping(condition, body);
            }
            Statement::ForInStatement(it) => {
                self.facts.decide(1);
                self.facts.structural();
                self.for_left(&it.left);
                self.expr(&it.right, Position::Value);
                self.nested(&it.body);
            }
            Statement::ForOfStatement(it) => {
                self.facts.decide(1);
                self.facts.structural();
                self.for_left(&it.left);
                self.expr(&it.right, Position::Value);
                self.nested(&it.body);
            }
            Statement::LabeledStatement(it) => {
                self.statement(&it.body);
            }
            Statement::WithStatement(it) => {
                self.expr(&it.object, Position::Value);
                self.statement(&it.body);
            }
            Statement::BreakStatement(_)
            | Statement::ContinueStatement(_)
            | Statement::DebuggerStatement(_)
            | Statement::EmptyStatement(_) => {}
            _ => {
                if let Some(it) = statement.as_declaration() {
                    return self.declare(it);
                }
                if let Some(it) = statement.as_module_declaration() {
                    self.module_declaration(it);
                }
            }
        }
        None
    }

    /// Lowers a statement one level of control flow deeper; gives its place.
    fn nested(&mut self, body: &Statement<'_>) -> Span {
        self.facts.nest();
        self.statement(body);
        self.facts.unnest();
        self.at(body.span())
    }

    /// `if`; `chained` for the one after `else`.
    fn conditional(&mut self, it: &IfStatement<'_>, chained: bool) {
        self.facts.decide(1);
        if chained {
            self.facts.flat();
        } else {
            self.facts.structural();
        }
        let condition = self.expr(&it.test, Position::Condition);
        let then = self.nested(&it.consequent);
        match &it.alternate {
            Some(Statement::IfStatement(next)) if self.depth.down() => {
                self.conditional(next, true);
                self.depth.up();
            }
            // Too deep.
            Some(Statement::IfStatement(_)) => {}
            Some(otherwise) => {
                self.facts.flat();
                self.nested(otherwise);
            }
            None => {}
        }
        if let Some(condition) = condition {
            let open = it.alternate.is_none() && leaves(&it.consequent);
            let otherwise = it.alternate.as_ref().map(|it| self.at(it.span()));
            let span = self.facts.get(condition).span;
            let regions = (Some(then), otherwise);
            self.facts
                .branch(BranchKind::If, condition, span, regions, open);
        }
    }

    pub(super) fn ternary(&mut self, it: &ConditionalExpression<'_>) -> Option<ExprId> {
        self.facts.decide(1);
        self.facts.structural();
        self.facts.nest();
        let condition = self.expr(&it.test, Position::Condition);
        let then = self.expr(&it.consequent, Position::Value);
        let otherwise = self.expr(&it.alternate, Position::Value);
        self.facts.unnest();
        let regions = (
            then.map(|_| self.at(it.consequent.span())),
            otherwise.map(|_| self.at(it.alternate.span())),
        );
        let parts = (condition?, then, otherwise);
        Some(self.facts.choice(parts, regions, self.at(it.span)))
    }

    fn switch(&mut self, it: &SwitchStatement<'_>) {
        self.facts.structural();
        let scrutinee = self.expr(&it.discriminant, Position::Value);
        self.facts.nest();
        let on_true = scrutinee.is_some_and(|id| self.facts.get(id).kind == ExprKind::Bool(true));
        // Patterns of cases without code of their own: they fall through to the next.
        let mut pending: Vec<ExprId> = Vec::new();
        for case in &it.cases {
            if case.test.is_none() {
                self.case(case, Position::Value);
                // What falls into the default is singled out by nothing.
                pending.clear();
                continue;
            }
            self.facts.decide(1);
            let (pattern, body) = self.case(
                case,
                if on_true {
                    Position::Condition
                } else {
                    Position::Value
                },
            );
            pending.extend(pattern);
            if let Some(body) = body {
                let value = scrutinee.filter(|_| !on_true);
                self.facts.arm(value, &pending, body);
                pending.clear();
            }
        }
        self.facts.unnest();
    }

    fn case(&mut self, it: &SwitchCase<'_>, position: Position) -> (Option<ExprId>, Option<Span>) {
        let pattern = it.test.as_ref().and_then(|test| self.expr(test, position));
        self.statements(&it.consequent);
        let (first, last) = (it.consequent.first(), it.consequent.last());
        let body = first.zip(last).map(|(first, last)| {
            let (first, last) = (self.at(first.span()), self.at(last.span()));
            first.join(last)
        });
        (pattern, body)
    }

    fn looping(&mut self, condition: Option<ExprId>, body: Span) {
        let Some(condition) = condition else { return };
        let span = self.facts.get(condition).span;
        self.facts
            .branch(BranchKind::Loop, condition, span, (Some(body), None), false);
    }

    fn for_left(&mut self, left: &ForStatementLeft<'_>) {
        match left {
            ForStatementLeft::VariableDeclaration(it) => {
                for declarator in &it.declarations {
                    self.pattern(&declarator.id);
                    if let Some(init) = &declarator.init {
                        self.expr(init, Position::Value);
                    }
                }
            }
            _ => {
                if let Some(target) = left.as_assignment_target() {
                    self.target(target);
                }
            }
        }
    }

    fn attempt(&mut self, it: &TryStatement<'_>) {
        self.block(&it.block);
        if let Some(handler) = &it.handler {
            self.facts.decide(1);
            self.facts.structural();
            self.facts.nest();
            if let Some(param) = &handler.param {
                self.pattern(&param.pattern);
            }
            self.block(&handler.body);
            self.facts.unnest();
        }
        if let Some(last) = &it.finalizer {
            self.block(last);
        }
    }

    fn block(&mut self, it: &BlockStatement<'_>) {
        self.statements(&it.body);
    }
}

/// Whether a statement always leaves: its last statement returns, throws, breaks or continues.
fn leaves(statement: &Statement<'_>) -> bool {
    let mut statement = statement;
    loop {
        match statement {
            Statement::ReturnStatement(_)
            | Statement::ThrowStatement(_)
            | Statement::BreakStatement(_)
            | Statement::ContinueStatement(_) => return true,
            Statement::BlockStatement(block) => match block.body.last() {
                Some(last) => statement = last,
                None => return false,
            },
            _ => return false,
        }
    }
}
