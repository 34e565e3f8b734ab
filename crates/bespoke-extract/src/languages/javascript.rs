//! JavaScript and its JSX, in every module form.

use std::sync::LazyLock;

use super::{Engine, Language, ecmascript};
use crate::{
    engines::{
        oxc::{self, Dialect},
        treesitter::Grammar,
    },
    lower,
};

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
    engines: &[
        Engine {
            name: "oxc",
            read: |facts| oxc::read(facts, Dialect::JavaScript),
        },
        Engine {
            name: "treesitter",
            read: |facts| Some(lower::read(facts, &GRAMMAR)),
        },
    ],
};
