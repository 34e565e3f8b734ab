//! What custom work cost before: how long it took to build, to keep, and to be rid of.

use std::collections::BTreeMap;

use bespoke_facts::RepoPath;
use rustc_hash::FxHashMap;

use super::{
    Activity, Life, Survival,
    activity::{DAY, position},
};
use crate::metrics::capacity_share::is_custom;

/// Days from the first change on in which work for a customer counts as building; later work is upkeep.
pub const BUILD_DAYS: i64 = 90;
/// Days of a quarter.
const QUARTER: f64 = 365.25 / 4.0;
/// Fewest customers of which a range is told; fewer are told one by one.
pub const MIN_PRECEDENTS: usize = 3;

/// Less work than this, in author-days, is a mention: a name in a list, not something that was built.
pub const MIN_WORK: f64 = 0.5;

/// What work for customers cost in a part of a tree. Effort is in author-days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quote {
    /// Customers with work there, the dearest to build first.
    pub precedents: Vec<Precedent>,
    /// Customers with less than [`MIN_WORK`] there, which are no precedents.
    pub mentions: usize,
    /// To build: of those that have been there for [`BUILD_DAYS`]; `None` of fewer than [`MIN_PRECEDENTS`].
    pub build: Option<Range>,
    /// Upkeep in a quarter: of those that have been there for a quarter longer.
    pub carry: Option<Range>,
    /// How long they stay.
    pub survival: Survival,
}

/// A tenth, a half and nine tenths of some values are at or below these.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Range {
    /// The tenth.
    pub low: f64,
    /// The half.
    pub median: f64,
    /// Nine tenths.
    pub high: f64,
    /// Of how many values.
    pub of: usize,
}

/// A customer with work there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Precedent {
    /// `customer`, or a dimension of the user's.
    pub dimension: String,
    /// As it was written last.
    pub name: String,
    /// When work began, in days since 1970.
    pub since: i64,
    /// When its last point went, if it has none any more.
    pub until: Option<i64>,
    /// Effort in the first [`BUILD_DAYS`].
    pub build: f64,
    /// Effort in a quarter after that; `None` where less than a quarter is known.
    pub carry: Option<f64>,
    /// Effort in all.
    pub total: f64,
    /// People who worked on it.
    pub authors: usize,
    /// It is so young that it is still being built.
    pub is_young: bool,
    /// It was there when history begins, so that its building is not known, or not wholly.
    pub is_old: bool,
}

impl Range {
    fn of(mut values: Vec<f64>) -> Option<Self> {
        if values.len() < MIN_PRECEDENTS {
            return None;
        }
        values.sort_by(f64::total_cmp);
        // Nearest rank.
        let at = |tenths: usize| values[(values.len() * tenths).div_ceil(10).max(1) - 1];
        Some(Self {
            low: at(1),
            median: at(5),
            high: at(9),
            of: values.len(),
        })
    }
}

impl Activity {
    /// What work for customers cost in the files of which `within` is told, whatever they are or were called.
    pub fn quote(&self, within: &dyn Fn(&RepoPath) -> bool) -> Quote {
        let chosen: Vec<bool> = self
            .files
            .iter()
            .map(|log| {
                let names = log.names.iter().map(|(_, name)| name);
                within(&log.first_path) || within(&log.path) || names.into_iter().any(within)
            })
            .collect();
        let mut per_day: FxHashMap<(u32, i64), u32> = FxHashMap::default();
        for it in &self.counted {
            *per_day.entry((it.author, it.day)).or_default() += 1;
        }
        // Day, author and effort of each subject there.
        let mut work: BTreeMap<u32, Vec<(i64, u32, f64)>> = BTreeMap::new();
        for it in &self.counted {
            let effort = 1.0 / f64::from(per_day[&(it.author, it.day)]);
            for (file, subject, share) in &it.subjects {
                if chosen[*file as usize] && *share > 0.0 {
                    let known = work.entry(*subject).or_default();
                    known.push((it.day, it.author, effort * share));
                }
            }
        }
        let lives: BTreeMap<(&str, &str), &Life> = self
            .lives
            .all()
            .map(|life| ((life.dimension.as_str(), life.key.as_str()), life))
            .collect();
        let mut quote = Quote::default();
        let mut ages = Vec::new();
        for (id, ((dimension, key), _)) in self.subjects.iter().enumerate() {
            let Some(work) = work.get(&position(id)).filter(|_| is_custom(dimension)) else {
                continue;
            };
            let life = lives.get(&(dimension.as_str(), key.as_str())).copied();
            let precedent = self.precedent(dimension, key, work, life);
            if precedent.total < MIN_WORK {
                quote.mentions += 1;
                continue;
            }
            let end = precedent.until.unwrap_or(self.last.div_euclid(DAY));
            if !precedent.is_old {
                #[expect(clippy::cast_precision_loss, reason = "days are few")]
                ages.push((
                    (end - precedent.since).max(0) as f64,
                    precedent.until.is_some(),
                ));
            }
            quote.precedents.push(precedent);
        }
        let built = quote
            .precedents
            .iter()
            .filter(|it| !it.is_young && !it.is_old);
        quote.build = Range::of(built.map(|it| it.build).collect());
        quote.carry = Range::of(quote.precedents.iter().filter_map(|it| it.carry).collect());
        quote.survival = Survival::of(&ages);
        quote
            .precedents
            .sort_by(|a, b| b.build.total_cmp(&a.build).then(a.name.cmp(&b.name)));
        quote
    }

    fn precedent(
        &self,
        dimension: &str,
        key: &str,
        work: &[(i64, u32, f64)],
        life: Option<&Life>,
    ) -> Precedent {
        let since = work.iter().map(|it| it.0).min().unwrap_or(0);
        let died = life
            .and_then(|life| life.died.as_ref())
            .map(|mark| mark.time.div_euclid(DAY));
        let now = self.last.div_euclid(DAY);
        let end = died.unwrap_or(now).max(since);
        let sum = |of: &dyn Fn(i64) -> bool| -> f64 {
            work.iter().filter(|it| of(it.0)).map(|it| it.2).sum()
        };
        let build = sum(&|day| day < since + BUILD_DAYS);
        let later = sum(&|day| day >= since + BUILD_DAYS && day <= end);
        #[expect(clippy::cast_precision_loss, reason = "days are few")]
        let quarters = (end - since - BUILD_DAYS) as f64 / QUARTER;
        let authors: std::collections::BTreeSet<u32> = work.iter().map(|it| it.1).collect();
        Precedent {
            dimension: dimension.to_owned(),
            name: life.map_or_else(|| key.to_owned(), |life| life.name.clone()),
            since,
            until: died,
            build,
            carry: (quarters >= 1.0).then(|| later / quarters),
            total: sum(&|_| true),
            authors: authors.len(),
            is_young: died.is_none() && now - since < BUILD_DAYS,
            is_old: self.cut && life.is_some_and(|life| Some(life.born.time) == self.first),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trend::activity::{Counted, FileLog, SubjectLog};

    /// Acme took 3 author-days in its first weeks and 1 in each of eight quarters after; a flag is no customer.
    #[test]
    fn building_and_keeping_are_told_apart() {
        let mut activity = Activity {
            last: 820 * DAY,
            first: Some(0),
            ..Activity::default()
        };
        for path in ["src/acme.ts", "lib/acme.ts"] {
            activity.files.push(FileLog {
                path: RepoPath::new(path),
                first_path: RepoPath::new(path),
                ..FileLog::default()
            });
        }
        for dimension in ["customer", "flag"] {
            let key = (dimension.to_owned(), "acme".to_owned());
            activity.subjects.push((key, SubjectLog::default()));
        }
        let mut work = |day, file, subject| {
            activity.counted.push(Counted {
                author: 0,
                day,
                files: vec![file],
                dimensions: Vec::new(),
                subjects: vec![(file, subject, 1.0)],
            });
        };
        for day in [0, 1, 2] {
            work(day, 0, 0);
        }
        for quarter in 0..8 {
            work(90 + quarter * 91, 0, 0);
        }
        work(7, 1, 0);
        work(8, 0, 1);
        let quote = activity.quote(&|path| path.as_str().starts_with("src/"));
        let [acme] = &quote.precedents[..] else {
            panic!("{quote:?}");
        };
        assert!((acme.build - 3.0).abs() < 1e-9 && (acme.total - 11.0).abs() < 1e-9);
        assert!((acme.carry.unwrap() - 1.0).abs() < 0.01);
        assert!(!acme.is_young && !acme.is_old && acme.until.is_none());
        assert_eq!(quote.build, None, "one is no range");
        assert_eq!(activity.quote(&|_| false), Quote::default());
    }

    #[test]
    fn ranges_are_of_nearest_ranks() {
        let range = Range::of((1..=10).map(f64::from).collect()).unwrap();
        assert_eq!(
            [range.low, range.median, range.high].map(f64::to_bits),
            [1.0, 5.0, 9.0].map(f64::to_bits)
        );
    }
}
