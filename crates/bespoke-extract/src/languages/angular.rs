//! Angular's templates: `*ngIf`, `@if`, interpolation.

use super::{
    Engine, Language,
    component::{Flavour, read, read_fast},
};

pub(super) static LANGUAGE: Language = Language {
    name: "angular",
    aliases: &["ng"],
    extensions: &["component.html"],
    file_names: &[],
    engines: &[
        Engine {
            name: "oxc",
            read: |facts| read_fast(facts, Flavour::Angular),
        },
        Engine {
            name: "treesitter",
            read: |facts| Some(read(facts, Flavour::Angular)),
        },
    ],
};
