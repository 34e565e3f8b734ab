//! What no compiler checks: module docs, white space, and that tables, folders and fixtures agree.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::workspace::{report, root};

/// A file longer than this asks whether a second subject is in it; nothing fails.
const LONG_FILE: usize = 600;
/// Places of one machine: nobody else has them. Split, so that this file does not hold them.
const FOREIGN: [&str; 3] = [
    concat!("/wo", "rk/"),
    concat!("/tmp/", "target"),
    concat!("/ro", "ot/"),
];
/// Folders that are not ours to tidy. Fixtures hold every kind of bad file on purpose.
const SKIPPED: [&str; 4] = ["target", ".git", "fixtures", "node_modules"];
/// Files whose text is checked.
const TEXT: [&str; 6] = ["rs", "toml", "md", "json", "sh", "yml"];

/// A table: a macro whose words are files of a folder, and folders of fixtures.
struct Table {
    name: &'static str,
    /// The file that holds it.
    file: &'static str,
    /// Extension of its rows' files, beside it.
    extension: &'static str,
    fixtures: Option<&'static str>,
}

const TABLES: &[Table] = &[
    Table {
        name: "formats",
        file: "crates/bespoke-report/src/lib.rs",
        extension: "rs",
        fixtures: None,
    },
    Table {
        name: "languages",
        file: "crates/bespoke-extract/src/languages/mod.rs",
        extension: "rs",
        fixtures: Some("fixtures/languages"),
    },
    Table {
        name: "sdks",
        file: "crates/bespoke-analysis/src/detect/sdks/mod.rs",
        extension: "toml",
        fixtures: Some("fixtures/sdks"),
    },
    Table {
        name: "rules",
        file: "crates/bespoke-analysis/src/rules/mod.rs",
        extension: "rs",
        fixtures: None,
    },
    Table {
        name: "metrics",
        file: "crates/bespoke-analysis/src/metrics/mod.rs",
        extension: "rs",
        fixtures: None,
    },
];

/// Checks everything; long files are only told.
pub(crate) fn run() -> anyhow::Result<()> {
    for (path, lines) in long_files()? {
        println!("tidy: {path} has {lines} lines: is there a second subject in it?");
    }
    report("tidy", &check()?)
}

fn check() -> anyhow::Result<Vec<String>> {
    let mut complaints = Vec::new();
    for path in files()? {
        let bytes = fs::read(root().join(&path)).with_context(|| format!("cannot read {path}"))?;
        complaints.extend(text_complaints(&path, &String::from_utf8_lossy(&bytes)));
    }
    for table in TABLES {
        complaints.extend(table_complaints(table)?);
    }
    Ok(complaints)
}

fn text_complaints(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    if is_rust(path) && !text.starts_with("//!") {
        complaints.push(format!(
            "{path}: must start with `//!` and what the module is for"
        ));
    }
    if !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n")) {
        complaints.push(format!("{path}: must end with one line feed"));
    }
    for (at, line) in text.lines().enumerate() {
        if line.ends_with([' ', '\t', '\r']) {
            complaints.push(format!(
                "{path}:{}: white space at the end of the line",
                at + 1
            ));
        }
        if let Some(word) = FOREIGN.iter().find(|word| line.contains(**word)) {
            complaints.push(format!(
                "{path}:{}: `{word}` is a place of one machine",
                at + 1
            ));
        }
    }
    complaints
}

fn table_complaints(table: &Table) -> anyhow::Result<Vec<String>> {
    let file = root().join(table.file);
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", table.file))?;
    let folder = file.parent().context("a file has a folder")?;
    let files = names(folder, Some(table.extension))?;
    let fixtures = match table.fixtures {
        Some(fixtures) => {
            let mut fixtures = names(&root().join(fixtures), None)?;
            if table.extension == "toml" {
                fixtures.extend(unread(folder, &files)?);
            }
            Some(fixtures)
        }
        None => None,
    };
    Ok(compare(table, &text, &files, fixtures.as_ref()))
}

/// SDKs of which no call is in a language that is read: they get fixtures with their language.
fn unread(folder: &Path, files: &BTreeSet<String>) -> anyhow::Result<Vec<String>> {
    let languages = &TABLES[1];
    let text = fs::read_to_string(root().join(languages.file))?;
    let languages = rows(&text, languages.name).context("no language table")?;
    let mut unread = Vec::new();
    for file in files {
        let sdk = fs::read_to_string(folder.join(file).with_extension("toml"))?;
        if !is_read(&sdk, &languages) {
            unread.push(file.clone());
        }
    }
    Ok(unread)
}

/// Whether a call of an SDK is in one of the languages; one that names none is in all.
fn is_read(sdk: &str, languages: &[String]) -> bool {
    sdk.split("[[call]]").skip(1).any(|call| {
        let own = call.lines().find(|line| line.starts_with("languages"));
        own.is_none_or(|own| {
            languages
                .iter()
                .any(|it| own.contains(&format!("\"{it}\"")))
        })
    })
}

fn compare(
    table: &Table,
    text: &str,
    files: &BTreeSet<String>,
    fixtures: Option<&BTreeSet<String>>,
) -> Vec<String> {
    let name = table.name;
    let Some(rows) = rows(text, name) else {
        return vec![format!("{}: no table `{name}! {{ … }}`", table.file)];
    };
    let mut complaints = Vec::new();
    for pair in rows.windows(2) {
        if pair[0] >= pair[1] {
            complaints.push(format!(
                "{name}: `{}` must come after `{}`",
                pair[0], pair[1]
            ));
        }
    }
    let rows: BTreeSet<String> = rows.into_iter().collect();
    // What two rows share has a module of its own.
    let is_module = |file: &str| text.contains(&format!("mod {file};"));
    for row in rows.difference(files) {
        complaints.push(format!(
            "{name}: `{row}` has no file {row}.{}",
            table.extension
        ));
    }
    for file in files.difference(&rows) {
        if file != "mod" && file != "lib" && !is_module(file) {
            complaints.push(format!(
                "{name}: {file}.{} is not in the table",
                table.extension
            ));
        }
    }
    if let (Some(fixtures), Some(folder)) = (fixtures, table.fixtures) {
        for row in rows.difference(fixtures) {
            complaints.push(format!("{name}: `{row}` has no fixtures in {folder}/{row}"));
        }
        for fixture in fixtures.difference(&rows) {
            complaints.push(format!("{name}: {folder}/{fixture} is for no row"));
        }
    }
    complaints
}

/// The words of `name! { a, "b" }`.
fn rows(text: &str, name: &str) -> Option<Vec<String>> {
    let opening = format!("\n{name}! {{");
    let (_, rest) = text.split_once(&opening)?;
    let (body, _) = rest.split_once('}')?;
    let lines = body
        .lines()
        .map(|line| line.split("//").next().unwrap_or(line));
    let words = lines.flat_map(|line| line.split([',', ' ']));
    Some(
        words
            .map(|word| word.trim_matches('"'))
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
    )
}

/// Stems of the files with an extension, or names of the folders, in a folder. Of fixtures, only folders that hold
/// something count.
fn names(folder: &Path, extension: Option<&str>) -> anyhow::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        let wanted = match extension {
            Some(extension) => path.extension().is_some_and(|it| it == extension),
            None => path.is_dir() && fs::read_dir(&path)?.next().is_some(),
        };
        let name = if extension.is_some() {
            path.file_stem()
        } else {
            path.file_name()
        };
        if let (true, Some(name)) = (wanted, name) {
            names.insert(name.to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

fn long_files() -> anyhow::Result<Vec<(String, usize)>> {
    let mut long = Vec::new();
    for path in files()?.into_iter().filter(|path| is_rust(path)) {
        let lines = fs::read_to_string(root().join(&path))?.lines().count();
        if lines > LONG_FILE {
            long.push((path, lines));
        }
    }
    Ok(long)
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == "rs")
}

/// Our text files, sorted, relative to the root.
/// Paths of the texts that are ours, from the root, sorted.
pub(crate) fn files() -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = folder.join(&name);
            if entry.file_type()?.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if path
                .extension()
                .is_some_and(|it| TEXT.iter().any(|known| it == *known))
            {
                files.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        let complaints = check().unwrap();
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }

    #[test]
    fn untidy_text_is_told() {
        let of = |text: &str| text_complaints("a.rs", text).len();
        assert_eq!(of("//! Fine.\n\nfn f() {}\n"), 0);
        assert_eq!(of("fn f() {}\n"), 1);
        assert_eq!(of("//! No line feed."), 1);
        assert_eq!(of("//! Two line feeds.\n\n"), 1);
        assert_eq!(of("//! Spaces. \n//! Tab.\t\n//! Return.\r\r\n"), 3);
        assert_eq!(of(&format!("//! See {}x.\n", FOREIGN[0])), 1);
        assert_eq!(text_complaints("a.toml", "[x]\n"), [""; 0]);
    }

    #[test]
    fn an_sdk_is_read_in_the_languages_of_its_calls() {
        let is_read = |sdk: &str| is_read(sdk, &["go".to_owned()]);
        assert!(
            is_read("[[call]]\nlanguages = [\"perl\", \"go\"]\n") && is_read("[[call]]\nkey = 0\n")
        );
        assert!(!is_read(
            "[[call]]\nlanguages = [\"perl\"]\n[[not]]\nlanguages = [\"cargo\"]\n"
        ));
    }

    #[test]
    fn tables_folders_and_fixtures_agree() {
        let table = &TABLES[1];
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let of = |rows: &str, files: &[&str], fixtures: &[&str]| {
            let text = format!("mod shared;\nlanguages! {{\n    {rows} // last\n}}\n");
            compare(table, &text, &set(files), Some(&set(fixtures))).len()
        };
        assert_eq!(
            of(
                "go, rust,",
                &["go", "mod", "rust", "shared"],
                &["go", "rust"]
            ),
            0
        );
        assert_eq!(of("rust, go", &["go", "mod", "rust"], &["go", "rust"]), 1);
        assert_eq!(of("go", &["go", "mod", "rust"], &["go"]), 1);
        assert_eq!(of("go, rust", &["go", "mod"], &["go", "rust"]), 1);
        assert_eq!(of("\"go\", \"rust\",", &["go", "rust"], &["go", "rust"]), 0);
        assert_eq!(of("go, rust", &["go", "mod", "rust"], &["go"]), 1);
        assert_eq!(of("go", &["go", "mod"], &["go", "rust"]), 1);
        assert_eq!(compare(table, "", &set(&[]), None).len(), 1);
    }
}
