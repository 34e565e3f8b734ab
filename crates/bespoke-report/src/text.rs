//! Words on a page: width, colour, safe text, numbers.

use std::{borrow::Cow, fmt::Write as _};

use unicode_width::UnicodeWidthChar as _;

/// What the caller knows of the page.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Columns of the page.
    pub width: usize,
    /// Whether escape codes for colour may be written.
    pub color: bool,
    /// Rows of a table before the rest is summed up.
    pub rows: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: 100,
            color: false,
            rows: 10,
        }
    }
}

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Running text.
    Plain,
    /// Headings.
    Heading,
    /// What matters.
    Strong,
    /// What can be skipped.
    Faint,
    /// Bars.
    Bar,
    /// Something is wrong.
    Warning,
}

impl Style {
    /// The text in its colour, or as it is where there is none.
    pub(crate) fn paint<'a>(&self, tone: Tone, text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
        let text = text.into();
        let code = match tone {
            Tone::Plain => "",
            Tone::Heading => "1;36",
            Tone::Strong => "1",
            Tone::Faint => "2",
            Tone::Bar => "36",
            Tone::Warning => "33",
        };
        if !self.color || code.is_empty() || text.is_empty() {
            return text;
        }
        format!("\u{1b}[{code}m{text}\u{1b}[0m").into()
    }
}

/// Text of somebody's repository, with every character that could play with a terminal written out.
///
/// That is control characters, and those that change the direction of text or are not seen.
pub fn safe(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        if is_unsafe(char) {
            out.extend(char.escape_default());
        } else {
            out.push(char);
        }
    }
    out.into()
}

fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Columns that a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(|char| char.width().unwrap_or(0)).sum()
}

/// The text in at most `width` columns, shortened in the middle: both ends of a path or a key say most.
pub(crate) fn fit(text: &str, width: usize) -> Cow<'_, str> {
    if columns(text) <= width {
        return text.into();
    }
    if width < 2 {
        return if width == 0 { "".into() } else { "…".into() };
    }
    let tail = (width - 1).div_ceil(2);
    let head = width - 1 - tail;
    let start = take(text.chars(), head);
    let mut end: Vec<char> = take(text.chars().rev(), tail);
    end.reverse();
    let mut out: String = start.into_iter().collect();
    out.push('…');
    out.extend(end);
    out.into()
}

fn take(chars: impl Iterator<Item = char>, width: usize) -> Vec<char> {
    let mut used = 0;
    chars
        .take_while(|char| {
            used += char.width().unwrap_or(0);
            used <= width
        })
        .collect()
}

/// The text in lines of at most `width` columns, broken at spaces; a longer word gets a line of its own.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A number with its thousands apart.
pub(crate) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number and its noun: `1 file`, `2 files`.
pub(crate) fn count(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(value), if value == 1 { one } else { many })
}

/// A bar of at most `width` columns for `value` of `most`; something, however small, for all but nothing.
pub(crate) fn bar(value: u64, most: u64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if value == 0 || most == 0 {
        return String::new();
    }
    let eighths = u128::from(value.min(most)) * (width as u128) * 8 / u128::from(most);
    let eighths = usize::try_from(eighths.max(1)).unwrap_or(usize::MAX);
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// A cell of a Markdown table: nothing in it can end the cell, or be read as markup.
pub(crate) fn markdown(text: &str) -> String {
    let mut out = String::new();
    for char in safe(text).chars() {
        if matches!(
            char,
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '#' | '!' | '@'
        ) {
            // A mention must not call anybody.
            let _ = write!(out, "&#{};", u32::from(char));
        } else {
            out.push(char);
        }
    }
    out
}

/// Letters and digits in lower case: how names are compared.
pub(crate) fn fold(name: &str) -> String {
    name.chars()
        .filter(|char| char.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Up to three of `known` that `name` may be a slip of, nearest first.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = fold(name);
    let limit = (wanted.chars().count() / 3).max(1);
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|known| {
            let folded = fold(known);
            let within = wanted.len() >= 3 && folded.contains(&wanted);
            let far = if within {
                1
            } else {
                strsim::damerau_levenshtein(&wanted, &folded)
            };
            (far <= limit).then_some((far, known))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, known)| known).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_play_with_the_terminal() {
        assert_eq!(safe("plain – ünï 文"), "plain – ünï 文");
        assert_eq!(
            safe("a\u{1b}[2Jb\r\n\tc\u{9b}"),
            "a\\u{1b}[2Jb\\r\\n\\tc\\u{9b}"
        );
        assert_eq!(
            safe("x\u{202e}gpj.exe\u{2066}\u{feff}"),
            "x\\u{202e}gpj.exe\\u{2066}\\u{feff}"
        );
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(fit("abcdefghij", 10), "abcdefghij");
        assert_eq!(fit("abcdefghij", 7), "abc…hij");
        assert_eq!(fit("abcdefghij", 6), "ab…hij");
        assert_eq!(fit("abc", 1), "…");
        assert_eq!(fit("abc", 0), "");
        for width in 1..12 {
            assert!(columns(&fit("文字文字文字文字", width)) <= width);
        }
    }

    #[test]
    fn text_is_wrapped_at_spaces() {
        assert_eq!(
            wrap("one two  three fourteen", 8),
            ["one two", "three", "fourteen"]
        );
        assert_eq!(wrap("incomprehensible yes", 8), ["incomprehensible", "yes"]);
        assert!(wrap(" ", 8).is_empty());
    }

    #[test]
    fn numbers_are_read_easily() {
        assert_eq!(
            ["0", "999", "1,000", "12,345,678"],
            [0, 999, 1000, 12_345_678]
                .map(number)
                .each_ref()
                .map(String::as_str)
        );
        assert_eq!(count(1, "file", "files"), "1 file");
        assert_eq!(count(1200, "file", "files"), "1,200 files");
    }

    #[test]
    fn bars_are_in_proportion() {
        assert_eq!(bar(10, 10, 4), "████");
        assert_eq!(bar(5, 10, 4), "██");
        assert_eq!(bar(3, 16, 4), "▊");
        assert_eq!(bar(1, 1_000_000, 4), "▏");
        assert_eq!(bar(0, 10, 4), "");
        assert_eq!(bar(1, 0, 4), "");
    }

    #[test]
    fn slips_find_their_name() {
        let known = ["acme", "globex", "new-checkout", "initech"];
        assert_eq!(nearest("acmee", known), ["acme"]);
        assert_eq!(nearest("Globx", known), ["globex"]);
        assert_eq!(nearest("checkout", known), ["new-checkout"]);
        assert_eq!(nearest("zzz", known), [""; 0]);
    }

    #[test]
    fn colour_is_only_there_when_told() {
        assert_eq!(Style::default().paint(Tone::Strong, "x"), "x");
        let style = Style {
            color: true,
            ..Style::default()
        };
        assert_eq!(style.paint(Tone::Strong, "x"), "\u{1b}[1mx\u{1b}[0m");
        assert_eq!(style.paint(Tone::Plain, "x"), "x");
    }
}
