//! Copies of trees, so that no program writes into one that is somebody's, and the rules that peers are given.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::workspace::{command, output};

/// Four plain rules for each language, as near to those of ast-grep as its patterns allow.
const SEMGREP: [(&str, [&str; 4]); 3] = [
    (
        "typescript, javascript",
        [
            "$A === \"...\"",
            "$A !== \"...\"",
            "$A.isEnabled(\"...\", ...)",
            "if ($A.includes($B)) { ... }",
        ],
    ),
    (
        "python",
        [
            "$A == \"...\"",
            "$A != \"...\"",
            "$A.is_enabled(\"...\", ...)",
            "$A in [...]",
        ],
    ),
    (
        "rust",
        [
            "$A == \"...\"",
            "$A != \"...\"",
            "$A.is_enabled(\"...\")",
            "$A.contains($B)",
        ],
    ),
];

/// Writes semgrep's rules and gives their path.
pub(super) fn semgrep_rules(scratch: &Path) -> anyhow::Result<String> {
    let mut rules = String::from("rules:\n");
    for (languages, patterns) in SEMGREP {
        for (at, pattern) in patterns.iter().enumerate() {
            let id = languages.split(',').next().unwrap_or(languages);
            writeln!(
                rules,
                "  - id: {id}-{at}\n    languages: [{languages}]\n    severity: INFO\n    message: found\n    pattern: '{pattern}'"
            )?;
        }
    }
    let file = scratch.join("semgrep.yml");
    fs::write(&file, rules)?;
    Ok(file.to_string_lossy().into_owned())
}

/// Paths of a tree's files, from its root, sorted: those that git tracks, or all where it is no work tree.
pub(super) fn files(tree: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = if tree.join(".git").exists() {
        let listed = output(command(
            "git",
            &["-C", &tree.to_string_lossy(), "ls-files", "-z"],
        ))?;
        let names = listed.split('\0').filter(|name| !name.is_empty());
        names.map(PathBuf::from).collect()
    } else {
        below(tree)?
    };
    // Links may lead out of the tree, and a tracked file need not be checked out.
    files.retain(|file| fs::symlink_metadata(tree.join(file)).is_ok_and(|it| it.is_file()));
    files.sort();
    Ok(files)
}

fn below(tree: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(tree.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    Ok(files)
}

/// Copies files of a tree into a folder that is not there yet.
pub(super) fn copy(tree: &Path, files: &[PathBuf], to: &Path) -> anyhow::Result<()> {
    for file in files {
        let target = to.join(file);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(tree.join(file), &target)
            .with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

/// A work tree of a repository with one folder checked out, which may change: it borrows the repository's objects.
pub(super) fn clone(repository: &Path, part: &str, to: &Path) -> anyhow::Result<()> {
    let [from, to] = [repository, to].map(|path| path.to_string_lossy().into_owned());
    let git = |args: &[&str]| {
        let mut git = command("git", args);
        git.env("GIT_LFS_SKIP_SMUDGE", "1");
        output(git).map(drop)
    };
    git(&["clone", "--quiet", "--shared", "--no-checkout", &from, &to])?;
    if part != "." {
        git(&["-C", &to, "sparse-checkout", "set", part])?;
    }
    git(&["-C", &to, "checkout", "--quiet"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_holds_the_files() {
        let scratch = std::env::temp_dir().join(format!("bespoke-trees-{}", std::process::id()));
        fs::create_dir_all(scratch.join("from/a")).unwrap();
        fs::write(scratch.join("from/a/b.rs"), "fn f() {}").unwrap();
        let (from, to) = (scratch.join("from"), scratch.join("to"));
        let listed = files(&from).unwrap();
        assert_eq!(listed, [PathBuf::from("a/b.rs")]);
        copy(&from, &listed, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("a/b.rs")).unwrap(), "fn f() {}");
        fs::remove_dir_all(&scratch).unwrap();
    }
}
