//! The words of a tag.

use bespoke_facts::Span;

use super::offset;

/// A word of a tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// No more.
    #[default]
    End,
    Name(&'a str),
    Number(&'a str),
    /// What stands between the quotes.
    Str(&'a str),
    Op(&'static str),
    /// A character that means nothing here.
    Unknown,
}

/// Operators; one that starts another comes after it.
const OPERATORS: [&str; 35] = [
    "===", "!==", "==", "!=", "<=", ">=", "<>", "&&", "||", "??", "?.", "//", "**", "<", ">", "=",
    "|", ":", "(", ")", "[", "]", "{", "}", ",", ".", "+", "-", "*", "/", "%", "!", "~", "?", ";",
];

/// Reads a tag's words, one ahead. A copy is a place to go back to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lexer<'a> {
    source: &'a str,
    /// Where the next word is looked for.
    at: usize,
    end: usize,
    /// The word at hand.
    pub(super) token: Token<'a>,
    /// Its place.
    pub(super) span: Span,
    /// Where the word before it ends.
    pub(super) before: u32,
}

impl<'a> Lexer<'a> {
    /// Reads `source` from `start` to `end`.
    pub(super) fn new(source: &'a str, start: usize, end: usize) -> Self {
        let mut lexer = Self {
            source: source.get(..end).unwrap_or_default(),
            at: start,
            end,
            token: Token::End,
            span: Span::new(offset(start), offset(start)),
            before: offset(start),
        };
        lexer.advance();
        lexer
    }

    /// Goes to the next word.
    pub(super) fn advance(&mut self) {
        self.before = self.span.end;
        let rest = self.rest();
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        let Some(first) = trimmed.chars().next() else {
            self.token = Token::End;
            self.span = Span::new(self.before, self.before);
            return;
        };
        let (token, len) = if first == '"' || first == '\'' {
            string(trimmed, first)
        } else if first.is_ascii_digit() {
            let len = number(trimmed);
            (Token::Number(&trimmed[..len]), len)
        } else if is_word(first) {
            let len = word(trimmed);
            (Token::Name(&trimmed[..len]), len)
        } else if let Some(operator) = OPERATORS.iter().find(|it| trimmed.starts_with(**it)) {
            (Token::Op(operator), operator.len())
        } else {
            (Token::Unknown, first.len_utf8())
        };
        self.token = token;
        self.take(len);
    }

    /// Takes the word that follows at once, whatever it starts with: a key after a dot.
    pub(super) fn key(&mut self) -> Option<(&'a str, Span)> {
        let rest = self.rest();
        let rest = rest.trim_start();
        let len = word(rest);
        if len == 0 {
            return None;
        }
        self.at = self.end - rest.len();
        self.take(len);
        let found = (&rest[..len], self.span);
        self.advance();
        Some(found)
    }

    /// Takes the word at hand with all that follows up to white space, if it is but a name with dashes.
    pub(super) fn bare(&mut self) -> Option<(&'a str, Span)> {
        let start = self.span.start as usize;
        let rest = self.source.get(start..)?;
        let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let text = &rest[..len];
        let plain = text.chars().all(|char| is_word(char) || char == '-');
        if !plain || !text.starts_with(is_word) {
            return None;
        }
        self.at = start;
        self.take(len);
        let found = (text, self.span);
        self.advance();
        Some(found)
    }

    /// Leaves the rest unread.
    pub(super) fn stop(&mut self) {
        self.at = self.end;
        self.advance();
    }

    fn take(&mut self, len: usize) {
        self.span = Span::new(offset(self.at), offset(self.at + len));
        self.at += len;
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_' || char == '$'
}

fn word(text: &str) -> usize {
    text.find(|char| !is_word(char)).unwrap_or(text.len())
}

/// `1`, `1.5`: a dot belongs to it where a digit follows.
fn number(text: &str) -> usize {
    let len = word(text);
    match text.get(len..).and_then(|rest| rest.strip_prefix('.')) {
        Some(rest) if rest.starts_with(|char: char| char.is_ascii_digit()) => len + 1 + word(rest),
        _ => len,
    }
}

/// A string without an end goes to the end.
fn string(text: &str, quote: char) -> (Token<'_>, usize) {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if char == quote => return (Token::Str(&text[1..at]), at + 1),
            _ => {}
        }
    }
    (Token::Str(&text[1..]), text.len())
}
