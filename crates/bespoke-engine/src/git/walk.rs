//! Which commits there are, in what order.

use gix::{
    ObjectId,
    objs::{CommitRef, Kind},
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Objects, Repository};
use crate::Error;

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) id: ObjectId,
    pub(crate) tree: ObjectId,
    pub(crate) parents: Vec<ObjectId>,
    /// Name and address, as they are written.
    pub(crate) author: (String, String),
    /// When it was written, in seconds since 1970, and its zone's offset in seconds.
    pub(crate) author_time: (i64, i32),
    /// When it was put in, in seconds since 1970.
    pub(crate) time: i64,
    /// First line of its message.
    pub(crate) subject: String,
}

/// Which commits count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Range {
    /// Where to begin; by default `HEAD`.
    pub(crate) from: Option<ObjectId>,
    /// Commits that these lead to do not count.
    pub(crate) without: Vec<ObjectId>,
    /// All that lead there, not only each one's first parent.
    pub(crate) all: bool,
}

/// Commits, each after those that it follows.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    pub(crate) commits: Vec<Commit>,
    /// Commits whose parents are not there, because the copy is shallow or objects are missing.
    pub(crate) cut: FxHashSet<ObjectId>,
    /// Commits that lead to those that the range is without.
    pub(crate) outside: FxHashSet<ObjectId>,
}

/// The commits of a range, oldest first.
pub(crate) fn commits(repository: &Repository, range: &Range) -> Result<Walk, Error> {
    let objects = repository.objects();
    let from = match range.from {
        Some(id) => id,
        None => match repository.resolve("HEAD") {
            Ok(id) => id,
            // A repository that was just made.
            Err(_) if is_unborn(&objects) => return Ok(Walk::default()),
            Err(error) => return Err(error),
        },
    };
    let shallow: FxHashSet<ObjectId> = repository.shallow().into_iter().collect();
    let mut walk = Walk::default();
    let mut outside = FxHashSet::default();
    for id in &range.without {
        ancestors(&objects, *id, &shallow, &mut outside);
    }
    if range.all {
        everything(&objects, from, &shallow, &outside, &mut walk);
    } else {
        let mut next = Some(from);
        while let Some(id) = next {
            if outside.contains(&id) {
                break;
            }
            let Some(commit) = commit(&objects, id) else {
                if let Some(last) = walk.commits.last() {
                    walk.cut.insert(last.id);
                }
                break;
            };
            next = commit.parents.first().copied();
            if shallow.contains(&id) {
                walk.cut.insert(id);
                next = None;
            }
            walk.commits.push(commit);
        }
        walk.commits.reverse();
    }
    walk.outside = outside;
    Ok(walk)
}

fn is_unborn(objects: &Objects) -> bool {
    objects.0.head().is_ok_and(|head| head.is_unborn())
}

fn ancestors(
    objects: &Objects,
    from: ObjectId,
    shallow: &FxHashSet<ObjectId>,
    into: &mut FxHashSet<ObjectId>,
) {
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        if into.insert(id)
            && !shallow.contains(&id)
            && let Some(commit) = commit(objects, id)
        {
            open.extend(commit.parents);
        }
    }
}

/// Parents before children; of several ways the one whose commits stay together, so that trees that follow each other
/// differ little.
fn everything(
    objects: &Objects,
    from: ObjectId,
    shallow: &FxHashSet<ObjectId>,
    outside: &FxHashSet<ObjectId>,
    walk: &mut Walk,
) {
    let mut known: FxHashMap<ObjectId, Option<Commit>> = FxHashMap::default();
    let mut done: FxHashSet<ObjectId> = FxHashSet::default();
    // With the position of the parent to go to next.
    let mut open = vec![(from, 0)];
    while let Some((id, at)) = open.pop() {
        if done.contains(&id) || outside.contains(&id) {
            continue;
        }
        let read = known.entry(id).or_insert_with(|| commit(objects, id));
        let Some(commit) = read else {
            continue;
        };
        let parents: &[ObjectId] = if shallow.contains(&id) {
            &[]
        } else {
            &commit.parents
        };
        if let Some(parent) = parents.get(at) {
            let parent = *parent;
            open.push((id, at + 1));
            open.push((parent, 0));
            continue;
        }
        let is_there = |id: &ObjectId| done.contains(id) || outside.contains(id);
        if parents.len() < commit.parents.len() || !parents.iter().all(is_there) {
            walk.cut.insert(id);
        }
        done.insert(id);
        walk.commits.extend(known.remove(&id).flatten());
    }
}

/// Reads a commit; `None` if it is not there.
pub(crate) fn commit(objects: &Objects, id: ObjectId) -> Option<Commit> {
    let bytes = objects.bytes(id, Kind::Commit)?;
    let commit = CommitRef::from_bytes(&bytes, id.kind()).ok()?;
    let author = commit.author().ok()?;
    let committer = commit.committer().ok()?;
    let written = author.time().unwrap_or_default();
    let text = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    Some(Commit {
        id,
        tree: commit.tree(),
        parents: match objects.grafted(id) {
            Some(parents) => parents.to_vec(),
            None => commit.parents().collect(),
        },
        author: (text(author.name), text(author.email)),
        author_time: (written.seconds, written.offset),
        time: committer.time().unwrap_or_default().seconds,
        subject: text(commit.message_summary().as_ref()),
    })
}
