//! What the answers about one file were taken from, so that they are asked for again where that changes.

use std::cell::{Cell, RefCell};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::FileId;

/// Notes what is read while answers about a file are worked out. Off unless [`Tracer::on`] was called: a tree that is
/// scanned once has no use for it.
#[derive(Debug, Default)]
pub(crate) struct Tracer {
    enabled: Cell<bool>,
    about: Cell<FileId>,
    read: RefCell<FxHashMap<FileId, Reads>>,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    /// Other files whose facts were read.
    pub(crate) files: FxHashSet<FileId>,
    /// Hashes of [`Question`]s to the tree as a whole.
    pub(crate) questions: FxHashSet<u64>,
}

/// What else than a file's facts an answer can come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Question<'q> {
    /// Whether there is a source file, or a folder that holds one, at this path.
    Path(&'q str),
    /// Which functions of the tree have this name, and whose methods they are.
    Function(&'q str),
    /// Where Python looks for this module or package.
    PythonRoot(&'q str),
    /// Which file holds a Django project's settings.
    PythonSettings,
    /// Rust's tree of modules.
    RustModules,
    /// By which positions its modules are known.
    RustPlaces,
}

impl Question<'_> {
    /// Equal for equal questions in one run of the program.
    pub(crate) fn hash(self) -> u64 {
        use std::hash::{BuildHasher, BuildHasherDefault};
        BuildHasherDefault::<rustc_hash::FxHasher>::default().hash_one(self)
    }
}

impl Tracer {
    /// Starts to take notes.
    pub(crate) fn on(&self) {
        self.enabled.set(true);
    }

    /// Whether notes are taken.
    pub(crate) fn is_on(&self) -> bool {
        self.enabled.get()
    }

    /// From now on, answers are about `file`.
    pub(crate) fn about(&self, file: FileId) {
        self.about.set(file);
    }

    /// Notes that a file's facts are read.
    pub(crate) fn file(&self, file: FileId) {
        if self.enabled.get() && self.about.get() != file {
            let mut read = self.read.borrow_mut();
            read.entry(self.about.get()).or_default().files.insert(file);
        }
    }

    /// Notes that the tree is asked.
    pub(crate) fn ask(&self, question: Question<'_>) {
        if self.enabled.get() {
            let mut read = self.read.borrow_mut();
            let reads = read.entry(self.about.get()).or_default();
            reads.questions.insert(question.hash());
        }
    }

    /// What was read since the last time this was asked, by the file that it was read for.
    pub(crate) fn take(&self) -> FxHashMap<FileId, Reads> {
        self.read.take()
    }
}
