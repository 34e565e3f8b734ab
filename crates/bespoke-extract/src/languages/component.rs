//! What Vue, Svelte and Angular share: scripts and conditions in a page, both in TypeScript or a part of it.
//!
//! The page is only scanned for where those are, in one pass over its text; the grammar reads them.

use bespoke_facts::{BranchKind, ExprId, FactsBuilder, FileFacts, Span};
use memchr::memmem;

use super::{
    django::markup::{self, Shown},
    typescript::GRAMMAR,
};
use crate::{
    engines::oxc::{self, Dialect, Refused},
    lower::{Parts, Position},
};

/// Whose conditions a page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    Angular,
    Svelte,
    Vue,
}

/// What reads the scripts and expressions of a page.
trait Scripts<'a> {
    /// Reads scripts as one program.
    fn program(&mut self, parts: &[Span]) -> Result<(), Refused>;
    /// Reads the expression that starts a part and gives its value, if it has one.
    fn expression(&mut self, part: Span, position: Position) -> Result<Option<ExprId>, Refused>;
    /// What is found so far, to add to.
    fn facts(&mut self) -> Option<&mut FactsBuilder<'a>>;
}

impl<'a> Scripts<'a> for Parts<'a> {
    fn program(&mut self, parts: &[Span]) -> Result<(), Refused> {
        self.program(parts);
        Ok(())
    }

    fn expression(&mut self, part: Span, position: Position) -> Result<Option<ExprId>, Refused> {
        Ok(self.expression(part, position))
    }

    fn facts(&mut self) -> Option<&mut FactsBuilder<'a>> {
        self.facts()
    }
}

impl<'a> Scripts<'a> for oxc::Scripts<'a> {
    fn program(&mut self, parts: &[Span]) -> Result<(), Refused> {
        parts.iter().try_for_each(|part| self.program(*part))
    }

    fn expression(&mut self, part: Span, position: Position) -> Result<Option<ExprId>, Refused> {
        self.expression(part, position)
    }

    fn facts(&mut self) -> Option<&mut FactsBuilder<'a>> {
        self.facts()
    }
}

/// Reads a page; the grammar reads its scripts and expressions.
pub(super) fn read(facts: FactsBuilder<'_>, flavour: Flavour) -> FileFacts {
    let source = facts.source();
    let mut parts = Parts::new(facts, &GRAMMAR);
    // The grammar accepts everything.
    let _ = page(source, &mut parts, flavour);
    parts.finish()
}

/// Reads a page whose scripts and expressions oxc accepts, all of them.
pub(super) fn read_fast(facts: FactsBuilder<'_>, flavour: Flavour) -> Option<FileFacts> {
    let source = facts.source();
    let mut scripts = oxc::Scripts::new(facts, Dialect::TypeScript);
    page(source, &mut scripts, flavour).ok()?;
    scripts.finish()
}

fn page<'a>(
    source: &'a str,
    parts: &mut impl Scripts<'a>,
    flavour: Flavour,
) -> Result<(), Refused> {
    let mut page = Page::new(source);
    page.regions();
    page.blocks(flavour);
    if let Some(facts) = parts.facts() {
        for comment in &page.comments {
            facts.comment(*comment);
        }
    }
    let mut elements = std::mem::take(&mut page.shown);
    if flavour != Flavour::Svelte && markup::may_have(source) {
        let own = elements.len();
        elements.extend(markup::elements(source).into_iter().map(|it| Shown {
            next: it.next.map(|next| next + own),
            ..it
        }));
    }
    if !page.scripts.is_empty() {
        parts.program(&page.scripts)?;
    }
    for (element, otherwise) in elements.iter().zip(markup::otherwise(&elements)) {
        let (start, end) = element.condition;
        let part = condition(source, start, end);
        if part.is_empty() {
            continue;
        }
        let Some(condition) = parts.expression(part, Position::Condition)? else {
            continue;
        };
        let Some(facts) = parts.facts() else { continue };
        facts.decide(1);
        if element.chained {
            facts.flat();
        } else {
            facts.structural();
        }
        let span = facts.get(condition).span;
        let regions = (Some(element.region), otherwise);
        facts.branch(BranchKind::If, condition, span, regions, false);
    }
    for value in &page.values {
        parts.expression(*value, Position::Value)?;
    }
    Ok(())
}

/// A byte offset as spans hold it.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn span(start: usize, end: usize) -> Span {
    Span::new(offset(start), offset(end.max(start)))
}

/// The condition itself: of `a; else b` and `a | async as b` what decides.
fn condition(source: &str, start: usize, end: usize) -> Span {
    let text = source.get(start..end).unwrap_or_default();
    let text = text.split(';').next().unwrap_or_default();
    let text = text.rfind(" as ").map_or(text, |at| &text[..at]);
    span(start, start + text.trim_end().len())
}

struct Page<'a> {
    source: &'a str,
    scripts: Vec<Span>,
    comments: Vec<Span>,
    /// Scripts, styles and comments: no condition is in them.
    skipped: Vec<Span>,
    shown: Vec<Shown>,
    /// Expressions that are shown or passed on.
    values: Vec<Span>,
}

/// An open block of braces.
#[derive(Clone, Copy, Debug)]
enum Open {
    /// A condition's: position of its current part.
    Shown(usize),
    /// Any other.
    Other,
}

impl<'a> Page<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            scripts: Vec::new(),
            comments: Vec::new(),
            skipped: Vec::new(),
            shown: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Finds scripts, styles and comments.
    fn regions(&mut self) {
        let bytes = self.source.as_bytes();
        let find = |from: usize, mark: &str| {
            memmem::find(bytes.get(from..).unwrap_or_default(), mark.as_bytes()).map(|at| from + at)
        };
        let mut at = 0;
        while let Some(start) = find(at, "<") {
            let rest = &self.source[start + 1..];
            at = start + 1;
            if rest.starts_with("!--") {
                let end = find(start, "-->").map_or(bytes.len(), |end| end + 3);
                self.comments.push(span(start, end));
                self.skipped.push(span(start, end));
                at = end;
                continue;
            }
            let (mark, is_script) = if starts_element(rest, "script") {
                ("</script", true)
            } else if starts_element(rest, "style") {
                ("</style", false)
            } else {
                continue;
            };
            let Some(body) = find(start, ">").map(|at| at + 1) else {
                break;
            };
            // `<script src="…" />` holds nothing.
            let end = if bytes.get(body.wrapping_sub(2)) == Some(&b'/') {
                body
            } else {
                find(body, mark).unwrap_or(bytes.len())
            };
            if is_script && end > body {
                self.scripts.push(span(body, end));
            }
            self.skipped.push(span(start, end));
            at = end;
        }
    }

    /// Finds blocks and interpolations.
    fn blocks(&mut self, flavour: Flavour) {
        let bytes = self.source.as_bytes();
        let skipped = self.skipped.clone();
        let mut skipped = skipped.iter().peekable();
        let mut open: Vec<Open> = Vec::new();
        let mut at = 0;
        while let Some(next) =
            memchr::memchr3(b'{', b'}', b'@', bytes.get(at..).unwrap_or_default())
        {
            at += next;
            while skipped.next_if(|it| it.end as usize <= at).is_some() {}
            if let Some(over) = skipped.peek().filter(|it| it.start as usize <= at) {
                at = over.end as usize;
                continue;
            }
            at = match (bytes[at], flavour) {
                (b'{', Flavour::Svelte) => self.svelte(at, &mut open),
                (b'{', _) if bytes.get(at + 1) == Some(&b'{') => self.interpolation(at),
                (b'{', Flavour::Angular) => {
                    open.push(Open::Other);
                    at + 1
                }
                (b'}', Flavour::Angular) => self.angular_end(at, &mut open),
                (b'@', Flavour::Angular) => self.angular(at, "@if", None, &mut open),
                _ => at + 1,
            };
        }
        let end = bytes.len();
        while let Some(left) = open.pop() {
            self.end(left, end);
        }
    }

    /// `{{ value }}`: where it ends.
    fn interpolation(&mut self, at: usize) -> usize {
        let start = at + 2;
        let found = memmem::find(&self.source.as_bytes()[start..], b"}}");
        let Some(len) = found else { return start };
        self.value(start, start + len);
        start + len + 2
    }

    /// Keeps an expression if there is anything to find in it.
    fn value(&mut self, start: usize, end: usize) {
        let text = self.source.get(start..end).unwrap_or_default();
        if text.contains(['?', '(', '=', '&', '|']) {
            let skip = text.len() - text.trim_start().len();
            self.values.push(span(start + skip, end));
        }
    }

    /// `{#if …}`, `{:else …}`, `{/if}` or `{value}`: where it ends.
    fn svelte(&mut self, at: usize, open: &mut Vec<Open>) -> usize {
        let Some(close) = closing(self.source.as_bytes(), at) else {
            return at + 1;
        };
        let (inner, end) = (at + 1, close + 1);
        let text = &self.source[inner..close];
        let after = |mark: &str| inner + mark.len();
        if text.starts_with("#if ") {
            let id = self.show((after("#if "), close), end, false);
            open.push(Open::Shown(id));
        } else if text.starts_with('#') {
            open.push(Open::Other);
        } else if let Some(rest) = text.strip_prefix(":else") {
            if let Some(Open::Shown(before)) = open.pop() {
                let condition = if rest.trim_start().starts_with("if ") {
                    (close - rest.trim_start().len() + 3, close)
                } else {
                    (close, close)
                };
                let id = self.chain(before, at, condition, end);
                open.push(Open::Shown(id));
            } else {
                open.push(Open::Other);
            }
        } else if text.starts_with('/') {
            if let Some(last) = open.pop() {
                self.end(last, at);
            }
        } else if !text.starts_with(':') {
            self.value(inner, close);
        }
        end
    }

    /// `@if (…) {` and `@else if (…) {` after another part: where its block starts.
    fn angular(
        &mut self,
        at: usize,
        mark: &str,
        before: Option<usize>,
        open: &mut Vec<Open>,
    ) -> usize {
        let bytes = self.source.as_bytes();
        let past = at + mark.len();
        let fits = self.source[at..].starts_with(mark);
        let paren = skip_space(bytes, past);
        let close = (fits && bytes.get(paren) == Some(&b'('))
            .then(|| closing(bytes, paren))
            .flatten();
        let Some(close) = close else { return at + 1 };
        let brace = skip_space(bytes, close + 1);
        if bytes.get(brace) != Some(&b'{') {
            return at + 1;
        }
        let condition = (paren + 1, close);
        let id = match before {
            Some(before) => self.chain(before, at, condition, brace + 1),
            None => self.show(condition, brace + 1, false),
        };
        open.push(Open::Shown(id));
        brace + 1
    }

    /// `}`, and what may go on with the condition that it ends: where to read on.
    fn angular_end(&mut self, at: usize, open: &mut Vec<Open>) -> usize {
        let bytes = self.source.as_bytes();
        let Some(last) = open.pop() else {
            return at + 1;
        };
        let next = skip_space(bytes, at + 1);
        let Open::Shown(before) = last else {
            return at + 1;
        };
        let rest = self.source.get(next..).unwrap_or_default();
        if rest.starts_with("@else if") {
            let on = self.angular(next, "@else if", Some(before), open);
            if on > next + 1 {
                return on;
            }
        } else if rest.starts_with("@else") {
            let brace = skip_space(bytes, next + "@else".len());
            if bytes.get(brace) == Some(&b'{') {
                let id = self.chain(before, at, (brace, brace), brace + 1);
                open.push(Open::Shown(id));
                return brace + 1;
            }
        }
        self.end(last, at);
        at + 1
    }

    fn show(&mut self, condition: (usize, usize), start: usize, chained: bool) -> usize {
        self.shown.push(Shown {
            condition,
            region: span(start, start),
            chained,
            next: None,
        });
        self.shown.len() - 1
    }

    /// Ends a part at `end` and starts the next of its chain.
    fn chain(
        &mut self,
        before: usize,
        end: usize,
        condition: (usize, usize),
        start: usize,
    ) -> usize {
        self.end(Open::Shown(before), end);
        let id = self.show(condition, start, true);
        if let Some(before) = self.shown.get_mut(before) {
            before.next = Some(id);
        }
        id
    }

    fn end(&mut self, open: Open, end: usize) {
        if let Open::Shown(id) = open
            && let Some(shown) = self.shown.get_mut(id)
        {
            shown.region.end = offset(end).max(shown.region.start);
        }
    }
}

/// Whether what follows a `<` is an element of this name.
fn starts_element(rest: &str, name: &str) -> bool {
    rest.get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name))
        && rest[name.len()..]
            .starts_with(|char: char| char.is_whitespace() || matches!(char, '>' | '/'))
}

fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

/// Farthest end of an expression that is looked for, in bytes: what is longer was never closed.
const MAX_EXPRESSION: usize = 4_000;

/// Where the bracket at `at` is closed, strings skipped.
fn closing(bytes: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0_u32;
    let mut quote = None;
    let mut escaped = false;
    let window = bytes.get(at..)?.iter().take(MAX_EXPRESSION);
    for (offset, byte) in window.enumerate() {
        match (quote, byte) {
            _ if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(open), byte) if open == *byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'' | b'`') => quote = Some(*byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + offset);
                }
            }
            _ => {}
        }
    }
    None
}
