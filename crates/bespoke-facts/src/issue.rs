//! What could not be read or understood. Nothing is dropped without one.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{RepoPath, Span};

/// Why (part of) a file is missing from the facts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum IssueReason {
    /// The file could not be read; the system's own words.
    Unreadable(String),
    /// The file vanished between being listed and being read.
    Vanished,
    /// Larger than the limit; both in bytes.
    TooLarge {
        /// Size of the file in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// Holds NUL bytes: not source text.
    Binary,
    /// A pointer of Git LFS: the file's content is kept elsewhere.
    LfsPointer,
    /// Not UTF-8; the byte where it stops being so. The file was read with the bad bytes replaced.
    NotUtf8 {
        /// Bytes before the first bad one.
        valid_up_to: usize,
    },
    /// The grammar met text it does not accept; what it did accept is in the facts.
    Syntax {
        /// How many separate places.
        places: u32,
    },
    /// Nested deeper than the reader follows; what lies deeper is missing.
    TooDeep {
        /// Levels followed.
        limit: u32,
    },
    /// Reading this file took longer than its budget.
    TimedOut,
    /// A fault in this program, caught; the file is missing from the facts.
    Panicked(String),
    /// A fault in one of the readers for this language, caught; another one read the file.
    Reader {
        /// The reader at fault, as `--engine` names it.
        engine: String,
        /// What it said.
        why: String,
    },
    /// The file's name is not UTF-8; paths show its bad bytes escaped. The file was read.
    PathNotUtf8,
    /// A link that leads out of the tree, or in a circle: not followed.
    LinkNotFollowed,
    /// A file of the project's own set-up (manifest, configuration) that could not be understood.
    Manifest(String),
}

impl IssueReason {
    /// Stable name of the reason, for reports.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Vanished => "vanished",
            Self::TooLarge { .. } => "too-large",
            Self::Binary => "binary",
            Self::LfsPointer => "lfs-pointer",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::Syntax { .. } => "syntax",
            Self::TooDeep { .. } => "too-deep",
            Self::TimedOut => "timed-out",
            Self::Panicked(_) => "panicked",
            Self::Reader { .. } => "reader",
            Self::PathNotUtf8 => "path-not-utf8",
            Self::LinkNotFollowed => "link-not-followed",
            Self::Manifest(_) => "manifest",
        }
    }

    /// Whether the file as a whole is missing from the facts, not only a part of it.
    pub fn loses_file(&self) -> bool {
        !matches!(
            self,
            Self::Syntax { .. }
                | Self::TooDeep { .. }
                | Self::NotUtf8 { .. }
                | Self::Reader { .. }
                | Self::PathNotUtf8
                | Self::Manifest(_)
        )
    }
}

impl fmt::Display for IssueReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "could not be read: {why}"),
            Self::Vanished => f.write_str("vanished while it was being read"),
            Self::TooLarge { size, limit } => write!(f, "{size} bytes, over the limit of {limit}"),
            Self::Binary => f.write_str("binary, though its name says source"),
            Self::LfsPointer => f.write_str("a pointer of Git LFS; what it stands for is not here"),
            Self::NotUtf8 { valid_up_to } => write!(
                f,
                "not UTF-8 from byte {valid_up_to} on; bad bytes were replaced"
            ),
            Self::Syntax { places } => write!(
                f,
                "{places} place(s) the grammar does not accept; the rest was read"
            ),
            Self::TooDeep { limit } => write!(
                f,
                "nested over {limit} levels; what lies deeper was not read"
            ),
            Self::TimedOut => f.write_str("took longer than its time budget"),
            Self::Panicked(why) => write!(f, "a fault in bespoke: {why}"),
            Self::Reader { engine, why } => {
                write!(
                    f,
                    "a fault in the reader {engine}, another one read the file: {why}"
                )
            }
            Self::PathNotUtf8 => f.write_str("its name is not UTF-8; bad bytes are shown escaped"),
            Self::LinkNotFollowed => {
                f.write_str("a link out of the tree or in a circle; not followed")
            }
            Self::Manifest(why) => write!(f, "could not be understood: {why}"),
        }
    }
}

/// Something that is missing from the facts, where and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Issue {
    /// The file.
    pub path: RepoPath,
    /// The place in it, where one can be named.
    pub span: Option<Span>,
    /// What happened.
    pub reason: IssueReason,
}
