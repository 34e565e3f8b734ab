//! The bytes of one file to its facts. Every parser lives only here.
//!
//! [`extract`] is pure and infallible: it takes bytes and a language, no path and no configuration, and what it cannot
//! understand becomes an issue among the facts. Every engine writes through [`bespoke_facts::FactsBuilder`].

mod depth;
mod engines;
mod languages;
mod lower;

use bespoke_facts::{FactsBuilder, FileFacts, IssueReason};
pub use languages::{Engine, LANGUAGES, Language, language_for_path};

/// Differs between programs that may give different facts of the same bytes.
pub const FINGERPRINT: &str = env!("BESPOKE_EXTRACT_FINGERPRINT");
/// How deep nesting is followed. Worker threads need a stack for it: see [`STACK_BYTES`].
pub const MAX_DEPTH: u32 = 2_000;
/// The stack, in bytes, that a thread which extracts must have. Only what is touched costs memory.
pub const STACK_BYTES: usize = 256 << 20;

/// How every pointer file of Git LFS begins (its specification, version 1).
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";

/// Reads one file. Bytes that are not UTF-8 are replaced, binary content and pointers of Git LFS give no facts; all are noted as issues.
pub fn extract(bytes: &[u8], language: &Language) -> FileFacts {
    extract_with(bytes, language.engines)
}

/// [`extract`] by the first of some of a language's engines that accepts the file. If none does, there are no facts,
/// and an issue.
pub fn extract_with(bytes: &[u8], engines: &[Engine]) -> FileFacts {
    let head = &bytes[..bytes.len().min(8_000)];
    let is_no_text = if memchr::memchr(0, head).is_some() {
        Some(IssueReason::Binary)
    } else if bytes.starts_with(LFS_POINTER) {
        Some(IssueReason::LfsPointer)
    } else {
        None
    };
    if let Some(reason) = is_no_text {
        return FileFacts {
            issues: vec![reason],
            ..FileFacts::default()
        };
    }
    let (text, bad) = match std::str::from_utf8(bytes) {
        Ok(text) => (std::borrow::Cow::Borrowed(text), None),
        Err(error) => (String::from_utf8_lossy(bytes), Some(error.valid_up_to())),
    };
    let start = || {
        let mut facts = FactsBuilder::new(&text);
        if let Some(valid_up_to) = bad {
            facts.issue(IssueReason::NotUtf8 { valid_up_to });
        }
        facts
    };
    engines
        .iter()
        .find_map(|engine| (engine.read)(start()))
        .unwrap_or_else(|| {
            let mut facts = start();
            facts.issue(IssueReason::Syntax { places: 1 });
            facts.finish()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recovery from this takes the grammars a time quadratic in its length.
    #[test]
    fn garbage_that_takes_too_long_is_named() {
        let work = || {
            for (path, piece) in [("a.rs", "a = & "), ("a.ts", "a = & < ")] {
                let language = language_for_path(path).expect("both are in the table");
                let issues = extract(piece.repeat(20_000).as_bytes(), language).issues;
                assert!(!issues.is_empty(), "{path}: {issues:?}");
            }
        };
        let thread = std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn(work);
        let outcome = thread.expect("a thread can be had").join();
        assert!(outcome.is_ok());
    }
}
