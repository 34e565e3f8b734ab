//! typescript.

use super::Language;

pub(super) static LANGUAGE: Language = Language {
    name: "typescript",
    aliases: &["ts"],
    extensions: &["ts", "mts", "cts"],
    file_names: &[],
    read: |facts| facts.finish(),
};
