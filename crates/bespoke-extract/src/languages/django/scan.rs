//! Where a template's tags and comments are. Linear in the text.

use bespoke_facts::Span;
use memchr::{memchr, memchr2, memmem};

use super::offset;

/// `{% name rest %}` or `{{ rest }}`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    /// Its first word; empty for `{{ }}`.
    pub(super) name: &'a str,
    /// With its delimiters.
    pub(super) span: Span,
    /// Whether it is `{{ }}`.
    pub(super) output: bool,
    /// Where the name starts.
    pub(super) start: usize,
    /// Where what it says ends, without the white-space mark.
    pub(super) end: usize,
    /// What follows the name.
    pub(super) rest: &'a str,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Scan<'a> {
    pub(super) tags: Vec<Tag<'a>>,
    /// Of the template and of its HTML.
    pub(super) comments: Vec<Span>,
    /// Tags without an end.
    pub(super) broken: u32,
}

/// Blocks whose text is not read, and whether it is a comment.
const OPAQUE: [(&str, &str, bool); 3] = [
    ("comment", "endcomment", true),
    ("raw", "endraw", false),
    ("verbatim", "endverbatim", false),
];

pub(super) fn scan(source: &str) -> Scan<'_> {
    let bytes = source.as_bytes();
    let mut found = Scan::default();
    // Delimiters of which none follows any more are not looked for again.
    let mut open_comments = true;
    let mut opaque = [true; OPAQUE.len()];
    // Tags in a comment of HTML are run all the same.
    let mut html: Option<usize> = None;
    let mut at = 0;
    loop {
        let stop = if html.is_some() { b'-' } else { b'<' };
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(next) = memchr2(b'{', stop, rest) else {
            break;
        };
        at += next;
        let rest = &source[at..];
        if let Some(start) = html
            && rest.starts_with("-->")
        {
            found.comments.push(span(start, at + 3));
            html = None;
            at += 3;
        } else if html.is_none() && rest.starts_with("<!--") {
            html = Some(at);
            at += 4;
        } else if open_comments && rest.starts_with("{#") {
            match memmem::find(&bytes[at + 2..], b"#}") {
                Some(end) => {
                    let end = at + 2 + end + 2;
                    found.comments.push(span(at, end));
                    at = end;
                }
                None => open_comments = false,
            }
        } else if let Some(inner) = rest.strip_prefix("{%") {
            let Some(end) = end(bytes, at + 2, b'%', b"{%") else {
                let word = inner.trim_start_matches(['-', '+']).trim_start();
                found.broken +=
                    u32::from(word.starts_with(|char: char| char.is_ascii_alphabetic()));
                at += 2;
                continue;
            };
            let tag = tag(source, at, end, true);
            at = end;
            let block = OPAQUE.iter().position(|(name, ..)| *name == tag.name);
            let Some(block) = block else {
                found.tags.push(tag);
                continue;
            };
            let (_, last, comment) = OPAQUE[block];
            let end = if opaque[block] {
                opaque_end(source, at, last)
            } else {
                None
            };
            match end {
                Some(end) => {
                    at = end;
                    if comment {
                        found.comments.push(Span::new(tag.span.start, offset(end)));
                    }
                }
                None => {
                    opaque[block] = false;
                    found.broken += 1;
                }
            }
        } else if rest.starts_with("{{") {
            match end(bytes, at + 2, b'}', b"{{") {
                Some(end) => {
                    found.tags.push(tag(source, at, end, false));
                    at = end;
                }
                None => at += 2,
            }
        } else {
            at += 1;
        }
    }
    found
}

fn span(start: usize, end: usize) -> Span {
    Span::new(offset(start), offset(end))
}

/// One past the tag's end, unless another tag starts before it.
fn end(bytes: &[u8], from: usize, mark: u8, opener: &[u8]) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr2(mark, b'{', bytes.get(at..)?)?;
        let rest = &bytes[at..];
        if rest[0] == mark && rest.get(1) == Some(&b'}') {
            return Some(at + 2);
        }
        if rest.starts_with(opener) || rest.starts_with(b"{%") {
            return None;
        }
        at += 1;
    }
}

fn tag(source: &str, from: usize, to: usize, named: bool) -> Tag<'_> {
    let (mut start, mut end) = (from + 2, to - 2);
    let bytes = source.as_bytes();
    if start < end && matches!(bytes[start], b'-' | b'+' | b'~') {
        start += 1;
    }
    if start < end && matches!(bytes[end - 1], b'-' | b'+' | b'~') {
        end -= 1;
    }
    let text = &source[start..end];
    start += text.len() - text.trim_start().len();
    let text = &source[start..end];
    let name = if named {
        let len = text
            .find(|char: char| !(char.is_alphanumeric() || char == '_'))
            .unwrap_or(text.len());
        &text[..len]
    } else {
        ""
    };
    Tag {
        name,
        span: span(from, to),
        output: !named,
        start,
        end,
        rest: &text[name.len()..],
    }
}

/// One past the tag `name` that ends an unread block.
fn opaque_end(source: &str, from: usize, name: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = from;
    loop {
        at += memmem::find(&bytes[at..], b"{%")? + 2;
        let word = source[at..].trim_start_matches(['-', '+']).trim_start();
        let ends = word
            .strip_prefix(name)
            .is_some_and(|rest| !rest.starts_with(|char: char| char.is_alphanumeric()));
        if ends {
            let close = memchr(b'%', &bytes[at..]).map(|end| at + end + 2);
            return Some(close.unwrap_or(bytes.len()).min(bytes.len()));
        }
    }
}
