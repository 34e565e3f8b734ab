//! Functions, types and constants with a customer in their name.

use std::collections::BTreeSet;

use bespoke_facts::{BindingKind, DefinitionKind, ExprId, ExprKind, FileFacts, Span};

use super::{Singled, in_capitals, within_name};
use crate::{
    Evidence, FileId, PointKind, SourceFile,
    detect::{
        Context,
        atoms::Written,
        points::{Draft, function_at, test_regions, within},
        vocab::split_words,
    },
};

/// Functions, types and constants with a subject in their name; the outermost only.
pub(super) fn declarations(
    context: &Context<'_>,
    file: FileId,
    source: &SourceFile,
    singled: &Singled,
) -> Vec<Draft> {
    let facts = &source.facts;
    let tests = test_regions(facts);
    let mut found: Vec<(Span, String, &str)> = Vec::new();
    for definition in &facts.definitions {
        if matches!(
            definition.kind,
            DefinitionKind::Module | DefinitionKind::Extension
        ) {
            continue;
        }
        found.push((
            definition.span,
            facts.name(definition.name).to_owned(),
            "declaration",
        ));
    }
    for binding in &facts.bindings {
        let declares = matches!(
            binding.kind,
            BindingKind::Constant | BindingKind::Variable | BindingKind::Field
        );
        // In a function, what is asked of others is no constant, and a part taken of something nowhere.
        let worked_out = binding
            .value
            .is_some_and(|value| match facts.expr(value).kind {
                ExprKind::Member { .. } => true,
                ExprKind::Call { .. }
                | ExprKind::Name(_)
                | ExprKind::Index { .. }
                | ExprKind::Null => binding.function.is_some(),
                ExprKind::Other(_) => binding.function.is_some() && !is_cast(facts, value),
                _ => false,
            });
        if declares && !worked_out {
            let end = binding
                .value
                .map_or(binding.span.end, |value| facts.expr(value).span.end);
            found.push((
                Span::new(binding.span.start, end),
                facts.name(binding.name).to_owned(),
                "constant",
            ));
        }
    }
    found.sort_by_key(|(span, name, _)| (span.start, std::cmp::Reverse(span.end), name.clone()));
    let patterns = patterns(context, found.iter().map(|(_, name, _)| name.as_str()));
    let mut drafts: Vec<Draft> = Vec::new();
    for (span, name, what) in found {
        if drafts
            .last()
            .is_some_and(|draft| draft.span.contains(span) || draft.span.end > span.start)
            || within(&tests, span)
        {
            continue;
        }
        let here = |axis, text: &str| {
            if said_in(facts, span, text) {
                return true;
            }
            // The other signs are too weak for what may be an abbreviation of something else.
            if context.known(axis, text).is_none() {
                return false;
            }
            let path = source.path.as_str();
            let spots = || singled.on(path, axis, text);
            spots().any(|it| span.contains(it.span))
                || singled.guards(path, axis, text, span)
                || text.len() >= 4 && in_capitals(&name, text)
                || patterns.contains(&pattern(&split_words(&name), text))
        };
        let Some((axis, subject)) = within_name(context, &name, &here) else {
            continue;
        };
        let line = facts.lines.line(span.start);
        drafts.push(Draft {
            lines: None,
            file: Some(file),
            path: source.path.clone(),
            kind: PointKind::Unit,
            dimension: context.axes[axis].name.clone(),
            written: vec![Written {
                name: subject,
                alias: None,
                number: false,
            }],
            span,
            regions: vec![span],
            open: false,
            function: function_at(facts, span),
            confidence: 70,
            evidence: vec![Evidence {
                rule: "named-declaration",
                text: format!("the {what} `{name}` holds its name"),
                at: Some((source.path.clone(), line)),
            }],
            text: name,
        });
    }
    drafts
}

/// Whether a value is a literal with its type: `"0x0" as Address`.
fn is_cast(facts: &FileFacts, value: ExprId) -> bool {
    let ExprKind::Other(parts) = facts.expr(value).kind else {
        return false;
    };
    facts.list(parts).first().is_some_and(|part| {
        matches!(
            facts.expr(*part).kind,
            ExprKind::Str(_) | ExprKind::Number(_)
        )
    })
}

/// Whether a text in a declaration names the subject as one: `"ACME: allow late payment"`.
fn said_in(facts: &FileFacts, span: Span, word: &str) -> bool {
    facts.all_exprs().any(|(_, expr)| match expr.kind {
        ExprKind::Str(text) if span.contains(expr.span) => {
            let text = facts.name(text);
            let labels = || {
                let label = text.split(':').next().unwrap_or_default();
                label == word.to_uppercase()
            };
            text.contains(' ')
                && in_capitals(text, word)
                && split_words(text).iter().any(|it| it == word)
                && (word.len() >= 4 || labels())
        }
        _ => false,
    })
}

/// What is left of the names that hold a distinctive subject, if that says enough: `logo * path`. A common word in the
/// same place is a subject too.
fn patterns<'n>(
    context: &Context<'_>,
    names: impl Iterator<Item = &'n str>,
) -> BTreeSet<Vec<String>> {
    let mut patterns = BTreeSet::new();
    for name in names.filter(|name| context.may_name(name)) {
        let words = split_words(name);
        if words.len() < 3 {
            continue;
        }
        for word in words.iter() {
            let is_known = (0..context.axes.len()).any(|axis| context.known(axis, word).is_some());
            if is_known && context.is_distinctive(word) && !context.refused(word) {
                patterns.insert(pattern(&words, word));
            }
        }
    }
    patterns
}

/// Words with one left open.
fn pattern(words: &[String], open: &str) -> Vec<String> {
    let keep = |word: &String| {
        if word == open {
            "*".to_owned()
        } else {
            word.clone()
        }
    };
    words.iter().map(keep).collect()
}
