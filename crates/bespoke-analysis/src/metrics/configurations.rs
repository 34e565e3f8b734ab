//! M6: how many ways the code can run that must all work.

use std::collections::{BTreeMap, BTreeSet};

use super::{Harm, Metric, Scope, count};
use crate::{FileId, Subject, SubjectId, structure::Cluster};

pub(super) static METRIC: Metric = Metric {
    id: "configurations",
    title: "Configuration space",
    unit: "configurations",
    scope: Scope::Tree,
    harm: Some(Harm::Overload),
    doc: "\
Subjects that meet in one function can influence each other; those that meet, directly or through others, are a cluster. A
cluster's configurations are what its functions can be asked to run as. The number of all subjects taken together is no
measure: most never meet. Pairs are what must be tested together; the pairwise number says how many test configurations are
needed at least so that each pair of values is met in one of them.

**Formula**: for a cluster with f flags and tenant attributes and c customers (one is served at a time): 2^f · (1 + c), at most
2^20. Pairwise: the larger of 2 · (1 + c) (with a flag), and the least N with C(N − 1, ⌈N/2⌉) ≥ f.

**Source**: feature interactions after Calder et al., 2003; covering arrays for two values, Kleitman and Spencer, 1973.

**Example**: a function asks the flags `dark` and `beta`, another `beta` and whether the tenant is `acme` or `globex`: one
cluster of four, 2² · (1 + 2) = 12 configurations, 3 pairs (the two customers never run together), at least 6 pairwise.
",
};

/// Most configurations that are counted.
const LIMIT: u32 = 1 << 20;

/// A function's subjects: the file, its first line, who meets in it.
pub(crate) type Meeting = (FileId, u32, BTreeSet<SubjectId>);

pub(crate) fn clusters(meetings: &[Meeting], subjects: &[Subject]) -> Vec<Cluster> {
    let mut pairs: BTreeSet<(SubjectId, SubjectId)> = BTreeSet::new();
    let mut parent: BTreeMap<SubjectId, SubjectId> = BTreeMap::new();
    for (_, _, met) in meetings.iter().filter(|(_, _, met)| met.len() > 1) {
        let met: Vec<SubjectId> = met.iter().copied().collect();
        for (at, a) in met.iter().enumerate() {
            // Customers exclude each other: two of them never run together.
            let both = met[at + 1..].iter().map(|b| (*a, *b));
            pairs.extend(both.filter(|(a, b)| !(excludes(subjects, *a) && excludes(subjects, *b))));
            let (one, other) = (root(&mut parent, met[0]), root(&mut parent, *a));
            parent.insert(one.max(other), one.min(other));
        }
    }
    let mut members: BTreeMap<SubjectId, Vec<SubjectId>> = BTreeMap::new();
    let met: Vec<SubjectId> = parent.keys().copied().collect();
    for id in met {
        members.entry(root(&mut parent, id)).or_default().push(id);
    }
    let mut worst: BTreeMap<SubjectId, (FileId, u32, u32)> = BTreeMap::new();
    for (file, line, met) in meetings.iter().filter(|(_, _, met)| met.len() > 1) {
        let Some(first) = met.first() else { continue };
        let cluster = root(&mut parent, *first);
        let here = count(met.len());
        let most = worst.entry(cluster).or_insert((*file, *line, here));
        if here > most.2 {
            *most = (*file, *line, here);
        }
    }
    let mut clusters: Vec<Cluster> = members
        .into_iter()
        .filter(|(_, members)| members.len() > 1)
        .map(|(id, members)| {
            let customers = count(members.iter().filter(|id| excludes(subjects, **id)).count());
            let flags = count(members.len()) - customers;
            let own = |(a, _): &&(SubjectId, SubjectId)| members.binary_search(a).is_ok();
            Cluster {
                pairs: pairs.iter().filter(own).copied().collect(),
                configurations: configurations(flags, customers),
                pairwise: pairwise(flags, customers),
                worst: worst.get(&id).copied().unwrap_or((FileId(0), 0, 0)),
                subjects: members,
            }
        })
        .collect();
    clusters.sort_by(|a, b| {
        (b.configurations, b.pairs.len(), &a.subjects).cmp(&(
            a.configurations,
            a.pairs.len(),
            &b.subjects,
        ))
    });
    clusters
}

/// Whether only one of the subject's dimension is served at a time.
fn excludes(subjects: &[Subject], id: SubjectId) -> bool {
    subjects
        .get(id.index())
        .is_some_and(|subject| !matches!(subject.dimension.as_str(), "flag" | "tenant"))
}

fn root(parent: &mut BTreeMap<SubjectId, SubjectId>, id: SubjectId) -> SubjectId {
    let mut at = id;
    loop {
        let up = *parent.entry(at).or_insert(at);
        if up == at {
            break;
        }
        at = up;
    }
    let mut below = id;
    while below != at {
        below = parent.insert(below, at).unwrap_or(at);
    }
    at
}

fn configurations(flags: u32, customers: u32) -> u32 {
    let ways = 1_u32.checked_shl(flags).filter(|_| flags <= 20);
    ways.and_then(|ways| ways.checked_mul(1 + customers))
        .map_or(LIMIT, |all| all.min(LIMIT))
}

fn pairwise(flags: u32, customers: u32) -> u32 {
    let with_customers = if flags > 0 {
        2 * (1 + customers)
    } else {
        1 + customers
    };
    if flags < 2 {
        return with_customers;
    }
    let least = (4_u32..64)
        .find(|n| choose(n - 1, n.div_ceil(2)) >= u64::from(flags))
        .unwrap_or(64);
    with_customers.max(least)
}

fn choose(n: u32, k: u32) -> u64 {
    (0..u64::from(k.min(n))).fold(1, |product: u64, at| {
        product.saturating_mul(u64::from(n) - at) / (at + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subjects(dimensions: &[&str]) -> Vec<Subject> {
        let subject = |dimension: &&str| Subject {
            dimension: (*dimension).to_owned(),
            ..Subject::default()
        };
        dimensions.iter().map(subject).collect()
    }

    fn met(line: u32, ids: &[u32]) -> Meeting {
        (
            FileId(0),
            line,
            ids.iter().map(|id| SubjectId(*id)).collect(),
        )
    }

    #[test]
    fn the_documented_example() {
        let subjects = subjects(&["customer", "customer", "flag", "flag", "flag"]);
        let clusters = clusters(
            &[met(1, &[2, 3]), met(9, &[0, 1, 3]), met(20, &[4])],
            &subjects,
        );
        assert_eq!(clusters.len(), 1);
        let cluster = &clusters[0];
        assert_eq!(cluster.subjects, [0, 1, 2, 3].map(SubjectId));
        assert_eq!((cluster.configurations, cluster.pairwise), (12, 6));
        // dark–beta, beta–acme, beta–globex; acme and globex are never served together.
        assert_eq!(cluster.pairs.len(), 3);
        assert_eq!(cluster.worst, (FileId(0), 9, 3));
    }

    #[test]
    fn what_never_meets_multiplies_nothing_and_what_does_has_a_limit() {
        let flags = subjects(&["flag"; 30]);
        assert!(clusters(&[met(1, &[0]), met(2, &[1])], &flags).is_empty());
        let all: Vec<u32> = (0..30).collect();
        assert_eq!(clusters(&[met(1, &all)], &flags)[0].configurations, LIMIT);
        assert_eq!(configurations(20, 1), LIMIT);
    }

    /// Kleitman and Spencer: 4 tests for 3 factors, 5 for 4, 6 for up to 10, 7 for up to 15, 8 for up to 35.
    #[test]
    fn pairwise_sizes_for_two_values_are_those_of_the_literature() {
        let sizes: Vec<u32> = [2, 3, 4, 5, 10, 11, 15, 16, 35]
            .map(|flags| pairwise(flags, 0))
            .into();
        assert_eq!(sizes, [4, 4, 5, 6, 6, 7, 7, 8, 8]);
    }
}
