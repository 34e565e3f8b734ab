//! Names across files: what an import, a constant, a call refers to.

use crate::FileSet;

/// A linked tree.
#[derive(Debug)]
pub(crate) struct Model<'a> {
    /// What was linked.
    pub(crate) set: &'a FileSet,
}

/// Links the files of a tree.
pub(crate) fn link(set: &FileSet) -> Model<'_> {
    Model { set }
}
