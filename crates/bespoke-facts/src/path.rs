//! Paths inside a repository.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A path relative to the scanned root, with `/` between its parts, whatever the system uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RepoPath(Box<str>);

impl RepoPath {
    /// Takes a relative path written with `/`.
    pub fn new(path: impl Into<Box<str>>) -> Self {
        Self(path.into())
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// All but the last part; empty at the root.
    pub fn parent(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(parent, _)| parent)
    }

    /// The file name up to its first dot.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        match name.find('.') {
            Some(at) if at > 0 => &name[..at],
            _ => name,
        }
    }

    /// The parts of the path, the file name last.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
