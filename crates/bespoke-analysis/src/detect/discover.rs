//! Who the customers are, without a list: learned from what conditions compare with a tenant's identity.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::{DefinitionId, DefinitionKind, ExprId, ExprKind, RepoPath};

use super::{
    Context,
    atoms::Atom,
    cohorts,
    points::keyed_tables,
    vocab::{Vocab, split_words},
};
use crate::link::{Target, Text, Value};

/// Names that mean something else in most places: never learned as a tenant's identity.
const TOO_GENERAL: [&str; 14] = [
    "id", "name", "key", "code", "slug", "type", "value", "domain", "label", "title", "kind",
    "prefix", "source", "input",
];

#[derive(Default)]
struct Candidate {
    confidence: u8,
    sites: BTreeSet<(RepoPath, u32)>,
}

/// Fills `known` and `learned`. Two rounds: what the first learns lets the second see more.
pub(super) fn learn(context: &mut Context<'_>) {
    for round in 0..2 {
        if round > 0 && context.remembered.is_settled() {
            break;
        }
        context.remember();
        let mut candidates: BTreeMap<(usize, String), Candidate> = BTreeMap::new();
        let mut cohorts: BTreeMap<(usize, String), BTreeSet<String>> = BTreeMap::new();
        let mut spelled = BTreeMap::new();
        let mut learned = BTreeSet::new();
        let mut attributes = BTreeSet::new();
        let mut lists = BTreeSet::new();
        for (file, source) in context.model.files() {
            for (at, branch) in source.facts.branches.iter().enumerate() {
                for atom in context.branch_atoms(file, at, branch) {
                    if let Atom::Attribute {
                        path, confidence, ..
                    } = &atom
                    {
                        let last = path.rsplit('.').next().unwrap_or(path);
                        if *confidence >= 70 && is_compound(last) {
                            attributes.insert(last.to_owned());
                        }
                    }
                    let Atom::Subjects {
                        axis,
                        written,
                        confidence,
                        evidence,
                        identified_by,
                    } = atom
                    else {
                        continue;
                    };
                    let line = source.facts.lines.line(branch.span.start);
                    let listed = evidence
                        .iter()
                        .any(|step| step.rule == "member-of-subject-list");
                    if listed {
                        lists.extend(
                            evidence
                                .iter()
                                .filter(|it| it.rule == "constant")
                                .filter_map(|it| it.at.clone()),
                        );
                    }
                    if let Some(by) = &identified_by
                        && listed
                        && axis == 0
                        && confidence >= 80
                        && by.len() >= 5
                        && !TOO_GENERAL.contains(&by.as_str())
                    {
                        learned.insert(by.clone());
                    }
                    for subject in written.iter().filter(|it| !it.number) {
                        let key = (axis, Vocab::fold(&subject.name));
                        if let Some(by) = &identified_by {
                            cohorts
                                .entry((axis, by.clone()))
                                .or_default()
                                .insert(key.1.clone());
                        }
                        context.spell(axis, &subject.name, &mut spelled);
                        let candidate = candidates.entry(key).or_default();
                        candidate.confidence = candidate.confidence.max(confidence);
                        candidate.sites.insert((source.path.clone(), line));
                    }
                }
            }
        }
        for (_, table) in keyed_tables(context) {
            for key in table.keys {
                context.spell(table.axis, &key.text, &mut spelled);
                let candidate = candidates
                    .entry((table.axis, Vocab::fold(&key.text)))
                    .or_default();
                candidate.confidence = candidate.confidence.max(table.confidence);
            }
        }
        for ((axis, _), names) in cohorts.iter().filter(|(_, names)| names.len() >= 3) {
            for name in names {
                let candidate = candidates.get_mut(&(*axis, name.clone()));
                // Many weak signs of the same kind are no strong one.
                if let Some(candidate) = candidate.filter(|it| it.confidence >= 50) {
                    candidate.confidence = candidate.confidence.saturating_add(5).min(95);
                }
            }
        }
        for ((axis, name), candidate) in candidates {
            let several = if candidate.sites.len() > 1 && candidate.confidence >= 50 {
                5
            } else {
                0
            };
            let confidence = candidate.confidence.saturating_add(several).min(95);
            if confidence >= context.settings.min_confidence {
                context.know(axis, name, confidence);
            }
        }
        for (axis, text) in whole_lists(context, &lists) {
            if context.is_noise(&text) {
                context.listed.insert((axis, Vocab::fold(&text)));
                continue;
            }
            context.spell(axis, &text, &mut spelled);
            context.know(axis, Vocab::fold(&text), 85);
        }
        context.spelled.append(&mut spelled);
        for name in learned.difference(&context.learned.clone()) {
            context.remembered.change(name);
        }
        for name in attributes.difference(&context.learned_attributes.clone()) {
            context.remembered.change(name);
        }
        context.learned.extend(learned);
        context.learned_attributes.extend(attributes);
    }
    cohorts::extend(context);
}

/// A name of several words, so that it hardly means something else elsewhere.
fn is_compound(name: &str) -> bool {
    name.len() >= 8 && split_words(name).len() >= 2
}

/// All members of the lists of subjects that conditions use some members of.
fn whole_lists(context: &Context<'_>, used: &BTreeSet<(RepoPath, u32)>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    if used.is_empty() {
        return found;
    }
    let mut add = |name: &str, texts: &dyn Fn() -> Vec<Text>| {
        let axis = context
            .axes
            .iter()
            .enumerate()
            .map(|(at, axis)| (axis.enumeration(&context.vocab, name), at))
            .filter(|(strength, _)| *strength >= 50)
            .max();
        let Some((_, axis)) = axis else { return };
        let texts = texts();
        let is_used = texts.iter().any(|text| {
            text.constant
                .as_ref()
                .is_some_and(|constant| used.contains(&(constant.path.clone(), constant.line)))
        });
        if is_used {
            found.extend(texts.into_iter().map(|text| (axis, text.text)));
        }
    };
    for (file, source) in context.model.files() {
        let facts = &source.facts;
        for (at, definition) in facts.definitions.iter().enumerate() {
            if matches!(
                definition.kind,
                DefinitionKind::Enum | DefinitionKind::Class
            ) {
                let id = DefinitionId::from_index(at);
                let name = facts.name(definition.name);
                add(name, &|| {
                    let members = context.model.members(file, id);
                    members
                        .filter_map(|(at, _)| context.model.binding_text(Target::Binding(file, at)))
                        .collect()
                });
            }
        }
        for binding in &facts.bindings {
            let Some(value) = binding.value else { continue };
            let ExprKind::Object(items) = facts.expr(value).kind else {
                continue;
            };
            let name = facts.name(binding.name);
            let member = |item: &ExprId| match facts.expr(*item).kind {
                ExprKind::Entry { value, .. } => match context.model.value(file, value, None) {
                    Some(Value::Text(mut text)) => {
                        text.constant = Some(crate::link::Constant {
                            holder: name.to_owned(),
                            name: String::new(),
                            path: source.path.clone(),
                            line: facts.lines.line(facts.expr(*item).span.start),
                        });
                        Some(text)
                    }
                    _ => None,
                },
                _ => None,
            };
            add(name, &|| {
                facts.list(items).iter().filter_map(member).collect()
            });
        }
    }
    found
}
