//! Why there is nothing to analyse.

use std::{io, path::PathBuf};

use crate::ConfigError;

/// Why a run could not begin. Faults of single files are issues of its result instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A path to scan is not there.
    #[error("no such path: {}", .0.display())]
    PathNotFound(PathBuf),
    /// A path to scan cannot be looked at.
    #[error("cannot read {}: {}", .path.display(), .source.kind())]
    PathUnreadable {
        /// The path as it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The configuration file cannot be read.
    #[error("cannot read configuration {}: {}", .path.display(), .source.kind())]
    ConfigUnreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The configuration file cannot be understood.
    #[error(transparent)]
    Config(#[from] Box<ConfigError>),
    /// A pattern of [`crate::Options::exclude`] is none.
    #[error("bad glob `{glob}`: {why}")]
    BadGlob {
        /// The pattern.
        glob: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is no git repository.
    #[error("no git repository at {}: {why}", .path.display())]
    NoRepository {
        /// Where it was looked for.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A revision names no commit.
    #[error("`{revision}` names no commit that is here")]
    BadRevision {
        /// As it was given.
        revision: String,
        /// The copy is shallow, which may be why.
        shallow: bool,
    },
    /// A revision and what is there now have no commit in common.
    #[error("`{base}` and what is there now have no commit in common")]
    NoFork {
        /// The revision, as it was given.
        base: String,
        /// The copy is shallow, which may be why.
        shallow: bool,
    },
    /// The system gives no threads.
    #[error("cannot start {threads} threads: {why}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        why: String,
    },
}
