//! Patterns of files to leave out.

use bespoke_facts::RepoPath;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns in the form of `.gitignore`, relative to the root.
#[derive(Clone, Debug)]
pub(crate) struct Globs(Gitignore);

impl Default for Globs {
    fn default() -> Self {
        Self(Gitignore::empty())
    }
}

impl Globs {
    pub(crate) fn builder() -> GlobsBuilder {
        GlobsBuilder(GitignoreBuilder::new(""))
    }

    /// Whether the patterns take out a file, by itself or with a folder around it.
    pub(crate) fn matches(&self, path: &RepoPath) -> bool {
        !self.0.is_empty()
            && self
                .0
                .matched_path_or_any_parents(path.as_str(), false)
                .is_ignore()
    }
}

/// Patterns so far.
pub(crate) struct GlobsBuilder(GitignoreBuilder);

impl GlobsBuilder {
    /// Adds a pattern; the error says what is wrong with it.
    pub(crate) fn add(&mut self, glob: &str) -> Result<(), String> {
        // An ignore file may hold empty lines and comments; here they would be a pattern that takes out nothing.
        if glob.trim().is_empty() {
            return Err("it is empty".to_owned());
        }
        if glob.starts_with('#') {
            return Err("it is a comment; write `\\#` for a leading `#`".to_owned());
        }
        match self.0.add_line(None, glob) {
            Ok(_) => Ok(()),
            Err(ignore::Error::Glob { err, .. }) => Err(err),
            Err(error) => Err(error.to_string()),
        }
    }

    pub(crate) fn build(self) -> Globs {
        // Every pattern has been compiled once by `add`; together they can only grow too large.
        Globs(self.0.build().unwrap_or_else(|_| Gitignore::empty()))
    }
}
