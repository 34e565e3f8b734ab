//! A learned vocabulary as a file.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_analysis::Vocabulary;
use serde::{Deserialize, Serialize};

/// Version of the form; a file of another one is refused.
const VERSION: u32 = 1;

/// The file's form: names by dimension.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    version: u32,
    #[serde(default)]
    own_word: Option<String>,
    #[serde(default)]
    identities: BTreeSet<String>,
    #[serde(default)]
    attributes: BTreeSet<String>,
    #[serde(default)]
    sells: bool,
    #[serde(default)]
    subjects: BTreeMap<String, BTreeMap<String, u8>>,
    #[serde(default)]
    refused: BTreeSet<String>,
    #[serde(default)]
    spelled: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    families: BTreeMap<String, BTreeSet<String>>,
    #[serde(default)]
    listed: BTreeMap<String, BTreeSet<String>>,
    #[serde(default)]
    abbreviations: BTreeMap<String, BTreeMap<String, String>>,
}

type Named<V> = BTreeMap<(String, String), V>;

fn grouped<V: Clone>(names: &Named<V>) -> BTreeMap<String, BTreeMap<String, V>> {
    let mut groups: BTreeMap<String, BTreeMap<String, V>> = BTreeMap::new();
    for ((dimension, name), value) in names {
        let group = groups.entry(dimension.clone()).or_default();
        group.insert(name.clone(), value.clone());
    }
    groups
}

fn flat<V>(groups: BTreeMap<String, BTreeMap<String, V>>) -> Named<V> {
    let groups = groups.into_iter();
    groups
        .flat_map(|(dimension, names)| {
            let names = names.into_iter();
            names.map(move |(name, value)| ((dimension.clone(), name), value))
        })
        .collect()
}

fn grouped_set(names: &BTreeSet<(String, String)>) -> BTreeMap<String, BTreeSet<String>> {
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (dimension, name) in names {
        groups
            .entry(dimension.clone())
            .or_default()
            .insert(name.clone());
    }
    groups
}

fn flat_set(groups: BTreeMap<String, BTreeSet<String>>) -> BTreeSet<(String, String)> {
    let groups = groups.into_iter();
    groups
        .flat_map(|(dimension, names)| names.into_iter().map(move |name| (dimension.clone(), name)))
        .collect()
}

/// A vocabulary in JSON, sorted and with one name in each line.
pub fn vocabulary_to_json(vocabulary: &Vocabulary) -> String {
    let form = Form {
        version: VERSION,
        own_word: vocabulary.own_word.clone(),
        identities: vocabulary.identities.clone(),
        attributes: vocabulary.attributes.clone(),
        sells: vocabulary.sells,
        subjects: grouped(&vocabulary.subjects),
        refused: vocabulary.refused.clone(),
        spelled: grouped(&vocabulary.spelled),
        families: grouped_set(&vocabulary.families),
        listed: grouped_set(&vocabulary.listed),
        abbreviations: grouped(&vocabulary.abbreviations),
    };
    serde_json::to_string_pretty(&form).expect("maps with text for keys") + "\n"
}

/// Reads what [`vocabulary_to_json`] wrote; else says in words what was expected and where.
pub fn vocabulary_from_json(text: &str) -> Result<Vocabulary, String> {
    let form: Form = serde_json::from_str(text)
        .map_err(|error| format!("expected a vocabulary as `bespoke trend` writes it: {error}"))?;
    if form.version != VERSION {
        return Err(format!(
            "expected version {VERSION} of the vocabulary, found {}",
            form.version
        ));
    }
    Ok(Vocabulary {
        own_word: form.own_word,
        identities: form.identities,
        attributes: form.attributes,
        sells: form.sells,
        subjects: flat(form.subjects),
        refused: form.refused,
        spelled: flat(form.spelled),
        families: flat_set(form.families),
        listed: flat_set(form.listed),
        abbreviations: flat(form.abbreviations),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let name = |name: &str| ("customer".to_owned(), name.to_owned());
        let vocabulary = Vocabulary {
            own_word: Some("site".to_owned()),
            identities: ["orgslug".to_owned()].into(),
            sells: true,
            subjects: [
                (name("acme"), 90),
                (("partner".to_owned(), "dhl".to_owned()), 70),
            ]
            .into(),
            spelled: [(name("acmeeurope"), "acme-europe".to_owned())].into(),
            families: [name("acme")].into(),
            abbreviations: [(name("glx"), "globex".to_owned())].into(),
            ..Vocabulary::default()
        };
        assert_eq!(
            vocabulary_from_json(&vocabulary_to_json(&vocabulary)),
            Ok(vocabulary)
        );
    }

    #[test]
    fn what_is_no_vocabulary_is_told() {
        let error = vocabulary_from_json("{\"version\": 9}").unwrap_err();
        assert_eq!(error, "expected version 1 of the vocabulary, found 9");
        let error = vocabulary_from_json("[]").unwrap_err();
        assert!(error.starts_with("expected a vocabulary as"), "{error}");
    }
}
