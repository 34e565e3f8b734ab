//! Two states of one repository, looked at with the same eyes: the same configuration, the same names.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use bespoke_analysis::{FileSet, analyse, learn};
use bespoke_facts::{Issue, IssueReason, RepoPath, date_of};
use gix::ObjectId;
use rustc_hash::FxHashMap;

use crate::{
    Entry, Error, Options, Scan, Snapshot,
    allowed::allowed,
    discover::discover,
    git::{Ignores, Repository, commit, differences, is_ignore_file},
    history::push_bytes,
    run::{
        Choice, Reading, configuration, file_set, limit_of, options_globs, pool, settings_of,
        sort_out,
    },
    store::{Blobs, Disk, Store},
};

/// Largest ignore file that is read, in bytes.
const MAX_IGNORE_BYTES: u64 = 1 << 20;

/// What is compared with what.
#[derive(Clone, Debug, Default)]
pub struct Ends {
    /// A revision: what was before.
    pub base: String,
    /// A revision: what is now; the files on the disk where nothing is said.
    pub head: Option<String>,
    /// Not the base itself, but where the other left it: what others have put into the base since is no change.
    pub from_fork: bool,
}

/// Two scans that know the same names.
#[derive(Debug)]
pub struct Compared {
    /// What was before.
    pub base: Scan,
    /// What is now.
    pub head: Scan,
    /// Id of the commit that was before.
    pub base_commit: String,
    /// Id of the commit that is now; none of the files on the disk.
    pub head_commit: Option<String>,
    /// Day (UTC) on which the newer end was put in, `YYYY-MM-DD`: that of `HEAD` for the files on the disk.
    pub day: Option<String>,
}

/// A state, ready to be read.
struct State {
    snapshot: Snapshot,
    store: Arc<dyn Store>,
}

/// Scans `folder`, which lies in a repository, in two states of it. The configuration is that of the disk, for both: what a
/// changed configuration finds is no change of the code.
pub fn scan_two(folder: &Path, ends: &Ends, options: &Options<'_>) -> Result<Compared, Error> {
    let repository = Repository::discover(folder)?;
    let threads = options.threads();
    let pool = pool(threads)?;
    let excluded_by_options = options_globs(&options.exclude)?;
    let disk = discover(&[folder.to_owned()], threads)?;
    let config = configuration(&disk.root, &options.config)?;
    let settings = settings_of(&config, options);
    let choice = Choice {
        include: &(&config.include | &options.include),
        excluded: &[&config.exclude, &excluded_by_options],
        within: &[],
    };
    let prefix = prefix_of(&disk.root, &repository);

    let head = ends
        .head
        .as_deref()
        .map(|it| repository.resolve(it))
        .transpose()?;
    let mut base = repository.resolve(&ends.base)?;
    if ends.from_fork {
        let now = match head {
            Some(head) => head,
            None => repository.resolve("HEAD")?,
        };
        base = repository.fork(base, now).ok_or_else(|| Error::NoFork {
            base: ends.base.clone(),
            shallow: !repository.shallow().is_empty(),
        })?;
    }
    let root = disk.root.clone();
    let cache = options.open_cache();
    let reading = Reading {
        choice: &choice,
        limit: limit_of(&config, options),
        cache: &cache,
        engine: options.engine.as_deref(),
        progress: options.progress,
    };
    let read = |state: State| {
        let listed = state.snapshot.entries.len();
        let sorted_out = sort_out(state.snapshot, &choice, &state.store);
        let sources = sorted_out.sources();
        let mut files = file_set(sorted_out, &state.store, &reading);
        files.components.clone_from(&settings.components);
        (listed, files, sources, state.store)
    };
    let (before, after) = pool.install(|| {
        let before = read(at(&repository, base, &prefix, &root)?);
        let after = match head {
            Some(head) => read(at(&repository, head, &prefix, &root)?),
            None => read(State {
                snapshot: disk,
                store: Arc::new(Disk),
            }),
        };
        Ok::<_, Error>((before, after))
    })?;
    let (base_analysis, head_analysis, in_head) = pool.install(|| {
        let vocabulary = options.vocabulary.clone().unwrap_or_else(|| {
            let (mut learned, of_head) = rayon::join(
                || learn(&before.1, &settings),
                || learn(&after.1, &settings),
            );
            learned.join(of_head);
            learned
        });
        let analysed = |files: &FileSet| analyse(files, &settings, Some(&vocabulary));
        let (base, head) = rayon::join(|| analysed(&before.1), || analysed(&after.1));
        (
            base,
            head,
            allowed(&after.1, &after.2, &after.3, reading.limit),
        )
    });
    let scan = |listed, analysis| Scan {
        root: root.clone(),
        config: config.path.clone(),
        settings: settings.clone(),
        listed,
        analysis,
        debt: config.debt.clone(),
        budgets: config.budgets.clone(),
        allowed: Vec::new(),
        warnings: Vec::new(),
    };
    let mut head_scan = scan(after.0, head_analysis);
    head_scan.warnings = cache.warnings();
    head_scan.allowed = in_head;
    Ok(Compared {
        base: scan(before.0, base_analysis),
        head: head_scan,
        base_commit: base.to_string(),
        day: day_of(&repository, head),
        head_commit: head.map(|it| it.to_string()),
    })
}

/// Day (UTC) of the last commit of the repository that a folder is in, `YYYY-MM-DD`; none where there is none.
pub fn day_of_head(folder: &Path) -> Option<String> {
    day_of(&Repository::discover(folder).ok()?, None)
}

fn day_of(repository: &Repository, id: Option<ObjectId>) -> Option<String> {
    let id = id.or_else(|| repository.resolve("HEAD").ok())?;
    let commit = commit(&repository.objects(), id)?;
    let (year, month, day) = date_of(commit.time);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// Path of a folder in its repository with a `/` at its end, or nothing for the whole.
fn prefix_of(root: &Path, repository: &Repository) -> String {
    let top = repository.work_dir().unwrap_or_else(|| root.to_owned());
    let below = root.strip_prefix(&top).unwrap_or(Path::new(""));
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    let mut prefix = parts.join("/");
    if !prefix.is_empty() {
        prefix.push('/');
    }
    prefix
}

/// What a walk of the commit's work tree would list.
fn at(repository: &Repository, id: ObjectId, prefix: &str, root: &Path) -> Result<State, Error> {
    let objects = repository.objects();
    let missing = || Error::BadRevision {
        revision: id.to_string(),
        shallow: !repository.shallow().is_empty(),
    };
    let tree = commit(&objects, id).ok_or_else(missing)?.tree;
    let mut issues = Vec::new();
    let unreadable = |what: &str| Issue {
        path: RepoPath::new("."),
        span: None,
        reason: IssueReason::Unreadable(what.to_owned()),
    };
    let mut lost = 0;
    let found = differences(&objects, None, Some(tree), &mut |_| lost += 1);
    if lost > 0 {
        issues.push(unreadable(
            "the repository does not hold all folders of this commit",
        ));
    }
    let mut files = Vec::with_capacity(found.len());
    let mut ignores = Ignores::default();
    for (bytes, entry) in found {
        // No link is followed, so there is nothing at its path.
        let Some(entry) = entry.filter(|entry| !entry.is_link) else {
            continue;
        };
        let mut text = String::with_capacity(bytes.len());
        let bad_name = push_bytes(&bytes, &mut text);
        let path = RepoPath::new(text);
        if is_ignore_file(&path) {
            let text = objects.blob(entry.id, MAX_IGNORE_BYTES).ok();
            ignores.set(&path, text.as_deref());
        }
        files.push((path, entry.id, bad_name));
    }
    let mut snapshot = Snapshot {
        root: root.to_owned(),
        ..Snapshot::default()
    };
    let mut ids = FxHashMap::default();
    for (path, id, bad_name) in files {
        let Some(below) = path.as_str().strip_prefix(prefix) else {
            continue;
        };
        if !ignores.lists(&path) {
            continue;
        }
        let path = RepoPath::new(below);
        if bad_name {
            issues.push(Issue {
                path: path.clone(),
                span: None,
                reason: IssueReason::PathNotUtf8,
            });
        }
        snapshot.entries.push(Entry {
            path: path.clone(),
            file: PathBuf::new(),
            size: objects.size(id).unwrap_or(0),
        });
        ids.insert(path, id);
    }
    snapshot.entries.sort();
    issues.sort();
    snapshot.issues = issues;
    let store = Blobs {
        repository: repository.clone(),
        ids,
    };
    Ok(State {
        snapshot,
        store: Arc::new(store),
    })
}
