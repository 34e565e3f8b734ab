//! Which files there are.
//!
//! The same tree gives the same list on any machine: `.gitignore` and `.bespokeignore` files of the tree count (inside
//! and outside a git repository), those of the user's home, of `.git/info` and of folders above the repository do not.
//! Hidden files are skipped. No link is followed, so nothing outside the root is read.

use std::{
    ffi::OsStr,
    fmt::Write as _,
    fs, io,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    slice,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use bespoke_extract::language_for_path;
use bespoke_facts::{Issue, IssueReason, RepoPath};
use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::{Error, config::find_config};

/// Name of the file that lists what to skip, beside `.gitignore` and in the same form.
pub(crate) const IGNORE_FILE: &str = ".bespokeignore";

/// The files of a tree at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The folder that all paths are relative to.
    pub root: PathBuf,
    /// Regular files, sorted by path.
    pub entries: Vec<Entry>,
    /// What could not be listed, sorted by path.
    pub issues: Vec<Issue>,
}

/// One listed file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its path relative to the root. Bytes of it that are not UTF-8 are written `\xFF`, so that paths stay different.
    pub path: RepoPath,
    /// Where to read it.
    pub file: PathBuf,
    /// Its size in bytes when it was listed.
    pub size: u64,
}

/// Lists what `paths` select; an empty list means the current folder.
///
/// With one folder, that folder is the root. Otherwise the root is the nearest folder around all paths that holds `.git`
/// or a `bespoke.toml`; where there is none, the innermost folder around them. A path that is named outright is listed
/// even if an ignore file or a leading dot would hide it.
pub fn discover(paths: &[PathBuf], threads: NonZeroUsize) -> Result<Snapshot, Error> {
    let selected = resolve(paths)?;
    let root = root_of(&selected);
    let walk = Walk {
        // Ignore files between the repository's top and the root count too, so the walk starts at the top.
        top: nearest(&root, |folder| folder.join(".git").exists()).unwrap_or(&root),
        root: &root,
        threads,
        found: Mutex::default(),
    };
    let missed = walk.run(walk.top, &selected);
    for path in missed {
        walk.run(path, slice::from_ref(path));
    }
    let Found {
        mut entries,
        mut issues,
    } = walk
        .found
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    entries.sort();
    entries.dedup();
    issues.sort();
    issues.dedup();
    Ok(Snapshot {
        root,
        entries,
        issues,
    })
}

#[derive(Default)]
struct Found {
    entries: Vec<Entry>,
    issues: Vec<Issue>,
}

struct Walk<'a> {
    top: &'a Path,
    root: &'a Path,
    threads: NonZeroUsize,
    found: Mutex<Found>,
}

impl Walk<'_> {
    /// Walks from `start` to all that lies under a selected path; gives back the selected paths that it did not meet.
    fn run<'p>(&self, start: &Path, selected: &'p [PathBuf]) -> Vec<&'p PathBuf> {
        let met: Vec<AtomicBool> = selected.iter().map(|_| AtomicBool::new(false)).collect();
        let wanted = selected.to_vec();
        let mut builder = WalkBuilder::new(start);
        builder
            .threads(self.threads.get())
            .follow_links(false)
            .parents(false)
            .ignore(false)
            .git_global(false)
            .git_exclude(false)
            .require_git(false)
            .add_custom_ignore_filename(IGNORE_FILE)
            .filter_entry(move |entry| {
                let path = entry.path();
                wanted
                    .iter()
                    .any(|wanted| wanted.starts_with(path) || path.starts_with(wanted))
            });
        builder.build_parallel().run(|| {
            Box::new(|result| {
                match result {
                    Ok(entry) => {
                        let path = entry.path();
                        for (selected, met) in selected.iter().zip(&met) {
                            if selected == path {
                                met.store(true, Ordering::Relaxed);
                            }
                        }
                        if selected.iter().any(|selected| path.starts_with(selected)) {
                            self.add(&entry);
                        }
                    }
                    Err(error) => self.add_error(&error),
                }
                WalkState::Continue
            })
        });
        selected
            .iter()
            .zip(met)
            .filter(|(_, met)| !met.load(Ordering::Relaxed))
            .map(|(path, _)| path)
            .collect()
    }

    fn add(&self, entry: &DirEntry) {
        if let Some(error) = entry.error() {
            self.add_error(error);
        }
        let Some(kind) = entry.file_type() else {
            return;
        };
        if kind.is_dir() {
            return;
        }
        let file = entry.path();
        let Some((path, bad_name)) = repo_path(file, self.root) else {
            return;
        };
        if kind.is_symlink() {
            if let Some(reason) = link_issue(file, &path, self.root) {
                self.issue(path, reason);
            }
            return;
        }
        if !kind.is_file() {
            if language_for_path(path.as_str()).is_some() {
                let what = "a pipe, socket or device, not a file".to_owned();
                self.issue(path, IssueReason::Unreadable(what));
            }
            return;
        }
        let size = match entry.metadata() {
            Ok(metadata) => metadata.len(),
            Err(error) => {
                self.issue(path, reason_of(&error));
                return;
            }
        };
        if bad_name {
            self.issue(path.clone(), IssueReason::PathNotUtf8);
        }
        self.lock().entries.push(Entry {
            path,
            file: file.to_owned(),
            size,
        });
    }

    fn add_error(&self, error: &ignore::Error) {
        let at = path_of(error).unwrap_or(self.root);
        let path = repo_path(at, self.root).map_or_else(|| RepoPath::new("."), |(path, _)| path);
        self.issue(path, reason_of(error));
    }

    fn issue(&self, path: RepoPath, reason: IssueReason) {
        self.lock().issues.push(Issue {
            path,
            span: None,
            reason,
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The selected paths, absolute and without links, sorted, each once.
fn resolve(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let mut selected = Vec::new();
    for path in paths {
        selected.push(fs::canonicalize(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::PathNotFound(path.clone()),
            _ => Error::PathUnreadable {
                path: path.clone(),
                source: error,
            },
        })?);
    }
    selected.sort();
    selected.dedup();
    Ok(selected)
}

fn root_of(selected: &[PathBuf]) -> PathBuf {
    let mut around = selected[0].as_path();
    if selected.len() == 1 && around.is_dir() {
        return around.to_owned();
    }
    while !(around.is_dir() && selected.iter().all(|path| path.starts_with(around))) {
        match around.parent() {
            Some(parent) => around = parent,
            None => break,
        }
    }
    let marked = |folder: &Path| folder.join(".git").exists() || find_config(folder).is_some();
    nearest(around, marked).unwrap_or(around).to_owned()
}

fn nearest(folder: &Path, fits: impl Fn(&Path) -> bool) -> Option<&Path> {
    folder.ancestors().find(|folder| fits(folder))
}

/// The path below `root`, and whether bytes of it had to be escaped. `None` for the root itself and what is outside.
fn repo_path(file: &Path, root: &Path) -> Option<(RepoPath, bool)> {
    let below = file.strip_prefix(root).ok()?;
    let mut text = String::new();
    let mut escaped = false;
    for part in below.components() {
        if !text.is_empty() {
            text.push('/');
        }
        escaped |= push_part(part.as_os_str(), &mut text);
    }
    (!text.is_empty()).then(|| (RepoPath::new(text), escaped))
}

pub(crate) fn push_part(part: &OsStr, text: &mut String) -> bool {
    let mut escaped = false;
    for chunk in part.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02X}").expect("writing to a string does not fail");
            escaped = true;
        }
    }
    escaped
}

/// Why a link deserves a word. One that leads to another place of the tree does not: that place is listed itself.
fn link_issue(link: &Path, path: &RepoPath, root: &Path) -> Option<IssueReason> {
    let is_source = language_for_path(path.as_str()).is_some();
    match fs::canonicalize(link) {
        Ok(target) if target.is_dir() => (link.starts_with(&target) || !target.starts_with(root))
            .then_some(IssueReason::LinkNotFollowed),
        Ok(target) => {
            let is_source = is_source || language_for_path(&target.to_string_lossy()).is_some();
            (is_source && !target.starts_with(root)).then_some(IssueReason::LinkNotFollowed)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            is_source.then(|| IssueReason::Unreadable("a link that leads nowhere".to_owned()))
        }
        // What is left is a link in a circle, or one through a folder that may not be read.
        Err(_) => Some(IssueReason::LinkNotFollowed),
    }
}

fn reason_of(error: &ignore::Error) -> IssueReason {
    match error.io_error() {
        Some(error) => reason_of_io(error),
        None => IssueReason::Manifest(message_of(error)),
    }
}

/// What an error of reading a file that was listed means.
pub(crate) fn reason_of_io(error: &io::Error) -> IssueReason {
    match error.kind() {
        io::ErrorKind::NotFound => IssueReason::Vanished,
        kind => IssueReason::Unreadable(kind.to_string()),
    }
}

/// The innermost message: the outer ones repeat the absolute path.
fn message_of(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => {
            message_of(err)
        }
        ignore::Error::WithLineNumber { line, err } => format!("line {line}: {}", message_of(err)),
        ignore::Error::Partial(errors) => {
            let all: Vec<String> = errors.iter().map(message_of).collect();
            all.join("; ")
        }
        other => other.to_string(),
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn tree(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn snapshot(paths: &[PathBuf]) -> Snapshot {
        discover(paths, NonZeroUsize::new(2).unwrap()).unwrap()
    }

    fn listed(paths: &[PathBuf]) -> Vec<String> {
        let entries = snapshot(paths).entries;
        entries.iter().map(|entry| entry.path.to_string()).collect()
    }

    fn issues(paths: &[PathBuf]) -> Vec<(String, &'static str)> {
        let issues = snapshot(paths).issues;
        let row = |issue: &Issue| (issue.path.to_string(), issue.reason.id());
        issues.iter().map(row).collect()
    }

    #[test]
    fn ignore_files_count_without_git_and_hidden_files_are_skipped() {
        let tree = tree(&[
            (".gitignore", "*.log\n"),
            (".bespokeignore", "legacy/\n"),
            (".ignore", "b.ts\n"),
            (".hidden/a.ts", ""),
            ("legacy/a.ts", ""),
            ("src/.gitignore", "tmp\n"),
            ("src/a.log", ""),
            ("src/b.ts", "four"),
            ("src/tmp/c.ts", ""),
        ]);
        let root = tree.path().to_owned();
        assert_eq!(listed(slice::from_ref(&root)), ["src/b.ts"]);
        assert_eq!(snapshot(&[root]).entries[0].size, 4);
    }

    #[test]
    fn ignore_files_above_count_inside_one_repository_only() {
        let tree = tree(&[
            (".gitignore", "outer.ts\n"),
            ("repo/.git/HEAD", ""),
            ("repo/.gitignore", "*.ts\n"),
            ("repo/pkg/.gitignore", "!kept.ts\n"),
            ("repo/pkg/a.ts", ""),
            ("repo/pkg/kept.ts", ""),
            ("repo/pkg/outer.js", ""),
            ("plain/outer.ts", ""),
        ]);
        assert_eq!(
            listed(&[tree.path().join("repo/pkg")]),
            ["kept.ts", "outer.js"]
        );
        assert_eq!(listed(&[tree.path().join("plain")]), ["outer.ts"]);
    }

    #[test]
    fn a_path_named_outright_is_listed_even_if_ignored() {
        let tree = tree(&[
            (".git/HEAD", ""),
            (".gitignore", "out\n"),
            ("out/a.ts", ""),
            ("src/b.ts", ""),
            ("src/c.ts", ""),
        ]);
        let at = |path: &str| tree.path().join(path);
        assert_eq!(listed(&[at("out")]), ["a.ts"]);
        assert_eq!(
            listed(&[at("src/b.ts"), at("out")]),
            ["out/a.ts", "src/b.ts"]
        );
    }

    #[test]
    fn several_paths_select_inside_the_marked_folder_around_them() {
        let tree = tree(&[
            ("repo/bespoke.toml", ""),
            ("repo/web/src/a.ts", ""),
            ("repo/web/src/b.ts", ""),
            ("repo/web/lib/c.ts", ""),
        ]);
        let at = |path: &str| tree.path().join("repo/web").join(path);
        assert_eq!(
            listed(&[at("src"), at("lib"), at("src/a.ts")]),
            ["web/lib/c.ts", "web/src/a.ts", "web/src/b.ts"]
        );
        assert_eq!(listed(&[at("src/b.ts")]), ["web/src/b.ts"]);
        let root = snapshot(&[at("src/b.ts")]).root;
        assert_eq!(root, fs::canonicalize(tree.path().join("repo")).unwrap());
    }

    #[test]
    fn a_missing_path_is_an_error_that_names_it() {
        let gone = PathBuf::from("/nowhere/at/all");
        let error = discover(&[gone], NonZeroUsize::MIN).unwrap_err();
        assert_eq!(error.to_string(), "no such path: /nowhere/at/all");
    }

    #[test]
    fn a_bad_pattern_in_an_ignore_file_is_an_issue() {
        let tree = tree(&[(".gitignore", "a/{b\n"), ("a.ts", "")]);
        assert_eq!(
            issues(&[tree.path().to_owned()]),
            [(".gitignore".to_owned(), "manifest")]
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed_and_named_where_something_is_lost() {
        use std::os::unix::fs::symlink;

        let outside = tree(&[("secret.ts", ""), ("folder/a.ts", ""), ("logo.png", "")]);
        let tree = tree(&[("src/a.ts", "")]);
        let link = |target: &Path, name: &str| symlink(target, tree.path().join(name)).unwrap();
        link(Path::new("."), "src/loop");
        link(Path::new("circle.ts"), "circle.ts");
        link(Path::new("gone"), "dangling.ts");
        link(Path::new("gone"), "dangling.png");
        link(Path::new("src/a.ts"), "inside.ts");
        link(&outside.path().join("secret.ts"), "secret.ts");
        link(&outside.path().join("folder"), "folder");
        link(&outside.path().join("logo.png"), "logo.png");
        let paths = [tree.path().to_owned()];
        assert_eq!(listed(&paths), ["src/a.ts"]);
        assert_eq!(
            issues(&paths),
            [
                ("circle.ts".to_owned(), "link-not-followed"),
                ("dangling.ts".to_owned(), "unreadable"),
                ("folder".to_owned(), "link-not-followed"),
                ("secret.ts".to_owned(), "link-not-followed"),
                ("src/loop".to_owned(), "link-not-followed"),
            ]
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_no_utf8_stay_different() {
        use std::os::unix::ffi::OsStrExt as _;

        let tree = tree(&[]);
        for name in [b"a\xff.ts", b"a\xfe.ts"] {
            fs::write(tree.path().join(OsStr::from_bytes(name)), "").unwrap();
        }
        let paths = [tree.path().to_owned()];
        assert_eq!(listed(&paths), ["a\\xFE.ts", "a\\xFF.ts"]);
        assert_eq!(issues(&paths).len(), 2);
        assert_eq!(issues(&paths)[0].1, "path-not-utf8");
    }
}
