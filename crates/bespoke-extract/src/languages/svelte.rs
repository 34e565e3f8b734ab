//! Svelte components: their scripts, `{#if}` and expressions in braces.

use super::{
    Language,
    component::{Flavour, read},
};

pub(super) static LANGUAGE: Language = Language {
    name: "svelte",
    aliases: &[],
    extensions: &["svelte"],
    file_names: &[],
    read: |facts| read(facts, Flavour::Svelte),
};
