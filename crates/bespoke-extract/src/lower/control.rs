//! Branches, loops and jumps, with the complexity they count for.

use bespoke_facts::{BranchKind, ExprId, ExprKind, Span};
use tree_sitter::Node;

use super::{Lowering, Position, children, span_of, statement_span};
use crate::engines::treesitter::Role;

impl Lowering<'_, '_> {
    /// `if`; `chained` for the one after `else`.
    pub(super) fn conditional(&mut self, chained: bool) -> Option<ExprId> {
        let fields = self.fields;
        let (consequence, alternative) = (
            self.child(fields.consequence),
            self.child(fields.alternative),
        );
        self.facts.decide(1);
        if chained {
            self.facts.flat();
        } else {
            self.facts.structural();
        }
        let mut condition = None;
        self.each_child(|it, field| {
            if field == fields.condition {
                condition = it.lower(Position::Condition);
            } else if field == fields.consequence {
                it.facts.nest();
                it.lower(Position::Value);
                it.facts.unnest();
            } else if field == fields.alternative {
                it.otherwise();
            } else {
                it.lower(Position::Value);
            }
        });
        if let Some(condition) = condition {
            let open = alternative.is_none() && consequence.is_some_and(|node| self.leaves(node));
            let otherwise = alternative.map(|node| self.else_body(node));
            let span = self.facts.get(condition).span;
            self.facts.branch(
                BranchKind::If,
                condition,
                span,
                (consequence.map(statement_span), otherwise),
                open,
            );
        }
        None
    }

    /// The cursor is on an else clause.
    fn otherwise(&mut self) {
        self.each(|it| match it.role() {
            Role::If => {
                if it.depth.down() {
                    it.conditional(true);
                    it.depth.up();
                }
            }
            Role::Skip => it.note_missing(),
            Role::Comment => {
                it.lower(Position::Value);
            }
            _ => {
                it.facts.flat();
                it.facts.nest();
                it.lower(Position::Value);
                it.facts.unnest();
            }
        });
    }

    fn else_body(&self, clause: Node<'_>) -> Span {
        let body = children(clause)
            .into_iter()
            .rev()
            .find(|node| node.is_named() && !self.is_comment(*node));
        body.map_or_else(|| span_of(clause), statement_span)
    }

    fn is_comment(&self, node: Node<'_>) -> bool {
        self.role_of(node) == Role::Comment
    }

    /// Whether a statement always leaves: its last statement returns, throws, breaks or continues.
    fn leaves(&self, statement: Node<'_>) -> bool {
        let mut node = statement;
        loop {
            match self.role_of(node) {
                Role::Return | Role::Jump => return true,
                Role::Other if node.kind() == "statement_block" => {
                    let last = children(node)
                        .into_iter()
                        .rev()
                        .find(|it| it.is_named() && !self.is_comment(*it));
                    match last {
                        Some(last) => node = last,
                        None => return false,
                    }
                }
                _ => return false,
            }
        }
    }

    pub(super) fn ternary(&mut self, span: Span) -> Option<ExprId> {
        let fields = self.fields;
        self.facts.decide(1);
        self.facts.structural();
        let (mut condition, mut then, mut otherwise) = (None, None, None);
        self.facts.nest();
        self.each_child(|it, field| {
            if field == fields.condition {
                condition = it.lower(Position::Condition);
            } else if field == fields.consequence {
                let at = it.span();
                then = it.lower(Position::Value).map(|id| (id, at));
            } else if field == fields.alternative {
                let at = it.span();
                otherwise = it.lower(Position::Value).map(|id| (id, at));
            } else {
                it.lower(Position::Value);
            }
        });
        self.facts.unnest();
        let regions = (then.map(|(_, at)| at), otherwise.map(|(_, at)| at));
        let value = |it: Option<(ExprId, Span)>| it.map(|(id, _)| id);
        let parts = (condition?, value(then), value(otherwise));
        Some(self.facts.choice(parts, regions, span))
    }

    pub(super) fn switch(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        self.facts.structural();
        let mut scrutinee = None;
        self.each_child(|it, field| {
            if field == fields.value {
                scrutinee = it.lower(Position::Value);
            } else if field == fields.body {
                it.facts.nest();
                it.cases(scrutinee);
                it.facts.unnest();
            } else {
                it.lower(Position::Value);
            }
        });
        None
    }

    fn cases(&mut self, scrutinee: Option<ExprId>) {
        let on_true = scrutinee.is_some_and(|id| self.facts.get(id).kind == ExprKind::Bool(true));
        // Patterns of cases without code of their own: they fall through to the next.
        let mut pending: Vec<ExprId> = Vec::new();
        self.each(|it| match it.role() {
            Role::Case => {
                it.facts.decide(1);
                let (pattern, body) = it.case(if on_true {
                    Position::Condition
                } else {
                    Position::Value
                });
                pending.extend(pattern);
                if let Some(body) = body {
                    let value = scrutinee.filter(|_| !on_true);
                    it.facts.arm(value, &pending, body);
                    pending.clear();
                }
            }
            Role::Default => {
                it.case(Position::Value);
                // What falls into the default is singled out by nothing.
                pending.clear();
            }
            _ => {
                it.lower(Position::Value);
            }
        });
    }

    fn case(&mut self, position: Position) -> (Option<ExprId>, Option<Span>) {
        let fields = self.fields;
        let (mut pattern, mut body) = (None, None::<Span>);
        self.each_child(|it, field| {
            if field == fields.value && pattern.is_none() {
                pattern = it.lower(position);
            } else {
                let role = it.role();
                let node = it.cursor.node();
                it.lower(Position::Value);
                if !matches!(role, Role::Skip | Role::Comment) {
                    let span = statement_span(node);
                    body = Some(body.map_or(span, |body| body.join(span)));
                }
            }
        });
        (pattern, body)
    }

    /// `while`, `do` and `for(;;)`: the loops with a condition.
    pub(super) fn looping(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        let body = self.child(fields.body).map(statement_span);
        self.facts.decide(1);
        self.facts.structural();
        let mut condition = None;
        self.each_child(|it, field| {
            if field == fields.condition {
                let value = it.lower(Position::Condition);
                condition = condition.or(value);
            } else if field == fields.body {
                it.facts.nest();
                it.lower(Position::Value);
                it.facts.unnest();
            } else {
                it.lower(Position::Value);
            }
        });
        if let Some(condition) = condition {
            let span = self.facts.get(condition).span;
            self.facts
                .branch(BranchKind::Loop, condition, span, (body, None), false);
        }
        None
    }

    pub(super) fn for_in(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        self.facts.decide(1);
        self.facts.structural();
        self.each_child(|it, field| {
            if field == fields.body {
                it.facts.nest();
                it.lower(Position::Value);
                it.facts.unnest();
            } else {
                it.lower(Position::Value);
            }
        });
        None
    }

    pub(super) fn catch(&mut self) -> Option<ExprId> {
        self.facts.decide(1);
        self.facts.structural();
        self.facts.nest();
        self.each(|it| {
            it.lower(Position::Value);
        });
        self.facts.unnest();
        None
    }

    pub(super) fn give_back(&mut self) -> Option<ExprId> {
        let value = self.transparent(Position::Value);
        if let Some(value) = value {
            self.facts.add_return(value);
        }
        None
    }

    /// `throw`, `break`, `continue`; a label is a break in the flow.
    pub(super) fn jump(&mut self) -> Option<ExprId> {
        let labelled = children(self.cursor.node())
            .iter()
            .any(|node| node.kind() == "statement_identifier");
        if labelled {
            self.facts.flat();
        }
        self.each(|it| {
            it.lower(Position::Value);
        });
        None
    }
}
