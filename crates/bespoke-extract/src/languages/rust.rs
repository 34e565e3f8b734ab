//! Rust: syn where it accepts the file, else the tree-sitter grammar. Both give the same tree, lowered once.

mod grammar;
mod lower;
mod meta;
mod text;

#[cfg(test)]
mod parity;

use bespoke_facts::{FactsBuilder, FileFacts};

use super::Language;
use crate::engines::syn;

pub(super) static LANGUAGE: Language = Language {
    name: "rust",
    aliases: &["rs"],
    extensions: &["rs"],
    file_names: &[],
    read,
};

fn read(facts: FactsBuilder<'_>) -> FileFacts {
    let scan = text::scan(facts.source());
    if !scan.extreme {
        let start = text::start(facts.source());
        let file = syn::read(facts.source(), facts.lines(), start);
        syn::forget();
        if let Some(file) = file.filter(|file| !file.unshaped) {
            return lower::file(facts, &scan, &file);
        }
    }
    read_with_grammar(facts, &scan)
}

fn read_with_grammar(facts: FactsBuilder<'_>, scan: &text::Scan) -> FileFacts {
    let file = grammar::read(facts.source(), facts.lines());
    syn::forget();
    lower::file(facts, scan, &file)
}
