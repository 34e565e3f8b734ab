//! Why a command stopped, as the user sees it.

use std::{fmt, io};

/// A message, and what may help.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hints: Vec<String>,
    is_broken_pipe: bool,
    is_no_history: bool,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hints: Vec::new(),
            is_broken_pipe: false,
            is_no_history: false,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Whether there is no repository, or no commit in it.
    pub(crate) fn is_no_history(&self) -> bool {
        self.is_no_history
    }

    /// Whether somebody stopped reading our output, which is no failure.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.is_broken_pipe
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        self.hints
            .iter()
            .try_for_each(|hint| write!(f, "\n hint: {hint}"))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let is_broken_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Self {
            is_broken_pipe,
            ..Self::new(format!("cannot write the output: {error}"))
        }
    }
}

impl From<bespoke_engine::Error> for Failure {
    fn from(error: bespoke_engine::Error) -> Self {
        use bespoke_engine::Error;
        let mut failure = Self::new(error.to_string());
        failure.is_no_history = matches!(
            error,
            Error::NoRepository { .. } | Error::BadRevision { .. }
        );
        match error {
            Error::PathNotFound(_) => {
                failure.hint("`bespoke scan` reads folders and files: is the path right from here?")
            }
            Error::Config(_) => {
                failure.hint("`bespoke schema config` describes the file; --no-config does without")
            }
            Error::ConfigUnreadable { .. } => failure.hint("`bespoke init` writes one"),
            Error::BadRevision { shallow: true, .. } | Error::NoFork { shallow: true, .. } => failure
                .hint("this is a shallow copy: fetch all of history (fetch-depth: 0, GIT_DEPTH: \"0\")"),
            Error::BadRevision { revision, .. } if revision == "HEAD" => {
                failure.hint("the repository has no commit yet")
            }
            Error::BadRevision { .. } => {
                failure.hint("is it fetched? `git fetch` brings branches of others, `git log` names commits")
            }
            Error::NoFork { .. } => failure.hint("name a revision with which it shares history"),
            Error::Threads { .. } => failure.hint("try a smaller --threads"),
            _ => failure,
        }
    }
}
