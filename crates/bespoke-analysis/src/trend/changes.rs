//! What a commit did to source files: which lines, and whose.

use std::{collections::BTreeMap, ops::Range};

use bespoke_facts::RepoPath;
use imara_diff::{Algorithm, Diff, InternedInput, TokenSource};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

/// What a commit did to a source file of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileChange {
    /// Where it is, or was if it is gone.
    pub path: RepoPath,
    /// Where it was before, if it has another path now.
    pub from: Option<RepoPath>,
    /// It is there no more.
    pub gone: bool,
    /// Lines that are new.
    pub added: u32,
    /// Lines that are gone.
    pub deleted: u32,
    /// By dimension, of these lines those in units, conditions and guarded regions of any of its subjects.
    pub by_dimension: Vec<(String, u32)>,
    /// Dimension and key of each such subject, with its lines; a line may be several subjects'.
    pub by_subject: Vec<(String, String, u32)>,
}

/// Lines that differ, 0-based; one of both ranges may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hunk {
    pub(crate) before: Range<u32>,
    pub(crate) after: Range<u32>,
}

/// Least share of lines, in percent of the longer file's, that makes two paths one file; git's default too.
const SIMILAR: usize = 50;
/// Most pairs of paths that are compared line by line in one commit.
const MAX_PAIRS: usize = 20_000;

struct Lines<'a>(&'a [u32]);

impl<'a> TokenSource for Lines<'a> {
    type Token = u32;
    type Tokenizer = std::iter::Copied<std::slice::Iter<'a, u32>>;

    fn tokenize(&self) -> Self::Tokenizer {
        self.0.iter().copied()
    }

    fn estimate_tokens(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }
}

/// What differs between two versions, by Myers (1986), as git tells it by default.
pub(crate) fn hunks(before: &[u32], after: &[u32]) -> Vec<Hunk> {
    let same = |(a, b): &(&u32, &u32)| a == b;
    let start = before.iter().zip(after).take_while(same).count();
    let (before, after) = (&before[start..], &after[start..]);
    let end = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take_while(same)
        .count();
    let (before, after) = (&before[..before.len() - end], &after[..after.len() - end]);
    let shift = count(start);
    let moved = |range: Range<u32>| range.start + shift..range.end + shift;
    if before.is_empty() || after.is_empty() {
        let whole = Hunk {
            before: moved(0..count(before.len())),
            after: moved(0..count(after.len())),
        };
        let differs = !before.is_empty() || !after.is_empty();
        return differs.then_some(whole).into_iter().collect();
    }
    let input = InternedInput::new(Lines(before), Lines(after));
    let diff = Diff::compute(Algorithm::Myers, &input);
    diff.hunks()
        .map(|hunk| Hunk {
            before: moved(hunk.before),
            after: moved(hunk.after),
        })
        .collect()
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Lines of a file that subjects have, 0-based and inclusive, by subject.
#[derive(Clone, Debug)]
pub(crate) struct Owned<S>(BTreeMap<S, Vec<(u32, u32)>>);

impl<S> Default for Owned<S> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<S: Ord + Copy> Owned<S> {
    pub(crate) fn put(&mut self, subject: S, lines: (u32, u32)) {
        self.0.entry(subject).or_default().push(lines);
    }

    /// Adds, for each group of subjects, how many of some lines they have; a line counts once in a group.
    pub(crate) fn within<G: Ord>(
        &self,
        lines: &[Range<u32>],
        group: impl Fn(S) -> G,
        into: &mut BTreeMap<G, u32>,
    ) {
        let mut by_group: BTreeMap<G, Vec<(u32, u32)>> = BTreeMap::new();
        for (subject, owned) in &self.0 {
            by_group.entry(group(*subject)).or_default().extend(owned);
        }
        for (group, owned) in by_group {
            let mut found = 0;
            for (first, last) in merged(owned) {
                for range in lines {
                    let end = range.end.min(last.saturating_add(1));
                    found += end.saturating_sub(range.start.max(first));
                }
            }
            if found > 0 {
                *into.entry(group).or_default() += found;
            }
        }
    }
}

fn merged(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(open) if first <= open.1 => open.1 = open.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// Whether a change concerns lines: some of them are new, or some between them are gone.
pub(crate) fn touches(hunks: &[Hunk], first: u32, last: u32) -> bool {
    hunks.iter().any(|hunk| {
        let Range { start, end } = hunk.after;
        if start == end {
            first < start && start <= last
        } else {
            start <= last && first < end
        }
    })
}

/// Of paths that went and paths that came in one commit, those that are one file under another name: position in
/// `went`, position in `came`. Equal files first, then the most similar; each is taken once.
pub(crate) fn renames(went: &[(&str, &[u32])], came: &[(&str, &[u32])]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut taken = vec![false; went.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut equal: FxHashMap<(&str, &[u32]), Vec<usize>> = FxHashMap::default();
    for (at, of) in went.iter().enumerate().rev() {
        equal.entry(*of).or_default().push(at);
    }
    for (at, of) in came.iter().enumerate() {
        let found = Some(of).filter(|of| !of.1.is_empty());
        match found.and_then(|of| equal.get_mut(of)?.pop()) {
            Some(from) => {
                taken[from] = true;
                pairs.push((from, at));
            }
            None => open.push(at),
        }
    }
    let left: Vec<usize> = (0..went.len()).filter(|at| !taken[*at]).collect();
    if left.len().saturating_mul(open.len()) > MAX_PAIRS {
        return pairs;
    }
    let mut likely: Vec<(std::cmp::Reverse<usize>, usize, usize)> = Vec::new();
    for to in open {
        let (language, after) = came[to];
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        for line in after {
            *counts.entry(*line).or_default() += 1;
        }
        for from in &left {
            let (other, before) = went[*from];
            let longer = before.len().max(after.len());
            let shorter = before.len().min(after.len());
            if other != language || shorter * 100 < longer * SIMILAR || shorter == 0 {
                continue;
            }
            let mut counts = counts.clone();
            let common = before.iter().filter(|line| {
                counts.get_mut(line).is_some_and(|left| {
                    let any = *left > 0;
                    *left = left.saturating_sub(1);
                    any
                })
            });
            let share = common.count() * 100 / longer;
            if share >= SIMILAR {
                likely.push((std::cmp::Reverse(share), *from, to));
            }
        }
    }
    likely.sort_unstable();
    let mut done: FxHashSet<usize> = FxHashSet::default();
    for (_, from, to) in likely {
        if !taken[from] && done.insert(to) {
            taken[from] = true;
            pairs.push((from, to));
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hunk(before: Range<u32>, after: Range<u32>) -> Hunk {
        Hunk { before, after }
    }

    #[test]
    fn hunks_are_where_versions_differ() {
        assert_eq!(hunks(&[1, 2, 3], &[1, 2, 3]), []);
        assert_eq!(hunks(&[], &[7, 8]), [hunk(0..0, 0..2)]);
        assert_eq!(hunks(&[1, 2, 3, 4], &[1, 4]), [hunk(1..3, 1..1)]);
        assert_eq!(
            hunks(&[1, 2, 3, 4, 5, 6], &[1, 9, 3, 4, 8, 8, 6]),
            [hunk(1..2, 1..2), hunk(4..5, 4..6)]
        );
    }

    #[test]
    fn a_deletion_touches_what_it_was_in() {
        let deleted = [hunk(4..6, 4..4)];
        assert!(touches(&deleted, 2, 4) && touches(&deleted, 3, 9));
        assert!(!touches(&deleted, 0, 3) && !touches(&deleted, 4, 9));
        let added = [hunk(0..0, 4..6)];
        assert!(touches(&added, 5, 9) && touches(&added, 0, 4));
        assert!(!touches(&added, 6, 9) && !touches(&added, 0, 3));
    }

    #[test]
    fn a_line_counts_once_in_a_group() {
        let mut owned = Owned::default();
        owned.put(1, (0, 4));
        owned.put(2, (3, 6));
        let mut by_group = BTreeMap::new();
        owned.within(&[2..5, 6..9], |_| "customer", &mut by_group);
        let mut by_subject = BTreeMap::new();
        owned.within(&[2..5, 6..9], |subject| subject, &mut by_subject);
        assert_eq!(by_group, BTreeMap::from([("customer", 4)]));
        assert_eq!(by_subject, BTreeMap::from([(1, 3), (2, 3)]));
    }

    #[test]
    fn a_file_under_another_name_is_the_same_file() {
        let ts = |lines: &'static [u32]| ("typescript", lines);
        let went = [
            ts(&[1, 2, 3, 4]),
            ts(&[5, 6, 7]),
            ts(&[]),
            ("python", &[9, 9]),
        ];
        let came = [
            ts(&[5, 6, 8]),
            ts(&[1, 2, 3, 4]),
            ts(&[9, 9]),
            ts(&[]),
            ts(&[5, 6, 7, 7]),
        ];
        // The more similar of two wins; nothing is like nothing.
        assert_eq!(renames(&went, &came), [(0, 1), (1, 4)]);
    }
}
