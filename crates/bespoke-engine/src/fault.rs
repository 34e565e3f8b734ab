//! What is wrong with a configuration, and where: the message that a person reads.

use std::{
    fmt,
    ops::Range,
    path::{Path, PathBuf},
};

/// A place of the configuration that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// The line's text.
    pub text: String,
    /// How many characters of it are meant, at least 1.
    pub width: usize,
    /// What is wrong.
    pub message: String,
    /// What was expected, where that can be said.
    pub expected: Option<String>,
    /// The nearest valid name, for a name that is none.
    pub nearest: Option<String>,
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, .. } = self;
        writeln!(
            f,
            "{}:{line}:{column}: {}",
            self.file.display(),
            self.message
        )?;
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        // Tabs stay tabs, so that the caret stands under its place however wide they are shown.
        let before: String = self
            .text
            .chars()
            .take(column - 1)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {}", self.text)?;
        write!(f, "{margin} | {before}{}", "^".repeat(self.width))?;
        if let Some(expected) = &self.expected {
            write!(f, "\n{margin} = expected {expected}")?;
        }
        if let Some(nearest) = &self.nearest {
            write!(f, "\n{margin} = did you mean `{nearest}`?")?;
        }
        Ok(())
    }
}

/// Something wrong with a range of the text.
pub(crate) struct Fault {
    span: Range<usize>,
    message: String,
    expected: Option<String>,
    nearest: Option<String>,
}

impl Fault {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            expected: None,
            nearest: None,
        }
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// That a table has no such key, with those that it has.
    pub(crate) fn unknown_key<'k>(
        span: Range<usize>,
        name: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Self {
        let known: Vec<String> = known.into_iter().map(|key| format!("`{key}`")).collect();
        let known = known.join(", ");
        Self {
            nearest: nearest(name, &known),
            expected: Some(format!("one of {known}")),
            ..Self::new(span, format!("unknown key `{name}`"))
        }
    }

    /// Serde's message holds what was expected, and for a wrong name all valid ones.
    pub(crate) fn of_toml(error: &toml::de::Error) -> Self {
        let message = error.message();
        let (what, expected) = match message.split_once(", expected ") {
            Some((what, expected)) => (what, Some(expected.to_owned())),
            None => (message, None),
        };
        let what = what
            .replace("unknown field", "unknown key")
            .replace("unknown variant", "unknown value")
            .replace("missing field", "missing key")
            .replace("duplicate field", "duplicate key");
        let wrong_name = ["unknown key `", "unknown value `"]
            .iter()
            .find_map(|start| what.strip_prefix(start)?.strip_suffix('`'));
        let nearest = wrong_name.and_then(|name| nearest(name, expected.as_deref()?));
        Self {
            span: error.span().unwrap_or(0..0),
            message: what.lines().collect::<Vec<_>>().join("; "),
            expected,
            nearest,
        }
    }

    pub(crate) fn at(self, text: &str, file: &Path) -> ConfigError {
        let start = text.floor_char_boundary(self.span.start);
        let end = text.floor_char_boundary(self.span.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let rest = &text[line_start..];
        let line_text = rest.lines().next().unwrap_or("");
        let line_end = line_start + line_text.len();
        let width = text[start..end.min(line_end).max(start)].chars().count();
        ConfigError {
            file: file.to_owned(),
            line: text[..line_start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            text: line_text.to_owned(),
            width: width.max(1),
            message: self.message,
            expected: self.expected,
            nearest: self.nearest,
        }
    }
}

/// The name in back quotes that `name` was most likely meant to be.
fn nearest(name: &str, candidates: &str) -> Option<String> {
    let quoted = candidates.split('`').skip(1).step_by(2);
    quoted
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 3)
        .map(|(_, candidate)| candidate.to_owned())
}
