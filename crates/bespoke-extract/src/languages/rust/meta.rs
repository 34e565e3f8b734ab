//! What stands between the brackets of an attribute, read from its text: predicates of `cfg` and everything else.

use bespoke_facts::{CallForm, CompareOp, ExprId, ExprKind, FactsBuilder, LogicOp, Span};

use super::text::{self, Token};

/// An attribute's text, read from left to right.
pub(super) struct Meta<'s> {
    source: &'s str,
    at: usize,
    end: usize,
}

impl<'s> Meta<'s> {
    pub(super) fn new(source: &'s str, span: Span) -> Self {
        Self {
            source,
            at: span.start as usize,
            end: span.end as usize,
        }
    }

    /// The attribute's name, if it is one word.
    pub(super) fn word(&mut self) -> Option<&'s str> {
        let (Token::Word, span) = self.peek()? else {
            return None;
        };
        self.at = span.end as usize;
        Some(self.text(span))
    }

    /// Goes into the parentheses that follow and gives what they hold.
    pub(super) fn group(&mut self) -> Option<Self> {
        let (Token::Open, open) = self.peek()? else {
            return None;
        };
        let close = self.close(open);
        self.at = close.end as usize;
        Some(Meta {
            source: self.source,
            at: open.end as usize,
            end: close.start as usize,
        })
    }

    /// What is left, white space at its ends not counted.
    pub(super) fn rest(&self) -> Option<Span> {
        let (_, first) = self.peek()?;
        let text = self.source[first.start as usize..self.end].trim_end();
        Some(Span::new(
            first.start,
            first.start + u32::try_from(text.len()).unwrap_or(0),
        ))
    }

    /// Whether the next token is this; if so it is passed.
    pub(super) fn punct(&mut self, punct: u8) -> bool {
        match self.peek() {
            Some((Token::Punct(found), span)) if found == punct => {
                self.at = span.end as usize;
                true
            }
            _ => false,
        }
    }

    /// A predicate: `all(unix, feature = "x")`.
    pub(super) fn predicate(&mut self, facts: &mut FactsBuilder<'_>) -> Option<ExprId> {
        let (token, span) = self.peek()?;
        if token != Token::Word {
            return None;
        }
        self.at = span.end as usize;
        match self.text(span) {
            word @ ("all" | "any" | "not") if matches!(self.peek(), Some((Token::Open, _))) => {
                let mut inside = self.group()?;
                let whole = Span::new(span.start, u32::try_from(self.at).unwrap_or(u32::MAX));
                let mut operands = Vec::new();
                while let Some(operand) = inside.predicate(facts) {
                    operands.push(operand);
                    if !inside.next_part() {
                        break;
                    }
                }
                Some(match (word, operands.as_slice()) {
                    ("not", [operand]) => facts.expr(ExprKind::Not(*operand), whole),
                    ("all", []) => facts.expr(ExprKind::Bool(true), whole),
                    ("any", []) => facts.expr(ExprKind::Bool(false), whole),
                    (_, [operand]) => *operand,
                    (_, operands) => {
                        let op = if word == "any" {
                            LogicOp::Or
                        } else {
                            LogicOp::And
                        };
                        let operands = facts.children(operands);
                        facts.expr(ExprKind::Logic { op, operands }, whole)
                    }
                })
            }
            word => {
                let name = facts.name(bare(word), span);
                if self.punct(b'=') {
                    let right = self.value(facts);
                    let whole = span.join(facts.get(right).span);
                    return Some(facts.expr(
                        ExprKind::Compare {
                            op: CompareOp::Equal,
                            left: name,
                            right,
                        },
                        whole,
                    ));
                }
                match self.group() {
                    Some(inside) => Some(self.call(facts, name, span, inside)),
                    None => Some(name),
                }
            }
        }
    }

    /// The attribute as an expression: a name, or a call of it with what it is given.
    pub(super) fn attribute(&mut self, facts: &mut FactsBuilder<'_>) -> Option<ExprId> {
        let (name, span) = self.path(facts)?;
        if self.punct(b'=') {
            let value = self.value(facts);
            let span = span.join(facts.get(value).span);
            let args = facts.children(&[value]);
            return Some(facts.expr(
                ExprKind::Call {
                    callee: name,
                    args,
                    form: CallForm::Call,
                },
                span,
            ));
        }
        match self.group() {
            Some(inside) => Some(self.call(facts, name, span, inside)),
            None => Some(name),
        }
    }

    fn call(
        &mut self,
        facts: &mut FactsBuilder<'_>,
        callee: ExprId,
        from: Span,
        mut inside: Self,
    ) -> ExprId {
        let mut args = Vec::new();
        while inside.peek().is_some() {
            args.push(inside.argument(facts));
            if !inside.next_part() {
                break;
            }
        }
        let span = Span::new(from.start, u32::try_from(self.at).unwrap_or(u32::MAX));
        let args = facts.children(&args);
        facts.expr(
            ExprKind::Call {
                callee,
                args,
                form: CallForm::Call,
            },
            span,
        )
    }

    /// `name = value`, `name(…)`, a name or a literal.
    fn argument(&mut self, facts: &mut FactsBuilder<'_>) -> ExprId {
        let before = self.at;
        let Some((Token::Word, first)) = self.peek() else {
            return self.value(facts);
        };
        let text = self.text(first);
        self.at = first.end as usize;
        if self.punct(b'=') {
            let value = self.value(facts);
            let key = facts.string(bare(text), first);
            let span = first.join(facts.get(value).span);
            return facts.expr(ExprKind::Entry { key, value }, span);
        }
        self.at = before;
        self.value(facts)
    }

    fn value(&mut self, facts: &mut FactsBuilder<'_>) -> ExprId {
        let Some((token, span)) = self.peek() else {
            let end = u32::try_from(self.end).unwrap_or(u32::MAX);
            return other(facts, Span::new(end, end));
        };
        match token {
            Token::Word => match (self.text(span), self.attribute(facts)) {
                (word @ ("true" | "false"), _) => facts.expr(ExprKind::Bool(word == "true"), span),
                (_, Some(expr)) => expr,
                (_, None) => other(facts, span),
            },
            Token::Str => {
                self.at = span.end as usize;
                facts.string(&text::literal_value(self.text(span)), span)
            }
            Token::Number => {
                self.at = span.end as usize;
                let number = facts.intern(self.text(span));
                facts.expr(ExprKind::Number(number), span)
            }
            _ => other(facts, span),
        }
    }

    /// `a::b`, leading colons dropped.
    fn path(&mut self, facts: &mut FactsBuilder<'_>) -> Option<(ExprId, Span)> {
        while self.punct(b':') {}
        let (Token::Word, mut span) = self.peek()? else {
            return None;
        };
        self.at = span.end as usize;
        let mut expr = facts.name(bare(self.text(span)), span);
        loop {
            let before = self.at;
            if !(self.punct(b':') && self.punct(b':')) {
                self.at = before;
                return Some((expr, span));
            }
            let Some((Token::Word, part)) = self.peek() else {
                self.at = before;
                return Some((expr, span));
            };
            self.at = part.end as usize;
            span = span.join(part);
            expr = facts.member(expr, bare(self.text(part)), span);
        }
    }

    /// Goes past the next comma at this level.
    fn next_part(&mut self) -> bool {
        while let Some((token, span)) = self.peek() {
            self.at = span.end as usize;
            match token {
                Token::Punct(b',') => return self.peek().is_some(),
                Token::Open => self.at = self.close(span).end as usize,
                _ => {}
            }
        }
        false
    }

    /// The bracket that closes `open`; an empty span at the end where there is none.
    fn close(&self, open: Span) -> Span {
        let mut depth = 0_u32;
        let mut at = open.start as usize;
        while let Some((token, span)) = text::next(&self.source.as_bytes()[..self.end], at) {
            at = span.end as usize;
            match token {
                Token::Open => depth += 1,
                Token::Close if depth == 1 => return span,
                Token::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        let end = u32::try_from(self.end).unwrap_or(u32::MAX);
        Span::new(end, end)
    }

    fn peek(&self) -> Option<(Token, Span)> {
        let mut at = self.at;
        loop {
            let (token, span) = text::next(&self.source.as_bytes()[..self.end], at)?;
            if token != Token::Comment {
                return Some((token, span));
            }
            at = span.end as usize;
        }
    }

    fn text(&self, span: Span) -> &'s str {
        &self.source[span.start as usize..span.end as usize]
    }
}

/// An identifier without its `r#`.
pub(super) fn bare(word: &str) -> &str {
    word.strip_prefix("r#").unwrap_or(word)
}

fn other(facts: &mut FactsBuilder<'_>, span: Span) -> ExprId {
    let none = facts.children(&[]);
    facts.expr(ExprKind::Other(none), span)
}
