//! Every file in `fixtures/languages/<language>/` says in trailing comments what must be found on its lines:
//!
//! ```text
//! if tenant.slug == "acme" {} // branch: If (== tenant.slug "acme")
//! use a::b as c;              // import: a b as c
//! fn f() {}                   // function: f cyclomatic=1 cognitive=0
//! ```
//!
//! Expressions are written as [`bespoke_facts::dump`] writes them; several expectations on a line have `; ` between
//! them. A miss fails, and so does an extra, but a kind that a file never mentions is not looked at.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads its fixtures, and fails where it cannot"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use bespoke_extract::{LANGUAGES, STACK_BYTES, extract, language_for_path};
use bespoke_facts::{FileFacts, dump};

const KINDS: [&str; 3] = ["branch", "function", "import"];

/// 1-based line, kind, text.
type Fact = (u32, &'static str, String);

#[test]
fn fixtures_say_what_is_found() {
    let thread = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(|| {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/languages");
            let mut tried = 0;
            let mut wrong = String::new();
            for folder in list(&root) {
                for path in list(&folder) {
                    tried += 1;
                    wrong.push_str(&check(&path));
                }
            }
            assert!(tried > 0, "no fixtures in {}", root.display());
            assert!(wrong.is_empty(), "\n{wrong}");
        });
    if let Err(panic) = thread.unwrap().join() {
        std::panic::resume_unwind(panic);
    }
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

/// What is missing and what is too much, a line each.
fn check(path: &Path) -> String {
    let source = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy();
    // A folder is named after its language, which decides between dialects that share an extension.
    let folder = path
        .parent()
        .unwrap()
        .file_name()
        .unwrap()
        .to_string_lossy();
    let by_folder = LANGUAGES
        .iter()
        .find(|language| language.name == folder)
        .copied();
    let Some(language) = language_for_path(&name).or(by_folder) else {
        return format!("{}: no language reads it\n", path.display());
    };
    let expected: BTreeSet<Fact> = expected(&source);
    let kinds: BTreeSet<&str> = expected.iter().map(|(_, kind, _)| *kind).collect();
    let found: BTreeSet<Fact> = found(&extract(source.as_bytes(), language))
        .into_iter()
        .filter(|(_, kind, _)| kinds.contains(kind))
        .collect();
    let line = |word: &str, (line, kind, text): &Fact| {
        format!("{folder}/{name}:{line}: {word} {kind}: {text}\n")
    };
    let missed = expected.difference(&found).map(|fact| line("missed", fact));
    let extra = found.difference(&expected).map(|fact| line("extra ", fact));
    missed.chain(extra).collect()
}

fn expected(source: &str) -> BTreeSet<Fact> {
    let mut facts = BTreeSet::new();
    for (line, text) in (1..).zip(source.lines()) {
        for kind in KINDS {
            let starts = ["//", "#", "/*"].map(|comment| format!("{comment} {kind}: "));
            let Some(at) = starts
                .iter()
                .filter_map(|start| text.find(start.as_str()))
                .min()
            else {
                continue;
            };
            let comment = text[at..].trim_start_matches(['/', '#', '*', ' ']);
            let comment = comment.split("*/").next().unwrap_or(comment);
            let comment = comment.split("#}").next().unwrap_or(comment).trim_end();
            for part in comment.split("; ") {
                let (kind, text) = part.split_once(": ").unwrap_or((kind, part));
                if let Some(kind) = KINDS.into_iter().find(|known| *known == kind) {
                    facts.insert((line, kind, text.trim().to_owned()));
                }
            }
        }
    }
    facts
}

fn found(facts: &FileFacts) -> Vec<Fact> {
    dump(facts)
        .lines()
        .filter_map(|line| fact(facts, line))
        .collect()
}

/// One line of the dump, as fixtures write it.
fn fact(facts: &FileFacts, line: &str) -> Option<Fact> {
    let (kind, rest) = line.split_once(' ')?;
    let kind = KINDS.into_iter().find(|known| *known == kind)?;
    let (place, rest) = rest.split_once(' ')?;
    let start = place.split("..").next()?.parse().ok()?;
    let text = match kind {
        // A function value inside a function is counted there.
        "function" if rest.starts_with("<anonymous> ") && rest.contains(" cyclomatic=0 ") => {
            return None;
        }
        "branch" => rest[..rest.rfind(" then ")?].to_owned(),
        "import" => rest[..rest.rfind(" type=")?].to_owned(),
        _ => {
            let name = rest.split(' ').next()?;
            let complexity = &rest[rest.rfind("cyclomatic=")?..rest.rfind(" nesting=")?];
            format!("{name} {complexity}")
        }
    };
    Some((facts.lines.line(start) + 1, kind, text.trim().to_owned()))
}
