//! JavaScript and its JSX, in every module form.

use std::sync::LazyLock;

use super::{Language, ecmascript};
use crate::{engines::treesitter::Grammar, lower};

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    Grammar::new(
        tree_sitter_javascript::LANGUAGE.into(),
        ecmascript::ROLES,
        ecmascript::OPERATORS,
    )
});

pub(super) static LANGUAGE: Language = Language {
    name: "javascript",
    aliases: &["js"],
    extensions: &["js", "jsx", "mjs", "cjs"],
    file_names: &[],
    read: |facts| lower::read(facts, &GRAMMAR),
};
