//! Literals that name a customer.

use std::collections::BTreeMap;

use bespoke_facts::{ExprKind, Span};

use super::{in_capitals, within_name};
use crate::{
    Evidence, FileId, PointKind, SourceFile,
    detect::{
        Context,
        atoms::Written,
        points::{Draft, function_at, within},
    },
};

/// Longest text in which a customer's name is looked for, in bytes.
const PROSE: usize = 300;

/// Literals that name a subject outside conditions and units; a list of them is one. With `prose`, also
/// longer texts that speak of one.
pub(super) fn data(
    context: &Context<'_>,
    file: FileId,
    source: &SourceFile,
    taken: &[Span],
    prose: bool,
) -> Vec<Draft> {
    let facts = &source.facts;
    let mut found: Vec<(Span, usize, String)> = Vec::new();
    for (_, expr) in facts.all_exprs() {
        let ExprKind::Str(name) = expr.kind else {
            continue;
        };
        let text = facts.name(name);
        if !(3..=PROSE).contains(&text.len()) || !context.may_name(text) || within(taken, expr.span)
        {
            continue;
        }
        // A label or a description that speaks of a customer.
        if text.contains(' ') {
            if !prose {
                continue;
            }
            let named = within_name(context, text, &|_, word| in_capitals(text, word));
            found.extend(named.map(|(axis, name)| (expr.span, axis, name)));
            continue;
        }
        for axis in 0..context.axes.len() {
            if context.known(axis, text).is_some()
                && context.is_distinctive(text)
                && !context.refused(text)
            {
                found.push((expr.span, axis, text.to_owned()));
                break;
            }
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    let lists: Vec<Span> = facts
        .all_exprs()
        .filter(|(_, expr)| matches!(expr.kind, ExprKind::List(_) | ExprKind::Object(_)))
        .map(|(_, expr)| expr.span)
        .collect();
    let mut groups: BTreeMap<(Span, usize), Vec<(Span, String)>> = BTreeMap::new();
    for (span, axis, text) in found {
        let list = lists
            .iter()
            .filter(|list| list.contains(span))
            .min_by_key(|list| list.len());
        groups
            .entry((list.copied().unwrap_or(span), axis))
            .or_default()
            .push((span, text));
    }
    let drafts = groups
        .into_iter()
        .map(|((_, axis), mut members)| {
            members.sort();
            let span = members
                .iter()
                .map(|(span, _)| *span)
                .reduce(Span::join)
                .unwrap_or_default();
            let mut written: Vec<Written> = Vec::new();
            for (_, text) in &members {
                let one = Written {
                    name: text.clone(),
                    alias: None,
                    number: false,
                };
                if !written.contains(&one) {
                    written.push(one);
                }
            }
            Draft {
                lines: None,
                file: Some(file),
                path: source.path.clone(),
                kind: PointKind::Data,
                dimension: context.axes[axis].name.clone(),
                written,
                span,
                regions: Vec::new(),
                open: false,
                function: function_at(facts, span),
                confidence: 70,
                evidence: vec![Evidence {
                    rule: "known-name-in-data",
                    text: "a literal outside a condition names it".to_owned(),
                    at: Some((source.path.clone(), facts.lines.line(span.start))),
                }],
                text: members
                    .iter()
                    .take(5)
                    .map(|(_, text)| text.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            }
        })
        .collect();
    joined(drafts)
}

/// Neighbouring literals that name the same, as the parts of one text do, are one.
fn joined(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut joined: Vec<Draft> = Vec::new();
    for draft in drafts {
        let line = |draft: &Draft| {
            draft
                .evidence
                .iter()
                .find_map(|step| step.at.as_ref())
                .map(|at| at.1)
        };
        let is_next = joined.last().is_some_and(|last| {
            let near = line(last)
                .zip(line(&draft))
                .is_some_and(|(a, b)| b <= a + 2);
            near && last.written == draft.written
        });
        if !is_next {
            joined.push(draft);
        }
    }
    joined
}
