//! Vue components: their scripts, `v-if` and its kin, interpolation.

use super::{
    Engine, Language,
    component::{Flavour, read, read_fast},
};

pub(super) static LANGUAGE: Language = Language {
    name: "vue",
    aliases: &[],
    extensions: &["vue"],
    file_names: &[],
    engines: &[
        Engine {
            name: "oxc",
            read: |facts| read_fast(facts, Flavour::Vue),
        },
        Engine {
            name: "treesitter",
            read: |facts| Some(read(facts, Flavour::Vue)),
        },
    ],
};
