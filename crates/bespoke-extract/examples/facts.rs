//! Prints the facts of one file: `cargo run -p bespoke-extract --example facts -- FILE`.

use bespoke_extract::{extract, language_for_path};

#[expect(clippy::print_stdout, reason = "printing is what it is for")]
#[expect(clippy::disallowed_methods, reason = "an example may read its file")]
fn main() {
    for path in std::env::args().skip(1) {
        let Some(language) = language_for_path(&path) else {
            continue;
        };
        let bytes = std::fs::read(&path).unwrap_or_default();
        print!("{}", bespoke_facts::dump(&extract(&bytes, language)));
    }
}
