//! tsx.

use super::Language;

pub(super) static LANGUAGE: Language = Language {
    name: "tsx",
    aliases: &[],
    extensions: &["tsx"],
    file_names: &[],
    read: |facts| facts.finish(),
};
