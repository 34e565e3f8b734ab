//! Which files of a commit a walk of its work tree would list: ignore files and hidden names count in both.

use std::{collections::BTreeMap, path::Path};

use bespoke_facts::RepoPath;
use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

use crate::discover::IGNORE_FILE;

/// Whether a path is that of a file that says what to skip.
pub(crate) fn is_ignore_file(path: &RepoPath) -> bool {
    matches!(path.file_name(), ".gitignore" | IGNORE_FILE)
}

/// The ignore files of one tree, by folder: ours, which wins, and git's.
#[derive(Debug, Default)]
pub(crate) struct Ignores {
    by_folder: BTreeMap<String, [Option<Gitignore>; 2]>,
}

impl Ignores {
    /// Takes in an ignore file's text, or that it is gone.
    pub(crate) fn set(&mut self, path: &RepoPath, text: Option<&[u8]>) {
        let at = usize::from(path.file_name() != IGNORE_FILE);
        let folder = path.parent().to_owned();
        let rules = text.map(|text| {
            // Paths are asked for relative to the root, so that is where the folder is taken to be.
            let mut builder = GitignoreBuilder::new(Path::new("/").join(&folder));
            for line in String::from_utf8_lossy(text).lines() {
                // What is no pattern is passed over, as git does.
                let _ = builder.add_line(None, line);
            }
            builder.build().unwrap_or_else(|_| Gitignore::empty())
        });
        self.by_folder.entry(folder).or_default()[at] = rules;
    }

    /// Whether a file is listed.
    pub(crate) fn lists(&self, path: &RepoPath) -> bool {
        let text = path.as_str();
        let mut end = 0;
        while let Some(slash) = text[end..].find('/').map(|at| end + at) {
            if self.skips(&text[..slash], true) {
                return false;
            }
            end = slash + 1;
        }
        !self.skips(text, false)
    }

    fn skips(&self, path: &str, is_folder: bool) -> bool {
        let full = format!("/{path}");
        let full = Path::new(&full);
        let mut said = [None, None];
        let mut folder = path;
        while !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(up, _)| up);
            let Some(rules) = self.by_folder.get(folder) else {
                continue;
            };
            for (said, rules) in said.iter_mut().zip(rules) {
                if said.is_none()
                    && let Some(rules) = rules
                {
                    *said = match rules.matched(full, is_folder) {
                        Match::None => None,
                        Match::Ignore(_) => Some(true),
                        Match::Whitelist(_) => Some(false),
                    };
                }
            }
        }
        let hidden = || {
            path.rsplit('/')
                .next()
                .is_some_and(|name| name.starts_with('.'))
        };
        said[0].or(said[1]).unwrap_or_else(hidden)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(rules: &[(&str, &str)], path: &str) -> bool {
        let mut ignores = Ignores::default();
        for (file, text) in rules {
            ignores.set(&RepoPath::new(*file), Some(text.as_bytes()));
        }
        ignores.lists(&RepoPath::new(path))
    }

    #[test]
    fn deeper_files_win_and_ours_wins_over_gits() {
        let rules = [
            (".gitignore", "*.log\nout/\n!keep.log\n.github\n"),
            (".bespokeignore", "legacy/\n!special.log\n"),
            ("src/.gitignore", "!a.log\n/tmp\n"),
        ];
        for path in [
            "a.ts",
            "keep.log",
            "special.log",
            "src/a.log",
            "src/x/tmp/a.ts",
        ] {
            assert!(lists(&rules, path), "{path}");
        }
        for path in [
            "b.log",
            "out/a.ts",
            "x/out/a.ts",
            "legacy/a.ts",
            "src/tmp/a.ts",
            ".env",
            ".x/a.ts",
        ] {
            assert!(!lists(&rules, path), "{path}");
        }
        assert!(lists(&[(".gitignore", "!.storybook\n")], ".storybook/a.ts"));
    }

    #[test]
    fn what_is_gone_says_nothing() {
        let mut ignores = Ignores::default();
        let (rules, path) = (RepoPath::new(".gitignore"), RepoPath::new("a.ts"));
        ignores.set(&rules, Some(b"*.ts"));
        assert!(!ignores.lists(&path));
        ignores.set(&rules, None);
        assert!(ignores.lists(&path));
    }
}
