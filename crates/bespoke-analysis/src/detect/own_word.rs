//! The repository's own word for a tenant, where it is a word that means other things elsewhere: `domain`, `site`.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::{ExprId, ExprKind, FileFacts, NameId};
use rustc_hash::FxHashMap;

use super::{Context, vocab::Vocab};
use crate::FileId;

/// Words stronger than this need no learning.
const CLEAR: u8 = 70;
/// A tenant is handed through a program: this share of the files, in percent, has it as a parameter.
const SPREAD: usize = 10;
/// And so many files at least.
const MIN_FILES: usize = 20;
/// Different names that it is compared with.
const MIN_NAMES: usize = 4;

#[derive(Default)]
struct Seen {
    files: usize,
    names: BTreeSet<String>,
    compared_in: BTreeSet<FileId>,
}

/// The words by which this repository means a tenant, though they are ambiguous elsewhere. At most one: where two are
/// handed through everything, neither is known to be the one.
pub(super) fn learn(context: &Context<'_>) -> Option<String> {
    let mut seen: BTreeMap<&'static str, Seen> = BTreeMap::new();
    let mut with_parameters = 0;
    for (file, source) in context.model.files() {
        let facts = &source.facts;
        let mut words: FxHashMap<NameId, Option<&'static str>> = FxHashMap::default();
        let mut word = |name: NameId| {
            *words
                .entry(name)
                .or_insert_with(|| context.vocab.weak_word(facts.name(name), CLEAR))
        };
        let mut here: BTreeSet<&'static str> = BTreeSet::new();
        let mut any = false;
        for function in &facts.functions {
            for param in facts.list(function.params) {
                any = true;
                if let ExprKind::Name(name) = facts.expr(*param).kind {
                    here.extend(word(name));
                }
            }
        }
        with_parameters += usize::from(any);
        for word in here {
            seen.entry(word).or_default().files += 1;
        }
        for (_, expr) in facts.all_exprs() {
            let ExprKind::Compare { left, right, .. } = expr.kind else {
                continue;
            };
            for (subject, value) in [(left, right), (right, left)] {
                let (ExprKind::Name(name) | ExprKind::Member { name, .. }) =
                    facts.expr(subject).kind
                else {
                    continue;
                };
                let Some(word) = word(name) else { continue };
                for text in texts(facts, value) {
                    if is_name(context, text) && Vocab::fold(text) != word {
                        let seen = seen.entry(word).or_default();
                        seen.names.insert(Vocab::fold(text));
                        seen.compared_in.insert(file);
                    }
                }
            }
        }
    }
    let least = MIN_FILES.max(with_parameters * SPREAD / 100);
    let mut fitting: Vec<(usize, &str)> = seen
        .into_iter()
        .filter(|(_, seen)| {
            seen.files >= least && seen.names.len() >= MIN_NAMES && seen.compared_in.len() >= 2
        })
        .map(|(word, seen)| (seen.files, word))
        .collect();
    fitting.sort_unstable();
    let (files, word) = fitting.pop()?;
    let clear = fitting.last().is_none_or(|(next, _)| next * 2 <= files);
    clear.then(|| word.to_owned())
}

fn texts(facts: &FileFacts, value: ExprId) -> Vec<&str> {
    let items = match facts.expr(value).kind {
        ExprKind::List(items) => facts.list(items),
        _ => std::slice::from_ref(&value),
    };
    let text = |id: &ExprId| match facts.expr(*id).kind {
        ExprKind::Str(text) => Some(facts.name(text)),
        _ => None,
    };
    items.iter().filter_map(text).collect()
}

/// Whether a text could be a tenant's: no host, no word for nobody, nothing of a test.
fn is_name(context: &Context<'_>, text: &str) -> bool {
    (3..=40).contains(&text.len())
        && !context.is_noise(text)
        && !text.contains("test")
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    #[test]
    fn weak_words_are_whole_names() {
        let vocab = Vocab::new(&Settings::default().tenant_words);
        assert_eq!(vocab.weak_word("domain", CLEAR), Some("domain"));
        for other in ["tenant", "email_domain", "domains", "order"] {
            assert_eq!(vocab.weak_word(other, CLEAR), None, "{other}");
        }
    }
}
