//! TypeScript with JSX.

use std::sync::LazyLock;

use super::{Language, ecmascript};
use crate::{engines::treesitter::Grammar, lower};

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    Grammar::new(
        tree_sitter_typescript::LANGUAGE_TSX.into(),
        ecmascript::ROLES,
        ecmascript::OPERATORS,
    )
});

pub(super) static LANGUAGE: Language = Language {
    name: "tsx",
    aliases: &[],
    extensions: &["tsx"],
    file_names: &[],
    read: |facts| lower::read(facts, &GRAMMAR),
};
