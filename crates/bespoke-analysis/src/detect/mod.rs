//! Variation points: where code chooses by customer, tenant or flag.
//!
//! Detection runs twice over the conditions: once to learn who the customers are, once, knowing them, to say where
//! they are singled out.

mod atoms;
mod callers;
mod checks;
mod cohorts;
mod data_files;
mod dimension;
mod discover;
mod entitlements;
mod flags;
mod helpers;
mod identity;
pub(crate) mod live;
mod own_word;
mod points;
mod registries;
mod remembered;
pub(crate) mod sdks;
mod sieve;
mod subjects;
mod text;
mod units;
mod vocab;
mod vocab_words;
mod vocabulary;
mod words;

use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use bespoke_facts::{DefinitionKind, ExprId, RepoPath};
use rustc_hash::{FxHashMap, FxHashSet};

pub use self::vocabulary::Vocabulary;
use self::{
    callers::Callers, dimension::Axis, points::Draft, remembered::Remembered, sieve::Sieve,
    vocab::Vocab,
};
pub(crate) use self::{
    data_files::Names as DataNames,
    subjects::{Registry, live_point, point_key},
    text::render,
};
use crate::{BlindSpots, FileId, Settings, SourceFile, Subject, VariationPoint, link::Model};

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
    /// The files that are looked at; all where nothing is said.
    scope: Option<Vec<FileId>>,
    /// Who calls whom by name, where that is known beforehand.
    callers: Option<&'a Callers>,
    words: Box<Lexicon>,
}

/// What is known of names before a file is looked at.
#[derive(Debug)]
pub(crate) struct Lexicon {
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
    /// What names of functions say of entitlements.
    questions: PerName<entitlements::Question>,
    /// Whether they ask for a flag.
    flag_questions: PerName<bool>,
    /// Which subjects names may mean, by name.
    meanings: RefCell<FxHashMap<Box<str>, Rc<[units::Meaning]>>>,
    /// Of known names and their abbreviations, once all are known.
    sieve: OnceCell<Sieve>,
    /// What conditions were found to depend on while names were learned.
    remembered: Remembered,
}

/// What names say: most are met many times.
#[derive(Debug)]
struct PerName<T>(RefCell<FxHashMap<Box<str>, T>>);

impl<T> Default for PerName<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Copy> PerName<T> {
    /// What a name says, which `ask` works out.
    fn of(&self, name: &str, ask: impl FnOnce(&str) -> T) -> T {
        if let Some(known) = self.0.borrow().get(name) {
            return *known;
        }
        let says = ask(name);
        self.0.borrow_mut().insert(name.into(), says);
        says
    }
}

/// Finds variation points, with what was learned before or with what these files say.
pub(crate) fn detect(
    model: &Model<'_>,
    settings: &Settings,
    learned: Option<&Vocabulary>,
) -> Found {
    let context = match learned {
        Some(vocabulary) => Context::with(model, settings, vocabulary),
        None => learned_context(model, settings),
    };
    let mut blind_spots = model.blind_spots.clone();
    for (file, source) in context.files() {
        let asks = |branch: &&bespoke_facts::Branch| model.asks_the_unknown(file, branch.condition);
        let asking = source.facts.branches.iter().filter(asks).count();
        blind_spots.unresolved_calls += u32::try_from(asking).unwrap_or(u32::MAX);
    }
    let mut drafts: Vec<Draft> = points::branches(&context);
    drafts.extend(points::tables(&context));
    let entitlements = entitlements::listed(&context);
    drafts.extend(entitlements::branches(
        &context,
        &entitlements,
        &mut entitlements::Registry::new(),
    ));
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

/// What the files say of who the customers are, and by which words they are meant.
pub(crate) fn learn(model: &Model<'_>, settings: &Settings) -> Vocabulary {
    learned_context(model, settings).vocabulary()
}

/// The names for which files that are no code are looked through.
pub(crate) fn data_names(
    model: &Model<'_>,
    settings: &Settings,
    vocabulary: &Vocabulary,
) -> DataNames {
    DataNames::new(&Context::with(model, settings, vocabulary))
}

fn learned_context<'a>(model: &'a Model<'a>, settings: &'a Settings) -> Context<'a> {
    let mut context = Context::new(model, settings);
    if let Some(word) = own_word::learn(&context) {
        context.vocab.adopt(word);
    }
    discover::learn(&mut context);
    context
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
            for word in vocab::split_words(source.facts.name(definition.name)).iter() {
                sold |= matches!(word.as_str(), "subscription" | "plan");
                billed |= matches!(word.as_str(), "invoice" | "billing" | "edition" | "pricing");
            }
        }
    }
    sold && billed
}

impl Lexicon {
    /// Stands in while the words are lent.
    fn nothing() -> Self {
        Self {
            vocab: Vocab::new(&[]),
            axes: Vec::new(),
            learned: BTreeSet::new(),
            learned_attributes: BTreeSet::new(),
            sells: false,
            known: FxHashMap::default(),
            refused: BTreeSet::new(),
            spelled: BTreeMap::new(),
            families: BTreeSet::new(),
            listed: BTreeSet::new(),
            abbreviations: FxHashMap::default(),
            questions: PerName::default(),
            flag_questions: PerName::default(),
            meanings: RefCell::default(),
            sieve: OnceCell::new(),
            remembered: Remembered::default(),
        }
    }
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
            scope: None,
            callers: None,
            words: Box::new(Lexicon {
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
                questions: PerName::default(),
                flag_questions: PerName::default(),
                meanings: RefCell::default(),
                sieve: OnceCell::new(),
                remembered: Remembered::default(),
            }),
        }
    }

    /// With what was learned before.
    fn with(model: &'a Model<'a>, settings: &'a Settings, vocabulary: &Vocabulary) -> Self {
        let mut context = Self::new(model, settings);
        context.adopt(vocabulary);
        context
    }

    /// The files that may call a function of one of the names with these hashes, by path.
    fn files_calling<'c>(
        &'c self,
        names: &'c FxHashSet<u64>,
    ) -> Box<dyn Iterator<Item = (FileId, &'a SourceFile)> + 'c> {
        let Some(callers) = self.callers else {
            return Box::new(self.files());
        };
        if self.scope.is_some() {
            let files = self.files();
            return Box::new(files.filter(|(file, _)| callers.calls(*file, names)));
        }
        let files = callers.of(names).into_iter();
        let mut files: Vec<_> = files.map(|file| (file, self.model.source(file))).collect();
        files.sort_by(|a, b| a.1.path.cmp(&b.1.path));
        let files = files.into_iter();
        Box::new(files.inspect(|(file, _)| self.model.about(*file)))
    }

    /// The calls in a file of functions with these names, or of renamed ones, all known by their hashes.
    fn calls_in(
        &self,
        file: FileId,
        names: &FxHashSet<u64>,
        renamed: &FxHashSet<u64>,
    ) -> impl Iterator<Item = ExprId> {
        let calls = self.model.called(file).iter();
        let calls = calls.filter(|(name, _)| names.contains(name) || renamed.contains(name));
        calls.map(|(_, call)| *call)
    }

    /// The files that are looked at, by path.
    fn files(&self) -> impl Iterator<Item = (FileId, &'a SourceFile)> + '_ {
        let all = self.scope.is_none().then(|| self.model.files());
        let some = self.scope.iter().flatten().map(|file| {
            self.model.about(*file);
            (*file, self.model.source(*file))
        });
        all.into_iter().flatten().chain(some)
    }

    /// Confidence that `text` is a subject of an axis, if it is a known one.
    fn known(&self, axis: usize, text: &str) -> Option<u8> {
        let folded = Vocab::fold(text);
        self.remembered.ask(&folded);
        self.known.get(&(axis, folded)).copied()
    }

    /// Takes in that a folded name is a subject of an axis, at least so surely.
    fn know(&mut self, axis: usize, folded: String, confidence: u8) {
        let before = self.known.get(&(axis, folded.clone())).copied();
        if before.is_none_or(|before| before < confidence) {
            self.remembered.change(&folded);
            self.known.insert((axis, folded), confidence);
        }
    }

    /// The same, where nothing is known of it.
    fn know_of(&mut self, axis: usize, folded: String, confidence: u8) {
        if !self.known.contains_key(&(axis, folded.clone())) {
            self.know(axis, folded, confidence);
        }
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

    /// Whether a text may be or hold a known name or a part of one that stands for it. Asked when all that is to be learned
    /// is learned.
    fn may_name(&self, text: &str) -> bool {
        let sieve = self.sieve.get_or_init(|| {
            let known = self.known.keys().map(|(_, name)| name.as_str());
            // As in `abbreviated`.
            let electronic = known.clone().filter_map(|name| name.strip_prefix('e'));
            let short = self.abbreviations.keys().map(|(_, word)| word.as_str());
            Sieve::new(known.chain(electronic).chain(short))
        });
        sieve.lets_through(text)
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
        self.model.source(file).path.clone()
    }

    fn place(&self, file: FileId, id: ExprId) -> (RepoPath, u32) {
        let facts = self.model.facts(file);
        (self.path(file), facts.lines.line(facts.expr(id).span.start))
    }
}
