//! Common English words: a customer whose slug is one is not met wherever the word stands.
//!
//! The list is made of the most common levels (10, 20 and 35) of SCOWL 2020.12.07, lower-case words of 3 to 14
//! letters. The collective work is Copyright 2000-2018 by Kevin Atkinson: "Permission to use, copy, modify, distribute
//! and sell these word lists, the associated scripts, the output created from the scripts, and its documentation for
//! any purpose is hereby granted without fee, provided that the above copyright notice appears in all copies and that
//! both that copyright notice and this permission notice appear in supporting documentation. Kevin Atkinson makes no
//! representations about the suitability of this array for any purpose. It is provided "as is" without express or
//! implied warranty."

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Sorted by byte, one word a line.
static WORDS: &str = include_str!("words.txt");

/// Words of the trade that no general list holds.
const TRADE: [&str; 24] = [
    "admin", "api", "app", "async", "auth", "backend", "cloud", "config", "cyber", "data", "demo",
    "dev", "frontend", "internet", "mobile", "online", "prod", "sandbox", "saas", "staging",
    "startup", "tech", "test", "web",
];

/// Whether a lower-case word is a common one.
pub(super) fn is_common(word: &str) -> bool {
    TRADE.contains(&word) || in_list(word)
}

fn in_list(word: &str) -> bool {
    // Asked for nearly every name of a tree, so it is hashed once.
    static LISTED: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| WORDS.lines().collect());
    LISTED.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_searched() {
        let words: Vec<&str> = WORDS.lines().collect();
        assert!(words.is_sorted() && words.len() > 10_000);
        for word in [
            words[0],
            words[words.len() / 2],
            words[words.len() - 1],
            "project",
            "hope",
            "admin",
        ] {
            assert!(is_common(word), "{word}");
        }
        assert!(!is_common("globex") && !is_common(""));
    }
}
