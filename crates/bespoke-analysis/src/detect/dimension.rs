//! Axes of variation by name of subject: customers, and what the user adds.

use super::vocab::{Vocab, split_words};
use crate::Settings;

/// An axis whose subjects are named in code.
#[derive(Debug)]
pub(crate) struct Axis {
    /// `customer`, or the user's name for it.
    pub(crate) name: String,
    /// The user's words for its subject; `None` for customers, whose words are the vocabulary's.
    words: Option<Vec<String>>,
}

/// Words after which an enum's name may still be that of a list of subjects.
const LIST_WORDS: [&str; 12] = [
    "enum", "enums", "id", "ids", "key", "keys", "name", "names", "list", "map", "variant", "kind",
];

/// The built-in axis and the user's.
pub(crate) fn axes(settings: &Settings) -> Vec<Axis> {
    let mut axes = vec![Axis {
        name: "customer".to_owned(),
        words: None,
    }];
    for dimension in &settings.dimensions {
        let words = dimension
            .words
            .iter()
            .map(|word| word.to_lowercase())
            .collect();
        axes.push(Axis {
            name: dimension.name.clone(),
            words: Some(words),
        });
    }
    axes
}

impl Axis {
    /// How clearly a name is that of one subject of this axis, 0 to 100.
    pub(crate) fn subject(&self, vocab: &Vocab, name: &str) -> u8 {
        match &self.words {
            None => vocab.subject(name),
            Some(words) => {
                let last = split_words(name).last().cloned().unwrap_or_default();
                if words.contains(&last) { 90 } else { 0 }
            }
        }
    }

    /// How clearly a name is that of a subject's id (`tenantSlug`), 0 to 100.
    pub(crate) fn identity(&self, vocab: &Vocab, name: &str) -> u8 {
        match &self.words {
            None => vocab.subject_identity(name),
            Some(words) => {
                let parts = split_words(name);
                let [.., subject, last] = &*parts else {
                    return 0;
                };
                if words.contains(subject) && vocab.is_identity_attr(last) {
                    90
                } else {
                    0
                }
            }
        }
    }

    /// How clearly an enum, constant object or class with this name lists subjects, 0 to 100.
    pub(crate) fn enumeration(&self, vocab: &Vocab, name: &str) -> u8 {
        let mut parts = split_words(name).to_vec();
        let Some(last) = parts.last().cloned() else {
            return 0;
        };
        let singular = last.strip_suffix('s').unwrap_or(&last).to_owned();
        match &self.words {
            None => {
                // `TenantSlug`, `TENANT_NAMESPACES`, `Customers`; not `TenantStatus`.
                let whole = vocab.subject(name);
                if whole >= 50 && vocab.subject(&last).max(vocab.subject(&singular)) >= 50 {
                    return whole;
                }
                if vocab.is_identity_attr(&last) || vocab.is_identity_attr(&singular) {
                    parts.pop();
                    let rest = parts.join("_");
                    let strength = vocab.subject(&rest);
                    return if strength >= 50 { strength } else { 0 };
                }
                0
            }
            Some(words) => {
                let named = |part: &str| {
                    words.iter().any(|word| {
                        part == word || part.strip_suffix('s').is_some_and(|part| part == word)
                    })
                };
                while parts
                    .last()
                    .is_some_and(|part| LIST_WORDS.contains(&part.as_str()))
                    && parts.len() > 1
                {
                    parts.pop();
                }
                if parts.last().is_some_and(|part| named(part)) {
                    90
                } else {
                    0
                }
            }
        }
    }
}
