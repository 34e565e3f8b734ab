//! Git repositories: commits, trees, blobs. No git binary is needed, nothing is written, nothing is fetched.

mod diff;
mod ignores;
mod substitutes;
mod walk;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use bespoke_facts::IssueReason;
use gix::{ObjectId, ThreadSafeRepository, objs::Kind};

use self::substitutes::Substitutes;
pub(crate) use self::{
    diff::{Difference, Entry, differences, held_at},
    ignores::{Ignores, is_ignore_file},
    walk::{Commit, Range, Walk, commit, commits},
};
use crate::Error;

/// Memory for decoded objects, in bytes: trees that follow each other share most of theirs.
const OBJECT_CACHE: usize = 64 << 20;

/// A repository.
#[derive(Clone)]
pub(crate) struct Repository {
    shared: ThreadSafeRepository,
    substitutes: Arc<Substitutes>,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Repository").field(&self.git_dir()).finish()
    }
}

impl Repository {
    /// The repository that a folder is in, or that it is itself if it is bare.
    pub(crate) fn discover(folder: &Path) -> Result<Self, Error> {
        let no = |why: String| Error::NoRepository {
            path: folder.to_owned(),
            why,
        };
        let repository = gix::discover(folder).map_err(|error| no(error.to_string()))?;
        Ok(Self {
            substitutes: Arc::new(Substitutes::read(&repository)),
            shared: repository.into_sync(),
        })
    }

    /// Its objects, for one thread.
    pub(crate) fn objects(&self) -> Objects {
        let mut local = self.local();
        local.object_cache_size(OBJECT_CACHE);
        local.objects.ignore_replacements = true;
        Objects(local, Arc::clone(&self.substitutes))
    }

    fn local(&self) -> gix::Repository {
        self.shared.to_thread_local()
    }

    /// The work tree's folder; none of a bare repository.
    pub(crate) fn work_dir(&self) -> Option<PathBuf> {
        self.local()
            .workdir()
            .and_then(|dir| dir.canonicalize().ok())
    }

    pub(crate) fn git_dir(&self) -> &Path {
        self.shared.git_dir()
    }

    /// The commit that a revision names.
    pub(crate) fn resolve(&self, revision: &str) -> Result<ObjectId, Error> {
        let local = self.local();
        let commit = || {
            let id = local.rev_parse_single(revision).ok()?;
            Some(id.object().ok()?.peel_to_kind(Kind::Commit).ok()?.id)
        };
        // What gix says of its ways of looking helps nobody.
        commit().ok_or_else(|| Error::BadRevision {
            revision: revision.to_owned(),
            shallow: !self.shallow().is_empty(),
        })
    }

    /// The best commit that both lead to, if there is one.
    pub(crate) fn fork(&self, one: ObjectId, other: ObjectId) -> Option<ObjectId> {
        let local = self.local();
        let found = local.merge_base(one, other).ok().flatten()?;
        Some(found.detach())
    }

    /// Where history was cut off when the repository was copied.
    pub(crate) fn shallow(&self) -> Vec<ObjectId> {
        let cut = self.local().shallow_commits().ok().flatten();
        cut.map_or_else(Vec::new, |cut| cut.iter().copied().collect())
    }

    /// Which objects stand in for which others; empty in almost every repository.
    pub(crate) fn substitutes(&self) -> String {
        self.substitutes.said()
    }

    /// Names of the packs, sorted: others once objects that were missing have been fetched.
    pub(crate) fn packs(&self) -> String {
        let folder = self.local().objects.store_ref().path().join("pack");
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| Path::new(name).extension() == Some("idx".as_ref()))
            .collect();
        names.sort();
        names.join(" ")
    }

    /// Names and addresses that people go by now.
    pub(crate) fn mailmap(&self) -> gix::mailmap::Snapshot {
        self.local().open_mailmap()
    }

    /// Commits that have a tag, with its name without `refs/tags/`.
    pub(crate) fn tags(&self) -> Vec<(ObjectId, String)> {
        let mut tags = Vec::new();
        let local = self.local();
        let Ok(references) = local.references() else {
            return tags;
        };
        let Ok(all) = references.tags() else {
            return tags;
        };
        for mut tag in all.flatten() {
            let name = tag.name().shorten().to_string();
            if let Ok(id) = tag.peel_to_id() {
                tags.push((id.detach(), name));
            }
        }
        tags.sort();
        tags
    }
}

/// The objects of a repository, for one thread.
pub(crate) struct Objects(gix::Repository, Arc<Substitutes>);

impl Objects {
    /// How many bytes an object has; `None` if it is not there.
    pub(crate) fn size(&self, id: ObjectId) -> Option<u64> {
        let header = self.0.try_find_header(self.1.object(id)).ok().flatten()?;
        Some(header.size())
    }

    /// An object's bytes; `None` if it is not there, as in a partial clone.
    pub(crate) fn bytes(&self, id: ObjectId, kind: Kind) -> Option<Vec<u8>> {
        let mut object = self.0.try_find_object(self.1.object(id)).ok().flatten()?;
        (object.kind == kind).then(|| std::mem::take(&mut object.data))
    }

    /// The parents that a commit is said to have in place of its own.
    fn grafted(&self, commit: ObjectId) -> Option<&[ObjectId]> {
        self.1.parents(commit)
    }

    /// A blob's bytes, if there are no more than `limit`.
    pub(crate) fn blob(&self, id: ObjectId, limit: u64) -> Result<Vec<u8>, IssueReason> {
        let Some(bytes) = self.bytes(id, Kind::Blob) else {
            return Err(IssueReason::Unreadable(
                "the repository does not hold this blob (a partial clone?)".to_owned(),
            ));
        };
        let size = bytes.len() as u64;
        if size > limit {
            return Err(IssueReason::TooLarge { size, limit });
        }
        Ok(bytes)
    }
}
