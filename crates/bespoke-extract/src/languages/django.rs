//! Templates of Django, Jinja and their kin (Liquid, Nunjucks, Twig): the tags of a text, with conditions as in code.
//!
//! [`scan`] finds the tags, [`pair`] says which end which, and this module makes branches of them; [`expressions`] reads
//! what stands in a tag. Of the text around the tags, [`markup`] reads conditions of elements; no script is read.

mod arguments;
mod expressions;
mod lexer;
pub(super) mod markup;
mod pair;
mod scan;

#[cfg(test)]
mod tests;

use bespoke_facts::{
    BranchKind, CompareOp, ExprId, ExprKind, FactsBuilder, FileFacts, IssueReason, Span,
};

use self::{
    lexer::Lexer,
    pair::{Pairs, Part},
    scan::Tag,
};
use super::{Engine, Language};
use crate::MAX_DEPTH;

/// How deep expressions are followed.
const EXPRESSION_DEPTH: u8 = 200;

pub(super) static LANGUAGE: Language = Language {
    name: "django",
    aliases: &["jinja", "jinja2", "html-template"],
    extensions: &["html", "htm", "jinja", "jinja2", "j2", "djhtml"],
    file_names: &[],
    engines: &[Engine {
        name: "scanner",
        read: |facts| Some(read(facts)),
    }],
};

fn read(mut facts: FactsBuilder<'_>) -> FileFacts {
    let source = facts.source();
    let scanned = scan::scan(source);
    for comment in &scanned.comments {
        facts.comment(*comment);
    }
    let elements = if markup::may_have(source) {
        markup::elements(source)
    } else {
        Vec::new()
    };
    if scanned.tags.is_empty() && scanned.broken == 0 && elements.is_empty() {
        return facts.finish();
    }
    let pairs = pair::pair(&scanned.tags);
    let mut reading = Reading {
        facts,
        source,
        lexer: Lexer::default(),
        heights: Vec::new(),
        depth: 0,
        frames: Vec::new(),
        broken: scanned.broken + pairs.broken,
        deep_blocks: false,
        deep_expressions: false,
    };
    for (at, tag) in scanned.tags.iter().enumerate() {
        reading.tag(tag, at, &pairs);
    }
    let end = offset(source.len());
    while reading.frames.last().is_some() {
        reading.end_frame(end);
    }
    reading.elements(&elements);
    reading.finish()
}

/// A byte offset as spans hold it.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What a block does with what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    /// Shows one of its parts.
    Conditional,
    /// Repeats it.
    Loop,
    /// Shows the part that fits.
    Switch(Option<ExprId>),
    /// Anything else; should it have an `else`, it was a condition: this call.
    Plain(Option<ExprId>),
    /// Lies too deep.
    Unread,
}

/// A part of a block that a condition guards.
#[derive(Clone, Copy, Debug)]
struct Arm {
    condition: Option<ExprId>,
    /// Where its tag starts.
    start: u32,
    then: Span,
}

/// An open block.
#[derive(Debug)]
struct Frame {
    /// Position of its first tag.
    tag: usize,
    block: Block,
    arms: Vec<Arm>,
    /// The part that is shown if no condition holds.
    otherwise: Option<Span>,
    /// Where the first part starts.
    inner: Span,
}

struct Reading<'a> {
    facts: FactsBuilder<'a>,
    source: &'a str,
    lexer: Lexer<'a>,
    /// Height of each expression's tree, by id.
    heights: Vec<u8>,
    /// How deep the reader is in an expression.
    depth: u8,
    frames: Vec<Frame>,
    /// Places that are no template.
    broken: u32,
    deep_blocks: bool,
    deep_expressions: bool,
}

impl<'a> Reading<'a> {
    fn tag(&mut self, tag: &Tag<'a>, at: usize, pairs: &Pairs) {
        let part = pairs.part(at);
        let too_deep = self.frames.len() >= MAX_DEPTH as usize;
        match part {
            Part::Open { .. } if too_deep => {
                self.deep_blocks = true;
                self.push(tag, at, Block::Unread);
            }
            Part::Inside
                if self
                    .frames
                    .last()
                    .is_some_and(|it| it.block == Block::Unread) => {}
            Part::Open { cases } => self.open(tag, at, cases),
            Part::Inside => self.inside(tag),
            Part::Close(opener) => {
                while let Some(frame) = self.frames.last() {
                    let found = frame.tag == opener;
                    self.end_frame(tag.span.start);
                    if found {
                        break;
                    }
                }
            }
            Part::Output => {
                self.start(tag);
                let value = self.everything();
                self.tests(value, false);
            }
            Part::Single => self.single(tag),
            Part::Stray => {}
        }
    }

    fn push(&mut self, tag: &Tag<'a>, at: usize, block: Block) {
        self.frames.push(Frame {
            tag: at,
            block,
            arms: Vec::new(),
            otherwise: None,
            inner: Span::new(tag.span.end, tag.span.end),
        });
    }

    fn open(&mut self, tag: &Tag<'a>, at: usize, cases: bool) {
        self.start(tag);
        let condition = match tag.name {
            "if" => self.condition(),
            "unless" => {
                let condition = self.condition();
                condition.map(|id| self.negate(id))
            }
            "ifequal" => self.comparison(CompareOp::Equal),
            "ifnotequal" => self.comparison(CompareOp::NotEqual),
            "for" => {
                self.open_loop(tag, at);
                return;
            }
            "switch" | "case" if cases => {
                self.open_switch(tag, at);
                return;
            }
            name if is_condition(name) => self.tag_call(tag, is_switch(name)),
            "with" | "set" => {
                self.bindings(tag.name);
                self.push(tag, at, Block::Plain(None));
                return;
            }
            name => {
                let call = self.tag_call(tag, is_switch(name));
                self.tests(call, false);
                self.push(tag, at, Block::Plain(call));
                return;
            }
        };
        self.tests(condition, true);
        self.facts.decide(1);
        self.facts.structural();
        self.facts.nest();
        self.push(tag, at, Block::Conditional);
        self.begin_arm(condition, tag);
    }

    /// `for x in y if c`: what is repeated is guarded by `c`.
    fn open_loop(&mut self, tag: &Tag<'a>, at: usize) {
        let filter = self.loop_head();
        self.facts.decide(1);
        self.facts.structural();
        if filter.is_some() {
            self.facts.decide(1);
            self.tests(filter, true);
        }
        self.facts.nest();
        self.push(tag, at, Block::Loop);
        if filter.is_some() {
            self.begin_arm(filter, tag);
        }
    }

    /// `switch x`; what else stands in the tag is the first case.
    fn open_switch(&mut self, tag: &Tag<'a>, at: usize) {
        let scrutinee = self.expr();
        self.tests(scrutinee, false);
        self.facts.structural();
        self.facts.nest();
        self.push(tag, at, Block::Switch(scrutinee));
        if let Some(condition) = self.pattern(scrutinee) {
            self.facts.decide(1);
            self.begin_arm(Some(condition), tag);
        }
    }

    fn begin_arm(&mut self, condition: Option<ExprId>, tag: &Tag<'_>) {
        if let Some(frame) = self.frames.last_mut() {
            frame.arms.push(Arm {
                condition,
                start: tag.span.start,
                then: Span::new(tag.span.end, tag.span.end),
            });
        }
    }

    /// Ends the part of the innermost block that is being read.
    fn end_part(&mut self, end: u32) {
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        let part = match (&mut frame.otherwise, frame.arms.last_mut()) {
            (Some(otherwise), _) => otherwise,
            (None, Some(arm)) => &mut arm.then,
            (None, None) => &mut frame.inner,
        };
        part.end = end.max(part.start);
    }

    /// `elif`, `else`, `case` and the like.
    fn inside(&mut self, tag: &Tag<'a>) {
        self.start(tag);
        let innermost = self.frames.last();
        let block = innermost.map_or(Block::Plain(None), |frame| frame.block);
        let ended = innermost.is_none_or(|frame| frame.otherwise.is_some());
        let alternative = tag.name == "else" && !self.word("if");
        match (block, tag.name) {
            (Block::Switch(scrutinee), "case" | "when") if !ended => {
                self.end_part(tag.span.start);
                self.facts.decide(1);
                let condition = self.pattern(scrutinee);
                self.begin_arm(condition, tag);
            }
            (Block::Switch(_), "else" | "default") if !ended => self.otherwise(tag),
            (Block::Loop, "else" | "empty") if !ended => {
                self.facts.flat();
                self.otherwise(tag);
            }
            (Block::Conditional, _) if alternative && !ended => {
                self.facts.flat();
                self.otherwise(tag);
            }
            (Block::Conditional, "elif" | "elsif" | "elseif" | "else") if !ended => {
                self.end_part(tag.span.start);
                let condition = self.condition();
                self.tests(condition, true);
                self.facts.decide(1);
                self.facts.flat();
                self.begin_arm(condition, tag);
            }
            (Block::Plain(condition), _) if alternative && !ended => self.reveal(condition, tag),
            (_, "case" | "when" | "default" | "empty") => self.single(tag),
            _ => self.broken += 1,
        }
    }

    /// A block with an `else` is a condition, whatever its name.
    fn reveal(&mut self, condition: Option<ExprId>, tag: &Tag<'_>) {
        self.end_part(tag.span.start);
        self.facts.decide(1);
        self.facts.structural();
        self.facts.flat();
        self.facts.nest();
        if let Some(frame) = self.frames.last_mut() {
            frame.block = Block::Conditional;
            frame.arms.push(Arm {
                condition,
                start: frame.inner.start,
                then: frame.inner,
            });
        }
        self.otherwise(tag);
    }

    fn otherwise(&mut self, tag: &Tag<'_>) {
        self.end_part(tag.span.start);
        if let Some(frame) = self.frames.last_mut() {
            frame.otherwise = Some(Span::new(tag.span.end, tag.span.end));
        }
    }

    /// Ends the innermost block; its last part ends at `end`.
    fn end_frame(&mut self, end: u32) {
        self.end_part(end);
        let Some(frame) = self.frames.pop() else {
            return;
        };
        if !matches!(frame.block, Block::Plain(_) | Block::Unread) {
            self.facts.unnest();
        }
        let kind = match frame.block {
            Block::Switch(_) => BranchKind::Arm,
            _ => BranchKind::If,
        };
        for (at, arm) in frame.arms.iter().enumerate() {
            let Some(condition) = arm.condition else {
                continue;
            };
            let otherwise = match (frame.block, frame.arms.get(at + 1)) {
                // As in code: the next member of a chain is the whole of the other outcome.
                (Block::Conditional, Some(next)) => Some(Span::new(next.start, end)),
                (Block::Conditional, None) => frame.otherwise,
                _ => None,
            };
            let span = self.facts.get(condition).span;
            self.facts
                .branch(kind, condition, span, (Some(arm.then), otherwise), false);
        }
    }

    /// A tag that holds nothing.
    fn single(&mut self, tag: &Tag<'a>) {
        self.start(tag);
        match tag.name {
            "load" | "block" | "extends" | "import" | "from" | "csrf_token" => {}
            "with" | "set" | "assign" => self.bindings(tag.name),
            "do" => {
                let value = self.everything();
                self.tests(value, false);
            }
            name => {
                let call = self.tag_call(tag, is_switch(name));
                self.tests(call, false);
            }
        }
    }

    /// Notes the branches of an expression: tests outside a condition, and the choices in it.
    fn tests(&mut self, id: Option<ExprId>, in_condition: bool) {
        let Some(id) = id else { return };
        let expr = self.facts.get(id);
        match expr.kind {
            ExprKind::Compare { left, right, .. } => {
                if !in_condition {
                    self.value_branch(id, expr.span);
                }
                self.tests(Some(left), false);
                self.tests(Some(right), false);
            }
            ExprKind::Logic { op, operands } => {
                let operands = self.facts.list(operands).to_vec();
                let Some((last, before)) = operands.split_last() else {
                    return;
                };
                let coalesces = op == bespoke_facts::LogicOp::Coalesce;
                let guards = !in_condition && !coalesces && !self.is_test(*last);
                for operand in before {
                    self.tests(Some(*operand), in_condition || !coalesces);
                }
                self.tests(Some(*last), in_condition || (!coalesces && !guards));
                if guards {
                    self.guard(op, before, *last);
                } else if !in_condition && !coalesces {
                    self.value_branch(id, expr.span);
                }
            }
            ExprKind::Not(inner) => self.tests(Some(inner), in_condition),
            ExprKind::Choice {
                condition,
                then,
                otherwise,
            } => {
                self.facts.decide(1);
                self.facts.structural();
                self.tests(Some(condition), true);
                self.tests(Some(then), false);
                self.tests(otherwise, false);
                let span = self.facts.get(condition).span;
                let then = self.facts.get(then).span;
                let otherwise = otherwise.map(|id| self.facts.get(id).span);
                let regions = (Some(then), otherwise);
                self.facts
                    .branch(BranchKind::Ternary, condition, span, regions, false);
            }
            ExprKind::Call { callee, args, .. } => {
                self.tests(Some(callee), false);
                self.tests_of(args);
            }
            ExprKind::Member { object, .. } => self.tests(Some(object), false),
            ExprKind::Index { object, index } => {
                self.tests(Some(object), false);
                self.tests(Some(index), false);
            }
            ExprKind::Entry { key, value } => {
                self.tests(Some(key), false);
                self.tests(Some(value), false);
            }
            ExprKind::List(held) | ExprKind::Object(held) | ExprKind::Other(held) => {
                self.tests_of(held);
            }
            _ => {}
        }
    }

    fn tests_of(&mut self, held: bespoke_facts::Children) {
        for id in self.facts.list(held).to_vec() {
            self.tests(Some(id), false);
        }
    }

    fn value_branch(&mut self, condition: ExprId, span: Span) {
        self.facts
            .branch(BranchKind::Value, condition, span, (None, None), false);
    }

    /// `a and b and x`: the operands before the last guard it.
    fn guard(&mut self, op: bespoke_facts::LogicOp, before: &[ExprId], last: ExprId) {
        let (Some(first), Some(end)) = (before.first(), before.last()) else {
            return;
        };
        let span = self.facts.get(*first).span.join(self.facts.get(*end).span);
        let condition = if before.len() == 1 {
            *first
        } else {
            let operands = self.facts.children(before);
            self.facts.expr(ExprKind::Logic { op, operands }, span)
        };
        let region = Some(self.facts.get(last).span);
        let regions = match op {
            bespoke_facts::LogicOp::And => (region, None),
            _ => (None, region),
        };
        self.facts
            .branch(BranchKind::Guard, condition, span, regions, false);
    }

    /// Whether an expression is a test by its form.
    fn is_test(&self, mut id: ExprId) -> bool {
        loop {
            match self.facts.get(id).kind {
                ExprKind::Compare { .. } | ExprKind::Not(_) | ExprKind::Bool(_) => return true,
                ExprKind::Logic { operands, .. } => match self.facts.list(operands).last() {
                    Some(last) => id = *last,
                    None => return false,
                },
                _ => return false,
            }
        }
    }

    fn finish(mut self) -> FileFacts {
        if self.broken > 0 {
            let places = self.broken;
            self.facts.issue(IssueReason::Syntax { places });
        }
        if self.deep_blocks {
            self.facts.issue(IssueReason::TooDeep { limit: MAX_DEPTH });
        }
        if self.deep_expressions {
            let limit = u32::from(EXPRESSION_DEPTH);
            self.facts.issue(IssueReason::TooDeep { limit });
        }
        self.facts.finish()
    }
}

/// Whether a block's name says that it is a condition.
fn is_condition(name: &str) -> bool {
    name.starts_with("if") || is_switch(name)
}

/// Whether a tag's name says that it asks for a switch, whose key may stand without quotes.
fn is_switch(name: &str) -> bool {
    let name = name.strip_prefix("if").unwrap_or(name);
    name.split('_').any(|word| {
        matches!(
            word,
            "flag" | "switch" | "sample" | "feature" | "toggle" | "experiment"
        )
    })
}
