//! Who answers for what: sums by owner, and a report of one owner's part.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Lines, Quantiles, Report, SpanEntry, Subject, VariationPoint, report::quantiles};

/// What is in the files of an owner. A file with two owners counts for both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnerEntry {
    /// As `CODEOWNERS` writes it; empty for files of nobody.
    pub owner: String,
    /// Files.
    pub files: u32,
    /// Lines with code.
    pub nloc: u32,
    /// Counted branches and checks.
    pub points: u32,
    /// Customers, and subjects of dimensions of the configuration, with a counted point in these files.
    pub customers: u32,
    /// Flags with a counted check in these files.
    pub flags: u32,
    /// Lines guarded or in units.
    pub guarded_lines: u32,
    /// What branches and checks add to work on these files, in minutes a month; not there without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_minutes_per_month: Option<SpanEntry>,
}

impl Report {
    /// Joins who answers for which path.
    pub fn own(&mut self, owners_of: &dyn Fn(&str) -> Vec<String>) {
        for file in &mut self.files {
            file.owners = owners_of(&file.path);
        }
        let mut of: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
        let mut subjects: BTreeMap<String, BTreeSet<(&str, &str)>> = BTreeMap::new();
        let mut known: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let counted = self.variation_points.iter();
        for point in counted.filter(|point| point.confidence >= self.min_confidence) {
            let owners = known
                .entry(point.path.as_str())
                .or_insert_with(|| owners_of(&point.path));
            for name in &point.subjects {
                let key = (point.dimension.as_str(), name.as_str());
                of.entry(key).or_default().extend(owners.iter().cloned());
                for owner in owners_or_nobody(owners) {
                    subjects.entry(owner.clone()).or_default().insert(key);
                }
            }
        }
        let mut sums: BTreeMap<String, OwnerEntry> = BTreeMap::new();
        for file in &self.files {
            for owner in owners_or_nobody(&file.owners) {
                let sum = sums.entry(owner.clone()).or_default();
                sum.files += 1;
                sum.nloc += file.nloc;
                sum.points += file.points;
                sum.guarded_lines += file.guarded_lines;
                if let Some(debt) = &file.debt {
                    let all = sum.interest_minutes_per_month.get_or_insert_default();
                    let own = &debt.interest_minutes_per_month;
                    all.low += own.low;
                    all.mid += own.mid;
                    all.high += own.high;
                }
            }
        }
        self.owners = sums
            .into_iter()
            .map(|(owner, sum)| {
                let own = subjects.get(&owner);
                let count = |wanted: fn(&str) -> bool| {
                    own.map_or(0, |own| {
                        length(
                            own.iter()
                                .filter(|(dimension, _)| wanted(dimension))
                                .count(),
                        )
                    })
                };
                OwnerEntry {
                    customers: count(|dimension| !matches!(dimension, "flag" | "tenant")),
                    flags: count(|dimension| dimension == "flag"),
                    owner,
                    ..sum
                }
            })
            .collect();
        // A file that gives nobody anything tells nothing.
        if self.owners.iter().all(|it| it.owner.is_empty()) {
            self.owners.clear();
        }
        self.owners.sort_by_key(|it| std::cmp::Reverse(it.points));
        for subject in &mut self.subjects {
            let owners = of.remove(&(subject.dimension.as_str(), subject.name.as_str()));
            subject.owners = owners.into_iter().flatten().collect();
        }
    }

    /// Leaves only what is in files of an owner whose name holds a text, whatever its case, and tells whether there is
    /// such an owner; if not, all stays.
    pub fn narrow_to(&mut self, owner: &str) -> bool {
        let part = owner.to_lowercase();
        let own: BTreeSet<String> = self
            .files
            .iter()
            .filter(|it| {
                it.owners
                    .iter()
                    .any(|owner| owner.to_lowercase().contains(&part))
            })
            .map(|it| it.path.clone())
            .collect();
        if own.is_empty() {
            return false;
        }
        self.narrow(&|path| {
            // A unit may be a folder.
            let within = format!("{path}/");
            own.contains(path)
                || own
                    .range(within.clone()..)
                    .next()
                    .is_some_and(|it| it.starts_with(&within))
        });
        true
    }

    /// Leaves only what is in paths that are asked for, and sums it anew. Components, structure, history,
    /// issues and what was left out stay those of the whole tree; what cannot be told of a part, such as debt of subjects and harms, goes.
    pub fn narrow(&mut self, wanted: &dyn Fn(&str) -> bool) {
        self.variation_points.retain(|it| wanted(&it.path));
        self.files.retain(|it| wanted(&it.path));
        self.functions.retain(|it| wanted(&it.path));
        self.hotspots.retain(|it| wanted(&it.path));
        self.findings.retain(|it| wanted(&it.path));
        self.allowed.retain(|it| wanted(&it.path));
        self.debt = None;
        self.harms.clear();
        for (rank, it) in (1..).zip(&mut self.hotspots) {
            it.rank = rank;
        }
        let component: BTreeMap<&str, &str> = self
            .files
            .iter()
            .map(|it| (it.path.as_str(), it.component.as_str()))
            .collect();
        let mut points: BTreeMap<(String, String), Vec<&VariationPoint>> = BTreeMap::new();
        for point in self
            .variation_points
            .iter()
            .filter(|it| it.confidence >= self.min_confidence)
        {
            for name in &point.subjects {
                points
                    .entry((point.dimension.clone(), name.clone()))
                    .or_default()
                    .push(point);
            }
        }
        self.subjects.retain_mut(|it| {
            let own = points.get(&(it.dimension.clone(), it.name.clone()));
            own.is_some_and(|own| {
                measure(it, own, &component, &self.variation_points);
                true
            })
        });
        self.sum_up();
    }

    fn sum_up(&mut self) {
        let totals = &mut self.totals;
        let counted = || {
            self.variation_points
                .iter()
                .filter(|it| it.confidence >= self.min_confidence)
        };
        totals.files = length(self.files.len());
        totals.nloc = self.files.iter().map(|it| it.nloc).sum();
        totals.functions = length(self.functions.len());
        totals.cognitive = self.files.iter().map(|it| it.cognitive).sum();
        totals.points = length(counted().filter(|it| is_branch(it)).count());
        totals.held_back = length(self.variation_points.len() - counted().count());
        totals.guarded_lines = self.files.iter().map(|it| it.guarded_lines).sum();
        totals.files_with_points = length(self.files.iter().filter(|it| it.points > 0).count());
        totals.nesting = counted().map(|it| it.nesting).max().unwrap_or(0);
        totals.tangling = spread(
            counted()
                .filter(|it| is_branch(it))
                .map(|it| length(it.subjects.len()))
                .collect(),
        );
        totals.scattering = spread(
            self.subjects
                .iter()
                .map(|it| it.scattering)
                .filter(|it| *it > 0)
                .collect(),
        );
        totals.by_kind.clear();
        totals.by_confidence.values_mut().for_each(|it| *it = 0);
        for point in counted() {
            *totals.by_kind.entry(point.kind.clone()).or_default() += 1;
            if is_branch(point) {
                let tier = match point.confidence {
                    it if it >= 0.85 => "high",
                    it if it >= 0.7 => "medium",
                    _ => "low",
                };
                *totals.by_confidence.entry(tier.to_owned()).or_default() += 1;
            }
        }
        totals.by_dimension.clear();
        for subject in &self.subjects {
            *totals
                .by_dimension
                .entry(subject.dimension.clone())
                .or_default() += 1;
        }
    }
}

/// The measures of a subject that points of a part alone can tell.
fn measure(
    subject: &mut Subject,
    own: &[&VariationPoint],
    component: &BTreeMap<&str, &str>,
    all: &[VariationPoint],
) {
    let of = |form: &str| length(own.iter().filter(|it| it.kind.ends_with(form)).count());
    let files: BTreeSet<&str> = own.iter().map(|it| it.path.as_str()).collect();
    subject.scattering = length(own.iter().filter(|it| is_branch(it)).count());
    subject.units = of("_unit");
    subject.data = of("_data");
    subject.files = length(files.len());
    let components: BTreeSet<&str> = files
        .iter()
        .filter_map(|path| component.get(path).copied())
        .collect();
    subject.components = length(components.len());
    subject.nesting = own.iter().map(|it| it.nesting).max().unwrap_or(0);
    subject.tangling = own
        .iter()
        .map(|it| length(it.subjects.len()))
        .max()
        .unwrap_or(0);
    let lines = lines_of(own.iter().copied());
    let others = all.iter().filter(|it| {
        files.contains(it.path.as_str())
            && it.dimension == subject.dimension
            && !it.subjects.contains(&subject.name)
    });
    let others = lines_of(others);
    subject.guarded_lines = length(lines.len());
    subject.exclusive_lines = length(lines.difference(&others).count());
    subject.debt = None;
}

fn lines_of<'a>(points: impl Iterator<Item = &'a VariationPoint>) -> BTreeSet<(&'a str, u32)> {
    let lines = |point: &'a VariationPoint| {
        let of =
            |it: &'a Lines| (it.start_line..=it.end_line).map(|line| (point.path.as_str(), line));
        point.guarded.iter().flat_map(of)
    };
    points.flat_map(lines).collect()
}

fn is_branch(point: &VariationPoint) -> bool {
    point.kind.ends_with("_branch") || point.kind.ends_with("_check")
}

fn owners_or_nobody(owners: &[String]) -> &[String] {
    static NOBODY: [String; 1] = [String::new()];
    if owners.is_empty() { &NOBODY } else { owners }
}

fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Quantiles by nearest rank.
fn spread(mut values: Vec<u32>) -> Quantiles {
    values.sort_unstable();
    let rank = |percent: usize| (values.len() * percent).div_ceil(100).max(1) - 1;
    quantiles([50, 90, 100].map(|percent| values.get(rank(percent)).copied().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn owned() -> Report {
        let mut report = sample::report();
        report.own(&|path| {
            if path.starts_with("src/billing") {
                vec!["@shop/money".to_owned()]
            } else {
                Vec::new()
            }
        });
        report
    }

    #[test]
    fn sums_by_owner_are_those_of_their_files() {
        let report = owned();
        let of = |name: &str| report.owners.iter().find(|it| it.owner == name).unwrap();
        let (money, nobody) = (of("@shop/money"), of(""));
        assert_eq!((money.files, money.points), (1, report.files[0].points));
        assert_eq!((nobody.files, nobody.points), (1, report.files[1].points));
        assert!(money.customers >= 2, "acme and globex");
    }

    #[test]
    fn a_part_with_everything_in_it_is_the_whole() {
        let whole = owned();
        let mut part = whole.clone();
        part.narrow(&|_| true);
        assert_eq!(part.totals.points, whole.totals.points);
        assert_eq!(part.totals.by_kind, whole.totals.by_kind);
        assert_eq!(part.totals.held_back, whole.totals.held_back);
        for (of_part, of_whole) in part
            .subjects
            .iter()
            .zip(whole.subjects.iter().filter(|it| it.files > 0))
        {
            assert_eq!(of_part.scattering, of_whole.scattering, "{}", of_whole.name);
        }
    }

    #[test]
    fn a_part_has_nothing_of_the_rest() {
        let mut part = owned();
        part.narrow(&|path| path.starts_with("src/billing"));
        assert_eq!(part.totals.files, 1);
        assert!(
            part.variation_points
                .iter()
                .all(|it| it.path.starts_with("src/billing"))
        );
        let named: BTreeSet<&str> = part
            .variation_points
            .iter()
            .flat_map(|it| &it.subjects)
            .map(String::as_str)
            .collect();
        assert!(
            part.subjects
                .iter()
                .all(|it| named.contains(it.name.as_str()))
        );
    }
}
