//! A cycle that runs through a customer's code.

use std::collections::{BTreeSet, VecDeque};

use rustc_hash::FxHashMap;

use super::{Checked, Finding, Rule, RuleLevel};
use crate::{Evidence, FileId, SubjectId};

pub(super) static RULE: Rule = Rule {
    id: "cycle-through-customer-code",
    title: "A cycle runs through a customer's code",
    level: RuleLevel::Warning,
    doc: "\
A customer's unit depends on code outside it that depends on the unit again. A change on either side may come back, and the
unit cannot be taken out.

**What to do**: cut one of the dependencies on the way that is shown; most often it is the one from the core to the unit.
",
    check,
};

fn check(checked: &Checked<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for cycle in &checked.structure.cycles {
        let owner = |file: FileId| checked.structure.files[file.index()].owner;
        let owners: BTreeSet<SubjectId> = cycle.files.iter().filter_map(|it| owner(*it)).collect();
        for subject in owners {
            // Inside one unit a cycle is nobody else's matter.
            let proof = way_back(checked, &cycle.files, subject);
            let Some(start) = proof.first().and_then(|step| step.at.clone()) else {
                continue;
            };
            found.push(Finding {
                rule: RULE.id,
                level: RULE.level,
                path: start.0,
                line: start.1,
                message: format!(
                    "{}'s code is in a cycle of {} files, {} steps at least",
                    checked.name(subject),
                    cycle.files.len(),
                    proof.len()
                ),
                subjects: vec![subject],
                proof,
            });
        }
    }
    found
}

/// A shortest way out of a subject's files, through others, and back; empty if there is none.
fn way_back(checked: &Checked<'_>, files: &[FileId], subject: SubjectId) -> Vec<Evidence> {
    let is_own = |at: u32| checked.graph.nodes[at as usize].owner == Some(subject);
    let inside: BTreeSet<u32> = files.iter().map(|file| file.0).collect();
    let next = |at: u32| {
        let start = checked.graph.edges.partition_point(|edge| edge.from < at);
        checked.graph.edges[start..]
            .iter()
            .take_while(move |edge| edge.from == at)
            .filter(|edge| inside.contains(&edge.to))
    };
    // From all of its files at once, so that one search finds the shortest.
    let mut came: FxHashMap<u32, u32> = FxHashMap::default();
    let mut queue = VecDeque::new();
    for from in inside.iter().copied().filter(|at| is_own(*at)) {
        for edge in next(from).filter(|edge| !is_own(edge.to)) {
            came.entry(edge.to).or_insert_with(|| {
                queue.push_back(edge.to);
                from
            });
        }
    }
    while let Some(at) = queue.pop_front() {
        for edge in next(at) {
            if is_own(edge.to) {
                let mut way = vec![(at, edge.to)];
                let mut here = at;
                while let Some(before) = came.get(&here) {
                    way.push((*before, here));
                    if is_own(*before) {
                        break;
                    }
                    here = *before;
                }
                way.reverse();
                let edges = way
                    .into_iter()
                    .filter_map(|(from, to)| checked.graph.edge(from, to));
                return edges.map(|edge| checked.step(edge)).collect();
            }
            came.entry(edge.to).or_insert_with(|| {
                queue.push_back(edge.to);
                at
            });
        }
    }
    Vec::new()
}
