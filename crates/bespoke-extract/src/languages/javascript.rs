//! javascript.

use super::Language;

pub(super) static LANGUAGE: Language = Language {
    name: "javascript",
    aliases: &["js"],
    extensions: &["js", "jsx", "mjs", "cjs"],
    file_names: &[],
    read: |facts| facts.finish(),
};
