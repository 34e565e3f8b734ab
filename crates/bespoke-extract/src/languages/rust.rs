//! rust.

use super::Language;

pub(super) static LANGUAGE: Language = Language {
    name: "rust",
    aliases: &["rs"],
    extensions: &["rs"],
    file_names: &[],
    read: |facts| facts.finish(),
};
