//! ruff's parser: Python 3, its tree straight to facts.
//!
//! What is written is what [`crate::languages`]' Python grammar writes, handler by handler under the same names; a
//! test holds the two against each other. Where ruff reports an error (Python 2, half-written files), or what it read
//! lies too deep, the answer is `None` and the grammar reads the file.

mod definitions;
mod expressions;
mod patterns;
mod statements;

use bespoke_facts::{FactsBuilder, FileFacts, Span};
use ruff_python_ast::{
    AnyNodeRef, Expr,
    token::{TokenKind, Tokens, parenthesized_range},
};
use ruff_python_parser::{Mode, ParseOptions};
use ruff_text_size::{Ranged as _, TextRange};

use crate::{depth::Depth, engines::nesting, languages::python::names::Names, lower::Position};

/// Reads a file. `None` where ruff does not accept it.
pub(crate) fn read(facts: FactsBuilder<'_>) -> Option<FileFacts> {
    let source = facts.source();
    if nesting::is_extreme(source) {
        return None;
    }
    let parsed = ruff_python_parser::parse_unchecked(source, ParseOptions::from(Mode::Module));
    if !parsed.errors().is_empty() {
        return None;
    }
    let mut lowering = Lowering {
        facts,
        source,
        tokens: parsed.tokens(),
        depth: Depth::default(),
        names: Names::default(),
        decorators: Vec::new(),
        is_static: false,
    };
    for token in parsed.tokens() {
        if token.kind() == TokenKind::Comment {
            lowering.facts.comment(at(token.range()));
        }
    }
    lowering.statements(&parsed.syntax().as_module()?.body);
    let (facts, cut) = (lowering.facts, lowering.depth.cut);
    (!cut).then(|| facts.finish())
}

struct Lowering<'a, 't> {
    facts: FactsBuilder<'a>,
    source: &'a str,
    tokens: &'t Tokens,
    /// Cut too where something is read by the grammar alone.
    depth: Depth,
    names: Names,
    /// Decorators of the definition that comes next.
    decorators: Vec<usize>,
    /// Whether one of them makes a method static.
    is_static: bool,
}

impl Lowering<'_, '_> {
    /// The place of an expression with the parentheses around it, of which the tree says nothing.
    fn outer<'n>(&self, it: &'n Expr, parent: impl Into<AnyNodeRef<'n>>) -> Span {
        let span = at(it.range());
        let after = self.source.get(span.end as usize..).unwrap_or("");
        let after = after.trim_start_matches([' ', '\n', '\r', '\t', '\u{c}']);
        if !after.starts_with([')', '#', '\\']) {
            return span;
        }
        parenthesized_range(it.into(), parent.into(), self.tokens).map_or(span, at)
    }
}

/// A place as facts hold it.
fn at(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}
