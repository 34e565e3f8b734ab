//! Expressions: Django's and Jinja's, and what their kin write differently.

use bespoke_facts::{CallForm, CompareOp, ExprId, ExprKind, FactsBuilder, LogicOp, Span};

use super::{EXPRESSION_DEPTH, Reading, lexer::Token};

/// How strongly operators bind.
const OR: u8 = 1;
const AND: u8 = 2;
const COMPARE: u8 = 3;
const ADD: u8 = 4;
const MULTIPLY: u8 = 5;

/// What follows `is` in Jinja and is asked of the value, not compared with it.
const TESTS: [&str; 20] = [
    "boolean",
    "callable",
    "defined",
    "divisibleby",
    "empty",
    "escaped",
    "even",
    "filter",
    "float",
    "integer",
    "iterable",
    "lower",
    "mapping",
    "null",
    "number",
    "odd",
    "sequence",
    "string",
    "undefined",
    "upper",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Logic(LogicOp),
    Compare(CompareOp),
    /// `a contains b`: the other way round than `in`.
    Contains,
    /// `is`, `is not`.
    Is(bool),
    Other,
}

impl<'a> Reading<'a> {
    /// All that is left of the tag; what does not fit together is kept for what it holds.
    pub(super) fn everything(&mut self) -> Option<ExprId> {
        let mut held = Vec::new();
        while self.lexer.token != Token::End {
            match self.expr() {
                Some(value) => held.push(value),
                None => self.lexer.advance(),
            }
        }
        let (first, last) = (*held.first()?, *held.last()?);
        if held.len() == 1 {
            return Some(first);
        }
        let span = self.join(first, last);
        Some(self.holder(&held, span, ExprKind::Other))
    }

    /// A condition: all that is left of the tag.
    pub(super) fn condition(&mut self) -> Option<ExprId> {
        self.everything()
    }

    /// One expression. Without progress it gives `None`.
    pub(super) fn expr(&mut self) -> Option<ExprId> {
        self.deeper(|it| {
            let value = it.binary(OR)?;
            if it.word("if") {
                it.lexer.advance();
                let Some(condition) = it.binary(OR) else {
                    return Some(value);
                };
                let otherwise = if it.word("else") {
                    it.lexer.advance();
                    it.expr()
                } else {
                    None
                };
                return Some(it.choice(condition, value, otherwise));
            }
            if it.is(Token::Op("?")) {
                it.lexer.advance();
                let Some(then) = it.expr() else {
                    return Some(value);
                };
                let otherwise = if it.is(Token::Op(":")) {
                    it.lexer.advance();
                    it.expr()
                } else {
                    None
                };
                return Some(it.choice(value, then, otherwise));
            }
            Some(value)
        })
    }

    fn choice(&mut self, condition: ExprId, then: ExprId, otherwise: Option<ExprId>) -> ExprId {
        let span = self.join(condition, then);
        let span = otherwise.map_or(span, |id| span.join(self.facts.get(id).span));
        let mut held = vec![condition, then];
        held.extend(otherwise);
        let kind = ExprKind::Choice {
            condition,
            then,
            otherwise,
        };
        self.node(&held, |facts| facts.expr(kind, span))
    }

    /// An expression without a choice, as after `in` of a loop.
    pub(super) fn plain(&mut self) -> Option<ExprId> {
        self.binary(OR)
    }

    /// One of several alternatives.
    pub(super) fn alternative(&mut self) -> Option<ExprId> {
        self.binary(AND)
    }

    fn binary(&mut self, least: u8) -> Option<ExprId> {
        let mut left = self.unary()?;
        loop {
            let before = self.lexer;
            let Some((operator, level)) = self.operator().filter(|(_, level)| *level >= least)
            else {
                self.lexer = before;
                return Some(left);
            };
            if let Operator::Is(negated) = operator {
                left = self.asked(left, negated);
                continue;
            }
            let Some(right) = self.binary(level + 1) else {
                return Some(left);
            };
            let span = self.join(left, right);
            left = match operator {
                Operator::Logic(op) => self.logic(op, level, left, right),
                Operator::Compare(op) => self.compare(op, left, right, span),
                Operator::Contains => self.compare(CompareOp::In, right, left, span),
                Operator::Is(_) | Operator::Other => {
                    self.holder(&[left, right], span, ExprKind::Other)
                }
            };
        }
    }

    /// The operator at hand, which is taken, and how strongly it binds.
    fn operator(&mut self) -> Option<(Operator, u8)> {
        let found = match self.lexer.token {
            Token::Name("or") | Token::Op("||") => (Operator::Logic(LogicOp::Or), OR),
            Token::Op("??") => (Operator::Logic(LogicOp::Coalesce), OR),
            Token::Name("and") | Token::Op("&&") => (Operator::Logic(LogicOp::And), AND),
            Token::Op("==" | "===" | "=") => (Operator::Compare(CompareOp::Equal), COMPARE),
            Token::Op("!=" | "!==" | "<>") => (Operator::Compare(CompareOp::NotEqual), COMPARE),
            Token::Op("<" | "<=" | ">" | ">=") => (Operator::Compare(CompareOp::Order), COMPARE),
            Token::Name("in") => (Operator::Compare(CompareOp::In), COMPARE),
            Token::Name("contains") => (Operator::Contains, COMPARE),
            Token::Op("+" | "-" | "~") => (Operator::Other, ADD),
            Token::Op("*" | "/" | "//" | "%" | "**") => (Operator::Other, MULTIPLY),
            Token::Name("not") => {
                self.lexer.advance();
                if !self.word("in") {
                    return None;
                }
                (Operator::Compare(CompareOp::NotIn), COMPARE)
            }
            Token::Name("is") => {
                self.lexer.advance();
                let negated = self.word("not");
                if !negated {
                    return Some((Operator::Is(false), COMPARE));
                }
                (Operator::Is(true), COMPARE)
            }
            _ => return None,
        };
        self.lexer.advance();
        Some(found)
    }

    /// All operands of the same operator at once.
    fn logic(&mut self, op: LogicOp, level: u8, left: ExprId, right: ExprId) -> ExprId {
        let mut operands = vec![left, right];
        loop {
            let before = self.lexer;
            let same = self.operator() == Some((Operator::Logic(op), level));
            let next = if same { self.binary(level + 1) } else { None };
            let Some(next) = next else {
                if !same {
                    self.lexer = before;
                }
                break;
            };
            operands.push(next);
        }
        let span = operands
            .last()
            .map_or(Span::default(), |last| self.join(left, *last));
        self.node(&operands, |facts| facts.logic(op, &operands, span))
    }

    pub(super) fn compare(
        &mut self,
        op: CompareOp,
        left: ExprId,
        right: ExprId,
        span: Span,
    ) -> ExprId {
        let kind = ExprKind::Compare { op, left, right };
        self.node(&[left, right], |facts| facts.expr(kind, span))
    }

    /// What follows `is`: a test of Jinja, or a value.
    fn asked(&mut self, left: ExprId, negated: bool) -> ExprId {
        let test = match self.lexer.token {
            Token::Name(name) => name,
            _ => "",
        };
        let at = self.lexer.span;
        let op = match test {
            "sameas" | "eq" | "equalto" | "ne" | "in" => {
                self.lexer.advance();
                if test == "in" {
                    CompareOp::In
                } else {
                    CompareOp::Equal
                }
            }
            _ if TESTS.contains(&test) => {
                self.lexer.advance();
                let argument = match self.lexer.token {
                    Token::Op("(") | Token::Number(_) | Token::Str(_) => self.operand(),
                    _ => None,
                };
                let span = Span::new(self.facts.get(left).span.start, self.lexer.before);
                let args: Vec<_> = [Some(left), argument].into_iter().flatten().collect();
                let call = self.call(test, at, &args, span);
                return if negated { self.negate(call) } else { call };
            }
            _ => CompareOp::Equal,
        };
        let op = match (op, negated != (test == "ne")) {
            (CompareOp::In, true) => CompareOp::NotIn,
            (_, true) => CompareOp::NotEqual,
            (op, false) => op,
        };
        match self.binary(ADD) {
            Some(right) => {
                let span = self.join(left, right);
                self.compare(op, left, right, span)
            }
            None => left,
        }
    }

    pub(super) fn unary(&mut self) -> Option<ExprId> {
        self.deeper(|it| {
            let start = it.lexer.span.start;
            match it.lexer.token {
                Token::Name("not") => {
                    it.lexer.advance();
                    let inner = it.binary(COMPARE)?;
                    Some(it.negated(inner, start))
                }
                Token::Op("!") => {
                    it.lexer.advance();
                    let inner = it.unary()?;
                    Some(it.negated(inner, start))
                }
                Token::Op("-" | "+") => {
                    it.lexer.advance();
                    let inner = it.unary()?;
                    let span = Span::new(start, it.facts.get(inner).span.end);
                    Some(it.holder(&[inner], span, ExprKind::Other))
                }
                _ => it.operand(),
            }
        })
    }

    fn negated(&mut self, inner: ExprId, start: u32) -> ExprId {
        let span = Span::new(start, self.facts.get(inner).span.end);
        self.node(&[inner], |facts| facts.expr(ExprKind::Not(inner), span))
    }

    /// `not a` for an `a` that a tag asks the other way round.
    pub(super) fn negate(&mut self, inner: ExprId) -> ExprId {
        let start = self.facts.get(inner).span.start;
        self.negated(inner, start)
    }

    /// A value with all that hangs on it: keys, calls, filters.
    pub(super) fn operand(&mut self) -> Option<ExprId> {
        let mut value = self.value()?;
        while self.is(Token::Op("|")) {
            let start = self.facts.get(value).span.start;
            self.lexer.advance();
            let Token::Name(filter) = self.lexer.token else {
                break;
            };
            let at = self.lexer.span;
            self.lexer.advance();
            let mut args = vec![value];
            if self.is(Token::Op("(")) {
                self.lexer.advance();
                self.arguments(&mut args);
            }
            // The colon of a choice stands apart.
            while self.is(Token::Op(":")) && self.lexer.span.start == self.lexer.before {
                self.lexer.advance();
                if self.is(Token::Op("-")) {
                    self.lexer.advance();
                }
                args.extend(self.value());
            }
            let span = Span::new(start, self.lexer.before);
            value = self.call(filter, at, &args, span);
        }
        Some(value)
    }

    /// A value with its keys and calls.
    fn value(&mut self) -> Option<ExprId> {
        let start = self.lexer.span.start;
        let mut value = self.primary()?;
        loop {
            match self.lexer.token {
                Token::Op("." | "?.") => {
                    let Some((key, at)) = self.lexer.key() else {
                        self.lexer.advance();
                        return Some(value);
                    };
                    let span = Span::new(start, at.end);
                    value = self.node(&[value], |facts| facts.member(value, key, span));
                }
                Token::Op("[") => {
                    self.lexer.advance();
                    let index = self.until("]").first().copied();
                    let span = Span::new(start, self.lexer.before);
                    let Some(index) = index else { continue };
                    let object = value;
                    let kind = match self.facts.get(index).kind {
                        ExprKind::Str(name) => ExprKind::Member { object, name },
                        _ => ExprKind::Index { object, index },
                    };
                    value = self.node(&[object, index], |facts| facts.expr(kind, span));
                }
                Token::Op("(") => {
                    self.lexer.advance();
                    let mut held = vec![value];
                    self.arguments(&mut held);
                    let span = Span::new(start, self.lexer.before);
                    value = self.node(&held, |facts| {
                        let args = facts.children(&held[1..]);
                        let form = CallForm::Call;
                        let kind = ExprKind::Call {
                            callee: held[0],
                            args,
                            form,
                        };
                        facts.expr(kind, span)
                    });
                }
                _ => return Some(value),
            }
        }
    }

    fn primary(&mut self) -> Option<ExprId> {
        let (token, span) = (self.lexer.token, self.lexer.span);
        if matches!(token, Token::Name(_) | Token::Number(_) | Token::Str(_)) {
            self.lexer.advance();
        }
        match token {
            Token::Name(name) => Some(self.leaf(|facts| match name {
                "true" | "True" => facts.expr(ExprKind::Bool(true), span),
                "false" | "False" => facts.expr(ExprKind::Bool(false), span),
                "none" | "None" | "null" | "nil" => facts.expr(ExprKind::Null, span),
                _ => facts.name(name, span),
            })),
            Token::Number(text) => Some(self.leaf(|facts| {
                let text = facts.intern(text);
                facts.expr(ExprKind::Number(text), span)
            })),
            Token::Str(text) => Some(self.leaf(|facts| {
                if text.contains('\\') {
                    facts.string(&unescape(text), span)
                } else {
                    facts.string(text, span)
                }
            })),
            Token::Op("(") => {
                self.lexer.advance();
                let held = self.until(")");
                let whole = Span::new(span.start, self.lexer.before);
                match held.as_slice() {
                    [value] => Some(*value),
                    _ => Some(self.holder(&held, whole, ExprKind::List)),
                }
            }
            Token::Op("[") => {
                self.lexer.advance();
                let held = self.until("]");
                let whole = Span::new(span.start, self.lexer.before);
                Some(self.holder(&held, whole, ExprKind::List))
            }
            Token::Op("{") => {
                self.lexer.advance();
                let held = self.until("}");
                let whole = Span::new(span.start, self.lexer.before);
                Some(self.holder(&held, whole, ExprKind::Object))
            }
            _ => None,
        }
    }

    /// Expressions and `key: value` up to a closing mark, which is taken.
    fn until(&mut self, close: &'static str) -> Vec<ExprId> {
        let mut held = Vec::new();
        while self.lexer.token != Token::End {
            if self.is(Token::Op(close)) {
                self.lexer.advance();
                break;
            }
            let Some(key) = self.expr() else {
                self.lexer.advance();
                continue;
            };
            let value = if close == "}" && self.is(Token::Op(":")) {
                self.lexer.advance();
                self.expr()
            } else {
                None
            };
            held.push(value.map_or(key, |value| self.entry(key, value)));
        }
        held
    }

    /// Arguments up to the closing bracket, which is taken.
    fn arguments(&mut self, args: &mut Vec<ExprId>) {
        while self.lexer.token != Token::End {
            if self.is(Token::Op(")")) {
                self.lexer.advance();
                break;
            }
            match self.argument() {
                Some(argument) => args.push(argument),
                None => self.lexer.advance(),
            }
        }
    }

    /// `x` or `name=x`.
    pub(super) fn argument(&mut self) -> Option<ExprId> {
        let Some((name, at)) = self.target() else {
            return self.expr();
        };
        let key = self.leaf(|facts| facts.string(name, at));
        let value = self.expr();
        Some(value.map_or(key, |value| self.entry(key, value)))
    }

    /// Takes `name=`.
    pub(super) fn target(&mut self) -> Option<(&'a str, Span)> {
        let Token::Name(name) = self.lexer.token else {
            return None;
        };
        let before = self.lexer;
        self.lexer.advance();
        if !self.is(Token::Op("=")) {
            self.lexer = before;
            return None;
        }
        self.lexer.advance();
        Some((name, before.span))
    }

    /// `name(args)`.
    pub(super) fn call(&mut self, name: &str, at: Span, args: &[ExprId], span: Span) -> ExprId {
        let callee = self.leaf(|facts| facts.name(name, at));
        let mut held = vec![callee];
        held.extend_from_slice(args);
        self.node(&held, |facts| {
            let args = facts.children(args);
            let form = CallForm::Call;
            facts.expr(ExprKind::Call { callee, args, form }, span)
        })
    }

    fn entry(&mut self, key: ExprId, value: ExprId) -> ExprId {
        let span = self.join(key, value);
        self.node(&[key, value], |facts| {
            facts.expr(ExprKind::Entry { key, value }, span)
        })
    }

    pub(super) fn holder(
        &mut self,
        held: &[ExprId],
        span: Span,
        kind: fn(bespoke_facts::Children) -> ExprKind,
    ) -> ExprId {
        self.node(held, |facts| {
            let children = facts.children(held);
            facts.expr(kind(children), span)
        })
    }

    pub(super) fn leaf(&mut self, build: impl FnOnce(&mut FactsBuilder<'a>) -> ExprId) -> ExprId {
        self.node(&[], build)
    }

    /// Adds an expression, unless its tree grows too high: then its first part stands for it.
    fn node(
        &mut self,
        held: &[ExprId],
        build: impl FnOnce(&mut FactsBuilder<'a>) -> ExprId,
    ) -> ExprId {
        let below = held
            .iter()
            .filter_map(|id| self.heights.get(id.index()))
            .max();
        let height = below.map_or(0, |height| height + 1);
        if height > EXPRESSION_DEPTH
            && let Some(first) = held.first()
        {
            self.deep_expressions = true;
            return *first;
        }
        let id = build(&mut self.facts);
        self.heights.resize(id.index() + 1, 0);
        if let Some(last) = self.heights.last_mut() {
            *last = height;
        }
        id
    }

    /// Reads a part of an expression, unless it lies too deep: then the rest of the tag is not read.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Option<ExprId>) -> Option<ExprId> {
        if self.depth >= EXPRESSION_DEPTH {
            self.deep_expressions = true;
            self.lexer.stop();
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    pub(super) fn join(&self, first: ExprId, last: ExprId) -> Span {
        self.facts.get(first).span.join(self.facts.get(last).span)
    }

    pub(super) fn is(&self, token: Token<'_>) -> bool {
        self.lexer.token == token
    }

    pub(super) fn word(&self, name: &str) -> bool {
        self.lexer.token == Token::Name(name)
    }
}

/// A string's value: a backslash before a quote or a backslash goes, others stay.
fn unescape(inner: &str) -> String {
    let mut value = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(char) = chars.next() {
        match chars.peek() {
            Some(quoted @ ('\\' | '\'' | '"')) if char == '\\' => {
                value.push(*quoted);
                chars.next();
            }
            _ => value.push(char),
        }
    }
    value
}
