//! Rust: syn where it accepts the file, else the tree-sitter grammar. Both give the same tree, lowered once.

mod grammar;
mod lower;
mod meta;
mod text;

#[cfg(test)]
mod parity;

use bespoke_facts::{FactsBuilder, FileFacts};

use super::{Engine, Language};
use crate::engines::syn;

pub(super) static LANGUAGE: Language = Language {
    name: "rust",
    aliases: &["rs"],
    extensions: &["rs"],
    file_names: &[],
    engines: &[
        Engine {
            name: "syn",
            read: read_with_syn,
        },
        Engine {
            name: "treesitter",
            read: |facts| {
                let scan = text::scan(facts.source());
                Some(read_with_grammar(facts, &scan))
            },
        },
    ],
};

fn read_with_syn(facts: FactsBuilder<'_>) -> Option<FileFacts> {
    let scan = text::scan(facts.source());
    if scan.extreme {
        return None;
    }
    let start = text::start(facts.source());
    let text = text::without_documentation(facts.source(), &scan.comments);
    let file = syn::read(&text, facts.lines(), start);
    syn::forget();
    let file = file.filter(|file| !file.unshaped)?;
    Some(lower::file(facts, &scan, &file))
}

fn read_with_grammar(facts: FactsBuilder<'_>, scan: &text::Scan) -> FileFacts {
    let file = grammar::read(facts.source(), facts.lines());
    syn::forget();
    lower::file(facts, scan, &file)
}
