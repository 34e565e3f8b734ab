//! Elements that a page's own framework shows on a condition: `*ngIf`, `v-if`, `v-show`, `x-if`, `x-show`.
//!
//! Only what it takes to know where such an element ends is read. Linear in the text.

use std::collections::HashMap;

use bespoke_facts::{BranchKind, Span};
use memchr::{memchr, memmem};

use super::{Reading, lexer::Lexer, offset};

/// Attributes whose value is a condition, and whether they go on with the element before.
const CONDITIONS: [(&str, bool); 8] = [
    ("*ngIf", false),
    ("[ngIf]", false),
    ("v-if", false),
    ("v-show", false),
    ("x-if", false),
    ("x-show", false),
    ("v-else-if", true),
    ("v-else", true),
];
/// Elements without an end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// An element that is shown on a condition.
#[derive(Clone, Copy, Debug)]
pub(in crate::languages) struct Shown {
    /// Where its condition is, in bytes; empty for an `else`.
    pub(in crate::languages) condition: (usize, usize),
    /// From the condition on to the end of the element.
    pub(in crate::languages) region: Span,
    /// Whether it goes on with the one before.
    pub(in crate::languages) chained: bool,
    /// Position of the element that is shown if this one is not.
    pub(in crate::languages) next: Option<usize>,
}

struct Open<'a> {
    name: &'a str,
    shown: Option<usize>,
    /// The conditional element that ended last in it, if nothing came after.
    last: Option<usize>,
}

/// Whether a page has such elements at all: most have none.
pub(in crate::languages) fn may_have(source: &str) -> bool {
    ["ngIf", "v-if", "v-show", "x-if", "x-show"]
        .iter()
        .any(|mark| memmem::find(source.as_bytes(), mark.as_bytes()).is_some())
}

pub(in crate::languages) fn elements(source: &str) -> Vec<Shown> {
    let mut page = Page::default();
    let mut at = 0;
    while let Some(next) = memchr(b'<', source.as_bytes().get(at..).unwrap_or_default()) {
        at += next;
        let rest = &source[at + 1..];
        if rest.starts_with("!--") {
            let end = page.find(source, at, "-->");
            at = end.unwrap_or(at + 1);
        } else if let Some(name) = rest.strip_prefix('/').map(word) {
            let end = page.find(source, at, ">").unwrap_or(at + 1);
            page.close(name, end);
            at = end;
        } else {
            let name = word(rest);
            at += 1 + name.len();
            if !name.is_empty() {
                at = page.open(source, name, at);
            }
        }
    }
    while page.stack.last().is_some() {
        page.pop(source.len());
    }
    page.shown
}

/// Where each condition's other outcome lies: all that comes after it in its chain.
pub(in crate::languages) fn otherwise(elements: &[Shown]) -> Vec<Option<Span>> {
    // Where the chain ends that starts with an element: chains go forward.
    let mut ends: Vec<u32> = elements.iter().map(|it| it.region.end).collect();
    for (at, element) in elements.iter().enumerate().rev() {
        if let Some(end) = element.next.and_then(|next| ends.get(next)) {
            ends[at] = *end;
        }
    }
    let rest = |element: &Shown| {
        let next = element.next?;
        Some(Span::new(
            elements.get(next)?.region.start,
            *ends.get(next)?,
        ))
    };
    elements.iter().map(rest).collect()
}

fn word(text: &str) -> &str {
    let end = text.find(|char: char| {
        !(char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | ':' | '.'))
    });
    &text[..end.unwrap_or(text.len())]
}

#[derive(Default)]
struct Page<'a> {
    shown: Vec<Shown>,
    stack: Vec<Open<'a>>,
    counts: HashMap<&'a str, u32>,
    /// The conditional element that ended last outside all.
    last: Option<usize>,
    /// What has been looked for and does not follow any more.
    gone: Vec<&'static str>,
}

impl<'a> Page<'a> {
    /// One past the next `mark`.
    fn find(&mut self, source: &str, at: usize, mark: &'static str) -> Option<usize> {
        if self.gone.contains(&mark) {
            return None;
        }
        let found = memmem::find(&source.as_bytes()[at..], mark.as_bytes());
        if found.is_none() {
            self.gone.push(mark);
        }
        found.map(|found| at + found + mark.len())
    }

    /// Reads a start tag's attributes from `at`, and gives where the tag ends.
    fn open(&mut self, source: &'a str, name: &'a str, mut at: usize) -> usize {
        let mut found: Option<(usize, usize, bool)> = None;
        let bytes = source.as_bytes();
        let mut closed = VOID.contains(&name);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'>' => {
                    closed |= bytes[at - 1] == b'/';
                    at += 1;
                    break;
                }
                // What a template puts in is no attribute.
                b'{' if bytes.get(at + 1) == Some(&b'%') => {
                    at = self.find(source, at, "%}").unwrap_or(at + 1);
                }
                b'{' if bytes.get(at + 1) == Some(&b'{') => {
                    at = self.find(source, at, "}}").unwrap_or(at + 1);
                }
                b'<' => break,
                _ if byte.is_ascii_whitespace() || matches!(byte, b'/' | b'=' | b'{') => at += 1,
                _ => {
                    let len = bytes[at..]
                        .iter()
                        .take_while(|it| !it.is_ascii_whitespace() && !b"=>/<{\"'".contains(it))
                        .count();
                    let attribute = source.get(at..at + len).unwrap_or_default();
                    at += len.max(1);
                    let quote = match bytes.get(at..at + 2) {
                        Some(b"=\"") => "\"",
                        Some(b"='") => "'",
                        _ => "",
                    };
                    let start = at + 2;
                    let end = if quote.is_empty() {
                        None
                    } else {
                        self.find(source, start, quote)
                    };
                    let value = end.map_or((at, at), |end| (start, end - 1));
                    at = end.unwrap_or(at);
                    let row = CONDITIONS.iter().find(|(known, _)| *known == attribute);
                    if let Some((_, chained)) = row {
                        found = found.or(Some((value.0, value.1, *chained)));
                    }
                }
            }
        }
        let parent = self
            .stack
            .last_mut()
            .map_or(&mut self.last, |it| &mut it.last);
        let before = parent.take();
        let shown = found.map(|(start, end, chained)| {
            let id = self.shown.len();
            if let Some(before) = before.filter(|_| chained)
                && let Some(before) = self.shown.get_mut(before)
            {
                before.next = Some(id);
            }
            self.shown.push(Shown {
                condition: (start, end),
                region: Span::new(offset(end), offset(end)),
                chained,
                next: None,
            });
            id
        });
        self.stack.push(Open {
            name,
            shown,
            last: None,
        });
        *self.counts.entry(name).or_default() += 1;
        if closed {
            self.pop(at);
        } else if name == "script" || name == "style" {
            let mark = if name == "script" {
                "</script"
            } else {
                "</style"
            };
            let end = self.find(source, at, mark);
            at = end.map_or(at, |end| end - mark.len());
        }
        at
    }

    fn close(&mut self, name: &str, end: usize) {
        if self.counts.get(name).copied().unwrap_or(0) == 0 {
            return;
        }
        while let Some(top) = self.stack.last() {
            let found = top.name == name;
            self.pop(end);
            if found {
                break;
            }
        }
    }

    /// Ends the innermost element.
    fn pop(&mut self, end: usize) {
        let Some(open) = self.stack.pop() else { return };
        if let Some(count) = self.counts.get_mut(open.name) {
            *count = count.saturating_sub(1);
        }
        if let Some(shown) = open.shown.and_then(|at| self.shown.get_mut(at)) {
            shown.region.end = offset(end).max(shown.region.start);
        }
        let parent = self
            .stack
            .last_mut()
            .map_or(&mut self.last, |it| &mut it.last);
        *parent = open.shown;
    }
}

impl Reading<'_> {
    /// Makes branches of conditional elements.
    pub(super) fn elements(&mut self, elements: &[Shown]) {
        for (element, otherwise) in elements.iter().zip(otherwise(elements)) {
            let (start, end) = element.condition;
            self.lexer = Lexer::new(self.source, start, end);
            // Of `a; else b` and `a as b` it is `a`.
            let Some(condition) = self.expr() else {
                continue;
            };
            self.tests(Some(condition), true);
            self.facts.decide(1);
            if element.chained {
                self.facts.flat();
            } else {
                self.facts.structural();
            }
            let span = self.facts.get(condition).span;
            let regions = (Some(element.region), otherwise);
            self.facts
                .branch(BranchKind::If, condition, span, regions, false);
        }
    }
}
