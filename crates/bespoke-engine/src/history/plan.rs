//! What each commit changed, found before any file is read: which contents there are, and from when to when each is
//! needed.

use std::collections::BTreeMap;

use bespoke_analysis::Role;
use bespoke_extract::{Language, language_for_path};
use bespoke_facts::RepoPath;
use gix::ObjectId;
use rustc_hash::FxHashMap;

use crate::{
    data::is_data,
    discover::push_part,
    git::{Commit, Difference, Entry, Ignores, Objects, differences, is_ignore_file},
    manifest::is_manifest,
    run::Choice,
    vendor::is_notice,
};

/// Position of a path in [`Plan::paths`]; its file's id too.
pub(super) type PathId = u32;
/// Position of a content in [`Plan::contents`].
pub(super) type ContentIndex = u32;
/// Largest ignore file that is read, in bytes.
const MAX_IGNORE_BYTES: u64 = 1 << 20;

/// A path that some commit has.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says what else a path is"
)]
#[derive(Debug)]
pub(super) struct Place {
    pub(super) path: RepoPath,
    pub(super) role: Role,
    /// Whether its role is one that is analysed.
    pub(super) kept: bool,
    pub(super) language: Option<&'static Language>,
    pub(super) is_data: bool,
    pub(super) is_manifest: bool,
    pub(super) is_notice: bool,
    is_ignore_file: bool,
    /// Its name is not UTF-8.
    pub(super) bad_name: bool,
}

impl Place {
    /// Whether what it holds matters at all.
    fn matters(&self) -> bool {
        self.kept || self.is_manifest || self.is_notice
    }
}

/// What a file holds, as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Content {
    pub(super) id: ObjectId,
    pub(super) how: How,
}

/// As what a blob is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum How {
    /// Source text of the language at this position of the table.
    Source(usize),
    /// Data; what its lines mean depends on the ending.
    Data(&'static str),
    /// Not at all: only that it is there counts.
    Not,
}

/// A path that holds something else from a commit on; `None`: it is gone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) path: PathId,
    pub(super) content: Option<ContentIndex>,
}

/// A commit with what it changed.
#[derive(Debug)]
pub(super) struct Step {
    /// Position of the commit in the walk.
    pub(super) commit: usize,
    /// Range of [`Plan::changes`].
    pub(super) changes: std::ops::Range<usize>,
    /// Range of [`Plan::sources`]: what differs from the step before.
    pub(super) sources: std::ops::Range<usize>,
    /// Trees or ignore files of it are missing.
    pub(super) incomplete: bool,
}

/// All that history holds.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) places: Vec<Place>,
    pub(super) contents: Vec<Content>,
    /// First and last step that each content is needed for.
    pub(super) needed: Vec<(u32, u32)>,
    pub(super) changes: Vec<Change>,
    /// Source files of the product that differ from one step to the next, ignored or not.
    pub(super) sources: Vec<PathId>,
    pub(super) steps: Vec<Step>,
}

/// Plans the commits at `chosen` positions of a walk.
pub(super) fn plan(
    objects: &Objects,
    commits: &[Commit],
    chosen: &[usize],
    choice: &Choice<'_>,
) -> Plan {
    let mut planner = Planner {
        plan: Plan::default(),
        by_bytes: FxHashMap::default(),
        by_content: FxHashMap::default(),
        choice,
        ignores: Ignores::default(),
        there: Vec::new(),
        ignored: Vec::new(),
        listed: Vec::new(),
        endings: BTreeMap::new(),
    };
    let mut before = None;
    for (at, position) in chosen.iter().enumerate() {
        let tree = commits[*position].tree;
        let mut incomplete = false;
        let found = differences(objects, before, Some(tree), &mut |_| incomplete = true);
        before = Some(tree);
        let start = (planner.plan.changes.len(), planner.plan.sources.len());
        incomplete |= planner.step(objects, found);
        let changes = start.0..planner.plan.changes.len();
        let sources = start.1..planner.plan.sources.len();
        for change in &planner.plan.changes[changes.clone()] {
            if let Some(content) = change.content {
                let step = u32::try_from(at).unwrap_or(u32::MAX);
                let needed = &mut planner.plan.needed[content as usize];
                needed.0 = needed.0.min(step);
                needed.1 = step;
            }
        }
        planner.plan.steps.push(Step {
            commit: *position,
            changes,
            sources,
            incomplete,
        });
    }
    planner.plan
}

struct Planner<'a> {
    plan: Plan,
    by_bytes: FxHashMap<Vec<u8>, PathId>,
    by_content: FxHashMap<Content, ContentIndex>,
    choice: &'a Choice<'a>,
    ignores: Ignores,
    /// What each path holds, whether it is listed or not.
    there: Vec<Option<ObjectId>>,
    /// Whether rules ignore each path, as far as that was asked since they changed.
    ignored: Vec<Option<bool>>,
    /// Whether each path is listed now.
    listed: Vec<bool>,
    endings: BTreeMap<String, &'static str>,
}

impl Planner<'_> {
    /// Notes what changed; true if something of it is missing.
    fn step(&mut self, objects: &Objects, found: Vec<Difference>) -> bool {
        let mut missing = false;
        let mut touched: Vec<PathId> = Vec::with_capacity(found.len());
        let mut folders: Vec<String> = Vec::new();
        for (bytes, entry) in found {
            let id = self.path(bytes);
            // No link is followed, so there is nothing at its path.
            let entry = entry.filter(|entry: &Entry| !entry.is_link);
            self.there[id as usize] = entry.map(|entry| entry.id);
            touched.push(id);
            let place = &self.plan.places[id as usize];
            if place.language.is_some() {
                self.plan.sources.push(id);
            }
            if place.is_ignore_file {
                self.ignored.fill(None);
                let text = entry.map(|entry| objects.blob(entry.id, MAX_IGNORE_BYTES));
                missing |= matches!(text, Some(Err(_)));
                let text = text.and_then(Result::ok);
                self.ignores.set(&place.path, text.as_deref());
                folders.push(place.path.parent().to_owned());
            }
        }
        // Another rule may list or skip what did not change itself.
        for folder in folders {
            let inside = |path: &str| {
                path.strip_prefix(folder.as_str())
                    .is_some_and(|rest| folder.is_empty() || rest.starts_with('/'))
            };
            let all = (0..).zip(&self.plan.places);
            touched.extend(
                all.filter(|(_, place)| inside(place.path.as_str()))
                    .map(|(id, _)| id),
            );
        }
        touched.sort_unstable();
        touched.dedup();
        for id in touched {
            let at = id as usize;
            let place = &self.plan.places[at];
            let ignored = &mut self.ignored[at];
            let mut is_listed =
                || !*ignored.get_or_insert_with(|| !self.ignores.lists(&place.path));
            let blob = self.there[at].filter(|_| place.matters() && is_listed());
            if blob.is_none() && !self.listed[at] {
                continue;
            }
            self.listed[at] = blob.is_some();
            let content = blob.map(|blob| self.content(id, blob));
            self.plan.changes.push(Change { path: id, content });
        }
        missing
    }

    fn path(&mut self, bytes: Vec<u8>) -> PathId {
        if let Some(id) = self.by_bytes.get(&bytes) {
            return *id;
        }
        let mut text = String::with_capacity(bytes.len());
        let bad_name = push_bytes(&bytes, &mut text);
        let path = RepoPath::new(text);
        let role = self.choice.role(&path);
        let kept = self.choice.keeps(role);
        let language = language_for_path(path.as_str()).filter(|_| kept);
        let is_manifest = is_manifest(&path, kept);
        let id = PathId::try_from(self.plan.places.len()).unwrap_or(PathId::MAX);
        self.plan.places.push(Place {
            role,
            kept,
            is_data: kept && language.is_none() && is_data(&path),
            language,
            is_manifest,
            is_notice: kept && is_notice(path.as_str()),
            is_ignore_file: is_ignore_file(&path),
            bad_name,
            path,
        });
        self.there.push(None);
        self.ignored.push(None);
        self.listed.push(false);
        self.by_bytes.insert(bytes, id);
        id
    }

    fn content(&mut self, path: PathId, id: ObjectId) -> ContentIndex {
        let place = &self.plan.places[path as usize];
        let how = match place.language {
            Some(language) => How::Source(position_of(language)),
            None if place.is_data => {
                let name = place.path.file_name();
                let ending = name.rsplit('.').next().unwrap_or("");
                let known = self.endings.entry(ending.to_owned());
                How::Data(known.or_insert_with(|| Box::leak(ending.to_owned().into_boxed_str())))
            }
            None => How::Not,
        };
        let content = Content { id, how };
        let next = ContentIndex::try_from(self.plan.contents.len()).unwrap_or(u32::MAX);
        *self.by_content.entry(content).or_insert_with(|| {
            self.plan.contents.push(content);
            self.plan.needed.push((u32::MAX, 0));
            next
        })
    }
}

fn position_of(language: &'static Language) -> usize {
    let mut languages = bespoke_extract::LANGUAGES.iter();
    languages
        .position(|it| it.name == language.name)
        .unwrap_or(0)
}

#[cfg(unix)]
pub(crate) fn push_bytes(bytes: &[u8], text: &mut String) -> bool {
    use std::os::unix::ffi::OsStrExt as _;
    push_part(std::ffi::OsStr::from_bytes(bytes), text)
}

#[cfg(not(unix))]
pub(crate) fn push_bytes(bytes: &[u8], text: &mut String) -> bool {
    let lossy = String::from_utf8_lossy(bytes);
    push_part(std::ffi::OsStr::new(lossy.as_ref()), text);
    matches!(lossy, std::borrow::Cow::Owned(_))
}
