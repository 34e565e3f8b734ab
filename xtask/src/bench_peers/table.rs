//! The peers: how each is asked, on which trees, and what it does that we do not, and the other way round.

/// What most of a tree is written in: a peer that reads none of it is not run on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Ecmascript,
    Python,
    Rust,
}

impl Family {
    /// As it is called in the report.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ecmascript => "TypeScript and JavaScript",
            Self::Python => "Python",
            Self::Rust => "Rust",
        }
    }

    /// That of a file by its name, where it is one of the three.
    fn of(path: &str) -> Option<Self> {
        match path.rsplit_once('.')?.1 {
            "ts" | "tsx" | "mts" | "cts" | "js" | "jsx" | "mjs" | "cjs" | "vue" | "svelte" => {
                Some(Self::Ecmascript)
            }
            "py" => Some(Self::Python),
            "rs" => Some(Self::Rust),
            _ => None,
        }
    }

    /// The one that most files are of.
    pub(super) fn most<'a>(paths: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut counts = [0_usize; 3];
        let all = [Self::Ecmascript, Self::Python, Self::Rust];
        for family in paths.filter_map(Self::of) {
            counts[family as usize] += 1;
        }
        // The first of equals, so that the same tree gives the same table.
        let most = *counts.iter().max()?;
        let at = counts.iter().position(|count| *count == most && most > 0)?;
        all.get(at).copied()
    }
}

/// A program that is held against ours.
pub(super) struct Peer {
    pub(super) name: &'static str,
    /// What is looked for in the folder of `--peers` and on PATH.
    pub(super) program: &'static str,
    /// How it is asked for its version.
    pub(super) version: &'static [&'static str],
    /// Trees that it can read; any tree where it is empty.
    pub(super) families: &'static [Family],
    /// Its arguments, with `{tree}`, `{cache}`, `{part}`, `{ast-grep}` and `{semgrep}` for paths that are known only
    /// when it runs. Without arguments it cannot run without a network.
    pub(super) args: &'static [&'static str],
    /// Whether it reads a history and not a tree.
    pub(super) history: bool,
    /// Most CPU time of ours, as a multiple of its own.
    pub(super) most: Option<f64>,
    /// What it does and does not, beside ours.
    pub(super) says: &'static str,
}

impl Peer {
    /// Whether a tree is for it.
    pub(super) fn reads(&self, family: Option<Family>) -> bool {
        self.families.is_empty() || family.is_some_and(|it| self.families.contains(&it))
    }

    /// Its command line, with words for the paths.
    pub(super) fn command(&self) -> String {
        let word = |arg: &&'static str| match *arg {
            "{tree}" => "TREE",
            "{cache}" => "CACHE",
            "{part}" => "FOLDER",
            "{ast-grep}" | "{semgrep}" => "RULES",
            other => other,
        };
        let words = std::iter::once(self.program).chain(self.args.iter().map(word));
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Everybody we are compared with, nearest in speed first.
pub(super) const PEERS: &[Peer] = &[
    Peer {
        name: "tokei",
        program: "tokei",
        version: &["--version"],
        families: &[],
        args: &["{tree}"],
        history: false,
        most: Some(1.5),
        says: "Counts lines of every text file, more languages than ours; parses nothing, so it knows no branch, no \
               function and no name.",
    },
    Peer {
        name: "ast-grep, 10 rules",
        program: "ast-grep",
        version: &["--version"],
        families: &[Family::Ecmascript, Family::Python, Family::Rust],
        args: &["scan", "--config", "{ast-grep}", "--json=stream", "{tree}"],
        history: false,
        most: Some(0.2),
        says: "Finds shapes of syntax that somebody wrote down, and can rewrite them; follows no name to another file, \
               measures nothing, and has to be told what to look for.",
    },
    Peer {
        name: "semgrep, 4 rules",
        program: "semgrep",
        version: &["--version"],
        families: &[Family::Ecmascript, Family::Python, Family::Rust],
        args: &[
            "scan",
            "--metrics",
            "off",
            "--disable-version-check",
            "--quiet",
            "--json",
            "--config",
            "{semgrep}",
            "{tree}",
        ],
        history: false,
        most: Some(0.01),
        says: "Matches shapes of code up to what means the same, with constants followed within a file, ours over files; \
               measures nothing, and has to be told what to look for.",
    },
    Peer {
        name: "rust-code-analysis",
        program: "rust-code-analysis-cli",
        version: &["--version"],
        families: &[Family::Rust],
        args: &["-m", "-O", "json", "-p", "{tree}"],
        history: false,
        most: Some(0.25),
        says: "Measures more of every function than ours (Halstead, ABC, maintainability); resolves no names, knows no \
               customers or flags, and ranks nothing.",
    },
    Peer {
        name: "lizard",
        program: "lizard",
        version: &["--version"],
        families: &[Family::Ecmascript, Family::Python, Family::Rust],
        args: &["{tree}"],
        history: false,
        most: None,
        says: "Complexity and length of functions in some thirty languages, from tokens; no names, no branches, no \
               sums. It ends with 1 where a function is over its limits.",
    },
    Peer {
        name: "radon",
        program: "radon",
        version: &["--version"],
        families: &[Family::Python],
        args: &["cc", "-a", "{tree}"],
        history: false,
        most: None,
        says: "Cyclomatic complexity of Python functions; nothing of what branches ask.",
    },
    Peer {
        name: "fallow flags",
        program: "fallow",
        version: &["--version"],
        families: &[Family::Ecmascript],
        args: &[
            "flags",
            "--root",
            "{tree}",
            "--no-cache",
            "--quiet",
            "--format",
            "json",
        ],
        history: false,
        most: None,
        says: "Lists feature flags by eleven SDKs and by names of environment variables; no customers or tenants, and \
               no measure of what hangs on a flag.",
    },
    Peer {
        name: "fallow health",
        program: "fallow",
        version: &["--version"],
        families: &[Family::Ecmascript],
        args: &[
            "health",
            "--root",
            "{tree}",
            "--no-cache",
            "--quiet",
            "--format",
            "json",
        ],
        history: false,
        most: None,
        says: "Complexity and maintainability of functions and files, and what its own score makes of them; does not \
               say which complexity is there for whom. It ends with 1 where there are findings.",
    },
    Peer {
        name: "hotspots",
        program: "hotspots",
        version: &["--version"],
        families: &[Family::Ecmascript, Family::Python, Family::Rust],
        args: &["analyze", "{tree}", "--format", "json"],
        history: false,
        most: None,
        says: "Risk of every function from its control flow; the tree is read without its history, so without churn. \
               No customers, no flags.",
    },
    Peer {
        name: "debtmap",
        program: "debtmap",
        version: &["--version"],
        families: &[Family::Rust, Family::Python],
        args: &["analyze", "{tree}", "--format", "json"],
        history: false,
        most: None,
        says: "Complexity against test coverage, with what a change would gain; no customers, no flags, no history \
               here.",
    },
    Peer {
        name: "ld-find-code-refs",
        program: "ld-find-code-refs",
        version: &["--version"],
        families: &[],
        args: &[],
        history: false,
        most: None,
        says: "Finds the flags that LaunchDarkly's API names, as text. Even a dry run asks that API, so it cannot be \
               measured without a network; no package registry that was tried holds it.",
    },
    Peer {
        name: "wily",
        program: "wily",
        version: &["--version"],
        families: &[Family::Python],
        args: &[
            "--cache",
            "{cache}",
            "build",
            "--max-revisions",
            "50",
            "{part}",
        ],
        history: true,
        most: None,
        says: "Complexity of Python files commit by commit, by checking each commit out; of each commit only the files \
               that it touched, and no customers or flags.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_of_what_most_files_are() {
        let of = |paths: &[&str]| Family::most(paths.iter().copied());
        assert_eq!(of(&["a.py", "b.rs", "c.rs", "d.md"]), Some(Family::Rust));
        assert_eq!(of(&["a.py", "b.rs"]), Some(Family::Python));
        assert_eq!(of(&["README.md", "Makefile"]), None);
    }

    #[test]
    fn a_peer_runs_where_it_can_read() {
        let peer = |name: &str| PEERS.iter().find(|it| it.name == name).unwrap();
        assert!(peer("tokei").reads(None));
        assert!(peer("radon").reads(Some(Family::Python)));
        assert!(!peer("radon").reads(Some(Family::Rust)));
        assert!(!peer("radon").reads(None));
    }

    #[test]
    fn command_lines_hold_no_paths() {
        let commands: String = PEERS.iter().map(Peer::command).collect();
        assert!(!commands.contains('{'), "{commands}");
    }
}
