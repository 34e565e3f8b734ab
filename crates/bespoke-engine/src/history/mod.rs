//! One row for each commit.
//!
//! Every distinct content is read once. The rows come from a tree that changes ([`LiveTree`]): a commit costs what it
//! changed, and its row says what a scan of the commit says with the same vocabulary.

mod contents;
mod plan;
mod work;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use bespoke_analysis::{
    Change as TreeChange, DataScanner, Event, FileId, FileSet, LivePoint, LiveTree, Manifests,
    Movements, Parameters, Row, Settings, SourceFile, State, Vocabulary, learn,
};
use bespoke_extract::FINGERPRINT;
use bespoke_facts::{IssueReason, RepoPath, date_of};
use gix::ObjectId;
use rustc_hash::FxHashMap;
use typed_arena::Arena;

pub(crate) use self::plan::push_bytes;
use self::{
    contents::{Contents, Said},
    plan::{Change, Content, ContentIndex, PathId, Plan, plan},
    work::Works,
};
use crate::{
    DEFAULT_MAX_FILE_SIZE, Entry, Error,
    cache::{Cache, fnv},
    git::{Commit, Objects, Range, Repository, Walk, commits, held_at},
    manifest,
    owners::{self, Owners},
    run::{Choice, Options, configuration, options_globs, pool, role_by_content},
    vendor::{MAX_NOTICE_BYTES, vendors_in},
    vocabulary::{vocabulary_from_json, vocabulary_to_json},
};

/// How many rows are kept, or asked for, at a time.
const KEPT_AT_A_TIME: usize = 256;
/// How many new contents are read at a time: enough to keep threads busy, few enough to hold.
const BATCH: usize = 256;
/// How many files are put into one arena, at least, before those that are alive move to another: what a file said
/// before stays in memory until then.
const ARENA: usize = 1_000;
/// Longest time between two states from which names are learned, in seconds.
const LEARNING_PERIOD: i64 = 365 * 24 * 3_600 / 4;
/// Most such states.
const LEARNING_STATES: i64 = 24;

/// Which commits get a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Every {
    /// Each.
    #[default]
    Commit,
    /// The last of each day (UTC).
    Day,
    /// The last of each week, which begins on Monday.
    Week,
    /// The last of each month.
    Month,
    /// Those with a tag.
    Tag,
}

/// By what rows have sums of parts of the tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// By nothing.
    #[default]
    Nothing,
    /// By component: package, top folder, or as the configuration says.
    Component,
    /// By who answers for a file: its owners in the commit's own `CODEOWNERS`, or nobody.
    Owner,
}

/// Which rows also say what the dependency graph of their state is like. A commit with a tag is one of them, except of
/// none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Graphs {
    /// None.
    Never,
    /// The first of each period.
    Each(Every),
    /// The first of each week.
    #[default]
    Weekly,
}

/// What history gives, in this order: what was learned, then row by row.
#[derive(Debug)]
pub enum Told<'a> {
    /// By which names customers are known in every row.
    Vocabulary(&'a Vocabulary),
    /// The next commit's row.
    Row(Box<Row>),
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Customers' names are learned from states that lie apart.
    Learning,
    /// Commits get their rows.
    Rows,
}

/// What to look at.
#[derive(Clone, Default)]
pub struct HistoryOptions<'a> {
    /// How each state is scanned.
    pub scan: Options<'a>,
    /// `A..B`, or one revision, whose history it is then. `HEAD` where nothing is said.
    pub range: Option<String>,
    /// All commits, not only each one's first parent.
    pub all_commits: bool,
    /// Commits put in before this time (seconds since 1970) get no row.
    pub since: Option<i64>,
    /// Commits put in after this time get none.
    pub until: Option<i64>,
    /// Only what lies at or under one of these paths, relative to the repository's root, and only commits that changed
    /// it; everything where nothing is said.
    pub paths: Vec<String>,
    /// Which of them get one.
    pub every: Every,
    /// Which of these say what the dependency graph is like.
    pub graphs: Graphs,
    /// By what rows have sums of parts of the tree.
    pub by: By,
    /// What was learned before; learned of this history where nothing is said.
    pub vocabulary: Option<Vocabulary>,
    /// Customers and flags that the configuration declares are not known: they were declared later than what is read.
    pub undeclared: bool,
    /// Called with how much of a stage is done, and how much there is.
    pub on_progress: Option<&'a (dyn Fn(Stage, usize, usize) + Sync)>,
}

/// What is known at the end.
#[derive(Debug)]
pub struct History {
    /// The repository's root.
    pub root: PathBuf,
    /// By which names customers were known, in every row.
    pub vocabulary: Vocabulary,
    /// The constants of the debt model, as the configuration has them.
    pub debt: Parameters,
    /// The oldest commit's parents are not there: the copy is shallow.
    pub shallow: bool,
    /// What went wrong without changing the result: a cache that could not be used.
    pub warnings: Vec<String>,
}

/// Reads history, oldest commit first. `tell` says whether to go on.
pub fn history(
    folder: &std::path::Path,
    options: &HistoryOptions<'_>,
    tell: &mut (dyn FnMut(Told<'_>) -> bool + Send),
) -> Result<History, Error> {
    let repository = Repository::discover(folder)?;
    let root = repository
        .work_dir()
        .unwrap_or_else(|| repository.git_dir().to_owned());
    let config = configuration(&root, &options.scan.config)?;
    let mut settings = config.settings;
    if let Some(min_confidence) = options.scan.min_confidence {
        settings.min_confidence = min_confidence;
    }
    if options.undeclared {
        settings.customers.clear();
        settings.flags.clear();
    }
    let excluded_by_options = options_globs(&options.scan.exclude)?;
    let within: Vec<String> = options
        .paths
        .iter()
        .map(|path| {
            path.trim_start_matches("./")
                .trim_end_matches('/')
                .to_owned()
        })
        .filter(|path| !matches!(path.as_str(), "" | "."))
        .collect();
    let choice = Choice {
        include: &(&config.include | &options.scan.include),
        excluded: &[&config.exclude, &excluded_by_options],
        within: &within,
    };
    let pool = pool(options.scan.threads())?;
    let walk = commits(&repository, &range(&repository, options)?)?;
    let chosen = chosen(&repository, &walk.commits, &within, options);
    let limit = options
        .scan
        .max_file_size
        .or(config.max_file_size)
        .unwrap_or(DEFAULT_MAX_FILE_SIZE);
    let cache = options.scan.open_cache();
    let reader = Reader {
        repository: &repository,
        cache: &cache,
        settings: &settings,
        choice: &choice,
        limit,
        engine: options.scan.engine.as_deref(),
        packs: repository.packs(),
    };
    // All that a row depends on beside its commit and the one before.
    let said = match &config.path {
        Some(path) => std::fs::read_to_string(path).unwrap_or_default(),
        None => String::new(),
    };
    let base = fnv(&[
        FINGERPRINT,
        env!("BESPOKE_ANALYSIS_FINGERPRINT"),
        &said,
        &repository.substitutes(),
        &format!("{:?}", choice.include),
        &options.scan.exclude.join("\n"),
        &within.join("\n"),
        &format!("{:?}", options.by),
        &format!("{} {limit}", settings.min_confidence),
        if options.undeclared { "undeclared" } else { "" },
        options.scan.engine.as_deref().unwrap_or_default(),
    ]);
    let first = chosen.first().map(|at| &walk.commits[*at]);
    let shallow = first.is_some_and(|first| walk.cut.contains(&first.id));
    let vocabulary = pool.install(|| {
        let vocabulary = match &options.vocabulary {
            Some(vocabulary) => vocabulary.clone(),
            None => reader.vocabulary(base, &walk.commits, &chosen, options),
        };
        let tags = tags(&repository);
        let run = Rows {
            reader: &reader,
            walk: &walk,
            chosen: &chosen,
            with_graph: with_graph(&tags, &walk.commits, &chosen, options.graphs),
            labels: Labels {
                mailmap: repository.mailmap(),
                tags,
                cut: &walk.cut,
            },
            vocabulary: &vocabulary,
            base: fnv(&[&base.to_string(), &vocabulary_to_json(&vocabulary)]),
            without_names: base,
            options,
        };
        if tell(Told::Vocabulary(&vocabulary)) {
            run.give(&mut |row| tell(Told::Row(Box::new(row))));
        }
        vocabulary
    });
    cache.trim();
    Ok(History {
        root,
        debt: config.debt,
        vocabulary,
        shallow,
        warnings: cache.warnings(),
    })
}

/// Gives rows, those first that were kept.
struct Rows<'a> {
    reader: &'a Reader<'a>,
    walk: &'a Walk,
    chosen: &'a [usize],
    with_graph: Vec<bool>,
    labels: Labels<'a>,
    vocabulary: &'a Vocabulary,
    base: u64,
    /// As `base`, but the same whatever customers are called.
    without_names: u64,
    options: &'a HistoryOptions<'a>,
}

impl Rows<'_> {
    fn give(&self, on_row: &mut dyn FnMut(Row) -> bool) {
        let total = self.chosen.len();
        let tell = |done| {
            if let Some(tell) = self.options.on_progress {
                tell(Stage::Rows, done, total);
            }
        };
        tell(0);
        let mut works = Works::new(
            self.reader,
            self.reader.repository,
            self.walk,
            self.chosen,
            self.without_names,
        );
        let mut finish = |at: usize, row: &mut Row, plan: Option<(&Plan, usize)>| {
            if at >= works.until() {
                works.read(at..(at + KEPT_AT_A_TIME).min(total), plan);
            }
            works.put(at, row);
            // Names and tags are given to commits later.
            self.labels
                .put(at, row, &self.walk.commits[self.chosen[at]]);
        };
        let mut done = 0;
        'kept: while done < total {
            let until = (done + KEPT_AT_A_TIME).min(total);
            for (at, kept) in (done..until).zip(self.kept(done..until)) {
                let row = kept.and_then(|bytes| postcard::from_bytes::<Row>(&bytes).ok());
                let Some(mut row) = row else {
                    break 'kept;
                };
                done += 1;
                finish(at, &mut row, None);
                if !on_row(row) {
                    return;
                }
            }
            tell(done);
        }
        if done == total {
            return;
        }
        // The state before the first row that is missing is where the rest begins.
        let start = done.saturating_sub(1);
        let skipped = done - start;
        let steps = &self.chosen[start..];
        let objects = self.reader.repository.objects();
        let plan = plan(&objects, &self.walk.commits, steps, self.reader.choice);
        drop(objects);
        let mut to_keep = Vec::new();
        let mut at = 0;
        self.reader.replay(
            &plan,
            &self.walk.commits,
            (&self.with_graph[start..], self.options.by),
            self.vocabulary,
            &mut |mut row| {
                at += 1;
                if at <= skipped {
                    return true;
                }
                if let Ok(bytes) = postcard::to_stdvec(&row) {
                    let key = self.key(done);
                    let key = if row.incomplete {
                        self.reader.for_now(key)
                    } else {
                        key
                    };
                    to_keep.push((key, bytes));
                }
                if to_keep.len() >= KEPT_AT_A_TIME {
                    self.reader.cache.put_results(&to_keep);
                    to_keep.clear();
                }
                finish(done, &mut row, Some((&plan, start)));
                done += 1;
                tell(done);
                on_row(row)
            },
        );
        self.reader.cache.put_results(&to_keep);
    }

    /// Rows that were kept: first those for good, then those for as long as the same objects are missing.
    fn kept(&self, rows: std::ops::Range<usize>) -> Vec<Option<Vec<u8>>> {
        let cache = self.reader.cache;
        let keys: Vec<Vec<u8>> = rows.map(|at| self.key(at)).collect();
        let mut kept = cache.results(&keys);
        if kept.iter().any(Option::is_none) {
            let keys: Vec<Vec<u8>> = keys
                .into_iter()
                .map(|key| self.reader.for_now(key))
                .collect();
            for (known, other) in kept.iter_mut().zip(cache.results(&keys)) {
                if known.is_none() {
                    *known = other;
                }
            }
        }
        kept
    }

    /// Under what the row of a commit is kept: what it says of changes is said against the row before.
    fn key(&self, at: usize) -> Vec<u8> {
        let id = |at: usize| self.walk.commits[self.chosen[at]].id;
        let mut key = b"row".to_vec();
        key.extend_from_slice(&self.base.to_be_bytes());
        if let Some(before) = at.checked_sub(1) {
            key.extend_from_slice(id(before).as_bytes());
        }
        key.extend_from_slice(id(at).as_bytes());
        key.push(u8::from(self.with_graph[at]));
        key
    }
}

fn range(repository: &Repository, options: &HistoryOptions<'_>) -> Result<Range, Error> {
    let mut range = Range {
        all: options.all_commits,
        ..Range::default()
    };
    if let Some(text) = &options.range {
        let (without, from) = match text.split_once("..") {
            Some((without, from)) => (Some(without), from),
            None => (None, text.as_str()),
        };
        let or_head = |name: &str| if name.is_empty() { "HEAD" } else { name }.to_owned();
        range.from = Some(repository.resolve(&or_head(from))?);
        if let Some(without) = without {
            range.without.push(repository.resolve(&or_head(without))?);
        }
    }
    Ok(range)
}

/// Positions of the commits that get a row.
fn chosen(
    repository: &Repository,
    commits: &[Commit],
    paths: &[String],
    options: &HistoryOptions<'_>,
) -> Vec<usize> {
    let tags = match options.every {
        Every::Tag => tags(repository),
        _ => BTreeMap::new(),
    };
    let within = |commit: &Commit| {
        options.since.is_none_or(|since| commit.time >= since)
            && options.until.is_none_or(|until| commit.time <= until)
    };
    let objects = repository.objects();
    let held = |commit: &Commit| -> Vec<Option<ObjectId>> {
        let paths = paths.iter();
        paths
            .map(|path| held_at(&objects, commit.tree, path))
            .collect()
    };
    let mut before: Vec<Option<ObjectId>> = vec![None; paths.len()];
    let mut chosen: Vec<usize> = Vec::new();
    let mut last = None;
    for (at, commit) in commits.iter().enumerate() {
        if !paths.is_empty() {
            let now = held(commit);
            if now == before {
                continue;
            }
            before = now;
        }
        if !within(commit) || options.every == Every::Tag && !tags.contains_key(&commit.id) {
            continue;
        }
        let period = period(options.every, commit.time);
        if period.is_some() && period == last {
            chosen.pop();
        }
        last = period;
        chosen.push(at);
    }
    chosen
}

/// The number of a time's day, week or month.
fn period(every: Every, time: i64) -> Option<i64> {
    match every {
        Every::Commit | Every::Tag => None,
        Every::Day => Some(time.div_euclid(86_400)),
        // 1970 began on a Thursday.
        Every::Week => Some((time.div_euclid(86_400) + 3).div_euclid(7)),
        Every::Month => Some(month(time)),
    }
}

/// Of the chosen commits, those whose rows say what the graph is like. Not the last of a period, as for rows: what comes
/// later must not change what was said before.
fn with_graph(
    tags: &BTreeMap<ObjectId, Vec<String>>,
    commits: &[Commit],
    chosen: &[usize],
    graphs: Graphs,
) -> Vec<bool> {
    let every = match graphs {
        Graphs::Never => return vec![false; chosen.len()],
        Graphs::Each(every) => every,
        Graphs::Weekly => Every::Week,
    };
    let mut latest = None;
    chosen
        .iter()
        .map(|at| {
            let commit = &commits[*at];
            let now = period(every, commit.time);
            // Clocks differ: an older commit begins no period.
            let is_first = now.is_some() && now > latest;
            latest = latest.max(now);
            is_first || every == Every::Commit || tags.contains_key(&commit.id)
        })
        .collect()
}

/// Months since year 0 of a time in seconds since 1970 (UTC).
fn month(seconds: i64) -> i64 {
    let (year, month, _) = date_of(seconds);
    year * 12 + i64::from(month)
}

fn tags(repository: &Repository) -> BTreeMap<ObjectId, Vec<String>> {
    let mut tags: BTreeMap<ObjectId, Vec<String>> = BTreeMap::new();
    for (id, name) in repository.tags() {
        tags.entry(id).or_default().push(name);
    }
    tags
}

/// What is said of commits beside their trees.
struct Labels<'a> {
    mailmap: gix::mailmap::Snapshot,
    tags: BTreeMap<ObjectId, Vec<String>>,
    cut: &'a rustc_hash::FxHashSet<ObjectId>,
}

impl Labels<'_> {
    /// Writes what may change without the commit.
    fn put(&self, at: usize, row: &mut Row, commit: &Commit) {
        row.author = self.author(&commit.author);
        row.tags = self.tags.get(&commit.id).cloned().unwrap_or_default();
        // The first row stands for what came before it, unless nothing did.
        row.cut = self.cut.contains(&commit.id) || at == 0 && !commit.parents.is_empty();
        for work in &mut row.work {
            work.author = self.author(&work.author);
        }
    }

    fn author(&self, (name, email): &(String, String)) -> (String, String) {
        let signature = gix::actor::SignatureRef {
            name: name.as_str().into(),
            email: email.as_str().into(),
            time: "0 +0000",
        };
        let known = self.mailmap.resolve(signature);
        (known.name.to_string(), known.email.to_string())
    }
}

/// Reads the contents of a history.
struct Reader<'a> {
    repository: &'a Repository,
    cache: &'a Cache,
    settings: &'a Settings,
    choice: &'a Choice<'a>,
    limit: u64,
    engine: Option<&'a str>,
    /// Names of the packs that there are.
    packs: String,
}

/// What every path holds after some step.
#[derive(Debug, Default)]
struct Tree {
    there: Vec<Option<ContentIndex>>,
}

impl Tree {
    fn take(&mut self, plan: &Plan, changes: &[Change]) {
        self.there.resize(plan.places.len(), None);
        for change in changes {
            self.there[change.path as usize] = change.content;
        }
    }
}

impl Reader<'_> {
    /// A key for what is true only while objects are missing.
    fn for_now(&self, mut key: Vec<u8>) -> Vec<u8> {
        key.extend_from_slice(&fnv(&[&self.packs]).to_be_bytes());
        key
    }

    fn contents(&self) -> Contents<'_> {
        Contents {
            repository: self.repository,
            cache: self.cache,
            limit: self.limit,
            engine: self.engine,
        }
    }

    /// What is learned from states that lie apart, and from the last one; kept from before, if it was.
    fn vocabulary(
        &self,
        base: u64,
        commits: &[Commit],
        chosen: &[usize],
        options: &HistoryOptions<'_>,
    ) -> Vocabulary {
        let states = states_to_learn_from(commits, chosen);
        let mut vocabulary = Vocabulary::default();
        let mut tree = Tree::default();
        let mut said: FxHashMap<ContentIndex, Said> = FxHashMap::default();
        let keys: Vec<Vec<u8>> = states
            .iter()
            .map(|at| {
                let id = commits[*at].id;
                [b"learned", &base.to_be_bytes()[..], id.as_bytes()].concat()
            })
            .collect();
        let kept = self.cache.results(&keys).into_iter().map(|bytes| {
            let text = String::from_utf8(bytes?).ok()?;
            vocabulary_from_json(&text).ok()
        });
        let kept: Vec<Option<Vocabulary>> = kept.collect();
        let missing: Vec<usize> = (0..states.len()).filter(|at| kept[*at].is_none()).collect();
        let wanted: Vec<usize> = missing.iter().map(|at| states[*at]).collect();
        let objects = self.repository.objects();
        let plan = plan(&objects, commits, &wanted, self.choice);
        drop(objects);
        let tell = |done| {
            if let Some(tell) = options.on_progress {
                tell(Stage::Learning, done, wanted.len());
            }
        };
        tell(0);
        let mut learned = kept;
        let mut partial = false;
        for (done, (step, at)) in (1..).zip(plan.steps.iter().zip(missing)) {
            tree.take(&plan, &plan.changes[step.changes.clone()]);
            let set = self.file_set(&plan, &tree, &mut said);
            let new = learn(&set, self.settings);
            let text = vocabulary_to_json(&new).into_bytes();
            partial |= step.incomplete;
            let is_lost = |said: &Said| matches!(said, Said::Lost(IssueReason::Unreadable(_)));
            // What is fetched later may teach more.
            if !partial && !said.values().any(is_lost) {
                self.cache.put_results(&[(keys[at].clone(), text)]);
            }
            learned[at] = Some(new);
            tell(done);
        }
        for one in learned.into_iter().flatten() {
            vocabulary.join(one);
        }
        vocabulary
    }

    /// The files of one state. `kept` holds what was read for the state before, and then for this one.
    fn file_set(
        &self,
        plan: &Plan,
        tree: &Tree,
        kept: &mut FxHashMap<ContentIndex, Said>,
    ) -> FileSet {
        let there = || {
            let all = tree.there.iter().zip(&plan.places);
            all.filter_map(|(content, place)| Some(((*content)?, place)))
        };
        let mut wanted: Vec<ContentIndex> = there()
            .filter(|(_, place)| place.language.is_some())
            .map(|(content, _)| content)
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        kept.retain(|content, _| wanted.binary_search(content).is_ok());
        let new: Vec<ContentIndex> = wanted
            .iter()
            .copied()
            .filter(|content| !kept.contains_key(content))
            .collect();
        let contents: Vec<Content> = new.iter().map(|at| plan.contents[*at as usize]).collect();
        let said = self.contents().read_all(&contents, None);
        kept.extend(new.into_iter().zip(said));
        let mut files = Vec::new();
        let mut paths = Vec::new();
        let mut vendors = Vec::new();
        for (content, place) in there() {
            if place.is_notice {
                let bytes = self.repository.objects();
                let id = plan.contents[content as usize].id;
                if let Ok(bytes) = bytes.blob(id, MAX_NOTICE_BYTES) {
                    vendors.extend(vendors_in(&bytes));
                }
            }
            if !place.kept {
                continue;
            }
            match self.file(place, kept.get(&content)) {
                Held::File(file) => {
                    paths.push(place.path.clone());
                    files.push(*file);
                }
                Held::Path(_) => paths.push(place.path.clone()),
                Held::Nothing => {}
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        paths.sort();
        let manifests = self.manifests(plan, tree);
        FileSet {
            files,
            paths,
            vendors,
            packages: manifests.packages,
            manifests: manifests.manifests,
            components: self.settings.components.clone(),
            ..FileSet::default()
        }
    }

    /// What becomes of a path that is kept.
    fn file(&self, place: &plan::Place, said: Option<&Said>) -> Held {
        let Some(language) = place.language else {
            return Held::Path(None);
        };
        let facts = match said {
            Some(Said::Facts(facts)) => facts,
            Some(Said::Lost(reason)) => return Held::Path(Some(reason.clone())),
            _ => return Held::Path(None),
        };
        if let Some(reason) = facts.issues.iter().find(|reason| reason.loses_file()) {
            return Held::Path(Some(reason.clone()));
        }
        let role = role_by_content(place.role, language, facts);
        if !self.choice.keeps(role) {
            return Held::Nothing;
        }
        Held::File(Box::new(SourceFile {
            path: place.path.clone(),
            language: language.name,
            role,
            facts: Arc::clone(facts),
        }))
    }

    fn manifests(&self, plan: &Plan, tree: &Tree) -> manifest::Read {
        let mut entries = Vec::new();
        let mut ids: FxHashMap<&str, ObjectId> = FxHashMap::default();
        for (content, place) in tree.there.iter().zip(&plan.places) {
            if let Some(content) = content.filter(|_| place.is_manifest) {
                entries.push(Entry {
                    path: place.path.clone(),
                    file: PathBuf::from(place.path.as_str()),
                    size: 0,
                });
                ids.insert(place.path.as_str(), plan.contents[content as usize].id);
            }
        }
        entries.sort();
        let objects = self.repository.objects();
        let bytes = |entry: &Entry, limit, buffer: &mut Vec<u8>| {
            let id = ids.get(entry.path.as_str());
            let id = id.ok_or(IssueReason::Vanished)?;
            *buffer = objects.blob(*id, limit)?;
            Ok(())
        };
        let keeps = |path: &RepoPath| self.choice.keeps(self.choice.role(path));
        manifest::read_all(&entries, keeps, &bytes)
    }

    /// Goes through all steps, and gives each one's row.
    fn replay(
        &self,
        plan: &Plan,
        commits: &[Commit],
        (with_graph, by): (&[bool], By),
        vocabulary: &Vocabulary,
        on_row: &mut dyn FnMut(Row) -> bool,
    ) {
        let scanner = (!vocabulary.subjects.is_empty() || self.tells())
            .then(|| DataScanner::new(self.settings, vocabulary));
        let mut replay = Replay {
            reader: self,
            objects: self.repository.objects(),
            plan,
            commits,
            with_graph,
            by,
            owners: OwnersOf::default(),
            scanner: scanner.as_ref(),
            tree: Tree::default(),
            said: FxHashMap::default(),
            alive: BTreeMap::new(),
            in_paths: vec![false; plan.places.len()],
            issues: BTreeMap::new(),
            missing: BTreeSet::new(),
            partial: false,
            manifests: manifest::Read::default(),
        };
        let mut state: Option<State> = None;
        let mut from = 0;
        while from < plan.steps.len() {
            let Some((next, left)) = replay.segment(from, state.take(), vocabulary, on_row) else {
                break;
            };
            (from, state) = (next, Some(left));
        }
    }

    /// Whether the user has named subjects.
    fn tells(&self) -> bool {
        !self.settings.customers.is_empty()
            || self
                .settings
                .dimensions
                .iter()
                .any(|dimension| !dimension.subjects.is_empty())
    }
}

/// Who answers for which files, as the newest commit says.
#[derive(Debug, Default)]
struct OwnersOf {
    /// The file that was read.
    blob: Option<ObjectId>,
    rules: Owners,
    known: FxHashMap<RepoPath, String>,
}

impl OwnersOf {
    /// Reads what a tree says, if that is not what was read last.
    fn read(&mut self, objects: &Objects, tree: ObjectId) {
        let blob = owners::PLACES
            .iter()
            .find_map(|place| held_at(objects, tree, place));
        if blob == self.blob {
            return;
        }
        let bytes = blob.and_then(|blob| objects.blob(blob, owners::MAX_BYTES).ok());
        let text = bytes.unwrap_or_default();
        (self.rules, _) = Owners::parse(&String::from_utf8_lossy(&text));
        self.known.clear();
        self.blob = blob;
    }

    /// The owners of a path, in one text; nothing where there are none.
    fn of(&mut self, path: &RepoPath) -> String {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let owners = self.rules.of(path).join(" ");
        self.known.insert(path.clone(), owners.clone());
        owners
    }
}

/// What a kept path is.
enum Held {
    /// A source file.
    File(Box<SourceFile>),
    /// A path only; for source text, why.
    Path(Option<IssueReason>),
    /// No product after all.
    Nothing,
}

/// Positions of the commits from whose states names are learned, in order: the last of each period, and the last.
fn states_to_learn_from(commits: &[Commit], chosen: &[usize]) -> Vec<usize> {
    let (Some(first), Some(last)) = (chosen.first(), chosen.last()) else {
        return Vec::new();
    };
    let span = (commits[*last].time - commits[*first].time).max(0);
    let mut period = LEARNING_PERIOD;
    while span / period >= LEARNING_STATES {
        period *= 2;
    }
    let mut states: Vec<usize> = Vec::new();
    let mut latest = None;
    for at in chosen {
        // Clocks differ: a commit that is older than the one before it begins no period.
        let now = commits[*at].time.div_euclid(period);
        if latest.is_some_and(|latest| now <= latest) {
            states.pop();
        } else {
            latest = Some(now);
        }
        states.push(*at);
    }
    states
}

struct Replay<'a> {
    reader: &'a Reader<'a>,
    objects: Objects,
    plan: &'a Plan,
    commits: &'a [Commit],
    /// By step.
    with_graph: &'a [bool],
    by: By,
    owners: OwnersOf,
    scanner: Option<&'a DataScanner>,
    tree: Tree,
    said: FxHashMap<ContentIndex, Said>,
    /// Files that are alive.
    alive: BTreeMap<PathId, SourceFile>,
    in_paths: Vec<bool>,
    issues: BTreeMap<PathId, usize>,
    /// Files whose blobs the repository does not hold.
    missing: BTreeSet<PathId>,
    /// Trees were missing, so there may be more files than are known.
    partial: bool,
    manifests: manifest::Read,
}

impl Replay<'_> {
    /// Goes through steps until an arena is full; `None` where nobody wants more rows.
    fn segment(
        &mut self,
        from: usize,
        state: Option<State>,
        vocabulary: &Vocabulary,
        on_row: &mut dyn FnMut(Row) -> bool,
    ) -> Option<(usize, State)> {
        let arena: Arena<SourceFile> = Arena::new();
        let manifests: Arena<Manifests> = Arena::new();
        let set = FileSet {
            components: self.reader.settings.components.clone(),
            ..FileSet::default()
        };
        let (mut put, begun_with) = (0, self.alive.len());
        let mut live = match state {
            None => LiveTree::new(&set, self.reader.settings, vocabulary),
            Some(state) => {
                let files: Vec<(FileId, &SourceFile)> = self
                    .alive
                    .iter()
                    .map(|(path, file)| (FileId(*path), &*arena.alloc(file.clone())))
                    .collect();
                let told = manifests.alloc(self.manifests.manifests.clone());
                LiveTree::resume(&set, self.reader.settings, &files, told, state)
            }
        };
        let mut at = from;
        let (mut until, wanted) = self.wanted(at);
        let contents = self.contents_of(&wanted);
        let read = self.reader.contents().read_all(&contents, self.scanner);
        self.said.extend(wanted.into_iter().zip(read));
        while at < self.plan.steps.len() {
            let (next, wanted) = self.wanted(until);
            let (contents, scanner) = (self.contents_of(&wanted), self.scanner);
            let reader = self.reader.contents();
            let (mut read, mut go_on) = (Vec::new(), true);
            // The next batch is read by other threads while this one is worked through.
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| read = reader.read_all(&contents, scanner));
                for step in at..until {
                    let row = self.step(step, &mut live, &arena, &manifests, &mut put);
                    go_on = on_row(row);
                    if !go_on {
                        break;
                    }
                }
            });
            if !go_on {
                return None;
            }
            self.said.extend(wanted.into_iter().zip(read));
            (at, until) = (until, next);
            self.forget(at);
            // Moving costs what there is to move.
            if put > ARENA.max(begun_with / 4) {
                break;
            }
        }
        Some((at, live.suspend()))
    }

    /// The contents that the next steps need and that are not read yet, and the step after the last of these.
    fn wanted(&self, from: usize) -> (usize, Vec<ContentIndex>) {
        let mut wanted: Vec<ContentIndex> = Vec::new();
        let mut until = from;
        let mut seen: rustc_hash::FxHashSet<ContentIndex> = rustc_hash::FxHashSet::default();
        while until < self.plan.steps.len() && wanted.len() < BATCH {
            for change in &self.plan.changes[self.plan.steps[until].changes.clone()] {
                let Some(content) = change.content else {
                    continue;
                };
                let place = &self.plan.places[change.path as usize];
                if place.kept && !self.said.contains_key(&content) && seen.insert(content) {
                    wanted.push(content);
                }
            }
            until += 1;
        }
        (until, wanted)
    }

    fn contents_of(&self, indices: &[ContentIndex]) -> Vec<Content> {
        let contents = &self.plan.contents;
        indices.iter().map(|at| contents[*at as usize]).collect()
    }

    /// Lets go of what no later step puts anywhere.
    fn forget(&mut self, before: usize) {
        let needed = &self.plan.needed;
        self.said
            .retain(|content, _| needed[*content as usize].1 as usize >= before);
    }

    fn step<'l>(
        &mut self,
        at: usize,
        live: &mut LiveTree<'l>,
        arena: &'l Arena<SourceFile>,
        manifests: &'l Arena<Manifests>,
        put: &mut usize,
    ) -> Row {
        let step = &self.plan.steps[at];
        let changes = &self.plan.changes[step.changes.clone()];
        self.tree.take(self.plan, changes);
        self.partial |= step.incomplete;
        let mut change = TreeChange::default();
        let mut told = false;
        let mut changed_files = 0;
        for it in changes {
            let place = &self.plan.places[it.path as usize];
            told |= place.is_manifest && !self.says_the_same(place, it.content);
            if !place.kept {
                continue;
            }
            let said = it.content.and_then(|content| self.said.get(&content));
            let held = match it.content {
                None => Held::Nothing,
                Some(_) => self.reader.file(place, said),
            };
            self.issues.remove(&it.path);
            self.missing.remove(&it.path);
            if let Held::Path(Some(IssueReason::Unreadable(_))) = &held {
                self.missing.insert(it.path);
            }
            let mut is_there = true;
            let file = match held {
                Held::File(file) => {
                    let partly = file.facts.issues.len();
                    let found = partly + usize::from(place.bad_name);
                    if found > 0 {
                        self.issues.insert(it.path, found);
                    }
                    Some(*file)
                }
                Held::Path(reason) => {
                    let found = usize::from(reason.is_some()) + usize::from(place.bad_name);
                    if found > 0 {
                        self.issues.insert(it.path, found);
                    }
                    None
                }
                Held::Nothing => {
                    is_there = false;
                    None
                }
            };
            if place.language.is_some() {
                let was = self.alive.contains_key(&it.path);
                if was || file.is_some() {
                    changed_files += 1;
                    match &file {
                        Some(file) => {
                            self.alive.insert(it.path, file.clone());
                        }
                        None => {
                            self.alive.remove(&it.path);
                        }
                    }
                    *put += usize::from(file.is_some());
                    let file = file.map(|file| &*arena.alloc(file));
                    change.files.push((FileId(it.path), file));
                }
            }
            let in_paths = &mut self.in_paths[it.path as usize];
            if *in_paths != is_there {
                *in_paths = is_there;
                change.paths.push((place.path.clone(), is_there));
            }
            if place.is_data {
                let hits = match said {
                    Some(Said::Hits(hits)) => hits.clone(),
                    _ => Vec::new(),
                };
                change.data.push((place.path.clone(), hits));
            }
        }
        if told {
            let read = self.reader.manifests(self.plan, &self.tree);
            if read.manifests != self.manifests.manifests {
                change.manifests = Some(manifests.alloc(read.manifests.clone()));
            }
            if read.packages != self.manifests.packages {
                change.packages = Some(read.packages.clone());
            }
            self.manifests = read;
        }
        let movements = live.update(change);
        let graph = self.with_graph[at].then(|| live.graph());
        let groups = match self.by {
            By::Nothing => Vec::new(),
            By::Component => live.groups(&mut |_, component| component.to_owned()),
            By::Owner => {
                let commit = &self.commits[step.commit];
                self.owners.read(&self.objects, commit.tree);
                live.groups(&mut |path, _| self.owners.of(path))
            }
        };
        Row {
            graph,
            groups,
            ..self.row(at, changed_files, live, movements)
        }
    }

    /// Whether a manifest says what it said before, as far as that is easy to tell.
    fn says_the_same(&self, place: &plan::Place, content: Option<ContentIndex>) -> bool {
        let blob = content.filter(|_| place.kept).and_then(|content| {
            let id = self.plan.contents[content as usize].id;
            self.objects.blob(id, u64::MAX).ok()
        });
        blob.is_some_and(|bytes| manifest::says_the_same(&self.manifests, &place.path, &bytes))
    }

    fn row(&self, at: usize, changed_files: u32, live: &LiveTree<'_>, movements: Movements) -> Row {
        let step = &self.plan.steps[at];
        let commit = &self.commits[step.commit];
        let names = live.subject_names();
        let events = |moved: Vec<(RepoPath, LivePoint)>| {
            let events = moved.into_iter().map(|(path, point)| Event {
                kind: format!("{}_{}", point.dimension, point.kind.id()),
                subjects: {
                    let mut subjects: Vec<_> = point
                        .subjects
                        .iter()
                        .map(|id| {
                            let it = &names[id.index()];
                            (it.dimension.clone(), it.key.clone(), it.name.clone())
                        })
                        .collect();
                    subjects.sort();
                    subjects
                },
                key: point.key,
                path,
                line: point.line,
            });
            events.collect()
        };
        let issues: usize = self.issues.values().sum::<usize>() + self.manifests.issues.len();
        Row {
            commit: commit.id.to_string(),
            parents: commit.parents.iter().map(ToString::to_string).collect(),
            author_time: commit.author_time.0,
            offset: commit.author_time.1,
            time: commit.time,
            subject: commit.subject.clone(),
            incomplete: self.partial || !self.missing.is_empty(),
            changed_files,
            issues: u32::try_from(issues).unwrap_or(u32::MAX),
            totals: live.totals(),
            complexity: live.complexity(),
            moved: movements
                .moved
                .into_iter()
                .map(|(from, to, point)| (from, to, point.key))
                .collect(),
            touched: movements.touched,
            files: movements.files,
            states: movements.states,
            born: events(movements.born),
            died: events(movements.died),
            ..Row::default()
        }
    }
}
