//! Variation points: where code chooses by customer, tenant or flag.
//!
//! Detection runs twice over the conditions: once to learn who the customers are, once, knowing them, to say where
//! they are singled out.

mod atoms;
mod checks;
mod cohorts;
mod data_files;
mod dimension;
mod discover;
mod entitlements;
mod flags;
mod helpers;
mod identity;
mod own_word;
mod points;
mod registries;
pub(crate) mod sdks;
mod subjects;
mod text;
mod units;
mod vocab;
mod vocab_words;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::{DefinitionKind, ExprId, RepoPath};
use rustc_hash::FxHashMap;

pub(crate) use self::text::render;
use self::{dimension::Axis, points::Draft, subjects::Registry, vocab::Vocab};
use crate::{BlindSpots, FileId, Settings, Subject, VariationPoint, link::Model};

/// A name without case and separators: equal for all spellings of one subject.
pub(crate) fn fold(name: &str) -> String {
    Vocab::fold(name)
}

/// What detection gives to measuring: points without `nesting`, subjects without measures.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Sorted by path, span, kind.
    pub(crate) points: Vec<VariationPoint>,
    /// Sorted by dimension, name.
    pub(crate) subjects: Vec<Subject>,
    /// What could not be seen.
    pub(crate) blind_spots: BlindSpots,
}

/// What the steps of detection share.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    model: &'a Model<'a>,
    settings: &'a Settings,
    vocab: Vocab,
    /// Customers first, then the user's dimensions.
    axes: Vec<Axis>,
    /// Names that this repository uses for the identity of a tenant.
    learned: BTreeSet<String>,
    /// Compound names of a tenant's attributes, seen where they are read of it.
    learned_attributes: BTreeSet<String>,
    /// Whether the program sells subscriptions: then what is read of one is read of a tenant.
    sells: bool,
    /// Subjects known so far: axis and folded name to confidence.
    known: FxHashMap<(usize, String), u8>,
    refused: BTreeSet<String>,
    /// Known names of several words as they are written, by axis and folded name.
    spelled: BTreeMap<(usize, String), String>,
    /// First words that several known names share.
    families: BTreeSet<(usize, String)>,
    /// Names that a list of customers holds and that mean something else in most places: `demo`.
    listed: BTreeSet<(usize, String)>,
    /// First words of known names that are no known name, and no common word, themselves.
    abbreviations: FxHashMap<(usize, String), String>,
}

/// Finds variation points.
pub(crate) fn detect(model: &Model<'_>, settings: &Settings) -> Found {
    let mut context = Context::new(model, settings);
    if let Some(word) = own_word::learn(&context) {
        context.vocab.adopt(word);
    }
    discover::learn(&mut context);
    let mut blind_spots = model.blind_spots.clone();
    for (file, source) in model.files() {
        let asks = |branch: &&bespoke_facts::Branch| model.asks_the_unknown(file, branch.condition);
        let asking = source.facts.branches.iter().filter(asks).count();
        blind_spots.unresolved_calls += u32::try_from(asking).unwrap_or(u32::MAX);
    }
    let mut drafts: Vec<Draft> = points::branches(&context);
    drafts.extend(points::tables(&context));
    drafts.extend(entitlements::branches(&context));
    drafts.extend(checks::checks(&context, &mut blind_spots));
    drafts.extend(units::units(&context, &drafts));
    drafts.extend(data_files::data(&context));
    let registry = Registry::new(settings);
    let (points, subjects) = subjects::settle(&context, registry, drafts);
    Found {
        points,
        subjects,
        blind_spots,
    }
}

/// Whether there are types for a subscription or plan, and for what is billed or graded by it.
fn sells(model: &Model<'_>) -> bool {
    let (mut sold, mut billed) = (false, false);
    for (_, source) in model.files() {
        for definition in &source.facts.definitions {
            if !matches!(
                definition.kind,
                DefinitionKind::Class | DefinitionKind::Enum | DefinitionKind::Interface
            ) {
                continue;
            }
            for word in vocab::split_words(source.facts.name(definition.name)) {
                sold |= matches!(word.as_str(), "subscription" | "plan");
                billed |= matches!(word.as_str(), "invoice" | "billing" | "edition" | "pricing");
            }
        }
    }
    sold && billed
}

impl<'a> Context<'a> {
    fn new(model: &'a Model<'a>, settings: &'a Settings) -> Self {
        let mut known = FxHashMap::default();
        let told = std::iter::once((0, &settings.customers)).chain(
            settings
                .dimensions
                .iter()
                .enumerate()
                .map(|(at, it)| (at + 1, &it.subjects)),
        );
        for (axis, subjects) in told {
            for subject in subjects {
                let spellings = std::iter::once(&subject.name)
                    .chain(&subject.aliases)
                    .chain(&subject.ids);
                for spelling in spellings {
                    known.insert((axis, Vocab::fold(spelling)), 97);
                }
            }
        }
        // The vendor serves itself too, but is nobody's customer; unless the user says so.
        let vendors = model.set.vendors.iter().map(|name| Vocab::fold(name));
        let refused = settings
            .not_customers
            .iter()
            .map(|name| Vocab::fold(name))
            .chain(vendors.filter(|name| !known.contains_key(&(0, name.clone()))))
            .collect();
        Self {
            model,
            settings,
            vocab: Vocab::new(&settings.tenant_words),
            axes: dimension::axes(settings),
            learned: BTreeSet::new(),
            learned_attributes: BTreeSet::new(),
            sells: sells(model),
            known,
            refused,
            spelled: BTreeMap::new(),
            families: BTreeSet::new(),
            listed: BTreeSet::new(),
            abbreviations: FxHashMap::default(),
        }
    }

    /// Confidence that `text` is a subject of an axis, if it is a known one.
    fn known(&self, axis: usize, text: &str) -> Option<u8> {
        self.known.get(&(axis, Vocab::fold(text))).copied()
    }

    /// The whole name of which a word is the beginning or the end, and whether that alone is too little to say so:
    /// `acm` of `acm-europe` is, `globex` for `eglobex` is not.
    fn abbreviated(&self, axis: usize, word: &str) -> Option<(String, bool)> {
        if let Some(full) = self.abbreviations.get(&(axis, word.to_owned())) {
            return Some((full.clone(), true));
        }
        // The `e` of electronic services.
        let whole = format!("e{word}");
        (word.len() >= 6 && self.is_distinctive(word) && self.known(axis, &whole).is_some())
            .then_some((whole, false))
    }

    /// Notes how a name of several words is written.
    fn spell(&self, axis: usize, name: &str, spelled: &mut BTreeMap<(usize, String), String>) {
        let key = (axis, Vocab::fold(name));
        if name.contains(['-', '_', '.']) && !self.spelled.contains_key(&key) {
            spelled.entry(key).or_insert_with(|| name.to_owned());
        }
    }

    /// Folded names of the subjects of an axis that are at least so sure and not refused, sorted.
    fn known_names(&self, axis: usize, least: u8) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .known
            .iter()
            .filter(|((of, name), sure)| {
                *of == axis && **sure >= least && !self.refused.contains(name)
            })
            .map(|((_, name), _)| name.as_str())
            .collect();
        names.sort_unstable();
        names
    }

    fn refused(&self, text: &str) -> bool {
        !self.refused.is_empty() && self.refused.contains(&Vocab::fold(text))
    }

    /// Whether a literal is a sentinel, or a value of something that is no customer (locale, environment, method).
    fn is_noise(&self, text: &str) -> bool {
        matches!(text, "true" | "false")
            || self.vocab.is_sentinel(text)
            || self.vocab.is_noise_literal(text).is_some()
    }

    /// Whether a name is no word of the language, so that meeting it anywhere means the subject.
    #[expect(
        clippy::unused_self,
        reason = "asked like the other questions about a name"
    )]
    fn is_distinctive(&self, name: &str) -> bool {
        let folded = Vocab::fold(name);
        folded.len() >= 4 && !words::is_common(&folded)
    }

    fn path(&self, file: FileId) -> RepoPath {
        self.model.set.files[file.index()].path.clone()
    }

    fn place(&self, file: FileId, id: ExprId) -> (RepoPath, u32) {
        let facts = self.model.facts(file);
        (self.path(file), facts.lines.line(facts.expr(id).span.start))
    }
}
