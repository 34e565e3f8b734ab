//! `match` statements and the patterns of their cases.

use bespoke_facts::{CallForm, ExprId, ExprKind, Span};
use ruff_python_ast::{
    Expr, MatchCase, Pattern, Singleton, StmtMatch,
    token::{Token, TokenKind},
};
use ruff_text_size::Ranged as _;

use super::{Lowering, Position, at, statements::block_span};

impl Lowering<'_, '_> {
    pub(super) fn matching(&mut self, it: &StmtMatch) {
        self.facts.structural();
        let subject = self.expr(&it.subject, Position::Value);
        self.facts.nest();
        for case in &it.cases {
            self.case(case, subject);
        }
        self.facts.unnest();
    }

    fn case(&mut self, it: &MatchCase, subject: Option<ExprId>) {
        let mut at_span = self.pattern_span(&it.pattern);
        let pattern = self.pattern(&it.pattern);
        let mut guard = None;
        if let Some(test) = &it.guard {
            guard = self.expr(test, Position::Condition);
            at_span = at_span.join(self.outer(test, it));
        }
        self.statements(&it.body);
        let body = block_span(&it.body);
        self.facts.case((subject, pattern, guard), at_span, body);
    }

    /// A pattern's place with the parentheses around it: from the token after `case` on.
    fn pattern_span(&self, it: &Pattern) -> Span {
        let span = at(it.range());
        let (mut start, mut end) = (span.start, span.end);
        let is_code = |token: &&Token| !token.kind().is_trivia();
        let mut before = self.tokens.before(it.start()).iter().rev().filter(is_code);
        let mut after = self.tokens.after(it.end()).iter().filter(is_code);
        while let (Some(left), Some(right)) = (before.next(), after.next()) {
            if (left.kind(), right.kind()) != (TokenKind::Lpar, TokenKind::Rpar) {
                break;
            }
            (start, end) = (at(left.range()).start, at(right.range()).end);
        }
        Span::new(start, end)
    }

    /// A pattern of a case; a capture has no value.
    fn pattern(&mut self, it: &Pattern) -> Option<ExprId> {
        if !self.depth.down() {
            return None;
        }
        let value = self.pattern_within(it);
        self.depth.up();
        value
    }

    fn pattern_within(&mut self, it: &Pattern) -> Option<ExprId> {
        let span = at(it.range());
        match it {
            Pattern::MatchValue(it) => match &*it.value {
                Expr::Attribute(_) => Some(self.dotted(span)),
                // Of a negative number, the number.
                Expr::UnaryOp(it) => self.expr(&it.operand, Position::Value),
                Expr::BinOp(_) => {
                    self.depth.cut = true;
                    None
                }
                it => self.expr(it, Position::Value),
            },
            Pattern::MatchSingleton(it) => {
                let kind = match it.value {
                    Singleton::None => ExprKind::Null,
                    Singleton::True => ExprKind::Bool(true),
                    Singleton::False => ExprKind::Bool(false),
                };
                Some(self.facts.expr(kind, span))
            }
            Pattern::MatchSequence(it) => Some(self.alternatives(&it.patterns, span)),
            Pattern::MatchOr(it) => Some(self.alternatives(&it.patterns, span)),
            Pattern::MatchAs(it) => self.pattern(it.pattern.as_deref()?),
            Pattern::MatchStar(_) => None,
            // Read by the grammar alone.
            Pattern::MatchMapping(_) => {
                self.depth.cut = true;
                None
            }
            Pattern::MatchClass(it) => {
                let callee = self.dotted(at(it.cls.range()));
                let mut args = Vec::new();
                for pattern in &it.arguments.patterns {
                    args.extend(self.pattern(pattern));
                }
                for keyword in &it.arguments.keywords {
                    let name = at(keyword.attr.range);
                    let key = self.facts.string(self.facts.source_at(name), name);
                    if let Some(value) = self.pattern(&keyword.pattern) {
                        let kind = ExprKind::Entry { key, value };
                        args.push(self.facts.expr(kind, at(keyword.range)));
                    }
                }
                let args = self.facts.children(&args);
                let form = CallForm::Call;
                Some(self.facts.expr(ExprKind::Call { callee, args, form }, span))
            }
        }
    }

    fn alternatives(&mut self, patterns: &[Pattern], span: Span) -> ExprId {
        let mut items = Vec::with_capacity(patterns.len());
        for pattern in patterns {
            items.extend(self.pattern(pattern));
        }
        let items = self.facts.children(&items);
        self.facts.expr(ExprKind::List(items), span)
    }

    /// `a.b.c` as members.
    fn dotted(&mut self, span: Span) -> ExprId {
        let mut parts = self.facts.source_at(span).split('.').map(str::trim);
        let mut value = self.facts.name(parts.next().unwrap_or(""), span);
        for part in parts {
            value = self.facts.member(value, part, span);
        }
        value
    }
}
