//! A tree that changes: the same sums as a scan of each state gives, worked out from what changed.
//!
//! Files are linked, looked through and measured by the functions that a scan uses; see `detect::live` for how it is
//! known which of them a change concerns.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::RepoPath;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::{
    DataHit, FileId, FileSet, Manifests, Package, PointKind, Settings, SourceFile, Subject,
    SubjectId, Totals, VariationPoint, Vocabulary,
    detect::{DataNames, Registry, live::Detection, live_point, point_key},
    graph,
    link::{Changed, Linked, Model, Readers, Reads},
    metrics::live as measure,
    trend::{
        FileChange, FileState, GraphSample, GroupTotals,
        changes::{self, Hunk, Owned},
    },
};

/// Learns who the customers of a tree are, and by which words it means them.
pub fn learn(files: &FileSet, settings: &Settings) -> Vocabulary {
    crate::detect::learn(&crate::link::link(files), settings)
}

/// Looks for the subjects of a vocabulary in files that are no code.
#[derive(Debug)]
pub struct DataScanner(DataNames);

impl DataScanner {
    /// For what a vocabulary and the settings name.
    pub fn new(settings: &Settings, vocabulary: &Vocabulary) -> Self {
        let set = FileSet::default();
        Self(crate::detect::data_names(
            &crate::link::link(&set),
            settings,
            vocabulary,
        ))
    }

    /// The blocks of a text that name subjects.
    pub fn hits(&self, path: &RepoPath, text: &str) -> Vec<DataHit> {
        self.0.hits(path, text)
    }
}

/// A change of a tree. A file keeps its id as long as it has its path.
#[derive(Debug, Default)]
pub struct Change<'a> {
    /// Source files that are new, have other facts, or are gone.
    pub files: Vec<(FileId, Option<&'a SourceFile>)>,
    /// What manifests say from now on, if that differs.
    pub manifests: Option<&'a Manifests>,
    /// Packages from now on, if they differ.
    pub packages: Option<Vec<Package>>,
    /// Paths of the product, of any kind, that came to be (`true`) or went.
    pub paths: Vec<(RepoPath, bool)>,
    /// What data files name that are new, have changed, or are gone.
    pub data: Vec<(RepoPath, Vec<DataHit>)>,
}

/// A variation point of a tree that changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LivePoint {
    /// Equal for the same condition on the same subjects in a function of the same name, wherever the file is.
    pub key: u64,
    /// Form.
    pub kind: PointKind,
    /// `customer`, `flag`, `tenant`, or a dimension of the user's.
    pub dimension: String,
    /// Whom or what it singles out.
    pub subjects: Vec<SubjectId>,
    /// First line, 0-based.
    pub line: u32,
    /// Last line, 0-based.
    pub end_line: u32,
    /// First and last lines that it guards, 0-based, inclusive.
    pub guarded: Vec<(u32, u32)>,
}

/// What a subject is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectName {
    /// `customer`, `flag`, `tenant`, or a dimension of the user's.
    pub dimension: String,
    /// Without case and separators: equal for all spellings.
    pub key: String,
    /// The commonest spelling.
    pub name: String,
}

/// Sums of a tree that a scan does not give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complexity {
    /// Cyclomatic complexity of all functions.
    pub cyclomatic: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Decisions: `if`, loops, arms, `?:`, guards.
    pub decisions: u32,
    /// Of these, those on or under a customer's conditions or in customers' units.
    pub custom_decisions: u32,
}

/// Points that a change brought and took away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Movements {
    /// Points that were nowhere before.
    pub born: Vec<(RepoPath, LivePoint)>,
    /// Points that are nowhere any more.
    pub died: Vec<(RepoPath, LivePoint)>,
    /// Points that went to another file: from, to.
    pub moved: Vec<(RepoPath, RepoPath, LivePoint)>,
    /// Points that stayed where they were and whose lines it changed, by path and key.
    pub touched: Vec<(RepoPath, u64)>,
    /// What it did to files, by path.
    pub files: Vec<FileChange>,
    /// Files that measure otherwise than before, by path.
    pub states: Vec<FileState>,
}

#[derive(Debug, Default)]
struct Subjects {
    ids: FxHashMap<(String, String), SubjectId>,
    names: Vec<SubjectName>,
    spellings: Vec<BTreeMap<String, u32>>,
}

/// A file before a change.
struct Before<'a> {
    id: FileId,
    source: &'a SourceFile,
    owned: Owned<SubjectId>,
    points: Vec<u64>,
}

/// What one path adds.
#[derive(Debug, Default)]
struct Held {
    share: measure::Share,
    points: Vec<LivePoint>,
    /// Subjects of the unit that it lies in.
    around: Vec<SubjectId>,
    /// Spellings of subjects, each as often as it is written.
    written: Vec<(SubjectId, String)>,
}

/// What is kept of a tree besides its files' facts.
#[derive(Debug)]
pub struct State {
    detection: Detection,
    /// What imports name, while the facts that say so move.
    linked: Linked,
    /// Who asked what to find that.
    linking: Readers,
    registry: Registry,
    subjects: Subjects,
    packages: Vec<Package>,
    sums: measure::Sums,
    files: FxHashMap<FileId, (RepoPath, Held)>,
    paths: FxHashMap<String, Held>,
    uses: Uses,
}

/// The files that each file uses, as far as they were asked for.
#[derive(Debug, Default)]
struct Uses {
    of: FxHashMap<FileId, Vec<FileId>>,
    /// Whose are to be found anew.
    stale: FxHashSet<FileId>,
    readers: Readers,
}

impl Uses {
    fn take(&mut self, changed: &Changed) {
        let files = changed.files.iter();
        let readers = files.flat_map(|file| self.readers.of_file(*file));
        let questions = changed.questions.iter();
        let asked = questions.flat_map(|question| self.readers.of_question(*question));
        self.stale.extend(readers.chain(asked));
        self.stale.extend(&changed.files);
        if changed.all {
            self.stale.extend(self.of.keys());
        }
    }
}

/// A tree that changes.
#[derive(Debug)]
pub struct LiveTree<'a> {
    model: Model<'a>,
    settings: &'a Settings,
    state: State,
}

impl<'a> LiveTree<'a> {
    /// A tree without files. `set` holds none; its packages and manifests are those to begin with.
    pub fn new(set: &'a FileSet, settings: &'a Settings, vocabulary: &Vocabulary) -> Self {
        let model = Model::empty(set);
        let detection = Detection::new(&model, settings, vocabulary);
        model.reads();
        Self {
            model,
            settings,
            state: State {
                detection,
                linked: Linked::default(),
                linking: Readers::default(),
                registry: Registry::new(settings),
                subjects: Subjects::default(),
                packages: set.packages.clone(),
                sums: measure::Sums::default(),
                files: FxHashMap::default(),
                paths: FxHashMap::default(),
                uses: Uses::default(),
            },
        }
    }

    /// Lets go of all facts.
    pub fn suspend(mut self) -> State {
        self.state.linked = self.model.suspend();
        self.state
    }

    /// Goes on with the same files, whose facts are now elsewhere; `manifests` are those that were told last.
    pub fn resume(
        set: &'a FileSet,
        settings: &'a Settings,
        files: &[(FileId, &'a SourceFile)],
        manifests: &'a Manifests,
        mut state: State,
    ) -> Self {
        let linked = std::mem::take(&mut state.linked);
        let model = Model::resume(set, files, manifests, linked);
        model.reads();
        Self {
            model,
            settings,
            state,
        }
    }

    /// Takes in a change.
    pub fn update(&mut self, change: Change<'a>) -> Movements {
        let before = self.before(&change);
        let changed_files: Vec<FileId> = change.files.iter().map(|(id, _)| *id).collect();
        let mut changed =
            self.model
                .update(&change.files, change.manifests, &mut self.state.linking);
        if let Some(packages) = change.packages {
            self.state.packages = packages;
            changed.all = true;
        }
        self.state.uses.take(&changed);
        let touched = self.state.detection.update(
            &self.model,
            self.settings,
            &changed,
            &change.paths,
            change.data,
        );
        let mut movements = Differences::default();
        let mut files: BTreeSet<FileId> = touched.files;
        for path in &touched.paths {
            self.measure_path(path, &mut movements);
            // What stands in a folder that became a unit belongs to it, and the other way round.
            let folder = format!("{path}/");
            let inside = self.state.files.iter();
            let inside = inside.filter(|(_, (file, _))| file.as_str().starts_with(&folder));
            files.extend(inside.map(|(id, _)| *id));
        }
        for file in files {
            self.measure_file(file, &mut movements);
        }
        let mut movements = movements.settle();
        self.compare(&before, &changed_files, &mut movements);
        movements
    }

    /// The files that a change is about, as they are before it, by id.
    fn before(&self, change: &Change<'a>) -> Vec<Before<'a>> {
        let mut before: Vec<Before<'a>> = Vec::new();
        for (id, _) in &change.files {
            let Some(source) = self.model.live(*id) else {
                continue;
            };
            let held = self.state.files.get(id).map(|(_, held)| held);
            before.push(Before {
                id: *id,
                source,
                owned: held.map(Held::owned).unwrap_or_default(),
                points: held.map_or_else(Vec::new, |held| {
                    held.points.iter().map(|point| point.key).collect()
                }),
            });
        }
        before.sort_by_key(|it| it.id);
        before
    }

    /// Notes which lines of which files a change is about, and which points of theirs.
    fn compare(&self, before: &[Before<'a>], changed: &[FileId], movements: &mut Movements) {
        let was = |id: FileId| before.binary_search_by_key(&id, |it| it.id).ok();
        let now: Vec<(FileId, &SourceFile)> = changed
            .iter()
            .filter_map(|id| Some((*id, self.model.live(*id)?)))
            .collect();
        let came: Vec<&(FileId, &SourceFile)> =
            now.iter().filter(|it| was(it.0).is_none()).collect();
        let went: Vec<&Before<'a>> = before
            .iter()
            .filter(|it| self.model.live(it.id).is_none())
            .collect();
        let lines = |source: &'a SourceFile| (source.language, source.facts.lines.hashes());
        let renamed = changes::renames(
            &went.iter().map(|it| lines(it.source)).collect::<Vec<_>>(),
            &came.iter().map(|it| lines(it.1)).collect::<Vec<_>>(),
        );
        let from = |id: FileId| {
            let pair = renamed.iter().find(|(_, to)| came[*to].0 == id);
            pair.map(|(from, _)| went[*from])
        };
        for (id, source) in &now {
            let earlier = was(*id).map(|at| &before[at]);
            let moved = from(*id).filter(|_| earlier.is_none());
            let old = earlier.or(moved);
            let held = self.state.files.get(id).map(|(_, held)| held);
            let hunks = changes::hunks(
                old.map_or(&[], |it| it.source.facts.lines.hashes()),
                source.facts.lines.hashes(),
            );
            if hunks.is_empty() && moved.is_none() && old.is_some() {
                continue;
            }
            let mut change = FileChange {
                path: source.path.clone(),
                from: moved.map(|it| it.source.path.clone()),
                ..FileChange::default()
            };
            let owned = held.map(Held::owned).unwrap_or_default();
            self.count(&hunks, old.map(|it| &it.owned), Some(&owned), &mut change);
            movements.files.push(change);
            let Some((held, old)) = held.zip(old) else {
                continue;
            };
            for point in &held.points {
                let places = std::iter::once((point.line, point.end_line));
                let mut places = places.chain(point.guarded.iter().copied());
                if old.points.contains(&point.key)
                    && places.any(|(first, last)| changes::touches(&hunks, first, last))
                {
                    movements.touched.push((source.path.clone(), point.key));
                }
            }
        }
        for (at, old) in went.iter().enumerate() {
            if renamed.iter().any(|(from, _)| *from == at) {
                continue;
            }
            let mut change = FileChange {
                path: old.source.path.clone(),
                gone: true,
                ..FileChange::default()
            };
            let hunks = changes::hunks(old.source.facts.lines.hashes(), &[]);
            self.count(&hunks, Some(&old.owned), None, &mut change);
            movements.files.push(change);
        }
        movements.files.sort();
        movements.touched.sort();
    }

    fn count(
        &self,
        hunks: &[Hunk],
        before: Option<&Owned<SubjectId>>,
        after: Option<&Owned<SubjectId>>,
        change: &mut FileChange,
    ) {
        let names = &self.state.subjects.names;
        let gone: Vec<_> = hunks.iter().map(|hunk| hunk.before.clone()).collect();
        let new: Vec<_> = hunks.iter().map(|hunk| hunk.after.clone()).collect();
        let sum = |ranges: &[std::ops::Range<u32>]| ranges.iter().map(|it| it.end - it.start).sum();
        (change.deleted, change.added) = (sum(&gone), sum(&new));
        let mut by_dimension: BTreeMap<&str, u32> = BTreeMap::new();
        let mut by_subject: BTreeMap<SubjectId, u32> = BTreeMap::new();
        for (owned, lines) in [(before, &gone), (after, &new)] {
            let Some(owned) = owned else { continue };
            let dimension = |id: SubjectId| names[id.index()].dimension.as_str();
            owned.within(lines, dimension, &mut by_dimension);
            owned.within(lines, |id| id, &mut by_subject);
        }
        let by_dimension = by_dimension.into_iter();
        change.by_dimension = by_dimension.map(|(it, n)| (it.to_owned(), n)).collect();
        change.by_subject = by_subject
            .into_iter()
            .map(|(id, lines)| {
                let it = &names[id.index()];
                (it.dimension.clone(), it.key.clone(), lines)
            })
            .collect();
        // Ids follow the order in which subjects were met.
        change.by_subject.sort();
    }

    fn measure_file(&mut self, id: FileId, movements: &mut Differences) {
        let mut before = None;
        if let Some((path, old)) = self.state.files.remove(&id) {
            before = Some(self.file_state(&path, &old));
            self.state.sums.remove(&old.share);
            self.state.subjects.unwrite(&old.written);
            movements.went(&path, old.points);
        }
        let Some(source) = self.model.live(id) else {
            return;
        };
        let state = &mut self.state;
        let drafts = state.detection.of_file(id);
        let (mut points, written) =
            live_point(&drafts, Some(source), &state.registry, &mut |key| {
                state.subjects.id(key)
            });
        let around = state.detection.folder_unit(source.path.as_str());
        let around = around.map(|path| {
            let drafts = state.detection.of_path(path);
            let (points, _) = live_point(&drafts, None, &state.registry, &mut |key| {
                state.subjects.id(key)
            });
            points
        });
        let around = around.and_then(|points| {
            points
                .into_iter()
                .find(|point| point.kind == PointKind::Unit)
        });
        let around_subjects = around
            .as_ref()
            .filter(|point| point.confidence >= self.settings.min_confidence)
            .map_or_else(Vec::new, |point| point.subjects.clone());
        let rules = &self.settings.components;
        let share = measure::file(
            id,
            source,
            &mut points,
            around.as_ref(),
            measure::component(&source.path, rules, &state.packages),
            self.settings.min_confidence,
        );
        let points = self.live_points(points);
        let state = &mut self.state;
        state.sums.add(&share);
        state.subjects.write(&written);
        movements.came(&source.path, &points);
        let held = Held {
            share,
            points,
            around: around_subjects,
            written,
        };
        state.files.insert(id, (source.path.clone(), held));
        let now = self.file_state(&source.path, &self.state.files[&id].1);
        if before.as_ref() != Some(&now) {
            movements.states.push(now);
        }
    }

    fn file_state(&self, path: &RepoPath, held: &Held) -> FileState {
        let names = &self.state.subjects.names;
        let conditions = held.points.iter().filter(|point| point.is_condition());
        let mut subjects: Vec<(String, String)> = conditions
            .flat_map(|point| &point.subjects)
            .map(|id| &names[id.index()])
            .map(|it| (it.dimension.clone(), it.key.clone()))
            .collect();
        subjects.sort();
        subjects.dedup();
        FileState {
            path: path.clone(),
            nloc: held.share.nloc,
            cognitive: held.share.cognitive,
            points: held.share.conditions,
            in_unit: held.share.owner.is_some(),
            subjects,
        }
    }

    fn measure_path(&mut self, path: &str, movements: &mut Differences) {
        let repo_path = RepoPath::new(path);
        if let Some(old) = self.state.paths.remove(path) {
            self.state.sums.remove(&old.share);
            self.state.subjects.unwrite(&old.written);
            movements.went(&repo_path, old.points);
        }
        let state = &mut self.state;
        let drafts = state.detection.of_path(path);
        if drafts.is_empty() {
            return;
        }
        let (points, written) = live_point(&drafts, None, &state.registry, &mut |key| {
            state.subjects.id(key)
        });
        let share = measure::path(&points, self.settings.min_confidence);
        let points = self.live_points(points);
        let state = &mut self.state;
        state.sums.add(&share);
        state.subjects.write(&written);
        movements.came(&repo_path, &points);
        let held = Held {
            share,
            points,
            around: Vec::new(),
            written,
        };
        state.paths.insert(path.to_owned(), held);
    }

    /// Those that count.
    fn live_points(&self, points: Vec<VariationPoint>) -> Vec<LivePoint> {
        let mut live: Vec<LivePoint> = points
            .into_iter()
            .filter(|point| point.confidence >= self.settings.min_confidence)
            .map(|point| LivePoint {
                key: point_key(&point, |id| &self.state.subjects.names[id.index()].key),
                kind: point.kind,
                dimension: point.dimension,
                subjects: point.subjects,
                line: point.line,
                end_line: point.end_line,
                guarded: point.guarded,
            })
            .collect();
        live.sort();
        live
    }

    /// The same sums as a scan of this state gives with the same vocabulary.
    pub fn totals(&self) -> Totals {
        let names = &self.state.subjects.names;
        self.state
            .sums
            .totals(|id| names[id.index()].dimension.as_str())
    }

    /// What the dependency graph of this state says.
    pub fn graph(&mut self) -> GraphSample {
        let Self { model, state, .. } = self;
        let mut stale: Vec<FileId> = state.uses.stale.drain().collect();
        stale.sort_unstable();
        for file in stale {
            let Some(source) = model.live(file) else {
                state.uses.of.remove(&file);
                state.uses.readers.set(file, Reads::default());
                continue;
            };
            model.about(file);
            model.reads();
            let used = graph::used_files(model, file, source);
            let reads = model.reads().remove(&file).unwrap_or_default();
            state.uses.readers.set(file, reads);
            state.uses.of.insert(file, used);
        }
        let files: Vec<FileId> = model.files().map(|(file, _)| file).collect();
        let at: FxHashMap<FileId, u32> = files.iter().copied().zip(0..).collect();
        let share = |file: &FileId| state.files.get(file).map(|(_, held)| &held.share);
        let owners: Vec<Option<SubjectId>> = files
            .iter()
            .map(|file| share(file).and_then(|share| share.owner))
            .collect();
        let mut edges: Vec<(u32, u32)> = Vec::new();
        for file in &files {
            let used = state.uses.of.get(file).into_iter().flatten();
            edges.extend(used.filter_map(|to| Some((at[file], *at.get(to)?))));
        }
        edges.sort_unstable();
        let graph = graph::Graph::of_files(&owners, &edges);
        let with_points: Vec<u32> = files
            .iter()
            .filter(|file| share(file).is_some_and(|share| share.conditions > 0))
            .map(|file| at[file])
            .collect();
        let subjects: Vec<Subject> = state
            .subjects
            .names
            .iter()
            .map(|name| Subject {
                dimension: name.dimension.clone(),
                ..Subject::default()
            })
            .collect();
        let meetings: Vec<_> = files
            .iter()
            .filter_map(|file| Some((*file, share(file)?)))
            .flat_map(|(file, share)| {
                let met = share.meetings.iter();
                met.map(move |(line, met)| (file, *line, met.clone()))
            })
            .collect();
        measure::graph(&graph, &with_points, &meetings, &subjects)
    }

    /// Complexity, and customers' part of it.
    pub fn complexity(&self) -> Complexity {
        let sums = &self.state.sums;
        Complexity {
            cyclomatic: sums.cyclomatic,
            cognitive: sums.cognitive,
            decisions: sums.decisions,
            custom_decisions: sums.custom_decisions,
        }
    }

    /// Sums by a name that `of` gives a file, which it is told the path and component of.
    pub fn groups(
        &self,
        of: &mut dyn FnMut(&RepoPath, &str) -> String,
    ) -> Vec<(String, GroupTotals)> {
        let mut groups: BTreeMap<String, GroupTotals> = BTreeMap::new();
        #[expect(
            clippy::iter_over_hash_type,
            reason = "sums do not depend on the order"
        )]
        for (path, held) in self.state.files.values() {
            let share = &held.share;
            let sums = groups.entry(of(path, &share.component)).or_default();
            sums.files += share.files;
            sums.nloc += share.nloc;
            sums.cognitive += share.cognitive;
            sums.points += share.conditions;
            sums.guarded_lines += share.guarded_lines;
        }
        groups.into_iter().collect()
    }

    /// Every subject that has been seen so far; its id is its position.
    pub fn subject_names(&self) -> &[SubjectName] {
        &self.state.subjects.names
    }
}

impl Subjects {
    fn id(&mut self, key: (String, String)) -> SubjectId {
        if let Some(id) = self.ids.get(&key) {
            return *id;
        }
        let id = SubjectId(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(SubjectName {
            dimension: key.0.clone(),
            key: key.1.clone(),
            name: key.1.clone(),
        });
        self.spellings.push(BTreeMap::new());
        self.ids.insert(key, id);
        id
    }

    fn write(&mut self, written: &[(SubjectId, String)]) {
        for (id, text) in written {
            *self.spellings[id.index()].entry(text.clone()).or_default() += 1;
        }
        self.rename(written);
    }

    fn unwrite(&mut self, written: &[(SubjectId, String)]) {
        for (id, text) in written {
            let known = &mut self.spellings[id.index()];
            if let Some(count) = known.get_mut(text) {
                *count -= 1;
                if *count == 0 {
                    known.remove(text);
                }
            }
        }
        self.rename(written);
    }

    /// The commonest spelling is the name; the first of equals. What is gone keeps its name.
    fn rename(&mut self, written: &[(SubjectId, String)]) {
        for (id, _) in written {
            let known = self.spellings[id.index()].iter();
            let best =
                known.max_by_key(|(name, count)| (**count, std::cmp::Reverse(name.len()), *name));
            if let Some((name, _)) = best {
                self.names[id.index()].name.clone_from(name);
            }
        }
    }
}

/// Points by key that stand in other numbers at some path than before.
#[derive(Debug, Default)]
struct Differences {
    by_place: BTreeMap<(RepoPath, u64), (i32, Option<LivePoint>)>,
    states: Vec<FileState>,
}

impl Differences {
    fn went(&mut self, path: &RepoPath, points: Vec<LivePoint>) {
        for point in points {
            let at = self.by_place.entry((path.clone(), point.key)).or_default();
            at.0 -= 1;
            at.1.get_or_insert(point);
        }
    }

    fn came(&mut self, path: &RepoPath, points: &[LivePoint]) {
        for point in points {
            let at = self.by_place.entry((path.clone(), point.key)).or_default();
            at.0 += 1;
            // As it is now, not as it was.
            at.1 = Some(point.clone());
        }
    }

    /// A point that went here and came there has moved.
    fn settle(self) -> Movements {
        let mut came: BTreeMap<u64, Vec<(RepoPath, LivePoint)>> = BTreeMap::new();
        let mut went: BTreeMap<u64, Vec<(RepoPath, LivePoint)>> = BTreeMap::new();
        for ((path, key), (by, point)) in self.by_place {
            let Some(point) = point else { continue };
            let into = if by > 0 { &mut came } else { &mut went };
            for _ in 0..by.unsigned_abs() {
                into.entry(key)
                    .or_default()
                    .push((path.clone(), point.clone()));
            }
        }
        let mut movements = Movements {
            states: self.states,
            ..Movements::default()
        };
        movements.states.sort();
        for (key, mut born) in came {
            let mut died = went.remove(&key).unwrap_or_default();
            while let (Some(_), Some(_)) = (born.first(), died.first()) {
                let (to, point) = born.remove(0);
                let (from, _) = died.remove(0);
                movements.moved.push((from, to, point));
            }
            movements.born.extend(born);
            movements.died.extend(died);
        }
        movements.died.extend(went.into_values().flatten());
        movements.born.sort();
        movements.died.sort();
        movements.moved.sort();
        movements
    }
}

impl Held {
    /// Lines that subjects have: conditions, what they guard, units.
    fn owned(&self) -> Owned<SubjectId> {
        let mut owned = Owned::default();
        for subject in &self.around {
            owned.put(*subject, (0, u32::MAX));
        }
        for point in &self.points {
            for subject in &point.subjects {
                if point.is_condition() {
                    owned.put(*subject, (point.line, point.end_line));
                }
                for guarded in &point.guarded {
                    owned.put(*subject, *guarded);
                }
            }
        }
        owned
    }
}

impl LivePoint {
    /// Whether it is a place where one of several ways is taken.
    pub fn is_condition(&self) -> bool {
        matches!(self.kind, PointKind::Branch | PointKind::Check)
    }
}
