//! Holds the engines of each language against each other: `parity [--show N] [--every N] PATH...`. A path is a folder,
//! or a repository without a work tree, of which all contents of the history are read.
//!
//! A file is compared where two engines accept it without an issue; what their facts differ in is shown. The end is 1
//! if any differ.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a tool for those who work on engines: it reads what it is given, and fails where it cannot"
)]

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use bespoke_extract::{Engine, STACK_BYTES, extract_with, language_for_path};
use bespoke_facts::{FileFacts, dump};

/// Larger files are not what people write.
const MAX_BYTES: usize = 1 << 20;

#[derive(Default)]
struct Tally {
    compared: usize,
    /// Not accepted by the first engine; by the last.
    refused: (usize, usize),
    differ: usize,
    /// Files whose differences have a known cause.
    known: BTreeMap<&'static str, usize>,
}

fn main() -> ExitCode {
    let (mut show, mut every, mut paths) = (20, 1, Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--show" => show = args.next().unwrap().parse().unwrap(),
            "--every" => every = args.next().unwrap().parse().unwrap(),
            _ => paths.push(PathBuf::from(arg)),
        }
    }
    let tallies = Mutex::new(BTreeMap::<&str, Tally>::new());
    let shown = AtomicUsize::new(0);
    let compare = |name: &str, bytes: &[u8]| {
        let Some(language) = language_for_path(name) else {
            return;
        };
        let [first, .., last] = language.engines else {
            return;
        };
        if bytes.len() > MAX_BYTES {
            return;
        }
        let one = extract_with(bytes, std::slice::from_ref(first));
        let other = extract_with(bytes, std::slice::from_ref(last));
        let mut found = difference(&one, &other);
        let mut known = None;
        if found.as_ref().is_some_and(|it| !it.is_empty()) {
            known = cause(bytes, first, last);
        }
        if known.is_some() {
            found = Some(Difference::default());
        }
        let mut tallies = tallies.lock().unwrap();
        let tally = tallies.entry(language.name).or_default();
        tally.refused.0 += usize::from(!one.issues.is_empty());
        tally.refused.1 += usize::from(!other.issues.is_empty());
        let Some(found) = found else { return };
        tally.compared += 1;
        if let Some(known) = known {
            *tally.known.entry(known).or_default() += 1;
        }
        if !found.is_empty() {
            tally.differ += 1;
            if shown.fetch_add(1, Ordering::Relaxed) < show {
                println!("{name}");
                for (lines, engine) in [(&found.0, first), (&found.1, last)] {
                    for line in lines.iter().take(6) {
                        let line: String = line.chars().take(300).collect();
                        println!("  {:<11}{line}", engine.name);
                    }
                }
            }
        }
    };
    for path in &paths {
        if path.join("HEAD").is_file() && path.join("objects").is_dir() {
            history(path, every, &compare);
        } else {
            folder(path, every, &compare);
        }
    }
    let mut differ = 0;
    for (language, tally) in tallies.into_inner().unwrap() {
        differ += tally.differ;
        println!(
            "{language}: {} compared, {} differ; not accepted by the first engine {}, by the last {}",
            tally.compared, tally.differ, tally.refused.0, tally.refused.1
        );
        for (cause, files) in tally.known {
            println!("  {files} differ by {cause}");
        }
    }
    ExitCode::from(u8::from(differ > 0))
}

#[derive(Default)]
struct Difference(Vec<String>, Vec<String>);

impl Difference {
    fn is_empty(&self) -> bool {
        self.0.is_empty() && self.1.is_empty()
    }
}

/// What only one of them says; `None` where either has an issue.
fn difference(one: &FileFacts, other: &FileFacts) -> Option<Difference> {
    if !one.issues.is_empty() || !other.issues.is_empty() {
        return None;
    }
    let mut found = Difference::default();
    if one == other {
        return Some(found);
    }
    let (one, other) = (dump(one), dump(other));
    let (one, other): (HashSet<&str>, HashSet<&str>) =
        (one.lines().collect(), other.lines().collect());
    found.0 = one.difference(&other).map(|it| (*it).to_owned()).collect();
    found.1 = other.difference(&one).map(|it| (*it).to_owned()).collect();
    found.0.sort();
    found.1.sort();
    Some(found)
}

/// Takes out of a text what brings a fault out.
type Blank = fn(&mut [u8]);

/// Faults of a grammar that are known, and a text without what brings each out. What differs no longer without it is
/// explained by it.
const KNOWN: &[(&str, Blank)] = &[
    (
        "a `!` after an operand, which the grammar takes to end the whole operation",
        without_assertions,
    ),
    (
        "type arguments before a template or call, which the grammar takes for comparisons",
        without_type_arguments,
    ),
    (
        "`await` before a parenthesis, which the grammar takes for a call",
        without_awaits,
    ),
    (
        "a `*` before an item, which the grammar binds to the first name of it",
        without_stars,
    ),
    (
        "a `*` before an item, which the grammar binds to the first name of it",
        without_stars_in_lists,
    ),
    (
        "`as` after an operand, which the grammar takes to end the whole operation",
        without_casts,
    ),
    (
        "an assignment to a part of `type(x)`, which the grammar takes for a type alias",
        without_type_calls,
    ),
    (
        "`:=` before a conditional expression, of which the grammar takes the first part",
        without_walruses,
    ),
];

/// The known fault that explains a file's differences, or several together.
fn cause(bytes: &[u8], first: &Engine, last: &Engine) -> Option<&'static str> {
    let agree = |bytes: &[u8]| {
        let one = extract_with(bytes, std::slice::from_ref(first));
        let other = extract_with(bytes, std::slice::from_ref(last));
        difference(&one, &other).is_some_and(|it| it.is_empty())
    };
    let mut together = bytes.to_vec();
    let one = KNOWN.iter().find(|(_, blank)| {
        let mut bytes = bytes.to_vec();
        blank(&mut bytes);
        blank(&mut together);
        agree(&bytes)
    });
    one.map(|(cause, _)| *cause)
        .or_else(|| agree(&together).then_some("several of these"))
}

fn ends_operand(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'$' | b')' | b']' | b'}' | b'"' | b'\'' | b'`')
}

fn without_assertions(bytes: &mut [u8]) {
    for at in 1..bytes.len().saturating_sub(1) {
        if bytes[at] == b'!' && ends_operand(bytes[at - 1]) && bytes[at + 1] != b'=' {
            bytes[at] = b' ';
        }
    }
}

fn without_type_arguments(bytes: &mut [u8]) {
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] == b'<' && ends_operand(bytes[at - 1]) {
            let mut depth = 0;
            let end = bytes[at..].iter().position(|byte| {
                depth += i32::from(*byte == b'<') - i32::from(*byte == b'>');
                depth == 0
            });
            if let Some(end) = end.map(|len| at + len)
                && matches!(bytes.get(end + 1), Some(b'`' | b'('))
            {
                bytes[at..=end].fill(b' ');
            }
        }
        at += 1;
    }
}

fn without_awaits(bytes: &mut [u8]) {
    for at in 0..bytes.len().saturating_sub(7) {
        if matches!(
            &bytes[at..at + 7],
            b"await (" | [b'a', b'w', b'a', b'i', b't', b'(', _]
        ) {
            bytes[at..at + 5].fill(b' ');
        }
    }
}

fn without_stars_in_lists(bytes: &mut [u8]) {
    without_stars_after(bytes, b"[");
}

fn without_stars(bytes: &mut [u8]) {
    without_stars_after(bytes, b"[{(,");
}

/// `x as A.B<C>[]` is `x`.
fn without_casts(bytes: &mut [u8]) {
    let mut at = 0;
    while at + 5 < bytes.len() {
        // `* as a` imports a module under a name.
        let casts = at > 0 && bytes[at - 1] != b'*' && &bytes[at..at + 4] == b" as ";
        if casts && bytes[at + 4].is_ascii_alphabetic() {
            let mut depth = 0_i32;
            let rest = &bytes[at + 4..];
            let end = rest.iter().position(|byte| {
                depth += i32::from(*byte == b'<') - i32::from(*byte == b'>');
                let word = byte.is_ascii_alphanumeric() || b"_$.<>[]".contains(byte);
                !word && depth == 0
            });
            let end = at + 4 + end.unwrap_or(rest.len());
            bytes[at..end].fill(b' ');
        }
        at += 1;
    }
}

fn without_stars_after(bytes: &mut [u8], marks: &[u8]) {
    for at in 1..bytes.len() {
        let before = bytes[..at]
            .iter()
            .rev()
            .find(|byte| !byte.is_ascii_whitespace());
        if bytes[at] == b'*'
            && before.is_some_and(|byte| marks.contains(byte))
            && bytes
                .get(at + 1)
                .is_some_and(|it| it.is_ascii_alphabetic() || *it == b'_')
        {
            bytes[at] = b' ';
        }
    }
}

fn without_type_calls(bytes: &mut [u8]) {
    for at in 0..bytes.len().saturating_sub(5) {
        if &bytes[at..at + 5] == b"type(" {
            bytes[at] = b'T';
        }
    }
}

fn without_walruses(bytes: &mut [u8]) {
    for at in 0..bytes.len().saturating_sub(2) {
        if &bytes[at..at + 2] == b":=" {
            bytes[at..at + 2].copy_from_slice(b"==");
        }
    }
}

/// Runs work on two threads with a large stack.
fn on_threads(work: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 0..2 {
            let thread = thread::Builder::new().stack_size(STACK_BYTES);
            thread.spawn_scoped(scope, &work).unwrap();
        }
    });
}

fn folder(root: &Path, every: usize, compare: &(impl Fn(&str, &[u8]) + Sync)) {
    let mut files = Vec::new();
    list(root, &mut files);
    files.sort();
    let next = AtomicUsize::new(0);
    on_threads(|| {
        while let Some(path) = files.get(next.fetch_add(every, Ordering::Relaxed)) {
            if let Ok(bytes) = fs::read(path) {
                compare(&path.to_string_lossy(), &bytes);
            }
        }
    });
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() && entry.file_name() != ".git" {
            list(&path, files);
        } else if kind.is_file() && is_source(&path.to_string_lossy()) {
            files.push(path);
        }
    }
}

fn is_source(path: &str) -> bool {
    language_for_path(path).is_some_and(|language| language.engines.len() > 1)
}

/// Every content that any commit has under a source file's name.
fn history(repo: &Path, every: usize, compare: &(impl Fn(&str, &[u8]) + Sync)) {
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(repo).args(args);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        command
    };
    let listed = git(&["rev-list", "--objects", "--all", "--missing=allow-any"]);
    let listed = { listed }.output().unwrap();
    let listed = String::from_utf8_lossy(&listed.stdout);
    let objects = listed.lines().filter_map(|line| line.split_once(' '));
    let objects: Vec<(&str, &str)> = objects
        .filter(|(_, path)| is_source(path))
        .step_by(every)
        .collect();
    eprintln!("{} contents", objects.len());
    let next = Mutex::new(objects.chunks(200));
    on_threads(|| {
        loop {
            let Some(some) = next.lock().unwrap().next() else {
                return;
            };
            let mut child = git(&["cat-file", "--batch"]);
            let mut child = child.stdin(Stdio::piped()).spawn().unwrap();
            let mut input = child.stdin.take().unwrap();
            let asked: Vec<&str> = some.iter().map(|(id, _)| *id).collect();
            let asked = asked.join("\n") + "\n";
            let asker = thread::spawn(move || input.write_all(asked.as_bytes()));
            let mut output = BufReader::new(child.stdout.take().unwrap());
            for (_, path) in some {
                let mut head = String::new();
                output.read_line(&mut head).unwrap();
                // `<id> <kind> <size>`, or `<id> missing`.
                let words: Vec<&str> = head.split_whitespace().collect();
                let [_, kind, size] = words.as_slice() else {
                    continue;
                };
                let mut bytes = vec![0; size.parse().unwrap()];
                output.read_exact(&mut bytes).unwrap();
                output.read_exact(&mut [0]).unwrap();
                if *kind == "blob" {
                    compare(path, &bytes);
                }
            }
            let _ = asker.join();
            let _ = child.wait();
        }
    });
}
