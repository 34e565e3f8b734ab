//! TypeScript without JSX.

use std::sync::LazyLock;

use super::{Engine, Language, ecmascript};
use crate::{
    engines::{
        oxc::{self, Dialect},
        treesitter::Grammar,
    },
    lower,
};

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
    engines: &[
        Engine {
            name: "oxc",
            read: |facts| oxc::read(facts, Dialect::TypeScript),
        },
        Engine {
            name: "treesitter",
            read: |facts| Some(lower::read(facts, &GRAMMAR)),
        },
    ],
};
