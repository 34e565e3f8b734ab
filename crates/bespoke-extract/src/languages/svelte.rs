//! Svelte components: their scripts, `{#if}` and expressions in braces.

use super::{
    Engine, Language,
    component::{Flavour, read, read_fast},
};

pub(super) static LANGUAGE: Language = Language {
    name: "svelte",
    aliases: &[],
    extensions: &["svelte"],
    file_names: &[],
    engines: &[
        Engine {
            name: "oxc",
            read: |facts| read_fast(facts, Flavour::Svelte),
        },
        Engine {
            name: "treesitter",
            read: |facts| Some(read(facts, Flavour::Svelte)),
        },
    ],
};
