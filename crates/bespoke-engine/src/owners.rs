//! Who answers for which files: `CODEOWNERS` as GitHub and GitLab read it.

use std::path::Path;

use bespoke_facts::RepoPath;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::read::read;

/// Where the file may be; the first that is there counts (GitHub's order, then GitLab's own place).
pub(crate) const PLACES: [&str; 4] = [
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
];
/// Largest file that is read, in bytes: GitHub's limit.
pub(crate) const MAX_BYTES: u64 = 3 << 20;

/// Rules of a `CODEOWNERS` file.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    rules: Vec<Rule>,
    sections: usize,
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: Gitignore,
    /// `docs/*` is what lies directly in `docs`, and nothing deeper.
    is_flat: bool,
    /// `!docs` of GitLab: nobody of this section, whatever came before.
    excludes: bool,
    section: usize,
    owners: Vec<String>,
}

/// A `CODEOWNERS` file of a work tree.
#[derive(Clone, Debug)]
pub struct OwnersFile {
    /// Where it stands, relative to the top of the work tree.
    pub path: &'static str,
    /// Its rules.
    pub owners: Owners,
    /// Lines (1-based) that are no rules.
    pub bad: Vec<usize>,
    /// Path of the folder that was asked for below the top of the work tree, with a `/` at its end, or nothing.
    pub prefix: String,
}

impl OwnersFile {
    /// Who answers for a path below the folder that was asked for.
    pub fn of(&self, path: &str) -> Vec<&str> {
        self.owners
            .of(&RepoPath::new(format!("{}{path}", self.prefix)))
    }
}

/// The `CODEOWNERS` file that holds for a folder (absolute, without links): that of the top of its work tree, or its
/// own where it is in none. Links are not followed.
pub fn owners_file(folder: &Path) -> Option<OwnersFile> {
    let top = folder
        .ancestors()
        .find(|it| it.join(".git").exists())
        .unwrap_or(folder);
    let inside = folder.strip_prefix(top).ok()?;
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    let mut prefix = parts.join("/");
    if !prefix.is_empty() {
        prefix.push('/');
    }
    let is_file = |path: &&&str| {
        let mut at = top.to_owned();
        path.split('/').all(|part| {
            at.push(part);
            at.symlink_metadata().is_ok_and(|it| !it.is_symlink())
        }) && at.is_file()
    };
    let path = PLACES.iter().find(is_file)?;
    let mut text = Vec::new();
    read(&top.join(path), MAX_BYTES, &mut text).ok()?;
    let (owners, bad) = Owners::parse(&String::from_utf8_lossy(&text));
    Some(OwnersFile {
        path,
        owners,
        bad,
        prefix,
    })
}

impl Owners {
    /// Reads the rules of a text, with the lines (1-based) that are none.
    pub fn parse(text: &str) -> (Self, Vec<usize>) {
        let mut owners = Self::default();
        let mut bad = Vec::new();
        let mut section = 0;
        let mut of_section: Vec<String> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(names) = heading(line) {
                owners.sections += 1;
                section = owners.sections;
                of_section = names;
                continue;
            }
            let (excludes, line) = match line.strip_prefix('!') {
                Some(rest) => (true, rest),
                None => (false, line),
            };
            let mut words = words(line).into_iter();
            let Some(pattern) = words.next() else {
                continue;
            };
            let own: Vec<String> = words.take_while(|word| !word.starts_with('#')).collect();
            let mut builder = GitignoreBuilder::new("/");
            let escaped = pattern.replacen("\\#", "#", 1);
            let escaped = match escaped.strip_prefix('#') {
                Some(rest) => format!("\\#{rest}"),
                None => escaped,
            };
            // GitHub knows neither classes nor negation.
            let is_class = pattern.contains(['[', ']']);
            if is_class || builder.add_line(None, &escaped).is_err() {
                bad.push(number);
                continue;
            }
            let Ok(built) = builder.build() else {
                bad.push(number);
                continue;
            };
            owners.rules.push(Rule {
                pattern: built,
                is_flat: pattern.ends_with("/*"),
                excludes,
                section,
                owners: if own.is_empty() {
                    of_section.clone()
                } else {
                    own
                },
            });
        }
        (owners, bad)
    }

    /// Who answers for a path: of each section the last rule that fits says so. Sorted; empty where nobody does.
    pub fn of(&self, path: &RepoPath) -> Vec<&str> {
        let full = format!("/{}", path.as_str());
        let full = Path::new(&full);
        let mut found: Vec<&str> = Vec::new();
        for section in 0..=self.sections {
            let rules = self.rules.iter().filter(|rule| rule.section == section);
            let mut fitting = rules.rev().filter(|rule| rule.fits(full));
            if let Some(rule) = fitting.next().filter(|rule| !rule.excludes) {
                found.extend(rule.owners.iter().map(String::as_str));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

impl Rule {
    fn fits(&self, path: &Path) -> bool {
        if self.is_flat {
            self.pattern.matched(path, false).is_ignore()
        } else {
            self.pattern
                .matched_path_or_any_parents(path, false)
                .is_ignore()
        }
    }
}

/// `[Docs][2] @team`, `^[Optional]` of GitLab: the section's owners.
fn heading(line: &str) -> Option<Vec<String>> {
    let rest = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (_, mut rest) = rest.split_once(']')?;
    if let Some(count) = rest.strip_prefix('[') {
        rest = count.split_once(']')?.1;
    }
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

/// Words at white space, unless it is escaped: `my\ file.md @a`.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        if char == '\\' && chars.peek().is_some_and(|next| next.is_whitespace()) {
            let space = chars.next().unwrap_or(' ');
            words.last_mut().expect("never empty").push(space);
        } else if char.is_whitespace() {
            if words.last().is_some_and(|word| !word.is_empty()) {
                words.push(String::new());
            }
        } else {
            words.last_mut().expect("never empty").push(char);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, path: &str) -> String {
        let (owners, bad) = Owners::parse(text);
        assert!(bad.is_empty(), "{bad:?}");
        owners.of(&RepoPath::new(path)).join(" ")
    }

    /// The examples of GitHub's documentation, by their words.
    #[test]
    fn as_github_reads_it() {
        let text = "\
# Lines starting with '#' are comments.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/github
";
        for (path, owners) in [
            ("a.txt", "@global-owner1 @global-owner2"),
            ("x/y.js", "@js-owner"),
            ("y.go", "docs@example.com"),
            ("docs/getting-started.md", "docs@example.com"),
            (
                "docs/build-app/troubleshooting.md",
                "@global-owner1 @global-owner2",
            ),
            ("other/apps/x.c", "@octocat"),
            ("scripts/a/b.sh", "@doctocat @octocat"),
            // The later rule wins.
            ("build/logs/a.txt", "@octocat"),
            ("deeply/nested/logs/a.txt", "@octocat"),
            // A rule without owners takes them away.
            ("apps/github/a.txt", ""),
        ] {
            assert_eq!(of(text, path), owners, "{path}");
        }
    }

    /// Sections have owners by default, and each section adds its own.
    #[test]
    fn as_gitlab_reads_it() {
        let text = "\
* @all
[Docs][2] @writers
docs/
README.md @ada
^[Data] @dba
data/*.sql
!data/old.sql
path\\ with\\ spaces/ @space
";
        for (path, owners) in [
            ("docs/a.md", "@all @writers"),
            ("README.md", "@ada @all"),
            ("data/a.sql", "@all @dba"),
            ("data/old.sql", "@all"),
            ("path with spaces/x", "@all @space"),
        ] {
            assert_eq!(of(text, path), owners, "{path}");
        }
    }

    #[test]
    fn what_is_no_rule_is_told() {
        let (owners, bad) = Owners::parse("*.rs @a\nsrc/[ab].rs @b\n");
        assert_eq!(bad, [2]);
        assert_eq!(owners.of(&RepoPath::new("src/a.rs")), ["@a"]);
        assert!(Owners::parse("# nothing\n").0.is_empty());
    }
}
