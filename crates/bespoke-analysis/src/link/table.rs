//! The files of a tree by id, in the order of their paths.

use crate::{FileId, FileSet, SourceFile};

/// Files by id. Ids of a tree that is scanned once follow the paths; in one that changes, a file keeps its id, and an
/// id whose file is gone has none.
#[derive(Debug, Default)]
pub(crate) struct Table<'a> {
    files: Vec<Option<&'a SourceFile>>,
    /// Ids that have a file, by path.
    order: Vec<FileId>,
}

impl<'a> Table<'a> {
    /// The files of a set, which are sorted by path.
    pub(crate) fn of(set: &'a FileSet) -> Self {
        Self {
            files: set.files.iter().map(Some).collect(),
            order: (0..set.files.len()).map(super::file_id).collect(),
        }
    }

    /// Files with their ids, by path.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (FileId, &'a SourceFile)> + '_ {
        self.order.iter().map(|id| (*id, self.file(*id)))
    }

    /// The file of an id that has one.
    pub(crate) fn file(&self, id: FileId) -> &'a SourceFile {
        self.files[id.index()].expect("a file that others name is there")
    }

    /// The same, where it may be gone.
    pub(crate) fn get(&self, id: FileId) -> Option<&'a SourceFile> {
        self.files.get(id.index()).copied().flatten()
    }

    /// Gives an id a file, or takes its file away.
    pub(crate) fn put(&mut self, id: FileId, file: Option<&'a SourceFile>) {
        if let Some(old) = self.get(id) {
            let at = self.position(old.path.as_str());
            self.order.remove(at);
        }
        if self.files.len() <= id.index() {
            self.files.resize(id.index() + 1, None);
        }
        self.files[id.index()] = file;
        if let Some(file) = file {
            let at = self.position(file.path.as_str());
            self.order.insert(at, id);
        }
    }

    /// Where a path stands in the order, or would.
    fn position(&self, path: &str) -> usize {
        self.order
            .partition_point(|id| self.file(*id).path.as_str() < path)
    }
}
