//! What became of each variation point between two states: a point is known again through moves, renames, reformatting and
//! edits around it.

use std::collections::BTreeMap;

/// A point, as much of it as tells it from others. It is the same in reports and analyses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known<'a> {
    /// Name of its kind.
    pub kind: &'a str,
    /// Names of its subjects, sorted.
    pub subjects: &'a [&'a str],
    /// The condition as normalised text.
    pub text: &'a str,
    /// The function it stands in; nothing outside of any.
    pub function: &'a str,
    /// Its file or folder.
    pub path: &'a str,
    /// First line.
    pub line: u32,
    /// Fingerprint: kind, path, function, text and ordinal.
    pub fingerprint: &'a str,
}

/// What became of a point. Numbers are positions in the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is where it was, whatever its line is.
    Kept(usize, usize),
    /// It is in another file or function.
    Moved(usize, usize),
    /// Its condition asks for something else, or for somebody else too.
    Changed(usize, usize),
    /// It is gone, and the point at the second position asks for its subjects in its place.
    Absorbed(usize, usize),
    /// It is gone.
    Resolved(usize),
    /// It came.
    Introduced(usize),
}

/// Pairs points, the surest pairs first; each point has one fate. In the order of [`Fate`].
///
/// A pair is made of points that agree in, one after the other: the fingerprint; kind, subjects, text, function and the
/// file's name; the same without the file's name; kind, subjects and text, first in one file, then anywhere; at last kind,
/// file and function, where one's subjects are among the other's. Of several that fit, the first goes with the first.
#[must_use]
pub fn compare(before: &[Known<'_>], after: &[Known<'_>]) -> Vec<Fate> {
    let mut pairs = Pairs {
        before,
        after,
        left: (0..before.len()).collect(),
        new: (0..after.len()).collect(),
        fates: Vec::new(),
    };
    pairs.by(Fate::Kept, |it| vec![it.fingerprint]);
    pairs.by(Fate::Kept, |it| of(it, &[it.path, it.function]));
    pairs.by(Fate::Moved, |it| of(it, &[name_of(it.path), it.function]));
    pairs.by(Fate::Moved, |it| of(it, &["function", it.function]));
    pairs.by(Fate::Moved, |it| of(it, &["path", it.path]));
    pairs.by(Fate::Moved, |it| of(it, &[]));
    pairs.changed();
    pairs.absorbed();
    let mut fates = pairs.fates;
    fates.extend(pairs.left.into_iter().map(Fate::Resolved));
    fates.extend(pairs.new.into_iter().map(Fate::Introduced));
    fates.sort_unstable();
    fates
}

/// What has to be equal.
fn of<'a>(it: &Known<'a>, more: &[&'a str]) -> Vec<&'a str> {
    let mut key = vec![it.kind, it.text];
    key.extend(it.subjects);
    // No name of a subject is empty, so it parts them from the rest.
    key.push("");
    key.extend(more);
    key
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

struct Pairs<'a> {
    before: &'a [Known<'a>],
    after: &'a [Known<'a>],
    /// What has no pair yet.
    left: Vec<usize>,
    new: Vec<usize>,
    fates: Vec<Fate>,
}

impl<'a> Pairs<'a> {
    /// Pairs what has equal keys, in order.
    fn by(&mut self, fate: fn(usize, usize) -> Fate, key: impl Fn(&Known<'a>) -> Vec<&'a str>) {
        let mut waiting: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
        for at in self.new.iter().rev() {
            waiting.entry(key(&self.after[*at])).or_default().push(*at);
        }
        let mut paired = Vec::new();
        self.left.retain(|at| {
            let found = waiting.get_mut(&key(&self.before[*at]));
            let Some(other) = found.and_then(Vec::pop) else {
                return true;
            };
            paired.push((*at, other));
            false
        });
        self.take(&paired, fate);
    }

    fn take(&mut self, paired: &[(usize, usize)], fate: fn(usize, usize) -> Fate) {
        let mut taken: Vec<usize> = paired.iter().map(|(_, other)| *other).collect();
        taken.sort_unstable();
        self.new.retain(|at| taken.binary_search(at).is_err());
        self.fates
            .extend(paired.iter().map(|(at, other)| fate(*at, *other)));
    }

    /// Pairs what stands in one function, of one kind, where one's subjects are among the other's.
    fn changed(&mut self) {
        let mut paired: Vec<(usize, usize)> = Vec::new();
        let mut taken = vec![false; self.after.len()];
        let by_place = self.by_place(&self.new);
        self.left.retain(|at| {
            let one = &self.before[*at];
            let near = by_place.get(&(one.kind, one.path, one.function));
            let fits = |other: &&usize| {
                !taken[**other] && is_related(one.subjects, self.after[**other].subjects)
            };
            let Some(other) = near.and_then(|near| near.iter().find(fits)) else {
                return true;
            };
            taken[*other] = true;
            paired.push((*at, *other));
            false
        });
        self.take(&paired, Fate::Changed);
    }

    /// What is gone from a function in which another point asks for all of its subjects now, and did not before.
    fn absorbed(&mut self) {
        let grown: Vec<(usize, usize)> = self
            .fates
            .iter()
            .filter_map(|fate| match fate {
                Fate::Changed(was, is) => Some((*was, *is)),
                _ => None,
            })
            .collect();
        let mut absorbed = Vec::new();
        self.left.retain(|at| {
            let one = &self.before[*at];
            let into = grown.iter().find(|(was, is)| {
                let (was, is) = (&self.before[*was], &self.after[*is]);
                (is.kind, is.path, is.function) == (one.kind, one.path, one.function)
                    && has_all(is.subjects, one.subjects)
                    && !has_all(was.subjects, one.subjects)
            });
            if let Some((_, is)) = into {
                absorbed.push(Fate::Absorbed(*at, *is));
            }
            into.is_none()
        });
        self.fates.extend(absorbed);
    }

    fn by_place(&self, some: &[usize]) -> BTreeMap<(&'a str, &'a str, &'a str), Vec<usize>> {
        let mut by_place: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for at in some {
            let it = &self.after[*at];
            let place = (it.kind, it.path, it.function);
            by_place.entry(place).or_default().push(*at);
        }
        by_place
    }
}

fn has_all(all: &[&str], some: &[&str]) -> bool {
    some.iter().all(|it| all.contains(it))
}

fn is_related(one: &[&str], other: &[&str]) -> bool {
    has_all(one, other) || has_all(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point<'a>(
        path: &'a str,
        function: &'a str,
        subjects: &'a [&'a str],
        text: &'a str,
        fingerprint: &'a str,
    ) -> Known<'a> {
        Known {
            kind: "customer_branch",
            subjects,
            text,
            function,
            path,
            line: 0,
            fingerprint,
        }
    }

    #[test]
    fn moves_renames_and_shifted_ordinals_are_no_news() {
        let acme = &["acme"][..];
        let before = [
            point("a.ts", "f", acme, "x == acme", "1"),
            // Two of one text: the first goes, so the second becomes the first.
            point("a.ts", "g", acme, "y == acme", "2"),
            point("a.ts", "g", acme, "y == acme", "3"),
            point("old/b.ts", "h", acme, "z == acme", "4"),
            point("c.ts", "one", acme, "w == acme", "5"),
        ];
        let after = [
            point("a.ts", "f", acme, "x == acme", "1"),
            point("a.ts", "g", acme, "y == acme", "2"),
            point("c.ts", "two", acme, "w == acme", "6"),
            point("new/b.ts", "h", acme, "z == acme", "7"),
        ];
        assert_eq!(
            compare(&before, &after),
            [
                Fate::Kept(0, 0),
                Fate::Kept(1, 1),
                Fate::Moved(3, 3),
                Fate::Moved(4, 2),
                Fate::Resolved(2)
            ]
        );
    }

    #[test]
    fn a_list_that_grows_is_a_change_and_takes_in_others() {
        let (acme, globex, both) = (&["acme"][..], &["globex"][..], &["acme", "globex"][..]);
        let before = [
            point("a.ts", "f", acme, "x == acme", "1"),
            point("a.ts", "f", globex, "x == globex", "2"),
            point("b.ts", "f", globex, "x == globex", "3"),
        ];
        let after = [point("a.ts", "f", both, "x in [acme, globex]", "4")];
        assert_eq!(
            compare(&before, &after),
            [Fate::Changed(0, 0), Fate::Absorbed(1, 0), Fate::Resolved(2)]
        );
        assert_eq!(
            compare(&after, &before[..1]),
            [Fate::Changed(0, 0)],
            "and back"
        );
    }

    #[test]
    fn somebody_else_in_the_same_function_is_news() {
        let before = [point("a.ts", "f", &["acme"], "x == acme", "1")];
        let after = [point("a.ts", "f", &["globex"], "x == globex", "2")];
        assert_eq!(
            compare(&before, &after),
            [Fate::Resolved(0), Fate::Introduced(0)]
        );
        assert_eq!(compare(&[], &after), [Fate::Introduced(0)]);
    }
}
