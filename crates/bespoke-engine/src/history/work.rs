//! Whose work each row brings: the commits that are no merges, with the source files that they changed.
//!
//! A row's own author says little where branches are merged: who merges has not written what is merged.

use bespoke_analysis::{Row, Work};
use bespoke_extract::language_for_path;
use bespoke_facts::RepoPath;
use gix::ObjectId;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Reader,
    plan::{Plan, push_bytes},
};
use crate::git::{Commit, Objects, Repository, Walk, commit, differences};

/// A commit that is no merge.
#[derive(Clone, Debug)]
struct Single {
    id: ObjectId,
    tree: ObjectId,
    parent: Option<ObjectId>,
    author: (String, String),
    time: i64,
}

impl Single {
    /// `None` of a merge.
    fn of(commit: &Commit) -> Option<Self> {
        (commit.parents.len() <= 1).then(|| Self {
            id: commit.id,
            tree: commit.tree,
            parent: commit.parents.first().copied(),
            author: commit.author.clone(),
            time: commit.author_time.0,
        })
    }
}

/// What each row brings.
pub(super) struct Works<'a> {
    reader: &'a Reader<'a>,
    walk: &'a Walk,
    /// Positions in the walk, by row.
    chosen: &'a [usize],
    /// By row.
    brought: Vec<Vec<Single>>,
    base: u64,
    /// What was found for the rows from `first` on.
    found: Vec<Vec<Work>>,
    first: usize,
}

impl<'a> Works<'a> {
    /// Finds which commits each of the `chosen` ones brings: those that lead to it and to none before it.
    pub(super) fn new(
        reader: &'a Reader<'a>,
        repository: &Repository,
        walk: &'a Walk,
        chosen: &'a [usize],
        base: u64,
    ) -> Self {
        let objects = repository.objects();
        let mut seen: FxHashSet<ObjectId> = walk.commits.iter().map(|it| it.id).collect();
        let mut brought: Vec<Vec<Single>> = Vec::with_capacity(chosen.len());
        let mut next = chosen.iter().peekable();
        let mut open: Vec<Single> = Vec::new();
        for (at, one) in walk.commits.iter().enumerate() {
            open.extend(Single::of(one));
            let mut branch: Vec<ObjectId> = Vec::new();
            if !walk.cut.contains(&one.id) {
                branch.extend(one.parents.iter().skip(1));
            }
            while let Some(id) = branch.pop() {
                if walk.outside.contains(&id) || !seen.insert(id) {
                    continue;
                }
                if let Some(read) = commit(&objects, id) {
                    open.extend(Single::of(&read));
                    branch.extend(read.parents);
                }
            }
            match next.peek() {
                Some(chosen) if **chosen == at => {
                    next.next();
                    // What the first row brings began before it.
                    let is_first = brought.is_empty();
                    let own = std::mem::take(&mut open);
                    brought.push(if is_first && !one.parents.is_empty() {
                        Vec::new()
                    } else {
                        own
                    });
                }
                _ => {}
            }
        }
        for one in &mut brought {
            one.sort_by_key(|it| (it.time, it.id));
        }
        Self {
            reader,
            walk,
            chosen,
            brought,
            base,
            found: Vec::new(),
            first: 0,
        }
    }

    /// Reads what the rows of some positions bring. `plan`, of the rows from the given one on, knows most of it.
    pub(super) fn read(&mut self, rows: std::ops::Range<usize>, plan: Option<(&Plan, usize)>) {
        let brought = rows.clone().zip(&self.brought[rows.clone()]);
        let singles: Vec<(usize, &Single)> = brought
            .flat_map(|(row, singles)| singles.iter().map(move |single| (row, single)))
            .collect();
        let keys: Vec<Vec<u8>> = singles
            .iter()
            .map(|(_, it)| [b"work", &self.base.to_be_bytes()[..], it.id.as_bytes()].concat())
            .collect();
        let kept = self.reader.cache.results(&keys);
        let read: Vec<(Vec<RepoPath>, Option<Vec<u8>>)> = singles
            .par_iter()
            .zip(kept)
            .map_init(
                || (self.reader.repository.objects(), FxHashMap::default()),
                |(objects, known), ((row, single), kept)| {
                    let kept = kept.and_then(|bytes| postcard::from_bytes(&bytes).ok());
                    if let Some(files) = kept {
                        return (files, None);
                    }
                    let planned = plan.and_then(|plan| self.planned(plan, *row, single));
                    let (files, complete) =
                        planned.unwrap_or_else(|| self.files(objects, known, single));
                    let bytes = postcard::to_stdvec(&files).ok();
                    (files, bytes.filter(|_| complete))
                },
            )
            .collect();
        let new: Vec<(Vec<u8>, Vec<u8>)> = keys
            .into_iter()
            .zip(&read)
            .filter_map(|(key, (_, bytes))| Some((key, bytes.clone()?)))
            .collect();
        self.reader.cache.put_results(&new);
        let mut read = read.into_iter().map(|(files, _)| files);
        self.found = self.brought[rows.clone()]
            .iter()
            .map(|singles| {
                let works = singles.iter().zip(read.by_ref());
                works
                    .map(|(single, files)| Work {
                        commit: single.id.to_string(),
                        author: single.author.clone(),
                        time: single.time,
                        files,
                    })
                    .collect()
            })
            .collect();
        self.first = rows.start;
    }

    /// How many rows are read already.
    pub(super) fn until(&self) -> usize {
        self.first + self.found.len()
    }

    /// Puts what a row brings into it.
    pub(super) fn put(&mut self, at: usize, row: &mut Row) {
        if let Some(found) = at
            .checked_sub(self.first)
            .and_then(|at| self.found.get_mut(at))
        {
            row.work = std::mem::take(found);
        }
    }

    /// The same as [`Self::files`] of a commit that is a row of the plan and follows the row before.
    fn planned(
        &self,
        (plan, start): (&Plan, usize),
        row: usize,
        single: &Single,
    ) -> Option<(Vec<RepoPath>, bool)> {
        let id = |row: usize| self.walk.commits[self.chosen[row]].id;
        let before = row.checked_sub(1).filter(|before| *before >= start)?;
        if single.id != id(row) || single.parent != Some(id(before)) {
            return None;
        }
        let step = &plan.steps[row - start];
        let sources = plan.sources[step.sources.clone()].iter();
        let mut files: Vec<RepoPath> = sources
            .map(|path| plan.places[*path as usize].path.clone())
            .collect();
        files.sort();
        files.dedup();
        Some((files, !step.incomplete))
    }

    /// The source files of the product that a commit changed, by path; false where objects are missing.
    fn files(
        &self,
        objects: &Objects,
        known: &mut FxHashMap<Vec<u8>, Option<RepoPath>>,
        single: &Single,
    ) -> (Vec<RepoPath>, bool) {
        let mut complete = true;
        let before = match single.parent {
            None => None,
            Some(parent) => match commit(objects, parent) {
                Some(parent) => Some(parent.tree),
                // Nothing is known of what it changed.
                None => return (Vec::new(), false),
            },
        };
        let found = differences(objects, before, Some(single.tree), &mut |_| {
            complete = false;
        });
        let mut files: Vec<RepoPath> = found
            .into_iter()
            .filter_map(|(bytes, _)| {
                let path = known.entry(bytes).or_insert_with_key(|bytes| {
                    let mut text = String::with_capacity(bytes.len());
                    push_bytes(bytes, &mut text);
                    let path = RepoPath::new(text);
                    let choice = self.reader.choice;
                    let is_source = language_for_path(path.as_str()).is_some()
                        && choice.keeps(choice.role(&path));
                    is_source.then_some(path)
                });
                path.clone()
            })
            .collect();
        files.dedup();
        (files, complete)
    }
}
