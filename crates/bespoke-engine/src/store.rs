//! Where the bytes of a tree's files are: on the disk, or in a repository's objects.

use bespoke_facts::{ContentId, IssueReason, RepoPath};
use gix::ObjectId;
use rustc_hash::FxHashMap;

use crate::{Entry, git::Repository, read::read};

/// Bytes of listed files.
pub(crate) trait Store: std::fmt::Debug + Send + Sync {
    /// Fills `buffer` with a file's bytes, if there are no more than `limit`.
    fn read(&self, entry: &Entry, limit: u64, buffer: &mut Vec<u8>) -> Result<(), IssueReason>;

    /// What is known of a file's bytes before they are read.
    fn id(&self, entry: &Entry) -> Option<ContentId>;
}

/// The disk, which may change while it is read.
#[derive(Debug)]
pub(crate) struct Disk;

impl Store for Disk {
    fn read(&self, entry: &Entry, limit: u64, buffer: &mut Vec<u8>) -> Result<(), IssueReason> {
        read(&entry.file, limit, buffer)
    }

    fn id(&self, _: &Entry) -> Option<ContentId> {
        None
    }
}

/// A commit's tree.
#[derive(Debug)]
pub(crate) struct Blobs {
    pub(crate) repository: Repository,
    pub(crate) ids: FxHashMap<RepoPath, ObjectId>,
}

impl Store for Blobs {
    fn read(&self, entry: &Entry, limit: u64, buffer: &mut Vec<u8>) -> Result<(), IssueReason> {
        let id = self.ids.get(&entry.path).ok_or(IssueReason::Vanished)?;
        *buffer = self.repository.objects().blob(*id, limit)?;
        Ok(())
    }

    fn id(&self, entry: &Entry) -> Option<ContentId> {
        self.ids.get(&entry.path).map(|id| content_id(*id))
    }
}

/// The first 20 bytes of a blob's id: all of one that is made by SHA-1.
pub(crate) fn content_id(id: ObjectId) -> ContentId {
    let mut bytes = [0; 20];
    bytes.copy_from_slice(&id.as_bytes()[..20]);
    ContentId(bytes)
}
