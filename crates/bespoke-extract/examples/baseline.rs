//! The least that any reader of these files must do: `baseline ROOT LIST` parses each file that LIST names, a line each,
//! with the bare grammar and walks the tree (TypeScript, JavaScript), or with bare syn (Rust). It makes no facts.
//!
//! `cargo xtask bench` holds a scan against it.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

/// As many as a scan has on the smallest machine that is measured.
const THREADS: usize = 2;
/// syn recurses: what deep code needs of a stack.
const STACK_BYTES: usize = 256 << 20;

#[expect(clippy::print_stdout, reason = "printing is what it is for")]
#[expect(clippy::disallowed_methods, reason = "a program, not the pure crate")]
fn main() {
    let mut args = std::env::args().skip(1);
    let (Some(root), Some(list)) = (args.next(), args.next()) else {
        println!("usage: baseline ROOT LIST");
        return;
    };
    let list = fs::read_to_string(list).expect("LIST can be read");
    let files: Vec<&str> = list.lines().collect();
    let next = AtomicUsize::new(0);
    let nodes = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            let work = || {
                let mut parser = tree_sitter::Parser::new();
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let bytes =
                        fs::read(Path::new(&root).join(file)).expect("a listed file can be read");
                    nodes.fetch_add(read(&mut parser, file, &bytes), Ordering::Relaxed);
                }
            };
            let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
            thread
                .spawn_scoped(scope, work)
                .expect("two threads can be had");
        }
    });
    println!("{} files, {} nodes", files.len(), nodes.into_inner());
}

/// How many nodes or items were met: something to give back, so that no work is left out.
fn read(parser: &mut tree_sitter::Parser, file: &str, bytes: &[u8]) -> usize {
    let extension = Path::new(file)
        .extension()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    let grammar = match extension {
        "rs" => {
            let text = String::from_utf8_lossy(bytes);
            let items = syn::parse_file(&text).map_or(0, |file| file.items.len());
            // Positions are kept for the life of the thread otherwise, and the memory grows.
            proc_macro2::extra::invalidate_current_thread_spans();
            return items;
        }
        "tsx" => tree_sitter_typescript::LANGUAGE_TSX,
        "ts" | "mts" | "cts" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        _ => tree_sitter_javascript::LANGUAGE,
    };
    parser
        .set_language(&grammar.into())
        .expect("grammar and library fit");
    parser.parse(bytes, None).map_or(0, |tree| walk(&tree))
}

fn walk(tree: &tree_sitter::Tree) -> usize {
    let mut cursor = tree.walk();
    let mut nodes = 0;
    loop {
        nodes += usize::from(cursor.node().is_named());
        if cursor.goto_first_child() || cursor.goto_next_sibling() {
            continue;
        }
        loop {
            if !cursor.goto_parent() {
                return nodes;
            }
            if cursor.goto_next_sibling() {
                break;
            }
        }
    }
}
