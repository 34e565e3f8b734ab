//! TypeScript without JSX.

use std::sync::LazyLock;

use super::{Language, ecmascript};
use crate::{engines::treesitter::Grammar, lower};

pub(super) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    Grammar::new(
        tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        ecmascript::ROLES,
        ecmascript::OPERATORS,
    )
});

pub(super) static LANGUAGE: Language = Language {
    name: "typescript",
    aliases: &["ts"],
    extensions: &["ts", "mts", "cts"],
    file_names: &[],
    read: |facts| lower::read(facts, &GRAMMAR),
};
