//! Vue components: their scripts, `v-if` and its kin, interpolation.

use super::{
    Language,
    component::{Flavour, read},
};

pub(super) static LANGUAGE: Language = Language {
    name: "vue",
    aliases: &[],
    extensions: &["vue"],
    file_names: &[],
    read: |facts| read(facts, Flavour::Vue),
};
