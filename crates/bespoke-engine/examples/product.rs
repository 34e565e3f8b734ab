//! Of paths on standard input, a line each, prints those that a scan reads by their place and language.
//!
//! `cargo xtask bench history` asks it which blobs of a history a bare parse must read to do the same work.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::io::{self, BufRead as _};

use bespoke_engine::{Role, classify};
use bespoke_facts::RepoPath;

fn main() {
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let path = RepoPath::new(line);
        let is_hidden = path.parts().any(|part| part.starts_with('.'));
        let is_source = bespoke_extract::language_for_path(path.as_str()).is_some();
        if is_source && !is_hidden && classify(&path) == Role::Product {
            println!("{path}");
        }
    }
}
