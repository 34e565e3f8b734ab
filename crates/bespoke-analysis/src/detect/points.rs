//! Branches that single somebody out.

use std::collections::BTreeMap;

use bespoke_facts::{BranchKind, ExprId, ExprKind, FileFacts, FunctionId, Span};

use super::{
    Context,
    atoms::{Atom, Written},
    text::render,
    vocab::split_words,
};
use crate::{
    Evidence, FileId, PointKind, SourceFile,
    link::{Text, Value, last_name},
};

/// Dimension of conditions on what a tenant is, whoever it is.
pub(super) const TENANT: &str = "tenant";
/// Longest chain of evidence that is kept.
const MAX_EVIDENCE: usize = 14;

/// A variation point whose subjects are still as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    pub(crate) file: Option<FileId>,
    /// First and last line, 0-based, where no file with facts tells them.
    pub(crate) lines: Option<(u32, u32)>,
    /// The file or folder.
    pub(crate) path: bespoke_facts::RepoPath,
    pub(crate) kind: PointKind,
    pub(crate) dimension: String,
    pub(crate) written: Vec<Written>,
    pub(crate) span: Span,
    pub(crate) regions: Vec<Span>,
    pub(crate) open: bool,
    pub(crate) function: Option<FunctionId>,
    pub(crate) confidence: u8,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) text: String,
}

/// A table that the current subject indexes.
pub(crate) struct KeyedTable {
    pub(crate) axis: usize,
    pub(crate) keys: Vec<Text>,
    pub(crate) confidence: u8,
    expr: ExprId,
}

/// Customer and tenant branches.
pub(super) fn branches(context: &Context<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut all_held = Vec::new();
    for (file, source) in context.files() {
        let facts = &source.facts;
        let tests = test_regions(facts);
        for (at, branch) in facts.branches.iter().enumerate() {
            if branch.kind == BranchKind::Cfg || within(&tests, branch.span) {
                continue;
            }
            let atoms = context.branch_atoms(file, at, branch);
            if atoms.is_empty() {
                continue;
            }
            let draft = Draft {
                lines: None,
                file: Some(file),
                path: source.path.clone(),
                kind: PointKind::Branch,
                dimension: String::new(),
                written: Vec::new(),
                span: branch.span,
                regions: branch.then.into_iter().chain(branch.otherwise).collect(),
                open: branch.open,
                function: branch.function,
                confidence: 0,
                evidence: Vec::new(),
                text: render(facts, branch.condition),
            };
            let mut held = Vec::new();
            drafts.extend(group(context, atoms, &draft, &mut held));
            all_held.extend(held.into_iter().map(|span| (file, span, draft.clone())));
        }
    }
    hand_over(&mut drafts, all_held);
    drafts
}

/// A test of a variable that holds the answer to a condition is no condition of its own on the tenant: what it guards
/// is guarded by the one that the variable holds.
fn hand_over(drafts: &mut [Draft], held: Vec<(FileId, Span, Draft)>) {
    let mut at: BTreeMap<(FileId, Span), usize> = BTreeMap::new();
    for (position, draft) in drafts.iter().enumerate() {
        if draft.dimension == TENANT
            && let Some(file) = draft.file
        {
            at.insert((file, draft.span), position);
        }
    }
    for (file, span, user) in held {
        if let Some(draft) = at.get(&(file, span)).and_then(|at| drafts.get_mut(*at)) {
            draft.regions.extend(user.regions);
            draft.regions.sort_unstable();
            draft.regions.dedup();
            draft.open |= user.open;
        }
    }
}

/// One draft for each dimension that a condition depends on.
fn group(
    context: &Context<'_>,
    atoms: Vec<Atom>,
    like: &Draft,
    held: &mut Vec<Span>,
) -> Vec<Draft> {
    let mut by_dimension: BTreeMap<String, Draft> = BTreeMap::new();
    for atom in atoms {
        let (dimension, written, confidence, evidence) = match atom {
            Atom::Subjects {
                axis,
                written,
                confidence,
                evidence,
                identified_by,
            } => {
                let by = identified_by.unwrap_or_default();
                let written = written
                    .into_iter()
                    .map(|mut it| {
                        if it.number && context.known(axis, &it.name).is_none() {
                            it.name = format!("{by}:{}", it.name);
                        }
                        it
                    })
                    .collect();
                (
                    context.axes[axis].name.clone(),
                    written,
                    confidence,
                    evidence,
                )
            }
            Atom::Attribute {
                held_by: Some(span),
                ..
            } if span != like.span => {
                held.push(span);
                continue;
            }
            Atom::Attribute {
                path,
                confidence,
                evidence,
                ..
            } => (
                TENANT.to_owned(),
                vec![Written {
                    name: path,
                    alias: None,
                    number: false,
                }],
                confidence,
                evidence,
            ),
        };
        let draft = by_dimension
            .entry(dimension.clone())
            .or_insert_with(|| Draft {
                dimension,
                ..like.clone()
            });
        for subject in written {
            if !draft.written.contains(&subject) {
                draft.written.push(subject);
            }
        }
        draft.confidence = draft.confidence.max(confidence);
        for step in evidence {
            if draft.evidence.len() < MAX_EVIDENCE && !draft.evidence.contains(&step) {
                draft.evidence.push(step);
            }
        }
    }
    by_dimension.into_values().collect()
}

/// `TABLE[tenant.slug]`: a branch on every customer that the table names.
pub(super) fn tables(context: &Context<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (file, table) in keyed_tables(context) {
        let source = context.model.source(file);
        let facts = &source.facts;
        let span = facts.expr(table.expr).span;
        if within(&test_regions(facts), span) {
            continue;
        }
        let written = table
            .keys
            .iter()
            .map(|key| Written {
                name: key.text.clone(),
                alias: key.constant.as_ref().map(|constant| constant.name.clone()),
                number: key.number,
            })
            .collect();
        drafts.push(Draft {
            lines: None,
            file: Some(file),
            path: source.path.clone(),
            kind: PointKind::Branch,
            dimension: context.axes[table.axis].name.clone(),
            written,
            span,
            regions: Vec::new(),
            open: false,
            function: function_at(facts, span),
            confidence: table.confidence,
            evidence: vec![Evidence {
                rule: "table-keyed-by-subject",
                text: format!(
                    "a table with {} such keys is indexed by the current one",
                    table.keys.len()
                ),
                at: Some(context.place(file, table.expr)),
            }],
            text: render(facts, table.expr),
        });
    }
    drafts
}

/// The table and the key of `TABLE[key]` and `TABLE.get(key, …)`.
fn looked_up(facts: &FileFacts, kind: ExprKind) -> Option<(ExprId, ExprId)> {
    match kind {
        ExprKind::Index { object, index } => Some((object, index)),
        ExprKind::Call { callee, args, .. } => {
            let ExprKind::Member { object, name } = facts.expr(callee).kind else {
                return None;
            };
            let key = *facts.list(args).first()?;
            let is_name = matches!(
                facts.expr(key).kind,
                ExprKind::Name(_) | ExprKind::Member { .. }
            );
            (is_name && facts.name(name) == "get").then_some((object, key))
        }
        _ => None,
    }
}

/// Tables of the tree that are indexed by an identity and have the keys for it.
pub(super) fn keyed_tables(context: &Context<'_>) -> Vec<(FileId, KeyedTable)> {
    let mut found = Vec::new();
    for (file, source) in context.files() {
        for (id, expr) in context.model.asking(file) {
            let Some((object, index)) = looked_up(&source.facts, expr.kind) else {
                continue;
            };
            let function = function_at(&source.facts, expr.span);
            let Some(identity) = context.identity(file, index, function) else {
                continue;
            };
            // The list of all subjects, asked for the current one, singles out nobody.
            if context
                .axes
                .iter()
                .any(|axis| axis.enumeration(&context.vocab, last_name(&source.facts, object)) > 0)
            {
                continue;
            }
            // Made-up data says nothing of customers.
            let made_up = split_words(last_name(&source.facts, object))
                .iter()
                .any(|word| matches!(word.as_str(), "fake" | "mock" | "dummy" | "demo"));
            if made_up {
                continue;
            }
            let Some(Value::Table(keys)) = context.model.value(file, object, function) else {
                continue;
            };
            let all = keys.len();
            let keys: Vec<Text> = keys
                .into_iter()
                .filter(|key| !context.is_noise(&key.text) && !context.refused(&key.text))
                .collect();
            let known = keys
                .iter()
                .filter(|key| context.known(identity.axis, &key.text).is_some())
                .count();
            let mostly = keys.len() * 2 > all;
            let confidence = if known >= 2 && known * 2 >= keys.len() {
                80
            } else if keys.len() >= 3 && mostly && identity.strength >= 70 {
                60
            } else {
                continue;
            };
            found.push((
                file,
                KeyedTable {
                    axis: identity.axis,
                    keys,
                    confidence,
                    expr: id,
                },
            ));
        }
    }
    found
}

/// Regions that are compiled for tests only, and functions that are tests.
pub(super) fn test_regions(facts: &FileFacts) -> Vec<Span> {
    let mut regions: Vec<Span> = facts
        .branches
        .iter()
        .filter(|branch| branch.kind == BranchKind::Cfg && needs_test(facts, branch.condition))
        .filter_map(|branch| branch.then)
        .collect();
    for attribute in &facts.attributes {
        if let ExprKind::Name(name) = facts.expr(attribute.expr).kind
            && facts.name(name) == "test"
            && let Some(definition) = attribute.definition
        {
            regions.push(facts.definitions[definition.index()].span);
        }
    }
    regions
}

fn needs_test(facts: &FileFacts, condition: ExprId) -> bool {
    match facts.expr(condition).kind {
        ExprKind::Name(name) => facts.name(name) == "test",
        ExprKind::Logic {
            op: bespoke_facts::LogicOp::And,
            operands,
        } => facts
            .list(operands)
            .iter()
            .any(|operand| needs_test(facts, *operand)),
        _ => false,
    }
}

pub(super) fn within(regions: &[Span], span: Span) -> bool {
    regions.iter().any(|region| region.contains(span))
}

/// The innermost function around a place.
pub(super) fn function_at(facts: &FileFacts, span: Span) -> Option<FunctionId> {
    // Functions start in source order, so the last one that holds the place is the innermost.
    let after = facts
        .functions
        .partition_point(|function| function.span.start <= span.start);
    (0..after)
        .rev()
        .find(|at| facts.functions[*at].span.contains(span))
        .map(FunctionId::from_index)
}

/// Name of the nearest function that has one.
pub(super) fn function_name(source: &SourceFile, function: Option<FunctionId>) -> Option<String> {
    let facts = &source.facts;
    let mut at = function;
    while let Some(id) = at {
        let function = &facts.functions[id.index()];
        if function.named {
            return Some(facts.name(function.name).to_owned());
        }
        at = function.parent;
    }
    None
}
