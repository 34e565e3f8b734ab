//! TypeScript with JSX.

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
    engines: &[
        Engine {
            name: "oxc",
            read: |facts| oxc::read(facts, Dialect::Tsx),
        },
        Engine {
            name: "treesitter",
            read: |facts| Some(lower::read(facts, &GRAMMAR)),
        },
    ],
};
