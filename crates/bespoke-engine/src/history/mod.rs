//! One row for each commit.
//!
//! Every distinct content is read once. The rows come from a tree that changes ([`LiveTree`]): a commit costs what it
//! changed, and its row says what a scan of the commit says with the same vocabulary.

mod contents;
mod plan;

use std::{collections::BTreeMap, num::NonZeroUsize, path::PathBuf, sync::Arc, thread};

use bespoke_analysis::{
    Change as TreeChange, DataScanner, Event, FileId, FileSet, LivePoint, LiveTree, Manifests,
    Movements, Row, Settings, SourceFile, State, SubjectName, Vocabulary, learn,
};
use bespoke_extract::STACK_BYTES;
use bespoke_facts::{IssueReason, RepoPath};
use gix::ObjectId;
use rustc_hash::FxHashMap;
use typed_arena::Arena;

use self::{
    contents::{Said, read_all},
    plan::{Change, Content, ContentIndex, PathId, Plan, plan},
};
use crate::{
    Config, DEFAULT_MAX_FILE_SIZE, Entry, Error,
    config::{find_config, load_config},
    git::{Commit, Range, Repository, commits},
    manifest,
    run::{Choice, ConfigSource, Options, options_globs, role_by_content},
    vendor::vendors_in,
};

/// How many new contents are read at a time: enough to keep threads busy, few enough to hold.
const BATCH: usize = 1_500;
/// How many files are put into one arena before those that are alive move to another.
const ARENA: usize = 12_000;
/// Longest time between two states from which names are learned, in seconds.
const LEARNING_PERIOD: i64 = 365 * 24 * 3_600 / 4;
/// Most such states.
const LEARNING_STATES: usize = 24;

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
    /// Which of them get one.
    pub every: Every,
    /// What was learned before; learned of this history where nothing is said.
    pub vocabulary: Option<Vocabulary>,
    /// Called once before the first commit and once after each, with how many there are.
    pub on_progress: Option<&'a (dyn Fn(usize, usize) + Sync)>,
}

/// What is known at the end.
#[derive(Debug)]
pub struct History {
    /// The repository's root.
    pub root: PathBuf,
    /// The configuration that was used.
    pub config: Option<PathBuf>,
    /// What it said.
    pub settings: Settings,
    /// By which names customers were known, in every row.
    pub vocabulary: Vocabulary,
    /// Subjects that some row has.
    pub subjects: Vec<SubjectName>,
    /// How many rows there are.
    pub rows: usize,
    /// The oldest commit's parents are not there: the copy is shallow.
    pub shallow: bool,
}

/// Reads history, oldest commit first. `on_row` says whether to go on.
pub fn history(
    folder: &std::path::Path,
    options: &HistoryOptions<'_>,
    on_row: &mut (dyn FnMut(Row) -> bool + Send),
) -> Result<History, Error> {
    let repository = Repository::discover(folder)?;
    let root = repository
        .work_dir()
        .unwrap_or_else(|| repository.git_dir().to_owned());
    let config = match &options.scan.config {
        ConfigSource::None => Config::default(),
        ConfigSource::File(path) => load_config(path)?,
        ConfigSource::Root => match find_config(&root) {
            Some(path) => load_config(&path)?,
            None => Config::default(),
        },
    };
    let mut settings = config.settings;
    if let Some(min_confidence) = options.scan.min_confidence {
        settings.min_confidence = min_confidence;
    }
    let excluded_by_options = options_globs(&options.scan.exclude)?;
    let choice = Choice {
        include: &(&config.include | &options.scan.include),
        excluded: &[&config.exclude, &excluded_by_options],
    };
    let threads = options
        .scan
        .threads
        .or_else(|| thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.get())
        .stack_size(STACK_BYTES)
        .thread_name(|at| format!("bespoke-{at}"))
        .build()
        .map_err(|error| Error::Threads {
            threads: threads.get(),
            why: error.to_string(),
        })?;
    let walk = commits(&repository, &range(&repository, options)?)?;
    let chosen = chosen(&repository, &walk.commits, options);
    let limit = options
        .scan
        .max_file_size
        .or(config.max_file_size)
        .unwrap_or(DEFAULT_MAX_FILE_SIZE);
    let reader = Reader {
        repository: &repository,
        settings: &settings,
        choice: &choice,
        limit,
    };
    let shallow = walk
        .commits
        .first()
        .is_some_and(|first| walk.cut.contains(&first.id));
    let total = chosen.len();
    let tell = |done| {
        if let Some(tell) = options.on_progress {
            tell(done, total);
        }
    };
    tell(0);
    let (vocabulary, subjects, rows) = pool.install(|| {
        let plan = plan(
            &repository.objects(),
            &walk.commits,
            &chosen,
            &choice,
            &mut |_| (),
        );
        let vocabulary = match &options.vocabulary {
            Some(vocabulary) => vocabulary.clone(),
            None => reader.learn(&plan, &walk.commits),
        };
        let mut rows = 0;
        let labels = Labels {
            mailmap: repository.mailmap(),
            tags: tags(&repository),
            cut: &walk.cut,
        };
        let subjects = reader.replay(&plan, &walk.commits, &labels, &vocabulary, &mut |row| {
            rows += 1;
            tell(rows);
            on_row(row)
        });
        (vocabulary, subjects, rows)
    });
    Ok(History {
        root,
        config: config.path,
        settings,
        vocabulary,
        subjects,
        rows,
        shallow,
    })
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
fn chosen(repository: &Repository, commits: &[Commit], options: &HistoryOptions<'_>) -> Vec<usize> {
    let tags = match options.every {
        Every::Tag => tags(repository),
        _ => BTreeMap::new(),
    };
    let within = |commit: &Commit| {
        options.since.is_none_or(|since| commit.time >= since)
            && options.until.is_none_or(|until| commit.time <= until)
    };
    let mut chosen: Vec<usize> = Vec::new();
    let mut last = None;
    for (at, commit) in commits.iter().enumerate() {
        if !within(commit) {
            continue;
        }
        let period = match options.every {
            Every::Commit => None,
            Every::Tag if tags.contains_key(&commit.id) => None,
            Every::Tag => continue,
            Every::Day => Some(commit.time.div_euclid(86_400)),
            // 1970 began on a Thursday.
            Every::Week => Some((commit.time.div_euclid(86_400) + 3).div_euclid(7)),
            Every::Month => Some(month(commit.time)),
        };
        if period.is_some() && period == last {
            chosen.pop();
        }
        last = period;
        chosen.push(at);
    }
    chosen
}

/// Months since year 0 of a time in seconds since 1970 (UTC).
fn month(seconds: i64) -> i64 {
    // Days to civil date, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013).
    let days = seconds.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    year * 12 + month - 1
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
    fn author(&self, commit: &Commit) -> (String, String) {
        let (name, email) = &commit.author;
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
    settings: &'a Settings,
    choice: &'a Choice<'a>,
    limit: u64,
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
    /// Learns from states that lie apart, and from the last one: what is told of at no time is nobody.
    fn learn(&self, plan: &Plan, commits: &[Commit]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        let states = states_to_learn_from(plan, commits);
        let mut tree = Tree::default();
        let mut kept: FxHashMap<ContentIndex, Said> = FxHashMap::default();
        let mut states = states.into_iter().peekable();
        for (at, step) in plan.steps.iter().enumerate() {
            tree.take(plan, &plan.changes[step.changes.clone()]);
            if states.next_if_eq(&at).is_none() {
                continue;
            }
            let set = self.file_set(plan, &tree, &mut kept);
            vocabulary.join(learn(&set, self.settings));
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
        let said = read_all(self.repository, &contents, self.limit, None);
        kept.extend(new.into_iter().zip(said));
        let mut files = Vec::new();
        let mut paths = Vec::new();
        let mut vendors = Vec::new();
        for (content, place) in there() {
            if place.is_notice {
                let bytes = self.repository.objects();
                let id = plan.contents[content as usize].id;
                if let Ok(bytes) = bytes.blob(id, 1 << 16) {
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
        labels: &Labels<'_>,
        vocabulary: &Vocabulary,
        on_row: &mut dyn FnMut(Row) -> bool,
    ) -> Vec<SubjectName> {
        let scanner = (!vocabulary.subjects.is_empty() || self.tells())
            .then(|| DataScanner::new(self.settings, vocabulary));
        let mut replay = Replay {
            reader: self,
            plan,
            commits,
            labels,
            scanner,
            tree: Tree::default(),
            said: FxHashMap::default(),
            alive: BTreeMap::new(),
            in_paths: vec![false; plan.places.len()],
            issues: BTreeMap::new(),
            manifests: manifest::Read::default(),
            subjects: Vec::new(),
        };
        let mut state: Option<State> = None;
        let mut from = 0;
        while from < plan.steps.len() {
            let Some((next, left)) = replay.segment(from, state.take(), vocabulary, on_row) else {
                break;
            };
            (from, state) = (next, Some(left));
        }
        replay.subjects
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

/// What a kept path is.
enum Held {
    /// A source file.
    File(Box<SourceFile>),
    /// A path only; for source text, why.
    Path(Option<IssueReason>),
    /// No product after all.
    Nothing,
}

/// Positions of the steps after which names are learned, in order.
fn states_to_learn_from(plan: &Plan, commits: &[Commit]) -> Vec<usize> {
    let time = |step: usize| commits[plan.steps[step].commit].time;
    let Some(last) = plan.steps.len().checked_sub(1) else {
        return Vec::new();
    };
    let span = (time(last) - time(0)).max(0);
    let mut period = LEARNING_PERIOD;
    while span / period >= i64::try_from(LEARNING_STATES).unwrap_or(i64::MAX) {
        period *= 2;
    }
    let mut states: Vec<usize> = Vec::new();
    let mut before = None;
    for step in 0..=last {
        let now = time(step).div_euclid(period);
        // The last state of each period.
        if before == Some(now) {
            states.pop();
        }
        before = Some(now);
        states.push(step);
    }
    states
}

struct Replay<'a> {
    reader: &'a Reader<'a>,
    plan: &'a Plan,
    commits: &'a [Commit],
    labels: &'a Labels<'a>,
    scanner: Option<DataScanner>,
    tree: Tree,
    said: FxHashMap<ContentIndex, Said>,
    /// Files that are alive.
    alive: BTreeMap<PathId, SourceFile>,
    in_paths: Vec<bool>,
    issues: BTreeMap<PathId, usize>,
    manifests: manifest::Read,
    subjects: Vec<SubjectName>,
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
        let mut put = 0;
        let mut live = match state {
            None => LiveTree::new(&set, self.reader.settings, vocabulary),
            Some(state) => {
                let files: Vec<(FileId, &SourceFile)> = self
                    .alive
                    .iter()
                    .map(|(path, file)| (FileId(*path), &*arena.alloc(file.clone())))
                    .collect();
                let told = manifests.alloc(self.manifests.manifests.clone());
                put += files.len();
                LiveTree::resume(&set, self.reader.settings, &files, told, state)
            }
        };
        let mut at = from;
        let mut ready = self.read_ahead(at);
        while at < self.plan.steps.len() {
            let until = ready;
            // The next batch is read by other threads while this one is worked through.
            for step in at..until {
                let row = self.step(step, &mut live, &arena, &manifests, &mut put);
                if !on_row(row) {
                    self.subjects = live.subject_names().to_vec();
                    return None;
                }
            }
            at = until;
            self.forget(at);
            if put > ARENA {
                break;
            }
            ready = self.read_ahead(at);
        }
        self.subjects = live.subject_names().to_vec();
        Some((at, live.suspend()))
    }

    /// Reads what the next steps need; gives the step after the last of them.
    fn read_ahead(&mut self, from: usize) -> usize {
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
        let contents: Vec<Content> = wanted
            .iter()
            .map(|at| self.plan.contents[*at as usize])
            .collect();
        let said = read_all(
            self.reader.repository,
            &contents,
            self.reader.limit,
            self.scanner.as_ref(),
        );
        self.said.extend(wanted.into_iter().zip(said));
        until
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
        let mut change = TreeChange::default();
        let mut told = false;
        let mut changed_files = 0;
        for it in changes {
            let place = &self.plan.places[it.path as usize];
            told |= place.is_manifest;
            if !place.kept {
                continue;
            }
            let said = it.content.and_then(|content| self.said.get(&content));
            let held = match it.content {
                None => Held::Nothing,
                Some(_) => self.reader.file(place, said),
            };
            self.issues.remove(&it.path);
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
        self.row(at, changed_files, live, movements)
    }

    fn row(&self, at: usize, changed_files: u32, live: &LiveTree<'_>, movements: Movements) -> Row {
        let step = &self.plan.steps[at];
        let commit = &self.commits[step.commit];
        let names = live.subject_names();
        let events = |moved: Vec<(RepoPath, LivePoint)>| {
            let events = moved.into_iter().map(|(path, point)| Event {
                kind: format!("{}_{}", point.dimension, point.kind.id()),
                subjects: point
                    .subjects
                    .iter()
                    .map(|id| {
                        let name = &names[id.index()];
                        (name.dimension.clone(), name.key.clone())
                    })
                    .collect(),
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
            author: self.labels.author(commit),
            author_time: commit.author_time.0,
            offset: commit.author_time.1,
            time: commit.time,
            subject: commit.subject.clone(),
            tags: self
                .labels
                .tags
                .get(&commit.id)
                .cloned()
                .unwrap_or_default(),
            incomplete: step.incomplete,
            cut: self.labels.cut.contains(&commit.id),
            changed_files,
            issues: u32::try_from(issues).unwrap_or(u32::MAX),
            totals: live.totals(),
            complexity: live.complexity(),
            moved: u32::try_from(movements.moved.len()).unwrap_or(u32::MAX),
            born: events(movements.born),
            died: events(movements.died),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        for (seconds, year, of_year) in [
            (0, 1970, 1),
            (951_782_400, 2000, 2),
            (951_868_800, 2000, 3),
            (-1, 1969, 12),
        ] {
            assert_eq!(month(seconds), year * 12 + of_year - 1, "{seconds}");
        }
    }
}
