//! Angular's templates: `*ngIf`, `@if`, interpolation.

use super::{
    Language,
    component::{Flavour, read},
};

pub(super) static LANGUAGE: Language = Language {
    name: "angular",
    aliases: &["ng"],
    extensions: &["component.html"],
    file_names: &[],
    read: |facts| read(facts, Flavour::Angular),
};
