//! What tags say beside conditions: arguments, bindings, loops, cases.

use bespoke_facts::{BindingKind, CompareOp, ExprId, ExprKind, Span};

use super::{
    Reading,
    lexer::{Lexer, Token},
    offset,
    scan::Tag,
};

impl<'a> Reading<'a> {
    /// Goes to what follows a tag's name.
    pub(super) fn start(&mut self, tag: &Tag<'a>) {
        self.lexer = Lexer::new(self.source, tag.start + tag.name.len(), tag.end);
    }

    /// A tag as a call. With `bare`, its first argument may be a string without quotes.
    pub(super) fn tag_call(&mut self, tag: &Tag<'a>, bare: bool) -> Option<ExprId> {
        if tag.name.is_empty() {
            return None;
        }
        let mut args = Vec::new();
        let mut bound = None;
        if bare && let Some((key, at)) = self.lexer.bare() {
            args.push(self.leaf(|facts| facts.string(key, at)));
        }
        while self.lexer.token != Token::End {
            if self.word("as") && !args.is_empty() {
                self.lexer.advance();
                if let Token::Name(name) = self.lexer.token {
                    bound = Some((name, self.lexer.span));
                    self.lexer.advance();
                }
                continue;
            }
            if self.word("with") || self.word("only") {
                self.lexer.advance();
                continue;
            }
            match self.argument() {
                Some(argument) => args.push(argument),
                None => self.lexer.advance(),
            }
        }
        let start = offset(tag.start);
        let at = Span::new(start, start + offset(tag.name.len()));
        let span = Span::new(start, self.lexer.before.max(at.end));
        let call = self.call(tag.name, at, &args, span);
        if let Some((name, at)) = bound {
            let kind = BindingKind::Variable;
            self.facts.binding(kind, name, Some(call), at, false);
        }
        Some(call)
    }

    /// `ifequal a b`.
    pub(super) fn comparison(&mut self, op: CompareOp) -> Option<ExprId> {
        let left = self.operand()?;
        let Some(right) = self.unary() else {
            return Some(left);
        };
        let span = self.join(left, right);
        Some(self.compare(op, left, right, span))
    }

    /// `x in y if c`: gives `c`.
    pub(super) fn loop_head(&mut self) -> Option<ExprId> {
        while self.lexer.token != Token::End && !self.word("in") {
            self.lexer.advance();
        }
        self.lexer.advance();
        let repeated = self.plain();
        self.tests(repeated, false);
        while self.lexer.token != Token::End {
            let filtered = self.word("if");
            self.lexer.advance();
            if filtered {
                return self.plain();
            }
        }
        None
    }

    /// What a case of a switch on `scrutinee` fits: all that is left of the tag.
    pub(super) fn pattern(&mut self, scrutinee: Option<ExprId>) -> Option<ExprId> {
        let mut patterns = Vec::new();
        while self.lexer.token != Token::End {
            // `when a or b`: alternatives.
            if self.word("or") {
                self.lexer.advance();
            }
            match self.alternative() {
                Some(pattern) => patterns.push(pattern),
                None => self.lexer.advance(),
            }
        }
        let (first, last) = (*patterns.first()?, *patterns.last()?);
        let span = self.join(first, last);
        let pattern = if patterns.len() == 1 {
            first
        } else {
            self.holder(&patterns, span, ExprKind::List)
        };
        match scrutinee {
            Some(value) => Some(self.compare(CompareOp::Matches, value, pattern, span)),
            None => Some(pattern),
        }
    }

    /// `with a=x b=y`, `with x as a`, `set a = x`, `set a, b = x, y`.
    pub(super) fn bindings(&mut self, tag: &str) {
        if tag == "with" {
            while self.lexer.token != Token::End {
                if let Some((name, at)) = self.target() {
                    let value = self.expr();
                    self.bind(BindingKind::Constant, name, value, at);
                } else {
                    self.renamed();
                }
            }
            return;
        }
        let mut targets = Vec::new();
        let mut kind = BindingKind::Variable;
        loop {
            match self.lexer.token {
                Token::Name(name) => targets.push((name, self.lexer.span)),
                Token::Op(".") => {
                    // A field of something: only its own name is known.
                    targets.pop();
                    kind = BindingKind::Assignment;
                }
                Token::End | Token::Op("=") => break,
                _ => {}
            }
            self.lexer.advance();
        }
        let mut values = Vec::new();
        while self.lexer.token != Token::End {
            match self.expr() {
                Some(value) => values.push(value),
                None => self.lexer.advance(),
            }
        }
        if targets.len() == values.len() {
            for ((name, at), value) in targets.into_iter().zip(values) {
                self.bind(kind, name, Some(value), at);
            }
        } else if let ([(name, at)], [first, .., last]) = (&targets[..], &values[..]) {
            let span = self.join(*first, *last);
            let value = self.holder(&values, span, ExprKind::List);
            self.bind(kind, name, Some(value), *at);
        } else {
            for value in values {
                self.tests(Some(value), false);
            }
        }
    }

    /// `x as a`.
    fn renamed(&mut self) {
        let value = self.expr();
        if value.is_none() {
            self.lexer.advance();
            return;
        }
        if self.word("as") {
            self.lexer.advance();
            if let Token::Name(name) = self.lexer.token {
                let at = self.lexer.span;
                self.lexer.advance();
                self.bind(BindingKind::Constant, name, value, at);
                return;
            }
        }
        self.tests(value, false);
    }

    fn bind(&mut self, kind: BindingKind, name: &str, value: Option<ExprId>, at: Span) {
        self.tests(value, false);
        self.facts.binding(kind, name, value, at, false);
    }
}
