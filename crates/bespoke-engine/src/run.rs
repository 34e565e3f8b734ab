//! One scan: list, classify, extract, analyse.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    sync::{
        Arc, Once,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use bespoke_analysis::{
    Analysis, Budget, FileSet, LeftOut, Parameters, Role, Settings, SourceFile, Vocabulary, analyse,
};
use bespoke_extract::{Language, STACK_BYTES, extract_with, language_for_path};
use bespoke_facts::{FileFacts, Issue, IssueReason, RepoPath};
use rayon::prelude::*;

use crate::{
    Allowed, Config, Entry, Error, Snapshot,
    allowed::allowed,
    cache::{Cache, FactsKey, decode, encode},
    classify::{classify, looks_like_source},
    config::{find_config, load_config},
    content::content_id,
    data::{Data, is_data},
    discover::discover,
    globs::Globs,
    manifest,
    store::{Disk, Store},
    vendor::{MAX_NOTICE_BYTES, is_notice, vendors_in},
};

/// Largest file that is read where nothing else is said, in bytes.
pub const DEFAULT_MAX_FILE_SIZE: u64 = 2 << 20;

/// The reason under which source text in no supported language is left out.
const NO_LANGUAGE: &str = "language";

/// How many files are asked for in the cache at a time.
const CHUNK: usize = 1_024;
/// How many paths a [`LeftOut`] shows.
const EXAMPLES: usize = 5;

/// How to scan. The default reads product code with the configuration of the root, on all processors.
#[derive(Clone, Default)]
pub struct Options<'a> {
    /// Where the configuration comes from.
    pub config: ConfigSource,
    /// Roles to analyse beside product code, in addition to the configuration's.
    pub include: BTreeSet<Role>,
    /// Patterns in the form of `.gitignore` to leave out, in addition to the configuration's.
    pub exclude: Vec<String>,
    /// Threads to use; by default one per processor.
    pub threads: Option<NonZeroUsize>,
    /// Largest file to read, in bytes; by default the configuration's, else [`DEFAULT_MAX_FILE_SIZE`].
    pub max_file_size: Option<u64>,
    /// Confidence (percent) from which points count, before the configuration's.
    pub min_confidence: Option<u8>,
    /// By which names customers are known; learned of the tree where nothing is said.
    pub vocabulary: Option<Vocabulary>,
    /// The folder that keeps facts from one run to the next; none where nothing is said.
    pub cache: Option<PathBuf>,
    /// The engine that reads every language that has one of this name; by default the first that accepts a file.
    pub engine: Option<String>,
    /// Called from several threads, once before the first file and once after each.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
}

impl Options<'_> {
    pub(crate) fn threads(&self) -> NonZeroUsize {
        self.threads
            .or_else(|| thread::available_parallelism().ok())
            .unwrap_or(NonZeroUsize::MIN)
    }

    pub(crate) fn open_cache(&self) -> Cache {
        self.cache.as_deref().map_or_else(Cache::none, Cache::open)
    }
}

/// Threads whose stacks are deep enough for what walks facts.
pub(crate) fn pool(threads: NonZeroUsize) -> Result<rayon::ThreadPool, Error> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.get())
        .stack_size(STACK_BYTES)
        .thread_name(|at| format!("bespoke-{at}"))
        .build()
        .map_err(|error| Error::Threads {
            threads: threads.get(),
            why: error.to_string(),
        })
}

/// Where a scan's configuration comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConfigSource {
    /// `bespoke.toml` or `.bespoke.toml` in the root, if there is one.
    #[default]
    Root,
    /// This file.
    File(PathBuf),
    /// None, even if the root has one.
    None,
}

/// How far a scan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Files read.
    pub done: usize,
    /// Files to read.
    pub total: usize,
}

/// What a scan gives.
#[derive(Debug)]
pub struct Scan {
    /// The folder that all paths are relative to: absolute, without links.
    pub root: PathBuf,
    /// The configuration that was used.
    pub config: Option<PathBuf>,
    /// What it said, with what the options said over it.
    pub settings: Settings,
    /// How many files the tree holds, of any kind, ignored ones not counted.
    pub listed: usize,
    /// What was found.
    pub analysis: Analysis,
    /// Constants of the debt model, as the configuration says.
    pub debt: Parameters,
    /// What a change is held against, as the configuration says.
    pub budgets: Vec<Budget>,
    /// What comments in the code allow.
    pub allowed: Vec<Allowed>,
    /// What went wrong without changing the result: a cache that could not be used.
    pub warnings: Vec<String>,
}

/// Scans what `paths` select; see [`discover`] for how they do, and for the root.
pub fn scan(paths: &[PathBuf], options: &Options<'_>) -> Result<Scan, Error> {
    scan_and(paths, options, |_, _| ()).map(|(scan, ())| scan)
}

/// [`scan`], and then `ask` with the facts while they are there.
pub fn scan_and<T: Send>(
    paths: &[PathBuf],
    options: &Options<'_>,
    ask: impl FnOnce(&FileSet, &Analysis) -> T + Send,
) -> Result<(Scan, T), Error> {
    let threads = options.threads();
    let excluded_by_options = options_globs(&options.exclude)?;
    let snapshot = discover(paths, threads)?;
    let config = configuration(&snapshot.root, &options.config)?;
    let settings = settings_of(&config, options);
    let limit = limit_of(&config, options);
    let pool = pool(threads)?;

    let listed = snapshot.entries.len();
    let root = snapshot.root.clone();
    let choice = Choice {
        include: &(&config.include | &options.include),
        excluded: &[&config.exclude, &excluded_by_options],
        within: &[],
    };
    let store: Arc<dyn Store> = Arc::new(Disk);
    let sorted_out = sort_out(snapshot, &choice, &store);
    let sources = sorted_out.sources();
    let cache = options.open_cache();
    // Facts nest as deep as code does, so whatever walks them runs on the pool's large stacks.
    let (analysis, allowed, answer) = pool.install(|| {
        let reading = Reading {
            choice: &choice,
            limit,
            cache: &cache,
            engine: options.engine.as_deref(),
            progress: options.progress,
        };
        let mut files = file_set(sorted_out, &store, &reading);
        files.components.clone_from(&settings.components);
        let analysis = analyse(&files, &settings, options.vocabulary.as_ref());
        let answer = ask(&files, &analysis);
        (analysis, allowed(&files, &sources, &store, limit), answer)
    });
    let scan = Scan {
        root,
        config: config.path,
        settings,
        listed,
        analysis,
        debt: config.debt,
        budgets: config.budgets,
        allowed,
        warnings: cache.warnings(),
    };
    Ok((scan, answer))
}

/// What the configuration says, with what the options say over it.
pub(crate) fn settings_of(config: &Config, options: &Options<'_>) -> Settings {
    let mut settings = config.settings.clone();
    if let Some(min_confidence) = options.min_confidence {
        settings.min_confidence = min_confidence;
    }
    settings
}

/// Largest file that is read, in bytes.
pub(crate) fn limit_of(config: &Config, options: &Options<'_>) -> u64 {
    options
        .max_file_size
        .or(config.max_file_size)
        .unwrap_or(DEFAULT_MAX_FILE_SIZE)
}

pub(crate) fn options_globs(patterns: &[String]) -> Result<Globs, Error> {
    let mut globs = Globs::builder();
    for glob in patterns {
        globs.add(glob).map_err(|why| Error::BadGlob {
            glob: glob.clone(),
            why,
        })?;
    }
    Ok(globs.build())
}

pub(crate) fn configuration(root: &Path, source: &ConfigSource) -> Result<Config, Error> {
    let path = match source {
        ConfigSource::None => None,
        ConfigSource::File(path) => Some(path.clone()),
        ConfigSource::Root => find_config(root),
    };
    path.map_or_else(|| Ok(Config::default()), |path| load_config(&path))
}

/// Which files count.
pub(crate) struct Choice<'a> {
    pub(crate) include: &'a BTreeSet<Role>,
    pub(crate) excluded: &'a [&'a Globs],
    /// Only what lies at or under one of these; everything where nothing is said.
    pub(crate) within: &'a [String],
}

impl Choice<'_> {
    /// What a path's file is for.
    pub(crate) fn role(&self, path: &RepoPath) -> Role {
        let is_in = |folder: &String| {
            let rest = path.as_str().strip_prefix(folder.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let is_outside = !self.within.is_empty() && !self.within.iter().any(is_in);
        if is_outside || self.excluded.iter().any(|globs| globs.matches(path)) {
            Role::Excluded
        } else {
            classify(path)
        }
    }

    /// Whether files of a role are analysed.
    pub(crate) fn keeps(&self, role: Role) -> bool {
        role == Role::Product || self.include.contains(&role)
    }
}

/// A listed tree, by what is to become of each file.
#[derive(Default)]
pub(crate) struct SortedOut {
    paths: Vec<RepoPath>,
    vendors: Vec<String>,
    data: Vec<Entry>,
    sources: Vec<Source>,
    manifests: manifest::Read,
    issues: Vec<Issue>,
    left_out: BTreeMap<&'static str, LeftOut>,
}

impl SortedOut {
    /// The source files of it.
    pub(crate) fn sources(&self) -> Vec<Entry> {
        self.sources.iter().map(|it| it.entry.clone()).collect()
    }
}

struct Source {
    entry: Entry,
    language: &'static Language,
    role: Role,
}

/// How the files of a tree are read.
pub(crate) struct Reading<'a> {
    pub(crate) choice: &'a Choice<'a>,
    /// Largest file, in bytes.
    pub(crate) limit: u64,
    pub(crate) cache: &'a Cache,
    /// As in [`Options::engine`].
    pub(crate) engine: Option<&'a str>,
    pub(crate) progress: Option<&'a (dyn Fn(Progress) + Sync)>,
}

pub(crate) fn sort_out(
    snapshot: Snapshot,
    choice: &Choice<'_>,
    store: &Arc<dyn Store>,
) -> SortedOut {
    let keeps = |path: &RepoPath| choice.keeps(choice.role(path));
    let bytes = |entry: &Entry, limit, buffer: &mut Vec<u8>| store.read(entry, limit, buffer);
    let mut manifests = manifest::read_all(&snapshot.entries, keeps, &bytes);
    let mut out = SortedOut {
        issues: snapshot.issues,
        ..SortedOut::default()
    };
    out.issues.append(&mut manifests.issues);
    out.manifests = manifests;
    for entry in snapshot.entries {
        let role = choice.role(&entry.path);
        let language = language_for_path(entry.path.as_str());
        let is_source = language.is_some() || looks_like_source(&entry.path);
        if !choice.keeps(role) {
            // Pictures and data of left-out folders are of no interest: no scan would read them.
            if is_source {
                leave_out(&mut out.left_out, role.id(), &entry);
            }
            continue;
        }
        if is_notice(entry.path.as_str()) {
            let mut notice = Vec::new();
            // What cannot be read names nobody.
            if store.read(&entry, MAX_NOTICE_BYTES, &mut notice).is_ok() {
                out.vendors.extend(vendors_in(&notice));
            }
        }
        if language.is_none() && is_data(&entry.path) {
            out.data.push(entry.clone());
        }
        out.paths.push(entry.path.clone());
        match language {
            Some(language) => out.sources.push(Source {
                entry,
                language,
                role,
            }),
            None if is_source => leave_out(&mut out.left_out, NO_LANGUAGE, &entry),
            None => {}
        }
    }
    out
}

pub(crate) fn file_set(
    sorted_out: SortedOut,
    store: &Arc<dyn Store>,
    reading: &Reading<'_>,
) -> FileSet {
    let choice = reading.choice;
    let SortedOut {
        mut paths,
        vendors,
        data,
        sources,
        manifests,
        mut issues,
        mut left_out,
    } = sorted_out;
    let facts = extract_all(&sources, store.as_ref(), reading);
    let mut files = Vec::with_capacity(sources.len());
    let mut no_product = BTreeSet::new();
    for (source, facts) in sources.into_iter().zip(facts) {
        let path = &source.entry.path;
        let facts = match facts {
            Ok(facts) => facts,
            Err(reason) => {
                issues.push(issue(path, reason));
                continue;
            }
        };
        let lost = facts.issues.iter().any(IssueReason::loses_file);
        if lost {
            let reasons = facts.issues.into_iter();
            issues.extend(reasons.map(|reason| issue(path, reason)));
            continue;
        }
        let role = role_by_content(source.role, source.language, &facts);
        if !choice.keeps(role) {
            leave_out(&mut left_out, role.id(), &source.entry);
            no_product.insert(path.clone());
            continue;
        }
        files.push(SourceFile {
            path: source.entry.path,
            language: source.language.name,
            role,
            facts: Arc::new(facts),
        });
    }
    paths.retain(|path| !no_product.contains(path));
    issues.sort();
    FileSet {
        components: Vec::new(),
        files,
        paths,
        vendors,
        data: Some(Box::new(Data(data, Arc::clone(store)))),
        packages: manifests.packages,
        manifests: manifests.manifests,
        issues,
        left_out: in_report_order(left_out),
    }
}

/// What a file is for, with what its text says of that.
pub(crate) fn role_by_content(role: Role, language: &Language, facts: &FileFacts) -> Role {
    // Minifiers write JavaScript; long lines of anything else are data among code that people wrote.
    let minified = facts.marks.minified && language.name == "javascript";
    match role {
        Role::Product if minified => Role::Minified,
        Role::Product if facts.marks.generated => Role::Generated,
        role => role,
    }
}

fn extract_all(
    sources: &[Source],
    store: &dyn Store,
    reading: &Reading<'_>,
) -> Vec<Result<FileFacts, IssueReason>> {
    let (limit, cache, progress) = (reading.limit, reading.cache, reading.progress);
    let engine = reading.engine;
    let total = sources.len();
    let done = AtomicUsize::new(0);
    let tell = |done| {
        if let Some(progress) = progress {
            progress(Progress { done, total });
        }
    };
    tell(0);
    let tick = || tell(done.fetch_add(1, Ordering::Relaxed) + 1);
    if !cache.is_open() {
        return sources
            .par_iter()
            .map(|source| {
                let facts = facts_of(store, &source.entry, limit, |bytes| {
                    extract_safely(bytes, source.language, engine)
                });
                tick();
                facts.and_then(|facts| facts)
            })
            .collect();
    }
    let mut all = Vec::with_capacity(total);
    // So many at a time that their bytes can be held while the cache is asked.
    for some in sources.chunks(CHUNK) {
        let asked: Vec<Option<FactsKey>> = some
            .par_iter()
            .map(|source| {
                let key = |id| FactsKey::new(id, source.language.name, engine);
                match store.id(&source.entry) {
                    Some(id) => (source.entry.size <= limit).then(|| key(id)),
                    None => {
                        let read = |bytes: &[u8]| key(content_id(bytes));
                        facts_of(store, &source.entry, limit, read).ok()
                    }
                }
            })
            .collect();
        let keys: Vec<FactsKey> = asked.iter().flatten().copied().collect();
        let mut kept = cache.facts(&keys).into_iter();
        let work: Vec<_> = some
            .iter()
            .zip(asked)
            .map(|(source, key)| (source, key, key.and_then(|_| kept.next().flatten())))
            .collect();
        let read: Vec<_> = work
            .into_par_iter()
            .map(|(source, key, kept)| {
                if let Some(facts) = kept.and_then(|bytes| decode(&bytes)) {
                    tick();
                    return (Ok(facts), None);
                }
                let facts = facts_of(store, &source.entry, limit, |bytes| {
                    // It may have been written to since it was asked for.
                    let id = store.id(&source.entry).unwrap_or_else(|| content_id(bytes));
                    let now = FactsKey::new(id, source.language.name, engine);
                    let facts = extract_safely(bytes, source.language, engine);
                    facts.map(|facts| (facts, Some(now) == key))
                });
                tick();
                match facts.and_then(|facts| facts) {
                    Ok((facts, same)) => {
                        let key = key.filter(|_| same && may_be_kept(&facts));
                        let keep = key.and_then(|key| Some((key, encode(&facts)?)));
                        (Ok(facts), keep)
                    }
                    Err(reason) => (Err(reason), None),
                }
            })
            .collect();
        let mut new = Vec::new();
        for (facts, keep) in read {
            all.push(facts);
            new.extend(keep);
        }
        cache.put_facts(&new);
    }
    cache.trim();
    all
}

/// Reads a file's bytes. A fault of the engine that comes first is noted, and the last one reads the file.
pub(crate) fn extract_safely(
    bytes: &[u8],
    language: &Language,
    engine: Option<&str>,
) -> Result<FileFacts, IssueReason> {
    let engines = language.engines_named(engine);
    let facts = catch_quietly(|| extract_with(bytes, engines));
    match (facts, engines) {
        (Err(IssueReason::Panicked(why)), [first, .., last]) => {
            let mut facts = catch_quietly(|| extract_with(bytes, std::slice::from_ref(last)))?;
            let engine = first.name.to_owned();
            facts.issues.push(IssueReason::Reader { engine, why });
            Ok(facts)
        }
        (facts, _) => facts,
    }
}

/// Whether facts depend on nothing but bytes: not on how long somebody was willing to wait.
pub(crate) fn may_be_kept(facts: &FileFacts) -> bool {
    let mut issues = facts.issues.iter();
    !issues.any(|it| {
        matches!(
            it,
            IssueReason::TimedOut | IssueReason::Panicked(_) | IssueReason::Reader { .. }
        )
    })
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

fn facts_of<T>(
    store: &dyn Store,
    entry: &Entry,
    limit: u64,
    extract: impl FnOnce(&[u8]) -> T,
) -> Result<T, IssueReason> {
    if entry.size > limit {
        return Err(IssueReason::TooLarge {
            size: entry.size,
            limit,
        });
    }
    BUFFER.with_borrow_mut(|buffer| {
        store.read(entry, limit, buffer)?;
        catch_quietly(|| extract(buffer))
    })
}

/// Turns a panic into an issue, without the message that a panic prints by itself.
pub(crate) fn catch_quietly<T>(work: impl FnOnce() -> T) -> Result<T, IssueReason> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    result.map_err(|payload| IssueReason::Panicked(message_of(payload.as_ref())))
}

fn message_of(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}

fn issue(path: &RepoPath, reason: IssueReason) -> Issue {
    Issue {
        path: path.clone(),
        span: None,
        reason,
    }
}

fn leave_out(left_out: &mut BTreeMap<&'static str, LeftOut>, reason: &'static str, entry: &Entry) {
    let sum = left_out.entry(reason).or_insert_with(|| LeftOut {
        reason: reason.to_owned(),
        files: 0,
        bytes: 0,
        examples: Vec::new(),
    });
    sum.files += 1;
    sum.bytes += entry.size;
    sum.examples.push(entry.path.clone());
    // Files left out by content come after all those left out by path, so "first" needs an order of its own.
    sum.examples.sort();
    sum.examples.truncate(EXAMPLES);
}

fn in_report_order(mut left_out: BTreeMap<&'static str, LeftOut>) -> Vec<LeftOut> {
    let reasons = Role::ALL.iter().map(|role| role.id()).chain([NO_LANGUAGE]);
    reasons
        .filter_map(|reason| left_out.remove(reason))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::Mutex};

    use bespoke_extract::Engine;
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_fault_of_the_first_engine_is_told_and_the_last_reads() {
        static ENGINES: [Engine; 2] = [
            Engine {
                name: "broken",
                read: |_| panic!("a fault"),
            },
            Engine {
                name: "sound",
                read: |facts| Some(facts.finish()),
            },
        ];
        static LANGUAGE: Language = Language {
            name: "some",
            aliases: &[],
            extensions: &[],
            file_names: &[],
            engines: &ENGINES,
        };
        let facts = extract_safely(b"a\nb\n", &LANGUAGE, None).unwrap();
        assert_eq!(facts.nloc, 2);
        let (engine, why) = ("broken".to_owned(), "a fault".to_owned());
        assert_eq!(facts.issues, [IssueReason::Reader { engine, why }]);
        assert!(!may_be_kept(&facts));
        let sound = extract_safely(b"a\n", &LANGUAGE, Some("sound")).unwrap();
        assert_eq!(sound.issues, []);
        let lost = extract_safely(b"a\n", &LANGUAGE, Some("broken"));
        assert!(matches!(lost, Err(IssueReason::Panicked(_))));
    }

    fn tree(files: &[(&str, &[u8])]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        folder
    }

    fn scan_tree(tree: &TempDir, options: &Options<'_>) -> Scan {
        scan(&[tree.path().to_owned()], options).unwrap()
    }

    fn analysed(scan: &Scan) -> Vec<(String, Role)> {
        let files = scan.analysis.files.iter();
        files
            .map(|file| (file.path.to_string(), file.role))
            .collect()
    }

    fn issues(scan: &Scan) -> Vec<(String, &'static str)> {
        let issues = scan.analysis.issues.iter();
        issues
            .map(|issue| (issue.path.to_string(), issue.reason.id()))
            .collect()
    }

    fn left_out(scan: &Scan) -> Vec<(String, u32, u64)> {
        let sums = scan.analysis.left_out.iter();
        sums.map(|sum| (sum.reason.clone(), sum.files, sum.bytes))
            .collect()
    }

    fn entry(file: &Path) -> Entry {
        Entry {
            path: RepoPath::new("a.ts"),
            file: file.to_owned(),
            size: 0,
        }
    }

    #[test]
    fn what_is_no_product_is_left_out_and_summed() {
        let long_line = "a(1);".repeat(1_000).into_bytes();
        let tree = tree(&[
            ("src/a.ts", b"export const a = 1;\n"),
            ("src/a.test.ts", b"12345"),
            ("tests/b.rb", b"123"),
            ("tests/logo.png", b"123"),
            ("src/c.ts", b"// @generated by x\nexport const c = 1;\n"),
            ("src/e.js", &long_line),
            ("src/f.ts", &long_line),
            ("legacy/d.ts", b"1"),
            ("job.rb", b"12"),
            ("README.md", b"words"),
            ("bespoke.toml", b"exclude = [\"legacy/\"]\n"),
        ]);
        let scan = scan_tree(&tree, &Options::default());
        assert_eq!(
            analysed(&scan),
            ["src/a.ts", "src/f.ts"].map(|path| (path.to_owned(), Role::Product))
        );
        assert_eq!(
            left_out(&scan),
            [
                ("tests".to_owned(), 2, 8),
                ("generated".to_owned(), 1, 39),
                ("minified".to_owned(), 1, 5_000),
                ("excluded".to_owned(), 1, 1),
                ("language".to_owned(), 1, 2),
            ]
        );
        assert_eq!(scan.listed, 11);
        assert_eq!(issues(&scan), []);

        let options = Options {
            include: [Role::Test, Role::Generated].into(),
            ..Options::default()
        };
        assert_eq!(
            analysed(&scan_tree(&tree, &options)),
            [
                ("src/a.test.ts".to_owned(), Role::Test),
                ("src/a.ts".to_owned(), Role::Product),
                ("src/c.ts".to_owned(), Role::Generated),
                ("src/f.ts".to_owned(), Role::Product),
            ]
        );
    }

    #[test]
    fn every_bad_file_is_an_issue() {
        let tree = tree(&[
            ("big.ts", b"export const big = 12345;\n"),
            ("binary.ts", b"a\0b"),
            ("latin.ts", b"const a = '\xe9';\n"),
            ("ok.ts", b"ok;\n"),
            ("package.json", b"{ broken"),
        ]);
        let options = Options {
            max_file_size: Some(20),
            ..Options::default()
        };
        let scan = scan_tree(&tree, &options);
        let expected = [
            ("big.ts", "too-large"),
            ("binary.ts", "binary"),
            ("latin.ts", "not-utf8"),
            ("package.json", "manifest"),
        ];
        assert_eq!(
            issues(&scan),
            expected.map(|(path, reason)| (path.to_owned(), reason))
        );
        assert_eq!(
            analysed(&scan),
            ["latin.ts", "ok.ts"].map(|path| (path.to_owned(), Role::Product))
        );
    }

    #[test]
    fn a_file_that_vanished_after_it_was_listed_is_an_issue() {
        let folder = tempfile::tempdir().unwrap();
        let gone = entry(&folder.path().join("gone.ts"));
        let facts = facts_of::<FileFacts>(&Disk, &gone, 10, |_| unreachable!("there are no bytes"));
        assert_eq!(facts, Err(IssueReason::Vanished));
    }

    #[test]
    fn a_panic_is_an_issue_and_the_next_file_is_read() {
        let tree = tree(&[("a.ts", b"a")]);
        let file = entry(&tree.path().join("a.ts"));
        let facts = facts_of::<FileFacts>(&Disk, &file, 10, |_| panic!("broken {}", "table"));
        assert_eq!(facts, Err(IssueReason::Panicked("broken table".to_owned())));
        let facts = facts_of(&Disk, &file, 10, |bytes| {
            assert_eq!(bytes, b"a");
            assert!(QUIET.get(), "a panic here must not print");
            FileFacts::default()
        });
        assert!(facts.is_ok());
        assert!(!QUIET.get(), "a panic elsewhere must print");
    }

    #[test]
    fn progress_counts_every_file() {
        let tree = tree(&[("a.ts", b"a"), ("b.ts", b"b"), ("c.md", b"c")]);
        let told = Mutex::new(Vec::new());
        let note = |progress: Progress| {
            assert_eq!(progress.total, 2);
            told.lock().unwrap().push(progress.done);
        };
        let options = Options {
            progress: Some(&note),
            ..Options::default()
        };
        scan_tree(&tree, &options);
        let mut told = told.into_inner().unwrap();
        told.sort_unstable();
        assert_eq!(told, [0, 1, 2]);
    }

    #[test]
    fn an_empty_tree_gives_an_empty_analysis() {
        let scan = scan_tree(&tree(&[]), &Options::default());
        assert_eq!((scan.listed, scan.analysis.totals.files), (0, 0));
        assert_eq!(issues(&scan), []);
    }

    #[test]
    fn options_win_over_the_configuration() {
        let tree = tree(&[("bespoke.toml", b"min_confidence = 0.7\n"), ("a.ts", b"a")]);
        let root = scan_tree(&tree, &Options::default());
        assert_eq!(root.settings.min_confidence, 70);
        assert!(root.config.unwrap().ends_with("bespoke.toml"));
        let options = Options {
            min_confidence: Some(10),
            ..Options::default()
        };
        assert_eq!(scan_tree(&tree, &options).settings.min_confidence, 10);
        let options = Options {
            config: ConfigSource::None,
            exclude: vec!["*.ts".to_owned()],
            ..Options::default()
        };
        let none = scan_tree(&tree, &options);
        assert_eq!((none.config, none.settings.min_confidence), (None, 50));
        assert_eq!(none.analysis.totals.files, 0);
    }

    #[test]
    fn a_bad_pattern_of_the_options_is_an_error() {
        let options = Options {
            exclude: vec!["a/{b".to_owned()],
            ..Options::default()
        };
        let error = scan(&[PathBuf::from(".")], &options).unwrap_err();
        assert!(
            error.to_string().starts_with("bad glob `a/{b`: "),
            "{error}"
        );
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
        let with = |threads| {
            let options = Options {
                threads: NonZeroUsize::new(threads),
                include: Role::ALL.into(),
                ..Options::default()
            };
            let scan = scan(std::slice::from_ref(&fixtures), &options).unwrap();
            assert!(scan.analysis.totals.files > 0);
            format!("{:#?}", scan.analysis)
        };
        assert!(with(1) == with(8), "1 and 8 threads differ");
    }
}
