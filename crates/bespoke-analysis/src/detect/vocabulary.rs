//! What is learned of a repository before it is looked through: who its customers are, and by which words it means
//! them. Learned once, it makes the same names mean the same in every state of the repository.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Lexicon};

/// A name of a subject, without case and separators, with its dimension.
type Name = (String, String);

/// What was learned. Names are without case and separators.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// The word that means a tenant here, where it means other things elsewhere.
    pub own_word: Option<String>,
    /// Names that hold the identity of a tenant.
    pub identities: BTreeSet<String>,
    /// Compound names of a tenant's attributes.
    pub attributes: BTreeSet<String>,
    /// Whether the program sells subscriptions.
    pub sells: bool,
    /// Subjects, with the confidence (0 to 100) that they are some.
    pub subjects: BTreeMap<Name, u8>,
    /// Names that are no subjects: the vendor's own, and those that the user excludes.
    pub refused: BTreeSet<String>,
    /// How names of several words are written.
    pub spelled: BTreeMap<Name, String>,
    /// First words that several subjects share.
    pub families: BTreeSet<Name>,
    /// Names that a list of subjects holds and that mean something else in most places.
    pub listed: BTreeSet<Name>,
    /// First words that stand for a whole name.
    pub abbreviations: BTreeMap<Name, String>,
}

impl Vocabulary {
    /// Takes in what was learned of another state of the repository; of what cannot be joined, `other`'s is kept.
    pub fn join(&mut self, other: Self) {
        self.own_word = other.own_word.or(self.own_word.take());
        self.identities.extend(other.identities);
        self.attributes.extend(other.attributes);
        self.sells |= other.sells;
        for (name, sure) in other.subjects {
            let known = self.subjects.entry(name).or_default();
            *known = (*known).max(sure);
        }
        self.refused.extend(other.refused);
        self.spelled.extend(other.spelled);
        self.families.extend(other.families);
        self.listed.extend(other.listed);
        self.abbreviations.extend(other.abbreviations);
    }
}

impl Lexicon {
    fn axis_name(&self, axis: usize) -> String {
        self.axes
            .get(axis)
            .map_or_else(String::new, |axis| axis.name.clone())
    }

    fn named(&self, (axis, name): &(usize, String)) -> Name {
        (self.axis_name(*axis), name.clone())
    }

    fn placed(&self, (dimension, name): &Name) -> Option<(usize, String)> {
        let axis = self.axes.iter().position(|axis| axis.name == *dimension)?;
        Some((axis, name.clone()))
    }

    /// What was learned.
    pub(super) fn vocabulary(&self) -> Vocabulary {
        let names = |set: &BTreeSet<(usize, String)>| set.iter().map(|it| self.named(it)).collect();
        let mut vocabulary = Vocabulary {
            own_word: self.vocab.own().map(str::to_owned),
            identities: self.learned.clone(),
            attributes: self.learned_attributes.clone(),
            sells: self.sells,
            refused: self.refused.clone(),
            families: names(&self.families),
            listed: names(&self.listed),
            ..Vocabulary::default()
        };
        #[expect(clippy::iter_over_hash_type, reason = "collected into a sorted map")]
        for (name, sure) in &self.known {
            vocabulary.subjects.insert(self.named(name), *sure);
        }
        for (name, spelled) in &self.spelled {
            vocabulary.spelled.insert(self.named(name), spelled.clone());
        }
        #[expect(clippy::iter_over_hash_type, reason = "collected into a sorted map")]
        for (name, full) in &self.abbreviations {
            vocabulary
                .abbreviations
                .insert(self.named(name), full.clone());
        }
        vocabulary
    }

    /// Takes what was learned before in place of learning. Names that the user has told stay known.
    pub(super) fn adopt(&mut self, vocabulary: &Vocabulary) {
        if let Some(word) = &vocabulary.own_word {
            self.vocab.adopt(word.clone());
        }
        self.learned.clone_from(&vocabulary.identities);
        self.learned_attributes.clone_from(&vocabulary.attributes);
        self.sells = vocabulary.sells;
        self.refused.extend(vocabulary.refused.iter().cloned());
        for (name, sure) in &vocabulary.subjects {
            if let Some(place) = self.placed(name) {
                let known = self.known.entry(place).or_default();
                *known = (*known).max(*sure);
            }
        }
        for (name, spelled) in &vocabulary.spelled {
            if let Some(place) = self.placed(name) {
                self.spelled.insert(place, spelled.clone());
            }
        }
        for name in &vocabulary.families {
            let place = self.placed(name);
            self.families.extend(place);
        }
        for name in &vocabulary.listed {
            let place = self.placed(name);
            self.listed.extend(place);
        }
        for (name, full) in &vocabulary.abbreviations {
            if let Some(place) = self.placed(name) {
                self.abbreviations.insert(place, full.clone());
            }
        }
    }
}

impl std::ops::Deref for Context<'_> {
    type Target = Lexicon;

    fn deref(&self) -> &Lexicon {
        &self.words
    }
}

impl std::ops::DerefMut for Context<'_> {
    fn deref_mut(&mut self) -> &mut Lexicon {
        &mut self.words
    }
}
