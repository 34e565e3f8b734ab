//! Variation points of a tree that changes: only files are looked at again whose text changed, or what their answers
//! were taken from.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use bespoke_facts::{RepoPath, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Context, Lexicon, Vocabulary,
    callers::{self, Callers},
    checks::{self, Check, Direct, Seen},
    data_files,
    entitlements::{self, Holder},
    flags::SdkIndex,
    helpers::{Given, Helpers, in_file, through_helpers},
    points::{self, Draft},
    registries,
    units::{self, Named, Names, Singled},
};
use crate::{
    BlindSpots, DataHit, FileId, PointKind, Settings,
    link::{Changed, Model, Readers, Reads},
};

/// What is known of one file.
#[derive(Debug, Default)]
struct OfFile {
    path: Option<RepoPath>,
    /// Conditions on subjects and tenants.
    conditions: Vec<Draft>,
    /// What its calls say holds entitlements.
    holders: entitlements::Registry,
    /// What it asked whether it holds some.
    asked: entitlements::Registry,
    entitlements: Vec<Draft>,
    /// Flags that are objects.
    flags: registries::Registry,
    direct: Direct,
    /// Evaluations of objects.
    objects: Vec<Check>,
    checks: Vec<Draft>,
    units: Vec<Draft>,
    /// Units, data and imports of units are to be looked for.
    look_for_units: bool,
}

impl OfFile {
    /// Whether it takes part in what files' helpers make of each other.
    fn has_flags(&self) -> bool {
        !self.direct.checks.is_empty()
            || !self.direct.helpers.is_empty()
            || !self.direct.seen.is_empty()
            || !self.objects.is_empty()
    }

    /// Whether it singles out the same subjects in the same places.
    fn singles_out_as(&self, other: &Self) -> bool {
        self.conditions == other.conditions && self.entitlements == other.entitlements
    }

    fn drafts(&self) -> impl Iterator<Item = &Draft> {
        self.conditions
            .iter()
            .chain(&self.entitlements)
            .chain(&self.checks)
            .chain(&self.units)
    }
}

/// What a change of the tree did.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    /// Files that were looked at again, or are gone.
    pub(crate) files: BTreeSet<FileId>,
    /// Paths of units and data files whose points may be others.
    pub(crate) paths: BTreeSet<String>,
}

/// The variation points of a tree that changes.
#[derive(Debug)]
pub(crate) struct Detection {
    words: Option<Box<Lexicon>>,
    index: SdkIndex,
    readers: Readers,
    callers: Callers,
    files: FxHashMap<FileId, OfFile>,
    holders: BTreeMap<Holder, u32>,
    /// Flags that are objects, of all files.
    flags: registries::Registry,
    /// Evaluations through helpers.
    helped: FxHashMap<FileId, Vec<Check>>,
    /// Places that helpers account for.
    helped_seen: FxHashMap<FileId, BTreeSet<Span>>,
    /// What each round of calls was given, when helpers were worked out last.
    rounds: Vec<Rc<Given>>,
    /// Hashes of the names of helpers and carriers.
    helper_names: FxHashSet<u64>,
    singled: Singled,
    held: BTreeMap<String, Names>,
    /// What each folder holds that is named for a subject, where it holds something.
    folders: BTreeMap<String, Vec<(String, Named)>>,
    /// Folders for which more than names counts.
    signs: BTreeSet<String>,
    units: BTreeMap<String, Named>,
    /// Units that are no source file.
    wholes: BTreeMap<String, Draft>,
    data: BTreeMap<String, Vec<Draft>>,
}

impl Detection {
    /// Of a tree without files.
    pub(crate) fn new(model: &Model<'_>, settings: &Settings, vocabulary: &Vocabulary) -> Self {
        let context = Context::with(model, settings, vocabulary);
        Self {
            words: Some(context.words),
            index: SdkIndex::new(&settings.sdks),
            readers: Readers::default(),
            callers: Callers::default(),
            files: FxHashMap::default(),
            holders: BTreeMap::new(),
            flags: registries::Registry::new(),
            helped: FxHashMap::default(),
            helped_seen: FxHashMap::default(),
            rounds: Vec::new(),
            helper_names: FxHashSet::default(),
            singled: Singled::default(),
            held: BTreeMap::new(),
            folders: BTreeMap::new(),
            signs: BTreeSet::new(),
            units: BTreeMap::new(),
            wholes: BTreeMap::new(),
            data: BTreeMap::new(),
        }
    }

    /// Points of a source file, as they are written.
    pub(crate) fn of_file(&self, file: FileId) -> Vec<&Draft> {
        let found = self.files.get(&file);
        found.map_or_else(Vec::new, |found| found.drafts().collect())
    }

    /// Points of a path that is no source file: a folder that is a unit, a file of data.
    pub(crate) fn of_path(&self, path: &str) -> Vec<&Draft> {
        let data = self.data.get(path).into_iter().flatten();
        self.wholes.get(path).into_iter().chain(data).collect()
    }

    /// The outermost folder around a path that is a unit.
    pub(crate) fn folder_unit(&self, path: &str) -> Option<&str> {
        let (unit, _) = units::inside(&self.units, path)?;
        (unit != path).then_some(unit.as_str())
    }

    /// Takes in changes that the model has taken in already. `paths` came to be (`true`) or went, `data` is what data
    /// files name now.
    pub(crate) fn update(
        &mut self,
        model: &Model<'_>,
        settings: &Settings,
        changed: &Changed,
        paths: &[(RepoPath, bool)],
        data: Vec<(RepoPath, Vec<DataHit>)>,
    ) -> Touched {
        let mut touched = Touched::default();
        let words = self.words.take().expect("handed back after each update");
        let mut context = Context {
            model,
            settings,
            scope: None,
            callers: None,
            words,
        };
        let gone: Vec<FileId> = changed
            .files
            .iter()
            .copied()
            .filter(|file| model.live(*file).is_none())
            .collect();
        let dirty = self.dirty(model, changed);
        // Folders with signs about which something is no longer what it was.
        let mut stirred: BTreeSet<String> = BTreeSet::new();
        let mut flags_changed = false;
        let mut moved_holders: BTreeSet<Holder> = BTreeSet::new();
        for file in &gone {
            flags_changed |= self.callers.calls(*file, &self.helper_names);
            self.callers.set(*file, FxHashSet::default());
            self.readers.set(*file, Reads::default());
            if let Some(old) = self.files.remove(file) {
                flags_changed |= old.has_flags();
                self.forget(&old, &mut moved_holders);
                let folder = old.path.map(|path| path.parent().to_owned());
                stirred.extend(folder.filter(|it| self.signs.contains(it)));
            }
            touched.files.insert(*file);
        }
        // What files say by themselves, before anything that others have said is asked for.
        let mut fresh: Vec<(FileId, OfFile, Option<OfFile>)> = Vec::with_capacity(dirty.len());
        for file in &dirty {
            let Some(source) = model.live(*file) else {
                continue;
            };
            flags_changed |= self.callers.calls(*file, &self.helper_names);
            let old = self.files.remove(file);
            if let Some(old) = &old {
                flags_changed |= old.has_flags();
                self.forget(old, &mut moved_holders);
            }
            context.scope = Some(vec![*file]);
            model.reads();
            let mut conditions = points::branches(&context);
            conditions.extend(points::tables(&context));
            let new = OfFile {
                path: Some(source.path.clone()),
                conditions,
                holders: entitlements::listed(&context),
                flags: registries::registry(&context),
                direct: checks::direct(&context, &self.index, &mut BlindSpots::default()),
                ..OfFile::default()
            };
            self.callers
                .set(*file, callers::called(&context, *file, source));
            flags_changed |= self.callers.calls(*file, &self.helper_names);
            let reads = model.reads().remove(file).unwrap_or_default();
            self.readers.set(*file, reads);
            for holder in &new.holders {
                let count = self.holders.entry(*holder).or_default();
                *count += 1;
                if *count == 1 {
                    moved_holders.insert(*holder);
                }
            }
            let of_flags = new.flags.iter().map(|(key, text)| (*key, text.clone()));
            self.flags.extend(of_flags);
            self.singled.add(&context, &new.conditions);
            touched.files.insert(*file);
            fresh.push((*file, new, old));
        }
        let listed: entitlements::Registry = self.holders.keys().copied().collect();
        let mut again: Vec<FileId> = Vec::new();
        if !moved_holders.is_empty() {
            let asked = self
                .files
                .iter()
                .filter(|(_, it)| !it.asked.is_disjoint(&moved_holders));
            again.extend(asked.map(|(file, _)| *file));
            again.sort_unstable();
        }
        for (file, mut new, old) in fresh {
            context.scope = Some(vec![file]);
            new.entitlements = entitlements::branches(&context, &listed, &mut new.asked);
            if !self.flags.is_empty() {
                let seen = &mut new.direct.seen;
                new.objects = registries::checks(&context, &self.flags, seen);
            }
            flags_changed |= new.has_flags();
            // What units say of a file comes from itself, its imports and its conditions.
            let own = changed.all || changed.files.contains(&file);
            match old.filter(|old| !own && old.singles_out_as(&new)) {
                Some(old) => (new.units, new.look_for_units) = (old.units, old.look_for_units),
                None => new.look_for_units = true,
            }
            self.files.insert(file, new);
        }
        for file in &again {
            context.scope = Some(vec![*file]);
            let mut asked = entitlements::Registry::new();
            let drafts = entitlements::branches(&context, &listed, &mut asked);
            if let Some(known) = self.files.get_mut(file) {
                known.look_for_units |= known.entitlements != drafts;
                (known.entitlements, known.asked) = (drafts, asked);
            }
            touched.files.insert(*file);
        }
        self.note_reads(model);
        let mut recheck: BTreeSet<FileId> = dirty.iter().copied().collect();
        if flags_changed && !self.help_some(&mut context, &dirty, &gone) {
            self.help(&mut context, &mut recheck);
        }
        for file in &recheck {
            self.settle_checks(&mut context, *file);
        }
        self.note_reads(model);
        touched.files.extend(recheck);
        if !context.known.is_empty() {
            self.stir(model, changed, &touched, &mut stirred);
            self.find_units(&mut context, stirred, paths, &mut touched);
        }
        for (path, hits) in data {
            let drafts = data_files::drafts(&context, &path, hits);
            touched.paths.insert(path.to_string());
            if drafts.is_empty() {
                self.data.remove(path.as_str());
            } else {
                self.data.insert(path.to_string(), drafts);
            }
        }
        self.words = Some(context.words);
        touched
    }

    /// Files whose answers may be others now, by path.
    fn dirty(&self, model: &Model<'_>, changed: &Changed) -> Vec<FileId> {
        let mut dirty: FxHashSet<FileId> = changed.files.clone();
        let files = changed.files.iter();
        dirty.extend(files.flat_map(|file| self.readers.of_file(*file)));
        let questions = changed.questions.iter();
        dirty.extend(questions.flat_map(|question| self.readers.of_question(*question)));
        if changed.all {
            dirty.extend(self.files.keys());
        }
        let mut dirty: Vec<_> = dirty
            .into_iter()
            .filter_map(|file| Some((&model.live(file)?.path, file)))
            .collect();
        dirty.sort_unstable();
        dirty.into_iter().map(|(_, file)| file).collect()
    }

    fn forget(&mut self, old: &OfFile, moved: &mut BTreeSet<Holder>) {
        for holder in &old.holders {
            if let Some(count) = self.holders.get_mut(holder) {
                *count -= 1;
                if *count == 0 {
                    self.holders.remove(holder);
                    // Removed and put in again by the same file is no change; asking again costs little.
                    moved.insert(*holder);
                }
            }
        }
        for key in old.flags.keys() {
            self.flags.remove(key);
        }
        if let Some(path) = &old.path {
            self.singled.forget(path.as_str());
        }
    }

    /// Works out what helpers make of `dirty` files only. False where these, or those that are `gone`, give others
    /// something else than before.
    fn help_some(&mut self, context: &mut Context<'_>, dirty: &[FileId], gone: &[FileId]) -> bool {
        let mut givers = self.rounds.iter().flat_map(|given| given.files());
        if !gone.is_empty() && givers.any(|giver| gone.contains(&giver)) {
            return false;
        }
        let mut found: Vec<(FileId, Vec<Check>, BTreeSet<Span>)> = Vec::new();
        for file in dirty {
            let OfFile {
                direct, objects, ..
            } = &self.files[file];
            let known: Vec<&Check> = direct.checks.iter().chain(objects).collect();
            let mut seen = direct.seen.clone();
            context.scope = Some(vec![*file]);
            context.model.about(*file);
            let checks = self.lent(context, |lent| {
                let own = &direct.helpers;
                in_file(lent, *file, &known, own, &self.rounds, &mut seen)
            });
            let Some(checks) = checks else {
                return false;
            };
            let spans = seen.difference(&direct.seen).map(|(_, span)| *span);
            found.push((*file, checks, spans.collect()));
        }
        for file in gone {
            self.helped.remove(file);
            self.helped_seen.remove(file);
        }
        for (file, checks, seen) in found {
            put(&mut self.helped, file, checks, Vec::is_empty);
            put(&mut self.helped_seen, file, seen, BTreeSet::is_empty);
        }
        true
    }

    /// Does something with a context that knows who calls whom.
    fn lent<T>(&self, context: &mut Context<'_>, with: impl FnOnce(&Context<'_>) -> T) -> T {
        let lent = Context {
            model: context.model,
            settings: context.settings,
            scope: context.scope.clone(),
            callers: Some(&self.callers),
            words: std::mem::replace(&mut context.words, Box::new(Lexicon::nothing())),
        };
        let result = with(&lent);
        context.words = lent.words;
        result
    }

    /// Works out anew what helpers make of each other.
    fn help(&mut self, context: &mut Context<'_>, recheck: &mut BTreeSet<FileId>) {
        let model = context.model;
        let mut files: Vec<(&RepoPath, FileId)> = self
            .files
            .iter()
            .filter(|(_, it)| it.has_flags())
            .filter_map(|(file, it)| Some((it.path.as_ref()?, *file)))
            .collect();
        files.sort_unstable();
        let of = |file: &FileId| &self.files[file];
        let direct = files.iter().flat_map(|(_, file)| &of(file).direct.checks);
        let objects = files.iter().flat_map(|(_, file)| &of(file).objects);
        let known: Vec<&Check> = direct.chain(objects).collect();
        let mut helpers = Helpers::new();
        let mut seen = Seen::new();
        for (_, file) in &files {
            let direct = &of(file).direct;
            let own = direct.helpers.iter();
            helpers.extend(own.map(|(key, helper)| (*key, helper.clone())));
            seen.extend(&direct.seen);
        }
        context.scope = None;
        let (found, rounds) = self.lent(context, |lent| {
            let mut blind = BlindSpots::default();
            through_helpers(lent, &known, &mut helpers, &mut seen, &mut blind)
        });
        let mut by_file: FxHashMap<FileId, Vec<Check>> = FxHashMap::default();
        for check in found {
            by_file.entry(check.file).or_default().push(check);
        }
        let mut seen_by_file: FxHashMap<FileId, BTreeSet<Span>> = FxHashMap::default();
        for (file, span) in seen {
            let own = self.files.get(&file);
            if own.is_none_or(|it| !it.direct.seen.contains(&(file, span))) {
                seen_by_file.entry(file).or_default().insert(span);
            }
        }
        recheck.extend(differing(&self.helped, &by_file));
        recheck.extend(differing(&self.helped_seen, &seen_by_file));
        recheck.retain(|file| model.live(*file).is_some());
        self.helper_names = rounds.iter().flat_map(|given| given.names()).collect();
        self.helped = by_file;
        self.helped_seen = seen_by_file;
        self.rounds = rounds;
    }

    /// Makes points of all evaluations of a file.
    fn settle_checks(&mut self, context: &mut Context<'_>, file: FileId) {
        let Some(known) = self.files.get_mut(&file) else {
            return;
        };
        context.scope = Some(vec![file]);
        let mut seen = known.direct.seen.clone();
        let helped = self.helped_seen.get(&file).into_iter().flatten();
        seen.extend(helped.map(|span| (file, *span)));
        let mut checks = known.direct.checks.clone();
        checks.extend(known.objects.iter().cloned());
        checks.extend(self.helped.get(&file).into_iter().flatten().cloned());
        checks.extend(checks::registered(context, &mut seen));
        known.checks = if checks.is_empty() {
            Vec::new()
        } else {
            checks::drafts(context, checks)
        };
    }

    fn note_reads(&mut self, model: &Model<'_>) {
        #[expect(clippy::iter_over_hash_type, reason = "each is noted by itself")]
        for (file, reads) in model.reads() {
            if self.files.contains_key(&file) {
                self.readers.add(file, reads);
            }
        }
    }

    /// Puts in the folders of files that are what units' signs are taken from: files that were looked at again, and what
    /// these import, or did.
    fn stir(
        &self,
        model: &Model<'_>,
        changed: &Changed,
        touched: &Touched,
        stirred: &mut BTreeSet<String>,
    ) {
        let files = touched.files.iter().copied();
        let imported = files.clone().flat_map(|file| model.imported(file));
        let imported = imported.chain(changed.imported.iter().copied());
        for file in files.chain(imported).collect::<BTreeSet<_>>() {
            let Some(source) = model.live(file) else {
                continue;
            };
            if self.signs.contains(source.path.parent()) {
                stirred.insert(source.path.parent().to_owned());
            }
        }
    }

    /// Looks for units. `stirred` are folders with signs about which something is no longer what it was.
    fn find_units(
        &mut self,
        context: &mut Context<'_>,
        stirred: BTreeSet<String>,
        paths: &[(RepoPath, bool)],
        touched: &mut Touched,
    ) {
        let model = context.model;
        let mut open: BTreeSet<String> = BTreeSet::new();
        for (path, is_there) in paths {
            units::hold(&mut self.held, path, *is_there, |folder| {
                open.insert(folder.to_owned());
            });
        }
        open.extend(stirred);
        let mut differ = false;
        for folder in open {
            let mut signs = false;
            let named = self.held.get(&folder).map_or_else(Vec::new, |names| {
                units::of_folder(context, &self.singled, &folder, names, &mut signs)
            });
            if signs {
                self.signs.insert(folder.clone());
            } else {
                self.signs.remove(&folder);
            }
            let old = if named.is_empty() {
                self.folders.remove(&folder)
            } else {
                self.folders.insert(folder.clone(), named.clone())
            };
            differ |= old.unwrap_or_default() != named;
        }
        let mut inspect: BTreeSet<FileId> = BTreeSet::new();
        if differ {
            let folders = self.folders.iter();
            let units =
                units::outermost(folders.map(|(folder, named)| (folder.as_str(), named.clone())));
            let moved: Vec<&String> = units
                .iter()
                .filter(|(path, named)| self.units.get(*path) != Some(named))
                .map(|(path, _)| path)
                .chain(self.units.keys().filter(|path| !units.contains_key(*path)))
                .collect();
            let mut under: Vec<FileId> = Vec::new();
            for (file, source) in model.files() {
                let path = source.path.as_str();
                let is_under = moved.iter().any(|unit| {
                    path.strip_prefix(unit.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                });
                if is_under {
                    under.push(file);
                }
            }
            for file in under {
                inspect.insert(file);
                inspect.extend(model.importers(file));
            }
            touched.paths.extend(moved.into_iter().cloned());
            self.units = units;
        }
        // A unit that is no source file, or was one and is none now.
        for path in &touched.paths {
            let unit = self.units.get(path).filter(|_| model.find(path).is_none());
            match unit {
                Some(named) => {
                    let draft = units::whole(context, path, named);
                    self.wholes.insert(path.clone(), draft);
                }
                None => {
                    self.wholes.remove(path);
                }
            }
        }
        for (path, _) in paths {
            let path = path.as_str();
            if self.units.contains_key(path) || self.wholes.contains_key(path) {
                touched.paths.insert(path.to_owned());
                if model.find(path).is_some() {
                    self.wholes.remove(path);
                } else if let Some(named) = self.units.get(path) {
                    let draft = units::whole(context, path, named);
                    self.wholes.insert(path.to_owned(), draft);
                }
            }
        }
        inspect.extend(touched.files.iter().filter(|file| {
            let known = self.files.get(file);
            known.is_some_and(|known| known.look_for_units)
        }));
        for file in &inspect {
            let (Some(source), Some(known)) = (model.live(*file), self.files.get_mut(file)) else {
                continue;
            };
            known.look_for_units = false;
            context.scope = Some(vec![*file]);
            model.about(*file);
            let conditions: Vec<Span> = known
                .conditions
                .iter()
                .chain(&known.entitlements)
                .filter(|draft| draft.kind == PointKind::Branch)
                .map(|draft| draft.span)
                .collect();
            let mut drafts = Vec::new();
            if let Some(named) = self.units.get(source.path.as_str()) {
                drafts.push(units::whole(context, source.path.as_str(), named));
            }
            drafts.extend(units::of_file(
                context,
                *file,
                source,
                &self.units,
                &self.singled,
                &conditions,
            ));
            known.units = drafts;
        }
        // What units say of other files is worked out anew where units or imports change.
        model.reads();
        touched.files.extend(inspect);
    }
}

/// Keys under which two maps hold different values.
fn differing<V: PartialEq>(a: &FxHashMap<FileId, V>, b: &FxHashMap<FileId, V>) -> BTreeSet<FileId> {
    let keys = a.keys().chain(b.keys());
    keys.filter(|key| a.get(key) != b.get(key))
        .copied()
        .collect()
}

/// Puts a value in, or nothing where it is empty.
fn put<V>(map: &mut FxHashMap<FileId, V>, file: FileId, value: V, is_empty: fn(&V) -> bool) {
    if is_empty(&value) {
        map.remove(&file);
    } else {
        map.insert(file, value);
    }
}
