//! What is read from the bytes themselves, so that every engine gets the same: comments, how deep the file nests,
//! and the values of string literals.

use std::borrow::Cow;

use bespoke_facts::Span;

/// Brackets in brackets that a recursive parser is trusted with.
const DEPTH: usize = 1_000;
/// Tokens between two separators: operator chains and prefixes recurse as brackets do.
const RUN: u32 = 6_000;
/// Arms of one `else if` chain: a parser that looks ahead takes quadratic time.
const ELSES: u32 = 500;

/// What one pass over the bytes gives.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// Every comment, documentation included.
    pub(crate) comments: Vec<Span>,
    /// Too deep or too long for a recursive parser.
    pub(crate) extreme: bool,
}

/// A token, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Comment,
    Word,
    Number,
    /// A string, byte string or character.
    Str,
    Lifetime,
    Open,
    Close,
    Punct(u8),
}

/// Scans a whole file.
pub(crate) fn scan(source: &str) -> Scan {
    #[derive(Default)]
    struct Level {
        tokens: u32,
        elses: u32,
    }
    let mut scan = Scan::default();
    let mut levels = vec![Level::default()];
    let mut at = start(source);
    while let Some((token, span)) = next(source.as_bytes(), at) {
        at = span.end as usize;
        if token == Token::Comment {
            scan.comments.push(span);
            continue;
        }
        let Some(level) = levels.last_mut() else {
            break;
        };
        level.tokens += 1;
        match token {
            Token::Punct(b';' | b',') => *level = Level::default(),
            Token::Word
                if span.len() == 4 && source.as_bytes()[span.start as usize..at] == *b"else" =>
            {
                level.elses += 1;
            }
            Token::Open => levels.push(Level::default()),
            Token::Close if levels.len() > 1 => {
                levels.pop();
                if source.as_bytes()[span.start as usize] == b'}'
                    && let Some(level) = levels.last_mut()
                {
                    level.tokens = 0;
                }
            }
            _ => {}
        }
        if let Some(level) = levels.last()
            && (level.tokens > RUN || level.elses > ELSES || levels.len() > DEPTH)
        {
            scan.extreme = true;
        }
    }
    scan
}

/// The text with its documentation as plain comments, every byte in its place. syn makes tokens, an attribute and a
/// literal of each line of documentation, and nothing here asks for them.
pub(crate) fn without_documentation<'s>(source: &'s str, comments: &[Span]) -> Cow<'s, str> {
    let bytes = source.as_bytes();
    let marks: Vec<usize> = comments
        .iter()
        .map(|comment| comment.start as usize)
        .filter(|at| {
            let mark = bytes.get(at + 1..at + 3);
            matches!(mark, Some(b"//" | b"/!" | b"**" | b"*!")) && bytes.get(at + 3) != Some(&b'/')
        })
        .map(|at| at + 2)
        .collect();
    if marks.is_empty() {
        return Cow::Borrowed(source);
    }
    let mut text = String::with_capacity(source.len());
    let mut from = 0;
    for mark in marks {
        text.push_str(&source[from..mark]);
        text.push(' ');
        from = mark + 1;
    }
    text.push_str(&source[from..]);
    Cow::Owned(text)
}

/// Where Rust starts: past a byte order mark and a `#!` line.
pub(crate) fn start(source: &str) -> usize {
    let bom = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = &source[bom..];
    if !rest.starts_with("#!") {
        return bom;
    }
    // `#![attribute]`, perhaps with white space or comments between, is no `#!` line.
    let mut at = 2;
    loop {
        match next(rest.as_bytes(), at) {
            Some((Token::Comment, span)) => at = span.end as usize,
            Some((Token::Open, span)) if rest.as_bytes()[span.start as usize] == b'[' => {
                return bom;
            }
            _ => break,
        }
    }
    bom + memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())
}

/// The next token at or after `at`, which must not lie inside one.
pub(crate) fn next(bytes: &[u8], mut at: usize) -> Option<(Token, Span)> {
    while bytes.get(at)?.is_ascii_whitespace() || bytes[at] == 0x0b {
        at += 1;
    }
    let start = at;
    let byte = bytes[at];
    let follows = |offset: usize| bytes.get(at + offset).copied().unwrap_or(0);
    let (token, end) = match byte {
        b'/' if follows(1) == b'/' => {
            let line = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |len| at + len);
            let carriage = usize::from(bytes[line - 1] == b'\r');
            (Token::Comment, line - carriage)
        }
        b'/' if follows(1) == b'*' => (Token::Comment, block_comment(bytes, at)),
        b'"' => (Token::Str, quoted(bytes, at + 1, b'"')),
        b'\'' => quote(bytes, at),
        b'(' | b'[' | b'{' => (Token::Open, at + 1),
        b')' | b']' | b'}' => (Token::Close, at + 1),
        b'0'..=b'9' => (Token::Number, number(bytes, at)),
        _ if is_word(byte) => {
            let mut end = at + 1;
            while end < bytes.len() && is_word(bytes[end]) {
                end += 1;
            }
            prefixed(bytes, at, end).unwrap_or((Token::Word, end))
        }
        _ => (Token::Punct(byte), at + 1),
    };
    Some((token, Span::new(offset(start), offset(end))))
}

/// The value of a string, byte string or character literal, escapes resolved.
pub(crate) fn literal_value(literal: &str) -> Cow<'_, str> {
    let Some(open) = literal.find(['"', '\'']) else {
        return Cow::Borrowed(literal);
    };
    let (prefix, quote) = (&literal[..open], &literal[open..=open]);
    let hashes = prefix.len() - prefix.trim_end_matches('#').len();
    let inside = &literal[open + 1..];
    let inside = inside.rfind(quote).map_or(inside, |close| &inside[..close]);
    if hashes > 0 || prefix.contains('r') || !inside.contains(['\\', '\r']) {
        return Cow::Borrowed(inside);
    }
    Cow::Owned(unescape(inside))
}

fn unescape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if char == '\r' && chars.peek() == Some(&'\n') {
            continue;
        }
        if char != '\\' {
            value.push(char);
            continue;
        }
        match chars.next() {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('r') => value.push('\r'),
            Some('0') => value.push('\0'),
            Some('x') => {
                let code: String = chars.by_ref().take(2).collect();
                value.extend(u8::from_str_radix(&code, 16).ok().map(char::from));
            }
            Some('u') => {
                let code: String = chars
                    .by_ref()
                    .skip(1)
                    .take_while(|char| *char != '}')
                    .filter(|char| *char != '_')
                    .collect();
                value.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some('\n' | '\r') => while chars.next_if(char::is_ascii_whitespace).is_some() {},
            Some(other) => value.push(other),
            None => {}
        }
    }
    value
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether a byte may stand in an identifier; bytes of characters past ASCII are taken to.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn block_comment(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0_u32;
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                at += 2;
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

/// One past the closing quote; `at` is past the opening one.
fn quoted(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A character or a lifetime.
fn quote(bytes: &[u8], at: usize) -> (Token, usize) {
    match bytes.get(at + 1) {
        Some(b'\\') => (Token::Str, quoted(bytes, at + 1, b'\'')),
        Some(first) => {
            let width = match first {
                0xf0.. => 4,
                0xe0.. => 3,
                0xc0.. => 2,
                _ => 1,
            };
            if bytes.get(at + 1 + width) == Some(&b'\'') {
                return (Token::Str, at + 2 + width);
            }
            let mut end = at + 1;
            while end < bytes.len() && is_word(bytes[end]) {
                end += 1;
            }
            (Token::Lifetime, end)
        }
        None => (Token::Lifetime, at + 1),
    }
}

fn number(bytes: &[u8], mut at: usize) -> usize {
    let mut point = false;
    while at < bytes.len() {
        match bytes[at] {
            byte if is_word(byte) => at += 1,
            b'.' if !point && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                point = true;
                at += 1;
            }
            _ => break,
        }
    }
    at
}

/// A literal that starts with the word `at..end`, or a raw identifier.
fn prefixed(bytes: &[u8], at: usize, end: usize) -> Option<(Token, usize)> {
    let word = &bytes[at..end];
    if word.len() > 2 {
        return None;
    }
    let next = *bytes.get(end)?;
    match (word, next) {
        (b"b" | b"c", b'"') => Some((Token::Str, quoted(bytes, end + 1, b'"'))),
        (b"b", b'\'') => Some((Token::Str, quoted(bytes, end + 1, b'\''))),
        (b"r" | b"br" | b"cr", b'"' | b'#') => {
            let hashes = bytes[end..]
                .iter()
                .take_while(|byte| **byte == b'#')
                .count();
            if bytes.get(end + hashes) != Some(&b'"') {
                let mut end = end + 1;
                while hashes == 1 && word == b"r" && end < bytes.len() && is_word(bytes[end]) {
                    end += 1;
                }
                return (hashes == 1 && word == b"r").then_some((Token::Word, end));
            }
            let mut at = end + hashes + 1;
            while at < bytes.len() {
                if bytes[at] == b'"'
                    && bytes[at + 1..]
                        .iter()
                        .take(hashes)
                        .filter(|byte| **byte == b'#')
                        .count()
                        == hashes
                {
                    return Some((Token::Str, at + 1 + hashes));
                }
                at += 1;
            }
            Some((Token::Str, bytes.len()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comments(source: &str) -> Vec<&str> {
        scan(source)
            .comments
            .iter()
            .map(|span| &source[span.start as usize..span.end as usize])
            .collect()
    }

    #[test]
    fn comments_are_told_from_strings_and_lifetimes() {
        let source = "fn f<'a>(x: &'a str) { '\"'; b'\"'; \"// no\"; r#\"\"// no\"#; /* a /* b */ c */ r#if; } // d\r\n/// e";
        assert_eq!(comments(source), ["/* a /* b */ c */", "// d", "/// e"]);
    }

    #[test]
    fn documentation_becomes_plain_comments() {
        for (source, plain) in [
            ("/// a\n//! b\nfn f() {}", "//  a\n//  b\nfn f() {}"),
            ("/** a *//*! b */ /**/ /***/", "/*  a *//*  b */ /**/ /* */"),
            ("//// a\n// b\n/* c */", "//// a\n// b\n/* c */"),
            ("\"/// a\"; r\"/** b */\"", "\"/// a\"; r\"/** b */\""),
            ("//!", "// "),
        ] {
            assert_eq!(without_documentation(source, &scan(source).comments), plain);
        }
    }

    #[test]
    fn extremes_are_seen() {
        assert!(!scan("fn f() { if a {} else if b {} }").extreme);
        assert!(scan(&"(".repeat(2_000)).extreme);
        assert!(scan(&"!".repeat(10_000)).extreme);
        assert!(scan(&"if a {} else ".repeat(600)).extreme);
        assert!(!scan(&"1, ".repeat(100_000)).extreme);
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(literal_value(r#""a\n\x41\u{1F600}\"""#), "a\nA\u{1F600}\"");
        assert_eq!(literal_value("\"a\\\n   b\""), "ab");
        assert_eq!(literal_value(r##"br#"a\n"b"#"##), r#"a\n"b"#);
        assert_eq!(literal_value("'\\''"), "'");
        assert_eq!(literal_value("b'x'"), "x");
    }

    #[test]
    fn rust_starts_after_a_mark_and_a_script_line() {
        assert_eq!(start("\u{feff}fn"), 3);
        assert_eq!(start("#!/usr/bin/run\nfn"), 14);
        assert_eq!(start("#![no_std]"), 0);
        assert_eq!(start("#! // c\n [no_std]"), 0);
    }
}
