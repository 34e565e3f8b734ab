//! Both engines give equal facts for every file that both accept, and neither panics on broken text.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use bespoke_facts::{FactsBuilder, FileFacts, dump};

use super::text;
use crate::{STACK_BYTES, extract, language_for_path};

/// Dependencies of this workspace, so that their sources are where cargo keeps them.
const CRATES: [&str; 14] = [
    "anyhow",
    "clap_builder",
    "globset",
    "ignore",
    "memchr",
    "petgraph",
    "rayon",
    "regex-automata",
    "regex-syntax",
    "rustc-hash",
    "serde",
    "serde_json",
    "syn",
    "toml",
];

fn by_syn(source: &str) -> Option<FileFacts> {
    super::read_with_syn(FactsBuilder::new(source))
}

fn by_grammar(source: &str) -> FileFacts {
    super::read_with_grammar(FactsBuilder::new(source), &text::scan(source))
}

/// The first lines that differ, if any do; `None` where an engine does not accept the file.
fn difference(source: &str) -> Option<String> {
    if text::scan(source).extreme {
        return None;
    }
    let grammar = by_grammar(source);
    if !grammar.issues.is_empty() {
        return None;
    }
    let (left, right) = (dump(&by_syn(source)?), dump(&grammar));
    let mut found = String::new();
    let (mut left, mut right) = (left.lines().peekable(), right.lines().peekable());
    while found.lines().count() < 6 {
        match (left.peek(), right.peek()) {
            (Some(one), Some(other)) if one == other => {
                left.next();
                right.next();
            }
            (Some(one), other) if other.is_none_or(|other| one < other) => {
                let _ = writeln!(found, "  syn     {one}");
                left.next();
            }
            (_, Some(other)) => {
                let _ = writeln!(found, "  grammar {other}");
                right.next();
            }
            (_, None) => break,
        }
    }
    Some(found)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test reads what it is tried on"
)]
fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test reads what it is tried on"
)]
fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folders that cargo keeps the sources of `name` in, in any version.
#[expect(
    clippy::disallowed_methods,
    reason = "a test reads what it is tried on"
)]
fn sources_of(name: &str) -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home =
        home.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    let registries = std::fs::read_dir(home.unwrap_or_default().join("registry/src"));
    let mut found = Vec::new();
    for registry in registries.into_iter().flatten().flatten() {
        for entry in std::fs::read_dir(registry.path())
            .into_iter()
            .flatten()
            .flatten()
        {
            let folder = entry.file_name().to_string_lossy().into_owned();
            let version = folder
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('-'));
            if version
                .is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit()))
            {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// Runs a test on a stack such as worker threads have.
fn on_large_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(test)
        .unwrap();
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// `PARITY_ROOT=folder` tries another folder instead.
#[test]
fn engines_agree() {
    on_large_stack(|| {
        let mut files = Vec::new();
        if let Some(root) = std::env::var_os("PARITY_ROOT") {
            rust_files(Path::new(&root), &mut files);
        } else {
            rust_files(&workspace(), &mut files);
            for name in CRATES {
                let folders = sources_of(name);
                if folders.is_empty() {
                    println!("not tried, as cargo does not have it: {name}");
                }
                for folder in &folders {
                    rust_files(folder, &mut files);
                }
            }
        }
        let (mut compared, mut differing) = (0, 0);
        for path in &files {
            let Some(found) = read(path).and_then(|source| difference(&source)) else {
                println!("not accepted by both: {}", path.display());
                continue;
            };
            compared += 1;
            if !found.is_empty() {
                differing += 1;
                println!("{}\n{found}", path.display());
            }
        }
        println!(
            "{compared} of {} files compared, {differing} differ",
            files.len()
        );
        assert_eq!(differing, 0, "files with differing facts; see above");
    });
}

#[test]
fn what_the_grammar_takes_apart_is_put_together() {
    for loose in [
        "let x = loop { break (a, b) };",
        "'out: loop { if a { break 'out (1, 2) } else { break (a) } }",
        "loop { break -1 }",
        "loop { break &a }",
        "let x = a..(b);",
        "let x = a..-b;",
    ] {
        let source = format!("/// {loose}\nfn f() {{ {loose} }}\n");
        assert_eq!(difference(&source).as_deref(), Some(""), "{loose}");
    }
}

#[test]
fn broken_files_do_not_panic() {
    on_large_stack(|| {
        let language = language_for_path("a.rs").unwrap();
        let mut files = Vec::new();
        rust_files(&workspace().join("fixtures/languages/rust"), &mut files);
        assert!(!files.is_empty());
        let sources: Vec<String> = files.iter().filter_map(|path| read(path)).collect();
        for (at, source) in sources.iter().enumerate() {
            let other = &sources[(at + 1) % sources.len()];
            for cut in (0..source.len()).step_by(7) {
                let tail = &other.as_bytes()[(cut * 31) % other.len().max(1)..];
                extract(&source.as_bytes()[..cut], language);
                extract(&[&source.as_bytes()[..cut], tail].concat(), language);
            }
        }
    });
}

/// Text that a recursive reader overflows its stack on, or takes quadratic time for.
#[test]
fn extremes_end() {
    on_large_stack(|| {
        let language = language_for_path("a.rs").unwrap();
        let nested = |open: &str, close: &str| {
            format!(
                "fn f() {{ a{}b{} }}",
                open.repeat(3_000),
                close.repeat(3_000)
            )
        };
        for source in [
            nested("(", ")"),
            nested("[", "]"),
            nested("{", "}"),
            nested(" + (", ")"),
            nested(" if a {", "}"),
            nested(" + 1", ""),
            nested(".b()", ""),
            nested("; a = !", ""),
            nested("; if a {} else if b {} ", ""),
            nested("; m!(", ")"),
            nested("; m!(!", ")"),
            nested("|| ", ""),
            nested("; mod a {", "}"),
            nested(": A<", ">"),
            format!("fn f() {{ m!({} a) }}", "!".repeat(10_000)),
            format!("fn f() {{ if a {{}} {} }}", "else if b {} ".repeat(5_000)),
            format!("fn f(a: {} A) {{}}", "&".repeat(10_000)),
            format!("use {} a;", "a::{".repeat(3_000)),
            format!("use {} a;", "a::".repeat(10_000)),
            format!("fn f() {{ let {} a = b; }}", "&".repeat(10_000)),
            format!("fn f() {{ match a {{ {} => 1 }} }}", "A | ".repeat(10_000)),
        ] {
            extract(source.as_bytes(), language);
        }
    });
}
